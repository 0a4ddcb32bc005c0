"""Those who sell, drawn by hypothesis: seats and people, pools, resources, the rows of stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from engine.inputs import IntArray
from engine.pipeline.layout import (
    CAPACITY,
    KEEP,
    LEAST_LOADED,
    LOSE,
    NEVER,
    REASSIGN,
    ROUND_ROBIN,
    ROW,
    SPELL,
    TICKS,
    WEIGHTED,
    Records,
)
from engine.pipeline.model import Hazards, Resources, Routes, Seats
from tests.pipeline.drawn_tables import TABLES, Sizes, entities, rows_of, some


def drawn_routes(draw: st.DrawFn, sizes: Sizes, keys: Sequence[int]) -> Routes:
    by_key = sorted(range(sizes.seats), key=lambda seat: keys[seat])
    first, seats = [0], []
    for _ in range(sizes.routes * sizes.segments * sizes.products):
        pool = draw(st.sets(st.integers(0, sizes.seats - 1), min_size=1))
        seats += [seat for seat in by_key if seat in pool]
        first.append(len(seats))
    kinds = some(draw, (ROUND_ROBIN, WEIGHTED, LEAST_LOADED), sizes.routes)
    weights = some(draw, (0.5, 1.0, 3.0), len(seats))
    return Routes(np.array(kinds), np.array(first), np.array(seats), np.array(weights))


def _spells(draw: st.DrawFn, hazards: int, laws: int) -> list[tuple[Any, ...]]:
    """Presences of a seat, one person after the other, some with a leave in between."""
    rows: list[tuple[Any, ...]] = []
    day = draw(st.sampled_from((-200, -30, 0, 20)))
    for key in entities(draw, draw(st.integers(0, 2))):
        since, hazard = day, draw(st.integers(-1, hazards - 1))
        delay = draw(st.sampled_from((-1, -1, *range(laws))))
        on_leave = draw(st.booleans())
        for part in range(2 if on_leave else 1):
            last = part == 1 or not on_leave
            end = day + draw(st.sampled_from((1, 15, 40, 250)))
            forever = last and draw(st.booleans())
            rows.append(
                (day * TICKS, NEVER if forever else end * TICKS, since * TICKS, key, hazard, delay, last)
            )
            if forever:
                return rows
            day = end + draw(st.sampled_from((0, 3, 30) if last else (3, 30)))
    return rows


def _hazards(draw: st.DrawFn) -> Hazards:
    edge = np.array([0, 20 * TICKS, 60 * TICKS], dtype=np.int64)
    days = [some(draw, (0.0, 1 / 10, 1 / 40, 1 / 200), 3) for _ in range(2)]
    rate = np.array(days) / TICKS
    mass = np.concatenate((np.zeros((2, 1)), np.cumsum(rate[:, :2] * np.diff(edge), axis=1)), axis=1)
    return Hazards(np.array([edge, edge]), mass, rate)


def drawn_seats(draw: st.DrawFn, sizes: Sizes, keys: Sequence[int], plain: bool) -> Seats:
    count, laws = sizes.seats, len(TABLES)
    spells = [_spells(draw, 2, laws) for _ in range(count)]
    if draw(st.booleans()):
        always = (-300 * TICKS, NEVER, -300 * TICKS, 5, -1, -1, True)
        spells = [rows or [(*always[:3], seat, *always[4:])] for seat, rows in enumerate(spells)]
    frozen = draw(st.sampled_from(([], [(25, 45)], [(25, 45), (45, 60)])))
    return Seats(
        key=np.array(keys, dtype=np.uint64),
        slots=np.array(some(draw, (1, 2, 5), count)),
        spell=rows_of(SPELL, [row for rows in spells for row in rows]),
        first=np.cumsum([0, *map(len, spells)]).astype(np.int64),
        backfill=np.array(some(draw, (-1, *range(laws)), count)),
        backfills_planned=np.array(some(draw, (False, True), count)),
        newcomer=np.array(some(draw, (-1, 0, 1), count)),
        hazards=_hazards(draw),
        frozen=np.array(frozen, dtype=np.int64).reshape(-1, 2) * TICKS,
        on_leave=np.array(some(draw, (KEEP,) if plain else (KEEP, REASSIGN, LOSE), count)),
        team=np.array(some(draw, (0, 0, 1), count)),
        handover=draw(st.sampled_from((0, 1, 3 * TICKS))),
    )


def drawn_resources(draw: st.DrawFn, sizes: Sizes) -> Resources:
    rows, first = [], [0]
    for _ in range(sizes.resources):
        days = (-1000, *sorted(draw(st.sets(st.sampled_from((0, 7, 30, 45, 80)), max_size=3))))
        rows += [(day * TICKS, draw(st.integers(0, 2))) for day in days]
        first.append(len(rows))
    return Resources(rows_of(CAPACITY, rows), np.array(first, dtype=np.int64))


def drawn_rows(draw: st.DrawFn, sizes: Sizes) -> tuple[Records, IntArray]:
    """Two rows a stage, and the cells that name them."""
    rows, law = [], st.integers(0, len(TABLES) - 1)
    for stage in range(sizes.stages):
        for _ in range(2):
            advance = draw(st.sampled_from((0.0, 0.3, 0.7, 1.0)))
            recycle = draw(st.sampled_from((0.0, 0.5))) * (1 - advance)
            resource = draw(st.integers(-1, sizes.resources - 1))
            hold = draw(st.sampled_from((-1, *range(len(TABLES)))))
            needs = draw(st.sampled_from((0.4, 1.0)))
            rows.append(
                (advance, recycle, draw(st.integers(0, stage)), draw(law), draw(law), resource, needs, hold)
            )
    shape = (sizes.stages, sizes.segments, sizes.bands, sizes.tenures, 3)
    which = np.array(some(draw, (0, 1), 7))
    cell = np.resize(which, shape) + 2 * np.arange(sizes.stages)[:, None, None, None, None]
    return rows_of(ROW, rows), cell
