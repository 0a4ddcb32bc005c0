"""Contradictions that arithmetic alone proves, in integers: counted before any solver is asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.errors import Fault, counted
from engine.inputs import IntArray, Words
from engine.territory.conflict.groups import CODE, groups_without_a_seat, pairs_that_cannot_part
from engine.territory.conflict.reachable import unreachable
from engine.territory.declaration import Band, Budget
from engine.territory.measure import Measured
from engine.territory.problem import Named, Problem
from engine.territory.solving.scaling import tightened, unit
from engine.territory.target import SHOWN

__all__ = ["CODE", "band_contradictions", "contradictions"]


WHOLE = "Widen the band until a whole number lies in it."


def contradictions(problem: Problem) -> list[Fault]:
    """Return what no alignment of this part can keep; empty when counting finds nothing."""
    homeless = list(_homeless(problem)) or groups_without_a_seat(problem)
    if homeless:
        return homeless
    found = pairs_that_cannot_part(problem)
    for band in problem.bands:
        found += (
            list(_empty(problem.rep_ids, band)) or _counted(problem, band) or list(unreachable(problem, band))
        )
    for budget in problem.budgets:
        found += _forced_moves(problem, budget)
    return found


def band_contradictions(rep_ids: Words, band: Named[Band]) -> list[Fault]:
    """Return what one band by itself cannot keep, its measure being of the account alone: counted without pairs."""
    total = int(band.what.measure.values.sum())
    bounds = ((band.what.lower, band.what.upper), tightened(band.what))
    told = [list(_totals(rep_ids, band, sides, (total, total))) for sides in bounds]
    return list(_empty(rep_ids, band)) or told[0] or told[1]


def _counted(problem: Problem, band: Named[Band]) -> list[Fault]:
    """Return what totals say: as declared, then by seats and accounts, then in multiples of the weights' divisor."""
    ids, totals = problem.rep_ids, _total(problem, band.what.measure)
    declared = list(_totals(ids, band, (band.what.lower, band.what.upper), totals))
    return declared or list(_seats(problem, band)) or list(_totals(ids, band, tightened(band.what), totals))


def _homeless(problem: Problem) -> Iterator[Fault]:
    """Accounts that no seat may own, and the rules that together forbid it."""
    lost = np.flatnonzero(~problem.eligible.any(axis=1))
    if not len(lost):
        return
    rules = [rule for rule in problem.forbidden if rule.what.pairs[lost].any()]
    names = " and ".join(dict.fromkeys(f"{rule.title} ({rule.field})" for rule in rules))
    shown = ", ".join(problem.account_ids[i] for i in lost[:SHOWN]) + " ..." * (len(lost) > SHOWN)
    yield Fault(
        CODE,
        f"no seat may own {counted(len(lost), 'account')}: {shown}. Forbidden by {names}.",
        "Let a seat serve them, correct the accounts, or loosen a rule.",
        field=rules[0].field,
    )


def _empty(rep_ids: Words, band: Named[Band]) -> Iterator[Fault]:
    """Bands between whose bounds lies no integer."""
    low, high = band.what.lower, band.what.upper
    _, most = band.what.measure.extremes(len(rep_ids))
    empty = np.flatnonzero((low > high) & (high < most))
    show, scale = band.what.measure.show, band.what.measure.scale
    for least, top in list(dict.fromkeys((int(low[j]), int(high[j])) for j in empty))[:SHOWN]:
        same = [rep_ids[j] for j in empty if (low[j], high[j]) == (least, top)]
        who = f"seat {same[0]}" if len(same) == 1 else f"each of the {len(same)} seats {_few(tuple(same))}"
        message = f"{band.title}: {who} must carry {show(least)} or more, and {show(top)} or less."
        hint = f"Widen the band: loads are multiples of {show(1)}, and none lies in it."
        yield Fault(CODE, message, hint if scale > 1 else WHOLE, field=band.field)


def _totals(
    rep_ids: Words, band: Named[Band], bounds: tuple[IntArray, IntArray], totals: tuple[int, int]
) -> Iterator[Fault]:
    """Parts whose least or greatest total is more, or less, than their seats together may carry within the bounds."""
    measure, seats = band.what.measure, len(rep_ids)
    lower, upper = bounds
    least, most = int(lower.sum()), int(upper.sum())
    total, all_of = totals
    who = f"the {seats} seats {_few(rep_ids)}" if seats > 1 else f"seat {rep_ids[0]}"
    if total > most:
        each = _each(band, upper)
        have = f"there are {measure.show(total)}"
        message = f"{band.title}: {who} may carry {measure.show(most)} together{each}, but {have}."
        hint = f"Raise the upper bounds by {measure.show(total - most)} in all, or add seats."
        yield Fault(CODE, message, hint, field=band.field)
    elif all_of < least:
        each = _each(band, lower)
        message = (
            f"{band.title}: {who} must carry {measure.show(least)} together{each}, but there are only"
            f" {measure.show(all_of)}."
        )
        hint = f"Lower the lower bounds by {measure.show(least - all_of)} in all."
        yield Fault(CODE, message, hint, field=band.field)


