"""Looking around in a world of facts: what is in it, what is known of a framework, what sits beside what."""

from __future__ import annotations

from .compare import Comparison, compare
from .coverage import Coverage, CoverageOverview, coverage
from .find import Found, find

__all__ = ["Comparison", "Coverage", "CoverageOverview", "Found", "compare", "coverage", "find"]
