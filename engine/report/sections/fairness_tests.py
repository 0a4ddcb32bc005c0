"""Is it fair: every test of the quotas with its verdict, its picture by group, and its definition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.fairness.book import ALL
from engine.fairness.run import definitions
from engine.report import numbers
from engine.report.contents import Chart, Grid, Heading, Mark, Section
from engine.report.figures.bars import shade, upright
from engine.report.figures.frame import percent_axis
from engine.report.figures.spreads import ranges
from engine.report.grids import grid, table_grid
from engine.report.palette import BAND, INK, PLAN, PLAN_LIGHT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

NAME = "fairness"
_WORDS = {"pass": "fair", "fail": "not fair", "unclear": "not clear", "told": "no limit"}
_NEUTRAL = ("effect of", "against others")
"""Figures of which 0 is neutral."""


def section(view: View) -> Section | None:
    """Return the section on the tests; None where there are none."""
    if not view.has(NAME):
        return None
    frame = view.frame(NAME)
    first = frame[frame["by"] == ALL]
    failed = frame[frame["verdict"] == "fail"]
    told = first[first["verdict"] == "fail"]["sentence"].tolist()
    groups = failed[(failed["by"] != ALL) & (failed["test"] == "equal_groups")]["sentence"].tolist()
    drawn = pictures(frame[frame["verdict"] != "told"], "by")
    return Section(
        "fair",
        "Is it fair",
        (counted(first), *told, *groups),
        tuple(
            chart for chart in drawn if len(chart.grid.rows) > 1
        ),  # of all seats alone the table tells the same
        (
            findings(first, "Every test on all seats"),
            replace(table_grid(view, NAME), caption="Every test by group", folded=True),
            explained(),
        ),
    )


def counted(frame: pd.DataFrame) -> str:
    """Return the sentence on how many figures are fair."""
    count = frame["verdict"].value_counts()
    fair, unfair, unclear = (int(count.get(word, 0)) for word in ("pass", "fail", "unclear"))
    return (
        f"Of {fair + unfair + unclear} figures with a limit: {fair} fair, {unfair} not fair, {unclear} not clear "
        "(the interval reaches over a limit)."
    )


def findings(frame: pd.DataFrame, caption: str) -> Grid:
    """Return findings with verdict and sentence."""
    each: Iterable[Any] = frame.itertuples()
    rows = [
        (
            row.test.replace("_", " "),
            _WORDS[row.verdict],
            shown(row.value, row.unit),
            interval(row),
            row.sentence,
        )
        for row in each
    ]
    heads = ("test", "verdict", "value", "interval", "what it means")
    headings = tuple(Heading(word, word in ("value", "interval")) for word in heads)
    return Grid(headings, tuple(rows), caption)


def explained() -> Grid:
    """Return what every test measures."""
    rows = [(title, words.replace("`", "")) for _, title, words in definitions()]
    return replace(grid(("test", "definition"), rows, text=2, caption="Definitions"), folded=True)


def pictures(frame: pd.DataFrame, apart: str) -> tuple[Chart, ...]:
    """Return a picture for every figure: its value and interval for each group, or for each method.

    Args:
        frame: findings.
        apart: `by`, a row for all seats and for each group; or `method`, a row for each, on all seats.

    """
    made = []
    for test, figure in dict.fromkeys(zip(frame["test"], frame["figure"], strict=True)):
        rows = frame[(frame["test"] == test) & (frame["figure"] == figure)]
        rows = rows[np.isfinite(rows["value"].to_numpy())]
        alike = apart == "method" and rows["value"].round(9).nunique() == 1
        if len(rows) and not alike and np.isfinite(rows["low"].to_numpy()).any():
            made.append(_picture(test, figure, rows, apart))
    return tuple(made)


def _picture(test: str, figure: str, rows: pd.DataFrame, apart: str) -> Chart:
    if apart == "by":
        pairs = zip(rows["by"], rows["group"], strict=True)
        names = ["all seats" if by == ALL else f"{by} {group}" for by, group in pairs]
    else:
        names = [str(name) for name in rows[apart]]
    unit = str(rows["unit"].iloc[0])
    middle = list(rows["value"])
    low, high = (list(rows[end].where(rows[end].notna(), rows["value"])) for end in ("low", "high"))
    texts = {
        "": names,
        figure: [shown(value, unit) for value in middle],
        "interval": [interval(row) for row in rows.itertuples()],
        "verdict": [_WORDS[word] for word in rows["verdict"]],
    }
    drawn = ranges(names, low, middle, high, x=figure, texts=texts)
    if unit == "ratio":
        percent_axis(drawn.xaxis[0])
    marks = [Mark("value", PLAN, "dot"), Mark("interval", PLAN_LIGHT)]
    bottom, top = (float(rows[end].iloc[0]) for end in ("at_least", "at_most"))
    if np.isfinite(bottom) or np.isfinite(top):
        shade(drawn, bottom, top)
        marks.append(Mark("fair", BAND))
    if any(word in figure for word in _NEUTRAL):
        upright(drawn, 0.0)
        marks.append(Mark("neutral", INK, "dash"))
    title = f"{test.replace('_', ' ').capitalize()}: {figure}"
    name = "-".join(["fair", *test.split("_"), *figure.replace("%", "").split()]).lower()
    lines: Sequence[tuple[Any, ...]] = list(zip(*texts.values(), strict=True))
    say, behind = str(rows["sentence"].iloc[0]), grid((apart, figure, "interval", "verdict"), lines)
    return Chart(name, title, say, drawn, behind, tuple(marks))


def shown(value: float, unit: str) -> str:
    """Return a figure as read."""
    return numbers.percent(value) if unit == "ratio" else f"{value:.2f}"


def interval(row: Any) -> str:
    """Return the interval of a row; blank where there is none."""
    if not np.isfinite(row.low + row.high):
        return ""
    return f"{shown(row.low, row.unit)} to {shown(row.high, row.unit)}"
