"""What is booked and what is forecast stand in the section on bookings where the plan has begun."""

from dataclasses import replace

import pytest

from engine.report import headline, numbers
from engine.report.html import page
from engine.report.input import ReportInput
from engine.report.sections import bookings
from engine.report.view import View
from tests.report.company import Company, table
from tests.report.synthetic import run


@pytest.fixture(scope="module")
def plain() -> ReportInput:
    return run()


def begun(report: ReportInput) -> ReportInput:
    labels = Company(6, 60, 12, 7, True).labels
    spans = [*labels, "plan"]
    actual = [2e5, 1e5, *[0.0] * (len(labels) - 2), 3e5]
    kinds = [
        ("period", "text"),
        ("measure", "text"),
        *((name, "real") for name in ("actual", "p10", "p50", "p90")),
    ]
    cells = {
        "period": spans * 2, "measure": ["bookings"] * len(spans) + ["wins"] * len(spans),
        "actual": [*actual, *[9.0] * len(spans)],
        "p10": [4e6] * 2 * len(spans), "p50": [5e6] * 2 * len(spans), "p90": [6e6] * 2 * len(spans),
    }  # fmt: skip
    outlook = replace(
        table("bookings_outlook", kinds, cells), meaning="Bookings of all seats as of 2027-03-01."
    )
    return replace(report, tables=(*report.tables, outlook))


def test_the_section_says_what_is_booked_and_what_is_to_come(plain: ReportInput) -> None:
    part = bookings.section(View(begun(plain)))
    left = headline.goal(View(plain)) - 3e5
    assert left > 0
    assert part.sentences[1] == (
        "Bookings of all seats as of 2027-03-01. Booked: USD\u00a0300K; the rest comes to USD\u00a05M at the median "
        "(USD\u00a04M to USD\u00a06M in eight cases of ten). "
        f"Reaching the goal takes {numbers.money(left, 'USD')} more."
    )
    assert [mark.text for mark in part.charts[0].marks][3] == "booked"
    assert "chart-bookings-by-period" in page(begun(plain))


def test_a_goal_that_is_booked_already_is_reached(plain: ReportInput) -> None:
    report = begun(plain)
    outlook = next(one for one in report.tables if one.name == "bookings_outlook")
    rich = outlook.frame.assign(actual=outlook.frame["actual"] * 1000)
    tables = (*plain.tables, replace(outlook, frame=rich))
    assert (
        bookings.section(View(replace(report, tables=tables))).sentences[1].endswith("The goal is reached.")
    )


def test_nothing_is_said_where_the_whole_plan_lies_ahead(plain: ReportInput) -> None:
    part = bookings.section(View(plain))
    assert len(part.sentences) == 1
    assert "booked" not in [mark.text for mark in part.charts[0].marks]
