"""Changes: why the quota of a seat is not what is in force, as effects that add up to the difference exactly.

Both quotas are known by their steps (`engine.quota.steps`). A step that grows with the goal is first moved to the new
goal, then a method to its new weight; what is left is the step's own: accounts for potential, last year for history,
and so on.

    goal                sum over such steps of  old x (new goal / old goal - 1)
    weights             sum over methods of     old x new goal / old goal x (new weight / old weight - 1)
    <step>              new - what the two leave of the old

With periods that are over, the old steps count with the share of the street quota that lies in open periods, and the
goal is what is left of it; where a seat has more or less of its quota there than others, that is its time in the seat.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from engine.columns import Column, Table
from engine.in_force import InForce
from engine.inputs import Inputs, IntArray
from engine.quota import steps

if TYPE_CHECKING:
    import pandas as pd

LEAST = 2
"""Minor units; a smaller effect comes from rounding the steps, and counts as rounding."""
GOAL, WEIGHTS, NEW, GONE = "goal", "weights", "new seat", "no seat any more"
SCALED = (steps.TIME, steps.OVER)
"""Steps beside the methods that grow with the goal."""

COLUMNS = (
    Column("rep", "text", "Seat whose quota differs from the one in force."),
    Column("previous", "money", "Quota in force; 0 for a new seat."),
    Column("quota", "money", "Quota of this run; 0 for a seat that is gone."),
    Column("order", "whole", "Place of the reason, from 1."),
    Column(
        "reason",
        "text",
        "Why it moved: goal, weights (of the methods), the kind of a method, time in seat (ramp, hire date, leave), "
        "over-assignment, bounds above, bounds, adjustment, in force (where quotas are kept), rounding, catch-up, "
        "relief, new seat, no seat any more.",
    ),
    Column(
        "note", "text", "More of the reason, such as accounts that came and went; blank where there is none."
    ),
    Column("effect", "money", "What the reason did; the effects of a seat add up to quota less previous."),
)


@dataclass(frozen=True)
class Old:
    """A step of the quota in force, of what lies in open periods; minor units."""

    amount: Fraction
    weight: Fraction


@dataclass(frozen=True)
class Now:
    """What this run says. Money in minor units."""

    steps: pd.DataFrame
    """The table `quota_steps`."""
    goal: int
    """Of the company, or of a team."""
    street: Fraction
    """What all its seats are to carry."""
    closed: Mapping[str, int]
    """What stands of each seat in periods that are over; empty where nothing does."""


def table(inputs: Inputs, force: InForce, now: Sequence[Now], rep_of: IntArray) -> Table:
    """Return the table `quota_changes`: every seat whose quota differs from that in force.

    Args:
        inputs: the tables.
        force: the run in force.
        now: what this run says, of all seats or team by team.
        rep_of: seat of each account, -1 for none, shape (account,).

    """
    import pandas as pd

    before = {str(rep): rows for rep, rows in force.tables["quota_steps"].groupby("rep", sort=False)}
    notes, rows = _moved(inputs, force, rep_of), list[tuple[object, ...]]()
    known = {str(rep) for part in now for rep in part.steps["rep"]}
    gone = {rep: steps_ for rep, steps_ in before.items() if rep not in known}
    for part in now:
        mine = set(part.steps["rep"])
        old = {rep: steps_ for rep, steps_ in before.items() if rep in mine}
        rows += _rows(old | (gone if part is now[-1] else {}), part, notes, _goal(old, force, len(now) == 1))
    rows.sort(key=lambda row: list(before | dict.fromkeys(known)).index(str(row[0])))
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    whole = {name: np.int64 for name in ("previous", "quota", "order", "effect")}
    return Table(
        "quota_changes", COLUMNS, frame.astype(whole), "Quotas that differ from those in force, and why."
    )


def _goal(before: Mapping[str, pd.DataFrame], force: InForce, alone: bool) -> Fraction:
    """Return the goal in force; that of some seats alone is what their methods and their time in seat add up to.

    With periods that were over, what stood there is brought down by the same over-assignment.
    """
    if alone:
        return Fraction(force.goal)
    shared = stood = over = Fraction(0)
    for rows in before.values():
        for name, weight, amount in rows[["step", "weight", "amount"]].itertuples(index=False):
            if name == steps.CLOSED:
                stood += int(amount)
            elif name == steps.OVER:
                over += int(amount)
            elif name == steps.TIME or weight == weight:
                shared += int(amount)
    return shared + stood * shared / (shared + over) if shared + over else stood


def _rows(
    before: Mapping[str, pd.DataFrame], now: Now, notes: Mapping[str, str], goal: Fraction
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of some seats; `goal` is that in force, minor units."""
    after = {str(rep): rows for rep, rows in now.steps.groupby("rep", sort=False)}
    stands, street = sum(now.closed.values()), sum(_sum(rows) for rows in before.values())
    growth, share = now.goal / goal if goal else Fraction(1), Fraction(1)
    if stands < street and stands < now.street:  # the goals of what is open
        share -= Fraction(stands, street)
        growth *= (1 - stands / now.street) / share
    for rep in dict.fromkeys((*after, *before)):
        was = _sum(before[rep]) if rep in before else 0
        quota = _sum(after[rep]) if rep in after else 0
        if was == quota:
            continue
        if rep not in before or rep not in after:
            effects = [(NEW if rep in after else GONE, Fraction(quota - was))]
        else:
            effects = list(
                _effects(_old(before[rep], was - now.closed.get(rep, 0), share), after[rep], growth)
            )
        for order, (reason, effect) in enumerate(_rounded(effects, quota - was), 1):
            note = notes.get(rep, "") if reason == "potential" else ""
            yield rep, was, quota, order, reason, note, effect


