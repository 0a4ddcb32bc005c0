"""Table of the people below a plan's threshold and above its accelerator, and of what is paid beyond it.

Pay on the credit of a team is left out: its threshold is no person's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.columns import Column, Table
from engine.comp.given import Given
from engine.comp.groups import shown_plans
from engine.comp.incentive import Incentive
from engine.comp.tables.frames import table
from engine.comp.zones import Told, Zones, told
from engine.inputs import IntArray

REPLICATIONS = 200
"""Replications that are looked at, evenly spaced; the shares are means over them."""
CELLS = 1 << 20
"""(replication, spell, period) cells that are looked at together."""
DEALS = 16
"""By how much fewer cells are looked at together where their single deals are made again."""
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
    ]
    seen_plans = [_plan(given, plan) for plan in given.spec.plans]
    rows = [row for one in seen_plans for row in one.rows]
    paying = [one for one in seen_plans if one.rows]
    if len(paying) > 1:
        rows += _sum_row("all", sum(one.pay for one in paying), sum(one.beyond for one in paying))
    seen = min(REPLICATIONS, given.bookings.replications)
    meaning = f"Who earns nothing, who earns more, and what that costs; means over {seen} replications."
    return table("pay_zones", meaning, columns, rows)


@dataclass(frozen=True)
class _Plan:
    """Rows of a plan, and what its components that read a table pay, in all and beyond their accelerators."""

    rows: list[tuple[Any, ...]]
    pay: float = 0.0
    beyond: float = 0.0


def _sum_row(plan: str, pay: float, beyond: float) -> list[tuple[Any, ...]]:
    return [(plan, "all", "", "", _NONE, _NONE, beyond / pay if pay > 0 else _NONE)]


def _plan(given: Given, plan: str) -> _Plan:
    spells = np.array([i for i, name in enumerate(given.inputs.spells.plan) if name == plan], dtype=np.int64)
    if not spells.size or plan not in shown_plans(given.inputs, given.spec.plans):
        return _Plan([])
    count = given.bookings.replications
    chosen = (
        np.unique(np.linspace(0, count - 1, min(REPLICATIONS, count)).astype(np.int64))
        if count
        else spells[:0]
    )
    pay = beyond = 0.0
    rows: list[tuple[Any, ...]] = []
    for part in given.spec.plans[plan].components:
        pieces = part.table(given.minor)
        if pieces is None or not isinstance(part, Incentive) or part.needs_deals or part.teams or part.turn:
            continue
        zones = Zones.of(part, pieces)
        found = _added(given, plan, part, zones, spells, chosen)
        pay, beyond = pay + found.pay, beyond + found.beyond
        row = (
            plan,
            part.label,
            _level(given, zones, zones.threshold),
            _level(given, zones, zones.accelerator),
            found.below / found.cases if zones.threshold is not None and found.cases else _NONE,
            found.above / found.cases if zones.accelerator is not None and found.cases else _NONE,
            found.beyond / found.pay if zones.accelerator is not None and found.pay > 0 else _NONE,
        )
        rows.append(row)
    if len(rows) > 1:
        rows += _sum_row(plan, pay, beyond)
    return _Plan(rows, pay, beyond)


def _added(
    given: Given, plan: str, part: Incentive, zones: Zones, spells: IntArray, chosen: IntArray
) -> Told:
    cells = CELLS // (DEALS if given.spec.plans[plan].by_deal(given.inputs.calendar) else 1)
    step = max(cells // max(chosen.size * given.inputs.calendar.periods, 1), 1)
    sums = [
        told(part, zones, given.simulated(given.spec.plans[plan], spells[start : start + step], chosen))
        for start in range(0, spells.size, step)
    ]
    return Told(
        sum(one.cases for one in sums),
        sum(one.below for one in sums),
        sum(one.above for one in sums),
        sum(one.pay for one in sums),
        sum(one.beyond for one in sums),
    )


def _level(given: Given, zones: Zones, level: Any) -> str:
    if level is None:
        return ""
    if zones.on_credit:
        return f"{float(level) / given.minor:,.0f} {given.inputs.currency}"
    return f"{100 * float(level):g} %"
