"""Newcomers: a model with further seats that people take on a day of the plan.

A new seat is like a named one in its team, slots, backfill and factor, and in how people quit. It joins every pool of
the named seat, and may take over a share of the leads of accounts from its first day on, and find further ones there.
Everybody else keeps their draws: the leads of an account are thinned for its owner, and arise anew, by keys of their
own, for the new seat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray, KeyArray, digest
from engine.pipeline.layout import NEVER, SPELL, records
from engine.pipeline.lever import World
from engine.pipeline.model import Arising, Base, Opening, Routes, Seats
from engine.pipeline.spec import Hiring
from engine.streams import child


@dataclass(frozen=True)
class Newcomers:
    """The question, in terms of the model."""

    spec: Hiring
    like: int
    """Seat that the new ones are like."""
    starts: tuple[int, ...]
    """Ticks of `spec.starts`."""
    gives: BoolArray
    """Whether accounts of a seat are taken over, shape (rep,)."""
    name: str
    """Id of the seat that the new ones are like."""


def with_newcomers(world: World, asked: Newcomers, hires: int, start: int) -> World:
    """Return the world with `hires` more seats, taken at a tick."""
    model = world.model
    keys = digest([f"hire {number} like {asked.name}" for number in range(hires)])
    seats = _seats(model.selling.seats, asked.like, keys, start)
    shared = asked.spec.accounts or asked.spec.additional
    arising = _taken_over(model.arising, asked, keys, start) if shared else model.arising
    selling = model.selling._replace(
        seats=seats, routes=_routes(model.selling.routes, asked.like, (len(asked.gives), seats.key))
    )
    more = np.repeat(asked.like, hires)
    spreads = replace(
        world.spreads,
        seat_key=np.append(world.spreads.seat_key, keys),
        seat=np.append(world.spreads.seat, world.spreads.seat[more]),
        seat_correlation=np.append(world.spreads.seat_correlation, world.spreads.seat_correlation[more]),
        so_far=world.spreads.so_far and world.spreads.so_far.and_seats(hires),
    )
    changed = model._replace(
        selling=selling,
        arising=arising._replace(first=_longer(arising.first, hires))
        if arising is model.arising
        else arising,
        opening=Opening(model.opening.deal, _longer(model.opening.first, hires)),
        base=Base(model.base.contract, _longer(model.base.first, hires), model.base.rule),
    )
    return replace(world, model=changed, spreads=spreads)


def _longer(first: IntArray, seats: int) -> IntArray:
    """Return where the rows of each seat begin, with seats behind that have none."""
    return np.append(first, np.repeat(first[-1], seats))


def _seats(seats: Seats, like: int, keys: KeyArray, start: int) -> Seats:
    hires = len(keys)
    more = np.repeat(like, hires)
    people = digest([f"person of {key}" for key in keys.tolist()])
    own = seats.spell[seats.first[like] : seats.first[like + 1]]
    delay = int(own["delay"][-1]) if len(own) else -1
    spell = records(SPELL, np.repeat(start, hires), NEVER, start, people, seats.newcomer[like], delay, True)
    return seats._replace(
        key=np.append(seats.key, keys),
        slots=np.append(seats.slots, seats.slots[more]),
        spell=np.concatenate((seats.spell, spell)),
        first=np.append(seats.first, seats.first[-1] + 1 + np.arange(hires)),
        backfill=np.append(seats.backfill, seats.backfill[more]),
        backfills_planned=np.append(seats.backfills_planned, seats.backfills_planned[more]),
        newcomer=np.append(seats.newcomer, seats.newcomer[more]),
        on_leave=np.append(seats.on_leave, seats.on_leave[more]),
        team=np.append(seats.team, seats.team[more]),
    )


def _routes(routes: Routes, like: int, seats: tuple[int, KeyArray]) -> Routes:
    """Return the pools with the new seats, behind so many, in each that the named seat is in, in the order of keys."""
    known, key = seats
    fresh = np.arange(known, len(key))
    first, seat, weight = [0], list[IntArray](), list[FloatArray]()
    for begin, end in zip(routes.first[:-1], routes.first[1:], strict=True):
        own, share = routes.seat[begin:end], routes.weight[begin:end]
        at = np.flatnonzero(own == like)
        if at.size:
            own, share = np.append(own, fresh), np.append(share, np.repeat(share[at[0]], fresh.size))
            order = np.argsort(key[own], kind="stable")
            own, share = own[order], share[order]
        seat.append(own)
        weight.append(share)
        first.append(first[-1] + own.size)
    none = np.empty(0, dtype=np.int64)
    return Routes(
        routes.kind, np.array(first, dtype=np.int64), np.concatenate([none, *seat]),
        np.concatenate([none.astype(np.float64), *weight]),
    )  # fmt: skip


def _taken_over(arising: Arising, asked: Newcomers, keys: KeyArray, start: int) -> Arising:
    """Return where leads arise once each new seat has its share of accounts and finds its own, from the tick on."""
    hires, share = len(keys), float(asked.spec.accounts)
    arising = _with_edge(arising, start)
    shapes, at = len(arising.mass), int(np.searchsorted(arising.edge, start))
    behind = np.maximum(arising.mass - arising.mass[:, at : at + 1], 0.0)
    part = behind[:, -1]
    kept = 1 - hires * share * part
    own = _to_one((arising.mass - hires * share * behind) / np.where(kept > 0, kept, 1.0)[:, None])
    theirs = _to_one(behind / np.where(part > 0, part, 1.0)[:, None])
    owned, pooled = np.split(arising.spring.copy(), [arising.first[-1]])
    given = asked.gives[owned["owner"]]
    taken = owned[given]
    owned["rate"][given] *= kept[taken["shape"]]
    owned["shape"][given] += shapes
    new = []
    for number, key in enumerate(keys):
        spring = taken.copy()
        spring["rate"] *= (share + float(asked.spec.additional)) * part[taken["shape"]]
        spring["shape"] += 2 * shapes
        spring["owner"] = len(asked.gives) + number
        spring["key"] = np.array([child(entity, key) for entity in taken["key"]], dtype=np.uint64)
        new.append(spring)
    first = np.append(arising.first, arising.first[-1] + len(taken) * (1 + np.arange(hires)))
    return Arising(
        np.concatenate((owned, *new, pooled)),
        first,
        arising.edge,
        np.concatenate((arising.mass, own, theirs)),
    )


def _with_edge(arising: Arising, tick: int) -> Arising:
    """Return the same intensities with one more edge, if there is none at the tick and it lies within."""
    edge = arising.edge
    if not edge[0] < tick < edge[-1] or tick in edge:
        return arising
    at = int(np.searchsorted(edge, tick))
    part = (tick - edge[at - 1]) / (edge[at] - edge[at - 1])
    middle = arising.mass[:, at - 1] + part * (arising.mass[:, at] - arising.mass[:, at - 1])
    return arising._replace(edge=np.insert(edge, at, tick), mass=np.insert(arising.mass, at, middle, axis=1))


def _to_one(mass: FloatArray) -> FloatArray:
    """Let a cumulative share end at exactly 1 from its last rise on."""
    for row in mass:
        rises = np.flatnonzero(np.diff(row) > 0)
        row[rises[-1] + 1 if rises.size else -1 :] = 1.0
    return mass
