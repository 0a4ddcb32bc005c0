"""Component: what every part of a comp plan is.

A component is read from YAML and is the thing that pays. It writes its rule once, as straight-line
expressions over `Quantity`, and so settles real money in exact integers and simulated money in
float64 with the same lines (see `engine.comp.quantity`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, Self

from pydantic import model_validator

from engine.blocks import Block
from engine.comp.accrual import Capitalise
from engine.comp.dimensions import Asked
from engine.comp.intervals import Pay
from engine.comp.pieces import Pieces
from engine.fields import Name, refuse
from engine.inputs import Inputs, IntArray, Words

if TYPE_CHECKING:
    from engine.calendar import Calendar
    from engine.comp.book import Book
    from engine.comp.changes import Change
    from engine.comp.quantity import Quantity
    from engine.comp.reason import Reason


Quantities = Literal["amount", "count"]
"""What a measure is: the money of deals, or their count."""


class ByDeal(Protocol):
    """What earns deal by deal."""

    def counted(self, book: Book) -> Quantity:
        """Return the credit that it counts in each period, shape (..., spell, period)."""

    def counted_deals(self, book: Book) -> tuple[Quantity, IntArray]:
        """Return what it counts of each deal, shape (line,), and the flat (spell, period) cell of each."""

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""


class Component(Block):
    """Part of a plan; derived classes give `kind` and `earn`."""

    fixed: ClassVar[bool] = False
    """Whether it is fixed pay (salary), which is no variable pay and depends on no credit."""

    supports: ClassVar[bool] = False
    """Whether it has no pay at an attainment of its own, so that the plan checker and the pay curve leave it out: it
    only bridges time or lifts pay to what was promised (draw, guarantee, holdback), or follows the rank among others
    (contest)."""

    turn: ClassVar[int] = 0
    """Components earn in rising order of it: 0 reads credits alone, 1 reads what those of turn 0 earn, and so on."""

    kind: str
    """What sort of component it is."""
    name: Name | None = None
    """Name on statements; the kind unless given. Two components of a plan need different names."""
    capitalise: Capitalise | None = None
    """Whether its pay is capitalised as a cost of obtaining contracts and over what it is amortised; expensed as it
    accrues unless given. Not for salary, which is paid without any contract."""

    @model_validator(mode="after")
    def _salary_is_expensed(self) -> Self:
        if self.capitalise is not None and self.fixed:
            raise refuse(
                "E_UNSUPPORTED",
                f"{self.kind} is paid without any contract, so it is not capitalised",
                "Leave it out.",
            )
        return self

    @property
    def label(self) -> str:
        """Name on statements."""
        return self.name or self.kind

    @property
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota."""
        return False

    def held_to_quota(self) -> Words:
        """Return the measures that it compares with a quota."""
        return self.measures() if self.needs_quota else ()

    @property
    def needs_deals(self) -> bool:
        """Whether it looks at every deal by itself."""
        return False

    def needs_days(self, calendar: Calendar) -> bool:
        """Whether it looks at days within a period, which sums by period do not tell."""
        return False

    @property
    def together(self) -> bool:
        """Whether what one earns depends on what others of the plan do, so that all are settled at once."""
        return False

    @property
    def restates(self) -> bool:
        """Whether it asks what deals that are taken back later take of what other components earned."""
        return False

    @property
    def teams(self) -> bool:
        """Whether it looks at the credit of others, of this plan or another."""
        return False

    @property
    def target_weight(self) -> float:
        """Share of the target incentive that it pays at 100 % attainment by its own words; 0 for none."""
        return 0.0

    @property
    def points(self) -> int:
        """Rounding points of one period: by so many minor units the number types may differ."""
        return 1

    def measures(self) -> Words:
        """Return the measures it looks at."""
        return ()

    def asks(self) -> Iterator[Asked]:
        """Yield the columns of deals that it asks for."""
        return iter(())

    def quantities(self) -> Iterator[tuple[str, Quantities]]:
        """Yield measures that must be money, or counts; none where either will do."""
        return iter(())

    @abstractmethod
    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""

    def taken(self, earned: Quantity, book: Book) -> Quantity | None:
        """Return what reversals take of what it earned by its own rules, see `Book.taken`; None for nothing."""
        if book.reversals is None or self.turn or self.fixed:
            return None
        return book.reversals.costs(self.earn, earned, book)

    def of_deals(self) -> ByDeal | None:
        """Return the component without the rules that hold for whole periods; None where no deal earns by itself."""
        return None

    def earned_in(self, book: Book) -> Quantity:
        """Return what it adds to what people have earned, minor units, shape (..., spell, period).

        What it pays comes to the same in the end, but for what was owed before the plan or is owed after it. The book
        is one on which the plan was settled.
        """
        return book.earned[self.label]

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield why it earns what it does, beside what `of_deals` earns; the book is one that was settled.

        What no reason tells stands on a statement as one line for the whole period.
        """
        return iter(())

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return plan

    def table(self, minor: int) -> Pieces | None:
        """Return the table it reads, for the plan checker; `minor` is minor units per currency unit."""
        return None

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field below the component, message, hint) for what the currency forbids."""
        return iter(())

    def misfits(self, inputs: Inputs, people: Words, days: bool) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field below the component, message, hint) for what the tables forbid.

        Args:
            inputs: calendar, seats and people.
            people: persons who have the plan.
            days: whether the day of each credit is known, not the period alone.

        """
        return iter(())


def paid(components: Sequence[Component], book: Book, plan: Pay) -> dict[str, Quantity]:
    """Return what each component pays in each period, by its name on statements.

    What is due is collected to the end of each paying interval. Components that read what others earned come after
    those, whatever their order in the plan. `book.earned` holds what was earned afterwards, `book.due` when it becomes
    due, and `book.paid` when it is paid. Shares of what others earn come before all components.
    """
    result, restated = {}, any(part.restates for part in components)
    for name, (share, pays) in book.others.items():
        book.earned[name], book.due[name] = share.earned, share.due
        book.paid[name] = share.due.collected(book.intervals.groups(pays))
        if share.taken is not None:
            book.taken[name] = share.taken
    for part in in_turn(components):
        earned = part.earn(book)
        change = book.changes.get(part.label)
        book.earned[part.label] = earned.plus(change.earned) if change else earned
        book.due[part.label] = earned.plus(change.due) if change else earned
        if restated:
            _restate(part, book, earned, change)
        result[part.label] = book.due[part.label].collected(book.intervals.groups(part.when(plan)))
        if not part.fixed:
            book.paid[part.label] = result[part.label]
    return {part.label: result[part.label] for part in components}


def _restate(part: Component, book: Book, earned: Quantity, change: Change | None) -> None:
    """Note in the book what reversals take of what a component earned by its own rules, and of what was changed."""
    own = None if change is not None and change.replaced else part.taken(earned, book)
    told = None if change is None else change.taken
    found = [taken for taken in (own, told) if taken is not None]
    if found:
        book.taken[part.label] = reduce(lambda one, other: one.plus(other), found)


def in_turn(components: Sequence[Component]) -> list[Component]:
    """Return components in the order in which they are settled: by turn, then as the plan lists them."""
    return sorted(components, key=lambda part: part.turn)
