"""New seats take over what they are given, from their first day on, and change nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.inputs import FloatArray, Inputs
from engine.pipeline.answers import newcomers
from engine.pipeline.hiring import hiring_table
from engine.pipeline.layout import ROUND_ROBIN, TICKS
from engine.pipeline.lever import World
from engine.pipeline.model import Model
from engine.pipeline.newcomers import Newcomers, with_newcomers
from tests.pipeline.rich import rich
from tests.pipeline.settings import with_spells
from tests.pipeline.told import lines, play, told
from tests.worlds import world

HIRING: dict[str, Any] = {
    "goal": "2m", "target": "60%", "like": "R0", "starts": ["2027-01-01", "2027-05-11"], "most": 3,
}  # fmt: skip
MAY = 130 * TICKS


def asked(**changes: Any) -> tuple[World, Newcomers]:
    block = {name: changes.pop(name) for name in ("sources", "inputs", "processes") if name in changes}
    inputs, spec, found = rich(hiring=HIRING | changes, **block)
    assert spec.hiring is not None
    return found, newcomers(spec.hiring, inputs)


def by_cell(model: Model, owners: slice) -> FloatArray:
    """Expected leads of the springs of some seats in each cell, shape (cell,)."""
    arising = model.arising
    first, last, _ = owners.indices(len(arising.first) - 1)
    springs = arising.spring[arising.first[first] : arising.first[last]]
    return (springs["rate"][:, None] * np.diff(arising.mass[springs["shape"]], axis=1)).sum(axis=0)


@pytest.mark.parametrize("start", [0, MAY, 31 * TICKS])
def test_accounts_change_hands_and_no_lead_is_gained_or_lost(start: int) -> None:
    base, question = asked(accounts="20%")
    changed = with_newcomers(base, question, 2, start).model
    edge = changed.arising.edge
    assert start in edge
    old, new = by_cell(changed, slice(0, 3)), by_cell(changed, slice(3, 5))
    before = np.interp(
        edge, base.model.arising.edge, np.append(0, np.cumsum(by_cell(base.model, slice(0, 3))))
    )
    np.testing.assert_allclose(old + new, np.diff(before), rtol=1e-9)
    np.testing.assert_allclose(new, np.where(edge[:-1] >= start, 0.4, 0.0) * np.diff(before), atol=1e-9)


def test_accounts_come_from_the_seats_of_the_node_alone() -> None:
    base, question = asked(accounts="20%", within="district")
    changed = with_newcomers(base, question, 1, 0).model
    for seat, share in ((0, 0.8), (1, 1.0), (2, 0.8)):
        one = slice(seat, seat + 1)
        np.testing.assert_allclose(by_cell(changed, one), share * by_cell(base.model, one))


@pytest.mark.parametrize("shared", ["20%", "0%"])
def test_leads_that_new_seats_find_are_nobodys_loss(shared: str) -> None:
    base, question = asked(accounts=shared)
    more = asked(accounts=shared, additional="10%")[1]
    without, changed = (with_newcomers(base, one, 2, MAY).model for one in (question, more))
    before = base.model.arising
    leads = np.append(0, np.cumsum(by_cell(base.model, slice(0, 3))))
    behind = leads[-1] - np.interp(MAY, before.edge, leads)
    old, new = by_cell(changed, slice(0, 3)).sum(), by_cell(changed, slice(3, 5)).sum()
    assert old == pytest.approx(by_cell(without, slice(0, 3)).sum())
    assert new == pytest.approx(2 * (float(question.spec.accounts) + 0.1) * behind)


def test_new_seats_join_the_pools_of_the_named_one_in_the_order_of_keys() -> None:
    base, question = asked()
    routes = with_newcomers(base, question, 3, MAY).model.selling.routes
    seats = with_newcomers(base, question, 3, MAY).model.selling.seats
    pools = [routes.seat[a:b] for a, b in zip(routes.first[:-1], routes.first[1:], strict=True) if b > a]
    assert pools
    for pool in pools:
        assert sorted(pool.tolist()) == [0, 1, 2, 3, 4, 5]
        assert (np.diff(seats.key[pool].astype(object)) > 0).all()


def test_a_person_who_gets_no_leads_changes_nothing() -> None:
    base, question = asked(sources={"outbound": {"leads": 200}}, processes=[])
    before, after = lines(told(base, 0)), lines(told(with_newcomers(base, question, 2, MAY), 0))
    np.testing.assert_array_equal(before, after)


def test_new_seats_work_from_their_first_day_on_and_on_new_leads_of_accounts() -> None:
    base, question = asked(accounts="30%")
    deals = lines(told(with_newcomers(base, question, 1, MAY), 0))
    theirs = deals[deals["seat"] == 3]
    assert len(theirs) > 5
    own = theirs[theirs["source"] == 1]
    assert (own["arrival"] >= MAY).all()
    assert (theirs["start"][theirs["start"] >= 0] >= MAY).all()


def test_more_people_bring_more_where_slots_are_short() -> None:
    base, question = asked(accounts="20%")
    table = hiring_table(question, base, play, 6).frame
    assert table["hires"].tolist() == [0, 1, 2, 3] * 2
    early, late = table["mean"].to_numpy().reshape(2, 4)
    assert early[0] == late[0]
    assert early[3] > late[3] > late[0]
    assert (table["low"] <= table["probability"]).all()
    assert (table["probability"] <= table["high"]).all()
    assert (table["enough"] == (table["probability"] >= 0.6)).all()
    assert table["gain"][0] == 0


def in_the_tables(inputs: Inputs, hires: int, day: int) -> Inputs:
    """The world as it is with the new seats in its tables: seats like R0, each with a person from the day on."""
    names = [f"hire {number} like R0" for number in range(hires)]
    whole = replace(
        inputs.reps,
        id=(*inputs.reps.id, *names), name=(*inputs.reps.name, *names),
        levels={level: (*nodes, *nodes[:1] * hires) for level, nodes in inputs.reps.levels.items()},
        latitude=np.append(inputs.reps.latitude, np.full(hires, 40.0)),
        longitude=np.append(inputs.reps.longitude, np.full(hires, -100.0)),
        serves=(*inputs.reps.serves, *inputs.reps.serves[:1] * hires),
        slots=np.append(inputs.reps.slots, np.full(hires, -1)),
        history=np.append(inputs.reps.history, np.zeros(hires, dtype=np.int64)),
    )  # fmt: skip
    known = [(seat, -900, None) for seat in range(3)]
    return with_spells(
        replace(inputs, reps=whole), [*known, *((3 + number, day, None) for number in range(hires))]
    )


@pytest.mark.parametrize(("start", "day"), [("2027-01-01", 0), ("2027-05-11", 130)])
def test_the_answer_is_that_of_trying_every_number_of_seats_in_the_tables(start: str, day: int) -> None:
    source = {"inbound": {"leads": 250, "spread": "new", "routing": {"to": "least_loaded"}}}
    plain = with_spells(world(), [(seat, -900, None) for seat in range(3)])
    today = play(rich(sources=source, inputs=plain, processes=[])[2], "bookings", 6)
    goal, target, count = float(np.sort(today)[-2]), 0.6, len(today)
    terms = {"goal": f"{goal:.2f}", "target": target, "starts": [start]}
    base, question = asked(sources=source, inputs=plain, processes=[], **terms)
    table = hiring_table(question, base, play, count).frame
    brute = []
    for hires in range(4):
        _, _, changed = rich(sources=source, inputs=in_the_tables(world(), hires, day), processes=[])
        booked = play(changed, "bookings", count)
        brute.append(np.mean(booked >= goal))
        assert table["mean"][hires] == pytest.approx(booked.mean())
    assert table["probability"].tolist() == brute
    assert brute[0] == pytest.approx(2 / 6)
    assert brute[3] >= target
    enough = [hires for hires in range(4) if brute[hires] >= target]
    assert table.loc[table["enough"], "hires"].tolist() == enough


def test_a_probability_is_the_share_of_futures_that_reach_the_goal() -> None:
    base, question = asked()

    def counted(changed: World, measure: str, replications: int) -> FloatArray:
        seats = len(changed.model.selling.seats.slots)
        return np.linspace(1e6, 2e6, replications) + 2e5 * (seats - 3)

    table = hiring_table(question, base, counted, 101).frame
    assert table["probability"].tolist()[:4] == [1 / 101, 21 / 101, 41 / 101, 61 / 101]
    assert table["enough"].tolist()[:4] == [False, False, False, True]
    assert not table["sure"].any()


def test_round_robin_pools_take_the_new_seat_in_turn() -> None:
    source = {"inbound": {"leads": 120, "spread": "new", "routing": {"to": "round_robin"}}}
    base, question = asked(sources=source, inputs=world(), processes=[])
    changed = with_newcomers(base, question, 1, 0)
    assert ROUND_ROBIN in changed.model.selling.routes.kind
    got = np.bincount(lines(told(changed, 0))["seat"], minlength=4)
    assert got.max() - got.min() <= 6  # each of six pools of (segment, product) is even within one
