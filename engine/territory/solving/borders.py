"""Least borders: what the bands alone say about the border of a seat, as rows for branch and bound.

    b_j = min sum_e q_e |y_i - y_k|      over sets y of accounts that seat j may own and that keep its bands
    sum_e q_e |x_ij - x_kj| = sum_e q_e (2 cut_ej - x_ij + x_kj) >= b_j      for every seat j, e = (i, k)

The LP spreads every account evenly over the seats and cuts nothing; these rows know that a territory of its size has
an edge. Each b_j is the proven bound of a model of one seat, solved in a second or two where the whole takes minutes;
where all edges cost the same, it is rounded up to whole edges.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, inf

import numpy as np
from scipy.sparse import coo_matrix

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Band, BoolArray, EdgeCost
from engine.territory.problem import Problem
from engine.territory.solving.formulation import Formulation
from engine.territory.solving.scaling import tightened, unit
from engine.territory.solving.search import Search
from solvers.model import Model

EDGES = 3_000
"""Edges up to which a seat by itself is asked for its border."""
KINDS = 8
"""Seats of different bands or eligibility up to which they are asked."""
NODES = 300
"""Nodes for one of these models."""
ROUNDED = 1e-8
"""Share of the dearest edge up to which what is left of prices that cancel is moved to the side of a row."""
HAIR = 1e-6
"""Relative allowance for the tolerances of a solver."""


def with_borders(problem: Problem, search: Search, formulation: Formulation) -> Formulation:
    """Add the least borders to a model of whole accounts, where edges have a cost; nothing is cut off."""
    for edge, cuts in zip(problem.edge_costs, formulation.cuts, strict=True):
        least = least_borders(problem, search, edge.what)
        known = np.flatnonzero(least > 0)
        if not len(known):
            continue
        price, ends = edge.what.price, edge.what.edges
        pair, number = _pairs(formulation, ends)
        row = np.concatenate((cuts.rep, formulation.rep[pair]))
        column = np.concatenate((cuts.auxiliary.columns, pair))
        sign = np.repeat([-1.0, 1.0], len(ends))[number]
        weight = np.concatenate((2 * price[cuts.edge], sign * price[number % len(ends)]))
        size, shape = float(price.max()), (len(least), formulation.model.columns)
        whole = coo_matrix((weight / size, (row, column)), shape=shape).tocsr()[known].tocoo()
        gone = np.abs(whole.data) <= ROUNDED
        formulation.model.add_rows(
            f"{edge.title}_border",
            whole.row[~gone],
            whole.col[~gone],
            whole.data[~gone],
            count=len(known),
            lower=least[known] / size - np.bincount(whole.row[gone], np.abs(whole.data[gone]), len(known)),
            labels=tuple(problem.rep_ids[j] for j in known.tolist()),
        )
    return formulation


def _pairs(formulation: Formulation, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Return each pair of a first end, then of a second end, of every edge, with the number of that end."""
    order = np.argsort(formulation.account, kind="stable")
    ordered, flat = formulation.account[order], ends.T.ravel()
    first, last = np.searchsorted(ordered, flat), np.searchsorted(ordered, flat, side="right")
    number = np.repeat(np.arange(len(flat)), last - first)
    place = np.arange(len(number)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    return order[place + first[number]], number


def least_borders(problem: Problem, search: Search, edge: EdgeCost) -> FloatArray:
    """Return the least border of each seat, currency units, shape (rep,); 0 where nothing is known."""
    least = np.zeros(len(problem.rep_ids))
    bands = [band.what for band in problem.bands if not band.what.measure.by_seat]
    if not bands or len(edge.edges) > EDGES or not edge.price.any():
        return least
    kinds: dict[bytes, float] = {}
    for j in range(len(least)):
        may = problem.eligible[:, j]
        key = b"".join([may.tobytes(), *(_sides(band, j).tobytes() for band in bands)])
        if key not in kinds:
            if len(kinds) == KINDS:
                return least
            kinds[key] = _least(search, edge, may, [(band, _sides(band, j)) for band in bands])
        least[j] = kinds[key]
    return least


def _sides(band: Band, j: int) -> IntArray:
    lower, upper = tightened(band)
    return np.array([lower[j], upper[j]])


def _least(search: Search, edge: EdgeCost, may: BoolArray, bands: list[tuple[Band, IntArray]]) -> float:
    """Return the proven bound of the model of one seat, which is asked once in a search."""
    model = _one_seat(edge, may, bands)
    arrays = model.arrays()
    parts = (
        arrays.cost,
        arrays.upper,
        arrays.matrix.data,
        arrays.matrix.indices,
        arrays.row_lower,
        arrays.row_upper,
    )
    key = b"".join(np.ascontiguousarray(part).tobytes() for part in parts)
    if key not in search.asked:
        same, price = bool((edge.price == edge.price[0]).all()), float(edge.price[0])
        nodes = min(search.node_limit or NODES, NODES)
        own = replace(search, node_limit=nodes)
        solution = own.hand_over(model, gap=0.0, absolute_gap=0.99 * price if same else 0.0, side=True)
        bound = max(solution.bound if solution.x is not None else 0.0, 0.0) * (1 - HAIR)
        search.asked[key] = price * ceil(bound / price - HAIR) if same else bound
    return search.asked[key]


def _one_seat(edge: EdgeCost, may: BoolArray, bands: list[tuple[Band, IntArray]]) -> Model:
    model, accounts, count = Model(), len(may), len(edge.edges)
    own = model.add_columns("y", accounts, upper=may.astype(np.float64))
    border = model.add_columns("border", count, cost=edge.price, integer=False)
    each, ones = np.tile(np.arange(count), 3), np.ones(count)
    column = np.concatenate((own[edge.edges[:, 0]], own[edge.edges[:, 1]], border))
    for side in (1.0, -1.0):
        weight = np.concatenate((side * ones, -side * ones, -ones))
        model.add_rows(f"side{side:+.0f}", each, column, weight, count=count, upper=0.0)
    for k, (band, (lower, upper)) in enumerate(bands):
        divisor, power = unit(band.measure)
        values = (band.measure.values // divisor) / power
        used = np.flatnonzero(values)
        row = np.zeros(len(used), dtype=np.int64)
        low, high = lower // divisor / power, upper // divisor / power
        least, most = float(values.clip(max=0).sum()), float(values.clip(min=0).sum())
        low, high = -inf if low <= least else low, inf if high >= most else high
        model.add_rows(f"band{k}", row, own[used], values[used], count=1, lower=low, upper=high)
    return model
