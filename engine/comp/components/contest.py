"""Contest: prizes by rank, pay by percentile, or a fixed sum shared among those who qualify.

With V the credit of the interval (or the attainment) of each contender,

    place       =  1 + number of contenders of the same node with a larger V
    percentile  =  contenders behind / other contenders, or / all contenders

and at the end of the interval

    prizes        earned  =  prize of the place
    percentiles   earned  =  w g(percentile)
    pot           earned  =  pot x v / sum of v over contenders of the node

with w the target incentive or the own credit of the interval, g straight lines or steps between nodes, and v 1 or the
own credit; a pot is shared by largest remainder. A prize is an amount, a share of target incentive, or a rate on own
credit. With places 1, 2, 2, 4 two contenders are level on the second. Vendors contradict each other on what they then
get, so `ties` says it, and on what a percentile is, so `out_of` does: of five the best is on the 100th among the
others, and above 80 % of all. The first: Ellig, The Complete Guide to Executive Compensation (2007), table 8-66, and
Aon, radford.aon.com/insights/articles/2014/
percentile-rank-a-big-problem-for-relative-tsr-plans-with-small-peer-groups. The second, in its words if not its
figures: docs-incentives.main.cex.solutions/Percentile-24e9c5f159db80e99a71e26528dfe7c8. A rank in a scheme of its own
team: docs-incentives.main.cex.solutions/Ranking-24e9c5f159db80f7aa1acfa3f161fd02

Contenders are the people of the plan who held a seat on some day of the interval and have credit above 0 in it; who
does not reach `at_least` is none, and the next moves up.

A contest has no pay at an attainment, since that depends on the others; the plan checker and the pay curve leave it
out, and a simulation shows what it costs. `standing` scales what other components earn by rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from engine.blocks import Block
from engine.comp.adjustment import nothing
from engine.comp.bound import whole_units
from engine.comp.component import Component
from engine.comp.intervals import Pay
from engine.comp.modifiers import rising
from engine.comp.pieces import Closed, Pieces
from engine.comp.ranked import Places, Ranked, Ties, from_the_top
from engine.comp.reason import Reason, some
from engine.comp.restated import restated_among
from engine.comp.tiers import MOST_MULTIPLE, MOST_RATE, in_range
from engine.fields import Money, Ratio, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.component import Quantities
    from engine.comp.quantity import Quantity
    from engine.inputs import IntArray


class Prize(Places):
    """What places win: an `amount`, a ratio of the person's target incentive, or a rate on the person's credit."""

    amount: Money | None = Field(default=None, ge=0)
    """Currency units. One of the three."""
    of_target: Ratio | None = Field(default=None, ge=0)
    """Ratio of the person's target incentive in the interval (`100%`), which is cut by days in seat."""
    of_credit: Ratio | None = Field(default=None, ge=0)
    """Share of the person's own credit in the interval (`8%`); of a measure that is money."""

    @model_validator(mode="after")
    def _one_prize(self) -> Prize:
        if sum(value is not None for value in (self.amount, self.of_target, self.of_credit)) != 1:
            raise refuse(
                "E_REQUIRED", "a prize is an amount, of_target or of_credit", "Give one of the three."
            )
        in_range(self.of_target or Decimal(0), MOST_MULTIPLE, "of_target")
        in_range(self.of_credit or Decimal(0), MOST_RATE, "of_credit")
        return self


class Rank(Block):
    """A point of a curve of percentiles."""

    percentile: Ratio = Field(ge=0, le=1)
    """Share of the contenders that stand behind."""
    pay: Ratio
    """Pay as a ratio of target incentive, or a rate on credit."""


class Percentiles(Block):
    """Pay by percentile; nothing below the first node, that of the last one beyond it."""

    out_of: Literal["others", "all"]
    """Of whom those behind are a share: the `others` (the best is on 100 %, the last on 0; somebody alone on 100 %) or
    `all`, oneself included (the best is below 100 %). Required."""
    pays: Literal["target", "credit"]
    """What `pay` is a ratio of: the person's `target` incentive in the interval, or the person's `credit` in it, of a
    measure that is money. Required."""
    shape: Literal["steps", "lines"]
    """`steps`: the pay of the node reached holds up to the next; `lines`: straight lines between nodes. Required."""
    closed: Closed
    """Side of a percentile exactly on a node: `left` it is reached, `right` it is not. Required."""
    nodes: tuple[Rank, ...]
    """Pay by rising percentile."""

    @field_validator("nodes")
    @classmethod
    def _nodes_rise(cls, value: tuple[Rank, ...]) -> tuple[Rank, ...]:
        rising("percentile", tuple(node.percentile for node in value))
        return value

    @model_validator(mode="after")
    def _in_range(self) -> Percentiles:
        for i, node in enumerate(self.nodes):
            most = MOST_MULTIPLE if self.pays == "target" else MOST_RATE
            in_range(node.pay, most, "pay", f"nodes[{i}].pay")
        return self

    def table(self) -> Pieces:
        """Return pay by percentile."""
        nodes = [(Fraction(node.percentile), Fraction(node.pay)) for node in self.nodes]
        if self.shape == "steps":
            return Pieces.steps([(Fraction(0), Fraction(0)), *nodes], self.closed)
        return Pieces.through(nodes, Fraction(0), self.closed)


