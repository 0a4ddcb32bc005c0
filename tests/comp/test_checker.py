"""The plan checker says what a plan will do before anybody is paid by it."""

import numpy as np

from engine import comp
from tests.comp.test_settle import TEN_PERCENT, table
from tests.comp.worlds import BONUS, COMMISSION, SALARY, bookings, even_quotas, random_bookings, spec
from tests.worlds import with_spells, world


def found(rules, inputs=None):
    return "\n".join(comp.check(rules, inputs or world(reps=3)))


def test_a_sound_plan_pays_its_target_incentive_at_quota():
    said = found(spec())
    assert "pay at 100 % is the target incentive: 80,000 USD for 80,000 USD" in said
    assert "commission: pay never falls" in said


def test_weights_that_do_not_add_up_show_as_pay_off_target():
    assert "pay at 100 % is 60.0% of the target incentive" in found(spec(COMMISSION))
    assert "pay at 100 % is 140.0% of the target incentive" in found(spec({**COMMISSION, "weight": 1}, BONUS))


def test_a_cliff_is_told_with_its_size():
    assert "bonus: a cliff at 70.0%, where pay jumps by 50.0% of its target incentive" in found(spec(BONUS))
    jump = {
        **TEN_PERCENT,
        "mode": "retroactive",
        "tiers": [{"start": 0, "rate": "5%"}, {"start": "100k", "rate": "8%"}],
    }
    assert "a cliff at 100,000 USD, where pay jumps by 3,000.00" in found(spec(jump))
    by_quota = {
        **COMMISSION,
        "rates": "of_credit",
        "mode": "retroactive",
        "tiers": [{"start": 0, "rate": "5%"}, {"start": 1, "rate": "8%"}],
    }
    assert "a cliff at 100.0%, where pay jumps by 3.0% of the quota" in found(spec(by_quota))


def test_pay_that_falls_is_told():
    falling = {
        **TEN_PERCENT,
        "mode": "retroactive",
        "tiers": [{"start": 0, "rate": "5%"}, {"start": "100k", "rate": "3%"}],
    }
    assert "pay falls somewhere" in found(spec(falling))


def test_the_monthly_tiers_of_a_published_plan_pay_105_600_for_100_000():
    """https://www.scribd.com/document/462556092/Sales-Compensation-Plan-Contract."""
    tiers = [{"start": 0, "rate": "8%"}, {"start": "80k", "rate": "12%"}, {"start": "100k", "rate": "15%"}]
    inputs = with_spells(world(reps=3), target_incentive=np.full(3, 10_000_000))
    rules = spec({**TEN_PERCENT, "tiers": tiers})
    payouts = comp.settle(inputs, random_bookings(inputs, 2), even_quotas(inputs, 10_000_000), rules)
    shown = table(payouts, "plan_checks").set_index("check").loc["target"]
    assert not shown["passed"]
    assert "105.6% of the target incentive: 105,600 USD for 100,000 USD" in shown["message"]


def test_before_there_are_quotas_a_plan_on_credit_is_not_judged_at_100_percent():
    assert "pay at 100 %" not in found(spec(TEN_PERCENT))
    assert "pays a salary alone" in found(
        spec(SALARY), with_spells(world(reps=3), target_incentive=np.zeros(3, dtype=np.int64))
    )


def test_the_pay_curve_passes_through_the_target_at_100_percent():
    inputs = world(reps=5)
    curve = table(
        comp.settle(inputs, bookings(np.ones((2, 5, 12))), even_quotas(inputs), spec()), "pay_curve"
    )
    by_attainment = curve.set_index("attainment")
    assert by_attainment.loc[1.0, "pay"] == 1
    assert by_attainment.loc[1.0, "money"] == 80_000
    assert by_attainment.loc[0.0, "pay"] == 0
    assert by_attainment["pay"].is_monotonic_increasing
