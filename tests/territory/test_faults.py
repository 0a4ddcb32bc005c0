"""Rules that do not fit the tables are refused all at once, each with its place and a hint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine.errors import BadInput, Fault
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design
from engine.territory.spec import TerritorySpec
from tests.territory.cases import spec, tiny


def refused(inputs: Inputs, rules: TerritorySpec) -> tuple[Fault, ...]:
    """The faults of a spec against the tables."""
    with pytest.raises(BadInput) as caught:
        design(inputs, rules, seed=1, progress=Silent())
    return caught.value.faults


@pytest.mark.parametrize(
    ("rule", "field", "words"),
    [
        ({"kind": "lock", "accounts": ["A1"], "rep": "R9"}, "rep", ["R9", "Known: R0"]),
        ({"kind": "lock", "accounts": ["A9"], "rep": "R1"}, "accounts", ["A9", "Known: A0"]),
        ({"kind": "lock", "accounts": ["A5"]}, "accounts", ["A5", "no incumbent"]),
        ({"kind": "lock", "keep_incumbents_of": ["R7"]}, "keep_incumbents_of", ["R7"]),
        ({"kind": "band", "measure": "potental", "within": "10%"}, "measure", ["potental", "'potential'"]),
        ({"kind": "band", "measure": "rate", "within": "10%"}, "measure", ["integers"]),
        ({"kind": "band", "within": "10%", "weights": {"R8": 1}}, "weights", ["R8"]),
        ({"kind": "band", "within": "10%", "seats": ["R8"]}, "seats", ["R8"]),
        ({"kind": "band", "within": "10%", "level": "zone"}, "level", ["zone"]),
        ({"kind": "eligible", "level": "region"}, "column", ["no column 'region'"]),
        ({"kind": "max_moves", "limit": 1, "measure": "visits"}, "measure", ["visits"]),
    ],
    ids=str,
)
def test_a_rule_that_does_not_fit_says_where_and_what(
    rule: dict[str, Any], field: str, words: list[str]
) -> None:
    (fault,) = refused(tiny(), spec([rule]))
    assert fault.field == f"territories.constraints[0].{field}"
    for word in words:
        assert word in f"{fault.message} {fault.hint}"


def test_all_faults_come_at_once() -> None:
    inputs = tiny()
    unknown = np.full(6, np.nan)
    inputs = replace(inputs, accounts=replace(inputs.accounts, latitude=unknown))
    rules = spec(
        [{"kind": "lock", "keep_incumbents_of": ["R7"]}, {"kind": "band", "measure": "x", "within": 0}],
        backend="higs",
    )
    assert [fault.field for fault in refused(inputs, rules)] == [
        "territories.solver.backend",
        "territories.constraints[0].keep_incumbents_of",
        "territories.constraints[1].measure",
        "territories.objectives[0].unlocated",
    ]


def test_an_account_whose_node_no_seat_has_is_named() -> None:
    inputs = tiny()
    nodes = np.array(["North", "South", "", "East", None, "North"], dtype=object)
    inputs = replace(inputs, accounts=replace(inputs.accounts, extra={"district": nodes}))
    (fault,) = refused(inputs, spec([{"kind": "eligible", "level": "district"}]))
    assert "3 accounts name no district of a seat: A2 (''), A3 ('East'), A4 ('')" in fault.message


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"constraints": [{"kind": "band"}]}, "within"),
        ({"constraints": [{"kind": "band", "within": "10%", "upper": 3}]}, "either"),
        ({"constraints": [{"kind": "band", "lower": 4, "upper": 3}]}, "above upper"),
        ({"constraints": [{"kind": "band", "upper": 3, "level": "region"}]}, "belong to within"),
        ({"constraints": [{"kind": "band", "within": "-1%"}]}, "greater than or equal to 0"),
        ({"constraints": [{"kind": "band", "within": "1%", "weights": {"R0": 0}}]}, "not above 0"),
        ({"constraints": [{"kind": "lock"}]}, "locks nothing"),
        ({"constraints": [{"kind": "lock", "keep_incumbents_of": ["R0"], "rep": "R1"}]}, "has no accounts"),
        ({"constraints": [{"kind": "eligible", "segments": "false"}]}, "neither"),
        ({"constraints": [{"kind": "max_moves"}]}, "limit or share"),
        ({"constraints": [{"kind": "bnad", "within": "10%"}]}, "bnad"),
        ({"objectives": []}, "no objective"),
        ({"solver": {"gap": "1"}}, "less than 1"),
        ({"solver": {"node_limit": 0}}, "greater than or equal to 1"),
    ],
    ids=str,
)
def test_a_spec_that_says_too_little_or_too_much_is_refused(change: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        TerritorySpec.model_validate({"objectives": [{"kind": "travel"}], **change})
