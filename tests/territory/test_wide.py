"""Wide worlds: the same costs, rules, plans and bounds as with arrays of all pairs, or a refusal in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.errors import BadInput, Infeasible
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design, faults, violations
from engine.territory.checks import cost_of
from engine.territory.headcount.spec import HeadcountSpec
from engine.territory.interrupted import DesignInterrupted
from engine.territory.problem import gather as gather_pairs
from engine.territory.wide.gathering import gather
from engine.verification.certificates import certificate_faults
from solvers.alignment import Multipliers
from solvers.alignment.certificate import reduced
from tests.territory.cases import spec, tiny

BAND = {"kind": "band", "within": "40%"}
RULES: dict[str, list[dict[str, Any]]] = {
    "bands": [BAND, {"kind": "band", "measure": "count", "lower": 3, "upper": 40}],
    "priced": [BAND, {"kind": "band", "measure": "workload", "within": "10%", "price": 40}],
    "budget": [BAND, {"kind": "max_moves", "measure": "potential", "share": "40%"}],
    "who may": [
        BAND,
        {"kind": "eligible"},
        {"kind": "skills", "column": "language", "of": "languages", "blank_seat": "anything"},
        {"kind": "lock", "accounts": ["A01", "A11"], "rep": "R1"},
        {"kind": "exclude", "accounts": ["A02"], "reps": ["R2"]},
        {"kind": "named_accounts", "column": "tier", "reps": ["R1", "R2"]},
    ],
    "groups": [BAND, {"kind": "together", "groups": [["A00", "A40"], ["A07", "A08", "A42"]]}, {"kind": "eligible"}],
}  # fmt: skip
COSTS = [
    {"kind": "travel"},
    {"kind": "compactness", "measure": "workload", "price": "0.0002"},
    {"kind": "disruption", "strength_column": "strength"},
    {"kind": "fit", "column": "language", "of": "languages", "share": "2%"},
    {"kind": "deviation", "measure": "workload", "price": 3},
]


@pytest.fixture(autouse=True)
def _any_world_is_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.territory.wide.PAIRS", 1)


def small() -> Inputs:
    return tiny(accounts=60, reps=4)


@pytest.mark.parametrize("name", RULES)
def test_every_pair_costs_what_it_costs_in_the_matrix(name: str) -> None:
    inputs, rules = small(), spec(RULES[name], COSTS)
    instance = gather(inputs, rules).instance()
    free = Multipliers(np.zeros(instance.lower.shape), np.zeros(len(instance.limits)))
    pairs = gather_pairs(inputs, rules).contract().problem
    told = np.concatenate(list(reduced(instance, free)))
    assert (np.isfinite(told) == pairs.eligible).all()
    assert told == pytest.approx(np.where(pairs.eligible, pairs.cost, np.inf), rel=1e-9, abs=1e-6)
    measures = [rule.what.measure.values for rule in (*pairs.bands, *pairs.spreads)]
    assert (instance.weights == np.stack(measures)).all()


@pytest.mark.parametrize("name", RULES)
def test_plans_keep_the_rules_and_their_bounds_are_proved_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs, rules = small(), spec(RULES[name], COSTS, gap="2%")
    found = design(inputs, rules, seed=1, progress=Silent())
    tables = {table.name: table.frame for table in found.tables}
    assert violations(inputs, rules, found.rep_of) == []
    assert certificate_faults(inputs, rules, tables, found.rep_of) == []
    monkeypatch.undo()
    other = design(inputs, rules, seed=1, progress=Silent())
    mine, theirs = found.solves[0], other.solves[0]
    assert mine.bound <= theirs.objective + 1e-6
    assert theirs.bound <= mine.objective + 1e-6
    assert mine.objective == pytest.approx(cost_of(inputs, rules, found.rep_of), rel=1e-9)


def test_a_tampered_certificate_is_found() -> None:
    tight = [{"kind": "band", "within": "3%"}, {"kind": "max_moves", "measure": "potential", "share": "20%"}]
    inputs, rules = small(), spec(tight, COSTS[:2], gap="10%")
    found = design(inputs, rules, seed=1, progress=Silent())
    tables = {table.name: table.frame for table in found.tables}

    def told(**changed: pd.DataFrame) -> str:
        return " ".join(certificate_faults(inputs, rules, {**tables, **changed}, found.rep_of))

    parts, prices = tables["certificates"], tables["multipliers"]
    assert told() == ""
    assert "its multipliers prove" in told(certificates=parts.assign(certified=parts["certified"] + 9))
    assert "its multipliers prove" in told(multipliers=prices.assign(multiplier=prices["multiplier"] * 1.5))
    budget = prices["rule"] == "max_moves"
    assert budget.any()
    upward = prices.assign(multiplier=prices["multiplier"].where(~budget, 1.0))
    assert "budget is above 0" in told(multipliers=upward)
    assert "belong to no rule" in told(multipliers=prices.assign(rule="another"))
    assert "does not exist" in told(multipliers=prices.assign(seat="R9"))


@pytest.mark.parametrize(
    ("rules", "costs", "other", "says"),
    [
        ([BAND, {"kind": "max_travel", "km": 900}], COSTS[:1], {}, "max_travel looks at each pair"),
        ([BAND], [{"kind": "travel", "by": "table", "missing": "forbid"}], {}, "travel looks at each pair"),
        ([{"kind": "band", "upper": "900", "calls": {"visits": 4}}], COSTS[:1], {}, "calls_band looks at"),
        ([BAND, {"kind": "apart", "groups": [["A00", "A01"]]}], COSTS[:1], {}, "apart looks at each pair"),
        ([BAND], COSTS[:1], {"headcount": HeadcountSpec(min=4, max=5)}, "headcount looks at each pair"),
        ([{"kind": "eligible"}], COSTS[:1], {}, "needs a band, and there is none"),
    ],
    ids=["max_travel", "table", "calls", "apart", "headcount", "no band"],
)
def test_what_needs_every_pair_is_refused_in_words(
    rules: list[dict[str, Any]], costs: list[dict[str, Any]], other: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        design(small(), spec(rules, costs).model_copy(update=other), seed=1, progress=Silent())


def test_check_tells_it_before_anything_is_solved() -> None:
    told = faults(small(), spec([BAND, {"kind": "max_travel", "km": 900}], COSTS[:1]))
    assert [fault.field for fault in told] == ["territories.constraints[1]"]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ([{"kind": "band", "measure": "count", "lower": 1, "upper": 9}], "may carry 36 accounts together"),
        (
            [BAND, {"kind": "exclude", "accounts": ["A05"], "reps": ["R0", "R1", "R2", "R3"]}],
            "no seat may own",
        ),
    ],
    ids=["totals", "homeless"],
)
def test_counting_proves_that_there_is_no_plan(rules: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(Infeasible, match=says):
        design(small(), spec(rules, COSTS[:1]), seed=1, progress=Silent())


def test_an_interruption_keeps_the_best_plan() -> None:
    class Stopping(Silent):
        def update(self, message: str, done: float | None = None) -> None:
            if "gap" in message:
                raise KeyboardInterrupt

    inputs, rules = small(), spec(RULES["bands"], COSTS)
    with pytest.raises(DesignInterrupted) as stop:
        design(inputs, rules, seed=1, progress=Stopping())
    kept = stop.value.alignment
    assert kept is not None
    assert violations(inputs, rules, kept.rep_of) == []
    assert kept.solves[0].ended_by == "interrupt"
