"""Free rows of a formulation, and the borders between accounts, over the pairs that are columns."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import EdgeCost, Rows
from engine.territory.problem import Named
from engine.territory.solving.row_blocks import Auxiliary, Pairs
from engine.territory.solving.scaling import unit_of
from solvers.model import Model


@dataclass(frozen=True)
class Sparse:
    """Free rows in the model. With a price they are wishes: breaking row r by one costs price_r."""

    rows: IntArray
    scale: float
    what: Rows
    price: FloatArray | None = None


def sparse_rows(model: Model, pairs: Pairs, named: Named[Rows], slack: IntArray | None) -> Sparse:
    """Add free rows over the pairs that are columns."""
    what = named.what
    divisor, power = unit_of(what.coefficient)
    row, column, coefficient = _entries(pairs, what)
    weight = (coefficient // divisor) / power
    if slack is not None:
        each = np.arange(len(what.lower))
        row, column = np.concatenate((row, each, each)), np.concatenate((column, slack))
        weight = np.concatenate((weight, -np.ones(len(each)), np.ones(len(each))))
    rows = model.add_rows(
        named.title,
        row,
        column,
        weight,
        count=len(what.lower),
        lower=np.ceil((what.lower + pairs.margin) / divisor) / power,
        upper=np.floor((what.upper - pairs.margin) / divisor) / power,
        labels=what.labels,
    )
    return Sparse(rows, divisor * power, what)


def _entries(pairs: Pairs, what: Rows) -> tuple[IntArray, IntArray, IntArray]:
    """Return row, column and coefficient of the entries whose pair is a column."""
    reps = len(pairs.problem.rep_ids)
    key = pairs.account * reps + pairs.rep
    order = np.argsort(key, kind="stable")
    wanted = what.account * reps + what.rep
    place = np.minimum(np.searchsorted(key[order], wanted), max(len(key) - 1, 0))
    there = key[order][place] == wanted if len(key) else np.zeros(len(wanted), dtype=np.bool_)
    return what.row[there], pairs.columns[order[place[there]]], what.coefficient[there]


@dataclass(frozen=True)
class Cuts:
    """What each edge's first end has at a seat beyond its second; one for each edge and each seat of a column."""

    edge: IntArray
    rep: IntArray
    auxiliary: Auxiliary


def edge_columns(model: Model, pairs: Pairs, edge: Named[EdgeCost]) -> Cuts:
    """Add for each edge and seat what its first end has there beyond its second: the sum is 1 where it is cut."""
    ends = edge.what.edges
    order = np.lexsort((pairs.rep, pairs.account))
    sorted_accounts = pairs.account[order]
    first = np.searchsorted(sorted_accounts, ends[:, 0])
    count = np.searchsorted(sorted_accounts, ends[:, 0], side="right") - first
    which = np.repeat(np.arange(len(ends)), count)
    place = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    rep = pairs.rep[order[place]]
    cost = edge.what.price[which]
    columns = model.add_columns(f"{edge.title}_cut", len(which), cost=cost, integer=False)

    def values(rep_of: IntArray) -> FloatArray:
        cut = (rep_of[ends[which, 0]] == rep) & (rep_of[ends[which, 1]] != rep)
        return np.asarray(cut, dtype=np.float64)

    return Cuts(which, rep, Auxiliary(columns, values))


def edge_rows(model: Model, pairs: Pairs, edge: Named[EdgeCost], cuts: Cuts) -> Sparse:
    """Add x_ij - x_kj <= cut_ej for each edge e = (i, k) and each seat j that i has a column for."""
    ends, count = edge.what.edges[cuts.edge], len(cuts.edge)
    each = np.arange(count)
    what = Rows(
        np.tile(each, 2),
        np.concatenate((ends[:, 0], ends[:, 1])),
        np.tile(cuts.rep, 2),
        np.repeat(np.array([1, -1], dtype=np.int64), count),
        np.full(count, -inf),
        np.zeros(count),
        (),
    )
    row, column, coefficient = _entries(pairs, what)
    row, column = np.concatenate((row, each)), np.concatenate((column, cuts.auxiliary.columns))
    weight = np.concatenate((coefficient, -np.ones(count)))
    rows = model.add_rows(f"{edge.title}_row", row, column, weight, count=count, upper=0.0)
    return Sparse(rows, 1.0, what, edge.what.price[cuts.edge])
