"""The second route: "infeasible" is believed only when other arithmetic proves it too, and then it is explained.

Every rule becomes a wish at a price (`wishes`). When the bound of that elastic program over all pairs is above zero,
no alignment keeps all rules, whatever a solver says. A minimal set of rules that conflict is filtered out of its
proof, and the alignment that breaks the rules least says by how much each would have to give, beside the bound below
which no relaxation can be. Where fractions keep every rule and whole accounts may not, exact integers decide: CP-SAT,
then a branch and bound over the elastic rows. An alignment that keeps every rule proves the first word wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from engine.errors import Infeasible, NoPlan
from engine.inputs import IntArray
from engine.territory.conflict.wishes import FIRM, Rule, Wishes, wishes
from engine.territory.conflict.words import Explained, faults
from engine.territory.problem import Problem
from engine.territory.solving.descent import cheapest, descend
from engine.territory.solving.formulation import Elastic, formulate
from engine.territory.solving.relaxation import first_columns, pairs_of, relax
from engine.territory.solving.search import Search
from solvers import SolveOptions, Status, available, solve
from solvers.conflict import Conflict, ElasticProgram, minimal, nearest

PROVEN = 1e-7
"""Least violation, as a share of a rule's size, that counts as above zero."""
LARGE = 20_000
"""Pairs up to which whole accounts are searched by branch and bound."""
MOST_PAIRS = 3_000_000
"""Pairs above which the rules are not spread out over all of them."""
EXPLAIN_GAP = 0.02
EXACT_NODES = 20_000
"""Conflicts after which exact integers give up."""


@dataclass(frozen=True)
class _Sought:
    """The alignment that breaks the rules least."""

    plan: IntArray
    bound: float
    """No alignment breaks them less, in total sizes."""
    conflict: Conflict | None = None


def second_route(problem: Problem, search: Search) -> IntArray:
    """Return an alignment that keeps every rule, although a first route found none.

    Raises:
        Infeasible: proved a second time; the faults name the rules that conflict, and each seat that gives by how much.
        NoPlan: neither an alignment nor a second proof was found within the limits.

    """
    asked = wishes(problem) if problem.eligible.size <= MOST_PAIRS else None
    sought = _elastic(problem, asked, search) if asked else _huge(problem, search)
    if asked and sought.conflict is None and not problem.keeps(sought.plan):
        sought = _whole(problem, asked, sought, search)
    if problem.keeps(sought.plan):
        return sought.plan
    if sought.bound <= PROVEN:
        raise NoPlan(
            "no plan: no alignment was found that keeps every rule, and a second route could not prove that there is"
            " none.",
            hint="Raise territories.solver.node_limit, or widen the narrowest band.",
        )
    raise Infeasible(faults(problem, _explained(problem, asked, sought, search)))


def refuse_conflicts(problem: Problem, search: Search) -> None:
    """Raise Infeasible where multipliers over all pairs prove that rules conflict: seconds, before any long search."""
    if problem.eligible.size <= MOST_PAIRS:
        asked = wishes(problem)
        if _program(problem, asked).solve(asked.firm, enough=10 * PROVEN).proves:
            second_route(problem, search)


def _explained(problem: Problem, asked: Wishes | None, sought: _Sought, search: Search) -> Explained:
    rules: tuple[Rule, ...] = ()
    release = None
    if asked and sought.conflict:
        rules = tuple(asked.named[k] for k in sought.conflict.rules)
        forbidden = set(sought.conflict.rules) & set(asked.forbidding)
        release = _release(problem, asked, search) if forbidden else None
    return Explained(sought.plan, sought.bound, rules, release)


def _elastic(problem: Problem, asked: Wishes, search: Search) -> _Sought:
    """Solve the elastic program over all pairs; when it proves a conflict, filter the rules that make it."""
    search.progress.update(f"{search.part}looking for the rules that conflict")
    program, prices = _program(problem, asked), asked.firm
    relaxed = program.solve(prices)
    plan = nearest(asked.rules, relaxed, prices, seed=search.seed)
    conflict = minimal(program) if relaxed.proves else None
    plans = [plan.seat_of, descend(problem, cheapest(problem))]
    return _Sought(_least_broken(asked, plans), relaxed.bound if conflict else 0.0, conflict)


def _least_broken(asked: Wishes, plans: list[IntArray]) -> IntArray:
    return min(plans, key=lambda plan: asked.rules.violation(plan, asked.firm))


def _huge(problem: Problem, search: Search) -> _Sought:
    """Look for the least violation where the rules over all pairs do not fit into memory."""
    relaxation = relax(problem, search, descend(problem, np.argmax(problem.eligible, axis=1)), pairs=False)
    return _Sought(descend(problem, relaxation.rounded), relaxation.priced.bound)


def _program(problem: Problem, asked: Wishes) -> ElasticProgram:
    columns = first_columns(problem, np.argmax(problem.eligible, axis=1))
    return ElasticProgram(asked.rules, np.flatnonzero(columns.ravel()))


def _release(problem: Problem, asked: Wishes, search: Search) -> IntArray | None:
    """Return the alignment that keeps every quantity on the fewest forbidden pairs, when there is one."""
    prices = asked.prices(FIRM, 1.0)
    plan = nearest(asked.rules, _program(problem, asked).solve(prices), prices, seed=search.seed)
    quantities = asked.prices(1.0, 0.0)
    return plan.seat_of if asked.rules.violation(plan.seat_of, quantities) == 0 else None


def _whole(problem: Problem, asked: Wishes, sought: _Sought, search: Search) -> _Sought:
    """Decide over whole accounts: by exact integers, and by branch and bound over the elastic rows."""
    if int(problem.eligible.sum()) > LARGE:
        return sought
    search.progress.update(f"{search.part}looking for an alignment in exact integers")
    proven = _exact(problem, search)
    if isinstance(proven, np.ndarray):
        return _Sought(proven, 0.0)
    formulation = formulate(problem, *pairs_of(problem.eligible), elastic=Elastic(False, 1.0))
    solution = search.solve(formulation, gap=EXPLAIN_GAP, quiet=True)
    plans = [sought.plan]
    if solution.x is not None:
        plans.append(formulation.alignment(solution.x, len(problem.account_ids)))
    return _Sought(_least_broken(asked, plans), max(solution.bound, 2 * PROVEN if proven else 0.0))


def _exact(problem: Problem, search: Search) -> IntArray | bool:
    """Return an alignment that CP-SAT finds, or whether it proves (twice, see `solvers`) that there is none."""
    if not available("cpsat") or problem.holds:
        return False
    bare = replace(problem, cost=np.zeros_like(problem.cost), spreads=(), edge_costs=(), gains=())
    formulation = formulate(bare, *pairs_of(problem.eligible))
    left = max(search.deadline - monotonic(), 0.1)
    nodes = min(search.node_limit or EXACT_NODES, EXACT_NODES)
    options = SolveOptions(node_limit=nodes, time_limit=left, seed=search.seed % 2**31)
    answer = solve(formulation.model, options, backend="cpsat")
    if answer.x is not None:
        return formulation.alignment(answer.x, len(problem.account_ids))
    return answer.status is Status.INFEASIBLE
