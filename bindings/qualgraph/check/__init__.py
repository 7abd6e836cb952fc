"""Is a published verdict true?

Code of its own, in plain Python with exact fractions: it shares nothing with the engine that found
the verdict. A world is asked only for what its public interface answers (which level stands
opposite another, what credits are worth in another system).

:func:`evaluate` judges every clause of a rule on a given allocation. :func:`build` writes down the
integer model of a rule and a record. :func:`check` verifies a certificate.

Notes
-----
A certificate is a JSON object. Every kind has ``kind`` and, but for ``provisional`` and
``re-solved``, ``reading`` (``"strict"``: what is not known counts against the learner;
``"favourable"``: for the learner) and ``choice`` (``reading``, ``variant``, ``title``, ``exit``,
``waivers``; absent for the main text). ``verdict`` may be stated and is then held against it.

``allocation``
    ``{"allocation": [{"item": id, "place": name or path, "amount": credits or null}, ...]}``
    (and ``"units"``, how many lie there, for an item that stands for several equal units): it
    meets every clause. Amounts of items that are not cut may be null.
``cut``, ``farkas``, ``log``
    ``{"proof": {"at_least": cost or null, "nodes": [...]}}``: no allocation has a shortfall of
    less cost, or none keeps the limits at all. With ``allocation`` (and ``shortfall`` by measure)
    also: and this one has no more. The three differ in what a reader makes of them: a cut and a
    Farkas vector are a single node ``dual``, a log is a tree.
``clash``
    ``{"together": [path, ...], "proof": {...}}``: these bounds alone contradict each other or lack
    something. The proof is about the model without all other bounds (``"alone"`` instead of it
    where one of them fails by itself). With ``needed``, one ``{"clause", "values"}`` for each: without it
    the rest can hold, with these values of columns (those not named are 0). With ``corrections``,
    a list of ``{"clauses", "values", "needed"}``: without these clauses all others hold, and for each of
    them ``{"clause", "proof"}`` (or ``"clauses"`` that fail whatever is placed) shows that it has to go too.
``broken``
    ``{"clauses": [path, ...]}``: they fail whatever is placed.
``provisional``
    ``{"yes": certificate, "no": certificate}``: a favourable allocation, and a strict refusal.
``completion``
    ``{"additions": [offer id, ...], "goals": [{"choice", "allocation"}, ...]}``: taken in this order,
    each is open and what it requires is held; with them every clause of every rule is met (but those
    that ``remaining`` names, which no offer can meet). ``days`` gives the day of each, none before the one
    before it; without it each is taken on the first day it is open. ``values`` says what they come to by each of
    the ``aims`` (``cost``, ``count``, ``credits``, ``months``). With ``status`` ``"optimal"``, ``bounds`` has for
    each aim a proof that nothing that is no worse by the others has less of it; with ``"impossible"``
    the one proof (or the ``clauses`` that fail whatever is taken) is that nothing on offer completes the
    rules. Bounds are about a model in which
    everything that can be taken, and of which the aims are known, has a column ``take[offer]``; what
    offers and clauses require before them is not in it, which leaves more choices, not fewer. A rule
    with clauses that change with what is taken (:func:`moving`) has no such model. Several rules are
    given as a list.
``re-solved``
    Nothing that could be verified was kept.

A refusal may have two more parts. ``least``: a refusal read strictly with its allocation, which shows
that nothing less than the shortfall can lack. ``others``: a refusal for every other variant of the rule,
so that no variant is met. ``counted`` (of an audit that counts the most) and ``others`` of a completion
can only be ``{"kind": "re-solved"}``. What is labelled ``re-solved`` inside a certificate is listed in
:attr:`Checked.resolved`.

Nodes of a proof stand in preorder, rows and columns under their names in the model:

- ``{"branch": [column, value]}``: the first subtree has ``column <= value``, the second
  ``column >= value + 1``;
- ``{"dual": {row: multiplier, ...}}``: whole multipliers; a positive one takes the lower bound of
  its row, a negative one the upper bound. The combined left side cannot reach the combined bound
  anywhere in the box. The row ``objective`` says that the cost is at most ``at_least - 1``;
- ``{"tightening": {row: multiplier, ...}}``: the same combination where it does not yet
  contradict the box; it tightens every column once, and one node follows;
- ``{"propagation": true}``: tightening alone empties the box.

- ``{"filling": {"columns": {column: weight}, "at_least": bound, "window": {...}, "items": [row, ...]}}``:
  before any branch; from here on the weighted columns are at least the bound, because no way to
  fill the window within the box weighs less. Columns of one of the rows ``items`` (coefficients 1)
  that bring and weigh the same count together. The new rows are called ``filling/0``,
  ``filling/1`` and so on; one node follows.

A window is ``{"low": row, "high": row, "slack": column}``: a minimum and a maximum over the same
items, and what the minimum may lack (None for none). Those of the proof's ``windows`` narrow every
box to values that some reachable sum goes with.

At every node the box is tightened by all rows and windows until nothing changes.
"""

import sys
from types import ModuleType
from typing import Any

from ._allocation import Finding, Report, evaluate
from ._certificate import check
from ._model import Model, build
from ._plan import moving
from ._reading import NotAnInput
from ._verdict import Checked

__all__ = ["Checked", "Finding", "Model", "NotAnInput", "Report", "build", "check", "evaluate", "moving"]


class _Callable(ModuleType):
    """The package itself is the question most often put to it: ``qg.check(certificate, record, rule)``."""

    def __call__(self, certificate: Any, record: Any, rule: Any, world: Any = None, catalogue: Any = None) -> Checked:
        return check(certificate, record, rule, world, catalogue)


sys.modules[__name__].__class__ = _Callable
