"""The `calibration:` block: how a pipeline is estimated from an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Day, Text, Whole, refuse

LawKind = Literal["exponential", "gamma", "lognormal", "weibull", "empirical"]
EVERY_LAW: tuple[LawKind, ...] = ("exponential", "gamma", "lognormal", "weibull", "empirical")


class CalibrationSpec(Block):
    """How `apportion calibrate` estimates a pipeline from the export; every part has a default."""

    closes_since: Day | None = None
    """First day whose closes are in the export; the earliest close unless given. Deals created before it enter the
    estimate at the age they had then (left truncation)."""
    since: Day | None = None
    """First day from which created dates count as arrivals; a year before the plan unless given, and never before the
    first visible close."""
    stages: tuple[Text, ...] = ()
    """Stages in order, as the table `stage_history` names them. Required with that table."""
    names: Mapping[Text, Text] = Field(default_factory=dict)
    """From stage names of the tables to stages of the pipeline, or to `queue` for deals that nobody works on yet."""
    stage: Text = "Working"
    """Name of the single stage where there is no history of stages."""
    decision: Text = "Decision"
    """Name of the stage of no days that is added where the outcome goes with the month of the close."""
    give_up: Whole = Field(default=365, ge=1, le=3650)
    """Age in days by which deals that outlive every observed close are lost."""
    laws: tuple[LawKind, ...] = Field(default=EVERY_LAW, min_length=1)
    """Laws of days that are tried; `empirical` is the counted incidence at quantiles."""
    criterion: Literal["aic", "bic"] = "bic"
    """What chooses among laws and circumstances; `bic` takes fewer parameters."""
    fewest: Whole = Field(default=20, ge=5, le=10_000)
    """Closed deals below which the export is refused, and exits below which a segment or month gets nothing of its
    own."""
    tenure_months: tuple[Annotated[Whole, Field(ge=0, le=600)], ...] = (0, 6, 12, 24)
    """Months in the seat from which rates of attrition are estimated apart."""
    leavers_since: Day | None = None
    """First day whose leavers are in the table of people; the earliest end unless given."""

    @model_validator(mode="after")
    def _in_order(self) -> CalibrationSpec:
        months = list(self.tenure_months)
        if months[:1] != [0] or months != sorted(set(months)):
            raise refuse("E_RANGE", f"tenure_months {months}", "Begin at 0 and rise.")
        if len(set(self.stages)) < len(self.stages) or self.decision in self.stages:
            raise refuse("E_DUPLICATE", "names of stages must differ", "Rename one.")
        return self
