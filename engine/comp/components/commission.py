"""Commission: rates on credit, in tiers.

With credit x, quota Q, target incentive T and the rate table as a function g (see `engine.comp.pieces`):

    tiers on credit       due = g(x)
    tiers on attainment   due = Q g(x / Q)
    individual rates      due = T / Q times that: equal attainment pays equally in unequal territories

Marginal: each rate pays on its own slice. Retroactive: the rate of the tier reached pays on all credit. Interpolated:
each tier is worth an amount, pro rata within it. Real tables mix the first two, so a tier may have a mode of its own:
a full rate that is unlocked on everything at 50 %, an accelerator above 100 % that pays ahead. The three readings
of a table, and the words vendors use for them: Oracle, Options for Splitting Attainment Numbers Across Rate Tiers
(docs.oracle.com/en/cloud/saas/sales/facmi).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import field_validator, model_validator

from engine.comp.compared import quota_is_named
from engine.comp.component import Component
from engine.comp.incentive import Incentive
from engine.comp.pieces import Closed, Pieces
from engine.comp.tiers import MOST_MULTIPLE, MOST_RATE, Mode, Tier, in_order, in_range
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

    @field_validator("tiers")
    @classmethod
    def _tiers_in_order(cls, value: tuple[Tier, ...]) -> tuple[Tier, ...]:
        in_order(value)
        return value

    @model_validator(mode="after")
    def _complete(self) -> Commission:
        if self.mode == "interpolated":
            if self.rates is not None or any(
                tier.amount is None or tier.rate is not None for tier in self.tiers
            ):
                raise refuse(
                    "E_TIERS", "interpolated tiers have an amount, no rates", "Give each tier an `amount`."
                )
            if self.tiers[-1].end is None:
                raise refuse(
                    "E_TIERS", "the last interpolated tier has no end", "Say where its amount is full: `end`."
                )
            if any(tier.mode is not None for tier in self.tiers):
                raise refuse(
                    "E_TIERS", "interpolated tiers do not mix with others", "Leave out `mode` of the tiers."
                )
        else:
            if self.rates is None:
                raise refuse(
                    "E_REQUIRED", f"mode: {self.mode} needs `rates`", "Give of_credit or individual."
                )
            if any(tier.rate is None or tier.amount is not None for tier in self.tiers):
                raise refuse(
                    "E_TIERS", f"{self.mode} tiers have a rate, no amount", "Give each tier a `rate`."
                )
        self._in_range()
        if self.needs_quota:
            quota_is_named(self.accumulate, self.quota)
        return self

    def _in_range(self) -> None:
        most = MOST_RATE if self.rates == "of_credit" else MOST_MULTIPLE
        for tier in self.tiers:
            if tier.rate is not None:
                in_range(tier.rate, most, "rate")
            if tier.amount is not None and tier.amount < 0:
                raise refuse("E_RANGE", f"amount {tier.amount:f} is below 0", "Give 0 or more.")
            if self.tiers_on == "attainment" and tier.start > MOST_MULTIPLE:
                raise refuse(
                    "E_RANGE",
                    f"a tier on attainment starts at {tier.start:f}",
                    f"Did you mean {tier.start:f}%, or `tiers_on: credit`?",
                )

    @property
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota."""
        return self.tiers_on == "attainment" or self.rates == "individual"

    @property
    def target_weight(self) -> float:
        """Share of the target incentive at 100 % attainment: the weight, where rates are individual."""
        return float(self.weight) if self.rates == "individual" else 0.0

    def table(self, minor: int) -> Pieces:
        """Return the rate table; money in it is in minor units."""
        unit = minor if self.tiers_on == "credit" else 1
        starts = [Fraction(tier.start) * unit for tier in self.tiers]
        if self.mode == "interpolated":
            ends = [*starts[1:], Fraction(self.tiers[-1].end or 0) * unit]
            amounts = [Fraction(tier.amount or 0) * minor for tier in self.tiers]
            slopes = [
                amount / (end - start) for amount, start, end in zip(amounts, starts, ends, strict=True)
            ]
            starts, slopes = [*starts, ends[-1]], [*slopes, Fraction(0)]
            return Pieces.tiered(starts, slopes, [False] * len(starts), self.closed)
        rates = [Fraction(tier.rate or 0) for tier in self.tiers]
        retroactive = [(tier.mode or self.mode) == "retroactive" for tier in self.tiers]
        return Pieces.tiered(starts, rates, retroactive, self.closed)

    def worth(self, credit: Quantity, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what the credit is worth."""
        return self.due(credit, quota, target, book.minor)

    def due(self, credit: Quantity, quota: Quantity, target: Quantity, minor: int) -> Quantity:
        """Return what the credit is worth; `minor` is minor units per currency unit."""
        pays = credit.on(self.table(minor), quota if self.tiers_on == "attainment" else None)
        if self.rates == "individual":
            return pays.share(quota, of=target)
        if self.mode == "interpolated" and self.tiers_on == "attainment":
            return pays.share(quota, of=1)
        return pays
