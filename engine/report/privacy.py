"""What the report may say about pay: nothing from which a single person's pay can be read."""

from __future__ import annotations

from dataclasses import replace

from engine.columns import Table
from engine.report.input import ReportInput

COST_TABLES = ("cost", "cost_distribution", "cost_of_sales")
PLAN_TABLES = ("plan_checks",)


def discreet(report: ReportInput) -> ReportInput:
    """Return the report without figures of plans, or totals, that pay a single person.

    Hiding only the plan of one would not do: it is the total less the others. So when any plan pays a single
    person, `cost` keeps its `all` rows alone, `pay_curve` keeps ratios and `plan_checks`, which names amounts,
    goes; when the whole company pays one person, the cost tables go too.
    """
    people = report.people_by_plan
    if not people:
        return report
    if sum(people.values()) <= 1:
        kept = tuple(table for table in report.tables if table.name not in COST_TABLES + PLAN_TABLES)
        return replace(report, tables=tuple(_ratios_only(table) for table in kept))
    if min(count for count in people.values() if count > 0) > 1:
        return report
    kept = tuple(table for table in report.tables if table.name not in PLAN_TABLES)
    return replace(report, tables=tuple(_all_plans_only(_ratios_only(table)) for table in kept))


def is_one_person(report: ReportInput) -> bool:
    """Say whether the plans pay one person in all."""
    return bool(report.people_by_plan) and sum(report.people_by_plan.values()) <= 1


def hides_plans(report: ReportInput) -> bool:
    """Say whether some plan pays a single person, so that figures by plan are left out."""
    return any(count == 1 for count in report.people_by_plan.values())


def _ratios_only(table: Table) -> Table:
    if table.name != "pay_curve":
        return table
    columns = tuple(column for column in table.columns if column.name != "money")
    return replace(table, columns=columns, frame=table.frame[[column.name for column in columns]])


def _all_plans_only(table: Table) -> Table:
    if table.name != "cost":
        return table
    return replace(table, frame=table.frame[table.frame["plan"] == "all"].reset_index(drop=True))
