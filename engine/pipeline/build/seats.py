"""Seats: slots, who sits there when, and how people come and go."""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray, KeyArray, digest
from engine.pipeline.build.draft import Draft
from engine.pipeline.layout import KEEP, LOSE, MONTH, NEVER, REASSIGN, SPELL, TICKS, YEAR, Records, records
from engine.pipeline.model import Hazards, Seats
from engine.pipeline.process import Quitting

LONG_AGO = -100_000 * TICKS


def seats(draft: Draft) -> Seats:
    """Return who can work and when. Without any spell in the inputs every seat is held, by people long ramped."""
    reps, changes = draft.inputs.reps, draft.changes
    spell, first, newcomer = _spells(draft)
    back, leaving = changes.backfilling, changes.leaving
    policy = {None: KEEP, "reassign": REASSIGN, "lose": LOSE}[leaving.deals if leaving else None]
    return Seats(
        key=reps.key,
        slots=_slots(draft),
        spell=spell,
        first=first,
        backfill=np.full(len(reps), draft.tables.add_or_none(back.delay if back else None)),
        backfills_planned=np.full(len(reps), back is not None and back.planned),
        newcomer=newcomer,
        hazards=_hazards(changes.quitting),
        frozen=_frozen(draft),
        on_leave=np.full(len(reps), policy),
        team=draft.node_of(leaving.within if leaving else None),
        handover=draft.tick(leaving.handover) if leaving else 0,
    )


def _slots(draft: Draft) -> IntArray:
    reps = draft.inputs.reps
    none = [reps.id[seat] for seat in np.flatnonzero((reps.slots != -1) & (reps.slots < 1))]
    if none:
        message = f"{len(none)} seats have no slots to work in: {', '.join(none[:5])}"
        draft.refuse("E_RANGE", message, "Give at least 1, or leave the cell blank.", "pipeline.slots")
    return np.where(reps.slots > 0, reps.slots, draft.spec.slots).astype(np.int64)


def _spells(draft: Draft) -> tuple[Records, IntArray, IntArray]:
    """Return the planned presences by seat, where each seat's begin, and the hazard of newcomers to it."""
    reps, people = draft.inputs.reps, draft.inputs.spells
    hazard, late = draft.changes.quitting, draft.tables.add_or_none(draft.changes.late)
    if len(people) == 0:
        first = np.arange(len(reps) + 1, dtype=np.int64)
        anybody = np.full(len(reps), _hazard_of(hazard, ""))
        always = records(
            SPELL, np.full(len(reps), LONG_AGO), NEVER, LONG_AGO, digest([f"person of {name}" for name in reps.id]),
            anybody, -1, True,
        )  # fmt: skip
        return always, first, anybody
    start = draft.inputs.calendar.start
    begin = (people.start.astype("datetime64[D]") - start).astype(np.int64) * TICKS
    open_ended = np.isnat(people.end)
    until = np.where(open_ended, start, people.end).astype("datetime64[D]")
    end = np.where(open_ended, NEVER, (until - start).astype(np.int64) * TICKS)
    order = np.lexsort((begin, people.rep))
    first = np.searchsorted(people.rep[order], np.arange(len(reps) + 1)).astype(np.int64)
    seat, key = people.rep[order], _people_keys(draft)[order]
    which = np.array([_hazard_of(hazard, people.plan[row]) for row in order], dtype=np.int64)
    same = (seat[1:] == seat[:-1]) & (key[1:] == key[:-1])
    since = begin[order].copy()
    for row in np.flatnonzero(same):
        since[row + 1] = since[row]
    last = np.append(~same, True)
    spell = records(SPELL, begin[order], end[order], since, key, which, late, last)
    newcomer = np.full(len(reps), _hazard_of(hazard, ""))
    newcomer[seat] = which
    return spell, first, newcomer


def _people_keys(draft: Draft) -> KeyArray:
    people = draft.inputs.spells
    return digest(
        [f"{who}\n{draft.inputs.reps.id[seat]}" for who, seat in zip(people.person, people.rep, strict=True)]
    )


def _hazard_of(rules: list[Quitting], plan: str) -> int:
    """Return the first rule that names a plan, or else the first that names none; -1 without any."""
    named = [place for place, rule in enumerate(rules) if plan and plan in rule.plans]
    return (named + [place for place, rule in enumerate(rules) if not rule.plans] + [-1])[0]


def _hazards(rules: list[Quitting]) -> Hazards:
    """Return the hazards by rule, with as many cells as the longest has; what is behind the last keeps its rate."""
    width = max((len(rule.months) for rule in rules), default=1)
    edge, rate = np.zeros((len(rules), width), dtype=np.int64), np.zeros((len(rules), width))
    for place, rule in enumerate(rules):
        months = [*rule.months, *(rule.months[-1] for _ in range(width - len(rule.months)))]
        rates = [*rule.rates, *(rule.rates[-1] for _ in range(width - len(rule.rates)))]
        edge[place], rate[place] = np.array(months) * MONTH, np.array(rates) / YEAR
    mass = np.zeros_like(rate)
    mass[:, 1:] = np.cumsum(rate[:, :-1] * np.diff(edge, axis=1), axis=1)
    return Hazards(edge, mass, rate)


def _frozen(draft: Draft) -> IntArray:
    """Return hiring freezes in order, those that touch or overlap made one."""
    joined: list[list[int]] = []
    for begin, end in sorted(draft.changes.frozen):
        if joined and draft.tick(begin) <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], draft.tick(end))
        else:
            joined.append([draft.tick(begin), draft.tick(end)])
    return np.array(joined, dtype=np.int64).reshape(-1, 2)
