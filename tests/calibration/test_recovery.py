"""What was simulated is found again: without bias over many exports, and forecasts that hold what came."""

from __future__ import annotations

import datetime as dt
from math import log, sqrt

import numpy as np
import pytest
from scipy.special import ndtri

from engine.calibration import calibration
from engine.calibration.calibrate import Calibration
from engine.calibration.found import Z90
from engine.calibration.spec import CalibrationSpec
from engine.measures import Measure
from engine.pipeline.build import build
from engine.pipeline.replications import Run, bookings_alone
from engine.pipeline.spec import PipelineSpec
from engine.progress import Silent
from tests.calibration.circle import Simulated, exported

pytestmark = pytest.mark.slow

TRUTH = PipelineSpec.model_validate({
    "slots": 10_000,
    "arrivals": {"by_segment": {"SMB": 1000, "ENT": 600}},
    "stages": [
        {
            "name": "Qualify", "advance": "60%", "duration": {"kind": "weibull", "mean": 12, "shape": 1.5},
            "duration_lost": {"kind": "exponential", "mean": 25},
        },
        {"name": "Close", "advance": "40%", "duration": {"kind": "gamma", "mean": 25, "shape": 2}},
    ],
    "sizes": {"law": {"kind": "lognormal", "mean": 20_000, "cv": 0.8}},
})  # fmt: skip
ONE = PipelineSpec.model_validate({
    "slots": 10_000,
    "arrivals": {"leads": 1600},
    "stages": [
        {
            "name": "Working", "advance": "35%", "duration": {"kind": "gamma", "mean": 45, "shape": 2},
            "duration_lost": {"kind": "weibull", "mean": 30, "shape": 0.8},
        },
    ],
    "sizes": {"law": {"kind": "lognormal", "mean": 20_000, "cv": 0.8}},
})  # fmt: skip
STAGES = {
    ("Qualify", "advance"): 0.6, ("Qualify", "mean days, advancing"): 12, ("Qualify", "mean days, others"): 25,
    ("Close", "advance"): 0.4, ("Close", "mean days, advancing"): 25, ("arrivals", "leads a year"): 1600,
    ("sizes", "mean amount"): 20_000,
}  # fmt: skip
WHOLE = {
    ("Working", "advance"): 0.35, ("Working", "mean days, advancing"): 45, ("Working", "mean days, others"): 30,
    ("arrivals", "leads a year"): 1600, ("sizes", "mean amount"): 20_000,
}  # fmt: skip
EXPORTS = 16


def away(result: Calibration, part: str, name: str, true: float) -> float:
    """How many standard errors an estimate lies from the truth, on the scale on which its interval is normal."""
    found = next(p for p in result.found.parameters if (p.part, p.name) == (part, name))
    if found.unit == "probability":
        odds = log(found.value / (1 - found.value)) - log(true / (1 - true))
        return odds / (found.error / (found.value * (1 - found.value)))
    return log(found.value / true) / (found.error / found.value)


@pytest.mark.parametrize("visible", [365, 180])
@pytest.mark.parametrize("history", [True, False])
def test_estimates_lie_around_the_truth_with_their_standard_errors(visible: int, history: bool) -> None:
    """Cut at both ends: of deals that closed more than 180 days ago the second export shows nothing."""
    truth, wanted = (TRUTH, STAGES) if history else (ONE, WHOLE)
    laws = ("exponential", "gamma", "weibull")
    asked = CalibrationSpec(stages=("Qualify", "Close") if history else (), laws=laws)
    rows = []
    for seed in range(EXPORTS):
        result = calibration(exported(truth, seed, visible=visible, stages=history).inputs, None, asked)
        rows.append([away(result, *place, true) for place, true in wanted.items()])
    z = np.array(rows)
    assert np.abs(z).max() < 4, z
    assert np.all(np.abs(z.mean(axis=0)) * sqrt(EXPORTS) < 4), z.mean(axis=0)
    # The sum of squares is chi-square over the exports: neither far too wide nor far too narrow.
    spread = (z**2).mean(axis=0)
    assert np.all(np.abs(spread - 1) < 4 * sqrt(2 / EXPORTS)), spread
    held = np.mean(np.abs(z) <= Z90)
    assert abs(held - 0.9) < 4 * sqrt(0.9 * 0.1 / EXPORTS / 2), held


SMALL = ONE.model_copy(update={"arrivals": ONE.arrivals.model_copy(update={"leads": 240})})  # type: ignore[union-attr]
COMPANIES = 48
APRIL = dt.date(2026, 4, 1)


def level(company: Simulated, spec: PipelineSpec, seed: int) -> float:
    """PIT of the bookings of the quarter after the export."""
    inputs = company.inputs
    built = build(inputs, inputs.accounts.owner, spec, {"bookings": Measure()})
    cube = bookings_alone(built, Run(seed, 0, 400), Silent())
    money = cube[:, :, :3, 0].sum(axis=(1, 2))
    return float((np.sum(money < company.booked) + 0.5) / (len(money) + 1))


def test_forecasts_of_small_companies_hold_what_came_because_parameters_are_drawn() -> None:
    """About 50 won deals in nine months: parameters are known about as badly as a quarter is left to chance."""
    asked = CalibrationSpec(laws=("exponential", "gamma"))
    drawn, fixed = [], []
    for seed in range(COMPANIES):
        company = exported(SMALL, seed, stages=False, begin=APRIL)
        spec = calibration(company.inputs, None, asked).spec
        certain = tuple(one for one in spec.processes if one.kind != "uncertainty")
        drawn.append(level(company, spec, seed))
        fixed.append(level(company, spec.model_copy(update={"processes": certain}), seed))
    inside, without = (np.mean(np.abs(np.array(levels) - 0.5) <= 0.45) for levels in (drawn, fixed))
    assert abs(inside - 0.9) <= 4 * sqrt(0.9 * 0.1 / COMPANIES), drawn
    # Normal scores have the variance 1 where forecasts are as wide as they should be.
    spread, narrow = (float(np.mean(ndtri(levels) ** 2)) for levels in (drawn, fixed))
    assert abs(spread - 1) <= 4 * sqrt(2 / COMPANIES), drawn
    assert without <= inside
    assert narrow > 1.2 * spread
    assert abs(np.mean(drawn) - 0.5) <= 4 / sqrt(12 * COMPANIES)
