"""Districting of county graphs: least inertia and fewest cut edges, each with a bound, beside the published figures.

`--data DIR` names a folder as described in `districting_data`. Cases: the eight states by their letters,
`inertia` and `cut-edges` (one of the two on all files), `all` (both on all files). A row shows our objective,
the published one (the ratio is the difference: distances differ slightly), and the gap to our own bound; the
row after it shows the bound. A row is right when the plan keeps band and contiguity, its objective is
recomputed, and the bound is not above it. How a bound was proven stands in the metric: `columns` and
`enumeration` are our own search, `model` is a solver's word.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.districting_data import SHARED, State, cut_again, inertia_again, kept, states
from benchmarks.subject import Row, Run, Subject, measured
from solvers import SolveOptions
from solvers.districting import Proof, Search, fewest_cut_edges, least_inertia

Goal = tuple[
    str, Callable[[State, int], Proof], Callable[[State, list[int]], float], Callable[[State], float | None]
]

SECONDS = 600.0
"""Of each solver call, where a solver is asked."""


def _inertia(state: State, seed: int) -> Proof:
    return least_inertia(state.instance(), seed, Search(options=SolveOptions(gap=1e-7, time_limit=SECONDS)))


def _cut_edges(state: State, seed: int) -> Proof:
    return fewest_cut_edges(state.instance(), seed)


INERTIA: Goal = ("inertia", _inertia, inertia_again, lambda state: state.inertia)
CUT_EDGES: Goal = ("cut edges", _cut_edges, cut_again, lambda state: state.cut_edges)


def compared(run: Run, state: State, goal: Goal) -> list[Row]:
    """Return the row of the plan and the row of its bound."""
    name, solve, again, figure = goal
    cost = measured(lambda: solve(state, run.seed))
    proof, known = cost.value, figure(state)
    peer = None if known is None else ("published", known)
    if proof.label is None:
        return [run.row(f"{state.name} {name}: no plan", None, peer=peer, cost=cost, ok=known is None)]
    label = proof.label.tolist()
    objective = again(state, label)
    same = abs(objective - proof.objective) <= 1e-6 * abs(objective)
    ok = kept(state, label) and same and proof.bound <= objective * (1 + 1e-6)
    gap = max(objective - proof.bound, 0.0) / objective if objective else 0.0
    gap = gap if gap > 1e-6 else 0.0
    shown = run.row(f"{state.name} {name}", objective, peer=peer, gap=gap, cost=cost, ok=ok)
    return [shown, run.row(f"{state.name} bound by {proof.route}", proof.bound, peer=peer, gap=gap, ok=ok)]


def case(goals: tuple[Goal, ...], name: str | None, run: Run) -> list[Row]:
    """Return the rows of the states of the folder (of one of them where `name` is given)."""
    folder = Path(run.data or SHARED)
    if not (folder / "published.csv").exists():
        print(f"districting: no published.csv in {folder}; name a folder with --data")
        return []
    chosen = [state for state in states(folder) if name in (None, state.name)]
    return [row for state in chosen for goal in goals for row in compared(run, state, goal)]


def small(run: Run) -> list[Row]:
    """Two districts of a strip of eight units, solved both ways: no data wanted."""
    nodes = [{"TOTPOP": 10 + (k * run.seed) % 2, "C_X": k / 10, "C_Y": 40.0} for k in range(8)]
    touching = [[k + step for step in (-1, 1) if 0 <= k + step < 8] for k in range(8)]
    strip = State("strip", nodes, touching, 2, None, 1.0)
    return [row for goal in (INERTIA, CUT_EDGES) for row in compared(run, strip, goal)]


STATES = ("AL", "AR", "IA", "KS", "ME", "MS", "NM", "WV")
BOTH = (INERTIA, CUT_EDGES)
SUBJECT = Subject(
    "districting",
    {
        "small": small,
        "inertia": partial(case, (INERTIA,), None),
        "cut-edges": partial(case, (CUT_EDGES,), None),
        "all": partial(case, BOTH, None),
        **{name: partial(case, BOTH, name) for name in STATES},
    },
    default=("all",),
)
