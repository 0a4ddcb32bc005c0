"""The linear relaxation, solved by HiGHS in this process: first multipliers, first shares, what capacity is worth.

It only guides: bounds are recomputed from the multipliers with exact knapsacks, and answers are checked against the
instance. Its word counts in one place, that a problem without a fractional answer has no whole one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.assignment.instance import FloatArray, Instance, IntArray

__all__ = ["Relaxed", "relaxed"]


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation: its value and duals, for guidance only (bounds are recomputed from the duals)."""

    share: FloatArray
    """x (agent, job)."""
    multiplier: FloatArray
    """Of each job's row, (job,)."""
    worth: FloatArray
    """What a unit of each agent's capacity is worth, (agent,), at least 0."""


def relaxed(instance: Instance) -> Relaxed | None:
    """Solve the linear relaxation; None when it has no solution (then the problem has none)."""
    allowed = instance.weight <= instance.capacity[:, None]
    agent, job = np.nonzero(allowed)
    solver = _passed(instance, agent, job)
    solver.run()
    if not solver.getInfo().primal_solution_status:
        return None
    if str(solver.getModelStatus()) != "HighsModelStatus.kOptimal":
        return None
    point = solver.getSolution()
    share = np.zeros(instance.cost.shape)
    share[agent, job] = point.col_value
    dual = np.array(point.row_dual)
    return Relaxed(share, dual[: instance.jobs], np.maximum(-dual[instance.jobs :], 0.0))


def _passed(instance: Instance, agent: IntArray, job: IntArray) -> Any:
    """Return a HiGHS that holds the columns x(agent, job), a row for each job and one for each agent."""
    import highspy
    from scipy.sparse import csc_array

    rows = np.concatenate((job, instance.jobs + agent))
    values = np.concatenate((np.ones(agent.size), instance.weight[agent, job]))
    shape = (instance.jobs + instance.agents, agent.size)
    matrix = csc_array((values, (rows, np.tile(np.arange(agent.size), 2))), shape=shape)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = shape
    lp.col_cost_ = instance.cost[agent, job].astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(agent.size), np.ones(agent.size)
    lp.row_lower_ = np.concatenate((np.ones(instance.jobs), np.full(instance.agents, -np.inf)))
    lp.row_upper_ = np.concatenate((np.ones(instance.jobs), instance.capacity.astype(float)))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    return solver
