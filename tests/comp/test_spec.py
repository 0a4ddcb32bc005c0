"""Bad plans are refused in words, with the code of the fault."""

import pytest
from pydantic import ValidationError

from engine.comp.components.bonus import Bonus
from engine.comp.components.commission import Commission
from engine.comp.components.matrix import Matrix
from engine.comp.spec import CompSpec
from tests.comp.worlds import BONUS, COMMISSION, SALARY, spec

CREDIT = {**COMMISSION, "tiers_on": "credit", "rates": "of_credit"}


def refused(cls, given):
    with pytest.raises(ValidationError) as caught:
        cls.model_validate(given)
    errors = [error.get("ctx", {}) for error in caught.value.errors()]
    return errors[0].get("code", "missing"), errors[0].get("message", "")


def tiers(*rows):
    return {**CREDIT, "tiers": [dict(zip(("start", "end", "rate"), row, strict=False)) for row in rows]}


@pytest.mark.parametrize(
    ("rows", "code", "says"),
    [
        ([(0, 10000, "1%"), (9000, None, "2%")], "E_TIERS", ["overlap", "9000", "10000"]),
        ([(0, 8000, "1%"), (9000, None, "2%")], "E_TIERS", ["gap", "8000", "9000"]),
        ([(5000, None, "1%")], "E_TIERS", ["5000", "below"]),
        ([(0, None, "1%"), (0, None, "2%")], "E_TIERS", ["starts at 0"]),
        ([(0, 9000, "1%")], "E_TIERS", ["ends at 9000", "above"]),
        ([], "E_TIERS", ["no tiers"]),
        ([(0, None, "-1%")], "E_RANGE", ["below 0"]),
        ([(0, None, "12")], "E_RANGE", ["12", "above 100%"]),
        ([(0, None, None)], "E_TIERS", ["rate"]),
    ],
)
def test_tiers_that_cannot_be_read(rows, code, says):
    found, message = refused(Commission, tiers(*rows))
    assert found == code
    assert all(word in message for word in says), message


@pytest.mark.parametrize("key", ["mode", "closed", "accumulate", "tiers_on", "rates", "quota", "tiers"])
def test_what_vendors_disagree_on_must_be_said(key):
    code, _ = refused(Commission, {k: v for k, v in COMMISSION.items() if k != key})
    assert code in ("missing", "E_REQUIRED")


@pytest.mark.parametrize("key", ["rounding", "proration"])
def test_rounding_and_proration_must_be_said(key):
    given = spec().model_dump(mode="json")
    del given[key]
    assert refused(CompSpec, given)[0] == "missing"


@pytest.mark.parametrize("key", ["entry", "attainment"])
def test_a_threshold_says_how_pay_begins(key):
    threshold = {k: v for k, v in BONUS["threshold"].items() if k != key}
    assert refused(Bonus, {**BONUS, "threshold": threshold})[0] == "missing"


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"threshold": None}, "E_TIERS", "below"),
        ({"threshold": {"attainment": "70%", "entry": "from_minimum"}}, "E_REQUIRED", "minimum"),
        (
            {"threshold": {"attainment": "70%", "entry": "from_zero", "minimum": "5%"}},
            "E_REQUIRED",
            "minimum",
        ),
        ({"threshold": {"attainment": "100%", "entry": "from_zero"}}, "E_TIERS", "threshold"),
        ({"nodes": [{"attainment": 2, "pay": 1}, {"attainment": 1, "pay": 2}]}, "E_TIERS", "follows"),
        ({"nodes": [{"attainment": 100, "pay": 1}]}, "E_RANGE", "attainment 100"),
        ({"nodes": []}, "E_TIERS", "no nodes"),
        ({"accelerator": "-1"}, "E_RANGE", "below 0"),
        ({"quota": None}, "E_REQUIRED", "quota"),
        ({"cap": {"per": "year"}}, "E_REQUIRED", "amount or of_target"),
        ({"cap": {"per": "year", "amount": 1, "of_target": 1}}, "E_REQUIRED", "amount or of_target"),
    ],
)
def test_curves_that_cannot_be_read(change, code, says):
    found, message = refused(Bonus, {**BONUS, **change})
    assert found == code
    assert says in message


GATE = {
    "measure": "bookings",
    "at_least": 1,
    "accumulate": "period",
    "closed": "left",
    "otherwise": "nothing",
}
SCALE = {"measure": "bookings", "accumulate": "period", "closed": "left", "shape": "steps"}
MATRIX = {
    "accumulate": "period", "closed": "left", "shape": "steps", "levels": [0, 1], "cells": [[0, 0], [1, 2]],
    "across": {"measure": "margin", "accumulate": "period", "closed": "left", "levels": [0, 1]},
}  # fmt: skip


@pytest.mark.parametrize("key", ["measure", "at_least", "accumulate", "closed", "otherwise"])
def test_a_gate_says_all_of_itself(key):
    gate = {k: v for k, v in GATE.items() if k != key}
    assert refused(Bonus, {**BONUS, "gates": [gate]})[0] == "missing"


