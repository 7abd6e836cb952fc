"""Claims decided under policies, and the award audited with what they bring."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..answers import Result
from ..display import agree, count, fraction_text, listing, mark
from ..errors import FactError, Fault, InvalidValue
from ..table import Table
from .conditions import Case, Finding, is_among, judge
from .layers import Layer, Share, layers_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ..facts import Source
    from ..stacking.audit import Audit
    from ..stacking.record import Record
    from ..stacking.rule import Rule
    from ..world import World
    from .claims import Claims

__all__ = ["ClaimAnswer", "Recognition", "recognise"]

_WORDS = {True: "met", False: "not met", None: "not known"}


class ClaimAnswer:
    """What is decided of one claim, and on what.

    Attributes
    ----------
    id, purpose : str
    status : str
        ``"granted"``; ``"refused"`` (a condition is not met); ``"open"`` (something is not known, or
        is at somebody's discretion); ``"not_counted"`` (every condition is met, and a limit or the
        rule leaves no room).
    asked, granted : str or None
        Credits asked for and granted.
    findings : list of Finding
        Every condition of every layer, with its reason.
    reasons : list of str
        Why it is not granted; empty if it is.
    asks : list of str
        Fields that would settle an open claim.
    """

    def __init__(
        self, claim: Mapping[str, Any], findings: Sequence[Finding], own: Sequence[tuple[bool | None, str]]
    ) -> None:
        self.id: str = claim["id"]
        self.purpose: str = claim["purpose"]
        self.claim = dict(claim)
        self.findings = list(findings)
        self._own = list(own)
        self.status = {True: "granted", False: "refused", None: "open"}[self.met]
        self.granted: Fraction | None = None
        self._left_out = ""

    @property
    def asked(self) -> Any:
        """Credits asked for, as the claim states them."""
        return self.claim.get("credits")

    @property
    def met(self) -> bool | None:
        """Whether every condition is met: three values."""
        if not self.findings:
            return False if any(met is False for met, _ in self._own) else None
        values = [one.met for one in self.findings] + [met for met, _ in self._own]
        return False if False in values else None if None in values else True

    def by_layer(self) -> dict[str, bool | None]:
        """Whether the conditions of each layer are met."""
        found: dict[str, bool | None] = {}
        for one in self.findings:
            before = found.get(one.layer.id, True)
            found[one.layer.id] = (
                False if False in (before, one.met) else None if before is None or one.met is None else True
            )
        return found

    @property
    def reasons(self) -> list[str]:
        """Why the claim is not granted."""
        if self._left_out:
            return [self._left_out]
        if not self.findings:
            return [text for met, text in self._own if met is False] or ["no layer asked speaks of it"]
        wanted = False if self.met is False else None
        said = [f"{one.text}: {one.layer.name}" for one in self.findings if one.met is wanted]
        return said + [text for met, text in self._own if met is wanted] if self.met is not True else []

    @property
    def asks(self) -> list[str]:
        """Fields that would settle the claim."""
        if self.met is not None:
            return []
        return list(dict.fromkeys(one.asks for one in self.findings if one.met is None and one.asks))

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON holds it."""
        from ..display import exact_json

        whole: dict[str, Any] = exact_json(
            {
                "id": self.id,
                "purpose": self.purpose,
                "status": self.status,
                "asked": self.asked,
                "granted": self.granted,
                "reasons": self.reasons,
                "asks": self.asks,
                "layers": self.by_layer(),
                "conditions": [
                    {
                        "layer": one.layer.id,
                        "kind": one.kind,
                        "path": one.path,
                        "met": one.met,
                        "text": one.text,
                        "evidence": one.evidence or None,
                    }
                    for one in self.findings
                ],
            }
        )
        return whole

    def __str__(self) -> str:
        asked = f" of {self.asked}" if self.asked is not None else ""
        what = self.claim.get("title") or self.claim.get("unit") or self.id
        said = {
            "granted": f"granted{'' if self.granted is None else ': ' + fraction_text(self.granted)}{asked}",
            "refused": "refused",
            "open": "open",
            "not_counted": "not counted",
        }[self.status]
        reasons = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        return f"{what}: {said}{reasons}."

    def __repr__(self) -> str:
        return f"<ClaimAnswer {self.id}: {self.status}>"