class Pot(Block):
    """A fixed sum that all contenders share."""

    amount: Money = Field(gt=0)
    """Currency units in an interval, for each node of `among`; nothing where nobody contends. Required."""
    shares: Literal["equal", "by_credit"]
    """Whether contenders get `equal` parts, or parts that follow their credit in the interval. Required."""


class Contest(Ranked, Component):
    """Pays prizes by rank or percentile among the people of the plan, or shares a fixed sum among them."""

    supports: ClassVar[bool] = True

    kind: Literal["contest"] = "contest"
    """Prizes by rank, or a fixed sum shared."""
    ties: Ties | None = None
    """What those who are level get: `each` the prize (or percentile) of their place (the next places are skipped),
    `shared` the prizes of all the places that they take, divided evenly and rounded (or the mean of the percentiles of
    these places), or `none`: nothing. Required beside prizes and percentiles."""
    prizes: tuple[Prize, ...] = ()
    """Prizes from the top down. This, `percentiles` or `pot`."""
    percentiles: Percentiles | None = None
    """Pay by the share of the contenders that stand behind."""
    pot: Pot | None = None
    """A fixed sum that everybody who contends has a share in: see `at_least` for who does."""
    pay: Pay | None = None
    """When it is paid: `monthly`, `quarterly` or `annually`; as the plan says unless given."""

    @model_validator(mode="after")
    def _places_in_order(self) -> Contest:
        if bool(self.prizes) + (self.percentiles is not None) + (self.pot is not None) != 1:
            raise refuse("E_REQUIRED", "a contest has prizes, percentiles or a pot", "Give one of the three.")
        if (self.ties is None) == (self.pot is None):
            raise refuse("E_REQUIRED", "`ties` belongs to prizes and percentiles, and is required there")
        from_the_top(self.prizes, "prize")
        return self

    def quantities(self) -> Iterator[tuple[str, Quantities]]:
        """Yield what its measure must be: money where rates are paid on it, else as `at_least` says."""
        yield from super().quantities()
        on_credit = self.percentiles is not None and self.percentiles.pays == "credit"
        if on_credit or any(prize.of_credit is not None for prize in self.prizes):
            yield self.measure, "amount"

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return self.pay or plan

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field, message, hint) for amounts that the currency cannot hold."""
        for i, prize in enumerate(self.prizes):
            yield from whole_units(prize.amount, currency, f"prizes[{i}].amount")
        if self.pot is not None:
            yield from whole_units(self.pot.amount, currency, "pot.amount")

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""
        if book.takes_back:
            return restated_among(self.measure, book, lambda credit: self._earned(credit, book))
        return self._earned(book.credit(self.measure), book)

    def _earned(self, credit: Quantity, book: Book) -> Quantity:
        return self._shared(credit, book, self.pot) if self.pot is not None else self._placed(credit, book)[0]

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield the prizes of each place, or each one's share of the pot; then what deals taken back later change."""
        credit = self.known(book)
        if book.takes_back:
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
        contends = self.contends(credit, book)
        if pot.shares == "equal":
            weights = book.whole(contends.astype(np.int64))
        else:
            weights = credit.where(contends, credit.times(Fraction(0)))
        amounts = np.zeros((int(node.max(initial=-1)) + 1, book.shape[1]), dtype=np.int64)
        amounts[:, groups.last] = int(Fraction(pot.amount) * book.minor)
        return book.whole(amounts).portions(weights, node)

    def _placed(self, credit: Quantity, book: Book) -> tuple[Quantity, IntArray]:
        """Return what is earned, and how many are ahead."""
        stands, earned = self.standings(credit, book), nothing(book)
        target = book.target.total(book.intervals.groups(self.per))
        if self.percentiles is not None:
            behind, whole = map(book.whole, stands.percentile(self.percentiles.out_of, self.ties))
            of = target if self.percentiles.pays == "target" else stands.credit
            earned = behind.on(self.percentiles.table(), whole).share(whole, of=of)
        for prize, places in zip(self.prizes, stands.taken(self.prizes, self.ties), strict=True):
            if prize.amount is not None:
                value = nothing(book).most(Fraction(prize.amount) * book.minor)
            elif prize.of_target is not None:
                value = target.times(Fraction(prize.of_target))
            else:
                value = stands.credit.times(Fraction(prize.of_credit or 0))
            earned = earned.plus(value.share(book.whole(stands.level), of=book.whole(places)))
        return earned.rounded(book.rounding), stands.ahead
