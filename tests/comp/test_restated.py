"""Limits on credit of intervals, and deals taken back after them."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.component import paid
from engine.comp.dealt import dealt
from engine.comp.exact import Rows
from engine.comp.fast import Fast
from engine.comp.payer import Payer
from engine.comp.steps import stepped
from engine.comp.terms import terms
from tests.comp.worlds import spec
from tests.worlds import world

RATE = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "year_to_date", "tiers": [{"start": 0, "rate": 1}],
}  # fmt: skip
INPUTS = world(reps=1)
QUOTA = np.zeros((1, 12), dtype=np.int64)

caps = st.lists(
    st.builds(
        lambda amount, sort: {"amount": amount, "per": sort[0], "above": sort[1]},
        st.integers(1, 40).map(lambda n: 50 * n),
        st.sampled_from(
            [
                ("period", "lost"),
                ("quarter", "lost"),
                ("year", "lost"),
                ("period", "carried"),
                ("quarter", "carried"),
                ("deal", "lost"),
            ]
        ),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def sold(draw):
    """Deals, and what takes them back from their month on: (month, credit, number), in order of months."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        month, size = draw(st.integers(0, 11)), draw(st.integers(1, 3000))
        found.append((month, size, number))
        left = size
        for _ in range(draw(st.integers(0, 2))):
            part = draw(st.integers(0, left))
            left -= part
            found.append((draw(st.integers(month, 11)), -part, number))
    return sorted(found, key=lambda deal: deal[0])


def rows(deals):
    period, credit, origin = (np.array(column, dtype=np.int64) for column in zip(*deals, strict=True))
    day, deal = INPUTS.calendar.edges[period], np.arange(period.size)
    return Rows(
        np.zeros_like(period),
        period,
        {"bookings": 100 * credit},
        day,
        deal,
        {"bookings": 100 * credit},
        origin,
    )


def plan(credit_caps):
    return spec({**RATE, "credit_caps": credit_caps})


def earned(credit_caps, deals):
    return comp.pay(INPUTS, QUOTA, plan(credit_caps), rows(deals)).earned[0, 0]


@settings(max_examples=150)
@given(caps, sold())
def test_a_year_pays_what_it_pays_where_deals_had_been_smaller_from_the_start(credit_caps, deals):
    left: dict[int, list[int]] = {}
    for month, credit, number in deals:
        left.setdefault(number, [month, 0])[1] += credit
    smaller = [(month, credit, number) for number, (month, credit) in left.items()]
    assert earned(credit_caps, deals).sum() == earned(credit_caps, smaller).sum()


@settings(max_examples=150)
@given(caps, sold())
def test_credit_that_counts_to_date_never_falls_below_nothing(credit_caps, deals):
    assert (np.cumsum(earned(credit_caps, deals)) >= 0).all()


@settings(max_examples=100)
@given(caps, sold())
def test_exact_fast_and_plain_readings_and_the_lines_of_a_statement_agree(credit_caps, deals):
    rules, credited = plan(credit_caps), rows(deals)
    exact = comp.pay(INPUTS, QUOTA, rules, credited).earned[0, 0].tolist()
    known = terms(INPUTS, QUOTA, rules.proration, rules.rounding, {}, rules.carry, 1)
    members, block = np.arange(1), rules.plans["AE"]
    book = dealt(Fast, INPUTS, rules, known, members, credited, ("bookings",))
    assert paid(block.components, book, "monthly")["commission"].values[0].tolist() == exact
    payer = Payer(INPUTS, QUOTA, {}, rules, credited)
    assert payer.earned(block, [0], [0])["commission", 0] == exact
    by_month = np.zeros(12, dtype=np.int64)
    for one in stepped(INPUTS, QUOTA, rules, credited):
        np.add.at(by_month, credited.period[one.lines], one.net)
        by_month += one.opened[0]
    assert by_month.tolist() == exact


RACE = {
    "kind": "contest", "measure": "bookings", "rank_by": "credit", "per": "period", "among": "company",
    "ties": "shared", "prizes": [{"to_place": 1, "amount": 1000}, {"to_place": 2, "amount": 400}],
}  # fmt: skip


def race(deals, **changes):
    """Two people, the first with deals in February alone, the second with given ones; what each earns."""
    two, rules = world(reps=2), spec({**RACE, **changes})
    both = [(1, 1000, 90), *deals]
    credited = replace(rows(both), spell=np.array([0] + [1] * len(deals)))
    quota = np.zeros((2, 12), dtype=np.int64)
    found = comp.pay(two, quota, rules, credited).earned[0]
    again = Payer(two, quota, {}, rules, credited).earned(rules.plans["AE"], [0, 1], [0, 1])
    assert [again["contest", k] for k in (0, 1)] == found.tolist()
    return found[:, :4] // 100


def test_a_prize_goes_to_the_next_when_the_winners_deal_is_taken_back():
    first, second = race([(1, 1500, 0), (3, -1500, 0)])
    assert first.tolist() == [0, 400, 0, 600]
    assert second.tolist() == [0, 1000, 0, -1000]


def test_a_quarter_that_is_not_over_is_ranked_once():
    first, second = race([(1, 1500, 0), (2, -1500, 0)], per="quarter")
    assert (first.tolist(), second.tolist()) == ([0, 0, 1000, 0], [0, 0, 0, 0])


def test_a_pot_is_shared_again_when_a_deal_is_taken_back():
    pot = {"prizes": [], "ties": None, "rank_by": "credit", "pot": {"amount": 900, "shares": "by_credit"}}
    first, second = race([(1, 2000, 0), (2, -1000, 0)], **pot)
    assert (first.tolist(), second.tolist()) == ([0, 300, 150, 0], [0, 600, -150, 0])


@settings(max_examples=40)
@given(sold(), st.sampled_from(["period", "quarter"]), st.sampled_from(["each", "shared"]))
def test_a_contest_pays_in_the_end_what_it_pays_where_deals_had_been_smaller_from_the_start(deals, per, ties):
    left: dict[int, list[int]] = {}
    for month, credit, number in deals:
        left.setdefault(number, [month, 0])[1] += credit
    smaller = [(month, credit, number) for number, (month, credit) in left.items()]
    found, other = (race(some, per=per, ties=ties) for some in (deals, smaller))
    assert found.shape == other.shape
    two = [
        comp.pay(
            world(reps=2), np.zeros((2, 12), dtype=np.int64), spec({**RACE, "per": per, "ties": ties}),
            replace(rows([(1, 1000, 90), *some]), spell=np.array([0] + [1] * len(some))),
        ).earned[0].sum(axis=1).tolist()
        for some in (deals, smaller)
    ]  # fmt: skip
    assert two[0] == two[1]
