"""Fund: the most that all people of a plan earn together, shared in proportion where they earned more.

With E_i what components of person i earn in an interval, and M the fund, each one earns

    E_i                            where the E_j above 0 of the node add up to M at most
    M E_i / sum of E_j above 0     elsewhere, by largest remainder

so that the fund is paid out to the minor unit. What somebody owes back (E_i below 0) is owed in full and leaves the
fund alone. Two people whose 900 and 450 meet a maximum of 900 get 600 and 300:
support2.salescookie.com/portal/en/kb/articles/kb-best-practice-configure-payout-limits

The budget of a SPIF is used up first come, first served over the year; a fund is shared at the end of each interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from engine.comp.adjustment import Correction
from engine.comp.bound import whole_units
from engine.comp.component import Component
from engine.comp.intervals import Interval
from engine.comp.reason import Reason, some
from engine.comp.team import unknown_level
from engine.fields import Money, Name

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity
    from engine.inputs import Inputs, Words


class Fund(Correction, Component):
    """Caps what the people of a plan earn together; its own line is what it takes of each."""

    turn: ClassVar[int] = 1

    kind: Literal["fund"] = "fund"
    """Cap on the pay of everybody together."""
    most: Money = Field(gt=0)
    """Currency units that the people of a node earn in an interval at most. Required."""
    per: Interval
    """Interval over which pay is added up, at whose end it is cut: `period`, `quarter` or `year`. Required."""
    among: Name
    """Whose pay is added up: that of the people of the plan whose seats stand in one node of this level of the
    hierarchy, such as `region`, each with a fund of its own; `company` is all of them. Required."""

    @property
    def together(self) -> bool:
        """Whether what one earns depends on others of the plan: always."""
        return True

    @property
    def teams(self) -> bool:
        """Whether it looks at the seats of others."""
        return True

    def earn(self, book: Book) -> Quantity:
        """Return what is taken at the end of each interval, in whole minor units, shape (..., spell, period)."""
        won = self._earned(book).most(Fraction(0))
        return self._granted(won, book).minus(won)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what the fund takes."""
        change, earned = self.earn(book), self._earned(book)
        figures = {"earned": earned, "granted": earned.plus(change)}
        words = (
            f"{{earned}} without it; {self.most:,f} at most for everybody in the {self.per} leave {{granted}}"
        )
        yield Reason("budget", change, words, figures, some(change))

    def _earned(self, book: Book) -> Quantity:
        """Return what one earns in each interval, in its last period."""
        return self.sum(book.earned, book, self.label).collected(book.intervals.groups(self.per))

    def _granted(self, won: Quantity, book: Book) -> Quantity:
        """Return what the fund lets everybody earn."""
        node = book.nodes(self.among)
        everybody = won.summed(node, int(node.max(initial=-1)) + 1)
        return everybody.least(Fraction(self.most) * book.minor).portions(won, node)

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field, message, hint) for an amount that the currency cannot hold."""
        yield from whole_units(self.most, currency, "most")

    def misfits(self, inputs: Inputs, people: Words, days: bool) -> Iterator[tuple[str, str, str, str]]:
        """Yield a level that the hierarchy does not have."""
        yield from unknown_level(self.among, "among", inputs)
