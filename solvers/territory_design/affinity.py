"""A lower bound on the affinity loss: units to territories within the bands.

    min  sum_ji (f_ji - 1) z_ji    s.t.  sum_j z_ji = 1,  l_k <= sum_i w_ik z_ji <= h_k for each territory j

Without contiguity and centres, so every plan in the bands is a point. Sources of affinity are existing territories;
where units are indifferent the least loss of each unit adds up to the bound, and no solver is asked.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from solvers.model import Model
from solvers.solution import SolveOptions
from solvers.territory_design.instance import Instance

NODES = 2000
SCALE = 100.0
TINY = 1e-6


def loss_bound(instance: Instance, violation: float = 0.0) -> int:
    """Return a bound on the affinity loss of every plan whose violation is no more than the given one.

    The least loss of the units by themselves is arithmetic; anything above is branch and bound's word.
    """
    extra = instance.affinity - 1
    least = int(extra.min(axis=0).sum())
    if instance.indifferent:
        return least
    from solvers import solve

    territories, units = extra.shape
    model = Model()
    columns = model.add_columns("z", territories * units, cost=extra.ravel().astype(np.float64))
    own, unit = np.repeat(np.arange(territories), units), np.tile(np.arange(units), territories)
    model.add_rows("once", unit, columns, count=units, lower=1, upper=1)
    low, high = instance.band
    slack = int(np.ceil(violation))
    for k in range(len(low)):
        model.add_rows(
            f"band{k}",
            own,
            columns,
            instance.weights[unit, k] / SCALE,
            count=territories,
            lower=(low[k] - slack) / SCALE,
            upper=(high[k] + slack) / SCALE,
        )
    answer = solve(model, SolveOptions(gap=0.0, absolute_gap=0.5, node_limit=NODES))
    return max(least, ceil(answer.bound - TINY)) if np.isfinite(answer.bound) else least
