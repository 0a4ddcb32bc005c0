"""Market: what the plan so far tells of the factor that all seats share.

With `as_of` the year has begun, and its factor m = exp(s z - s^2 / 2) is the same before that day and after it. What
was seen so far, x, has about the logarithm

    ln(x / mu) = (s z - s^2 / 2) + (b' z - l) + e,   e normal with variance r = ln(1 + v) and mean -r / 2,

mu what the model expects with all factors at 1, v the variance of x / mu beside the market. Applied to amounts, x is
the money of deals that arose and were won in the plan, given how many of which product there were: v is the sum of the
variances of their amounts over mu^2, and what factors of seats and products add of their own; b' z - l, l = b'' / 2, is
what they share with the market, with weights w of the seats and products

    b' = sum w s_i rho_i,   b'' = sum w s_i^2 rho_i^2.

Applied to arrivals, x is the number of leads: v is 1 / mu, and what the gamma factors add. Then z is normal,

    with mean b y / (b^2 + r) and variance r / (b^2 + r),   b = s + b', y = ln(x / mu) + s^2 / 2 + l + r / 2

(a conjugate normal update; Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.5). The factors of seats,
products and sources are drawn as before, but for what they share with the market.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray, Opportunities
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import Leads, leads
from engine.pipeline.factors import Spreads, mean_factor, sigma
from engine.pipeline.law import Knots, mean, mean_square
from engine.pipeline.layout import TICKS
from engine.pipeline.model import Closing

_LEAST = 0.5
"""What counts as seen where nothing was, in leads."""


class Seen(NamedTuple):
    """What was seen so far of what the market multiplies."""

    what: str
    seen: float
    expected: float
    """With all factors at 1."""
    variance: float
    """Of seen over expected, beside the market."""
    slope: float = 0.0
    """Of its logarithm in the market's normal variable, beside that of its own factor."""
    level: float = 0.0
    """What its logarithm lacks for that."""


def learned(
    draft: Draft, found: Leads, spreads: Spreads, closing: Closing
) -> tuple[Spreads, tuple[str, ...]]:
    """Return the laws of the factors given what was seen before `as_of`, and what that rests on, in a sentence."""
    if draft.start == 0 or draft.inputs.actuals is None or spreads.market == 0:
        return spreads, ()
    seen = _leads(draft, found, spreads) if spreads.market_on_arrivals else _amounts(draft, spreads, closing)
    if isinstance(seen, str):
        return spreads, (f"{seen}: the factor of the market is drawn as at the start of the plan.",)
    spread, noise = sigma(spreads.market), float(np.log1p(seen.variance))
    slope = spread + seen.slope
    whole = slope**2 + noise
    if whole <= 0:
        return spreads, ()
    off = np.log(seen.seen / seen.expected) + (spread**2 + noise) / 2 + seen.level
    given = replace(spreads, z_mean=float(slope * off / whole), z_sd=float(np.sqrt(noise / whole)))
    middle = mean_factor(given, spreads.market, 1.0)
    deviation = middle * np.sqrt(np.expm1((spread * given.z_sd) ** 2))
    note = (
        f"{seen.what} since {draft.inputs.calendar.start}: {seen.seen:,.0f}, where {seen.expected:,.0f} were expected. "
        f"So the factor of the market is {middle:.3f} with a standard deviation of {deviation:.1%} for the rest of the "
        f"plan; without a look at them it would be 1 with {spreads.market:.1%}."
    )
    return given, (note,)


def _leads(draft: Draft, found: Leads, spreads: Spreads) -> Seen | str:
    """Leads of the plan so far: deals that were created in it, closed or open. Or why they tell nothing."""
    inputs = draft.inputs
    assert inputs.actuals is not None
    if not (inputs.actuals.outcome == 0).any():
        return "No lost deal is among the actuals, so they do not tell how many leads there were"
    whole = Draft(
        replace(inputs, calendar=replace(inputs.calendar, as_of=None)),
        draft.rep_of,
        draft.spec,
        draft.changes,
    )
    spring = found.arising.spring
    rate = leads(whole).arising.spring["rate"] - spring["rate"]
    expected = float(rate.sum())
    if expected <= 0:
        return "No leads were expected so far"
    count = sum(
        int((part.created >= inputs.calendar.start).sum()) for part in (inputs.actuals, inputs.pipeline)
    )
    share = np.array([rate[spring["group"] == place].sum() for place in range(len(found.groups))]) / expected
    variance = 1 / expected
    for factor, own in enumerate(spreads.group):
        mine = [place for place, members in enumerate(found.groups) if factor in members]
        variance += float(share[mine].sum()) ** 2 * float(own)
    return Seen("Leads", max(count, _LEAST), expected, variance)


