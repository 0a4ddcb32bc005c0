"""Forecasts: at each origin, what the model and the baselines say of the months ahead, and what came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from engine import pipeline
from engine.backtest import origins as past
from engine.backtest.baselines import Weighted, trailing
from engine.backtest.origins import Origin
from engine.backtest.scores import crps
from engine.backtest.slices import Forecast, Slice, measures, simulated, slices
from engine.backtest.spec import BacktestSpec, Candidate, Horizon
from engine.errors import BadInput
from engine.inputs import FloatArray, Inputs
from engine.pipeline.export import Export
from engine.pipeline.spec import Estimate, PipelineSpec
from engine.progress import Progress, Silent
from engine.scenario import Scenario

OWN = "estimate"
"""Name of the pipeline's own `estimate`, where there are no candidates."""
BASELINES = ("pipeline", "trailing")


@dataclass(frozen=True)
class Question:
    """What is asked at an origin: how much is booked over a horizon, in each slice."""

    origin: Origin
    horizon: Horizon
    months: int
    came: FloatArray
    """What was booked, minor units, shape (slice,)."""
    answers: Mapping[str, FloatArray]
    """Sample of each candidate, shape (slice, replication)."""
    baselines: Mapping[str, FloatArray]
    """Sample of each baseline, shape (slice, value)."""
    deals_came: FloatArray
    """How many deals were won, shape (slice,)."""
    deals: Mapping[str, FloatArray]
    """Mean number of won deals of each candidate, shape (slice,)."""

    @property
    def end(self) -> np.datetime64:
        """Day after the horizon."""
        return np.datetime64(
            (np.datetime64(self.origin.start, "M") + self.months).astype("datetime64[D]"), "D"
        )

    def crps(self, name: str) -> FloatArray:
        """Return the CRPS of a candidate or baseline, shape (slice,)."""
        samples = self.answers[name] if name in self.answers else self.baselines[name]
        return np.array([crps(sample, came) for sample, came in zip(samples, self.came, strict=True)])


@dataclass(frozen=True)
class Fit:
    """What an estimate at an origin rests on."""

    origin: Origin
    candidate: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """Everything that was asked, warm-up first."""

    slices: tuple[Slice, ...]
    questions: tuple[Question, ...]
    fits: tuple[Fit, ...]
    sources: tuple[tuple[str, str], ...]
    """Files that were read, with their digests."""


def fitted(inputs: Inputs, spec: PipelineSpec, way: Candidate) -> tuple[PipelineSpec, tuple[str, ...]]:
    """Return the pipeline as fitted to what is known at an origin, and what that rests on."""
    if way.calibration is None:
        return pipeline.estimate(inputs, spec.model_copy(update={"estimate": way.estimate}))
    from engine.calibration.calibrate import calibrated

    result = calibrated(inputs, spec, way.calibration)
    remarks = (f"{remark.part}: {remark.text}" for remark in result.found.remarks)
    return result.spec.model_copy(update={"replications": spec.replications}), tuple(remarks)


def ask(scenario: Scenario, spec: BacktestSpec, workers: int, progress: Progress) -> Asked:
    """Forecast from every origin, those of the warm-up among them.

    Raises:
        BadInput: the tables have faults, or tell too little at an origin.

    """
    ways = dict(spec.candidates) or {OWN: Candidate(estimate=scenario.pipeline.estimate)}
    before = spec.warm_up if len(ways) > 1 else 0
    days = past.month_ends(spec.origins, before, scenario.calendar.first_month)
    came = past.whole(scenario, days[-1])
    parts = slices(came, spec.by)
    questions, fits = list[Question](), list[Fit]()
    for place, origin in enumerate(days):
        progress.update(f"from {origin.day}", place / len(days))
        longest = max(origin.months(horizon) for horizon in spec.horizons)
        inputs = past.known(scenario, origin, longest)
        samples = dict[str, list[Forecast]]()
        for name, way in ways.items():
            with _told_of(origin, name):
                resolved, notes = fitted(inputs, scenario.pipeline, way)
                samples[name] = _simulated(inputs, resolved, parts, (scenario.seed, workers, longest))
            fits.append(Fit(origin, name, notes))
        baselines = _Baselines(inputs, scenario.pipeline, spec.trailing, parts)
        for horizon, months in _horizons(spec, origin):
            since = np.datetime64(origin.start, "D")
            booked = [part.won(came, came.history, since, months).sum() for part in parts]
            counted = np.array(
                [part.count(came, came.history, since, months) for part in parts], dtype=np.float64
            )
            said = {name: by_length[months - 1] for name, by_length in samples.items()}
            answers = {name: one.money for name, one in said.items()}
            deals = {name: one.deals for name, one in said.items()}
            questions.append(
                Question(
                    origin, horizon, months, np.array(booked), answers, baselines.over(months), counted, deals
                )
            )  # fmt: skip
    return Asked(parts, tuple(questions), tuple(fits), came.sources)


@contextmanager
def _told_of(origin: Origin, candidate: str) -> Iterator[None]:
    """Say in every fault at which origin and of which candidate it is."""
    try:
        yield
    except BadInput as bad:
        where = f"as known on {origin.day}, candidate '{candidate}': "
        raise BadInput([replace(fault, message=where + fault.message) for fault in bad.faults]) from bad


def _horizons(spec: BacktestSpec, origin: Origin) -> Iterator[tuple[Horizon, int]]:
    """Yield each horizon and its months; one that is as long as an earlier one asks nothing new."""
    seen = set[int]()
    for horizon in spec.horizons:
        months = origin.months(horizon)
        if months not in seen:
            seen.add(months)
            yield horizon, months


def _simulated(
    inputs: Inputs, spec: PipelineSpec, parts: tuple[Slice, ...], how: tuple[int, int, int]
) -> list[Forecast]:
    """Return what is said of one month, two, and so on.

    The bookings alone: no key figures, no questions, and as many replications as the pipeline allows.
    """
    from engine.pipeline.build import build
    from engine.pipeline.replications import Run, bookings_alone, refuse_absurd

    seed, workers, longest = how
    built = build(inputs, past.seats_of(inputs), spec, measures(parts))
    refuse_absurd(built.model, spec.most_replications)
    cube = bookings_alone(built, Run(seed, 0, spec.most_replications, workers), Silent())
    return [simulated(cube, months) for months in range(1, longest + 1)]


@dataclass(frozen=True)
class _Baselines:
    inputs: Inputs
    spec: PipelineSpec
    months: int
    """Months of the trailing mean."""
    parts: tuple[Slice, ...]

    def over(self, ahead: int) -> dict[str, FloatArray]:
        """Return the sample of each baseline over some months, shape (slice, value)."""
        asked = self.spec.estimate or Estimate()
        export = Export.of(self.inputs, self.spec, asked.closes_since, asked.since)
        weighted, days = Weighted.of(export, self.spec), int(self.inputs.calendar.offsets[ahead])
        return {
            "pipeline": np.array([weighted.forecast(part, days) for part in self.parts]),
            "trailing": np.array([trailing(export, part, ahead, self.months) for part in self.parts]),
        }
