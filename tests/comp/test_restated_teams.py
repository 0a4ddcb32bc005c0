"""Limits on the credit and the pay of a team, and deals taken back after them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.exact import Rows
from engine.comp.payer import Payer
from engine.comp.resold import holder
from tests.comp.test_teams import OVERRIDE, POOL, SEATS, changing, moving, overrides, plans, pools

EDGES = moving().calendar.edges
QUOTA = np.arange(SEATS * 12, dtype=np.int64).reshape(SEATS, 12) % 7 * 2_000_000


@st.composite
def sold(draw):
    """Deals as (day of the year, amount, number, seats), some with what takes them back, in order of days."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        day, size = draw(st.integers(0, 364)), draw(st.integers(1, 400)) * 100_000
        seats = draw(st.lists(st.integers(0, SEATS - 1), min_size=1, max_size=2, unique=True))
        found.append((day, size, number, seats))
        left = size
        for _ in range(draw(st.integers(0, 2))):
            part = draw(st.one_of(st.just(left), st.integers(0, left)))
            left -= part
            found.append((draw(st.integers(day, 364)), -part, number, seats))
    return sorted(found, key=lambda deal: deal[0])


def rows(inputs, deals):
    """Credited rows; every seat that takes part is credited with all of a deal."""
    booked: dict[int, int] = {}
    found = []
    for k, (day, size, number, seats) in enumerate(deals):
        of = booked.setdefault(number, day)
        for seat in seats:
            spell = int(holder(inputs.spells, np.array([seat]), EDGES[:1] + of)[0])
            if spell >= 0:
                found.append((spell, day, size, k, SEATS * number + seat))
    spell, day, size, deal, origin = np.array(found, dtype=np.int64).reshape(-1, 5).T
    date = EDGES[0] + day
    period = np.searchsorted(EDGES, date, side="right") - 1
    return Rows(spell, period, {"bookings": size}, date, deal, {"bookings": size}, origin)


def earned(rules, deals, inputs):
    """What everybody earns of the second plan's component, exactly and read plainly."""
    credited = rows(inputs, deals)
    exact = comp.pay(inputs, QUOTA, rules, credited)
    block = rules.plans["Lead"]
    label = block.components[0].label
    found = exact.earned[exact.components.index(("Lead", label))]
    leads = [4, 5]
    again = Payer(inputs, QUOTA, {}, rules, credited).earned(block, leads, leads)
    for lead in leads:
        assert again[label, lead] == found[lead].tolist()
    return found


LOST = st.sampled_from(
    [
        {"credit_caps": [{"amount": "90k", "per": "period", "above": "lost"}]},
        {"credit_caps": [{"amount": "200k", "per": "quarter", "above": "carried"}], "cap": None},
        {"cap": {"amount": 700, "per": "period"}},
        {"cap": {"amount": 2500, "per": "quarter"}, "credit_caps": []},
    ]
)


@settings(max_examples=12, deadline=None)
@given(
    st.one_of(overrides(), pools()),
    LOST,
    sold(),
    st.sampled_from(["counted", "once"]),
    st.sampled_from(["spell", "person"]),
)
def test_two_readings_of_limits_of_a_team_agree_where_deals_are_taken_back(part, limits, deals, twice, carry):
    part = {**part, **limits, "team": {**part["team"], "double_credit": twice}}
    earned(plans(part, carry=carry), deals, moving())


def smaller(deals):
    """The same deals as if they had been worth from the start what is left of them."""
    left: dict[int, list[object]] = {}
    for day, size, number, seats in deals:
        left.setdefault(number, [day, 0, number, seats])[1] += size
    return list(left.values())


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from([OVERRIDE, POOL]),
    st.sampled_from(["period", "quarter"]),
    st.sampled_from(["credit_caps", "cap"]),
    sold(),
)
def test_a_team_is_paid_for_a_year_as_if_deals_had_been_smaller_from_the_start(kind, per, limit, deals):
    limits = {
        "credit_caps": {"credit_caps": [{"amount": "200k", "per": per, "above": "lost"}]},
        "cap": {"cap": {"amount": 2000, "per": per}},
    }[limit]
    team = {**kind["team"], "level": "company"}
    part = {**kind, **limits, "team": team, "accumulate": "year_to_date", "quota": "interval", "rate": "1%"}
    both = [earned(plans(part), some, changing()) for some in (deals, smaller(deals))]
    # The first lead is there all year; a pool is shared with who comes in February.
    first, then = (found.sum() if kind is POOL else found[4].sum() for found in both)
    assert first == then


BACK = [(10, 1_500_000, 0, [0]), (11, 600_000, 1, [0]), (70, -1_500_000, 0, [0]), (75, 200_000, 2, [0])]


@pytest.mark.parametrize(
    ("limits", "pays"),
    [
        # January counts 10,000 of 21,000; without the deal 6,000: 4,000 less, not 15,000.
        ({"credit_caps": [{"amount": "10k", "per": "period", "above": "lost"}]}, [100, 0, -40 + 20]),
        ({"cap": {"amount": 100, "per": "period"}}, [100, 0, -40 + 20]),
        ({}, [210, 0, -150 + 20]),
    ],
)
@pytest.mark.parametrize("kind", [OVERRIDE, POOL], ids=["override", "pool"])
def test_a_full_interval_of_a_team_gives_back_what_the_rest_would_have_counted_less(kind, limits, pays):
    part = {**kind, **limits, "team": {**kind["team"], "level": "company"}, "accumulate": "period"}
    found = earned(plans(part), BACK, changing())
    team = found.sum(axis=0) if kind is POOL else found[4]
    assert team[:3].tolist() == [100 * amount for amount in pays]
