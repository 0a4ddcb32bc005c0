"""Reason: why a component earns a part of what it earns in a period, as a statement says it.

What a component earns is the sum of the lines of its deals, where it earns deal by deal, and of the amounts of its
reasons. A rule that holds for whole periods (a modifier, a gate, a cap) has as its amount what it changes: what the
component earns with it less what it earns without it and the rules behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from engine.comp.quantity import Quantity
    from engine.inputs import BoolArray, IntArray

    Figure: TypeAlias = Quantity | tuple[Quantity, Quantity] | str

Line = Literal[
    "salary", "credit of a member", "credit of the team", "share of the pool", "attainment", "goal", "modifier",
    "tenure", "gate", "cap", "floor", "budget", "prize", "standing", "choice", "best", "limit", "true-up", "held back",
    "released", "forfeited", "guarantee", "draw", "advance", "advance settled", "recovered", "forgiven",
]  # fmt: skip
"""What the line of a statement is."""


@dataclass(frozen=True)
class Reason:
    """A line of each (spell, period) in which it bears on pay."""

    line: Line
    amount: Quantity
    """What it adds to what is earned, whole minor units, shape (spell, period)."""
    words: str
    """Why, with figures by name in braces."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """Figures of the words: money, or a ratio as what stands above and below its line, shape (spell, period); or a
    name, the same everywhere."""
    shown: BoolArray | None = None
    """Where it is told also with an amount of 0, shape (spell, period); nowhere unless given."""
    counted: Quantity | None = None
    """Credit of the period that a table is read by, where the reason is one."""
    to_date: Quantity | None = None
    """The same to date."""
    quota: Quantity | None = None
    """Quota that credit to date is held against; None for none."""

    def of_group(self, index: IntArray) -> Reason:
        """Return a reason of groups as their people read it: what it changes is told in words, and adds nothing.

        Args:
            index: group of each spell, shape (spell,).

        """

        def rows(amount: Quantity | None) -> Quantity | None:
            return None if amount is None else amount.rows(index)

        change = self.amount.rows(index)
        figures: dict[str, Figure] = {"change": change}
        for name, figure in self.figures.items():
            if isinstance(figure, tuple):
                figures[name] = (figure[0].rows(index), figure[1].rows(index))
            else:
                figures[name] = figure if isinstance(figure, str) else figure.rows(index)
        shown = some(self.amount) if self.shown is None else self.shown | some(self.amount)
        return Reason(
            self.line, change.times(Fraction(0)), f"{self.words}; {{change}} in the pool".lstrip("; "),
            figures, shown[..., index, :], rows(self.counted), rows(self.to_date), rows(self.quota),
        )  # fmt: skip

    def split(self, holds: BoolArray, words: str) -> Iterator[Reason]:
        """Yield the reason where a condition holds, and with other words elsewhere."""
        nothing = self.amount.times(Fraction(0))
        shown = self.shown
        yield replace(
            self, amount=self.amount.where(holds, nothing), shown=None if shown is None else shown & holds
        )
        yield replace(
            self,
            amount=nothing.where(holds, self.amount),
            words=words,
            shown=None if shown is None else shown & ~holds,
        )


def share(ratio: Decimal) -> str:
    """Return a ratio of a plan as a percentage: `12.5%`."""
    return f"{100 * float(ratio):.6g}%"


def some(amount: Quantity) -> BoolArray:
    """Say where an amount is not 0."""
    nothing = amount.times(Fraction(0))
    return amount.reaches(nothing, "right") | nothing.reaches(amount, "right")
