"""Model: moves away from what is in force, as a mixed-integer program in multiples of the step.

    q_i = f_i + step * (u_i - d_i)        f_i: in force; u_i, d_i >= 0, u_i - d_i whole but for carriers of remainders
    seats       min  sum z_i              u_i <= U_i z_i,  d_i <= D_i z_i,  z_i in {0, 1}
    amount      min  sum u_i + d_i
    worst       min  w                    w >= step * (u_i + d_i) / f_i
    targets     min  sum |q_i - t_i|      t_i: what the methods ask for, within the seat's own bounds
    anew        min  sum |q_j - t_j|      over seats that are set anew

The sums of the tree and all limits are those of `engine.quota.split`; where over-assignment cuts a sum to the minor
unit, the row leaves room for it, so that every quota that ties out is a point of the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np

from engine.inputs import IntArray
from engine.quota.settle import free, nearest
from engine.quota.split import SCALE, Columns, Problem, bounded_nodes, column_range, deviation_lines, quotas
from engine.quota.tree import handed_down
from solvers.model import Arrays, Model
from solvers.solution import FloatArray

ANEW, SEATS, AMOUNT, WORST, TARGETS = "anew", "seats", "amount", "worst", "targets"
SLACK = 1e-6
"""What an objective that is held may exceed its value by, in its own unit: the tolerance of the backend."""


@dataclass(frozen=True)
class Moves(Columns):
    """Where the model keeps what: `deviation` is what is minimised."""

    switches: Mapping[int, int]
    """Column of z by node; empty where the number of seats does not count."""


def held(problem: Problem) -> list[int]:
    """Return the nodes of the seats that are held to what is in force."""
    return [node for node in problem.tree.seats() if problem.held[node] is not None]


def anew(problem: Problem) -> list[int]:
    """Return the nodes of the seats that the methods set."""
    return [
        node
        for node in problem.tree.seats()
        if problem.held[node] is None and free(problem.limits[node], problem.targets[node])
    ]


def model(
    problem: Problem, names: Sequence[str], reached: Mapping[str, Fraction], margin: int = 0
) -> tuple[Arrays, Moves]:
    """Return the model that minimises the last of `names`, with the others held at what they reached.

    Args:
        problem: the split, with what seats are held to.
        names: what counts, in order.
        reached: by name, the exact value of each but the last; see `measured`.
        margin: minor units by which carriers stay inside their limits.

    """
    made = Model()
    nodes = bounded_nodes(made, problem, margin, None)
    seats, last = held(problem), names[-1]
    up, down = _moves(made, problem, seats, nodes, 1.0 if last == AMOUNT else 0.0)
    switches: dict[int, int] = {}
    told = np.empty(0, dtype=np.int64)
    for name in names:
        cost = 1.0 if name == last else 0.0
        if name == SEATS:
            switches = _switches(made, problem, seats, (up, down), cost)
            told = np.array(list(switches.values()), dtype=np.int64)
        elif name == AMOUNT:
            told = np.concatenate([up, down])
        elif name == WORST:
            told = _worst(made, problem, seats, (up, down), cost)
        else:
            told = _distances(made, problem, seats if name == TARGETS else anew(problem), nodes, cost)
        if name != last:
            most = float(reached[name] / unit(problem, name))
            made.add_rows(
                f"{name} held", [0] * len(told), told, 1.0, count=1, upper=most * (1 + 1e-9) + SLACK
            )
    return made.arrays(), Moves(nodes, told, switches)


def unit(problem: Problem, name: str) -> Fraction:
    """Return what one unit of an objective of the model is: a seat, a share, or minor units."""
    return {SEATS: Fraction(1), WORST: Fraction(1, SCALE)}.get(name, Fraction(problem.step))


def read(problem: Problem, columns: Columns, x: FloatArray) -> list[int]:
    """Return exact quotas of all nodes; a seat whose switch is off stands as it is."""
    assert isinstance(columns, Moves)
    snapped = x.copy()
    for node, switch in columns.switches.items():
        if x[switch] < 0.5:
            snapped[columns.node[node]] = 0.0
    return quotas(problem, columns, snapped)


def measured(problem: Problem, quota: Sequence[int], name: str) -> Fraction:
    """Return the exact value of an objective: seats, minor units, or a share of the quota in force."""
    if name in (ANEW, TARGETS):
        seats = anew(problem) if name == ANEW else held(problem)
        off = (abs(quota[i] - nearest(problem.targets[i], problem.limits[i])) for i in seats)
        return sum(off, Fraction(0))
    pairs = [(quota[i], problem.held[i] or 0) for i in held(problem)]
    if name == SEATS:
        return Fraction(sum(new != old for new, old in pairs))
    if name == AMOUNT:
        return Fraction(sum(abs(new - old) for new, old in pairs))
    return max((Fraction(abs(new - old), old) for new, old in pairs), default=Fraction(0))


def _moves(
    made: Model, problem: Problem, seats: Sequence[int], nodes: IntArray, cost: float
) -> tuple[IntArray, IntArray]:
    """Add what each seat rises and falls by, in steps; shape (held seat,) each."""
    rise, fall = _reach(problem, seats)
    count = len(seats)
    up = made.add_columns("rises", count, cost=cost, upper=rise, integer=False)
    down = made.add_columns("falls", count, cost=cost, upper=fall, integer=False)
    made.add_rows(
        "moves",
        np.tile(np.arange(count), 3),
        np.concatenate([nodes[list(seats)], up, down]),
        np.repeat([1.0, -1.0, 1.0], count),
        count=count,
        lower=0.0,
        upper=0.0,
    )
    return up, down


def _reach(problem: Problem, seats: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """Return the most that each seat can rise and fall by its limits and by what is handed down, in steps."""
    tree, street = problem.tree, [problem.goal] * len(problem.tree.nodes)
    for index, below in enumerate(tree.children):
        for child in below:
            street[child] = handed_down(street[index], tree.street(index))
    most = float(Fraction(max(street), problem.step)) + 1.0
    ends = [column_range(problem, node, False, 0) for node in seats]
    bases = [float(problem.base(node)) for node in seats]
    rise = [max(min(high, most - base), 0.0) for (_, high), base in zip(ends, bases, strict=True)]
    return np.array(rise), np.array([max(-low, 0.0) for low, _ in ends])


def _switches(
    made: Model, problem: Problem, seats: Sequence[int], moves: tuple[IntArray, IntArray], cost: float
) -> dict[int, int]:
    """Add one switch a seat, without which it neither rises nor falls; return their columns by node."""
    count = len(seats)
    switch = made.add_columns("changes", count, cost=cost)
    for column, reach in zip(moves, _reach(problem, seats), strict=True):
        made.add_rows(
            "switched",
            np.tile(np.arange(count), 2),
            np.concatenate([column, switch]),
            np.concatenate([np.ones(count), -reach]),
            count=count,
            upper=0.0,
        )
    return dict(zip(seats, map(int, switch), strict=True))


def _worst(
    made: Model, problem: Problem, seats: Sequence[int], moves: tuple[IntArray, IntArray], cost: float
) -> IntArray:
    """Add the largest change in basis points of what is in force."""
    worst = made.add_columns("worst", 1, cost=cost, upper=inf, integer=False)
    count = len(seats)
    reach = np.array([float(SCALE / problem.base(node)) for node in seats])
    made.add_rows(
        "largest change",
        np.tile(np.arange(count), 3),
        np.concatenate([np.full(count, worst[0]), *moves]),
        np.concatenate([np.ones(count), -reach, -reach]),
        count=count,
        lower=0.0,
    )
    return worst


def _distances(made: Model, problem: Problem, seats: Sequence[int], nodes: IntArray, cost: float) -> IntArray:
    """Add how far each seat is from what the methods ask for, in steps."""
    found = made.add_columns("distance", len(seats), cost=cost, upper=inf, integer=False)
    for column, node in zip(found, seats, strict=True):
        deviation_lines(made, problem, node, nodes[node], int(column), 1.0)
    return found