class Recognition(Result):
    """Claims decided under the layers asked, and the award with what they bring.

    Attributes
    ----------
    claims : dict of str to ClaimAnswer
    layers : list of Layer
    laid : list of str
        Rules whose clauses were laid over the award.
    audit : Audit
        The award with the record and every claim whose conditions are met.
    favourable : Audit or None
        The award if everything open turned out for the applicant; None where nothing is open.
    """

    _legal = (
        "This is a calculation from the policies, the claims and the rule as given, not a decision to recognise "
        "prior learning; that rests with the assessor and the awarding body."
    )

    def __init__(
        self,
        case: Case,
        record: Record,
        layers: Sequence[Layer],
        answers: Mapping[str, ClaimAnswer],
        audit: Audit,
        favourable: Audit | None,
        shares: Sequence[tuple[Layer, Share, bool | None]],
        certain: Audit,
        laid: Sequence[str] = (),
    ) -> None:
        self._bind(case.world)
        self.laid = list(laid)
        self._case = case
        self.record = record
        self.rule = case.rule
        self.layers = list(layers)
        self.claims = dict(answers)
        self.audit = audit
        self.favourable = favourable
        self._shares = list(shares)
        self._certain = certain

    @property
    def verdict(self) -> str:
        """Of the award with what is granted: satisfied, provisional, unsatisfied or undecided."""
        if self.audit.verdict == "satisfied" or self.favourable is None:
            return self.audit.verdict
        if self.favourable.verdict in ("satisfied", "provisional"):
            return "provisional"
        return self.favourable.verdict

    @property
    def proved(self) -> bool:
        """Whether no other choice of claims brings more credit under the limits; False if the budget ran out."""
        return _most(self._certain)

    @property
    def granted(self) -> Table:
        """Claims granted: ``claim``, ``purpose``, ``unit``, ``asked``, ``granted``."""
        rows = [one for one in self.claims.values() if one.status == "granted"]
        return Table(
            {
                "claim": [one.id for one in rows],
                "purpose": [one.purpose for one in rows],
                "unit": [one.claim.get("unit") for one in rows],
                "asked": [one.asked for one in rows],
                "granted": [one.granted for one in rows],
            },
            title="Granted",
        )

    @property
    def refused(self) -> Table:
        """Claims not granted: ``claim``, ``status``, ``reasons``, ``asks``."""
        rows = [one for one in self.claims.values() if one.status != "granted"]
        return Table(
            {
                "claim": [one.id for one in rows],
                "status": [one.status for one in rows],
                "reasons": [one.reasons for one in rows],
                "asks": [one.asks for one in rows],
            },
            title="Not granted",
        )

    @property
    def caps(self) -> Table:
        """Limits of the layers, each with what it leaves.

        Columns: ``layer``, ``path``, ``share``, ``base``, ``limit``, ``used``, ``left``, ``applies``,
        ``evidence``.
        ``limit`` is None where the size of the award, or of the award the credit comes from, is not
        known; ``applies`` is None where it is not known whether the share is about this award.
        A share that is a starting point of negotiation limits nothing and says so.
        """
        clauses = {row["clause"]: row for row in self._certain.clauses}
        rows: list[tuple[Any, ...]] = []
        for layer, share, applies in self._shares:
            known = mark(share.evidence)
            prefix = f"caps/{_slug(layer.id)}-{share.id}"
            copies = [row for path, row in clauses.items() if re.fullmatch(re.escape(prefix) + r"(\[.*\])?/.*", path)]
            if not copies or not share.ceiling:
                told = "starting point of negotiation" if not share.ceiling else applies
                rows.append((layer.id, share.path, share.max_share, share.base, None, None, None, told, known))
            for row in copies:
                used, limit = row["have"], row["needed"]
                exact = isinstance(used, Fraction) and isinstance(limit, Fraction)
                left = limit - used if exact else None
                rows.append((layer.id, share.path, share.max_share, share.base, limit, used, left, applies, known))
        names = ("layer", "path", "share", "base", "limit", "used", "left", "applies", "evidence")
        return Table({name: [row[at] for row in rows] for at, name in enumerate(names)}, title="Limits")

    @property
    def conflicts(self) -> Table:
        """Claims on which layers disagree: ``claim``, ``allows``, ``forbids`` (each layer with its date)."""
        names = {layer.id: layer.name for layer in self.layers}
        rows = []
        for one in self.claims.values():
            judged = one.by_layer()
            allows = [names[id] for id, met in judged.items() if met is True]
            forbids = [names[id] for id, met in judged.items() if met is False]
            if allows and forbids:
                rows.append((one.id, allows, forbids))
        columns = ("claim", "allows", "forbids")
        return Table({name: [row[at] for row in rows] for at, name in enumerate(columns)}, title="Layers in conflict")

    @property
    def conditions(self) -> Table:
        """Every condition on every claim: ``claim``, ``layer``, ``kind``, ``met``, ``text``, ``evidence``, ``path``."""
        rows = [(one.id, found) for one in self.claims.values() for found in one.findings]
        return Table(
            {
                "claim": [id for id, _ in rows],
                "layer": [found.layer.id for _, found in rows],
                "kind": [found.kind for _, found in rows],
                "met": [_WORDS[found.met] for _, found in rows],
                "text": [found.text for _, found in rows],
                "evidence": [mark(found.evidence) if found.evidence else None for _, found in rows],
                "path": [found.path or None for _, found in rows],
            },
            title="Conditions",
        )

    @property
    def missing(self) -> Table:
        """What the award lacks still, once everything granted counts."""
        return self.audit.missing

    @property
    def remarks(self) -> dict[str, list[str]]:
        """What the texts say that no claim can be tested by, by layer."""
        return {layer.id: layer.remarks for layer in self.layers if layer.remarks}

    @property
    def sources(self) -> list[Source]:
        """Texts of the layers, then what the audit rests on."""
        found = [source for layer in self.layers for source in layer.sources] + list(self.audit.sources)
        return list(dict.fromkeys(found))

    def _sentence(self) -> str:
        by = {status: [one for one in self.claims.values() if one.status == status] for status in _ORDER}
        said = [f"{count(len(rows), 'claim')} {_ORDER[status]}" for status, rows in by.items() if rows]
        amounts = [one.granted for one in by["granted"] if one.purpose == "credit"]
        credits = sum((amount for amount in amounts if amount is not None), Fraction(0))
        least = "at least " if None in amounts else ""
        total = f", {least}{fraction_text(credits)} {agree(credits, 'credit', 'credits')} in all" if credits else ""
        under = listing([layer.name for layer in self.layers] + [f"the clauses of {id}" for id in self.laid])
        head = f"Under {under}: {listing(said) or 'no claims'}{total}. " if under else f"{listing(said)}. "
        more = "" if self.proved else " That no other choice of claims brings more is not proved."
        return f"{head}{self.rule.title}, with what is granted: {self.verdict}.{more}"

    def sheet(self, path: str | os.PathLike[str]) -> Path:
        """Write a decision sheet to print, sign and file: claims, reasons, limits, texts.

        Parameters
        ----------
        path : path
            An HTML file, its name ends in ``.html``.

        Returns
        -------
        Path

        Raises
        ------
        InvalidValue
            For another kind of file.

        Examples
        --------
        >>> import tempfile, qualgraph as qg
        >>> from pathlib import Path
        >>> world = qg.load()
        >>> claims = [{"id": "c", "purpose": "credit", "unit": "U", "credits": 10, "evidence": [{"kind": "portfolio"}]}]
        >>> rule = qg.Rule({"id": "r", "title": "R", "credit": "za-credit", "total": {"min": 60}})
        >>> answer = world.recognise(qg.Record([], awards=[]), claims, rule, policy="za-rpl-he")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     print(answer.sheet(Path(folder) / "decision.html").name)
        decision.html
        """
        from .sheet import write

        return write(self, path)

    def _payload(self) -> dict[str, Any]:
        return {
            "rule": self.rule.id,
            "verdict": self.verdict,
            "layers": [layer.to_dict() for layer in self.layers],
            "clauses_of": self.laid,
            "proved": self.proved,
            "claims": [one.to_dict() for one in self.claims.values()],
            "caps": list(self.caps),
            "conflicts": list(self.conflicts),
            "missing": list(self.missing),
        }

    def _html_body(self) -> str:
        from ..display import details, items

        body = items([str(one) for one in self.claims.values()])
        for table in (self.caps, self.conflicts, self.missing):
            if len(table):
                body += table._repr_html_()
        body += details(f"Conditions ({len(self.conditions)})", self.conditions._repr_html_())
        said = [f"{id}: {text}" for id, texts in self.remarks.items() for text in texts]
        return body + (details(f"Remarks of the texts ({len(said)})", items(said)) if said else "")

    def __str__(self) -> str:
        lines = [self._sentence(), *(f"  - {one}" for one in self.claims.values())]
        for row in self.conflicts:
            lines.append(f"  ! {row['claim']}: {listing(row['allows'])} allows it, {listing(row['forbids'])} does not.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Recognition {self.rule.id}: {len(self.claims)} claims, {self.verdict}>"


_ORDER = {"granted": "granted", "not_counted": "not counted", "refused": "refused", "open": "open"}


def recognise(
    world: World,
    record: Record,
    claims: Claims,
    rule: Rule,
    policy: str | Rule | Sequence[str | Rule],
    **form: Any,
) -> Recognition:
    """Decide claims under policies; see :meth:`qualgraph.World.recognise`."""
    from ..stacking.rule import Rule

    _refuse_misuse(record, rule, policy)
    asked: Sequence[str | Rule] = [policy] if isinstance(policy, str | Rule) else list(policy)
    layers: list[Layer] = []
    laid: list[str | Rule] = []
    known = [*world.rpl_policies.ids, *world.credit_transfer_policies.ids]
    for one in asked:
        if isinstance(one, Rule) or (one.partition(":")[0] not in known and one.partition(":")[0] in world.rules):
            laid.append(one)
        else:
            layers += [layer for layer in layers_of(world, one) if layer.id not in {each.id for each in layers}]
    _refuse_values(world, list(claims), [rule, *(one for one in laid if isinstance(one, Rule))])
    whole = record.to_dict()
    case = Case(world, rule, claims, _day(whole))
    names = {item["id"] for item in whole["items"]}
    held = {item.get("unit") or item["id"] for item in whole["items"] if item.get("status", "passed") == "passed"}
    answers: dict[str, ClaimAnswer] = {}
    for claim in claims:
        if claim["id"] in names:
            raise InvalidValue(f'the claim "{claim["id"]}" has the id of an item of the record; give it another')
        own = []
        if claim["purpose"] == "credit" and claim.get("unit") in held:
            own.append((False, f"{claim['unit']} is held already"))
        findings = [found for layer in layers for found in judge(case, layer, claim)]
        # Where only clauses are laid over the award, there is nothing to ask of the claim itself.
        answers[claim["id"]] = (ClaimAnswer if layers else _Unasked)(claim, findings, own)
    shares = [
        (layer, share, _applies(case, layer, share))
        for base in ("target", "source")
        for layer in layers
        for share in layer.shares
        if share.base == base
    ]
    audit = _audited(case, whole, answers, layers, shares, laid, True, form)
    still = any(one.status == "open" for one in answers.values()) or any(applies is None for *_, applies in shares)
    favourable = _audited(case, whole, answers, layers, shares, laid, False, form) if still else None
    certain = audit
    if audit.reading == "favourable":
        # The allocation is the one read for the applicant; what is granted for certain is the one
        # read strictly, which a clause that cannot be met brings out.
        certain = _audited(case, whole, answers, layers, shares, [*laid, _UNMET], True, form)
    _grant(answers, certain)
    named = [one if isinstance(one, str) else one.id for one in laid]
    return Recognition(case, record, layers, answers, audit, favourable, shares, certain, named)


def _refuse_misuse(record: Any, rule: Any, policy: Any) -> None:
    from ..stacking import Record, Rule

    if not isinstance(record, Record):
        raise InvalidValue(f"record={record!r} is no Record")
    if not isinstance(rule, Rule):
        raise InvalidValue(f"rule={rule!r} is neither a Rule nor the id of one")
    if not isinstance(policy, str | Rule | list | tuple):
        raise InvalidValue(f"policy={policy!r} is no id of a policy, no Rule and no list of them")
    for number, one in enumerate([policy] if isinstance(policy, str | Rule) else policy):
        if not isinstance(one, str | Rule):
            raise InvalidValue(f"policy[{number}]={one!r} is neither the id of a policy nor a Rule")


def _refuse_values(world: World, claims: Sequence[Mapping[str, Any]], rules: Sequence[Rule]) -> None:
    """Refuse what no item of a record may say, at its place in the claims."""
    from ..stacking import Record
    from ..stacking.given import fail
    from ..stacking.known import check_names

    awards = _awards({}, claims) or []
    try:
        alone = Record._of({"language": 1, "items": [_item(claim) for claim in claims], "awards": awards})
        check_names(world, alone, rules)
    except FactError as error:
        faults = []
        for fault in error.faults:
            place = _in_claims(fault.pointer, claims, awards)
            faults.append(Fault("claims", place, fault.found, fault.expected))
        fail(faults, "claims")


def _in_claims(pointer: str, claims: Sequence[Mapping[str, Any]], awards: Sequence[Mapping[str, Any]]) -> str:
    """Where in the claims a value stands that a record of them has at a pointer."""
    part, *inside = pointer.removeprefix("/").split("/")
    if not inside:
        return "/claims"
    number, *rest = inside
    if part == "awards":
        # The first claim that names an award is the one it is described by.
        sources = [(claim.get("source") or {}).get("award") for claim in claims]
        number, rest = str(sources.index(awards[int(number)]["id"])), ["source", *rest]
    return "/".join(["/claims", number, *rest])


#: A policy nobody meets: its requirement is answered "no" in :func:`_audited`.
_NEVER = "read-strictly"
_UNMET: dict[str, Any] = {
    "language": 1,
    "id": _NEVER,
    "title": "Read strictly",
    "kind": "policy",
    "requirements": {"never": {"what": "what is not known, read against the applicant"}},
}


class _Unasked(ClaimAnswer):
    """A claim no layer is asked about: the limits laid over the award decide alone."""

    @property
    def met(self) -> bool | None:
        """Whether nothing stands against the claim."""
        return not any(met is False for met, _ in self._own)


def _day(record: Mapping[str, Any]) -> datetime.date | None:
    stated = (record.get("dates") or {}).get("claim") or record.get("as_of")
    return datetime.date.fromisoformat(stated) if stated else None


def _applies(case: Case, layer: Layer, share: Share) -> bool | None:
    if not share.target_kinds:
        return True
    elsewhere = [name for other in layer.shares for name in other.target_kinds]
    return is_among(case.claims.award.get("kinds"), share.target_kinds, elsewhere)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _audited(
    case: Case,
    record: Mapping[str, Any],
    answers: Mapping[str, ClaimAnswer],
    layers: Sequence[Layer],
    shares: Sequence[tuple[Layer, Share, bool | None]],
    laid: Sequence[str | Rule | dict[str, Any]],
    strict: bool,
    form: Mapping[str, Any],
) -> Audit:
    from ..stacking import Record, Rule

    counted = [
        one
        for one in answers.values()
        if one.purpose == "credit" and (one.met is True or (not strict and one.met is None))
    ]
    whole = {key: value for key, value in record.items() if key != "record"}
    whole["items"] = [*record["items"], *(_item(one.claim) for one in counted)]
    whole["awards"] = _awards(record, [one.claim for one in counted])
    policies: list[str | Rule] = [Rule(one) if isinstance(one, dict) else one for one in laid]
    policies += _policies(case, layers, shares, strict)
    if _UNMET in laid:
        whole["requirements"] = {**(record.get("requirements") or {}), f"{_NEVER}-never": False}
    once = _once([one.claim for one in counted])
    if once:
        policies.append(once)
    return case.world.audit(Record._of(whole), case.rule, prefer="counted", policies=policies, **form)


_KEPT = ("unit", "title", "credits", "hours", "level", "origin", "provider", "field", "tags", "date", "used_for")


def _item(claim: Mapping[str, Any]) -> dict[str, Any]:
    """A claim as an item of a record."""
    item = {"id": claim["id"], **{key: claim[key] for key in _KEPT if claim.get(key) is not None}}
    source = claim.get("source") or {}
    if source.get("award"):
        item["part_of"] = source["award"]
    if "provider" not in item and source.get("provider"):
        item["provider"] = source["provider"]
    kinds = [one["kind"] for one in claim.get("evidence") or () if one.get("kind")]
    if kinds:
        item["evidence"] = listing(kinds)
    return item


def _awards(record: Mapping[str, Any], claims: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    """Awards of the record, and those that claims come from: a share of the source needs its size."""
    found = list(record.get("awards") or ())
    names = {award["id"] for award in found}
    for claim in claims:
        source = claim.get("source") or {}
        if source.get("award") and source["award"] not in names:
            names.add(source["award"])
            kept = {
                key: source[key] for key in ("kind", "level", "credits", "completed") if source.get(key) is not None
            }
            found.append({"id": source["award"], **kept})
    return found or record.get("awards")


def _policies(
    case: Case, layers: Sequence[Layer], shares: Sequence[tuple[Layer, Share, bool | None]], strict: bool
) -> Iterator[Rule]:
    """The shares of each layer as a policy laid over the award."""
    from ..stacking.rule import Rule

    whole = case.rule.to_dict()
    sized = (whole.get("total") or {}).get("measure") or whole.get("measure", "credits")
    for layer in layers:
        caps = {}
        for owner, share, applies in shares:
            # A share that may not be about this award binds only where doubt counts against the applicant.
            if owner is not layer or not share.ceiling or not (applies or (applies is None and strict)):
                continue
            # A share in hours or units of an award that is sized otherwise limits, and nobody knows by how much.
            bound = (
                {"max_share": fraction_text(share.max_share), "base": share.base}
                if share.measure == sized
                else {"max": None}
            )
            caps[share.id] = {
                "from": share.selector,
                **bound,
                "measure": share.measure,
                **({"for_each": "part_of"} if share.base == "source" else {}),
            }
        floors = {}
        # Where the rule does not say who awards, what was earned there is not known: it is not left unasked.
        if layer.residency:
            least, _ = layer.residency
            floors["residency"] = {
                "from": {"provider": "awarding"},
                "min_share": fraction_text(least),
                "base": "target",
            }
        if caps or floors:
            sources = [
                {
                    "id": f"s{number}",
                    **{key: value for key, value in source.to_dict().items() if key in _SOURCE and value},
                }
                for number, source in enumerate(layer.sources, 1)
            ]
            yield Rule(
                {
                    "language": 1,
                    "id": _slug(layer.id),
                    "title": f"policy {layer.name}",
                    "kind": "policy",
                    "measure": sized,
                    "caps": caps,
                    "floors": floors,
                    "sources": sources,
                }
            )


_SOURCE = ("title", "publisher", "year", "url", "evidence")


def _once(claims: Sequence[Mapping[str, Any]]) -> Rule | None:
    """The same learning counts once, and no unit twice, whatever is claimed on it."""
    from ..stacking.rule import Rule

    caps: dict[str, Any] = {}
    exclusions: dict[str, Any] = {}
    units = [claim.get("unit") or claim["id"] for claim in claims]
    for number, unit in enumerate(sorted({unit for unit in units if units.count(unit) > 1}), 1):
        caps[f"unit-{number}"] = {"from": {"unit": unit}, "measure": "units", "max": 1}
    learning: dict[str, list[str]] = {}
    for claim, unit in zip(claims, units, strict=True):
        for name in claim.get("learning") or ():
            if unit not in learning.setdefault(name, []):
                learning[name].append(unit)
    for number, (name, on) in enumerate(sorted(learning.items()), 1):
        if len(on) > 1:
            exclusions[f"learning-{number}"] = {
                "title": f"the learning {name} counts once",
                "sets": [{"unit": unit} for unit in on],
            }
    if not caps and not exclusions:
        return None
    return Rule(
        {
            "language": 1,
            "id": "once",
            "title": "The same learning counts once",
            "kind": "policy",
            "caps": caps,
            "exclusions": exclusions,
        }
    )


#: Why a claim is left out of a choice that may not be the best.
_UNPROVED = "it is not in the best choice found, and no better one is ruled out within the budget"


def _most(audit: Audit) -> bool:
    """Whether it is proved that nothing more can count."""
    return audit.status == "proved" and audit.counted_proved


def _grant(answers: Mapping[str, ClaimAnswer], audit: Audit) -> None:
    placed: dict[str, list[Fraction | None]] = {}
    for item, _, credits, _ in audit._credit_rows():
        placed.setdefault(item, []).append(credits)
    why = {row["item"]: row["sentence"] for row in audit.unused}
    for one in answers.values():
        if one.met is not True or one.purpose != "credit":
            continue
        if one.id in placed:
            one.granted = _amount(placed[one.id], one.asked, audit)
        else:
            one.status = "not_counted"
            found = why.get(one.id) or "it does not count toward the award"
            one._left_out = found.rstrip(".") if _most(audit) else _UNPROVED


def _amount(parts: Sequence[Fraction | None], asked: Any, audit: Audit) -> Fraction | None:
    """Credits granted, in the system of the award; None where a conversion gives no one number."""
    amount, _, system = str(asked or "").partition(" ")
    whole = Fraction(amount) if amount and system in ("", audit.rule.to_dict().get("credit")) else None
    if None in parts:
        return whole
    total = sum((part for part in parts if part is not None), Fraction(0))
    # An item that lies in several places at once is granted once.
    return total if whole is None else min(total, whole)
