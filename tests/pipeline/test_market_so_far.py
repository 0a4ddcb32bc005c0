"""A year that has begun keeps its market factor: what was seen of it before `as_of` holds for the rest."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import exp, log, sqrt
from typing import Any

import numpy as np
import pytest

from engine.inputs import FloatArray, Inputs
from engine.pipeline.build import Built
from engine.pipeline.factors import futures, moments
from engine.pipeline.known_means import known_means
from engine.pipeline.reference import World
from tests.pipeline.cutting import cut
from tests.pipeline.settings import opportunities
from tests.pipeline.test_as_of import AS_OF, DAY, STAGES, block, built, known, simulated
from tests.worlds import world

FUTURES = 200
LOGNORMAL = {"law": {"kind": "lognormal", "mean": 50_000, "cv": 1}}


def drawn(found: Built) -> FloatArray:
    """The market's factor in some replications."""
    futures_ = futures(found.spreads, 3, 0, 4_000)
    return futures_.amounts * futures_.arrivals


def test_amounts_without_any_chance_tell_the_factor_exactly() -> None:
    """Two deals at list prices that are half as large again as they should be; one was known before the plan."""
    inputs = known((0, 10, 700), (1, 30, 700), (1, 2, 9_999))
    fixed = {"law": {"kind": "fixed", "value": 7}}
    found = built(inputs, block(market={"sd": "30%"}, sizes=fixed))
    assert drawn(found) == pytest.approx(np.ones(4_000))
    dear = fixed_amounts(inputs, 1_050)
    assert drawn(built(dear, block(market={"sd": "30%"}, sizes=fixed))) == pytest.approx(np.full(4_000, 1.5))


def fixed_amounts(inputs: Inputs, amount: int) -> Inputs:
    """Every known deal has one amount."""
    assert inputs.actuals is not None
    return replace(inputs, actuals=replace(inputs.actuals, amount=np.full(len(inputs.actuals), amount)))


def test_one_lognormal_amount_is_a_conjugate_update() -> None:
    """ln x normal with variance t^2 around ln m: precisions add."""
    inputs = known((0, 10, 9_000_000))
    found = built(inputs, block(market={"sd": "30%"}, sizes=LOGNORMAL))
    s2, t2 = log(1 + 0.3**2), log(1 + 1.0**2)
    off = log(90_000 / 50_000) + (s2 + t2) / 2
    normal = mean, sd = found.spreads.market_normal
    assert mean == pytest.approx(sqrt(s2) * off / (s2 + t2), rel=1e-3)
    assert sd == pytest.approx(sqrt(t2 / (s2 + t2)), rel=1e-3)
    values = drawn(found)
    middle = exp(sqrt(s2) * mean + s2 * sd**2 / 2 - s2 / 2)
    assert moments(0.3, normal)[0] == pytest.approx(middle)
    assert abs(values.mean() - middle) <= 4 * values.std() / sqrt(len(values))
    (note,) = found.notes
    assert note.startswith("Won amounts since 2027-01-01: 90,000, where 50,0")
    assert f"the market is {middle:.3f}" in note


def test_leads_tell_a_market_that_multiplies_them() -> None:
    """60 % more deals than expected, lost, won and open; less is learned where the rate has a factor of its own."""
    market = {"sd": "30%", "applies_to": "arrivals"}
    rows: list[dict[str, Any]] = [
        {"rep": 0, "created": k % 110, "closed": 115, "amount": 100, "outcome": k % 2, "stage": "Won"}
        for k in range(100)
    ]
    inputs = replace(known(), actuals=opportunities(rows), pipeline=opportunities(
        [{"id": f"P{k}", "rep": 0, "created": k, "stage": "new"} for k in range(33)]
    ))  # fmt: skip
    plain = built(inputs, block(market=market))
    expected = 250 * 6 / 18
    assert 133 / expected == pytest.approx(1.6, abs=0.01)
    assert 1.4 < drawn(plain).mean() < 1.6
    assert drawn(plain).std() < 0.17
    wide = built(inputs, block(market=market, processes=[{"kind": "over_dispersion", "variance": 0.1}]))
    assert 1.1 < drawn(wide).mean() < drawn(plain).mean()
    assert drawn(plain).std() < drawn(wide).std() < 0.3
    wins = replace(inputs, actuals=opportunities([row | {"outcome": 1} for row in rows]))
    (note,) = built(wins, block(market=market)).notes
    assert note.startswith("No lost deal is among the actuals")


