"""Bounds: what a quota may be, relative to last year, to the target, or in money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Money, Ratio, Text, refuse


def _ordered(low: Any, high: Any) -> None:
    if low is not None and high is not None and low > high:
        raise refuse("E_RANGE", f"min {low:f} is above max {high:f}", "Swap them, or widen the range.")


class Shares(Block):
    """A range relative to something."""

    min: Ratio | None = Field(default=None, ge=0)
    """At least this ratio of it; no limit unless given."""
    max: Ratio | None = Field(default=None, ge=0)
    """At most this ratio of it; no limit unless given."""

    @model_validator(mode="after")
    def _in_order(self) -> Shares:
        _ordered(self.min, self.max)
        return self


class Amounts(Block):
    """A range in money."""

    min: Money | None = Field(default=None, ge=0)
    """At least this amount, currency units; no limit unless given."""
    max: Money | None = Field(default=None, ge=0)
    """At most this amount, currency units; no limit unless given."""

    @model_validator(mode="after")
    def _in_order(self) -> Amounts:
        _ordered(self.min, self.max)
        return self


class Bounds(Block):
    """What the quota of a seat for the whole plan may be.

    Several ranges hold together; each is rounded inwards to
    the minor unit. Ranges relative to history and in money are those of a seat that is filled all year: they shrink
    with the share of the year that a seat carries (ramp, hire date).
    """

    history: Shares = Shares()
    """Relative to the seat's bookings of last year, such as `{min: 90%, max: 140%}`; ignored for seats without."""
    target: Shares = Shares()
    """Relative to the seat's target, that is to its blended share of the goal."""
    absolute: Amounts = Amounts()
    """In currency units, for every seat."""
    nodes: Mapping[Text, Amounts] = {}
    """In currency units, by name of a region, district or seat; as written, whatever the share of the year."""
