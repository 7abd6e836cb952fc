"""Where does a name occur: which frameworks and qualification types carry it, and at which level?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..answers import TabularResult
from ..errors import InvalidValue, UnitMismatch
from ..names import abbreviations, fold, jurisdiction_name, same_title_key, words
from ..table import Table
from . import _facts as f

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..world import World

__all__ = ["Found", "Title", "find", "holders_by_abbreviation", "titles_of"]

_CONNECTORS = frozenset({"a", "an", "the", "of", "in", "with", "and", "or", "for"})
# Grades of a match, the best first.
_SAME, _PHRASE, _ALL_WORDS, _BEGINNINGS = range(4)
# No name is longer; a whole text is not looked up by mistake.
_LONGEST = 500
# Warnings about single titles before the rest are only counted.
_TITLES_TOLD = 5


class Placement(NamedTuple):
    """One level at which a title sits: framework, level as text, evidence, and where that is said."""

    framework: str
    level: str | None
    evidence: str
    where: str


class Title(NamedTuple):
    """A title and every level it sits at; ``levels`` are the different level texts, as written."""

    title: str
    placements: tuple[Placement, ...]

    @property
    def levels(self) -> list[str]:
        """Different level texts in order of appearance; a placement without level is left out."""
        return list(dict.fromkeys(place.level for place in self.placements if place.level is not None))

    def by_level(self) -> str:
        """``"level 8: bw-ncqf, za-nqf; level 9: mu-nqf"``."""
        parts = []
        for level in self.levels:
            here = dict.fromkeys(place.framework for place in self.placements if place.level == level)
            parts.append(f"level {level}: {', '.join(here)}")
        return "; ".join(parts)


class Found(TabularResult):
    """Answer of :func:`find`.

    Attributes
    ----------
    query : str
        The text looked for.
    hits : Table
        One row per hit, the nearest first: ``where`` (framework id, followed for a qualification
        type by the JSON pointer of the fact), ``kind``, ``name``, ``framework``, ``jurisdiction``,
        ``level``, ``credits``, ``match`` (how the text was met) and ``evidence``.
    titles : tuple of Title
        Every title met, with all its placements, those printed in award-name surveys included.
    collisions : dict of str to list of str
        An abbreviation looked for, and the ids of all frameworks that use it, where several do.
    warnings : tuple of str
        What a reader must know before using the hits.
    suggestions : tuple of str
        Near names, when nothing was found.
    """

    def __init__(
        self,
        world: World,
        query: str,
        hits: Table,
        titles: tuple[Title, ...],
        collisions: dict[str, list[str]],
        warnings: tuple[str, ...],
        suggestions: tuple[str, ...],
        sources: list[dict[str, Any]],
    ) -> None:
        self._bind(world)
        self.query = query
        self.hits = hits
        self.titles = titles
        self.collisions = collisions
        self.warnings = warnings
        self.suggestions = suggestions
        self._sources = sources

    @property
    def table(self) -> Table:
        """The hits."""
        return self.hits

    def __len__(self) -> int:
        return len(self.hits)

    def __bool__(self) -> bool:
        return len(self.hits) > 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.hits)

    def __repr__(self) -> str:
        return f"<Found {self.query!r}: {f.count(len(self), 'hit')}>"

    def _sentence(self) -> str:
        if not self:
            near = f" Did you mean {f.listing((repr_quoted(s) for s in self.suggestions), 'or')}?"
            return f'Nothing in these facts is called "{self.query}".' + (near if self.suggestions else "")
        kinds: dict[str, int] = {}
        for hit in self.hits:
            kinds[hit["kind"]] = kinds.get(hit["kind"], 0) + 1
        counted = f.listing(f.count(n, kind, _PLURALS.get(kind)) for kind, n in kinds.items())
        frameworks = {hit["framework"] for hit in self.hits if hit["framework"]}
        where = f" in {f.count(len(frameworks), 'framework')}" if "qualification type" in kinds else ""
        return f'"{self.query}" is met in {counted}{where}.'

    def __str__(self) -> str:
        return "\n".join([self._sentence(), *self.warnings])

    def _html_body(self) -> str:
        from html import escape

        from ..display import html_table

        notes = "".join(f"<li>{escape(note)}</li>" for note in self.warnings)
        hits = ""
        if self:
            # Where a hit stands in its file is for programs; a reader has framework and name.
            columns = {name: self.hits.column(name) for name in self.hits.column_names if name != "where"}
            hits = html_table(columns, title=self.hits.title, caption=self.hits.caption, drop_empty=True)
        return (f"<ul>{notes}</ul>" if notes else "") + hits

    def _payload(self) -> dict[str, Any]:
        return {
            "query": self.query,
            "hits": list(self.hits),
            "titles": [
                {
                    "title": title.title,
                    "levels": title.levels,
                    "placements": [place._asdict() for place in title.placements],
                }
                for title in self.titles
            ],
            "collisions": self.collisions,
            "warnings": list(self.warnings),
            "suggestions": list(self.suggestions),
        }


_PLURALS = {
    "micro-credential policy": "micro-credential policies",
    "award name in a survey": "award names in a survey",
}


def repr_quoted(text: str) -> str:
    """A name in double quotes."""
    return f'"{text}"'


def _grade(query: list[str], name: str) -> int | None:
    """How well a name answers the words looked for; None when it does not."""
    listed = words(name)
    if not listed:
        return None
    together, whole = "".join(query), "".join(listed)
    if together == whole:
        return _SAME
    # A run of words, however they are cut: "Post-Graduate" in "Postgraduate Diploma".
    for start in range(len(listed)):
        run = ""
        for word in listed[start:]:
            run += word
            if run == together:
                return _PHRASE
            if len(run) >= len(together):
                break
    wanted = [word for word in query if word not in _CONNECTORS] or query
    if all(word in listed for word in wanted):
        return _ALL_WORDS
    if all(len(word) > 2 and any(other.startswith(word) for other in listed) for word in wanted):
        return _BEGINNINGS
    return None


def holders_by_abbreviation(frameworks: list[f.Fact]) -> dict[str, list[str]]:
    """Every abbreviation that stands in the id, name or aliases of a framework, and who uses it.

    Examples
    --------
    >>> import qualgraph as qg
    >>> from qualgraph.explore.find import holders_by_abbreviation
    >>> facts = [framework.to_dict() for framework in qg.load().frameworks]
    >>> holders_by_abbreviation(facts)["MQF"]
    ['me-mqf', 'mk-nmqf', 'mt-mqf', 'my-mqf']
    """
    holders: dict[str, list[str]] = {}
    for one in frameworks:
        short = abbreviations(
            one["id"], one["name"], one.get("jurisdiction"), tuple(one.get("aliases") or ())
        )
        for abbreviation in sorted(short):
            holders.setdefault(abbreviation, []).append(one["id"])
    listed_collisions = {one["id"]: one.get("abbreviation_collisions") or () for one in frameworks}
    # A clash the facts name but the names do not show: the framework joins those it clashes with.
    for one, others in listed_collisions.items():
        for other in others:
            if any(one in users and other in users for users in holders.values()):
                continue
            for users in holders.values():
                if len(users) > 1 and other in users:
                    users.append(one)
    return {abbreviation: sorted(users) for abbreviation, users in sorted(holders.items())}


def titles_of(world: World, frameworks: list[f.Fact]) -> dict[str, Title]:
    """Every award title, by its key, with the levels it sits at in all frameworks.

    Placements come from the qualification types of the frameworks, and from the label placements
    of the facts where these name a level that no type of the framework gives.
    """
    spelled: dict[str, list[str]] = {}
    placed: dict[str, list[Placement]] = {}
    for one in frameworks:
        for position, kind in enumerate(one.get("qualification_types") or ()):
            key = same_title_key(kind["name"])
            spelled.setdefault(key, []).append(kind["name"])
            where = f"{one['id']}#/qualification_types/{position}"
            place = Placement(one["id"], f.level_of_type(kind), f.type_evidence(one, kind), where)
            placed.setdefault(key, []).append(place)
    for record in world.records("label_placement"):
        key = same_title_key(record["label"])
        spelled.setdefault(key, []).append(record["label"])
        places = placed.setdefault(key, [])
        for position, entry in enumerate(record.get("placements") or ()):
            framework, level, evidence = entry[0], str(entry[1]), entry[2] if len(entry) > 2 else "unknown"
            if not any(p.framework == framework and p.level == level for p in places):
                where = f'label placement "{record["label"]}"#/placements/{position}'
                places.append(Placement(framework, level, evidence, where))
    return {
        key: Title(max(spelled[key], key=lambda name: (spelled[key].count(name), name)), tuple(places))
        for key, places in placed.items()
    }


def find(world: World, text: str) -> Found:
    """Find frameworks, qualification types and credit systems by name, alias or abbreviation.

    Case, accents, punctuation, plurals, hyphens and the order of words make no difference. A title
    is followed through all frameworks, and a warning tells when it sits at different levels. An
    abbreviation used by several frameworks is listed with all of them.

    Parameters
    ----------
    world : World
        The facts to look in.
    text : str
        An award title ("Honours Bachelor"), an abbreviation ("MQF"), a country or an id.

    Returns
    -------
    Found
        The hits, nearest first. An empty one suggests near names.

    Raises
    ------
    UnitMismatch
        If ``text`` is no text.
    InvalidValue
        If it holds no letter or digit, or is longer than any name.

    Examples
    --------
    >>> import qualgraph as qg
    >>> found = qg.load().find("MQF")
    >>> found.collisions
    {'MQF': ['me-mqf', 'mk-nmqf', 'mt-mqf', 'my-mqf']}
    >>> [hit["level"] for hit in qg.load().find("Honours Bachelor") if hit["framework"] == "ie-nfq"]
    ['8']
    """
    if not isinstance(text, str):
        raise UnitMismatch(f"find looks for a text, not for {type(text).__name__} {text!r}")
    if len(text) > _LONGEST:
        raise InvalidValue(f"find looks for a name of at most {_LONGEST} characters, not for one of {len(text)}")
    query = words(text)
    if not query:
        raise InvalidValue(f"find needs a letter or a digit to look for, found {text!r}")
    frameworks = f.all_facts(world.frameworks)
    short = text.strip().upper()

    holders = holders_by_abbreviation(frameworks)
    users = holders.get(short, [])
    hits: list[tuple[int, int, str, dict[str, Any]]] = []
    touched: dict[str, f.Fact] = {}

    def add(grade: int, rank: int, owner: f.Fact, **row: Any) -> None:
        place = owner.get("jurisdiction")
        full = {
            "where": owner["id"],
            "kind": "framework",
            "name": owner.get("name"),
            "framework": None,
            "jurisdiction": place,
            "level": None,
            "credits": None,
            "match": None,
            "evidence": None,
        }
        full.update(row)
        hits.append((grade, rank, full["where"], full))
        touched[owner["id"]] = owner

    for one in frameworks:
        matched = _framework_match(one, query, short, users)
        if matched is not None:
            add(
                matched[0], 0, one, framework=one["id"], match=matched[1], evidence=one.get("levels_evidence")
            )

    met_titles: dict[str, int] = {}
    for one in frameworks:
        for position, kind in enumerate(one.get("qualification_types") or ()):
            grade = _grade(query, kind["name"])
            if grade is None:
                continue
            key = same_title_key(kind["name"])
            met_titles[key] = min(grade, met_titles.get(key, grade))
            add(
                grade,
                1,
                one,
                where=f"{one['id']}#/qualification_types/{position}",
                kind="qualification type",
                name=kind["name"],
                framework=one["id"],
                level=f.level_of_type(kind),
                credits=f.credits_text(kind.get("credits")),
                match=_MATCHES[grade],
                evidence=f.type_evidence(one, kind),
            )
    for one in f.all_facts(world.credit_systems):
        grade = _grade(query, one["id"])
        if grade is None:
            grade = _grade(query, one.get("name") or "")
        if grade is not None:
            add(grade, 3, one, kind="credit system", match=_MATCHES[grade], evidence=one.get("evidence"))
    for one in f.all_facts(world.microcredential_policies):
        grade = _grade(query, one.get("term") or "")
        if grade is not None:
            row = {
                "kind": "micro-credential policy",
                "name": one.get("term"),
                "framework": one.get("framework"),
            }
            add(grade, 4, one, match=_MATCHES[grade], **row)

    titles = titles_of(world, frameworks)
    for record in world.records("label_placement"):
        grade = _grade(query, record["label"])
        if grade is None:
            continue
        key = same_title_key(record["label"])
        met_titles[key] = min(grade, met_titles.get(key, grade))
        by_id = {one["id"]: one for one in frameworks}
        for place in titles[key].placements:
            if place.where.startswith("label placement") and place.framework in by_id:
                add(
                    grade,
                    2,
                    by_id[place.framework],
                    where=place.framework + place.where,
                    kind="award name in a survey",
                    name=record["label"],
                    framework=place.framework,
                    level=place.level,
                    match=_MATCHES[grade],
                    evidence=place.evidence,
                )

    # Beginnings of words serve only where nothing fits better.
    if any(hit[0] < _BEGINNINGS for hit in hits):
        hits = [hit for hit in hits if hit[0] < _BEGINNINGS]
        met_titles = {key: grade for key, grade in met_titles.items() if grade < _BEGINNINGS}
    hits.sort(key=lambda hit: hit[:3])

    met = tuple(titles[key] for key in sorted(met_titles, key=lambda key: (met_titles[key], key)))
    collisions = {short: users} if len(users) > 1 else {}
    warnings = _warnings(collisions, met, {one["id"]: one for one in frameworks})
    suggestions = () if hits else _near(world, frameworks, holders, text)
    columns: dict[str, list[Any]] = {
        name: [hit[3][name] for hit in hits]
        for name in (
            "where",
            "kind",
            "name",
            "framework",
            "jurisdiction",
            "level",
            "credits",
            "match",
            "evidence",
        )
    }
    shown = [touched[owner] for owner in touched if any(h[3]["where"].split("#")[0] == owner for h in hits)]
    return Found(
        world,
        text,
        Table(columns, key="where", title=f'"{text}" in the facts', caption=""),
        met,
        collisions,
        warnings,
        suggestions,
        f.sources_of(shown),
    )


_MATCHES = {
    _SAME: "the whole name",
    _PHRASE: "words of the name",
    _ALL_WORDS: "words in another order",
    _BEGINNINGS: "beginnings of words",
}


def _framework_match(one: f.Fact, query: list[str], short: str, users: list[str]) -> tuple[int, str] | None:
    if fold(one["id"]) == fold(short):
        return _SAME, "id"
    if one["id"] in users:
        return _SAME, "abbreviation"
    if any(_grade(query, alias) == _SAME for alias in one.get("aliases") or ()):
        return _SAME, "alias"
    place = one.get("jurisdiction") or ""
    if short == place or _grade(query, jurisdiction_name(place) or "") in (_SAME, _PHRASE):
        return _PHRASE, "jurisdiction"
    grade = _grade(query, one["name"])
    if grade is not None:
        return grade, "name"
    grade = _grade(query, one.get("authority") or "")
    if grade in (_SAME, _PHRASE):
        return _ALL_WORDS, "authority"
    return None


def _warnings(
    collisions: dict[str, list[str]], titles: tuple[Title, ...], by_id: dict[str, f.Fact]
) -> tuple[str, ...]:
    warnings = []
    for abbreviation, users in collisions.items():
        named = []
        for user in users:
            place = by_id[user].get("jurisdiction")
            named.append(f"{user} ({jurisdiction_name(place) or place})")
        warnings.append(
            f'"{abbreviation}" is an abbreviation of {len(users)} frameworks: {f.listing(named)}. '
            "Write the full id."
        )
    across = any(len({place.framework for place in title.placements}) > 1 for title in titles)
    spread = [title for title in titles if len(title.levels) > 1]
    for title in spread[:_TITLES_TOLD]:
        if len({place.framework for place in title.placements}) > 1:
            warnings.append(f'The title "{title.title}" sits at different levels: {title.by_level()}.')
        else:
            where = title.placements[0].framework
            warnings.append(
                f'Within {where} the title "{title.title}" sits at several levels: {title.by_level()}.'
            )
    if len(spread) > _TITLES_TOLD:
        more = f.count(len(spread) - _TITLES_TOLD, "further title")
        warnings.append(f"The levels of {more} differ too; the hits list them all.")
    if across:
        warnings.append(
            "Level numbers of different frameworks do not compare by themselves, nor do equal titles: "
            "ask map_level which level stands opposite."
        )
    return tuple(warnings)


def _near(
    world: World, frameworks: list[f.Fact], holders: dict[str, list[str]], text: str
) -> tuple[str, ...]:
    from difflib import get_close_matches

    names: dict[str, str] = {}
    for one in frameworks:
        for name in (
            one["id"],
            one["name"],
            jurisdiction_name(one.get("jurisdiction")) or "",
            *(one.get("aliases") or ()),
        ):
            names.setdefault(fold(name), name)
        for kind in one.get("qualification_types") or ():
            names.setdefault(fold(kind["name"]), kind["name"])
    for abbreviation in holders:
        names.setdefault(fold(abbreviation), abbreviation)
    for one in f.all_facts(world.credit_systems):
        names.setdefault(fold(one["id"]), one["id"])
    near = get_close_matches(fold(text), [name for name in names if name], n=3, cutoff=0.7)
    return tuple(names[name] for name in near)
