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

    def sums(self, x: FloatArray) -> FloatArray:
        """Return the sum of each row, shape (row,)."""
        return np.add.reduceat(x[self.members], self.start[:-1])

    @property
    def bound(self) -> float:
        """What the rows add to the bound."""
        up, down = np.maximum(self.price, 0), np.minimum(self.price, 0)
        return float(up @ self.least + down @ self.most)


def families(instance: Instance, held: Held) -> list[Family]:
    """Return all rows that can bind: those that the limits of their cells alone do not keep."""
    leaves, products, periods = instance.target.shape
    limits, cells = instance.limits, np.arange(instance.cells).reshape(instance.target.shape)
    lower, upper = held.lower.reshape(-1), held.upper.reshape(-1)
    found: list[Family] = []

    def add(name: str, index: IntArray, members: list[IntArray], least: IntArray, most: IntArray) -> None:
        sizes = np.array([len(row) for row in members], dtype=np.int64)
        start = np.concatenate([[0], np.cumsum(sizes)])
        flat = np.concatenate(members)
        lows, highs = np.add.reduceat(lower[flat], start[:-1]), np.add.reduceat(upper[flat], start[:-1])
        binds = (lows < least) | (highs > most)
        if binds.any():
            inside = np.repeat(binds, sizes)
            start = np.concatenate([[0], np.cumsum(sizes[binds])])
            sides = least[binds].astype(np.float64), most[binds].astype(np.float64)
            found.append(Family(name, index[binds], start, flat[inside], *sides, np.zeros(int(binds.sum()))))

    below = leaves_below(instance)
    for depth in range(int(instance.depth.max()), -1, -1):
        nodes = np.array([n for n in np.flatnonzero(instance.depth == depth) if len(below[n])], dtype=np.int64)
        if len(nodes):
            rows = [cells[below[node]].reshape(-1) for node in nodes]
            add("node", nodes, rows, limits.node_lower[nodes], limits.node_upper[nodes])
    for name, table in (("product", cells), ("period", cells.transpose(0, 2, 1))):
        rows = list(np.ascontiguousarray(table).reshape(-1, table.shape[2]))
        least, most = limits.pairs()[name]
        add(name, np.arange(len(rows)), rows, least.reshape(-1), most.reshape(-1))
    rows = list(np.ascontiguousarray(cells.reshape(leaves, -1).T))
    add("company", np.arange(products * periods), rows, limits.company_lower.reshape(-1), limits.company_upper.reshape(-1))
    return found


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
