"""Steps: how the quota of a seat came about, as amounts that add up to it exactly.

    closed periods      what stands in periods that are over, where quotas are in force
    <method>            weight x share of the company's claims x goal, as if every seat were filled all year
    time in seat        ramp, hire date, leave and vacancies, the seat's own and everybody else's
    over-assignment     of every level above the seat
    bounds above        limits of a region or district, passed on to its seats
    bounds              the seat's own limits
    adjustment          a quota that is locked
    in force            what keeping the quota in force moves it off all that, where quotas are kept
    rounding            multiples of the step, and sums that tie out at every level
    equal chances       in place of rounding, where quotas are chosen to be reached equally often
    catch-up            what was not reached in periods that are over, carried in open ones
    relief              what an entry of relief takes from the seat, or gives it to carry

The running sum is rounded to the minor unit after each step, so that the steps add up without a remainder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.columns import Column, Table
from engine.inputs import IntArray
from engine.quota.method import Basis
from engine.quota.settle import nearest
from engine.quota.spec import QuotaSpec
from engine.quota.split import Problem

if TYPE_CHECKING:
    import pandas as pd

CLOSED, TIME, OVER = "closed periods", "time in seat", "over-assignment"
ABOVE, BOUNDS, ADJUSTMENT = "bounds above", "bounds", "adjustment"
ROUNDING, EVEN, RELIEF = "rounding", "equal chances", "relief"
CATCH_UP, KEPT = "catch-up", "in force"

COLUMNS = (
    Column("rep", "text", "Seat."),
    Column("order", "whole", "Place of the step, from 1."),
    Column(
        "step",
        "text",
        "What the amount comes from: the kind of a method, closed periods, time in seat, over-assignment, bounds "
        "above, bounds, adjustment, in force, rounding, equal chances, catch-up or relief.",
    ),
    Column("rule", "text", "Rule of the scenario that counts here; blank where the step is none's choice."),
    Column("weight", "ratio", "Weight of a method in the blend, of all of them together; blank elsewhere."),
    Column(
        "share",
        "ratio",
        "Share of all claims on the goal, of the company or the team, by a method, every seat filled all year; blank "
        "elsewhere.",
    ),
    Column("amount", "money", "What the step adds to the quota."),
    Column("running", "money", "Sum of the steps so far; the quota after the last."),
)


@dataclass(frozen=True)
class Ground:
    """What the quotas were made of."""

    problem: Problem
    targets: Sequence[Fraction]
    """By node of the tree, with over-assignment, before any bound; minor units."""
    basis: Basis
    closed: IntArray
    """Quota of each seat in closed periods that stands; 0 where none is in force. Minor units, shape (rep,)."""
    even: bool = False
    """Whether quotas were chosen to be reached equally often, which the last choice among them then is."""


class Step(NamedTuple):
    """One step of one seat."""

    name: str
    rule: str
    weight: float
    share: float
    upto: Fraction
    """Sum of the steps so far, exact."""


def table(ground: Ground, spec: QuotaSpec, quota: IntArray, caught: IntArray, relief: IntArray) -> Table:
    """Return the table `quota_steps`.

    Args:
        ground: what the quotas were made of.
        spec: the scenario's block.
        quota: final quota of each seat, minor units, shape (rep,).
        caught: what each seat carries of its shortfall, minor units, shape (rep,).
        relief: what relief added to each seat or took from it, minor units, shape (rep,).

    """
    import pandas as pd

    names = ground.basis.inputs.reps.id
    methods = claimed(ground.basis, spec)
    rows = []
    for seat, name in enumerate(names):
        before = 0
        ends = (
            int(quota[seat] - relief[seat] - caught[seat]),
            int(quota[seat] - relief[seat]),
            int(quota[seat]),
        )
        for order, step in enumerate(_steps(ground, methods, seat, ends), 1):
            running = int((step.upto * 2 + 1) // 2)
            rows.append(
                (name, order, step.name, step.rule, step.weight, step.share, running - before, running)
            )
            before = running
    frame: pd.DataFrame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    whole = {name: np.int64 for name in ("order", "amount", "running")}
    meaning = "How the quota of every seat came about; the amounts add up to it."
    return Table("quota_steps", COLUMNS, frame.astype(whole), meaning)


class Claimed(NamedTuple):
    """A method with its share of the blend."""

    kind: str
    weight: Fraction
    """Of all methods together."""
    shares: Sequence[Fraction]
    """Of all claims on the goal, every seat filled all year, shape (rep,)."""


def claimed(basis: Basis, spec: QuotaSpec) -> list[Claimed]:
    """Return what each method with a weight gives every seat, before time in seat counts.

    A seat that carries no quota at all has no claim, nor has one of another team.
    """
    whole = sum((Fraction(method.weight) for method in spec.methods), Fraction(0))
    unclaimed = [spec.locks.get(name, 0) is None for name in basis.inputs.reps.id]
    found = []
    for method in spec.methods:
        claims = method.claims(basis) if method.weight else []
        claims = [Fraction(0) if none else claim for claim, none in zip(claims, unclaimed, strict=False)]
        total = sum(claims, Fraction(0))
        if total > 0:
            kind = str(type(method).model_fields["kind"].default)
            weight = Fraction(method.weight) / whole
            found.append(Claimed(kind, weight, [Fraction(claim) / total for claim in claims]))
    return found


def _steps(
    ground: Ground, methods: Sequence[Claimed], seat: int, quota: tuple[int, int, int]
) -> Iterator[Step]:
    """Yield the steps of a seat; `quota` ties out, then with catch-up, then with relief."""
    problem = ground.problem
    node = problem.tree.seats()[seat]
    reach = _reach(problem, node)
    target, limit = ground.targets[node], problem.limits[node]
    closed = int(ground.closed[seat])
    street = problem.goal * reach - int(ground.closed.sum())  # of all seats, in what is open
    upto = Fraction(closed)
    none = float("nan")
    if closed:
        yield Step(CLOSED, "previous", none, none, upto)
    for method in methods:
        upto += method.weight * method.shares[seat] * street / reach
        yield Step(method.kind, "", float(method.weight), float(method.shares[seat]), upto)
    open_target = target - closed
    ends = (
        (TIME, "ramp" if open_target else "vacant", closed + open_target / reach),
        (OVER, "over_assignment", target),
        (ABOVE, "bounds.nodes", problem.targets[node]),
        (*_bounded(limit.fixed, problem, node), nearest(problem.targets[node], limit)),
        (*_last(ground, node), Fraction(quota[0])),
        (CATCH_UP, "shortfall", Fraction(quota[1])),
        (RELIEF, "relief", Fraction(quota[2])),
    )
    for name, rule, end in ends:
        if end != upto:
            yield Step(name, rule, none, none, end)
        upto = end


def _last(ground: Ground, node: int) -> tuple[str, str]:
    """Return what the last choice among quotas is, and its rule."""
    if ground.problem.held and ground.problem.held[node] is not None:
        return KEPT, "keep"
    return (EVEN if ground.even else ROUNDING), "step"


def _bounded(fixed: bool, problem: Problem, node: int) -> tuple[str, str]:
    """Return whether a seat's limit is an adjustment or a bound, and the rule that holds the aim."""
    limit, aim = problem.limits[node], problem.targets[node]
    rule = limit.low_rule if aim < limit.low else limit.high_rule
    return (ADJUSTMENT if fixed and rule.startswith("locks") else BOUNDS), rule


def _reach(problem: Problem, node: int) -> Fraction:
    """Return the product of 1 + over-assignment of every level down to a node."""
    reach = Fraction(1)
    while node:
        reach *= problem.tree.nodes[node].factor
        node = problem.tree.nodes[node].parent
    return reach
