"""What the report may say about pay: nothing from which a single person's pay can be read."""

from __future__ import annotations

from dataclasses import replace

from engine.columns import Table
from engine.comp.accounting import BEFORE
from engine.comp.groups import FEWEST, shown
from engine.report.input import ReportInput

COST_TABLES = (
    "cost",
    "cost_by_group",
    "cost_distribution",
    "cost_by_attainment",
    "cost_variation",
    "cost_outlook",
    "cost_of_sales",
    "accruals",
    "journal",
    "waiting_pay",
)
FEW_ARE_PAID = "fewer than five people are paid"
NOT_SHOWN = "Not shown: fewer than five people are paid, so that cost would come close to somebody's pay."
BY_PLAN = ("cost", "accruals", "pay_zones", "waiting_pay")


def discreet(report: ReportInput) -> ReportInput:
    """Return the report without figures of plans, or totals, that pay a handful of people.

    Plans that may not be shown (see `engine.comp.groups`) have no rows. Where there are any, `pay_curve` keeps ratios
    alone; when the whole company pays fewer than `FEWEST` people, the cost tables go too. `plan_checks` names no amount
    of such plans.
    """
    people = report.people_by_plan
    if not people:
        return report
    if pays_few(report):
        kept = tuple(table for table in report.tables if table.name not in COST_TABLES)
        return replace(report, tables=tuple(_ratios_only(table) for table in kept))
    if not hides_plans(report):
        return report
    plans = shown(people) | {"all", BEFORE}
    return replace(report, tables=tuple(_of_plans(_ratios_only(table), plans) for table in report.tables))


def pays_few(report: ReportInput) -> bool:
    """Say whether the plans pay so few people in all that even the sum is private."""
    return bool(report.people_by_plan) and sum(report.people_by_plan.values()) < FEWEST


def hides_plans(report: ReportInput) -> bool:
    """Say whether figures of some plan are left out."""
    return shown(report.people_by_plan) != frozenset(report.people_by_plan)


def _ratios_only(table: Table) -> Table:
    if table.name != "pay_curve":
        return table
    columns = tuple(column for column in table.columns if column.name != "money")
    return replace(table, columns=columns, frame=table.frame[[column.name for column in columns]])


def _of_plans(table: Table, plans: frozenset[str]) -> Table:
    if table.name not in BY_PLAN:
        return table
    return replace(table, frame=table.frame[table.frame["plan"].isin(plans)].reset_index(drop=True))
