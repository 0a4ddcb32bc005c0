"""The stage as the run calls it: solves in a child process, nothing heavy imported with the scenario."""

from __future__ import annotations

import subprocess
import sys

import pytest

import solvers
from engine.quota.spec import QuotaSpec
from solvers import solving
from tests.quota.setting import quotas, seats, spec, table


def test_solves_through_a_child_process_say_status_bound_and_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solvers, "solve", solving.solve)
    found = quotas(
        seats([130, 220, 370, 80], periods=12, district=["N", "N", "S", "S"]), spec("1M", step="500")
    )
    assert [solve.name for solve in found.solves] == [
        "worst deviation",
        "total deviation",
        "cells of each seat",
    ]
    assert {(solve.stage, str(solve.status)) for solve in found.solves} == {("quotas", "OPTIMAL")}
    assert all(solve.gap <= solve.demanded_gap == 0.001 for solve in found.solves)


def test_the_same_world_gives_the_same_bytes() -> None:
    inputs = seats([130, 220, 370, 80], periods=12)
    wanted = spec("1000000.01", step="500", over_assignment={"rep": "3%"})
    assert quotas(inputs, wanted).cells.tobytes() == quotas(inputs, wanted).cells.tobytes()


def test_tables_describe_seats_cells_and_goal() -> None:
    found = quotas(
        seats([100, 300], periods=3, district=["N", "S"]), spec("1000", bounds={"target": {"max": "2"}})
    )
    assert [t.name for t in found.tables] == [
        "quotas",
        "quota_reps",
        "quota_levels",
        "goals",
        "quota_steps",
        "sales_capacity",
        "fairness",
    ]
    reps = table(found, "quota_reps")
    assert reps[["target", "lower", "upper", "potential"]].to_numpy().tolist() == [
        [25_000, 0, 50_000, 10_000],
        [75_000, 0, 150_000, 30_000],
    ]
    assert table(found, "quotas")["quota"].sum() == table(found, "goals")["goal"].sum() == 100_000
    assert table(found, "quotas")["quota"].dtype == "Int64"


def test_the_block_reads_without_solvers_or_tables() -> None:
    heavy = "{'highspy', 'pulp', 'ortools', 'numba', 'scipy', 'pandas', 'simpy'}"
    code = f"import sys, engine.quota, engine.quota.spec; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_field_of_the_block_is_explained() -> None:
    schema = QuotaSpec.model_json_schema()
    blocks = [schema, *schema["$defs"].values()]
    assert all(field.get("description") for block in blocks for field in block["properties"].values())
