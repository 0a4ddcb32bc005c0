"""What a user would pick instead, on the 1,000 x 20 instance: the plain model in three solvers, and a greedy.

Every peer gets the same seconds. Figures are gaps to one bound, the best that anybody proved; `inf` where a peer found
no alignment that keeps the bands in exact integers (a point that a solver's tolerance calls feasible is rounded and
checked like everybody else's).
"""

from __future__ import annotations

from math import inf

import numpy as np

from benchmarks.alignment_law import draw
from benchmarks.measure import measured
from benchmarks.subject import Row, Run
from solvers import solve
from solvers.alignment import Instance, Options, align
from solvers.alignment.instance import FloatArray, IntArray, broken, cost_of
from solvers.model import Model
from solvers.solution import Solution, SolveOptions, relative_gap

SECONDS = 60.0
PEERS = {"PuLP+CBC": "cbc", "HiGHS": "highs", "CP-SAT": "cpsat"}
CENTS = 1e6
"""Integer cost units per unit of cost, for a solver of integers; the cost is recomputed from the alignment."""


def peers(run: Run) -> list[Row]:
    """Our gap beside each peer's, after the same seconds or at their own end."""
    instance = draw(1_000, 20, 2, run.seed)
    cost = measured(lambda: align(instance, Options(gap=0.003)))
    ours = cost.value
    assert ours.rep_of is not None
    answers: dict[str, float] = {"greedy": _price(instance, greedy(instance))}
    bound = ours.bound
    for name, backend in PEERS.items():
        solution = plain(instance, backend)
        answers[name] = _price(instance, _rounded(instance, solution))
        bound = max(bound, solution.bound / (CENTS if backend == "cpsat" else 1.0))
    gap = relative_gap(ours.objective, bound)
    right = broken(instance, ours.rep_of) == 0.0
    return [
        run.row("gap", gap, ok=right, peer=(name, relative_gap(price, bound)), gap=gap, cost=cost)
        for name, price in answers.items()
    ]


def plain(instance: Instance, backend: str) -> Solution:
    """Hand the plain model, every pair a column, to a backend."""
    cost = pair_costs(instance)
    if backend == "cpsat":
        cost = np.rint(cost * CENTS)
    model = Model()
    unit, rep = (index.ravel() for index in np.indices(cost.shape))
    pair = model.add_columns("x", cost.size, cost=cost.ravel())
    model.add_rows("assign", unit, pair, count=instance.units, lower=1, upper=1)
    scale = 1.0 if backend == "cpsat" else 1e6
    for k, weight in enumerate(instance.weights):
        sides = {"lower": instance.lower[k] / scale, "upper": instance.upper[k] / scale}
        model.add_rows(f"band{k}", rep, pair, weight[unit] / scale, count=instance.reps, **sides)
    return solve(model, SolveOptions(gap=1e-4, time_limit=SECONDS), backend=backend)


def pair_costs(instance: Instance) -> FloatArray:
    """Return the cost of every pair, shape (unit, rep)."""
    places = instance.places
    assert places is not None
    far = np.sqrt(((places.point[:, None, :] - places.home[None, :, :]) ** 2).sum(axis=2))
    return np.asarray(places.weight[:, None] * far)


def greedy(instance: Instance) -> IntArray:
    """Give each account, the heaviest first, to the nearest rep with room; with no room, to the emptiest."""
    cost, load = pair_costs(instance), np.zeros(instance.lower.shape, dtype=np.int64)
    rep_of = np.empty(instance.units, dtype=np.int64)
    for u in np.argsort(-instance.weights[0], kind="stable"):
        fits = (load + instance.weights[:, u, None] <= instance.upper).all(axis=0)
        best = np.argmin(np.where(fits, cost[u], inf)) if fits.any() else np.argmin(load[0])
        rep_of[u] = best
        load[:, best] += instance.weights[:, u]
    return rep_of


def _rounded(instance: Instance, solution: Solution) -> IntArray | None:
    if solution.x is None:
        return None
    share = solution.x[: instance.units * instance.reps].reshape(instance.units, instance.reps)
    return np.argmax(share, axis=1)


def _price(instance: Instance, rep_of: IntArray | None) -> float:
    if rep_of is None or broken(instance, rep_of) > 0.0:
        return inf
    return cost_of(instance, rep_of)
