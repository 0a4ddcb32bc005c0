"""Relief: what a seat need not carry any more, and who carries it instead, cell by cell.

Relief comes after the quotas tie out, and is kept apart from them: at every level what is handed down, plus what
relief moved, is the street quota. In each product and period what one seat loses others gain, in proportion to what
they carry in it and up to their bounds; what the company takes, nobody carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.amounts import to_minor
from engine.errors import BadInput, Fault, Infeasible, did_you_mean
from engine.inputs import Inputs, IntArray
from engine.quota.in_force.relief_spec import ReliefSpec
from engine.quota.limits import Limit
from engine.quota.shape import largest_remainder
from engine.quota.spec import QuotaSpec
from engine.quota.teams.parts import teams_of
from engine.quota.tree import levels_of, step_of
from engine.quota.words import amount

COMPANY, PEERS = "company", "peers"
NOBODY = -1


@dataclass(frozen=True)
class Effect:
    """What an entry does to one cell of one seat, or of nobody."""

    entry: int
    who: int
    """Seat, or -1 for the company."""
    product: int
    period: int
    amount: int
    """Minor units; below 0 for the seat that is relieved."""


def faults(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Yield seats and takers that are not there, and entries that no open period of the plan lies in."""
    for index, entry in enumerate(spec.relief):
        where, known = f"quotas.relief[{index}]", (COMPANY, PEERS, *levels_of(inputs, spec))
        if entry.rep not in inputs.reps.id:
            hint = did_you_mean(entry.rep, inputs.reps.id)
            yield Fault("E_REFERENCE", f"no seat is called '{entry.rep}'", hint, field=f"{where}.rep")
        if entry.taken_by not in known:
            message = f"nobody is meant by '{entry.taken_by}'"
            yield Fault(
                "E_REFERENCE", message, did_you_mean(entry.taken_by, known), field=f"{where}.taken_by"
            )
        if not window(inputs, entry):
            message = f"no whole period from {entry.start or 'the first'} to {entry.end or 'the last'} is still open"
            hint = "Name days of the plan that hold a whole period, on or after `as_of`."
            yield Fault("E_DATE", message, hint, field=where)


def relieved(inputs: Inputs, spec: QuotaSpec, cells: IntArray, limits: Sequence[Limit]) -> list[Effect]:
    """Return the effects of all entries, one after another; with teams, those of the seat's own team take it.

    Args:
        inputs: seats and calendar.
        spec: the scenario's block.
        cells: quotas without relief, minor units, shape (rep, product, period).
        limits: of each seat in the plan, shape (rep,).

    Raises:
        BadInput: entries take more than their seats carry; all of them at once.
        Infeasible: those who should take it cannot, by their bounds.

    """
    found: list[Effect] = []
    wrong: list[Fault] = []
    now = cells.copy()
    for index, entry in enumerate(spec.relief):
        try:
            effects = _entry(inputs, spec, index, entry, now, limits)
        except BadInput as error:
            wrong += error.faults
            continue
        found += effects
        for effect in effects:
            if effect.who != NOBODY:
                now[effect.who, effect.product, effect.period] += effect.amount
    if wrong:
        raise BadInput(wrong)
    return found


def window(inputs: Inputs, entry: ReliefSpec) -> list[int]:
    """Return the periods that give the relief of an entry."""
    edges, plan = inputs.calendar.edges, inputs.calendar
    start = np.datetime64(entry.start) if entry.start else plan.start
    last = np.datetime64(entry.end) + np.timedelta64(1, "D") if entry.end else plan.end
    return [p for p in range(plan.closed, plan.periods) if edges[p] >= start and edges[p + 1] <= last]


