"""Crowd: everybody who is credited, of whom a book holds some, and the teams in which they stand.

A team's credit is the sum of what its people are credited with, its quota the sum of theirs, each cut by their days in
seat: what was booked while nobody sat there counts for no team. Who is paid on a team's figures and held a seat for
part of a period sees that part of them, by days.
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

    @classmethod
    def of(
        cls, number: type[Quantity], inputs: Inputs, known: Terms, members: IntArray, credit: TeamCredit
    ) -> Crowd:
        """Take people as their table has them, and their quotas as their terms say."""

        def quota(measure: str, of: IntArray, groups: int) -> Quantity:
            return number.whole(by_group(known.quotas.get(measure, known.quota), of, groups))

        spells = inputs.spells
        first, last = known.first[members], known.last[members]
        return cls(
            inputs.reps,
            spells.rep,
            spells.plan,
            credit,
            quota,
            spells.rep[members],
            first,
            last,
            known.length,
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

    def seen(self, amount: Quantity, rounding: Rounding) -> Quantity:
        """Return the part of figures that falls into each one's days in seat, shape (..., spell, period)."""
        if (self.last - self.first == self.length).all():
            return amount
        number = type(amount)
        length = number.whole(np.broadcast_to(self.length, self.first.shape))
        parts = [
            amount.share(length, of=number.whole(day)).rounded(rounding) for day in (self.last, self.first)
        ]
        return parts[0].minus(parts[1])


def at_most_once(credit: IntArray, whole: IntArray, deal: IntArray, group: IntArray) -> IntArray:
    """Cut credits of deals so that those of one group sum to the credit of the deal at most.

    What is too much is taken from the last rows of the deal. All arrays have shape (row,); `whole` is the credit of
    the deal, the same in all its rows, and below 0 for a reversal, whose credits are cut likewise.
    """
    order = np.lexsort((deal, group))
    first = np.ones(order.size, dtype=np.bool_)
    first[1:] = (deal[order][1:] != deal[order][:-1]) | (group[order][1:] != group[order][:-1])
    sign = np.where(whole[order] < 0, -1, 1)
    size, limit = credit[order] * sign, whole[order] * sign
    to_date = np.cumsum(size)
    start = np.flatnonzero(first)
    before = np.repeat(to_date[start] - size[start], np.diff([*start, order.size]))
    upto = np.minimum(to_date - before, limit)
    kept = upto - np.where(first, 0, np.concatenate([[0], upto[:-1]]))
    cut = np.empty_like(credit)
    cut[order] = kept * sign
    return cut
