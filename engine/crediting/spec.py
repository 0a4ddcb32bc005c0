"""CreditingSpec: what a pay file says under `crediting:`: who is credited with what, and when it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Exact, Flag, Name, Ratio, Text, refuse


class CreditMeasure(Block):
    """A quantity of deals on which plans pay."""

    column: Name
    """Column of deals that is credited: `amount`, or a declared one of money or whole numbers; `id` counts deals, and a
    deal that is taken back in parts counts until nothing of it is left."""
    times: Exact = Field(default="1", gt=0, validate_default=True)
    """Factor on the column, such as 12 for a monthly amount that is credited for a year; 1 unless given."""
    where: Mapping[Name, tuple[Text, ...]] = Field(default_factory=dict)
    """Deals that count, by column: `{product: [Core, Plus]}`; all unless given."""
    basis: Literal["booking", "cash"] = "booking"
    """When credit falls: with the whole deal at its `booking`, or with the `cash` of its customer, part by part in the
    periods in which it comes (in whole on the day of `cash`, in parts by `data.receipts`). A part of the amount counts
    the same part of the column, at the rate of the deal, for whoever was credited with the deal; cash of a deal of an
    earlier year, for whoever holds the seat on the day it comes. Cash before the booking counts at the booking. A
    reversal first cancels what is not paid yet, then takes credit back in proportion. Quotas and tiers of such a
    measure are read by cash, and pay on it is due when it is earned. `booking` unless given."""


class Rollups(Block):
    """Managers are credited with the deals of everybody below them."""

    double_credit: Flag
    """Whether shares of one deal add up beyond the whole of it for a manager (true), as with an overlay, or a deal
    counts once at most (false). Required."""


class ExchangeRates(Block):
    """Which rate a deal in another currency is converted at."""

    rate: Literal["plan", "deal_date", "period_end"]
    """The rate that holds on the first day of the plan, on the day of the deal, or on the last day of its period. What
    reverses a deal is converted at the rate of the deal. Required."""


class Clawback(Block):
    """What a row that reverses a deal takes back."""

    quota_credit: Flag
    """Whether credit, and so attainment, falls as well. What earns by the period and not by the deal (a SPIF, a pool,
    credit that a cap carries on) then follows the credit that is left; where credit stays, it gives back the difference
    that the deal made. Where credit falls, every column that a measure counts is held to that of the deal. Required."""
    take: Literal["full", "share", "unearned"]
    """How much of what the deal was paid: all of it, a fixed `share`, or the part of its term that is left after the
    whole months that have passed; from 31 January the first has passed on the last day of February. A reversal of part
    of the amount takes the same part of that. Required."""
    share: Ratio | None = Field(default=None, ge=0, le=1)
    """For `take: share` alone, and required there."""

    @model_validator(mode="after")
    def _share_where_needed(self) -> Clawback:
        if (self.share is not None) != (self.take == "share"):
            raise refuse(
                "E_REQUIRED", "`share` belongs to take: share, and is required there", "Give 50%, say."
            )
        return self


class CreditingSpec(Block):
    """Who is credited. The owner of a deal is, unless the table of splits shares it out."""

    measures: Mapping[Name, CreditMeasure] = Field(min_length=1)
    """Measures by the name that plans and quotas use."""
    rollups: Rollups | None = None
    """Credit of managers; they are credited with their own deals alone unless given."""
    currency: ExchangeRates | None = None
    """Required once a deal is in another currency."""
    clawback: Clawback | None = None
    """Required once a row reverses a deal."""
    release: Literal["booking", "cash"]
    """When pay on a deal becomes due: at `booking`, or as its `cash` comes in. Attainment and rate follow the booking
    in either case. Under `cash` a deal releases what it earned in proportion to what its customer has paid (in whole
    on the day of `cash`, in parts by `data.receipts`), and never more than is left of it after clawbacks. What no
    single deal explains is due when it is earned. Limits hold for what is due; holdbacks, guarantees and draws look at
    what is paid. Required."""
