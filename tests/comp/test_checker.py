"""The plan checker says what a plan will do before anybody is paid by it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.checking.shape import Course, find, monotone
from engine.comp.checking.subject import Subject
from engine.comp.typical import typical
from engine.errors import BadInput
from tests.comp.test_settle import TEN_PERCENT, table
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


def found(rules, inputs=None):
    return "\n".join(comp.check(rules, inputs or world(reps=5)))


def simulated(rules, inputs=None, month=10_000_000):
    """What the checker says after a simulation, by check; several of one check are lines."""
    inputs = inputs or paid_in_hundreds()
    payouts = comp.settle(inputs, random_bookings(inputs, 20), even_quotas(inputs, month), rules)
    shown = table(payouts, "plan_checks")
    return {name: "\n".join(rows["message"]) for name, rows in shown.groupby("check")}, set(
        shown[~shown["passed"]]["check"]
    )


def paid_in_hundreds():
    """Five people with a base of 120,000 and a target incentive of 100,000."""
    terms = {"salary": np.full(5, 12_000_000), "target_incentive": np.full(5, 10_000_000)}
    return with_spells(world(reps=5), **terms)


def on_credit(mode, *rates):
    tiers = [{"start": start, "rate": rate} for start, rate in rates]
    return {**TEN_PERCENT, "mode": mode, "tiers": tiers}


def test_a_sound_plan_pays_its_target_incentive_at_quota():
    said = found(spec())
    assert "pay at 100% is the target incentive: 80,000 USD for 80,000 USD." in said
    assert "pay never falls as attainment rises from 0% to 200%" in said
    assert "pay mix 50/50: salary 80,000 USD and target incentive 80,000 USD" in said


def test_weights_that_do_not_add_up_show_as_pay_off_target():
    assert "pay at 100% is 60.0% of the target incentive" in found(spec(COMMISSION))
    too_much = found(spec({**COMMISSION, "weight": 1}, BONUS))
    assert "pay at 100% is 140.0% of the target incentive" in too_much
    assert "the weights add up to 140%" in too_much


def test_a_cliff_is_told_with_its_size_for_the_typical_person():
    cliff = "a cliff at 70.0% attainment, where pay of the year jumps by 16,000 USD, 20.0% of the target incentive"
    assert f"{cliff}; see bonus." in found(spec())
    assert found(spec()).count("a cliff") == 1
    assert "no cliffs" in found(spec(COMMISSION))


def test_a_cliff_of_a_table_on_credit_stands_at_the_attainment_where_the_typical_person_reaches_it():
    said, failed = simulated(spec(on_credit("retroactive", (0, "5%"), ("120k", "8%"))))
    assert "at 120.0% attainment, where pay of the year jumps by 43,200 USD, 43.2%" in said["cliff"]
    assert failed == {"target"}


def test_one_cliff_for_each_month_that_reaches_a_level_at_another_attainment():
    inputs = paid_in_hundreds()
    months = np.tile(np.array([8_000_000, 10_000_000, 12_500_000]).repeat(4), (5, 1))
    rules = spec(on_credit("retroactive", (0, "5%"), ("100k", "8%")))
    payouts = comp.settle(inputs, random_bookings(inputs, 2), quotas(months), rules)
    shown = table(payouts, "plan_checks").set_index("check").loc["cliff"]["message"].tolist()
    assert len(shown) == 3
    for level in ("80.0%", "100.0%", "125.0%"):
        assert any(f"a cliff at {level}" in message and "12,000 USD" in message for message in shown)


def test_before_there_are_quotas_a_table_tells_its_own_cliffs():
    jump = found(spec(on_credit("retroactive", (0, "5%"), ("100k", "8%"))))
    assert "Plan AE, commission: a cliff at 100,000 USD, where pay jumps by 3,000.00." in jump
    by_quota = {
        **COMMISSION,
        "rates": "of_credit",
        "mode": "retroactive",
        "tiers": [{"start": 0, "rate": "5%"}, {"start": 1, "rate": "8%"}],
    }
    assert "a cliff at 100.0%, where pay jumps by 3.0% of the quota" in found(spec(by_quota))


def test_pay_that_falls_is_told_with_where_and_by_how_much():
    falling = on_credit("retroactive", (0, "5%"), ("120k", "3%"))
    assert "pay falls somewhere" in found(spec(falling))
    said, failed = simulated(spec(falling))
    assert (
        "pay falls by 28,800 USD, 28.8% of the target incentive, as attainment passes 120.0%"
        in said["monotone"]
    )
    assert "drops by 28,800 USD" in said["cliff"]
    assert "monotone" in failed


def test_pay_that_falls_gently_is_told_too():
    sinking = {
        **BONUS,
        "nodes": [{"attainment": 1, "pay": 1}, {"attainment": "150%", "pay": "50%"}],
        "weight": 1,
    }
    said, failed = simulated(spec({**sinking, "cap": None}))
    assert (
        "pay falls by 50,000 USD, 50.0% of the target incentive, as attainment rises from 100.0% to 150.0%"
        in (said["monotone"])
    )
    assert failed == {"monotone"}


def test_a_fall_that_another_component_makes_good_is_no_fall_of_the_plan():
    falling = {**on_credit("marginal", (0, "5%")), "name": "other"}
    said, _ = simulated(spec(on_credit("retroactive", (0, "2%"), ("120k", "1.99%")), falling))
    assert "pay falls by" in said["monotone"]
    steep = {**on_credit("retroactive", (0, "0%"), ("120k", "1%")), "name": "other"}
    said, _ = simulated(spec(on_credit("retroactive", (0, "2%"), ("120k", "1.5%")), steep))
    assert "pay never falls" in said["monotone"]


def test_the_monthly_tiers_of_a_published_plan_pay_105_600_for_100_000():
    """https://www.scribd.com/document/462556092/Sales-Compensation-Plan-Contract."""
    tiers = on_credit("marginal", (0, "8%"), ("80k", "12%"), ("100k", "15%"))
    said, failed = simulated(spec(SALARY, tiers))
    off = "pay at 100% is 105.6% of the target incentive: 105,600 USD for 100,000 USD."
    assert off in said["target"]
    assert failed == {"target"}
    assert "384,000 USD at 80%, 528,000 USD at 100%, 708,000 USD at 120%" in said["cost"]
    assert "quota is 5.5 times OTE: 1,200,000 USD to 220,000 USD" in said["quota"]
    assert "pay mix 55/45" in said["mix"]


