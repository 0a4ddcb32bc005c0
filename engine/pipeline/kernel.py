"""The compiled engine: first come, first served at K slots without an event list.

Kiefer and Wolfowitz (1955): with the times at which a seat's K slots fall free, the next lead in the order of
(arrival, entity) starts at max(arrival, the earliest of them), and puts its own end there. A deal's end depends
on nothing but its start, so a seat is one pass over its leads. Everything counted is an integer. Each function
passes over all deals of a seat at once: handing arrays to a function costs more than a deal.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline.counters import (
    ADVANCED,
    CYCLE_LOST,
    CYCLE_WON,
    DAYS,
    ENTERED,
    FUNNEL,
    GLOBAL,
    HELD,
    LEADS,
    LOST_DEALS,
    LOST_THERE,
    OPEN_AT_END,
    OPEN_AT_START,
    OPEN_THERE,
    QUEUED_AT_START,
    STARTED,
    WAIT,
    WAITING_AT_END,
    WON_AMOUNT,
    WON_DEALS,
)
from engine.pipeline.draws import (
    advances,
    amount_of,
    days_draw,
    product_of,
    ramp,
    rest,
    staffed_from,
)
from engine.pipeline.model import (
    LOST,
    OPEN,
    TICKS,
    WAITING,
    WON,
    Closing,
    Future,
    Model,
    Opening,
    Records,
    Selling,
)
from engine.pipeline.queueing import known_deals, served_order, with_leads
from engine.streams import compiled


class Step(NamedTuple):
    """Where work on a deal begins."""

    stage: int
    chance: float
    """Below 0 for that of the stage."""
    floor: float
    floor_lost: float
    age: float


@compiled
def hold_until(free: IntArray, end: int) -> None:
    """Put `end` in the place of the slot that falls free first, free[0]; `free` is a binary heap."""
    at, below = 0, 1
    while below < len(free):
        if below + 1 < len(free) and free[below + 1] < free[below]:
            below += 1
        if free[below] >= end:
            break
        free[at] = free[below]
        at, below = below, 2 * below + 1
    free[at] = end


@compiled
def work(
    selling: Selling, future: Future, key: np.uint64, step: Step, where: tuple[int, int], tally: IntArray
) -> tuple[int, int]:
    """Carry a deal on from a step; `where` is (seat, start). Return (end, outcome), counting each stage it touches."""
    seat, clock = where
    stage, chance, floor, floor_lost, age = step.stage, step.chance, step.floor, step.floor_lost, step.age
    last = len(selling.stage) - 1
    while True:
        at = GLOBAL + FUNNEL * stage
        tally[at + ENTERED] += 1
        if chance < 0:
            chance = selling.stage[stage]["advance"] * (
                ramp(selling.seats, seat, clock) if stage == last else 1.0
            )
        on = advances(future, key, stage, chance)
        law = selling.stage[stage]["law"] if on else selling.stage[stage]["law_lost"]
        draw = days_draw(future, key, stage)
        lasts = rest(selling.laws, law, draw, floor if on else floor_lost, age)
        clock += lasts
        if clock >= selling.horizon:
            tally[at + OPEN_THERE] += 1
            return clock, OPEN
        tally[at + DAYS] += lasts + int(age * TICKS)
        tally[at + (ADVANCED if on else LOST_THERE)] += 1
        if not on or stage == last:
            return clock, WON if on else LOST
        stage, chance, floor, floor_lost, age = stage + 1, -1.0, 0.0, 0.0, 0.0


@compiled
def carry_on(
    selling: Selling, opening: Opening, future: Future, seat: int, deals: Records, tally: IntArray
) -> IntArray:
    """Carry on the deals in progress; return when the seat's slots fall free, a heap of shape (slot,).

    Deals beyond K go on as well; a slot is free only once fewer than K are left: the K latest ends count.
    """
    free = np.zeros(selling.seats.slots[seat], np.int64)
    for place in range(len(deals)):
        known, deal = opening.deal[deals[place]["row"]], deals[place]
        step = Step(known["stage"], known["chance"], known["floor"], known["floor_lost"], known["age"])
        end, outcome = work(selling, future, known["key"], step, (seat, 0), tally)
        deal["start"], deal["end"], deal["outcome"] = known["created"], end, outcome
        hold_until(free, max(free[0], end))
    return free


@compiled
def serve(
    selling: Selling,
    future: Future,
    seat: int,
    queue: tuple[Records, IntArray],
    free: IntArray,
    tally: IntArray,
) -> None:
    """Start waiting deals in order as slots fall free and somebody is there; `queue` is (deals, their order)."""
    deals, order = queue
    first = Step(0, -1.0, 0.0, 0.0, 0.0)
    for item in order:
        deal = deals[item]
        start = staffed_from(selling.seats, seat, max(deal["arrival"], free[0]))
        deal["start"], deal["end"], deal["outcome"] = -1, -1, WAITING
        if start < selling.horizon:
            end, outcome = work(selling, future, deal["key"], first, (seat, start), tally)
            hold_until(free, end)
            deal["start"], deal["end"], deal["outcome"] = start, end, outcome
            tally[STARTED] += 1
            tally[WAIT] += start - deal["arrival"]


@compiled
def close(closing: Closing, future: Future, deals: Records, book: IntArray, tally: IntArray) -> None:
    """Count what became of the deals, and book the won ones; `book` is the seat's, shape (period, measure)."""
    for place in range(len(deals)):
        deal = deals[place]
        end, start, outcome = deal["end"], deal["start"], deal["outcome"]
        if outcome == WAITING:
            tally[WAITING_AT_END] += 1
            continue
        tally[HELD] += min(end, closing.edge[-1]) - max(start, 0)
        if outcome == OPEN:
            tally[OPEN_AT_END] += 1
            deal["end"] = -1
        elif outcome == LOST:
            tally[LOST_DEALS] += 1
            tally[CYCLE_LOST] += end - start
        else:
            if deal["product"] < 0:
                deal["product"] = product_of(future, deal["key"], closing.mix[deal["segment"]])
            if deal["amount"] < 0:
                deal["amount"] = amount_of(closing, future, deal["key"], deal["product"])
            tally[WON_DEALS] += 1
            tally[WON_AMOUNT] += deal["amount"]
            tally[CYCLE_WON] += end - start
            period = 0
            while end >= closing.edge[period + 1]:
                period += 1
            for measure in range(len(closing.money)):
                if closing.counts[measure, deal["segment"], deal["product"]]:
                    book[period, measure] += deal["amount"] if closing.money[measure] else 1


