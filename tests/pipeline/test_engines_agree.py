"""The SimPy reference and the compiled kernel agree on every deal, bit by bit."""

from __future__ import annotations

from typing import Any

import numpy as np
from engine.pipeline.kernel import simulate_block
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline import counters
from engine.pipeline.build import build
from engine.pipeline.model import LINE, LOST, OPEN, WAITING, WON, Future, Model
from engine.pipeline.reference import Deal, simulate_one
from engine.pipeline.replications import Run, market_factors, trace_one
from engine.pipeline.spec import PipelineSpec
from tests.pipeline.settings import spec, with_open, with_spells
from tests.worlds import world

MEASURES = {
    "bookings": Measure(),
    "deals": Measure(quantity="count"),
    "small": Measure(products=("S0",), segments=("SMB",)),
}

LAWS = st.sampled_from([
    {"kind": "exponential", "mean": 20},
    {"kind": "lognormal", "mean": 12, "cv": 2},
    {"kind": "weibull", "mean": 30, "shape": 0.7},
    {"kind": "gamma", "mean": 25, "shape": 3},
    {"kind": "fixed", "value": 0},
    {"kind": "fixed", "value": 7},
    {"kind": "empirical", "values": [1, 1, 5, 80]},
    {"kind": "empirical", "values": [0, 10, 60, 90], "at": [0, "40%", "40%", 1]},
])  # fmt: skip
TIMES_PRICE = {"law": {"kind": "lognormal", "mean": 900, "cv": 2}, "times_price": "true"}
SIZES = st.sampled_from(
    [None, TIMES_PRICE, {"by_product": {"S1": {"kind": "gamma", "mean": 70, "shape": 2}}}]
)
ARRIVALS = st.sampled_from([{"leads": 5}, {"leads": 60, "spread": "potential"}, {"by_segment": {"ENT": 20}}])
STAGE = st.fixed_dictionaries(
    {
        "advance": st.sampled_from(["100%", "70%", "30%", "0"]),
        "duration": LAWS,
        "duration_lost": st.none() | LAWS,
    }
)
OPEN_DEAL = st.fixed_dictionaries({
    "account": st.integers(-1, 5),
    "rep": st.integers(0, 1),
    "product": st.integers(-1, 1),
    "stage": st.sampled_from(["first", "last", "waiting"]),
    "created": st.sampled_from([-200, -31, -3, 0]),
    "amount": st.sampled_from([-1, 0, 12_345]),
})  # fmt: skip
SPELLS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([-700, -40, 0]), st.sampled_from([20, 60, None])), max_size=2
)
BACKFILL = st.lists(st.tuples(st.integers(0, 1), st.sampled_from([60, 150]), st.none()), max_size=2)


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[Inputs, PipelineSpec]:
    """Two seats, six accounts, and every feature in turn."""
    stages = [
        stage | {"name": f"S{place}"}
        for place, stage in enumerate(draw(st.lists(STAGE, min_size=1, max_size=3)))
    ]
    block: dict[str, Any] = {
        "stages": stages,
        "slots": draw(st.sampled_from([1, 2, 7])),
        "arrivals": draw(ARRIVALS),
        "seasonality": draw(st.sampled_from([None, {"months": [1, 0, 2, 0, 5, 1, 1, 1, 0, 1, 1, 0]}])),
        "mix": draw(st.sampled_from([{}, {"S0": 3, "S1": 1}, {"S1": 1}])),
        "mix_by_segment": draw(st.sampled_from([{}, {"ENT": {"S0": 1}}])),
        "sizes": draw(SIZES),
        "ramp": draw(st.sampled_from([[], ["20%", "50%", "80%"]])),
        "market": draw(st.sampled_from([None, {"sd": "30%"}, {"sd": "50%", "applies_to": "arrivals"}])),
        "open_stages": {"first": stages[0]["name"], "last": stages[-1]["name"], "waiting": "queue"},
    }  # fmt: skip
    inputs = with_open(world(accounts=6, reps=2), draw(st.lists(OPEN_DEAL, max_size=12)))
    early, late = draw(SPELLS), draw(BACKFILL)
    seats = {spell[0]: spell for spell in early}
    after = {spell[0]: spell for spell in late if spell[0] not in seats or seats[spell[0]][2] is not None}
    return with_spells(inputs, [*seats.values(), *after.values()]), spec(**block)