def test_upside_is_pay_at_the_90th_percentile_of_simulated_attainment():
    inputs = paid_in_hundreds()
    credit = np.full((10, 5, 12), 10_000_000)
    credit[9] = 20_000_000
    rules = spec({**COMMISSION, "weight": 1})
    payouts = comp.settle(inputs, bookings(credit), even_quotas(inputs), rules)
    said = table(payouts, "plan_checks").set_index("check").loc["upside"]["message"]
    assert "the 90th percentile of simulated attainment, 110% of quota, pay is 1.15 times" in said
    assert "132% of quota, pay is 1.48 times" in found(rules)


GATE = {
    "measure": "bookings",
    "accumulate": "year_to_date",
    "quota": "interval",
    "closed": "left",
    "at_least": "105%",
}
HALF = {"shape": "steps", "closed": "left", "nodes": [{"ratio": 0, "factor": "50%"}]}
ALL = {**COMMISSION, "weight": 1}


def test_gates_count_as_met_and_modifiers_as_1_in_pay_at_100_percent_and_show_in_its_shape():
    half = {**HALF, "measure": "bookings", "accumulate": "year_to_date", "quota": "interval"}
    said, failed = simulated(spec({**ALL, "gates": [{**GATE, "otherwise": "nothing"}], "modifiers": [half]}))
    assert "pay at 100% is the target incentive: 100,000 USD for 100,000 USD" in said["target"]
    assert "gates count as met and modifiers as 1 in commission" in said["target"]
    assert "400,000 USD at 80%, 500,000 USD at 100%" in said["cost"]
    assert "a cliff at 105.0% attainment, where pay of the year jumps by 53,750 USD" in said["cliff"]
    assert failed == set()


def test_a_draw_stays_out_of_every_figure_and_the_checker_says_so():
    draw = {"kind": "draw", "type": "recoverable", "form": "floor", "per": "period", "amount": "20k"}
    with_draw, without = (simulated(spec(*parts))[0] for parts in ((ALL, draw), (ALL,)))
    assert with_draw["target"].startswith(without["target"])
    assert "draw has no pay at an attainment of its own and is in no figure here" in with_draw["target"]
    assert {k: v for k, v in with_draw.items() if k != "target"} == {
        k: v for k, v in without.items() if k != "target"
    }


@pytest.mark.parametrize("people", [1, 2, 4])
def test_nothing_names_the_money_of_a_plan_with_few_people(people):
    alone = spec(SALARY, on_credit("retroactive", (0, "5%"), ("120k", "8%")))
    inputs = with_spells(paid_in_hundreds(), plan=("AE",) * people + ("",) * (5 - people))
    said, _ = simulated(alone, inputs)
    assert "USD" not in "".join(said.values())
    assert "USD" not in found(alone, inputs).replace("at 120,000 USD", "")
    assert "quota" not in said
    assert "43.2% of the target incentive" in said["cliff"]
    assert "48.0% at 80%" in said["cost"]


