"""Limits: the range of every node's quota in minor units, and the rule that each end comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from engine.amounts import to_minor
from engine.inputs import Inputs
from engine.quota.spec import QuotaSpec
from engine.quota.tree import Node, Tree


@dataclass(frozen=True)
class Limit:
    """Lowest and highest quota of a node for the whole plan, minor units; `high` None is no limit."""

    low: int = 0
    high: int | None = None
    low_rule: str = ""
    high_rule: str = ""
    fixed: bool = False
    """The quota is locked, or the seat carries nothing: its deviation is nobody's choice."""

    def at_least(self, low: int, rule: str) -> Limit:
        """Return the range with a further floor."""
        return self if low <= self.low else Limit(low, self.high, rule, self.high_rule, self.fixed)

    def at_most(self, high: int, rule: str) -> Limit:
        """Return the range with a further ceiling."""
        if self.high is not None and high >= self.high:
            return self
        return Limit(self.low, high, self.low_rule, rule, self.fixed)


def limits(
    inputs: Inputs, spec: QuotaSpec, tree: Tree, year: Sequence[Fraction], targets: Sequence[Fraction] | None
) -> list[Limit]:
    """Return the limit of every node of the tree. `year` is the share of the year each seat carries, (rep,).

    Without `targets` (in a check of finished quotas) the bounds relative to the target are left out.
    """
    found = []
    for index, node in enumerate(tree.nodes):
        limit = Limit()
        if node.seat >= 0:
            limit = _seat(inputs, spec, node, year[node.seat], None if targets is None else targets[index])
        elif index == 0:
            found.append(limit)
            continue
        own = spec.bounds.nodes.get(node.name)
        if own is not None and not limit.fixed:
            where = f"bounds.nodes.{node.name}"
            limit = (
                limit
                if own.min is None
                else limit.at_least(to_minor(own.min, inputs.currency), f"{where}.min")
            )
            limit = (
                limit
                if own.max is None
                else limit.at_most(to_minor(own.max, inputs.currency), f"{where}.max")
            )
        found.append(limit)
    return found


def _seat(inputs: Inputs, spec: QuotaSpec, node: Node, carried: Fraction, target: Fraction | None) -> Limit:
    lock = spec.locks.get(node.name)
    if lock is not None:
        amount = to_minor(lock, inputs.currency)
        return Limit(amount, amount, f"locks.{node.name}", f"locks.{node.name}", fixed=True)
    if carried == 0 or (target is not None and target == 0):
        return Limit(0, 0, "vacant", "vacant" if carried == 0 else "no claim by any method", fixed=True)
    history = int(inputs.reps.history[node.seat])
    bounds, limit = spec.bounds, Limit()
    ranges = [("absolute", bounds.absolute, Fraction(10) ** _places(inputs) * carried)]
    if history > 0:
        ranges.append(("history", bounds.history, history * carried))  # type: ignore[arg-type]
    if target is not None:
        ranges.append(("target", bounds.target, target))  # type: ignore[arg-type]
    for name, given, base in ranges:
        if given.min is not None:
            limit = limit.at_least(ceil(Fraction(given.min) * base), f"bounds.{name}.min")
        if given.max is not None:
            limit = limit.at_most(floor(Fraction(given.max) * base), f"bounds.{name}.max")
    return limit


def _places(inputs: Inputs) -> int:
    from engine.amounts import decimals

    return decimals(inputs.currency)


def aims(tree: Tree, targets: Sequence[Fraction], limits: Sequence[Limit]) -> list[Fraction]:
    """Return what each node can aim at, minor units: its target, scaled where a node above has bounds of its own.

    A district held below its target passes the cut on to its seats in proportion, so that fairness among them, and
    among all the others who take over the rest, is still measured.
    """
    scale = [Fraction(1)] * len(tree.nodes)
    for index, node in enumerate(tree.nodes[1:], start=1):
        scale[index] = scale[node.parent]
        aim = targets[index] * scale[index]
        if node.seat < 0 and aim > 0:
            held = max(aim, Fraction(limits[index].low))
            top = limits[index].high
            scale[index] *= (held if top is None else min(held, Fraction(top))) / aim
    return [target * factor for target, factor in zip(targets, scale, strict=True)]
