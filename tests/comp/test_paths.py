"""Both number types on the same credits, and what must hold for every plan."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.book import Book
from engine.comp.component import paid
from engine.comp.components.bonus import Bonus
from engine.comp.components.commission import Commission
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.quantity import Quantity
from engine.comp.scaled import Scaled

MONTHS = Intervals.of(np.arange(12) // 3)


def book(number: type[Quantity], credit, quota, target, rounding="half_even") -> Book:
    shape = (1, 12)
    arrays = [number(np.array(values, dtype=np.int64).reshape(shape)) for values in (credit, quota, target)]
    nothing = number(np.zeros(shape, dtype=np.int64))
    return Book({"bookings": arrays[0]}, arrays[1], arrays[2], nothing, shape, MONTHS, rounding, 100)


def exactly(part, credit, quota, target, rounding="half_even", pay="monthly") -> list[int]:
    return paid([part], book(Scaled, credit, quota, target, rounding), pay)[part.label].minor()[0].tolist()


def fast(part, credit, quota, target, rounding="half_even", pay="monthly") -> list[float]:
    return paid([part], book(Fast, credit, quota, target, rounding), pay)[part.label].values[0].tolist()


percents = st.integers(0, 3000).map(lambda n: Decimal(n) / 1000)
cents = st.integers(0, 200_000_000)
year = st.lists(cents, min_size=12, max_size=12)
intervals = st.sampled_from(["period", "quarter", "year_to_date"])
sides = st.sampled_from(["left", "right"])
bases = st.sampled_from(["to_date", "interval"])


@st.composite
def tables(draw, rising=False):
    count = draw(st.integers(1, 5))
    starts = sorted(
        {Decimal(0), *draw(st.lists(percents.filter(bool), min_size=count - 1, max_size=count - 1))}
    )
    rates = draw(st.lists(percents, min_size=len(starts), max_size=len(starts)))
    return starts, sorted(rates) if rising else rates


@st.composite
def commissions(draw, modes=("marginal", "retroactive"), rising=False, **fixed):
    starts, rates = draw(tables(rising=rising))
    on, individual = draw(st.sampled_from(["credit", "attainment"])), draw(st.booleans())
    unit = 1 if on == "attainment" else 500_000
    given_ = {
        "tiers_on": on,
        "rates": "individual" if individual else "of_credit",
        "mode": draw(st.sampled_from(modes)),
        "closed": draw(sides),
        "accumulate": draw(intervals),
        "quota": draw(bases),
        "weight": draw(st.sampled_from(["1", "0.35"])),
        "tiers": [
            {"start": a * unit, "rate": r if individual else r / 4}
            for a, r in zip(starts, rates, strict=True)
        ],
    }
    return Commission.model_validate({**given_, **fixed})


@st.composite
def bonuses(draw, **fixed):
    nodes = sorted(set(draw(st.lists(percents.filter(lambda p: p > Decimal("0.5")), min_size=1, max_size=4))))
    pays = sorted(draw(st.lists(percents, min_size=2 * len(nodes), max_size=2 * len(nodes))))
    jumps = [draw(st.sampled_from([None, then])) for then in pays[1::2]]
    entry = draw(st.sampled_from(["from_zero", "from_minimum", "from_first_dollar"]))
    threshold = {"attainment": "50%", "entry": entry}
    if entry == "from_minimum":
        threshold["minimum"] = pays[0] / 2
    given_ = {
        "accumulate": draw(intervals),
        "quota": draw(bases),
        "closed": draw(sides),
        "threshold": threshold,
        "nodes": [
            {"attainment": a, "pay": p, "then": then}
            for a, p, then in zip(nodes, pays[::2], jumps, strict=True)
        ],
        "accelerator": draw(percents),
        "weight": draw(st.sampled_from(["1", "0.4"])),
        "cap": draw(
            st.sampled_from(
                [None, {"of_target": "150%", "per": "year"}, {"amount": "12000", "per": "quarter"}]
            )
        ),
    }
    return Bonus.model_validate({**given_, **fixed})


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(commissions(), bonuses()),
    year,
    year,
    st.lists(st.integers(0, 2_000_000), min_size=12, max_size=12),
    st.sampled_from(["half_even", "half_up"]),
    st.sampled_from(["monthly", "quarterly", "annually"]),
)
def test_both_paths_agree_within_a_cent_for_each_rounding(part, credit, quota, target, rounding, pay):
    ours, exact = (
        fast(part, credit, quota, target, rounding, pay),
        exactly(part, credit, quota, target, rounding, pay),
    )
    months = {"monthly": 1, "quarterly": 3, "annually": 12}[pay]
    assert np.abs(np.array(ours) - exact).max() <= 2 * months
    assert all(value == round(value) for value in ours)


@settings(max_examples=100, deadline=None)
@given(commissions(accumulate="period").filter(lambda part: part.rates == "of_credit"), year, year)
def test_without_a_division_by_quota_both_paths_agree_to_the_cent(part, credit, quota):
    assert fast(part, credit, quota, [0] * 12) == exactly(part, credit, quota, [0] * 12)


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(commissions(modes=("marginal",)), commissions(rising=True), bonuses()),
    year,
    st.integers(0, 11),
    cents,
)
def test_more_credit_never_pays_less_over_the_year(part, credit, month, more):
    quota, target = [50_000_000] * 12, [1_000_000] * 12
    assert part.table(100).rising
    richer = [*credit[:month], credit[month] + more, *credit[month + 1 :]]
    assert sum(exactly(part, richer, quota, target)) >= sum(exactly(part, credit, quota, target))


@settings(max_examples=80, deadline=None)
@given(st.one_of(commissions(accumulate="year_to_date"), bonuses(accumulate="year_to_date", cap=None)), year)
def test_year_to_date_telescopes_to_the_pay_of_the_whole_year(part, credit):
    quota, target = [50_000_000] * 12, [1_000_000] * 12
    at_once = [0] * 11 + [sum(credit)]
    assert sum(exactly(part, credit, quota, target)) == exactly(part, at_once, quota, target)[-1]


@settings(max_examples=80, deadline=None)
@given(commissions(modes=("marginal",)), year, st.integers(0, 10))
def test_a_marginal_payout_to_date_does_not_care_when_credit_came(part, credit, month):
    part = part.model_copy(update={"accumulate": "year_to_date", "quota": "interval"})
    quota, target = [50_000_000] * 12, [1_000_000] * 12
    moved = [*credit[:month], 0, credit[month] + credit[month + 1], *credit[month + 2 :]]
    assert sum(exactly(part, moved, quota, target)) == sum(exactly(part, credit, quota, target))


@settings(max_examples=80, deadline=None)
@given(commissions(modes=("marginal",), rising=True), year)
def test_retroactive_pays_at_least_what_marginal_does_when_rates_rise(part, credit):
    back = part.model_copy(update={"mode": "retroactive", "accumulate": "year_to_date"})
    ahead = part.model_copy(update={"accumulate": "year_to_date"})
    quota, target = [50_000_000] * 12, [1_000_000] * 12
    assert sum(exactly(back, credit, quota, target)) >= sum(exactly(ahead, credit, quota, target))


@pytest.mark.parametrize("closed", ["left", "right"])
def test_on_a_boundary_both_paths_take_the_declared_side(closed):
    part = Commission.model_validate({
        "tiers_on": "attainment", "rates": "of_credit", "mode": "retroactive", "closed": closed, "accumulate": "period",
        "tiers": [{"start": 0, "rate": "1%"}, {"start": "70%", "rate": "2%"}, {"start": "110%", "rate": "3%"}],
    })  # fmt: skip
    quota = [k * 10_000_000_000 + 30 for k in range(1, 13)]
    credit = [q * (7 if k % 2 else 11) // 10 for k, q in enumerate(quota)]
    rate = [(3, 2) if closed == "left" else (2, 1)] * 6
    expected = [c * r // 100 for c, r in zip(credit, (r for pair in rate for r in pair), strict=True)]
    assert np.abs(np.array(exactly(part, credit, quota, [0] * 12)) - expected).max() <= 1
    assert fast(part, credit, quota, [0] * 12) == exactly(part, credit, quota, [0] * 12)


def test_amounts_beyond_int64_on_the_way_stay_exact():
    part = Bonus.model_validate({
        "accumulate": "year_to_date", "quota": "to_date", "closed": "left", "accelerator": "1.37",
        "nodes": [{"attainment": 0, "pay": 0}, {"attainment": "99.9%", "pay": "97.3%"}],
    })  # fmt: skip
    credit, quota, target = 99_999_999_999_999, 77_777_777_777_777, 5_555_555_555_555
    a = Fraction(credit, quota)
    due = target * (Fraction(973, 1000) + Fraction(137, 100) * (a - Fraction(999, 1000)))
    assert exactly(part, [credit] + [0] * 11, [quota] + [0] * 11, [target] + [0] * 11)[0] == round(due)
