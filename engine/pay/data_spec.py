"""The tables of past deals: who sold what, when, for how much, and who shares in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.columns import Column
from engine.data.dictionary import BALANCES
from engine.data.spec import RepsTable, SpellsTable
from engine.data.table_spec import TableSpec
from engine.fields import Name, refuse

DealColumn = Literal["money", "whole", "ratio", "text"]
"""Types of further columns of deals; none is a real number, as pay is exact."""
COLUMNS: dict[str, tuple[Column, ...]] = {
    "deals": (
        Column("id", "text", "Id of the deal", required=True),
        Column("rep", "text", "Seat that owns the deal", required=True),
        Column("date", "date", "Day on which it was booked", required=True),
        Column("amount", "money", "Amount in the currency of the row", required=True),
        Column("product", "text", "Product, for measures and plans that ask for it"),
        Column("currency", "text", "ISO code of the amounts in the row; the plan's currency where blank"),
        Column("cash", "date", "Day on which the customer paid; blank while not"),
        Column("reverses", "text", "Deal that this row takes back; its amounts are negative"),
        Column("term_months", "whole", "Contract term in months, for clawback: unearned and plans that ask"),
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
    "receipts": (
        Column("deal", "text", "Deal that the customer paid for", required=True),
        Column("date", "date", "Day on which the cash came", required=True),
        Column("amount", "money", "Cash in the currency of the deal, above 0", required=True),
    ),
    "deal_pay": (
        Column("deal", "text", "Deal that was booked before the plan", required=True),
        Column("person", "text", "Person who earned on it", required=True),
        Column("component", "text", "Component that they earned it in, by its name on statements", required=True),
        Column("earned", "money", "What it earned them, before anything was taken back", required=True),
        Column("taken", "money", "What of that was taken back so far"),
        Column("paid", "money", "What they were paid on it so far, less what was taken back", required=True),
    ),
    "balances": BALANCES,
    "adjustments": (
        Column("person", "text", "Person", required=True),
        Column("component", "text", "Component of the person's plan that it stands under", required=True),
        Column("period", "text", "Period as the calendar calls it, such as 2027-01", required=True),
        Column("amount", "money", "What is paid in addition; below 0 for a deduction", required=True),
        Column("reason", "text", "Why; shown on the statement", required=True),
        Column("approved_by", "text", "Who approved it; somebody else than the person", required=True),
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

    extra: Mapping[Name, DealColumn] = Field(default_factory=dict)
    """Further columns by name and type: money (in the currency of the row), whole (a count), ratio (a discount of 0
    to 100 %, to 8 decimals) or text. Measures credit money and counts, and filter on text; plans look up rates, factors
    and weights by any of them."""

    table: ClassVar[str] = "deals"

    def names(self) -> tuple[str, ...]:
        """Our names of the columns that may be read."""
        return (*super().names(), *self.extra)

    @model_validator(mode="after")
    def _extra_is_new(self) -> DealsTable:
        known = super().names()
        for name in self.extra:
            if name in known:
                raise refuse(
                    "E_NAME", f"extra: '{name}' is taken", "Choose another name and map it under columns."
                )
        return self


class QuotasTable(PayTable):
    """Quotas by seat and period: rep, period, quota; and measure, where measures differ."""

    table: ClassVar[str] = "quotas"


class SplitsTable(PayTable):
    """Shares of deals: deal, rep, share, kind. A deal without a row belongs to its owner alone.

    Shares of `credit` are paid by each seat's own plan, and add up to the deal. An `overlay` is credited on top. Shares
    of `payout` divide what the owner, who is credited with the whole deal, earns on it; they add up to that, and one of
    a vacant seat stays with the owner.
    """

    table: ClassVar[str] = "splits"


class RatesTable(PayTable):
    """Exchange rates: currency, date, rate; a rate holds until the next one of its currency."""

    table: ClassVar[str] = "rates"


class ReceiptsTable(PayTable):
    """Cash of customers: deal, date, amount. Pay on a deal is released in proportion, to the minor unit.

    Measures with `basis: cash` credit it on its day.

    A deal whose customer pays at once says so in its `cash`; one that is paid in parts has rows here instead.
    """

    table: ClassVar[str] = "receipts"


class DealPayTable(PayTable):
    """What deals of earlier years earned and were paid: deal, person, component, earned, paid; and taken.

    The pay folder of a year holds such a table, `private/deal_pay.csv`. It lets this year take back what an earlier one
    paid, and release what an earlier one earned as its cash comes. The deals stand in the table of deals, with their
    dates.
    """

    table: ClassVar[str] = "deal_pay"


class BalancesTable(PayTable):
    """Balances from before the plan: person, component, amount; and due_in.

    The pay folder of a year holds what the next one takes up, `private/carried.csv`.
    """

    table: ClassVar[str] = "balances"


class AdjustmentsTable(PayTable):
    """Approved exceptions and corrections: person, component, period, amount, reason, approved_by.

    Each is paid in its period as a row of its own in the ledger, on top of what the plan pays: no limit cuts it,
    nothing of it is held, and no draw is recovered out of it.
    """

    table: ClassVar[str] = "adjustments"


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
    receipts: Annotated[ReceiptsTable, _PathAlone()] | None = None
    """Cash of customers who pay in parts, for `release: cash` and measures with `basis: cash`; none unless
    given."""
    deal_pay: Annotated[DealPayTable, _PathAlone()] | None = None
    """What deals of earlier years earned and were paid; required once one of them is taken back."""
    balances: Annotated[BalancesTable, _PathAlone()] | None = None
    """What people owed, or were owed, when the plan began; nothing unless given."""
    adjustments: Annotated[AdjustmentsTable, _PathAlone()] | None = None
    """Approved exceptions and corrections; none unless given."""
