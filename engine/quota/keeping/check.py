"""A plain check of quotas that are kept: what stayed, what moved and by how much, in integers, without the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.amounts import decimals
from engine.inputs import Inputs
from engine.quota.spec import QuotaSpec
from engine.quota.tree import step_of
from engine.quota.words import amount

if TYPE_CHECKING:
    import pandas as pd

CLOSE = 1e-9


def quota_by_seat(inputs: Inputs) -> dict[str, int]:
    """Return the quota in force of every seat of the plan, minor units, 0 where it has none.

    What catch-up and relief of its run moved in periods that are open is taken off.
    """
    assert inputs.in_force is not None
    tables, open_ = inputs.in_force.tables, inputs.calendar.labels[inputs.calendar.closed :]
    found = dict.fromkeys(inputs.reps.id, 0)
    for rep, quota in tables["quotas"].groupby("rep")["quota"].sum().items():
        if rep in found:
            found[str(rep)] += int(quota)
    for name, seat in (("quota_catch_up", "rep"), ("quota_relief", "who")):
        if name in tables:
            rows = tables[name][tables[name]["period"].isin(open_)]
            for rep, effect in rows.groupby(seat)["effect"].sum().items():
                if rep in found:
                    found[str(rep)] -= int(effect)
    return found


def as_before(inputs: Inputs, spec: QuotaSpec, quota: Sequence[int]) -> set[str]:
    """Return the seats whose quota is the one in force, or multiples of the step away from it; none unless kept."""
    if spec.keep is None or inputs.in_force is None:
        return set()
    step, before = step_of(inputs, spec), quota_by_seat(inputs)
    names = inputs.reps.id
    return {
        name
        for name, now in zip(names, quota, strict=True)
        if before[name] and not (now - before[name]) % step
    }


def kept_violations(
    inputs: Inputs, spec: QuotaSpec, quota: Sequence[int], tables: Mapping[str, pd.DataFrame]
) -> Iterator[str]:
    """Yield where the tables of what was kept contradict the quotas, or each other.

    Args:
        inputs: the tables, with the run in force.
        spec: the scenario's block.
        quota: of each seat, without catch-up and relief, minor units, shape (rep,).
        tables: `quota_kept`, and `quota_least` where the objectives were solved.

    """
    before, told = quota_by_seat(inputs), tables["quota_kept"]
    now = dict(zip(inputs.reps.id, map(int, quota), strict=True))
    if list(told["rep"]) != list(now):
        yield "quota_kept: the seats are not those of the plan"
        return
    for row in told.to_dict("records"):
        name, pair = row["rep"], (int(row["in_force"]), int(row["quota"]))
        if pair != (before[name], now[name]):
            yield (
                f"{name}: {amount(pair[0], inputs.currency)} in force and {amount(pair[1], inputs.currency)} now are "
                f"told, it is {amount(before[name], inputs.currency)} and {amount(now[name], inputs.currency)}"
            )
        if row["held"] and not before[name]:
            yield f"{name}: is held to a quota in force that it does not have"
        if (row["outcome"] == "kept") != bool(row["held"] and now[name] == before[name]):
            yield f"{name}: is told as {row['outcome']}"
    if "quota_least" in tables:
        yield from _least(told, tables["quota_least"], 10 ** decimals(inputs.currency))


def _least(told: pd.DataFrame, least: pd.DataFrame, unit: int) -> Iterator[str]:
    """Add up what each objective reached, by team; `unit` is what money is told in, minor units."""
    for row in least.to_dict("records"):
        mine = told[told["held"] & (told["team"].fillna("") == (row["team"] or ""))]
        moves = [(int(a), int(b)) for a, b in zip(mine["in_force"], mine["quota"], strict=True)]
        found = {
            "seats": Fraction(sum(a != b for a, b in moves)),
            "amount": Fraction(sum(abs(a - b) for a, b in moves), unit),
            "worst": max((Fraction(abs(a - b), a) for a, b in moves), default=Fraction(0)),
        }
        name, reached = row["least"], float(row["reached"])
        if name in found and abs(reached - float(found[name])) > CLOSE * max(1.0, reached):
            yield f"least {name}: {reached:,.6g} is told, the quotas give {float(found[name]):,.6g}"
        if row["bound"] > reached + CLOSE * max(1.0, reached):
            yield f"least {name}: the bound {row['bound']:,.6g} lies above {reached:,.6g}"
