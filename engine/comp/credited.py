"""Credited: single deals, real or simulated, added up by team."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.comp.book import Deals
from engine.comp.crowd import MemberCredit, OwnCredit, TeamCredit, TeamLines
from engine.comp.quantity import Quantity
from engine.inputs import Inputs, IntArray, Words

if TYPE_CHECKING:
    from engine.comp.exact import Rows


def team_credit(number: type[Quantity], rows: Rows, periods: int) -> TeamCredit:
    """Return what adds up credited deals by team and period."""

    def credit(measure: str, of: IntArray, groups: int, once: bool) -> Quantity:
        every = np.arange(rows.spell.size)
        return _added(number, rows, measure, every, of[rows.spell], groups, periods, once)

    return credit


def own_team_credit(
    number: type[Quantity], rows: Rows, periods: int, inputs: Inputs, members: IntArray
) -> OwnCredit | None:
    """Return what adds up, for some people, the deals of their own team on their days in seat.

    None where the days of deals are not known.
    """
    if rows.day is None:
        return None
    seen = _seen(rows, inputs, members)

    def credit(measure: str, of: IntArray, mine: IntArray, once: bool) -> Quantity:
        row, group, groups, own = seen(of, mine)
        return _added(number, rows, measure, row, group, groups, periods, once).rows(own)

    return credit


def member_credit(
    number: type[Quantity], rows: Rows, periods: int, inputs: Inputs, members: IntArray
) -> MemberCredit | None:
    """Return what tells the credit of an own team apart by whose it is, as `own_team_credit` adds it up."""
    if rows.day is None:
        return None
    seen = _seen(rows, inputs, members)

    def credit(measure: str, of: IntArray, mine: IntArray, once: bool) -> Iterator[tuple[int, Quantity]]:
        row, group, groups, own = seen(of, mine)
        inside = np.flatnonzero(group >= 0)
        amounts = _counted(rows, measure, row, group, once)[inside]
        spell = rows.spell[row[inside]]
        cells, grid = rows.on_grid(row[inside], group[inside], groups, periods)
        order = np.argsort(spell, kind="stable")
        there, starts = np.unique(spell[order], return_index=True)
        for whose, at in zip(there.tolist(), np.split(order, starts[1:]), strict=True):
            yield whose, number.whole(amounts[at]).tallied(cells[at], grid).rows(own)

    return credit


def team_lines(
    number: type[Quantity], rows: Rows, periods: int, inputs: Inputs, members: IntArray
) -> TeamLines | None:
    """Return what lists the deals of teams one by one, as `team_credit` and `own_team_credit` add them up.

    None where no deal takes back another, or days are not known.
    """
    if rows.origin is None or rows.day is None:
        return None
    seen, origin, day = _seen(rows, inputs, members), rows.origin, rows.day

    def lines(
        measures: Words, of: IntArray, mine: IntArray | None, into: IntArray, count: int, once: bool
    ) -> Deals:
        if mine is None:
            row, group, own = np.arange(rows.spell.size), of[rows.spell], np.arange(count)
        else:
            row, group, _, own = seen(of, mine)
        inside = group >= 0
        credits = {name: _counted(rows, name, row, group, once)[inside] for name in measures}
        row, group = row[inside], group[inside]
        order = np.argsort(group, kind="stable")
        ends = np.searchsorted(group[order], np.stack([own, own + 1]))
        at = np.concatenate([order[a:b] for a, b in ends.T.tolist()]) if own.size else order[:0]
        to = np.repeat(into, ends[1] - ends[0])
        in_time = np.argsort(row[at], kind="stable")
        at, to = at[in_time], to[in_time]
        return Deals(
            {name: number.whole(credit[at]) for name, credit in credits.items()},
            rows.on_grid(row[at], to, count, periods)[0],
            day[row[at]],
            origin=to * (int(origin.max(initial=0)) + 1) + origin[row[at]],
        )

    return lines


def _seen(
    rows: Rows, inputs: Inputs, members: IntArray
) -> Callable[[IntArray, IntArray], tuple[IntArray, IntArray, int, IntArray]]:
    """Return what finds the rows that some people see of their own teams on their days in seat.

    It takes the team of each spell and that of each member, and returns rows, the group of each, the number of
    groups, and the group of each member; a row is there once for every group that it belongs to.
    """
    assert rows.day is not None
    day, edges = rows.day, inputs.calendar.edges
    starts, ends = inputs.spells.start[members], inputs.spells.end[members]
    partly = np.flatnonzero((starts > edges[0]) | (ends < edges[-1]))

    def seen(of: IntArray, mine: IntArray) -> tuple[IntArray, IntArray, int, IntArray]:
        team, count = of[rows.spell], int(mine.max(initial=-1)) + 1
        row, group, own = [np.arange(team.size)], [np.where(team < count, team, -1)], mine.copy()
        for k, i in enumerate(partly.tolist()):
            here = (team == mine[i]) & (day >= starts[i]) & ~(day >= ends[i])
            row.append(np.flatnonzero(here))
            group.append(np.full(row[-1].size, count + k))
            own[i] = count + k
        return np.concatenate(row), np.concatenate(group), count + partly.size, own

    return seen


def _added(
    number: type[Quantity],
    rows: Rows,
    measure: str,
    row: IntArray,
    group: IntArray,
    groups: int,
    periods: int,
    once: bool,
) -> Quantity:
    """Add up some rows, each in a group (-1 for none), by (group, period) and replication if any."""
    inside = group >= 0
    cells, grid = rows.on_grid(row[inside], group[inside], groups, periods)
    return number.whole(_counted(rows, measure, row, group, once)[inside]).tallied(cells, grid)


def _counted(rows: Rows, measure: str, row: IntArray, group: IntArray, once: bool) -> IntArray:
    """Return the credit of some rows that counts in their groups, shape (row,)."""
    if measure not in rows.credit:
        return np.zeros(row.size, dtype=np.int64)
    amounts = np.asarray(rows.credit[measure], dtype=np.int64)[row]
    if once and rows.deal is not None:
        return at_most_once(amounts, rows.whole[measure][row], rows.deal[row], group)
    return amounts


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
