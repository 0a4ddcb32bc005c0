"""Lower bounds on the figures of a plan, and the proof of the best plan where it can be had.

Violation: 0, exact as soon as a plan keeps the bands. Affinity loss: the assignment of units to territories within the
bands, as a relaxation (`affinity`). Dispersion, of all plans that are no worse in the first two figures: prices of the
units (`lagrangian.ascend`), then the prices of linear programs with bands and separators, both recomputed by our own
code on all pairs that are left; at last branch and bound over those, which is a solver's word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solvers.solution import SolveOptions, Status
from solvers.territory_design.heuristic import Design, matched
from solvers.territory_design.instance import FloatArray, Instance, IntArray
from solvers.territory_design.lagrangian import Median, ascend, relaxation
from solvers.territory_design.rows import Rows

LP_ROUNDS = 25
CUT_ROUNDS = 40
TINY = 1e-6


@dataclass(frozen=True)
class Proof:
    """What is proven about the dispersion of the plans that are no worse than a design in the first figures."""

    recomputed: float
    """Bound of our own code."""
    bound: float
    """Best bound: that, or branch and bound's."""
    better: IntArray | None
    """A plan of less dispersion, where the proof came upon one; shape (unit,)."""
    pairs: int
    """Pairs of centre and unit that are left for a better plan."""
    cuts: int
    nodes: int


@dataclass(frozen=True)
class Limits:
    """Counts that end a proof."""

    nodes: int = 100
    """Nodes of branch and bound in all rounds together; 0 leaves it out."""
    pairs: int = 2_500
    """Pairs above which branch and bound is not begun."""


def prove(instance: Instance, known: Design, limits: Limits | None = None) -> Proof:
    """Bound the dispersion of every plan whose violation and loss are no more than those of a known plan."""
    limits = limits or Limits()
    upper = known.score.dispersion
    median = _compatible(relaxation(instance, known.score.violation), known.score.loss)
    bound, price = ascend(median, upper)
    median = median.without(instance.distances - price[None, :], float(price.sum()), upper)
    bound, median, rows = _tightened(median, upper, bound)
    pairs = int(median.allowed.sum())
    proof = Proof(min(bound, upper), min(bound, upper), None, pairs, len(rows.separators), 0)
    if proof.bound >= upper * (1 - TINY) or not limits.nodes or pairs > limits.pairs:
        return proof
    return _branched(rows, known, proof, limits.nodes)


def _compatible(median: Median, loss: int) -> Median:
    """Leave out pairs that no territory takes together at so little loss."""
    extra = median.instance.affinity - 1
    least = (extra[:, :, None] + extra[:, None, :]).min(axis=0)
    np.fill_diagonal(least, extra.min(axis=0))
    return replace(median, allowed=median.allowed & (least <= loss))


def _tightened(median: Median, upper: float, bound: float) -> tuple[float, Median, Rows]:
    """Solve the LP with bands, add separators, leave out pairs, until neither helps."""
    rows = Rows(median)
    while True:
        solver, arrays = _passed(rows)
        for _ in range(LP_ROUNDS):
            x, duals = _solved(solver)
            if x is None or duals is None:
                return bound, median, rows
            constant, cost = rows.priced(arrays, duals)
            bound = max(bound, constant + median.value(cost)[0])
            new = rows.broken(x)
            if not new:
                break
            rows.separators.extend(new)
            arrays = rows.arrays(integer=False)
            _append(solver, arrays, len(new))
        smaller = median.without(cost, constant, upper)
        if smaller.allowed.sum() > 0.9 * median.allowed.sum():
            return bound, smaller, Rows(smaller, rows.separators)
        median = smaller
        rows = Rows(median, rows.separators)


def _passed(rows: Rows) -> tuple[Any, Any]:
    import highspy

    arrays = rows.arrays(integer=False)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    matrix = arrays.matrix
    solver.passModel(
        arrays.columns, arrays.rows, matrix.nnz, 2, 1, 0.0,
        arrays.cost, arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper,
        matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        np.zeros(arrays.columns, dtype=np.int32),
    )  # fmt: skip
    return solver, arrays


def _append(solver: Any, arrays: Any, count: int) -> None:
    tail = arrays.matrix[arrays.rows - count :]
    solver.addRows(
        count, arrays.row_lower[-count:], arrays.row_upper[-count:], tail.nnz, tail.indptr[:-1].astype(np.int32),
        tail.indices.astype(np.int32), tail.data,
    )  # fmt: skip


def _solved(solver: Any) -> tuple[FloatArray | None, FloatArray | None]:
    solver.run()
    if solver.getModelStatus().name != "kOptimal":
        return None, None
    answer = solver.getSolution()
    return np.array(answer.col_value), np.array(answer.row_dual)


def _labels(rows: Rows, x: FloatArray) -> IntArray:
    """Return the territory of each unit: the territories of the centres, given where they lose least affinity."""
    used = np.flatnonzero(x > 0.5)
    order = used[np.argsort(rows.unit[used], kind="stable")]
    _, own = np.unique(rows.centre[order], return_inverse=True)
    return matched(rows.median.instance, own.astype(np.int64))


def _branched(rows: Rows, known: Design, proof: Proof, nodes: int) -> Proof:
    """Branch and bound over the pairs that are left, with separators where a plan is in pieces."""
    from solvers import solve

    upper, better = known.score.dispersion, proof.better
    bound, used = proof.bound, 0
    for _ in range(CUT_ROUNDS):
        limit = max(nodes - used, 1)
        options = SolveOptions(gap=0.0, absolute_gap=TINY, node_limit=limit, start=rows.start(known.label))
        answer = solve(rows.arrays(integer=True), options)
        used += answer.nodes
        if answer.status is Status.INFEASIBLE:
            bound = upper
            break
        bound = max(bound, min(answer.bound, upper))
        if answer.x is None:
            break
        new = rows.broken(answer.x)
        rows.separators.extend(new)
        if not new and answer.objective < upper * (1 - TINY):
            better = _labels(rows, answer.x)
        if not new or used >= nodes:
            break
    return replace(proof, bound=bound, better=better, cuts=len(rows.separators), nodes=used)
