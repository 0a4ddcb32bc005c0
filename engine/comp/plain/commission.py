"""Commission, read plainly."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.commission import Commission
from engine.comp.plain import crediting, incentive, rated
from engine.comp.plain.person import Amount, Person


def earned(part: Commission, person: Person) -> list[int]:
    """Return what is earned in each period."""
    if not part.rates_deals:
        return incentive.earned(part, person, due)
    return incentive.by_period(part, person, lambda who: _rated(part, who))


def _rated(part: Commission, person: Person) -> tuple[incentive.Worth, incentive.OfDeal]:
    """Return what deals at rates of their own are worth, to date and by themselves."""
    deals = crediting.counted_deals(part, person)
    moves = deals if part.placed_by is None else person.deals(part.placed_by.measure)

    def of(numbers: list[int], quota: int, target: Fraction) -> Fraction:
        if part.needs_quota and quota <= 0:
            return Fraction(0)
        unit = quota if part.tiers_on == "attainment" else _step(part, person.minor)
        pays = rated.pays(part, [(moves[i], deals[i].credit) for i in numbers], unit, person.minor)
        return pays * target / quota if part.rates == "individual" else pays

    def to_date(period: int, _: Amount, quota: int, target: Fraction) -> Fraction:
        start = person.span(part.accumulate, period).start
        numbers = [i for i, deal in enumerate(deals) if start <= deal.period <= period]
        return of(numbers, quota, target)

    return to_date, lambda number, quota, target: of([number], quota, target)


def due(part: Commission, credit: Amount, quota: int, target: Fraction, minor: int) -> Fraction:
    """Return what the credit is worth, in minor units, unrounded."""
    if (part.tiers_on == "attainment" or part.rates == "individual") and quota <= 0:
        return Fraction(0)
    unit = quota if part.tiers_on == "attainment" else _step(part, minor)
    level = Fraction(credit, unit)
    if part.mode == "interpolated":
        return _amounts(part, level) * minor
    pays = _climbed(part, level, minor) * unit
    return pays * target / quota if part.rates == "individual" else pays


def _step(part: Commission, minor: int) -> int:
    """Return what one step of the levels of tiers on credit is: a unit, or a currency unit in minor units."""
    counts = part.rates == "per_unit" if part.placed_by is None else part.placed_by.levels_in == "units"
    return 1 if counts else minor


def _climbed(part: Commission, level: Fraction, minor: int) -> Fraction:
    """Climb the tiers: each one reached pays its own slice, or starts again from everything."""
    worth = Fraction(0)
    for i, tier in enumerate(part.tiers):
        start, rate = Fraction(tier.start), rated.rate(tier, minor)
        if i > 0 and not (level > start or (level == start and part.closed == "left")):
            break
        end = Fraction(part.tiers[i + 1].start) if i + 1 < len(part.tiers) else None
        top = level if end is None else min(level, end)
        if (tier.mode or part.mode) == "retroactive":
            worth = rate * top
        else:
            worth += rate * (top - start)
    return worth


def _amounts(part: Commission, level: Fraction) -> Fraction:
    worth = Fraction(0)
    for i, tier in enumerate(part.tiers):
        start = Fraction(tier.start)
        end = Fraction(part.tiers[i + 1].start if i + 1 < len(part.tiers) else tier.end or 0)
        passed = min((level - start) / (end - start), Fraction(1))
        if i == 0 or passed > 0:
            worth += passed * Fraction(tier.amount or 0)
    return worth
