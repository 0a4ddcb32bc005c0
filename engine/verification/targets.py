"""Targets of seats and the bounds relative to them, by the tables of a run alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from engine.quota.adjusting.held import held
from engine.quota.steps import CLOSED, OVER, TIME
from engine.quota.tree import step_of

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs
    from engine.quota.bounds import Shares
    from engine.quota.spec import QuotaSpec

    Frames = Mapping[str, pd.DataFrame]

ROUNDED = 1
"""Minor units by which a target is rounded where it is told."""


def target_faults(inputs: Inputs, spec: QuotaSpec, tables: Frames) -> Iterator[str]:
    """Yield where targets are not the sum of their steps, or quotas leave the bounds that are relative to them.

    Quotas in force and teams bound what is left or their own part: there the steps alone are looked at.
    """
    reps, steps = tables["quota_reps"], tables["quota_steps"]
    if "team" not in reps:
        before = steps[steps["weight"].notna() | steps["step"].isin([CLOSED, TIME, OVER])]
        made = before.groupby("rep")["amount"].sum().to_dict()
        for rep, target in zip(reps["rep"], reps["target"], strict=True):
            if abs(int(made.get(rep, 0)) - int(target)) > ROUNDED:
                yield f"{rep}: its target is given as {target}, its steps make {made.get(rep, 0)}"
        yield from _shares(spec, reps, steps)
    if inputs.in_force is not None or spec.teams:
        return
    moved = set(tables["quota_relief"]["who"]) if "quota_relief" in tables else set()
    locked = held(inputs, spec).locks
    free = reps[~reps["rep"].isin([*locked, *moved]) & (reps["ramp"] > 0) & (reps["target"] > 0)]
    for rep, quota, target in free[["rep", "quota", "target"]].itertuples(index=False):
        yield from _kept(spec.bounds.target, int(quota), Fraction(int(target)), rep)
    yield from _products(inputs, spec, tables, free)


def _shares(spec: QuotaSpec, reps: pd.DataFrame, steps: pd.DataFrame) -> Iterator[str]:
    """Hold what potential gives each seat to the potential that the table tells."""
    total = int(reps["potential"].sum())
    if not total or "potential" not in {type(method).model_fields["kind"].default for method in spec.methods}:
        return
    told = steps[steps["step"] == "potential"].set_index("rep")["share"].to_dict()
    for rep, potential in zip(reps["rep"], reps["potential"], strict=True):
        if rep in told and abs(told[rep] - int(potential) / total) > 1e-9:
            yield f"{rep}: its share of the potential is given as {told[rep]:.6%}, it is {int(potential) / total:.6%}"


def _products(inputs: Inputs, spec: QuotaSpec, tables: Frames, free: pd.DataFrame) -> Iterator[str]:
    """Hold quotas by product to bounds relative to the seat's target times the product's share of the street quota."""
    if not any(
        own.target.min is not None or own.target.max is not None for own in spec.bounds.products.values()
    ):
        return
    levels = tables["quota_levels"]
    of = levels[levels["level"] == "product"].set_index("node")["assigned"].to_dict()
    street = sum(int(amount) for amount in of.values())
    cells = tables["quotas"].groupby(["rep", "product"])["quota"].sum().to_dict()
    step = step_of(inputs, spec)
    adjusted = inputs.adjusted
    pinned = set() if adjusted is None else set(zip(adjusted.name, adjusted.product, strict=True))
    for name, own in spec.bounds.products.items():
        part = Fraction(int(of[name]), street)
        for rep, target in free[["rep", "target"]].itertuples(index=False):
            quota = int(cells.get((rep, name), 0))
            if (rep, name) not in pinned:
                yield from _kept(own.target, quota, int(target) * part, f"{rep}, {name}", step)


def _kept(given: Shares, quota: int, base: Fraction, who: str, room: int = 0) -> Iterator[str]:
    """Yield a bound that a quota breaks; `room` is what the rounding of a share may move."""
    slack = ROUNDED + room
    if given.min is not None and quota < ceil(Fraction(given.min) * base) - slack:
        yield f"{who}: its quota of {quota} is below {given.min:.4g} of its target {int(base)}"
    if given.max is not None and quota > floor(Fraction(given.max) * base) + slack:
        yield f"{who}: its quota of {quota} is above {given.max:.4g} of its target {int(base)}"
