"""What is believed of an answer, and what is not."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from solvers.child import Outcome
from solvers.solution import Solution, SolveOptions, Status, relative_gap
from solvers.verdict import verified
from tests.solvers import models

BEST = np.array([0.0, 1, 2])
POOR = np.array([1.0, 0, 0])
WRONG = np.array([5.0, 5, 5])


def judged(status, x, bound, *, incumbents=(), options=None):
    claimed = Solution(status, -999.0, bound, x, 0.1, "highs", ended_by="proof")
    outcome = Outcome(claimed, tuple(incumbents))
    return verified(models.change().arrays(), options or SolveOptions(), outcome)


def test_the_objective_is_recomputed_and_never_taken_over():
    answer = judged(Status.OPTIMAL, BEST, -8.0)
    assert (answer.status, answer.objective, answer.gap) == (Status.OPTIMAL, -8.0, 0.0)


def test_optimal_without_the_proof_is_feasible():
    answer = judged(Status.OPTIMAL, POOR, -8.0)
    assert (answer.status, answer.objective) == (Status.FEASIBLE, -1.0)
    assert "not proved" in answer.message


def test_feasible_within_the_gap_is_optimal():
    assert judged(Status.FEASIBLE, BEST, -8.1, options=SolveOptions(gap=0.02)).status is Status.OPTIMAL


def test_a_point_that_breaks_a_row_is_refused():
    answer = judged(Status.OPTIMAL, WRONG, -30.0)
    assert (answer.status, answer.x, answer.objective) == (Status.NO_SOLUTION_FOUND, None, inf)
    assert answer.ended_by == "error"
    assert "row 0 is 45" in answer.message


def test_a_streamed_incumbent_takes_the_place_of_a_refused_point():
    answer = judged(Status.OPTIMAL, WRONG, -8.0, incumbents=[POOR, BEST])
    assert (answer.status, answer.objective) == (Status.OPTIMAL, -8.0)


def test_a_bound_above_a_feasible_point_is_disbelieved():
    answer = judged(Status.FEASIBLE, BEST, -7.0)
    assert (answer.status, answer.bound) == (Status.FEASIBLE, -inf)
    assert "contradicted" in answer.message


def test_infeasible_is_refuted_by_a_feasible_start():
    answer = judged(Status.INFEASIBLE, None, -inf, options=SolveOptions(start=POOR))
    assert (answer.status, answer.objective, answer.ended_by) == (Status.FEASIBLE, -1.0, "disagreement")


def test_unbounded_hands_out_no_values():
    answer = judged(Status.UNBOUNDED, POOR, -8.0)
    assert (answer.status, answer.x, answer.bound) == (Status.UNBOUNDED, None, -inf)


@pytest.mark.parametrize(
    ("objective", "bound", "gap"), [(0, 0, 0), (10, 9, 0.1), (-10, -11, 0.1), (0, -1, inf), (5, -inf, inf)]
)
def test_the_gap_is_relative_to_the_objective_and_zero_at_zero(objective, bound, gap):
    assert relative_gap(objective, bound) == pytest.approx(gap)
