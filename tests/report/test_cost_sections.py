"""Sections on what drives the cost, on budget against actual, and on accruals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.report.html import page, sections
from engine.report.input import ReportInput
from engine.report.privacy import NOT_SHOWN, discreet
from engine.report.sections import accruals, bookings, cost, drivers, outlook
from engine.report.view import View
from tests.report.company import Company, table
from tests.report.cost_tables import outlook_table
from tests.report.synthetic import run
from tests.report.test_html import changed, frame


@pytest.fixture(scope="module")
def small() -> ReportInput:
    return run()


def with_outlook(report: ReportInput) -> ReportInput:
    return replace(report, tables=(*report.tables, outlook_table(Company(6, 60, 12, 7, True), 12e6)))


def test_the_year_is_shown_with_the_interval_of_each_figure(small: ReportInput) -> None:
    grid = cost.section(View(small)).grids[1]
    year = frame(small, "cost").query("plan == 'all' and period == 'year' and figure == 'total'").iloc[0]
    assert [row[0] for row in grid.rows][:3] == ["mean", "P10", "P50, the budget"]
    assert grid.rows[2][1:] == tuple(f"{year[name]:,.0f}" for name in ("p50", "p50_low", "p50_high"))
    assert grid.rows[-1][1] == f"{year['p90'] - year['p50']:,.0f}"


def test_on_costs_are_told_where_there_are_any(small: ReportInput) -> None:
    rows = frame(small, "cost")
    loaded = rows[rows["figure"] == "total"].assign(figure="loaded")
    loaded[["p10", "p50", "p90"]] *= 1.2
    report = changed(small, "cost", pd.concat([rows, loaded], ignore_index=True))
    assert any("+20.0" in sentence for sentence in cost.section(View(report)).sentences)
    assert not any("on-costs" in sentence for sentence in cost.section(View(small)).sentences)


def test_sensitivity_and_volatility_are_told_apart(small: ReportInput) -> None:
    part = drivers.section(View(small))
    assert "at one and the same attainment it still spreads by" in part.sentences[0]
    assert [chart.id for chart in part.charts] == ["cost-by-attainment", "cost-by-group"]
    assert part.grids[0].caption == "Below the threshold and past the accelerator"


def test_a_hierarchy_of_small_groups_is_said_to_be_left_out(small: ReportInput) -> None:
    part = drivers.section(View(changed(small, "cost_by_group", frame(small, "cost_by_group").iloc[:0])))
    assert any("fewer than five" in sentence for sentence in part.sentences)
    assert [chart.id for chart in part.charts] == ["cost-by-attainment"]


def test_budget_and_actual_stand_in_a_section_where_the_plan_has_begun(small: ReportInput) -> None:
    assert outlook.section(View(small)) is None
    begun = with_outlook(small)
    part = outlook.section(View(begun))
    assert part is not None
    assert part.sentences[0].startswith("So far the plans pay USD\u00a01.1M where USD\u00a01M was budgeted.")
    assert "chart-cost-outlook" in page(begun)
    without = changed(begun, "cost_outlook", frame(begun, "cost_outlook").assign(budget=np.nan, over=np.nan))
    plain = outlook.section(View(without))
    assert plain is not None
    assert plain.sentences[0].startswith("So far the plans pay USD\u00a01.1M. The year is forecast at")
    assert "budget" not in plain.sentences[0]
    assert [mark.text for mark in plain.charts[0].marks][:1] == ["actual"]
    silent = changed(begun, "cost_outlook", frame(begun, "cost_outlook").iloc[:0])
    said = outlook.section(View(silent))
    assert said is not None
    assert said.charts == ()


def test_accruals_say_what_is_capitalised(small: ReportInput) -> None:
    part = accruals.section(View(small))
    assert "capitalised" not in part.sentences[0]
    rows = frame(small, "accruals")
    rows["additions"], rows["closing_asset"] = 5_000_000, 4_000_000
    held = accruals.section(View(changed(small, "accruals", rows)))
    assert "USD\u00a050K is capitalised, of which USD\u00a040K is not yet amortised" in held.sentences[0]
    assert "taken back" not in held.sentences[0]


def test_what_the_books_held_before_and_what_may_be_taken_back_are_told(small: ReportInput) -> None:
    rows = frame(small, "accruals")
    rows["opening_asset"], rows["closing_asset"], rows["closing_reserve"] = 9_000_000, 7_000_000, 1_000_000
    before = rows.assign(plan="before", component="2026")
    both = changed(small, "accruals", pd.concat([rows, before], ignore_index=True))
    said = accruals.section(View(both)).sentences[0]
    assert "Of USD\u00a090K that the books held before, USD\u00a070K is left." in said
    assert "USD\u00a010K is expected to be taken back." in said


def test_the_schedule_is_shown_in_whole_units_without_empty_columns(small: ReportInput) -> None:
    grid = accruals.section(View(small)).charts[0].grid
    heads = [
        "plan",
        "component",
        "period",
        "cash, USD",
        "accrued, USD",
        "expense, USD",
        "closing liability, USD",
    ]
    assert [heading.text for heading in grid.headings] == heads
    assert not any("." in cell for row in grid.rows for cell in row[3:])


def test_few_people_have_no_cost_in_any_section(small: ReportInput) -> None:
    alone = discreet(replace(with_outlook(small), people_by_plan={"AE": 2, "AM": 2}))
    assert not {"cost", "cost_by_group", "cost_variation", "cost_outlook", "accruals"} & {
        t.name for t in alone.tables
    }
    parts = {part.id: part for part in sections(View(alone))}
    assert "outlook" not in parts
    for name in ("drivers", "accruals"):
        assert parts[name].sentences == (NOT_SHOWN,)


def test_plans_of_few_people_are_left_out_of_every_table_and_others_stay(small: ReportInput) -> None:
    rows = frame(small, "cost")
    more = rows[rows["plan"] == "AM"].assign(plan="SE")
    report = changed(small, "cost", pd.concat([rows, more], ignore_index=True))
    kept = discreet(replace(report, people_by_plan={"AE": 30, "AM": 3, "SE": 4}))
    assert set(frame(kept, "cost")["plan"]) == {"all", "AE"}
    assert set(frame(kept, "pay_zones")["plan"]) == {"AE"}


def test_what_waits_for_cash_is_told(small: ReportInput) -> None:
    texts, amounts = ("plan", "period"), ("earned", "due", "waiting")
    waiting = table(
        "waiting_pay", (*((name, "text") for name in texts), *((name, "real") for name in amounts)),
        {
            "plan": ["AE", "AE", "SE", "SE"], "period": ["2027-01", "2027-02"] * 2,
            "earned": [400e3, 600e3, 100e3, 100e3], "due": [0.0, 400e3, 100e3, 0.0],
            "waiting": [400e3, 600e3, 0.0, 100e3],
        },
    )  # fmt: skip
    paid = table(
        "receipts", (("measure", "text"), ("period", "text"), ("won", "real"), ("waiting", "real")),
        {"measure": ["cash"] * 2, "period": ["2027-01", "2027-02"], "won": [3e6, 1e6], "waiting": [3e6, 1e6]},
    )  # fmt: skip
    view = View(replace(small, tables=(*small.tables, waiting, paid)))
    said = accruals.section(view).sentences[1].replace("\u00a0", " ")
    assert "of USD 1.2M that is earned in the plan USD 500K becomes due in it, and USD 700K after" in said
    assert (
        bookings.section(view)
        .sentences[-1]
        .startswith("The measure cash counts when customers pay, 25.0\u00a0% of what")
    )
    assert len(accruals.section(View(small)).sentences) == 1
    fewer = discreet(replace(small, tables=(*small.tables, waiting), people_by_plan={"AE": 3}))
    assert "waiting_pay" not in {table.name for table in fewer.tables}
