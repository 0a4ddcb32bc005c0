"""Factors of replications: the market, groups of springs, seats and products, each with mean 1.

One standard normal of the market lies behind all: that of an entity is rho times it plus sqrt(1 - rho^2) times one of
its own. Factors are lognormal, those of groups gamma. A draw is keyed by purpose and entity, so that a replication
has the same factors alone and in any block, and a further entity changes none of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log1p, sqrt

import numpy as np

from engine.inputs import FloatArray, KeyArray
from engine.pipeline.model import Futures
from engine.streams import Purpose, compiled, uniform


@dataclass(frozen=True)
class Spread:
    """How the factors of some entities spread."""

    key: KeyArray
    sd: FloatArray
    """Standard deviation of each factor, 0 where it is always 1; shape (entity,)."""
    rho: FloatArray
    """Correlation of the normal behind each factor with that of the market, from -1 to 1; shape (entity,)."""


@dataclass(frozen=True)
class Factors:
    """How all factors spread."""

    arrivals: float
    """Standard deviation of the market's factor on arrivals."""
    amounts: float
    """Standard deviation of the market's factor on amounts."""
    group: Spread
    """Gamma: leads of a group are over-dispersed, with a variance over mean of 1 + mean x sd^2."""
    seat: Spread
    product: Spread


@compiled
def _uniforms(run: tuple[int, int], purpose: int, key: KeyArray, drawn: FloatArray) -> None:
    """Fill (replication, entity) with uniform numbers; `run` is the seed and the first replication."""
    for index in range(drawn.shape[0]):
        for entity in range(drawn.shape[1]):
            drawn[index, entity] = uniform(run[0], run[1] + index, purpose, key[entity], 0)


@compiled
def _lognormal(normal: FloatArray, sd: FloatArray) -> None:
    """Make standard normals, shape (replication, entity), factors of mean 1; one by one, so that bits never differ."""
    for entity in range(normal.shape[1]):
        variance = log1p(sd[entity] * sd[entity])
        for index in range(normal.shape[0]):
            normal[index, entity] = exp(sqrt(variance) * normal[index, entity] - variance / 2)


def _normals(run: tuple[int, int], purpose: Purpose, key: KeyArray, count: int) -> FloatArray:
    """Draw standard normals of entities, shape (replication, entity)."""
    from scipy.special import ndtri

    drawn = np.empty((count, len(key)))
    _uniforms(run, int(purpose), key, drawn)
    normal: FloatArray = ndtri(drawn)
    return normal


def _with_market(market: FloatArray, own: FloatArray, rho: FloatArray) -> FloatArray:
    mixed: FloatArray = market * rho + own * np.sqrt(1 - rho * rho)
    return mixed


def _gamma(normal: FloatArray, sd: FloatArray) -> FloatArray:
    """Gamma factors of mean 1 at the levels of standard normals."""
    from scipy.special import gammaincinv, ndtr

    factor, spread = np.ones_like(normal), sd > 0
    shape = 1 / (sd[spread] * sd[spread])
    factor[:, spread] = gammaincinv(shape, ndtr(normal[:, spread])) / shape
    return factor


def futures(factors: Factors, seed: int, first: int, count: int) -> Futures:
    """Draw the factors of `count` replications from number `first` on."""
    run = (seed, first)
    market = _normals(run, Purpose.MARKET, np.zeros(1, np.uint64), count)
    both = np.repeat(market, 2, axis=1)
    _lognormal(both, np.array([factors.arrivals, factors.amounts]))
    drawn = {}
    for purpose, spread in ((Purpose.SEAT, factors.seat), (Purpose.SOLD, factors.product)):
        drawn[purpose] = _with_market(market, _normals(run, purpose, spread.key, count), spread.rho)
        _lognormal(drawn[purpose], spread.sd)
    own = _normals(run, Purpose.GROUP, factors.group.key, count)
    group = _gamma(_with_market(market, own, factors.group.rho), factors.group.sd)
    arrivals, amounts = np.ascontiguousarray(both.T)
    return Futures(seed, first, arrivals, amounts, group, drawn[Purpose.SEAT], drawn[Purpose.SOLD])
