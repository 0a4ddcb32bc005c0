"""Formulation: a problem over some of its pairs as one sparse model, built as arrays.

    assign[i]      sum_j x_ij = 1
    band[j]        L_j <= sum_i w_i x_ij (- above_j + below_j) <= U_j
    budget         sum_ij w_i moved_ij x_ij (- above) <= B
    spread[j]      l_j <= sum_i w_i x_ij - over_j + under_j <= u_j      cost p (over_j + under_j)
    held           sum_k p_k sum_j (over_kj + under_kj) (- above) <= V
    row[r]         l_r <= sum a_rij x_ij (- above_r + below_r) <= u_r      free rows, and cliques of pairs apart
    cut[e, j]      x_ij - x_kj <= cut_ej        for e = (i, k), cost q_e cut_ej
    gain[j]        sum_i v_ij x_ij = y_j,   z_j <= tangents at y_j      cost -z_j

The columns in brackets are there only in an elastic model. How rows are scaled: `scaling`. Seats that must be
connected have no rows here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import EdgeCost, Gain, Held, Spread
from engine.territory.problem import Named, Problem
from engine.territory.solving.gains import GainColumns, gain_columns, gain_rows
from engine.territory.solving.row_blocks import (
    Auxiliary,
    Block,
    Pairs,
    Rule,
    band_rows,
    budget_row,
    held_row,
    slack,
    spread_columns,
    spread_rows,
)
from engine.territory.solving.row_blocks_free import Cuts, Sparse, edge_columns, edge_rows, sparse_rows
from engine.territory.solving.scaling import size_of as size_of
from engine.territory.solving.scaling import tightened as tightened
from engine.territory.solving.scaling import unit as unit
from solvers.model import Model


@dataclass(frozen=True)
class Elastic:
    """Prices that turn the rules into wishes."""

    pairs: bool
    """Whether the pairs keep their cost; without it the least total violation is sought."""
    price: float
    """Price of breaking a rule by its whole size (the largest bound of the band, or the limit)."""


@dataclass(frozen=True)
class Formulation:
    """A model and what its columns and rows mean. The first columns are the pairs, in the order of `account`."""

    model: Model
    account: IntArray
    """Account of each pair, shape (pair,)."""
    rep: IntArray
    """Seat of each pair, shape (pair,)."""
    rows: tuple[Block, ...]
    """For each band, then budget, then priced spread, then held spread: its rows, and the integer units in one unit
    of a row."""
    slack: tuple[IntArray, ...] = ()
    """Columns of the elastic slack, above then below, for each band and budget; then free rows and held ranks."""
    decides: bool = True
    """Whether a point is an alignment: integer pairs and no slack."""
    sparse: tuple[Sparse, ...] = ()
    """Free rows, and the rows of cut edges."""
    auxiliary: tuple[Auxiliary, ...] = ()
    """Columns that follow from the pairs."""
    cuts: tuple[Cuts, ...] = ()
    """Columns of each cost of cut edges; none where costs do not count."""
    gains: tuple[Block, ...] = ()
    """The rows that add up the loads of each gain, and the weight in one unit of a row."""

    def start(self, problem: Problem, rep_of: IntArray) -> FloatArray | None:
        """Return an alignment as a point of the model, or None when one of its pairs is no column."""
        point = np.zeros(self.model.columns)
        chosen = rep_of[self.account] == self.rep
        if int(chosen.sum()) != len(rep_of):
            return None
        point[: len(chosen)] = chosen
        for part in self.auxiliary:
            point[part.columns] = part.values(rep_of)
        return point

    def alignment(self, x: FloatArray, accounts: int) -> IntArray:
        """Return the seat of the largest share of each account, shape (account,)."""
        share = x[: len(self.account)]
        order = np.lexsort((self.rep, -share, self.account))
        first = np.searchsorted(self.account[order], np.arange(accounts))
        return self.rep[order[first]]


def formulate(
    problem: Problem,
    account: IntArray,
    rep: IntArray,
    *,
    integer: bool = True,
    elastic: Elastic | None = None,
    margin: int = 0,
    touching: Sequence[IntArray] = (),
) -> Formulation:
    """Build the model over the given pairs.

    Tangents of gains touch the loads of the alignments `touching`, shape (account,) each, besides their own.

    `margin` tightens bands, budgets and free rows by integer units, to give a solver's tolerance room; it serves a
    search alone, never a bound.
    """
    model = Model()
    priced = elastic is None or elastic.pairs
    cost = problem.cost[account, rep] if priced else 0.0
    columns = model.add_columns("x", len(account), cost=cost, integer=integer)
    pairs = Pairs(problem, account, rep, columns, elastic.price if elastic else None, margin)
    beside = _columns(model, pairs, priced)
    ids = problem.account_ids
    model.add_rows("assign", account, columns, count=len(ids), lower=1, upper=1, labels=ids)
    own = iter(beside.slack)
    rows = [band_rows(model, pairs, band, next(own)) for band in problem.bands]
    rows += [budget_row(model, pairs, budget, next(own)) for budget in problem.budgets]
    rows += [spread_rows(model, pairs, s.title, s.what, part.columns) for s, part in beside.spreads]
    slacks = [part for part in beside.slack if part is not None]
    for held, parts in beside.held:
        for spread, part in zip(held.what.spreads, parts, strict=True):
            rows.append(spread_rows(model, pairs, f"{held.title}_spread", spread, part.columns))
        slacks += held_row(model, pairs, held, parts)
    sparse = [sparse_rows(model, pairs, named, next(own)) for named in problem.free_rows()]
    sparse += [edge_rows(model, pairs, edge, cuts) for edge, cuts in beside.cuts]
    gains = [gain_rows(model, pairs, gain, part, touching) for gain, part in beside.gains]
    decides = integer and elastic is None
    cuts = tuple(part for _, part in beside.cuts)
    return Formulation(
        model,
        account,
        rep,
        tuple(rows),
        tuple(slacks),
        decides,
        tuple(sparse),
        beside.auxiliary,
        cuts,
        tuple(gains),
    )


@dataclass(frozen=True)
class _Columns:
    """The columns beside the pairs, each with what it belongs to."""

    spreads: list[tuple[Named[Spread], Auxiliary]]
    held: list[tuple[Named[Held], list[Auxiliary]]]
    cuts: list[tuple[Named[EdgeCost], Cuts]]
    gains: list[tuple[Named[Gain], GainColumns]]
    slack: list[IntArray | None]
    """For each band, budget and free row; None in a model that is not elastic."""

    @property
    def auxiliary(self) -> tuple[Auxiliary, ...]:
        """The columns that follow from the pairs."""
        over = [part for _, part in self.spreads]
        held = [part for _, parts in self.held for part in parts]
        gains = [columns.auxiliary for _, columns in self.gains]
        return (*over, *held, *(cuts.auxiliary for _, cuts in self.cuts), *gains)


def _columns(model: Model, pairs: Pairs, priced: bool) -> _Columns:
    """Add the columns beside the pairs; those of costs only where costs count."""
    problem = pairs.problem
    spreads = problem.priced_spreads if priced else ()
    over = [(s, spread_columns(model, s.title, s.what, s.what.price)) for s in spreads]
    rules: list[Rule] = [*problem.bands, *problem.budgets, *problem.free_rows()]
    elastic = pairs.slack_price is not None
    slacks = [slack(model, pairs, rule) if elastic else None for rule in rules]
    held = [(h, [spread_columns(model, h.title, s, 0.0) for s in h.what.spreads]) for h in problem.holds]
    cuts = [(edge, edge_columns(model, pairs, edge)) for edge in (problem.edge_costs if priced else ())]
    gains = [(gain, gain_columns(model, pairs, gain)) for gain in (problem.gains if priced else ())]
    return _Columns(over, held, cuts, gains, slacks)
