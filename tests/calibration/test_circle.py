"""Full circle: an export written from the events of the engine gives back the pipeline that was simulated."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from engine.calibration import calibration
from engine.calibration.calibrate import Calibration
from engine.calibration.spec import CalibrationSpec
from engine.pipeline.law import mean
from engine.pipeline.spec import PipelineSpec
from tests.calibration.circle import exported

pytestmark = pytest.mark.slow

SIMULATED = PipelineSpec.model_validate({
    "slots": 1000,
    "arrivals": {"by_segment": {"SMB": 3000, "ENT": 1500}},
    "stages": [
        {
            "name": "Qualify", "advance": "60%", "duration": {"kind": "weibull", "mean": 12, "shape": 1.5},
            "duration_lost": {"kind": "exponential", "mean": 25},
            "cases": [{"segments": ["ENT"], "advance_times": 0.6, "days_times": 1.8}],
        },
        {
            "name": "Close", "advance": "40%", "duration": {"kind": "gamma", "mean": 25, "shape": 2},
            "recycle": {"to": "Qualify", "chance": "10%"},
            "cases": [{"months_of_quarter": [3], "advance": "70%", "days_times": 0.6}],
        },
    ],
    "sizes": {"law": {"kind": "lognormal", "mean": 20_000, "cv": 0.8}},
})  # fmt: skip


@pytest.fixture(scope="module")
def circle() -> Calibration:
    return calibration(
        exported(SIMULATED, 5).inputs, None, CalibrationSpec(stages=("Qualify", "Close"), decision="Sign")
    )


def odds(chance: float) -> float:
    return log(chance / (1 - chance))


def test_segments_that_differ_are_told_with_both_factors(circle: Calibration) -> None:
    qualify = circle.spec.stages[0]
    case = {name: one for one in qualify.cases for name in one.segments}
    assert set(case) == {"ENT", "SMB"}
    times = {name: float(one.days_times or 1) for name, one in case.items()}
    chance = {name: float(qualify.advance) * float(one.advance_times or 1) for name, one in case.items()}
    told = {(p.of, p.name): p for p in circle.found.parameters if p.part == "Qualify"}
    for name, true in (("SMB", 0.6), ("ENT", 0.36)):
        error = told[f"segment {name}", "advance"].error / (chance[name] * (1 - chance[name]))
        assert abs(odds(chance[name]) - odds(true)) <= 4 * error + 0.02
    ratio = log(times["ENT"] / times["SMB"]) - log(1.8)
    errors = [told[f"segment {name}", "factor on the days"] for name in ("SMB", "ENT")]
    assert abs(ratio) <= 4 * sum((p.error / p.value) ** 2 for p in errors) ** 0.5 + 0.02


def test_months_of_the_quarter_are_told_with_their_own_laws(circle: Calibration) -> None:
    close = circle.spec.stages[1]
    cases = {one.months_of_quarter[0]: one for one in close.cases if one.months_of_quarter}
    assert set(cases) == {1, 2, 3}
    assert not any(one.segments for one in close.cases)
    told = {p.of: p for p in circle.found.parameters if p.part == "Close" and p.name == "advance"}
    for month, true, days in ((1, 0.4, 25), (2, 0.4, 25), (3, 0.7, 15)):
        chance = float(cases[month].advance or 0)
        error = told[f"entered in month {month} of the quarter"].error / (chance * (1 - chance))
        assert abs(odds(chance) - odds(true)) <= 4 * error
        assert cases[month].duration is not None
        assert mean(cases[month].duration.knots()) == pytest.approx(days, rel=0.15)  # type: ignore[union-attr]
    assert close.recycle is not None
    assert close.recycle.to == "Qualify"


def test_leads_by_segment_and_amounts_come_back(circle: Calibration) -> None:
    arrivals = circle.spec.arrivals
    assert arrivals is not None
    for name, true in (("SMB", 3_000), ("ENT", 1_500)):
        assert abs(arrivals.by_segment[name] - true) <= 4 * np.sqrt(true) * 1.2
    amounts = [p for p in circle.found.parameters if p.name == "mean amount"]
    assert len(amounts) == 2
    for amount in amounts:
        assert abs(amount.value - 20_000) <= 4 * amount.error
