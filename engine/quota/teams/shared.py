"""Shared: bounds of nodes whose seats are of several teams, cut among them.

Teams share out their goals one by one. Where what they carry below a node breaks its bound together, each takes its
part of the bound in proportion to what it would carry there without it, as far as bounds of its own seats leave it, and
the goals are shared out again. Relative to that, all seats of the node move alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from engine.amounts import from_minor
from engine.errors import Fault, Infeasible
from engine.inputs import Inputs
from engine.quota.bounds import NodeBounds
from engine.quota.limits import Limit, node_limit
from engine.quota.planning import Plan
from engine.quota.shape import largest_remainder
from engine.quota.spec import QuotaSpec
from engine.quota.split import Problem
from engine.quota.teams.parts import Part, shared_nodes
from engine.quota.tree import step_of

Found = TypeVar("Found")
Cut = tuple[int, str, NodeBounds]
"""Index of a team, a node, and the part of its bound that the team takes."""


@dataclass(frozen=True)
class Carried:
    """What one team carries."""

    part: Part
    plan: Plan
    quota: Sequence[int]
    """Of each node of the tree, minor units."""


def within(
    inputs: Inputs,
    spec: QuotaSpec,
    parts: Sequence[Part],
    settle: Callable[[Part], Found],
    carried: Callable[[Found], Carried],
) -> list[Found]:
    """Settle every part so that bounds of nodes hold over all teams.

    Args:
        inputs: the tables.
        spec: the block with all teams.
        parts: what is shared out, each without the bounds of nodes that it shares.
        settle: shares out one goal.
        carried: what was settled.

    Raises:
        Infeasible: a team cannot keep its part of a bound.

    """
    found = [settle(part) for part in parts]
    shared = shared_nodes(inputs, spec)
    for _ in range(2 * len(shared)):  # each bound is cut at most once, at either end
        cuts = list(_cuts(inputs, spec, shared, [carried(one) for one in found]))
        if not cuts:
            break
        cut = [_bounded(carried(one).part, [(name, own) for team, name, own in cuts if team == k])
               for k, one in enumerate(found)]  # fmt: skip
        try:
            found = [settle(part) for part in cut]
        except Infeasible as error:
            raise Infeasible([*error.faults, *_told(inputs, cuts, parts)]) from None
    return found


def _told(inputs: Inputs, cuts: Sequence[Cut], parts: Sequence[Part]) -> Iterator[Fault]:
    """Yield how bounds were cut among teams."""
    for name in dict.fromkeys(name for _, name, _ in cuts):
        takes = ", ".join(
            f"{parts[k].team} takes {own.min if own.max is None else own.max:,} {inputs.currency}"
            for k, node, own in cuts
            if node == name
        )
        hint = "Bound the seats of each team instead, or widen the bound."
        yield Fault(
            "M_INFEASIBLE", f"{name}: of its bound {takes}", hint, field=f"quotas.bounds.nodes.{name}"
        )


def _cuts(
    inputs: Inputs, spec: QuotaSpec, shared: Mapping[str, Sequence[str]], found: Sequence[Carried]
) -> Iterator[Cut]:
    """Yield the part of each broken bound that each team takes."""
    for index, node in enumerate(found[0].plan.problem.tree.nodes):
        teams = [k for k, one in enumerate(found) if one.part.team in shared.get(node.name, ())]
        if not teams or node.seat >= 0:
            continue
        limit, amounts = _limit(inputs, spec, found, index), [found[k].quota[index] for k in teams]
        low, high, step = limit.low, limit.high, step_of(inputs, spec)
        whole = sum(amounts)
        if low <= whole and (high is None or whole <= high):
            continue
        edge, side = (low, "min") if whole < low else (high or 0, "max")
        wished = [Fraction(amount) for amount in amounts] if whole else [Fraction(1)] * len(teams)
        weights = within_ranges(edge, wished, [_range(found[k].plan.problem, index) for k in teams])
        steps = -(-edge // step) if side == "min" and low != high else edge // step
        pieces = [step * piece for piece in largest_remainder(steps, weights)]
        if low == high:
            pieces[pieces.index(max(pieces))] += edge - sum(pieces)
        for k, piece in zip(teams, pieces, strict=True):
            exact = from_minor(piece, inputs.currency)
            ends = {"min": exact, "max": exact} if low == high else {side: exact}
            yield k, node.name, NodeBounds(**ends)


def within_ranges(
    total: int, wished: Sequence[Fraction], ranges: Sequence[tuple[int, int | None]]
) -> list[Fraction]:
    """Return parts of a total in proportion to what is wished, each within its range, where that is possible.

    x_t = min(max(s w_t, low_t), high_t) with the s for which they add up: a step along the corners of that sum.
    """

    def parts(scale: Fraction) -> list[Fraction]:
        found = [max(scale * wish, Fraction(low)) for wish, (low, _) in zip(wished, ranges, strict=True)]
        return [
            p if top is None else min(p, Fraction(top)) for p, (_, top) in zip(found, ranges, strict=True)
        ]

    ends = [end for (low, high) in ranges for end in (low, high)]
    corners = sorted(
        Fraction(end) / wished[k // 2] for k, end in enumerate(ends) if end is not None and wished[k // 2]
    )
    before = Fraction(0)
    for corner in [
        *corners,
        (corners[-1] if corners else 0) + Fraction(total + 1) / min(w for w in wished if w),
    ]:
        below, above = sum(parts(before)), sum(parts(corner))
        if below <= total <= above and below < above:
            return parts(before + (corner - before) * (total - below) / (above - below))
        before = corner
    return list(wished)


def _range(problem: Problem, index: int) -> tuple[int, int | None]:
    """Return least and most of a node by the bounds at and below it, inwards to the step; minor units."""
    limit, below, step = problem.limits[index], problem.tree.children[index], problem.step
    if not below:
        return limit.low, limit.high
    factor, ranges = problem.tree.street(index), [_range(problem, child) for child in below]
    low = max(limit.low, ceil(sum(one[0] for one in ranges) / factor))
    tops = [one[1] for one in ranges if one[1] is not None]
    whole = floor(sum(tops) / factor) if len(tops) == len(ranges) else None
    high = min((top for top in (limit.high, whole) if top is not None), default=None)
    return -(-low // step) * step, None if high is None else high // step * step


def _limit(inputs: Inputs, spec: QuotaSpec, found: Sequence[Carried], index: int) -> Limit:
    """Return the range of a node over all teams, each seat with the share of the year that it carries in its own."""
    tree = found[0].plan.problem.tree
    year = [sum(shares, Fraction(0)) for shares in zip(*(one.plan.year for one in found), strict=True)]
    name = tree.nodes[index].name
    seats, potential = tree.below(index), found[0].plan.basis.potential
    return node_limit(inputs, Limit(), spec.bounds.nodes[name], name, seats, year, potential)


def _bounded(part: Part, cuts: Sequence[tuple[str, NodeBounds]]) -> Part:
    nodes = dict(part.spec.bounds.nodes)
    for name, own in cuts:
        nodes[name] = nodes.get(name, NodeBounds()).model_copy(
            update={key: value for key, value in (("min", own.min), ("max", own.max)) if value is not None}
        )
    bounds = part.spec.bounds.model_copy(update={"nodes": nodes})
    return replace(part, spec=part.spec.model_copy(update={"bounds": bounds}))
