"""Settling simulated credits: who is paid, what adds up, and that it repeats to the byte."""

from dataclasses import replace

import numpy as np
import pytest

from engine import comp
from engine.comp import settlement
from engine.comp.exact import Rows
from engine.comp.terms import terms
from engine.errors import BadInput, VerificationFailed
from tests.comp.test_groups import in_regions
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
from tests.worlds import with_spells, world

TEN_PERCENT = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "period", "tiers": [{"start": 0, "rate": "10%"}],
}  # fmt: skip


def staffed():
    """Three seats: R0 all year; R1 left on 10 May, backfilled on 21 June; R2 hired on 1 March."""
    base = world(reps=3)
    days = [np.datetime64(day) for day in ("2020-01-01", "2020-01-01", "2027-06-21", "2027-03-01")]
    ends = [np.datetime64(day, "D") for day in ("NaT", "2027-05-10", "NaT", "NaT")]
    return with_spells(
        base,
        id=("P0", "P1", "P3", "P2"), person=("P0", "P1", "P3", "P2"), rep=np.array([0, 1, 1, 2]),
        start=np.array(days), end=np.array(ends, dtype="datetime64[D]"), plan=("AE",) * 4,
        salary=np.array([8_000_000, 9_000_000, 7_500_000, 8_000_000]), target_incentive=np.full(4, 6_000_000),
    )  # fmt: skip


def table(payouts, name):
    return next(table.frame for table in payouts.tables if table.name == name)


def everything(payouts):
    frames = b"".join(table.frame.to_csv(index=False).encode() for table in payouts.tables)
    return payouts.cost.tobytes() + payouts.variable.tobytes() + payouts.attainment.tobytes() + frames


@pytest.mark.parametrize(("workers", "block", "held"), [(2, 512, 1 << 27), (1, 1, 1), (3, 10, 60_000)])
def test_the_same_bytes_for_any_workers_block_and_team(monkeypatch, workers, block, held):
    inputs = staffed()
    credits, quota = random_bookings(inputs, 37), even_quotas(inputs)
    before = everything(comp.settle(inputs, credits, quota, spec()))
    monkeypatch.setattr(settlement, "BLOCK", block)
    monkeypatch.setattr(settlement, "TEAM_BYTES", held)
    assert everything(comp.settle(inputs, credits, quota, spec(), workers=workers)) == before


def test_a_replication_costs_what_the_exact_path_pays_on_its_credits():
    inputs, rules = staffed(), spec()
    credits, quota = random_bookings(inputs, 5), even_quotas(inputs)
    payouts = comp.settle(inputs, credits, quota, rules)
    known = terms(inputs, quota.by_period, rules.proration, rules.rounding)
    for r in range(5):
        credit = known.credit(credits.measure("bookings")[r], np.arange(4), "half_even")
        spell, period = np.indices(credit.shape)
        rows = Rows(spell.ravel(), period.ravel(), {"bookings": credit.ravel()})
        exact = comp.pay(inputs, quota.by_period, rules, rows).pay.sum(axis=(0, 1))
        assert np.abs(payouts.cost[r, :, 0] - exact).max() <= 2 * 4 * 2


def test_a_change_within_a_month_cuts_credit_by_days_and_a_vacancy_pays_nobody():
    inputs = staffed()
    credit = np.full((1, 3, 12), 31_000_00)
    frame = units(comp.settle(inputs, bookings(credit), even_quotas(inputs), spec(TEN_PERCENT)), "payouts")
    pay = frame.pivot(index="spell", columns="period", values="mean")
    assert pay.loc["P1", ["2027-04", "2027-05", "2027-06"]].tolist() == [3100, 900, 0]
    assert pay.loc["P3", ["2027-05", "2027-06", "2027-07"]].tolist() == [
        0,
        pytest.approx(3100 / 3, abs=0.01),
        3100,
    ]
    assert pay.loc["P2", ["2027-02", "2027-03"]].tolist() == [0, 3100]


def test_parts_of_a_seat_add_up_to_the_seat():
    inputs = staffed()
    ends = inputs.spells.end.copy()
    ends[1] = inputs.spells.start[2]
    inputs = with_spells(inputs, end=ends)
    quota = np.arange(36).reshape(3, 12) * 1_000_001
    for rounding in ("half_even", "half_up"):
        known = terms(inputs, quota, "days_of_year", rounding)
        assert (known.quota[1] + known.quota[2] == quota[1]).all()
        seats = np.array([quota * 3 + 1])
        credit = known.credit(seats, np.arange(4), rounding)
        assert (credit[0, 1] + credit[0, 2] == seats[0, 1]).all()


