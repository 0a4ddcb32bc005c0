"""Limits, holdbacks, guarantees and draws: what is conserved, what is owed, and that both paths and the audit agree."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.book import Book
from engine.comp.component import paid
from engine.comp.components.commission import Commission
from engine.comp.components.draw import Draw
from engine.comp.components.guarantee import Guarantee
from engine.comp.components.holdback import Holdback
from engine.comp.components.limit import Limit
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.plain.person import Person
from engine.comp.scaled import Scaled
from engine.comp.terms import terms
from tests.comp.worlds import BONUS, COMMISSION, SALARY, even_quotas, random_bookings, spec
from tests.worlds import with_spells, world

MONTHS = Intervals.of(np.arange(12) // 3)
GROSS = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "period", "tiers": [{"start": 0, "rate": "100%"}],
}  # fmt: skip
DRAW = {"type": "recoverable", "form": "floor", "per": "period", "amount": 2000}
PER_MONTH = 200_000


def book(number, gross, since=0):
    """A person in seat all year whose commission is the credit; `since` periods had passed when the plan began."""
    shape = (1, 12)

    def row(values):
        return number(np.broadcast_to(np.array(values, dtype=np.int64), shape))

    return Book(
        {"bookings": row(gross)}, row(0), row(500_000), row(0), shape, MONTHS, "half_even", 100,
        annual=lambda amount: row(amount // 12), since=np.arange(12)[None] + since,
    )  # fmt: skip


def settled(part, gross, pay="monthly", number=Scaled, since=0):
    """What an adjustment adds by period, and the book that it was settled on."""
    ours, source = book(number, gross, since), Commission.model_validate({**GROSS, "pay": pay})
    amounts = paid([source, part], ours, "monthly")
    values = {label: np.rint(numbers(amount)).astype(np.int64)[0] for label, amount in amounts.items()}
    return values["commission"], values[part.label], ours


def numbers(amount):
    return amount.values if isinstance(amount, Fast) else amount.minor()


def balance(part, ours):
    return numbers(part.balance(ours))[0].tolist()


def person(pays, ours):
    def span(word, p):
        months = {"period": 1, "quarter": 3, "year": 12}[word]
        return range(p - p % months, p - p % months + months)

    return Person(
        credit=lambda measure: pays, quota=lambda measure: [0] * 12, target=[500_000] * 12, salary=[0] * 12,
        annual=lambda amount: numbers(ours.annual(amount))[0].tolist(), since=ours.since[0].tolist(), span=span,
        round=round, minor=100, earned={"commission": pays}, paid={"commission": pays},
    )  # fmt: skip


cents = st.integers(0, 1_000_000)
year = st.lists(st.one_of(st.just(0), cents), min_size=12, max_size=12)
clawed = st.lists(st.integers(-300_000, 1_000_000), min_size=12, max_size=12)
draws = st.builds(
    lambda forgiving, kind, form, per, until: Draw.model_validate({
        **DRAW, "type": kind, "form": form, "per": per, "until": 6 if forgiving == "draw" else until,
        "term": forgiving if kind == "recoverable_then_forgiven" else None,
    }),
    st.sampled_from(["quarter", "year", "draw"]),
    st.sampled_from(["non_recoverable", "recoverable", "recoverable_then_forgiven"]),
    st.sampled_from(["floor", "advance"]),
    st.sampled_from(["period", "quarter"]),
    st.sampled_from([None, 4, 15]),
)  # fmt: skip
holdbacks = st.builds(
    lambda share, when: Holdback.model_validate({"share": share, **when}),
    st.sampled_from(["10%", "33.3%", "100%"]),
    st.sampled_from([{"after": 1}, {"after": 14}, {"at_end_of": "quarter"}, {"at_end_of": "year"}]),
)
limits = st.builds(
    lambda bound, per, carry: Limit.model_validate({**bound, "per": per, "carry": carry}),
    st.sampled_from(
        [
            {"most": {"amount": 3000}},
            {"most": {"of_target": "130%"}, "least": {"of_target": "33.33%"}},
            {"least": {"amount": 1000}},
        ]
    ),
    st.sampled_from(["period", "quarter"]),
    st.sampled_from(["lost", "trued_up_at_year_end"]),
)
guarantees = st.builds(
    lambda level, per: Guarantee.model_validate({"least": level, "periods": 5, "per": per}),
    st.sampled_from([{"of_target": "66.67%"}, {"amount": 3000}]),
    st.sampled_from(["period", "quarter"]),
)
adjustments = st.one_of(draws, holdbacks, limits, guarantees)


@settings(max_examples=150, deadline=None)
@given(draws.filter(lambda draw: draw.type == "recoverable"), clawed)
def test_pay_under_a_recoverable_draw_is_gross_pay_and_the_balance(draw, gross):
    pays, lifted, ours = settled(draw, gross, "monthly" if draw.per == "period" else "quarterly")
    assert np.cumsum(lifted).tolist() == balance(draw, ours)
    assert sum(pays + lifted) == sum(gross) + balance(draw, ours)[-1]


@settings(max_examples=100, deadline=None)
@given(draws, year)
def test_a_draw_never_takes_more_than_there_is(draw, gross):
    pays, lifted, ours = settled(draw, gross, "monthly" if draw.per == "period" else "quarterly")
    assert (pays + lifted >= 0).all()
    assert min(balance(draw, ours)) >= 0


@settings(max_examples=150, deadline=None)
@given(draws, clawed)
def test_while_a_draw_runs_nobody_is_paid_less_in_an_interval(draw, gross):
    pays, lifted, _ = settled(draw, gross, "monthly" if draw.per == "period" else "quarterly")
    total = pays + lifted
    for start, end in MONTHS.groups(draw.per).spans:
        running = sum(1 for p in range(start, end) if draw.until is None or p < draw.until)
        assert total[start:end].sum() >= running * PER_MONTH or running == 0
    if draw.form == "advance":
        assert (total[: draw.until] >= PER_MONTH).all()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["period", "quarter", "year"]), st.sampled_from(["floor", "advance"]), clawed)
def test_a_non_recoverable_draw_pays_the_larger(per, form, gross):
    draw = Draw.model_validate({**DRAW, "type": "non_recoverable", "form": form, "per": per})
    pay = {"period": "monthly", "quarter": "quarterly", "year": "annually"}[per]
    pays, lifted, _ = settled(draw, gross, pay)
    for start, end in MONTHS.groups(per).spans:
        span = slice(start, end)
        assert (pays + lifted)[span].sum() == max(sum(gross[span]), (end - start) * PER_MONTH)


@settings(max_examples=80, deadline=None)
@given(clawed)
def test_where_pay_is_monthly_a_floor_and_an_advance_are_the_same(gross):
    for kind in ("non_recoverable", "recoverable"):
        floor, advance = (
            settled(Draw.model_validate({**DRAW, "type": kind, "form": form}), gross)[1].tolist()
            for form in ("floor", "advance")
        )
        assert floor == advance


@settings(max_examples=100, deadline=None)
@given(year)
def test_what_is_forgiven_is_the_difference_to_a_recoverable_draw(gross):
    forgiven = Draw.model_validate({**DRAW, "type": "recoverable_then_forgiven", "term": "quarter"})
    recoverable = Draw.model_validate(DRAW)
    assert sum(settled(forgiven, gross)[1]) >= sum(settled(recoverable, gross)[1])
    alone = [settled(recoverable, [*gross[q : q + 3], *[0] * 9])[1][:3].tolist() for q in range(0, 12, 3)]
    assert settled(forgiven, gross)[1].tolist() == [amount for quarter in alone for amount in quarter]


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
    part = Holdback.model_validate({"share": "12.5%", "after": after})
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


def test_the_balances_of_a_published_draw():
    """https://docs.oracle.com/cd/E05553_01/books/InCompAdm/InCompAdmPlanDesign8.html."""
    draw = Draw.model_validate(DRAW)
    gross = [275_000, 300_000, 150_000, 237_500, 300_000, 275_000, *[PER_MONTH] * 6]
    _, _, ours = settled(draw, gross)
    assert balance(draw, ours)[:6] == [0, 0, 50_000, 12_500, 0, 0]


