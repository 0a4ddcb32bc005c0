"""Rated: rate tables, and what credit is worth where the rate differs from deal to deal.

All deals share one position: credit to date of everybody's table together, in the order of deals. With x a deal, A the
position before it, and g the table of the deal (that of its product, say) and f its factors,

    due to date  =  sum over deals of f (g(A + x) - g(A))

so the part of a deal below a boundary pays the rate below it, the part above the rate above, both of its own table. A
retroactive tier that the position has reached pays on everything: each deal its own rate of that tier, except for what
lies in marginal tiers above. Then the order of deals is of no account, as it is where all have one table.

The position may be credit of another measure than the one that is paid (`placed_by`): units that lift the rate on
money. With x what a deal moves the position by, and c what it is paid on, it is paid

    f c (g(A + x) - g(A)) / x

the mean of the rates between which its units fall, times its money; nothing where it does not move the position.

Context: one quota for all, but rates by product or term, are common (comp.quotapath.io/leaders/hilary-headlee-ae-plan);
who sells two products in a month that passes quota must know which of them is paid the accelerator.
Choice: the later one, as transactions are paid in their order (docs.oracle.com/en/cloud/saas/sales/facmi, Options for
Splitting Attainment Numbers Across Rate Tiers); a deal keeps its place once it has one.
Price: marginal boundaries must stand still, so a quota to date is refused there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from engine.blocks import Block
from engine.comp.compared import positive
from engine.comp.dimensions import Asked, Factors, Says, multiplied
from engine.comp.intervals import Groups
from engine.comp.pieces import Closed, Pieces
from engine.comp.tiers import Mode, Tier, in_order
from engine.fields import Name, Text
from engine.inputs import BoolArray

if TYPE_CHECKING:
    from engine.comp.book import Book, Deals
    from engine.comp.quantity import Quantity

Tiers = tuple[Tier, ...]


class TiersBy(Block):
    """Rate tables of their own for some deals. All deals share one position in their tables."""

    by: Name
    """Column of words of deals, such as `product`. A simulated deal has `product` and `segment`. Required."""
    tables: Mapping[Text, Tiers] = Field(min_length=1)
    """Rate table of each word, written as `tiers`; every other deal, and one that is blank, has that of `tiers`."""

    @field_validator("tables")
    @classmethod
    def _in_order(cls, value: Mapping[str, Tiers]) -> Mapping[str, Tiers]:
        for tiers in value.values():
            in_order(tiers)
        return value

    def asked(self) -> Asked:
        """Return what it asks of deals."""
        return Asked("tiers_by", self.by, tuple(self.tables))

    def parted(self, deals: Says) -> Iterator[tuple[BoolArray, Tiers | None]]:
        """Yield which deals have a table, shape (line,), and the table; None for those that have no own one."""
        labels = deals.labels[self.by]
        codes = {word: code for code, word in enumerate(labels.words)}
        others = labels.codes >= 0
        for word, tiers in self.tables.items():
            its = labels.codes == codes.get(word, -1)
            others &= ~its
            yield its, tiers
        yield others, None


class Place(Block):
    """What tiers are read by, where it is another measure than the one that is paid."""

    measure: Name
    """Measure that moves through the tiers. Required."""
    levels_in: Literal["money", "units"]
    """Where tiers on credit start: at currency units (`money`), or at `units` of a measure that counts. Required."""


@dataclass(frozen=True)
class RateTable:
    """Tiers as functions of credit, exactly."""

    tiers: Tiers
    mode: Mode
    closed: Closed
    unit: int
    """What starts are counted in: minor units per currency unit, or 1 for attainments."""
    minor: int
    """Minor units per currency unit."""

    @property
    def _starts(self) -> list[Fraction]:
        return [Fraction(tier.start) * self.unit for tier in self.tiers]

    @property
    def _rates(self) -> list[Fraction]:
        return [
            Fraction(tier.amount or 0) * self.minor if tier.rate is None else Fraction(tier.rate)
            for tier in self.tiers
        ]

    @property
    def _retroactive(self) -> list[bool]:
        return [(tier.mode or self.mode) == "retroactive" for tier in self.tiers]

    def pieces(self) -> Pieces:
        """Return the whole table."""
        if self.mode == "interpolated":
            return self._interpolated()
        return Pieces.tiered(self._starts, self._rates, self._retroactive, self.closed)

    def stages(self) -> list[tuple[Fraction, Pieces]]:
        """Return the retroactive tiers, each as the table that holds once it is reached, with the level of that.

        Within a stage every tier pays on its own slice: the rate that was unlocked on all below the next start.
        """
        if self.mode == "interpolated":
            return [(Fraction(0), self._interpolated())]
        starts, rates = self._starts, self._rates
        unlocks = [0, *(k for k, whole in enumerate(self._retroactive) if whole and k)]
        stages = []
        for k, end in zip(unlocks, [*unlocks[1:], len(starts)], strict=True):
            bounds = [Fraction(0), *starts[k + 1 : end]]
            stages.append(
                (starts[k], Pieces.tiered(bounds, rates[k:end], [False] * len(bounds), self.closed))
            )
        return stages

    def _interpolated(self) -> Pieces:
        starts = self._starts
        ends = [*starts[1:], Fraction(self.tiers[-1].end or 0) * self.unit]
        amounts = [Fraction(tier.amount or 0) * self.minor for tier in self.tiers]
        slopes = [amount / (end - start) for amount, start, end in zip(amounts, starts, ends, strict=True)]
        starts, slopes = [*starts, ends[-1]], [*slopes, Fraction(0)]
        return Pieces.tiered(starts, slopes, [False] * len(starts), self.closed)


@dataclass(frozen=True)
class Rated:
    """Deals with tables and factors of their own."""

    deals: Deals
    tables: Sequence[tuple[BoolArray, RateTable]]
    """Which deals have a table, shape (line,), and the table; each deal has one."""
    factors: Sequence[Factors]
    book: Book
    sold: Quantity | None = None
    """What each deal is paid on, shape (line,), where that is not what moves its position."""

    def to_date(self, lines: Quantity, quota: Quantity | None, groups: Groups) -> Quantity:
        """Return what credit to date is worth, shape (..., spell, period).

        Args:
            lines: by how much each deal moves its position, shape (line,).
            quota: quota that attainment is read against, shape (spell, period); None where tiers are on credit.
            groups: over what credit adds up.

        """
        cells, shape = self.deals.cells, self.book.grid
        upto = lines.so_far(cells, shape, groups)
        before, unit = upto.minus(lines), None if quota is None else quota.at(cells)
        reached = lines.tallied(cells, shape).running(groups)
        nothing = reached.times(Fraction(0))

        def worth(pieces: Pieces, its: BoolArray) -> Quantity:
            each = upto.on(pieces, unit).minus(before.on(pieces, unit))
            return self._multiplied(self._paid_on(each, lines), its).tallied(cells, shape).running(groups)

        total = nothing
        for its, table in self.tables:
            due = nothing
            for start, pieces in table.stages():
                level = nothing.most(start) if quota is None else quota.times(start)
                unlocked = worth(pieces, its)
                due = unlocked.where(reached.reaches(level, table.closed), due) if start else unlocked
            total = total.plus(due)
        return total

    def by_deal(self, lines: Quantity, quota: Quantity | None) -> Quantity:
        """Return what each deal is worth by itself; all shapes are (line,)."""
        parts = [
            self._multiplied(self._paid_on(lines.on(table.pieces(), quota), lines), its)
            for its, table in self.tables
        ]
        total = parts[0]
        for part in parts[1:]:
            total = total.plus(part)
        return total

    def _paid_on(self, worth: Quantity, moved: Quantity) -> Quantity:
        """Return what deals are paid that moved their position by so much, worth so much on the table."""
        if self.sold is None:
            return worth
        back = Fraction(-1)
        reversal = worth.times(back).share(moved.times(back), of=self.sold)
        return worth.share(moved, of=self.sold).where(positive(moved), reversal)

    def _multiplied(self, each: Quantity, its: BoolArray) -> Quantity:
        return multiplied(each.where(its, each.times(Fraction(0))), self.factors, self.deals)
