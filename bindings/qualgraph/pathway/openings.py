"""What a search over offers read against the learner: facts not stated, on which a "no" would rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .conditions import asks_about, awards_in, held_names, parameters_in
from .universe import named_attributes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..world import World
    from .forms import Form

__all__ = ["open_of", "open_points", "out_of_reach"]

#: More than so many items are not looked at all together.
_EVERYTHING = 3_000
#: What a selector calls it, and what an item or offer does.
_STATED = {
    "tag": "tags", "level": "level", "origin": "origin", "mode": "mode", "field": "field", "part_of": "part_of",
    "quality_assured": "quality_assured", "assessed": "assessed", "grade": "grade", "outcome": "outcomes",
}  # fmt: skip


def open_of(world: World, thing: Mapping[str, Any], named: Mapping[str, set[Any]], sized: bool) -> list[str]:
    """What an item or offer does not state, of what rules ask about."""
    lacks = [key for attribute, key in _STATED.items() if attribute in named and thing.get(key) is None]
    if "provider" in named and thing.get("provider") is None and not thing.get("providers"):
        lacks.append("provider")
    if sized and (thing.get("credits") is None or isinstance(thing["credits"], dict)):
        lacks.append("credits")
    levels = thing.get("level")
    for level in [levels] if isinstance(levels, str) else levels or []:
        for wanted in sorted({str(bound).split(":", 1)[0] for bound in named.get("level", ())}):
            own = level.split(":", 1)[0]
            if own in (wanted, level) or wanted not in {each.id for each in world.frameworks}:
                continue
            answer = world.map_level(level, to=wanted)
            if answer.status != "mapped" or len(answer.possible) != 1 or not answer.complete:
                lacks.append(f"level in {wanted}")
    return lacks


def open_points(
    world: World,
    forms: Iterable[Form],
    offers: Sequence[Mapping[str, Any]],
    record: Mapping[str, Any],
    known: Iterable[Form] = (),
) -> list[str]:
    """Why nothing that was found is not yet a proof that there is nothing; empty where it is.

    Everything unknown was read against the learner: attributes nobody states, conditions that look at
    what is *not* held, awards that no rule given can tell, figures of the learner that are not known.
    """
    named = named_attributes([form.text() for form in forms] + [dict(offer) for offer in offers])
    sized = any(form.rule.to_dict().get("measure", "credits") == "credits" for form in forms)
    said: list[str] = []
    for offer in offers:
        lacks = open_of(world, offer, named, sized)
        if lacks:
            said.append(f"{offer['id']}: not known for certain: {', '.join(lacks)}")
    for item in record.get("items") or ():
        lacks = open_of(world, item, named, sized)
        if lacks:
            said.append(f"{item['id']} (held): not known for certain: {', '.join(lacks)}")
    told = {name for form in known for name in form.names}
    held = held_names(record)
    for offer in offers:
        for key in ("requires", "corequires"):
            condition = offer.get(key)
            for name in dict.fromkeys(awards_in(condition, denied=True)):
                if name not in told and name not in held:
                    said.append(f"{offer['id']} requires the award {name}, of which no rule is given")
            if asks_about(condition, "not"):
                said.append(f"{offer['id']} requires something not to be held, which depends on the order of steps")
            for name in dict.fromkeys(parameters_in(condition)):
                if (record.get("parameters") or {}).get(name) is None:
                    said.append(f"{offer['id']} asks for {name}, which the record does not state")
    conditions = [offer.get(key) for offer in offers for key in ("requires", "corequires")]
    if record.get("awards") is None and awards_in(conditions, denied=True):
        said.append("the record does not state which awards are held")
    return list(dict.fromkeys(said))


def out_of_reach(
    world: World, forms: Iterable[Form], offers: Sequence[Mapping[str, Any]], record: Mapping[str, Any], credit: Any
) -> bool:
    """Whether everything on offer, held at once and read for the learner, does not meet one of the forms.

    What is held never hurts where items may be left out, unless a clause looks at the whole record or at what
    is not held: of such rules nothing is said.
    """
    from ..stacking.complete import TakeNames, taken
    from ..stacking.record import Record

    whole = dict(record)
    day = (whole.get("dates") or {}).get("claim") or whole.get("as_of")
    names = TakeNames(whole)
    whole["items"] = list(whole.get("items") or ())
    for offer in offers[:_EVERYTHING]:
        for _ in range(offer.get("max_takes") or 1):
            whole["items"].append(taken(offer, names.next(offer["id"]), day, credit))
    if len(whole["items"]) > _EVERYTHING or len(offers) > _EVERYTHING:
        return False
    everything = Record.from_text(json.dumps(whole, ensure_ascii=False))
    for form in forms:
        text = form.text()
        if any(asks_about(text, key) for key in ("over", "not", "when")):
            continue
        audit = world.audit(everything, form.rule, **form.choice)
        lacking = [row for row in audit.missing if row["measure"] != "clause"]
        if audit.verdict == "unsatisfied" and lacking:
            return True
    return False
