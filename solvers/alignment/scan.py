"""The compiled pass over pairs: cost and reduced cost of a block of units to every seat, and the best of them."""

from __future__ import annotations

from math import asin, inf, sqrt
from typing import Any

import numpy as np

from solvers.compiled import compiled


@compiled
def add_distances(pairs: Any, member: int, row: Any) -> None:
    """Add weight times distance from a member to every home, and its price times squared distance."""
    weight, dimensions = pairs.weight[member], pairs.point.shape[1]
    by_square = pairs.square[member] if pairs.square.shape[0] else 0.0
    if weight == 0.0 and by_square == 0.0:
        return
    for j in range(row.shape[0]):
        square = 0.0
        for d in range(dimensions):
            gap = pairs.point[member, d] - pairs.home[j, d]
            square += gap * gap
        far = sqrt(square)
        if pairs.radius > 0.0:
            far = 2.0 * pairs.radius * asin(min(far / 2.0, 1.0))
        row[j] += far * (weight + by_square * far)


@compiled
def add_misfits(pairs: Any, member: int, row: Any) -> None:
    """Add what it costs that a seat does not offer what the member needs."""
    for n in range(pairs.misfit.shape[0]):
        misfit, need = pairs.misfit[n, member], pairs.need[n, member]
        if misfit == 0.0:
            continue
        for j in range(row.shape[0]):
            if pairs.unmet[n, need, j]:
                row[j] += misfit


@compiled
def unit_costs(pairs: Any, unit: int, row: Any, kept: Any) -> None:
    """Fill `row` with the cost of each seat and `kept` (budget, rep) with what each owner keeps.

    `kept` has shape (budget, rep + 1); its last column is the total over all owners.
    """
    reps = row.shape[0]
    row[:] = 0.0
    kept[:, :] = 0.0
    if pairs.table.shape[0]:
        for j in range(reps):
            row[j] = pairs.table[unit, j]
    held = 0.0
    for member in range(pairs.start[unit], pairs.start[unit + 1]):
        if pairs.weight.shape[0]:
            add_distances(pairs, member, row)
        add_misfits(pairs, member, row)
        owner = pairs.owner[member]
        if owner >= 0:
            held += pairs.leaving[member]
            row[owner] -= pairs.leaving[member]
            for b in range(kept.shape[0]):
                kept[b, owner] += pairs.budget[member, b]
                kept[b, reps] += pairs.budget[member, b]
    for j in range(reps):
        row[j] += held


@compiled
def leaving(pairs: Any, unit: int, j: int, b: int, kept: Any) -> float:
    """Return what a pair takes of a budget; `kept` as unit_costs has filled it."""
    total: float = kept[b, kept.shape[1] - 1] - kept[b, j]
    if pairs.taken.shape[1]:
        total += pairs.taken[b, unit, j]
    return total


@compiled
def scan(
    pairs: Any, mu: Any, price: Any, first: int, last: int, seat: Any, cost: Any, leaves: Any, least: Any
) -> None:
    """Price the units first..last to every seat; keep the best of each, best first, ties by seat.

    `mu` has shape (rep, row kind), `price` (budget,).
    """
    reps, rows = mu.shape
    slots, budgets = seat.shape[1], price.shape[0]
    row, kept = np.empty(reps), np.zeros((budgets, reps + 1))
    best = np.empty(slots)
    for unit in range(first, last):
        unit_costs(pairs, unit, row, kept)
        best[:] = inf
        for j in range(reps):
            if pairs.kind.shape[0] and not pairs.allowed[pairs.kind[unit], j]:
                continue
            reduced = row[j]
            for k in range(rows):
                reduced += mu[j, k] * pairs.scaled[unit, k]
            for b in range(budgets):
                reduced += price[b] * leaving(pairs, unit, j, b, kept)
            if reduced >= best[slots - 1]:
                continue
            t = slots - 1
            while t > 0 and best[t - 1] > reduced:
                best[t] = best[t - 1]
                seat[unit, t] = seat[unit, t - 1]
                t -= 1
            best[t] = reduced
            seat[unit, t] = j
        least[unit] = best[0]
        for t in range(slots):
            if best[t] < inf:
                j = seat[unit, t]
                cost[unit, t] = row[j]
                for b in range(budgets):
                    leaves[b, unit, t] = leaving(pairs, unit, j, b, kept)