def _sum(rows: pd.DataFrame) -> int:
    return int(rows["amount"].sum())


def _old(rows: pd.DataFrame, left: int, share: Fraction) -> dict[str, Old]:
    """Return the steps in force, of what lies in open periods.

    Args:
        rows: the steps of a seat.
        left: what the seat's quota in force leaves to open periods, minor units.
        share: what the company's leaves to them, of its whole; where the seat's share is another, the difference is
            its time in the seat.

    """
    found: dict[str, Old] = {}
    for name, weight, amount in rows[["step", "weight", "amount"]].itertuples(index=False):
        earlier = found.get(name, Old(Fraction(0), Fraction(0)))
        known = Fraction(0) if weight != weight else Fraction(weight)
        found[name] = Old(earlier.amount + int(amount) * share, known)
    time = found.get(steps.TIME, Old(Fraction(0), Fraction(0)))
    rest = left - sum((one.amount for one in found.values()), Fraction(0))
    found[steps.TIME] = Old(time.amount + rest, time.weight)
    return found


def _effects(old: Mapping[str, Old], new: pd.DataFrame, growth: Fraction) -> Iterator[tuple[str, Fraction]]:
    """Yield reasons with their effects; what stands in periods that are over is the same before and after."""
    goal = weights = Fraction(0)
    own: dict[str, Fraction] = {}
    fresh = {
        name: (int(amount), Fraction(0) if weight != weight else Fraction(weight))
        for name, weight, amount in new[["step", "weight", "amount"]].itertuples(index=False)
        if name != steps.CLOSED
    }
    for name in dict.fromkeys((*fresh, *old)):
        was = old.get(name, Old(Fraction(0), Fraction(0)))
        amount, weight = fresh.get(name, (0, Fraction(0)))
        left = was.amount
        if was.weight or name in SCALED:
            goal += left * (growth - 1)
            left *= growth
        if was.weight:
            weights += left * (weight / was.weight - 1)
            left *= weight / was.weight
        own[name] = amount - left
    yield GOAL, goal
    yield WEIGHTS, weights
    yield from own.items()


def _rounded(effects: list[tuple[str, Fraction]], total: int) -> list[tuple[str, int]]:
    """Return whole effects that add up to the total: each running sum is rounded; rounding comes last."""
    small = sum((effect for _, effect in effects if abs(effect) < LEAST), Fraction(0))
    effects = [(reason, effect) for reason, effect in effects if abs(effect) >= LEAST]
    effects.append((steps.ROUNDING, small + sum(e for reason, e in effects if reason == steps.ROUNDING)))
    effects = [one for k, one in enumerate(effects, 1) if one[0] != steps.ROUNDING or k == len(effects)]
    upto, before, found = Fraction(0), 0, []
    for index, (reason, effect) in enumerate(effects, 1):
        upto += effect
        running = total if index == len(effects) else int((upto * 2 + 1) // 2)
        found.append((reason, running - before))
        before = running
    return [(reason, effect) for reason, effect in found if effect]


def _moved(inputs: Inputs, force: InForce, rep_of: IntArray) -> dict[str, str]:
    """Return how many accounts came to each seat and went from it, in words, by seat."""
    held: dict[str, str] = dict(force.tables["alignment"][["account", "rep"]].itertuples(index=False))
    came: dict[str, list[int]] = {}
    for account, seat in zip(inputs.accounts.id, rep_of.tolist(), strict=True):
        now, was = inputs.reps.id[seat] if seat >= 0 else "", held.get(account, "")
        if now != was:
            came.setdefault(now, [0, 0])[0] += 1
            came.setdefault(was, [0, 0])[1] += 1
    return {rep: f"accounts: {more} came, {fewer} went" for rep, (more, fewer) in came.items() if rep}
