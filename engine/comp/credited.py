"""Credited: single deals, real or simulated, added up by team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.comp.crowd import OwnCredit, TeamCredit
from engine.comp.quantity import Quantity
from engine.inputs import Inputs, IntArray

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
    day, edges = rows.day, inputs.calendar.edges
    starts, ends = inputs.spells.start[members], inputs.spells.end[members]
    partly = np.flatnonzero((starts > edges[0]) | (ends < edges[-1]))

    def credit(measure: str, of: IntArray, mine: IntArray, once: bool) -> Quantity:
        team, count = of[rows.spell], int(mine.max(initial=-1)) + 1
        row, group, own = [np.arange(team.size)], [np.where(team < count, team, -1)], mine.copy()
        for k, i in enumerate(partly.tolist()):
            here = (team == mine[i]) & (day >= starts[i]) & ~(day >= ends[i])
            row.append(np.flatnonzero(here))
            group.append(np.full(row[-1].size, count + k))
            own[i] = count + k
        groups = count + partly.size
        found = _added(
            number, rows, measure, np.concatenate(row), np.concatenate(group), groups, periods, once
        )
        return found.rows(own)

    return credit


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
    if measure not in rows.credit:
        return number.whole(np.zeros((groups, periods), dtype=np.int64))
    amounts = np.asarray(rows.credit[measure], dtype=np.int64)[row]
    if once and rows.deal is not None:
        amounts = at_most_once(amounts, rows.whole[measure][row], rows.deal[row], group)
    inside = group >= 0
    cells, grid = rows.on_grid(row[inside], group[inside], groups, periods)
    return number.whole(amounts[inside]).tallied(cells, grid)


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
