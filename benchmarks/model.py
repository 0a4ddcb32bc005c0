"""Build and solve the alignment model: our arrays to every backend, beside variables one by one and other solvers.

Accounts lie in a square, so do the seats; every account goes to one seat, workload and potential of a seat lie in a
band around the mean, and travel is minimised. The answer is right when every account is assigned once, every band
holds, and the answers of all backends lie within the demanded gap of each other and above each other's bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.subject import Measured, Row, Run, Subject, measured
from solvers import Solution, SolveOptions, solve
from solvers.model import Arrays, Model

GAP = 0.01
BAND = 0.15


@dataclass(frozen=True)
class World:
    """Accounts and seats: workload and potential (account,), travel (account, seat)."""

    measures: NDArray[np.int64]
    """Workload and potential in whole numbers, shape (2, account)."""
    travel: NDArray[np.float64]


def world(accounts: int, seats: int, seed: int) -> World:
    rng = np.random.default_rng(seed)
    homes, places = rng.random((seats, 2)), rng.random((accounts, 2))
    travel = np.hypot(*(places[:, None, :] - homes[None, :, :]).transpose(2, 0, 1))
    measures = np.stack((rng.integers(1, 40, accounts), rng.lognormal(8, 1, accounts).astype(np.int64)))
    return World(measures, np.round(travel, 4))


def bands(it: World) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean = it.measures.sum(axis=1) / it.travel.shape[1]
    return np.ceil((1 - BAND) * mean), np.floor((1 + BAND) * mean)


def built(it: World) -> Arrays:
    accounts, seats = it.travel.shape
    model = Model()
    assign = model.add_columns("assign", accounts * seats, cost=it.travel.ravel())
    account, seat = np.repeat(np.arange(accounts), seats), np.tile(np.arange(seats), accounts)
    model.add_rows("coverage", account, assign, count=accounts, lower=1, upper=1)
    for name, weight, low, high in zip(("workload", "potential"), it.measures, *bands(it), strict=True):
        model.add_rows(name, seat, assign, np.repeat(weight, seats), count=seats, lower=low, upper=high)
    return model.arrays()


def built_by_pulp(it: World) -> tuple[int, int]:
    """Build the same model variable by variable; return the numbers of its columns and nonzeros."""
    import pulp

    accounts, seats = it.travel.shape
    problem = pulp.LpProblem("assign", pulp.LpMinimize)
    x = [[problem.add_variable(f"x_{i}_{j}", 0, 1, "Integer") for j in range(seats)] for i in range(accounts)]
    problem += pulp.lpSum(float(it.travel[i, j]) * x[i][j] for i in range(accounts) for j in range(seats))
    rows = [pulp.lpSum(x[i]) == 1 for i in range(accounts)]
    for weight, low, high in zip(it.measures, *bands(it), strict=True):
        for j in range(seats):
            load = pulp.lpSum(int(weight[i]) * x[i][j] for i in range(accounts))
            rows += [load >= float(low), load <= float(high)]
    for row in rows:
        problem += row
    return problem.numVariables(), sum(len(row) for row in rows)


def handed_to_highs(arrays: Arrays) -> int:
    """Hand over as the backend does; return the number of nonzeros that have arrived."""
    import highspy

    from solvers.backends import highs

    solver = highspy.Highs()
    solver.silent()
    highs._pass(solver, arrays)
    return int(solver.getNumNz())


def handed_to_scip(arrays: Arrays) -> int:
    """Fill MathOpt's message, as scip and pdlp do."""
    from solvers.backends import _mathopt

    return len(_mathopt.model(arrays).linear_constraint_matrix.coefficients)


def handed_to_cpsat(arrays: Arrays) -> int:
    """Fill CP-SAT's message in whole numbers."""
    from solvers import whole
    from solvers.backends import cpsat

    model = cpsat.built(arrays, whole.rows(arrays), whole.costs(arrays), None)
    return sum(len(row.linear.vars) for row in model.constraints)


def built_by_mathopt(it: World) -> int:
    """Build the same model variable by variable with the objects of MathOpt; return its nonzeros."""
    from ortools.math_opt.python import mathopt

    accounts, seats = it.travel.shape
    model = mathopt.Model()
    x = [[model.add_binary_variable() for _ in range(seats)] for _ in range(accounts)]
    pairs = ((float(it.travel[i, j]), x[i][j]) for i in range(accounts) for j in range(seats))
    model.minimize(mathopt.LinearSum(cost * pair for cost, pair in pairs))
    for i in range(accounts):
        model.add_linear_constraint(mathopt.LinearSum(x[i]) == 1.0)
    for weight, low, high in zip(it.measures, *bands(it), strict=True):
        for j in range(seats):
            load = mathopt.LinearSum(int(weight[i]) * x[i][j] for i in range(accounts))
            model.add_linear_constraint(lb=float(low), ub=float(high), expr=load)
    return len(model.export_model().linear_constraint_matrix.coefficients)


