"""Factors: what a replication draws for everybody: the market, groups of leads, seats, products.

Lognormal with mean 1 and standard deviation s: exp(sigma z - sigma^2 / 2), sigma^2 = ln(1 + s^2). The normal
variable of a seat or product is z = rho z_market + sqrt(1 - rho^2) e, with one normal z_market for the replication.
Groups of leads multiply gamma factors, each with mean 1 and a variance v. z_market, e and the gamma factors are drawn
given what was seen of a plan that has begun (engine.pipeline.so_far).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray, KeyArray
from engine.pipeline.model import Future, Futures, future_of
from engine.pipeline.so_far import SoFar, gammas
from engine.streams import Purpose, compiled, uniform

_MARKET = np.zeros(1, dtype=np.uint64)


@dataclass(frozen=True)
class Spreads:
    """Laws of the factors."""

    market: float
    """Standard deviation of the market's factor."""
    market_on_arrivals: bool
    """Whether it multiplies the rate of leads, and not amounts."""
    group_key: KeyArray
    group: FloatArray
    """Variance of each gamma factor on leads."""
    groups: tuple[tuple[int, ...], ...]
    """Which of them each group of springs multiplies."""
    seat_key: KeyArray
    seat: FloatArray
    """Standard deviation of each seat's factor."""
    seat_correlation: FloatArray
    """Of its normal variable with the market's."""
    product_key: KeyArray
    product: FloatArray
    product_correlation: FloatArray
    mix: FloatArray
    """Deals of each product that its share was counted from; all 0 where shares are exact."""
    stage_key: KeyArray
    odds: FloatArray
    """Standard deviation of the logarithm of the factor on the odds of advancing from each stage."""
    days: FloatArray
    """The same of the factor on the days in each stage."""
    pace: FloatArray
    """Median of that factor: 1 unless all deals are to take longer or shorter."""
    so_far: SoFar | None = None
    """What the plan so far tells of all of them; None where nothing."""

    @property
    def market_normal(self) -> tuple[float, float]:
        """Mean and standard deviation of the market's normal variable: 0 and 1 unless the plan so far tells of it."""
        return (0.0, 1.0) if self.so_far is None else (self.so_far.mean, self.so_far.sd)

    def product_normal(self, place: int) -> tuple[float, float]:
        """Return mean and standard deviation of the normal variable behind a product's factor, likewise."""
        if self.so_far is None:
            return 0.0, 1.0
        return self.so_far.product_normal(place, float(self.product_correlation[place]))

    def seat_normal(self, place: int) -> tuple[float, float]:
        """Return mean and standard deviation of the normal variable behind a seat's factor, likewise."""
        if self.so_far is None:
            return 0.0, 1.0
        return self.so_far.seat_normal(place, float(self.seat_correlation[place]))


def sigma(sd: float) -> float:
    """Return the standard deviation of the logarithm of a lognormal factor with mean 1, given its own."""
    return float(np.sqrt(np.log1p(sd**2)))


def moments(sd: float, normal: tuple[float, float]) -> tuple[float, float]:
    """Mean and standard deviation of a lognormal factor, given those of the normal variable behind it."""
    mean, deviation = normal
    spread = sigma(sd)
    middle = float(np.exp(spread * mean - spread**2 * (1 - deviation**2) / 2))
    return middle, middle * float(np.sqrt(np.expm1((spread * deviation) ** 2)))


