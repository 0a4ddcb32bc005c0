"""Districting of county graphs: least inertia and fewest cut edges, each with a bound, beside the published figures.

`--data DIR` names a folder as described in `districting_data`. Cases: the eight states by their letters,
`inertia` and `cut-edges` (one of the two on all files), `all` (both on all files). The table shows our objective
beside the published one (the distances of the published figures differ slightly from ours), and the gap to our own
bound. A row is right when the plan keeps band and contiguity, its objective is recomputed, and the bound is not above
it. How a bound was proven stands behind the answer: `columns` and `enumeration` are our own search, `model` is a
solver's word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.districting_data import State, cut_again, inertia_again, kept, states
from benchmarks.entry import Entry
from benchmarks.folders import folder
from benchmarks.subject import Run, Subject, measured
from engine.errors import BadInput, Fault
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


def compared(run: Run, state: State, goal: Goal) -> Entry:
    """Return the figures of one state and goal: a row of the plan, and one of its bound."""
    name, solve, again, figure = goal
    cost = measured(lambda: solve(state, run.seed))
    proof, known = cost.value, figure(state)
    title = f"{state.name} {name}"
    peer = None if known is None else ("published", known)
    if proof.label is None:
        none = run.row(f"{title}: no plan", None, peer=peer, cost=cost, ok=known is None)
        return Entry(title, None, None, known, cost.seconds, f"no plan, by {proof.route}", (none,))
    label = proof.label.tolist()
    objective = again(state, label)
    same = abs(objective - proof.objective) <= 1e-6 * abs(objective)
    ok = kept(state, label) and same and proof.bound <= objective * (1 + 1e-6)
    gap = max(objective - proof.bound, 0.0) / objective if objective else 0.0
    gap = gap if gap > 1e-6 else 0.0
    rows = (
        run.row(title, objective, peer=peer, gap=gap, cost=cost, ok=ok),
        run.row(f"{state.name} bound by {proof.route}", proof.bound, peer=peer, gap=gap, ok=ok),
    )
    return Entry(title, objective, proof.bound, known, cost.seconds, proof.route, rows)


def case(goals: tuple[Goal, ...], name: str | None, run: Run) -> Iterator[Entry]:
    """Yield the figures of the states of the folder (of one of them where `name` is given)."""
    place = folder(run)
    chosen = [state for state in states(place) if name in (None, state.name)]
    if not chosen:
        hint = "Add its row and its file, or ask for `--case all`."
        raise BadInput([Fault("E_PATH_MISSING", f"there is no state {name}", hint, file=str(place))])
    for state in chosen:
        for goal in goals:
            yield compared(run, state, goal)


def small(run: Run) -> Iterator[Entry]:
    """Two districts of a strip of eight units, solved both ways: no data wanted."""
    nodes = [{"TOTPOP": 10 + (k * run.seed) % 2, "C_X": k / 10, "C_Y": 40.0} for k in range(8)]
    touching = [[k + step for step in (-1, 1) if 0 <= k + step < 8] for k in range(8)]
    strip = State("strip", nodes, touching, 2, None, 1.0)
    for goal in (INERTIA, CUT_EDGES):
        yield compared(run, strip, goal)


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
