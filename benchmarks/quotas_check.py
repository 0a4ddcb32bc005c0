"""An independent check of quotas: ties, limits, locks, both objectives and both bounds, in plain numpy.

Nothing of the solver is used: the limits are counted anew from what was drawn, and the bounds from weak duality.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.quotas_law import REACH, Floats, Ints, World
from solvers.quotas import Answer

ROUNDING = 1e-9
HALVINGS = 60


@dataclass(frozen=True)
class Judged:
    """What the check found."""

    faults: tuple[str, ...]
    """Limits and sums that do not hold."""
    worst: float
    total: float
    worst_bound: float
    """Below this the locks alone contradict the cells."""
    total_bound: float
    """What the prices prove."""


def judge(world: World, answer: Answer) -> Judged:
    """Check an answer that has cells."""
    assert answer.cells is not None
    cells, aim = answer.cells, world.instance.target
    deviation = np.abs(cells - aim) / aim
    worst = float(deviation.max())
    return Judged(
        tuple(faults(world, cells)),
        worst,
        float(deviation.sum()),
        worst_bound(world),
        total_bound(world, answer),
    )


def faults(world: World, cells: Ints) -> list[str]:
    """Return what does not hold."""
    aim = world.instance.target
    year, found = cells.sum(axis=(1, 2)), []
    districts = len(world.district_total)
    checks = {
        "cells are whole numbers": cells.dtype == np.int64 and (cells >= 0).all(),
        "company totals tie out": (cells.sum(axis=0) == world.company).all(),
        "the company's totals are the aims' to the step": abs(world.company - aim.sum(axis=0)).max() <= 1,
        "districts tie out": (np.bincount(world.district, year, districts) == world.district_total).all(),
        "locks hold": (year == np.where(world.locked >= 0, world.locked, year)).all(),
    }
    for name, axes in (("years", (1, 2)), ("products", (2,)), ("periods", (1,))):
        sums, aims = cells.sum(axis=axes), aim.sum(axis=axes)
        checks[f"{name} are within 12 %"] = (abs(sums / aims - 1) <= REACH + ROUNDING).all()
    found += [name for name, holds in checks.items() if not holds]
    return found


def total_bound(world: World, answer: Answer) -> float:
    """Return the bound that the prices prove for cells within the answer's worst deviation."""
    aim, prices = world.instance.target, answer.prices
    assert prices is not None
    district = answer_districts(world, prices.node)
    price = (
        prices.company[None]
        + district[:, None, None]
        + prices.product[:, :, None]
        + prices.period[:, None, :]
    )
    low, high = np.ceil(aim * (1 - answer.worst) - ROUNDING), np.floor(aim * (1 + answer.worst) + ROUNDING)
    base = np.clip(np.floor(aim), low, high)
    least = np.full(aim.shape, np.inf)
    for k in (low, base, np.clip(base + 1, low, high), high):
        least = np.minimum(least, abs(k - aim) / aim - price * k)
    bound = float(least.sum() + (prices.company * world.company).sum())
    sides = world.instance
    for given, lower, upper in (
        (prices.node, sides.node_lower, sides.node_upper),
        (prices.product, sides.product_lower, sides.product_upper),
        (prices.period, sides.period_lower, sides.period_upper),
    ):
        bound += float((np.where(given > 0, lower, upper) * given).sum())
    return bound


def answer_districts(world: World, node: Floats) -> Floats:
    """Return the prices of each rep's own node and of all above it, added up, shape (rep,)."""
    found, at = np.zeros(len(world.locked)), world.instance.leaf.copy()
    while (at >= 0).any():
        found += np.where(at >= 0, node[at], 0.0)
        at = np.where(at >= 0, world.instance.parent[at], -1)
    return found


def worst_bound(world: World) -> float:
    """Return the worst deviation below which a cell has no whole number, or a locked rep's limits leave no table."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if contradicts(world, middle):
            low = middle
        else:
            high = middle
    return low


def contradicts(world: World, worst: float) -> bool:
    """Return whether a cell has no whole number within a deviation, or cuts rule out the table of a locked rep.

    The table is a circulation out -> product -> period -> back -> out of the locked year. It contradicts itself when
    the arcs that leave a set of vertices must carry more than those that enter it can (Hoffman 1960): all sets of
    products, with and without `out` and `back`; a period is in the set when that is worse.
    """
    aim, held = world.instance.target, world.locked >= 0
    least, most = np.ceil(aim * (1 - worst) - ROUNDING), np.floor(aim * (1 + worst) + ROUNDING)
    if (least > most).any():
        return True
    least, most, year, aims = least[held], most[held], world.locked[held].astype(np.float64), aim[held]
    (p_low, p_high), (t_low, t_high) = _sides(aims.sum(axis=2)), _sides(aims.sum(axis=1))
    for bits in range(2 ** aim.shape[1]):
        chosen = (bits >> np.arange(aim.shape[1])) & 1 == 1
        for out in (False, True):
            for back in (False, True):
                must = year * (back - out)
                must = must + (p_low[:, ~chosen].sum(axis=1) if out else -p_high[:, chosen].sum(axis=1))
                inside = (0 if back else t_low) - most[:, ~chosen].sum(axis=1)
                outside = (-t_high if back else 0) + least[:, chosen].sum(axis=1)
                if (must + np.maximum(inside, outside).sum(axis=1) > ROUNDING).any():
                    return True
    return False


def _sides(sums: Floats) -> tuple[Floats, Floats]:
    return np.ceil((1 - REACH) * sums - ROUNDING), np.floor((1 + REACH) * sums + ROUNDING)
