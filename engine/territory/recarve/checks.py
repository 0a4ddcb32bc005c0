"""Plain checks of a re-carve's tables: counted day by day in Python, sharing nothing with what made them.

The plan is cut into sixteenths of a day, since a month of a ramp is 365.25 / 12 = 487 / 16 days. A sixteenth of period
p weighs w_p over the sixteenths of p, and a seat works it by the ramp of whoever sits there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.inputs import Inputs, IntArray
from engine.territory.recarve.carving import Recarve

if TYPE_CHECKING:
    import pandas as pd

    from engine.territory.spec import TerritorySpec

PARTS = 16
MONTH = 487


def recarve_violations(
    inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, tables: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Return a sentence for each figure of the tables `recarve` and `history` that the inputs contradict.

    `inputs` are the tables as read, `rep_of` the new seat of each account, shape (account,).
    """
    if spec.recarve is None:
        return []
    found = []
    if "recarve" in tables:
        found += _seats(inputs, spec.recarve, rep_of, tables["recarve"])
    if inputs.actuals is not None and "history" in tables:
        found += _history(inputs, tables["history"])
    return found


def _history(inputs: Inputs, frame: pd.DataFrame) -> list[str]:
    assert inputs.actuals is not None
    deals, seats = inputs.actuals, [*inputs.reps.id, ""]
    booked: dict[str, int] = {}
    for rep, won, amount in zip(
        deals.rep.tolist(), deals.outcome.tolist(), deals.amount.tolist(), strict=True
    ):
        if won == 1:
            booked[seats[rep]] = booked.get(seats[rep], 0) + amount
    told = {
        rep if isinstance(rep, str) else "": int(value)
        for rep, value in zip(frame["rep"], frame["booked"], strict=True)
    }
    return [
        f"history: {seat or 'deals without a seat'} booked {booked.get(seat, 0)}, told is {told.get(seat, 0)}."
        for seat in dict.fromkeys((*booked, *told))
        if booked.get(seat, 0) != told.get(seat, 0)
    ]


def _seats(inputs: Inputs, recarve: Recarve, rep_of: IntArray, frame: pd.DataFrame) -> list[str]:
    if list(frame["rep"]) != list(inputs.reps.id):
        return ["recarve: its seats are not those of the tables, each once and in their order."]
    weights = _weights(inputs, recarve)
    left = _left(inputs, recarve, weights)
    columns: dict[str, list[Any]] = {
        name: frame[name].tolist() for name in ("share", "remaining", "remaining_before")
    }
    found = []
    for j, seat in enumerate(inputs.reps.id):
        share = _share(inputs, recarve, weights, j)
        now = sum(value for value, rep in zip(left, rep_of.tolist(), strict=True) if rep == j)
        before = sum(
            value for value, rep in zip(left, inputs.accounts.owner.tolist(), strict=True) if rep == j
        )
        if abs(columns["share"][j] - float(share)) > 1e-9:
            found.append(
                f"recarve: seat {seat} can work {share} of what is left, told is {columns['share'][j]}."
            )
        if share == 0 and (rep_of == j).any():
            found.append(f"recarve: seat {seat} is closed and owns accounts.")
        for name, value in (("remaining", now), ("remaining_before", before)):
            if int(columns[name][j]) != value:
                found.append(f"recarve: {name} of seat {seat} is {value}, told is {columns[name][j]}.")
    return found


def _weights(inputs: Inputs, recarve: Recarve) -> list[Fraction]:
    """Return the weight of each sixteenth of a day of the plan."""
    days = np.diff(inputs.calendar.edges).astype(int).tolist()
    weights = [Fraction(weight) for weight in recarve.seasonality] or [Fraction(length) for length in days]
    parts = [weight / (length * PARTS) for weight, length in zip(weights, days, strict=True)]
    return [part for part, length in zip(parts, days, strict=True) for _ in range(length * PARTS)]


def _today(inputs: Inputs) -> int:
    assert inputs.calendar.as_of is not None
    return int((inputs.calendar.as_of - inputs.calendar.start).astype(np.int64)) * PARTS


def _left(inputs: Inputs, recarve: Recarve, weights: list[Fraction]) -> list[int]:
    """Return what is left of the potential of each account, minor units."""
    potential = inputs.accounts.potential.tolist()
    if recarve.remaining == "prorated":
        share = _sum(weights[_today(inputs) :]) / _sum(weights)
        return [round(share * value) for value in potential]
    assert inputs.actuals is not None
    deals = inputs.actuals
    for account, won, amount in zip(
        deals.account.tolist(), deals.outcome.tolist(), deals.amount.tolist(), strict=True
    ):
        if won == 1 and account >= 0:
            potential[account] -= amount
    return [max(value, 0) for value in potential]


def _share(inputs: Inputs, recarve: Recarve, weights: list[Fraction], seat: int) -> Decimal:
    """Return the share of what is left that a seat can work, to four decimals."""
    spells, today = inputs.spells, _today(inputs)
    mine = [k for k, rep in enumerate(spells.rep.tolist()) if rep == seat]
    if not mine:
        return Decimal(1)
    worked = Fraction(0)
    for k in mine:
        start = int((spells.start[k] - inputs.calendar.start).astype(int)) * PARTS
        end = len(weights)
        if not np.isnat(spells.end[k]):
            end = min(end, int((spells.end[k] - inputs.calendar.start).astype(int)) * PARTS)
        for month, ramp in enumerate([*recarve.ramp, Decimal(1)]):
            first = max(start + month * MONTH, today)
            then = end if month == len(recarve.ramp) else min(end, start + (month + 1) * MONTH)
            worked += Fraction(ramp) * _sum(weights[first : max(first, then)])
    whole = _sum(weights[today:])
    share = worked / whole
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("0.0001"))


def _sum(parts: list[Fraction]) -> Fraction:
    """Return the sum of fractions of which few differ, by counting each."""
    count: dict[Fraction, int] = {}
    for part in parts:
        count[part] = count.get(part, 0) + 1
    return sum((part * times for part, times in count.items()), Fraction(0))
