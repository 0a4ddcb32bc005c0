"""What the plan costs: the year as a distribution, the path over the periods, and cost of sales."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.report import headline, numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.bars import drawn_bins, histogram, upright
from engine.report.figures.frame import Scale
from engine.report.figures.spreads import intervals, stroke, touch
from engine.report.grids import grid, table_grid
from engine.report.palette import INK, PLAN, PLAN_LIGHT, PLAN_PALE, SHORT
from engine.report.privacy import NOT_SHOWN, hides_plans, pays_few
from engine.report.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


FIGURES = {"mean": "mean", "p10": "P10", "p50": "P50", "p90": "P90", "p99": "P99"}
"""Columns of the table of cost, and what they are called here."""


def section(view: View) -> Section:
    """Return the section on comp cost."""
    title = "Cost of the comp plan"
    if pays_few(view.report):
        return Section("cost", title, (NOT_SHOWN,))
    if not view.has("cost"):
        return Section("cost", title, (view.missing("cost"),))
    charts = []
    if view.has("cost_distribution"):
        charts.append(_distribution(view))
    if (view.frame("cost")["period"] != "year").any():
        charts.append(_path(view))
    grids = [_year(view), _estimates(view)]
    if view.has("cost_of_sales"):
        grids.append(replace(table_grid(view, "cost_of_sales", frame=_sales(view)), caption="Cost of sales"))
    return Section("cost", title, tuple(_sentences(view)), tuple(charts), tuple(grids))


def _sentences(view: View) -> list[str]:
    year = headline.cost(view)
    words = [
        f"The plan costs {numbers.money(year.p50, view.currency)} at the median. A reserve of "
        f"{numbers.money(year.p90 - year.p50, view.currency)} above it (P90 less P50) covers nine cases of ten."
    ]
    if hides_plans(view.report):
        words.append("A plan pays fewer than five people; its cost is shown for all plans together only.")
    loaded = headline.cost(view, "loaded")
    if loaded.known:
        words.append(
            f"With on-costs it is {numbers.money(loaded.p50, view.currency)} at the median, "
            f"{numbers.signed(loaded.p50 / year.p50 - 1)}."
        )
    return words


def _distribution(view: View) -> Chart:
    frame = view.frame("cost_distribution")
    scale = Scale.of(frame["from"].to_numpy(), view.currency)
    left, right = drawn_bins(frame["from"].to_numpy(dtype=np.float64), frame["to"].to_numpy(dtype=np.float64))
    texts = [
        f"{numbers.money(a, view.currency)} to {numbers.money(b, view.currency)}"
        for a, b in zip(frame["from"], frame["to"], strict=True)
    ]
    year = headline.cost(view)
    beyond = [PLAN if a < year.p90 else SHORT for a in left] if year.known else [PLAN] * len(left)
    figure = histogram(
        list(left / scale.divisor),
        list(right / scale.divisor),
        list(frame["share"]),
        colours=beyond,
        x=f"cost of the whole plan, {scale.word}",
        texts=texts,
    )
    for at, dash in ((year.p10, "dotted"), (year.p50, "solid"), (year.p90, "dashed")):
        if np.isfinite(at):
            upright(figure, at / scale.divisor, INK, dash)
    rows = [
        (*pair.split(" to "), numbers.percent(share, 2))
        for pair, share in zip(texts, frame["share"], strict=True)
    ]
    marks = (
        Mark(f"P10 {numbers.money(year.p10, view.currency)}", INK, "dots"),
        Mark(f"P50 {numbers.money(year.p50, view.currency)}", INK, "line"),
        Mark(f"P90 {numbers.money(year.p90, view.currency)}", INK, "dash"),
    )
    return Chart(
        "cost-distribution",
        "Cost of the whole plan",
        "What lies right of the dashed line is the tenth of cases that even the reserve does not cover.",
        figure,
        grid(("from", "to", "share"), rows, text=0),
        marks,
    )


def _path(view: View) -> Chart:
    frame = view.frame("cost")
    frame = frame[(frame["plan"] == "all") & (frame["period"] != "year")]
    total = frame[frame["figure"] == "total"]
    labels = list(total["period"])
    scale = Scale.of(total["p90"].to_numpy(), view.currency)
    figure = intervals(
        labels,
        {name: list(total[name] / scale.divisor) for name in ("p10", "p50", "p90")},
        f"cost, {scale.word}",
    )
    marks = [Mark("total, P50", PLAN, "line"), Mark("total, P10 to P90", PLAN_PALE)]
    salary = frame[frame["figure"] == "salary"].set_index("period")["p50"].reindex(labels)
    if salary.notna().any():
        stroke(figure, list(salary.fillna(0) / scale.divisor), PLAN_LIGHT)
        marks.append(Mark("of which salary, P50", PLAN_LIGHT, "line"))
    figure.y_range.start = 0
    texts = {"": labels} | {
        word: [numbers.money(value, view.currency) for value in total[word.lower()]]
        for word in ("P90", "P50", "P10")
    }
    texts["salary"] = [numbers.money(float(value), view.currency) for value in salary]
    touch(figure, texts, list(total["p90"] / scale.divisor))
    return Chart(
        "cost-path",
        "Cost per period",
        "High bars are periods in which accelerators and bonuses fall due; long bars are hard to foresee.",
        figure,
        _cells(frame, ("figure", "period")),
        tuple(marks),
    )


def _sales(view: View) -> pd.DataFrame:
    frame = view.frame("cost_of_sales")
    frame["figure"] = frame["figure"].str.replace("_", " ")
    return frame


def _year(view: View) -> Grid:
    frame = view.frame("cost")
    return _cells(
        frame[frame["period"] == "year"],
        ("plan", "figure"),
        f"Cost of the whole plan, {view.currency}",
        {**FIGURES, "cvar90": "CVaR 90", "reserve": "reserve"},
    )


def _cells(
    frame: pd.DataFrame, keys: tuple[str, str], caption: str = "", figures: Mapping[str, str] = FIGURES
) -> Grid:
    rows = [
        (str(row[keys[0]]), str(row[keys[1]]), *(numbers.grouped(row[name]) for name in figures))
        for _, row in frame.iterrows()
    ]
    return grid((*keys, *figures.values()), rows, text=2, caption=caption)


def _estimates(view: View) -> Grid:
    """Return the figures of the year, all plans, with their intervals."""
    frame = view.frame("cost")
    row = frame[(frame["plan"] == "all") & (frame["period"] == "year") & (frame["figure"] == "total")].iloc[0]
    names = {**FIGURES, "p50": "P50, the budget"}
    names |= {"cvar90": "CVaR 90, mean of the dearest 10 %", "cvar99": "CVaR 99, mean of the dearest 1 %"}
    rows = [
        (word, *(numbers.grouped(row[name + end]) for end in ("", "_low", "_high")))
        for name, word in names.items()
    ]
    rows.append(("P90 less P50, the reserve", numbers.grouped(row["reserve"]), "", ""))
    heads = ("figure", f"cost, {view.currency}", "95 % interval from", "to")
    return grid(heads, rows, caption="Cost of the year, all plans, and how well the replications know it")
