"""Replications one after the other, in arrays that grow when one of them needs more room."""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.pipeline.events.alone import by_courses
from engine.pipeline.events.base import run_base
from engine.pipeline.events.compiling import compiled, entry
from engine.pipeline.events.ending import add_up, count_capacity, count_open, write_lines
from engine.pipeline.events.frame import Frame, array, turn
from engine.pipeline.events.framing import Books, Framing
from engine.pipeline.events.money import book_wins
from engine.pipeline.events.preparation import draw, drop, found, put_in_order, set_up, set_up_seats
from engine.pipeline.events.rounds import by_events
from engine.pipeline.events.slots import by_slots
from engine.pipeline.layout import BOOKING, EVENT, KEEP, LINE, Records
from engine.pipeline.model import Futures, Model


def needs_events(model: Model) -> bool:
    """Whether deals of different seats or ranks affect each other, so that seats cannot serve their leads alone."""
    row, spring, waiting = model.selling.row, model.arising.spring, model.opening.deal["stage"] < 0
    ranks = np.concatenate((spring["rank"], model.opening.deal["rank"][waiting]))
    return bool(
        np.any(spring["owner"] < 0)
        or np.any((row["resource"] >= 0) & (row["needs"] > 0))
        or np.any(model.selling.seats.on_leave != KEEP)
        or len(np.unique(ranks)) > 1
    )


@compiled
def ready(frame: Frame) -> bool:
    """Draw a replication and set it up, if there is room for it."""
    if not draw(frame):
        return False
    put_in_order(frame)
    set_up(frame)
    if frame["drops"] == 1:
        drop(frame)
    return True


@compiled
def wind_up(frame: Frame) -> None:
    """Do what a replication needs when its deals are through."""
    count_open(frame)
    book_wins(frame)
    run_base(frame)
    count_capacity(frame)
    add_up(frame)
    write_lines(frame)


@compiled
def turn_page(frame: Frame) -> None:
    """Go on to the next replication: behind each array of this one lies that of the next."""
    written = array(frame, "written")
    written[frame["index"], 0], written[frame["index"], 1] = frame["lined"], frame["logged"]
    written[frame["index"], 2] = frame["booked"]
    frame["index"] += 1
    frame["number"] += 1
    turn(frame, "group_factor")
    turn(frame, "seat_factor")
    turn(frame, "product_factor")
    turn(frame, "odds_factor")
    turn(frame, "days_factor")
    turn(frame, "book")
    turn(frame, "tally")


@entry
def all_by_events(frames: Records) -> None:
    """Simulate the replications of a block by events, from the frame's on, as far as there is room."""
    frame = frames[0]
    while frame["index"] < len(array(frame, "written")) and ready(frame):
        by_events(frame)
        wind_up(frame)
        turn_page(frame)


@entry
def all_by_slots(frames: Records) -> None:
    """Simulate the replications of a block seat by seat, from the frame's on, as far as there is room."""
    frame = frames[0]
    while frame["index"] < len(array(frame, "written")) and ready(frame):
        by_slots(frame)
        wind_up(frame)
        turn_page(frame)


@entry
def all_by_courses(frames: Records) -> None:
    """Sum up the replications of a block by courses, from the frame's on, as far as there is room."""
    frame = frames[0]
    while frame["index"] < len(array(frame, "written")) and found(frame):
        set_up_seats(frame)
        by_courses(frame)
        run_base(frame)
        count_capacity(frame)
        add_up(frame)
        turn_page(frame)


def runs_courses(model: Model) -> bool:
    """Whether every deal runs a course that depends on nothing but its draws."""
    selling = model.selling
    used = selling.row[selling.cell.reshape(len(selling.cell), -1)]
    return bool(
        not needs_events(model)
        and len(model.opening.deal) == 0
        and np.all(used == used[:, :1])
        and np.all(used["recycle"] == 0)
        and np.all(used["law"] == used["law_lost"])
        and not selling.seat_factor_wins
        and np.all(model.arising.spring["patience"] < 0)
        and np.all(model.closing.product["until"] >= selling.horizon)
    )


def sum_up_block(model: Model, futures: Futures, cube: IntArray, tallies: IntArray) -> None:
    """Simulate replications into a cube and tallies, as `simulate_block`, by courses where that is possible."""
    if not runs_courses(model):
        simulate_block(model, futures, cube, tallies)
        return
    none = (np.zeros(0, LINE), np.zeros(0, EVENT), np.zeros(0, BOOKING))
    books = Books(cube, tallies, np.zeros((len(cube), 3), np.int64), *none)
    framing = Framing(model, futures, books, alone=True, courses=True)
    while framing.index < len(cube):
        all_by_courses(framing.frames)
        framing.grow()


def simulate_block(
    model: Model,
    futures: Futures,
    cube: IntArray,
    tallies: IntArray,
    trace: Records | None = None,
    log: Records | None = None,
    booked: Records | None = None,
    *,
    by_tick: bool = True,
) -> IntArray:
    """Simulate replications into a cube and tallies, which are zero before.

    Args:
        model: the pipeline.
        futures: the replications.
        cube: bookings, shape (replication, rep, period, measure).
        tallies: counters, shape (replication, group, counter).
        trace: takes the deals as LINE, replication by replication, as many as it has room for.
        log: takes what happens to them as EVENT, likewise.
        booked: takes what is booked as BOOKING, likewise.
        by_tick: whether the log of a replication is by tick; else, where seats can serve their leads alone, it is
            deal by deal, which costs less.

    Returns:
        How many lines, events and bookings there are up to the end of each replication, shape (replication, 3).

    Raises:
        TypeError: the cube or the tallies are not contiguous.

    """
    if not (cube.flags.c_contiguous and tallies.flags.c_contiguous):
        raise TypeError("the cube and the tallies of a block must be contiguous")
    books = Books(
        cube,
        tallies,
        np.zeros((len(cube), 3), np.int64),
        np.zeros(0, LINE) if trace is None else trace,
        np.zeros(0, EVENT) if log is None else log,
        np.zeros(0, BOOKING) if booked is None else booked,
    )
    alone = (log is None or not by_tick) and not needs_events(model)
    framing = Framing(model, futures, books, alone)
    while framing.index < len(cube):
        (all_by_slots if alone else all_by_events)(framing.frames)
        framing.grow()
    return books.written
