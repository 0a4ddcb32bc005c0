"""HeadcountSpec: what a scenario says under `territories: headcount:`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Money, Real, Text, Whole, refuse


class HomeBase(Block):
    """A place where a new territory could be based."""

    id: Text
    """Name of the place, such as `Denver`; unique."""
    latitude: Real = Field(ge=-90, le=90)
    """Degrees north."""
    longitude: Real = Field(ge=-180, le=180)
    """Degrees east."""
    levels: Mapping[Text, Text] = Field(default_factory=dict)
    """Node of each level of the hierarchy that a seat there belongs to: `{region: West}`."""
    opening_cost: Money | None = Field(default=None, ge=0)
    """Cost of a territory at this place a year, currency units; that of the headcount unless given."""
    contribution: Money | None = Field(default=None, ge=0)
    """What a territory at this place brings in a year, currency units; that of the headcount unless given."""


class HeadcountSpec(Block):
    """How many territories, and where: every number of them in a range is located, with a bound from below.

    The rules and costs of the scenario hold for each number as if its territories were the seats: a band `within` 10 %
    is taken around the mean of that many. Adopted, the new seats are vacant: nobody is paid there, and a quota falls on
    them as `quotas.vacant` says.
    """

    min: Whole = Field(ge=1)
    """Least number of territories."""
    max: Whole = Field(ge=1)
    """Greatest number of territories."""
    adopt: Literal["cheapest"] | Whole | None = None
    """Whose seats become the seats of the run: those of the `cheapest` plan found, or of a number of the range. Today's
    seats unless given."""
    opening_cost: Money = Field(default=Decimal(0), ge=0)
    """Cost of a new territory a year, currency units; 0 unless given."""
    contribution: Money = Field(default=Decimal(0), ge=0)
    """What a new territory brings in a year before its cost, currency units; 0 unless given. The objective
    `response` says it by account instead."""
    candidates: Literal["accounts"] | tuple[HomeBase, ...] = "accounts"
    """Places where a new territory may be based; the places of the accounts unless given."""
    places: Whole = Field(default=40, ge=1)
    """Places of accounts that are tried, spread over all; 40 unless given."""
    keep: tuple[Text, ...] | None = None
    """Seats of today that stay, by id; all unless given. Another may close; its accounts then have no incumbent."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min > self.max:
            raise refuse("E_RANGE", f"min {self.min} is above max {self.max}", "Exchange them.")
        if isinstance(self.adopt, int) and not self.min <= self.adopt <= self.max:
            message = f"adopt is {self.adopt}, the range goes from {self.min} to {self.max}"
            raise refuse("E_RANGE", message, "Give a number of the range, or `cheapest`.")
        if not isinstance(self.candidates, str):
            ids = [home.id for home in self.candidates]
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise refuse(
                    "E_DUPLICATE", f"candidates name {', '.join(twice)} twice", "Give each place once."
                )
            if not ids:
                raise refuse("E_EMPTY", "candidates are empty", "Give places, or `accounts`.")
        return self

    def terms(self, place: str) -> tuple[Decimal, Decimal]:
        """Return what a new territory at a place costs, and what it brings in, a year in currency units."""
        homes = () if isinstance(self.candidates, str) else self.candidates
        own = next((home for home in homes if home.id == place), None)
        cost, brought = (None, None) if own is None else (own.opening_cost, own.contribution)
        return (
            self.opening_cost if cost is None else cost,
            self.contribution if brought is None else brought,
        )
