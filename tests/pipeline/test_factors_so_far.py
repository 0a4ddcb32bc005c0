"""A year that has begun keeps the factors of its seats, products and sources, as far as it has told of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from engine.inputs import FloatArray, Inputs
from engine.pipeline.answers import newcomers, world_of
from engine.pipeline.build import Built
from engine.pipeline.factors import futures
from engine.pipeline.factors_table import factors_table
from engine.pipeline.newcomers import with_newcomers
from engine.pipeline.reference import World
from engine.pipeline.replications import Run
from engine.pipeline.so_far import gammas
from tests.pipeline.cutting import cut
from tests.pipeline.settings import opportunities
from tests.pipeline.test_as_of import AS_OF, DAY, block, built, known, simulated
from tests.pipeline.test_market_so_far import LOGNORMAL
from tests.worlds import world

SEATS = {"kind": "rep_factor", "sd": "50%", "applies_to": "amounts"}
LEADS = {"kind": "over_dispersion", "variance": 0.3}


def seat_normals(inputs: Inputs, **changes: Any) -> list[tuple[float, float]]:
    spreads = built(inputs, block(sizes=LOGNORMAL, **changes)).spreads
    return [spreads.seat_normal(place) for place in range(len(spreads.seat))]


def test_one_lognormal_amount_of_a_seat_is_a_conjugate_update_of_it_alone() -> None:
    (first, second, third) = seat_normals(known((1, 10, 9_000_000)), processes=[SEATS])
    s2, t2 = log(1 + 0.5**2), log(1 + 1.0**2)
    off = log(90_000 / 50_000) + (s2 + t2) / 2
    assert second == pytest.approx((sqrt(s2) * off / (s2 + t2), sqrt(t2 / (s2 + t2))), rel=1e-3)
    assert first == third == (0.0, 1.0)


def test_what_the_market_explains_no_seat_does() -> None:
    """Money that is as dear at every seat is the market's; a seat alone that is dear is so itself."""
    same = known(*((k % 3, 5 + k, 9_000_000) for k in range(90)))
    both: dict[str, Any] = {"market": {"sd": "50%"}, "processes": [SEATS]}
    found = built(same, block(sizes=LOGNORMAL, **both)).spreads
    assert found.market_normal[0] > 0.8
    alone = known(*((k % 3, 5 + k, 9_000_000 if k % 3 == 1 else 5_000_000) for k in range(90)))
    theirs = seat_normals(alone, **both)
    assert theirs[1][0] > 0.5 > abs(theirs[0][0])
    assert theirs[0] == pytest.approx(theirs[2])
    assert max(deviation for _, deviation in theirs) < 0.7


def test_drawn_factors_of_seats_have_the_means_and_deviations_that_they_are_said_to_have() -> None:
    inputs = known(*((k % 2, 5 + k, 9_000_000 + 1_000_000 * (k % 3)) for k in range(30)))
    processes = [
        SEATS | {"correlation": "40%"},
        {"kind": "product_factor", "sd": "30%", "correlation": "20%"},
    ]
    found = built(inputs, block(sizes=LOGNORMAL, market={"sd": "30%"}, processes=processes)).spreads
    drawn = futures(found, 3, 0, 20_000)
    for place in range(3):
        mean, deviation = found.seat_normal(place)
        z = (np.log(drawn.seat[:, place]) + log(1.25) / 2) / sqrt(log(1.25))
        assert abs(z.mean() - mean) <= 4 * deviation / sqrt(20_000)
        assert z.std() == pytest.approx(deviation, rel=0.03)


def test_another_seat_and_blocks_of_another_size_change_no_bit() -> None:
    inputs = known((0, 10, 700_000), (1, 30, 9_000_000), (2, 30, 5_000_000))
    changes: dict[str, Any] = {"market": {"sd": "20%"}, "processes": [SEATS, LEADS]}
    found = built(inputs, block(sizes=LOGNORMAL, **changes))
    drawn = futures(found.spreads, 3, 0, 50)
    pieces = [futures(found.spreads, 3, first, 10) for first in range(0, 50, 10)]
    assert (np.concatenate([piece.seat for piece in pieces]) == drawn.seat).all()
    asked = block(
        hiring={"goal": 1, "like": "R0", "starts": ["2027-06-01"], "most": 2, "target": "50%"}
    ).hiring
    assert asked is not None
    asked = asked.model_copy(update={"like": inputs.reps.id[1]})
    two = with_newcomers(world_of(found, block(sizes=LOGNORMAL, **changes)), newcomers(asked, inputs), 2, 150)
    more = futures(two.spreads, 3, 0, 50)
    assert (more.seat[:, :3] == drawn.seat).all()
    assert two.spreads.seat_normal(4) == (0.0, 1.0)


def posterior(count: tuple[int, ...], mean: float, variances: tuple[float, float]) -> FloatArray:
    """Mean of a shared gamma factor, then of the own one of the first group, both on a grid, by Bayes's rule."""
    from scipy.stats import gamma, nbinom

    own, shared = variances
    levels = (np.arange(20_000) + 0.5) / 20_000
    values = gamma.ppf(levels, 1 / shared, scale=shared)
    weight = np.prod([nbinom.pmf(n, 1 / own, 1 / (1 + own * mean * values)) for n in count], axis=0)
    first = (1 / own + count[0]) / (1 / own + mean * values)
    return np.asarray(np.array([values @ weight, first @ weight]) / weight.sum(), dtype=np.float64)


