"""Chances: a probability against a whole number, a line for each choice, with its interval and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, FixedTicker, Range1d, Span

from engine.report.figures.frame import blank, hover, percent_axis
from engine.report.palette import INK, SERIES

TICKS = 14


@dataclass(frozen=True)
class Course:
    """One line."""

    name: str
    x: Sequence[int]
    y: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    texts: Sequence[str]
    """What the pointer tells of each point."""


def chances(courses: Sequence[Course], target: float, labels: tuple[str, str]) -> Any:
    """Draw the lines over the tenths of 0 to 100 % that they, their intervals and the target lie in."""
    chart = blank(*labels, 320)
    seen = np.concatenate(
        [[target], *(np.asarray([*one.low, *one.high], dtype=np.float64) for one in courses)]
    )
    bottom, top = np.floor(10 * seen.min()) / 10, np.ceil(10 * seen.max()) / 10
    chart.y_range = Range1d(max(bottom - 0.01, 0.0), min(top, 1.0) + 0.01)
    most = max(max(one.x) for one in courses)
    chart.x_range = Range1d(-0.3, most + 0.3)
    chart.xaxis.ticker = FixedTicker(
        ticks=list(range(0, most + 1, max(1, -(-most // TICKS)))), minor_ticks=[]
    )
    for index, one in enumerate(courses):
        colour = colour_of(index)
        source = ColumnDataSource({
            "x": list(one.x), "y": list(one.y), "low": list(one.low), "high": list(one.high),
            "name": [one.name] * len(one.x), "text": list(one.texts),
        })  # fmt: skip
        chart.varea(x="x", y1="low", y2="high", color=colour, fill_alpha=0.13, source=source)
        chart.line("x", "y", color=colour, line_width=2.5, source=source)
        dots = chart.scatter("x", "y", size=8, color=colour, line_color="white", source=source)
        hover(chart, [dots], [("", "name"), ("", "text")])
    chart.add_layout(
        Span(location=target, dimension="width", line_color=INK, line_dash="dashed", line_width=1.5)
    )
    percent_axis(chart.yaxis[0])
    return chart


def colour_of(index: int) -> str:
    """Return the colour of a line."""
    return SERIES[index % len(SERIES)]