@compiled
def simulate_seat(
    model: Model, future: Future, seat: int, book: IntArray, tally: IntArray
) -> tuple[Records, IntArray]:
    """Simulate one seat in one future; return its deals and the order in which they were served."""
    known, started = known_deals(model.opening, seat)
    deals = with_leads(known, model.arising, future, seat)
    order = served_order(deals, started)
    tally[OPEN_AT_START] += started
    tally[QUEUED_AT_START] += len(known) - started
    tally[LEADS] += len(deals) - len(known)
    free = carry_on(model.selling, model.opening, future, seat, deals[:started], tally)
    serve(model.selling, future, seat, (deals, order[started:]), free, tally)
    close(model.closing, future, deals, book, tally)
    return deals, order


@compiled
def simulate_block(
    model: Model, key: tuple[int, int], market: FloatArray, cube: IntArray, tallies: IntArray, trace: Records
) -> None:
    """Simulate a block of replications into cube and tallies, whose first axis is the replication.

    `key` is the seed and the number of the block's first replication; `market` has shape (replication, 2): the
    factors on arrivals and on amounts. Both arrays must be zero before. A trace, unless it has no rows, takes the
    deals by seat in the order in which they were served; it must have room for them.
    """
    traced = 0
    for index in range(len(cube)):
        future = Future(key[0], key[1] + index, market[index, 0], market[index, 1])
        for seat in range(len(model.selling.seats.slots)):
            deals, order = simulate_seat(model, future, seat, cube[index, seat], tallies[index])
            if len(trace) > 0:
                for item in order:
                    deal = deals[item]
                    if deal["product"] < 0:
                        deal["product"] = product_of(future, deal["key"], model.closing.mix[deal["segment"]])
                    deal["seat"] = seat
                    trace[traced] = deal
                    traced += 1
