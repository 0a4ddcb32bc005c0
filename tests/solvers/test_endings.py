"""The status tables of the backends, complete, and what CBC's log and CP-SAT's rounded costs prove."""

from __future__ import annotations

from math import inf

import highspy
import pytest
from ortools.math_opt import result_pb2

from solvers.backends import _mathopt, cbc, cpsat
from solvers.backends._highs_status import ending
from solvers.solution import SolveOptions, Status

HIGHS = sorted(highspy.HighsModelStatus.__members__)


def test_highs_still_has_the_twenty_statuses_the_table_was_written_for():
    assert len(HIGHS) == 20


@pytest.mark.parametrize("incumbent", [True, False])
@pytest.mark.parametrize("status", HIGHS)
def test_every_status_of_highs_says_no_more_than_is_proven(status, incumbent):
    found = ending(status, incumbent)
    assert (found.status is Status.OPTIMAL) == (status == "kOptimal" and incumbent)
    assert (found.status is Status.INFEASIBLE) == (status == "kInfeasible")
    assert (found.status is Status.UNBOUNDED) == (status == "kUnbounded")
    if found.status is Status.FEASIBLE:
        assert incumbent
    assert found.ended_by


def test_highs_limits_are_named():
    named = [ending(f"k{what}", True).ended_by for what in ("TimeLimit", "SolutionLimit", "MemoryLimit")]
    assert named == ["time", "nodes", "memory"]


@pytest.mark.parametrize(
    ("status", "sol_status", "log", "means"),
    [
        (1, 1, "Result - Optimal solution found", (Status.OPTIMAL, "proof")),
        (1, 1, "Result - Optimal solution found (within gap tolerance)", (Status.OPTIMAL, "gap")),
        (1, 2, "Result - Stopped on time limit", (Status.FEASIBLE, "time")),
        (1, 1, "Result - Stopped on time limit", (Status.FEASIBLE, "time")),
        (1, 2, "Result - Stopped on node limit", (Status.FEASIBLE, "nodes")),
        (-1, 0, "Result - Problem proven infeasible", (Status.INFEASIBLE, "proof")),
        (-1, -1, "Result - Linear relaxation infeasible", (Status.INFEASIBLE, "proof")),
        (-1, 0, "Result - Stopped on time limit", (Status.NO_SOLUTION_FOUND, "time")),
        (0, 0, "Result - Stopped on node limit", (Status.NO_SOLUTION_FOUND, "nodes")),
        (-2, -2, "Result - Linear relaxation unbounded", (Status.UNBOUNDED, "proof")),
        (-3, 0, "", (Status.NO_SOLUTION_FOUND, "error")),
    ],
)
def test_what_pulp_and_cbc_say_together(status, sol_status, log, means):
    assert cbc.ending(status, sol_status, log) == means


def test_the_bound_of_cbc_is_rounded_down_by_what_its_printing_lost():
    log, stopped = "Lower bound:                    386.921\n", (Status.FEASIBLE, "time")
    assert 386.9 < cbc.bound(log, stopped, 398.0, SolveOptions()) <= 386.9205
    assert cbc.bound("Lower bound:    -inf\n", stopped, 398.0, SolveOptions()) == -inf
    assert cbc.bound("", stopped, 398.0, SolveOptions()) == -inf
    assert cbc.bound("", (Status.OPTIMAL, "proof"), 398.0, SolveOptions()) == 398.0


def test_within_the_gap_is_the_word_of_cbc_beside_its_print():
    log, ended = "Lower bound:                    99.000\n", (Status.OPTIMAL, "gap")
    assert cbc.bound(log, ended, 100.0, SolveOptions(gap=0.01)) == 99.0
    assert cbc.bound(log, ended, 100.0, SolveOptions(gap=0.5)) == pytest.approx(98.9995)


ENUMS = (result_pb2.TerminationReasonProto.DESCRIPTOR, result_pb2.LimitProto.DESCRIPTOR)
REASONS = [name.removeprefix("TERMINATION_REASON_") for name in ENUMS[0].values_by_name]
LIMITS = [name.removeprefix("LIMIT_") for name in ENUMS[1].values_by_name]


@pytest.mark.parametrize("incumbent", [True, False])
@pytest.mark.parametrize("reason", REASONS)
def test_every_termination_of_mathopt_says_no_more_than_is_proven(reason, incumbent):
    for limit in LIMITS:
        status, ended_by = _mathopt.ending(reason, limit, incumbent)
        assert (status is Status.OPTIMAL) == (reason == "OPTIMAL" and incumbent)
        assert (status is Status.INFEASIBLE) == (reason == "INFEASIBLE")
        assert (status is Status.UNBOUNDED) == (reason == "UNBOUNDED")
        assert status is not Status.FEASIBLE or incumbent
        assert ended_by


def test_limits_of_mathopt_are_named():
    named = [_mathopt.ending("FEASIBLE", limit, True)[1] for limit in ("TIME", "NODE", "MEMORY")]
    assert named == ["time", "nodes", "memory"]


@pytest.mark.parametrize("status", ["OPTIMAL", "FEASIBLE", "INFEASIBLE", "UNKNOWN"])
def test_every_status_of_cp_sat_says_no_more_than_is_proven(status):
    found, ended_by = cpsat.ending(status, "nodes", closed=True)
    assert found == (Status.NO_SOLUTION_FOUND if status == "UNKNOWN" else Status[status])
    assert ended_by == ("proof" if status in ("OPTIMAL", "INFEASIBLE") else "nodes")


def test_cp_sat_stopped_on_the_clock_or_on_conflicts_is_told_apart():
    both = SolveOptions(node_limit=10, time_limit=5.0)
    assert cpsat.stopped(both, 10, 1.0) == "nodes"
    assert cpsat.stopped(both, 3, 5.0) == "time"
    assert cpsat.stopped(SolveOptions(node_limit=10), 10, 99.0) == "nodes"
    assert cpsat.stopped(SolveOptions(), 0, 1.0) == "error"
