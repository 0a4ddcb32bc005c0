"""Tables: what rate tables say by themselves, where there is no quota yet to settle a typical person on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from engine import amounts
from engine.comp.checking.finding import Check
from engine.comp.component import Component


def tables(plan: str, part: Component, currency: str) -> Iterator[Check]:
    """Yield whether the table of a component ever falls, and its cliffs."""
    minor = 10 ** amounts.decimals(currency)
    table = part.table(minor)
    if table is None:
        return
    what = f"Plan {plan}, {part.label}"
    rises = "pay never falls" if table.rising else "pay falls somewhere"
    yield Check(plan, "monotone", table.rising, f"{what}: {rises} as credit rises.")
    on_credit = getattr(part, "tiers_on", "attainment") == "credit"
    for knot, jump in zip(table.knots, table.jumps, strict=True):
        if jump:
            level = _level(part, knot, minor, currency) if on_credit else f"{float(knot):.1%}"
            verb = "jumps" if jump > 0 else "drops"
            size = _jump(part, abs(jump), knot, minor, on_credit)
            message = f"{what}: a cliff at {level}, where pay {verb} by {size}."
            yield Check(plan, "cliff", True, message)


def _level(part: Component, knot: Fraction, minor: int, currency: str) -> str:
    return (
        f"{float(knot):,.0f} units"
        if getattr(part, "in_units", False)
        else f"{float(knot) / minor:,.0f} {currency}"
    )


def _jump(part: Component, jump: Fraction, knot: Fraction, minor: int, on_credit: bool) -> str:
    per_unit = getattr(part, "rates", None) == "per_unit"
    if getattr(part, "placed_by", None) is not None:
        rate = jump / knot
        return (
            f"{float(rate) / minor:,.2f} a unit" if per_unit else f"{float(rate):.1%} of what was sold before"
        )
    if per_unit and not on_credit:
        return f"{float(jump) / minor:,.2f} for each unit of the quota"
    if on_credit:
        return f"{float(jump) / minor:,.2f}" + (" x the target rate" if part.target_weight else "")
    return f"{float(jump):.1%} of " + ("its target incentive" if part.target_weight else "the quota")
