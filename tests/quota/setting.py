"""Worlds and calls that the tests of quotas share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.calendar import CalendarSpec, calendar
from engine.inputs import Inputs
from engine.pipeline.bookings import Bookings
from engine.progress import Silent
from engine.quota import allocate, violations
from engine.quota.quotas import Quotas
from engine.quota.spec import QuotaSpec
from engine.territory.alignment import Alignment
from tests.worlds import world


def seats(
    potential: list[int], periods: int = 1, history: list[int] | None = None, **levels: list[str]
) -> Inputs:
    """One seat and one account for each potential (currency units), in a plan of `periods` months."""
    count = len(potential)
    base = world(accounts=count, reps=count)
    money = np.array(potential, dtype=np.int64) * 100
    past = money if history is None else np.array(history, dtype=np.int64) * 100
    return replace(
        base,
        calendar=calendar(CalendarSpec(year=2027, length=periods)),
        accounts=replace(base.accounts, potential=money, owner=np.arange(count)),
        reps=replace(base.reps, history=past, levels={name: tuple(nodes) for name, nodes in levels.items()}),
    )


def aligned(inputs: Inputs) -> Alignment:
    return Alignment(inputs.accounts.owner, (), ())


def booked(inputs: Inputs, yearly: list[int] | None = None) -> Bookings:
    """Three replications; a seat books 100, 200 ... currency units a period unless told."""
    count, periods = len(inputs.reps), inputs.calendar.periods
    per_seat = (
        np.array(yearly if yearly is not None else [100 * (j + 1) for j in range(count)], dtype=np.int64)
        * 100
    )
    cube = np.broadcast_to(per_seat[None, :, None, None], (3, count, periods, 1)).copy()
    return Bookings(("bookings",), cube, np.zeros((3, 0), dtype=np.int64), (), ())


def spec(goal: Any = "1000", **fields: Any) -> QuotaSpec:
    return QuotaSpec(**{"goal": goal, "methods": [{"kind": "potential"}], **fields})


def quotas(inputs: Inputs, wanted: QuotaSpec, yearly: list[int] | None = None) -> Quotas:
    """Allocate, and hold the answer to the plain check."""
    found = allocate(inputs, aligned(inputs), booked(inputs, yearly), wanted, progress=Silent())
    assert violations(inputs, wanted, found.cells) == []
    return found


def by_seat(found: Quotas) -> list[float]:
    """Quota of each seat in currency units."""
    return [float(value) / 100 for value in found.cells.sum(axis=(1, 2))]


def table(found: Quotas, name: str) -> Any:
    return next(table.frame for table in found.tables if table.name == name)
