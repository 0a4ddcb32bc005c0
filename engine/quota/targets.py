"""Targets: the blended share of the goal that each seat should carry, before bounds and rounding."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.errors import BadInput, Fault
from engine.quota.carry import Carry
from engine.quota.method import Basis
from engine.quota.spec import QuotaSpec
from engine.quota.tree import Tree


def year_carried(carried: Carry, seasons: Sequence[Fraction]) -> list[Fraction]:
    """Return the share of the year's quota that each seat carries: its periods weighted by the season, (rep,)."""
    known: dict[tuple[Fraction, ...], Fraction] = {}
    for row in map(tuple, carried):
        if row not in known:
            known[row] = sum((c * s for c, s in zip(row, seasons, strict=True)), Fraction(0))
    return [known[tuple(row)] for row in carried]


def blended(basis: Basis, spec: QuotaSpec, year: Sequence[Fraction]) -> list[Fraction]:
    """Return each seat's share of the goal, exact, summing to 1; shape (rep,).

        share_i = sum_m weight_m x claim_mi / sum_j claim_mj, over the sum of the weights

    A claim is multiplied by the share of the year that the seat carries, unless the method's figures already hold
    it; a seat that carries nothing all year has no claim.

    Raises:
        BadInput: nobody carries anything, or a method finds no claim at all.

    """
    if not any(year):
        hint = "Give a spell that overlaps the plan, or `vacant` above 0."
        message = "no seat is filled in the plan: nobody can carry the goal"
        raise BadInput([Fault("E_MISSING", message, hint, field="quotas")])
    faults, total = [], [Fraction(0)] * len(year)
    for index, method in enumerate(spec.methods):
        weight = Fraction(method.weight)
        if not weight:
            continue
        timed = [Fraction(y > 0) if method.counts_time else y for y in year]
        claims = [claim * time for claim, time in zip(method.claims(basis), timed, strict=True)]
        whole = sum(claims, Fraction(0))
        if whole <= 0:
            name = type(method).model_fields["kind"].default
            message = f"by {name}, no seat that is filled can claim anything"
            faults.append(
                Fault("E_MISSING", message, "Use another method.", field=f"quotas.methods[{index}]")
            )
            continue
        total = [sum_ + weight * claim / whole for sum_, claim in zip(total, claims, strict=True)]
    if faults:
        raise BadInput(faults)
    whole = sum(total, Fraction(0))
    return [share / whole for share in total]


def of_nodes(tree: Tree, goal: int) -> list[Fraction]:
    """Return the target of every node in minor units, exact.

    It is the node's share of the goal, with the over-assignment of every level down to it.
    """
    reach = [Fraction(1)] * len(tree.nodes)
    for index, node in enumerate(tree.nodes[1:], start=1):
        reach[index] = reach[node.parent] * node.factor
    return [goal * node.share * factor for node, factor in zip(tree.nodes, reach, strict=True)]
