"""Framing: a frame over the arrays of a model and of a block of replications, with room for its work."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray, KeyArray
from engine.pipeline import counters
from engine.pipeline.events.drawing import AHEAD, LANES, MARKS, MORE_MARKS
from engine.pipeline.events.frame import ARRAYS, FRAME, point
from engine.pipeline.events.sums import width
from engine.pipeline.layout import NEVER, TICKS, Records, records
from engine.pipeline.model import Futures, Model

_DIGITS = 1024
"""Of a number that is sorted at once."""
_PARTS = 64
"""Of the leads of a spring, for each of which it is known when it begins to arise."""
_YEAR_PARTS = 128
"""Of the time from the start to the horizon, to put leads in order."""
_SPARE = 1.25
"""Room over what is expected or was needed."""


class Books(NamedTuple):
    """What the replications of a block fill."""

    cube: IntArray
    """Shape (replication, rep, period, measure)."""
    tallies: IntArray
    """Shape (replication, group, counter)."""
    written: IntArray
    """Lines, events and bookings up to the end of each replication, shape (replication, 3)."""
    trace: Records
    log: Records
    booking: Records


class Room(NamedTuple):
    """For how many deals, presences, and records of units there is room."""

    cases: int
    presences: int
    units: int


class Framing:
    """A frame, and the arrays that it points to."""

    def __init__(
        self, model: Model, futures: Futures, books: Books, alone: bool, courses: bool = False
    ) -> None:
        self.frames: Records = np.zeros(1, FRAME)
        """One FRAME."""
        self._arrays: dict[str, NDArray[Any]] = {}
        self._model, self._futures, self._books, self._courses = model, futures, books, courses
        given = {name: np.ascontiguousarray(values) for name, values in _of_model(model).items()}
        self._point(given | _desks(model) | _of_block(futures, books))
        self._set(_numbers(model, futures, alone))
        expected = float(model.arising.spring["rate"].sum()) * _SPARE + len(model.opening.deal) + 64
        people = len(model.selling.seats.spell) + len(model.selling.seats.slots)
        self._make(Room(int(expected), 2 * people, 64))

    @property
    def index(self) -> int:
        """The replication of the block that is simulated next."""
        return int(self.frames[0]["index"])

    def grow(self) -> None:
        """Make room for the next replication, if there is one, which has been drawn."""
        if self.index == len(self._books.cube):
            return
        frame = self.frames[0]
        self._make(Room(*(int(frame[name] * _SPARE) + 1 for name in ("cases", "presences", "most_units"))))

    def _point(self, arrays: dict[str, NDArray[Any]]) -> None:
        for name, values in arrays.items():
            self._arrays[name] = values
            point(self.frames[0], name, values)

    def _set(self, numbers: dict[str, int]) -> None:
        for name, number in numbers.items():
            self.frames[0][name] = number

    def _make(self, room: Room) -> None:
        """Make the arrays at work anew; where there is more room than asked for it stays."""
        have = {name: len(self._arrays.get(name, ())) for name in ("case", "presence", "unit")}
        cases, presences = max(room.cases, have["case"]), max(room.presences, have["presence"])
        units = max(room.units, have["unit"])
        lengths = {
            "case": cases,
            "key": cases,
            "lead_key": cases,
            "lead_spring": cases,
            "instant_level": cases,
            "agenda": cases,
            "guided": cases,
            "won": cases + 1,
            "lane_key": cases,
            "arrival": cases + 1,
            "give_up": cases + 1,
            "presence": presences,
            "staff": 2 * presences + 1,
            "unit": units,
            "due": cases + units,
            "spare": max(cases, 2 * presences),
        } | {
            name: cases if self._courses else 0 for name in ("lead_tick", "turn", "cell_of", "begun", "left")
        }
        self._point({name: np.zeros(length, ARRAYS[name][0]) for name, length in lengths.items()})
        self._point({"ahead": np.zeros((LANES, cases)), "lane_level": np.zeros((2, cases))})
        lanes = (len(self._model.selling.cell) + 1, cases if self._courses else 0)
        self._point({name: np.zeros(lanes, ARRAYS[name][0]) for name in ("who", "stay")})


def _numbers(model: Model, futures: Futures, alone: bool) -> dict[str, int]:
    selling, (_, segments, periods, _) = model.selling, counters.groups(model)
    return {
        "seed": futures.seed,
        "number": futures.first,
        "start": selling.start,
        "horizon": selling.horizon,
        "handover": selling.seats.handover,
        "seat_factor_wins": int(selling.seat_factor_wins),
        "drops": int(np.any(model.closing.product["until"] < selling.horizon)),
        "patient": int(np.any(model.arising.spring["patience"] >= 0)),
        "alone": int(alone),
        "stages": len(selling.cell),
        "segments": len(model.closing.mix),
        "segment_group": segments,
        "period_group": periods,
    }


def _of_model(model: Model) -> dict[str, NDArray[Any]]:
    arising, selling, closing = model.arising, model.selling, model.closing
    seats, routes = selling.seats, selling.routes
    return {
        "spring": arising.spring,
        "arising_edge": arising.edge,
        "arising_mass": arising.mass,
        "arising_guide": _guide(arising.mass),
        "knot": selling.laws.knot,
        "guide": selling.laws.guide,
        "row": selling.row,
        "cell": selling.cell,
        "steady": _steady(model),
        "size_edge": selling.size_edge,
        "tenure_edge": selling.tenure_edge,
        "month_edge": selling.month_edge,
        "month": selling.month,
        "day": _days(model),
        "day_period": _day_periods(model),
        "period_edge": _period_edges(model),
        "spell": seats.spell,
        "hazard_edge": seats.hazards.edge,
        "hazard_mass": seats.hazards.mass,
        "hazard_rate": seats.hazards.rate,
        "frozen": seats.frozen,
        "route_kind": routes.kind,
        "route_first": routes.first,
        "route_seat": routes.seat,
        "route_weight": routes.weight,
        "capacity": selling.resources.capacity,
        "opening": model.opening.deal,
        "price_knot": closing.laws.knot,
        "price_guide": closing.laws.guide,
        "product": closing.product,
        "mix": closing.mix,
        "attach": closing.attach,
        "price_edge": closing.price_edge,
        "price": closing.price,
        "edge": closing.edge,
        "counts": closing.counts,
        "money": closing.money,
        "contract": model.base.contract,
        "rule": model.base.rule,
    }


def _guide(mass: FloatArray) -> IntArray:
    """Return the cell in which each of equal parts of a spring's leads begins, shape (shape, part + 1)."""
    parts = np.arange(_PARTS + 1) / _PARTS
    cells = [np.searchsorted(row[1:], parts, side="right") for row in mass]
    return np.array(cells, dtype=np.int64).reshape(len(mass), _PARTS + 1)


