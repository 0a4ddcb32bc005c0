"""Limits of intervals on pay, and deals taken back after them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.apart import apart
from engine.comp.component import paid
from engine.comp.dealt import dealt
from engine.comp.fast import Fast
from engine.comp.payer import Payer
from engine.comp.scaled import Scaled
from engine.comp.terms import terms
from tests.comp.test_restated import INPUTS, QUOTA, RATE, rows, sold
from tests.comp.worlds import spec

limits = st.lists(
    st.builds(
        lambda amount, per: {"amount": amount, "per": per},
        st.integers(1, 40).map(lambda n: 50 * n),
        st.sampled_from(["period", "quarter", "year"]),
    ),
    min_size=1,
    max_size=2,
)
tables = st.sampled_from(
    [
        [{"start": 0, "rate": 1}],
        [{"start": 0, "rate": "50%"}, {"start": 800, "rate": 1, "mode": "retroactive"}],
    ]
)
accumulates = st.sampled_from(["transaction", "period", "quarter", "year_to_date"])


def capped(cap, **more):
    return spec({**RATE, "cap": cap, **more})


def paid_in(rules, deals):
    return comp.pay(INPUTS, QUOTA, rules, rows(deals)).earned[0, 0]


gates = st.lists(
    st.builds(
        lambda at_least, over, otherwise: {
            "measure": "bookings", "levels_in": "money", "accumulate": over, "at_least": at_least,
            "otherwise": otherwise, "closed": "left",
        },
        st.integers(1, 20).map(lambda n: 100 * n),
        st.sampled_from(["period", "quarter", "year_to_date"]),
        st.sampled_from(["nothing", "target"]),
    ),
    max_size=1,
)  # fmt: skip


@settings(max_examples=80)
@given(limits, sold(), tables, accumulates, gates)
def test_three_readings_of_limits_on_pay_agree_where_deals_are_taken_back(
    cap, deals, tiers, accumulate, gates
):
    rules, credited = capped(cap, tiers=tiers, accumulate=accumulate, gates=gates), rows(deals)
    exact = comp.pay(INPUTS, QUOTA, rules, credited).earned[0, 0].tolist()
    known = terms(INPUTS, QUOTA, rules.proration, rules.rounding, {}, rules.carry, 1)
    book = dealt(Fast, INPUTS, rules, known, np.arange(1), credited, ("bookings",))
    assert paid(rules.plans["AE"].components, book, "monthly")["commission"].values[0].tolist() == exact
    assert (
        Payer(INPUTS, QUOTA, {}, rules, credited).earned(rules.plans["AE"], [0], [0])["commission", 0]
        == exact
    )
    assert by_lines(rules, credited) == exact


def by_lines(rules, credited):
    """What the lines of each month add up to."""
    known = terms(INPUTS, QUOTA, rules.proration, rules.rounding, {}, rules.carry, 1)
    book = dealt(Scaled, INPUTS, rules, known, np.arange(1), credited, ("bookings",))
    steps, _ = apart(book, np.ones(credited.spell.shape, dtype=np.bool_))
    found = np.zeros(12, dtype=np.int64)
    earned = rules.plans["AE"].components[0].earn(steps).minor()[0]
    np.add.at(found, np.array(steps.intervals.period), earned)
    return found.tolist()


@pytest.mark.parametrize(
    ("back", "march"),
    [
        # 500 are due on 3,000 to date, of which January's 200 and February's 300 were paid 150 each. The deal of
        # January takes 300 and the part of February's 110, which leave -100 and 150 (of 190): 50 of 300.
        ([(2, -1500, 0), (2, -600, 1)], -250),
        # The part of February's takes 120 and the deal of January 290, which leave 150 (of 180) and -90: 60 of 300.
        ([(2, -600, 1), (2, -1500, 0)], -240),
    ],
)
def test_deals_taken_back_in_one_period_cost_what_their_lines_show_in_their_order(back, march):
    tiers = [{"start": 0, "rate": "10%"}, {"start": 1000, "rate": "20%"}]
    rules, deals = capped({"amount": 150, "per": "period"}, tiers=tiers), [(0, 1500, 0), (1, 1500, 1), *back]
    assert paid_in(rules, deals).tolist()[:3] == [15000, 15000, 100 * march]
    assert by_lines(rules, rows(deals)) == paid_in(rules, deals).tolist()


@settings(max_examples=100)
@given(limits, sold())
def test_a_year_of_limited_pay_is_that_of_deals_which_had_been_smaller_from_the_start(cap, deals):
    left: dict[int, list[int]] = {}
    for month, credit, number in deals:
        left.setdefault(number, [month, 0])[1] += credit
    smaller = [(month, credit, number) for number, (month, credit) in left.items()]
    assert paid_in(capped(cap), deals).sum() == paid_in(capped(cap), smaller).sum()


@settings(max_examples=60)
@given(sold(), tables, accumulates, st.sampled_from(["period", "quarter", "year"]))
def test_a_limit_that_nobody_reaches_changes_nothing(deals, tiers, accumulate, per):
    high, none = (
        capped(cap, tiers=tiers, accumulate=accumulate) for cap in ({"amount": "1M", "per": per}, ())
    )
    assert paid_in(high, deals).tolist() == paid_in(none, deals).tolist()


BACK = [(0, 1500, 0), (0, 600, 1), (2, -1500, 0), (2, 200, 2)]


@pytest.mark.parametrize(
    ("per", "pays"),
    [
        # January paid 1,000 of 2,100; without the deal 600: 400 less, not 1,500.
        ("period", [1000, 0, -400 + 200]),
        ("quarter", [1000, 0, -400 + 200]),
    ],
)
def test_a_deal_of_a_full_interval_takes_back_what_the_rest_would_have_been_paid_less(per, pays):
    assert paid_in(capped({"amount": 1000, "per": per}), BACK)[:3].tolist() == [
        100 * amount for amount in pays
    ]


SPIF = {
    "kind": "spif", "measure": "bookings", "amount": 10, "each": {"money": 100}, "accumulate": "period",
    "first_day": "2027-01-01", "last_day": "2027-02-28",
}  # fmt: skip


@pytest.mark.parametrize(
    ("cap", "pays"),
    [
        ({"events": 8, "per": "period"}, [80, 0, -20]),
        ({"amount": 80, "per": "period"}, [80, 0, -20]),
        ({"events": 100, "per": "period"}, [210, 0, -150]),
        (None, [210, 0, -150]),
    ],
)
def test_a_spif_gives_back_what_its_deal_was_paid_also_after_its_last_day(cap, pays):
    rules, credited = spec({**SPIF, "cap": cap}), rows(BACK)
    found = comp.pay(INPUTS, QUOTA, rules, credited).earned[0, 0]
    assert found[:3].tolist() == [100 * amount for amount in pays]
    again = Payer(INPUTS, QUOTA, {}, rules, credited).earned(rules.plans["AE"], [0], [0])["spif", 0]
    assert again == found.tolist()