@pytest.mark.parametrize(
    "rule", ["days_of_period", "days_of_year", "days_30_360", "first_day", "whole_months", "none"]
)
def test_a_full_year_pays_the_annual_amounts_to_the_cent(rule):
    inputs = with_spells(world(reps=3), salary=np.array([9_999_999, 1, 12_345_678]))
    known = terms(inputs, np.ones((3, 12), dtype=np.int64), rule, "half_even")
    assert known.salary.sum(axis=1).tolist() == [9_999_999, 1, 12_345_678]
    assert known.target.sum(axis=1).tolist() == [8_000_000] * 3


def test_cost_is_salary_plus_variable_and_its_figures_add_up():
    inputs = staffed()
    payouts = comp.settle(inputs, random_bookings(inputs, 50), even_quotas(inputs), spec())
    cost = units(payouts, "cost").set_index(["plan", "period", "figure"])["mean"]
    for label in (*inputs.calendar.labels, "year"):
        assert cost["all", label, "total"] == pytest.approx(
            cost["all", label, "salary"] + cost["all", label, "variable"], abs=0.011
        )
    assert cost["all", "year", "total"] == np.rint(payouts.cost.sum(axis=(1, 2)).mean()) / 100
    private = next(table for table in payouts.tables if table.name == "payouts")
    assert private.private
    people = private.frame[private.frame["period"] == "year"]["mean"]
    assert people.sum() / 100 == pytest.approx(cost["all", "year", "total"], abs=0.005 * (len(people) + 1))
    assert table(payouts, "cost_distribution")["share"].sum() == pytest.approx(1)
    assert table(payouts, "attainment_distribution")["share"].sum() == pytest.approx(1)


def test_money_is_whole_minor_units_in_every_table():
    inputs = in_regions(*["West"] * 6, *["East"] * 5)
    found = comp.settle(inputs, random_bookings(inputs, 7), even_quotas(inputs), spec()).tables
    for table in found:
        for column in table.columns:
            assert column.unit != "currency units", (table.name, column.name)
            if column.type == "money":
                assert str(table.frame[column.name].dtype) in {"int64", "Int64"}, (table.name, column.name)
    assert {"cost", "cost_by_group", "payouts"} <= {
        table.name for table in found if any(column.type == "money" for column in table.columns)
    }


def test_cost_of_sales_is_cost_over_sales():
    inputs = world(reps=2)
    payouts = comp.settle(
        inputs, bookings(np.full((4, 2, 12), 1_000_000)), even_quotas(inputs), spec(TEN_PERCENT)
    )
    row = table(payouts, "cost_of_sales").iloc[0]
    assert row[["mean", "p10", "p90"]].tolist() == pytest.approx([0.1] * 3)
    assert row[["mean_low", "mean_high"]].tolist() == pytest.approx([0.1] * 2)
    assert "bookings" in row["definition"]
    drawn = comp.settle(inputs, random_bookings(inputs, 200), even_quotas(inputs), spec(SALARY, COMMISSION))
    row = table(drawn, "cost_of_sales").iloc[0]
    half = (row["mean_high"] - row["mean_low"]) / 2
    assert row["mean_low"] < row["mean"] < row["mean_high"]
    assert half * np.sqrt(200) / 1.96 == pytest.approx((row["p90"] - row["p10"]) / 2.563, rel=0.4)


def test_a_quota_of_zero_has_no_attainment_and_pays_no_bonus():
    inputs = world(reps=2)
    number = np.array([[0] * 12, [10_000_000] * 12])
    payouts = comp.settle(inputs, random_bookings(inputs, 9), quotas(number), spec(BONUS))
    assert np.isnan(payouts.attainment[:, 0]).all()
    assert np.isfinite(payouts.attainment[:, 1]).all()
    assert table(payouts, "attainment").iloc[0][["mean", "p_quota"]].isna().all()
    frame = units(payouts, "payouts")
    assert (frame[frame["rep"] == "R0"]["mean"] == 0).all()
    assert frame[frame["rep"] == "R1"]["mean"].sum() > 0


def test_p_quota_counts_attainment_of_exactly_one():
    inputs = world(reps=1)
    months = np.array([[[10_000_000] * 12], [[9_999_999] * 12]])
    row = table(comp.settle(inputs, bookings(months), even_quotas(inputs), spec(BONUS)), "attainment").iloc[0]
    assert row["p_quota"] == 0.5
    assert 0 < row["p_quota_low"] < 0.5 < row["p_quota_high"] < 1


