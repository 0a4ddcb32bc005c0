"""Lines of statements: what each deal adds is what the exact path pays with it less what it pays without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp import steps
from engine.comp.exact import Rows
from tests.comp.worlds import BONUS, COMMISSION, SALARY, spec
from tests.worlds import world

PERIODS = 5
TIERS = [{"start": 0, "rate": "5%"}, {"start": 40_000, "rate": "11%"}, {"start": 90_000, "rate": "7%"}]
CREDIT = {
    **COMMISSION,
    "name": "credit",
    "tiers_on": "credit",
    "rates": "of_credit",
    "weight": 1,
    "tiers": TIERS,
}
GATE = {
    "measure": "bookings",
    "accumulate": "year_to_date",
    "quota": "to_date",
    "at_least": "80%",
    "closed": "left",
}
GATE["otherwise"] = "nothing"
ROLLING = {
    "measure": "bookings", "accumulate": "rolling", "window": 3, "closed": "left", "shape": "lines",
    "nodes": [{"ratio": 0, "factor": "50%"}, {"ratio": 1, "factor": "130%"}],
}  # fmt: skip
SEVERAL = (
    SALARY,
    COMMISSION,
    BONUS,
    CREDIT,
    {**CREDIT, "name": "back", "mode": "retroactive", "accumulate": "quarter"},
    {**CREDIT, "name": "each", "accumulate": "transaction"},
    {**CREDIT, "name": "capped", "accumulate": "period", "cap": {"per": "year", "amount": 5000}},
    {
        **CREDIT,
        "name": "lifted",
        "cap": {"per": "quarter", "of_target": "60%"},
        "floor": {"per": "quarter", "amount": 900},
    },
    {**CREDIT, "name": "of deals", "windfall": {"above": 20_000, "counts": "50%"}},
    {**CREDIT, "name": "carried", "credit_caps": [{"per": "period", "amount": 25_000, "above": "carried"}]},
    {**CREDIT, "name": "gated", "gates": [GATE]},
    {**CREDIT, "name": "rolling", "accumulate": "period", "modifiers": [ROLLING]},
    {**CREDIT, "name": "tenured", "tenure": [{"month": 0, "factor": "50%"}, {"month": 2, "factor": 1}]},
    {**CREDIT, "name": "mini", "accumulate": "transaction", "floor": {"per": "deal", "amount": 700}},
)


def company():
    return replace(world(reps=3), calendar=calendar(CalendarSpec(year=2027, length=PERIODS)))


def earned(inputs, quota, rules, rows):
    return comp.pay(inputs, quota, rules, rows).earned


@st.composite
def deals(draw):
    """Deals of three people in order of period, and a quota for everybody."""
    count = draw(st.integers(0, 9))
    table = [
        (draw(st.integers(0, 2)), draw(st.integers(0, PERIODS - 1)), draw(st.integers(-2_000_000, 6_000_000)))
        for _ in range(count)
    ]
    table.sort(key=lambda row: row[1])
    spell, period, credit = (np.array([row[i] for row in table], dtype=np.int64) for i in range(3))
    quota = np.full((3, PERIODS), draw(st.sampled_from([1_000_000, 2_500_001])))
    return Rows(spell, period, {"bookings": credit}), quota


def taken(rows, of):
    return Rows(rows.spell[of], rows.period[of], {name: values[of] for name, values in rows.credit.items()})


@settings(max_examples=40)
@given(deals())
def test_steps_and_reasons_add_up_to_the_exact_path(given_deals):
    rows, quota = given_deals
    inputs, rules = company(), spec(*SEVERAL)
    whole = comp.pay(inputs, quota, rules, rows)
    named = {label: whole.earned[k] for k, (_, label) in enumerate(whole.components)}
    (book,) = whole.books.values()
    found = list(steps.stepped(inputs, quota, rules, rows))
    assert {one.part.label for one in found} == set(named) - {"salary"}
    for one in found:
        added = one.opened.copy()
        np.add.at(
            added, (np.searchsorted(one.spells, rows.spell[one.lines]), rows.period[one.lines]), one.gross
        )
        assert (added == one.part.of_deals().earn(book).minor()[one.spells]).all()
        for reason in one.part.reasons(book):
            added += reason.amount.minor()[one.spells]
        assert (added == named[one.part.label][one.spells]).all()


@settings(max_examples=25)
@given(deals())
def test_a_line_is_what_is_paid_with_the_deal_less_what_is_paid_without_it(given_deals):
    rows, quota = given_deals
    inputs, rules = company(), spec(*(part for part in SEVERAL if "floor" not in part))
    labels = [label for _, label in comp.pay(inputs, quota, rules, rows).components]
    found = list(steps.stepped(inputs, quota, rules, rows))
    for line, (spell, period) in enumerate(zip(rows.spell.tolist(), rows.period.tolist(), strict=True)):
        before = np.flatnonzero((rows.spell == spell) & (np.arange(rows.spell.size) < line))
        with_it = earned(inputs, quota, rules, taken(rows, [*before, line]))
        without = earned(inputs, quota, rules, taken(rows, before))
        added = (with_it - without)[:, spell, : period + 1].sum(axis=1)
        for one in found:
            mine = one.net[one.lines == line]
            assert mine.sum() == added[labels.index(one.part.label)], one.part.label


@settings(max_examples=25)
@given(deals(), st.integers(0, 100))
def test_a_deal_cut_in_two_pays_the_same_on_marginal_tiers(given_deals, percent):
    rows, quota = given_deals
    inputs, rules = company(), spec(CREDIT, COMMISSION)
    credit = rows.credit["bookings"]
    part = credit * percent // 100
    halves = Rows(
        np.repeat(rows.spell, 2),
        np.repeat(rows.period, 2),
        {"bookings": np.stack([part, credit - part], 1).reshape(-1)},
    )
    assert (earned(inputs, quota, rules, halves) == earned(inputs, quota, rules, rows)).all()
    sums = [one.gross.sum() for one in steps.stepped(inputs, quota, rules, rows)]
    assert [one.gross.sum() for one in steps.stepped(inputs, quota, rules, halves)] == sums


@pytest.mark.parametrize("cells", [1, 40, 1 << 22])
def test_batches_make_no_difference(monkeypatch, cells):
    rng = np.random.default_rng(3)
    rows = Rows(
        np.repeat([0, 1, 2], [1, 40, 300]),
        np.sort(rng.integers(0, PERIODS, 341)),
        {"bookings": rng.integers(0, 10**6, 341)},
    )
    inputs, quota = company(), np.full((3, PERIODS), 10**6)
    monkeypatch.setattr(steps, "CELLS", cells)
    lines = {
        (one.part.label, int(line)): int(amount)
        for one in steps.stepped(inputs, quota, spec(*SEVERAL), rows)
        for line, amount in zip(one.lines, one.gross, strict=True)
    }
    monkeypatch.undo()
    again = {
        (one.part.label, int(line)): int(amount)
        for one in steps.stepped(inputs, quota, spec(*SEVERAL), rows)
        for line, amount in zip(one.lines, one.gross, strict=True)
    }
    assert lines == again
