"""Slow reference for level mapping and credits: the definitions, written down plainly.

Nothing here is shared with the engine. Sets are Python sets, routes are found by trying
every path, minimal families by trying every family, fractions are ``fractions.Fraction``.
A disagreement between this package and the engine is therefore a fault in one of the two
readings of the definitions, not in shared code.
"""
