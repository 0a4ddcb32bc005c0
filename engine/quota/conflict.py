"""Conflict: why no quotas exist, in the words of the scenario, and by how much which bound would have to give.

Infeasible is believed only when a second route proves it: the ranges of all nodes are added up from the seats in
exact fractions, or a model in which every limit may give at a price has a bound above zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import inf

import numpy as np

from engine.errors import ApportionError, Fault, Infeasible, NoPlan
from engine.quota import split
from engine.quota.limits import Limit
from engine.quota.spec import QuotaSolver
from engine.quota.split import Problem
from engine.quota.tree import handed_down
from engine.quota.words import amount
from solvers.model import Arrays, Model
from solvers.solution import Solution, SolveOptions

SHOWN = 12
"""Bounds named in a message; the rest is counted."""
MOST = 4000
"""Thousandths of itself by which an upper end is tried to rise."""
LEAST = 1e-4
"""Steps; what an elastic limit gives below this is arithmetic noise."""


def infeasible(problem: Problem, solver: QuotaSolver) -> ApportionError:
    """Return the error to raise when a solver says that no quotas exist."""
    shortfall = _shortfall(problem)
    answer, slacks = _relaxed(problem, solver)
    faults = [shortfall, *_by_rule(problem)] if shortfall else list(_between(problem))
    if answer.x is not None:
        given = sorted(((-float(answer.x[column]), index, upper) for column, index, upper in slacks))
        gives = [
            _gives(problem, index, upper, -less * problem.step)
            for less, index, upper in given
            if -less > LEAST
        ]
        faults += gives[:SHOWN]
        if len(gives) > SHOWN:
            rest = f"and {len(gives) - SHOWN} further bounds, by less"
            faults.append(Fault("M_INFEASIBLE", rest, field="quotas.bounds"))
    if shortfall is None and (answer.x is None or answer.bound <= LEAST):
        return NoPlan(
            "infeasible, says the solver, but no second route proves it", hint="Try another backend."
        )
    return Infeasible(faults)


def _relaxed(problem: Problem, solver: QuotaSolver) -> tuple[Solution, list[tuple[int, int, bool]]]:
    """Let limits give at a price, first with parts of a step, then, where that costs nothing, with whole steps."""
    from solvers import solve

    arrays, slacks = _elastic(problem)
    parts = replace(arrays, integer=np.zeros(arrays.columns, dtype=np.bool_))
    options = SolveOptions(gap=float(solver.gap), node_limit=solver.node_limit)
    answer = solve(parts, options, solver.backend)
    if answer.x is None or answer.bound <= LEAST:
        answer = solve(arrays, options, solver.backend)
    return answer, slacks


def _gives(problem: Problem, index: int, upper: bool, given: float) -> Fault:
    node, limit, currency = problem.tree.nodes[index], problem.limits[index], problem.currency
    rule, edge = (limit.high_rule, limit.high or 0) if upper else (limit.low_rule, limit.low)
    side, verb = ("at most", "rise") if upper else ("at least", "fall")
    message = (
        f"{node.title}: {side} {amount(edge, currency)} would have to {verb} by {amount(given, currency)}"
    )
    return Fault("M_INFEASIBLE", message, "Widen this bound, or change the goal.", field=_field(rule))


def _field(rule: str) -> str:
    if rule.startswith("data."):
        return rule.removesuffix(".min").removesuffix(".max")
    return "quotas." + (rule if rule.startswith(("bounds", "locks", "adjustments")) else "vacant")


def _shortfall(problem: Problem) -> Fault | None:
    """Add up the ranges from the seats; return the first node where they cannot meet."""
    tree = problem.tree
    low = [Fraction(limit.low) for limit in problem.limits]
    high = [None if limit.high is None else Fraction(limit.high) for limit in problem.limits]
    for index in reversed(range(len(tree.nodes))):
        least, most = low[index], high[index]
        if most is not None and least > most:
            return _crossed(problem, index, problem.limits[index])
        below = tree.children[index]
        if not below:
            continue
        factor = tree.street(index)
        tops = [high[child] for child in below]
        floor_ = sum((low[child] for child in below), Fraction(0))
        roof = None if None in tops else sum((top for top in tops if top is not None), Fraction(0))
        if index == 0:
            least = most = Fraction(handed_down(problem.goal, factor))
        else:
            least, most = least * factor, None if most is None else most * factor
        slack = Fraction(0) if index == 0 else Fraction(1)
        if most is not None and floor_ > most + slack:
            return _unmet(problem, index, "at least", floor_, most)
        if roof is not None and roof < least - slack:
            return _unmet(problem, index, "at most", roof, least)
        low[index] = max(least, floor_) / factor
        high[index] = min((value for value in (most, roof) if value is not None), default=None)
        top = high[index]
        high[index] = None if top is None else top / factor
    return None


def _between(problem: Problem) -> Iterator[Fault]:
    """Yield seats and nodes within whose range no multiple of the step lies."""
    found = [
        index
        for index, limit in enumerate(problem.limits)
        if index and problem.whole[index] and not limit.fixed and limit.high is not None
        and limit.low <= limit.high and limit.high // problem.step * problem.step < limit.low
    ]  # fmt: skip
    if found:
        limit, currency = problem.limits[found[0]], problem.currency
        others = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
        message = (
            f"{problem.tree.nodes[found[0]].title}{others}: no multiple of the step, {amount(problem.step, currency)}, "
            f"lies between {amount(limit.low, currency)} and {amount(limit.high or 0, currency)}"
        )
        hint = "Use a smaller step, or widen the bounds."
        yield Fault("M_INFEASIBLE", message, hint, field="quotas.step")


def _by_rule(problem: Problem) -> Iterator[Fault]:
    """Yield the least by which a rule of many seats would have to give at all of them alike, to be enough alone.

    A limit knows its nearest rule; where another one is near, more may have to give.
    """
    for side in ("low", "high"):
        rules = [getattr(limit, f"{side}_rule") for limit in problem.limits]
        for rule in dict.fromkeys(
            rule for rule in rules if rules.count(rule) > 1 and rule.startswith("bounds.")
        ):
            part = _part(problem, side, rule)
            if part is None:
                continue
            verb = "fall" if side == "low" else "rise"
            message = (
                f"{rule}: to give alone and alike at every seat, it would have to {verb} by at least {part:.1%} "
                "of itself"
            )
            hint = "Change it by that, if no other bound is nearer; or widen single bounds."
            yield Fault("M_INFEASIBLE", message, hint, field=_field(rule))


def _part(problem: Problem, side: str, rule: str) -> float | None:
    """Return the least part, rounded up to 0.1 %, by which all ends of a rule must move; None where none does."""

    def short(thousandths: int) -> bool:
        factor = 1 + Fraction(thousandths if side == "high" else -thousandths, 1000)
        moved = [_scaled(limit, side, rule, factor) for limit in problem.limits]
        return _shortfall(replace(problem, limits=tuple(moved))) is not None

    low, high = 0, 1000 if side == "low" else MOST
    if short(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if short(middle) else (low, middle)
    return high / 1000


def _scaled(limit: Limit, side: str, rule: str, factor: Fraction) -> Limit:
    """Return a limit with one end times a factor, where that end comes from the rule."""
    if limit.fixed or getattr(limit, f"{side}_rule") != rule:
        return limit
    if side == "low":
        return replace(limit, low=int(limit.low * factor))
    return replace(limit, high=int((limit.high or 0) * factor))


def _crossed(problem: Problem, index: int, limit: Limit) -> Fault:
    low, high = limit.low, limit.high or 0
    message = (
        f"{problem.tree.nodes[index].title}: {limit.low_rule} asks for at least {amount(low, problem.currency)}, "
        f"{limit.high_rule} allows at most {amount(high, problem.currency)}: "
        f"{amount(low - high, problem.currency)} apart"
    )
    return Fault("M_INFEASIBLE", message, "Widen one of the two.", field=_field(limit.low_rule))


def _unmet(problem: Problem, index: int, word: str, possible: Fraction, asked: Fraction) -> Fault:
    title, currency = problem.tree.nodes[index].title, problem.currency
    message = (
        f"{title}: below it the bounds allow {word} {amount(possible, currency)}; "
        f"from above come {amount(asked, currency)}: "
        f"{amount(abs(possible - asked), currency)} {'too much' if word == 'at least' else 'too little'}"
    )
    return Fault(
        "M_INFEASIBLE", message, "Widen the bounds below it, or change the goal.", field="quotas.bounds"
    )


def _elastic(problem: Problem) -> tuple[Arrays, list[tuple[int, int, bool]]]:
    """Return the model in which every limit may give, at the price of one per step; and the slack columns."""
    model = Model()
    nodes = split.free_nodes(model, problem)
    slacks = []
    for index, limit in enumerate(problem.limits):
        if not index or limit.low_rule == "vacant":
            continue
        base = problem.base(index)
        for upper, edge in ((False, limit.low or None), (True, limit.high)):
            if edge is None:
                continue
            side = float(Fraction(edge, problem.step) - base)
            column = int(model.add_columns("slack", 1, cost=1.0, upper=inf, integer=False)[0])
            values = [1.0, -1.0 if upper else 1.0]
            low, high = (-inf, side) if upper else (side, inf)
            model.add_rows(
                "limit", [0, 0], [int(nodes[index]), column], values, count=1, lower=low, upper=high
            )
            slacks.append((column, index, upper))
    return model.arrays(), slacks
