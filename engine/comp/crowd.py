"""Crowd: everybody who is credited, of whom a book holds some, and the teams in which they stand.

A team's credit is the sum of what its people are credited with, its quota the sum of theirs, each cut by their days in
seat: what was booked while nobody sat there counts for no team. Who is paid on a team's figures and held a seat for
part of a period sees that part of them: the deals of those days where days are known, else a part by days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.comp.quantity import Quantity
from engine.comp.rounding import Rounding
from engine.comp.sharing import by_group
from engine.comp.team import COMPANY, Team
from engine.comp.terms import Terms
from engine.inputs import Inputs, IntArray, Reps

TeamCredit = Callable[[str, IntArray, int, bool], Quantity]
"""(measure, group of each, groups, whether a deal counts once) -> credit, shape (..., group, period)."""
OwnCredit = Callable[[str, IntArray, IntArray, bool], Quantity]
"""(measure, team of each, team of each whom the book holds, whether a deal counts once) -> credit of the own team
while in seat, shape (..., spell, period)."""
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
    mine: IntArray
    """Seat of each whom the book holds, shape (spell,)."""
    first: IntArray
    """Days of the period that had passed when each whom the book holds came, shape (spell, period)."""
    last: IntArray
    """Days of the period that had passed when each of them left, likewise."""
    length: IntArray
    """Days of each period, shape (period,)."""
    rounding: Rounding
    """Rounding of figures that are cut by days."""
    dated: OwnCredit | None = None
    """Credit of the own team by the days of its deals; None where credits have no days and are cut by them."""

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
    ) -> Crowd:
        """Take people as their table has them, and their quotas as their terms say."""

        def quota(measure: str, of: IntArray, groups: int) -> Quantity:
            return number.whole(by_group(known.quotas.get(measure, known.quota), of, groups))

        spells = inputs.spells
        return cls(
            reps=inputs.reps,
            seat=spells.rep,
            plan=spells.plan,
            credit=credit,
            quota=quota,
            mine=spells.rep[members],
            first=known.first[members],
            last=known.last[members],
            length=known.length,
            rounding=rounding,
            dated=dated,
        )

    def teams(self, team: Team) -> tuple[IntArray, IntArray, int]:
        """Return the team to which each one's credit goes (-1 for none), that of each in the book, and how many."""
        if team.level == COMPANY:
            node, count = np.zeros(len(self.reps), dtype=np.int64), 1
        else:
            names = self.reps.levels[team.level]
            order = {name: k for k, name in enumerate(dict.fromkeys(names))}
            node, count = np.array([order[name] for name in names], dtype=np.int64), len(order)
        counts = np.array([plan in team.credit_of for plan in self.plan], dtype=np.bool_)
        return np.where(counts, node[self.seat], -1), node[self.mine], count

    def own(self, team: Team, measure: str) -> tuple[Quantity, Quantity]:
        """Return credit and quota of the own team of each in the book while in seat, shape (..., spell, period)."""
        of, mine, count = self.teams(team)
        once = team.double_credit == "once"
        quota = self._seen(self.quota(measure, of, count).rows(mine))
        if self.dated is not None:
            return self.dated(measure, of, mine, once), quota
        return self._seen(self.credit(measure, of, count, once).rows(mine)), quota

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
