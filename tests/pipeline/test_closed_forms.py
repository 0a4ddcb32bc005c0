"""Simulated figures against closed forms: fixed seeds, and |z| <= 4 for every one."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p, sqrt

import numpy as np
import pytest
from scipy.stats import kstest

from engine.inputs import FloatArray, Inputs
from engine.measures import Measure
from engine.pipeline import counters
from engine.pipeline.build import build
from engine.pipeline.model import TICKS, Model
from engine.pipeline.replications import Run, simulate_all, trace_one
from engine.pipeline.spec import PipelineSpec
from engine.progress import Silent
from tests.pipeline.settings import spec, with_open
from tests.worlds import world

MEASURES = {"bookings": Measure(), "deals": Measure(quantity="count")}


def simulated(block: PipelineSpec, inputs: Inputs, seed: int = 11) -> tuple[FloatArray, FloatArray, Model]:
    """Cube and counters of a spec, as real numbers."""
    model = build(inputs, inputs.accounts.owner, block, MEASURES)
    cube, tallies = simulate_all(model, block, Run(seed, 0, block.replications), Silent())
    return cube.astype(np.float64), tallies.astype(np.float64), model


def assert_mean(values: FloatArray, expected: float) -> None:
    """The mean of independent replications lies within four standard errors."""
    z = (values.mean() - expected) / (values.std(ddof=1) / sqrt(len(values)))
    assert abs(z) <= 4, f"mean {values.mean()} against {expected}: z {z}"


def assert_variance(values: FloatArray, expected: float) -> None:
    """The variance lies within four standard errors, those by the fourth moment."""
    squares = (values - values.mean()) ** 2
    z = (squares.mean() - expected) / (squares.std(ddof=1) / sqrt(len(values)))
    assert abs(z) <= 4, f"variance {squares.mean()} against {expected}: z {z}"


def immediate(advance: Sequence[str] = ("100%",), **changes: object) -> PipelineSpec:
    """Deals that close the moment they arise."""
    stages = [
        {"name": f"S{i}", "advance": p, "duration": {"kind": "fixed", "value": 0}}
        for i, p in enumerate(advance)
    ]
    return spec(**({"stages": stages, "slots": 1000, "replications": 2000} | changes))


def test_arrivals_are_poisson_and_seasonal() -> None:
    weights = [3, 1, 1, 2, 0, 1, 1, 1, 1, 1, 5, 1]
    cube, tallies, _ = simulated(
        immediate(seasonality={"months": weights}, arrivals={"leads": 90}), world(6, 2)
    )
    assert_mean(tallies[:, counters.LEADS], 90)
    assert_variance(tallies[:, counters.LEADS], 90)
    months = cube[..., 1].sum(axis=1)
    for month, weight in enumerate(weights):
        if weight == 0:
            assert not months[:, month].any()
        else:
            assert_mean(months[:, month], 90 * weight / sum(weights))
            assert_variance(months[:, month], 90 * weight / sum(weights))
    assert abs(np.corrcoef(months[:, 0], months[:, 10])[0, 1]) < 4 / sqrt(len(months))


def test_arrivals_are_uniform_within_a_month() -> None:
    block = immediate(seasonality={"months": [1] + [0] * 11}, arrivals={"leads": 20_000})
    _, lines = trace_one(build(world(6, 2), world(6, 2).accounts.owner, block, MEASURES), block, 3, 0)
    assert kstest(lines["arrival"] / (31 * TICKS), "uniform").pvalue > 1e-4


def test_leads_follow_potential_and_segment() -> None:
    inputs = world(6, 6)
    cube, _, _ = simulated(immediate(arrivals={"leads": 60, "spread": "potential"}), inputs)
    share = inputs.accounts.potential / inputs.accounts.potential.sum()
    for seat in range(6):
        assert_mean(cube[:, seat, :, 1].sum(axis=1), 60 * share[seat])
    cube, _, _ = simulated(immediate(arrivals={"by_segment": {"ENT": 30}}), inputs)
    assert_mean(cube[:, 1, :, 1].sum(axis=1), 10)
    assert not cube[:, 0].any()


def test_a_mixed_poisson_has_its_extra_variance() -> None:
    _, tallies, _ = simulated(
        immediate(arrivals={"leads": 80}, market={"sd": "20%", "applies_to": "arrivals"}), world(6, 2)
    )
    assert_mean(tallies[:, counters.LEADS], 80)
    assert_variance(tallies[:, counters.LEADS], 80 + 80**2 * 0.2**2)


def test_win_probability_is_that_of_the_absorbing_chain() -> None:
    chances = ("70%", "50%", "80%")
    cube, tallies, _ = simulated(immediate(chances), world(6, 2))
    won, leads = cube[..., 1].sum(axis=(1, 2)), tallies[:, counters.LEADS]
    assert_mean(won, 400 * 0.7 * 0.5 * 0.8)
    assert_variance(won, 400 * 0.28)
    assert_mean(won - 0.28 * leads, 0)


def test_revenue_is_compound_poisson() -> None:
    sizes = {"law": {"kind": "lognormal", "mean": 3_000, "cv": "80%"}}
    cube, _, _ = simulated(immediate(arrivals={"leads": 50}, sizes=sizes), world(6, 2))
    revenue = cube[..., 0].sum(axis=(1, 2)) / 100
    assert_mean(revenue, 50 * 3_000)
    assert_variance(revenue, 50 * 3_000**2 * (1 + 0.8**2))


def test_a_market_factor_correlates_seats() -> None:
    sizes = {"law": {"kind": "fixed", "value": 1_000}}
    block = immediate(arrivals={"leads": 400}, sizes=sizes, market={"sd": "30%"}, replications=4000)
    cube, _, _ = simulated(block, world(6, 2))
    seats = cube[..., 0].sum(axis=2) / 100
    assert_mean(seats.sum(axis=1), 400_000)
    products = (seats[:, 0] - 200_000) * (seats[:, 1] - 200_000)
    assert_mean(products, 0.3**2 * 200_000**2)


def test_open_deals_are_those_of_an_infinite_server_queue() -> None:
    """Mt/G/inf (Eick, Massey, Whitt 1993): open at T ~ Poisson(integral of rate (1 - G)), closed independent of it."""
    stages = [{"name": "Work", "advance": "60%", "duration": {"kind": "gamma", "mean": 90, "shape": 2}}]
    weights = np.array([1, 1, 2, 2, 3, 3, 3, 2, 1, 1, 4, 1.0])
    block = spec(stages=stages, slots=1000, replications=2000, seasonality={"months": weights.tolist()})
    _, tallies, model = simulated(block, world(6, 2))
    edges = model.arising.edge / TICKS
    moments = np.linspace(0, 365, 365 * 40 + 1)
    middle, step = (moments[1:] + moments[:-1]) / 2, moments[1]
    month = np.searchsorted(edges, middle, side="right") - 1
    rate = 400 * (weights / weights.sum() / np.diff(edges))[month]
    left = 365 - middle
    survives = np.exp(-left / 45) * (1 + left / 45)
    expected = float(np.sum(rate * survives) * step)
    still, closed = (
        tallies[:, counters.OPEN_AT_END],
        tallies[:, [counters.WON_DEALS, counters.LOST_DEALS]].sum(axis=1),
    )
    assert_mean(still, expected)
    assert_variance(still, expected)
    assert_mean(closed, 400 - expected)
    assert abs(np.corrcoef(still, closed)[0, 1]) < 4 / sqrt(len(still))


def test_open_deals_of_an_age_stay_as_their_law_says() -> None:
    stages = [{"name": "Work", "advance": "40%", "duration": {"kind": "weibull", "mean": 200, "shape": 2}}]
    rows = [{"account": i % 6, "rep": i % 2, "stage": "Work", "created": -180} for i in range(50)]
    block = spec(stages=stages, slots=1000, arrivals={"leads": 0}, replications=1000)
    _, tallies, _ = simulated(block, with_open(world(6, 2), rows))
    scale = 200 / 0.886226925452758
    stays = np.exp(-(((365 + 180) / scale) ** 2) + (180 / scale) ** 2)
    assert_mean(tallies[:, counters.OPEN_AT_END], 50 * stays)
    assert_mean(tallies[:, counters.WON_DEALS], 50 * (1 - stays) * 0.4)


def test_an_aged_deal_wins_by_the_hazards_that_are_left() -> None:
    """Wins take 100 days on average, losses 20: of deals 60 days old far more than 40 % are won in the end."""
    stages = [
        {
            "name": "Work", "advance": "40%", "duration": {"kind": "exponential", "mean": 100},
            "duration_lost": {"kind": "exponential", "mean": 20},
        }
    ]  # fmt: skip
    rows = [{"account": 0, "rep": 0, "stage": "Work", "created": -60} for _ in range(40)]
    block = spec(stages=stages, slots=1000, arrivals={"leads": 0}, replications=1000)
    _, tallies, _ = simulated(block, with_open(world(6, 2), rows))
    on, off = 0.4 * np.exp(-0.6), 0.6 * np.exp(-3.0)
    assert_mean(tallies[:, counters.WON_DEALS], 40 * on / (on + off) * (1 - np.exp(-3.65)))


def test_the_wait_for_a_slot_is_erlang_c() -> None:
    """M/M/5 with 4 erlangs waits 0.554113 service times in a steady state; the start, empty, is cut off."""
    stages = [{"name": "Work", "advance": "100%", "duration": {"kind": "exponential", "mean": 1}}]
    block = spec(stages=stages, slots=5, arrivals={"leads": 4 * 365}, replications=1)
    model = build(world(1, 1), world(1, 1).accounts.owner, block, MEASURES)
    waits = []
    for replication in range(400):
        _, lines = trace_one(model, block, 4, replication)
        settled = lines[(lines["arrival"] > 60 * TICKS) & (lines["arrival"] < 330 * TICKS)]
        waits.append(float(np.mean(settled["start"] - settled["arrival"])) / TICKS)
    assert_mean(np.array(waits), 0.554113)


def test_littles_law_holds_on_the_path() -> None:
    """Days that deals hold slots are the integral of the number in progress, tick by tick."""
    rows = [{"account": 0, "rep": i % 3, "stage": "Close", "created": -i} for i in range(9)]
    block, inputs = spec(slots=4), with_open(world(), rows)
    tally, lines = trace_one(build(inputs, inputs.accounts.owner, block, MEASURES), block, 8, 2)
    worked = lines[lines["outcome"] > -2]
    begin = np.maximum(worked["start"], 0)
    end = np.where(worked["end"] >= 0, worked["end"], 365 * TICKS)
    times = np.concatenate((begin, end))
    change = np.repeat([1, -1], len(worked))
    order = np.lexsort((change, times))
    in_progress = np.cumsum(change[order])
    assert int(np.sum(in_progress[:-1] * np.diff(times[order]))) == tally[counters.HELD]
    assert in_progress.max() <= 3 * 4


@pytest.mark.parametrize("law", [
    {"kind": "exponential", "mean": 40}, {"kind": "lognormal", "mean": 40, "cv": 2}, {"kind": "fixed", "value": 40},
    {"kind": "weibull", "mean": 40, "shape": 0.6}, {"kind": "gamma", "mean": 40, "shape": 3},
    {"kind": "empirical", "values": [0, 40, 80]}, {"kind": "empirical", "values": [0, 60, 80], "at": [0, "80%", 1]},
])  # fmt: skip
def test_every_law_keeps_its_mean_in_the_kernel(law: dict[str, object]) -> None:
    expected = 40.0 if "at" not in law else 0.8 * 30 + 0.2 * 70
    cube, _, _ = simulated(
        immediate(arrivals={"leads": 200}, sizes={"law": law}, replications=1000), world(6, 2)
    )
    amount, won = cube[..., 0].sum(axis=(1, 2)) / 100, cube[..., 1].sum(axis=(1, 2))
    if law["kind"] == "fixed":
        assert np.array_equal(amount, 40 * won)
    else:
        assert_mean(amount - expected * won, 0)


def test_the_market_factor_has_mean_one() -> None:
    from engine.pipeline.replications import market_factors

    factors = market_factors(spec(market={"sd": "30%"}).market, Run(1, 0, 20_000))
    assert np.all(factors[:, 0] == 1)
    assert_mean(factors[:, 1], 1)
    assert_mean(np.log(factors[:, 1]), -log1p(0.09) / 2)
