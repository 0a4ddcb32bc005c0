"""The benchmark of explanations, small: planted conflicts are found, and an innocent rule would be noticed."""

from __future__ import annotations

from dataclasses import replace

from benchmarks import infeasible
from engine.territory.problem import gather
from engine.territory.spec import TerritorySpec


def test_the_small_case_finds_what_was_planted():
    rows = infeasible.SUBJECT.run("small", seed=1)
    assert [row.metric for row in rows] == [f"cpu s: {name}" for name in infeasible.plants(200)]
    assert all(row.ok and row.peak_mb > 0 for row in rows)


def test_a_conflict_named_among_the_wrong_rules_is_not_right():
    plant = infeasible.plants(80)["bands, few moves"]
    given = {"constraints": list(plant.rules), "objectives": [{"kind": "travel"}]}
    problem = gather(infeasible.plane(80, 5, seed=1), TerritorySpec.model_validate(given))
    assert infeasible.judged(problem, plant, seed=1)[1]
    assert not infeasible.judged(problem, replace(plant, guilty=frozenset({"calm"})), seed=1)[1]
