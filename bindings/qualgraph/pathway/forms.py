"""One award: a rule in one of its forms."""

from __future__ import annotations

import json
from copy import copy
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from .. import _core
from ..errors import InvalidValue, UnknownId
from ..stacking.given import rule_given

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..stacking.complete import Catalogue
    from ..stacking.record import Record
    from ..stacking.rule import Rule
    from ..world import World

__all__ = ["Form", "catalogue_hash", "form_of", "forms_of", "ladder_forms"]


class Form:
    """A rule in one form: its main text, a variant, or an exit.

    Attributes
    ----------
    rule : Rule
    id : str
        The rule's id, with the form behind a colon: ``"in-nep-exits:year-1"``.
    choice : dict of str to str
    title : str
    level : str or None
    made : bool
        Whether the rule was made for a question about a single credential, and is no text of anybody.
    """

    __slots__ = ("choice", "id", "level", "made", "rule", "title")

    def __init__(self, rule: Rule, kind: str = "", name: str = "", *, made: bool = False) -> None:
        self.rule, self.made = rule, made
        self.choice: dict[str, Any] = {kind: name} if kind else {}
        self.id = f"{rule.id}:{name}" if kind else rule.id
        self.title, self.level = rule.title, rule.level
        if kind:
            one = next(each for each in getattr(rule, f"{kind}s") if each.id == name)
            own = one.title
            if kind == "exit":
                own = (rule.to_dict()["exits"][name]).get("award") or own
            self.title = own or f"{rule.title}, {name}"
            self.level = one.level or rule.level

    def with_rule(self, rule: Rule) -> Form:
        """The same form of another text of its rule."""
        made = copy(self)
        made.rule = rule
        return made

    @property
    def goal(self) -> tuple[_core.Rule, dict[str, Any]]:
        """What the engine asks for."""
        return self.rule._c, dict(self.choice)

    @property
    def names(self) -> set[str]:
        """What conditions may call the award: its id, and its rule's where it is no exit."""
        return {self.id} if "exit" in self.choice else {self.id, self.rule.id}

    def text(self) -> dict[str, Any]:
        """The clauses of this form, alternatives laid over the main text."""
        from ..check._reading import read_rule

        return read_rule(self.rule.to_dict(), self.choice)

    @property
    def target(self) -> Fraction | None:
        """Least total the form states as a number."""
        total = self.text().get("total") or {}
        size = total.get("min", total.get("exact"))
        return Fraction(size) if isinstance(size, (int, str)) else None

    def to_dict(self) -> dict[str, Any]:
        """Id, title, level and the hash of the rule's content."""
        return {"id": self.id, "title": self.title, "level": self.level, "rule": self.rule.id, "hash": self.rule.hash}

    def __repr__(self) -> str:
        return f"<Form {self.id}: {self.title}>"


def forms_of(rule: Rule) -> list[Form]:
    """Every form of a rule in which it is an award of its own: variants or the main text, then exits."""
    if rule.kind != "award":
        raise InvalidValue(f"{rule.id} is a policy, which is laid over an award; it is no award of its own")
    main = [Form(rule, "variant", one.id) for one in rule.variants] or [Form(rule)]
    return main + [Form(rule, "exit", one.id) for one in rule.exits]


def form_of(world: World, named: Any) -> Form:
    """The form meant by ``"rule"``, ``"rule:variant"`` or ``"rule:exit"``, a rule, or a form.

    Raises
    ------
    UnknownId
        For a rule or form there is none of.
    InvalidValue
        For a rule with variants of which none is named.
    """
    if isinstance(named, Form):
        return named
    if isinstance(named, str) and named.partition(":")[0] in world.frameworks and ":" in named:
        raise InvalidValue(f"{named} is a level; name it alone as the target, or a rule here")
    name = ""
    if isinstance(named, str) and ":" in named:
        id, _, name = named.partition(":")
        rule = rule_given(world, id)
    else:
        rule = rule_given(world, named)
    if name:
        for kind in ("variant", "exit"):
            if name in [one.id for one in getattr(rule, f"{kind}s")]:
                return Form(rule, kind, name)
        known = [one.id for one in [*rule.variants, *rule.exits]]
        raise UnknownId(f'{rule.id} has no variant or exit "{name}".{_core.did_you_mean(name, known)}')
    if rule.kind != "award":
        raise InvalidValue(f"{rule.id} is a policy, which is laid over an award; it is no award of its own")
    if rule.variants:
        named_forms = ", ".join(f'"{rule.id}:{one.id}"' for one in rule.variants)
        raise InvalidValue(f"{rule.id} has variants: name one of {named_forms}")
    return Form(rule)


def ladder_forms(world: World, rungs: Any) -> list[Form]:
    """Rungs as named; a single rule stands for all its forms, the smallest first."""
    if isinstance(rungs, str) or not hasattr(rungs, "__iter__"):
        rungs = [rungs]
    asked = list(rungs)
    if len(asked) == 1 and not (isinstance(asked[0], str) and ":" in asked[0]) and not isinstance(asked[0], Form):
        forms = forms_of(rule_given(world, asked[0]))
        return sorted(forms, key=lambda form: (form.target is None, form.target or Fraction(0)))
    return [form_of(world, each) for each in asked]


def content_hash(value: Mapping[str, Any]) -> str:
    """SHA-256 of plain values; the order of keys has no part in it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def catalogue_hash(catalogue: Catalogue) -> str:
    """SHA-256 of a catalogue's content."""
    return content_hash(catalogue.to_dict())


def edition(catalogue: Catalogue, forms: Iterable[Form], record: Record | None = None) -> dict[str, Any]:
    """What an answer names so that it can be repeated: content hashes of catalogue, rules and record."""
    whole = catalogue.to_dict()
    return {
        "catalogue": whole.get("catalogue"),
        "catalogue_hash": catalogue_hash(catalogue),
        "rules": {form.rule.id: form.rule.hash for form in forms if not form.made},
        "record_hash": record.hash if record is not None else None,
    }
