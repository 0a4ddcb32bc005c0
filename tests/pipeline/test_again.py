"""Won deals made again: the same ones that the cube counted, whatever replications are asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.measures import Measure
from engine.pipeline import again, deals, replications, simulate
from engine.pipeline.bookings import Bookings, WonDeals
from tests.pipeline.settings import aligned, spec, with_open, with_spells
from tests.worlds import world

MEASURES = {
    "bookings": Measure(),
    "wins": Measure(quantity="count"),
    "small": Measure(segments=("SMB",), products=("S1",)),
}
BLOCK = spec(market={"sd": "20%", "applies_to": "amounts"}, arrivals={"leads": 150}, replications=40)
OPEN = [
    {"account": 1, "rep": 1, "stage": "Close", "created": -9, "amount": 777, "product": 1},
    {"account": -1, "rep": 2, "stage": "Close", "created": -3, "amount": 50_000, "product": 0},
]
INPUTS = with_open(with_spells(world(), [(0, -99, None), (1, -99, 130), (1, 171, None), (2, 60, None)]), OPEN)


@cache
def booked() -> Bookings:
    return simulate(INPUTS, aligned(INPUTS), BLOCK, MEASURES, seed=3)


def cube(won: WonDeals, like: Bookings) -> np.ndarray:
    """Credits of deals added up by (replication, rep, period, measure)."""
    sums = np.zeros((won.replications, *like.cube.shape[1:]), dtype=np.int64)
    for m, name in enumerate(like.measures):
        np.add.at(sums[..., m], (won.replication, won.seat, won.period), won.credit[name])
    return sums


slices = st.slices(40).map(lambda s: s if (s.step or 1) > 0 else slice(None))
numbers = st.lists(st.integers(0, 39), unique=True).map(
    lambda chosen: np.array(sorted(chosen), dtype=np.int64)
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(slices, numbers), st.sets(st.integers(0, 2)), st.sampled_from([1, 400, 100_000]))
def test_deals_made_again_sum_to_the_cube(chosen: slice | np.ndarray, seats: set[int], piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(again, "DEALS_PER_BLOCK", piece)
        won = booked().deals(chosen)
        theirs = booked().deals(chosen, np.array(sorted(seats), dtype=np.int64))
    assert np.array_equal(cube(won, booked()), booked().cube[chosen])
    assert (np.diff(won.replication) >= 0).all()
    some = won.only(np.isin(won.seat, list(seats)))
    for name in ("replication", "seat", "day", "product", "segment", "amount"):
        assert np.array_equal(getattr(theirs, name), getattr(some, name)), name


@pytest.mark.parametrize("room", [0, 7])
def test_more_bookings_than_there_is_room_for_are_all_kept(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    usual = booked().deals(slice(None))
    monkeypatch.setattr(replications, "_usual", lambda model, count: room)
    assert np.array_equal(cube(booked().deals(slice(None)), booked()), booked().cube)
    assert np.array_equal(booked().deals(slice(None)).day, usual.day)
    alone = deals(INPUTS, aligned(INPUTS), BLOCK, seed=3, replication=31)
    assert (alone["outcome"] == "won").sum() == (usual.replication == 31).sum()


def test_a_deal_is_the_one_that_is_traced_alone() -> None:
    won = booked().deals(np.array([5, 31]))
    alone = deals(INPUTS, aligned(INPUTS), BLOCK, seed=3, replication=31)
    alone = alone[alone["outcome"] == "won"].sort_values("end")
    mine = won.replication == 1
    assert won.amount[mine].tolist() == alone["amount"].tolist()
    assert [INPUTS.reps.id[seat] for seat in won.seat[mine]] == alone["rep"].tolist()
    assert [INPUTS.products.id[product] for product in won.product[mine]] == alone["product"].tolist()
    days = (won.day[mine] - INPUTS.calendar.edges[0]).astype(np.int64)
    assert days.tolist() == np.floor(alone["end"]).astype(np.int64).tolist()
    assert (INPUTS.calendar.period_of(days.astype(float)) == won.period[mine]).all()


def test_a_deal_without_an_account_has_a_blank_segment() -> None:
    won = booked().deals(slice(None))
    words = np.array(won.segments)[won.segment]
    assert set(words) == {"SMB", "ENT", ""}
    assert set(won.amount[words == ""]) <= {50_000}


def test_no_more_deals_are_made_than_were_asked_for() -> None:
    first = booked().deals(slice(0, 4))
    assert first.replications == 4
    assert first.amount.size == int((booked().measure("wins")[:4]).sum())


def test_bookings_without_a_simulation_have_no_deals() -> None:
    with pytest.raises(ValueError, match="by period alone"):
        replace(booked(), again=None).deals(slice(None))


def test_replications_are_numbered_from_the_first_that_was_simulated() -> None:
    from engine.pipeline.simulation import simulate as run
    from engine.progress import Silent

    later = run(
        INPUTS,
        aligned(INPUTS),
        spec(**BLOCK.model_dump(exclude={"replications", "kind"}), replications=3),
        MEASURES,
        replications.Run(3, 20, 3),
        Silent(),
    )
    assert np.array_equal(cube(later.deals(slice(1, 3)), later), booked().cube[21:23])
