"""On-costs: ceilings by person and year to the cent, dates, and what they are added to."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine import comp
from engine.comp import settlement
from engine.comp.exact import Rows
from engine.comp.fast import Fast
from engine.comp.oncosts import OnCost
from engine.comp.scaled import Scaled
from engine.comp.terms import terms
from engine.errors import VerificationFailed
from tests.comp.test_groups import in_regions
from tests.comp.worlds import BONUS, COMMISSION, SALARY, bookings, even_quotas, random_bookings, spec, units
from tests.worlds import with_spells, world

TAX = {"name": "social security", "rate": "6.2%", "of": "total", "ceiling": "90k"}
HEALTH = {"name": "health", "rate": "1.45%", "of": "total"}
LEVY = {"name": "levy", "rate": "3%", "of": "variable", "start": "2027-04-01", "end": "2027-10-01"}


def plainly(pay: list[int], rate: Fraction, ceiling: int | None) -> list[int]:
    """One payment after the other."""
    due, base, told = [], 0, 0
    for amount in pay:
        base += amount
        counted = max(min(base, ceiling) if ceiling is not None else base, 0)
        due.append(round(counted * rate) - told)
        told += due[-1]
    return due


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(-500_000, 5_000_000), min_size=1, max_size=12),
    st.integers(0, 1000).map(lambda n: Decimal(n) / 1000),
    st.none() | st.integers(1, 200_000).map(Decimal),
)
def test_both_number_types_owe_what_one_payment_after_the_other_does(pay, rate, ceiling):
    cost = OnCost.model_validate({"name": "tax", "rate": rate, "of": "total", "ceiling": ceiling})
    expected = plainly(pay, Fraction(rate), None if ceiling is None else int(ceiling) * 100)
    row = np.array([pay], dtype=np.int64)
    assert cost.due(Scaled(row), len(pay), 100, "half_even").minor()[0].tolist() == expected
    fast = cost.due(Fast(row), len(pay), 100, "half_even").values[0]
    assert np.abs(np.array(fast) - expected).max() <= 1
    assert sum(expected) == plainly(
        [sum(pay)], Fraction(rate), None if ceiling is None else int(ceiling) * 100
    )[0] or (ceiling is not None and min(pay) < 0)


def settled(inputs, *costs, parts=(SALARY, COMMISSION, BONUS), replications=30):
    rules = spec(*parts, on_costs=list(costs), carry="spell")
    return comp.settle(inputs, random_bookings(inputs, replications), even_quotas(inputs), rules)


def test_loaded_cost_is_pay_and_every_on_cost_and_adds_up_over_plans_and_regions():
    inputs = in_regions(*["West"] * 6, *["East"] * 5)
    payouts = settled(inputs, TAX, HEALTH, LEVY)
    mean = units(payouts, "cost").set_index(["plan", "period", "figure"])["mean"]
    for period in (*inputs.calendar.labels, "year"):
        names = [mean["all", period, cost["name"]] for cost in (TAX, HEALTH, LEVY)]
        assert sum(names) == pytest.approx(mean["all", period, "on-costs"], abs=0.021)
        assert mean["all", period, "loaded"] == pytest.approx(
            mean["all", period, "total"] + sum(names), abs=0.026
        )
        assert mean["AE", period, "on-costs"] == pytest.approx(sum(names), abs=0.021)
    by_group = units(payouts, "cost_by_group").set_index(["group", "period", "figure"])["mean"]
    assert by_group["West", "year", "loaded"] + by_group["East", "year", "loaded"] == pytest.approx(
        mean["all", "year", "loaded"], abs=0.016
    )
    assert mean["all", "2027-03", "levy"] == 0
    assert mean["all", "2027-10", "levy"] == 0
    assert mean["all", "2027-05", "levy"] == pytest.approx(
        0.03 * mean["all", "2027-05", "variable"], abs=0.06
    )


def test_the_ceiling_of_a_person_in_two_seats_counts_once():
    base = world(reps=2)
    half = np.datetime64("2027-07-01")
    spells = {
        "start": np.array([np.datetime64("2026-01-01"), half]), "end": np.array([half, np.datetime64("NaT", "D")]),
        "salary": np.full(2, 12_000_000),
    }  # fmt: skip
    nothing = bookings(np.zeros((1, 2, 12)))
    rules = spec(SALARY, on_costs=[TAX], carry="spell")
    alone = comp.settle(with_spells(base, **spells), nothing, even_quotas(base), rules)
    both = with_spells(base, id=("P0", "P0#2"), person=("P0", "P0"), **spells)
    together = comp.settle(both, nothing, even_quotas(base), rules)

    def owed(payouts):
        frame = units(payouts, "cost").query("plan == 'all' and figure == 'social security'")
        return frame["mean"].tolist()

    assert owed(alone)[-1] == pytest.approx(0.062 * 120_000)
    assert owed(together)[-1] == pytest.approx(0.062 * 90_000)
    assert owed(together)[:12] == pytest.approx([620] * 9 + [0] * 3)


@pytest.mark.parametrize("held", [1, 60_000])
def test_on_costs_do_not_depend_on_teams(monkeypatch, held):
    inputs = in_regions(*["West"] * 6)
    inputs = with_spells(inputs, id=("A", "B", "B#2", "C", "D", "E"), person=("A", "B", "B", "C", "D", "E"))
    before = units(settled(inputs, TAX, LEVY), "cost")
    monkeypatch.setattr(settlement, "TEAM_BYTES", held)
    assert units(settled(inputs, TAX, LEVY), "cost").equals(before)


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"rate": "6.2"}, "E_RANGE", "above 100%"),
        ({"rate": "-1%"}, "E_RANGE", "below 0"),
        ({"start": "2027-05-01", "end": "2027-05-01"}, "E_DATE", "ends on"),
        ({"name": "loaded"}, "E_DUPLICATE", "another figure"),
    ],
)
def test_on_costs_that_cannot_be_read(change, code, says):
    with pytest.raises(ValidationError) as caught:
        OnCost.model_validate({**TAX, **change})
    error = caught.value.errors()[0]["ctx"]
    assert error["code"] == code
    assert says in error["message"]


def test_two_on_costs_have_two_names_and_each_says_what_it_is_a_share_of():
    with pytest.raises(ValidationError, match="two on-costs"):
        spec(on_costs=[TAX, TAX])
    with pytest.raises(ValidationError, match="Field required"):
        OnCost.model_validate({key: value for key, value in TAX.items() if key != "of"})


@pytest.mark.parametrize("carry", ["spell", "person"])
def test_a_settlement_owes_what_exact_pay_of_each_person_does(carry):
    base = in_regions(*["West"] * 6)
    half = np.datetime64("2027-05-18")
    start, end = base.spells.start.copy(), base.spells.end.copy()
    start[1], end[0] = half, half
    inputs = with_spells(
        base, id=("A", "A#2", "C", "D", "E", "F"), person=("A", "A", "C", "D", "E", "F"), start=start, end=end
    )
    rules = spec(SALARY, COMMISSION, BONUS, on_costs=[TAX, HEALTH, LEVY], carry=carry)
    credits, quota = random_bookings(inputs, 3), even_quotas(inputs)
    payouts = comp.settle(inputs, credits, quota, rules)
    known = terms(inputs, quota.by_period, rules.proration, rules.rounding, carry=rules.carry)
    owed = []
    for r in range(3):
        credit = known.credit(credits.measure("bookings")[r], np.arange(6), "half_even")
        spell, period = np.indices(credit.shape)
        rows = Rows(spell.ravel(), period.ravel(), {"bookings": credit.ravel()})
        exact = comp.pay(inputs, quota.by_period, rules, rows)
        pay = {label: amounts for (_, label), amounts in zip(exact.components, exact.pay, strict=True)}
        variable = pay["commission"] + pay["bonus"]
        owed.append([_owed(cost, variable, pay["salary"] + variable) for cost in (TAX, HEALTH, LEVY)])
    frame = units(payouts, "cost").query("plan == 'all' and period == 'year'").set_index("figure")["mean"]
    for cost, total in zip((TAX, HEALTH, LEVY), np.mean(owed, axis=0), strict=True):
        assert frame[cost["name"]] == pytest.approx(total / 100, abs=0.2)


def _owed(cost, variable, total) -> int:
    pay = variable if cost["of"] == "variable" else total
    if "start" in cost:
        pay = pay * np.array([3 <= month < 9 for month in range(12)])
    people = [pay[:2].sum(axis=0), *pay[2:]]
    ceiling = 9_000_000 if "ceiling" in cost else None
    rate = Fraction(Decimal(cost["rate"].rstrip("%"))) / 100
    return sum(sum(plainly([int(amount) for amount in person], rate, ceiling)) for person in people)


def test_an_audit_finds_on_costs_that_nobody_owes(monkeypatch):
    inputs = in_regions(*["West"] * 6, *["East"] * 5)
    ids = (*(f"P{k}" for k in range(10)), "P0#2")
    inputs = with_spells(inputs, id=ids, person=(*(f"P{k}" for k in range(10)), "P0"))
    assert settled(inputs, TAX, HEALTH, LEVY)
    for name, says in (
        ("by_item", "on-costs of health"),
        ("by_plan", "plan AE"),
        ("by_group", "region West"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(settlement, "settled", _with_more(settlement.settled, name))
            with pytest.raises(VerificationFailed, match=says):
                settled(inputs, TAX, HEALTH, LEVY)


def _with_more(settled, name):
    """A settlement that adds half a dollar of on-costs for each person to one sum, in one period."""
    at = {"by_item": 1, "by_plan": 0, "by_group": 0}[name]

    def more(*arguments, **options):
        ledger = settled(*arguments, **options)
        getattr(ledger.loading, name)[:, 4, at] += 11 * 50
        return ledger

    return more


@pytest.mark.parametrize("costs", [(HEALTH, LEVY), (TAX, LEVY)], ids=["no ceiling", "a ceiling"])
def test_an_audit_agrees_where_people_move_under_every_rounding(costs):
    base = in_regions(*["West"] * 6)
    half = np.datetime64("2027-05-18")
    start, end = base.spells.start.copy(), base.spells.end.copy()
    start[1], end[0] = half, half
    inputs = with_spells(
        base, id=("A", "A#2", "C", "D", "E", "F"), person=("A", "A", "C", "D", "E", "F"), start=start, end=end
    )
    for rounding in ("half_even", "half_up"):
        for carry in ("spell", "person"):
            rules = spec(SALARY, COMMISSION, BONUS, on_costs=list(costs), carry=carry, rounding=rounding)
            assert comp.settle(inputs, random_bookings(inputs, 9), even_quotas(inputs), rules)
