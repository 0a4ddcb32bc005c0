"""Which pairs (unit, centre) a plan of cost <= ceiling can hold, by a search of districts.

x_ij can be 1 only if some district about j holds i at a reduced cost within j's threshold (see `enumeration`): one
search about j with i in it, unless a district already found shows it.
"""

from __future__ import annotations

import numpy as np

from solvers.contiguity.graph import Mask
from solvers.districting.instance import Instance
from solvers.districting.multipliers import Relaxed, search


def surviving(instance: Instance, it: Relaxed, ceiling: float, nodes: int = 20_000) -> Mask:
    """Return True where x_ij = 1 is not ruled out, shape (unit, centre).

    A search that ends at `nodes` rules out none; nor does a bound of -inf.
    """
    if it.bound == -np.inf:
        return np.ones((instance.units, instance.units), dtype=np.bool_)
    kept = np.zeros((instance.units, instance.units), dtype=np.bool_)
    for centre, threshold in enumerate(it.threshold(instance.districts, ceiling)):
        limit = threshold + 1e-9 * abs(threshold)
        for unit in [centre, *range(instance.units)]:
            if kept[unit, centre]:
                continue
            found, _, complete = search(instance, centre, it.multiplier, limit, must=unit, nodes=nodes)
            kept[:, centre] |= found.any(axis=0)
            kept[unit, centre] |= not complete
            if unit == centre and complete and not len(found):
                break
    return kept