def _entry(
    inputs: Inputs, spec: QuotaSpec, index: int, entry: ReliefSpec, now: IntArray, limits: Sequence[Limit]
) -> list[Effect]:
    seat, periods = inputs.reps.id.index(entry.rep), window(inputs, entry)
    own = now[seat][:, periods]
    there, step = int(own.sum()), step_of(inputs, spec)
    if entry.share is not None:
        wanted = int((Fraction(entry.share) * there / step * 2 + 1) // 2) * step
    else:
        assert entry.amount is not None
        wanted = to_minor(entry.amount, inputs.currency)
    if not 0 < wanted <= there:
        message = (
            f"{entry.rep} is relieved of {amount(wanted, inputs.currency)}, but carries "
            f"{amount(there, inputs.currency)} in the periods that are open to it"
        )
        hint = "Take less, or other periods; those before `as_of` are over."
        raise BadInput([Fault("E_RANGE", message, hint, field=f"quotas.relief[{index}]")])
    off = taken(own, wanted, step)
    takers = _takers(inputs, spec, entry, seat)
    effects = [Effect(index, seat, int(k), periods[int(p)], -int(off[k, p])) for k, p in np.argwhere(off > 0)]
    if entry.taken_by == COMPANY:
        return effects + [Effect(index, NOBODY, e.product, e.period, -e.amount) for e in effects]
    if not takers:
        team = teams_of(inputs, spec)[seat]
        message = f"{entry.rep} has no {entry.taken_by} to take it" + (
            f" in its team, {team}" if team else ""
        )
        hint = "Let a higher level or the company take it."
        raise BadInput([Fault("E_REFERENCE", message, hint, field=f"quotas.relief[{index}].taken_by")])
    total = now.sum(axis=(1, 2))
    spaces = [room(limits[k], int(total[k])) for k in takers]
    unit = step if not (off % step).any() else 1
    gained = _shared(effects, now[takers], spaces, unit)
    if gained is None:
        free = sum(wanted if space is None else space for space in spaces)
        message = (
            f"the {entry.taken_by} of {entry.rep} cannot take {amount(wanted, inputs.currency)}: their bounds "
            f"leave room for {amount(min(free, wanted), inputs.currency)} of it"
        )
        hint = "Widen bounds, take less, or let a higher level or the company take it."
        raise Infeasible([Fault("M_INFEASIBLE", message, hint, field=f"quotas.relief[{index}].taken_by")])
    for effect, parts in zip(tuple(effects), gained, strict=True):
        effects += [
            Effect(index, takers[j], effect.product, effect.period, part)
            for j, part in enumerate(parts)
            if part
        ]
    return effects


def taken(own: IntArray, wanted: int, step: int, *, most: bool = True) -> IntArray:
    """Return what is taken off each cell, or given to it, in proportion to it; in steps where that is possible.

    Args:
        own: what the cells hold, minor units.
        wanted: what all of them give or take.
        step: multiples that are kept.
        most: whether no cell gives more than it holds.

    """
    flat = own.ravel()
    whole = flat // step
    if wanted % step or not whole.any() or (most and wanted // step > int(whole.sum())):
        step, whole = 1, flat
    parts = largest_remainder(wanted // step, [Fraction(int(value)) for value in whole])
    return np.array(parts, dtype=np.int64).reshape(own.shape) * step


def _takers(inputs: Inputs, spec: QuotaSpec, entry: ReliefSpec, seat: int) -> list[int]:
    levels = levels_of(inputs, spec)
    depth = len(levels) if entry.taken_by in (PEERS, COMPANY) else levels.index(entry.taken_by) + 1
    above, teams = [inputs.reps.levels[level] for level in levels[:depth]], teams_of(inputs, spec)
    return [
        other
        for other, name in enumerate(inputs.reps.id)
        if other != seat
        and name not in spec.locks
        and all(nodes[other] == nodes[seat] for nodes in above)
        and teams[other] == teams[seat]
    ]


def room(limit: Limit, quota: int) -> int | None:
    """Return what a seat can take on; None without a bound."""
    if limit.fixed:
        return 0
    return None if limit.high is None else max(limit.high - quota, 0)


def _shared(
    effects: Sequence[Effect], now: IntArray, room: Sequence[int | None], unit: int
) -> list[list[int]] | None:
    """Return what each taker gains of each effect; None where they have no room.

    What a taker is owed is added up over the cells, and each cell goes to those who are owed most, so that nobody is
    favoured by rounding.
    """
    left = [None if space is None else space // unit for space in room]
    owed = [Fraction(0)] * len(left)
    found = []
    for effect in effects:
        need = -effect.amount // unit
        parts = [0] * len(left)
        while need:
            held = [int(value) for value in now[:, effect.product, effect.period]]
            weights = [
                Fraction(0) if space == 0 else Fraction(value)
                for value, space in zip(held, left, strict=True)
            ]
            whole = sum(weights, Fraction(0))
            if not whole:
                return None
            due = [need * weight / whole for weight in weights]
            wish = [max(a + b, Fraction(0)) if b else b for a, b in zip(owed, due, strict=True)]
            given = largest_remainder(need, wish if any(wish) else weights)
            given = [
                part if space is None else min(part, space) for part, space in zip(given, left, strict=True)
            ]
            parts = [a + b for a, b in zip(parts, given, strict=True)]
            owed = [a + b - part for a, b, part in zip(owed, due, given, strict=True)]
            left = [space if space is None else space - part for space, part in zip(left, given, strict=True)]
            need -= sum(given)
            if need:  # somebody is full: what is left is shared anew
                owed = [Fraction(0)] * len(left)
        found.append([part * unit for part in parts])
    return found
