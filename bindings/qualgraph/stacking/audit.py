"""Audits: verdict, allocation, proof, and what is missing."""

from __future__ import annotations

from fractions import Fraction
from time import monotonic
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import InvalidValue
from ..table import Table
from .given import budget, form_given, record_given, rule_given, waivers_given
from .known import check_names
from .resting_result import RestingResult
from .rule import Rule
from .why import amount_text, number_text

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    from ..plot import Chart
    from ..world import World
    from .blanks import Blank
    from .outputs import AwardClass, DerivedLevel
    from .record import Record
    from .why import Explanation, Telling

__all__ = ["Audit", "audit"]

_NODES = 1_000_000
#: So many open points are listed where no answers were found that settle a verdict.
_MOST_OPEN = 12
#: Items that count times items held, beyond which it is not asked what happens without each.
_MOST_DECISIVE = 250_000


def audit(
    world: World,
    record: Record,
    rule: Rule | str,
    *,
    variant: str | None = None,
    reading: str | None = None,
    title: str | None = None,
    exit: str | None = None,
    waivers: list[str] | None = None,
    prefer: str | None = None,
    canonical: bool = False,
    nodes: int = _NODES,
    seconds: float | None = None,
    proof: bool = True,
    settle: bool = False,
    policies: Sequence[str | Rule] = (),
) -> Audit:
    """Ask whether a record meets a rule; see :meth:`qualgraph.World.audit`."""
    if type(rule) is not Rule:
        rule = rule_given(world, rule)
    if policies:
        from .policies import with_policies

        rule = with_policies(world, rule, policies)
    short = None
    most = prefer == "counted"
    start = monotonic()
    if not (variant or reading or title or exit or waivers) and (most or not (prefer or canonical)):
        if nodes is not _NODES or seconds is not None:
            budget(nodes, seconds)
        short = _short(world, record, rule, nodes, seconds, most=most)
        if short is not None and not most:
            return Audit(world, record, rule, short, nodes, seconds, proof)
    if prefer not in (None, "counted"):
        raise InvalidValue(f'prefer="{prefer}" is not possible: "counted" counts the most, None the least')
    check_names(world, record_given(record), [rule])
    form_given(rule, variant=variant, reading=reading, title=title, exit=exit)
    budget(nodes, seconds)
    answer = _core.audit(
        world._c,
        record._c,
        rule._c,
        variant,
        reading or "",
        title or "",
        exit or "",
        waivers_given(rule, waivers),
        prefer == "counted",
        canonical,
        nodes,
        # What the short way has taken of the time is gone.
        None if seconds is None else max(0.0, seconds - (monotonic() - start)),
        False,
        short,
    )
    # A proof is made when the certificate is asked for: most verdicts are never certified.
    found = Audit(world, record, rule, answer, nodes, seconds, proof)
    found._counted_most = prefer == "counted" or canonical
    if settle:
        found._settle()
    return found


def ready(world: World, rule: Rule) -> _core.ReadyRule:
    """The rule made ready for records asked in this world; kept with the rule."""
    kept = rule._ready
    if kept is None or kept[0] is not world._c:
        kept = rule._ready = (world._c, _core.ReadyRule(world._c, rule._c))
    return kept[1]


def _short(
    world: World, record: Record, rule: Rule, nodes: int, seconds: float | None, *, most: bool
) -> _core.Settled | None:
    """The answer by the short way; None where the long one has to be gone, or says what is wrong."""
    try:
        core = record._c
    except AttributeError:
        return None
    return ready(world, rule).settle(core, nodes, seconds, most) if type(core) is _core.LearnerRecord else None


