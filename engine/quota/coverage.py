"""Coverage: the open pipeline at the start of each period over its quota, and what quotas can be carried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import amounts
from engine.columns import Column, Table
from engine.hierarchy import nodes_of
from engine.inputs import FloatArray, Inputs, IntArray
from engine.pipeline.bookings import Bookings

if TYPE_CHECKING:
    import pandas as pd

_BY = (
    Column("by", "text", "`company`, a level of the hierarchy, or `rep`"),
    Column("group", "text", "node or seat; blank for the company"),
)
_COVERAGE = (
    *_BY,
    Column("period", "text", "period of the plan"),
    Column("quota", "real", "street quota of the period", "currency units"),
    Column(
        "expected_value",
        "real",
        "deals in progress at its start that are expected to close in it",
        "currency units",
    ),
    Column("coverage", "ratio", "expected_value / quota"),
    Column("open_value", "real", "all deals in progress at its start", "currency units"),
    Column("open_coverage", "ratio", "open_value / quota"),
    Column("needed", "ratio", "coverage that wins the quota at the win rate of the whole plan: 1 / win rate"),
)
_CAPACITY = (
    *_BY,
    Column("quota", "real", "quota of the plan", "currency units"),
    Column("ramp", "ratio", "share of a full quota that is carried, by ramp and time filled"),
    Column(
        "full_quota",
        "real",
        "what the quota would be without ramp and vacancy: quota / ramp, summed over seats",
        "currency units",
    ),
    Column("attainment", "ratio", "mean simulated measure / quota"),
    Column("capacity", "real", "sum over seats of full quota x ramp x attainment", "currency units"),
)


def tables(
    inputs: Inputs, bookings: Bookings, measure: str, cells: IntArray, year: Sequence[Fraction]
) -> tuple[Table, ...]:
    """Return coverage and sales capacity of the company, every node and every seat.

    Args:
        inputs: the tables.
        bookings: what was simulated; without `open_value` there is no coverage.
        measure: what quotas are set on.
        cells: quotas, shape (rep, product, period).
        year: share of the plan's quota that each seat carries.

    """
    quota = cells.sum(axis=1) / 10.0 ** amounts.decimals(inputs.currency)
    booked = bookings.measure(measure).sum(axis=2).mean(axis=0) / 10.0 ** amounts.decimals(inputs.currency)
    made = [_capacity(inputs, quota.sum(axis=1), booked, np.array([float(share) for share in year]))]
    if bookings.open_value is not None:
        made.insert(0, _coverage(inputs, bookings, quota))
    return tuple(made)


def _groups(inputs: Inputs) -> Iterator[tuple[str, str, IntArray]]:
    seats = np.arange(len(inputs.reps))
    yield "company", "", seats
    for level, nodes in nodes_of(inputs.reps).items():
        for node, inside in nodes.items():
            yield level, node, inside
    for seat in seats:
        yield "rep", inputs.reps.id[seat], seats[seat : seat + 1]


def _over(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _coverage(inputs: Inputs, bookings: Bookings, quota: FloatArray) -> Table:
    assert bookings.open_value is not None
    expected, every = bookings.open_value / 10.0 ** amounts.decimals(inputs.currency)
    count = dict(zip(bookings.kpi_names, bookings.kpis.sum(axis=0), strict=True))
    needed = _over(float(count["won"] + count["lost"]), float(count["won"]))
    rows = []
    for by, group, seats in _groups(inputs):
        for period, label in enumerate(inputs.calendar.labels):
            own, due, there = (float(values[seats, period].sum()) for values in (quota, expected, every))
            rows.append((by, group, label, own, due, _over(due, own), there, _over(there, own), needed))
    return Table(
        "coverage", _COVERAGE, _frame(_COVERAGE, rows), "Pipeline coverage of quotas, means over replications"
    )


def _capacity(inputs: Inputs, quota: FloatArray, booked: FloatArray, ramp: FloatArray) -> Table:
    full = np.divide(quota, ramp, out=np.zeros_like(quota), where=ramp > 0)
    attainment = np.divide(booked, quota, out=np.zeros_like(quota), where=quota > 0)
    capacity = full * ramp * attainment
    rows = []
    for by, group, seats in _groups(inputs):
        own, whole = float(quota[seats].sum()), float(full[seats].sum())
        rows.append(
            (
                by,
                group,
                own,
                _over(own, whole),
                whole,
                _over(float(booked[seats].sum()), own),
                capacity[seats].sum(),
            )
        )
    return Table(
        "sales_capacity", _CAPACITY, _frame(_CAPACITY, rows), "Sales capacity: full quota x ramp x attainment"
    )


def _frame(columns: Sequence[Column], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=[column.name for column in columns])
