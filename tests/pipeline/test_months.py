"""Months of quarters and parts of them, in the plan and before it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.calendar import CalendarSpec, calendar
from engine.measures import Measure
from engine.pipeline.build import build
from engine.pipeline.layout import TICKS
from engine.pipeline.months import Parts, month_and_day
from tests.pipeline.settings import opportunities, spec
from tests.worlds import world


def test_days_before_the_plan_lie_in_the_month_of_their_own_quarter() -> None:
    plan = calendar(CalendarSpec(start="2027-01-01"))
    days = np.array([-1, -31, -32, -61, -92, -93, 0, 31, 59, 364])
    month, day = month_and_day(plan, days)
    assert month.tolist() == [2, 2, 1, 1, 0, 2, 0, 1, 2, 2]
    assert day.tolist() == [30, 0, 29, 0, 0, 29, 0, 0, 0, 30]


def test_a_plan_that_begins_within_a_quarter_counts_from_the_quarters_start() -> None:
    plan = calendar(CalendarSpec(start="2027-02-01", first_month=1))
    assert month_and_day(plan, np.array([-1, 0, 28, 59]))[0].tolist() == [0, 1, 2, 0]


def test_weeks_before_the_plan_are_quarters_of_thirteen() -> None:
    plan = calendar(CalendarSpec(year=2027, periods="4-4-5", ends_on="saturday", ends="last"))
    days = np.array([0, 27, 28, 56, 90, 91, -1, -35, -36, -64, -91])
    assert month_and_day(plan, days)[0].tolist() == [0, 0, 1, 2, 2, 0, 2, 2, 1, 0, 0]


def test_parts_cut_every_month_of_the_plan_at_the_same_days() -> None:
    plan = calendar(CalendarSpec(start="2027-01-01", length=3))
    parts = Parts(plan, (11, 21))
    assert parts.edges().tolist() == [0, 10, 20, 31, 41, 51, 59, 69, 79, 90]
    assert parts.at(parts.edges()[:-1]).tolist() == list(range(9))
    assert [(parts.month(at), parts.day(at)) for at in (0, 4, 8)] == [(1, 1), (2, 11), (3, 21)]


def test_an_open_deal_has_the_row_of_the_day_on_which_it_entered() -> None:
    cases = [
        {"months_of_quarter": [3], "day_from": 21, "advance": "11%"},
        {"months_of_quarter": [3], "day_below": 21, "advance": "22%"},
    ]
    stage = {
        "name": "Close",
        "advance": "50%",
        "duration": {"kind": "exponential", "mean": 20},
        "cases": cases,
    }
    rows = [{"id": f"O{day}", "stage": "Close", "created": -day} for day in (5, 25, 45)]
    inputs = replace(world(), pipeline=opportunities(rows))
    model = build(inputs, inputs.accounts.owner, spec(stages=[stage]), {"bookings": Measure()}).model
    found = {round(float(deal["age"])): float(deal["chance"]) for deal in model.opening.deal}
    assert {age: round(chance, 6) for age, chance in found.items()} == {5: 0.11, 25: 0.22, 45: 0.5}
    edges, part = model.selling.month_edge, model.selling.month
    assert edges[-1] == 365 * TICKS
    assert len(part) == len(edges) - 1 == 24
    advance = model.selling.row["advance"][model.selling.cell[0, 0, 0, 0]]
    assert advance[part].tolist()[:6] == [0.5, 0.5, 0.5, 0.5, 0.22, 0.11]
