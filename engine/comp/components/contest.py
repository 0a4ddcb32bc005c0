"""Contest: prizes by rank, or a fixed sum shared among those who qualify.

With V the credit of the interval (or the attainment) of each contender,

    place   =  1 + number of contenders of the same node with a larger V
    earned  =  prize of the place, at the end of the interval

or, where a fixed sum is shared instead of prizes,

    earned  =  pot x w / sum of w over the contenders of the node,    w = 1 or V, by largest remainder

so that with places 1, 2, 2, 4 two contenders are level on the second. Vendors contradict each other on what they then
get, so `ties` says it. Contenders are the people of the plan who held a seat on some day of the interval and have
credit above 0 in it; who does not reach `at_least` is none, and the next moves up. A rank in a scheme of its own team:
https://docs-incentives.main.cex.solutions/Ranking-24e9c5f159db80f7aa1acfa3f161fd02

A contest has no pay at an attainment, since that depends on the others; the plan checker and the pay curve leave it
out, and a simulation shows what it costs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from engine.blocks import Block
from engine.comp.adjustment import nothing
from engine.comp.bound import Bound, whole_units
from engine.comp.compared import positive
from engine.comp.component import Component
from engine.comp.intervals import Interval, Pay
from engine.comp.reason import Reason, some
from engine.comp.restated import known_at_end, restated_among
from engine.comp.team import unknown_level
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Money, Name, Ratio, Whole, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.component import Quantities
    from engine.comp.intervals import Groups
    from engine.comp.quantity import Quantity
    from engine.inputs import BoolArray, Inputs, IntArray, Words


class Prize(Bound):
    """What places win: an `amount` in currency units, or a ratio of the person's target incentive in the interval."""

    to_place: Whole | None = Field(default=None, ge=1)
    """Last place that wins it: `1` the first alone; `3` after it, the second and the third. This or `to_share`."""
    to_share: Ratio | None = Field(default=None, gt=0, le=1)
    """Share of the contenders, counted from the top, that wins it: `10%`; as many whole places as fit."""

    @model_validator(mode="after")
    def _one_end(self) -> Prize:
        if (self.to_place is None) == (self.to_share is None):
            raise refuse("E_REQUIRED", "a prize is won down to a place or a share", "Give one of the two.")
        return self

    @property
    def end(self) -> Decimal:
        """Where it ends, as a place or a share."""
        return Decimal(self.to_place or 0) or (self.to_share or Decimal(0))

    def last(self, contenders: IntArray) -> IntArray:
        """Return the last place that wins it, given how many contend."""
        if self.to_place is not None:
            return np.full(contenders.shape, self.to_place, dtype=np.int64)
        share = Fraction(self.to_share or 0)
        return np.asarray(contenders * share.numerator // share.denominator, dtype=np.int64)


class AtLeast(Block):
    """What somebody needs to be a contender; exactly so much is enough."""

    money: Money | None = Field(default=None, gt=0)
    """Credit in the interval, currency units. One of the three."""
    units: Whole | None = Field(default=None, ge=1)
    """Credit in the interval of a measure that counts."""
    attainment: Ratio | None = Field(default=None, gt=0)
    """Credit over quota in the interval; without a quota it is not reached."""

    @model_validator(mode="after")
    def _one_level(self) -> AtLeast:
        if sum(level is not None for level in (self.money, self.units, self.attainment)) != 1:
            raise refuse("E_REQUIRED", "at_least is money, units or attainment", "Give one of the three.")
        in_range(self.attainment or MOST_MULTIPLE, MOST_MULTIPLE, "attainment")
        return self


class Pot(Block):
    """A fixed sum that all contenders share."""

    amount: Money = Field(gt=0)
    """Currency units in an interval, for each node of `among`; nothing where nobody contends. Required."""
    shares: Literal["equal", "by_credit"]
    """Whether contenders get `equal` parts, or parts that follow their credit in the interval. Required."""


class Contest(Component):
    """Pays prizes by rank among the people of the plan, or shares a fixed sum among them."""

    supports: ClassVar[bool] = True

    kind: Literal["contest"] = "contest"
    """Prizes by rank, or a fixed sum shared."""
    measure: Name
    """Measure whose credit is ranked. Required."""
    rank_by: Literal["credit", "attainment"]
    """What is ranked: `credit`, or `attainment` (credit over quota; who has no quota does not contend). Required."""
    per: Interval
    """Interval that is ranked, at whose end prizes are earned: `period`, `quarter` or `year`. Required."""
    among: Name
    """Who is ranked with whom: the people of the plan whose seats stand in one node of this level of the hierarchy,
    such as `region`; `company` ranks all of them. Required."""
    ties: Literal["each", "shared", "none"] | None = None
    """What those who are level get: `each` the prize of their place (the next places are skipped), `shared` the prizes
    of all the places that they take, divided evenly and rounded, or `none`: nothing. Required beside prizes."""
    at_least: AtLeast | None = None
    """What a contender needs; credit above 0 unless given."""
    prizes: tuple[Prize, ...] = ()
    """Prizes from the top down. Either this or `pot`."""
    pot: Pot | None = None
    """A fixed sum that everybody who contends has a share in: see `at_least` for who does."""
    pay: Pay | None = None
    """When it is paid: `monthly`, `quarterly` or `annually`; as the plan says unless given."""

    @model_validator(mode="after")
    def _places_in_order(self) -> Contest:
        if bool(self.prizes) == (self.pot is not None):
            raise refuse("E_REQUIRED", "a contest has either prizes or a pot", "Give one of the two.")
        if (self.ties is None) == bool(self.prizes):
            raise refuse("E_REQUIRED", "`ties` belongs to prizes, and is required there")
        if len({prize.to_place is None for prize in self.prizes}) > 1:
            raise refuse(
                "E_CHOICE", "some prizes end at a place, others at a share", "Use one of the two for all."
            )
        for before, after in itertools.pairwise(self.prizes):
            if after.end <= before.end:
                raise refuse(
                    "E_TIERS",
                    f"a prize down to {after.end:f} follows one down to {before.end:f}",
                    "Sort prizes from the top down, no doubles.",
                )
        return self

    @property
    def together(self) -> bool:
        """Whether what one earns depends on others of the plan: always."""
        return True

    @property
    def teams(self) -> bool:
        """Whether it looks at the seats of others."""
        return True

    @property
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota."""
        return self.rank_by == "attainment" or (
            self.at_least is not None and self.at_least.attainment is not None
        )

    def quantities(self) -> Iterator[tuple[str, Quantities]]:
        """Yield what its measure must be: as `at_least` says."""
        if self.at_least is not None and self.at_least.attainment is None:
            yield self.measure, "count" if self.at_least.units is not None else "amount"

    def measures(self) -> Words:
        """Return the measure it looks at."""
        return (self.measure,)

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return self.pay or plan

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field, message, hint) for amounts that the currency cannot hold."""
        for i, prize in enumerate(self.prizes):
            yield from whole_units(prize.amount, currency, f"prizes[{i}].amount")
        if self.pot is not None:
            yield from whole_units(self.pot.amount, currency, "pot.amount")

    def misfits(self, inputs: Inputs, people: Words, days: bool) -> Iterator[tuple[str, str, str, str]]:
        """Yield a level that the hierarchy does not have."""
        yield from unknown_level(self.among, "among", inputs)

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""
        if book.takes_back:
            return restated_among(self.measure, book, lambda credit: self._earned(credit, book))
        return self._earned(book.credit(self.measure), book)

    def _earned(self, credit: Quantity, book: Book) -> Quantity:
        return self._shared(credit, book, self.pot) if self.pot is not None else self._placed(credit, book)[0]

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield the prizes of each place, or each one's share of the pot; then what deals taken back later change."""
        groups, credit = book.intervals.groups(self.per), book.credit(self.measure)
        if book.takes_back:
            credit = known_at_end(self.measure, book, groups)
            change = self.earn(book).minus(self._earned(credit, book))
            yield Reason(
                "prize", change, f"a deal of an earlier {self.per} was taken back: prizes again without it"
            )
        if self.pot is not None:
            shared = self._shared(credit, book, self.pot)
            yield Reason("prize", shared, f"{self._says(self.pot)} of the {self.per}")
            return
        earned, ahead = self._placed(credit, book)
        won, without = some(earned), earned.times(Fraction(0))
        for place in np.unique(ahead[won]).tolist():
            prize = earned.where(won & (ahead == place), without)
            yield Reason("prize", prize, f"place {place + 1} in the {self.per}")

    @staticmethod
    def _says(pot: Pot) -> str:
        how = "equal part" if pot.shares == "equal" else "part by credit"
        return f"{how} of {pot.amount:,f} among those who qualify at the end"

    def _shared(self, credit: Quantity, book: Book, pot: Pot) -> Quantity:
        """Return what each one gets of a pot at the end of each interval."""
        groups, node = book.intervals.groups(self.per), book.nodes(self.among)
        credit = credit.collected(groups)
        contends = self._contends(credit, book.quota_of(self.measure).collected(groups), book, groups)
        if pot.shares == "equal":
            weights = book.whole(contends.astype(np.int64))
        else:
            weights = credit.where(contends, credit.times(Fraction(0)))
        amounts = np.zeros((int(node.max(initial=-1)) + 1, book.shape[1]), dtype=np.int64)
        amounts[:, groups.last] = int(Fraction(pot.amount) * book.minor)
        return book.whole(amounts).portions(weights, node)

    def _placed(self, credit: Quantity, book: Book) -> tuple[Quantity, IntArray]:
        """Return what is earned, and how many are ahead."""
        groups, node = book.intervals.groups(self.per), book.nodes(self.among)
        credit = credit.collected(groups)
        quota = book.quota_of(self.measure).collected(groups)
        contends = self._contends(credit, quota, book, groups)
        ahead, level = credit.places(quota if self.rank_by == "attainment" else None, node, contends)
        contenders = np.zeros(contends.shape, dtype=np.int64)
        for one in np.unique(node):
            mine = contends[..., node == one, :]
            contenders[..., node == one, :] = mine.sum(axis=-2, keepdims=True)
        earned = nothing(book)
        for value, places in self._won(ahead, level, contenders, book, groups):
            earned = earned.plus(value.share(book.whole(level), of=book.whole(places)))
        return earned.rounded(book.rounding), ahead

    def _contends(self, credit: Quantity, quota: Quantity, book: Book, groups: Groups) -> BoolArray:
        """Say who is ranked at the end of each interval; nobody is before it."""
        here = positive(book.whole(book.days).collected(groups))
        contends = positive(credit) & here
        if self.rank_by == "attainment":
            contends = contends & positive(quota)
        least = self.at_least
        if least is None:
            return contends
        if least.attainment is not None:
            level = Fraction(least.attainment)
            reached = credit.times(Fraction(level.denominator)).reaches(
                quota.times(Fraction(level.numerator)), "left"
            )
            return contends & positive(quota) & reached
        amount = Fraction(least.units or 0) or Fraction(least.money or 0) * book.minor
        return contends & credit.reaches(nothing(book).most(amount), "left")

    def _won(
        self, ahead: IntArray, level: IntArray, contenders: IntArray, book: Book, groups: Groups
    ) -> Iterator[tuple[Quantity, IntArray]]:
        """Yield each prize, and how many of its places those who are level take, times what each of them gets."""
        target, before = book.target.total(groups), np.zeros_like(ahead)
        for prize in self.prizes:
            last = prize.last(contenders)
            if prize.amount is not None:
                value = nothing(book).most(Fraction(prize.amount) * book.minor)
            else:
                value = target.times(Fraction(prize.of_target or 0))
            if self.ties == "shared":
                taken = np.minimum(ahead + level, last) - np.maximum(ahead, before)
                yield value, np.maximum(taken, 0)
            else:
                alone = level <= 1 if self.ties == "none" else level > 0
                yield value, np.where((ahead >= before) & (ahead < last) & alone, level, 0)
            before = np.asarray(last)
