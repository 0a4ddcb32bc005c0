"""The model of one alternative: the rules and the cost of a formulation as rows, the least difference as objective.

Columns are those of the formulation, then z. The row of the cost is divided by a power of two, like the rows of the
differences, so that coefficients are near 1,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.measure import Measured
from engine.territory.solving.formulation import Formulation, formulate
from engine.territory.solving.relaxation import pairs_of
from engine.territory.why.multipliers import Multipliers
from solvers.model import Arrays, Model

COEFFICIENT = 1024.0


@dataclass(frozen=True)
class Differing:
    """What is asked: to differ from known plans within a cost."""

    found: Multipliers
    known: tuple[IntArray, ...]
    """The best plan first, then the earlier alternatives; seats of accounts."""
    measure: Measured
    limit: float
    """Most that the plan may cost, currency units."""
    start: IntArray
    """A plan to start from, seats of units."""
    integer: bool
    """Whether accounts are whole; else the LP."""


@dataclass(frozen=True)
class Built:
    """The model and the way back."""

    model: Model
    formulation: Formulation
    units: int
    scale: float
    """Integer units of the measure in one of z."""
    start: FloatArray | None
    """The plan to start from as a point, where it lies in the model."""


def differing_model(asked: Differing) -> Built:
    """Build the model over the pairs that can be in a plan within the cost."""
    units, priced = asked.found.units, asked.found.priced
    columns = priced.extra <= asked.limit - priced.bound
    known = [of_units(units.unit_of, plan) for plan in asked.known]
    for plan in (*known, asked.start):
        columns[np.arange(len(plan)), plan] = True
    formulation = formulate(units.problem, *pairs_of(columns), integer=asked.integer)
    arrays = formulation.model.arrays()
    model = _copied(arrays)
    power = _power(float(np.abs(arrays.cost).max(initial=0.0)))
    used = np.flatnonzero(arrays.cost)
    limit = (asked.limit - arrays.offset) / power
    none = np.zeros(len(used), dtype=np.int64)
    model.add_rows("cost", none, used, arrays.cost[used] / power, count=1, upper=limit)
    scale = _differences(model, formulation, asked, known)
    start = formulation.start(units.problem, asked.start)
    seats = units.expand(asked.start)
    least = min(differs(asked.measure, seats, plan) for plan in asked.known) / scale
    point = None if start is None else np.append(start, least)
    return Built(model, formulation, len(known[0]), scale, point)


def differs(measure: Measured, one: IntArray, other: IntArray) -> int:
    """Return what the accounts weigh that two plans give to different seats, integer units."""
    apart = np.flatnonzero(one != other)
    return int(measure.at(apart, other[apart]).sum())


def of_units(unit_of: IntArray, rep_of: IntArray) -> IntArray:
    """Return an alignment of accounts as one of units."""
    out = np.zeros(int(unit_of.max(initial=-1)) + 1, dtype=np.int64)
    out[unit_of] = rep_of
    return out


def _copied(arrays: Arrays) -> Model:
    """Return a model with the same columns and rows, and no costs."""
    model = Model()
    ends = np.flatnonzero(np.diff(arrays.integer, append=~arrays.integer[-1:])) + 1
    for first, last in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        low, high, whole = arrays.lower[first:last], arrays.upper[first:last], bool(arrays.integer[first])
        model.add_columns("x", last - first, lower=low, upper=high, integer=whole)
    entries = arrays.matrix.tocoo()
    lower, upper = arrays.row_lower, arrays.row_upper
    model.add_rows(
        "rule", entries.row, entries.col, entries.data, count=arrays.rows, lower=lower, upper=upper
    )
    return model


def _differences(model: Model, formulation: Formulation, asked: Differing, known: list[IntArray]) -> float:
    """Add z and its row for each known plan; return the integer units in one of z."""
    unit_of, measure = asked.found.units.unit_of, asked.measure
    least = model.add_columns("difference", 1, cost=-1.0, upper=inf, integer=False)
    weights = []
    for plan, seats in zip(known, asked.known, strict=True):
        weight = np.zeros(len(plan), dtype=np.int64)
        np.add.at(weight, unit_of, measure.at(np.arange(len(seats)), seats))
        weights.append(weight)
    scale = _power(float(max(np.abs(weight).max(initial=0) for weight in weights)))
    for turn, (plan, weight) in enumerate(zip(known, weights, strict=True)):
        same = np.flatnonzero(plan[formulation.account] == formulation.rep)
        value = np.append(weight[formulation.account[same]] / scale, 1.0)
        column = np.append(same, least)
        row = np.zeros(len(column), dtype=np.int64)
        model.add_rows(f"differs_{turn}", row, column, value, count=1, upper=float(weight.sum()) / scale)
    return scale


def _power(largest: float) -> float:
    return float(2.0 ** max(0.0, np.ceil(np.log2(max(largest, 1.0) / COEFFICIENT))))


def seats_of(built: Built, x: FloatArray) -> IntArray:
    """Return the seat of each unit."""
    return built.formulation.alignment(x, built.units)
