"""Book: what the components of a plan look at, on one number type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine.calendar import DateArray
from engine.comp.changes import Change
from engine.comp.crowd import Crowd
from engine.comp.intervals import Groups, Intervals, Pay
from engine.comp.pieces import Pieces
from engine.comp.quantity import Quantity
from engine.comp.rounding import Integers, Rounding
from engine.comp.taken import Reversals
from engine.comp.team import COMPANY, Team
from engine.inputs import BoolArray, IntArray, Words


@dataclass(frozen=True)
class Labels:
    """A column of words of single deals."""

    codes: IntArray
    """Index into `words` of each line, shape (line,)."""
    words: Words
    """The different words; a deal without one has the empty word."""

    def take(self, lines: IntArray | BoolArray) -> Labels:
        """Return the column of some lines."""
        return Labels(self.codes[lines], self.words)


@dataclass(frozen=True)
class Numbers:
    """A column of exact numbers of single deals."""

    values: IntArray
    """Whole multiples of 1 / scale, shape (line,)."""
    scale: int = 1
    """Parts of the unit that the column is in: 1 for months, minor units of the currency for money."""

    def take(self, lines: IntArray | BoolArray) -> Numbers:
        """Return the column of some lines."""
        return Numbers(self.values[lines], self.scale)


@dataclass(frozen=True)
class Deals:
    """Credits deal by deal, where there are any.

    What rates and weights ask of a deal stands in `labels` and `numbers`, by the name of the column; a rule that asks
    for another one is refused before anything is settled. A simulated deal has the labels `product` and `segment`.
    """

    credits: Mapping[str, Quantity]
    """Credit of each line by measure, shape (line,)."""
    cells: IntArray
    """Flat cell of each line on the grid of the book, shape (line,): (spell, period), or (replication, spell, period)
    where `replications` says how many there are."""
    day: DateArray | None = field(default=None)
    """Day of each line, shape (line,); None where it is not known."""
    labels: Mapping[str, Labels] = field(default_factory=dict)
    """Columns of words, by name."""
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    """Columns of numbers, by name."""
    origin: IntArray | None = field(default=None)
    """Number that a line shares with the lines that take it back, shape (line,); None where no line does."""
    replications: int | None = field(default=None)
    """Replications of simulated deals; None of real ones."""
    due: IntArray | None = field(default=None)
    """Period in which each line is paid, -1 for none; None where pay does not wait for it. Shape (line,)."""

    @property
    def first_day(self) -> DateArray | None:
        """Day of the deal of each line: its own, or that of the deal which it takes back; None where none is known."""
        if self.origin is None or self.day is None:
            return self.day
        _, first, of = np.unique(self.origin, return_index=True, return_inverse=True)
        return np.asarray(self.day[first[of.reshape(-1)]])

    def sized(self, credit: Quantity, table: Pieces) -> Quantity:
        """Return what each line counts under a table of sizes of deals, shape (line,).

        A line counts by how much it moves table(what is left of its deal), so that what takes a deal back in parts
        takes in all what the deal counted.
        """
        if self.origin is None:
            return credit.on(table, None)
        alone = (int(self.origin.max(initial=-1)) + 1, 1)
        left = credit.so_far(self.origin, alone, Groups((0,)))
        return left.on(table, None).minus(left.minus(credit).on(table, None))


def _no_terms(amount: int) -> Quantity:
    raise ValueError("a book without the terms of its people cannot cut an amount by days")


def _nobody() -> IntArray:
    return np.empty((0, 0), dtype=np.int64)


def _no_days() -> DateArray:
    return np.empty(0, dtype="datetime64[D]")


@dataclass(frozen=True)
class Book:
    """Credits, quotas and terms of some people; all quantities of one number type."""

    credits: Mapping[str, Quantity]
    """Credit by measure, minor units or counts, shape (..., spell, period)."""
    quota: Quantity
    """Quota of the spell in each period, shape (spell, period), of every measure that has none of its own."""
    target: Quantity
    """Target incentive of each period, minor units, shape (spell, period)."""
    salary: Quantity
    """Salary of each period, minor units, shape (spell, period)."""
    shape: tuple[int, int]
    """(spell, period)."""
    intervals: Intervals
    rounding: Rounding
    minor: int
    """Minor units per currency unit: 1, 100 or 1000."""
    lines: Deals | None = field(default=None)
    """Single deals; None where credit is known by period alone."""
    quotas: Mapping[str, Quantity] = field(default_factory=dict)
    """Quotas of single measures, shape (spell, period) each."""
    annual: Callable[[int], Quantity] = field(default=_no_terms)
    """Cuts an amount a year, whole minor units, by each person's days: shape (spell, period)."""
    since: IntArray = field(default_factory=_nobody)
    """Periods since the one in which the person came, 0 in that one, negative before; shape (spell, period)."""
    who: Words = field(default=())
    """Person of each spell, shape (spell,); blank where the book is of no person in particular."""
    days: IntArray = field(default_factory=_nobody)
    """Days in seat, shape (spell, period)."""
    edges: DateArray = field(default_factory=_no_days)
    """First day of each period, and the day after the last, shape (period + 1,)."""
    crowd: Crowd | None = field(default=None)
    """Everybody who is credited; may be None where no component of the plan looks at others (`Component.teams`)."""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """What happens to the pay of components after their own rules, by name; real deals alone have such."""
    others: Mapping[str, tuple[Change, Pay]] = field(default_factory=dict)
    """Shares of what others earn under their plans, and when those plans pay, by a name of no component."""
    opening: Mapping[str, Quantity] = field(default_factory=dict)
    """Balances of components from before the plan, minor units, by name: owed, held or waiting. Shape (spell, period),
    in the first period; that of what is held, in the period in which it falls due."""
    reversals: Reversals | None = field(default=None)
    """Rows that take back deals of earlier periods; None where there are none."""
    taken: dict[str, Quantity] = field(default_factory=dict)
    """What reversals take of what is due, by component; shape (spell, period x period), the period in which they come
    and that of their deal. Filled as a plan is settled, where a component asks for it (`Component.restates`)."""
    earned: dict[str, Quantity] = field(default_factory=dict)
    """What components earned so far, by their names on statements; filled as a plan is settled."""
    due: dict[str, Quantity] = field(default_factory=dict)
    """The same in the periods in which it becomes due (see `engine.comp.changes`)."""
    paid: dict[str, Quantity] = field(default_factory=dict)
    """What components of variable pay pay in each period, by name; filled as a plan is settled, in that order."""

    @property
    def grid(self) -> tuple[int, ...]:
        """Axes on which deals have their cells and are added up: (spell, period), behind the replications if any."""
        if self.lines is None or self.lines.replications is None:
            return self.shape
        return (self.lines.replications, *self.shape)

    @property
    def takes_back(self) -> bool:
        """Whether some of its deals may take back others."""
        return self.lines is not None and self.lines.origin is not None

    def whole(self, values: Integers) -> Quantity:
        """Return whole numbers as a quantity of the book's number type."""
        return type(self.target).whole(values)

    def quota_of(self, measure: str) -> Quantity:
        """Return the quota of a measure, shape (spell, period)."""
        return self.quotas.get(measure, self.quota)

    def credit(self, measure: str) -> Quantity:
        """Return the credit of a measure, shape (..., spell, period)."""
        return self.credits[measure]

    def of_teams(self, team: Team, measures: Words, *, deals: bool = False) -> tuple[Book, IntArray]:
        """Return a book of the teams that a rule means, a row each, and the row of each person's own team.

        It has the single `deals` of the teams where they are asked for and some take back others.
        """
        crowd = self._known_crowd()
        of, mine, count = crowd.teams(team)
        once = team.double_credit == "once"
        book = replace(
            self,
            credits={name: crowd.credit(name, of, count, once) for name in measures},
            quota=self.quota.summed(mine, count),
            quotas={name: crowd.quota(name, of, count) for name in measures},
            target=self.target.summed(mine, count),
            salary=self.salary.summed(mine, count),
            shape=(count, self.shape[1]),
            lines=crowd.deals(team, measures, own=False) if deals else None,
            annual=_no_terms,
            since=_nobody(),
            who=(),
            days=_nobody(),
        )
        return book, mine

    def nodes(self, level: str) -> IntArray:
        """Return the node above each one's seat at a level of the hierarchy, shape (spell,)."""
        if level == COMPANY:
            return np.zeros(self.shape[0], dtype=np.int64)
        return self._known_crowd().homes(level)

    def of_own_team(self, team: Team, measures: Words, *, deals: bool = False) -> Book:
        """Return the book with credits and quotas of everybody's own team in place of their own; see `of_teams`."""
        crowd = self._known_crowd()
        own = {name: crowd.own(team, name) for name in measures}
        credits, quotas = ({name: both[side] for name, both in own.items()} for side in (0, 1))
        lines = crowd.deals(team, measures, own=True) if deals else None
        return replace(self, credits=credits, quotas=quotas, lines=lines)

    def members(self, team: Team, measure: str) -> Iterator[tuple[str, Quantity]]:
        """Yield whose credit the own team of each row has, and how much, shape (spell, period)."""
        yield from self._known_crowd().members(team, measure)

    def _known_crowd(self) -> Crowd:
        if self.crowd is None:
            raise ValueError("a component looks at a team, but the book knows of none")
        return self.crowd

    def deals(self, measure: str) -> tuple[Quantity, IntArray]:
        """Return the credit of each deal and its flat cell on the grid.

        Raises:
            ValueError: the book holds no deals.

        """
        return self.known_deals.credits[measure], self.known_deals.cells

    @property
    def known_deals(self) -> Deals:
        """The deals of the book.

        Raises:
            ValueError: the book holds none; `faults` refuses such a plan before it comes to that.

        """
        if self.lines is None:
            raise ValueError("a component looks at single deals, but there are none")
        return self.lines