def test_a_gamma_factor_is_that_of_bayes() -> None:
    levels = (np.arange(4_000) + 0.5)[:, None] / 4_000
    seen = (np.array([30.0]), np.array([20.0]))
    drawn = gammas(np.array([0.2]), ((0,),), seen, levels, np.ones(4_000))[:, 0]
    assert drawn.mean() == pytest.approx(35 / 25, rel=1e-4)
    assert drawn.var() == pytest.approx(35 / 25**2, rel=1e-2)
    double = gammas(np.array([0.2]), ((0,),), seen, levels, np.full(4_000, 2.0))[:, 0]
    assert double.mean() == pytest.approx(35 / 45, rel=1e-4)


@pytest.mark.parametrize("count", [(30, 25, 22), (10, 14, 21), (40, 12, 20)])
def test_a_shared_gamma_factor_is_nearly_that_of_bayes(count: tuple[int, ...]) -> None:
    rng = np.random.default_rng(5)
    variance = np.array([0.1, 0.1, 0.1, 0.2])
    seen = (np.array(count, dtype=np.float64), np.full(3, 20.0))
    drawn = gammas(variance, ((0, 3), (1, 3), (2, 3)), seen, rng.random((40_000, 4)), np.ones(40_000))
    exact = posterior(count, 20.0, (0.1, 0.2))
    assert drawn[:, 3].mean() == pytest.approx(exact[0], abs=0.02)
    assert drawn[:, 0].mean() == pytest.approx(exact[1], abs=0.02)


def test_leads_tell_of_their_source_where_the_rows_name_it() -> None:
    sources = {"web": {"leads": 150}, "partner": {"leads": 100}}
    rows: list[dict[str, Any]] = [
        {"rep": 0, "account": 0, "created": k, "closed": 115, "amount": 100, "outcome": k % 2, "stage": "Won"}
        for k in range(100)
    ]
    inputs = replace(known(), actuals=opportunities(rows))
    assert inputs.actuals is not None
    named = replace(inputs, actuals=replace(inputs.actuals, source=("web",) * 90 + ("?",) * 10))
    pipeline = block(arrivals=None, sources=sources, processes=[LEADS])
    found = built(named, pipeline)
    assert found.spreads.so_far is not None
    assert found.spreads.so_far.leads.sum() == 90
    assert found.spreads.so_far.expected.sum() == pytest.approx(0.9 * 250 * 6 / 18)
    assert any(note.startswith("10 of 100 leads so far name no source") for note in found.notes)
    table = factors_table(named, found, Run(seed=3, first=0, count=500), 500)
    assert table is not None
    mean = table.frame.set_index("name")["mean"]
    assert mean[[name for name in mean.index if name.startswith("web")]].max() > 1.2
    assert mean[[name for name in mean.index if name.startswith("partner")]].max() < 0.7
    (note,) = built(inputs, pipeline).notes
    assert note.startswith("100 of 100 leads")


@cache
def years(which: str, learning: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Before the day, after it, and after it where the year was cut on the day and simulated on; (future, entity)."""
    inputs = world()
    pipeline = block(sizes=LOGNORMAL, processes=[SEATS if which == "seats" else LEADS])
    pasts, on = simulated(built(inputs, pipeline), 0, 150), list[World]()
    for number, past in enumerate(pasts):
        then: Built = built(cut(inputs, past, AS_OF), pipeline)
        if not learning:
            then = replace(then, spreads=replace(then.spreads, so_far=None))
        on += simulated(then, number, 1, seed=4)
    figure = money if which == "seats" else leads
    return figure(pasts, 0, DAY), figure(pasts, DAY, 10 * DAY), figure(on, DAY, 10 * DAY)


def money(worlds: list[World], begin: int, end: int) -> FloatArray:
    """Logarithm of what every seat books in a span of ticks, less that of the whole: the market is no part of it."""
    found = np.array([
        [sum(b.amount for b in one.bookings if begin <= b.tick < end and b.seat == seat) for seat in range(3)]
        for one in worlds
    ])  # fmt: skip
    return np.asarray(np.log(found + 1e6))


def leads(worlds: list[World], begin: int, end: int) -> FloatArray:
    """How many leads arise in a span of ticks."""
    return (
        np.array([[sum(begin <= deal.arrival < end for deal in one.deals if deal.row < 0)] for one in worlds])
        * 1.0
    )


def z_of(values: FloatArray) -> float:
    return float(values.mean() / values.std(ddof=1) * sqrt(values.size))


@pytest.mark.slow
@pytest.mark.parametrize("which", ["seats", "leads"])
def test_a_year_cut_on_a_day_moves_with_what_it_has_shown(which: str) -> None:
    before, once, twice = years(which, True)
    apart = before - before.mean(axis=0)
    assert abs(z_of((once - twice).ravel())) <= 4
    assert abs(z_of(((once - twice) * apart).ravel())) <= 4
    _, _, blind = years(which, False)
    assert z_of(((once - blind) * apart).ravel()) > 4
