"""Dual ascent over few candidate seats: good multipliers in seconds, from nothing.

The dual function is concave and piecewise linear; plain subgradient steps crawl. Steps here are those of Adam
(Kingma and Ba, 2015) with a step length that decays geometrically, a multiplier that would change its sign stops
at zero, and the second half of the iterates is averaged. The candidates are priced out again between rounds, and the
bound that counts is always evaluated over all pairs (pricing.py): a round that went too far for its candidates lowers
it, is taken back, and the next one steps less. Steps are long while the bound still rises much: where many seats
compete for few accounts multipliers have a long way to go. Most of that way is gone on a sample of the units: its
multipliers are good ones for all of them, at a fraction of the work.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from solvers.alignment.instance import Instance, sampled
from solvers.alignment.multipliers import Multipliers, valid
from solvers.alignment.pricing import Candidates, Pricer
from solvers.compiled import compiled

SLOTS = 16
ITERATIONS, MOST_ROUNDS = 100, 40
FIRST, LAST, WITHIN = 0.3, 1e-4, 0.6
"""First and last step of a round, as a share of the mean cost per scaled unit; and by what it falls within a round."""
WORTH, FALL, BACK = 1e-3, 0.55, 0.3
"""Relative rise of the bound for which the step is kept; factors of the step when it rises by less, or not at all."""
MOMENTUM, MEMORY = 0.9, 0.99
SAMPLE, THINNED = 100, 4
"""Units per seat that a sample holds, and how many times as many there must be for a sample to pay."""
SAMPLED_FIRST = 0.03
"""First step of a round that starts from the multipliers of a sample."""


def ascend(pricer: Pricer, little: float = 0.0) -> tuple[float, Multipliers]:
    """Return a bound over all pairs and the multipliers that prove it.

    `little` is the relative rise of the bound below which a round was the last.
    """
    instance = pricer.instance
    every = instance.units // (SAMPLE * instance.reps)
    if every < THINNED:
        zero = Multipliers(np.zeros(instance.lower.shape), np.zeros(len(instance.limits)))
        return _climbed(pricer, zero, FIRST, little)
    sample = sampled(instance, every)
    _, found = ascend(Pricer(sample, pricer.threads), little)
    return _climbed(pricer, _carried(found, sample, instance), SAMPLED_FIRST, little)


def _carried(found: Multipliers, sample: Instance, instance: Instance) -> Multipliers:
    """Return multipliers of a sample in the scaled units of the whole."""
    return Multipliers(found.band * (instance.scale / sample.scale)[:, None], found.budget)


def _climbed(pricer: Pricer, proven: Multipliers, step: float, little: float) -> tuple[float, Multipliers]:
    best, candidates = pricer.candidates(proven, SLOTS)
    length = max(abs(best), 1e-9) / pricer.instance.reps
    for _ in range(MOST_ROUNDS):
        if step < LAST:
            break
        found = _round(pricer, candidates, proven, ITERATIONS, step * length, WITHIN * step * length)
        bound, priced = pricer.candidates(found, SLOTS)
        if bound <= best:
            step *= BACK
            continue
        rise = (bound - best) / max(abs(bound), 1e-300)
        step *= 1.0 if rise > WORTH else FALL
        best, proven, candidates = bound, found, priced
        if rise < little:
            break
    return best, proven


def _round(
    pricer: Pricer, candidates: Candidates, start: Multipliers, iterations: int, first: float, last: float
) -> Multipliers:
    instance = pricer.instance
    limits = np.maximum(instance.limits, 1).astype(np.float64)
    reps = instance.reps
    mu, price = start.band.T.copy(), start.budget * limits / reps
    climb(
        candidates.seat,
        candidates.cost,
        candidates.leaves / limits[:, None, None] * reps,
        pricer.pairs.scaled,
        np.ascontiguousarray(pricer.lower.T),
        np.ascontiguousarray(pricer.upper.T),
        mu,
        price,
        (iterations, first, last),
    )
    return valid(instance, Multipliers(mu.T.copy(), price / limits * reps))


@compiled
def climb(
    seat: Any, cost: Any, leaves: Any, scaled: Any, lower: Any, upper: Any, mu: Any, price: Any, steps: Any
) -> None:
    """Improve `mu` (rep, row kind) and `price` (budget,) in place; a budget is scaled such that its limit is `reps`."""
    iterations, first, last = steps
    reps, rows = mu.shape
    budgets = price.shape[0]
    load, used = np.zeros((reps, rows)), np.zeros(budgets)
    drift, size = np.zeros((reps, rows)), np.zeros((reps, rows))
    drift_b, size_b = np.zeros(budgets), np.zeros(budgets)
    mean, mean_b, counted = np.zeros((reps, rows)), np.zeros(budgets), 0
    for turn in range(1, iterations + 1):
        choose(seat, cost, leaves, scaled, mu, price, load, used)
        step = first * (last / first) ** (turn / iterations)
        fresh, settled = 1.0 - MOMENTUM**turn, 1.0 - MEMORY**turn
        for j in range(reps):
            for k in range(rows):
                now = mu[j, k]
                if now > 0.0:
                    slope = load[j, k] - upper[j, k]
                elif now < 0.0:
                    slope = load[j, k] - lower[j, k]
                else:
                    slope = max(load[j, k] - upper[j, k], 0.0) + min(load[j, k] - lower[j, k], 0.0)
                drift[j, k] = MOMENTUM * drift[j, k] + (1.0 - MOMENTUM) * slope
                size[j, k] = MEMORY * size[j, k] + (1.0 - MEMORY) * slope * slope
                then = now + step * (drift[j, k] / fresh) / (sqrt(size[j, k] / settled) + 1e-12)
                mu[j, k] = 0.0 if now * then < 0.0 else then
        for b in range(budgets):
            slope = used[b] - reps
            drift_b[b] = MOMENTUM * drift_b[b] + (1.0 - MOMENTUM) * slope
            size_b[b] = MEMORY * size_b[b] + (1.0 - MEMORY) * slope * slope
            price[b] = max(price[b] + step * (drift_b[b] / fresh) / (sqrt(size_b[b] / settled) + 1e-12), 0.0)
        if 2 * turn > iterations:
            mean += mu
            mean_b += price
            counted += 1
    mu[:, :] = mean / counted
    price[:] = mean_b / counted


@compiled
def choose(seat: Any, cost: Any, leaves: Any, scaled: Any, mu: Any, price: Any, load: Any, used: Any) -> None:
    """Send each unit to its cheapest candidate; fill the loads (rep, row kind) and what the budgets have used."""
    load[:, :] = 0.0
    used[:] = 0.0
    rows = mu.shape[1]
    for u in range(seat.shape[0]):
        best, at = np.inf, 0
        for t in range(seat.shape[1]):
            j = seat[u, t]
            if j < 0:
                break
            reduced = cost[u, t]
            for k in range(rows):
                reduced += mu[j, k] * scaled[u, k]
            for b in range(price.shape[0]):
                reduced += price[b] * leaves[b, u, t]
            if reduced < best:
                best, at = reduced, t
        j = seat[u, at]
        for k in range(rows):
            load[j, k] += scaled[u, k]
        for b in range(price.shape[0]):
            used[b] += leaves[b, u, at]
