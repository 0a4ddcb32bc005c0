"""So far: what a plan that has begun tells of the factors that it drew at its start.

With `as_of` the year has begun, and the factors of the market, of products, seats and sources are the same before that
day and after it. The number of leads tells of a market that multiplies them, and of the gamma factors of sources; money
that was won tells of the others. What neither tells is drawn as at the start of the plan: a factor of seats on the
chance to win, and how far odds and days are off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import FloatArray
from engine.pipeline.build.amounts_so_far import Told, Won, of_market, of_products, of_seats, won
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import Leads
from engine.pipeline.build.leads_so_far import Counted, counted
from engine.pipeline.factors import Spreads, moments, sigma
from engine.pipeline.model import Closing
from engine.pipeline.so_far import Given, SoFar


@dataclass(frozen=True)
class Seen:
    """What was seen in the plan before `as_of`, and what was expected with all factors at 1."""

    leads: tuple[float, float] | None
    """Of all sources; None where the tables do not tell."""
    money: tuple[FloatArray, FloatArray] | None
    """Of each product, minor units; None where it tells of nothing."""
    money_of_seats: tuple[FloatArray, FloatArray] | None


@dataclass(frozen=True)
class Learned:
    """What was learned."""

    spreads: Spreads
    """Laws of the factors, given what was seen."""
    notes: tuple[str, ...] = ()
    """What that rests on, in sentences."""
    seen: Seen | None = None


def learned(draft: Draft, found: Leads, spreads: Spreads, closing: Closing) -> Learned:
    """Return the laws of the factors given what was seen before `as_of`."""
    on_leads = bool(spreads.groups) or (spreads.market > 0 and spreads.market_on_arrivals)
    on_money = bool(spreads.product.any() or (spreads.seat.any() and not draft.changes.seats_win))
    on_money |= spreads.market > 0 and not spreads.market_on_arrivals
    if draft.start == 0 or draft.inputs.actuals is None or not (on_leads or on_money):
        return Learned(spreads)
    leads = counted(draft, found, spreads) if on_leads else ""
    deals = won(draft, closing) if on_money else ""
    notes = [f"{why}: factors on {what} are drawn as at the start of the plan."
             for why, what in ((leads, "leads"), (deals, "amounts")) if isinstance(why, str) and why]  # fmt: skip
    so_far = SoFar(
        0.0,
        1.0,
        Given.none(len(spreads.product), 1),
        Given.none(len(spreads.seat), len(spreads.product) + 1),
        np.zeros(len(spreads.groups)),
        np.zeros(len(spreads.groups)),
    )
    if isinstance(leads, Counted):
        so_far = _with_leads(so_far, leads, spreads)
        notes += [leads.note] if leads.note else []
    if isinstance(deals, Won):
        so_far = _with_money(so_far, deals, spreads)
    if isinstance(leads, str) and isinstance(deals, str):
        return Learned(spreads, tuple(notes))
    given = replace(spreads, so_far=so_far)
    seen = _seen(draft, leads, deals, given)
    if spreads.market > 0:
        notes = [*_of_market(draft, given, seen), *notes]
    return Learned(given, tuple(notes), seen)


def _with_leads(so_far: SoFar, leads: Counted, spreads: Spreads) -> SoFar:
    """Learn from the number of leads: ln(n / m) is about s z - s^2 / 2 + e, e as that of money."""
    so_far = replace(so_far, leads=leads.seen, expected=leads.of_group)
    if not spreads.market_on_arrivals:
        return so_far
    spread, noise = sigma(spreads.market), np.log1p([leads.variance])
    ratio = max(leads.number, _LEAST) / leads.expected
    return _market(so_far, spread, Told(np.log([ratio]) + (spread**2 + noise) / 2, noise))


_LEAST = 0.5
"""What counts as seen where nothing was, in leads."""


def _with_money(so_far: SoFar, deals: Won, spreads: Spreads) -> SoFar:
    so_far = _market(so_far, *of_market(deals, spreads))
    return replace(so_far, products=of_products(deals, spreads), seats=of_seats(deals, spreads))


def _market(so_far: SoFar, b: float, told: Told) -> SoFar:
    """Update the market's variable by something that moves by b with it."""
    prior, noise = so_far.sd**2, float(told.noise[0])
    whole = b**2 * prior + noise
    if b == 0 or whole <= 0:
        return so_far
    mean = so_far.mean + prior * b * (float(told.y[0]) - b * so_far.mean) / whole
    return replace(so_far, mean=mean, sd=float(np.sqrt(prior * noise / whole)))


def _seen(draft: Draft, leads: Counted | str, deals: Won | str, given: Spreads) -> Seen:
    def by(which: str, entities: int) -> tuple[FloatArray, FloatArray] | None:
        if isinstance(deals, str):
            return None
        index = getattr(deals, which)
        held = index >= 0
        mu = np.bincount(index[held], deals.mean[held], minlength=entities)
        money = np.bincount(index[held], deals.amount[held], minlength=entities)
        return money.astype(np.float64), mu.astype(np.float64)

    return Seen(
        None if isinstance(leads, str) else (float(leads.number), leads.expected),
        by("product", len(given.product)),
        by("seat", len(given.seat)),
    )


def _of_market(draft: Draft, given: Spreads, seen: Seen) -> list[str]:
    """Say what was learned of the market."""
    on_leads, minor = given.market_on_arrivals, draft.minor
    if on_leads and seen.leads is not None:
        what, (count, expected) = "Leads", seen.leads
    elif not on_leads and seen.money is not None:
        what, count, expected = "Won amounts", seen.money[0].sum() / minor, seen.money[1].sum() / minor
    else:
        return []
    middle, deviation = moments(given.market, given.market_normal)
    return [
        f"{what} since {draft.inputs.calendar.start}: {count:,.0f}, where {expected:,.0f} were expected. "
        f"So the factor of the market is {middle:.3f} with a standard deviation of {deviation:.1%} for the rest of the "
        f"plan; without a look at them it would be 1 with {given.market:.1%}."
    ]