def test_pay_of_a_plan_with_one_person_shows_nowhere_but_in_private():
    inputs = staffed()
    rules = spec().model_dump(mode="json")
    rules["plans"]["Lead"] = rules["plans"]["AE"]
    inputs = with_spells(inputs, plan=("AE", "AE", "AE", "Lead"))
    payouts = comp.settle(
        inputs, random_bookings(inputs, 6), even_quotas(inputs), type(spec()).model_validate(rules)
    )
    assert set(units(payouts, "cost")["plan"]) == {"all"}
    curve = units(payouts, "pay_curve").set_index("plan")
    assert curve.loc["Lead", "money"].isna().all()
    assert curve.loc["AE", "money"].isna().all()
    assert curve.loc["AE", "pay"].notna().all()
    shown = table(payouts, "plan_checks")
    assert not shown[shown["plan"] == "Lead"]["message"].str.contains("USD").any()


def test_every_fault_of_people_and_plans_comes_at_once():
    inputs = with_spells(staffed(), plan=("AE", "SDR", "SDR", ""))
    by_deal = {**TEN_PERCENT, "accumulate": "transaction"}
    foreign = {**COMMISSION, "measure": "units", "name": "on units"}
    with pytest.raises(BadInput) as caught:
        comp.settle(inputs, random_bookings(inputs, 2), even_quotas(inputs), spec(by_deal, foreign))
    found = {(fault.code, fault.field) for fault in caught.value.faults}
    assert found == {
        ("E_REFERENCE", "comp.plans"),
        ("E_UNSUPPORTED", "comp.plans.AE.components[0].accumulate"),
        ("E_REFERENCE", "comp.plans.AE.components[1].measure"),
    }
    assert "SDR" in str(caught.value)
    assert "AE" in caught.value.faults[0].hint


def test_people_without_a_plan_cost_nothing():
    inputs = with_spells(staffed(), plan=("", "", "", ""))
    payouts = comp.settle(inputs, random_bookings(inputs, 3), even_quotas(inputs), spec())
    assert payouts.cost.sum() == 0
    assert units(payouts, "pay_curve").empty


def test_two_measures_pay_side_by_side():
    inputs = world(reps=2)
    cube = np.stack([np.full((3, 2, 12), 1_000_000), np.full((3, 2, 12), 500_000)], axis=-1)
    services = {**TEN_PERCENT, "measure": "services", "name": "on services"}
    payouts = comp.settle(
        inputs, bookings(cube, "bookings", "services"), even_quotas(inputs), spec(TEN_PERCENT, services)
    )
    assert (payouts.variable == 2 * (100_000 + 50_000)).all()


def test_a_wrong_payout_is_not_published(monkeypatch):
    inputs = staffed()
    honest = settlement.paid

    def dear(parts, book, plan):
        return {label: amount.plus(book.quota) for label, amount in honest(parts, book, plan).items()}

    monkeypatch.setattr(settlement, "paid", dear)
    with pytest.raises(VerificationFailed, match="paid again"):
        comp.settle(inputs, random_bookings(inputs, 4), even_quotas(inputs), spec())


def test_violations_name_a_tampered_cent_and_a_broken_total():
    inputs, rules = staffed(), spec(SALARY, TEN_PERCENT)
    credits, quota = random_bookings(inputs, 4), even_quotas(inputs)
    payouts = comp.settle(inputs, credits, quota, rules)
    assert comp.violations(inputs, credits, quota, rules, payouts) == []
    dearer = replace(payouts, cost=payouts.cost + 1)
    assert any("salary" in sentence for sentence in comp.violations(inputs, credits, quota, rules, dearer))
    broken = replace(payouts, cost=payouts.cost + np.eye(4, 12)[:, :, None])
    assert any(
        "differs between" in sentence for sentence in comp.violations(inputs, credits, quota, rules, broken)
    )


@pytest.mark.parametrize(
    "rule", ["days_of_period", "days_of_year", "days_30_360", "first_day", "whole_months", "none"]
)
@pytest.mark.parametrize("rounding", ["half_even", "half_up"])
def test_the_audit_agrees_under_every_rule(rule, rounding):
    inputs = staffed()
    capped = {
        **COMMISSION,
        "accumulate": "quarter",
        "quota": "to_date",
        "cap": {"amount": "9k", "per": "quarter"},
    }
    rules = spec(SALARY, capped, BONUS, proration=rule, rounding=rounding)
    assert comp.settle(inputs, random_bookings(inputs, 6), even_quotas(inputs), rules).cost.min() > 0
