"""Dealt: the book of some people, of single deals, real or simulated, or of sums by period; on either number type.

Nothing is cut by days where deals are known: who held a seat for part of a period is credited with the deals of those
days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import amounts
from engine.comp.book import Book, Deals
from engine.comp.credited import member_credit, own_team_credit, team_credit, team_lines
from engine.comp.crowd import Crowd, settled_in
from engine.comp.intervals import Intervals
from engine.comp.quantity import Quantity
from engine.comp.taken import Reversals
from engine.inputs import Inputs, IntArray, Words

if TYPE_CHECKING:
    from engine.comp.exact import Rows
    from engine.comp.spec import CompSpec
    from engine.comp.terms import Terms


def book_of(
    number: Callable[[IntArray], Quantity],
    inputs: Inputs,
    spec: CompSpec,
    known: Terms,
    members: IntArray,
    credits: Mapping[str, Quantity],
) -> Book:
    """Return what components look at, for some people and credits, without deals, teams and balances.

    Args:
        number: takes whole numbers into the number type of the book.
        inputs: calendar, currency, seats and people.
        spec: the plans.
        known: terms of all people.
        members: whom the book holds, shape (spell,).
        credits: credit by measure, shape (..., spell, period).

    """
    return Book(
        credits=credits,
        quota=number(known.quota[members]),
        target=number(known.target[members]),
        salary=number(known.salary[members]),
        shape=(members.size, inputs.calendar.periods),
        intervals=Intervals.of(inputs.calendar.quarter),
        rounding=spec.rounding,
        minor=10 ** amounts.decimals(inputs.currency),
        quotas={name: number(values[members]) for name, values in known.quotas.items()},
        annual=lambda amount: number(known.annual(amount, members)),
        since=known.since[members],
        who=tuple(inputs.spells.person[i] for i in members),
        days=known.days[members],
        edges=inputs.calendar.edges,
    )


def dealt(
    number: type[Quantity],
    inputs: Inputs,
    spec: CompSpec,
    known: Terms,
    members: IntArray,
    rows: Rows,
    measures: Words,
) -> Book:
    """Return what components look at, for some people, from single deals.

    Args:
        number: number type of the book.
        inputs: calendar, currency, seats and people.
        spec: the plans.
        known: terms of all people.
        members: whom the book holds, shape (spell,).
        rows: credited deals of everybody.
        measures: measures that the components look at.

    """
    periods = inputs.calendar.periods
    row_of = np.full(len(inputs.spells), -1, dtype=np.int64)
    row_of[members] = np.arange(members.size)
    row = row_of[known.head[rows.spell]]
    mine = np.flatnonzero(row >= 0)
    cells, grid = rows.on_grid(mine, row[mine], members.size, periods)
    nothing = np.zeros(rows.spell.shape, dtype=np.int64)
    lines = {
        name: number.whole(np.asarray(rows.credit.get(name, nothing), dtype=np.int64)[mine])
        for name in measures
    }
    settled = settled_in(known, members)[0]
    credits = {name: line.tallied(cells, grid) for name, line in lines.items()}
    return replace(
        book_of(number.whole, inputs, spec, known, members, credits),
        lines=Deals(
            credits=lines,
            cells=cells,
            day=None if rows.day is None else rows.day[mine],
            labels={name: column.take(mine) for name, column in rows.labels.items()},
            numbers={name: column.take(mine) for name, column in rows.numbers.items()},
            origin=None if rows.origin is None else rows.origin[mine],
            replications=rows.replications,
            due=None if rows.due is None else rows.due[mine],
        ),
        reversals=None
        if rows.origin is None
        else Reversals(rows, lambda some: dealt(number, inputs, spec, known, members, some, measures)),
        crowd=Crowd.of(
            number,
            inputs,
            known,
            members,
            spec.rounding,
            team_credit(number, rows, periods),
            own_team_credit(number, rows, periods, inputs, settled),
            member_credit(number, rows, periods, inputs, settled),
            team_lines(number, rows, periods, inputs, settled),
        ),
    )
