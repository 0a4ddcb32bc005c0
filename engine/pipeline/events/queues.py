"""Queues of deals by (rank, tick, key): skew heaps, linked through the deals.

Two queues become one in a few steps however long they are, without memory of their own. Source: Sleator and Tarjan,
"Self-adjusting heaps", SIAM Journal on Computing 15 (1986).
"""

from __future__ import annotations

from engine.pipeline.events.compiling import compiled
from engine.pipeline.layout import Records


@compiled
def goes_before(case: Records, one: int, other: int) -> bool:
    """Whether a deal stands before another in a queue."""
    a, b = case[one], case[other]
    if a["rank"] != b["rank"]:
        return bool(a["rank"] < b["rank"])
    if a["placed"] != b["placed"]:
        return bool(a["placed"] < b["placed"])
    return bool(a["key"] < b["key"])


@compiled
def merged(case: Records, one: int, other: int) -> int:
    """Return the root of the queue of all deals below two roots."""
    if one < 0 or other < 0:
        return max(one, other)
    if goes_before(case, other, one):
        one, other = other, one
    root = one
    while True:
        rest = case[one]["high"]
        case[one]["high"] = case[one]["low"]
        if rest < 0:
            case[one]["low"] = other
            return root
        if goes_before(case, other, rest):
            rest, other = other, rest
        case[one]["low"] = rest
        one = rest


@compiled
def joined(case: Records, root: int, deal: int) -> int:
    """Return the root of a queue after a deal joined it."""
    case[deal]["low"] = case[deal]["high"] = -1
    return merged(case, root, deal)


@compiled
def without_first(case: Records, root: int) -> int:
    """Return the root of a queue after its first deal, the root, left it."""
    return merged(case, case[root]["low"], case[root]["high"])
