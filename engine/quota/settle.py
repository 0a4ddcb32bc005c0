"""Settle: exact quotas of every node from the multiples that the model chose, in integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from engine.quota.limits import Limit
from engine.quota.tree import Tree, handed_down


def settle(tree: Tree, goal: int, chosen: Mapping[int, int]) -> list[int]:
    """Return the quota of every node in minor units.

    `chosen` holds every child that carries no remainder; from the goal down, the remaining child of each
    parent takes what is left of round((1 + over-assignment) x parent).
    """
    quota = [0] * len(tree.nodes)
    quota[0] = goal
    for index, below in enumerate(tree.children):
        if not below:
            continue
        rest = handed_down(quota[index], tree.street(index))
        for child in below:
            if not tree.nodes[child].carrier:
                quota[child] = chosen[child]
                rest -= chosen[child]
        for child in below:
            if tree.nodes[child].carrier:
                quota[child] = rest
    return quota


def outside(quota: Sequence[int], limits: Sequence[Limit]) -> list[int]:
    """Return the nodes whose quota breaks its limit."""
    return [
        index
        for index, (value, limit) in enumerate(zip(quota, limits, strict=True))
        if value < limit.low or (limit.high is not None and value > limit.high)
    ]


def nearest(target: Fraction, limit: Limit) -> Fraction:
    """Return the point of the limit nearest to the target: what the bounds of the node alone allow."""
    inside = max(target, Fraction(limit.low))
    return inside if limit.high is None else min(inside, Fraction(limit.high))


def worst(tree: Tree, quota: Sequence[int], targets: Sequence[Fraction], limits: Sequence[Limit]) -> Fraction:
    """Return the largest |quota - nearest| / target over the seats whose quota is a choice."""
    return max(
        (
            abs(quota[index] - nearest(targets[index], limits[index])) / targets[index]
            for index in tree.seats()
            if free(limits[index], targets[index])
        ),
        default=Fraction(0),
    )


def total(tree: Tree, quota: Sequence[int], targets: Sequence[Fraction], limits: Sequence[Limit]) -> Fraction:
    """Return the sum of |quota - nearest| over the same seats, minor units."""
    return sum(
        (
            abs(quota[index] - nearest(targets[index], limits[index]))
            for index in tree.seats()
            if free(limits[index], targets[index])
        ),
        Fraction(0),
    )


def free(limit: Limit, target: Fraction) -> bool:
    """Whether the quota of a seat is a choice: it has a target, and it is not locked."""
    return not limit.fixed and target > 0
