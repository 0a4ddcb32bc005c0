"""Points and lines: scatters of seats with a line of reference, and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource

from engine.report.figures.frame import blank, hover
from engine.report.palette import INK, PLAN, SERIES


def scatter(
    x: Sequence[float],
    y: Sequence[float],
    texts: Mapping[str, Sequence[str]],
    *,
    labels: tuple[str, str],
    slope: float | None = None,
) -> Any:
    """Draw a dot per seat, and through the origin the line that all would lie on with equal shares."""
    chart = blank(*labels, 320)
    columns = {f"t{index}": list(values) for index, values in enumerate(texts.values())}
    source = ColumnDataSource({"x": list(x), "y": list(y), **columns})
    dots = chart.scatter("x", "y", size=9, color=PLAN, fill_alpha=0.75, line_color="white", source=source)
    hover(chart, [dots], [(word, f"t{index}") for index, word in enumerate(texts)])
    if slope is not None:
        reach = float(np.nanmax(np.asarray(x, dtype=np.float64), initial=0.0)) * 1.05
        chart.line([0, reach], [0, slope * reach], color=INK, line_dash="dashed", line_width=1.5)
    return chart


def curves(
    lines: Sequence[tuple[str, Sequence[float], Sequence[float], Sequence[str]]], *, labels: tuple[str, str]
) -> Any:
    """Draw lines of (name, x, y, text per point), each in its colour; they start from zero."""
    chart = blank(*labels, 320)
    for index, (name, x, y, texts) in enumerate(lines):
        source = ColumnDataSource({"x": list(x), "y": list(y), "name": [name] * len(x), "text": list(texts)})
        dash = ("solid", "dashed", "dotdash", "dotted")[index // len(SERIES) % 4]
        chart.line("x", "y", color=SERIES[index % len(SERIES)], line_dash=dash, line_width=2.5, source=source)
        dots = chart.scatter("x", "y", size=9, fill_alpha=0, line_alpha=0, source=source)
        hover(chart, [dots], [("", "name"), ("", "text")])
    chart.x_range.start = 0
    chart.y_range.start = 0
    return chart
