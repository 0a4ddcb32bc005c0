"""Key figures by hand: medians, cohorts, values, slippage, and the tables that tell them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.inputs import Inputs
from engine.pipeline import draws
from engine.pipeline import simulate as simulated_by_kernel
from engine.pipeline.competing_risks import Observed, incidence
from engine.pipeline.kpis.definitions import KPIS, kpi_values
from engine.pipeline.kpis.figures import kpi_table, kpis_by_group_table
from engine.pipeline.kpis.groups import groups_of
from engine.pipeline.kpis.histories import mean_days
from engine.pipeline.kpis.open_deals import open_pipeline, slippage_table, slippages
from engine.pipeline.kpis.resources import resources_table
from engine.pipeline.kpis.sampled import (
    cohort_win_rate,
    members,
    win_rate_by_value,
    won_from,
)
from engine.pipeline.kpis.stages import stages_table
from engine.pipeline.layout import LOST, TICKS, WON
from engine.pipeline.lever import World
from tests.pipeline.rich import MEASURES, rich
from tests.pipeline.settings import aligned
from tests.pipeline.told import future_of, named, simulate, told
from tests.worlds import world as plain_world


def test_the_value_of_a_won_deal_is_what_it_brings_without_what_it_takes_along(simulated: Any) -> None:
    found, _, world = simulated
    shared = larger = 0
    for number, one in enumerate(found.told):
        won = np.flatnonzero(one.deal["outcome"] == WON)
        assert (one.value[won] <= one.deal["amount"][won]).all()
        shared += (one.value[won] == one.deal["amount"][won]).sum()
        larger += (one.value[won] < one.deal["amount"][won]).sum()
        lines_ = {booked.key: booked.amount for booked in reversed(told(world, number).bookings)}
        assert all(one.value[deal] == lines_[int(one.deal["key"][deal])] for deal in won)
    assert shared > larger > 0


def test_values_are_drawn_as_the_engines_draw_them(simulated: Any) -> None:
    found, _, world = simulated
    model, one, future = world.model, found.told[0], future_of(world, 0)
    for place in range(0, len(one.deal), 7):
        deal = one.deal[place]
        if deal["row"] >= 0 and model.opening.deal[deal["row"]]["amount"] >= 0:
            continue
        tick = max(deal["start"], deal["arrival"]) if deal["end"] == -1 else deal["end"]
        factor = draws.price_at(model.closing, tick, deal["product"]) * future.seat[deal["seat"]]
        item = (int(deal["product"]), 0)
        amount = draws.amount_of(model.closing, future, np.uint64(deal["key"]), item, float(factor))
        assert one.value[place] == amount


def test_medians_and_means_by_hand(simulated: Any) -> None:
    found, groups, _world = simulated
    frame = kpi_table(found, groups[0]).frame.set_index("kpi")
    assert len(frame) == len(set(frame.index))
    medians, rates = [], []
    for one in found.told:
        won, lost = one.deal[one.deal["outcome"] == WON], one.deal[one.deal["outcome"] == LOST]
        medians.append(np.median((won["end"] - won["start"]) / TICKS))
        rates.append(len(won) / (len(won) + len(lost)))
    assert frame.loc["median_cycle_won", "mean"] == pytest.approx(np.mean(medians))
    assert frame.loc["win_rate", "mean"] == pytest.approx(np.mean(rates))
    assert frame.loc["median_deal", "mean"] < frame.loc["average_deal", "mean"]
    assert "nrr" not in frame.index


def test_the_win_rate_by_value_of_deals_of_one_size_is_that_by_count() -> None:
    inputs, world, count = _without_open()
    found = simulate(inputs, world, count)
    total = groups_of(inputs, world.model, world.names.segments)[0]
    by_value = [win_rate_by_value(part) for part in found.parts(total)]
    np.testing.assert_allclose(by_value, kpi_values(found.counted(total))["win_rate"])


def _without_open() -> tuple[Inputs, World, int]:
    sizes = {"law": {"kind": "fixed", "value": 1000}}
    inputs, _, changed = rich(sizes=sizes, attached=[], processes=[], inputs=plain_world())
    return inputs, changed, 2


def test_a_cohort_that_is_watched_to_its_end_wins_its_plain_share() -> None:
    inputs, world, _ = _without_open()
    one = simulate(inputs, world, 1)
    group = groups_of(inputs, world.model, world.names.segments)[0]
    (part,) = one.parts(group)
    early = part.told.deal["arrival"] < 60 * TICKS
    cut = replace(part, born=early)
    deal = part.told.deal[early]
    assert (deal["outcome"] >= LOST).all()
    within = deal["outcome"] == WON
    assert cohort_win_rate(cut, 300) == pytest.approx(within.mean())
    assert cohort_win_rate(cut, 400) == cohort_win_rate(cut, 300)
    (all_of_it,) = one.parts(group)
    assert np.isnan(cohort_win_rate(all_of_it, 400))


def test_a_censored_cohort_is_that_of_aalen_and_johansen() -> None:
    exit_, outcome = np.array([1, 2, 2, 3]), np.array([1, -1, 0, 1], dtype=np.int8)
    found = incidence(Observed(np.zeros(4, dtype=np.int64), exit_, outcome))
    np.testing.assert_allclose(found.won, [0, 0.25, 0.25, 0.75])


def test_wins_from_a_stage_count_the_deals_that_were_there(simulated: Any) -> None:
    found, groups, _world = simulated
    (part,) = found.parts(groups[0])[:1]
    rates = [won_from(part, stage) for stage in range(3)]
    assert rates[0] < rates[1] < rates[2] <= 1
    told_ = part.told
    last = {int(told_.of[visit]) for visit in np.flatnonzero(told_.stage == 2)}
    outcomes = [int(told_.deal["outcome"][deal]) for deal in last if told_.deal["end"][deal] >= 0]
    assert rates[2] == np.mean([outcome == WON for outcome in outcomes])


def test_deals_belong_to_the_period_in_which_they_close_and_arise(simulated: Any) -> None:
    found, groups, world = simulated
    one, edge = found.told[0], world.model.closing.edge
    periods = [members(one, group, edge) for group in named(groups, "period")]
    closed = sum(mine.astype(int) for mine, *_ in periods)
    np.testing.assert_array_equal(closed, (one.deal["end"] >= 0).astype(int))


def test_what_is_expected_and_slips_is_what_one_finds_by_looking(simulated: Any) -> None:
    found, _, world = simulated
    days, edge = mean_days(world.model), world.model.closing.edge
    np.testing.assert_allclose(days[:, 0], [10, 15, 20], rtol=1e-3)
    looked = slippages(found)
    for one, slip in zip(found.told, looked, strict=True):
        for period in (0, 5, 11):
            begin, end = int(edge[period]), int(edge[period + 1])
            expected = slipped = 0
            for visit in range(len(one.of)):
                if one.entered[visit] <= begin < one.left[visit]:
                    stage, deal = int(one.stage[visit]), one.deal[one.of[visit]]
                    ends = (
                        max(one.entered[visit] + days[stage, 0] * TICKS, begin)
                        + days[stage + 1 :, 0].sum() * TICKS
                    )
                    expected += ends < end
                    slipped += ends < end and not 0 <= deal["end"] < end
            assert slip.expected[0, period] == expected
            assert slip.slipped[0, period] == slipped
    frame = slippage_table(found, looked).frame
    assert frame["slip_rate"].dropna().between(0, 1).all()
    np.testing.assert_allclose(frame["open_value"], open_pipeline(looked)[1].sum(axis=0) / 100)
    assert (frame["expected_value"] <= frame["open_value"]).all()


def test_the_open_pipeline_at_the_start_is_that_of_the_tables(simulated: Any) -> None:
    found, _, _ = simulated
    value = open_pipeline(slippages(found))[1, :, 0]
    known = found.told[0].deal[found.told[0].deal["row"] == 0]
    assert int(known["amount"][0]) == 4_000_000
    assert value.sum() > 4_000_000


def test_tables_have_every_group_and_stage(simulated: Any) -> None:
    found, groups, world = simulated
    by_group = kpis_by_group_table(found, groups[1:]).frame
    assert set(by_group["by"]) == {"region", "district", "rep", "segment", "period"}
    assert not ((by_group["by"] == "segment") & (by_group["kpi"] == "utilisation")).any()
    assert not ((by_group["by"] == "period") & (by_group["kpi"] == "open_at_end")).any()
    stages = stages_table(found, groups, world.names.stages).frame
    assert len(stages) == 3 * len(groups)
    total = stages[stages["by"] == "total"].set_index("stage")
    assert total.loc["Close", "won_from"] > total.loc["Qualify", "won_from"]
    assert total["mean_open"].sum() == pytest.approx(found.counted(groups[0]).open_deals.mean())
    resources = resources_table(found, groups, world.names.resources).frame
    assert resources["resource"].tolist() == ["engineers"] * 13


def test_who_holds_a_resource_adds_up_to_all_that_is_held() -> None:
    """Engineers serve two stages: counters tell of nodes, seats and segments, deals simulated again of stages."""
    demand = {"Demo": {"share": "50%"}, "Close": {"share": "30%", "hold": {"kind": "fixed", "value": 4}}}
    inputs, spec, _ = rich(
        replications=4, processes=[{"kind": "resource", "name": "engineers", "units": 2, "stages": demand}]
    )
    found = simulated_by_kernel(inputs, aligned(inputs), spec, MEASURES, seed=3)
    tables = {table.name: table.frame for table in found.tables}
    whole, table = tables["resources"].iloc[0], tables["resources_by_group"]
    assert set(table["by"]) == {"region", "district", "rep", "segment", "stage"}
    assert table.loc[table["by"] == "stage", "group"].tolist() == ["Demo", "Close"]
    assert (table.loc[table["by"] == "stage", "mean_wait"] > 0).all()
    for _, part in table.groupby("by"):
        for figure in ("requests", "granted", "in_use", "utilisation"):
            assert part[figure].sum() == pytest.approx(whole[figure])
    assert whole["granted"] > 0


def test_every_definition_is_told_and_no_name_twice() -> None:
    assert all(kpi.definition for kpi in KPIS)
    assert len({kpi.name for kpi in KPIS}) == len(KPIS)
