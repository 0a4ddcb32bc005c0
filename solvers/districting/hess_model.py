"""The Hess model over surviving pairs, and rounds of contiguity rows.

    min  sum c_ij x_ij
    each unit once                     sum_j x_ij = 1
    k centres                          sum_j x_jj = k
    band                               L x_jj <= sum_i p_i x_ij <= U x_jj
    only to an open centre             x_ij <= x_jj
    contiguity, as violated            x_ab <= sum_{c in C} x_cb     C a length-U a,b-separator

The model is solved, separators of its disconnected districts are added, and it is solved again; its bound holds over
all contiguous plans in every round, as each is a relaxation. The bound is the word of the solver's branch and bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import inf

import numpy as np

from solvers import SolveOptions, Status, solve
from solvers.contiguity import components, minimal_separator, shortened
from solvers.contiguity.graph import IntArray, Mask
from solvers.districting.instance import FloatArray, Instance
from solvers.districting.plan import centres, inertia_of
from solvers.model import Model

Row = tuple[int, int, tuple[int, ...]]
"""(a, b, separator)."""


@dataclass(eq=False)
class Rows:
    """The contiguity rows found so far, each once, in the order found."""

    found: list[Row] = field(default_factory=list)
    seen: dict[Row, None] = field(default_factory=dict)

    def add(self, row: Row) -> bool:
        """Add a row; return whether it is new."""
        if row in self.seen:
            return False
        self.seen[row] = None
        self.found.append(row)
        return True


def built(instance: Instance, kept: Mask, rows: Rows) -> tuple[Model, IntArray]:
    """Return the model and the column of each pair (unit, centre), -1 where it is fixed at 0."""
    model, n = Model(), instance.units
    kept = kept & kept.diagonal()
    unit, centre = np.nonzero(kept)
    column = np.full((n, n), -1, dtype=np.int64)
    column[unit, centre] = model.add_columns("assign", len(unit), cost=instance.cost[unit, centre])
    x, own, opened = column[unit, centre], unit == centre, column[centre, centre]
    people = instance.population[unit].astype(np.float64)
    model.add_rows("coverage", unit, x, count=n, lower=1, upper=1)
    k = instance.districts
    model.add_rows("districts", np.zeros(own.sum()), x[own], count=1, lower=k, upper=k)
    model.add_rows("lower", centre, x, people - instance.lower * own, count=n, lower=0)
    model.add_rows("upper", centre, x, people - instance.upper * own, count=n, upper=0)
    link = np.flatnonzero(~own)
    line = np.concatenate((np.arange(len(link)), np.arange(len(link))))
    both, sign = np.concatenate((x[link], opened[link])), np.repeat((1.0, -1.0), len(link))
    model.add_rows("open", line, both, sign, count=len(link), upper=0)
    _contiguity(model, column, rows)
    return model, column


def _contiguity(model: Model, column: IntArray, rows: Rows) -> None:
    line, columns, signs, count = [], [], [], 0
    for a, b, cut in rows.found:
        if column[a, b] < 0:
            continue
        ends = [(a, 1.0), *((c, -1.0) for c in cut)]
        for unit, sign in ends:
            if column[unit, b] >= 0:
                line.append(count)
                columns.append(column[unit, b])
                signs.append(sign)
        count += 1
    if count:
        model.add_rows("contiguity", line, columns, signs, count=count, upper=0)


def linear_multipliers(instance: Instance) -> FloatArray:
    """Return the duals of "each unit once" in the linear relaxation without contiguity, shape (unit,)."""
    model, _ = built(instance, np.ones((instance.units, instance.units), dtype=np.bool_), Rows())
    arrays = model.arrays()
    answer = solve(replace(arrays, integer=np.zeros(arrays.columns, dtype=np.bool_)), SolveOptions(), "highs")
    if answer.row_duals is None:
        return np.asarray(instance.cost.mean(axis=1))
    return answer.row_duals[: instance.units]


def separate(instance: Instance, label: IntArray, centre: IntArray, kept: Mask, rows: Rows) -> int:
    """Add separators for each piece that is cut off from its centre; return how many are new.

    `label` (unit,) indexes `centre`. For each piece apart from its centre: the separator nearest to it,
    and the one nearest to the centre.
    """
    new, graph = 0, instance.graph
    for d, b in enumerate(centre.tolist()):
        district, room = label == d, kept[:, b]
        for part in components(graph, np.flatnonzero(district)):
            if b in part:
                continue
            a = int(part[np.argmax(instance.population[part])])
            for first, last in ((a, b), (b, a)):
                cut = minimal_separator(graph, first, last, district, room)
                cut = shortened(graph, first, last, cut, instance.population, instance.upper, room)
                new += rows.add((a, b, tuple(cut.tolist())))
    return new


def _point(instance: Instance, column: IntArray, label: IntArray | None) -> FloatArray | None:
    """Return a plan as values of the columns, or None when it uses a pair that was ruled out."""
    if label is None:
        return None
    used = column[np.arange(instance.units), centres(instance, label)[label]]
    if (used < 0).any():
        return None
    point = np.zeros(int(column.max()) + 1)
    point[used] = 1
    return point


def solved(
    instance: Instance, kept: Mask, start: IntArray | None, options: SolveOptions, most_rounds: int = 200
) -> tuple[IntArray | None, float]:
    """Return the best contiguous plan (labels, or None) of the surviving pairs and the bound of the last round."""
    rows, bound = Rows(), -inf
    for _ in range(most_rounds):
        model, column = built(instance, kept, rows)
        answer = solve(model, replace(options, start=_point(instance, column, start)), "highs")
        if answer.status is Status.INFEASIBLE:
            return None, inf
        bound = max(bound, answer.bound)
        if answer.x is None:
            return start, bound
        value = np.where(column >= 0, answer.x[column], 0)
        at = np.argmax(value, axis=1)
        centre, label = np.unique(at, return_inverse=True)
        if not separate(instance, label, centre, kept, rows):
            return label.astype(np.int64), bound
        if start is not None and bound >= inertia_of(instance, start) * (1 - 1e-6):
            return start, bound
    return start, bound
