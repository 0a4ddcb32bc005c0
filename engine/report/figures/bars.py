"""Bars: histograms, bars that grow to both sides, and stages with what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.models import BoxAnnotation, ColumnDataSource, Range1d, Span
from numpy.typing import NDArray

from engine.report.figures.frame import LETTERS, blank, hover, name_ticks, percent_axis, unsigned_axis
from engine.report.palette import BAND, INK

FloatArray = NDArray[np.float64]

ROW = 18
"""Pixels a named row takes."""
NAMED = 60
"""Rows that still have their names on the axis; with more the pointer tells them."""


def rows_figure(names: Sequence[str], x: str, letters: int = LETTERS) -> Any:
    """Return a figure with one row per name, the first on top; names are left out where they cannot be read.

    A name is cut after so many letters.
    """
    count = len(names)
    height = 76 + ROW * min(max(count, 2), NAMED)
    chart = blank(x, "", height, y_range=Range1d(count - 0.4, -0.6))
    chart.ygrid.grid_line_color = None
    if count <= NAMED:
        name_ticks(chart.yaxis[0], names, letters)
    else:
        chart.yaxis.visible = False
    return chart


def histogram(
    left: Sequence[float],
    right: Sequence[float],
    share: Sequence[float],
    *,
    colours: Sequence[str],
    x: str,
    texts: Sequence[str],
) -> Any:
    """Draw shares (ratios) over bins, each in its colour; `texts` says each bin in words."""
    chart = blank(x, "share of cases", 320)
    top = np.asarray(share, dtype=np.float64)
    source = ColumnDataSource(
        {
            "left": list(left),
            "right": list(right),
            "top": list(top),
            "colour": list(colours),
            "bin": list(texts),
            "share": [f"{100 * value:.1f} %" for value in top],
        }
    )
    bars = chart.quad(
        left="left",
        right="right",
        top="top",
        bottom=0,
        fill_color="colour",
        line_color="white",
        source=source,
    )
    hover(chart, [bars], [("", "bin"), ("share", "share")])
    chart.y_range.start = 0
    percent_axis(chart.yaxis[0])
    chart.xgrid.grid_line_color = None
    return chart


def drawn_bins(left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the edges that bins are drawn with; their shares stay as they are.

    The outermost bins gather what lies beyond the others and may be long or open: drawn, they are as wide as a
    usual one. A single bin without width gets one of a hundredth of its place.
    """
    width = np.where(np.isfinite(right - left), right - left, 0.0)
    inner = width[1:-1] if len(width) > 2 else width
    usual = (
        float(np.median(inner[inner > 0]))
        if (inner > 0).any()
        else 0.01 * float(np.abs(left).max(initial=1.0))
    )
    start, end = left.copy(), right.copy()
    if len(left):
        end[-1] = left[-1] + usual if not width[-1] or width[-1] > 2 * usual else right[-1]
        start[0] = right[0] - usual if len(left) > 1 and width[0] > 2 * usual else left[0]
    return start, end


def upright(chart: Any, at: float, colour: str = INK, dash: str = "dashed", width: float = 1.5) -> None:
    """Draw a vertical reference line."""
    chart.add_layout(
        Span(location=at, dimension="height", line_color=colour, line_dash=dash, line_width=width)
    )


def shade(chart: Any, low: float, high: float) -> None:
    """Shade what lies from low to high, across; an end that is not finite is open."""
    left, right = (end if np.isfinite(end) else None for end in (low, high))
    chart.add_layout(BoxAnnotation(left=left, right=right, fill_color=BAND, fill_alpha=1, level="underlay"))


def two_sided(
    names: Sequence[str],
    left: Sequence[float],
    right: Sequence[float],
    *,
    colours: tuple[str, str],
    x: str,
    texts: tuple[Sequence[str], Sequence[str]],
) -> Any:
    """Draw per name a bar to the left of zero and one to the right."""
    chart = rows_figure(names, x)
    source = ColumnDataSource(
        {
            "y": list(range(len(names))),
            "left": [-value for value in left],
            "right": list(right),
            "name": list(names),
            "lost": list(texts[0]),
            "gained": list(texts[1]),
        }
    )
    bars = [
        chart.hbar(y="y", left="left", right=0, height=0.7, color=colours[0], source=source),
        chart.hbar(y="y", left=0, right="right", height=0.7, color=colours[1], source=source),
    ]
    hover(chart, bars, [("", "name"), ("loses", "lost"), ("gains", "gained")])
    upright(chart, 0, dash="solid", width=1)
    unsigned_axis(chart.xaxis[0], max([*left, *right], default=1.0))
    return chart


def stacked(names: Sequence[str], parts: Sequence[tuple[str, Sequence[float], str]], x: str) -> Any:
    """Draw per name a bar of several parts; each part has its word, values and colour."""
    chart = rows_figure(names, x)
    chart.height = 76 + 34 * max(len(names), 2)
    base = np.zeros(len(names))
    for word, values, colour in parts:
        edge = base + np.asarray(values, dtype=np.float64)
        source = ColumnDataSource(
            {
                "y": list(range(len(names))),
                "left": list(base),
                "right": list(edge),
                "name": list(names),
                "part": [f"{value:,.1f} {word}" for value in values],
            }
        )
        bars = chart.hbar(y="y", left="left", right="right", height=0.62, color=colour, source=source)
        hover(chart, [bars], [("", "name"), ("", "part")])
        base = edge
    chart.x_range.start = 0
    return chart
