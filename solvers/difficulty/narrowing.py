"""The narrowest windows, one after the other, and the ranges of quotas they leave.

Each level is proven: every window one count narrower, with those who left allowed as far as they need, is refused by a
sum. Who counts in such a sum leaves, unless all who are left do: the sum says that not all of them can stand within the
narrower window, whatever the others carry. At the end those who left are drawn together, the farthest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.difficulty.answer import Level, Window, Windows
from solvers.difficulty.instance import Instance
from solvers.difficulty.kernels import Pair, fill, fits, holding, narrowest, needed
from solvers.difficulty.sums import Tree
from solvers.quotas.instance import BoolArray, IntArray

Ends = tuple[int, int]


@dataclass(frozen=True)
class _Search:
    instance: Instance

    @cached_property
    def steps(self) -> IntArray:
        """Step of each cell, shape (leaf x product,)."""
        return np.repeat(self.instance.step, self.instance.credit.shape[2])

    @cached_property
    def measured(self) -> BoolArray:
        """Cells that are looked at, shape (leaf x product,)."""
        return self.instance.measured.reshape(-1)

    @cached_property
    def own(self) -> Pair:
        """Range of each cell by its own limits, in steps, shape (leaf x product,)."""
        most = np.minimum(self.instance.cell_upper, int(self.instance.product_upper.sum())).reshape(-1)
        return -(-self.instance.cell_lower.reshape(-1) // self.steps), most // self.steps

    @cached_property
    def tree(self) -> Tree:
        """The tree as the kernels read it."""
        one, count = self.instance, len(self.instance.parent)
        row = np.full(count, -1, dtype=np.int64)
        row[one.leaf] = np.arange(len(one.leaf))
        ratio = np.ones((count, 2), dtype=np.int64) if one.ratio is None else one.ratio
        whole = np.ones(count, dtype=np.int64) if one.whole is None else one.whole
        return Tree(
            one.order, one.parent, row, *one.street, one.node_lower, one.node_upper,
            np.ascontiguousarray(ratio[:, 0]), np.ascontiguousarray(ratio[:, 1]), whole,
            one.product_lower, one.product_upper,
        )  # fmt: skip

    @cached_property
    def room(self) -> tuple[IntArray, IntArray, IntArray]:
        """Room for ranges, shape (leaf, product), and for sums."""
        shape = self.instance.cell_lower.shape
        work = np.empty((6, len(self.instance.parent)), np.int64)
        return np.empty(shape, np.int64), np.empty(shape, np.int64), work

    def nowhere(self) -> Pair:
        """Return no reach beyond the window; counts, shape (leaf x product,)."""
        size = len(self.steps)
        return np.full(size, self.instance.replications, dtype=np.int64), np.zeros(size, dtype=np.int64)

    def reach(self) -> Pair:
        """Return the counts to which each cell must reach for its own limits and those of the nodes above it alone."""
        instance, reach, (low, high) = self.instance, self.nowhere(), self.instance.street
        products = instance.credit.shape[2]
        for cell in np.flatnonzero(self.measured):
            limits = (int(self.own[0][cell] * self.steps[cell]), int(self.own[1][cell] * self.steps[cell]))
            cells = np.array([cell])
            needed(instance.ranked, _open(self.own), self.measured, cells, limits, self.steps, reach)
        below: list[list[int]] = [[] for _ in instance.parent]
        for row, leaf in enumerate(instance.leaf):
            below[leaf] = list(range(row * products, (row + 1) * products))
        for node in instance.order[:0:-1]:
            if below[node]:
                cells, limits = np.array(below[node]), (int(low[node]), int(high[node]))
                needed(instance.ranked, self.own, self.measured, cells, limits, self.steps, reach)
            below[instance.parent[node]] += below[node]
        return reach

    def narrowest(self, within: Ends, reach: Pair) -> Ends | None:
        """Return the narrowest window of counts."""
        ranked = self.instance.ranked
        low, high = narrowest(
            ranked, self.own, self.measured, within, reach, self.steps, self.tree, self.room
        )
        return None if low < 0 else (int(low), int(high))

    def fits(self, window: Ends, reach: Pair) -> bool:
        """Whether quotas exist in a window."""
        ranked = self.instance.ranked
        return bool(fits(ranked, self.own, self.measured, window, reach, self.steps, self.tree, self.room))

    def level(self, window: Ends, reach: Pair) -> Level:
        """Return a window with the cells that are measured and need not reach beyond it."""
        inside, shape = (reach[0] >= window[0]) & (reach[1] <= window[1]), self.instance.cell_lower.shape
        low, high = (side.copy().reshape(shape) for side in reach)
        return Level(Window(*window), (self.measured & inside).reshape(shape), low, high)

    def left(self, window: Ends, reach: Pair) -> bool:
        """Widen the reach of the fewest cells that a sum holds at one end of the window; False where all count."""
        found = []
        for side, narrow in ((1, (window[0], window[1] - 1)), (0, (window[0] + 1, window[1]))):
            members = np.empty(len(self.steps), dtype=np.bool_)
            others = holding(
                self.instance.ranked, self.own, self.measured, (narrow, window), reach, self.steps,
                self.tree, self.room, members,
            )  # fmt: skip
            if others > 0 and members.any():
                found.append((int(members.sum()), side, members))
        if not found:
            return False
        _, side, members = min(found, key=lambda one: one[0])
        reach[side][members] = window[side]
        return True

    def narrows(self, window: Ends, reach: Pair) -> bool:
        """Let cells leave until what is left fits into a narrower window; False where sums hold all of it."""
        if window[0] == window[1]:
            return False
        narrower = ((window[0], window[1] - 1), (window[0] + 1, window[1]))
        while not any(self.fits(one, reach) for one in narrower):
            if not self.left(window, reach):
                return False
        return True

    def drawn_together(self, window: Ends, reach: Pair) -> Pair:
        """Return least and most count of each cell: those beyond a window as near to where they are held as fits."""
        low, high = np.minimum(window[0], reach[0]), np.maximum(window[1], reach[1])
        beyond = [(int(count), 1) for count in np.unique(high[self.measured]) if count > window[1]]
        beyond += [(int(count), 0) for count in np.unique(low[self.measured]) if count < window[0]]
        for count, side in sorted(beyond, key=lambda one: -abs(one[0] - window[one[1]])):
            inner, outer, sign = (low, high, -1) if side else (high, low, 1)
            cells = self.measured & (outer == count) & (inner == window[1 - side])
            near, far = 0, abs(count - window[1 - side])
            while near < far:
                apart = (near + far) // 2
                inner[cells] = count + sign * apart
                if self.fits((self.instance.replications, 0), (low, high)):
                    far = apart
                else:
                    near = apart + 1
            inner[cells] = count + sign * far
        return low, high

    def ranges(self, counts: Pair) -> Pair:
        """Return the least and most of each cell, minor units, given those of its counts; shape (leaf, product)."""
        lower, upper = (np.zeros_like(side) for side in self.room[:2])
        window = (self.instance.replications, 0)
        fill(self.instance.ranked, self.own, self.measured, window, counts, self.steps, lower, upper)
        return lower, upper


def _open(own: Pair) -> Pair:
    """Return no limits at all, so that a range is one of counts alone."""
    return np.zeros_like(own[0]), np.full_like(own[1], 2**40)


def windows(instance: Instance) -> Windows | None:
    """Return the narrowest windows; see `solvers.difficulty.windows`."""
    search = _Search(instance)
    every = search.narrowest((0, instance.replications), search.nowhere())
    if every is None:
        return None
    levels = [search.level(every, search.nowhere())]
    window, reach = every, search.reach()
    while True:
        found = search.narrowest(window, reach)
        assert found is not None
        window, level = found, search.level(found, reach)
        if level.window != levels[-1].window or (level.free != levels[-1].free).any():
            levels.append(level)
        if not search.narrows(window, reach):
            break
    low, high = search.drawn_together(window, reach)
    shape = instance.cell_lower.shape
    amounts = search.ranges((low, high))
    return Windows(tuple(levels), low.reshape(shape), high.reshape(shape), *amounts)


def widened(instance: Instance, found: Windows, down: int, up: int) -> tuple[IntArray, IntArray]:
    """Return least and most of each cell, minor units, in windows opened by `down` and `up` counts; (leaf, product).

    For quotas that must keep more rules than the instance knows of.
    """
    low, high = (side.reshape(-1) for side in (found.low - down, found.high + up))
    last = instance.replications
    return _Search(instance).ranges((np.clip(low, 0, last), np.clip(high, 0, last)))
