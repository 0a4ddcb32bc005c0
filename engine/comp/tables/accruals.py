"""Table of the accrual schedule: cash, expense, and what is capitalised and amortised."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from engine.columns import Column, Table
from engine.comp.accrual import Schedule, accrue, in_whole_units, schedule
from engine.comp.component import Component
from engine.comp.given import Given
from engine.comp.groups import shown_plans
from engine.comp.ledger import Ledger
from engine.comp.tables.frames import table
from engine.comp.year import Year
from engine.inputs import FloatArray, IntArray

_AMOUNTS = (
    Column("cash", "money", "Paid."),
    Column(
        "expense", "money", "Accrued at the rate of the forecast year and not capitalised, and amortisation."
    ),
    Column("additions", "money", "Capitalised: accrued at the same rate."),
    Column(
        "amortisation", "money", "Straight line, of what was capitalised in the plan; part of the expense."
    ),
    Column(
        "closing_asset", "money", "Capitalised in the plan and not yet amortised, at the end of the period."
    ),
    Column(
        "closing_liability",
        "money",
        "Accrued and not yet paid at the end of the period; negative where paid ahead.",
    ),
)


def accruals(year: Year) -> Table:
    """Return the schedule of means over replications: all plans, and the components of each that may be shown."""
    given = year.given
    labels = given.inputs.calendar.labels
    found = {
        (plan, part.label): _of(given, year.ledger, plan, part)
        for plan, block in given.spec.plans.items()
        for part in block.components
    }
    kept = shown_plans(given.inputs, given.spec.plans)
    rows = _rows(labels, "all", "all", reduce(Schedule.plus, found.values()))
    for (plan, label), accounts in found.items():
        if plan in kept:
            rows += _rows(labels, plan, label, accounts)
    columns = [
        Column("plan", "text", "Comp plan, or `all`."),
        Column("component", "text", "Component of the plan, or `all`."),
        Column("period", "text", "Period, or `year` for the whole plan."),
        *_AMOUNTS,
    ]
    meaning = (
        "Accrual schedule of mean pay, without on-costs and without what was capitalised before the plan. Expense "
        "accrues with credit at the rate of the forecast year; salary as it is paid."
    )
    return table("accruals", meaning, columns, rows)


def _of(given: Given, ledger: Ledger, plan: str, part: Component) -> Schedule:
    """Return the accounts of one component of a plan."""
    periods, names = given.inputs.calendar.periods, given.inputs.spells.plan
    cash, accrued = np.zeros(periods), np.zeros(periods)
    for line in ledger.lines:
        if line.label != part.label or not line.spells.size or names[line.spells[0]] != plan:
            continue
        paid, total = line.mean[:, :-1], line.mean[:, -1]
        work, days = _work(given, part, line.spells), _days(given, line.spells)
        cash += paid.sum(axis=0)
        accrued += (paid if part.fixed else accrue(total, work, days)).sum(axis=0)
    return schedule(in_whole_units(cash), in_whole_units(accrued), part.capitalise, given.spec.rounding)


def _work(given: Given, part: Component, spells: IntArray) -> FloatArray:
    """Return expected credit of the first measure that a component looks at; nothing where it looks at none."""
    measures, shape = part.measures(), (spells.size, given.inputs.calendar.periods)
    if not measures or not given.bookings.replications:
        return np.zeros(shape)
    seats = np.rint(given.bookings.measure(measures[0]).mean(axis=0)).astype(np.int64)
    return given.known.credit(seats, spells, given.spec.rounding).astype(np.float64)


def _days(given: Given, spells: IntArray) -> FloatArray:
    return (given.known.last[spells] - given.known.first[spells]).astype(np.float64)


def _rows(labels: tuple[str, ...], plan: str, component: str, accounts: Schedule) -> list[tuple[Any, ...]]:
    flows = (accounts.cash, accounts.expense, accounts.additions, accounts.amortisation)
    stocks = (accounts.asset, accounts.liability)
    rows: list[tuple[Any, ...]] = [
        (plan, component, label, *(int(flow[p]) for flow in flows), *(int(stock[p]) for stock in stocks))
        for p, label in enumerate(labels)
    ]
    year = (*(int(flow.sum()) for flow in flows), *(int(stock[-1]) for stock in stocks))
    return [*rows, (plan, component, "year", *year)]
