"""What a letter says by period: quarters summed, and what was reached so far, of a person's own time alone."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from engine.calendar import CalendarSpec, calendar
from engine.inputs import Inputs
from engine.letters.letter import letters
from engine.letters.periods import reached, rows, so_far
from engine.measures import Measure
from tests.pipeline.settings import opportunities
from tests.quota.setting import seats
from tests.quota.test_carry import spells

START = np.datetime64("2027-01-01")


def quotas(labels: tuple[str, ...], amount: int = 100_000) -> pd.DataFrame:
    cells = [("R0", "all", label, amount * (1 + k // 3)) for k, label in enumerate(labels)]
    return pd.DataFrame(cells, columns=["rep", "product", "period", "quota"]).astype({"quota": "Int64"})


def year(as_of: str | None = "2027-05-11") -> Inputs:
    plan = CalendarSpec(year=2027)
    day = None if as_of is None else np.datetime64(as_of).astype(object)
    return replace(seats([100, 200], periods=12), calendar=calendar(plan, day))


CREDIT = np.array([90_000, 110_000, 0, 250_050, 30_000, *[0] * 7])


def test_quarters_are_summed_and_what_has_not_begun_is_blank() -> None:
    inputs = year()
    found = rows(inputs, quotas(inputs.calendar.labels), CREDIT, whole=True)
    assert [row.label for row in found if row.kind != "period"] == ["Q1", "Q2", "Q3", "Q4", "Plan"]
    assert [(row.quota[0], row.attained, row.share) for row in found[:8]] == [
        ("1,000.00", "900.00", "90%"), ("1,000.00", "1,100.00", "110%"), ("1,000.00", "0.00", "0%"),
        ("3,000.00", "2,000.00", "67%"), ("2,000.00", "2,500.50", "125%"), ("2,000.00", "300.00", "15%"),
        ("2,000.00", "", ""), ("6,000.00", "2,800.50", "47%"),
    ]  # fmt: skip
    assert (found[-1].quota[0], found[-1].attained, found[-1].share) == ("30,000.00", "4,800.50", "16%")
    assert so_far(inputs, quotas(inputs.calendar.labels), CREDIT, whole=True) == (
        "Up to 2027-05-10, 4,800.50 was credited to you: 16% of the plan's quota. The periods that are over ask for "
        "5,000.00; 4,500.50 came in them, 90%."
    )


def test_without_what_was_won_only_quarters_are_added() -> None:
    inputs = year(None)
    found = rows(inputs, quotas(inputs.calendar.labels), None, whole=True)
    assert {(row.attained, row.share) for row in found} == {("", "")}
    assert found[3].quota == ["3,000"]
    assert so_far(inputs, quotas(inputs.calendar.labels), None, whole=True) == ""


def test_a_quarter_alone_has_no_sum_beside_the_plan() -> None:
    inputs = replace(year(), calendar=calendar(CalendarSpec(year=2027, length=3)))
    found = rows(inputs, quotas(inputs.calendar.labels[:3]), None, whole=True)
    assert [row.kind for row in found] == ["period", "period", "period", "plan"]


def test_blank_quotas_are_dashes_and_no_share_is_taken_of_them() -> None:
    inputs = year()
    blank = quotas(inputs.calendar.labels)
    blank["quota"] = blank["quota"].mask(blank["period"] == "2027-01")
    found = rows(inputs, blank, CREDIT, whole=True)
    assert (found[0].quota[0], found[0].attained, found[0].share) == ("\u2013", "900.00", "")
    assert found[3].quota[0] == "2,000.00"


def won(*deals: tuple[int, str, int]) -> Any:
    """Deals won by seat, day and minor units."""
    told = []
    for seat, day, cents in deals:
        closed = (np.datetime64(day) - START).astype(int)
        told.append({"rep": seat, "account": seat, "outcome": 1, "closed": closed, "amount": cents})
    return opportunities(told)


def recalled(inputs: Inputs, **measure: Any) -> Any:
    frames = [quotas(inputs.calendar.labels).assign(rep=rep) for rep in inputs.reps.id]
    steps = pd.DataFrame(
        [(rep, "even", "", 1.0, 1.0, 3_000_000) for rep in inputs.reps.id],
        columns=["rep", "step", "rule", "weight", "share", "amount"],
    )
    scenario = SimpleNamespace(
        quotas=SimpleNamespace(measure="bookings", fresh=None), measures={"bookings": Measure(**measure)}
    )
    tables = {"quotas": pd.concat(frames), "quota_steps": steps}
    return SimpleNamespace(
        inputs=inputs, tables=tables, scenario=scenario, manifest={"simulation": {"replications": 1}}
    )


def test_who_came_within_the_plan_is_told_of_the_own_time_alone() -> None:
    sold = won(
        (0, "2027-01-15", 50_000),
        (0, "2027-03-10", 70_000),
        (0, "2027-04-02", 20_000),
        (1, "2027-02-01", 999),
    )
    people = spells((0, "2020-01-01", "2027-04-01"), (0, "2027-04-01", "NaT"), (1, "2027-06-01", "NaT"))
    inputs = replace(year(), actuals=sold, spells=people)
    pages = {key: page for key, page in letters(recalled(inputs), {})}
    came = pages["R0", "P1"]
    assert came.so_far == "Up to 2027-05-10, 200 was credited to you in your time in the seat."
    assert [row.attained for row in came.periods[:6]] == ["", "", "", "", "200", ""]
    assert {row.share for row in came.periods} == {""}
    assert (
        pages["R1", "P2"].so_far == ""
    )  # begins in June: what was won in February is nobody's in this letter
    alone = replace(inputs, spells=spells((0, "2020-01-01", "NaT"), (1, "2020-01-01", "NaT")))
    pages = {key: page for key, page in letters(recalled(alone), {})}
    assert pages["R0", "P0"].periods[3].attained == "1,200"
    assert "5% of the plan's quota" in pages["R0", "P0"].so_far


def test_nothing_is_told_of_cash_of_counts_and_before_the_plan() -> None:
    inputs = replace(year(), actuals=won((0, "2027-01-15", 50_000)))
    assert reached(recalled(inputs)) is not None
    assert reached(recalled(inputs, basis="cash")) is None
    assert reached(recalled(inputs, quantity="count")) is None
    assert reached(recalled(replace(inputs, actuals=None))) is None
    assert reached(recalled(replace(inputs, calendar=year(None).calendar))) is None
