"""Crowd: everybody who is credited, of whom a book holds some, and the teams in which they stand.

A team's credit is the sum of what its people are credited with on their days in seat, its quota the sum of theirs: what
was booked while nobody sat there counts for no team. Who is paid on a team's figures and held a seat for part of a
period sees that part of them: the deals of those days where days are known, else a part by days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.comp.quantity import Quantity
from engine.comp.rounding import Rounding
from engine.comp.sharing import by_group
from engine.comp.team import COMPANY, Team
from engine.comp.terms import Terms
from engine.inputs import Inputs, IntArray, Reps, Words

if TYPE_CHECKING:
    from engine.comp.book import Deals

TeamCredit = Callable[[str, IntArray, int, bool], Quantity]
"""(measure, group of each, groups, whether a deal counts once) -> credit, shape (..., group, period)."""
OwnCredit = Callable[[str, IntArray, IntArray, bool], Quantity]
"""(measure, team of each, team of each whom the book holds, whether a deal counts once) -> credit of the own team
while in seat, shape (..., spell, period)."""
MemberCredit = Callable[[str, IntArray, IntArray, bool], Iterator[tuple[int, Quantity]]]
"""The same arguments -> (spell, its part of that credit) of everybody who has one."""
TeamLines = Callable[[Words, IntArray, IntArray | None, IntArray, int, bool], "Deals"]
"""(measures, team of each, team of each whom the book holds or None for whole teams, row in which each of these is
settled, rows, whether a deal counts once) -> the deals of each row, one by one."""
TeamQuota = Callable[[str, IntArray, int], Quantity]
"""(measure, group of each, groups) -> quota, shape (group, period)."""


@dataclass(frozen=True)
class Crowd:
    """Everybody, and where those whom the book holds stand among them."""

    reps: Reps
    seat: IntArray
    """Seat of each, shape (everybody,)."""
    plan: tuple[str, ...]
    """Comp plan of each, shape (everybody,)."""
    credit: TeamCredit
    quota: TeamQuota
    home: IntArray
    """Seat of each row of the book, the first one where several spells are settled in a row; shape (spell,)."""
    mine: IntArray
    """Seat of each spell that is settled in the book, shape (settled,)."""
    row: IntArray
    """Row of the book in which it is settled, likewise."""
    first: IntArray
    """Days of the period that had passed when it began, shape (settled, period)."""
    last: IntArray
    """Days of the period that had passed when it ended, likewise."""
    length: IntArray
    """Days of each period, shape (period,)."""
    rounding: Rounding
    """Rounding of figures that are cut by days."""
    dated: OwnCredit | None = None
    """Credit of the own team by the days of its deals; None where credits have no days and are cut by them."""
    apart: MemberCredit | None = None
    """The same, told apart by whose it is."""
    person: tuple[str, ...] = ()
    """Person of each, shape (everybody,)."""
    lines: TeamLines | None = None
    """Deals of teams one by one; None where no deal takes back another."""

    @classmethod
    def of(
        cls,
        number: type[Quantity],
        inputs: Inputs,
        known: Terms,
        members: IntArray,
        rounding: Rounding,
        credit: TeamCredit,
        dated: OwnCredit | None = None,
        apart: MemberCredit | None = None,
        lines: TeamLines | None = None,
    ) -> Crowd:
        """Take people as their table has them, and their quotas as their terms say."""

        def quota(measure: str, of: IntArray, groups: int) -> Quantity:
            return number.whole(by_group(known.own_quota(measure), of, groups))

        spells = inputs.spells
        settled, row = settled_in(known, members)
        return cls(
            reps=inputs.reps,
            seat=spells.rep,
            plan=spells.plan,
            credit=credit,
            quota=quota,
            home=spells.rep[members],
            mine=spells.rep[settled],
            row=row,
            first=known.first[settled],
            last=known.last[settled],
            length=known.length,
            rounding=rounding,
            dated=dated,
            apart=apart,
            person=spells.person,
            lines=lines,
        )

    def teams(self, team: Team) -> tuple[IntArray, IntArray, int]:
        """Return the team to which each one's credit goes (-1 for none), that of each row, and how many."""
        node, count = self._nodes(team.level)
        counts = np.array([plan in team.credit_of for plan in self.plan], dtype=np.bool_)
        return np.where(counts, node[self.seat], -1), node[self.home], count

    def own(self, team: Team, measure: str) -> tuple[Quantity, Quantity]:
        """Return credit and quota of the own team of each row of the book while in seat, shape (..., spell, period)."""
        (of, _, count), mine = self.teams(team), self._nodes(team.level)[0][self.mine]
        once = team.double_credit == "once"
        quota = self._seen(self.quota(measure, of, count).rows(mine))
        if self.dated is not None:
            credit = self.dated(measure, of, mine, once)
        else:
            credit = self._seen(self.credit(measure, of, count, once).rows(mine))
        return credit.summed(self.row, self.home.size), quota.summed(self.row, self.home.size)

    def deals(self, team: Team, measures: Words, *, own: bool) -> Deals | None:
        """Return the deals of the own team of each row of the book while in seat, or of every team as a row."""
        if self.lines is None:
            return None
        (of, _, count), once = self.teams(team), team.double_credit == "once"
        if not own:
            return self.lines(measures, of, None, np.arange(count), count, once)
        mine = self._nodes(team.level)[0][self.mine]
        return self.lines(measures, of, mine, self.row, self.home.size, once)

    def homes(self, level: str) -> IntArray:
        """Return the node above the seat of each row of the book at a level, shape (spell,)."""
        return self._nodes(level)[0][self.home]

    def members(self, team: Team, measure: str) -> Iterator[tuple[str, Quantity]]:
        """Yield whose credit the own team of each row has, and how much in each period; nothing without days."""
        if self.apart is not None:
            of, mine = self.teams(team)[0], self._nodes(team.level)[0][self.mine]
            for spell, credit in self.apart(measure, of, mine, team.double_credit == "once"):
                yield self.person[spell], credit.summed(self.row, self.home.size)

    def _nodes(self, level: str) -> tuple[IntArray, int]:
        """Return the node of every seat, and how many nodes there are."""
        if level == COMPANY:
            return np.zeros(len(self.reps), dtype=np.int64), 1
        names = self.reps.levels[level]
        order = {name: k for k, name in enumerate(dict.fromkeys(names))}
        return np.array([order[name] for name in names], dtype=np.int64), len(order)

    def _seen(self, amount: Quantity) -> Quantity:
        """Return the part of figures of periods that falls into each one's days in seat."""
        if (self.last - self.first == self.length).all():
            return amount
        number = type(amount)
        length = number.whole(np.broadcast_to(self.length, self.first.shape))
        to_last, to_first = (
            amount.share(length, of=number.whole(day)).rounded(self.rounding)
            for day in (self.last, self.first)
        )
        return to_last.minus(to_first)


def settled_in(known: Terms, members: IntArray) -> tuple[IntArray, IntArray]:
    """Return the spells that are settled in the rows of some members, and the row of each; shape (settled,)."""
    row_of = np.full(known.head.size, -1, dtype=np.int64)
    row_of[members] = np.arange(members.size)
    row = row_of[known.head]
    settled = np.flatnonzero(row >= 0)
    return settled, row[settled]
