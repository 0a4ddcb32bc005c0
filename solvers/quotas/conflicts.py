"""Conflicts: which limits have to give, where nothing keeps them all, with the least sum of steps.

A small instance is asked as a whole, in whole numbers. A large one is asked part by part until one contradicts itself:
the network by products, the network by periods, then the tables of single leaves. What such a part needs is the least
for it, and no less is needed for the whole.
"""

from __future__ import annotations

import numpy as np

from solvers.quotas import program
from solvers.quotas.answer import Conflict
from solvers.quotas.flow import Arcs, cheapest
from solvers.quotas.held import hold
from solvers.quotas.instance import OPEN, BoolArray, Instance, IntArray
from solvers.quotas.network import Network
from solvers.quotas.worst import apart, tables_hold
from solvers.solution import SolveOptions

SHOWN = 40
"""Leaves whose tables are looked at, where nothing else contradicts."""


def conflicts(
    instance: Instance, options: SolveOptions, small: bool, firm: tuple[str, ...] = ()
) -> tuple[Conflict, ...]:
    """Return the limits that have to give; () when no part says so."""
    if small:
        return program.conflicts(instance, options, firm)
    leaves = len(instance.leaf)
    for by_period in (np.zeros(leaves, dtype=np.bool_), np.ones(leaves, dtype=np.bool_)):
        found = relaxed(instance, by_period, firm)
        if found:
            return found
    failing = np.flatnonzero(~tables_hold(instance, hold(instance)))[:SHOWN]
    if not len(failing):
        return ()
    return tuple(
        _placed(instance, failing, each)
        for each in program.conflicts(apart(instance, failing), options, firm)
    )


def relaxed(instance: Instance, by_period: BoolArray, firm: tuple[str, ...] = ()) -> tuple[Conflict, ...]:
    """Return what must give in the network alone: every arc may carry more, or less than its least, at a price."""
    limits, network = instance.limits, Network(instance, hold(instance), by_period)
    product, period = np.flatnonzero(~by_period), np.flatnonzero(by_period)
    names = [
        ("node", np.arange(len(instance.parent))[:, None]),
        ("company", np.argwhere(np.ones(limits.company_lower.shape))),
        ("product", _pairs(product, instance.target.shape[1])),
        ("period", _pairs(period, instance.target.shape[2])),
        ("cell", np.argwhere(np.ones(instance.target.shape))),
    ]
    cells = Arcs.of(network.middle, network.company[None], limits.cell_lower, limits.cell_upper)
    arcs = Arcs.joined([*network.frame, cells])
    count, over, under = len(arcs.tail), np.flatnonzero(arcs.most < OPEN), np.flatnonzero(arcs.least > 0)
    everything = int(arcs.least.sum()) + 1
    more = Arcs.of(arcs.tail[over], arcs.head[over], 0, everything)
    less = Arcs.of(arcs.head[under], arcs.tail[under], 0, arcs.least[under])
    each = np.concatenate(
        [np.full(len(table), program.FIRM if name in firm else 1.0) for name, table in names]
    )
    price = np.concatenate([np.zeros(count), each[over], each[under]])
    flowed = cheapest(Arcs.joined([arcs, more, less]), price, network.vertices, everything)
    if flowed is None:
        raise ArithmeticError("a network without limits has no flow")
    extra = flowed[0][count:]
    places = (
        [(name, tuple(int(k) for k in place)) for name, table in names for place in table]
        if extra.any()
        else []
    )
    return tuple(
        Conflict(f"{places[arc][0]}_{side}", places[arc][1], int(amount))
        for arcs_of, amounts, side in (
            (over, extra[: len(over)], "upper"),
            (under, extra[len(over) :], "lower"),
        )
        for arc, amount in zip(arcs_of[amounts > 0].tolist(), amounts[amounts > 0].tolist(), strict=True)
    )


def _pairs(leaves: IntArray, width: int) -> IntArray:
    """Return (leaf, 0 .. width - 1) of some leaves, shape (row, 2)."""
    return np.stack([np.repeat(leaves, width), np.tile(np.arange(width), len(leaves))], axis=1)


def _placed(instance: Instance, leaves: IntArray, conflict: Conflict) -> Conflict:
    """Return a conflict of leaves taken apart in the words of the whole instance."""
    first, *rest = conflict.index
    where = int(instance.leaf[leaves[first - 1]]) if conflict.rule.startswith("node") else int(leaves[first])
    return Conflict(conflict.rule, (where, *rest), conflict.amount)
