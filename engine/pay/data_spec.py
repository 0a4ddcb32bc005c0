"""The tables of past deals: who sold what, when, for how much, and who shares in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.columns import Column
from engine.data.spec import ExtraType, RepsTable, SpellsTable
from engine.data.table_spec import TableSpec
from engine.fields import Name, refuse

COLUMNS: dict[str, tuple[Column, ...]] = {
    "deals": (
        Column("id", "text", "Id of the deal", required=True),
        Column("rep", "text", "Seat that owns the deal", required=True),
        Column("date", "date", "Day on which it was booked", required=True),
        Column("amount", "money", "Amount in the currency of the row", required=True),
        Column("product", "text", "Product, for measures that ask for it"),
        Column("currency", "text", "ISO code of the amounts in the row; the plan's currency where blank"),
        Column("cash", "date", "Day on which the customer paid; blank while not"),
        Column("reverses", "text", "Deal that this row takes back; its amounts are negative"),
        Column("term_months", "whole", "Months over which the deal is earned, for clawback: unearned"),
    ),
    "quotas": (
        Column("rep", "text", "Seat", required=True),
        Column("period", "text", "Period as the calendar calls it, such as 2027-01", required=True),
        Column("measure", "text", "Measure; blank: every measure that has no quota of its own"),
        Column("quota", "money", "Quota of the seat in the period; a count where the measure counts", required=True),
    ),
    "splits": (
        Column("deal", "text", "Deal that is shared", required=True),
        Column("rep", "text", "Seat that takes part", required=True),
        Column("share", "ratio", "Share of the deal", required=True),
        Column("kind", "text", "credit, overlay (on top of it) or payout (of what the owner earns)", required=True),
    ),
    "rates": (
        Column("currency", "text", "ISO code", required=True),
        Column("date", "date", "First day on which the rate holds", required=True),
        Column("rate", "real", "Units of the plan's currency for one unit, to 9 decimals", required=True),
    ),
}  # fmt: skip
"""Columns of each table, by our names."""


class PayTable(TableSpec):
    """A table that only paying reads."""

    def names(self) -> tuple[str, ...]:
        """Our names of the columns that may be read."""
        return tuple(column.name for column in COLUMNS[self.table])


class SeatsTable(RepsTable):
    """Seats: id, name, manager; without a table of spells each row also holds its person, as in a scenario."""

    def names(self) -> tuple[str, ...]:
        """Our names of the columns that may be read."""
        return (*super().names(), "manager")


class DealsTable(PayTable):
    """Deals: id, rep, date, amount; product, currency, cash, reverses and term_months where there are any."""

    extra: Mapping[Name, ExtraType] = Field(default_factory=dict)
    """Further columns by name and type: money (in the currency of the row), whole (a count) or text."""

    table: ClassVar[str] = "deals"

    def names(self) -> tuple[str, ...]:
        """Our names of the columns that may be read."""
        return (*super().names(), *self.extra)

    @model_validator(mode="after")
    def _extra_is_new(self) -> DealsTable:
        known = super().names()
        for name, kind in self.extra.items():
            if name in known:
                raise refuse(
                    "E_NAME", f"extra: '{name}' is taken", "Choose another name and map it under columns."
                )
            if kind == "real":
                raise refuse(
                    "E_CHOICE", f"extra: '{name}' is real", "Pay is exact: use money, whole or text."
                )
        return self


class QuotasTable(PayTable):
    """Quotas by seat and period: rep, period, quota; and measure, where measures differ."""

    table: ClassVar[str] = "quotas"


class SplitsTable(PayTable):
    """Shares of deals: deal, rep, share, kind. A deal without a row belongs to its owner alone.

    Shares of `credit` are paid by each seat's own plan, and add up to the deal. An `overlay` is credited on top. Shares
    of `payout` divide what the owner, who is credited with the whole deal, earns on it; they add up to that.
    """

    table: ClassVar[str] = "splits"


class RatesTable(PayTable):
    """Exchange rates: currency, date, rate; a rate holds until the next one of its currency."""

    table: ClassVar[str] = "rates"


class _PathAlone:
    """Tells the JSON schema that a table may be given as its path alone."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


class PayData(Block):
    """The tables that pay is worked out from."""

    reps: Annotated[SeatsTable, _PathAlone()]
    """Seats, and the seat of each one's manager."""
    spells: Annotated[SpellsTable, _PathAlone()] | None = None
    """People in seats with plan and pay; unless given, each row of reps holds its person. A change of plan is a new
    spell."""
    deals: Annotated[DealsTable, _PathAlone()]
    """Past deals."""
    quotas: Annotated[QuotasTable, _PathAlone()] | None = None
    """Quotas; none unless given, and 0 where no row stands."""
    splits: Annotated[SplitsTable, _PathAlone()] | None = None
    """Deals that several seats share; none unless given."""
    rates: Annotated[RatesTable, _PathAlone()] | None = None
    """Exchange rates; required once a deal is in another currency."""