def _steady(model: Model) -> IntArray:
    """Return the law of days of each stage that has one alone, whatever else holds; else -1. Shape (AHEAD,)."""
    law, row = np.full(AHEAD, -1, dtype=np.int64), model.selling.row
    for stage, cells in enumerate(model.selling.cell[:AHEAD]):
        used = np.unique(row[["law", "law_lost"]][cells.ravel()].tolist())
        if len(used) == 1:
            law[stage] = used[0]
    return law


def _days(model: Model) -> Records:
    """Return the period and the part of the quarter in which each day up to the horizon begins."""
    begin = np.arange(model.selling.horizon // TICKS + 1) * TICKS
    edges = model.closing.edge, model.selling.month_edge
    columns = (np.searchsorted(edge[:-1], begin, side="right") - 1 for edge in edges)
    return records(ARRAYS["day"][0], *columns)


def _period_edges(model: Model) -> IntArray:
    """Return when periods begin, none beyond the horizon, when it comes, and a tick that never does."""
    return np.append(np.minimum(model.closing.edge, model.selling.horizon), NEVER)


def _day_periods(model: Model) -> KeyArray:
    """Return the period in which each day begins, one more than there are for the horizon."""
    begin = np.arange(model.selling.horizon // TICKS + 1) * TICKS
    return (np.searchsorted(_period_edges(model), begin, side="right") - 1).astype(np.uint64)


def _desks(model: Model) -> dict[str, NDArray[Any]]:
    """Seats and resources with what never changes, and the room that depends on their number."""
    seats, resources = model.selling.seats, model.selling.resources
    desk = np.zeros(len(seats.slots), ARRAYS["desk"][0])
    desk["key"], desk["slots"], desk["slot"] = seats.key, seats.slots, np.cumsum(seats.slots) - seats.slots
    desk["spell"], desk["spells"] = seats.first[:-1], seats.first[1:]
    desk["backfill"], desk["backfills_planned"] = seats.backfill, seats.backfills_planned
    desk["newcomer"], desk["on_leave"], desk["team"] = seats.newcomer, seats.on_leave, seats.team
    pool = np.zeros(len(resources.first) - 1, ARRAYS["pool"][0])
    pool["first"], pool["end"] = resources.first[:-1], resources.first[1:]
    sums = width(len(model.selling.cell))
    before = counters.GLOBAL + counters.FUNNEL * len(model.selling.cell)
    pool["counter"] = before + counters.SHARED * np.arange(len(pool))
    return {
        "desk": desk,
        "pool": pool,
        "stirred": np.zeros(len(desk), np.int64),
        "free": np.zeros(int(seats.slots.sum()), np.int64),
        "pointer": np.zeros(len(model.selling.routes.first) - 1, np.int64),
        "line": np.zeros(len(model.closing.product), np.int64),
        "place": np.zeros(_DIGITS, np.int64),
        "mark_low": np.zeros(MARKS, np.uint64),
        "mark_key": np.zeros(MARKS, np.uint64),
        "mark_level": np.zeros(MARKS + MORE_MARKS),
        "mark_count": np.zeros(len(model.arising.spring), np.int64),
        "seat_end": np.zeros(len(desk), np.int64),
        "listed": np.zeros(len(model.selling.cell) + 1, np.int64),
        "cell_sum": np.zeros(len(model.closing.mix) * len(model.closing.edge) * sums, np.int64),
        "seat_sum": np.zeros((len(desk), sums), np.int64),
        "part": np.zeros(_YEAR_PARTS, np.int64),
    }


def _of_block(futures: Futures, books: Books) -> dict[str, NDArray[Any]]:
    """Return factors, and what is filled, as it is; arrays of a replication are those of the first one."""
    return {
        "arrival_factor": np.ascontiguousarray(futures.arrivals),
        "amount_factor": np.ascontiguousarray(futures.amounts),
        "group_factor": np.ascontiguousarray(futures.group)[0],
        "seat_factor": np.ascontiguousarray(futures.seat)[0],
        "product_factor": np.ascontiguousarray(futures.product)[0],
        "odds_factor": np.ascontiguousarray(futures.odds)[0],
        "days_factor": np.ascontiguousarray(futures.days)[0],
        "book": books.cube[0],
        "tally": books.tallies[0],
        "written": books.written,
        "trace": books.trace,
        "log": books.log,
        "booking": books.booking,
    }
