"""Amounts so far: what money was won tells of the factors that multiply it.

Of deals that arose and were won in the plan, let mu be what the model expects with all factors at 1, given how many of
which product there were, and v the variance of x / mu that the factor in question leaves: the sum of the variances of
the amounts over mu^2, and what the own factors of others add. Money x has about the logarithm

    ln(x / mu) = b u - c + e,   e normal with variance r = ln(1 + v) and mean -r / 2,

u the normal variable in question, b what a unit of it does, c half of the squares of what is on the deals. Then u is
normal, with mean b y / (b^2 + r) and variance r / (b^2 + r), y = ln(x / mu) + c + r / 2 (a conjugate normal update;
Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.5; a sum of amounts as lognormal after Fenton, The sum of
log-normal probability distributions, 1960). All money tells of the market; that of a product, given the market, of the
product; that of a seat, given both, of the seat. Weights in b and c are shares of mu.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.factors import Spreads, sigma
from engine.pipeline.law import Knots, mean, mean_square
from engine.pipeline.layout import TICKS
from engine.pipeline.model import Closing
from engine.pipeline.so_far import Given


class Won(NamedTuple):
    """Deals that arose and were won in the plan before `as_of`; those open at its start had known amounts.

    Shape (deal,) each; minor units.
    """

    product: IntArray
    seat: IntArray
    """-1 where it is not told, or where factors of seats do not multiply amounts."""
    amount: IntArray
    mean: FloatArray
    """With all factors at 1."""
    variance: FloatArray


class Told(NamedTuple):
    """What money says: ln(x / mu) + c + r / 2, and r; both of shape (entity,), with 0 and infinity for no deals."""

    y: FloatArray
    noise: FloatArray


def won(draft: Draft, closing: Closing) -> Won | str:
    """Return the deals; or why they tell nothing, without a full stop.

    Where the course of a deal depends on its size, the first to be won are not like the rest.
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
    day = inputs.calendar.day(deals.closed[rows]) * TICKS
    product, amount = deals.product[rows], deals.amount[rows]
    means, variances = _moments(draft, closing, product, day)
    if amount.sum() <= 0 or means.sum() <= 0:
        return "Nothing that arose in the plan was won so far"
    seat = np.full(len(rows), -1) if draft.changes.seats_win else deals.rep[rows]
    return Won(product, seat, amount, means, variances)


def of_market(deals: Won, spreads: Spreads) -> tuple[float, Told]:
    """Return b of the market's variable, and what all money says of it."""
    mu = deals.mean.sum()
    spread = 0.0 if spreads.market_on_arrivals else sigma(spreads.market)
    b, c, v = spread, spread**2 / 2, float(deals.variance.sum() / mu**2)
    for sd, correlation, which in (
        (spreads.product, spreads.product_correlation, deals.product),
        (spreads.seat, spreads.seat_correlation, deals.seat),
    ):
        held = which >= 0
        weight = np.bincount(which[held], deals.mean[held] / mu, minlength=len(sd))
        shared, left = _parts(sd, correlation)
        b += float(weight @ shared)
        c += float(weight @ shared**2) / 2
        v += float(weight**2 @ left)
    noise = np.log1p([v])
    return b, Told(np.log([deals.amount.sum() / mu]) + c + noise / 2, noise)


def of_products(deals: Won, spreads: Spreads) -> Given:
    """Return the law of the products' variables given the market's."""
    count, seats = len(spreads.product), len(spreads.seat)
    table = np.zeros((count, seats))
    held = deals.seat >= 0
    np.add.at(table, (deals.product[held], deals.seat[held]), deals.mean[held])
    mu = np.bincount(deals.product, deals.mean, minlength=count).astype(np.float64)
    weight = table / np.where(mu > 0, mu, 1.0)[:, None]
    of_seats, left = _parts(spreads.seat, spreads.seat_correlation)
    market = 0.0 if spreads.market_on_arrivals else sigma(spreads.market)
    spread = np.sqrt(np.log1p(spreads.product**2))
    slope = market + spread * spreads.product_correlation + weight @ of_seats
    c = (market**2 + spread**2 + weight @ of_seats**2) / 2
    told = _told(deals, deals.product, mu, (c, weight**2 @ left))
    return _given(spread * np.sqrt(1 - spreads.product_correlation**2), told, slope[:, None])


def of_seats(deals: Won, spreads: Spreads) -> Given:
    """Return the law of the seats' variables given those of products and the market's."""
    count, products = len(spreads.seat), len(spreads.product)
    held = deals.seat >= 0
    own = Won(
        deals.product[held],
        deals.seat[held],
        deals.amount[held],
        deals.mean[held],
        deals.variance[held],
    )
    table = np.zeros((count, products))
    np.add.at(table, (own.seat, own.product), own.mean)
    mu = table.sum(axis=1)
    weight = table / np.where(mu > 0, mu, 1.0)[:, None]
    market = 0.0 if spreads.market_on_arrivals else sigma(spreads.market)
    sold, spread = np.sqrt(np.log1p(spreads.product**2)), np.sqrt(np.log1p(spreads.seat**2))
    with_market = market + weight @ (sold * spreads.product_correlation) + spread * spreads.seat_correlation
    slope = np.column_stack((weight * (sold * np.sqrt(1 - spreads.product_correlation**2)), with_market))
    c = (market**2 + weight @ sold**2 + spread**2) / 2
    told = _told(own, own.seat, mu, (c, np.zeros(count)))
    return _given(spread * np.sqrt(1 - spreads.seat_correlation**2), told, slope)


def _parts(sd: FloatArray, correlation: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what factors do with a unit of the market's variable, and the variance of their own parts."""
    spread = np.sqrt(np.log1p(sd**2))
    return spread * correlation, np.expm1(spread**2 * (1 - correlation**2))


def _told(deals: Won, which: IntArray, mu: FloatArray, known: tuple[FloatArray, FloatArray]) -> Told:
    """Return what the money of each entity says; `known` has c, and the variance that others add."""
    c, added = known
    money = np.bincount(which, deals.amount.astype(np.float64), minlength=len(mu))
    variance = np.bincount(which, deals.variance, minlength=len(mu))
    some = (mu > 0) & (money > 0)
    y, noise = np.zeros(len(mu)), np.full(len(mu), np.inf)
    noise[some] = np.log1p(variance[some] / mu[some] ** 2 + added[some])
    y[some] = np.log(money[some] / mu[some]) + c[some] + noise[some] / 2
    return Told(y, noise)


def _given(b: FloatArray, told: Told, slope: FloatArray) -> Given:
    """Return variables with the effect b, given others with the effects `slope`."""
    some = np.isfinite(told.noise) & (b > 0)
    whole = np.where(some, b**2 + told.noise, 1.0)
    gain = np.where(some, b / whole, 0.0)
    scale = np.sqrt(np.where(some, told.noise, 1.0) / whole)
    return Given(gain * told.y, gain[:, None] * slope, scale)


def _moments(draft: Draft, closing: Closing, own: IntArray, day: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the amount of each deal, with what it takes along, with all factors at 1."""
    knots = draft.tables.knots
    of_law = np.array([_of_product(knots, product) for product in closing.product])
    price = closing.price[np.searchsorted(closing.price_edge, day, side="right")]
    on_sale: BoolArray = closing.product["until"][None, :] > day[:, None]
    first, second = of_law[:, 0] * price, of_law[:, 1] * price**2
    at = np.arange(len(own))
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
