"""Small instances drawn at random, and every whole point of them."""

from __future__ import annotations

from itertools import product

import numpy as np

from solvers.difficulty import Instance
from solvers.quotas.instance import IntArray

MOST = 6
"""Steps up to which a cell goes."""
STEP = 10


def drawn(seed: int, leaves: int = 3, products: int = 2, replications: int = 9) -> Instance:
    """Draw an instance around whole quotas that keep its limits; two districts; ties and zeros are frequent."""
    stream = np.random.Generator(np.random.Philox(seed))
    credit = stream.integers(0, 10 * MOST, (replications, leaves, products))
    credit[stream.random(credit.shape) < 0.2] = 0
    near = stream.integers(0, MOST, (leaves, products)) * STEP
    room = stream.integers(0, 4, (4, leaves)) * STEP
    parent = np.array([-1, 0, 0, *(1 + k % 2 for k in range(leaves))])
    leaf = np.arange(3, 3 + leaves)
    lower, upper = np.zeros(len(parent), dtype=np.int64), np.full(len(parent), 2**40)
    year = near.sum(axis=1)
    some = stream.random(leaves) < 0.6
    lower[leaf] = np.where(some, np.maximum(year - room[0], 0), 0)
    upper[leaf] = np.where(some, year + room[1], 2**40)
    district = np.bincount(parent[leaf] - 1, year, 2).astype(np.int64)
    lower[1:3], upper[1:3] = np.maximum(district - STEP, 0), district + STEP
    cell_lower = np.zeros((leaves, products), dtype=np.int64)
    cell_upper = np.full((leaves, products), STEP * MOST)
    cell_lower[0, 0], cell_upper[0, 0] = max(near[0, 0] - STEP, 0), near[0, 0] + STEP
    total = near.sum(axis=0)
    slack = STEP * (seed % 2)
    return Instance(
        parent, leaf, credit, np.full(leaves, STEP), cell_lower, cell_upper, lower, upper,
        np.maximum(total - slack, 0), total + slack,
    )  # fmt: skip


def points(instance: Instance) -> IntArray:
    """Return all quotas that keep every limit, shape (point, leaf, product)."""
    shape = instance.cell_lower.shape
    axes = [
        range(int(low), int(high) + 1, STEP)
        for low, high in zip(instance.cell_lower.flat, instance.cell_upper.flat, strict=True)
    ]
    found = np.array(list(product(*axes)), dtype=np.int64).reshape(-1, *shape)
    year = found.sum(axis=2)
    keep = np.ones(len(found), dtype=np.bool_)
    for node in range(len(instance.parent)):
        mine = [row for row, leaf in enumerate(instance.leaf) if node in (0, leaf, instance.parent[leaf])]
        total = year[:, mine].sum(axis=1)
        keep &= (total >= instance.node_lower[node]) & (total <= instance.node_upper[node])
    sums = found.sum(axis=1)
    keep &= ((sums >= instance.product_lower) & (sums <= instance.product_upper)).all(axis=1)
    return found[keep]


def width(instance: Instance, cells: IntArray) -> int:
    """Return the range of the counts of the cells that are a choice and were credited a step."""
    counts = (instance.credit >= cells).sum(axis=0)
    open_ = (instance.cell_lower < instance.cell_upper) & (instance.credit.max(axis=0) >= STEP)
    return int(np.ptp(counts[open_])) if open_.any() else 0
