"""Schedule: the accounts of components of pay as a table, by period and for the year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from typing import Any

from engine.columns import Column, Table
from engine.comp.accounting import BEFORE
from engine.comp.accrual import Schedule
from engine.comp.tables.frames import table

COLUMNS = (
    Column("plan", "text", "Comp plan, `all`, or `before` for what the books held before the year."),
    Column("component", "text", "Component of the plan, or `all`."),
    Column("period", "text", "Period, or `year` for the whole plan."),
    Column("cash", "money", "Paid."),
    Column("accrued", "money", "Earned for the work of the period."),
    Column(
        "expense", "money", "Accrued and not capitalised, amortised and impaired, less added to the reserve."
    ),
    Column("opening_asset", "money", "Capitalised and not yet amortised, at the start of the period."),
    Column("additions", "money", "Capitalised in the period."),
    Column("amortisation", "money", "Straight line; part of the expense."),
    Column("impairment", "money", "Written off for lost customers; part of the expense."),
    Column("closing_asset", "money", "Capitalised and not yet amortised, at the end of the period."),
    Column("opening_liability", "money", "Accrued and not yet paid, at the start of the period."),
    Column("closing_liability", "money", "Accrued and not yet paid, at the end; negative where paid ahead."),
    Column(
        "opening_reserve", "money", "Expected to be taken back of what was paid, at the start of the period."
    ),
    Column(
        "closing_reserve", "money", "Expected to be taken back of what was paid, at the end of the period."
    ),
)


def schedule_table(
    name: str,
    meaning: str,
    labels: Sequence[str],
    found: Mapping[tuple[str, str], Schedule],
    shown: Collection[str],
    *,
    private: bool = False,
) -> Table:
    """Return the accounts of everything together, and of the components of plans that may be shown.

    Args:
        name: of the table.
        meaning: of the table.
        labels: periods.
        found: accounts by plan and component.
        shown: plans whose components have rows of their own.
        private: whether it holds what few people earn.

    """
    rows = _rows(labels, "all", "all", together(found))
    for (plan, component), accounts in found.items():
        if plan in shown or plan == BEFORE:
            rows += _rows(labels, plan, component, accounts)
    return table(name, meaning, COLUMNS, rows, private=private)


def together(found: Mapping[tuple[str, str], Schedule]) -> Schedule:
    """Return all accounts added up."""
    return reduce(Schedule.plus, found.values())


def _rows(labels: Sequence[str], plan: str, component: str, its: Schedule) -> list[tuple[Any, ...]]:
    asset, reserve = [its.opening_asset, *its.asset], [its.opening_reserve, *its.reserve]
    owed = [its.opening_liability, *its.liability]
    rows: list[tuple[Any, ...]] = []
    for p, label in enumerate(labels):
        flows = (its.cash[p], its.accrued[p], its.expense[p])
        capital = (asset[p], its.additions[p], its.amortisation[p], its.impairment[p], asset[p + 1])
        stands = (owed[p], owed[p + 1], reserve[p], reserve[p + 1])
        rows.append((plan, component, label, *flows, *capital, *stands))
    flows = (its.cash.sum(), its.accrued.sum(), its.expense.sum())
    capital = (asset[0], its.additions.sum(), its.amortisation.sum(), its.impairment.sum(), asset[-1])
    year = (plan, component, "year", *flows, *capital, owed[0], owed[-1], reserve[0], reserve[-1])
    return [*rows, year]
