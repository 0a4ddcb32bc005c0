"""Limits over several components whose cuts are lost, and deals taken back after them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.payer import Payer
from tests.comp.test_restated import INPUTS, QUOTA, RATE, rows, sold
from tests.comp.test_restated_pay import SPIF, limits, tables
from tests.comp.worlds import spec

OVERRIDE = {
    "kind": "override", "rate": "5%", "accumulate": "quarter", "closed": "left",
    "team": {"level": "company", "credit_of": ["AE"], "double_credit": "counted"},
}  # fmt: skip
SEASON = {**SPIF, "amount": 7, "last_day": "2027-12-31", "accumulate": "quarter"}
LOST = st.lists(
    st.builds(
        lambda amount, per, least, of, k: {
            "kind": "limit", "name": f"limit {k}", "most": {"amount": amount}, "per": per, "carry": "lost",
            "least": least, "of": of,
        },
        st.integers(2, 30).map(lambda n: 50 * n),
        st.sampled_from(["period", "quarter", "year"]),
        st.sampled_from([None, None, {"amount": 0}, {"amount": 60}]),
        st.sampled_from([None, None, ["commission"], ["commission", "spif"]]),
        st.just(0),
    ),
    min_size=1,
    max_size=2,
)  # fmt: skip


def named(found):
    return [{**limit, "name": f"limit {k}"} for k, limit in enumerate(found)]


def earned(parts, deals):
    """What each component earns by month, exactly and read plainly."""
    rules, credited = spec(*parts), rows(deals)
    exact = comp.pay(INPUTS, QUOTA, rules, credited)
    again = Payer(INPUTS, QUOTA, {}, rules, credited).earned(rules.plans["AE"], [0], [0])
    found = {label: exact.earned[k, 0].tolist() for k, (_, label) in enumerate(exact.components)}
    assert {label: again[label, 0] for label in found} == found
    return {label: np.array(row) for label, row in found.items()}


@settings(max_examples=8, deadline=None)
@given(LOST, sold(), tables, st.sampled_from(["transaction", "quarter", "year_to_date"]), limits)
def test_two_readings_of_a_limit_agree_where_deals_are_taken_back(most, deals, tiers, accumulate, cap):
    rate = {**RATE, "tiers": tiers, "accumulate": accumulate, "cap": cap[:1]}
    earned([rate, SEASON, OVERRIDE, *named(most)], deals)


@settings(max_examples=8, deadline=None)
@given(LOST, sold(), st.sampled_from(["transaction", "year_to_date"]))
def test_a_year_within_limits_is_that_of_deals_which_had_been_smaller_from_the_start(most, deals, accumulate):
    left: dict[int, list[int]] = {}
    for month, credit, number in deals:
        left.setdefault(number, [month, 0])[1] += credit
    smaller = [(month, credit, number) for number, (month, credit) in left.items()]
    lost = [{**limit, "least": None, "of": None} for limit in named(most)]
    parts = [{**RATE, "accumulate": accumulate}, {**RATE, "name": "more", "accumulate": "period"}, *lost]
    one, other = (sum(row.sum() for row in earned(parts, some).values()) for some in (deals, smaller))
    assert one == other


@settings(max_examples=4, deadline=None)
@given(sold(), tables, st.sampled_from(["period", "quarter"]))
def test_a_limit_that_nobody_reaches_changes_nothing(deals, tiers, per):
    high = {"kind": "limit", "most": {"amount": "1M"}, "per": per, "carry": "lost"}
    found = earned([{**RATE, "tiers": tiers}, OVERRIDE, high], deals)
    assert not found["limit"].any()


def limit(per, **more):
    return {"kind": "limit", "most": {"amount": 3000}, "per": per, "carry": "lost", **more}


# The first quarter earned 5,000 and was paid 3,000; a deal of 2,500 is taken back in May, when 100 are sold.
BACK = [(0, 2500, 0), (1, 2500, 1), (4, -2500, 0), (4, 100, 2)]


@pytest.mark.parametrize(
    ("parts", "pays"),
    [
        # Without the deal the quarter would have been paid 2,500: 500 less.
        ([limit("quarter")], [2500, 500, 0, 0, 100 - 500, 0]),
        # No month was cut.
        ([limit("period")], [2500, 2500, 0, 0, 100 - 2500, 0]),
        # Months were cut to 1,000 first; without the deal January would have been paid nothing.
        ([limit("period", most={"amount": 1000}, name="a month"), limit("quarter")], [1000, 1000, 0, 0, -900, 0]),
        # Cut to 2,000 a month, then to 3,000 a quarter: without the deal 2,000 of 3,000 are left.
        ([limit("period", most={"amount": 2000}, name="a month"), limit("quarter")], [2000, 1000, 0, 0, -900, 0]),
        # No quarter is paid less than nothing: what is left of the 500 is not taken.
        ([limit("quarter", least={"amount": 0})], [2500, 500, 0, 0, 100 - 500, 400]),
        # What is cut for now is not lost: the deal is taken back in full, and the year settled as it stands.
        ([limit("quarter", carry="trued_up_at_year_end")], [2500, 500, 0, 0, 100 - 2500, 0]),
    ],
)  # fmt: skip
def test_a_deal_of_a_full_quarter_takes_back_what_the_rest_would_have_been_paid_less(parts, pays):
    found = earned([RATE, *parts], BACK)
    assert (sum(found.values())[:6] // 100).tolist() == pays
