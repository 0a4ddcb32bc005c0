"""The compiled engine: its two ways agree, and its counters say what its deals and events say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pipeline import counters as c
from engine.pipeline.events.block import needs_events, simulate_block
from engine.pipeline.layout import (
    ARRIVED,
    ASKED,
    DISCARDED,
    DROPPED,
    ENTERED,
    FREED,
    GAVE_UP,
    GRANTED,
    LINE,
    LOST,
    LOST_THERE,
    MOVED,
    OPEN,
    STARTED,
    WAITING,
    WON,
    WON_THERE,
)
from engine.pipeline.model import Futures, Model
from tests.pipeline.drawn import futures, models
from tests.pipeline.simulated import Simulated, empty, simulated

SOME = settings(max_examples=60)


@SOME
@given(st.data())
def test_seats_alone_and_events_give_the_same_bits(data: st.DataObject) -> None:
    model = data.draw(models(plain=True))
    future = data.draw(futures(model))
    assert not needs_events(model)
    by_events, by_slots = simulated(model, future), simulated(model, future, by_tick=False)
    assert by_slots.lines.tolist() == by_events.lines.tolist()
    assert np.array_equal(by_slots.cube, by_events.cube)
    assert np.array_equal(by_slots.tally, by_events.tally)
    logs = (log[np.argsort(log["key"], kind="stable")] for log in (by_slots.events, by_events.events))
    assert np.array_equal(*logs)


def stage_of(model: Model, counter: int) -> list[int]:
    """Places of a counter of every stage."""
    return [c.GLOBAL + c.FUNNEL * stage + counter for stage in range(len(model.selling.cell))]


def resource_of(model: Model, counter: int) -> list[int]:
    """Places of a counter of every resource."""
    first = c.GLOBAL + c.FUNNEL * len(model.selling.cell)
    return [first + c.SHARED * place + counter for place in range(len(model.selling.resources.first) - 1)]


def expected_counters(model: Model, done: Simulated) -> dict[int, int]:
    """Counters of the whole pipeline, counted from lines and events in plain words."""
    lines, start, horizon = done.lines, model.selling.start, model.selling.horizon
    happened = Counter(done.events["what"].tolist())
    known = lines["row"] >= 0
    stage = model.opening.deal["stage"]
    begun = lines["start"] != -1
    fresh = begun & ~(known & (np.append(stage, 0)[lines["row"]] >= 0))
    won, lost = lines[lines["outcome"] == WON], lines[(lines["outcome"] == LOST) & begun]
    until = np.where(lines["end"] >= 0, lines["end"], horizon)
    return {
        c.LEADS: int(np.sum(~known & (lines["outcome"] != DROPPED))),
        c.DROPPED_LEADS: int(np.sum(lines["outcome"] == DROPPED)),
        c.ABANDONED_LEADS: happened[GAVE_UP],
        c.OPEN_AT_START: int(np.sum(stage >= 0)),
        c.QUEUED_AT_START: int(np.sum(stage < 0)),
        c.STARTED: happened[STARTED],
        c.WON_DEALS: happened[WON_THERE],
        c.LOST_DEALS: happened[LOST_THERE],
        c.MOVED: happened[MOVED],
        c.OPEN_AT_END: int(np.sum(lines["outcome"] == OPEN)),
        c.WAITING_AT_END: int(np.sum(lines["outcome"] == WAITING)),
        c.WON_AMOUNT: int(won["amount"].sum()),
        c.CYCLE_WON: int(np.sum(won["end"] - won["start"])),
        c.CYCLE_LOST: int(np.sum(lost["end"] - lost["start"])),
        c.WAIT: int(np.sum((lines["start"] - lines["arrival"])[fresh])),
        c.HELD: int(np.sum((until - np.maximum(lines["start"], start))[begun])),
    }


@SOME
@given(st.data())
def test_counters_say_what_deals_and_events_say(data: st.DataObject) -> None:
    model = data.draw(models())
    done = simulated(model, data.draw(futures(model)))
    total, happened = done.tally[0], Counter(done.events["what"].tolist())
    for counter, value in expected_counters(model, done).items():
        assert total[counter] == value, counter
    seats, segments, periods, groups = c.groups(model)
    with_seat = [place for place in range(len(total)) if place not in resource_of(model, c.CAPACITY_TICKS)]
    with_seat.remove(c.DROPPED_LEADS)
    assert np.array_equal(total[with_seat], done.tally[seats:segments].sum(axis=0)[with_seat])
    assert np.array_equal(total, done.tally[periods:groups].sum(axis=0))
    of_deals = [place for place in with_seat if place not in (c.PRESENT, c.SLOT_TICKS, c.QUITS, c.HIRED)]
    assert np.array_equal(total[of_deals], done.tally[segments:periods].sum(axis=0)[of_deals])
    in_progress = int(np.sum(model.opening.deal["stage"] >= 0))
    assert total[stage_of(model, c.ENTERED)].sum() == happened[ENTERED] + in_progress
    left = total[stage_of(model, c.ADVANCED)] + total[stage_of(model, c.RECYCLED)]
    left = left + total[stage_of(model, c.LOST_THERE)] + total[stage_of(model, c.OPEN_THERE)]
    assert np.array_equal(total[stage_of(model, c.ENTERED)], left)
    assert total[resource_of(model, c.REQUESTED)].sum() == happened[ASKED]
    assert total[resource_of(model, c.GRANTS)].sum() == happened[GRANTED] >= happened[FREED]


@SOME
@given(st.data())
def test_nothing_is_served_beyond_what_there_is(data: st.DataObject) -> None:
    """Slots of seats without hand-overs, and units of resources, are never exceeded by new work."""
    model = data.draw(models())
    done = simulated(model, data.draw(futures(model)))
    for seat in range(len(model.selling.seats.slots)):
        mine = done.lines[done.lines["seat"] == seat]
        for start in mine["start"][mine["start"] > model.selling.start]:
            until = np.where(mine["end"] >= 0, mine["end"], model.selling.horizon)
            running = int(np.sum((mine["start"] != -1) & (mine["start"] <= start) & (until > start)))
            moved = int(np.sum(done.events["what"] == MOVED))
            opened = int(np.sum(model.opening.deal["seat"] == seat))
            assert running <= model.selling.seats.slots[seat] + moved + opened
    first = model.selling.resources.first
    for counter_units, counter_held in zip(
        resource_of(model, c.CAPACITY_TICKS), resource_of(model, c.IN_USE), strict=True
    ):
        most = model.selling.resources.capacity["units"].max(initial=0)
        span = model.selling.horizon - model.selling.start
        assert 0 <= done.tally[0, counter_held] <= most * span
        assert 0 <= done.tally[0, counter_units] <= most * span
    assert len(first) >= 1


@SOME
@given(st.data())
def test_every_booking_is_a_won_deal_or_of_a_contract(data: st.DataObject) -> None:
    model = data.draw(models())
    future = data.draw(futures(model))
    every = model._replace(closing=model.closing._replace(counts=np.ones_like(model.closing.counts)))
    no_base = every._replace(
        base=every.base._replace(contract=every.base.contract[:0], first=0 * every.base.first)
    )
    done, without = simulated(every, future), simulated(no_base, future)
    won = without.lines[without.lines["outcome"] == WON]
    expected = np.zeros_like(without.cube)
    for line in won:
        period = int(np.searchsorted(model.closing.edge, line["end"], side="right")) - 1
        expected[line["seat"], period] += [line["amount"], 1, line["amount"]]
    assert np.array_equal(without.cube, expected)
    added = (done.cube - without.cube)[..., 0].sum()
    assert added == done.tally[0, c.RENEWED_AMOUNT] + done.tally[0, c.EXPANDED_AMOUNT]


def permuted(model: Model, order: list[int]) -> Model:
    """The same model with its seats in another order; what seats own is moved along."""
    seats, selling = model.selling.seats, model.selling
    new_of = {old: new for new, old in enumerate(order)}

    def owned(table: Any, first: Any) -> tuple[Any, Any]:
        parts = [table[first[old] : first[old + 1]] for old in order]
        return np.concatenate(parts), np.cumsum([0, *map(len, parts)]).astype(np.int64)

    def told(rows: Any, name: str) -> Any:
        moved = rows.copy()
        moved[name] = [new_of.get(int(old), -1) for old in rows[name]]
        return moved

    spell, first = owned(seats.spell, seats.first)
    columns = {
        name: getattr(seats, name)[order]
        for name in ("key", "slots", "backfill", "backfills_planned", "newcomer", "on_leave", "team")
    }
    spring, owned_first = owned(model.arising.spring, model.arising.first)
    pooled = model.arising.spring[model.arising.first[-1] :]
    deal, deal_first = owned(model.opening.deal, model.opening.first)
    contract, contract_first = owned(model.base.contract, model.base.first)
    route_seat = np.array([new_of[int(old)] for old in selling.routes.seat])
    return model._replace(
        arising=model.arising._replace(
            spring=told(np.concatenate((spring, pooled)), "owner"), first=owned_first
        ),
        selling=selling._replace(
            seats=seats._replace(spell=spell, first=first, **columns),
            routes=selling.routes._replace(seat=route_seat),
        ),
        opening=model.opening._replace(deal=told(deal, "seat"), first=deal_first),
        base=model.base._replace(contract=told(contract, "seat"), first=contract_first),
    )


@SOME
@given(st.data())
def test_the_order_of_seats_changes_nothing(data: st.DataObject) -> None:
    model = data.draw(models())
    future = data.draw(futures(model))
    order = data.draw(st.permutations(range(len(model.selling.seats.slots))))
    done = simulated(model, future)
    again = simulated(permuted(model, order), future._replace(seat=future.seat[order]))
    assert np.array_equal(again.cube, done.cube[order])
    assert np.array_equal(again.tally[0], done.tally[0])
    names = [name for name in LINE.names or () if name not in ("row", "seat")]
    assert sorted(again.lines[names].tolist()) == sorted(done.lines[names].tolist())
    was = np.array([*order, -1])
    assert sorted(zip(again.lines["key"].tolist(), was[again.lines["seat"]].tolist(), strict=True)) == sorted(
        zip(done.lines["key"].tolist(), done.lines["seat"].tolist(), strict=True)
    )


@settings(max_examples=30)
@given(st.data())
def test_a_replication_is_the_same_alone_and_in_a_block(data: st.DataObject) -> None:
    """Also where arrays must grow in the middle of the block."""
    model = data.draw(models())
    future = data.draw(futures(model))
    arrivals = np.array([1.0, 9.0, 0.5])
    block = Futures(
        future.seed,
        future.number,
        arrivals,
        np.full(3, future.amounts),
        np.tile(future.group, (3, 1)),
        np.tile(future.seat, (3, 1)),
        np.tile(future.product, (3, 1)),
        np.tile(future.odds, (3, 1)),
        np.tile(future.days, (3, 1)),
    )
    cube, tallies = empty(model, 3)
    trace = np.zeros(20_000, LINE)
    ends = simulate_block(model, block, cube, tallies, trace)
    for index in range(3):
        each = future._replace(number=future.number + index, arrivals=arrivals[index])
        done = simulated(model, each, log=False)
        assert np.array_equal(done.cube, cube[index])
        assert np.array_equal(done.tally, tallies[index])
        begin = ends[index - 1, 0] if index else 0
        assert done.lines.tolist() == trace[begin : ends[index, 0]].tolist()


@SOME
@given(st.data())
def test_a_case_begins_runs_and_ends_in_order(data: st.DataObject) -> None:
    model = data.draw(models())
    done = simulated(model, data.draw(futures(model)))
    assert np.all(np.diff(done.events["tick"][done.events["what"] != DISCARDED]) >= 0)
    outcome = dict(zip(done.lines["key"].tolist(), done.lines["outcome"].tolist(), strict=True))
    ended = {
        int(event["key"]): int(event["what"])
        for event in done.events
        if event["what"] in (WON_THERE, LOST_THERE)
    }
    assert {
        key: WON_THERE if value == WON else LOST_THERE
        for key, value in outcome.items()
        if value in (WON, LOST)
    } == ended
    arisen = done.events["key"][done.events["what"] == ARRIVED]
    assert len(np.unique(arisen)) == len(arisen)
