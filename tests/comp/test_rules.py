"""Gates, modifiers, limits and matrices: three readings agree, and what must hold for every one of them."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.auditor import Auditor
from engine.comp.components.bonus import Bonus
from engine.comp.components.commission import Commission
from engine.comp.components.matrix import Matrix
from engine.comp.exact import Rows
from engine.errors import BadInput
from tests.comp.drawn import matrices, parts, years
from tests.comp.readings import Year
from tests.comp.test_cases import Case, asked, cases
from tests.comp.test_paths import commissions, percents
from tests.comp.test_settle import staffed
from tests.comp.worlds import BONUS, COMMISSION, bookings, even_quotas, spec
from tests.worlds import with_spells


@settings(max_examples=250, deadline=None)
@given(parts(), years())
def test_the_exact_path_pays_what_a_plain_reading_pays(part, year):
    assert year.exact(part) == year.plain(part)


@settings(max_examples=250, deadline=None)
@given(parts(), years())
def test_the_fast_path_agrees_within_a_cent_for_each_rounding(part, year):
    fast, exact = np.array(year.fast(part)), np.array(year.exact(part))
    assert np.abs(fast - exact).max() <= 2 * part.points
    assert (fast == np.rint(fast)).all()


@settings(max_examples=120, deadline=None)
@given(parts(limited=False), years())
def test_gates_never_raise_pay(part, year):
    assert sum(year.exact(part)) <= sum(year.exact(part.model_copy(update={"gates": ()})))


@settings(max_examples=120, deadline=None)
@given(parts(limited=False), years(least=0), percents)
def test_higher_modifiers_never_pay_less(part, year, more):
    def raised(modifier):
        nodes = [node.model_copy(update={"factor": node.factor + more}) for node in modifier.nodes]
        return modifier.model_copy(update={"nodes": tuple(nodes)})

    richer = part.model_copy(update={"modifiers": tuple(raised(modifier) for modifier in part.modifiers)})
    assert sum(year.exact(richer)) >= sum(year.exact(part))


@settings(max_examples=80, deadline=None)
@given(matrices(rising=True), years(least=0), st.sampled_from(["bookings", "margin"]), st.integers(0, 11))
def test_a_matrix_that_rises_never_pays_less_for_more(part, year, measure, month):
    if part.across.over is not None:
        measure = "margin"
    quotas = {name: [max(q, 1) for q in row] for name, row in year.quotas.items()}
    row = list(year.credits[measure])
    row[month] += 12_345_678
    before, after = (Year(c, quotas, year.target) for c in (year.credits, {**year.credits, measure: row}))
    assert sum(after.exact(part)) >= sum(before.exact(part))


def test_a_matrix_of_two_legs_pays_the_legs():
    rng = np.random.default_rng(5)
    legs = {
        name: Bonus.model_validate({
            "measure": name, "accumulate": "quarter", "quota": "to_date", "closed": "left", "weight": weight,
            "nodes": [{"attainment": 0, "pay": 0}, {"attainment": 1, "pay": 1}, {"attainment": 2, "pay": 3}],
            "accelerator": 0,
        })
        for name, weight in (("bookings", "80%"), ("margin", "20%"))
    }  # fmt: skip
    part = Matrix.model_validate({
        "accumulate": "quarter", "quota": "to_date", "closed": "left", "shape": "bilinear", "levels": [0, 1, 2],
        "across": {"measure": "margin", "accumulate": "quarter", "quota": "to_date", "closed": "left",
                   "levels": [0, 1, 2]},
        "cells": [[0, "20%", "60%"], ["80%", 1, "140%"], ["240%", "260%", 3]],
    })  # fmt: skip
    for _ in range(20):
        credits = {name: rng.integers(0, 30_000_000, 12).tolist() for name in legs}
        year = Year(credits, {name: [10_000_000] * 12 for name in legs}, [1_000_001] * 12)
        both = np.sum([year.exact(leg) for leg in legs.values()], axis=0)
        assert np.abs(both - year.exact(part)).max() <= 3


@settings(max_examples=80, deadline=None)
@given(commissions(), years())
def test_a_mode_said_by_every_tier_is_the_mode_of_the_table(part, year):
    other = {"marginal": "retroactive", "retroactive": "marginal"}[part.mode]
    tiers = tuple(tier.model_copy(update={"mode": part.mode}) for tier in part.tiers)
    assert year.exact(part.model_copy(update={"mode": other, "tiers": tiers})) == year.exact(part)


@settings(max_examples=80, deadline=None)
@given(years(), st.sampled_from(["period", "quarter"]))
def test_carried_credit_is_never_less_than_what_is_left_after_losses(year, per):
    def counted(above):
        rate = {"start": 0, "rate": 1}
        cap = {"amount": 600_000, "per": per, "above": above}
        plan = {
            "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left", "accumulate": "period",
            "tiers": [rate], "credit_caps": [cap],
        }  # fmt: skip
        return np.cumsum(year.exact(Commission.model_validate(plan)))

    assert (counted("carried") >= counted("lost")).all()
    assert (counted("carried") <= np.maximum(np.cumsum(year.credits["bookings"]), 0).max()).all()


@pytest.mark.parametrize("shape", ["steps", "lines"])
def test_a_modifier_of_one_changes_nothing(shape):
    year = Year({"bookings": [7_777] * 12}, {"bookings": [9_999] * 12}, [12_345] * 12)
    part = Bonus.model_validate({
        "accumulate": "period", "closed": "left", "accelerator": 0, "nodes": [{"attainment": 0, "pay": "10%"}],
        "modifiers": [{"measure": "bookings", "accumulate": "period", "closed": "left", "shape": shape,
                       "nodes": [{"ratio": 0, "factor": Decimal(1)}]}],
    })  # fmt: skip
    assert year.exact(part) == year.exact(part.model_copy(update={"modifiers": ()})) == year.plain(part)


def test_a_simulation_settles_every_rule_as_it_is_paid_again():
    """Two measures, people who come and go; a settlement that its audit contradicts is refused."""
    inputs = staffed()
    rng = np.random.default_rng(8)
    cube = np.stack(
        [rng.integers(-10, 200, (6, 3, 12)) * 100_000, rng.integers(0, 40, (6, 3, 12)) * 100_000], axis=-1
    )
    own = {"measure": "bookings", "accumulate": "quarter", "quota": "to_date", "closed": "left"}
    margin = {"measure": "margin", "over": "bookings", "accumulate": "period", "closed": "right"}
    nodes = [{"ratio": 0, "factor": "50%"}, {"ratio": "20%", "factor": 1}, {"ratio": "40%", "factor": "120%"}]
    rules = spec(
        {**COMMISSION, "gates": [{**own, "at_least": "50%", "otherwise": "target"}],
         "modifiers": [{**margin, "shape": "lines", "nodes": nodes}]},
        {**BONUS, "gates": [{**margin, "at_least": "10%", "otherwise": "nothing"}],
         "credit_caps": [{"amount": 120_000, "per": "period", "above": "carried"}],
         "floor": {"amount": 500, "per": "quarter"}},
        {"kind": "matrix", "accumulate": "year_to_date", "quota": "interval", "closed": "left", "shape": "steps",
         "levels": [0, "50%"], "across": {**margin, "levels": [0, "15%"]}, "cells": [[0, "10%"], ["20%", "40%"]]},
    )  # fmt: skip
    payouts = comp.settle(inputs, bookings(cube, "bookings", "margin"), even_quotas(inputs), rules)
    assert payouts.variable.min() != payouts.variable.max()


def test_a_gate_on_a_measure_without_a_quota_is_refused():
    gate = {
        "measure": "margin",
        "at_least": 1,
        "accumulate": "period",
        "closed": "left",
        "otherwise": "nothing",
    }
    rules = spec({**BONUS, "gates": [gate]}, {**COMMISSION, "windfall": {"above": "1M", "counts": "50%"}})
    inputs = staffed()
    cube = np.ones((1, 3, 12, 2))
    with pytest.raises(BadInput) as caught:
        comp.settle(inputs, bookings(cube, "bookings", "margin"), even_quotas(inputs), rules)
    assert [fault.code for fault in caught.value.faults] == ["E_REFERENCE", "E_UNSUPPORTED"]


def test_a_modifier_reads_the_margin_of_each_deal():
    part = {
        "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
        "accumulate": "transaction", "tiers": [{"start": 0, "rate": "10%"}],
        "modifiers": [{"measure": "margin", "over": "bookings", "accumulate": "transaction", "closed": "left",
                       "shape": "steps", "nodes": [{"ratio": 0, "factor": "50%"}, {"ratio": "20%", "factor": 1}]}],
    }  # fmt: skip
    inputs = with_spells(staffed(), plan=("AE", "", "", ""))
    deals = {"bookings": np.array([1000, 1000, 500, -1000, 0]), "margin": np.array([200, 199, 100, -199, 5])}
    rows = Rows(np.zeros(5, dtype=np.int64), np.array([0, 0, 1, 1, 1]), deals)
    settled = comp.pay(inputs, np.zeros((3, 12), dtype=np.int64), spec(part), rows)
    assert settled.pay[0, 0, :2].tolist() == [100 + 50, 50 - 50]


@pytest.mark.parametrize("raw", [param for param in cases() if "deals" not in param.values[0]])
def test_a_plain_reading_pays_the_cases_to_the_cent(raw):
    case = Case(raw)
    if any(part.needs_deals for part in case.components):
        pytest.skip("a plain reading knows periods alone")
    auditor = Auditor(case.inputs, case.quota, {}, case.spec)
    periods = case.quota.shape[1]
    person = replace(
        auditor.person(0, {}),
        credit=lambda name: case.credits.get(name, [0] * periods),
        quota=lambda name: case.quotas.get(name, case.quota)[0].tolist(),
    )
    parts = sorted(case.components, key=lambda part: part.turn)
    paid = {part.label: auditor.part(case.spec.plans["AE"], part, [person])[0] for part in parts}
    assert asked(case, paid) == case.pays
