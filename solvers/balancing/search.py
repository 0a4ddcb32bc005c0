"""Search for an assignment within narrow bands: mend until every rule is kept, then polish the cost.

Work is counted in rounds; the same seed ends in the same assignment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solvers.balancing.instance import FloatArray, Instance, IntArray

if TYPE_CHECKING:
    from solvers.balancing.division import Table

STAGES = 12
"""Prices of strain, from one that a hundredth of a mean seat begins to feel to one that a tenth of a band does."""
COARSE = 1e-2
"""Distance, in mean seats, that costs as much as a mean exchange at the first price."""
FINE = 1e-9
"""Least distance, in mean seats, that a price is made for."""
ROUNDED = 1e-10
"""Relative room for the rounding of sums of real distances."""
CHUNK = 50
"""Rounds between two looks at the whole."""


@dataclass(frozen=True)
class Effort:
    """How long to search."""

    mend: int = 50
    """Rounds at each price of strain."""
    polish: int = 500
    """Rounds that lower the cost; it ends earlier after `idle` rounds without a better one."""
    idle: int = 120
    pool: int = 18
    """Accounts that are divided anew in a round of mending."""
    deep: int = 24
    """Accounts that are divided anew in a round of polishing, where few divisions fit."""
    among: int = 6
    """Cheapest other seats of an account that it may be exchanged with."""


def balanced(instance: Instance, start: IntArray, *, seed: int = 0, effort: Effort = Effort()) -> IntArray:
    """Return the cheapest assignment found that keeps every rule; where none was, the least broken one met."""
    rng = np.random.Generator(np.random.Philox(seed))
    plan = np.asarray(start, dtype=np.int64)
    if instance.excess(plan) > 0:
        plan = _mended(instance, plan, rng, effort)
    if instance.excess(plan) <= 0:
        plan = _run(instance, plan, _table(instance, 1.0, 0.0), effort.polish, rng, effort, mend=False)
    return min(start, plan, key=lambda plan: (instance.excess(plan), instance.value(plan)))


def _mended(instance: Instance, plan: IntArray, rng: np.random.Generator, effort: Effort) -> IntArray:
    """Return a plan after rounds at rising prices of strain, the first one that keeps every rule."""
    for steep in _prices(instance):
        plan = _run(instance, plan, _table(instance, 0.5, steep), effort.mend, rng, effort, mend=True)
        if instance.excess(plan) <= 0:
            break
    return plan


def _prices(instance: Instance) -> FloatArray:
    """Return the prices of strain, which is squared distance in mean seats; rising, shape (stage,)."""
    held = instance.group >= 0
    width = ((instance.upper - instance.lower).mean(axis=1) / _sizes(instance))[held].min(initial=1.0)
    finite = np.where(np.isfinite(instance.cost), instance.cost, 0.0)
    exchange = max(float((finite.max(axis=1) - finite.min(axis=1)).mean()), 1e-6)
    far: FloatArray = np.geomspace(COARSE, max(0.1 * float(width), FINE), STAGES)
    prices: FloatArray = exchange / far**2
    return prices


def _sizes(instance: Instance) -> FloatArray:
    """Return the mean load of a seat in each row, at least 1."""
    sizes: FloatArray = np.maximum(instance.weight.sum(axis=1) / instance.seats, 1.0)
    return sizes


def _run(
    instance: Instance,
    start: IntArray,
    table: Table,
    turns: int,
    rng: np.random.Generator,
    effort: Effort,
    *,
    mend: bool,
) -> IntArray:
    """Return where rounds lead; each chunk starts from sums made anew, so that no rounding adds up."""
    from solvers.balancing.division import State
    from solvers.balancing.rounds import rounds

    plan, idle = start.copy(), 0
    for draws in _draws(rng, turns, instance.accounts):
        state = State(plan, instance.loads(plan), _held(instance, plan), _used(instance, plan))
        better = rounds(table, state, draws, effort.pool if mend else effort.deep, effort.among, mend)
        idle = 0 if better else idle + len(draws)
        if (mend and instance.excess(plan) <= 0) or idle >= effort.idle:
            break
    return plan


def _draws(rng: np.random.Generator, turns: int, accounts: int) -> Iterator[FloatArray]:
    for first in range(0, turns, CHUNK):
        yield rng.random((min(CHUNK, turns - first), 2 + accounts))


def _table(instance: Instance, width: float, steep: float) -> Table:
    """Return an instance for compiled code; mending aims at the middle `width` of each range, at price `steep`."""
    it, size = instance, _sizes(instance)
    limit = it.limit * (1 + ROUNDED)
    total = np.maximum(np.abs(it.weight).sum(axis=1), 1).astype(np.float64)[:, None]
    low, high = np.maximum(it.lower, -total), np.minimum(it.upper, total)
    middle, half = (low + high) / 2, width * (high - low) / 2
    held = it.group >= 0
    main = int(np.argmin(np.where(held, (high - low).mean(axis=1) / size, np.inf)))
    from solvers.balancing.division import Table

    rules = (it.cost, it.weight, it.lower, it.upper, it.price, it.worth, it.group, limit, it.use, it.budget)
    return Table(*rules, middle - half, middle + half, np.where(held, size, np.inf), main, steep)


def _held(instance: Instance, seat_of: IntArray) -> FloatArray:
    apart = instance.worth * instance.distances(seat_of).sum(axis=1)
    inside = instance.group >= 0
    return np.bincount(instance.group[inside], apart[inside], minlength=len(instance.limit)).astype(
        np.float64
    )


def _used(instance: Instance, seat_of: IntArray) -> IntArray:
    rows = np.arange(instance.accounts)
    return np.array([use[rows, seat_of].sum() for use in instance.use], dtype=np.int64)
