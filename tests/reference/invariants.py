"""What tests of invariants share: blocks of seeds, and what a rule may ask for."""

from __future__ import annotations

import pytest


def seeds(quick=300, full=3000, block=50):
    """Blocks of seeds: the quick ones, and more behind the mark ``full``."""
    blocks = [range(start, start + block) for start in range(0, quick, block)]
    blocks += [
        pytest.param(range(start, start + 10 * block), marks=pytest.mark.full)
        for start in range(quick, quick + full, 10 * block)
    ]
    return pytest.mark.parametrize("numbers", blocks, ids=lambda numbers: f"{numbers[0]}-{numbers[-1]}")


def holds_anywhere(tree, keys):
    """Whether a rule has one of some keys (or some key with some value)."""
    if isinstance(tree, dict):
        return any(
            (key in keys or (key, str(value)) in keys or holds_anywhere(value, keys)) for key, value in tree.items()
        )
    if isinstance(tree, list):
        return any(holds_anywhere(each, keys) for each in tree)
    return False


def asks_the_record(rule):
    """Whether adding an item may switch something on: the rules of which free selection is not said."""

    def conditional(tree):
        if isinstance(tree, dict):
            for key, value in tree.items():
                if key in ("when", "table") and holds_anywhere({"x": value}, {"holds"}):
                    return True
                if conditional(value):
                    return True
        return isinstance(tree, list) and any(conditional(each) for each in tree)

    return (
        holds_anywhere(rule, {("over", "record"), ("effect", "invalid"), "for_each"})
        or conditional(rule)
        or any(holds_anywhere(one.get("when", {}), {"holds"}) for one in rule.get("substitutions", {}).values())
        or any(holds_anywhere(one.get("needs", {}), {"holds"}) for one in rule.get("requirements", {}).values())
    )
