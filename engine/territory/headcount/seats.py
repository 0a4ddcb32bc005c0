"""Seats: the tables as they would be with some of today's seats and some new, vacant ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.geography import Ways
from engine.inputs import Inputs, IntArray, Opportunities, Reps, Spells
from engine.territory.headcount.homes import Homes


def new_id(place: int) -> str:
    """Return the id of a new seat by its place among the chosen ones, counted from 0."""
    return f"new-{place + 1}"


def with_seats(inputs: Inputs, stay: Sequence[int], places: Homes, chosen: Sequence[int]) -> Inputs:
    """Return the tables with the seats `stay` and a vacant seat `new-1`, `new-2` ... at each chosen place.

    Seats stand in the order of their ids. Accounts and deals of a seat that is gone belong to nobody. A new seat serves
    every segment, has no history and nobody in it; of further columns it has the seats' median, or blank text.
    """
    reps = inputs.reps
    names = [new_id(k) for k in range(len(chosen))]
    ids = [*(reps.id[j] for j in stay), *names]
    order = sorted(range(len(ids)), key=lambda k: ids[k])
    place = np.full(len(reps) + 1, -1, dtype=np.int64)
    for spot, k in enumerate(order):
        if k < len(stay):
            place[stay[k]] = spot
    seats = _reordered(_with_new(reps, list(stay), places, list(chosen), names), order)
    return replace(
        inputs,
        reps=seats,
        accounts=replace(inputs.accounts, owner=place[inputs.accounts.owner]),
        spells=_spells(inputs.spells, place),
        history=_deals(inputs.history, place),
        pipeline=_deals(inputs.pipeline, place),
        actuals=None if inputs.actuals is None else _deals(inputs.actuals, place),
        start=None,
        edits=None if inputs.edits is None else replace(inputs.edits, rep=place[inputs.edits.rep]),
        ways=None if inputs.ways is None else _ways(inputs.ways, place),
    )


def _with_new(reps: Reps, stay: list[int], places: Homes, chosen: list[int], names: list[str]) -> Reps:
    more = len(chosen)
    return Reps(
        id=(*(reps.id[j] for j in stay), *names),
        name=(*(reps.name[j] for j in stay), *(f"New territory at {places.id[c]}" for c in chosen)),
        levels={
            level: (*(nodes[j] for j in stay), *(places.levels[level][c] for c in chosen))
            for level, nodes in reps.levels.items()
        },
        latitude=np.concatenate((reps.latitude[stay], places.latitude[chosen])),
        longitude=np.concatenate((reps.longitude[stay], places.longitude[chosen])),
        serves=(*(reps.serves[j] for j in stay), *([frozenset()] * more)),
        slots=np.concatenate((reps.slots[stay], np.full(more, -1, dtype=np.int64))),
        history=np.concatenate((reps.history[stay], np.zeros(more, dtype=np.int64))),
        extra={name: _longer(np.asarray(column), stay, more) for name, column in reps.extra.items()},
    )


def _longer(column: NDArray[Any], stay: list[int], more: int) -> NDArray[Any]:
    if column.dtype.kind in "if" and len(column):
        usual = np.sort(column)[(len(column) - 1) // 2]
        return np.concatenate((column[stay], np.full(more, usual, dtype=column.dtype)))
    blank = np.empty(more, dtype=column.dtype)
    blank[:] = ""
    return np.concatenate((column[stay], blank))


def _reordered(reps: Reps, order: list[int]) -> Reps:
    return Reps(
        id=tuple(reps.id[k] for k in order),
        name=tuple(reps.name[k] for k in order),
        levels={level: tuple(nodes[k] for k in order) for level, nodes in reps.levels.items()},
        latitude=reps.latitude[order],
        longitude=reps.longitude[order],
        serves=tuple(reps.serves[k] for k in order),
        slots=reps.slots[order],
        history=reps.history[order],
        extra={name: np.asarray(column)[order] for name, column in reps.extra.items()},
    )


def _spells(spells: Spells, place: IntArray) -> Spells:
    rep = place[spells.rep]
    kept = np.flatnonzero(rep >= 0)
    kept = kept[np.argsort(rep[kept], kind="stable")]
    return Spells(
        id=tuple(spells.id[k] for k in kept),
        person=tuple(spells.person[k] for k in kept),
        rep=rep[kept],
        start=spells.start[kept],
        end=spells.end[kept],
        plan=tuple(spells.plan[k] for k in kept),
        salary=spells.salary[kept],
        target_incentive=spells.target_incentive[kept],
        role=tuple(spells.role[k] for k in kept) if spells.role else (),
    )


def _deals(deals: Opportunities, place: IntArray) -> Opportunities:
    return replace(deals, rep=place[deals.rep])


def _ways(ways: Ways, place: IntArray) -> Ways:
    rep = place[ways.rep]
    kept = np.flatnonzero(rep >= 0)
    kept = kept[np.lexsort((rep[kept], ways.account[kept]))]
    return Ways(ways.account[kept], rep[kept], ways.km[kept], ways.hours[kept])
