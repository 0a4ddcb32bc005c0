"""A re-forecast keeps what is booked, to the cent, and knows the year better than the plan did in January."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from engine.pipeline.bookings import Bookings
from engine.progress import Silent
from engine.runs import Results, carry
from engine.scenario import Scenario

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
MAY = dt.date(2027, 5, 1)
CLOSED = 4
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run() -> Callable[[str], Results]:
    @cache
    def carried(name: str) -> Results:
        results = Results()
        scenario = Scenario.load(FOLDER / f"{name}.yaml", "pipeline.replications=400")
        carry(scenario, results, "comp" if name == "reforecast" else "pipeline", 2, Silent())
        return results

    return carried


def bookings(results: Results) -> Bookings:
    assert results.bookings is not None
    return results.bookings


def exported() -> list[dict[str, str]]:
    """Won deals of the export, read without the engine."""
    with (FOLDER / "data/reforecast/crm_closed.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["Stage"] == "Closed Won"]


def test_what_is_booked_is_the_same_in_every_replication_to_the_cent(run: Callable[[str], Results]) -> None:
    results = run("reforecast")
    assert results.inputs is not None
    found, seats = bookings(results), results.inputs.reps.id
    expected = Counter[tuple[str, int]]()
    for row in exported():
        day = dt.date.fromisoformat(row["Close Date"])
        assert dt.date(2027, 1, 1) <= day < MAY
        expected[row["Owner Seat"], day.month - 1] += round(float(row["Amount"]) * 100)
    cube = found.measure("bookings")
    assert (cube[:, :, :CLOSED] == cube[:1, :, :CLOSED]).all()
    assert found.actual is not None
    for place, seat in enumerate(seats):
        for period in range(CLOSED):
            assert cube[0, place, period] == expected[seat, period]
    assert found.actual[..., 0].sum() == sum(expected.values()) == cube[0, :, :CLOSED].sum()


def test_the_year_is_known_better_than_in_january(run: Callable[[str], Results]) -> None:
    plan, now = (
        bookings(run(name)).measure("bookings").sum(axis=(1, 2)) for name in ("annual_plan", "reforecast")
    )

    def width(values: np.ndarray) -> float:
        low, high = np.quantile(values, [0.1, 0.9])
        return float(high - low)

    assert width(now) < 0.9 * width(plan)
    # The export is a future of the plan: its re-forecast lies within what the plan held possible.
    assert np.quantile(plan, 0.01) < np.median(now) < np.quantile(plan, 0.99)


def test_the_probability_of_the_goal_follows_from_what_is_left_to_book(run: Callable[[str], Results]) -> None:
    results, goal = run("reforecast"), float(Scenario.load(FOLDER / "reforecast.yaml").quotas.goal) * 100
    found = bookings(results)
    assert found.actual is not None
    left = goal - found.actual[..., 0].sum()
    cube = found.measure("bookings")
    ahead = (cube - found.actual[..., 0]).sum(axis=(1, 2))
    assert (ahead >= left).mean() == (cube.sum(axis=(1, 2)) >= goal).mean()
    assert 0 < (ahead >= left).mean() < 1


def test_the_outlook_adds_up_and_comp_pays_on_what_was_won(run: Callable[[str], Results]) -> None:
    results = run("reforecast")
    tables = {table.name: table.frame for table in results.tables}
    outlook = tables["bookings_outlook"].query("measure == 'bookings'").set_index("period")
    months = outlook.drop(index="plan")
    assert months["actual"].sum() == pytest.approx(outlook.loc["plan", "actual"])
    assert months["mean"].sum() == pytest.approx(outlook.loc["plan", "mean"])
    assert (months["mean"].iloc[:CLOSED] == 0).all()
    assert (months["actual"].iloc[CLOSED:] == 0).all()
    cost = tables["cost_outlook"].query("figure == 'variable'").set_index("period")
    assert cost["actual"].notna().sum() == CLOSED + 1
    assert cost.loc["to date", "budget"] == (63 + 71 + 330 + 101) * 1000 * 100
    goals = tables["goals"]["goal"].tolist()
    assert [round(goal / 100_000) for goal in goals[:CLOSED]] == [4439, 3995, 4722, 4887]
    assert results.payouts is not None
    paid = results.payouts.variable.sum(axis=2)[:, :CLOSED]
    assert (paid == paid[:1]).all()
