"""Amounts in messages."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from engine.amounts import from_minor


def amount(value: Fraction | float | int, currency: str) -> str:
    """Return minor units as money for a message: `1,250.00 USD`; a part of a minor unit is rounded up."""
    return f"{from_minor(ceil(Fraction(value) - Fraction(1, 1000)), currency):,} {currency}"
