"""Check: whether finished cells keep every limit, counted anew from the instance."""

from __future__ import annotations

import numpy as np

from solvers.quotas.instance import Instance, IntArray


def violations(instance: Instance, cells: IntArray) -> list[str]:
    """Return a sentence for each limit that the cells break."""
    sums = {
        "company": cells.sum(axis=0),
        "node": instance.rolled_up(cells.sum(axis=(1, 2))),
        "product": cells.sum(axis=2),
        "period": cells.sum(axis=1),
        "cell": cells,
    }
    found = []
    for name, (lower, upper) in instance.limits.pairs().items():
        for place in np.argwhere((sums[name] < lower) | (sums[name] > upper)):
            where = tuple(int(k) for k in place)
            found.append(f"{name}{where} is {sums[name][where]}; {lower[where]} to {upper[where]} is allowed")
    return found