def _amounts(draft: Draft, spreads: Spreads, closing: Closing) -> Seen | str:
    """Money of deals that arose and were won in the plan; those that were open at its start had known amounts.

    Or why it tells nothing: where the course of a deal depends on its size, the first to be won are not like the rest.
    """
    cases = [case for stage in draft.spec.stages for case in stage.cases]
    if any(case.size_from is not None or case.size_below is not None for case in cases):
        return (
            "The course of a deal depends on its size, so amounts of deals won early are not like the others"
        )
    inputs = draft.inputs
    assert inputs.actuals is not None
    deals = inputs.actuals
    rows = np.flatnonzero(
        (deals.outcome == 1)
        & (deals.created >= inputs.calendar.start)
        & (deals.amount >= 0)
        & (deals.product >= 0)
    )
    means, variances = _moments(draft, closing, deals, rows)
    money, expected = float(deals.amount[rows].sum()), float(means.sum())
    if money <= 0 or expected <= 0:
        return "Nothing that arose in the plan was won so far"
    seen = Seen(
        "Won amounts", money / draft.minor, expected / draft.minor, float(variances.sum()) / expected**2
    )
    seen = _with_factors(
        seen, (spreads.product, spreads.product_correlation), deals.product[rows], means / expected
    )
    if draft.changes.seats_win:
        return seen
    held = deals.rep[rows] >= 0
    return _with_factors(
        seen, (spreads.seat, spreads.seat_correlation), deals.rep[rows][held], means[held] / expected
    )


def _with_factors(
    seen: Seen, law: tuple[FloatArray, FloatArray], which: IntArray, shares: FloatArray
) -> Seen:
    """Add what factors of seats or products do: `which` has each deal, and its share of what is expected."""
    sd, correlation = law
    weight = np.bincount(which, shares, minlength=len(sd))
    spread = np.sqrt(np.log1p(sd**2))
    own = np.expm1(spread**2 * (1 - correlation**2))
    return seen._replace(
        variance=seen.variance + float(weight**2 @ own),
        slope=seen.slope + float(weight @ (spread * correlation)),
        level=seen.level + float(weight @ (spread * correlation) ** 2) / 2,
    )


def _moments(
    draft: Draft, closing: Closing, deals: Opportunities, rows: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the amount of each deal, with what it takes along, with all factors at 1."""
    knots = draft.tables.knots
    of_law = np.array([_of_product(knots, product) for product in closing.product])
    day = draft.inputs.calendar.day(deals.closed[rows]) * TICKS
    price = closing.price[np.searchsorted(closing.price_edge, day, side="right")]
    on_sale: BoolArray = closing.product["until"][None, :] > day[:, None]
    first, second = of_law[:, 0] * price, of_law[:, 1] * price**2
    own = deals.product[rows]
    at = np.arange(len(rows))
    chance = closing.attach[own] * on_sale
    means = first[at, own] + (chance * first).sum(axis=1)
    along = (chance * second - (chance * first) ** 2).sum(axis=1)
    return means, second[at, own] - first[at, own] ** 2 + along


def _of_product(knots: list[Knots], product: np.void) -> tuple[float, float]:
    """Mean and mean square of the amount of a product at its first price, minor units."""
    law, unit = knots[product["law"]], float(product["unit"])
    kept, kept_square = 1.0, 1.0
    if product["discount"] >= 0:
        level, off = knots[product["discount"]]
        left = (level, 1 - np.minimum(off, 1.0))
        kept, kept_square = mean(left), mean_square(left)
    return mean(law) * unit * kept, mean_square(law) * unit**2 * kept_square