def built_by_model_builder(arrays: Arrays) -> int:
    """Fill OR-Tools' model_builder from the same sparse arrays, then say which columns are whole; return nonzeros."""
    from ortools.linear_solver.python import model_builder_helper

    helper = model_builder_helper.ModelBuilderHelper()
    sides = (arrays.lower, arrays.upper, arrays.cost, arrays.row_lower, arrays.row_upper)
    helper.fill_model_from_sparse_data(*sides, arrays.matrix)
    for j in np.flatnonzero(arrays.integer).tolist():
        helper.set_var_integrality(j, True)
    return sum(len(helper.constraint_var_indices(i)) for i in range(helper.num_constraints()))


HANDED = {"highs": handed_to_highs, "scip": handed_to_scip, "cpsat": handed_to_cpsat}


def compare_handovers(run: Run, it: World) -> list[Row]:
    """Time from arrays to the model of each library, beside MathOpt's objects and its model_builder."""
    for hand in (*HANDED.values(), built_by_model_builder):
        hand(built(world(3, 2, run.seed)))  # imports apart
    built_by_mathopt(world(3, 2, run.seed))
    arrays = built(it)
    peers = (
        ("mathopt objects", measured(lambda: built_by_mathopt(it))),
        ("model_builder", measured(lambda: built_by_model_builder(arrays))),
    )
    rows = []
    for name, hand in HANDED.items():
        ours = measured(lambda hand=hand: hand(arrays))
        for peer_name, peer in peers:
            same = ours.value == peer.value == arrays.matrix.nnz
            metric = f"{name} hand-over seconds"
            rows.append(run.row(metric, ours.seconds, peer=(peer_name, peer.seconds), cost=ours, ok=same))
    return rows


def right(it: World, answer: Solution) -> bool:
    """Whether the plan assigns each account once, holds every band, and is proven within the gap."""
    if answer.x is None or answer.gap > GAP * (1 + 1e-9):
        return False
    plan = answer.x.reshape(it.travel.shape)
    loads = it.measures @ plan.astype(np.int64)
    low, high = bands(it)
    once = bool(((plan == 0) | (plan == 1)).all() and (plan.sum(axis=1) == 1).all())
    held = bool(((loads >= low[:, None]) & (loads <= high[:, None])).all())
    return once and held and bool(np.isclose((plan * it.travel).sum(), answer.objective))


def compare_builds(run: Run, it: World) -> Row:
    ours: Measured[Arrays] = measured(lambda: built(it))
    peer = measured(lambda: built_by_pulp(it))
    doubled = 2 * len(it.measures) * it.travel.size  # PuLP takes each band as two rows
    same = peer.value == (ours.value.columns, it.travel.size + doubled)
    whole = ours.value.matrix.nnz == it.travel.size * (1 + len(it.measures))
    return run.row("build seconds", ours.seconds, peer=("pulp", peer.seconds), cost=ours, ok=same and whole)


def compare_solves(run: Run, it: World) -> Row:
    options = SolveOptions(gap=GAP, seed=run.seed)
    ours = measured(lambda: solve(built(it), options, "highs"))
    peer = measured(lambda: solve(built(it), options, "cbc"))
    a, b = ours.value, peer.value
    agree = a.bound <= b.objective + 1e-6 and b.bound <= a.objective + 1e-6
    ok = right(it, a) and right(it, b) and agree
    name = "build and solve seconds"
    return run.row(name, ours.seconds, peer=("pulp with cbc", peer.seconds), gap=a.gap, cost=ours, ok=ok)


def small(run: Run) -> list[Row]:
    it = world(60, 5, run.seed)
    return [compare_builds(run, it), *compare_handovers(run, it), compare_solves(run, it)]


def middle(run: Run) -> list[Row]:
    it = world(150, 8, run.seed)
    return [compare_builds(run, it), compare_solves(run, it)]


def build(run: Run) -> list[Row]:
    return [compare_builds(run, world(2_000, 50, run.seed))]


def handover(run: Run) -> list[Row]:
    """Hand over a million nonzeros."""
    it = world(3_400, 100, run.seed)
    return [compare_builds(run, it), *compare_handovers(run, it)]


CASES = {"small": small, "middle": middle, "build": build, "handover": handover}
SUBJECT = Subject("model", CASES, default=("middle", "handover"))