def futures(spreads: Spreads, seed: int, first: int, count: int) -> Futures:
    """Draw the factors of `count` replications from number `first` on."""
    numbers = np.arange(first, first + count, dtype=np.int64)
    z = _normal(seed, numbers, Purpose.MARKET, _MARKET)
    sold = _own(seed, numbers, Purpose.SOLD, (spreads.product_key, spreads.product))
    own = _own(seed, numbers, Purpose.SEAT, (spreads.seat_key, spreads.seat))
    none = np.zeros(len(spreads.groups))
    seen = (none, none)
    if spreads.so_far is not None:
        z = spreads.so_far.mean + spreads.so_far.sd * z
        sold = spreads.so_far.products.of(sold, z)
        own = spreads.so_far.seats.of(own, np.hstack((sold, z)))
        seen = (spreads.so_far.leads, spreads.so_far.expected)
    market = _lognormal(z, np.array([spreads.market]))[:, 0]
    ones = np.ones(count)
    arrivals, amounts = (market, ones) if spreads.market_on_arrivals else (ones, market)
    seats = _correlated(own, (spreads.seat, spreads.seat_correlation), z)
    products = _correlated(sold, (spreads.product, spreads.product_correlation), z)
    products *= _shares(seed, numbers, spreads)
    levels = _uniforms(seed, numbers, Purpose.GROUP, spreads.group_key)
    drawn = gammas(spreads.group, spreads.groups, seen, levels, arrivals)
    groups = np.ones((count, len(spreads.groups)))
    for place, members in enumerate(spreads.groups):
        groups[:, place] = drawn[:, list(members)].prod(axis=1)
    odds = _median_one(seed, numbers, Purpose.ODDS, (spreads.stage_key, spreads.odds))
    days = _median_one(seed, numbers, Purpose.DAYS, (spreads.stage_key, spreads.days)) * spreads.pace
    return Futures(seed, first, arrivals, amounts, groups, seats, products, odds, days)


def each(drawn: Futures) -> Iterator[Future]:
    """Yield the replications one by one."""
    for index in range(len(drawn.arrivals)):
        yield future_of(drawn, index)


def _shares(seed: int, numbers: IntArray, spreads: Spreads) -> FloatArray:
    """Return the share of each product over the one that was counted, shape (replication, product).

    With n_p deals of product p, shares are Dirichlet(n), which keeps the counted shares as means: gamma variables with
    shapes n_p, over their sum (Gelman et al., Bayesian Data Analysis, 3rd edition, section 3.4 and appendix A).
    """
    from scipy.special import gammaincinv

    known = np.flatnonzero(spreads.mix > 0)
    found = np.ones((len(numbers), len(spreads.mix)))
    if len(known) < 2:
        return found
    counted = spreads.mix[known]
    drawn = gammaincinv(counted, _uniforms(seed, numbers, Purpose.MIX, spreads.product_key[known]))
    whole = np.zeros(len(numbers))
    for column in drawn.T:
        whole = whole + column
    found[:, known] = drawn / whole[:, None] * (counted.sum() / counted)
    return found


def _median_one(
    seed: int, numbers: IntArray, purpose: Purpose, law: tuple[KeyArray, FloatArray]
) -> FloatArray:
    """Return exp(s z): factors of what is not known exactly."""
    key, sd = law
    if not sd.any():
        return np.ones((len(numbers), len(sd)))
    return np.asarray(np.exp(sd * _normal(seed, numbers, purpose, key)), dtype=np.float64)


def _own(seed: int, numbers: IntArray, purpose: Purpose, law: tuple[KeyArray, FloatArray]) -> FloatArray:
    """Return standard normal variables of entities; zeros where no factor spreads."""
    key, sd = law
    return _normal(seed, numbers, purpose, key) if sd.any() else np.zeros((len(numbers), len(sd)))


def _correlated(own: FloatArray, law: tuple[FloatArray, FloatArray], z: FloatArray) -> FloatArray:
    sd, correlation = law
    return _lognormal(correlation * z + np.sqrt(1 - correlation**2) * own, sd)


def _lognormal(z: FloatArray, sd: FloatArray) -> FloatArray:
    sigma = np.sqrt(np.log1p(sd**2))
    return np.asarray(np.exp(sigma * z - sigma**2 / 2), dtype=np.float64)


def _normal(seed: int, numbers: IntArray, purpose: Purpose, key: KeyArray) -> FloatArray:
    from scipy.special import ndtri

    return np.asarray(ndtri(_uniforms(seed, numbers, purpose, key)), dtype=np.float64)


def _uniforms(seed: int, numbers: IntArray, purpose: Purpose, key: KeyArray) -> FloatArray:
    """Return the uniform number of each entity in each replication, shape (replication, entity)."""
    drawn = np.empty((len(numbers), len(key)))
    _draw(seed, numbers, int(purpose), key, drawn)
    return drawn


@compiled
def _draw(seed: int, numbers: IntArray, purpose: int, key: KeyArray, drawn: FloatArray) -> None:
    """Fill in the uniform number of each entity in each replication. Arrays are not made here: that compiles long."""
    for row in range(len(numbers)):
        for place in range(len(key)):
            drawn[row, place] = uniform(seed, numbers[row], purpose, key[place], 0)
