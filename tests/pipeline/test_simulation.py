"""What must not change a result, and what must: workers, blocks, seats, ramps; and the limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput
from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline import counters, deals, simulate
from engine.pipeline.bookings import Bookings
from engine.pipeline.spec import PipelineSpec
from engine.territory.alignment import Alignment
from tests.pipeline.settings import aligned, spec, with_open, with_spells
from tests.worlds import world

MEASURES = {"bookings": Measure(), "deals": Measure(quantity="count")}


def run(pipeline: PipelineSpec, inputs: Inputs, **options: Any) -> Bookings:
    return simulate(inputs, aligned(inputs), pipeline, MEASURES, **({"seed": 1} | options))


@pytest.mark.parametrize(
    "options", [{"workers": 2}, {"workers": 8}, {"block": 1}, {"block": 7, "workers": 3}]
)
def test_workers_and_blocks_change_no_byte(options: dict[str, int]) -> None:
    block = spec(market={"sd": "10%"})
    once, again = run(block, world()), run(block, world(), **options)
    assert once.cube.tobytes() == again.cube.tobytes()
    assert once.kpis.tobytes() == again.kpis.tobytes()


def test_one_replication_alone_is_the_same_as_in_a_batch() -> None:
    block, inputs = spec(market={"sd": "10%"}), world()
    cube = run(block, inputs).cube
    for replication in (0, 17, 59):
        alone = deals(inputs, aligned(inputs), block, seed=1, replication=replication)
        won = alone[alone["outcome"] == "won"].groupby("rep")["amount"].sum()
        assert won.to_dict() == dict(zip(inputs.reps.id, cube[replication, :, :, 0].sum(axis=1), strict=True))


def test_fewer_replications_are_the_first_of_more() -> None:
    more, fewer = run(spec(), world()).cube, run(spec(replications=10), world()).cube
    assert np.array_equal(more[:10], fewer)


def test_another_seed_is_another_future() -> None:
    assert not np.array_equal(run(spec(), world()).cube, run(spec(), world(), seed=2).cube)


def test_permuting_seats_permutes_bookings() -> None:
    inputs = world()
    cube = run(spec(), inputs).cube
    swapped = replace(inputs, accounts=replace(inputs.accounts, owner=(inputs.accounts.owner + 1) % 3))
    assert np.array_equal(run(spec(), swapped).cube, np.roll(cube, 1, axis=1))


def test_a_seat_without_accounts_changes_nothing_for_the_others() -> None:
    inputs, more = world(reps=3), world(reps=4)
    moved = Alignment(inputs.accounts.owner, (), ())
    cube = simulate(more, moved, spec(), MEASURES, seed=1).cube
    assert np.array_equal(cube[:, :3], run(spec(), inputs).cube)
    assert not cube[:, 3].any()


def test_realigning_leaves_the_same_leads() -> None:
    inputs = world()
    block = spec(slots=1000)
    everything_to_one = Alignment(np.zeros(12, dtype=np.int64), (), ())
    cube = simulate(inputs, everything_to_one, block, MEASURES, seed=1).cube
    assert np.array_equal(cube[:, 0], run(block, inputs).cube.sum(axis=1))


def test_money_scales_with_prices() -> None:
    inputs = world()
    dear = replace(inputs, products=replace(inputs.products, price=3 * inputs.products.price))
    block = spec(sizes=None)
    assert np.array_equal(run(block, dear).cube[..., 0], 3 * run(block, inputs).cube[..., 0])


def test_a_faster_ramp_loses_no_deal() -> None:
    stages = [{"name": "Only", "advance": "50%", "duration": {"kind": "exponential", "mean": 20}}]
    new = with_spells(world(), [(seat, 0, None) for seat in range(3)])
    slow = run(spec(stages=stages, ramp=["20%"] * 3 + ["60%"] * 3), new).cube
    fast = run(spec(stages=stages, ramp=["50%", "90%"]), new).cube
    assert np.all(fast.sum(axis=(2,)) >= slow.sum(axis=(2,)))
    assert fast.sum() > slow.sum()


def test_a_vacant_seat_starts_no_work_and_leads_wait() -> None:
    inputs = with_spells(world(), [(0, -400, 90), (0, 200, None), (1, -400, None), (2, -400, None)])
    table = deals(inputs, aligned(inputs), spec(slots=3), seed=1, replication=0)
    started = table.loc[(table["rep"] == "R0") & table["start"].notna(), "start"]
    assert not started.between(90, 200, inclusive="left").any()
    assert (started == 200).sum() == 3
    assert table.loc[table["rep"] == "R0", "end"].between(90, 200).any()


def test_a_seat_nobody_ever_takes_closes_only_what_was_open() -> None:
    inputs = with_spells(
        with_open(world(), [{"rep": 0, "stage": "Close", "created": -5}]), [(1, -9, None), (2, -9, None)]
    )
    table = deals(inputs, aligned(inputs), spec(), seed=1, replication=0)
    waiting = table[(table["rep"] == "R0") & (table["arrival"] >= 0)]
    assert len(waiting) > 0
    assert (waiting["outcome"] == "waiting").all()
    assert table.loc[table["arrival"] == -5, "outcome"].item() in {"won", "lost"}


def test_more_open_deals_than_slots_are_all_in_progress() -> None:
    rows = [{"rep": 0, "account": 0, "stage": "Close", "created": -1} for _ in range(8)]
    table = deals(with_open(world(), rows), aligned(world()), spec(slots=3), seed=1, replication=0)
    seat = table[table["rep"] == "R0"]
    known, leads = seat[seat["arrival"] < 0], seat[(seat["arrival"] >= 0) & seat["start"].notna()]
    assert len(known) == 8
    third_last = np.sort(known["end"].fillna(365.0))[-3]
    assert leads["start"].min() >= third_last
    assert leads.iloc[0]["arrival"] < third_last


def test_deals_are_neither_made_nor_lost() -> None:
    rows = [{"rep": i % 3, "stage": "waiting" if i < 4 else "Qualify", "created": -9} for i in range(10)]
    block = spec(open_stages={"waiting": "queue"})
    result = run(block, with_open(world(), rows))
    count = {name: result.kpis[:, place] for place, name in enumerate(result.kpi_names)}
    came = count["leads"] + count["open_at_start"] + count["queued_at_start"]
    gone = count["won"] + count["lost"] + count["open_at_end"] + count["waiting_at_end"]
    assert np.array_equal(came, gone)
    assert np.all(count["queued_at_start"] == 4)
    assert np.array_equal(count["leads"] + 4, count["started"] + count["waiting_at_end"])
    assert np.array_equal(count["Close: entered"], count["Qualify: advanced"])
    assert np.array_equal(count["won"], count["Close: advanced"])
    for stage in ("Qualify", "Close"):
        left = count[f"{stage}: advanced"] + count[f"{stage}: lost"] + count[f"{stage}: open_at_end"]
        assert np.array_equal(count[f"{stage}: entered"], left)
    assert np.array_equal(result.cube[..., 1].sum(axis=(1, 2)), count["won"])
    assert np.array_equal(result.cube[..., 0].sum(axis=(1, 2)), count["won_amount"])
    assert len(result.kpi_names) == result.kpis.shape[1] == counters.GLOBAL + 2 * counters.FUNNEL


def test_absurd_work_is_refused_with_an_estimate() -> None:
    with pytest.raises(BadInput) as caught:
        run(spec(replications=1_000_000, arrivals={"leads": 1_000_000}), world())
    fault = caught.value.faults[0]
    assert (fault.code, fault.field) == ("E_LIMIT_WORK", "pipeline.replications")
    assert "minutes" in fault.message
    assert "at most" in fault.hint


def test_progress_is_told() -> None:
    told: list[float] = []

    class Listener:
        def stage(self, name: str) -> None: ...

        def warn(self, message: str) -> None: ...

        def update(self, message: str, done: float | None = None) -> None:
            if done is not None:
                assert "of 60 replications" in message
                told.append(done)

    run(spec(), world(), progress=Listener(), block=20)
    assert sorted(told) == pytest.approx([1 / 3, 2 / 3, 1])
