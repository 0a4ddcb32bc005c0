"""Contradictions between groups, pairs that must be apart, and who may own whom; counted, not solved."""

from __future__ import annotations

import numpy as np

from engine.errors import Fault
from engine.territory.problem import Problem
from engine.territory.solving.cliques import cliques
from engine.territory.solving.contraction import units
from engine.territory.target import SHOWN

CODE = "M_INFEASIBLE"


def groups_without_a_seat(problem: Problem) -> list[Fault]:
    """Return a fault for the first groups whose accounts have no seat in common."""
    if not problem.together:
        return []
    unit_of = units(problem)
    shared = np.ones((int(unit_of.max()) + 1, len(problem.rep_ids)), dtype=np.bool_)
    np.logical_and.at(shared, unit_of, problem.eligible)
    lost = np.flatnonzero(~shared.any(axis=1))
    names = " and ".join(f"{rule.title} ({rule.field})" for rule in problem.together)
    found = []
    for group in lost[:SHOWN].tolist():
        members = np.flatnonzero(unit_of == group)
        kept = [rule for rule in problem.forbidden if rule.what.pairs[members].any()]
        never = " and ".join(dict.fromkeys(f"{rule.title} ({rule.field})" for rule in kept))
        message = f"no seat may own all of {_listed(problem, members)}, kept together by {names}; {never} forbid it."
        hint = "Take one of them out of the group, or let a seat own them all."
        found.append(Fault(CODE, message, hint, field=problem.together[0].field))
    return found


def pairs_that_cannot_part(problem: Problem) -> list[Fault]:
    """Return a fault for pairs that must be both apart and together, and cliques of more accounts than seats."""
    unit_of = units(problem)
    found = []
    for rule in problem.apart:
        pairs = rule.what.pairs
        for i, k in pairs[unit_of[pairs[:, 0]] == unit_of[pairs[:, 1]]][:SHOWN].tolist():
            together = " and ".join(f"{other.title} ({other.field})" for other in problem.together)
            why = f"; {together} keep them together" if together else ", being kept together"
            message = (
                f"{rule.title}: {problem.account_ids[i]} and {problem.account_ids[k]} cannot be apart{why}."
            )
            found.append(Fault(CODE, message, "Leave the pair out, or split the group.", field=rule.field))
        if found:
            continue
        for clique in cliques(pairs):
            seats = int(problem.eligible[clique].any(axis=0).sum())
            if len(clique) > seats:
                who = _listed(problem, np.array(clique))
                message = (
                    f"{rule.title}: {who} must all be apart, but only {seats} seats may own any of them."
                )
                hint = "Leave some of them out, or let more seats own them."
                found.append(Fault(CODE, message, hint, field=rule.field))
    return found[:SHOWN]


def _listed(problem: Problem, members: np.ndarray) -> str:
    names = [problem.account_ids[i] for i in members[:SHOWN].tolist()]
    more = f" and {len(members) - SHOWN} more" if len(members) > SHOWN else ""
    return ", ".join(names) + more