def line(deal: Deal) -> tuple[int, ...]:
    """A deal of the reference as the kernel writes it, but for the row of the open pipeline."""
    return (
        deal.seat, int(deal.key), deal.account, deal.segment, deal.product, deal.amount,
        deal.arrival, deal.start, deal.end, deal.outcome,
    )  # fmt: skip


def tally_of(deals: list[Deal], model: Model) -> list[int]:
    """The counters, counted from the deals of the reference in plain words."""
    horizon, stages = model.selling.horizon, len(model.selling.stage)
    in_progress = int(np.sum(model.opening.deal["stage"] >= 0))
    queued = len(model.opening.deal) - in_progress
    by = {
        outcome: [deal for deal in deals if deal.outcome == outcome] for outcome in (WON, LOST, OPEN, WAITING)
    }
    known = set(model.opening.deal["key"][model.opening.deal["stage"] >= 0].tolist())
    started = [deal for deal in deals if deal.start >= 0 and int(deal.key) not in known]
    counted = [
        len(deals) - in_progress - queued, in_progress, queued, len(started), len(by[WON]), len(by[LOST]),
        len(by[OPEN]), len(by[WAITING]), sum(deal.amount for deal in by[WON]),
        sum(deal.end - deal.start for deal in by[WON]), sum(deal.end - deal.start for deal in by[LOST]),
        sum(deal.start - deal.arrival for deal in started),
        sum((deal.end if deal.end >= 0 else horizon) - max(deal.start, 0) for deal in deals if deal.outcome != WAITING),
    ]  # fmt: skip
    visits = [visit for deal in deals for visit in deal.visits]
    for stage in range(stages):
        there = [visit for visit in visits if visit.stage == stage]
        left = [visit for visit in there if visit.left >= 0]
        on = sum(visit.advanced for visit in left)
        counted += [
            len(there),
            on,
            len(left) - on,
            len(there) - len(left),
            sum(v.left - v.entered for v in left),
        ]
    return counted


@settings(max_examples=60)
@given(scenarios(), st.integers(0, 3), st.integers(0, 2**63 - 1))
def test_reference_and_kernel_are_equal(
    scenario: tuple[Inputs, PipelineSpec], replication: int, seed: int
) -> None:
    inputs, block = scenario
    model = build(inputs, inputs.accounts.owner, block, MEASURES)
    market = market_factors(block.market, Run(seed, replication, 1))
    deals = simulate_one(model, Future(seed, replication, market[0, 0], market[0, 1]))
    tally, lines = trace_one(model, block, seed, replication)
    names = [name for name in LINE.names or () if name != "row"]
    assert [line(deal) for deal in deals] == lines[names].tolist()
    assert tally.tolist() == tally_of(deals, model)

    cube = np.zeros((1, 2, 12, 3), np.int64)
    simulate_block(
        model, (seed, replication), market, cube, np.zeros((1, len(tally)), np.int64), np.zeros(0, LINE)
    )
    expected = np.zeros_like(cube[0])
    for deal in deals:
        if deal.outcome == WON:
            period = int(inputs.calendar.period_of(np.array([deal.end / 1e6]))[0])
            small = deal.product == 0 and deal.account >= 0 and inputs.accounts.segment[deal.account] == "SMB"
            expected[deal.seat, period] += [deal.amount, 1, deal.amount if small else 0]
    assert np.array_equal(cube[0], expected)


def test_a_crowded_year_is_equal() -> None:
    rows = [
        {"account": place % 12, "rep": place % 3, "stage": "Close", "created": -place} for place in range(40)
    ]
    inputs = with_open(world(), rows)
    block = spec(arrivals={"leads": 2_000, "spread": "potential"}, slots=4, ramp=["50%"])
    model = build(inputs, inputs.accounts.owner, block, MEASURES)
    deals = simulate_one(model, Future(5, 9, 1.0, 1.0))
    tally, lines = trace_one(model, block, 5, 9)
    assert len(deals) > 1_800
    assert [deal.end for deal in deals] == lines["end"].tolist()
    assert [deal.amount for deal in deals] == lines["amount"].tolist()
    assert tally[counters.WAITING_AT_END] > 1_000
