"""Identities between key figures, which hold in every replication to the last integer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.pipeline import counters as c
from engine.pipeline.kpis.groups import groups_of
from engine.pipeline.kpis.sampled import (
    mean_open,
    mean_waiting,
)
from tests.pipeline.rich import rich
from tests.pipeline.told import named, simulate, whole
from tests.worlds import world as plain_world


def test_groups_of_a_dimension_add_up_to_the_whole(simulated: Any) -> None:
    found, groups, _world = simulated
    every = found.counted(groups[0]).tallies
    for by in ("region", "district", "rep", "segment", "period"):
        parts = sum(found.counted(group).tallies for group in named(groups, by))
        np.testing.assert_array_equal(parts, every, err_msg=by)
    assert [group.name for group in named(groups, "district")] == ["North", "South"]
    assert [group.name for group in named(groups, "segment")] == ["ENT", "SMB", ""]
    assert sum(group.days for group in named(groups, "period")) == groups[0].days == 365


def test_deals_without_an_account_are_a_segment_only_where_there_may_be_any() -> None:
    inputs, _, world = rich(inputs=plain_world(), sources={"known": {"leads": 10}}, processes=[])
    groups = groups_of(inputs, world.model, world.names.segments)
    assert [group.name for group in named(groups, "segment")] == ["ENT", "SMB"]


def test_every_deal_is_somewhere_at_the_end(simulated: Any) -> None:
    found, groups, _ = simulated
    for group in groups:
        if group.dimension in ("total", "segment"):
            k = found.counted(group)
            came = k(c.LEADS) + k(c.OPEN_AT_START) + k(c.QUEUED_AT_START)
            went = (
                k(c.WON_DEALS)
                + k(c.LOST_DEALS)
                + k(c.OPEN_AT_END)
                + k(c.WAITING_AT_END)
                + k(c.ABANDONED_LEADS)
            )
            np.testing.assert_array_equal(came, went)


def test_what_enters_a_stage_advances_goes_back_is_lost_or_is_still_there(simulated: Any) -> None:
    found, groups, world = simulated
    for group in groups:
        if group.dimension not in ("total", "segment"):
            continue
        k = found.counted(group)
        for stage in range(len(world.names.stages)):
            at = c.GLOBAL + c.FUNNEL * stage
            left = k(at + c.ADVANCED) + k(at + c.RECYCLED) + k(at + c.LOST_THERE)
            np.testing.assert_array_equal(k(at + c.ENTERED), left + k(at + c.OPEN_THERE))


def swept(entered: Any, left: Any, start: int, horizon: int) -> int:
    """Integral of how many are there between two ticks, by going through all comings and goings in order."""
    events = [(max(int(t), start), 1) for t in entered] + [(min(int(t), horizon), -1) for t in left]
    area, there, last = 0, 0, start
    for tick, step in sorted(events):
        area, there, last = area + there * (tick - last), there + step, tick
    return area


def test_littles_law_holds_on_every_path_stage_by_stage_and_in_total(simulated: Any) -> None:
    found, groups, world = simulated
    start, horizon = world.model.selling.start, world.model.selling.horizon
    for replication, one in enumerate(found.told):
        whole = 0
        for stage in range(len(world.names.stages)):
            here = one.stage == stage
            times = np.minimum(one.left[here], horizon) - np.maximum(one.entered[here], start)
            assert times.sum() == swept(one.entered[here], one.left[here], start, horizon)
            assert mean_open(found.parts(groups[0])[replication], stage) == times.sum() / (horizon - start)
            whole += int(times.sum())
        assert whole == found.counts.of(0)[replication, c.HELD]
        begun = one.deal[one.deal["start"] != -1]
        end = np.where(begun["end"] >= 0, begun["end"], horizon)
        assert whole == swept(begun["start"], end, start, horizon)


def test_waiting_deals_obey_littles_law_too(simulated: Any) -> None:
    found, groups, world = simulated
    start, horizon = world.model.selling.start, world.model.selling.horizon
    for part in found.parts(groups[0]):
        waited = part.told.deal[part.told.deal["row"] < 0]
        left = np.where(
            waited["start"] >= 0, waited["start"], np.where(waited["end"] >= 0, waited["end"], horizon)
        )
        assert mean_waiting(part) == swept(waited["arrival"], left, start, horizon) / (horizon - start)


def test_times_in_periods_add_up_to_the_whole(simulated: Any) -> None:
    found, groups, _ = simulated
    whole = mean_open(found.parts(groups[0])[0], 1) * 365
    parts = [mean_open(found.parts(group)[0], 1) * group.days for group in named(groups, "period")]
    assert sum(parts) == pytest.approx(whole)


def test_velocity_is_bookings_a_day_times_time_in_pipeline_over_cycle(simulated: Any) -> None:
    found, groups, _ = simulated
    k = found.counted(groups[0])
    bookings_a_day = k.money(c.WON_AMOUNT) / 365
    closed = k(c.WON_DEALS) + k(c.LOST_DEALS)
    time_in_pipeline = k.time(c.HELD) / closed
    np.testing.assert_allclose(k.velocity, bookings_a_day * time_in_pipeline / k.cycle)


def test_velocity_is_bookings_a_day_where_all_deals_begin_and_end_within() -> None:
    stages = [{"name": "Only", "advance": "50%", "duration": {"kind": "fixed", "value": 20},
               "duration_lost": {"kind": "fixed", "value": 5}}]  # fmt: skip
    inputs, _, world = rich(
        stages=stages, slots=500, processes=[], attached=[], inputs=plain_world(),
        sources={"all": {"leads": 200, "seasonality": {"periods": [0, 1, *[1] * 9, 0]}}},
    )  # fmt: skip
    counted = whole(simulate(inputs, world, 3))
    assert (counted(c.OPEN_AT_END) == 0).all()
    assert (counted.won > 60).all()
    np.testing.assert_allclose(counted.velocity, counted.money(c.WON_AMOUNT) / 365, rtol=1e-12)
