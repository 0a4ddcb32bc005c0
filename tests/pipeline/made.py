"""Models made by hand: fixed times, deals that wait at the start, and nothing drawn but what a test asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.pipeline.build import Built
from engine.pipeline.factors import Spreads
from engine.pipeline.layout import (
    CAPACITY,
    CONTRACT,
    DEAL,
    KEEP,
    NEVER,
    PRODUCT,
    RENEWING,
    ROW,
    SPELL,
    SPRING,
    TICKS,
)
from engine.pipeline.model import (
    Arising,
    Base,
    Closing,
    Hazards,
    Model,
    Opening,
    Resources,
    Routes,
    Seats,
    Selling,
)
from tests.pipeline.drawn_tables import firsts, laws_of, rows_of

ALWAYS = (-100, None)
"""Days of somebody who is there all the time."""
Knots = tuple[Sequence[float], Sequence[float]]


def days(value: float) -> Knots:
    """A law of always so many days."""
    return (0, 1), (value, value)


def row(
    law: int, advance: float = 1.0, resource: int = -1, hold: int = -1, recycle: float = 0.0
) -> tuple[Any, ...]:
    """A stage whose days have the law of a number; recycled deals go back to the first stage."""
    return advance, recycle, 0, law, law, resource, 1.0, hold


def made(
    laws: Sequence[Knots],
    rows: Sequence[tuple[Any, ...]],
    slots: Sequence[int] = (1,),
    waiting: Sequence[tuple[int, int]] = (),
    *,
    presence: Sequence[tuple[int, int | None]] = (),
    capacity: Sequence[Sequence[tuple[int, int]]] = (),
    on_leave: int = KEEP,
    handover: int = 0,
    leads: float = 0.0,
    horizon: int = 100,
    amount: float = 100.0,
) -> Model:
    """A model of a single product and measure, a stage for each row, and a period of the whole plan.

    waiting: (key, seat) of deals in the queue at the start; presence: (first day, day after the last) of the person in
    each seat; capacity: (day, units) of each resource; leads: expected at each seat.
    """
    count, end = len(slots), horizon * TICKS
    sits = presence or [ALWAYS] * count
    spells = [
        (first * TICKS, NEVER if last is None else last * TICKS, first * TICKS, 900 + seat, -1, -1, True)
        for seat, (first, last) in enumerate(sits)
    ]
    units = [[(-1, 0), *steps] for steps in capacity]
    deals = [
        (key, seat, -1, 0, -1, -1, 0, -1, 0, 0.0, -1, 0.0, 0.0, 0.0)
        for key, seat in sorted(waiting, key=lambda deal: deal[1])
    ]
    springs = [(50 + seat, leads, -1, 0, 0, 0, -1, -1, seat, 0, -1) for seat in range(count)]
    no_hazard = np.zeros((1, 1))
    seats = Seats(
        key=np.arange(10, 10 + 10 * count, 10).astype(np.uint64),
        slots=np.array(slots),
        spell=rows_of(SPELL, spells),
        first=np.arange(count + 1),
        backfill=np.full(count, -1),
        backfills_planned=np.zeros(count, bool),
        newcomer=np.full(count, -1),
        hazards=Hazards(no_hazard.astype(np.int64), no_hazard, no_hazard),
        frozen=np.zeros((0, 2), np.int64),
        on_leave=np.full(count, on_leave),
        team=np.zeros(count, np.int64),
        handover=handover * TICKS,
    )
    selling = Selling(
        laws=laws_of(laws),
        row=rows_of(ROW, rows),
        cell=np.arange(len(rows)).reshape(-1, 1, 1, 1, 1),
        size_edge=np.zeros(0, np.int64),
        tenure_edge=np.zeros(0, np.int64),
        month_edge=np.array([0, end]),
        month=np.array([0]),
        seats=seats,
        routes=Routes(*(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0))),
        resources=Resources(
            rows_of(CAPACITY, [(day * TICKS, held) for steps in units for day, held in steps]),
            np.cumsum([0, *map(len, units)]).astype(np.int64),
        ),
        start=0,
        horizon=end,
        seat_factor_wins=False,
    )
    closing = Closing(
        laws=laws_of([days(amount)]),
        product=rows_of(PRODUCT, [(0, 1.0, -1, NEVER)]),
        mix=np.ones((1, 1)),
        attach=np.zeros((1, 1)),
        price_edge=np.zeros(0, np.int64),
        price=np.ones((1, 1)),
        edge=np.array([0, end]),
        counts=np.ones((1, 3, 1, 1), bool),
        money=np.array([True]),
    )
    arising = Arising(
        rows_of(SPRING, springs), np.arange(count + 1), np.array([0, end]), np.array([[0.0, 1.0]])
    )
    opening = Opening(rows_of(DEAL, deals), firsts([deal[1] for deal in deals], count))
    base = Base(rows_of(CONTRACT, []), np.zeros(count + 1, np.int64), rows_of(RENEWING, []))
    return Model(arising, selling, opening, closing, base)


def without_factors(model: Model) -> Built:
    """The model in futures where every factor is 1."""
    seats, products = len(model.selling.seats.slots), len(model.closing.product)
    stages = len(model.selling.cell)
    spreads = Spreads(
        market=0.0,
        market_on_arrivals=False,
        group_key=np.zeros(0, np.uint64),
        group=np.zeros(0),
        groups=(),
        seat_key=model.selling.seats.key,
        seat=np.zeros(seats),
        seat_correlation=np.zeros(seats),
        product_key=np.arange(products).astype(np.uint64),
        product=np.zeros(products),
        product_correlation=np.zeros(products),
        mix=np.zeros(products),
        stage_key=np.arange(stages).astype(np.uint64),
        odds=np.zeros(stages),
        days=np.zeros(stages),
        pace=np.ones(stages),
    )
    return Built(model, spreads, (), (), ())
