"""Modifiers: a second ratio that scales what is due.

    due  =  due x f(ratio)

with f a step table or straight lines between nodes, level outside them. Examples: a margin multiplier,
customercontactadvisor.blr.com/sales/sales-comp-winners-hurdles-modifiers-and-matrices; a modifier of up to 125 %,
www.sec.gov/Archives/edgar/data/862831/000095015206002115/l17984aexv10w20.htm; a decelerator,
www.prowi.io/en/glossary/decelerator.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import field_validator, model_validator

from engine.blocks import Block
from engine.comp.compared import Compared, positive
from engine.comp.pieces import Pieces
from engine.comp.reason import Reason, some
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Ratio, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Factor(Block):
    """A node of a modifier."""

    ratio: Ratio
    """The ratio at which it stands, or the credit under `levels_in`; may be below 0, such as a loss."""
    factor: Ratio
    """Multiplier of pay: `1.25` or `125%`."""


class Modifier(Compared):
    """Scales what is due by a second ratio. Where the ratio has nothing below the line, pay is left as it is.

    `accumulate: transaction` reads the ratio of each deal by itself (of a reversal, that of the deal it reverses); for
    pay by transaction alone, and with `over`.
    """

    shape: Literal["steps", "lines"]
    """`steps`: the factor of the node reached holds up to the next; `lines`: straight lines between nodes. Below the
    first node its factor holds, above the last node that of the last. Required."""
    nodes: tuple[Factor, ...]
    """Factors by rising ratio."""

    @field_validator("nodes")
    @classmethod
    def _nodes_rise(cls, value: tuple[Factor, ...]) -> tuple[Factor, ...]:
        rising("ratio", tuple(node.ratio for node in value))
        for node in value:
            in_range(node.factor, MOST_MULTIPLE, "factor")
        return value

    @model_validator(mode="after")
    def _in_range(self) -> Modifier:
        for node in self.nodes:
            if self.levels_in is None:
                in_range(abs(node.ratio), MOST_MULTIPLE, "ratio")
        if self.accumulate == "transaction" and self.over is None:
            raise refuse(
                "E_REQUIRED", "the ratio of a single deal needs `over`", "A deal has no quota of its own."
            )
        return self

    def table(self) -> Pieces:
        """Return the factor by the ratio."""
        nodes = [(Fraction(node.ratio), Fraction(node.factor)) for node in self.nodes]
        return (Pieces.steps if self.shape == "steps" else Pieces.between)(nodes, self.closed)

    def scaled(self, due: Quantity, book: Book) -> Quantity:
        """Return due amounts times their factors, shape (..., spell, period)."""
        return self._times(due, *self.sides(book))

    def scaled_by_deal(self, due: Quantity, book: Book) -> Quantity:
        """Return what single deals are worth times their factors, at the end of the period if of one; shape (line,)."""
        above, cells = book.deals(self.measure)
        if self.accumulate == "transaction" and self.over is not None:
            return self._times(due, *_mirrored(above, book.deals(self.over)[0]))
        (above, below), start = self.sides(book), cells % book.shape[1]
        cells = cells - start + book.intervals.groups("period").ends[start]
        return self._times(due, above.at(cells), below.at(cells))

    def reasons(self, before: Quantity, after: Quantity, target: Quantity, book: Book) -> Iterator[Reason]:
        """Yield the factor and what it changed; the amounts are those earned without and with it."""
        above, below = self.sides(book)
        figures = {"ratio": (above, below), "factor": self._factor(above, below)}
        told = Reason(
            "modifier", after.minus(before), f"{self.named} at {{ratio}}: times {{factor}}", figures,
            some(before) | some(after),
        )  # fmt: skip
        yield from told.split(positive(below), f"{self.named} has nothing below the line: times 100%")

    def _times(self, due: Quantity, above: Quantity, below: Quantity) -> Quantity:
        factor, whole = self._factor(above, below)
        return due.share(whole, of=factor)

    def _factor(self, above: Quantity, below: Quantity) -> tuple[Quantity, Quantity]:
        """Return what stands above and below the line of the factor."""
        one = below.times(Fraction(0)).most(Fraction(1))
        return above.on(self.table(), below).where(positive(below), one), below.most(Fraction(1))


def _mirrored(above: Quantity, below: Quantity) -> tuple[Quantity, Quantity]:
    """Turn the signs of both sides where a deal is reversed, so that its ratio is that of the deal."""
    back = Fraction(-1)
    return above.times(back).where(positive(below.times(back)), above), below.most(below.times(back))


def rising(what: str, levels: tuple[Ratio, ...]) -> None:
    """Refuse levels that are none, or do not rise.

    Raises:
        pydantic_core.PydanticCustomError: code E_TIERS.

    """
    if not levels:
        raise refuse("E_TIERS", f"there is no {what}", "Give at least one.")
    for before, after in itertools.pairwise(levels):
        if after <= before:
            raise refuse("E_TIERS", f"{what} {after:f} follows {before:f}", "Sort them, no doubles.")
