"""The narrowest windows, one after the other, and the quotas they leave."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.difficulty.answer import Window, Windows
from solvers.difficulty.instance import Instance
from solvers.difficulty.kernels import fill, narrowest, needed
from solvers.quotas.instance import IntArray, depths

Pair = tuple[IntArray, IntArray]
"""Lower and upper ends."""


@dataclass(frozen=True)
class _Search:
    instance: Instance

    @cached_property
    def steps(self) -> IntArray:
        """Step of each cell, shape (leaf x product,)."""
        return np.repeat(self.instance.step, self.instance.credit.shape[2])

    @cached_property
    def own(self) -> Pair:
        """Range of each cell by its own limits, in steps, shape (leaf x product,)."""
        most = np.minimum(self.instance.cell_upper, int(self.instance.product_upper.sum())).reshape(-1)
        return -(-self.instance.cell_lower.reshape(-1) // self.steps), most // self.steps

    @cached_property
    def order(self) -> IntArray:
        """Nodes from the root down, shape (node,)."""
        return np.argsort(depths(self.instance.parent), kind="stable").astype(np.int64)

    @cached_property
    def nowhere(self) -> Pair:
        """No reach beyond the window; counts, shape (leaf x product,)."""
        size = len(self.steps)
        return np.full(size, self.instance.replications, dtype=np.int64), np.zeros(size, dtype=np.int64)

    def reach(self) -> Pair:
        """Return the counts to which each cell must reach for its own limits and those of the nodes above it alone."""
        instance, reach = self.instance, (self.nowhere[0].copy(), self.nowhere[1].copy())
        measured, products = instance.measured.reshape(-1), instance.credit.shape[2]
        for cell in np.flatnonzero(measured):
            limits = (int(self.own[0][cell] * self.steps[cell]), int(self.own[1][cell] * self.steps[cell]))
            needed(instance.ranked, _open(self.own), measured, np.array([cell]), limits, self.steps, reach)
        below: list[list[int]] = [[] for _ in instance.parent]
        for row, leaf in enumerate(instance.leaf):
            below[leaf] = list(range(row * products, (row + 1) * products))
        for node in self.order[:0:-1]:
            limits = (int(instance.node_lower[node]), int(instance.node_upper[node]))
            if below[node]:
                cells = np.array(below[node])
                needed(instance.ranked, self.own, measured, cells, limits, self.steps, reach)
            below[instance.parent[node]] += below[node]
        return reach

    def narrowest(self, within: tuple[int, int], reach: Pair) -> tuple[int, int] | None:
        """Return the narrowest window of counts."""
        instance = self.instance
        row = np.full(len(instance.parent), -1, dtype=np.int64)
        row[instance.leaf] = np.arange(len(instance.leaf))
        low, high = narrowest(
            instance.ranked, self.own, instance.measured.reshape(-1), within, reach, instance.step,
            self.order, instance.parent, row, (instance.node_lower, instance.node_upper),
            (instance.product_lower, instance.product_upper),
        )  # fmt: skip
        return None if low < 0 else (int(low), int(high))

    def ranges(self, window: tuple[int, int], reach: Pair) -> Pair:
        """Return the least and most of each cell, in steps, shape (leaf x product,)."""
        lower, upper = np.empty_like(self.own[0]), np.empty_like(self.own[1])
        measured = self.instance.measured.reshape(-1)
        fill(self.instance.ranked, self.own, measured, window, reach, lower, upper)
        return lower, upper


def _open(own: Pair) -> Pair:
    """Return no limits at all, so that a range is one of counts alone."""
    return np.zeros_like(own[0]), np.full_like(own[1], 2**40)


def windows(instance: Instance) -> Windows | None:
    """Return the narrowest windows; see `solvers.difficulty.windows`."""
    search = _Search(instance)
    every = search.narrowest((0, instance.replications), search.nowhere)
    if every is None:
        return None
    reach = search.reach()
    free = search.narrowest(every, reach)
    assert free is not None
    lower, upper = search.ranges(free, reach)
    shape = instance.cell_lower.shape
    held = instance.measured & ((reach[0] < free[0]) | (reach[1] > free[1])).reshape(shape)
    amounts = [(side * search.steps).reshape(shape) for side in (lower, upper)]
    return Windows(Window(*every), Window(*free), held, *amounts)


def widened(instance: Instance, found: Windows, by: int) -> tuple[IntArray, IntArray]:
    """Return the least and most of each cell, minor units, in windows `by` counts wider on both sides; (leaf, product).

    For quotas that must keep more rules than the instance knows of.
    """
    search, last = _Search(instance), instance.replications
    reach = search.reach()
    low, high = (np.clip(reach[0] - by, 0, last), np.clip(reach[1] + by, 0, last))
    reach = (np.where(reach[0] < last, low, last), np.where(reach[1] > 0, high, 0))
    window = (max(found.free.low - by, 0), min(found.free.high + by, last))
    lower, upper = search.ranges(window, reach)
    shape = instance.cell_lower.shape
    return (lower * search.steps).reshape(shape), (upper * search.steps).reshape(shape)
