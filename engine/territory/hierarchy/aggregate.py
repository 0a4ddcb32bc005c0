"""A level of a hierarchy as a problem of its own: the seats of a node act as one.

For a node n of the level and an account i

    c_in = min over the node's seats that may own i,      i may go to n when it may go to any of them
    L_n, U_n = sums of the seats' bounds, and of the bounds of the nodes below; and n's own
    budgets: what the cheapest seat of n takes;  spreads: distance from the summed range
    gains: weight v_in = max over the node's seats, scale s_n = (sum_j s_j ** (1 / (1 - power))) ** (1 - power)

Every alignment of the seats is, read by nodes, an answer of this problem at no more than its cost: each sum of seats
lies in the sum of their ranges, |a + b - (s + t)| <= |a - s| + |b - t|, and by Hoelder's inequality
sum_j s_j y_j ** power <= s_n (sum_j y_j) ** power. So this problem relaxes the one over seats,
and its bound is a bound on that too. What has no meaning between nodes (accounts apart, seats connected) is left to
the steps below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import FloatArray, IntArray, Words
from engine.territory.declaration import Band, Budget, Forbidden, Gain, Spread
from engine.territory.measure import Measured
from engine.territory.problem import Named, Problem


@dataclass(frozen=True)
class NodeBounds:
    """What the nodes of one level may carry, by name of the node, in integer units."""

    level: int
    """0 for the topmost."""
    title: str
    field: str
    measure: Measured
    bounds: dict[str, tuple[float, float]]

    def among(self, accounts: IntArray) -> NodeBounds:
        """Return the same bounds over some of the accounts."""
        return replace(self, measure=self.measure.restrict(accounts, accounts[:0]))


@dataclass(frozen=True)
class Nodes:
    """The nodes of one level among the seats of a problem."""

    names: Words
    of_seat: IntArray
    """Node of each seat, shape (rep,)."""

    def seats(self, node: int) -> IntArray:
        """Return the seats of a node."""
        return np.flatnonzero(self.of_seat == node)


def nodes_of(names: Sequence[str]) -> Nodes:
    """Return the nodes in the order of their first seats."""
    known = tuple(dict.fromkeys(names))
    place = {name: k for k, name in enumerate(known)}
    return Nodes(known, np.array([place[name] for name in names], dtype=np.int64))


def aggregate(problem: Problem, nodes: Nodes, bands: Sequence[Named[Band]]) -> Problem:
    """Return the problem over nodes; `bands` are bands over nodes beside the summed ones of the seats."""
    cost = np.where(problem.eligible, problem.cost, np.inf)
    least = _over(cost, nodes)
    eligible = np.isfinite(least)
    owner = np.where(problem.owner >= 0, nodes.of_seat[problem.owner], -1)
    return replace(
        problem,
        cost=np.where(eligible, least, 0.0),
        eligible=eligible,
        owner=owner,
        forbidden=(Named("seats of the node", "territories.hierarchy", Forbidden.of(~eligible)),),
        bands=(*(b for rule in problem.bands for b in _band(rule, nodes)), *bands),
        budgets=tuple(replace(rule, what=least_use(problem, rule.what, nodes)) for rule in problem.budgets),
        spreads=tuple(s for rule in problem.spreads for s in _spread(rule, nodes)),
        rep_ids=nodes.names,
        gains=tuple(replace(g, what=_gain(problem, g.what, nodes)) for g in problem.gains),
        apart=problem.apart if len(nodes.names) == len(problem.rep_ids) else (),
        connected=(),
        rows=(),
    )


def least_use(problem: Problem, budget: Budget, nodes: Nodes) -> Budget:
    """Return a budget over nodes: of each account, what the seat of the node that takes least would take."""
    use = np.where(problem.eligible, problem.use(budget).astype(np.float64), np.inf)
    least = _over(use, nodes)
    whole = np.where(np.isfinite(least), least, 0.0).astype(np.int64)
    return replace(budget, used=whole)


def node_band(bounds: NodeBounds, nodes: Nodes, parents: dict[str, str]) -> Named[Band]:
    """Return the band of nodes from the bounds on their own level, or summed from those of the nodes below.

    `parents` names the node of this level above each node of the bounds' level; of its own level, itself.
    """
    measure = bounds.measure
    least, most = measure.extremes(len(nodes.names))
    lower, upper = np.zeros(len(nodes.names)), np.zeros(len(nodes.names))
    for child, (low, high) in bounds.bounds.items():
        if parents.get(child) in nodes.names:
            at = nodes.names.index(parents[child])
            lower[at] += max(low, float(least[at]))
            upper[at] += min(high, float(most[at]))
    floor, ceiling = np.maximum(lower, least).astype(np.int64), np.minimum(upper, most).astype(np.int64)
    return Named(bounds.title, bounds.field, Band(measure, floor, ceiling))


def _over(values: FloatArray, nodes: Nodes) -> FloatArray:
    """Return the least value over the seats of each node, shape (account, node)."""
    return np.stack([values[:, nodes.seats(n)].min(axis=1) for n in range(len(nodes.names))], axis=1)


def _band(rule: Named[Band], nodes: Nodes) -> list[Named[Band]]:
    """Return the summed band; none where a weight depends on the seat."""
    band = rule.what
    if band.measure.by_seat:
        return []
    least, most = band.measure.extremes(len(nodes.of_seat))
    floor, ceiling = band.measure.extremes(len(nodes.names))
    lower = np.maximum(_sum(np.maximum(band.lower, least), nodes), floor)
    upper = np.minimum(_sum(np.minimum(band.upper, most), nodes), ceiling)
    return [replace(rule, what=Band(band.measure, lower, upper))]


def _spread(rule: Named[Spread], nodes: Nodes) -> list[Named[Spread]]:
    spread = rule.what
    if spread.measure.by_seat:
        return []
    count = len(nodes.names)
    lower, upper = np.zeros(count), np.zeros(count)
    np.add.at(lower, nodes.of_seat, spread.lower)
    np.add.at(upper, nodes.of_seat, spread.upper)
    return [replace(rule, what=replace(spread, lower=lower, upper=upper))]


def _gain(problem: Problem, gain: Gain, nodes: Nodes) -> Gain:
    """Return what the seats of each node bring in at most, as one gain of the node."""
    weight = -_over(np.where(problem.eligible, -gain.weight, 0.0), nodes)
    whole = np.bincount(nodes.of_seat, gain.scale ** (1 / (1 - gain.power)), minlength=len(nodes.names))
    scale: FloatArray = np.asarray(whole ** (1 - gain.power), dtype=np.float64)
    return Gain(weight, scale, gain.power)


def _sum(values: IntArray, nodes: Nodes) -> IntArray:
    total = np.zeros(len(nodes.names), dtype=np.int64)
    np.add.at(total, nodes.of_seat, values)
    return total
