"""Limits, holdbacks, guarantees and draws: both paths and the audit agree, and nothing is lost."""

import itertools
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from engine import comp
from engine.comp.component import paid as pay
from engine.comp.components.commission import Commission
from engine.comp.components.holdback import Holdback
from engine.comp.components.limit import Limit
from engine.comp.fast import Fast
from engine.comp.scaled import Scaled
from engine.comp.spec import AnyComponent
from engine.comp.terms import terms
from tests.comp.adjusting import GROSS, MONTHS, adjustments, balance, book, clawed, person, settled, year
from tests.comp.worlds import BONUS, COMMISSION, SALARY, even_quotas, random_bookings, spec
from tests.worlds import with_spells, world


@settings(max_examples=150, deadline=None)
@given(adjustments, clawed, st.integers(0, 4))
def test_both_paths_agree_to_the_cent_on_whole_pay(part, gross, since):
    exact, fast = (settled(part, gross, number=number, since=since)[1].tolist() for number in (Scaled, Fast))
    assert exact == fast


@settings(max_examples=200, deadline=None)
@given(adjustments, clawed, st.integers(-3, 4))
def test_the_plain_reading_pays_the_same(part, gross, since):
    pays, lines, ours = settled(part, gross, since=since)
    plain = import_module(f"engine.comp.plain.{part.kind}")
    assert plain.earned(part, person(pays.tolist(), ours)) == lines.tolist()


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 13), clawed)
def test_what_is_held_is_released_or_still_held(after, gross):
    part = Holdback.model_validate({"share": "12.5%", "after": after, "leavers": "paid"})
    _, lines, ours = settled(part, gross)
    held = balance(part, ours)
    assert (np.cumsum(lines) == -np.array(held)).all()
    assert held[-1] == sum(round(amount / 8) for amount in gross[-after:])


@settings(max_examples=80, deadline=None)
@given(clawed)
def test_a_limit_that_is_trued_up_changes_when_pay_comes_and_not_how_much(gross):
    bounds = {"most": {"of_target": "100%"}, "least": {"amount": 0}, "per": "quarter"}
    trued = settled(Limit.model_validate({**bounds, "carry": "trued_up_at_year_end"}), gross)
    pays, change, _ = trued
    assert change.sum() == 0
    for start, end in MONTHS.groups("quarter").spans[:-1]:
        assert 0 <= (pays + change)[start:end].sum() <= 1_500_000


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["period", "quarter"]), year)
def test_what_a_cap_carries_forward_is_paid_when_there_is_room(per, gross):
    part = Limit.model_validate({"most": {"of_target": "70%"}, "per": per, "carry": "carried_forward"})
    pays, change, ours = settled(part, gross)
    waiting = balance(part, ours)
    assert min(waiting) >= 0
    assert sum(pays + change) + waiting[-1] == sum(gross)
    for start, end in MONTHS.groups(per).spans:
        paid_out, cap = (pays + change)[start:end].sum(), (end - start) * 350_000
        assert paid_out == cap if waiting[end - 1] else paid_out <= cap


@pytest.mark.parametrize(
    ("start", "since"),
    [
        ("2027-01-01", 0),
        ("2026-12-31", 1),
        ("2026-12-01", 1),
        ("2026-11-30", 2),
        ("2025-01-01", 24),
        ("2027-03-15", -2),
    ],
)
def test_periods_since_somebody_came_count_those_before_the_plan(start, since):
    inputs = with_spells(world(reps=1), start=np.array([np.datetime64(start, "D")]))
    known = terms(inputs, np.ones((1, 12), dtype=np.int64), "days_of_period", "half_even")
    assert known.since[0].tolist() == list(range(since, since + 12))


@pytest.mark.parametrize(
    "rule", ["days_of_period", "days_of_year", "days_30_360", "first_day", "whole_months", "none"]
)
def test_the_audit_agrees_on_a_plan_of_all_kinds(rule):
    inputs = with_spells(
        world(reps=3),
        start=np.array([np.datetime64(day) for day in ("2020-01-01", "2026-11-16", "2027-03-11")]),
        end=np.array([np.datetime64(day, "D") for day in ("NaT", "2027-09-20", "NaT")]),
    )
    rules = spec(
        SALARY, COMMISSION, BONUS,
        {"kind": "limit", "most": {"of_target": "180%"}, "least": {"amount": 500}, "per": "quarter",
         "carry": "trued_up_at_year_end", "pay": "quarterly"},
        {"kind": "limit", "name": "of the year", "most": {"of_target": "250%"}, "per": "year", "carry": "lost",
         "pay": "quarterly"},
        {"kind": "holdback", "of": ["commission"], "share": "7.5%", "after": 2, "leavers": "forfeited"},
        {"kind": "guarantee", "least": {"of_target": "90%"}, "periods": 4, "per": "period"},
        {"kind": "draw", "of": ["bonus", "limit"], "type": "recoverable_then_forgiven", "form": "advance",
         "per": "quarter", "amount": 1500, "until": 7, "term": "draw"},
        {"kind": "draw", "name": "floor", "type": "recoverable", "form": "floor", "per": "period", "amount": 4000},
        proration=rule,
    )  # fmt: skip
    payouts = comp.settle(inputs, random_bookings(inputs, 6), even_quotas(inputs), rules)
    assert (payouts.variable != 0).any()


LIMIT = {"kind": "limit", "most": {"amount": 1000}, "per": "period", "carry": "lost"}
HELD = {"kind": "holdback", "share": "50%", "at_end_of": "year", "leavers": "paid"}
LEAST = {"kind": "guarantee", "least": {"amount": 800}, "periods": 12, "per": "period"}
ADVANCED = {"kind": "draw", "type": "non_recoverable", "form": "floor", "amount": 900, "per": "period"}


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ((LIMIT, HELD), {"limit": -200_000, "holdback": -50_000}),  # half of what the limit left
        ((HELD, LEAST), {"holdback": -150_000, "guarantee": 0}),
        ((LIMIT, HELD, LEAST), {"limit": -200_000, "holdback": -50_000, "guarantee": 30_000}),
        ((LIMIT, ADVANCED), {"limit": -200_000, "draw": 0}),
        ((LIMIT, HELD, ADVANCED), {"limit": -200_000, "holdback": -50_000, "draw": 40_000}),
        (
            (LIMIT, HELD, LEAST, ADVANCED),
            {"limit": -200_000, "holdback": -50_000, "guarantee": 30_000, "draw": 10_000},
        ),
    ],
)
def test_limits_holdbacks_guarantees_and_draws_follow_each_other_however_they_are_listed(parts, lines):
    source = Commission.model_validate({**GROSS, "pay": "monthly"})
    read = [TypeAdapter(AnyComponent).validate_python(part) for part in parts]
    for order in itertools.permutations([source, *read]):
        ours = book(Scaled, [300_000] * 12)
        amounts = pay(list(order), ours, "monthly")
        assert {label: int(amounts[label].minor()[0, 0]) for label in lines} == lines


@pytest.mark.parametrize(("order", "second"), [((1000, 600), -40_000), ((600, 1000), 0)])
def test_within_a_turn_the_order_of_the_plan_decides(order, second):
    limits = [
        Limit.model_validate({**LIMIT, "name": name, "most": {"amount": most}})
        for name, most in zip(("first", "second"), order, strict=True)
    ]
    ours = book(Scaled, [300_000] * 12)
    amounts = pay([Commission.model_validate(GROSS), *limits], ours, "monthly")
    assert int(amounts["second"].minor()[0, 0]) == second
