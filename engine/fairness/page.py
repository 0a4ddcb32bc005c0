"""Pages: methods compared, and last year's quotas judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast

from engine.columns import Table
from engine.fairness.book import ALL
from engine.fairness.comparison import WORDS, best
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.ranked import ranked
from engine.report.grids import grid, table_grid
from engine.report.html import document
from engine.report.input import ReportInput
from engine.report.palette import SERIES
from engine.report.sections import fairness_tests
from engine.report.view import View

_FOOT = "The same tables lie beside this page as CSV and Parquet."
_MARK = {"pass": "fair", "fail": "not fair", "unclear": "not clear", "told": ""}


def compared(title: str, description: str, currency: str, facts: str, tables: Sequence[Table]) -> str:
    """Return the comparison of methods as HTML; equal tables give equal text."""
    view = View(ReportInput(title, currency, (), tuple(tables)))
    every = view.frame("fairness_comparison")
    parts = [
        Section(
            "methods",
            "Methods",
            tuple(best(every)),
            (_chances(view),),
            (table_grid(view, "compared_methods"),),
        )
    ]
    for years, said in WORDS.items():
        words = said[0].upper() + said[1:]
        frame = every[(every["years"] == years) & (every["by"] == ALL)]
        if len(frame):
            charts = [
                replace(chart, id=f"{chart.id}-{years}", say=f"{words}, with interval, for each method.")
                for chart in fairness_tests.pictures(frame, "method")
            ]
            parts.append(Section(years, words, (), tuple(charts), (_matrix(view, years),)))
    whole = replace(
        table_grid(view, "fairness_comparison"), caption="Every test of every method by group", folded=True
    )
    quotas = replace(table_grid(view, "compared_quotas"), caption="Quotas of every method", folded=True)
    parts.append(
        Section("tables", "Tables and definitions", grids=(fairness_tests.explained(), whole, quotas))
    )
    return document("Quotas compared", title, parts, description=description, facts=facts, foot=_FOOT)


def judged(title: str, currency: str, facts: str, tables: Sequence[Table], untested: Sequence[str]) -> str:
    """Return the tests of a past year's quotas as HTML."""
    view = View(ReportInput(title, currency, (), tuple(tables)))
    part = fairness_tests.section(view)
    assert part is not None
    part = replace(part, sentences=(*part.sentences, *untested))
    seats = Section("seats", "Seats", grids=(table_grid(view, "judged"),))
    return document("Quotas judged", title, [part, seats], description="", facts=facts, foot=_FOOT)


def _matrix(view: View, years: str) -> Grid:
    frame = view.frame("fairness_comparison")
    frame = frame[(frame["years"] == years) & (frame["by"] == ALL)]
    methods, each = list(dict.fromkeys(frame["method"])), cast("Iterable[Any]", frame.itertuples())
    cells = {
        (
            row.method,
            row.test,
            row.figure,
        ): f"{fairness_tests.shown(row.value, row.unit)} {_MARK[row.verdict]}".rstrip()
        for row in each
    }
    rows = [
        (test.replace("_", " "), figure, *(cells.get((method, test, figure), "") for method in methods))
        for test, figure in dict.fromkeys(zip(frame["test"], frame["figure"], strict=True))
    ]
    return grid(("test", "figure", *methods), rows, text=2, caption="All figures on all seats")


def _chances(view: View) -> Chart:
    frame = view.frame("compared_quotas").dropna(subset=["chance"])
    lines, marks = [], []
    for index, method in enumerate(dict.fromkeys(frame["method"])):
        own = frame[frame["method"] == method]
        lines.append((str(method), list(own["chance"]), [str(rep) for rep in own["rep"]]))
        marks.append(Mark(str(method), SERIES[index % len(SERIES)], "line"))
    rows = [
        (name, *(f"{100 * value:.0f} %" for value in (min(values), sum(values) / len(values), max(values))))
        for name, values, _ in lines
    ]
    say = (
        "Each line is a method: its seats from the lowest chance to the highest. The flatter, the more alike."
    )
    return Chart(
        "chances", "Chance to make quota", say, ranked(lines, "probability to reach the quota"),
        grid(("method", "lowest", "mean", "highest"), rows), tuple(marks), wide=True,
    )  # fmt: skip
