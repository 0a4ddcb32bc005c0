"""Plans are dated by people's rows: hire, exit, leave, transfer, raise and change of plan on any day."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.exact import Rows
from engine.comp.terms import terms
from engine.errors import BadInput
from engine.inputs import Spells
from tests.comp.test_settle import TEN_PERCENT
from tests.comp.worlds import (
    BONUS,
    COMMISSION,
    SALARY,
    bookings,
    even_quotas,
    quotas,
    random_bookings,
    spec,
    units,
)
from tests.worlds import world

MONTHS = [f"2027-{month:02d}" for month in range(1, 13)]
YEAR_TO_DATE = {
    **TEN_PERCENT,
    "accumulate": "year_to_date",
    "tiers": [{"start": 0, "rate": "10%"}, {"start": "600k", "rate": "20%"}],
}


def rows(*people, seats=1):
    """A world with (person, seat, start, end, plan, salary, target incentive) rows; '' is no end."""
    person, rep, start, end, plan, salary, target = zip(*people, strict=True)
    inputs = world(reps=seats)
    return replace(
        inputs,
        spells=Spells(
            id=tuple(f"{name}/{i}" for i, name in enumerate(person)),
            person=person,
            rep=np.array(rep),
            start=np.array(start, dtype="datetime64[D]"),
            end=np.array([day or "NaT" for day in end], dtype="datetime64[D]"),
            plan=plan,
            salary=np.array(salary),
            target_incentive=np.array(target),
        ),
    )


def ann(*stays, terms=(12_000_000, 6_000_000)):
    """Rows of Ann under plan AE: (seat, start, end)."""
    return [("Ann", seat, start, end, "AE", *terms) for seat, start, end in stays]


def paid(inputs, credit, rules, quota=10_000_000):
    """Mean pay by (spell, component) and period, and the payouts; every seat books the same each month."""
    months = np.full((1, len(inputs.reps), 12), credit)
    payouts = comp.settle(inputs, bookings(months), even_quotas(inputs, quota), rules)
    frame = units(payouts, "payouts")
    return frame.set_index(["spell", "component", "period"])["mean"].unstack(), payouts


def test_a_change_of_plan_on_a_day_cuts_credit_quota_and_target_and_begins_anew():
    inputs = rows(
        *ann((0, "2020-01-01", "2027-04-16")), ("Ann", 0, "2027-04-16", "", "AM", 12_000_000, 9_000_000)
    )
    rules = spec(SALARY, YEAR_TO_DATE).model_dump(mode="json")
    rules["plans"]["AM"] = rules["plans"]["AE"]
    pay, _ = paid(inputs, 20_000_000, type(spec()).model_validate(rules))
    assert pay.loc[("Ann/0", "commission"), MONTHS[:5]].tolist() == [20_000, 20_000, 20_000, 20_000, 0]
    assert pay.loc[("Ann/1", "commission"), MONTHS[2:7]].tolist() == [0, 10_000, 20_000, 20_000, 30_000]
    known = terms(inputs, np.full((1, 12), 3_000_001), "days_of_period", "half_even")
    assert known.quota[:, 3].tolist() == [1_500_000, 1_500_001]
    assert known.target[:, 3].tolist() == [250_000, 375_000]


def test_before_a_transfer_goes_on_or_begins_anew_somebody_must_say_so():
    inputs = rows(*ann((0, "2020-01-01", "2027-07-01"), (1, "2027-07-01", "")), seats=2)
    with pytest.raises(BadInput, match="Ann has 2 rows under plan 'AE'") as caught:
        comp.settle(inputs, random_bookings(inputs, 2), even_quotas(inputs), spec())
    assert [(fault.code, fault.field) for fault in caught.value.faults] == [("E_REQUIRED", "comp.carry")]
    assert comp.check(spec(carry="spell"), inputs)
    assert comp.check(spec(SALARY), inputs)


def test_a_transfer_begins_anew_or_runs_on_as_the_plan_says():
    inputs = rows(*ann((0, "2020-01-01", "2027-07-01"), (1, "2027-07-01", "")), seats=2)
    anew, _ = paid(inputs, 20_000_000, spec(SALARY, YEAR_TO_DATE, carry="spell"))
    assert anew.loc[("Ann/0", "commission"), MONTHS[5]] == 40_000
    assert anew.loc[("Ann/1", "commission"), MONTHS[6:10]].tolist() == [20_000, 20_000, 20_000, 40_000]
    on, _ = paid(inputs, 20_000_000, spec(SALARY, YEAR_TO_DATE, carry="person"))
    assert on.loc[("Ann/0", "commission"), MONTHS[2:8]].tolist() == [20_000, *[40_000] * 5]
    assert (on.loc["Ann/1", "commission"] == 0).all()
    assert on.loc[("Ann/0", "salary"), "year"] == on.loc[("Ann/1", "salary"), "year"] == 60_000


def test_a_raise_within_a_month_is_a_second_row_on_the_same_seat():
    people = [
        *ann((0, "2020-01-01", "2027-04-16")),
        ("Ann", 0, "2027-04-16", "", "AE", 24_000_000, 12_000_000),
    ]
    linear = {**COMMISSION, "weight": 1, "tiers": [{"start": 0, "rate": 1}]}
    pay, _ = paid(rows(*people), 10_000_000, spec(SALARY, linear, carry="person"))
    assert pay.loc[("Ann/0", "salary"), MONTHS[3]] + pay.loc[("Ann/1", "salary"), MONTHS[3]] == 15_000
    assert pay.loc[("Ann/0", "commission"), "year"] == 3.5 * 5_000 + 8.5 * 10_000


def test_a_leave_pays_nothing_for_its_days_and_lowers_the_quota():
    inputs = rows(*ann((0, "2020-01-01", "2027-04-01"), (0, "2027-06-16", "")))
    known = terms(inputs, np.full((1, 12), 3_000_000), "days_of_period", "half_even", carry="person")
    assert known.quota[0].tolist() == [*[3_000_000] * 3, 0, 0, 1_500_000, *[3_000_000] * 6]
    assert known.quota[1].tolist() == [0] * 12
    pay, _ = paid(inputs, 20_000_000, spec(SALARY, YEAR_TO_DATE, carry="person"))
    assert pay.loc[("Ann/0", "commission"), MONTHS[2:7]].tolist() == [20_000, 0, 0, 20_000, 40_000]
    assert pay["year"].loc[:, "salary"].sum() == 120_000 * 9.5 / 12


def test_who_comes_and_goes_within_a_month_is_paid_by_days():
    inputs = rows(*ann((0, "2027-04-11", "2027-04-21"), terms=(10_800_000, 0)))
    pay, payouts = paid(inputs, 3_000_000, spec(SALARY, TEN_PERCENT))
    assert pay.loc[("Ann/0", "commission"), MONTHS[3]] == 1_000
    assert pay.loc[("Ann/0", "salary"), MONTHS[3]] == 3_000
    assert payouts.cost.sum() == 100_000 + 300_000


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("days_of_period", 0.5), ("days_of_year", 15 * 12 / 365), ("days_30_360", 0.5), ("first_day", 1),
        ("whole_months", 1), ("none", 1),
    ],
)  # fmt: skip
def test_an_exit_on_the_sixteenth_is_half_a_month_by_the_day_rule_that_is_named(rule, days):
    inputs = rows(*ann((0, "2020-01-01", "2027-04-16")))
    known = terms(inputs, np.full((1, 12), 3_000_000), rule, "half_even")
    assert known.salary[0, 3] == round(1_000_000 * days)
    assert known.quota[0, 3] == 1_500_000
    assert known.salary[0, 4:].tolist() == [0] * 8


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2027-03-15", "NaT", 10), ("2027-03-16", "NaT", 9), ("2020-01-01", "2027-03-15", 2),
        ("2020-01-01", "2027-03-16", 3), ("2027-03-14", "2027-03-17", 1), ("2027-02-16", "2027-03-15", 0),
    ],
)  # fmt: skip
def test_whole_months_count_for_whoever_is_there_on_the_cutoff_day(start, end, months):
    known = terms(
        rows(*ann((0, start, end))), np.ones((1, 12)).astype(int), "whole_months", "half_even", cutoff=15
    )
    assert known.salary.sum() == months * 1_000_000


def test_the_last_day_decides_where_the_cutoff_lies_beyond_the_period():
    inputs = rows(*ann((0, "2027-02-28", "NaT")))
    known = terms(inputs, np.ones((1, 12)).astype(int), "whole_months", "half_even", cutoff=31)
    assert known.salary[0, :3].tolist() == [0, 1_000_000, 1_000_000]


def test_each_month_has_thirty_days_of_a_year_of_360():
    inputs = rows(*ann((0, "2027-01-31", "2027-03-31")))
    known = terms(inputs, np.ones((1, 12)).astype(int), "days_30_360", "half_even")
    assert known.salary[0, :3].tolist() == [0, 1_000_000, 1_000_000]
    inputs = rows(*ann((0, "2027-01-21", "2027-02-28")))
    known = terms(inputs, np.ones((1, 12)).astype(int), "days_30_360", "half_even")
    assert known.salary[0, :2].tolist() == [333_333, 900_000]


def test_under_none_a_period_counts_once_by_the_last_row_of_a_person():
    inputs = rows(*ann((0, "2020-01-01", "2027-03-10"), (0, "2027-03-10", "2027-05-02")))
    known = terms(inputs, np.ones((1, 12)).astype(int), "none", "half_even")
    assert known.salary.sum(axis=0).tolist() == [1_000_000] * 5 + [0] * 7
    assert known.salary[:, 2].tolist() == [0, 1_000_000]


def test_a_seasonal_quota_of_who_comes_in_march_is_a_third_of_the_first_quarter_and_the_rest():
    """The archived thread 'Formula to Prorate a Quota', by whole months: 6,667 + 20,000 + 20,000 + 40,000 = 86,667.

    https://huggingface.co/datasets/nvidia/Nemotron-CC-Math-v1
    A quota of a quarter lies evenly on its months; who comes on the first of a month has whole months by days too.
    """
    quarters = np.array([2_000_000, 2_000_000, 2_000_000, 4_000_000])
    months = np.diff([0, *np.cumsum(np.rint(np.repeat(quarters, 3) / 3))])
    inputs = rows(*ann((0, "2027-03-01", "")))
    quota = terms(inputs, months[None].astype(np.int64), "days_of_period", "half_even").quota[0]
    assert np.rint(quota.reshape(4, 3).sum(axis=1) / 100).tolist() == [6_667, 20_000, 20_000, 40_000]
    assert round(quota.sum() / 100) == 86_667


def split(day):
    """The same person in the same seat, as one row and as two that meet on a day."""
    return rows(*ann((0, "2020-01-01", ""))), rows(*ann((0, "2020-01-01", day), (0, day, "")))


days = st.integers(1, 364).map(lambda n: str(np.datetime64("2027-01-01") + np.timedelta64(n, "D")))
cells = st.lists(st.integers(0, 40_000_000), min_size=12, max_size=12)
rules = st.fixed_dictionaries({
    "proration": st.sampled_from(["days_of_period", "days_of_year", "first_day"]),
    "rounding": st.sampled_from(["half_even", "half_up"]),
})  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(days, cells, cells, rules)
def test_two_rows_of_equal_terms_that_carry_on_are_one_whole(day, credit, quota, how):
    whole, halves = split(day)
    plan = spec(SALARY, COMMISSION, BONUS, **how, carry="person")
    given_ = bookings(np.array(credit)[None, None]), quotas(np.array(quota)[None])
    one, two = (comp.settle(inputs, *given_, plan) for inputs in (whole, halves))
    assert (one.cost == two.cost).all()
    assert (one.variable == two.variable).all()


@settings(max_examples=60, deadline=None)
@given(days, cells, rules)
def test_two_rows_that_begin_anew_pay_a_flat_rate_as_one_whole_but_for_cents(day, credit, how):
    whole, halves = split(day)
    plan = spec(TEN_PERCENT, **how, carry="spell")
    given_ = bookings(np.array(credit)[None, None]), even_quotas(whole)
    one, two = (comp.settle(inputs, *given_, plan) for inputs in (whole, halves))
    assert np.abs(one.variable - two.variable).max() <= 1


@settings(max_examples=30, deadline=None)
@given(days, cells, cells, rules)
def test_the_exact_path_carries_deals_of_both_rows_to_the_first(day, credit, quota, how):
    whole, halves = split(day)
    plan = spec(COMMISSION, BONUS, **how, carry="person")
    period = np.arange(12)
    since = np.array([(whole.calendar.edges[p] >= np.datetime64(day)) for p in range(12)]).astype(np.int64)
    deals = {"bookings": np.array(credit, dtype=np.int64)}
    one = comp.pay(whole, np.array(quota)[None], plan, Rows(period * 0, period, deals)).pay
    two = comp.pay(halves, np.array(quota)[None], plan, Rows(since, period, deals)).pay
    assert (two[:, 1] == 0).all()
    assert (two[:, 0] == one[:, 0]).all()


def test_credit_that_is_carried_is_found_by_whoever_asks_for_the_row():
    inputs = rows(
        *ann((0, "2020-01-01", "2027-04-16"), (1, "2027-04-16", "")),
        ("Bob", 0, "2027-04-16", "", "AE", 0, 0),
        seats=2,
    )
    known = terms(inputs, np.ones((2, 12), dtype=np.int64), "days_of_period", "half_even", carry="person")
    seats = np.arange(48, dtype=np.int64).reshape(2, 2, 12) * 1_000_003
    together = known.credit(seats, np.arange(3), "half_even")
    for row in range(3):
        assert (known.credit(seats, np.array([row]), "half_even")[..., 0, :] == together[..., row, :]).all()
    assert (together[:, 0, 4:] == seats[:, 1, 4:]).all()
    assert (together[:, 1] == 0).all()
    assert (together[:, 2, 4:] == seats[:, 0, 4:]).all()


TEAM = {"level": "company", "credit_of": ["AE"], "double_credit": "counted"}
STANDS_ON_PAY = (
    {"kind": "override", "team": TEAM, "accumulate": "year_to_date", "quota": "to_date", "closed": "left",
     "rate": "1%"},
    {"kind": "pool", "team": TEAM, "accumulate": "period", "closed": "left", "rate": "1%", "shares": "by_head"},
    {"kind": "draw", "type": "recoverable", "form": "floor", "per": "period", "amount": "5k"},
    {"kind": "guarantee", "least": {"amount": "3k"}, "periods": 6, "per": "period"},
    {"kind": "spif", "measure": "bookings", "amount": 50, "each": {"money": "10k"}, "accumulate": "quarter",
     "first_day": "2027-02-01", "last_day": "2027-12-31", "cap": {"events": 12, "per": "year"}},
)  # fmt: skip


@pytest.mark.parametrize("part", STANDS_ON_PAY, ids=lambda part: part["kind"])
@pytest.mark.parametrize("carry", ["spell", "person"])
def test_the_audit_agrees_on_what_stands_on_pay_that_runs_on_or_begins_anew(part, carry):
    stays = (0, "2020-01-01", "2027-05-11"), (1, "2027-06-21", "")
    inputs = rows(*ann(*stays), ("Bob", 0, "2027-06-01", "", "AE", 8_000_000, 5_000_000), seats=2)
    rules = spec(SALARY, COMMISSION, BONUS, part, carry=carry)
    assert comp.settle(inputs, random_bookings(inputs, 3), even_quotas(inputs), rules).cost.min() > 0
