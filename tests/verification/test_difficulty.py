"""What the tables of difficulty and of shrinkage must agree with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.verification.difficulty import difficulty_faults
from tests.quota.setting import seats, spec, table
from tests.quota.test_difficulty import EQUAL, drawn, settled
from tests.quota.test_methods import deals


@pytest.fixture(scope="module")
def found():
    inputs = replace(seats([1, 1, 1, 1], history=[15, 5, 10, 0]), history=deals([0], [1]))
    methods = [{"kind": "history", "shrink": {}}, *EQUAL]
    quotas = settled(inputs, spec("900", methods=methods), drawn(), drawn(seed=2))
    totals = dict(zip(inputs.reps.id, quotas.cells.sum(axis=(1, 2)).tolist(), strict=True))
    return {name: table(quotas, name) for name in ("quota_difficulty", "quota_shrinkage")}, totals


def test_tables_of_a_stage_agree(found):
    assert list(difficulty_faults(*found)) == []


@pytest.mark.parametrize(
    ("name", "column", "change", "words"),
    [
        ("quota_difficulty", "quota", 1, "the chance is told of a quota of"),
        ("quota_difficulty", "chance", 0.5, "does not lie in its interval"),
        ("quota_difficulty", "fresh_high", -0.9, "does not lie in its interval"),
        ("quota_shrinkage", "shrunk", 5, "mean and weight make"),
        ("quota_shrinkage", "weight", 2, "is no share"),
    ],
)
def test_a_changed_figure_is_noticed(found, name, column, change, words):
    tables, totals = found
    frame = tables[name].copy()
    frame.loc[0, column] += change
    said = list(difficulty_faults({**tables, name: frame}, totals))
    assert any(words in text for text in said)
    assert all(text.startswith("R0") for text in said)
