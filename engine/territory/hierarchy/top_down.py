"""Top down: regions first, then the districts of each, then its seats; borders stay where the step above drew them.

Each step is a problem of its own (hierarchy_aggregate.py) with its own proof. Since the topmost one relaxes the whole,
its bound is a bound on every alignment that keeps the rules and the bands of all levels, however it is found; so is
the bound of the problem in one. What is reported for the whole is the better of those that are at hand. A move budget
is handed down: each node gets what its accounts take at least, and its part of the rest by weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import fsum
from typing import Any

import numpy as np

from engine.errors import BadInput, Fault, Infeasible
from engine.inputs import Inputs, IntArray, Words
from engine.territory.declaration import Budget
from engine.territory.hierarchy.aggregate import NodeBounds, Nodes, aggregate, least_use, node_band, nodes_of
from engine.territory.hierarchy.spec import FIELD, Hierarchy
from engine.territory.problem import Named, Problem
from engine.territory.solving.search import Answer, Search

SolveProblem = Callable[[Problem, Search], Answer]
Step = tuple[str, Answer]
"""What was divided (`regions`, `seats of West Enterprise`), and its answer."""


@dataclass(frozen=True)
class Carving:
    """What every step of a carving shares."""

    inputs: Inputs
    hierarchy: Hierarchy
    bounds: tuple[NodeBounds, ...]
    solve: SolveProblem
    search: Search
    steps: list[Step] = field(default_factory=list)

    def parents(self, below: int, level: int) -> dict[str, str]:
        """Return the node of a level above each node of one below it, or of itself."""
        levels, names = self.inputs.reps.levels, self.hierarchy.levels
        return dict(zip(levels[names[below]], levels[names[level]], strict=True))

    def names(self, level: int, seats: IntArray) -> Words:
        """Return the node of each seat on a level."""
        nodes = self.inputs.reps.levels[self.hierarchy.levels[level]]
        return tuple(nodes[j] for j in seats.tolist())


@dataclass(frozen=True)
class Share:
    """What a node was given, by the places among all accounts and seats."""

    accounts: IntArray
    seats: IntArray
    node: str
    """Name of the node; '' for the whole."""


def carve(problem: Problem, carving: Carving) -> Answer:
    """Return the seats of all accounts, and what was proven of the whole.

    Raises:
        BadInput: a rule ties seats of several nodes, which only the problem in one can keep.
        Infeasible: a node got accounts that its own seats cannot share out.

    """
    _refuse_ties(problem)
    everything = Share(np.arange(len(problem.account_ids)), np.arange(len(problem.rep_ids)), "")
    rep_of = _divide(problem, carving, 0, everything)
    top = carving.steps[0][1]
    seconds = fsum(answer.seconds for _, answer in carving.steps)
    reasons = [answer.ended_by for _, answer in carving.steps]
    ended_by = next(
        (reason for reason in ("time", "nodes") if reason in reasons), "the borders of the levels"
    )
    proof = f"bound of the {carving.hierarchy.levels[0]}s alone, which relaxes every level below: {top.proof}"
    objective = problem.price(rep_of)
    return Answer(rep_of, objective, top.bound, seconds, ended_by, proof, confirmation=top.confirmation)


def _refuse_ties(problem: Problem) -> None:
    ranked = tuple(rule for rule in problem.spreads if rule.what.rank)
    own = tuple(rule for rule in problem.rows if not rule.field.startswith(FIELD))
    tied: list[Named[Any]] = [*ranked, *own]
    faults = [
        Fault(
            "E_CONTRADICTION",
            f"{rule.title} cannot be kept from the top down: it ties seats of different nodes.",
            "Take hierarchy.solve: in_one, or leave the rule out.",
            field=rule.field,
        )
        for rule in tied
    ]
    if faults:
        raise BadInput(faults)


def _divide(problem: Problem, carving: Carving, level: int, share: Share) -> IntArray:
    """Return the seat of each account of a share, by its place among all seats."""
    of = f" of {share.node}" if share.node else ""
    if level == len(carving.hierarchy.levels):
        return share.seats[_step(replace(problem, rows=()), carving, f"seats{of}").rep_of]
    nodes = nodes_of(carving.names(level, share.seats))
    bands = [
        node_band(bounds.among(share.accounts), nodes, carving.parents(bounds.level, level))
        for bounds in carving.bounds
        if bounds.level >= level
    ]
    found = _step(aggregate(problem, nodes, bands), carving, f"{carving.hierarchy.levels[level]}s{of}")
    rep_of = np.full(len(problem.account_ids), -1, dtype=np.int64)
    limits = [_handed_down(problem, rule, nodes, found.rep_of) for rule in problem.budgets]
    for child, name in enumerate(nodes.names):
        mine = np.flatnonzero(found.rep_of == child)
        below = _child(problem, nodes, child, mine, [limit[child] for limit in limits])
        part = Share(share.accounts[mine], share.seats[nodes.seats(child)], name)
        rep_of[mine] = _divide(below, carving, level + 1, part)
    return rep_of


def _step(problem: Problem, carving: Carving, what: str) -> Answer:
    own = carving.search.named(f"{what}, ")
    try:
        found = carving.solve(problem, own) if problem.account_ids else _of_nothing(problem)
    except Infeasible as error:
        if not carving.steps:
            raise
        hint = "Widen its bands, give the level above a band that leaves it room, or take hierarchy.solve: in_one."
        message = f"the {what} cannot share out what the level above gave them"
        first = Fault("M_INFEASIBLE", message, hint, field=FIELD)
        raise Infeasible((first, *error.faults)) from None
    carving.steps.append((what, found))
    return found


def _of_nothing(problem: Problem) -> Answer:
    """Return the answer of a node that was given no accounts, where its bands allow that."""
    nobody = np.empty(0, dtype=np.int64)
    if not problem.keeps(nobody):
        raise Infeasible(())
    price = problem.price(nobody)
    return Answer(nobody, price, price, 0.0, "proof", "there are no accounts")


def _handed_down(problem: Problem, rule: Named[Budget], nodes: Nodes, chosen: IntArray) -> list[int]:
    """Return what each node may use of a budget: its least, and its share of the rest by weight."""
    least = least_use(problem, rule.what, nodes).used
    assert least is not None
    count = len(nodes.names)
    needed, weight = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    rows = np.arange(len(chosen))
    np.add.at(needed, chosen, least[rows, chosen])
    np.add.at(weight, chosen, np.abs(problem.use(rule.what)).max(axis=1))
    rest, whole = max(rule.what.limit - int(needed.sum()), 0), max(int(weight.sum()), 1)
    return [int(need) + rest * int(part) // whole for need, part in zip(needed, weight, strict=True)]


def _child(problem: Problem, nodes: Nodes, child: int, accounts: IntArray, limits: Sequence[int]) -> Problem:
    """Return the problem of one node, with its part of each budget."""
    seats = nodes.seats(child)
    below = replace(problem, budgets=(), rows=()).restrict(accounts, seats)
    budgets = tuple(
        replace(
            rule,
            what=Budget(
                rule.what.measure.restrict(accounts, seats),
                limit,
                problem.use(rule.what)[np.ix_(accounts, seats)],
            ),
        )
        for rule, limit in zip(problem.budgets, limits, strict=True)
    )
    return replace(below, budgets=budgets)
