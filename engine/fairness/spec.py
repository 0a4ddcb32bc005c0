"""FairnessSpec: what counts as fair, as a scenario says it under `quotas.fairness`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pydantic import Field, field_validator, model_validator

from engine.blocks import Block
from engine.fields import Ratio, Text, Whole, refuse


class Wanted(Block):
    """A range that is wanted."""

    min: Ratio = Field(default="0", ge=0, validate_default=True)
    """At least this ratio; 0 unless given."""
    max: Ratio = Field(ge=0)
    """At most this ratio."""

    @model_validator(mode="after")
    def _in_order(self) -> Wanted:
        if self.min > self.max:
            raise refuse("E_RANGE", f"min {self.min:f} is above max {self.max:f}", "Swap them.")
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends."""
        return float(self.min), float(self.max)


def _wanted(low: str, high: str) -> Any:
    return Field(default={"min": low, "max": high}, validate_default=True)


class FairnessSpec(Block):
    """What counts as fair. Companies differ, so every limit can be set; the defaults are starting points.

    A figure passes when its whole interval lies within its limits, fails when the whole interval lies outside,
    and is unclear otherwise. Two defaults are common advice, `at_quota` and `capacity`; that size should not matter
    and that growth should win is common advice too, but how much may be tolerated is our choice, as are all limits
    that name no source.
    """

    by: tuple[Text, ...] | None = None
    """Groups of seats that are looked at apart: levels of the hierarchy, `role`, `tenure`, or text columns of the
    reps' table. All levels, role and tenure unless given, `[]` for none."""
    smallest: Whole = Field(default=5, ge=2)
    """Seats that a group must have to be looked at apart; 5 unless given."""
    confidence: Ratio = Field(default="95%", gt=0, lt=1, validate_default=True)
    """Confidence of the intervals; 95 % unless given."""
    bands: tuple[Ratio, ...] = Field(default=("80%", "100%", "120%"), min_length=1, validate_default=True)
    """Attainments at which the share of seats is told; 80, 100 and 120 % unless given."""
    at_quota: Wanted = _wanted("50%", "80%")
    """Wanted share of seats at or above quota; 50 to 80 % unless given. Advisers name 60 to 70 % as healthy, below half
    as too hard and above four fifths as too easy (glossaries of The CRO Report and Cortado; Alexander Group's white
    paper has 60 to 70 % or more); measured shares in software are often below half."""
    apart: Ratio = Field(default="10%", ge=0, validate_default=True)
    """How far the share at quota of a group may lie from that of all others; 10 points unless given: our
    choice, a rep in ten."""
    per_doubling: Ratio = Field(default="5%", ge=0, validate_default=True)
    """How much more or less of its quota a seat of twice the size, or one asked to grow by twice as much, may attain;
    5 points unless given. That size and growth asked should make no difference is Aurochs' test of quotas; the 5 points
    are our choice."""
    difficulty: Ratio = Field(default="10%", ge=0, validate_default=True)
    """Largest standard deviation over seats of the probability to reach the quota; 10 points unless given: our
    choice, two thirds of the seats within 10 points of the mean."""
    gini: Ratio = Field(default="20%", ge=0, validate_default=True)
    """Largest Gini coefficient of attainment; 0.20 unless given, about that of a standard deviation of 35 %: our
    choice, as no source names a limit."""
    misplaced: Ratio = Field(default="15%", ge=0, validate_default=True)
    """Largest share of the quota that, by what came, sat with the wrong seats; 15 % unless given: our
    choice."""
    ratchet: Ratio = Field(default="50%", ge=0, validate_default=True)
    """How much of a better year may come back as a higher quota; 50 % unless given, 100 % is all of it: our choice.
    Measured firms ratchet (Leone, Misra & Zimmerman), and none says how much is fair."""
    capacity: Wanted = _wanted("90%", "115%")
    """Wanted expected attainment of the company and of each group: mean simulated measure / quota; 90 to 115 %
    unless given, the range of implied attainment that practitioners' capacity checks flag outside of."""
    within_reach: Ratio = Field(default="10%", ge=0, lt=1, validate_default=True)
    """A quota with a smaller probability than this is out of reach; 10 % unless given: our choice."""

    @field_validator("bands")
    @classmethod
    def _rising(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        if value[0] <= 0 or any(b <= a for a, b in pairwise(value)):
            raise refuse(
                "E_RANGE", "the bands do not rise from above 0", "Write them such as [80%, 100%, 120%]."
            )
        return value
