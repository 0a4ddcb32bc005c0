"""Waterfall: from nothing to a sum, a bar for each step from where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource

from engine.report.figures.bars import rows_figure
from engine.report.figures.frame import hover
from engine.report.palette import GAIN, PLAN, RULE, SHORT

LETTERS = 34


def waterfall(names: Sequence[str], steps: Sequence[float], total: str, x: str, texts: Sequence[str]) -> Any:
    """Draw a row for each step, what adds and what takes away in colours of their own, and at last their sum.

    `texts` are what the pointer tells of each step and of the sum.
    """
    chart = rows_figure([*names, total], x, LETTERS)
    chart.height = 76 + 26 * max(len(names) + 1, 2)
    ends = np.cumsum(np.asarray(steps, dtype=np.float64))
    starts = np.concatenate([[0.0], ends[:-1]])
    colours = [GAIN if step >= 0 else SHORT for step in steps]
    source = ColumnDataSource({
        "y": list(range(len(names) + 1)), "left": [*starts.tolist(), 0.0], "right": [*ends.tolist(), float(ends[-1])],
        "colour": [*colours, PLAN], "name": [*names, total], "text": list(texts),
    })  # fmt: skip
    bars = chart.hbar(y="y", left="left", right="right", height=0.62, color="colour", source=source)
    down = ColumnDataSource({
        "x": ends.tolist(), "y0": [index + 0.31 for index in range(len(names))],
        "y1": [index + 0.69 for index in range(len(names))],
    })  # fmt: skip
    chart.segment(x0="x", x1="x", y0="y0", y1="y1", color=RULE, line_width=1.5, source=down)
    hover(chart, [bars], [("", "name"), ("", "text")])
    return chart
