"""All districts that a plan of cost <= ceiling can hold, and the best plan made of them: a proof by listing.

With multipliers a and their bound B, a district D about j stands in such a plan only if its reduced cost is at most
ceiling - B + min(v_j, v_(k)), v_(k) the k-th smallest. The list is complete, so the best partition of the units into
listed districts is the best plan, or there is none of cost <= ceiling. The ceiling is raised step by step until a plan
is found (or to the cost of a known plan); the last empty ceiling is a bound. No solver's word is used.
"""

from __future__ import annotations

import numpy as np

from solvers.contiguity.graph import IntArray
from solvers.districting.covering import chosen
from solvers.districting.instance import Instance
from solvers.districting.multipliers import Relaxed, search

STEP = 0.004
"""First raise of the ceiling over the bound; it doubles with each step."""
ENOUGH = 600_000
"""Most districts listed."""


def listed(
    instance: Instance, it: Relaxed, ceiling: float, nodes: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the districts (column, unit) and reduced costs that a plan of cost <= ceiling can hold.

    None when a search ended at `nodes` or more than ENOUGH were found.
    """
    members, costs, count = [], [], 0
    for centre, threshold in enumerate(it.threshold(instance.districts, ceiling)):
        found, reduced, complete = search(
            instance, centre, it.multiplier, threshold + 1e-9 * abs(threshold), best_only=False, nodes=nodes
        )
        count += len(found)
        if not complete or count > ENOUGH:
            return None
        members.append(found)
        costs.append(reduced)
    return np.concatenate(members), np.concatenate(costs)


def enumerated(instance: Instance, it: Relaxed, known: float, nodes: int) -> tuple[IntArray | None, float]:
    """Return a best plan of cost below `known` (labels, or None) and the bound proven.

    The bound reaches `known` (or the plan's cost) unless a list grew too long; it is -inf where the multipliers have
    none.
    """
    if it.bound >= known:
        return None, known
    if it.bound == -np.inf:
        return None, -np.inf
    bound, step = it.bound, STEP
    least = np.concatenate(([0.0], np.cumsum(np.sort(it.value)[: instance.districts])))
    while bound < known:
        ceiling = min(known, it.bound + step * abs(it.bound))
        found = listed(instance, it, ceiling, nodes)
        if found is None:
            return None, bound
        budget = ceiling - float(it.multiplier.sum())
        pick = chosen(*found, instance.districts, least, budget + 1e-9 * abs(ceiling))
        if pick is not None:
            label = np.argmax(found[0][pick], axis=0)
            return label.astype(np.int64), min(ceiling, float(it.multiplier.sum() + found[1][pick].sum()))
        bound, step = ceiling, 2 * step
    return None, bound
