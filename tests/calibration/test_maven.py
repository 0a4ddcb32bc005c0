"""The CRM export of Maven Analytics: 49, 55 and 81 % won by month of the quarter, and a cycle of two humps."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from engine import data
from engine.calendar import calendar
from engine.calibration import calibration
from engine.calibration.calibrate import Calibration
from engine.inputs import Inputs
from engine.measures import DEFAULT
from engine.pipeline.build import build
from engine.pipeline.factors import each, futures
from engine.pipeline.law import reached
from engine.pipeline.layout import LOST, TICKS, WON
from engine.pipeline.reference import simulate_one
from engine.scenario import Scenario
from tests.beside import MAVEN, needs

SCENARIO = Path(__file__).parents[1] / "maven" / "maven.yaml"
THIRD = ("calendar.start=2017-07-01", "data.opportunities.known_at=2017-06-30")
CLOSES, WINS = np.array([627, 785, 635]), np.array([308, 446, 503])
"""What closed and was won in July, August and September 2017."""

pytestmark = [pytest.mark.slow, needs(MAVEN)]


def estimated(*sets: str) -> tuple[Inputs, Calibration]:
    scenario = Scenario.load(SCENARIO, *sets, roots=[MAVEN])
    source, plan = scenario.source, calendar(scenario.calendar)
    inputs = data.read(scenario.data, plan, scenario.currency, source.base, source.roots)
    return inputs, calibration(inputs, scenario.pipeline, scenario.calibration)


@pytest.fixture(scope="module")
def whole() -> tuple[Inputs, Calibration]:
    return estimated()


def test_the_block_says_what_the_months_of_the_quarter_do(whole: tuple[Inputs, Calibration]) -> None:
    inputs, result = whole
    working, decision = result.spec.stages
    chances = [float(case.advance) for case in decision.cases if case.advance is not None]
    month = inputs.history.closed.astype("datetime64[M]").astype(np.int64) % 3
    for place, chance in enumerate(chances):
        assert chance == pytest.approx(np.mean(inputs.history.outcome[month == place] == 1), abs=1e-5)
    assert [round(chance, 2) for chance in chances] == [0.49, 0.56, 0.81]
    assert len(working.cases) == 3


def test_the_cycle_keeps_its_two_humps(whole: tuple[Inputs, Calibration]) -> None:
    working = whole[1].spec.stages[0]
    assert working.duration.model_dump()["kind"] == "empirical"
    knots = working.duration.knots()
    within, between, beyond = (
        reached(knots, 30),
        reached(knots, 60) - reached(knots, 30),
        1 - reached(knots, 60),
    )
    assert min(within, beyond) > 4 * between


def test_what_the_export_cannot_tell_is_said(whole: tuple[Inputs, Calibration]) -> None:
    _, result = whole
    said = {remark.part: remark.text for remark in result.found.remarks if remark.kind == "not estimated"}
    assert "42% of the deals still there, but of 0%" in said["Working"]
    assert "months of the year" in said["seasonality"]
    assert "attrition" in said
    assert any("972 closed deals were created before" in remark.text for remark in result.found.remarks)
    warned = [remark.text for remark in result.found.remarks if remark.kind == "warning"]
    assert any("2,047 deals left it in the last 3 months, 10% less" in text for text in warned)
    # As much spread among the thirty agents as chance alone gives.
    assert [process.kind for process in result.spec.processes] == ["uncertainty"]


def test_the_third_quarter_is_forecast_by_month_from_what_was_known_in_june() -> None:
    inputs, result = estimated(*THIRD)
    seats = np.arange(len(inputs.accounts)) % len(inputs.reps)
    built = build(inputs, seats, result.spec, DEFAULT)
    closes, wins = [], []
    for future in each(futures(built.spreads, 1, 0, 6)):
        deals = simulate_one(built.model, future).deals
        end = np.array([deal.end for deal in deals]) / TICKS
        outcome = np.array([deal.outcome for deal in deals])
        period = inputs.calendar.period_of(end)
        ended = np.isin(outcome, (WON, LOST))
        closes.append([int((ended & (period == place)).sum()) for place in range(3)])
        wins.append([int(((outcome == WON) & (period == place)).sum()) for place in range(3)])
    # Deals that are given up count as closed here, and in the export they stay open: no more than a tenth.
    assert np.all(np.abs(np.mean(closes, axis=0) / CLOSES - 1) < 0.25)
    assert np.mean(wins) * 3 == pytest.approx(WINS.sum(), rel=0.15)
    share = np.sum(wins, axis=0) / np.sum(closes, axis=0)
    assert share[2] - share[0] > 0.25
    assert share[0] < share[1] < share[2]
    assert abs(share[2] - WINS[2] / CLOSES[2]) < 4 * sqrt(0.16 / CLOSES[2])
