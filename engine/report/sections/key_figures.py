"""Key figures by level of the hierarchy, segment, period and rep; shared resources; and what slips."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.report import numbers
from engine.report.contents import Grid, Section
from engine.report.grids import ROWS, grid, table_grid
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "bookings", "won", "win_rate", "win_rate_by_value", "cohort_win_rate_180", "average_deal", "median_deal",
    "cycle_won", "cycle_lost", "wait", "velocity", "utilisation", "nrr", "grr",
)  # fmt: skip
"""Figures of the grids in the page; the table has all."""


def section(view: View) -> Section | None:
    """Return the section on key figures by group; None where the run has none."""
    if not view.has("kpis_by_group"):
        return None
    frame = view.frame("kpis_by_group")
    grids = [_by(view, frame, by) for by in dict.fromkeys(frame["by"])]
    grids += [
        replace(table_grid(view, name), caption=caption)
        for name, caption in (
            ("resources", "Shared resources"),
            ("slippage", "Open pipeline, and what slips"),
            ("sales_capacity", "Sales capacity"),
            ("lifetime_value", "Lifetime value of contracts"),
        )
        if view.has(name)
    ]
    if view.has("coverage"):
        grids.append(
            replace(table_grid(view, "coverage"), caption="Pipeline coverage of quotas", folded=True)
        )
    if view.has("stages"):
        grids.append(replace(table_grid(view, "stages"), caption="Stages by group", folded=True))
    sentences = ("Means over replications; the grid of key figures above defines each.", *_slips(view))
    return Section("key-figures", "Key figures by group", sentences, (), tuple(grids))


def _by(view: View, frame: pd.DataFrame, by: str) -> Grid:
    mine = frame[frame["by"] == by]
    names = [name for name in COLUMNS if name in set(mine["kpi"])]
    units = dict(zip(mine["kpi"], mine["unit"], strict=True))
    values = mine.pivot(index="group", columns="kpi", values="mean").reindex(
        list(dict.fromkeys(mine["group"]))
    )
    heads = [by, *(_head(name, units[name], view.currency) for name in names)]
    rows = [
        (str(group) or "no account", *(_text(float(row[name]), units[name]) for name in names))
        for group, row in values.head(ROWS).iterrows()
    ]
    return replace(grid(heads, rows, caption=f"By {by}"), folded=by in ("rep", "period"))


def _head(name: str, unit: str, currency: str) -> str:
    words = name.replace("_", " ")
    shown = {"money": currency, "money a day": f"{currency} a day", "days": "days"}.get(unit, "")
    return f"{words}, {shown}" if shown else words


def _text(value: float, unit: str) -> str:
    return numbers.percent(value) if unit == "ratio" else numbers.real(value)


def _slips(view: View) -> tuple[str, ...]:
    if not view.has("slippage"):
        return ()
    frame = view.frame("slippage").dropna(subset=["slip_rate"])
    if not len(frame):
        return ()
    rate = float(
        (frame["slip_rate"] * frame["expected_deals"]).sum() / max(frame["expected_deals"].sum(), 1e-12)
    )
    return (
        f"Of the deals that are expected to close in a period as it begins, {numbers.percent(rate, 0)} are open at its "
        "end. Expected: if every stage to come takes its mean time.",
    )
