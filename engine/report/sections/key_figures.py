"""Key figures by level of the hierarchy, segment, period and rep; shared resources; and what slips."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.spreads import columns
from engine.report.grids import ROWS, grid, table_grid
from engine.report.palette import INK, PLAN
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
            ("lifetime_value", "Lifetime value of contracts"),
        )
        if view.has(name)
    ]
    if view.has("sales_capacity"):
        grids += _capacity(view)
    charts = (_coverage(view),) if view.has("coverage") else ()
    if view.has("stages"):
        grids.append(replace(table_grid(view, "stages"), caption="Stages by group", folded=True))
    grids += [
        replace(table_grid(view, name), caption=caption, folded=True)
        for name, caption in (
            ("resources_by_group", "Shared resources by who asks for them"),
            ("factors", "Factors of the plan, given what was seen so far"),
        )
        if view.has(name)
    ]
    sentences = (
        "Means over replications; the grid of key figures above defines each.",
        *_slips(view),
        *_shared(view),
        *_retained(view),
    )
    return Section("key-figures", "Key figures by group", sentences, charts, tuple(grids))


def _capacity(view: View) -> list[Grid]:
    """Return sales capacity of the company and its nodes, and, folded, that of seats."""
    frame = view.frame("sales_capacity")
    seats = frame["by"] == "rep"
    return [
        replace(table_grid(view, "sales_capacity", frame=frame[~seats]), caption="Sales capacity"),
        replace(
            table_grid(view, "sales_capacity", frame=frame[seats]),
            caption="Sales capacity by rep",
            folded=True,
        ),
    ]


def _coverage(view: View) -> Chart:
    """Draw how often the deals that are expected to close in a period cover its quota, of the company."""
    frame = view.frame("coverage")
    frame = frame[(frame["by"] == "company") & (frame["open_value"] > 0)]
    texts = {
        "": list(frame["period"]),
        "coverage": [f"{value:.2f}" for value in frame["coverage"]],
        "expected": [numbers.money(value, view.currency) for value in frame["expected_value"]],
        "quota": [numbers.money(value, view.currency) for value in frame["quota"]],
    }
    say = (
        "Deals in progress that are expected to close in the period, over its quota. Below 1, not even winning all of "
        "them makes the quota. They stand late in the pipeline, so they win more often than a deal that is new, for "
        f"which the rule of thumb is 1 / win rate{_rule(frame)}."
    )
    figure = columns(list(frame["period"]), list(frame["coverage"]), 1.0, "expected value over quota", texts)
    marks = (Mark("coverage", PLAN), Mark("the quota", INK, "dash"))
    shown = replace(table_grid(view, "coverage"), caption="")
    return Chart(
        "coverage", "Pipeline coverage at the start of each period", say, figure, shown, marks, wide=True
    )


def _rule(frame: pd.DataFrame) -> str:
    """Return the coverage that the win rate of all deals asks for, where there is any."""
    needed = frame["needed"].dropna()
    return f" = {float(needed.iloc[0]):.1f}" if len(needed) else ""


def _shared(view: View) -> tuple[str, ...]:
    """Say which shared resource is the busiest."""
    if not view.has("resources"):
        return ()
    frame = view.frame("resources")
    top = frame[frame["period"] == ""].sort_values("utilisation", ascending=False).iloc[0]
    return (
        f"The busiest shared resource is {top['resource']}: {numbers.percent(float(top['utilisation']), 0)} of its "
        f"time is taken, and a deal waits {numbers.short(float(top['mean_wait']))} days for it.",
    )


def _retained(view: View) -> tuple[str, ...]:
    """Say what becomes of the contracts of the start."""
    mean = (
        dict(zip(view.frame("kpis")["kpi"], view.frame("kpis")["mean"], strict=True))
        if view.has("kpis")
        else {}
    )
    if not {"nrr", "grr", "logo_churn"} <= set(mean):
        return ()
    net, gross, ended = (numbers.percent(float(mean[name]), 0) for name in ("nrr", "grr", "logo_churn"))
    return (
        f"Of the yearly amount under contract at the start, {net} is there at the end with what was added (NRR), "
        f"{gross} without (GRR); {ended} of the contracts that come to a renewal end.",
    )


def _by(view: View, frame: pd.DataFrame, by: str) -> Grid:
    mine = frame[frame["by"] == by]
    names = [name for name in COLUMNS if name in set(mine["kpi"])]
    units = dict(zip(mine["kpi"], mine["unit"], strict=True))
    values = mine.pivot(index="group", columns="kpi", values="mean").reindex(
        list(dict.fromkeys(mine["group"]))
    )
    heads = [by, *(_head(name, units[name], view.currency) for name in names)]
    shown = values.head(ROWS)
    cells = [_texts(shown[name], units[name]) for name in names]
    rows = zip([str(group) or "no account" for group in shown.index], *cells, strict=True)
    return replace(grid(heads, rows, caption=f"By {by}"), folded=by in ("rep", "period"))


def _head(name: str, unit: str, currency: str) -> str:
    words = name.replace("_", " ")
    shown = {"money": currency, "money a day": f"{currency} a day", "days": "days"}.get(unit, "")
    return f"{words}, {shown}" if shown else words


def _texts(values: pd.Series[float], unit: str) -> list[str]:
    return [numbers.percent(value) for value in values] if unit == "ratio" else numbers.reals(values)


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
