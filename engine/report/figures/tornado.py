"""Tornado: what a step of each input moves, the widest on top, with the interval of the mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, NoOverlap

from engine.report.figures.bars import rows_figure, upright
from engine.report.figures.frame import hover
from engine.report.palette import BEFORE, INK, PLAN

HEIGHT = 0.62
LETTERS = 36


def tornado(
    names: Sequence[str],
    steps: tuple[Sequence[float], Sequence[float]],
    interval: tuple[Sequence[float], Sequence[float]],
    *,
    x: str,
    texts: Mapping[str, Sequence[str]],
) -> Any:
    """Draw per name a bar for the step and one for the step back, and the effect as a dot with its interval.

    `steps` are the changes with the step and with the step back, NaN where there is none; `interval` are the ends of
    the interval, whose middle is the effect; `texts` are the rows of the pointer's box.
    """
    chart = rows_figure(names, x, LETTERS)
    chart.height = 76 + 26 * max(len(names), 2)
    chart.xaxis[0].major_label_policy = NoOverlap(min_distance=5)
    columns = {f"t{index}": list(values) for index, values in enumerate(texts.values())}
    up, down = (np.nan_to_num(np.asarray(values, dtype=np.float64)).tolist() for values in steps)
    source = ColumnDataSource({
        "y": list(range(len(names))), "up": up, "down": down, "low": list(interval[0]), "high": list(interval[1]),
        **columns,
    })  # fmt: skip
    back = chart.hbar(y="y", left=0, right="down", height=HEIGHT, color=BEFORE, source=source)
    forth = chart.hbar(y="y", left=0, right="up", height=HEIGHT, color=PLAN, source=source)
    chart.segment(x0="low", x1="high", y0="y", y1="y", color=INK, line_width=1.5, source=source)
    middle = np.mean(np.asarray(interval, dtype=np.float64), axis=0).tolist()
    source.data["middle"] = middle
    chart.scatter(x="middle", y="y", size=6, color=INK, source=source)
    for end in ("low", "high"):
        chart.scatter(x=end, y="y", marker="dash", angle=np.pi / 2, size=9, color=INK, source=source)
    hover(chart, [back, forth], [(word, f"t{index}") for index, word in enumerate(texts)])
    upright(chart, 0, dash="solid", width=1)
    return chart
