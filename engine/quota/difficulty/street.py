"""Street: the over-assignment of the seats, where the method itself finds it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from engine.errors import BadInput, Infeasible, NoPlan
from engine.inputs import Inputs, IntArray
from engine.quota.spec import QuotaSpec
from engine.quota.teams.parts import assigned, of_team, teams_of
from engine.quota.tree import SEAT, levels_of, street_factor

if TYPE_CHECKING:
    import pandas as pd

Found = TypeVar("Found")
FINEST, CUTS = Decimal("0.0005"), 10
"""First cut of the over-assignment where bounds and steps keep the promise from holding; doubled so many times."""


def with_street(
    inputs: Inputs,
    spec: QuotaSpec,
    credit: IntArray,
    settle: Callable[[QuotaSpec], Found],
    seats: Callable[[Found], IntArray],
) -> Found:
    """Settle the quotas at the over-assignment that the method finds, lowered until what it promises holds.

    Args:
        inputs: the tables.
        spec: as written; its own over-assignment counts where the only method finds none.
        credit: simulated, minor units, shape (replication, rep).
        settle: shares out the goal of a spec.
        seats: quota of each seat of what was settled, shape (rep,).

    Raises:
        Infeasible: the goal is not covered.
        NoPlan: bounds keep the promise from holding.

    """
    method = spec.equalising
    if method is None or not method.finds_street:
        return settle(spec)
    goal = spec.total(inputs.currency)
    first = method.over_assigned(credit, goal, Fraction(goal) * street_factor(inputs, spec))
    cut = Decimal(0)
    found = settle(_assigned(spec, first))
    for _ in range(CUTS):
        if method.kept(credit, seats(found)):
            return found
        cut = max(2 * cut, FINEST)
        try:
            found = settle(_assigned(spec, first - cut))
        except (BadInput, Infeasible):
            break
    raise NoPlan(
        "bounds keep the share of seats at or above quota below what is asked for",
        hint="Widen the bounds, or ask for a smaller share.",
    )


def recalled(inputs: Inputs, spec: QuotaSpec, levels: pd.DataFrame) -> QuotaSpec:
    """Return the spec with the over-assignment of the seats that quota_levels tells, where a method found it."""
    lowest = (levels_of(inputs, spec) or ("company",))[-1]
    rows = levels[levels["level"] == lowest]
    found = {}
    for team in dict.fromkeys((*spec.teams, *teams_of(inputs, spec))):
        part = of_team(spec, team)
        method = part.equalising
        if method is not None and method.finds_street:
            told = rows.loc[rows["team"] == team if team else slice(None), "over_assignment"]
            part = _assigned(part, Decimal(f"{float(told.iloc[0]):.4f}"))
        found[team] = part.over_assignment
    return assigned(spec, found)


def _assigned(spec: QuotaSpec, share: Decimal) -> QuotaSpec:
    return spec.model_copy(update={"over_assignment": {**spec.over_assignment, SEAT: share}})
