"""Who earns nothing, who earns more, and what is paid beyond the accelerator, counted by hand."""

from fractions import Fraction

import numpy as np
import pytest

from engine import comp
from engine.comp.components.bonus import Bonus
from engine.comp.components.commission import Commission
from engine.comp.zones import Zones
from tests.comp.test_groups import in_regions, table
from tests.comp.worlds import BONUS, COMMISSION, SALARY, bookings, even_quotas, spec
from tests.worlds import with_spells

MONTH = 10_000_000
STEEP = {
    **COMMISSION,
    "tiers": [{"start": 0, "rate": "0.8"}, {"start": "50%", "rate": "1.2"}, {"start": "120%", "rate": 2}],
}
CREDIT = {
    **COMMISSION, "tiers_on": "credit", "rates": "of_credit", "accumulate": "period", "quota": None,
    "tiers": [{"start": 0, "rate": "0"}, {"start": "50k", "rate": "5%"}, {"start": "90k", "rate": "8%"}],
}  # fmt: skip


def zones(part):
    return Zones.of(part, part.table(100))


@pytest.mark.parametrize(
    ("part", "threshold", "accelerator"),
    [
        (Commission.model_validate(COMMISSION), None, Fraction(1)),
        (Commission.model_validate(STEEP), None, Fraction(6, 5)),
        (Commission.model_validate(CREDIT), Fraction(5_000_000), Fraction(9_000_000)),
        (Bonus.model_validate(BONUS), Fraction(7, 10), Fraction(1)),
        (Bonus.model_validate({**BONUS, "nodes": [{"attainment": 1, "pay": 1}]}), Fraction(7, 10), None),
    ],
)
def test_zones_are_read_off_the_table(part, threshold, accelerator):
    found = zones(part)
    assert (found.threshold, found.accelerator) == (threshold, accelerator)


def settled(attainments, *parts):
    """Everybody at a constant attainment all year."""
    inputs = in_regions(*["West"] * len(attainments))
    credit = np.array(attainments)[None, :, None] * np.full((1, 1, 12), MONTH)
    payouts = comp.settle(inputs, bookings(np.rint(credit)), even_quotas(inputs, MONTH), spec(SALARY, *parts))
    return table(payouts, "pay_zones").set_index("component")


def test_people_and_pay_are_counted_by_hand():
    frame = settled([0.5, 0.6, 0.9, 1.0, 1.2, 1.6], COMMISSION, BONUS)
    commission, bonus = frame.loc["commission"], frame.loc["bonus"]
    assert (bonus["threshold"], bonus["accelerator"], commission["threshold"]) == ("70 %", "100 %", "")
    assert bonus["below_threshold"] == pytest.approx(2 / 6)
    assert bonus["above_accelerator"] == commission["above_accelerator"] == pytest.approx(3 / 6)
    assert np.isnan(commission["below_threshold"])
    pay = 0.5 + 0.6 + 0.9 + 1.0 + 1.3 + (1 + 0.5 * 1.5 + 0.1)
    assert commission["cost_beyond"] == pytest.approx((0.3 + 0.85) / pay, rel=1e-4)
    earned = 0.5 + 0.5 * (0.9 - 0.7) / 0.3 + 1 + 1.4 + 2
    assert bonus["cost_beyond"] == pytest.approx((0.4 + 1.0) / earned, rel=1e-4)
    whole = (0.6 * 1.15 + 0.4 * 1.4) / (0.6 * pay + 0.4 * earned)
    assert frame.loc["all", "cost_beyond"] == pytest.approx(whole, rel=1e-4)


def test_all_plans_together_weigh_each_by_what_it_pays():
    inputs = with_spells(in_regions(*["West"] * 10), plan=("AE", "SDR") * 5)
    credit = np.full((1, 10, 12), 0.0) + MONTH * np.array([1.5, 1.2] * 5)[None, :, None]
    steep = {**COMMISSION, "tiers": [{"start": 0, "rate": 1}, {"start": "100%", "rate": 3}]}
    block = spec(COMMISSION)
    both = block.model_copy(update={"plans": {"AE": block.plans["AE"], "SDR": spec(steep).plans["AE"]}})
    frame = table(
        comp.settle(inputs, bookings(np.rint(credit)), even_quotas(inputs, MONTH), both), "pay_zones"
    ).set_index("plan")
    ours, theirs = (frame.loc[plan, "cost_beyond"] for plan in ("AE", "SDR"))
    assert theirs == pytest.approx(0.6 / 1.6, rel=1e-4)
    pays = [1 / (1 - ours), 1.6]
    assert frame.loc["all", "cost_beyond"] == pytest.approx((pays[0] - 1 + 0.6) / sum(pays), rel=1e-4)


def test_what_a_cap_cuts_off_is_no_cost_beyond_the_accelerator():
    capped = {**COMMISSION, "cap": {"of_target": "120%", "per": "year"}}
    frame = settled([1.6] * 5, capped)
    assert frame.loc["commission", "cost_beyond"] == pytest.approx(0.2 / 1.2, rel=1e-4)


def test_tiers_on_credit_have_their_levels_in_money():
    frame = settled([0.4, 0.8, 0.9, 1.0, 1.1], CREDIT)
    row = frame.loc["commission"]
    assert (row["threshold"], row["accelerator"]) == ("50,000 USD", "90,000 USD")
    assert row["below_threshold"] == pytest.approx(0.2)
    assert row["above_accelerator"] == pytest.approx(0.6)
    pay = 0.05 * (30 + 40 + 40 + 40) + 0.08 * (10 + 20)
    assert row["cost_beyond"] == pytest.approx(0.08 * 30 / pay)


def test_a_plan_of_few_people_has_no_row():
    assert settled([0.5, 1.0, 1.5], COMMISSION).empty


def test_all_replications_count_where_that_is_little_work(monkeypatch):
    inputs = in_regions(*["West"] * 6)
    credit = np.full((1000, 6, 12), 0.5) * MONTH
    credit[1:3] = 1.5 * MONTH

    def zones():
        payouts = comp.settle(inputs, bookings(np.rint(credit)), even_quotas(inputs, MONTH), spec(COMMISSION))
        return table(payouts, "pay_zones").iloc[0]

    every = zones()
    assert (every["replications"], every["above_accelerator"]) == (1000, 0.002)
    monkeypatch.setattr("engine.comp.tables.zones.MOST_CELLS", 300 * 6 * 12)
    some = zones()
    assert some["replications"] == 300
    assert some["above_accelerator"] != 0.002


def test_shares_have_intervals_over_replications():
    inputs = in_regions(*["West"] * 6)
    rng = np.random.default_rng(5)
    credit = rng.lognormal(0, 0.5, (200, 6, 12)) * MONTH
    frame = table(
        comp.settle(inputs, bookings(np.rint(credit)), even_quotas(inputs, MONTH), spec(SALARY, COMMISSION)),
        "pay_zones",
    ).iloc[0]
    year = credit.sum(axis=2) >= 12 * MONTH
    each = year.mean(axis=1)
    half = 1.972 * each.std(ddof=1) / len(each) ** 0.5
    assert frame["above_accelerator"] == pytest.approx(each.mean())
    assert frame["above_accelerator_low"] == pytest.approx(each.mean() - half, abs=1e-4)
    assert frame["above_accelerator_high"] == pytest.approx(each.mean() + half, abs=1e-4)
    assert 0 < frame["cost_beyond_low"] < frame["cost_beyond"] < frame["cost_beyond_high"] < 1
    assert np.isnan(frame["below_threshold_low"])
