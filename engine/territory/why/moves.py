"""What it would change to hand one account to another seat, everything else left as it is.

    change_ij = price(plan with i at j) - price(plan)
              = c_ij - c_i,rep(i) + sum_spreads [phi(load_j + w_ij) - phi(load_j) + phi(load_h - w_ih) - phi(load_h)]
                + sum_edges q_e (end at i is cut after, less before) - sum_gains [as for a spread, of the gain]

with h = rep(i) the seat that has the account. Exact, since it is the objective itself and no estimate.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import EdgeCost, Gain, Spread
from engine.territory.problem import Problem, loads


def changes(problem: Problem, rep_of: IntArray, accounts: IntArray) -> FloatArray:
    """Return the change of the objective, currency units, shape (chosen account, rep); inf where not eligible."""
    here = rep_of[accounts]
    change = problem.cost[accounts] - problem.cost[accounts, here][:, None]
    for spread in problem.priced_spreads:
        change += _spread(spread.what, rep_of, accounts, len(problem.rep_ids))
    for edge in problem.edge_costs:
        change += _edges(edge.what, rep_of, accounts, len(problem.rep_ids))
    for gain in problem.gains:
        change -= _gained(gain.what, rep_of, accounts)
    change[np.arange(len(accounts)), here] = 0.0
    return np.where(problem.eligible[accounts], change, np.inf)


def _spread(spread: Spread, rep_of: IntArray, accounts: IntArray, reps: int) -> FloatArray:
    load = loads(spread.measure, rep_of, reps).astype(np.float64)
    now, here = spread.distance(load), rep_of[accounts]
    weight = spread.measure.of_pairs[accounts]
    joined = spread.distance(load[None, :] + weight) - now[None, :]
    left = load[here] - spread.measure.at(accounts, here)
    far = np.maximum(left - spread.upper[here], 0.0) + np.maximum(spread.lower[here] - left, 0.0)
    change: FloatArray = spread.price * (joined + (far - now[here])[:, None])
    return change


def _gained(gain: Gain, rep_of: IntArray, accounts: IntArray) -> FloatArray:
    """Return what each move brings in more."""
    load, here, weight = gain.loads(rep_of), rep_of[accounts], gain.weight[accounts]
    joined = gain.of(load[None, :] + weight) - gain.of(load)
    left = gain.of(load[here] - gain.weight[accounts, here], here) - gain.of(load[here], here)
    more: FloatArray = joined + left[:, None]
    return more


def _edges(edge: EdgeCost, rep_of: IntArray, accounts: IntArray, reps: int) -> FloatArray:
    """Return the price of the edges cut after each move, less that of those cut now."""
    place = np.full(len(rep_of), -1, dtype=np.int64)
    place[accounts] = np.arange(len(accounts))
    joined = np.zeros((len(accounts), reps))
    for one, other in (edge.edges.T, edge.edges.T[::-1]):
        chosen = np.flatnonzero(place[one] >= 0)
        np.add.at(joined, (place[one[chosen]], rep_of[other[chosen]]), edge.price[chosen])
    change: FloatArray = joined[np.arange(len(accounts)), rep_of[accounts]][:, None] - joined
    return change


def ranked(change: FloatArray, here: IntArray, count: int) -> IntArray:
    """Return the seats that change least, the account's own aside, shape (account, min(count, rep)); -1 for none."""
    others = change.copy()
    others[np.arange(len(here)), here] = np.inf
    order = np.argsort(others, axis=1, kind="stable")[:, :count].astype(np.int64)
    return np.where(np.isfinite(np.take_along_axis(others, order, axis=1)), order, -1)
