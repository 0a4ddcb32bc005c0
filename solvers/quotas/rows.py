"""Rows: the limits of an instance as families of rows that share no cell, and the prices of an answer made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.quotas.answer import Prices
from solvers.quotas.held import Held
from solvers.quotas.instance import FloatArray, Instance, IntArray


@dataclass(frozen=True)
class Family:
    """Rows that share no cell."""

    name: str
    """company, node, product or period."""
    index: IntArray
    """Place of each row in the field of the instance, flat, shape (row,)."""
    start: IntArray
    """First member of each row, shape (row + 1,)."""
    members: IntArray
    """Cells, flat, row after row."""
    least: FloatArray
    most: FloatArray
    price: FloatArray
    """Price of each row, changed in place by the ascent."""


def families(instance: Instance, held: Held) -> list[Family]:
    """Return all rows that can bind: those that the limits of their cells alone do not keep."""
    leaves, products, periods = instance.target.shape
    cells, below = np.arange(instance.cells).reshape(instance.target.shape), leaves_below(instance)
    pairs = instance.limits.pairs()
    found: list[Family | None] = []
    for depth in range(int(instance.depth.max()), -1, -1):
        nodes = np.array(
            [n for n in np.flatnonzero(instance.depth == depth) if len(below[n])], dtype=np.int64
        )
        if len(nodes):
            sizes = np.array([len(below[node]) for node in nodes]) * products * periods
            members = cells[np.concatenate([below[node] for node in nodes])]
            found.append(_binding("node", held, nodes, sizes, members, pairs["node"]))
    wholes = (
        ("product", leaves * products, periods, cells),
        ("period", leaves * periods, products, cells.transpose(0, 2, 1)),
        ("company", products * periods, leaves, cells.transpose(1, 2, 0)),
    )
    for name, count, size, members in wholes:
        rows, sizes = np.arange(count, dtype=np.int64), np.full(count, size)
        found.append(_binding(name, held, rows, sizes, members, pairs[name]))
    return [family for family in found if family is not None]


def _binding(
    name: str,
    held: Held,
    index: IntArray,
    sizes: IntArray,
    members: IntArray,
    limits: tuple[IntArray, IntArray],
) -> Family | None:
    """Return the family of those rows that can bind; None when none can."""
    flat, start = np.ascontiguousarray(members).reshape(-1), np.cumsum(sizes) - sizes
    least, most = limits[0].reshape(-1)[index], limits[1].reshape(-1)[index]
    lows = np.add.reduceat(held.lower.reshape(-1)[flat], start)
    highs = np.add.reduceat(held.upper.reshape(-1)[flat], start)
    binds = (lows < least) | (highs > most)
    if not binds.any():
        return None
    starts = np.concatenate([[0], np.cumsum(sizes[binds])])
    sides = least[binds].astype(np.float64), most[binds].astype(np.float64)
    return Family(
        name, index[binds], starts, flat[np.repeat(binds, sizes)], *sides, np.zeros(len(starts) - 1)
    )


def leaves_below(instance: Instance) -> list[IntArray]:
    """Return the rows of cells below each node, itself included."""
    below: list[list[int]] = [[] for _ in instance.parent]
    for row, node in enumerate(instance.leaf.tolist()):
        while node >= 0:
            below[node].append(row)
            node = int(instance.parent[node])
    return [np.array(rows, dtype=np.int64) for rows in below]


def prices(instance: Instance, found: list[Family]) -> Prices:
    """Return the prices of all rows; 0 for those that cannot bind."""
    leaves, products, periods = instance.target.shape
    shapes = {
        "company": (products, periods),
        "node": instance.parent.shape,
        "product": (leaves, products),
        "period": (leaves, periods),
    }
    tables = {name: np.zeros(shape) for name, shape in shapes.items()}
    for family in found:
        tables[family.name].reshape(-1)[family.index] = family.price
    return Prices(**tables)
