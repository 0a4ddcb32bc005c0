"""Tree: the company, its levels, its seats; who stands below whom, and who carries a remainder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import prod

from engine.amounts import to_minor
from engine.inputs import Inputs
from engine.quota.spec import QuotaSpec

COMPANY = "company"
SEAT = "rep"


@dataclass(frozen=True)
class Node:
    """One place in the hierarchy. Index 0 of a tree is the company; parents stand before children."""

    level: str
    name: str
    parent: int
    path: tuple[str, ...]
    """Names from the highest level down to this node."""
    seat: int = -1
    """Index of the seat; -1 for a node above the seats."""
    share: Fraction = Fraction(0)
    """Share of the goal that stands below this node, before over-assignment."""
    factor: Fraction = Fraction(1)
    """1 + over-assignment of this node's level: what the children of a parent sum to, relative to it."""
    carrier: bool = False
    """This child takes the remainder of its siblings."""

    @property
    def title(self) -> str:
        """Name in messages: `district North`."""
        return self.name if self.level == COMPANY else f"{self.level} {self.name}"


@dataclass(frozen=True)
class Tree:
    """Nodes with parents before children."""

    nodes: tuple[Node, ...]
    children: tuple[tuple[int, ...], ...]
    """Children of each node, in order; empty for seats."""

    def street(self, index: int) -> Fraction:
        """Return what a node's children sum to, relative to its own quota; 1 for a seat."""
        below = self.children[index]
        return self.nodes[below[0]].factor if below else Fraction(1)

    def below(self, index: int) -> list[int]:
        """Return the seats below a node, or the seat itself."""
        node = self.nodes[index]
        return (
            [node.seat]
            if node.seat >= 0
            else [s for child in self.children[index] for s in self.below(child)]
        )

    def seats(self) -> list[int]:
        """Return the nodes that are seats, in the order of the seats."""
        return list(self._seats)

    @cached_property
    def _seats(self) -> tuple[int, ...]:
        found = [index for index, node in enumerate(self.nodes) if node.seat >= 0]
        return tuple(sorted(found, key=lambda index: self.nodes[index].seat))


def levels_of(inputs: Inputs, spec: QuotaSpec) -> tuple[str, ...]:
    """Return the levels above the seats that carry quotas, top down."""
    return tuple(inputs.reps.levels) if spec.levels is None else spec.levels


def over(spec: QuotaSpec, level: str) -> Fraction:
    """Return 1 + over-assignment of a level: what its quotas add up to, relative to what stands above them."""
    return 1 + Fraction(spec.over_assignment.get(level, 0))


def grow(inputs: Inputs, spec: QuotaSpec, shares: Sequence[Fraction]) -> Tree:
    """Build the hierarchy over the seats; `shares` of the goal by seat, exact.

    A node is known by its path, so that two regions may each have a district `North`.
    """
    levels = levels_of(inputs, spec)
    paths = [tuple(inputs.reps.levels[level][seat] for level in levels) for seat in range(len(inputs.reps))]
    found: dict[tuple[str, ...], int] = {(): 0}
    nodes = [Node(COMPANY, COMPANY, -1, (), share=sum(shares, Fraction(0)))]
    for depth, level in enumerate(levels, start=1):
        factor = over(spec, level)
        totals: dict[tuple[str, ...], Fraction] = {}
        for share, at in zip(shares, paths, strict=True):
            totals[at[:depth]] = totals.get(at[:depth], Fraction(0)) + share
        for path, below in sorted(totals.items()):
            found[path] = len(nodes)
            nodes.append(Node(level, path[-1], found[path[:-1]], path, share=below, factor=factor))
    factor = over(spec, SEAT)
    for seat, path in enumerate(paths):
        name = inputs.reps.id[seat]
        nodes.append(Node(SEAT, name, found[path], (*path, name), seat, shares[seat], factor))
    exact = [name for name, own in spec.bounds.nodes.items() if own.min is not None and own.min == own.max]
    return _linked(nodes, {*spec.locks, *exact})


def _linked(nodes: list[Node], locked: Collection[str]) -> Tree:
    children: list[list[int]] = [[] for _ in nodes]
    for index, node in enumerate(nodes[1:], start=1):
        children[node.parent].append(index)
    marked = list(nodes)
    for below in children:
        free = [index for index in below if nodes[index].name not in locked]
        if below:
            chosen = max(free or below, key=lambda index: (nodes[index].share, -index))
            marked[chosen] = replace(nodes[chosen], carrier=True)
    return Tree(tuple(marked), tuple(tuple(below) for below in children))


def street_factor(inputs: Inputs, spec: QuotaSpec) -> Fraction:
    """Return what the quotas of all seats add up to, relative to the goal: the over-assignments of all levels."""
    return prod((over(spec, level) for level in (*levels_of(inputs, spec), SEAT)), start=Fraction(1))


def step_of(inputs: Inputs, spec: QuotaSpec) -> int:
    """Return the step in minor units, at least 1."""
    return max(to_minor(spec.step, inputs.currency), 1)


def handed_down(quota: int, factor: Fraction) -> int:
    """Return what children must sum to, in minor units: factor x quota, a half rounded up."""
    return int((factor * quota * 2 + 1) // 2)
