"""Why a verdict is as it is: for the learner, for the officer who decides, for a lawyer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..display import agree, count, listing
from ..errors import InvalidValue
from .certificate import proof_in_words
from .resting import named
from .sentences import Sentence, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .audit import Audit

__all__ = ["VOICES", "Explanation", "Telling", "explain"]

VOICES = ("learner", "officer", "lawyer")
#: So many units are named to a learner; an officer hears all.
_MOST_UNITS = 12
_COPY = re.compile(r"\[[^\]]*\]")
#: The path of a clause in brackets, which is not for the learner.
_PATH = re.compile(r" \((requirements|parameters)/[^)]*\)")


class Explanation:
    """A verdict in words: a headline and sections of sentences.

    Attributes
    ----------
    voice : str
        For whom it is written.
    headline : str
    sections : list of (str, list of str)
    """

    def __init__(self, voice: str, headline: str, sections: list[tuple[str, list[str]]]) -> None:
        self.voice = voice
        self.headline = headline
        self.sections = [(title, lines) for title, lines in sections if lines]

    def to_dict(self) -> dict[str, Any]:
        """Headline and sections as JSON holds them."""
        return {
            "voice": self.voice,
            "headline": self.headline,
            "sections": [{"title": title, "lines": lines} for title, lines in self.sections],
        }

    def __str__(self) -> str:
        from textwrap import fill

        def folded(text: str, first: str = "", indent: str = "") -> str:
            return fill(
                text,
                100,
                initial_indent=first,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )

        parts = [folded(self.headline)]
        for title, lines in self.sections:
            parts += ["", title, *(folded(line, "  - ", "    ") for line in lines)]
        return "\n".join(parts)

    def __repr__(self) -> str:
        return f"<Explanation for the {self.voice}: {self.headline}>"

    def _repr_html_(self) -> str:
        from ..display import answer_box, escape, items

        body = "".join(
            f'<p style="margin:.6em 0 .2em 0;font-weight:600">{escape(title)}</p>{items(lines)}'
            for title, lines in self.sections
        )
        return answer_box(self.headline, body, f"Written for the {self.voice}.")


def number_text(value: Any) -> str:
    """An amount of the engine in words: exact, a range, or not known."""
    if value is None:
        return "an unknown number"
    if isinstance(value, tuple):
        return str(value[0]) if value[0] == value[1] else f"{value[0]} to {value[1]}"
    return str(value)


def amount_text(value: Any, measure: str) -> str:
    """The same with its measure: "5 credits"."""
    number = value[0] if isinstance(value, tuple) and value[0] == value[1] else value
    noun = measure[:-1] if measure.endswith("s") and number == 1 else measure
    return f"{number_text(value)} {'of ' if value is None else ''}{noun}"


class Telling:
    """Words for the parts of one audit."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.best = audit._best
        self._rule = audit.rule._under(self.best["choice"]).to_dict()
        self.writer = Writer(self._rule)
        # What a reading or waiver took out is still spoken of.
        self.said = {one.path: one for one in audit.rule.sentences if one.path}
        self.said |= {one.path: one for one in self.writer.sentences() if one.path}
        choice = self.best["choice"]
        self._prefixes = [
            f"{group}/{choice[key]}/"
            for group, key in (("exits", "exit"), ("titles", "title"), ("variants", "variant"))
            if choice.get(key)
        ]
        self._prefixes.append("")
        items = [item for item in audit.record.items if item.get("id")]
        self._titles = {item["id"]: item.get("title") for item in items}
        self._units = {each.get("unit"): each.get("title") for each in self._rule.get("units") or ()}
        self._used: dict[str, list[str]] = {item["id"]: item.get("used_for") or [] for item in items}

    # ---- names

    def item(self, id: str) -> str:
        """An item by its title and id."""
        title = self._titles.get(id)
        return f"{title} ({id})" if title and title != id else id

    def clause(self, path: str) -> Sentence | None:
        """The sentence of a clause, found in the form of the rule that was audited."""
        plain = _COPY.sub("", path)
        for prefix in self._prefixes:
            steps = plain.split("/")
            while steps:
                found = self.said.get(prefix + "/".join(steps))
                if found is not None:
                    return found
                steps.pop()
        return None

    def quoted(self, path: str) -> str:
        """A clause by its sentence, and its path in brackets."""
        found = self.clause(path)
        return f"{found.text} [{path}]" if found else path

    def called(self, path: str) -> str:
        """A clause inside a sentence: its words in quotation marks, its path in brackets."""
        found = self.clause(path)
        return f"\u201c{found.text.rstrip('.')}\u201d [{path}]" if found else path

    def once(self, paths: Iterable[str]) -> dict[str, list[str]]:
        """Sentences, each with the paths it is about: of a set of units, all are in one sentence."""
        said: dict[str, list[str]] = {}
        for path in paths:
            found = self.clause(path)
            said.setdefault(found.text if found else path, []).append(path)
        return said

    def called_together(self, paths: Iterable[str]) -> str:
        """Several clauses inside a sentence, each sentence once."""
        words = []
        for text, about in self.once(paths).items():
            marks = ", ".join(f"[{path}]" for path in about)
            words.append(text if about == [text] else f"\u201c{text.rstrip('.')}\u201d {marks}")
        return listing(words)

    def level(self, level: str) -> str:
        """A level with the name of its framework."""
        from .resting import level_name

        name = level_name(self.audit.world, level)
        return level if name == level else f"{level} ({name})"

    def place(self, path: str) -> str:
        """A place by its title: "Major", "History (subject)"."""
        name = path.removeprefix("places/").split("/")[0]
        id, _, value = name.partition("[")
        if id in ("everything", "") and id not in self.writer._places:
            return "the award"
        found = self.writer._places.get(id) or {}
        title = str(found.get("title") or id.replace("-", " "))
        return f"{title} ({value.rstrip(']')})" if value else title

    @property
    def asks_no_amount(self) -> bool:
        """Whether the rule is a policy that only says what may count, and how much of it at most."""
        return self._rule.get("kind") == "policy" and not self._rule.get("total") and not self._rule.get("places")

    @property
    def name(self) -> str:
        """The rule for an award, or the policy."""
        title = f"{self.audit.rule.title}{self.form}"
        return f"the policy {title}" if self._rule.get("kind") == "policy" else f"the rule for {title}"

    def counted(self) -> list[str]:
        """How much counts; of a policy, what it lets in."""
        audit = self.audit
        if not self.asks_no_amount:
            number = audit.counted
            return [f"{amount_text(number, audit.measure)} {agree(number, 'counts', 'count')} toward it."]
        said = "The policy asks for no amount: it says what may count toward an award."
        return [f"{said} Of {count(len(audit.record), 'item')} it keeps out {len(self.kept_out()) or 'none'}."]

    def left_out(self, *, paths: bool) -> list[str]:
        """What is left out, item by item; of a policy, only what it keeps out."""
        return [self.unused(row, paths=paths) for row in self.kept_out()]

    def kept_out(self) -> list[tuple[Any, ...]]:
        """Rows of what is left out."""
        rows = sorted(self.best["unused"], key=lambda row: _natural(row[0]))
        return [row for row in rows if not (self.asks_no_amount and row[1] == "not needed")]

    @property
    def form(self) -> str:
        """The form of the rule: "(variant bachelor)", or nothing."""
        parts = [f"{key} {value}" for key, value in self.audit.choice.items() if key != "waivers"]
        return f" ({', '.join(parts)})" if parts else ""

    # ---- rows

    def lacking(
        self, *, paths: bool, unknown: bool | None = None, clauses: bool = True
    ) -> list[str]:
        """What every clause lacks; units that one place lacks are told together.

        Parameters
        ----------
        paths : bool
            Whether clauses are named by their paths and quoted, too.
        unknown : bool, optional
            Whether it hangs on what is not known, where that is not for each row to say.
        clauses : bool, optional
            Whether clauses without an amount are told, too.
        """
        lines = []
        units: dict[tuple[str, bool], list[str]] = {}
        rows = []
        for row in self.best["missing"]:
            if row[3] == "clause" and not clauses:
                continue
            hangs = bool(row[5]) if unknown is None else unknown
            inside = re.search(r"\[([^\]]*)\]$", row[0]) if row[3] == "unit" else None
            if inside is None:
                rows.append(((*row[:5], hangs), ""))
                continue
            group = (row[0][: inside.start()], hangs)
            if group not in units:
                rows.append(((*row[:5], hangs), group[0]))
            units.setdefault(group, []).append(inside.group(1))
        for row, base in rows:
            names = units.get((base, row[5]), [])
            if len(names) < 2:
                lines.append(self.missing(row, paths=paths))
                continue
            shown = [self._unit(name) for name in names]
            if len(shown) > _MOST_UNITS and not paths:
                shown = [*shown[:_MOST_UNITS], f"{len(names) - _MOST_UNITS} more"]
            text = f"the units {listing(shown)} are lacking {self._where(base, paths)}"
            lines.append(self._finished(text, base, "unit", row[5], paths))
        return lines

    def _unit(self, code: str) -> str:
        title = self._units.get(code)
        return f"{code} ({title})" if title and title != code else code

    def missing(self, row: tuple[Any, ...], *, paths: bool) -> str:
        """What one clause lacks."""
        path, amount, measure, kind, reason, unknown = row
        where = self._where(path, paths)
        if kind == "amount" and amount is not None:
            text = f"{amount_text(amount, measure)} {agree(amount, 'is', 'are')} lacking {where}"
        elif kind == "unit":
            inside = re.search(r"\[([^\]]*)\]$", path)
            text = f"the unit {self._unit(inside.group(1)) if inside else ''} is lacking {where}".replace("  ", " ")
        elif kind == "values":
            text = f"{number_text(amount)} more different {agree(amount, 'value is', 'values are')} needed {where}"
        elif kind == "outcomes":
            text = f"{number_text(amount)} {agree(amount, 'outcome is', 'outcomes are')} not covered {where}"
        elif kind == "choices":
            text = f"{number_text(amount)} more {agree(amount, 'part', 'parts')} must be chosen and met {where}"
        else:
            found = self.clause(path)
            text = found.text.rstrip(".") if found else path
            text = f"not met: {text if paths or text[1:2].isupper() else text[:1].lower() + text[1:]}"
            if amount is not None:
                text += f"; {amount_text(amount, measure)} lacking"
            if reason:
                text += f" ({reason})"
        return self._finished(text, path, kind, unknown, paths)

    def _finished(self, text: str, path: str, kind: str, unknown: bool, paths: bool) -> str:
        """A sentence on what is lacking, with its path and what the rule says."""
        text = text[:1].upper() + text[1:]
        if unknown:
            text += f" if what is not known turns out against {'the learner' if paths else 'you'}"
        if paths:
            text += f" [{path}]"
            found = self.clause(path)
            if found and kind != "clause" and path.split("/")[0] in ("total", "places"):
                text += f". The rule says: {found.text.rstrip('.')}"
        return f"{text}."

    def _where(self, path: str, paths: bool) -> str:
        head = path.split("/")[0]
        if head == "total":
            return "in all"
        if head == "places":
            return f"in {self.place(path)}"
        found = self.clause(path)
        return f"for this: {found.text.rstrip('.')}" if found else f"for {_COPY.sub('', path)}"

    def unused(self, row: tuple[Any, ...], *, paths: bool) -> str:
        """An item that is left out, and why."""
        return f"{self.item(row[0])}: {self.reason(row, paths=paths)}."

    def reason(self, row: tuple[Any, ...], *, paths: bool) -> str:
        """Why an item is left out."""
        item, reason, unknown = row
        if reason.startswith("status "):
            words = f"its status is {reason[7:]}"
        elif reason == "not needed":
            words = {
                "satisfied": "the rule is met without it",
                "provisional": "not needed if what is not known turns out in favour",
            }.get(self.audit.verdict, "counting it would not lessen what is lacking")
            if self.asks_no_amount:
                words = "nothing keeps it out"
        elif reason.startswith("no room under "):
            words = f"a limit leaves no room for it ({self._clause_words(reason[14:], paths)})"
        elif reason in ("reuse", "reuse/used_elsewhere", "allocation/max_awards"):
            return self._reused(item, reason, paths)
        elif "/" in reason or reason in ("reuse", "admits"):
            words = f"it does not pass ({self._clause_words(reason, paths)})"
        else:
            words = reason
        if unknown:
            words += "; something is not known of it"
        return words

    def _clause_words(self, path: str, paths: bool) -> str:
        found = self.clause(path)
        if found is None:
            return path
        value = re.search(r"\[([^\]]*)\]", path)
        if value and not paths:
            # Of a clause for each semester, the learner hears which one.
            return f"{found.text.rstrip('.')}: {value.group(1)}"
        return f"{found.text.rstrip('.')} [{path}]" if paths else found.text.rstrip(".")

    def _reused(self, item: str, reason: str, paths: bool) -> str:
        """Why an item that serves another award does not count."""
        used = self._used.get(item)
        said = f"it is used for {listing(used)}" if used else "it is not known whether another award uses it"
        why = {
            "reuse": "the rule does not say whether such an item may count again",
            "reuse/used_elsewhere": "an item used for another award does not count here",
        }.get(reason, "an item may serve only so many awards")
        return f"{said}, and {why}{f' [{reason}]' if paths else ''}"

    def open_reuse(self) -> list[str]:
        """Items counted of which the rule does not say whether they may count a second time."""
        if self.audit.verdict != "provisional" or (self._rule.get("reuse") or {}).get("used_elsewhere"):
            return []
        counted = dict.fromkeys(row[0] for row in self.best["allocation"])
        return [
            f"{self.item(id)} is used for {listing(self._used[id])}: the rule does not say whether it may count "
            "here as well."
            for id in counted
            if self._used.get(id)
        ]

    def together(self) -> str:
        """What is lacking in all, where several clauses may lack the same credit."""
        sums = listing([amount_text(value, name) for name, value in self.audit.shortfalls.items()])
        said = f"Added up clause by clause: {sums}."
        if len(self.best["missing"]) < 2:
            return ""
        least = self.audit.smallest_addition
        if least and least < sum(self.audit.shortfalls.values()):
            said += (
                f" The same credit may serve several clauses: {amount_text(least, 'credits')} of the right kind "
                "could be enough."
            )
        return said

    def by_place(self) -> dict[str, list[tuple[str, Any]]]:
        """Items and what they count, by place in the order of the rule."""
        order = {id: number for number, id in enumerate(self.writer._places)}
        places: dict[str, list[tuple[str, Any]]] = {}
        for item, place, amount, *_ in self.best["allocation"]:
            places.setdefault(place, []).append((item, amount))
        for held in places.values():
            held.sort(key=lambda each: _natural(each[0]))
        return dict(sorted(places.items(), key=lambda each: order.get(each[0].partition("[")[0], len(order))))

    def placed(self) -> list[str]:
        """Where the items count, place by place."""
        lines = []
        for place, held in self.by_place().items():
            amounts = [amount for _, amount in held]
            if any(amount is None for amount in amounts):
                size = "amount not known"
            else:
                low, high = sum(a[0] for a in amounts), sum(a[1] for a in amounts)
                size = amount_text((low, high), self.audit.measure)
            names = [self._with_amount(item, amount) for item, amount in held]
            name = self.place(place)
            lines.append(f"{name[:1].upper()}{name[1:]}: {size} from {listing(names)}.")
        return lines

    def _with_amount(self, item: str, amount: Any) -> str:
        title = self._titles.get(item)
        inside = [item] if title and title != item else []
        if amount is not None:
            inside.append(number_text(amount))
        name = title if title and title != item else item
        return f"{name} ({', '.join(inside)})" if inside else str(name)

    def levels(self) -> list[str]:
        """Levels of other frameworks that had to be judged."""
        lines = []
        alike: dict[tuple[Any, ...], list[str]] = {}
        for level, bound, truth, reason, documents in self.best["levels"]:
            alike.setdefault((level, truth, reason, tuple(documents)), []).append(bound)
        for (level, truth, reason, documents), bounds in alike.items():
            asked = listing(map(_bound_words, bounds))
            verdict = {True: "yes", False: "no", None: "not established"}[truth]
            why = f" ({reason})" if reason else ""
            resting = f" By {listing([self._document(id) for id in documents])}." if documents else ""
            lines.append(f"Is {level} {asked}? {verdict.capitalize()}{why}.{resting}")
        return lines

    def credits(self) -> list[str]:
        """Credits of other systems and how they were counted."""
        lines = []
        sizes = {item.get("id"): item.get("credits") for item in self.audit.record.items}
        for row in self.audit.credits:
            item, given, system, counted = row["item"], row["from"], row["to"], row["counted"]
            size = sizes.get(item)
            if isinstance(size, dict):
                given = f"{size.get('min')} to {size.get('max')} {given}"
            elif size is not None:
                given = str(size) if " " in str(size) else f"{size} {given}"
            value = f"{number_text(counted)} {system}" if counted is not None else "not established"
            how = row["reason"] or row["ways"]
            lines.append(f"{self.item(item)}: {given} counted as {value}{f' ({how})' if how else ''}.")
        figures = self.audit._resting.credits
        if figures:
            lines.append(f"Figures of {listing([named(source) for source in figures])}.")
        return lines

    def _document(self, id: str) -> str:
        """A mapping document by title, year and evidence mark, with its id."""
        world = self.audit.world
        return f"{named(world.mapping(id).as_source())} [{id}]" if id in world.mappings else id

    def edits(self) -> list[str]:
        """Waivers and substitutions that acted."""
        return [f"{self.quoted(path)}" for path in self.best["edits"]]

    def variants(self) -> list[str]:
        """Verdict of every variant."""
        return [
            f"{id}: {verdict}." for id, verdict in self.audit.variants.items() if id != self.audit.choice.get("variant")
        ]

    def titles(self) -> list[str]:
        """Verdict of every title, and which is carried."""
        names = {one.id: one.title or one.id for one in self.audit.rule.titles}
        lines = []
        for id, verdict in self.audit.titles.items():
            carried = "; the award carries this title" if id in self.audit.won else ""
            lines.append(f"{names.get(id, id)} ({id}): {verdict}{carried}.")
        return lines

    def clash(self) -> tuple[list[str], list[str]]:
        """Clauses that cannot hold together, and what would have to give."""
        found = self.audit.clash
        together = [
            text if about == [text] else f"{text} {', '.join(f'[{path}]' for path in about)}"
            for text, about in self.once(found["together"]).items()
        ]
        corrections = [self.called_together(one) for one in found["corrections"]]
        lines = [f"Without {one} it would be met." for one in corrections[:6]]
        if len(corrections) > 6:
            lines.append(f"{count(len(corrections) - 6, 'further set', 'further sets')} would do as well.")
        return together, lines


