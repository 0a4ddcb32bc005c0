"""The plain check of chances by seat and product: what was counted, and that nothing narrower is possible.

For every set of products the most and the least that sums up the tree allow of it are followed through all windows of
counts at once; over-assignments count to what roundings can move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import numpy as np

from engine.inputs import BoolArray, IntArray
from engine.quota.difficulty.equal import Told
from engine.quota.difficulty.products import totals
from engine.quota.planning import Plan

Range = tuple[IntArray, IntArray]
"""Least and most, minor units; of cells by window, shape (window, product), or of a node, shape (window,)."""
BLOCK = 250
"""Windows that are looked at together."""
TOP = 2**45
"""More than any quota."""


def product_violations(
    plan: Plan, credit: IntArray, quota: IntArray, levels: Sequence[Told]
) -> Iterator[str]:
    """Yield what is wrong with the ranges of chances that are told.

    Args:
        plan: tree, limits, step and shape.
        credit: simulated, shape (replication, rep, product).
        quota: of each seat and product, shape (rep, product).
        levels: what is told of each level.

    """
    count, within = len(credit), (0, len(credit))
    reached = (credit >= quota).sum(axis=0)
    ranked = np.sort(credit, axis=0)
    for number, told in enumerate(levels, start=1):
        own = reached[told.level.free]
        ends = (round(told.lowest * count), round(told.highest * count)) if own.size else (0, 0)
        if own.size and ends != (own.min(), own.max()):
            yield f"level {number}: quotas are reached in {own.min()} to {own.max()} replications, not in {ends}"
        width = round(told.bound * count)
        if width > 0 and not _refused(plan, ranked, told, width - 1, within):
            yield f"level {number}: no sum refuses a range of chances of {(width - 1) / count:.2%}"
        within = (told.level.window.low, told.level.window.high)


def _refused(plan: Plan, ranked: IntArray, told: Told, width: int, within: tuple[int, int]) -> bool:
    """Return whether a sum of a set of products refuses every window of counts that is so wide."""
    every = range(within[0], within[1] - width + 1, BLOCK)
    blocks = (np.arange(first, min(first + BLOCK, within[1] - width + 1)) for first in every)
    return all(_all_refused(plan, ranked, told, width, windows) for windows in blocks)


def _all_refused(plan: Plan, ranked: IntArray, told: Told, width: int, windows: IntArray) -> bool:
    cells, refused = [], np.zeros(len(windows), dtype=np.bool_)
    for seat in range(ranked.shape[1]):
        low = np.minimum(windows[:, None], told.level.low[seat])
        high = np.maximum(windows[:, None] + width, told.level.high[seat])
        cells.append(_cells(plan, ranked[:, seat], seat, (low, high)))
        refused |= (cells[-1][0] > cells[-1][1]).any(axis=1)
    for chosen in range(1, 2 ** ranked.shape[2]):
        inside = np.array([bool(chosen >> product & 1) for product in range(ranked.shape[2])])
        refused |= _cut(plan, cells, inside)
    return bool(refused.all())


def _cells(plan: Plan, ranked: IntArray, seat: int, counts: Range) -> Range:
    """Return the quotas of a seat by product that are reached as often as each window says."""
    node, products = plan.problem.tree.seats()[seat], ranked.shape[1]
    own, step = plan.problem.limits[node], plan.problem.step if plan.problem.whole[node] else 1
    least, most = (np.zeros_like(counts[0]), np.zeros_like(counts[0]))
    for product in range(products):
        limit = plan.products[seat].get(product)
        tops = [top for top in (own.high, None if limit is None else limit.high) if top is not None]
        top = min([TOP, *tops]) if plan.shape.product_shares[product] else 0
        low = 0 if limit is None else min(limit.low, top)
        least[:, product], most[:, product] = -(-low // step) * step, top // step * step
        if low < top and ranked[-1, product] >= step:
            steps = np.concatenate([[-1], ranked[:, product] // step, [TOP // step]])
            often, seldom = (len(ranked) - side[:, product] for side in counts)
            least[:, product] = np.maximum(least[:, product], (steps[seldom] + 1) * step)
            most[:, product] = np.minimum(most[:, product], steps[often + 1] * step)
    return least, most


class Part(NamedTuple):
    """What the seats below a node may carry, all products and a set of them; shape (window,)."""

    least: IntArray
    """Least of all products."""
    most: IntArray
    top: IntArray
    """Most of the set when all products together are at their least."""
    grows: IntArray
    """How far that goes up with them, before it stays."""
    bottom: IntArray
    """Least of the set when all products together are at their least."""
    stays: IntArray
    """How far that stays while they go up, before it goes up with them."""

    def held(self, low: int, high: int) -> Part:
        """Return what a limit of all products together leaves."""
        least, most = np.maximum(self.least, low), np.minimum(self.most, high)
        ends = [self.top + np.minimum(end - self.least, self.grows) for end in (least, most)]
        down = [self.bottom + np.maximum(end - self.least - self.stays, 0) for end in (least, most)]
        return Part(least, most, ends[0], ends[1] - ends[0], down[0], most - least - (down[1] - down[0]))


def _cut(plan: Plan, cells: Sequence[Range], inside: BoolArray) -> BoolArray:
    """Return the windows in which the tree and the company's totals leave no room for a set of products."""
    tree, (low, high) = plan.problem.tree, _streets(plan)
    broken = np.zeros(len(cells[0][0]), dtype=np.bool_)
    found: dict[int, Part] = {}
    for node in range(len(tree.nodes) - 1, -1, -1):
        below = [found[child] for child in tree.children[node]]
        if below:
            part = Part(*(np.sum(side, axis=0) for side in zip(*below, strict=True)))
        else:
            least, most = cells[tree.nodes[node].seat]
            own, room = least[:, inside].sum(axis=1), most - least
            rooms = room[:, inside].sum(axis=1), room[:, ~inside].sum(axis=1)
            part = Part(least.sum(axis=1), most.sum(axis=1), own, rooms[0], own, rooms[1])
        found[node] = part.held(low[node], high[node])
        broken |= found[node].least > found[node].most
    root = found[0]
    wanted, given = (int(side[inside].sum()) for side in _company(plan, (low[0], high[0])))
    return np.asarray(broken | (root.top + root.grows < wanted) | (root.bottom > given))


def _company(plan: Plan, street: tuple[int, int]) -> Range:
    slack = 0 if street[0] == street[1] else plan.problem.step
    ends = [totals(plan.shape, amount, plan.problem.step) for amount in street]
    return np.maximum(ends[0] - slack, 0), ends[1] + slack


def _streets(plan: Plan) -> tuple[list[int], list[int]]:
    """Return the least and most of all seats below each node, by its own limit; a rounding moves half a unit a node."""
    tree, problem = plan.problem.tree, plan.problem
    reach, inner = [Fraction(1)] * len(tree.nodes), [0] * len(tree.nodes)
    low, high = [0] * len(tree.nodes), [TOP] * len(tree.nodes)
    for node in range(len(tree.nodes) - 1, -1, -1):
        limit, below = problem.limits[node], tree.children[node]
        ends = (limit.low, limit.high) if node else (problem.goal, problem.goal)
        if below:
            reach[node] = tree.street(node) * reach[below[0]]
            inner[node] = 1 + sum(inner[child] for child in below)
        slack = 0 if reach[node] == 1 else ceil(inner[node] * max(reach[node], Fraction(1)))
        low[node] = max(floor(ends[0] * reach[node]) - slack, 0)
        if ends[1] is not None:
            high[node] = ceil(ends[1] * reach[node]) + slack
    return low, high
