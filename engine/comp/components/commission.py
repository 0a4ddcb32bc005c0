"""Commission: rates on credit, in tiers.

With credit x, quota Q, target incentive T and the rate table as a function g (see `engine.comp.pieces`):

    tiers on credit       due = g(x)
    tiers on attainment   due = Q g(x / Q)
    individual rates      due = T / Q times that: equal attainment pays equally in unequal territories

Rates may differ by what is sold: `tiers_by` gives deals of a product, say, a table of their own, while all share one
position in it; `factors` scale what a deal is paid by its discount, say. See `engine.comp.rated` for what that means.

Marginal: each rate pays on its own slice. Retroactive: the rate of the tier reached pays on all credit. Interpolated:
each tier is worth an amount, pro rata within it. Real tables mix the first two, so a tier may have a mode of its own:
a full rate that is unlocked on everything at 50 %, an accelerator above 100 % that pays ahead. The three readings
of a table, and the words vendors use for them: Oracle, Options for Splitting Attainment Numbers Across Rate Tiers
(docs.oracle.com/en/cloud/saas/sales/facmi).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import ValidatorFunctionWrapHandler, field_validator, model_validator

from engine.comp.compared import quota_is_named
from engine.comp.component import Component
from engine.comp.dimensions import Asked, Factors
from engine.comp.incentive import Incentive
from engine.comp.intervals import Groups
from engine.comp.pieces import Closed, Pieces
from engine.comp.rated import Rated, RateTable, Tiers, TiersBy
from engine.comp.tiers import MOST_MULTIPLE, MOST_RATE, MOST_TIMES, Mode, Tier, in_order, in_range
from engine.fields import refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Commission(Incentive, Component):
    """Pays rates on credit, in tiers of credit or of attainment."""

    kind: Literal["commission"] = "commission"
    """Rates on credit."""
    tiers_on: Literal["credit", "attainment"]
    """What tiers are read by: credited money, or attainment (credit / quota). Without a quota, tiers on attainment
    and individual rates pay 0. Required."""
    rates: Literal["of_credit", "individual"] | None = None
    """`of_credit`: a rate is the share of credited money that is paid. `individual`: a rate is a multiple of the
    person's own target rate, weight x target incentive / quota. Required, except under `interpolated`."""
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

    @field_validator("tiers", mode="wrap")
    @classmethod
    def _tiers_in_order(cls, value: Any, read: ValidatorFunctionWrapHandler) -> tuple[Tier, ...]:
        tiers: tuple[Tier, ...] = read(value)
        in_order(tiers, value)
        return tiers

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
            self._rated(tiers, path)
            self._in_range(tiers, path)
        if self.needs_quota:
            quota_is_named(self.accumulate, self.quota)
        if self.rates_deals:
            self._deals_keep_their_place()
        return self

    def _rated(self, tiers: Tiers, path: str) -> None:
        words = "interpolated tiers have an amount, no rates", "Give each tier an `amount`."
        for i, tier in enumerate(tiers):
            at = f"{path}[{i}]"
            if self.mode != "interpolated":
                if tier.rate is None or tier.amount is not None:
                    message = f"{self.mode} tiers have a rate, no amount"
                    raise refuse("E_TIERS", message, "Give each tier a `rate`.", at=at)
                continue
            if tier.amount is None or tier.rate is not None:
                raise refuse("E_TIERS", *words, at=at)
            if tier.end is None and i == len(tiers) - 1:
                message = "the last interpolated tier has no end"
                raise refuse("E_TIERS", message, "Say where its amount is full: `end`.", at=at)
            if tier.mode is not None:
                message = "interpolated tiers do not mix with others"
                raise refuse("E_TIERS", message, "Leave out `mode` of the tiers.", at=f"{at}.mode")

    def _in_range(self, tiers: Tiers, path: str) -> None:
        most = MOST_RATE if self.rates == "of_credit" else MOST_TIMES
        for i, tier in enumerate(tiers):
            if tier.rate is not None:
                in_range(tier.rate, most, "rate", f"{path}[{i}].rate")
            if tier.amount is not None and tier.amount < 0:
                message = f"amount {tier.amount:f} is below 0"
                raise refuse("E_RANGE", message, "Give 0 or more.", at=f"{path}[{i}].amount")
            if self.tiers_on == "attainment" and tier.start > MOST_MULTIPLE:
                raise refuse(
                    "E_RANGE",
                    f"a tier on attainment starts at {tier.start:f}",
                    f"Did you mean {tier.start:f}%, or `tiers_on: credit`?",
                    at=f"{path}[{i}].start",
                )

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
        return self.tiers_by is not None or bool(self.factors)

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
        return RateTable(tiers, self.mode, self.closed, minor if self.tiers_on == "credit" else 1, minor)

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
        return self._paid(self._rated_deals(book).to_date(lines, self._unit(quota), groups), quota, target)

    def worth_by_deal(self, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what each deal is worth by itself."""
        if not self.rates_deals:
            return super().worth_by_deal(quota, target, book)
        lines, _ = self.counted_deals(book)
        worth = self._rated_deals(book).by_deal(lambda table: lines.on(table, self._unit(quota)))
        return self._paid(worth, quota, target)

    def _rated_deals(self, book: Book) -> Rated:
        deals = book.known_deals
        every = np.ones(deals.cells.size, dtype=np.bool_)
        parted = [(every, None)] if self.tiers_by is None else self.tiers_by.parted(deals)
        tables = [(its, self.rate_table(tiers or self.tiers, book.minor)) for its, tiers in parted]
        return Rated(deals, tables, self.factors, book)

    def _unit(self, quota: Quantity) -> Quantity | None:
        return quota if self.tiers_on == "attainment" else None

    def _paid(self, pays: Quantity, quota: Quantity, target: Quantity) -> Quantity:
        if self.rates == "individual":
            return pays.share(quota, of=target)
        if self.mode == "interpolated" and self.tiers_on == "attainment":
            return pays.share(quota, of=1)
        return pays
