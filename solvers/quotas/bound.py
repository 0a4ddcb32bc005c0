"""The bound of the total that prices prove, from the instance alone: weak duality, cell by cell.

Everett (1963), "Generalized Lagrange multiplier method", Operations Research 11(3): for any prices, the least of the
Lagrangian is at most the least total.
"""

from __future__ import annotations

import numpy as np

from solvers.quotas.answer import Prices
from solvers.quotas.held import Held
from solvers.quotas.instance import FloatArray, Instance, IntArray
from solvers.quotas.kernels import shadows


def cell_prices(instance: Instance, prices: Prices) -> FloatArray:
    """Return the price of each cell: company + nodes from the leaf up + product + period; (leaf, product, period)."""
    nodes = instance.handed_down(prices.node)[instance.leaf]
    return np.asarray(
        prices.company[None] + nodes[:, None, None] + prices.product[:, :, None] + prices.period[:, None, :]
    )


def evaluate(instance: Instance, held: Held, prices: Prices) -> float:
    """Return the bound of these prices; any prices will do."""
    found = shadows(np.ascontiguousarray(cell_prices(instance, prices)).reshape(-1), held.data)
    limits = instance.limits
    found += sided(prices.company, limits.company_lower, limits.company_upper)
    found += sided(prices.node, limits.node_lower, limits.node_upper)
    found += sided(prices.product, limits.product_lower, limits.product_upper)
    found += sided(prices.period, limits.period_lower, limits.period_upper)
    return found


def sided(price: FloatArray, lower: IntArray, upper: IntArray) -> float:
    """Return what rows add: price times the lower limit where it is above 0, times the upper one where below."""
    return float((np.maximum(price, 0) * lower).sum() + (np.minimum(price, 0) * upper).sum())
