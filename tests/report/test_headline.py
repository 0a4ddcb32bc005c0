from dataclasses import replace

import numpy as np
import pytest

from engine.report import headline
from engine.report.input import ReportInput
from engine.report.view import View
from tests.report.synthetic import run, solve
from tests.report.test_html import changed, frame, without


@pytest.fixture(scope="module")
def small() -> ReportInput:
    return run()


def test_the_goal_is_the_sum_over_the_periods_in_currency_units(small: ReportInput) -> None:
    assert headline.goal(View(small)) == pytest.approx(frame(small, "goals")["goal"].sum() / 100)


def test_minor_units_follow_the_currency(small: ReportInput) -> None:
    assert headline.goal(View(replace(small, currency="JPY"))) == frame(small, "goals")["goal"].sum()


def test_bookings_are_the_last_cumulative_period_of_the_measure_of_the_quotas(small: ReportInput) -> None:
    rows = frame(small, "bookings")
    last = rows[rows["basis"] == "cumulative"].iloc[-1]
    assert headline.bookings(View(small)) == headline.Spread(last["p10"], last["p50"], last["p90"])
    assert not headline.bookings(View(replace(small, measure="units"))).known


def test_a_counted_probability_goes_before_an_estimate(small: ReportInput) -> None:
    assert headline.goal_probability(View(small)) == (0.57, True)


def test_the_estimate_reads_the_goal_off_the_quantiles(small: ReportInput) -> None:
    goals = frame(small, "goals").iloc[:1]
    for name, chance in (("p25", 0.75), ("p50", 0.5), ("p90", 0.1)):
        row = frame(small, "bookings").query("basis == 'cumulative'").iloc[-1]
        goals = goals.assign(goal=np.array([round(row[name] * 100)], dtype=np.int64))
        report = replace(changed(small, "goals", goals), goal_probability=None)
        estimate, counted = headline.goal_probability(View(report))
        assert estimate == pytest.approx(chance, abs=1e-4)
        assert not counted


def test_the_first_solve_of_the_territory_stage_speaks_of_the_whole(small: ReportInput) -> None:
    solves = (
        solve("quotas", "x", 10, 5, ""),
        solve("territories", "cost", 100, 99, "USD"),
        solve("territories", "cost of R1", 10, 9, "USD"),
    )
    told = headline.alignment_solve(View(replace(small, solves=solves)))
    assert told is not None
    assert told.name == "cost"
    assert headline.alignment_solve(View(replace(small, solves=solves[:1]))) is None


def test_moves_are_counted_with_their_potential(small: ReportInput) -> None:
    rows = frame(small, "alignment")
    gone, accounts, potential, total = headline.moved(View(small))
    assert (gone, accounts) == (rows["moved"].sum(), 60)
    assert potential == pytest.approx(rows.loc[rows["moved"], "potential"].sum() / 100)
    assert total == pytest.approx(rows["potential"].sum() / 100)


def test_a_cell_of_the_hierarchy_that_does_not_tie_is_found(small: ReportInput) -> None:
    rows = frame(small, "quota_levels")
    assert headline.tie_out(View(small)) == headline.TieOut(
        frame(small, "quotas")["quota"].sum() / 100, len(rows), 0
    )
    rows.loc[3, "quota"] += 1
    tie = headline.tie_out(View(changed(small, "quota_levels", rows)))
    assert tie is not None
    assert tie.differing == 1


def test_cost_is_the_year_of_all_plans(small: ReportInput) -> None:
    rows = frame(small, "cost").query("plan == 'all' and period == 'year' and figure == 'total'")
    assert headline.cost(View(small)) == headline.Spread(*rows[["p10", "p50", "p90"]].iloc[0])
    assert not headline.cost(View(without(small, "cost"))).known
