"""Quotas as an optimisation: cells of leaf x product x period in whole steps that tie out exactly at every node.

    answer = apportion(instance, Options(gap=0.001))

First the worst relative deviation of a cell from its target is least, then their total, each with a proven bound that
can be evaluated again from the answer's prices (`bound.py`). See `instance.py` for the model.
"""

from __future__ import annotations

from solvers.quotas.answer import Answer, Conflict, Options, Prices
from solvers.quotas.instance import Instance

__all__ = ["Answer", "Conflict", "Instance", "Options", "Prices", "apportion"]


def apportion(instance: Instance, options: Options | None = None) -> Answer:
    """Return the cells with the least worst deviation and, within it, the least total, and the bounds of both.

    Status OPTIMAL: the worst is proven least, and the total is within `options.gap` of its bound. FEASIBLE: cells that
    keep every rule, with bounds that leave more room than that. INFEASIBLE: no cells keep the rules; `conflicts` says
    which limits would have to give and by how much, in steps; the sum of these amounts is the least possible, in a
    large instance the least for the part of it that contradicts itself (see `conflicts.py`).
    NO_SOLUTION_FOUND: a limit of `options` came first. Repeatable: the same instance and options give the same cells.
    """
    from solvers.quotas import solving

    return solving.apportion(instance, options or Options())
