"""Factors: what a replication draws for everybody: the market, groups of leads, seats, products.

Lognormal with mean 1 and standard deviation s: exp(sigma z - sigma^2 / 2), sigma^2 = ln(1 + s^2). The normal
variable of a seat or product is z = rho z_market + sqrt(1 - rho^2) e, with one normal z_market for the replication,
a standard one unless the plan has begun (engine.pipeline.build.market).
Groups of leads multiply gamma factors, each with mean 1 and a variance v.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray, KeyArray
from engine.pipeline.model import Future, Futures, future_of
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
    stage_key: KeyArray
    odds: FloatArray
    """Standard deviation of the logarithm of the factor on the odds of advancing from each stage."""
    days: FloatArray
    """The same of the factor on the days in each stage."""
    pace: FloatArray
    """Median of that factor: 1 unless all deals are to take longer or shorter."""
    z_mean: float = 0.0
    """Mean of the market's normal variable: 0 unless the plan so far tells of it."""
    z_sd: float = 1.0
    """Its standard deviation, likewise."""


def sigma(sd: float) -> float:
    """Return the standard deviation of the logarithm of a lognormal factor with mean 1, given its own."""
    return float(np.sqrt(np.log1p(sd**2)))


def mean_factor(spreads: Spreads, sd: float, correlation: float) -> float:
    """Mean of a lognormal factor, given the law of the market's normal variable: 1 where that is a standard one."""
    shift = correlation * spreads.z_mean - sigma(sd) * correlation**2 * (1 - spreads.z_sd**2) / 2
    return float(np.exp(sigma(sd) * shift))


def futures(spreads: Spreads, seed: int, first: int, count: int) -> Futures:
    """Draw the factors of `count` replications from number `first` on."""
    from scipy.special import gammaincinv

    numbers = np.arange(first, first + count, dtype=np.int64)
    z = spreads.z_mean + spreads.z_sd * _normal(seed, numbers, Purpose.MARKET, _MARKET)
    market = _lognormal(z, np.array([spreads.market]))[:, 0]
    ones = np.ones(count)
    arrivals, amounts = (market, ones) if spreads.market_on_arrivals else (ones, market)
    seats = _correlated(
        seed, numbers, Purpose.SEAT, spreads.seat_key, (spreads.seat, spreads.seat_correlation), z
    )
    products = _correlated(
        seed, numbers, Purpose.SOLD, spreads.product_key, (spreads.product, spreads.product_correlation), z
    )
    levels = _uniforms(seed, numbers, Purpose.GROUP, spreads.group_key)
    gammas = gammaincinv(1 / spreads.group, levels) * spreads.group
    groups = np.ones((count, len(spreads.groups)))
    for place, members in enumerate(spreads.groups):
        groups[:, place] = gammas[:, list(members)].prod(axis=1)
    odds = _median_one(seed, numbers, Purpose.ODDS, (spreads.stage_key, spreads.odds))
    days = _median_one(seed, numbers, Purpose.DAYS, (spreads.stage_key, spreads.days)) * spreads.pace
    return Futures(seed, first, arrivals, amounts, groups, seats, products, odds, days)


def each(drawn: Futures) -> Iterator[Future]:
    """Yield the replications one by one."""
    for index in range(len(drawn.arrivals)):
        yield future_of(drawn, index)


def _median_one(
    seed: int, numbers: IntArray, purpose: Purpose, law: tuple[KeyArray, FloatArray]
) -> FloatArray:
    """Return exp(s z): factors of what is not known exactly."""
    key, sd = law
    if not sd.any():
        return np.ones((len(numbers), len(sd)))
    return np.asarray(np.exp(sd * _normal(seed, numbers, purpose, key)), dtype=np.float64)


def _correlated(
    seed: int,
    numbers: IntArray,
    purpose: Purpose,
    key: KeyArray,
    law: tuple[FloatArray, FloatArray],
    z: FloatArray,
) -> FloatArray:
    sd, correlation = law
    if not sd.any():
        return np.ones((len(numbers), len(sd)))
    own = _normal(seed, numbers, purpose, key)
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
