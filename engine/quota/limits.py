"""Limits: the range of every node's quota in minor units, and the rule that each end comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from engine.amounts import decimals, to_minor
from engine.inputs import Inputs, IntArray
from engine.quota import goals
from engine.quota.bounds import Amounts, NodeBounds, Shares, around
from engine.quota.lines import BoolArray, Pin, pinned
from engine.quota.spec import QuotaSpec
from engine.quota.tree import Node, Tree, step_of


@dataclass(frozen=True)
class Limit:
    """Lowest and highest quota of a node for the whole plan, minor units; `high` None is no limit."""

    low: int = 0
    high: int | None = None
    low_rule: str = ""
    high_rule: str = ""
    fixed: bool = False
    """The quota is locked, or the seat carries nothing: its deviation is nobody's choice."""

    @property
    def given(self) -> bool:
        """Whether a lock, an adjustment or an empty seat says what the quota is, whatever the bounds."""
        return self.fixed and not self.low_rule.startswith("bounds")

    def at_least(self, low: int, rule: str) -> Limit:
        """Return the range with a further floor."""
        return self if low <= self.low else Limit(low, self.high, rule, self.high_rule, self.fixed)

    def at_most(self, high: int, rule: str) -> Limit:
        """Return the range with a further ceiling."""
        if self.high is not None and high >= self.high:
            return self
        return Limit(self.low, high, self.low_rule, rule, self.fixed)

    def within(self, given: Shares | Amounts, base: Fraction, rule: str) -> Limit:
        """Return the range narrowed to `given` times `base`, inwards to the minor unit."""
        found = self
        if given.min is not None:
            found = found.at_least(ceil(Fraction(given.min) * base), f"{rule}.min")
        return found if given.max is None else found.at_most(floor(Fraction(given.max) * base), f"{rule}.max")

    def rounded(self, step: int) -> Limit:
        """Return the range with ends at multiples of the step inside it; as it is where there is no room for that."""
        low = -(-self.low // step) * step
        high = None if self.high is None else self.high // step * step
        return self if high is not None and low > high else replace(self, low=low, high=high)

    def near(self, change: Decimal | None, base: Fraction, rule: str) -> Limit:
        """Return the range narrowed to `base` and at most `change` of it, up or down."""
        if change is None:
            return self
        given = around(change)
        found = self.at_least(ceil(Fraction(given.min or 0) * base), rule)
        return found.at_most(floor(Fraction(given.max or 0) * base), rule)


@dataclass(frozen=True)
class Ground:
    """What bounds are relative to, per seat, minor units; shape (rep,)."""

    year: tuple[Fraction, ...]
    """Share of the year that each seat carries."""
    potential: IntArray
    """Potential of the accounts aligned to each seat, a year."""
    products: tuple[str, ...]
    shares: tuple[Fraction, ...]
    """Share of the goal of each product, shape (product,)."""
    pins: tuple[Pin, ...]
    """What is fixed for products and periods of seats."""
    open: BoolArray
    """Where a seat can carry a quota, shape (rep, product, period)."""
    won: IntArray
    """What each seat won of each product last year, shape (rep, product)."""
    previous: IntArray | None = None
    """Quota in force of each seat that `bounds.previous` holds for, 0 for the others; None where none is in force."""
    held: frozenset[int] = frozenset()
    """Seats that are held to their quota in force: bounds relative to what the methods ask for are none for them."""


def limits(
    inputs: Inputs, spec: QuotaSpec, tree: Tree, ground: Ground, targets: Sequence[Fraction]
) -> list[Limit]:
    """Return the limit of every node of the tree; `targets` by node."""
    found = [Limit()]
    for index, node in enumerate(tree.nodes[1:], start=1):
        limit = _seat(inputs, spec, node, ground, targets[index]) if node.seat >= 0 else Limit()
        own = spec.bounds.nodes.get(node.name)
        if own is not None and not limit.fixed:
            where = _source(inputs, node.name, f"bounds.nodes.{node.name}")
            limit = node_limit(inputs, limit, own, where, tree.below(index), ground.year, ground.potential)
        if node.seat >= 0 and targets[index] == 0 and not limit.fixed:
            limit = _unclaimed(limit, step_of(inputs, spec))
        found.append(limit)
    return found


def _source(inputs: Inputs, name: str, rule: str) -> str:
    """Return the rule that fixes a seat or node: a file of adjustments, a table of goals, or the block itself."""
    if inputs.adjusted is not None and name in inputs.adjusted.name:
        return "adjustments"
    return goals.FIELD if goals.named(inputs, name) else rule


def node_limit(
    inputs: Inputs,
    limit: Limit,
    own: NodeBounds,
    where: str,
    seats: Sequence[int],
    year: Sequence[Fraction],
    potential: IntArray,
) -> Limit:
    """Return the range of a node narrowed to bounds of its own.

    Args:
        inputs: the tables.
        limit: the range so far.
        own: the bounds.
        where: the rule that they come from, for messages.
        seats: those below the node.
        year: share of the year that each seat carries, shape (rep,).
        potential: of the accounts aligned to each seat, minor units a year, shape (rep,).

    """
    past = sum((int(inputs.reps.history[s]) * year[s] for s in seats), Fraction(0))
    could = sum((int(potential[s]) * year[s] for s in seats), Fraction(0))
    limit = limit.within(own, _minor(inputs), where)
    if past > 0:
        limit = limit.within(own.history, past, f"{where}.history").near(own.change, past, f"{where}.change")
    if own.potential.min is not None or own.potential.max is not None:
        limit = limit.within(own.potential, could, f"{where}.potential")
    if own.min is not None and own.min == own.max:
        limit = replace(limit, fixed=True)
    return limit


def _seat(inputs: Inputs, spec: QuotaSpec, node: Node, ground: Ground, target: Fraction) -> Limit:
    lock = spec.locks.get(node.name)
    if lock is not None:
        amount = to_minor(lock, inputs.currency)
        rule = _source(inputs, node.name, f"locks.{node.name}")
        return Limit(amount, amount, rule, rule, fixed=True)
    carried = ground.year[node.seat]
    if carried == 0:
        return Limit(0, 0, "vacant", "vacant", fixed=True)
    bounds, history = spec.bounds, int(inputs.reps.history[node.seat]) * carried
    limit = Limit()
    if bounds.ramping is not None and carried < 1:
        limit = limit.within(bounds.ramping, _minor(inputs), "bounds.ramping")
    else:
        limit = limit.within(bounds.absolute, _minor(inputs) * carried, "bounds.absolute")
    if history > 0:
        limit = limit.within(bounds.history, history, "bounds.history")
        limit = limit.near(bounds.change, history, "bounds.change")
    limit = limit.within(bounds.potential, int(ground.potential[node.seat]) * carried, "bounds.potential")
    if node.seat not in ground.held:
        limit = limit.within(bounds.target, target, "bounds.target")
    if ground.previous is not None and ground.previous[node.seat] > 0:
        limit = limit.within(bounds.previous, Fraction(int(ground.previous[node.seat])), "bounds.previous")
    limit = _of_products(limit, product_limits(inputs, spec, ground, node.seat, target), ground)
    total, covered = pinned(ground.pins, node.seat, ground.open[node.seat])
    limit = limit.at_least(total, "adjustments")
    return limit.at_most(total, "adjustments") if covered else limit


def _unclaimed(limit: Limit, step: int) -> Limit:
    """Return the limit of a seat that no method gives anything: the least in steps that its bounds ask for."""
    if limit.low == 0:
        return Limit(0, 0, "vacant", "no claim by any method", fixed=True)
    least = -(-limit.low // step) * step
    if limit.high is not None and least > limit.high:
        return limit
    return Limit(least, least, limit.low_rule, "no claim by any method", fixed=True)


def product_limits(
    inputs: Inputs, spec: QuotaSpec, ground: Ground, seat: int, target: Fraction
) -> dict[int, Limit]:
    """Return the limits of a seat in single products, by index of the product; those without bounds are left out."""
    found = {}
    for name, given in spec.bounds.products.items():
        product = ground.products.index(name)
        where = f"bounds.products.{name}"
        limit = Limit().within(given.absolute, _minor(inputs) * ground.year[seat], f"{where}.absolute")
        if seat not in ground.held:
            limit = limit.within(given.target, target * ground.shares[product], f"{where}.target")
        past = int(ground.won[seat, product]) * ground.year[seat]
        if past > 0:
            limit = limit.within(given.history, past, f"{where}.history").near(
                given.change, past, f"{where}.change"
            )
        if limit != Limit():
            found[product] = limit.rounded(step_of(inputs, spec))
    return found


def _of_products(limit: Limit, single: Mapping[int, Limit], ground: Ground) -> Limit:
    """Return the limit of a seat with what those of its products add up to."""
    limit = limit.at_least(sum(one.low for one in single.values()), "bounds.products")
    tops = [single[k].high if k in single else None for k, share in enumerate(ground.shares) if share]
    if None in tops:
        return limit
    return limit.at_most(sum(top for top in tops if top is not None), "bounds.products")


def _minor(inputs: Inputs) -> Fraction:
    return Fraction(10) ** decimals(inputs.currency)


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