def test_a_balance_leaves_out_what_is_settled_after_it():
    draw, later = Draw.model_validate(DRAW), Draw.model_validate({**DRAW, "name": "later", "amount": 3000})
    held = Holdback.model_validate({"share": "50%", "after": 12})
    ours = book(Scaled, [100_000] * 12)
    paid([Commission.model_validate(GROSS), draw, later, held], ours, "monthly")
    assert balance(held, ours)[-1] == 12 * 50_000
    assert balance(draw, ours)[-1] == 12 * 150_000
    assert balance(later, ours)[-1] == 12 * 100_000


def test_a_balance_that_is_forgiven_is_owed_no_longer():
    by_quarter = Draw.model_validate({**DRAW, "type": "recoverable_then_forgiven", "term": "quarter"})
    _, _, ours = settled(by_quarter, [0] * 12)
    assert balance(by_quarter, ours) == [200_000, 400_000, 0] * 4
    to_its_end = Draw.model_validate({
        **DRAW, "type": "recoverable_then_forgiven", "term": "draw", "until": 4,
    })  # fmt: skip
    _, _, ours = settled(to_its_end, [0] * 12)
    assert balance(to_its_end, ours) == [200_000, 400_000, 600_000, *[0] * 9]
    longer = to_its_end.model_copy(update={"until": 13})
    _, _, ours = settled(longer, [0] * 12)
    assert balance(longer, ours)[-1] == 2_400_000


def test_an_advance_is_owed_until_it_is_settled():
    draw = Draw.model_validate({**DRAW, "type": "non_recoverable", "form": "advance", "per": "quarter"})
    _, _, ours = settled(draw, [0] * 12, "quarterly")
    assert balance(draw, ours) == [200_000, 400_000, 0] * 4


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


@pytest.mark.parametrize("rule", ["days_of_period", "days_of_year", "first_day"])
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
        {"kind": "holdback", "of": ["commission"], "share": "7.5%", "after": 2},
        {"kind": "guarantee", "least": {"of_target": "90%"}, "periods": 4, "per": "period"},
        {"kind": "draw", "of": ["bonus", "limit"], "type": "recoverable_then_forgiven", "form": "advance",
         "per": "quarter", "amount": 1500, "until": 7, "term": "draw"},
        {"kind": "draw", "name": "floor", "type": "recoverable", "form": "floor", "per": "period", "amount": 4000},
        proration=rule,
    )  # fmt: skip
    payouts = comp.settle(inputs, random_bookings(inputs, 6), even_quotas(inputs), rules)
    assert (payouts.variable != 0).any()
