"""Amounts of money as people write them, from whole minor units."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["money"]

# Digits after the point in ISO 4217, where they are not two.
_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def money(amount: Fraction | int | None, currency: str | None) -> str:
    """An amount of whole minor units in its currency.

    Examples
    --------
    >>> money(45000, "NZD"), money(45000, "KRW"), money(1, "BHD"), money(None, "NZD")
    ('NZD 450.00', 'KRW 45,000', 'BHD 0.001', 'not known')
    >>> money(45000, None)
    '45,000'
    """
    if amount is None:
        return "not known"
    number = Fraction(amount)
    if not currency:
        return f"{int(number):,}" if number.denominator == 1 else str(number)
    digits = _DIGITS.get(currency.upper(), 2)
    whole, rest = divmod(int(number), 10**digits)
    point = f".{rest:0{digits}}" if digits else ""
    return f"{currency} {whole:,}{point}"
