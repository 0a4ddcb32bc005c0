"""What a load costs in the reduced problem: slack times multiplier, and the price of being outside.

With the multipliers of the bound, every alignment x costs

    cost(x) = L + sum_u (r_u,x(u) - min_j r_uj) + sum_kj loss_kj(load) + sum_b lambda_b (B_b - used_b)

    loss_kj(load) = mu (U - load)  where mu > 0,   |mu| (load - L)  where mu < 0

so what is minimised is the gap itself: regrets of units plus losses of rows, each of which is 0 or more for an
alignment that keeps the rules. Outside its band a hard row pays a steep price as well; and while the search is warm a
quadratic price on the distance from the binding side lets surplus and shortage spread over neighbours and meet,
instead of standing where they are. Inside the band that price is the lower the less the row's multiplier: slack in a
row that hardly binds costs next to nothing, and is room for the others.
"""

from __future__ import annotations

from typing import Any

from solvers.compiled import compiled


@compiled
def loss(
    load: float, mu: float, lower: float, upper: float, above: float, below: float, bend: float, slack: float
) -> float:
    """Return the loss of one row.

    `above` and `below` price what lies outside; `bend` the squared distance from the binding side outside the band,
    `slack` inside.
    """
    total = 0.0
    if mu > 0.0:
        far = load - upper
        total -= mu * far
    elif mu < 0.0:
        far = load - lower
        total -= mu * far
    else:
        far = max(load - upper, 0.0) + max(lower - load, 0.0)
    if load > upper:
        total += above * (load - upper)
    elif load < lower:
        total += below * (lower - load)
    else:
        bend = slack
    return total + bend * far * far


@compiled
def losses(rows: Any, seat: int, load: Any) -> float:
    """Return the loss of one seat over all its rows; `load` has shape (row kind,)."""
    total = 0.0
    for k in range(load.shape[0]):
        total += loss(
            load[k],
            rows.mu[seat, k],
            rows.lower[seat, k],
            rows.upper[seat, k],
            rows.above[seat, k],
            rows.below[seat, k],
            rows.bend,
            rows.slack[seat, k],
        )
    return total
