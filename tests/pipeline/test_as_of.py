"""With `as_of` the simulation starts there, on top of what was booked.

The tower property is what makes a re-forecast honest: a year simulated in one go, and a year simulated up to a day, cut
into the tables of that day and simulated on from them, have the same law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import sqrt
from typing import Any

import numpy as np
import pytest

from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline import simulate
from engine.pipeline.actual import Booked, booked, followed
from engine.pipeline.bookings import WonDeals
from engine.pipeline.build import Built, build
from engine.pipeline.factors import each, futures
from engine.pipeline.layout import LOST, TICKS, WAITING, WON
from engine.pipeline.outlook import outlook_table
from engine.pipeline.reference import World, simulate_one
from engine.pipeline.spec import PipelineSpec
from tests.pipeline.cutting import cut
from tests.pipeline.settings import aligned, opportunities, spec
from tests.pipeline.test_trace import with_contracts
from tests.worlds import world

AS_OF = "2027-05-01"
MEASURES = {"bookings": Measure(), "wins": Measure(quantity="count")}
DAY = 120 * TICKS
FUTURES, LEADS = 150, 250
STAGES: list[dict[str, Any]] = [
    {"name": "S0", "advance": "60%", "duration": {"kind": "lognormal", "mean": 40, "cv": 0.8}},
    {
        "name": "S1",
        "advance": "50%",
        "recycle": {"to": "S0", "chance": "20%"},
        "duration": {"kind": "gamma", "mean": 60, "shape": 3},
        "duration_lost": {"kind": "exponential", "mean": 90},
    },
]


def block(**changes: Any) -> PipelineSpec:
    """No factor that all deals of a year share: the months before the day say nothing of those after it."""
    return spec(
        slots=12, open_stages={"new": "queue"}, seasonality={
            "months": [3, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1, 3],
        }, **{"stages": STAGES, "arrivals": {"leads": LEADS}} | changes,
    )  # fmt: skip


def built(inputs: Inputs, pipeline: PipelineSpec) -> Built:
    return build(inputs, inputs.accounts.owner, pipeline, MEASURES)


def simulated(found: Built, first: int, count: int, seed: int = 3) -> list[World]:
    return [simulate_one(found.model, future) for future in each(futures(found.spreads, seed, first, count))]


@cache
def years() -> tuple[list[World], list[World], list[Booked]]:
    """Years in one go; what they become where they are cut on the day and simulated on; what they had booked."""
    inputs, pipeline = world(), block()
    pasts, on, had = simulated(built(inputs, pipeline), 0, FUTURES), [], []
    for number, past in enumerate(pasts):
        then = cut(inputs, past, AS_OF)
        on += simulated(built(then, pipeline), number, 1, seed=4)
        so_far = booked(then, MEASURES)
        assert so_far is not None
        had.append(so_far)
    return pasts, on, had


def wins(one: World) -> float:
    """Deals that are won from the day on."""
    return sum(deal.outcome == WON and deal.end >= DAY for deal in one.deals)


def bookings(one: World) -> float:
    """Money that is booked from the day on, millions."""
    return sum(line.amount for line in one.bookings if line.tick >= DAY) / 1e6


def early(one: World) -> float:
    """Deals that close in the first 30 days: with the wrong age or stage they would close later."""
    return sum(DAY <= deal.end < DAY + 30 * TICKS for deal in one.deals)


def losses(one: World) -> float:
    """Deals that are lost from the day on."""
    return sum(deal.outcome == LOST and deal.end >= DAY for deal in one.deals)


def waiting(one: World) -> float:
    """Leads that wait when the plan ends."""
    return sum(deal.outcome == WAITING for deal in one.deals)


@pytest.mark.parametrize("figure", [wins, bookings, early, losses, waiting])
def test_a_year_cut_on_a_day_and_simulated_on_has_the_law_of_the_year(
    figure: Callable[[World], float],
) -> None:
    whole, on, _ = years()
    once, twice = (np.array([figure(one) for one in worlds], dtype=float) for worlds in (whole, on))
    pairs = once - twice
    assert abs(pairs.mean()) <= 4 * pairs.std(ddof=1) / sqrt(FUTURES)
    # The logarithm of the ratio of two variances has about this error for a kurtosis near 3.
    assert abs(np.log(once.var(ddof=1) / twice.var(ddof=1))) <= 4 * sqrt(4 / FUTURES)


def test_what_was_booked_and_what_was_booked_then_make_the_year() -> None:
    whole, _, had = years()
    for one, so_far in zip(whole, had, strict=True):
        assert so_far.cells[..., 0].sum() == sum(line.amount for line in one.bookings if line.tick < DAY)
        assert so_far.cells[..., 1].sum() == sum(deal.outcome == WON and deal.end < DAY for deal in one.deals)


def test_leads_after_the_day_are_those_of_the_rest_of_the_year() -> None:
    _, on, _ = years()
    leads = np.array([sum(deal.row < 0 for deal in one.deals) for one in on], dtype=float)
    expected = LEADS * (1 - 6 / 18)
    assert abs(leads.mean() - expected) <= 4 * sqrt(expected / FUTURES)
    for one in on[:20]:
        assert all(event.tick >= DAY for event in one.events)
        assert all(deal.arrival >= DAY for deal in one.deals if deal.row < 0)


def test_waiting_leads_stay_in_the_queue_and_deals_in_progress_go_on() -> None:
    inputs = world()
    past = simulated(built(inputs, block()), 0, 1)[0]
    then = cut(inputs, past, AS_OF)
    assert {"new", "S0", "S1"} <= set(then.pipeline.stage)
    model = built(then, block()).model
    assert (model.opening.deal["stage"] == -1).sum() == then.pipeline.stage.count("new")
    assert model.selling.start == DAY
    assert model.arising.edge[0] == DAY


def known(*rows: tuple[int, int, int]) -> Inputs:
    """A world with actuals: (seat, day of the plan, minor units)."""
    inputs = world()
    deals = [
        {"rep": rep, "created": day - 3, "closed": day, "amount": amount, "outcome": 1, "stage": "Won"}
        for rep, day, amount in rows
    ]
    plan = replace(inputs.calendar, as_of=np.datetime64(AS_OF, "D"))
    return replace(inputs, calendar=plan, actuals=opportunities(deals))


def later(inputs: Inputs, *rows: tuple[int, int, int]) -> WonDeals:
    """Simulated deals: (replication, day of the plan, minor units), all of seat 0."""
    replication, day, amount = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    none = np.zeros(len(rows), dtype=np.int64)
    return WonDeals(
        replications=3, replication=replication, seat=none, day=inputs.calendar.start + day,
        period=inputs.calendar.period_of(day.astype(float)), product=none, segment=none,
        segments=(*inputs.accounts.segments, ""), amount=amount, credit={"bookings": amount, "wins": none + 1},
    )  # fmt: skip


def test_actual_deals_stand_before_the_simulated_ones_in_every_replication() -> None:
    inputs = known((1, 40, 500), (0, 10, 700))
    so_far = booked(inputs, MEASURES)
    assert so_far is not None
    both = followed(so_far.deals, later(inputs, (0, 130, 11), (2, 140, 22), (2, 150, 33)))
    assert both.replication.tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 2]
    assert both.amount.tolist() == [700, 500, 11, 700, 500, 700, 500, 22, 33]
    assert both.credit["wins"].tolist() == [1] * 9
    assert (np.diff(both.day[both.replication == 2]).astype(int) >= 0).all()


def test_deals_made_again_sum_to_the_cube_and_hold_the_actual_ones_of_the_seats_asked_for() -> None:
    inputs = known((1, 40, 500), (0, 10, 700), (0, 119, 1))
    so_far = booked(inputs, MEASURES)
    assert so_far is not None
    rest = later(inputs, (0, 130, 11), (1, 140, 22), (2, 150, 33))
    again = so_far.before(lambda numbers, seats: rest)
    everybody, second = again(np.arange(3), None), again(np.arange(3), np.array([1]))
    cube = np.zeros((3, 3, 12), dtype=np.int64)
    np.add.at(cube, (everybody.replication, everybody.seat, everybody.period), everybody.credit["bookings"])
    assert (cube[:, :, :4] == so_far.cells[:, :4, 0]).all()
    assert cube[:, :, 4:].sum(axis=(1, 2)).tolist() == [11, 22, 33]
    assert second.amount.tolist() == [500, 11, 500, 22, 500, 33]


def test_lost_deals_and_deals_without_a_seat_count_for_nobody() -> None:
    inputs = known((0, 10, 700), (-1, 12, 900))
    assert inputs.actuals is not None
    so_far = booked(replace(inputs, actuals=replace(inputs.actuals, outcome=np.array([0, 1]))), MEASURES)
    assert so_far is not None
    assert so_far.cells.sum() == 0


def test_renewals_so_far_count_as_such_and_new_business_as_new() -> None:
    inputs = known((1, 40, 500), (0, 10, 700))
    rows = [
        {"rep": 1, "created": day, "closed": day, "amount": amount, "outcome": 1, "stage": "Won"}
        for day, amount in ((20, 40), (50, 9))
    ]
    renewed = replace(opportunities(rows), kind=("renewal", "expansion"))
    measures = MEASURES | {
        "kept": Measure(kinds=("renewal",)), "new": Measure(kinds=("new",)),
        "all of them": Measure(kinds=("expansion", "renewal"), quantity="count"),
    }  # fmt: skip
    so_far = booked(replace(inputs, renewed=renewed), measures)
    assert so_far is not None
    assert so_far.cells.sum(axis=(0, 1)).tolist() == [1249, 4, 40, 1200, 2]
    assert so_far.cells[1, :2].tolist() == [[40, 1, 40, 0, 1], [509, 2, 0, 500, 1]]
    assert so_far.deals.amount.tolist() == [700, 40, 500, 9]
    assert (np.diff(so_far.deals.day).astype(int) >= 0).all()


def test_renewals_that_nobody_tells_of_are_missed() -> None:
    """Of contracts that renew in March, in July and a year from February two came up before May."""
    inputs = with_contracts(known((1, 40, 500)))
    pipeline = block(processes=[{"kind": "renewals", "churn": "10%"}])
    (told,) = built(inputs, pipeline).warnings
    assert told.startswith("W_NO_ACTUALS: data.actuals: 2 contracts came up for renewal from 2027-01-01")
    assert built(replace(inputs, renewed=opportunities([])), pipeline).warnings == ()
    assert built(with_contracts(world()), pipeline).warnings == ()
    new = {"bookings": Measure(kinds=("new",))}
    assert build(inputs, inputs.accounts.owner, pipeline, new).warnings == ()


def test_the_outlook_shows_what_is_booked_and_what_is_to_come() -> None:
    inputs = known((1, 40, 50_000), (0, 10, 70_000))
    so_far = booked(inputs, MEASURES)
    assert so_far is not None
    ahead = np.zeros((4, 3, 12, 2), dtype=np.int64)
    ahead[:, 0, 6, 0] = [0, 10_000, 20_000, 30_000]
    frame = outlook_table(inputs, MEASURES, ahead + so_far.cells, so_far.cells).frame
    money = frame[frame["measure"] == "bookings"].set_index("period")
    assert money["actual"].to_dict() == dict.fromkeys(inputs.calendar.labels, 0.0) | {
        "2027-01": 700.0, "2027-02": 500.0, "plan": 1200.0,
    }  # fmt: skip
    assert money.loc["2027-07", ["mean", "p50"]].tolist() == [150.0, 150.0]
    assert money.loc["plan", ["mean", "p10", "p90"]].tolist() == pytest.approx([150.0, 30.0, 270.0])
    assert frame[frame["measure"] == "wins"].set_index("period").loc["plan", "actual"] == 2


def test_a_run_holds_what_was_booked_and_the_same_bytes_for_any_number_of_workers() -> None:
    past = simulated(built(world(), block()), 7, 1)[0]
    then = cut(world(), past, AS_OF)
    pipeline = block(replications=40)
    one, two = (
        simulate(then, aligned(then), pipeline, MEASURES, seed=9, workers=workers, block=block_)
        for workers, block_ in ((1, None), (2, 7))
    )
    assert one.actual is not None
    assert (one.cube == two.cube).all()
    closed = then.calendar.closed
    assert closed == 4
    assert (one.cube[:, :, :closed] == one.actual[:, :closed]).all()
    assert (one.actual[:, closed:] == 0).all()
    assert one.actual.sum() > 0
    deals = one.deals(slice(None))
    sums = np.zeros_like(np.asarray(one.cube))
    for place, credit in enumerate(deals.credit.values()):
        np.add.at(sums[..., place], (deals.replication, deals.seat, deals.period), credit)
    assert (sums == one.cube).all()
    assert one.deals(np.array([3]), np.array([1])).seat.tolist() == [
        seat for seat, number in zip(deals.seat, deals.replication, strict=True) if (seat, number) == (1, 3)
    ]
    table = next(table.frame for table in one.tables if table.name == "bookings")
    january = table.query("basis == 'period' and measure == 'bookings'").iloc[0]
    assert january["p05"] == january["p95"] == one.actual[:, 0, 0].sum() / 100


def test_without_actuals_the_run_says_what_it_lacks() -> None:
    inputs = world()
    later_ = replace(inputs, calendar=replace(inputs.calendar, as_of=np.datetime64(AS_OF, "D")))
    (told,) = built(later_, block()).warnings
    assert told.startswith("W_NO_ACTUALS: as_of: no table tells what was won from 2027-01-01 to 2027-05-01")
    first = replace(inputs, calendar=replace(inputs.calendar, as_of=inputs.calendar.start))
    assert built(first, block()).warnings == ()