def _natural(id: str) -> list[tuple[int, str]]:
    """Course 2 before course 10, as people list them."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", id)]


def _bound_words(bound: str) -> str:
    kind, _, target = bound.partition(" ")
    return {"at_least": f"{target} or above", "at_most": f"{target} or below", "exactly": target}.get(kind, bound)


def explain(audit: Audit, voice: str) -> Explanation:
    """The verdict of an audit in one of the voices."""
    if voice not in VOICES:
        raise InvalidValue(f'no voice "{voice}"; the voices are {", ".join(VOICES)}')
    telling = audit._telling()
    return {"learner": _learner, "officer": _officer, "lawyer": _lawyer}[voice](telling)


def _learner(telling: Telling) -> Explanation:
    audit, best = telling.audit, telling.best
    name = telling.name
    headline = {
        "satisfied": f"Yes: what you hold meets {name}.",
        "provisional": f"Not certain yet: what you hold meets {name} if the points that are not known "
        "turn out in your favour.",
        "unsatisfied": f"Not yet: what you hold does not meet {name}.",
        "undecided": f"Open: whether what you hold meets {name} could not be settled in the time allowed.",
    }[audit.verdict]
    if audit.settled:
        headline += " Some points are not known, but it is so whatever they turn out to be."
    counted = telling.counted()
    missing = telling.lacking(paths=False)
    if best["impossible"]:
        missing.append("The limits of the rule cannot all be kept with what you hold.")
    helps = []
    if audit.verdict == "unsatisfied":
        addition = audit.smallest_addition
        if addition:
            helps.append(
                f"At least {amount_text(addition, 'credits')} more {agree(addition, 'is', 'are')} needed, "
                "of a kind that fits wherever something is lacking."
            )
    settles: list[str] = []
    if audit.verdict == "provisional":
        rows = [(row["kind"], _sentence(_PATH.sub("", row["sentence"]))) for row in audit.decisive]
        helps = [said for kind, said in rows if kind == "blank"]
        settles = [said for kind, said in rows if kind != "blank"]
        if helps:
            sure = "Bring evidence of the following; each is needed."
            helps.insert(0, sure if _answered(audit) else "It hangs on the following; evidence may not be enough.")
    carried = [one.title or one.id for one in audit.rule.titles if one.id in audit.won]
    if carried and audit.verdict == "satisfied":
        counted.append(f"The award carries the title {listing(carried)}.")
    uncertain = audit.reading == "favourable"
    title = "What is missing" if not uncertain else "What would be missing if they turn out against you"
    return Explanation(
        "learner",
        headline,
        [
            ("What counts" + (", if they do" if uncertain else ""), counted + telling.placed()),
            (title, missing),
            ("What the rule leaves open", telling.open_reuse()),
            ("What does not count, and why", telling.left_out(paths=False)),
            ("What would help", helps),
            ("What whoever assesses it has to settle", settles),
            ("Good to know", [audit._legal]),
        ],
    )


def _answered(audit: Audit) -> bool:
    """Whether answers were found with which a provisional verdict becomes a yes."""
    return all(row["answer"] is not None for row in audit.decisive)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _verdict_line(telling: Telling) -> str:
    audit = telling.audit
    name = f"{audit.rule.title} ({audit.rule.id}){telling.form}"
    words = {
        "satisfied": "The record meets the rule",
        "provisional": "The record meets the rule only if what is not known turns out for the learner",
        "unsatisfied": "The record does not meet the rule, however the unknown points turn out",
        "undecided": "Whether the record meets the rule was not settled within the budget",
    }[audit.verdict]
    if audit.settled:
        words = "The record meets the rule whatever the unknown points turn out to be (settled case by case)"
    proved = "proved" if audit.status == "proved" else "not proved"
    counted = f"{amount_text(audit.counted, audit.measure)} counted"
    if audit.reading == "favourable":
        counted += " then"
    return f"{words}: {name}; {counted}; {proved}."


def _officer(telling: Telling) -> Explanation:
    audit, best = telling.audit, telling.best
    together, corrections = telling.clash() if audit.verdict == "unsatisfied" else ([], [])
    missing = telling.lacking(paths=True)
    if best["impossible"]:
        missing.append("The limits cannot be kept together, so that no shortfall is defined.")
    elif audit.shortfalls and telling.together():
        missing.append(telling.together())
    # Of an unsatisfied verdict the corrections say it all.
    heading = {
        "satisfied": "Each of these is indispensable: without it the rule is not met",
        "provisional": "These points decide: answered so, the rule is met",
    }.get(audit.verdict, "")
    decisive = [_sentence(row["sentence"]) for row in audit.decisive] if heading else []
    if audit.verdict == "provisional" and not _answered(audit):
        heading = "It hangs on these points; no answers to them were found with which the rule is met"
    if audit.verdict == "satisfied" and not audit._looked_for_decisive:
        number = len(best["allocation"])
        decisive = [f"Which of the {number} items is so was not looked into: record and rule are too large."]
    shown = [proof_in_words(audit.certificate, telling.called)]
    if together:
        shown.append(
            "That these clauses cannot hold together, that each of them is needed for that, and that no part of a "
            "correction would do, is shown one by one in the certificate of the clash."
        )
    binding = [telling.quoted(path) for path in audit.binding]
    where, lacking = "Where the items count", "What is missing"
    if audit.reading == "favourable":
        where += ", if what is not known turns out for the learner"
        lacking = "What would be missing if it turns out against the learner"
    return Explanation(
        "officer",
        _verdict_line(telling),
        [
            (where, telling.counted() if telling.asks_no_amount else telling.placed()),
            (lacking, missing),
            ("What the rule leaves open", telling.open_reuse()),
            ("What is left out, and why", telling.left_out(paths=True)),
            ("Clauses that cannot hold together", together),
            (heading, decisive),
            ("What would have to give", corrections),
            ("Limits with nothing left", binding),
            ("Levels of other frameworks that were judged", telling.levels()),
            ("Credits of other systems that were converted", telling.credits()),
            ("Edits that acted", telling.edits()),
            ("Other variants", telling.variants()),
            ("Titles", telling.titles()),
            ("How it is shown", shown),
        ],
    )


def _lawyer(telling: Telling) -> Explanation:
    audit = telling.audit
    officer = _officer(telling)
    clauses = []
    before = None
    for row in audit.clauses:
        if row["clause"].startswith("item/"):
            continue
        state = "met" if row["met"] else "not met"
        figures = ""
        if row["needed"] is not None and row["measure"]:
            have = "not known" if row["have"] is None else number_text(row["have"])
            figures = f" ({have} against {amount_text(row['needed'], row['measure'])})"
        # Copies and halves of one clause say its sentence once.
        said = "" if row["sentence"] == before else row["sentence"] or ""
        before = row["sentence"]
        if not said:
            clauses.append(f"The same for [{row['clause']}]: {state}{figures}.")
            continue
        source = row["source"] or "the texts of the rule together"
        clauses.append(f"{said} [{row['clause']}]: {state}{figures}. Source: {source}.")
    sources = [named(source) for source in audit.rule.sources]
    principle = [
        'For "satisfied" everything that is not known is read against the learner, for "provisional" for the learner; '
        'a point that is not stated is never taken as "no".',
        "The allocation is optimal over all placings of the items; no order of entry plays a part.",
    ]
    identity = [
        f"Rule {audit.rule.id}, content {audit.rule.hash}.",
        f"Record, content {audit.record.hash}.",
        audit._facts_line(),
        audit._legal,
    ]
    sections = list(officer.sections)
    sections.insert(0, ("Clause by clause", clauses))
    sections += [
        ("How unknowns were read", principle),
        ("Texts the rule rests on", sources),
        ("What this is", identity),
    ]
    return Explanation("lawyer", officer.headline, sections)
