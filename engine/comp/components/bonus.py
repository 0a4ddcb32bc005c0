"""Bonus: a share of the target incentive, on a curve of attainment.

    due = weight x T x g(x / Q)

with g linear between its nodes, where it may jump, or a step table. Vendors differ in how a curve begins at its
threshold, so `entry` says it: from zero (no pay at the threshold, rising from there), from a minimum (a stated share at
the threshold), or from the first dollar (as if there were no threshold: the line from 0 through the first node).
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator, model_validator

from engine.blocks import Block
from engine.comp.compared import quota_is_named
from engine.comp.component import Component
from engine.comp.incentive import QuotaBonus
from engine.comp.pieces import Closed, Pieces
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Ratio, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Node(Block):
    """A point of a curve."""

    attainment: Ratio = Field(ge=0)
    """Credit over quota, as a ratio."""
    pay: Ratio
    """Pay as a ratio of the component's target incentive."""


class Point(Node):
    """A point of the curve of a bonus."""

    then: Ratio | None = None
    """Where the curve jumps: pay from which it goes on, while `pay` is what the line before it leads up to. No jump
    unless given; for `shape: lines` alone."""


class Threshold(Block):
    """Attainment below which nothing is paid, and how pay begins there."""

    attainment: Ratio = Field(gt=0)
    """Credit over quota below which nothing is paid."""
    entry: Literal["from_zero", "from_minimum", "from_first_dollar"]
    """`from_zero`: pay rises from 0 at the threshold; `from_minimum`: it begins at `minimum`; `from_first_dollar`: it
    jumps to the line from 0 to the first node. Required."""
    minimum: Ratio | None = None
    """Pay at the threshold as a ratio of target incentive; for `from_minimum` alone, and required there."""

    @model_validator(mode="after")
    def _minimum_where_needed(self) -> Threshold:
        if (self.minimum is not None) != (self.entry == "from_minimum"):
            raise refuse("E_REQUIRED", "`minimum` belongs to entry: from_minimum, and is required there")
        in_range(self.attainment, MOST_MULTIPLE, "threshold")
        in_range(self.minimum or self.attainment, MOST_MULTIPLE, "minimum")
        return self


class Bonus(QuotaBonus, Component):
    """Pays a share of the target incentive, on a curve of attainment."""

    kind: Literal["bonus"] = "bonus"
    """Quota bonus."""
    closed: Closed
    """Side of an attainment exactly at the threshold, or at a step: `left` it is reached, `right` it is not.
    Required."""
    threshold: Threshold | None = None
    """Where pay begins; without one, the first node must stand at attainment 0."""
    shape: Literal["lines", "steps"] = "lines"
    """`lines`: straight lines between nodes, unless given; `steps`: the pay of the node reached holds up to the next,
    without `threshold`, from a node at attainment 0, and with accelerator 0."""
    nodes: tuple[Point, ...]
    """The curve above the threshold, by rising attainment."""
    accelerator: Ratio
    """Slope after the last node, in ratio of target incentive per ratio of quota: 0 stays flat, 1 goes on at the
    target rate, 2 pays double. Required."""

    @field_validator("nodes")
    @classmethod
    def _nodes_rise(cls, value: tuple[Point, ...]) -> tuple[Point, ...]:
        if not value:
            raise refuse(
                "E_TIERS", "the curve has no nodes", "Give at least one, such as 100% attainment pays 100%."
            )
        for before, after in itertools.pairwise(value):
            if after.attainment <= before.attainment:
                raise refuse(
                    "E_TIERS",
                    f"a node at {after.attainment:f} follows one at {before.attainment:f}",
                    "Sort nodes by attainment, no doubles.",
                )
        for node in value:
            in_range(node.attainment, MOST_MULTIPLE, "attainment")
            in_range(node.pay, MOST_MULTIPLE, "pay")
            in_range(node.then or node.pay, MOST_MULTIPLE, "pay")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Bonus:
        first = self.nodes[0].attainment
        if self.threshold is None and first != 0:
            raise refuse(
                "E_TIERS",
                f"the curve begins at {first:f}; nothing says what is paid below",
                "Give a `threshold`, or a node at attainment 0.",
            )
        if self.threshold is None and self.nodes[0].then is not None:
            raise refuse(
                "E_TIERS", "the curve begins at 0 and cannot jump there", "Give its `pay`, without `then`."
            )
        if self.threshold is not None and first <= self.threshold.attainment:
            raise refuse(
                "E_TIERS",
                f"a node at {first:f} does not lie above the threshold {self.threshold.attainment:f}",
                "What is paid at the threshold is said by `entry` (and `minimum`).",
            )
        if self.shape == "steps" and (self.threshold is not None or self.accelerator != 0):
            raise refuse(
                "E_TIERS",
                "a step table has neither a threshold nor an accelerator",
                "Give nodes from attainment 0 up, and accelerator: 0.",
            )
        if self.shape == "steps" and any(node.then is not None for node in self.nodes):
            raise refuse(
                "E_TIERS", "a step table jumps at every node", "Leave out `then`, or use `shape: lines`."
            )
        in_range(self.accelerator, MOST_MULTIPLE, "accelerator")
        quota_is_named(self.accumulate, self.quota)
        return self

    def table(self, minor: int) -> Pieces:
        """Return the curve: pay as a ratio of target incentive by attainment."""
        nodes = [(Fraction(node.attainment), Fraction(node.pay)) for node in self.nodes]
        if self.shape == "steps":
            return Pieces.steps([(Fraction(0), Fraction(0)), *nodes], self.closed)
        onward = [Fraction(node.pay if node.then is None else node.then) for node in self.nodes]
        if self.threshold is not None:
            entry = self._entry(*nodes[0])
            nodes.insert(0, (Fraction(self.threshold.attainment), entry))
            onward.insert(0, entry)
        return Pieces.through(nodes, Fraction(self.accelerator), self.closed, onward)

    def _entry(self, attainment: Fraction, pay: Fraction) -> Fraction:
        assert self.threshold is not None
        if self.threshold.entry == "from_first_dollar":
            return pay * Fraction(self.threshold.attainment) / attainment
        return Fraction(self.threshold.minimum or 0)

    def worth(self, credit: Quantity, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what the attainment is worth."""
        return self.due(credit, quota, target, book.minor)

    def due(self, credit: Quantity, quota: Quantity, target: Quantity, minor: int) -> Quantity:
        """Return what the attainment is worth; `minor` is minor units per currency unit."""
        return credit.on(self.table(minor), quota).share(quota, of=target)