def _total(problem: Problem, measure: Measured) -> tuple[int, int]:
    """Return the least and the greatest total of an alignment; they differ where a value depends on the seat."""
    if not measure.by_seat:
        total = int(measure.values.sum())
        return total, total
    large = np.iinfo(np.int64).max
    least = np.where(problem.eligible, measure.values, large).min(axis=1)
    return int(least.sum()), int(np.where(problem.eligible, measure.values, -large).max(axis=1).sum())


def _each(band: Named[Band], bound: IntArray) -> str:
    show, (divisor, _) = band.what.measure.show, unit(band.what.measure)
    if len(bound) < 2 or len(set(bound.tolist())) > 1:
        return ""
    whole = (bound != band.what.lower).all() and (bound != band.what.upper).all()
    return f" ({show(int(bound[0]))} each{f', in whole {show(divisor)}' if whole else ''})"


def _few(ids: tuple[str, ...]) -> str:
    return ", ".join(ids[:SHOWN]) + " ..." * (len(ids) > SHOWN)


def _seats(problem: Problem, band: Named[Band]) -> Iterator[Fault]:
    """Seats that are locked above their upper bound, or cannot reach their lower one (weights of 0 or more)."""
    values, show = band.what.measure.of_pairs, band.what.measure.show
    if (values < 0).any():
        return
    only = problem.eligible & (problem.eligible.sum(axis=1) == 1)[:, None]
    bound_to, can_have = (values * only).sum(axis=0), (values * problem.eligible).sum(axis=0)
    for j, seat in enumerate(problem.rep_ids):
        low, high = int(band.what.lower[j]), int(band.what.upper[j])
        if bound_to[j] > high:
            message = (
                f"{band.title}: seat {seat} must own accounts of {show(int(bound_to[j]))} that no other seat may own,"
                f" {show(int(bound_to[j]) - high)} above its upper bound of {show(high)}."
            )
            yield Fault(
                CODE, message, "Raise the bound, or let another seat own some of them.", field=band.field
            )
        elif can_have[j] < low:
            message = (
                f"{band.title}: seat {seat} may own accounts of {show(int(can_have[j]))} at most,"
                f" {show(low - int(can_have[j]))} below its lower bound of {show(low)}."
            )
            yield Fault(
                CODE, message, "Lower the bound, or let the seat serve more accounts.", field=band.field
            )
    yield from _too_large(problem, band)


def _too_large(problem: Problem, band: Named[Band]) -> Iterator[Fault]:
    """Accounts, or groups, that alone are more than any seat that may own them can carry (weights of 0 or more)."""
    values, show = band.what.measure.of_pairs, band.what.measure.show
    if (values < 0).any():
        return
    room = np.where(problem.eligible, band.what.upper[None, :] - values, np.iinfo(np.int64).min)
    best = room.argmax(axis=1)
    for i in np.flatnonzero(room.max(axis=1) < 0)[:SHOWN].tolist():
        value = int(band.what.measure.at(np.array([i]), best[i : i + 1])[0])
        highest = int(band.what.upper[best[i]])
        message = (
            f"{band.title}: account {problem.account_ids[i]} alone has {show(value)};"
            f" a seat that may own it can carry {show(highest)} at most."
        )
        hint = f"Widen the band by {show(value - highest)}, or leave the account out."
        yield Fault(CODE, message, hint, field=band.field)


def _forced_moves(problem: Problem, budget: Named[Budget]) -> Iterator[Fault]:
    """Budgets that are spent by accounts whose incumbent may not keep them."""
    use = np.where(problem.eligible, problem.use(budget.what), np.iinfo(np.int64).max)
    spent = int(use.min(axis=1).sum())
    if spent > budget.what.limit:
        show = budget.what.measure.show
        message = (
            f"{budget.title}: {show(spent)} must leave an incumbent that may not own them;"
            f" {show(budget.what.limit)} may."
        )
        yield Fault(
            CODE, message, f"Raise the limit by {show(spent - budget.what.limit)}.", field=budget.field
        )