def test_nothing_is_learned_before_the_plan_without_a_market_or_without_a_table() -> None:
    market = {"sd": "30%"}
    inputs = known((0, 10, 700))
    first = replace(inputs, calendar=replace(inputs.calendar, as_of=inputs.calendar.start))
    for case, changes in (
        (first, {"market": market}),
        (inputs, {}),
        (replace(inputs, actuals=None), {"market": market}),
    ):
        found = built(case, block(**changes))
        assert (found.spreads.so_far, found.notes) == (None, ())


def test_amounts_tell_nothing_where_size_decides_who_is_won_early() -> None:
    """Large deals take twice as long, so the first to be won are the small ones."""
    slow = [STAGES[0] | {"cases": [{"size_from": 60_000, "days_times": 2}]}, STAGES[1]]
    found = built(known((0, 10, 700)), block(market={"sd": "30%"}, sizes=LOGNORMAL, stages=slow))
    assert found.spreads.so_far is None
    assert "depends on its size" in found.notes[0]
    (nothing,) = built(known(), block(market={"sd": "30%"}, sizes=LOGNORMAL)).notes
    assert nothing.startswith("Nothing that arose in the plan was won so far: ")


def test_factors_that_share_with_the_market_learn_with_it_and_controls_know_their_means() -> None:
    inputs = known(*((k % 3, 5 + k, 9_000_000) for k in range(60)))
    processes = [
        {"kind": "rep_factor", "sd": "20%", "correlation": "60%", "applies_to": "amounts"},
        {"kind": "product_factor", "sd": "20%", "correlation": "-40%"},
    ]
    found = built(inputs, block(market={"sd": "30%"}, sizes=LOGNORMAL, processes=processes))
    assert found.spreads.market_normal[0] > 0.5
    leads = np.zeros((4_000, 200), dtype=np.int64)
    controls = known_means(found, 3, 0, leads)
    ours = [place for place, name in enumerate(controls.names) if not name.startswith("leads")]
    values, means = controls.values[:, ours], controls.means[ours]
    assert (means[0] > 1.2) & (means[-3] > 1.02)
    assert (np.abs(values.mean(axis=0) - means) <= 4 * values.std(axis=0) / sqrt(4_000)).all()


@cache
def years(applies_to: str, learning: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Millions before the day, after it, and after it where the year was cut on the day and simulated on."""
    inputs = world()
    pipeline = block(market={"sd": "40%", "applies_to": applies_to}, sizes=LOGNORMAL)
    pasts = simulated(built(inputs, pipeline), 0, FUTURES)
    on = []
    for number, past in enumerate(pasts):
        then = built(cut(inputs, past, AS_OF), pipeline)
        if not learning:
            then = replace(then, spreads=replace(then.spreads, so_far=None))
        on += simulated(then, number, 1, seed=4)
    return money(pasts, 0, DAY), money(pasts, DAY, 10 * DAY), money(on, DAY, 10 * DAY)


def money(worlds: list[World], begin: int, end: int) -> FloatArray:
    """Millions that are booked in a span of ticks."""
    return np.array([sum(b.amount for b in one.bookings if begin <= b.tick < end) / 1e8 for one in worlds])


def z_of(values: FloatArray) -> float:
    """How far a mean is from zero, in standard errors."""
    return float(values.mean() / values.std(ddof=1) * sqrt(len(values)))


def together(before: FloatArray, once: FloatArray, twice: FloatArray) -> FloatArray:
    """How much more the year in one go moves with what was booked before, in logarithms."""
    return np.asarray(np.log(once / twice) * (np.log(before) - np.log(before).mean()))


@pytest.mark.slow
@pytest.mark.parametrize("applies_to", ["amounts", "arrivals"])
def test_a_year_cut_on_a_day_has_the_law_of_the_year_given_what_was_booked(applies_to: str) -> None:
    before, once, twice = years(applies_to, True)
    assert abs(z_of(once - twice)) <= 4
    assert abs(z_of(together(before, once, twice))) <= 4
    assert abs(np.log(np.log(once).var(ddof=1) / np.log(twice).var(ddof=1))) <= 4 * sqrt(4 / FUTURES)


@pytest.mark.slow
def test_a_market_that_is_drawn_anew_would_forget_the_year_so_far() -> None:
    """What the test above holds together is far apart without the update."""
    before, once, twice = years("amounts", False)
    assert z_of(together(before, once, twice)) > 4
    assert np.corrcoef(before, once)[0, 1] > 0.4 > abs(np.corrcoef(before, twice)[0, 1]) * 2
