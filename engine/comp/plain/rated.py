"""Rates that differ from deal to deal, read plainly: every deal is laid over the tiers of its own table."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from engine.comp.plain import factors
from engine.comp.plain.person import Amount, Sold

Slice = tuple[Fraction, Fraction | None, Fraction]
"""Where a slice of credit begins and ends (None: nowhere), minor units, and its rate."""


def rate(tier: Any, minor: int) -> Fraction:
    """Return the rate of a tier, or its minor units per unit of a count."""
    return Fraction(tier.amount) * minor if tier.rate is None else Fraction(tier.rate)


def pays(part: Any, deals: Iterable[tuple[Sold, Amount]], unit: int, minor: int) -> Fraction:
    """Return what deals, in their order, are paid at the rates of their tables and times their factors.

    Args:
        part: the commission.
        deals: deals to date, each with what moves it through the tiers as its credit, and what it is paid on.
        unit: minor units of one step of the levels: the quota, or a currency unit.
        minor: minor units per currency unit.

    """
    deals = list(deals)
    reached = sum((Fraction(deal.credit) for deal, _ in deals), Fraction(0))
    position, total = Fraction(0), Fraction(0)
    for deal, sold in deals:
        low, high = sorted((position, position + deal.credit))
        laid = Fraction(0)
        for begin, end, rate in _slices(part, _table(part, deal), reached, unit, minor):
            above = max(low, begin) if begin > 0 else low
            below = high if end is None else min(high, end)
            laid += rate * max(below - above, Fraction(0))
        share = Fraction(sold) / abs(Fraction(deal.credit)) if deal.credit else Fraction(0)
        total += laid * share * factors.factor(part.factors, deal)
        position += deal.credit
    return total


def _table(part: Any, deal: Sold) -> Any:
    own = part.tiers_by
    return own.tables.get(deal.says[own.by], part.tiers) if own is not None else part.tiers


def _slices(part: Any, tiers: Any, reached: Fraction, unit: int, minor: int) -> list[Slice]:
    """Return the tiers as slices; below a retroactive tier that was reached its rate holds."""
    if part.mode == "interpolated":
        return _shares(tiers, unit, minor)
    starts = [Fraction(tier.start) * unit for tier in tiers]
    rates = [rate(tier, minor) for tier in tiers]
    for k, start in enumerate(starts):
        if (tiers[k].mode or part.mode) != "retroactive" or k == 0:
            continue
        if reached < start or (reached == start and part.closed == "right"):
            # What earlier deals passed before others were taken back is still that of the tier below.
            starts, rates = starts[:k], rates[:k]
            break
        rates[:k] = [rates[k]] * k
    return list(zip(starts, [*starts[1:], None], rates, strict=True))


def _shares(tiers: Any, unit: int, minor: int) -> list[Slice]:
    slices: list[Slice] = []
    for k, tier in enumerate(tiers):
        start = Fraction(tier.start)
        end = Fraction(tiers[k + 1].start if k + 1 < len(tiers) else tier.end)
        slices.append((start * unit, end * unit, Fraction(tier.amount) * minor / ((end - start) * unit)))
    return slices
