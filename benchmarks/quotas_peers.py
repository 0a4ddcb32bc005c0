"""The plain model of quotas, given to HiGHS, SCIP and CP-SAT.

HiGHS and SCIP get what one would write down: a whole column per cell, first one column for the worst deviation with two
rows per cell, then a deviation column per cell with two rows. CP-SAT has no continuous columns; it gets the second
objective alone, each cell as whole steps below, between and above the numbers around its target.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from benchmarks.quotas_law import World
from solvers import solve
from solvers.model import IntArray, Model
from solvers.solution import FloatArray, SolveOptions

PEERS = ("highs", "scip", "cpsat")
GAP = 1e-3


@dataclass(frozen=True)
class Found:
    """What a peer reached. inf without an answer."""

    objective: float
    bound: float
    seconds: float
    status: str
    built: float
    """Objective of its cells, counted anew."""


def worst_of(world: World, backend: str, seconds: float) -> Found:
    """Ask for the least worst deviation."""
    aim = world.instance.target.reshape(-1)
    model = Model()
    cells = model.add_columns("cell", len(aim), upper=np.ceil(2 * aim))
    worst = int(model.add_columns("worst", 1, cost=1.0, upper=1.0, integer=False)[0])
    one, worsts = np.arange(len(aim)), np.full(len(aim), worst)
    for name, sign in (("over", -1.0), ("under", 1.0)):
        _pair(model, name, one, cells, worsts, np.ones(len(aim)), sign * aim, aim, above=sign > 0)
    _limits(model, world, cells[None], np.ones(1), np.zeros(len(aim)))
    return _solved(model, backend, seconds, lambda x: float((abs(x[cells] - aim) / aim).max()))


def total_of(world: World, worst: float, backend: str, seconds: float) -> Found:
    """Ask for the least total deviation with the worst held."""
    aim = world.instance.target.reshape(-1)
    low, high = np.ceil(aim * (1 - worst) - 1e-9), np.floor(aim * (1 + worst) + 1e-9)
    model = Model()
    if backend != "cpsat":
        cells = model.add_columns("cell", len(aim), lower=low, upper=high)
        deviation = model.add_columns("deviation", len(aim), cost=1.0, upper=1.0, integer=False)
        one = np.arange(len(aim))
        for name, sign in (("over", -1.0), ("under", 1.0)):
            _pair(model, name, one, cells, deviation, np.ones(len(aim)), sign * aim, aim, above=sign > 0)
        _limits(model, world, cells[None], np.ones(1), np.zeros(len(aim)))
        return _solved(model, backend, seconds, lambda x: float((abs(x[cells] - aim) / aim).sum()))
    below = np.clip(np.floor(aim), low, high)
    above = np.clip(below + 1, low, high)
    rise = (abs(above - aim) - abs(below - aim)) / aim
    pieces = np.stack(
        [
            model.add_columns("down", len(aim), cost=1 / aim, upper=below - low),
            model.add_columns("between", len(aim), cost=rise, upper=above - below),
            model.add_columns("up", len(aim), cost=1 / aim, upper=high - above),
        ]
    )
    signs = np.array([-1.0, 1.0, 1.0])
    model.offset = float((abs(below - aim) / aim).sum())
    _limits(model, world, pieces, signs, below)
    return _solved(
        model, backend, seconds, lambda x: float((abs(below + signs @ x[pieces] - aim) / aim).sum())
    )


def _pair(
    model: Model, name: str, rows: IntArray, first: IntArray, second: IntArray, values: FloatArray,
    others: FloatArray, side: FloatArray, *, above: bool,
) -> None:  # fmt: skip
    """Add cell - aim x deviation <= aim, or cell + aim x deviation >= aim."""
    sides = {"lower": side} if above else {"upper": side}
    both = (np.concatenate([rows, rows]), np.concatenate([first, second]), np.concatenate([values, others]))
    model.add_rows(name, *both, count=len(rows), **sides)


def _limits(model: Model, world: World, pieces: IntArray, signs: FloatArray, base: FloatArray) -> None:
    """Add ties and limits; a cell is its base and its pieces times their signs."""
    shape = world.instance.target.shape
    reps, products, periods = shape
    at = np.arange(reps * products * periods).reshape(shape)
    rep, product, period = (np.broadcast_to(a, shape) for a in np.indices(shape, sparse=True))
    sides, node = world.instance, world.instance.leaf
    assert sides.node_lower is not None
    assert sides.node_upper is not None
    years = (sides.node_lower[node], sides.node_upper[node])
    for name, row, limits in (
        ("company", product * periods + period, (world.company, world.company)),
        ("district", world.district[rep], (world.district_total, world.district_total)),
        ("year", rep, years),
        ("product", rep * products + product, (sides.product_lower, sides.product_upper)),
        ("period", rep * periods + period, (sides.period_lower, sides.period_upper)),
    ):
        flat = row.reshape(-1)
        lower, upper = (np.reshape(side, -1) for side in limits)  # type: ignore[arg-type]
        taken = np.bincount(flat, base[at.reshape(-1)], len(lower))
        model.add_rows(
            name,
            np.tile(flat, len(pieces)),
            pieces[:, at.reshape(-1)].reshape(-1),
            np.repeat(signs, len(flat)),
            count=len(lower),
            lower=lower - taken,
            upper=upper - taken,
        )


def _solved(model: Model, backend: str, seconds: float, counted: Callable[[FloatArray], float]) -> Found:
    threads = 2 if backend == "highs" else 1
    answer = solve(model, SolveOptions(gap=GAP, time_limit=seconds, threads=threads), backend)
    if answer.x is None:
        return Found(inf, answer.bound, answer.seconds, str(answer.status), inf)
    return Found(answer.objective, answer.bound, answer.seconds, str(answer.status), counted(answer.x))
