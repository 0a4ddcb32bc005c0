"""Budget against what the plans pay on deals that were won, and the forecast for the rest of the year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.report import numbers
from engine.report.contents import Chart, Mark, Section
from engine.report.figures.frame import Scale
from engine.report.figures.spreads import intervals, stroke, touch
from engine.report.grids import table_grid
from engine.report.palette import INK, PLAN, PLAN_PALE, SHORT
from engine.report.view import View

SUMS = ("to date", "rest", "year")


def section(view: View) -> Section | None:
    """Return the section on budget, actual and forecast; None where the whole plan lies ahead."""
    table = view.table("cost_outlook")
    if table is None:
        return None
    title = "Budget, actual and forecast"
    if table.frame.empty:
        return Section("outlook", title, (table.meaning,))
    return Section("outlook", title, (_sentence(view), table.meaning), (_chart(view),))


def _sentence(view: View) -> str:
    frame = view.frame("cost_outlook")
    rows = frame[frame["figure"] == "total"]
    so_far, year = (rows[rows["period"] == span].iloc[0] for span in ("to date", "year"))
    words = ""
    if np.isfinite(so_far["actual"]):
        words = f"So far the plans pay {numbers.money(so_far['actual'], view.currency)}"
        words += _against(so_far["budget"], view, " where {} was budgeted") + ". "
    return (
        f"{words}The year is forecast at {numbers.money(year['p50'], view.currency)} "
        f"({numbers.money(year['p10'], view.currency)} to {numbers.money(year['p90'], view.currency)} in eight cases "
        f"of ten){_against(year['budget'], view, ' against a budget of {}')}."
    )


def _against(budget: float, view: View, words: str) -> str:
    """Return words about a budget; nothing where there is none."""
    return words.format(numbers.money(budget, view.currency)) if np.isfinite(budget) else ""


def _chart(view: View) -> Chart:
    frame = view.frame("cost_outlook")
    rows = frame[(frame["figure"] == "total") & ~frame["period"].isin(SUMS)]
    labels = list(rows["period"])
    top = rows[["p90", "actual", "budget"]].max(axis=1).to_numpy()
    scale = Scale.of(top, view.currency)
    figure = intervals(
        labels,
        {name: list(rows[name] / scale.divisor) for name in ("p10", "p50", "p90")},
        f"cost, {scale.word}",
    )
    stroke(figure, list(rows["actual"] / scale.divisor), SHORT)
    if held_against := bool(rows["budget"].notna().any()):
        stroke(figure, list(rows["budget"] / scale.divisor), INK, "dotted")
    figure.y_range.start = 0
    texts = {"": labels} | {
        word: [numbers.money(value, view.currency) for value in rows[name]]
        for word, name in (("budget", "budget"), ("actual", "actual"), ("forecast, P50", "p50"))
    }
    touch(figure, texts, list(top / scale.divisor))
    marks = (
        *([Mark("budget", INK, "dots")] if held_against else []),
        Mark("actual", SHORT, "line"),
        Mark("forecast, P50", PLAN, "line"),
        Mark("forecast, P10 to P90", PLAN_PALE),
    )
    shown = replace(table_grid(view, "cost_outlook"), caption="")
    say = "Where the orange stroke lies above the dotted one, the period was dearer than its budget."
    if not held_against:
        say = "Without a budget of its periods; `comp.budget` names one."
    return Chart("cost-outlook", "Budget, actual and forecast by period", say, figure, shown, marks)
