"""How many times fewer replications the same precision takes, at the same cost: control variates and two others.

The year of everything is simulated in sets of replications. Independent ones, as the engine draws them, are adjusted
by its control variates. Beside them stand antithetic pairs, whose normal variables of the market and of the seats are
z and -z, and scrambled Sobol points over these variables, whose number is fixed, each set with a scramble of its own.
What single deals draw stays independent.

The figure is the variance of a mean over independent replications, over that with, times seconds without over
seconds with. Above 1 it pays. For Sobol points it rests on the spread of the sets alone, so with 48 sets it is known
to 20 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import process_time
from typing import Literal, NamedTuple

import numpy as np

from benchmarks.pipeline_peer import MOST_Z
from benchmarks.pipeline_worlds import MEASURES, YEAR, busy_seats
from benchmarks.subject import Run, Shown
from engine.inputs import FloatArray, IntArray
from engine.pipeline import counters
from engine.pipeline.build import Built, build
from engine.pipeline.control_variates import adjusted
from engine.pipeline.events.block import simulate_block
from engine.pipeline.factors import futures
from engine.pipeline.known_means import known_means
from engine.pipeline.model import Futures
from engine.pipeline.replications import shapes
from tests.pipeline.theory.simulated import spec_of

Way = Literal["independent", "antithetic", "sobol"]
WAYS: tuple[Way, ...] = ("independent", "antithetic", "sobol")


class Sets(NamedTuple):
    """Replications in sets."""

    values: FloatArray
    """Bookings in cents, shape (set, replication)."""
    leads: IntArray
    """Shape (replication, group)."""
    seconds: float


class Known(NamedTuple):
    """A mean, and the variance that one replication more would be worth: that of the mean times their number."""

    mean: float
    variance: float


def normals(way: Way, seed: int, count: int, width: int) -> FloatArray:
    """Return `count` points of as many standard normal variables, shape (count, width); an even number of them."""
    from scipy.special import ndtri
    from scipy.stats.qmc import Sobol

    rng = np.random.default_rng(seed)
    if way == "sobol":
        return np.asarray(ndtri(Sobol(width, rng=rng).random(count).clip(1e-12, 1 - 1e-12)))
    points = rng.standard_normal((count, width))
    if way == "antithetic":
        points[1::2] = -points[::2]
    return points


def drawn(built: Built, way: Way, seed: int, first: int, count: int) -> Futures:
    """Return futures whose market and seats are drawn in a way; independent ones as the engine draws them.

    Lognormal with mean 1 and standard deviation s: exp(sigma z - sigma^2 / 2), sigma^2 = ln(1 + s^2).
    """
    spreads, known = built.spreads, futures(built.spreads, seed, first, count)
    if way == "independent":
        return known
    if spreads.market_on_arrivals or spreads.seat_correlation.any():
        raise ValueError("the market must work on amounts, and seats independently of it")
    spread = np.append(spreads.market, spreads.seat)
    sigma = np.sqrt(np.log1p(spread**2))
    factor = np.exp(sigma * normals(way, seed + first, count, len(sigma)) - sigma**2 / 2)
    return known._replace(amounts=factor[:, 0].copy(), seat=factor[:, 1:].copy())


def simulated(built: Built, way: Way, seed: int, sets: int, count: int) -> Sets:
    """Simulate sets of `count` replications."""
    begin, values, leads = process_time(), [], []
    for place in range(sets):
        cube, tallies = (np.zeros((count, *shape), np.int64) for shape in shapes(built.model))
        simulate_block(built.model, drawn(built, way, seed, place * count, count), cube, tallies)
        values.append(cube[..., 0].sum(axis=(1, 2)))
        leads.append(tallies[..., counters.LEADS] + tallies[..., counters.DROPPED_LEADS])
    return Sets(np.array(values, dtype=np.float64), np.concatenate(leads), process_time() - begin)


def known(way: Way, values: FloatArray) -> Known:
    """Return how well the mean is known; what a way draws together is one value."""
    each = {"independent": 1, "antithetic": 2, "sobol": values.shape[1]}[way]
    together = values.reshape(-1, each).mean(axis=1)
    return Known(float(values.mean()), float(together.var(ddof=1)) * each)


def variance(run: Run, sets: int, count: int) -> Iterator[Shown]:
    """Show what each way gains over independent replications of the same cost."""
    inputs = busy_seats()
    built = build(inputs, inputs.accounts.owner, spec_of(YEAR), MEASURES)
    simulated(built, "independent", run.seed, 1, 2)  # compiles, or loads what was compiled
    found = {way: simulated(built, way, run.seed + place, sets, count) for place, way in enumerate(WAYS)}
    plain = found["independent"]
    goal = float(np.median(plain.values))
    begin = process_time()
    controls = known_means(built, run.seed, 0, plain.leads)
    cost = plain.seconds / (plain.seconds + process_time() - begin)
    for what in ("mean", "P(goal)"):
        of: dict[Way, FloatArray] = {
            way: one.values if what == "mean" else (one.values >= goal).astype(np.float64)
            for way, one in found.items()
        }
        base = known("independent", of["independent"])
        better = adjusted(of["independent"].ravel(), controls, 0.95)
        error = np.sqrt(base.variance / plain.values.size)
        ok = abs(better.adjusted.value - base.mean) <= MOST_Z * error
        yield run.row(f"gain of controls, {what}", better.factor * cost, ok=bool(ok))
        for way in WAYS[1:]:
            other = known(way, of[way])
            error = np.sqrt((base.variance + other.variance) / plain.values.size)
            ok = abs(other.mean - base.mean) <= MOST_Z * error
            gain = base.variance / other.variance * plain.seconds / found[way].seconds
            yield run.row(f"gain of {way}, {what}", float(gain), ok=bool(ok))
