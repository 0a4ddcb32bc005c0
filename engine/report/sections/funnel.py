"""Opportunities by stage, and the key figures of the pipeline with their definitions."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, nan
from typing import TYPE_CHECKING

from engine.report import numbers
from engine.report.contents import Chart, Mark, Section
from engine.report.figures.bars import stacked
from engine.report.grids import table_grid
from engine.report.palette import BEFORE, GAIN, SHORT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd


def section(view: View) -> Section:
    """Return the section on the pipeline."""
    title = "Pipeline by stage"
    sentences, charts, grids = [], [], []
    if view.has("funnel"):
        charts.append(_chart(view))
        sentences.append(_narrowest(view))
    else:
        sentences.append(view.missing("funnel"))
    if view.has("kpis"):
        sentences += _said(view)
        grids.append(
            replace(table_grid(view, "kpis", frame=_kpis(view)), caption="Key figures of the pipeline")
        )
    return Section("pipeline", title, tuple(sentences), tuple(charts), tuple(grids))


def _kpis(view: View) -> pd.DataFrame:
    frame = view.frame("kpis")
    frame["kpi"] = frame["kpi"].str.replace("_", " ")
    frame["unit"] = frame["unit"].str.replace("money", view.currency)
    return frame


def _said(view: View) -> tuple[str, ...]:
    """Say the key figures that a sales leader asks for first; those that are not defined are left out."""
    mean = dict(zip(view.frame("kpis")["kpi"], view.frame("kpis")["mean"].astype(float), strict=True))

    def told(name: str) -> str:
        return numbers.percent(mean[name], 0) if "rate" in name else numbers.short(mean[name])

    def money(name: str) -> str:
        return numbers.money(mean[name], view.currency)

    def known(*names: str) -> bool:
        return all(isfinite(mean.get(name, nan)) for name in names)

    wins, pace = "", ""
    if known("win_rate", "win_rate_by_value", "cycle_won", "cycle_lost"):
        wins = (
            f"Of the deals that close, {told('win_rate')} are won ({told('win_rate_by_value')} by value), after "
            f"{mean['cycle_won']:.0f} days; lost ones take {mean['cycle_lost']:.0f}."
        )
    if known("average_deal", "median_deal"):
        wins += f" A won deal brings {money('average_deal')}, at the median {money('median_deal')}."
    if known("velocity"):
        pace = f"Velocity: {money('velocity')} a day."
    if known("utilisation", "wait"):
        pace += (
            f" People have {numbers.percent(mean['utilisation'], 0)} of their slots in use, and a lead waits "
            f"{told('wait')} days for one."
        )
    return tuple(text.strip() for text in (wins, pace) if text)


def _narrowest(view: View) -> str:
    frame = view.frame("funnel").dropna(subset=["conversion"])
    if len(frame) < 2:
        return "Mean per replication."
    worst = frame.sort_values(["conversion", "stage"]).iloc[0]
    share = numbers.percent(float(worst["conversion"]), 0)
    return f"The narrowest stage is {worst['stage']}: {share} of what enters it advances."


def _chart(view: View) -> Chart:
    frame = view.frame("funnel").fillna({"advanced": 0.0, "lost": 0.0, "open_at_end": 0.0})
    parts = (
        ("advanced", list(frame["advanced"]), GAIN),
        ("lost", list(frame["lost"]), SHORT),
        ("open at the end", list(frame["open_at_end"]), BEFORE),
    )
    figure = stacked([str(stage) for stage in frame["stage"]], parts, "opportunities per replication, mean")
    say = "Each bar is what entered the stage; the green part goes on to the next, the orange part is lost there."
    marks = tuple(Mark(word, colour) for word, _, colour in parts)
    return Chart("funnel", "Stages", say, figure, table_grid(view, "funnel"), marks, wide=True)
