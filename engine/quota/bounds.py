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


class NodeBounds(Amounts):
    """A range for one node or seat: in money, and relative to what stands below it."""

    history: Shares = Shares()
    """Relative to the bookings of last year of the seats below it, for the share of the year that they carry."""
    potential: Shares = Shares()
    """Relative to the potential of the accounts aligned to the seats below it, likewise."""
    change: Ratio | None = Field(default=None, ge=0, le=1)
    """Most that its quota may lie above or below last year's bookings, such as `20%`; no limit unless given."""


class ProductBounds(Block):
    """What the quota of a seat in one product may be, over all periods."""

    target: Shares = Shares()
    """Relative to the seat's target times the product's share of the goal; likewise none for seats that are held."""
    history: Shares = Shares()
    """Relative to what the seat won of the product last year, by the closed deals, such as `{max: 140%}`; ignored for
    seats that won none of it. Shrinks with the share of the year that a seat carries."""
    change: Ratio | None = Field(default=None, ge=0, le=1)
    """Most that the quota may lie above or below what the seat won of the product last year; likewise ignored; no limit
    unless given."""
    absolute: Amounts = Amounts()
    """In currency units, for a seat that is filled all year; shrinks with the share of the year that a seat carries."""


class Bounds(Block):
    """What the quota of a seat for the whole plan may be.

    Several ranges hold together; each is rounded inwards to
    the minor unit. Ranges relative to history or potential and in money are those of a seat that is filled all year:
    they shrink with the share of the year that a seat carries (ramp, hire date, leave).
    """

    history: Shares = Shares()
    """Relative to the seat's bookings of last year, such as `{min: 90%, max: 140%}`; ignored for seats without."""
    change: Ratio | None = Field(default=None, ge=0, le=1)
    """Most that a quota may lie above or below last year's bookings, such as `20%`; ignored for seats without; no limit
    unless given."""
    potential: Shares = Shares()
    """Relative to the potential of the accounts aligned to the seat, such as `{max: 60%}`."""
    target: Shares = Shares()
    """Relative to the seat's target, that is to its blended share of the goal; none for seats that `quotas.keep` holds
    to their quota in force."""
    previous: Shares = Shares()
    """Relative to the seat's quota in force, such as `{min: 90%, max: 110%}`, with `quotas.previous`, without what
    catch-up and relief of that run moved in open periods; ignored for seats that had none, or that carry another share
    of the plan now (ramp, hire date, leave)."""
    absolute: Amounts = Amounts()
    """In currency units, for every seat."""
    ramping: Amounts | None = None
    """In currency units, as written and instead of `absolute`, for seats that carry less than the whole year: those
    that ramp, begin late, end early or are on leave."""
    products: Mapping[Text, ProductBounds] = {}
    """By product id: what a seat's quota in that product may be; needs quotas by product."""
    nodes: Mapping[Text, NodeBounds] = {}
    """By name of a region, district or seat. Amounts in currency units as written, whatever the share of the year."""


def around(change: Any) -> Shares:
    """Return the range of a quota that may differ from last year by `change`."""
    return Shares(min=1 - change, max=1 + change)