@pytest.mark.parametrize("key", ["measure", "accumulate", "closed", "shape", "nodes"])
def test_a_modifier_says_all_of_itself(key):
    modifier = {k: v for k, v in {**SCALE, "nodes": [{"ratio": 0, "factor": 1}]}.items() if k != key}
    assert refused(Bonus, {**BONUS, "modifiers": [modifier]})[0] == "missing"


def scaled(*nodes, **change):
    rows = [{"ratio": ratio, "factor": factor} for ratio, factor in nodes]
    return {"modifiers": [{**SCALE, "nodes": rows, **change}]}


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"gates": [{**GATE, "accumulate": "quarter"}]}, "E_REQUIRED", "quota"),
        ({"gates": [{**GATE, "at_least": 95}]}, "E_RANGE", "above 2000%"),
        (scaled(), "E_TIERS", "no ratio"),
        (scaled((1, 1), (1, 2)), "E_TIERS", "follows"),
        (scaled((0, "-1")), "E_RANGE", "below 0"),
        (scaled((0, 50)), "E_RANGE", "factor 50"),
        (scaled((0, 1), accumulate="transaction"), "E_REQUIRED", "over"),
        (scaled((0, 1), accumulate="transaction", over="margin"), "E_CHOICE", "single deal"),
        ({"cap": {"amount": 5, "per": "deal"}}, "E_CHOICE", "transaction"),
        ({"cap": {"of_target": 1, "per": "deal"}}, "E_REQUIRED", "amount"),
        ({"floor": {"per": "year"}}, "E_REQUIRED", "amount or of_target"),
        ({"credit_caps": [{"amount": 5, "per": "year", "above": "carried"}]}, "E_CHOICE", "carried"),
        (
            {"accumulate": "transaction", "credit_caps": [{"amount": 5, "per": "year", "above": "lost"}]},
            "E_CHOICE",
            "single deals",
        ),
        ({"shape": "steps"}, "E_TIERS", "step table"),
        ({"shape": "steps", "threshold": None}, "E_TIERS", "below"),
    ],
)
def test_rules_around_a_bonus_that_cannot_be_read(change, code, says):
    found, message = refused(Bonus, {**BONUS, **change})
    assert found == code, message
    assert says in message


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"levels": ["80%", 1]}, "E_TIERS", "below"),
        ({"levels": [0, 1, 1]}, "E_TIERS", "follows"),
        ({"levels": [0, 120]}, "E_RANGE", "120"),
        ({"cells": [[1, 2]]}, "E_TIERS", "1 rows of cells for 2 levels"),
        ({"cells": [[1], [1]]}, "E_TIERS", "1 cells for 2 levels across"),
        ({"cells": [[0, 0], [0, 150]]}, "E_RANGE", "pay 150"),
        ({"accumulate": "quarter"}, "E_REQUIRED", "quota"),
        ({"closed": None}, "missing", ""),
    ],
)
def test_a_matrix_that_cannot_be_read(change, code, says):
    found, message = refused(Matrix, {**MATRIX, **change})
    assert found == code, message
    assert says in message


def test_one_cap_may_stand_without_a_list():
    caps = [{"of_target": 1, "per": "year"}, {"amount": 5, "per": "period"}]
    assert Bonus.model_validate({**BONUS, "cap": caps[0]}) == Bonus.model_validate({**BONUS, "cap": caps[:1]})
    assert len(Bonus.model_validate({**BONUS, "cap": caps}).cap) == 2


def test_interpolated_tiers_carry_amounts():
    rows = [{"start": 0, "end": 100, "amount": 5}]
    given = {**CREDIT, "mode": "interpolated", "rates": None, "tiers": rows}
    assert Commission.model_validate(given).table(100)(5_000) == 250
    assert refused(Commission, {**given, "rates": "of_credit"})[0] == "E_TIERS"
    assert refused(Commission, {**given, "tiers": [{"start": 0, "amount": 5}]})[0] == "E_TIERS"
    assert refused(Commission, {**given, "mode": "marginal", "rates": "of_credit"})[0] == "E_TIERS"
    mixed = [{"start": 0, "end": 100, "amount": 5, "mode": "marginal"}]
    assert refused(Commission, {**given, "tiers": mixed})[0] == "E_TIERS"


def test_two_components_of_one_name_are_refused():
    plan = {"pay": "monthly", "components": [SALARY, SALARY]}
    given = {"plans": {"AE": plan}, "rounding": "half_up", "proration": "first_day"}
    assert refused(CompSpec, given)[0] == "E_DUPLICATE"
    plan["components"] = []
    assert refused(CompSpec, given)[0] == "E_REQUIRED"


def test_a_misspelt_kind_is_told_the_known_ones():
    plan = {"pay": "monthly", "components": [{"kind": "bonsu"}]}
    with pytest.raises(ValidationError, match=r"bonus.*commission.*salary"):
        CompSpec.model_validate({"plans": {"AE": plan}, "rounding": "half_up", "proration": "first_day"})


def test_measures_are_named_with_their_place():
    assert list(spec().measures_named()) == [
        ("comp.plans.AE.components[1].measure", "bookings"),
        ("comp.plans.AE.components[2].measure", "bookings"),
        ("comp.cost_of_sales.measure", "bookings"),
    ]


def test_a_spec_survives_being_written_and_read_again():
    assert CompSpec.model_validate(spec().model_dump(mode="json")) == spec()
