"""Connected: seats of one piece, by cuts that are added while a plan needs them.

Without the rule the problem is a relaxation, so its proven bound holds. Each round looks at the plan of the solver:
where the accounts of seat j fall into pieces, let b be the anchor of its main piece, a an account of another piece, and
C a minimal set of accounts that every path from a to b over accounts which j may own meets. Whoever owns both needs
one of C:

    x_aj + x_bj - sum_{c in C} x_cj <= 1

(x_aj <= sum x_cj where only j may own b). Where a band bounds j from above, it is enough that C meets every path that
keeps the band. The rows go into the model, which is solved again from the best plan in one piece that is known: plans
of the solver are regrown for that (`contiguity`). There are finitely many rows, every plan in pieces breaks one of
those that it is given, and no connected plan breaks any.

Sources: Validi, Buchanan, Lykhovyd, "Imposing contiguity constraints in political districting models" (2022), for the
separators; Rios-Mercado and Lopez-Perez, "Commercial territory design planning with realignment and disjoint
assignment requirements" (2013), for solving again with cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import NoPlan
from engine.inputs import IntArray
from engine.territory.declaration import Band, Connected, Rows
from engine.territory.problem import Named, Problem
from engine.territory.solving.confirming import hold_apart, second
from engine.territory.solving.contiguity import contiguous, graphs_of, main_pieces
from engine.territory.solving.descent import cheapest
from engine.territory.solving.regions import regions
from engine.territory.solving.search import Answer, Confirmation, Search, answer
from solvers.contiguity import Graph, minimal_separator, pieces, shortened
from solvers.solution import relative_gap

ROUNDS = 300
PER_PIECE = 12
"""Rows added per piece and round: its first accounts."""
LONG = 60
"""Accounts of a separator up to which it is shortened by a band."""


@dataclass(frozen=True)
class Cut:
    """x_aj + x_bj - sum x_cj <= 1."""

    rep: int
    a: int
    b: int
    between: tuple[int, ...]


@dataclass
class _State:
    """What is known between the rounds."""

    cuts: dict[Cut, Named[Connected]]
    bound: float = -np.inf
    free: float = -np.inf
    """The bound of the first round, without any cut."""
    rounds: int = 0
    ended_by: str = "rounds"
    proof: str = ""


Solve = Callable[[Problem, Search], Answer]


def solve_connected(problem: Problem, search: Search, solve: Solve) -> Answer:
    """Solve a problem with contiguous seats by solving relaxations of it with `solve`.

    Raises:
        Infeasible: no alignment keeps the rules, proved by two routes.
        NoPlan: a limit was reached before there was an alignment that keeps every rule.

    """
    _keep(problem, search, contiguous(problem, cheapest(problem)))
    drawn = regions(problem, search) if problem.edge_costs else None
    if drawn is not None:
        search.found.append(drawn)
    state = _State({})
    while state.rounds < ROUNDS and _round(problem, search, solve, state):
        pass
    if not search.found:
        raise NoPlan(
            f"no plan: the search for territories in one piece ended ({state.ended_by}) before one kept every rule.",
            hint="Raise territories.solver.node_limit or time_limit, or widen a band.",
        )
    best = min(search.found, key=problem.price)
    proof = (
        f"{state.proof}; {len(state.cuts)} cuts for contiguity in {state.rounds} rounds, without them at least"
        f" {state.free:,.2f}"
    )
    found = answer(problem, best, state.bound, search, ended_by=state.ended_by, proof=proof)
    return replace(found, confirmation=_confirmed(problem, search, solve, state, found.objective))


def _confirmed(
    problem: Problem, search: Search, solve: Solve, state: _State, objective: float
) -> Confirmation | None:
    """Solve once more with all cuts by the second backend, where the scenario names one."""
    if not search.confirm:
        return None
    again = solve(cut_problem(problem, state.cuts), second(search))
    hold_apart(search, (objective, state.bound), (again.objective, again.bound))
    return Confirmation(search.confirm, again.bound)


def _round(problem: Problem, search: Search, solve: Solve, state: _State) -> bool:
    """Solve with the cuts so far, and look at the plan; return whether another round is needed."""
    try:
        part = f"{search.part}round {state.rounds + 1}, {len(state.cuts)} cuts, "
        own = replace(search, part=part, found=list(search.found), confirm="")
        relaxed = solve(cut_problem(problem, state.cuts), own)
    except NoPlan:
        if search.found and np.isfinite(state.bound):
            return False
        raise
    state.rounds, state.ended_by, state.proof = state.rounds + 1, relaxed.ended_by, relaxed.proof
    state.bound = max(state.bound, relaxed.bound)
    state.free = relaxed.bound if state.rounds == 1 else state.free
    found = dict(_cuts(problem, relaxed.rep_of))
    new = {cut: rule for cut, rule in found.items() if cut not in state.cuts}
    state.cuts.update(new)
    for plan in (relaxed.rep_of, contiguous(problem, relaxed.rep_of)):
        _keep(problem, search, plan)
    best = min((problem.price(plan) for plan in search.found), default=np.inf)
    if relative_gap(best, state.bound) <= search.gap:
        return False
    search.tell(best, state.bound)
    return bool(new) and not search.expired


def cut_problem(problem: Problem, cuts: dict[Cut, Named[Connected]]) -> Problem:
    """Return the problem with rows instead of its rules of contiguity."""
    named = [
        Named(rule.title, rule.field, _rows([cut for cut, of in cuts.items() if of is rule], problem))
        for rule in problem.connected
    ]
    return replace(problem, connected=(), rows=(*problem.rows, *(r for r in named if len(r.what.lower))))


def _rows(cuts: list[Cut], problem: Problem) -> Rows:
    entries = [
        (row, account, cut.rep, sign)
        for row, cut in enumerate(cuts)
        for account, sign in ((cut.a, 1), (cut.b, 1), *((c, -1) for c in cut.between))
    ]
    row, account, rep, sign = np.array(entries, dtype=np.int64).reshape(-1, 4).T
    labels = tuple(problem.rep_ids[cut.rep] for cut in cuts)
    return Rows(row, account, rep, sign, np.full(len(cuts), -np.inf), np.ones(len(cuts)), labels)


def _keep(problem: Problem, search: Search, rep_of: IntArray) -> None:
    if problem.keeps(rep_of):
        search.found.append(rep_of)


def _cuts(problem: Problem, plan: IntArray) -> Iterator[tuple[Cut, Named[Connected]]]:
    """Yield rows that a plan in pieces breaks."""
    for rule, graph in zip(problem.connected, graphs_of(problem), strict=True):
        main = main_pieces(problem, graph, plan)
        for rep, parts in enumerate(pieces(graph, plan)):
            if len(parts) < 2:
                continue
            anchor = _anchor(problem, rep, main[rep])
            owned = plan == rep
            for part in parts:
                if part[0] == main[rep][0]:
                    continue
                between = minimal_separator(graph, int(part[0]), anchor, owned, problem.eligible[:, rep])
                for a in part[:PER_PIECE].tolist():
                    met = _shortened(problem, graph, rep, (a, anchor), between)
                    yield Cut(rep, a, anchor, tuple(met.tolist())), rule


def _anchor(problem: Problem, rep: int, members: IntArray) -> int:
    """Return the account of a piece that would lose most by going elsewhere: the same one round after round."""
    cost = np.where(problem.eligible[members], problem.cost[members], np.inf)
    own = cost[:, rep].copy()
    cost[:, rep] = np.inf
    return int(members[np.argmax(cost.min(axis=1) - own)])


def _shortened(problem: Problem, graph: Graph, rep: int, ends: tuple[int, int], cut: IntArray) -> IntArray:
    """Return a separator that meets only the paths which keep the tightest band on the seat."""
    for band in sorted(problem.bands, key=lambda named: _room(named.what, rep)):
        values = band.what.measure.values
        if len(cut) > LONG or band.what.measure.by_seat or (values < 0).any() or _room(band.what, rep) >= 1:
            return cut
        limit = int(band.what.upper[rep])
        return shortened(graph, *ends, cut, values, limit, problem.eligible[:, rep])
    return cut


def _room(band: Band, rep: int) -> float:
    """Return the share of everything that a band lets a seat own."""
    return float(band.upper[rep]) / max(float(band.measure.values.sum()), 1.0)
