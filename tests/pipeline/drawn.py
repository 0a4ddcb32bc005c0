"""Models drawn by hypothesis: small, with every feature of the arrays, and with many things due at one tick.

`models()` draws any model; `models(plain=True)` only those that seats can serve in the order of arrival, without
pools, ranks, resources and hand-overs. `futures(model)` draws the factors of a replication of it.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from engine.pipeline.layout import CONTRACT, DEAL, NEVER, PRODUCT, RENEWING, SPRING, TICKS, Records, records
from engine.pipeline.model import Arising, Base, Closing, Future, Model, Opening, Selling
from tests.pipeline.drawn_tables import (
    DISCOUNTS,
    FIXED_RATIOS,
    HORIZON,
    MONTHS,
    TABLES,
    Sizes,
    cumulative,
    entities,
    firsts,
    laws_of,
    rows_of,
    some,
)
from tests.pipeline.drawn_work import drawn_resources, drawn_routes, drawn_rows, drawn_seats


def _arising(draw: st.DrawFn, sizes: Sizes, start: int, plain: bool) -> Arising:
    inner = draw(st.sets(st.sampled_from([2, 5, TICKS, 10 * TICKS, 10 * TICKS + 3, 40 * TICKS]), max_size=4))
    edge = [start, *(start + tick for tick in sorted(inner)), HORIZON]
    owner = [seat for seat in range(sizes.seats) for _ in range(draw(st.integers(0, 2)))]
    owner += [] if plain else [-1] * draw(st.integers(0, 2))
    count = len(owner)
    keys = entities(draw, count)
    shapes, ranks = 2, (0,) if plain else (0, 1, 2)
    spring = records(
        SPRING,
        np.array(keys, dtype=np.uint64),
        some(draw, (0.0, 2.0, 8.0, 20.0), count),
        some(draw, (-1, 0, 1, 7), count),
        some(draw, range(sizes.segments), count),
        some(draw, (0, 1), count),
        some(draw, range(shapes), count),
        some(draw, (-1, 0, 1), count),
        [-1 if seat >= 0 else draw(st.integers(0, sizes.routes - 1)) for seat in owner],
        owner,
        some(draw, ranks, count),
        some(draw, (-1, -1, *range(len(TABLES))), count),
    )
    mass = [[0.0, *cumulative(draw, len(edge) - 1)] for _ in range(shapes)]
    owned = [seat for seat in owner if seat >= 0]
    return Arising(spring, firsts(owned, sizes.seats), np.array(edge, dtype=np.int64), np.array(mass))


def _opening(draw: st.DrawFn, sizes: Sizes, row: Records, start: int, plain: bool) -> Opening:
    seats = sorted(draw(st.lists(st.integers(0, sizes.seats - 1), max_size=8)))
    keys = entities(draw, len(seats))
    deals = []
    for key in keys:
        stage = draw(st.integers(-1, sizes.stages - 1))
        at = 2 * stage + draw(st.integers(0, 1)) if stage >= 0 else -1
        chance = draw(st.sampled_from((0.0, 0.5, 1.0)))
        floors = some(draw, (0.0, 0.3), 2) if stage >= 0 else [0.0, 0.0]
        age = draw(st.sampled_from((0.0, 4.0, 4.5)))
        created = start - draw(st.sampled_from((5, 50))) * TICKS
        rank = 0 if plain else draw(st.integers(0, 2))
        product, amount = draw(st.integers(-1, sizes.products - 1)), draw(st.sampled_from((-1, 0, 700)))
        segment, account = draw(st.integers(0, sizes.segments - 1)), draw(st.integers(-1, 3))
        deals.append(
            (key, 0, account, segment, product, amount, rank, stage, created, age, at, chance, *floors)
        )
    table = rows_of(DEAL, deals)
    table["seat"] = seats
    return Opening(table, firsts(seats, sizes.seats))


def _closing(draw: st.DrawFn, sizes: Sizes) -> Closing:
    count, measures = sizes.products, 3
    laws = laws_of((*TABLES, FIXED_RATIOS, DISCOUNTS))
    product = records(
        PRODUCT,
        some(draw, range(len(TABLES)), count),
        some(draw, (1.0, 250.0), count),
        some(draw, (-1, len(TABLES) + 1), count),
        some(draw, (NEVER, NEVER, 60 * TICKS), count),
    )
    prices = draw(st.sampled_from(([], [30 * TICKS], [30 * TICKS, 75 * TICKS])))
    attach = np.array(some(draw, (0.0, 0.0, 0.5, 1.0), count * count)).reshape(count, count)
    np.fill_diagonal(attach, 0.0)
    return Closing(
        laws=laws,
        product=product,
        mix=np.array([cumulative(draw, count) for _ in range(sizes.segments)]),
        attach=attach,
        price_edge=np.array(prices, dtype=np.int64),
        price=np.array(some(draw, (1.0, 0.8, 1.25), (len(prices) + 1) * count)).reshape(-1, count),
        edge=MONTHS,
        counts=np.resize(np.array(some(draw, (False, True, True), 11)), (measures, 3, sizes.segments, count)),
        money=np.array([True, False, True]),
    )


def _base(draw: st.DrawFn, sizes: Sizes) -> Base:
    seats = sorted(draw(st.lists(st.integers(0, sizes.seats - 1), max_size=4)))
    keys = entities(draw, len(seats))
    contracts = [
        (
            key, seat, draw(st.integers(-1, 3)), draw(st.integers(0, sizes.segments - 1)),
            draw(st.integers(0, sizes.products - 1)), draw(st.sampled_from((0, 333, 90_001))),
            draw(st.sampled_from((-50, 0, 10, 60, 119))) * TICKS, draw(st.sampled_from((30, 365))) * TICKS,
            draw(st.integers(0, 1)),
        )
        for key, seat in zip(keys, seats, strict=True)
    ]  # fmt: skip
    rules = [
        (draw(st.sampled_from((0.0, 0.3))), len(TABLES), draw(st.sampled_from((0.0, 6.0))), len(TABLES) + 1)
        for _ in range(2)
    ]
    return Base(rows_of(CONTRACT, contracts), firsts(seats, sizes.seats), rows_of(RENEWING, rules))


@st.composite
def models(draw: st.DrawFn, plain: bool = False) -> Model:
    """Any model, or one without pools, ranks, resources and hand-overs."""
    counted = [draw(st.integers(1, most)) for most in (4, 3, 3, 3)]
    size_edge = draw(st.sampled_from(([], [5], [5, 1000])))
    tenure_edge = draw(st.sampled_from(([], [10 * TICKS], [10 * TICKS, 50 * TICKS])))
    sizes = Sizes(
        *counted,
        resources=0 if plain else draw(st.integers(0, 2)),
        routes=draw(st.integers(1, 2)),
        bands=len(size_edge) + 1,
        tenures=len(tenure_edge) + 1,
    )
    start = draw(st.sampled_from((0, 33 * TICKS)))
    keys = entities(draw, sizes.seats)
    row, cell = drawn_rows(draw, sizes)
    selling = Selling(
        laws=laws_of(TABLES),
        row=row,
        cell=cell,
        size_edge=np.array(size_edge, dtype=np.int64),
        tenure_edge=np.array(tenure_edge, dtype=np.int64),
        month_edge=MONTHS,
        month=np.array([0, 1, 2, 0]),
        seats=drawn_seats(draw, sizes, keys, plain),
        routes=drawn_routes(draw, sizes, keys),
        resources=drawn_resources(draw, sizes),
        start=start,
        horizon=HORIZON,
        seat_factor_wins=draw(st.booleans()),
    )
    arising = _arising(draw, sizes, start, plain)
    return Model(
        arising, selling, _opening(draw, sizes, row, start, plain), _closing(draw, sizes), _base(draw, sizes)
    )


@st.composite
def futures(draw: st.DrawFn, model: Model) -> Future:
    """A replication of a model, with factors that differ from 1."""
    factor = st.sampled_from((0.5, 1.0, 1.3))
    seats, products = len(model.selling.seats.slots), len(model.closing.product)
    return Future(
        seed=draw(st.integers(0, 2**63 - 1)),
        number=draw(st.integers(0, 3)),
        arrivals=draw(factor),
        amounts=draw(factor),
        group=np.array([draw(factor) for _ in range(2)]),
        seat=np.array([draw(factor) for _ in range(seats)]),
        product=np.array([draw(factor) for _ in range(products)]),
        odds=np.array([draw(factor) for _ in range(len(model.selling.cell))]),
        days=np.array([draw(factor) for _ in range(len(model.selling.cell))]),
    )
