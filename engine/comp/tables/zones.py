"""Table of the people below a plan's threshold and above its accelerator, and of what is paid beyond it.

Pay on the credit of a team is left out: its threshold is no person's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from engine.columns import Column, Table
from engine.comp.given import Given
from engine.comp.groups import shown_plans
from engine.comp.incentive import Incentive
from engine.comp.spread import COVERED
from engine.comp.tables.frames import table
from engine.comp.zones import Told, Zones, told
from engine.estimates import mean_of
from engine.inputs import FloatArray, IntArray

LEAST = 200
"""Replications that are looked at, evenly spaced, where all would be too many; the shares are means over them."""
MOST_CELLS = 1 << 21
"""(replication, spell, period) cells that are looked at in all, where that leaves `LEAST` replications."""
CELLS = 1 << 20
"""(replication, spell, period) cells that are looked at together."""
DEALS = 16
"""By how much fewer cells are looked at together where their single deals are made again."""
SHARES = ("below_threshold", "above_accelerator", "cost_beyond")
_NONE = float("nan")


def pay_zones(given: Given) -> Table:
    """Return the zones of each component that reads a table, of each plan, and of all plans that are shown."""
    columns = [
        Column("plan", "text", "Comp plan, or `all` that are shown."),
        Column("component", "text", "Component, or `all` that read a table."),
        Column(
            "threshold", "text", "Where the component begins to pay: attainment, or credit; blank for none."
        ),
        Column(
            "accelerator",
            "text",
            "Where its rate first rises, at 100 % of quota or above where it does there.",
        ),
        Column(
            "below_threshold",
            "ratio",
            "Share of people, over its intervals, who end them below the threshold.",
        ),
        Column(
            "above_accelerator", "ratio", "Share of people, over its intervals, who reach the accelerator."
        ),
        Column("cost_beyond", "ratio", "Share of its pay that is earned on credit beyond the accelerator."),
        *(
            Column(f"{name}_{end}", "ratio", f"{word} end of the 95 % interval of {name}.")
            for name in SHARES
            for end, word in (("low", "Lower"), ("high", "Upper"))
        ),
        Column(
            "replications", "whole", "Replications that were looked at: all, or some of them, evenly spaced."
        ),
    ]
    chosen = _chosen(given)
    seen_plans = [_plan(given, plan, chosen) for plan in given.spec.plans]
    rows = [row for one in seen_plans for row in one.rows]
    paying = [one for one in seen_plans if one.rows]
    if len(paying) > 1:
        rows += _sum_row("all", [told for one in paying for told in one.told])
    meaning = "Who earns nothing, who earns more, and what that costs; means over replications."
    return table("pay_zones", meaning, columns, [(*row, chosen.size) for row in rows])


def _chosen(given: Given) -> IntArray:
    """Return the replications that are looked at: all where that is little work."""
    count, spec = given.bookings.replications, given.spec
    cells = max(len(given.inputs.spells) * given.inputs.calendar.periods, 1)
    again = any(given.by_deal(plan) for plan in spec.plans.values())
    many = min(count, LEAST if again else max(LEAST, MOST_CELLS // cells))
    return (
        np.unique(np.linspace(0, count - 1, many).astype(np.int64)) if count else np.empty(0, dtype=np.int64)
    )


@dataclass(frozen=True)
class _Plan:
    """Rows of a plan, and what was found of its components that read a table."""

    rows: list[tuple[Any, ...]]
    told: tuple[Told, ...] = ()


def _sum_row(plan: str, found: Sequence[Told]) -> list[tuple[Any, ...]]:
    pay, beyond = (sum(getattr(one, name) for one in found) for name in ("pay", "beyond"))
    share, *ends = _share(beyond, pay)
    return [(plan, "all", "", "", _NONE, _NONE, share, *[_NONE] * 4, *ends)]


def _share(part: FloatArray, whole: FloatArray) -> tuple[float, float, float]:
    """Return the share of sums over replications, and its interval.

    With a replication's part p and whole w, and R the share, sd(p - R w) / (mean(w) sqrt(n)) is its standard error, by
    linearisation (Cochran 1977, Sampling Techniques, 3rd ed., section 6.3); where w does not vary, that of a mean.
    """
    total = float(whole.sum())
    if total <= 0:
        return _NONE, _NONE, _NONE
    share = float(part.sum()) / total
    _, low, high = mean_of((part - share * whole) / (total / whole.size), COVERED)
    return share, max(share + low, 0.0), min(share + high, 1.0)


def _plan(given: Given, plan: str, chosen: IntArray) -> _Plan:
    spells = np.array([i for i, name in enumerate(given.inputs.spells.plan) if name == plan], dtype=np.int64)
    if not spells.size or plan not in shown_plans(given.inputs, given.spec.plans):
        return _Plan([])
    every: list[Told] = []
    rows: list[tuple[Any, ...]] = []
    for part in given.spec.plans[plan].components:
        pieces = part.table(given.minor)
        if pieces is None or not isinstance(part, Incentive) or part.needs_deals or part.teams or part.turn:
            continue
        zones = Zones.of(part, pieces)
        found = _added(given, plan, part, zones, spells, chosen)
        every.append(found)
        nothing = _NONE, _NONE, _NONE
        figures = (
            _share(found.below, found.cases) if zones.threshold is not None else nothing,
            _share(found.above, found.cases) if zones.accelerator is not None else nothing,
            _share(found.beyond, found.pay) if zones.accelerator is not None else nothing,
        )
        row = (
            plan,
            part.label,
            _level(given, zones, zones.threshold),
            _level(given, zones, zones.accelerator),
            *(share for share, _, _ in figures),
            *(end for _, *ends in figures for end in ends),
        )
        rows.append(row)
    if len(rows) > 1:
        rows += _sum_row(plan, every)
    return _Plan(rows, tuple(every))


def _added(
    given: Given, plan: str, part: Incentive, zones: Zones, spells: IntArray, chosen: IntArray
) -> Told:
    cells = CELLS // (DEALS if given.by_deal(given.spec.plans[plan]) else 1)
    step = max(cells // max(chosen.size * given.inputs.calendar.periods, 1), 1)
    found = [
        told(part, zones, given.simulated(given.spec.plans[plan], spells[start : start + step], chosen))
        for start in range(0, spells.size, step)
    ]
    return reduce(Told.plus, found)


def _level(given: Given, zones: Zones, level: Any) -> str:
    if level is None:
        return ""
    if zones.on_credit:
        return f"{float(level) / given.minor:,.0f} {given.inputs.currency}"
    return f"{100 * float(level):g} %"
