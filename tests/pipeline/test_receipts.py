"""Measures of cash in a simulation: when customers pay, exactly, and in closed form."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from engine import pipeline
from engine.errors import BadInput
from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline import again
from engine.pipeline.bookings import Bookings, WonDeals
from engine.pipeline.laws.lognormal import Lognormal
from engine.pipeline.spec import PipelineSpec
from engine.streams import Purpose, uniform
from tests.pipeline.settings import START, aligned, opportunities, spec
from tests.worlds import world

MEASURES = {
    "bookings": Measure(),
    "cash": Measure(basis="cash"),
    "wins": Measure(quantity="count"),
    "paid": Measure(quantity="count", basis="cash"),
    "small": Measure(segments=("SMB",), products=("S1",), basis="cash"),
}
TERMS, MEAN, CV = 30, 20.0, 1.0
LATE = {"kind": "lognormal", "mean": MEAN, "cv": CV}
PAYMENT = {"kind": "payment", "terms": TERMS, "late": LATE, "before_plan": "left_out"}


def block(*payment: dict[str, Any], **changes: Any) -> PipelineSpec:
    return spec(processes=list(payment), **({"replications": 40, "arrivals": {"leads": 150}} | changes))


def simulated(spec_: PipelineSpec, inputs: Inputs | None = None, **how: Any) -> Bookings:
    known = world() if inputs is None else inputs
    return pipeline.simulate(known, aligned(known), spec_, MEASURES, **({"seed": 3} | how))


@cache
def late() -> Bookings:
    return simulated(block(PAYMENT))


def cube(won: WonDeals, like: Bookings) -> np.ndarray:
    sums = np.zeros((won.replications, *like.cube.shape[1:]), dtype=np.int64)
    for m, name in enumerate(like.measures):
        np.add.at(sums[..., m], (won.replication, won.seat, won.period), won.credit[name])
    return sums


def table(bookings: Bookings, measure: str) -> Any:
    frame = next(one for one in bookings.tables if one.name == "receipts").frame
    return frame[frame["measure"] == measure].set_index("period")


def payments(won: WonDeals) -> np.ndarray:
    return ~np.isnat(won.booked)


def share_paid(days: np.ndarray) -> np.ndarray:
    """Share of what is due since so many days that is paid, by the distribution function of the lognormal law."""
    sigma = sqrt(log(1 + CV**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(days > 0, ndtr((np.log(days) - log(MEAN) + sigma**2 / 2) / sigma), 0.0)


@settings(max_examples=5, deadline=None)
@given(st.sets(st.integers(0, 39)), st.sets(st.integers(0, 2)), st.sampled_from([1, 400, 100_000]))
def test_payments_made_again_sum_to_the_cube(chosen: set[int], seats: set[int], piece: int) -> None:
    numbers, some = np.array(sorted(chosen), dtype=np.int64), np.array(sorted(seats), dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(again, "DEALS_PER_BLOCK", piece)
        won, theirs = late().deals(numbers), late().deals(numbers, some)
    assert np.array_equal(cube(won, late()), late().cube[numbers])
    mine = won.only(np.isin(won.seat, some))
    for name in ("replication", "seat", "day", "booked", "amount"):
        assert np.array_equal(getattr(theirs, name), getattr(mine, name), equal_nan=name == "booked"), name


def test_each_deal_is_paid_once_in_whole_or_after_the_plan() -> None:
    won = late().deals(slice(None))
    paid = payments(won)
    deals, receipts = won.only(~paid), won.only(paid)
    assert (receipts.credit["cash"] == receipts.amount).all()
    assert (receipts.credit["bookings"] == 0).all()
    assert (deals.credit["cash"] == 0).all()
    assert (deals.credit["bookings"] == deals.amount).all()
    assert (receipts.day >= receipts.booked + TERMS).all()
    sold = set(zip(deals.replication, deals.seat, deals.day, deals.product, deals.amount, strict=True))
    got = list(
        zip(
            receipts.replication,
            receipts.seat,
            receipts.booked,
            receipts.product,
            receipts.amount,
            strict=True,
        )
    )
    assert set(got) <= sold
    assert len(set(got)) == len(got) < len(sold)
    said = table(late(), "cash")
    left = said["waiting"].iloc[-1]
    assert left == pytest.approx((deals.amount.sum() - receipts.amount.sum()) / 100 / 40)
    assert said["won"].sum() - said["received"].sum() == pytest.approx(left)
    assert table(late(), "paid")["received"].sum() * 40 == len(got)


def test_what_is_received_by_the_end_of_each_period_is_that_of_the_law() -> None:
    """Given the deals, receipts to date are a sum of independent a_i 1[t_i + terms + L_i < T], L_i lognormal."""
    some = simulated(block(PAYMENT, replications=120, arrivals={"leads": 300}))
    deals = some.deals(slice(None))
    deals = deals.only(~payments(deals))
    # Deals close at a moment of their day: on average in its middle, as far as periods tell.
    closed = (deals.day - START).astype(np.float64) + 0.5
    cash = some.measure("cash").sum(axis=(0, 1)).cumsum()
    checked = 0
    for period, end in enumerate((world().calendar.edges[1:] - START).astype(np.float64)):
        chance = share_paid(end - closed - TERMS)
        mean = (deals.amount * chance).sum()
        error = sqrt((deals.amount.astype(float) ** 2 * chance * (1 - chance)).sum())
        assert abs(cash[period] - mean) <= 4 * error + 1e-3 * mean, period
        checked += mean > 0
    assert checked == 11
    assert cash[-1] < 0.93 * deals.amount.sum()


def test_the_day_of_a_payment_is_that_of_its_draw() -> None:
    won = late().deals(np.array([7]))
    found = pipeline.trace(world(), aligned(world()), block(PAYMENT), MEASURES, seed=3, replication=7)
    lines = found.lines[found.lines["outcome"] == 1]
    level, value = Lognormal.model_validate(LATE).knots()
    paid = []
    for line in lines:
        draw = uniform(3, 7, int(Purpose.PAID), line["key"], 0)
        day = line["end"] / 1e6 + TERMS + np.interp(draw, level, value)
        if day < 365:
            paid.append((int(line["seat"]), int(day), int(line["amount"])))
    rows = won.only(payments(won))
    assert len(paid) > 5
    assert sorted(paid) == sorted(
        zip(rows.seat.tolist(), (rows.day - START).astype(int).tolist(), rows.amount.tolist(), strict=True)
    )
    assert found.cube.tolist() == late().cube[7].tolist()
    assert found.totals["booked: cash"] == late().measure("cash")[7].sum()


def test_the_same_bytes_for_any_workers_and_blocks() -> None:
    other = simulated(block(PAYMENT), workers=2, block=3)
    assert np.array_equal(other.cube, late().cube)
    assert table(other, "cash").equals(table(late(), "cash"))


def test_terms_of_payment_change_nothing_that_is_won() -> None:
    sooner = simulated(block(PAYMENT | {"terms": 0, "late": None}))
    for name in ("bookings", "wins"):
        assert np.array_equal(sooner.measure(name), late().measure(name))
    assert np.array_equal(sooner.measure("cash"), sooner.measure("bookings"))
    assert np.array_equal(sooner.measure("paid"), sooner.measure("wins"))
    assert (table(sooner, "cash")["waiting"] == 0).all()


@pytest.mark.slow
def test_segments_pay_by_their_own_terms_and_others_by_the_rest() -> None:
    rest = PAYMENT | {"late": None, "terms": 10}
    slow = rest | {"terms": 60, "segments": ["ENT"]}
    won = simulated(block(rest, slow)).deals(slice(None))
    rows = won.only(payments(won))
    word = np.array(rows.segments)[rows.segment]
    days = (rows.day - rows.booked).astype(int)
    assert set(word) == {"SMB", "ENT"}
    assert (days == np.where(word == "ENT", 60, 10)).all()
    assert (rows.credit["small"] == np.where((word == "SMB") & (rows.product == 1), rows.amount, 0)).all()


@pytest.mark.slow
def test_a_deal_is_paid_as_late_whatever_else_is_won() -> None:
    waited = []
    for leads in (100, 150):
        won = simulated(block(PAYMENT, arrivals={"leads": leads}, slots=10_000, replications=20)).deals(
            slice(None)
        )
        rows = won.only(payments(won))
        keys = zip(rows.replication, rows.seat, rows.booked, rows.amount, strict=True)
        waited.append(dict(zip(keys, (rows.day - rows.booked).astype(int), strict=True)))
    both = waited[0].keys() & waited[1].keys()
    assert len(both) > 50
    assert all(waited[0][key] == waited[1][key] for key in both)


def with_history(*rows: dict[str, Any]) -> Inputs:
    return replace(world(), history=opportunities([{"outcome": 1} | row for row in rows]))


def test_deals_from_before_the_plan_are_paid_by_the_same_terms_where_that_is_asked_for() -> None:
    rule = PAYMENT | {"late": None, "before_plan": "history"}
    owner = world().accounts.owner
    other = int(np.flatnonzero(owner == 2)[0])
    inputs = with_history(
        {"id": "A", "account": 0, "rep": 1, "closed": -10, "amount": 700},
        {"id": "B", "account": 1, "rep": 2, "closed": -31, "amount": 90},
        {"id": "C", "account": other, "rep": -1, "closed": -1, "amount": 5, "product": -1},
        {"id": "D", "account": 1, "rep": 2, "closed": -1, "amount": 9, "outcome": 0},
    )
    nothing, something = (
        block(rule | {"before_plan": "left_out"}, replications=9),
        block(rule, replications=9),
    )
    some = simulated(something, inputs)
    more = some.measure("cash") - simulated(nothing, inputs).measure("cash")
    assert (more == more[0]).all()
    assert more[0].sum() == 705
    assert more[0, 1:3, 0].tolist() == [700, 5]
    assert table(some, "cash")["earlier"].tolist() == [7.05] + [0] * 11
    won = some.deals(np.array([3]))
    rows = won.only(payments(won) & (won.amount == 700))
    assert (rows.day - START).astype(int).tolist() == [20]
    assert rows.held.tolist() == rows.day.tolist()


@pytest.mark.parametrize(
    ("processes", "words"),
    [
        ([], "nothing says when customers pay"),
        ([PAYMENT | {"segments": ["SMB"]}], "nothing says when customers pay who are in no named segment"),
        ([PAYMENT, PAYMENT], "the other segments have terms of payment already"),
        (
            [PAYMENT, PAYMENT | {"segments": ["SMB"]}, PAYMENT | {"segments": ["ENT", "SMB"]}],
            "'SMB' has terms",
        ),
        ([PAYMENT, PAYMENT | {"segments": ["SMBs"]}], "no segment is called 'SMBs'"),
    ],
)
def test_what_does_not_say_when_customers_pay_is_refused(processes: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        simulated(block(*processes))


def test_with_deals_that_were_won_in_the_plan_cash_is_refused() -> None:
    inputs = replace(world(), actuals=opportunities([{"outcome": 1, "closed": 5, "amount": 3, "rep": 0}]))
    with pytest.raises(BadInput, match="nothing says which of the deals that were won so far are paid"):
        simulated(block(PAYMENT), inputs)
    plain = {name: one for name, one in MEASURES.items() if one.basis == "booking"}
    pipeline.simulate(inputs, aligned(inputs), block(PAYMENT), plain, seed=3)
