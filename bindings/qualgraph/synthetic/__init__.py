"""Made-up catalogues and learners, to try things out on: seeded, and marked as synthetic.

Nothing here is a fact. The shares below are invented so that a catalogue has the variety that real
ones are said to have: many sizes, labels that tell little, much that is not stated. Every id begins
with ``syn-``, every title ends with ``(synthetic)``.

The same seed gives the same rows on every machine, and a larger catalogue begins with the smaller one.
"""

from __future__ import annotations

from .catalogue import SyntheticCatalogue, catalogue
from .learners import SyntheticLearners, learners

__all__ = ["SyntheticCatalogue", "SyntheticLearners", "catalogue", "learners"]
