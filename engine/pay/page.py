"""The page for everybody: distributions of pay, accruals, other plans beside; no single person's pay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from engine.columns import Table
from engine.comp.groups import FEWEST
from engine.inputs import Finding
from engine.pay.money import money
from engine.pay.statements import environment
from engine.report.contents import Grid, Heading, Section
from engine.report.grids import plan_finding
from engine.report.html import TEMPLATES


def page(
    title: str,
    description: str,
    facts: Sequence[str],
    tables: Sequence[Table],
    findings: Sequence[Finding],
    currency: str,
) -> str:
    """Return the report as HTML; equal results give equal text."""
    by_name = {table.name: table for table in tables}
    sections = [_payouts(by_name["payouts"], currency), _accruals(by_name["accruals"], currency)]
    if "plan_b" in by_name:
        sections.append(_beside(by_name["plan_b"], currency))
    if "plan_checks" in by_name:
        sections.append(_checks(by_name["plan_checks"]))
    if findings:
        sections.append(_data(findings))
    return environment().get_template("pay.html.j2").render(
        title=title, description=description, facts=facts, sections=sections,
        style=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - the project's own file
    )  # fmt: skip


def _payouts(table: Table, currency: str) -> Section:
    said = (
        f"What people are paid, as a spread over people. Groups of fewer than {FEWEST} people are not shown, and "
        "periods in which so few are paid are told together. Quantiles have three digits. The row year is all periods "
        "that are paid here."
    )
    heads = ("Plan", "Period", "People", "Mean", "P10", "P50", "P90")
    rows = [
        (plan, period, f"{people:,}", *(money(value, currency) for value in values))
        for plan, period, people, *values in table.frame.itertuples(index=False)
    ]
    return Section("payouts", "Payouts", (said,), grids=(_grid(heads, rows),))


def _accruals(table: Table, currency: str) -> Section:
    said = "Earned in each period, paid in it, and what is earned and not yet paid at its end."
    return Section(
        "accruals",
        "Accruals",
        (said,),
        grids=(_money_grid(table.frame, ("Earned", "Paid", "Owed"), currency),),
    )


def _beside(table: Table, currency: str) -> Section:
    said = "What the other plans would have paid on the same deals; the row year is all periods that are paid here."
    heads = ("Plan A", "Plan B", "Difference")
    return Section("plan_b", "Plan B", (said,), grids=(_money_grid(table.frame, heads, currency),))


def _checks(table: Table) -> Section:
    said = (
        "What the plan checker says of the plans, on their real quotas; what should be looked at is marked. "
        "B are the other plans."
    )
    rows = [
        (plan, plan_finding(plan, passed, message))
        for plan, _, passed, message in table.frame.itertuples(index=False)
    ]
    return Section("plan_checks", "Plans", (said,), grids=(_grid(("Plan", "Finding"), rows, ()),))


def _data(findings: Sequence[Finding]) -> Section:
    rows = [(f.table, f.what, f"{f.rows:,}", f.action) for f in findings]
    return Section(
        "data", "Data", grids=(_grid(("Table", "Found", "Rows", "What became of them"), rows, (2,)),)
    )


def _money_grid(frame: pd.DataFrame, heads: Sequence[str], currency: str) -> Grid:
    rows = [
        (plan, period, *(money(value, currency) for value in values))
        for plan, period, *values in frame.itertuples(index=False)
    ]
    return _grid(("Plan", "Period", *heads), rows)


def _grid(heads: Sequence[str], rows: Iterable[Sequence[Any]], numeric: Sequence[int] | None = None) -> Grid:
    right = range(2, len(heads)) if numeric is None else numeric
    return Grid(
        tuple(Heading(head, i in right) for i, head in enumerate(heads)),
        tuple(tuple(str(cell) for cell in row) for row in rows),
    )
