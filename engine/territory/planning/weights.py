"""Rules that compare seats with their mean, told how much each seat can carry.

A seat of share 0 carries nothing and is held to nothing; the mean is that of the others. Where nobody of a level's node
is left, its weights stay as they were: no account belongs there, or the rule is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar, cast

from engine.inputs import Inputs, Words
from engine.territory.constraint import Constraint
from engine.territory.hierarchy.band import NodeBand
from engine.territory.objective import Objective
from engine.territory.target import Target, seat_nodes

Rule = TypeVar("Rule", bound=Constraint | Objective)


def weighed(rule: Rule, inputs: Inputs, shares: Sequence[Decimal]) -> Rule:
    """Return a rule whose weights are multiplied by the shares of the seats, shape (rep,).

    A rule that does not fit the tables is returned as it is, to be refused in its place.
    """
    if all(share == 1 for share in shares) or rule.faults(inputs) or not isinstance(rule, Target | NodeBand):
        return rule
    seats = inputs.reps.id
    if isinstance(rule, Target):
        empty, nodes = empty_nodes(inputs, rule.level, shares), _nodes(inputs, rule.level)
        before = rule.seat_weights(inputs)
    else:
        empty, nodes = (), ("",) * len(seats)
        before = [Fraction(rule.weights.get(seat, Decimal(1))) for seat in seats]
    weights = {
        seat: weight * (1 if node in empty else Fraction(share))
        for seat, node, weight, share in zip(seats, nodes, before, shares, strict=True)
    }
    update: dict[str, Any] = {"weights": weights}
    named: Words | None = getattr(rule, "seats", None)
    if named is not None and not all(shares):
        shut = {seat for seat, share in zip(seats, shares, strict=True) if not share}
        update["seats"] = tuple(seat for seat in named or seats if seat not in shut) or named
    return cast(Rule, rule.model_copy(update=update))


def empty_nodes(inputs: Inputs, level: str, shares: Sequence[Decimal]) -> Words:
    """Return the nodes of a level all of whose seats have share 0; of no level, the whole when it is so."""
    total: dict[str, Decimal] = {}
    for node, share in zip(_nodes(inputs, level), shares, strict=True):
        total[node] = total.get(node, Decimal(0)) + share
    return tuple(node for node, share in total.items() if not share)


def _nodes(inputs: Inputs, level: str) -> Words:
    known = level == "" or level in inputs.reps.levels
    return seat_nodes(inputs, level) if known else ("",) * len(inputs.reps)
