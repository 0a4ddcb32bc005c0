"""Commission: rates on credit, in tiers.

With credit x, quota Q, target incentive T and the rate table as a function g (see `engine.comp.pieces`):

    tiers on credit       due = g(x)
    tiers on attainment   due = Q g(x / Q)
    individual rates      due = T / Q times that: equal pay for equal attainment
    per unit              due = g(x) or Q g(x / Q): x a count, g in money

Rates may differ by what is sold: `tiers_by` gives deals of a product, say, a table of their own, while all share one
position in it; `factors` scale what a deal is paid by its discount, say; and `placed_by` reads the tiers by another
measure than the one that is paid, as where the 20th unit of a month lifts the rate on money
(support.mhub.my/hc/en-us/articles/4414208994585-How-is-Volume-commission-calculated). See `engine.comp.rated` for what
that means.

Marginal: each rate pays on its own slice. Retroactive: the rate of the tier reached pays on all credit. Interpolated:
each tier is worth an amount, pro rata within it. Real tables mix the first two, so a tier may have a mode of its own:
a full rate that is unlocked on everything at 50 %, an accelerator above 100 % that pays ahead. The three readings
of a table, and the words vendors use for them: Oracle, Options for Splitting Attainment Numbers Across Rate Tiers
(docs.oracle.com/en/cloud/saas/sales/facmi).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import ValidationInfo, ValidatorFunctionWrapHandler, field_validator, model_validator

from engine.comp.compared import quota_is_named
from engine.comp.component import Component
from engine.comp.dimensions import Asked, Factors
from engine.comp.incentive import Incentive
from engine.comp.intervals import Groups
from engine.comp.pieces import Closed, Pieces
from engine.comp.rated import Place, Rated, RateTable, Tiers, TiersBy
from engine.comp.tiers import Mode, Rates, Tier, as_meant, in_order, likely, signed
from engine.fields import refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.component import Quantities
    from engine.comp.quantity import Quantity
    from engine.inputs import IntArray, Words


class Commission(Incentive, Component):
    """Pays rates on credit, in tiers of credit or of attainment."""

    kind: Literal["commission"] = "commission"
    """Rates on credit."""
    tiers_on: Literal["credit", "attainment"]
    """What tiers are read by: credit (money, or units under `per_unit`), or attainment (credit / quota). Without a
    quota, tiers on attainment and individual rates pay 0. Required."""
    rates: Rates | None = None
    """`of_credit`: a rate is the share of credited money that is paid. `individual`: a rate is a multiple of the
    person's own target rate, weight x target incentive / quota. `per_unit`: a tier has an `amount` for each unit of a
    measure that counts. Required, except under `interpolated`."""
    mode: Mode
    """`marginal` (each rate on its own slice), `retroactive` (the rate reached on everything) or `interpolated`
    (an amount per tier, pro rata within it), for every tier that says nothing else. Required."""
    closed: Closed
    """Tier of a value that lies exactly on a boundary: `left` the one that starts there, `right` the one that ends
    there. Required."""
    tiers: tuple[Tier, ...]
    """Rate table, from the bottom up; the first tier starts at 0."""

    tiers_by: TiersBy | None = None
    """Rate tables of their own by a column of deals, such as the product. One table for all unless given."""
    factors: tuple[Factors, ...] = ()
    """Factors on what single deals are paid, multiplied together, by columns of deals; they leave credit and
    attainment alone. None unless given."""
    placed_by: Place | None = None
    """Measure by which the tiers are read, deal by deal, where it is another than the one that is paid; attainment is
    then that of its quota. Not for `individual` and `interpolated`, nor beside caps on credit of intervals. The measure
    that is paid unless given."""

    @field_validator("tiers", mode="wrap")
    @classmethod
    def _tiers_in_order(
        cls, value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> tuple[Tier, ...]:
        tiers: tuple[Tier, ...] = read(value)
        in_order(tiers, value)
        if info.data.get("rates") == "of_credit":
            signed(tiers, value)
        return tiers

    @field_validator("tiers_by", mode="wrap")
    @classmethod
    def _rates_signed(
        cls, value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> TiersBy | None:
        by: TiersBy | None = read(value)
        if by is not None and isinstance(value, Mapping) and info.data.get("rates") == "of_credit":
            for word, tiers in by.tables.items():
                signed(tiers, value["tables"][word], f"tables.{word}.")
        return by

    @model_validator(mode="after")
    def _complete(self) -> Commission:
        if (self.rates is None) != (self.mode == "interpolated"):
            if self.rates is None:
                raise refuse(
                    "E_REQUIRED", f"mode: {self.mode} needs `rates`", "Give of_credit or individual."
                )
            raise refuse(
                "E_TIERS", "interpolated tiers have an amount, no rates", "Give each tier an `amount`."
            )
        for path, tiers in self._tables_by_path:
            as_meant(tiers, self.mode, self.rates, path)
            likely(tiers, self.rates, self.tiers_on, path)
        if self.needs_quota:
            quota_is_named(self.accumulate, self.quota)
        if self.placed_by is not None and self.rates not in ("of_credit", "per_unit"):
            raise refuse(
                "E_CHOICE",
                "`placed_by` places deals in tiers that pay a rate of their credit",
                "Use `rates: of_credit` or `per_unit`, or leave it out.",
                at="placed_by",
            )
        if self.rates_deals:
            self._deals_keep_their_place()
        return self

    def _deals_keep_their_place(self) -> None:
        """Refuse what would move deals in their tables after they were placed."""
        if any(cap.per != "deal" for cap in self.credit_caps):
            raise refuse(
                "E_CHOICE",
                "rates by deal look at single deals, a cap on credit of an interval at their sum",
                "Use `per: deal`, or one table without factors.",
            )
        sliced = any(
            (tier.mode or self.mode) != "retroactive" for _, t in self._tables_by_path for tier in t[1:]
        )
        moves = self.quota == "to_date" and self.accumulate in ("quarter", "year_to_date")
        if self.tiers_on == "attainment" and sliced and moves:
            raise refuse(
                "E_CHOICE",
                "boundaries in a quota to date move, so that earlier deals would change their marginal tier",
                "Use `quota: interval`, accumulate over a period, or retroactive tiers.",
            )

    @property
    def _tables_by_path(self) -> list[tuple[str, Tiers]]:
        """The rate tables, each with the path at which it stands."""
        others = self.tiers_by.tables if self.tiers_by else {}
        return [("tiers", self.tiers), *((f"tiers_by.tables.{word}", its) for word, its in others.items())]

    @property
    def rates_deals(self) -> bool:
        """Whether rates differ from deal to deal."""
        return self.tiers_by is not None or bool(self.factors) or self.placed_by is not None

    @property
    def needs_deals(self) -> bool:
        """Whether it looks at every deal by itself."""
        return self.rates_deals or super().needs_deals

    def asks(self) -> Iterator[Asked]:
        """Yield the columns of deals that it asks for."""
        yield from super().asks()
        if self.tiers_by is not None:
            yield self.tiers_by.asked()
        yield from (rule.asked(f"factors[{i}]") for i, rule in enumerate(self.factors))

    def measures(self) -> Words:
        """Return the measures it looks at: first the one by which its tiers are read."""
        return tuple(dict.fromkeys((self.read_by, *super().measures())))

    def quantities(self) -> Iterator[tuple[str, Quantities]]:
        """Yield measures that must be money, or counts."""
        yield from super().quantities()
        if self.rates == "per_unit":
            yield self.measure, "count"
        elif self.rates == "of_credit" or self.tiers_on == "credit":
            yield self.measure, "amount"
        if self.placed_by is not None and self.tiers_on == "credit":
            yield self.placed_by.measure, "count" if self.in_units else "amount"

    @property
    def read_by(self) -> str:
        """Measure by which the tiers are read."""
        return self.measure if self.placed_by is None else self.placed_by.measure

    @property
    def in_units(self) -> bool:
        """Whether tiers on credit start at units of a measure that counts."""
        return self.rates == "per_unit" if self.placed_by is None else self.placed_by.levels_in == "units"

    @property
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota."""
        return self.tiers_on == "attainment" or self.rates == "individual"

    @property
    def target_weight(self) -> float:
        """Share of the target incentive at 100 % attainment: the weight, where rates are individual."""
        return float(self.weight) if self.rates == "individual" else 0.0

    def table(self, minor: int) -> Pieces:
        """Return the rate table of deals that have none of their own; money in it is in minor units."""
        return self.rate_table(self.tiers, minor).pieces()

    def rate_table(self, tiers: Tiers, minor: int) -> RateTable:
        """Return some tiers, read as those of the component are."""
        unit = minor if self.tiers_on == "credit" and not self.in_units else 1
        return RateTable(tiers, self.mode, self.closed, unit, minor)

    def counted(self, book: Book) -> Quantity:
        """Return the credit by which its tiers are read, shape (..., spell, period)."""
        if self.placed_by is None:
            return super().counted(book)
        return book.credit(self.placed_by.measure)

    def counted_deals(self, book: Book) -> tuple[Quantity, IntArray]:
        """Return the credit of each deal by which its tiers are read, and its cell on the grid of the book."""
        if self.placed_by is None:
            return super().counted_deals(book)
        return book.deals(self.placed_by.measure)

    def worth(self, credit: Quantity, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what the credit is worth."""
        return self.due(credit, quota, target, book.minor)

    def due(self, credit: Quantity, quota: Quantity, target: Quantity, minor: int) -> Quantity:
        """Return what the credit is worth; `minor` is minor units per currency unit."""
        return self._paid(credit.on(self.table(minor), self._unit(quota)), quota, target)

    def worth_to_date(self, groups: Groups, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what credit to date is worth."""
        if not self.rates_deals:
            return super().worth_to_date(groups, quota, target, book)
        lines, _ = self.counted_deals(book)
        due = self._rated_deals(book).to_date(lines, self._unit(quota), groups)
        return self._paid(due, quota, target)

    def worth_by_deal(self, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what each deal is worth by itself."""
        if not self.rates_deals:
            return super().worth_by_deal(quota, target, book)
        lines, _ = self.counted_deals(book)
        worth = self._rated_deals(book).by_deal(lines, self._unit(quota))
        return self._paid(worth, quota, target)

    def _rated_deals(self, book: Book) -> Rated:
        deals = book.known_deals
        every = np.ones(deals.cells.size, dtype=np.bool_)
        parted = [(every, None)] if self.tiers_by is None else self.tiers_by.parted(deals)
        tables = [(its, self.rate_table(tiers or self.tiers, book.minor)) for its, tiers in parted]
        sold = None if self.placed_by is None else super().counted_deals(book)[0]
        return Rated(deals, tables, self.factors, book, sold)

    def _unit(self, quota: Quantity) -> Quantity | None:
        return quota if self.tiers_on == "attainment" else None

    def _paid(self, pays: Quantity, quota: Quantity, target: Quantity) -> Quantity:
        if self.rates == "individual":
            return pays.share(quota, of=target)
        if self.mode == "interpolated" and self.tiers_on == "attainment":
            return pays.share(quota, of=1)
        return pays