def test_a_plan_of_few_people_without_a_target_incentive_is_told_in_parts_of_its_pay_at_quota():
    free = with_spells(
        paid_in_hundreds(), plan=("AE", "AE", "", "", ""), target_incentive=np.zeros(5, dtype=np.int64)
    )
    said, _ = simulated(spec(on_credit("retroactive", (0, "5%"), ("120k", "8%"))), free)
    assert "jumps by 72.0% of pay at 100% attainment" in said["cliff"]
    assert "over pay at 100% attainment is 80.0% at 80%, 100.0% at 100%, 192.0% at 120%" in said["cost"]


def test_people_without_a_plan_are_told():
    said = found(spec(), with_spells(world(reps=3), plan=("AE", "", "AE")))
    assert (
        "1 spell in the table of people without a plan: nothing is paid and nothing costs there (P1)" in said
    )


def test_a_plan_that_is_not_there_is_refused_by_check_already():
    with pytest.raises(BadInput, match="no plan is called 'SDR'"):
        comp.check(spec(), with_spells(world(reps=3), plan=("AE", "SDR", "AE")))


def test_before_there_are_quotas_a_plan_on_credit_is_not_judged_at_100_percent():
    assert "pay at 100%" not in found(spec(TEN_PERCENT))
    assert "pays a salary alone" in found(
        spec(SALARY), with_spells(world(reps=3), target_incentive=np.zeros(3, dtype=np.int64))
    )


def test_the_pay_curve_passes_through_the_target_at_100_percent():
    inputs = world(reps=5)
    curve = units(
        comp.settle(inputs, bookings(np.ones((2, 5, 12))), even_quotas(inputs), spec()), "pay_curve"
    )
    by_attainment = curve.set_index("attainment")
    assert by_attainment.loc[1.0, "pay"] == 1
    assert by_attainment.loc[1.0, "money"] == 80_000
    assert by_attainment.loc[0.0, "pay"] == 0
    assert by_attainment["pay"].is_monotonic_increasing


levels = st.lists(st.integers(1, 39), min_size=1, max_size=4, unique=True).map(sorted)
rates = st.lists(st.integers(1, 300), min_size=5, max_size=5)


@settings(max_examples=40, deadline=None)
@given(
    levels, rates, st.sampled_from(["left", "right"]), st.sampled_from(["period", "quarter", "year_to_date"])
)
def test_every_jump_of_a_table_is_found_with_its_size_and_nothing_else(at, rate, closed, accumulate):
    """Retroactive tiers at multiples of 5 %: the jump at a start is start x (rate - rate before) x target incentive."""
    starts = [0, *(f"{5 * level}%" for level in at)]
    tiers = [{"start": start, "rate": f"{r}%"} for start, r in zip(starts, rate, strict=False)]
    part = {**COMMISSION, "weight": 1, "mode": "retroactive", "closed": closed, "accumulate": accumulate}
    rules = spec({**part, "tiers": tiers})
    inputs = world(reps=3)
    person = typical(inputs, random_bookings(inputs, 1), even_quotas(inputs), rules, "AE")
    subject = Subject(inputs, rules, "AE", person)
    jumps = [
        0.05 * level * (b - a) / 100 * 8_000_000 for level, a, b in zip(at, rate, rate[1:], strict=False)
    ]
    expected = [(0.05 * level, jump) for level, jump in zip(at, jumps, strict=True) if abs(jump) > 10_000]
    found = [cliff for cliff in find(subject, Course.of(subject)) if abs(cliff.jump) > 10_000]
    assert len(found) == len(expected)
    for cliff, (level, jump) in zip(found, expected, strict=True):
        assert cliff.below - 1e-6 <= level <= cliff.above + 1e-6
        assert abs(cliff.jump - jump) <= 200
    falls = any(jump < -100 for jump in jumps)
    assert [check.passed for check in monotone(subject, Course.of(subject))] == [not falls]


def test_parts_that_look_at_a_team_do_not_change_what_the_others_pay():
    team = {"level": "region", "credit_of": ["AE"], "double_credit": "counted"}
    pool = {
        "kind": "pool",
        "team": team,
        "accumulate": "period",
        "closed": "left",
        "rate": "1%",
        "shares": "by_head",
    }
    inputs = paid_in_hundreds()
    rules, without = spec(SALARY, COMMISSION, BONUS, pool), spec(SALARY, COMMISSION, BONUS)
    levels = np.array([0.5, 0.8, 1.0, 1.3])
    person = typical(inputs, random_bookings(inputs, 1), even_quotas(inputs), rules, "AE")
    both, alone = (Subject(inputs, each, "AE", person).by_part(levels) for each in (rules, without))
    assert list(both) == ["commission", "bonus", "pool"]
    assert all((both[label] == alone[label]).all() for label in alone)
    assert both["pool"].tolist() == pytest.approx([0.01 * 12 * 10_000_000 * level for level in levels])