class Audit(RestingResult):
    """Whether a record meets a rule, with everything that shows it.

    Attributes
    ----------
    verdict : str
        ``"satisfied"``, ``"provisional"`` (met if what is not known turns out for the learner),
        ``"unsatisfied"``, or ``"undecided"`` (out of budget).
    status : str
        ``"proved"`` or ``"not_proved"``.
    settled : bool
        Whether the verdict was found case by case, for every answer to what is not known.
    shortfall : Fraction or None
        Sum over clauses of what each lacks, in the rule's measure; None if the limits cannot be
        kept at all. What is not known is read against the learner here, whatever the verdict.
    reading : str
        How what is not known was read for the allocation, and for ``counted`` and ``clauses``:
        ``"favourable"`` (for the learner) of a provisional verdict, else ``"strict"``.
    """

    _legal = (
        "This is a calculation from the rule and the record as given, not a decision to grant credit or an award; "
        "that rests with the awarding body."
    )

    _settled: str | None = None
    _open = ""
    _short: _core.Settled | None = None
    _long: dict[str, Any] | None = None

    def __init__(
        self,
        world: World,
        record: Record,
        rule: Rule,
        answer: dict[str, Any] | _core.Settled,
        nodes: int,
        seconds: float | None = None,
        proof: bool = True,
    ) -> None:
        self._world = world
        self.record = record
        self.rule = rule
        if isinstance(answer, dict):
            self._long = answer
        else:
            self._short = answer
        self._nodes = nodes
        self._seconds = seconds
        self._proof = proof
        self._counted_most = False
        self._kept: dict[str, Any] = {}

    @property
    def _answer(self) -> dict[str, Any]:
        """The answer in full. One found by the short way is told in the words of the rule when first asked."""
        if self._long is None:
            self._long = _core.audit(
                self._world._c,
                self.record._c,
                self.rule._c,
                None,
                "",
                "",
                "",
                [],
                False,
                False,
                self._nodes,
                None,
                False,
                self._short,
            )
        return self._long

    @property
    def _best(self) -> dict[str, Any]:
        found: dict[str, Any] = self._answer["best"]
        return found

    def _settle(self) -> None:
        from .blanks import filled, settled

        if self.verdict != "provisional":
            return
        record = self.record.to_dict()
        found, self._open = settled(self.blanks, lambda answers: self._form_verdict(filled(record, answers)))
        self._settled = found

    def _form_verdict(self, record: dict[str, Any]) -> str:
        """Verdict of the same form of the rule on another record."""
        from .record import Record

        choice = self._best["choice"]
        answer = _core.audit(
            self._world._c,
            Record._of(record)._c,
            self.rule._c,
            choice["variant"] or None,
            choice["reading"],
            choice["title"],
            choice["exit"],
            list(choice["waivers"]),
            False,
            False,
            self._nodes,
            None,
            False,
        )
        found: str = answer["best"]["verdict"]
        return found

    @property
    def settled(self) -> bool:
        """Whether ``settle=True`` found one verdict for every answer to what is not known."""
        return self._settled is not None

    @property
    def verdict(self) -> str:
        """satisfied, provisional, unsatisfied or undecided."""
        if self._short is not None:
            return "satisfied" if self._short.met else "unsatisfied"
        found: str = self._settled or self._best["verdict"]
        return found

    @property
    def status(self) -> str:
        """Proved, or not within the budget."""
        if self._short is not None:
            return "proved"
        return "proved" if self._best["proved"] else "not_proved"

    @property
    def counted_proved(self) -> bool:
        """Whether nothing more can count, where ``prefer="counted"`` or ``canonical`` asked for it."""
        found: bool = self._best["refined"]
        return found

    @property
    def reading(self) -> str:
        """How what is not known was read for the allocation: ``"strict"`` or ``"favourable"``.

        Examples
        --------
        >>> import qualgraph as qg
        >>> record = qg.Record([{"id": "a", "credits": "30 ects"}])
        >>> rule = {"id": "small", "title": "Small", "credit": "nz-credit", "total": {"min": 70}}
        >>> audit = qg.load().audit(record, rule)
        >>> audit.verdict, audit.reading, audit.shortfall
        ('provisional', 'favourable', Fraction(10, 1))
        """
        if self._short is not None:
            return "strict"
        return "favourable" if self._best["verdict"] == "provisional" else "strict"

    @property
    def measure(self) -> str:
        """What the rule counts."""
        if "measure" not in self._kept:
            self._kept["measure"] = self.rule.to_dict().get("measure", "credits")
        found: str = self._kept["measure"]
        return found

    @property
    def choice(self) -> dict[str, Any]:
        """The variant, reading, title, exit and waivers the verdict is about."""
        return {key: value for key, value in self._best["choice"].items() if value}

    @property
    def allocation(self) -> Table:
        """Where each item counts: ``item``, ``place`` (path), ``amount``, ``measure``."""
        rows = self._best["allocation"]
        return Table(
            {
                "item": [row[0] for row in rows],
                "place": [f"places/{row[1]}" for row in rows],
                "amount": [_amount(row[2]) for row in rows],
                "measure": [self.measure for _ in rows],
            },
            title="Allocation",
        )

    @property
    def missing(self) -> Table:
        """What each clause lacks: ``clause`` (path), ``amount``, ``measure``, ``reason``, ``unknown``."""
        rows = self._best["missing"]
        return Table(
            {
                "clause": [row[0] for row in rows],
                "amount": [row[1] for row in rows],
                "measure": [row[2] if row[3] == "amount" else row[3] for row in rows],
                "reason": [row[4] for row in rows],
                "unknown": [row[5] for row in rows],
            },
            title="Missing",
        )

    @property
    def unused(self) -> Table:
        """Items that do not count, each with its reason.

        Returns
        -------
        Table
            ``item``, ``reason`` (path of the clause that keeps it out, or words), ``unknown`` (whether
            it hangs on what is not known) and ``sentence``.

        Examples
        --------
        >>> import qualgraph as qg
        >>> record = qg.Record([{"id": "a", "credits": 20, "used_for": ["a degree"]}])
        >>> rule = {"id": "small", "title": "Small", "total": {"min": 20}, "reuse": {"used_elsewhere": "barred"}}
        >>> qg.load().audit(record, rule).unused.column("sentence")
        ['a: it is used for a degree, and an item used for another award does not count here.']
        """
        rows = self._best["unused"]
        telling = self._telling() if rows else None
        return Table(
            {
                "item": [row[0] for row in rows],
                "reason": [row[1] for row in rows],
                "unknown": [row[2] for row in rows],
                "sentence": [telling.unused(row, paths=False) for row in rows] if telling else [],
            },
            title="Not counted",
        )

    @property
    def counted(self) -> Any:
        """What is counted, in the rule's measure: a Fraction, or a pair where credits are a range."""
        return _amount(self._best["counted"].get(self.measure, (Fraction(0), Fraction(0))))

    @property
    def shortfall(self) -> Fraction | None:
        """Sum of what the clauses lack, in the rule's measure, with what is not known read against the learner."""
        if self._short is not None:
            return self._short.shortfall
        if self._best["impossible"]:
            return None
        found: Fraction = self._best["shortfall"].get(self.measure, Fraction(0))
        return found

    @property
    def shortfalls(self) -> dict[str, Fraction]:
        """The same by measure; missing units, values and outcomes are under ``units``."""
        return dict(self._best["shortfall"])

    @property
    def smallest_addition(self) -> Fraction | None:
        """Least credit, free of every limit, that leaves no credits lacking; None if no amount does."""
        if "addition" not in self._kept:
            self._kept["addition"] = _core.smallest_addition(
                self._world._c, self.record._c, self.rule._c, self._best["choice"], self._nodes
            )
        found: Fraction | None = self._kept["addition"]
        return found

    @property
    def levels(self) -> Table:
        """Levels of other frameworks as judged: ``level``, ``bound``, ``holds``, ``reason``, ``documents``."""
        rows = self._best["levels"]
        names = ("level", "bound", "holds", "reason", "documents")
        return Table({name: [row[number] for row in rows] for number, name in enumerate(names)}, title="Levels judged")

    @property
    def credits(self) -> Table:
        """Credits of other systems that were converted.

        Returns
        -------
        Table
            ``item``, ``from``, ``to``, ``counted`` (a pair where the ways differ), ``reason`` (why
            nothing could be counted), ``ways`` (what each way of converting gives) and
            ``documents`` (titles of the texts the figures stand in).

        Examples
        --------
        >>> import qualgraph as qg
        >>> record = qg.Record([{"id": "a", "credits": "10 ects"}])
        >>> rule = {"id": "small", "title": "Small", "credit": "nz-credit", "total": {"min": 20}}
        >>> qg.load().audit(record, rule).credits.column("ways")
        ['20 by the full-time year, 25\u201330 by learning hours']
        """
        from .resting import item_converted

        rows = self._best["credits"]
        sizes = {item.get("id"): item.get("credits") for item in self.record.items} if rows else {}
        found = [item_converted(self._world, sizes.get(row[0]), row[1], row[2]) for row in rows]
        columns: dict[str, list[Any]] = {
            name: [row[number] for row in rows] for number, name in enumerate(("item", "from", "to"))
        }
        columns["counted"] = [_amount(row[3]) for row in rows]
        columns["reason"] = [row[4] or None for row in rows]
        columns["ways"] = [said or None for said, _ in found]
        columns["documents"] = [[source.title for source in texts] for _, texts in found]
        return Table(columns, title="Credits converted")

    @property
    def edits(self) -> list[str]:
        """Waivers and substitutions that acted, by path."""
        return list(self._best["edits"])

    @property
    def binding(self) -> list[str]:
        """Maxima with nothing left, by path."""
        return list(self._best["binding"])

    @property
    def bound(self) -> Any:
        """What is proved of the shortfall: it is at least this (in units of the search)."""
        return self._best["bound"]

    @property
    def variants(self) -> dict[str, str]:
        """Verdict of every variant, best first."""
        return {run["choice"]["variant"]: run["verdict"] for run in self._answer["variants"]}

    @property
    def titles(self) -> dict[str, str]:
        """Verdict of every title; ``won`` lists those that hold by least rank."""
        return {run["choice"]["title"]: run["verdict"] for run in self._answer["titles"]}

    @property
    def won(self) -> list[str]:
        """Titles of least rank that hold."""
        return list(self._answer["won"])

    @property
    def clash(self) -> dict[str, Any]:
        """For a "no": clauses that cannot hold together, and the smallest sets that would have to give."""
        if "clash" not in self._kept:
            if self.verdict == "satisfied":
                self._kept["clash"] = {"together": [], "corrections": [], "proved": True}
                self._kept["droppable"] = []
            else:
                together, corrections, proved, clauses = _core.clash(
                    self._world._c,
                    self.record._c,
                    self.rule._c,
                    self._best["choice"],
                    self.verdict == "unsatisfied",
                    self._nodes,
                )
                self._kept["clash"] = {"together": together, "corrections": corrections, "proved": proved}
                self._kept["droppable"] = clauses
        found: dict[str, Any] = self._kept["clash"]
        return found

    @property
    def clash_certificate(self) -> dict[str, Any]:
        """What shows the clash, as a JSON object that :func:`qualgraph.check.check` verifies.

        Returns
        -------
        dict
            A proof that the clauses cannot hold together; of each of them, values with which the rest
            can; of each correction, values with which everything else is met, and of each clause in
            it a proof that without giving it up nothing is. ``"re-solved"`` where a proof was too
            large to keep. Empty for what is satisfied.

        Examples
        --------
        >>> import qualgraph as qg
        >>> from qualgraph.check import check
        >>> record = qg.Record([{"id": "a", "credits": 20}])
        >>> rule = qg.Rule({"id": "small", "title": "Small award", "total": {"min": 30}})
        >>> audit = qg.load().audit(record, rule)
        >>> bool(check(audit.clash_certificate, record, rule, audit.world))
        True
        """
        if "clash_certificate" not in self._kept:
            from ..display import exact_json
            from .clash import clash_certificate

            self._kept["clash_certificate"] = exact_json(clash_certificate(self))
        found: dict[str, Any] = self._kept["clash_certificate"]
        return found

    @property
    def exits(self) -> Table:
        """Every exit award of the rule: ``exit``, ``award``, ``level``, ``verdict``, ``counted``, ``shortfall``."""
        if "exits" not in self._kept:
            runs = []
            for one in self.rule.exits:
                runs.append(audit(self._world, self.record, self.rule, exit=one.id, nodes=self._nodes, proof=False))
            whole = self.rule.to_dict().get("exits") or {}
            self._kept["exits"] = Table(
                {
                    "exit": [one.id for one in self.rule.exits],
                    "award": [(whole.get(one.id) or {}).get("award") for one in self.rule.exits],
                    "level": [one.level or None for one in self.rule.exits],
                    "verdict": [run.verdict for run in runs],
                    "counted": [run.counted for run in runs],
                    "shortfall": [run.shortfall for run in runs],
                },
                key="exit",
                title="Exit awards",
            )
        found: Table = self._kept["exits"]
        return found

    def with_most_counted(self) -> Audit:
        """The same audit, counting the most at the least shortfall."""
        if "fullest" not in self._kept:
            choice = self._best["choice"]
            self._kept["fullest"] = audit(
                self._world,
                self.record,
                self.rule,
                variant=choice["variant"] or None,
                reading=choice["reading"] or None,
                title=choice["title"] or None,
                exit=choice["exit"] or None,
                waivers=list(choice["waivers"]),
                prefer="counted",
                nodes=self._nodes,
                proof=False,
            )
        kept: Audit = self._kept["fullest"]
        return kept

    @property
    def level(self) -> DerivedLevel | None:
        """Level the award gets from what is counted; None if the rule does not derive one."""
        from .outputs import derived_level

        return derived_level(self)

    @property
    def classification(self) -> AwardClass | None:
        """Class the award is given with, by the grades counted; None if the rule has no classes."""
        from .outputs import award_class

        return award_class(self)

    @property
    def clauses(self) -> Table:
        """Every clause judged on the allocation shown, by the evaluator of :mod:`qualgraph.check`.

        Returns
        -------
        Table
            ``clause`` (path), ``met``, ``have``, ``needed``, ``measure``, ``lacking``, ``remark``,
            ``sentence`` and ``source``.
        """
        if "clauses" not in self._kept:
            from ..check import evaluate

            telling = self._telling()
            rows = self._credit_rows()
            report = evaluate(
                self.rule.to_dict(),
                self.record.to_dict(),
                rows,
                choice=self._best["choice"],
                reading=self.reading,
                world=self._world,
            )
            found = [one for one in report.findings if not one.path.startswith("item/")]
            said = [telling.clause(one.path) for one in found]
            self._kept["clauses"] = Table(
                {
                    "clause": [one.path for one in found],
                    "met": [one.met for one in found],
                    "have": [_known(one.have) for one in found],
                    "needed": [_known(one.needed) for one in found],
                    "measure": [one.measure or None for one in found],
                    "lacking": [_known(one.lacking or None) for one in found],
                    "remark": [one.note or None for one in found],
                    "sentence": [one.text if one else None for one in said],
                    "source": [one.source or None if one else None for one in said],
                },
                key="clause",
                title="Clause by clause",
            )
        kept: Table = self._kept["clauses"]
        return kept

    def _credit_rows(self) -> list[tuple[str, str, Any, int | None]]:
        """The allocation in credits and, of equal units, how many, as a checker takes it; None for all of an item."""
        return [(item, place, credits, units) for item, place, _, _, credits, units in self._best["allocation"]]

    @property
    def certificate(self) -> dict[str, Any]:
        """What shows the verdict, as a JSON object that :func:`qualgraph.check.check` verifies.

        Examples
        --------
        >>> import qualgraph as qg
        >>> from qualgraph.check import check
        >>> record = qg.Record([{"id": "a", "credits": 20}])
        >>> rule = qg.Rule({"id": "small", "title": "Small award", "total": {"min": 20}})
        >>> audit = qg.load().audit(record, rule)
        >>> check(audit.certificate, record, rule, audit.world)
        <Checked: holds: the allocation meets every clause, read strictly>
        """
        if self._settled is not None:
            return {"kind": "re-solved", "verdict": self._settled, "choice": self.choice}
        if "certificate" not in self._kept:
            from ..display import exact_json
            from .certificate import certificate

            proved, others = None, []
            if self._best["verdict"] in ("provisional", "unsatisfied"):
                proved = self._proved(self._best)
                others = [self._proved(run) for run in self._answer["variants"][1:]]
            found = certificate(self._best, self._credit_rows(), proved, others)
            if self._counted_most and found["kind"] != "re-solved":
                found["counted"] = {"kind": "re-solved"}
            self._kept["certificate"] = exact_json(found)
        kept: dict[str, Any] = self._kept["certificate"]
        return kept

    def _proved(self, run: dict[str, Any]) -> dict[str, Any]:
        """The same form of the rule audited with its proofs; without them if none are wanted."""
        if not self._proof:
            return {**run, "proofs": []}
        choice = run["choice"]
        found: dict[str, Any] = _core.audit_form(
            self._world._c, self.record._c, self.rule._c, choice, self._nodes, self._seconds
        )
        return found

    @property
    def blanks(self) -> list[Blank]:
        """What the record does not state and the rule looks at, and conversions and mappings that are open."""
        from .blanks import blanks_of, merged
        from .openings import openings_of

        form = merged(self.rule._under(self._best["choice"]).to_dict(), self._best["choice"])
        return [*blanks_of(self._world, form, self.record.to_dict()), *openings_of(self)]

    @property
    def decisive(self) -> Table:
        """The few facts that would change the verdict.

        Returns
        -------
        Table
            ``kind``, ``what``, ``answer``, ``sentence`` and ``documents``. Of a satisfied verdict: the
            items without which it falls, each alone. Of a provisional one: the fewest unknown points,
            with answers that make it satisfied, filled in and audited; among them conversions whose
            ways disagree and mappings that leave a level open, with the documents behind them. Where
            no such answers were found, all that is open, without an answer. Of an unsatisfied one: a
            smallest set of clauses that would have to give. Empty where there is no such set; of
            satisfied verdicts also where some 500 items or more count.

        Examples
        --------
        >>> import qualgraph as qg
        >>> record = qg.Record([{"id": "a", "credits": "30 ects"}])
        >>> rule = {"id": "small", "title": "Small", "credit": "nz-credit", "total": {"min": 70}}
        >>> found = qg.load().audit(record, rule).decisive[0]
        >>> found["kind"], found["what"], found["answer"]
        ('conversion', 'a: 30 ects in nz-credit', '90 nz-credit')
        """
        if "decisive" not in self._kept:
            rows = {"satisfied": self._items, "provisional": self._answers, "unsatisfied": self._corrections}
            found = rows[self.verdict]() if self.verdict in rows else []
            columns: dict[str, list[Any]] = {
                name: [row[number] for row in found]
                for number, name in enumerate(("kind", "what", "answer", "sentence"))
            }
            columns["documents"] = [list(row[4]) if len(row) > 4 else [] for row in found]
            self._kept["decisive"] = Table(columns, title="What would change the verdict")
        kept: Table = self._kept["decisive"]
        return kept

    @property
    def _looked_for_decisive(self) -> bool:
        """Whether record and rule are small enough to audit it once more without each item that counts."""
        clauses = sum(len(part) for part in self.rule.to_dict().values() if isinstance(part, dict))
        return len(self._best["allocation"]) * len(self.record) * max(1, clauses // 100) <= _MOST_DECISIVE

    def _items(self) -> list[tuple[Any, ...]]:
        if self.settled or not self._looked_for_decisive:
            return []
        telling = self._telling()
        lost = _core.decisive_items(self._world._c, self.record._c, self.rule._c, self._best["choice"], self._nodes)
        return [("item", id, None, f"Without {telling.item(id)} the rule is not met.") for id in lost]

    def _answers(self) -> list[tuple[Any, ...]]:
        from .blanks import answer_sentence, fewest, filled, merged
        from .openings import Opening

        telling = self._telling()
        form = merged(self.rule._under(self._best["choice"]).to_dict(), self._best["choice"])
        record = self.record.to_dict()
        blanks = self.blanks

        def satisfied(whole: dict[str, Any]) -> bool:
            return self._form_verdict(whole) == "satisfied"

        found = fewest(form, record, blanks, self._best["allocation"], satisfied)
        rows: list[tuple[Any, ...]] = []
        for blank, value in found or [(blank, None) for blank in blanks[:_MOST_OPEN]]:
            if isinstance(blank, Opening):
                others = [(other, answer) for other, answer in found or () if other is not blank]

                def met(answer: Any, blank: Opening = blank, others: list[Any] = others) -> bool:
                    return satisfied(filled(record, [*others, (blank, answer)]))

                said = blank.sentence(met, telling.item, telling._document)
                rows.append((blank.kind, blank.name, value, said, blank.documents))
            elif found:
                rows.append(("blank", blank.name, value, answer_sentence(blank, value, telling.writer, telling.item)))
            else:
                rows.append(("blank", blank.name, None, f"It is not known: {blank.name}."))
        return rows

    def _corrections(self) -> list[tuple[Any, ...]]:
        telling = self._telling()
        smallest: list[str] = min(self.clash["corrections"], key=len, default=[])
        return [("clause", path, None, telling.quoted(path)) for path in smallest]

    def _grounds(self) -> tuple[list[Rule], list[Audit]]:
        return [self.rule], [self]

    def _telling(self) -> Telling:
        """Words for the parts of the audit."""
        if "telling" not in self._kept:
            from .why import Telling

            self._kept["telling"] = Telling(self)
        kept: Telling = self._kept["telling"]
        return kept

    def why(self, voice: str = "officer") -> Explanation:
        """The verdict in words.

        Parameters
        ----------
        voice : {"officer", "learner", "lawyer"}
            Whom it is written for: the officer who decides gets clause paths, the learner plain
            words, the lawyer every clause with figures, source and proof.

        Returns
        -------
        Explanation

        Examples
        --------
        >>> import qualgraph as qg
        >>> record = qg.Record([{"id": "a", "title": "Welding", "credits": 12}])
        >>> rule = qg.Rule({"id": "small", "title": "Small award", "total": {"min": 20}})
        >>> print(qg.load().audit(record, rule).why("learner"))
        Not yet: what you hold does not meet the rule for Small award.
        <BLANKLINE>
        What counts
          - 12 credits count toward it.
          - The award: 12 credits from Welding (a, 12).
        <BLANKLINE>
        What is missing
          - 8 credits are lacking in all.
        <BLANKLINE>
        What would help
          - At least 8 credits more are needed, of a kind that fits wherever something is lacking.
        <BLANKLINE>
        Good to know
          - This is a calculation from the rule and the record as given, not a decision to grant credit or an
            award; that rests with the awarding body.
        """
        from .why import explain

        return explain(self, voice)

    def sheet(self, path: str | os.PathLike[str]) -> Path:
        """Write a decision sheet: an HTML page to print, with room for date and signatures.

        It holds the verdict, the allocation, every clause with its figures and source, what is
        missing and left out, edits, the proof in words, and the hashes of rule, record and facts.
        """
        from .sheet import write

        return write(self, path)

    def plot(self) -> Chart:
        """The stack drawn as blocks in the requirements of the rule."""
        from ..plot import stack

        return stack(self)

    def _sentence(self) -> str:
        form = "".join(f", {key} {value}" for key, value in self.choice.items() if key != "waivers")
        settled = " (settled case by case)" if self.settled else ""
        said = f"{self.rule.title}{form}: {self.verdict}{settled}"
        if self.verdict == "satisfied":
            more = "" if self.counted_proved else " (more may count: the search for the most ran out of its budget)"
            return f"{said}, {_text(self.counted)} {self.measure} counted{more}."
        if self.shortfall is None:
            return f"{said}; the limits of the rule cannot be kept."
        if not self._best["missing"]:
            return f"{said}."
        telling = self._telling()
        lacking = [line.rstrip(".") for line in telling.lacking(paths=False, unknown=False)]
        if self.verdict == "provisional":
            lacking[0] = f"If what is not known turns out against the learner: {lacking[0][:1].lower()}{lacking[0][1:]}"
        more = f"; and {len(lacking) - 4} more" if len(lacking) > 4 else ""
        return f"{said}. {'; '.join(lacking[:4])}{more}."

    def _payload(self) -> dict[str, Any]:
        return {
            "rule": self.rule.id,
            "rule_hash": self.rule.hash,
            "record_hash": self.record.hash,
            "verdict": self.verdict,
            "settled": self.settled,
            "status": self.status,
            "choice": self.choice,
            "reading": self.reading,
            "counted": self.counted,
            "shortfall": self.shortfall,
            "shortfalls": self.shortfalls,
            "allocation": list(self.allocation),
            "missing": list(self.missing),
            "unused": list(self.unused),
            "binding": self.binding,
            "variants": self.variants,
            "titles": self.titles,
            "won": self.won,
            "certificate": self.certificate,
            "levels": self._best["levels"],
            "credits": self._best["credits"],
            "edits": self._best["edits"],
        }

    def _html_body(self) -> str:
        from ..display import details, html_table, items

        why = self.why("officer")
        parts = []
        shown = ("Where the items count", "What is missing", "What would be missing")
        for title, lines in why.sections:
            parts.append(details(f"{title} ({len(lines)})", items(lines), opened=title.startswith(shown)))
        clauses = self.clauses
        columns = {
            name: [_cell(cell) for cell in clauses.column(name)]
            for name in ("clause", "met", "have", "needed", "measure")
        }
        parts.append(details(f"Clause by clause ({len(clauses)})", html_table(columns)))
        if self.rule.exits:
            parts.append(details("Exit awards", html_table({n: self.exits.column(n) for n in self.exits.column_names})))
        return "".join(parts)

    def __repr__(self) -> str:
        best = " at best" if self.reading == "favourable" else ""
        return f"<Audit {self.rule.id}: {self.verdict}, {amount_text(self.counted, self.measure)} counted{best}>"


def _cell(value: Any) -> Any:
    return number_text(value) if isinstance(value, tuple) else value


def _known(value: Any) -> Any:
    """An amount of the evaluator; what is without bound is not known."""
    return None if isinstance(value, float) else value


def _amount(value: Any) -> Any:
    if value is None:
        return None
    low, high = value
    return low if low == high else (low, high)


def _text(value: Any) -> str:
    return number_text(value)
