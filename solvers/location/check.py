"""Independent check of a plan: plain Python over the numbers of the problem, integers exactly."""

from __future__ import annotations

from math import fsum, inf, isclose

from solvers.location.instance import Location, Plan

ROUNDING = 1e-9


def violations(problem: Location, plan: Plan) -> list[str]:
    """Return a sentence for each rule that a plan breaks; none means that it keeps them all."""
    chosen = plan.open.tolist()
    found = []
    if len(chosen) != problem.count or len(dict.fromkeys(chosen)) != problem.count:
        found.append(f"{len(dict.fromkeys(chosen))} sites are open; {problem.count} should be.")
    found += [
        f"site {j} must be open." for j, kept in enumerate(problem.keep.tolist()) if kept and j not in chosen
    ]
    for g, (members, number) in enumerate(problem.groups):
        there = sum(j in chosen for j in members.tolist())
        if problem.quota is not None and there != number:
            found.append(f"group {g} has {there} open sites; it should have {number}.")
    if len(plan.site_of) != problem.points:
        return [*found, f"{len(plan.site_of)} of {problem.points} points have a site."]
    carried = {j: [0] * len(problem.weight) for j in chosen}
    for i, j in enumerate(plan.site_of.tolist()):
        if j not in carried:
            found.append(f"point {i} belongs to site {j}, which is closed.")
            continue
        if float(problem.cost[j, i]) == inf:
            found.append(f"point {i} must not belong to site {j}.")
        for k in range(len(problem.weight)):
            carried[j][k] += int(problem.weight[k, i])
    for j, loads in carried.items():
        for k, load in enumerate(loads):
            low, high = int(problem.lower[k, j]), int(problem.upper[k, j])
            if not low <= load <= high:
                found.append(f"site {j} carries {load} of measure {k}; allowed {low} to {high}.")
    cost = cost_of(problem, plan)
    if not found and not isclose(cost, plan.cost, rel_tol=ROUNDING, abs_tol=ROUNDING):
        found.append(f"the plan costs {cost:.9g}, not {plan.cost:.9g}.")
    return found


def cost_of(problem: Location, plan: Plan) -> float:
    """Return the objective of a plan, added up one by one."""
    serving = [float(problem.cost[j, i]) for i, j in enumerate(plan.site_of.tolist())]
    return fsum([*serving, *(float(problem.opening[j]) for j in plan.open.tolist())])
