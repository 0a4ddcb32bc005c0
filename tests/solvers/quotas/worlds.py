"""Small instances drawn at random, and every whole point of them, for comparison."""

from __future__ import annotations

from itertools import product

import numpy as np

from solvers.quotas import Instance
from solvers.quotas.instance import OPEN, IntArray


def tree(leaves: int, districts: int) -> tuple[IntArray, IntArray]:
    """Return the parents of company, districts and leaves, and the leaves' nodes."""
    parent = [-1, *[0] * districts, *(1 + k % districts for k in range(leaves))]
    return np.array(parent, dtype=np.int64), np.arange(1 + districts, 1 + districts + leaves, dtype=np.int64)


def drawn(
    seed: int, shape: tuple[int, int, int] = (3, 2, 2), crossing: bool = True, off: int = 0
) -> Instance:
    """Draw an instance around whole cells that keep its limits; `off` moves one exact total, so it may contradict."""
    stream = np.random.Generator(np.random.Philox(seed))
    target = stream.uniform(0.6, 4.5, shape)
    near = np.maximum(np.rint(target) + stream.integers(-1, 2, shape), 0).astype(np.int64)
    parent, leaf = tree(shape[0], 2)
    lower, upper = np.zeros(len(parent), dtype=np.int64), np.full(len(parent), OPEN, dtype=np.int64)
    year = near.sum(axis=(1, 2))
    room = stream.integers(0, 3, (4, shape[0]))
    lower[leaf], upper[leaf] = np.maximum(year - room[0], 0), year + room[1]
    districts = np.bincount(parent[leaf] - 1, year, 2).astype(np.int64)
    lower[1:3] = upper[1:3] = districts
    products, periods = near.sum(axis=2), near.sum(axis=1)
    if not crossing:
        periods_lower, periods_upper = None, None
    else:
        periods_lower, periods_upper = (
            np.maximum(periods - room[2][:, None] // 2, 0),
            periods + room[3][:, None] // 2,
        )
    cell_lower, cell_upper = np.zeros(shape, dtype=np.int64), np.full(shape, OPEN, dtype=np.int64)
    cell_lower[0, 0, 0] = cell_upper[0, 0, 0] = near[0, 0, 0]
    company = near.sum(axis=0)
    company[0, 0] += off
    return Instance(
        parent, leaf, target, company, company, lower, upper, np.maximum(products - 1, 0), products + 1,
        periods_lower, periods_upper, cell_lower, cell_upper,
    )  # fmt: skip


def points(instance: Instance, most: int = 7) -> IntArray:
    """Return every point of whole cells from 0 to `most` that keeps all limits; (point, leaf, product, period)."""
    leaves, products, periods = instance.target.shape
    limits = instance.limits
    tables = []
    for leaf in range(leaves):
        ranges = [
            range(int(low), min(int(high), most) + 1)
            for low, high in zip(limits.cell_lower[leaf].flat, limits.cell_upper[leaf].flat, strict=True)
        ]
        found = np.array(list(product(*ranges)), dtype=np.int64).reshape(-1, products, periods)
        year, node = found.sum(axis=(1, 2)), instance.leaf[leaf]
        keep = (year >= limits.node_lower[node]) & (year <= limits.node_upper[node])
        for axis, (low, high) in ((2, limits.pairs()["product"]), (1, limits.pairs()["period"])):
            sums = found.sum(axis=axis)
            keep &= ((sums >= low[leaf]) & (sums <= high[leaf])).all(axis=1)
        tables.append(found[keep])
    all_points = np.array(
        [np.stack([tables[k][i] for k, i in enumerate(choice)]) for choice in _joined(instance, tables)],
        dtype=np.int64,
    )
    return all_points.reshape(-1, leaves, products, periods)


def _joined(instance: Instance, tables: list[IntArray]) -> list[tuple[int, ...]]:
    """Join the leaves' tables; all but the last are multiplied out, the last is looked up by what the company lacks."""
    limits = instance.limits
    assert (limits.company_lower == limits.company_upper).all()
    last = {tuple(table.flat): k for k, table in enumerate(tables[-1])}
    found = []
    for choice in product(*(range(len(table)) for table in tables[:-1])):
        lack = limits.company_lower - sum(tables[k][i] for k, i in enumerate(choice))
        k = last.get(tuple(lack.flat))
        if k is None:
            continue
        year = np.array([tables[j][i].sum() for j, i in enumerate((*choice, k))])
        nodes = instance.rolled_up(year)
        if ((nodes >= limits.node_lower) & (nodes <= limits.node_upper)).all():
            found.append((*choice, k))
    return found


def best(instance: Instance, found: IntArray) -> tuple[float, float]:
    """Return the least worst deviation and the least total within it."""
    free = instance.limits.cell_lower < instance.limits.cell_upper
    deviation = np.where(free, np.abs(found - instance.target) / instance.scales, 0.0)
    worst = deviation.max(axis=(1, 2, 3))
    held = worst <= worst.min() + 1e-12
    return float(worst.min()), float(deviation[held].sum(axis=(1, 2, 3)).min())
