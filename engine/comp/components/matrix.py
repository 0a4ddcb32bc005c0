"""Matrix: a share of the target incentive, by two attainments.

    due = weight x T x m(a, b)

with a the attainment of the measure and b that of a second one, or a ratio of two measures. `steps`: the cell that both
reach pays. `bilinear`: straight lines between the cells along both axes, the outermost cell beyond. Either is a
sum over rows i,

    m(a, b) = sum_i h_i(a) g_i(b)

where h_i is 1 in its step (or falls from 1 at its level to 0 at the next ones), and g_i is the curve through the
cells of row i. Where a plan multiplies, or adds, two measures: customercontactadvisor.blr.com/sales/
sales-comp-winners-hurdles-modifiers-and-matrices.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import field_validator, model_validator

from engine.comp.compared import Compared, quota_is_named
from engine.comp.component import Component
from engine.comp.incentive import QuotaBonus
from engine.comp.modifiers import rising
from engine.comp.pieces import Closed, Pieces
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Ratio, refuse
from engine.inputs import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


def _from_zero(value: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    rising("level", value)
    if value[0] != 0:
        raise refuse(
            "E_TIERS",
            f"levels begin at {value[0]:f}; nothing says what is paid below",
            "Begin at 0, with cells of 0 where nothing is paid.",
        )
    in_range(value[-1], MOST_MULTIPLE, "level")
    return value


class Across(Compared):
    """The second attainment of a matrix."""

    accumulate: Literal["period", "quarter", "year_to_date", "rolling"]
    """Over what both sides add up, to date. Required."""
    levels: tuple[Ratio, ...]
    """Attainments of the columns, rising from 0."""

    @field_validator("levels")
    @classmethod
    def _levels_rise(cls, value: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        return _from_zero(value)

    @model_validator(mode="after")
    def _of_attainments(self) -> Across:
        if self.levels_in is not None:
            raise refuse(
                "E_UNSUPPORTED", "a matrix is read by ratios", "Leave out `levels_in`, and set a quota."
            )
        return self


class Matrix(QuotaBonus, Component):
    """Pays a share of the target incentive by two attainments. Without a quota of either it pays 0."""

    kind: Literal["matrix"] = "matrix"
    """Two measures at once."""
    accumulate: Literal["period", "quarter", "year_to_date"]
    """Over what credit of the measure adds up before the matrix is read; year to date trues itself up. Required."""
    shape: Literal["steps", "bilinear"]
    """`steps`: the cell that both attainments reach; `bilinear`: straight lines between cells. Required."""
    closed: Closed
    """Side of an attainment exactly on a level of the rows: `left` it is reached, `right` it is not. Required."""
    levels: tuple[Ratio, ...]
    """Attainments of the rows, rising from 0."""
    across: Across
    """The second attainment: its measure, and the levels of the columns."""
    cells: tuple[tuple[Ratio, ...], ...]
    """Pay as a ratio of target incentive: one row for each level, one cell for each level across."""

    @field_validator("levels")
    @classmethod
    def _levels_rise(cls, value: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        return _from_zero(value)

    @model_validator(mode="after")
    def _complete(self) -> Matrix:
        if len(self.cells) != len(self.levels):
            raise refuse(
                "E_TIERS",
                f"{len(self.cells)} rows of cells for {len(self.levels)} levels",
                "One row for each level.",
                at="cells",
            )
        for i, (level, row) in enumerate(zip(self.levels, self.cells, strict=True)):
            if len(row) != len(self.across.levels):
                raise refuse(
                    "E_TIERS",
                    f"the row at {level:f} has {len(row)} cells for {len(self.across.levels)} levels across",
                    "One cell for each level across.",
                    at=f"cells[{i}]",
                )
            for k, cell in enumerate(row):
                in_range(cell, MOST_MULTIPLE, "pay", f"cells[{i}][{k}]")
        quota_is_named(self.accumulate, self.quota)
        return self

    def measures(self) -> Words:
        """Return the measures it looks at."""
        return tuple(dict.fromkeys((*super().measures(), *self.across.measures())))

    def held_to_quota(self) -> Words:
        """Return the measures that it compares with a quota."""
        return tuple(dict.fromkeys((*super().held_to_quota(), *self.across.held_to_quota())))

    def worth(self, credit: Quantity, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what both attainments are worth."""
        above, below = self.across.sides(book)
        due = target.times(Fraction(0))
        for part, row in self._rows():
            reached = credit.on(part, quota).share(quota, of=target)
            due = due.plus(reached.share(below, of=above.on(row, below)))
        return due

    def attained(self) -> str:
        """Return how attainment is told: with the figures `ratio`, `across`, `pays` and `target`."""
        first, second = f"{self.measure} at {{ratio}}", f"{self.across.named} at {{across}}"
        return f"{first}, {second}: {{pays}} of target incentive {{target}}"

    def further(self, book: Book) -> Mapping[str, tuple[Quantity, Quantity]]:
        """Return the second attainment."""
        return {"across": self.across.sides(book)}

    def _rows(self) -> list[tuple[Pieces, Pieces]]:
        """Return h_i and g_i of every row that pays anything."""
        build = Pieces.steps if self.shape == "steps" else Pieces.between
        down, across = [Fraction(a) for a in self.levels], [Fraction(b) for b in self.across.levels]
        rows = []
        for i, cells in enumerate(self.cells):
            if any(cells):
                part = build([(a, Fraction(int(i == k))) for k, a in enumerate(down)], self.closed)
                curve = zip(across, map(Fraction, cells), strict=True)
                rows.append((part, build(list(curve), self.across.closed)))
        return rows
