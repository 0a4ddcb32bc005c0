"""Levers move what they name and no draw: the same futures with and without, and derivatives that are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine.errors import BadInput
from engine.pipeline.answers import refuse_unanswerable
from engine.pipeline.any_lever import levers_tried
from engine.pipeline.layout import ASKED, MONTH, WON
from engine.pipeline.lever import Lever, World
from engine.pipeline.levers.advance import Advance
from engine.pipeline.levers.attrition import Quits
from engine.pipeline.levers.churn import Churn
from engine.pipeline.levers.discount import Discount
from engine.pipeline.levers.duration import Duration
from engine.pipeline.levers.leads import Leads
from engine.pipeline.levers.needs import Needs
from engine.pipeline.levers.price import Price
from engine.pipeline.levers.ramp import Ramp
from engine.pipeline.levers.slots import Slots
from engine.pipeline.levers.units import Units
from engine.pipeline.paired import Effect, effect
from tests.pipeline.rich import MEASURES, rich
from tests.pipeline.told import lines, play, told
from tests.worlds import world as plain_world

OPEN_WORLD: dict[str, Any] = {
    "slots": 1000,
    "sources": {"inbound": {"leads": 400}},
    "stages": [
        {"name": "First", "advance": "50%", "duration": {"kind": "fixed", "value": 0}},
        {"name": "Last", "advance": "40%", "duration": {"kind": "fixed", "value": 0}},
    ],
    "sizes": {"law": {"kind": "fixed", "value": 1000}},
    "attached": [],
    "processes": [],
    "inputs": plain_world(),
}
"""No slot, no time and no horizon stands between a lead and its close: bookings are Poisson, 400 x 0.5 x 0.4 x 1000."""


def moved(lever: Lever, world: World, sign: int = 1) -> World:
    changed = lever.moved(world, sign)
    assert changed is not None
    return changed


@pytest.fixture(scope="module")
def world() -> World:
    return rich()[2]


def test_every_kind_that_the_world_has_is_tried(world: World) -> None:
    tried = [(lever.kind, lever.of) for lever in levers_tried(world)]
    assert tried == [
        ("advance", "Qualify"), ("advance", "Demo"), ("advance", "Close"), ("attrition", ""), ("discount", ""),
        ("duration", "Qualify"), ("duration", "Demo"), ("duration", "Close"), ("leads", "inbound"),
        ("leads", "outbound"), ("leads", "ENT"), ("leads", "SMB"), ("needs", "Demo, ENT"), ("needs", "Demo, SMB"),
        ("price", ""), ("ramp", ""), ("slots", ""),
        ("units", "engineers"),
    ]  # fmt: skip


def test_a_step_is_told_in_words(world: World) -> None:
    levers = (Advance(stage="Demo"), Advance(stage="Demo", by="-2.5%"), Duration(stage="Demo"), Slots(by=2), Ramp(),
              Units(resource="engineers"))  # fmt: skip
    assert [lever.step for lever in levers] == [
        "1 point more", "2.5 points less", "10 % less", "2 slots more", "1 month less", "1 unit more",
    ]  # fmt: skip


def test_advance_gives_its_stage_rows_of_its_own_and_leaves_the_others(world: World) -> None:
    before, after = world.model.selling, moved(Advance(stage="Demo", by="5%"), world).model.selling
    for stage in (0, 2):
        np.testing.assert_array_equal(before.cell[stage], after.cell[stage])
    demo = before.row[before.cell[1]], after.row[after.cell[1]]
    np.testing.assert_allclose(demo[1]["advance"], demo[0]["advance"] + 0.05)
    for name in set(before.row.dtype.names or ()) - {"advance"}:
        np.testing.assert_array_equal(demo[0][name], demo[1][name])
    known = moved(Advance(stage="Demo", by="5%"), world).model.opening.deal
    shifted = known["chance"] - world.model.opening.deal["chance"]
    np.testing.assert_allclose(shifted, np.where(known["stage"] == 1, 0.05, 0.0))


def test_advance_never_takes_what_going_back_has(world: World) -> None:
    selling = moved(Advance(stage="Demo", by="90%"), world).model.selling
    rows = selling.row[selling.cell[1]]
    np.testing.assert_allclose(rows["advance"] + rows["recycle"], 1.0)


def test_a_higher_chance_loses_no_deal_that_was_won() -> None:
    _, _, world = rich(**OPEN_WORLD)
    before, after = (lines(told(one, 0)) for one in (world, moved(Advance(stage="Last", by="10%"), world)))
    np.testing.assert_array_equal(before["key"], after["key"])
    assert (after["outcome"][before["outcome"] == WON] == WON).all()
    assert (after["outcome"] == WON).sum() > (before["outcome"] == WON).sum()


@pytest.mark.parametrize(("lever", "expected"), [
    (Advance(stage="First", by="1%"), 80_000 * 0.01 / 0.5),
    (Advance(stage="Last", by="1%"), 80_000 * 0.01 / 0.4),
    (Leads(by="10%"), 80_000 * 0.1),
    (Leads(segment="SMB", by="10%"), 80_000 * 0.1 / 2),
    (Price(by="1%"), 80_000 * 0.01),
])  # fmt: skip
def test_effects_are_the_derivatives_of_a_world_without_limits(lever: Lever, expected: float) -> None:
    _, _, world = rich(**OPEN_WORLD)
    base = play(world, "bookings", 40)
    values = effect(world, lever, play, base, "bookings").of_step
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert abs(values.mean() - expected) <= 4 * error


def test_what_comes_one_by_one_is_told_by_its_step_and_the_rest_by_both_ways() -> None:
    up, down = np.array([1.0, 3.0]), np.array([-9.0, -5.0])
    assert Effect(Slots(), up, down).of_step.tolist() == [1, 3]
    assert Effect(Price(), up, down).of_step.tolist() == [5, 4]
    assert Effect(Price(), up, None).of_step.tolist() == [1, 3]


def test_common_futures_cut_the_variance_of_an_effect() -> None:
    _, _, world = rich(**OPEN_WORLD)
    base = play(world, "bookings", 30)
    values = effect(world, Price(by="10%"), play, base, "bookings").of_step
    assert values.std() < base.std() / 5


def test_leads_keep_those_that_there_were() -> None:
    _, _, world = rich(**OPEN_WORLD)
    before, after = (lines(told(one, 0)) for one in (world, moved(Leads(by="30%"), world)))
    shared = np.isin(after["key"], before["key"])
    assert shared.sum() == len(before) < len(after)
    np.testing.assert_array_equal(
        np.sort(after[shared], order="key")[["key", "arrival"]],
        np.sort(before, order="key")[["key", "arrival"]],
    )


def test_days_change_without_another_draw() -> None:
    stages = [{"name": "First", "advance": "50%", "duration": {"kind": "exponential", "mean": 9}}]
    _, _, world = rich(**OPEN_WORLD | {"stages": stages})
    before, after = (lines(told(one, 0)) for one in (world, moved(Duration(stage="First", by="-50%"), world)))
    known = (before["end"] >= 0) & (before["row"] < 0)
    days = [(one["end"] - one["start"])[known] for one in (before, after)]
    assert np.abs(days[1] - days[0] / 2).max() <= 1


def test_ramp_moves_where_bands_of_tenure_begin(world: World) -> None:
    edges = world.model.selling.tenure_edge
    np.testing.assert_array_equal(edges, [4 * MONTH])
    np.testing.assert_array_equal(moved(Ramp(), world).model.selling.tenure_edge, [3 * MONTH])
    np.testing.assert_array_equal(moved(Ramp(by=-9), world).model.selling.tenure_edge, [0])


def test_attrition_scales_hazards_and_cumulative_hazards_alike(world: World) -> None:
    before, after = (one.model.selling.seats.hazards for one in (world, moved(Quits(by="-25%"), world)))
    np.testing.assert_allclose(after.rate, before.rate * 0.75)
    np.testing.assert_allclose(after.mass, before.mass * 0.75)


def test_a_discount_of_a_point_less_brings_a_point_of_the_list_amount() -> None:
    sizes = {"law": {"kind": "fixed", "value": 1000}, "discounts": {"S0": {"kind": "fixed", "value": 0.1}}}
    _, _, world = rich(**OPEN_WORLD | {"sizes": sizes, "mix": {"S0": 1}})
    before, after = (lines(told(one, 0)) for one in (world, moved(Discount(), world)))
    won = (before["outcome"] == WON) & (before["row"] < 0)
    assert set(before["amount"][won]) == {90_000}
    assert set(after["amount"][won]) == {91_000}


def test_slots_and_units_stop_where_nothing_would_be_left(world: World) -> None:
    assert (moved(Slots(), world).model.selling.seats.slots == 4).all()
    assert Slots(by=3).moved(world, -1) is None
    assert Units(resource="engineers", by=2).moved(world, -1) is None
    assert moved(Units(resource="engineers"), world).model.selling.resources.capacity["units"].tolist() == [3]


def test_fewer_requests_are_those_of_one_segment_and_stage_and_some_of_those_that_were(world: World) -> None:
    before, after = (
        world.model.selling,
        moved(Needs(stage="Demo", segment="SMB", by="-50%"), world).model.selling,
    )
    smb = world.names.segments.index("SMB")
    for name in ("needs", "advance", "resource", "law"):
        old, new = before.row[name][before.cell], after.row[name][after.cell]
        factor = np.ones(old.shape)
        factor[1, smb] = 0.5 if name == "needs" else 1.0
        np.testing.assert_allclose(new, old * factor)
    assert Needs(stage="Qualify").moved(world, 1) is None
    assert Needs(stage="Demo", by="90%").moved(moved(Needs(stage="Demo", by="90%"), world), 1) is None
    asked = [
        {event.key for event in told(one, 0).events if event.what == ASKED}
        for one in (world, moved(Needs(stage="Demo", by="-50%"), world))
    ]
    assert asked[1] < asked[0]


def test_churn_stays_a_probability(world: World) -> None:
    assert Churn.tried(world) == ()
    rule = world.model.base.rule
    assert len(moved(Churn(by="-100%"), world).model.base.rule) == len(rule)


def test_questions_about_what_is_not_there_are_refused_all_at_once() -> None:
    inputs, spec, world = rich(
        bottleneck={"measure": "bookigns", "levers": [{"kind": "advance", "stage": "Dmo"}]},
        investments=[{"name": "Tool", "cost": "10k", "margin": "50%",
                      "changes": [{"kind": "units", "resource": "engineers", "by": -2},
                                  {"kind": "leads", "source": "inbond"}]}],
        hiring={"goal": "1m", "target": "80%", "like": "R9", "starts": ["2028-03-01"], "most": 2, "within": "zone"},
        lifetime={"discount": "8%", "margin": "80%"},
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        refuse_unanswerable(spec, inputs, MEASURES, world)
    assert [(fault.code, fault.field) for fault in caught.value.faults] == [
        ("E_REFERENCE", "pipeline.bottleneck.measure"),
        ("E_REFERENCE", "pipeline.bottleneck.levers[0].stage"),
        ("E_RANGE", "pipeline.investments[0].changes[0].by"),
        ("E_REFERENCE", "pipeline.investments[0].changes[1].source"),
        ("E_REFERENCE", "pipeline.hiring.like"),
        ("E_REFERENCE", "pipeline.hiring.within"),
        ("E_DATE", "pipeline.hiring.starts[0]"),
        ("E_REQUIRED", "pipeline.lifetime"),
    ]
    assert "Did you mean 'bookings'?" in caught.value.faults[0].hint


@pytest.mark.parametrize(("changes", "code"), [
    ({"most": 5, "accounts": "30%"}, "more than there is"),
    ({"starts": ["2027-05-01", "2027-02-01"]}, "not in the order"),
    ({"target": "100%"}, "less than 1"),
])  # fmt: skip
def test_hiring_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    hiring = {"goal": "1m", "target": "80%", "like": "R0", "starts": ["2027-03-01"], "most": 2}
    with pytest.raises(ValidationError, match=code):
        rich(hiring=hiring | changes)
