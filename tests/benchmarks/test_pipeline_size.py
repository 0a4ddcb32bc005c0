"""A pipeline stage in a process of its own, small: what it says of itself is right."""

from __future__ import annotations

import pytest

from benchmarks import pipeline_size
from benchmarks.pipeline_process import Cost, cost_of, in_process
from benchmarks.pipeline_size import memory, whole_run
from benchmarks.subject import Run

RUN = Run("pipeline", "tiny", seed=1)


def test_the_cost_names_the_arrays_it_stands_beside() -> None:
    cost = cost_of("throughput", 30, 3_750, seed=1)
    assert cost.cube_mb == 30 * 50 * 12 * 2 * 8 / 1e6
    assert cost.peak_mb >= cost.before_mb > 0
    assert abs(cost.leads - 30 * 3_750) < 4 * (30 * 3_750) ** 0.5


def test_a_whole_run_is_the_same_in_other_blocks() -> None:
    bare, stage = whole_run(RUN, 30)
    assert bare.row.ok
    assert stage.row.ok
    assert bare.row.peer == stage.row.peer == 10


def test_memory_is_told_beside_the_cube(monkeypatch) -> None:
    def scripted(scenario: str, replications: int, leads: int, seed: int) -> Cost:
        return Cost(
            1,
            1,
            1,
            100,
            200 + 0.015 * replications,
            0.01 * replications,
            replications * leads,
        )

    monkeypatch.setattr(pipeline_size, "in_process", scripted)
    *sizes, each, more = memory(RUN, (1_000, 10_000))
    assert [row.ours for row in sizes] == [115, 250, 115]
    assert [row.peer for row in sizes] == [10, 100, 10]
    assert each.row.ours == pytest.approx(0.005)
    assert each.kept
    assert more.row.ours == 0
    assert more.kept


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match=r"status 1:[\s\S]*no scenario nothing"):
        in_process("nothing", 1, 3_750, 1)


@pytest.mark.slow
def test_a_process_of_its_own_counts_the_same_leads() -> None:
    assert in_process("throughput", 5, 3_750, 1).leads == cost_of("throughput", 5, 3_750, 1).leads
