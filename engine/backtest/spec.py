"""The `backtest:` block: from which days the past is forecast, how far, and for what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.calibration.spec import CalibrationSpec
from engine.fields import Day, Name, Whole, refuse
from engine.pipeline.spec import Estimate

Horizon = Literal["month", "quarter"]
Dimension = Literal["product", "segment"]


class Origins(Block):
    """Days at whose end the forecasts are made: the last of every month from `first` to `last`."""

    first: Day
    """First day; the last of a month."""
    last: Day
    """Last day; the last of a month."""

    @model_validator(mode="after")
    def _ends_of_months(self) -> Origins:
        for day in (self.first, self.last):
            if (day + dt.timedelta(days=1)).day != 1:
                raise refuse("E_DATE", f"{day} is not the last day of a month", "Origins are month ends.")
        if self.last < self.first:
            raise refuse(
                "E_DATE", f"the last origin {self.last} lies before the first, {self.first}", "Swap them."
            )
        return self


class Candidate(Block):
    """A way to fit the pipeline; give one of the two."""

    estimate: Estimate | None = None
    """As `pipeline.estimate` does within a run."""
    calibration: CalibrationSpec | None = None
    """As `apportion calibrate` does."""

    @model_validator(mode="after")
    def _one(self) -> Candidate:
        if (self.estimate is None) == (self.calibration is None):
            raise refuse("E_REQUIRED", "needs either estimate or calibration", "For example `estimate: {}`.")
        return self


class BacktestSpec(Block):
    """Forecasts of the past from what was known then, scored against what came.

    At every origin the pipeline is estimated from the deals as known on that day, and simulated. Accounts, seats and
    products are read as they are today: their past is not known. Needs periods of months.
    """

    origins: Origins
    """Days at whose end the forecasts are made."""
    horizons: tuple[Horizon, ...] = Field(default=("month", "quarter"), min_length=1)
    """How far: the next `month`, or to the end of the `quarter` in which it lies."""
    by: tuple[Dimension, ...] = ()
    """What is forecast beside the total: every `product`, every `segment`."""
    candidates: Mapping[Name, Candidate] = Field(default_factory=dict)
    """Ways to fit, in place of `pipeline.estimate`. At each origin the one is used whose forecasts from earlier
    month ends came closest to what had happened by then (least mean CRPS)."""
    warm_up: Whole = Field(default=2, ge=1, le=60)
    """Month ends before the first origin from which candidates are tried as well."""
    trailing: Whole = Field(default=3, ge=2, le=36)
    """Months over which the trailing mean and its spread are taken; fewer where the data begin later."""

    @model_validator(mode="after")
    def _once(self) -> BacktestSpec:
        for name, values in (("horizons", self.horizons), ("by", self.by)):
            if len(set(values)) < len(values):
                raise refuse("E_DUPLICATE", f"{name}: a value stands there twice", "Leave one out.")
        if len(self.candidates) == 1:
            raise refuse(
                "E_REQUIRED",
                "one candidate is no choice",
                "Give another, or make it the pipeline's `estimate`.",
            )
        return self
