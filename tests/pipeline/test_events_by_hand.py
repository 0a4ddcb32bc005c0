"""The compiled engine on models whose answer is known: by hand, or by a closed form."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from engine.pipeline import counters as c
from engine.pipeline.events.block import simulate_block
from engine.pipeline.factors import Spreads, each, futures
from engine.pipeline.laws.exponential import Exponential
from engine.pipeline.layout import LOSE, LOST, OPEN, REASSIGN, TICKS, WAITING, WON
from engine.pipeline.model import Model
from engine.pipeline.replications import Run, simulate_all, trace
from engine.progress import Silent
from tests.pipeline.made import days, made, row, without_factors
from tests.pipeline.simulated import empty, plain_future, simulated


def fates(model: Model) -> dict[int, tuple[float, float, int, int]]:
    """By key: (start, end) in days, seat, outcome."""
    lines = simulated(model, plain_future(model)).lines
    return {
        int(line["key"]): (
            line["start"] / TICKS,
            line["end"] / TICKS,
            int(line["seat"]),
            int(line["outcome"]),
        )
        for line in lines
    }


def test_a_slot_serves_one_deal_after_the_other() -> None:
    model = made([days(30)], [row(0)], slots=[1], waiting=[(1, 0), (2, 0), (3, 0), (4, 0)])
    nothing = -1 / TICKS
    assert fates(model) == {
        1: (0, 30, 0, WON), 2: (30, 60, 0, WON), 3: (60, 90, 0, WON), 4: (90, nothing, 0, OPEN),
    }  # fmt: skip


def test_two_resources_one_held_for_the_stage_and_one_for_a_time_of_its_own() -> None:
    """The first has one unit for stages of two days; the second one unit, held five days in stages of one day."""
    rows = [row(0, resource=0), row(1, resource=1, hold=2)]
    model = made(
        [days(2), days(1), days(5)], rows, slots=[3], waiting=[(1, 0), (2, 0), (3, 0)], capacity=[[(0, 1)], [(0, 1)]]
    )  # fmt: skip
    done = simulated(model, plain_future(model))
    assert fates(model) == {1: (0, 3, 0, WON), 2: (0, 8, 0, WON), 3: (0, 13, 0, WON)}
    first = c.GLOBAL + 2 * c.FUNNEL
    assert done.tally[0, first : first + c.SHARED].tolist() == [3, 3, 6 * TICKS, 6 * TICKS, 100 * TICKS]
    second = first + c.SHARED
    assert done.tally[0, second : second + c.SHARED].tolist() == [3, 3, 9 * TICKS, 15 * TICKS, 100 * TICKS]


def test_a_resource_that_comes_later_and_goes_again() -> None:
    """Two units from day 10 to day 12: the third deal gets a unit only when there is one again on day 50."""
    capacity = [[(10, 2), (12, 0), (50, 1)]]
    model = made(
        [days(4)], [row(0, resource=0)], slots=[3], waiting=[(1, 0), (2, 0), (3, 0)], capacity=capacity
    )
    assert fates(model) == {1: (0, 14, 0, WON), 2: (0, 14, 0, WON), 3: (0, 54, 0, WON)}


LEAVING = {"slots": [2, 2, 1], "presence": [(-9, 5), (-9, None), (-9, None)]}
AT_THREE_SEATS = [(1, 0), (2, 0), (3, 0), (4, 1)]


def test_deals_of_a_seat_that_is_left_go_to_the_least_loaded() -> None:
    """Deal 1 to seat 2 (load 0 of 1), deal 2 to seat 1 (1 of 2), deal 3 from the queue to seat 1 (tie at full load)."""
    model = made(
        [days(10)], [row(0)], waiting=AT_THREE_SEATS, on_leave=REASSIGN, handover=1, **LEAVING  # type: ignore[arg-type]
    )  # fmt: skip
    assert fates(model) == {1: (0, 11, 2, WON), 2: (0, 11, 1, WON), 3: (10, 20, 1, WON), 4: (0, 10, 1, WON)}
    tally = simulated(model, plain_future(model)).tally
    assert tally[1:4, c.MOVED].tolist() == [0, 2, 1]
    assert tally[1:4, c.HELD].tolist() == [10 * TICKS, 26 * TICKS, 6 * TICKS]


def test_deals_of_a_seat_that_is_left_are_lost_or_kept() -> None:
    lost = made([days(10)], [row(0)], waiting=AT_THREE_SEATS, on_leave=LOSE, **LEAVING)  # type: ignore[arg-type]
    nothing = -1 / TICKS
    assert fates(lost) == {
        1: (0, 5, 0, LOST), 2: (0, 5, 0, LOST), 3: (nothing, 5, 0, LOST), 4: (0, 10, 1, WON),
    }  # fmt: skip
    kept = made([days(10)], [row(0)], waiting=AT_THREE_SEATS, **LEAVING)  # type: ignore[arg-type]
    assert fates(kept) == {
        1: (0, 10, 0, WON), 2: (0, 10, 0, WON), 3: (nothing, nothing, 0, WAITING), 4: (0, 10, 1, WON),
    }  # fmt: skip


def test_books_must_lie_one_behind_the_other() -> None:
    model = made([days(30)], [row(0)])
    cube, tallies = empty(model, 4)
    drawn = futures(without_factors(model).spreads, 1, 0, 2)
    with pytest.raises(TypeError, match="contiguous"):
        simulate_block(model, drawn, cube[::2], tallies[::2])


@pytest.mark.parametrize("log", [False, True])
def test_waits_are_those_of_erlang(log: bool) -> None:
    """M/M/2 at 60 %: P(wait) = 0.45 and a mean wait of 0.45 / (2 - 1.2) days, after a warm-up of 50 days."""
    level, value = Exponential(mean=1).knots()
    model = made([(level.tolist(), value.tolist())], [row(0)], slots=[2], leads=1.2 * 400, horizon=400)
    done = trace(without_factors(model), 11, 0, 100, log=log)
    begin, waits, late = 0, [], []
    for end in done.ends[:, 0]:
        lines = done.lines[begin:end]
        seen = lines[(lines["arrival"] > 50 * TICKS) & (lines["arrival"] < 380 * TICKS)]
        wait = np.where(seen["start"] >= 0, seen["start"], 400 * TICKS) - seen["arrival"]
        waits.append(wait.mean() / TICKS)
        late.append(np.mean(wait > 0))
        begin = end
    for values, expected in ((waits, 0.5625), (late, 0.45)):
        error = np.std(values, ddof=1) / sqrt(len(values))
        assert abs(np.mean(values) - expected) <= 4 * error
        assert error < 0.03


@pytest.mark.parametrize("resource", [False, True])
def test_workers_and_blocks_change_no_byte(resource: bool) -> None:
    level, value = Exponential(mean=5).knots()
    rows = [row(0, advance=0.6, recycle=0.2), row(0, advance=0.5, resource=0 if resource else -1)]
    model = made(
        [(level.tolist(), value.tolist())],
        rows,
        slots=[2, 3],
        leads=40,
        capacity=[[(0, 2)]] if resource else (),
    )
    built = without_factors(model)
    one = simulate_all(built, Run(3, 0, 40), Silent())
    for workers, block in ((1, 7), (2, 1), (8, 13)):
        other = simulate_all(built, Run(3, 0, 40, workers, block), Silent())
        assert one[0].tobytes() == other[0].tobytes()
        for group in range(one[1].groups):
            assert np.array_equal(one[1].of(group), other[1].of(group))
    assert one[1].of(0)[:, c.WON_DEALS].sum() > 100
    alone = simulate_all(built, Run(3, 17, 1), Silent())
    assert np.array_equal(alone[0][0], one[0][17])


@pytest.mark.parametrize("on_arrivals", [False, True])
def test_factors_have_mean_one_and_the_stated_spread_and_correlation(on_arrivals: bool) -> None:
    keys, sd, rho = np.arange(1, 4, dtype=np.uint64), np.array([0.0, 0.3, 0.5]), np.array([0.0, 0.8, -0.5])
    spreads = Spreads(
        0.4, on_arrivals, keys[1:], sd[1:] ** 2, ((0,), (1,)), keys, sd, rho, keys, sd, rho,
        np.zeros(3), keys, sd, sd, np.ones(3),
    )  # fmt: skip
    drawn = futures(spreads, 5, 0, 20_000)
    market, still = (drawn.arrivals, drawn.amounts) if on_arrivals else (drawn.amounts, drawn.arrivals)
    assert np.all(still == 1)
    for values, expected in (
        (market[:, None], np.array([0.4])),
        (drawn.group, sd[1:]),
        (drawn.seat, sd),
        (drawn.product, sd),
    ):
        assert np.all(np.abs(values.mean(axis=0) - 1) <= 4 * expected / sqrt(20_000))
        assert np.all(np.abs(values.std(axis=0) - expected) <= 0.05 * expected)
    assert np.all(drawn.seat[:, 0] == 1)
    for factor in (drawn.odds, drawn.days):
        assert np.all(np.abs(np.log(factor).mean(axis=0)) <= 4 * sd / sqrt(20_000))
        assert np.all(np.abs(np.log(factor).std(axis=0) - sd) <= 0.05 * sd)
    logs = np.corrcoef(np.log(market), np.log(drawn.seat[:, 1]))[0, 1]
    assert abs(logs - 0.8) <= 4 * (1 - 0.8**2) / sqrt(20_000)


def test_a_replication_has_the_same_factors_alone_and_in_any_block() -> None:
    keys, sd = np.arange(1, 4, dtype=np.uint64), np.array([0.1, 0.3, 0.5])
    spreads = Spreads(
        0.4, False, keys, sd, ((1,), (0, 2)), keys, sd, sd, keys, sd, sd,
        np.array([9.0, 0.0, 4.0]), keys, sd, sd, np.array([1.0, 2.0, 0.5]),
    )  # fmt: skip
    many, part = futures(spreads, 5, 0, 200), futures(spreads, 5, 123, 3)
    for whole, piece in zip(many[2:], part[2:], strict=True):
        assert np.array_equal(whole[123:126], piece)
    for place, future in enumerate(each(part)):
        assert future.number == 123 + place
        assert future.amounts == many.amounts[123 + place]
        assert np.array_equal(future.days, many.days[123 + place])
