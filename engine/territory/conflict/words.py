"""Rules that conflict, in the planner's words: which ones, by how much each would have to give, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import Fault
from engine.inputs import IntArray
from engine.territory.conflict.contradictions import CODE
from engine.territory.conflict.wishes import Rule
from engine.territory.declaration import Band, Budget, Forbidden
from engine.territory.problem import Named, Problem, loads, row_excess
from engine.territory.solving.scaling import size_of, unit, unit_of, weights_of
from engine.territory.target import SHOWN

LISTED = 12


@dataclass(frozen=True)
class Explained:
    """What is known about rules that no alignment keeps."""

    plan: IntArray
    """The alignment that breaks quantities least, shape (account,)."""
    bound: float
    """No alignment breaks them by less in total, in sizes of the rules, their sides at multiples of the divisor."""
    conflict: tuple[Rule, ...]
    """Rules that conflict, none of which can be left out; empty when they were not told apart."""
    release: IntArray | None
    """An alignment that keeps every quantity on forbidden pairs, where that was asked and found."""


def faults(problem: Problem, known: Explained) -> list[Fault]:
    """Return the head, each rule of the conflict with its place, and what would have to give, largest first."""
    gives = sorted(_gives(problem, known.plan), key=lambda pair: -pair[0])
    total = sum(share for share, _ in gives)
    about = [_named(rule) for rule in known.conflict] or list(
        dict.fromkeys(f"{fault.message.split(':')[0]} ({fault.field})" for _, fault in gives)
    )
    accounts, seats = len(problem.account_ids), len(problem.rep_ids)
    bound = known.bound * _share(problem)
    least = f"; no relaxation below {bound:.3g} is enough" if bound > 1e-4 else ""
    head = Fault(
        CODE,
        f"no alignment of {accounts:,} accounts to {seats} seats keeps {' and '.join(about)} together"
        f" (proved twice). The smallest relaxation found comes to {total:.3g} of the rules' sizes in all{least}.",
        "Let the rules below give by what is named, or drop one of those that conflict.",
        field=known.conflict[0].field if known.conflict else gives[0][1].field,
    )
    listed = [fault for _, fault in gives[:LISTED]]
    rest = len(gives) - len(listed)
    more = [_more(gives[LISTED:][0][1], rest)] if rest > 0 else []
    return [head, *_conflict(known), *listed, *more, *_released(problem, known)]


def _share(problem: Problem) -> float:
    """Return the least share of a violation that is left when sides go back from multiples of the divisor d.

    A side that was moved by t < d is broken by v, a multiple of d, or kept; what was declared is then broken by
    v - t >= v (1 - t / d).
    """
    shares = [1.0]
    for band in (named.what for named in problem.bands):
        divisor, _ = unit(band.measure)
        least, most = band.measure.extremes(len(problem.rep_ids))
        moved = np.concatenate((-band.lower[band.lower > least], band.upper[band.upper < most])) % divisor
        shares.append(1 - int(moved.max(initial=0)) / divisor)
    for budget in (named.what for named in problem.budgets):
        divisor, _ = unit_of(weights_of(budget))
        shares.append(1 - budget.limit % divisor / divisor)
    for rows in (named.what for named in problem.free_rows()):
        divisor, _ = unit_of(rows.coefficient)
        sides = np.concatenate((-rows.lower, rows.upper))
        shares.append(1 - float((sides[np.isfinite(sides)] % divisor).max(initial=0.0)) / divisor)
    return min(shares)


def _named(rule: Rule) -> str:
    return f"{rule.title} ({rule.field})"


def _conflict(known: Explained) -> list[Fault]:
    """Return each rule that conflicts, at its own place in the scenario."""
    found = []
    for rule in known.conflict if len(known.conflict) > 1 else ():
        others = " and ".join(_named(other) for other in known.conflict if other is not rule)
        message = f"{rule.title}: conflicts with {others}; without it nothing stands against the others."
        found.append(Fault(CODE, message, "Loosen or drop one of them.", field=rule.field))
    return found


def _gives(problem: Problem, plan: IntArray) -> list[tuple[float, Fault]]:
    found = []
    for rule, excess in problem.excess(plan):
        size = size_of(rule.what)
        for j in np.flatnonzero(excess).tolist():
            found.append((abs(int(excess[j])) / size, _quantity(problem, rule, plan, j, int(excess[j]))))
    for free in problem.free_rows():
        excess_of_rows = row_excess(free.what, plan)
        for r in np.flatnonzero(excess_of_rows).tolist():
            by = int(abs(excess_of_rows[r]))
            side = "above" if excess_of_rows[r] > 0 else "below"
            message = f"{free.title}: {free.what.labels[r]} would be {by:,} {side} what is allowed."
            fault = Fault(CODE, message, f"Let it give by {by:,}.", field=free.field)
            found.append((by / size_of(free.what), fault))
    return found


def _quantity(
    problem: Problem, rule: Named[Band] | Named[Budget], plan: IntArray, j: int, excess: int
) -> Fault:
    show = rule.what.measure.show
    if isinstance(rule.what, Budget):
        message = f"{rule.title}: {show(rule.what.limit + excess)} would have to move, {show(excess)} above the limit."
        return Fault(CODE, message, f"Raise the limit of {show(rule.what.limit)}.", field=rule.field)
    seat, load = problem.rep_ids[j], int(loads(rule.what.measure, plan, len(problem.rep_ids))[j])
    side, bound = ("above", rule.what.upper) if excess > 0 else ("below", rule.what.lower)
    message = (
        f"{rule.title}: seat {seat} would carry {show(load)}, {show(abs(excess))} {side} its"
        f" {'upper' if excess > 0 else 'lower'} bound of {show(int(bound[j]))}."
    )
    return Fault(CODE, message, f"Let the band of seat {seat} give by {show(abs(excess))}.", field=rule.field)


def _more(largest: Fault, count: int) -> Fault:
    title = largest.message.split(":")[0]
    return Fault(
        CODE,
        f"{title}: and {count} further places would have to give by less.",
        "Widen its bounds for all seats.",
        field=largest.field,
    )


def _released(problem: Problem, known: Explained) -> list[Fault]:
    """Return the other way out: accounts that a lock or an eligibility would have to let go."""
    if known.release is None:
        return []
    found = []
    rows = np.arange(len(known.release))
    for rule in problem.forbidden:
        assert isinstance(rule.what, Forbidden)
        lost = np.flatnonzero(rule.what.pairs[rows, known.release])
        if not len(lost):
            continue
        shown = ", ".join(
            f"{problem.account_ids[i]} to {problem.rep_ids[known.release[i]]}" for i in lost[:SHOWN]
        ) + " ..." * (len(lost) > SHOWN)
        message = f"{rule.title}: instead, {len(lost)} accounts could be released from it: {shown}."
        hint = "Then every other rule can be kept."
        found.append(Fault(CODE, message, hint, field=rule.field))
    return found
