"""What each number of territories costs: the plan that was found above, the bound that no plan undercuts below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, FixedTicker, Range1d

from engine.report.figures.frame import blank, hover
from engine.report.palette import BEFORE, PLAN, RULE, SHORT

TICKS = 14


def corridor(
    count: Sequence[int],
    lower: Sequence[float],
    upper: Sequence[float],
    chosen: int,
    texts: Mapping[str, Sequence[str]],
    y: str,
) -> Any:
    """Draw UB(p) and LB(p) against p, NaN where there is none, and the chosen number as a diamond (-1: none).

    The costs of neighbouring numbers lie close together, so the axis begins below the least bound, not at zero.
    """
    chart = blank("number of territories", y, 320)
    seen = np.concatenate([np.asarray(values, dtype=np.float64) for values in (lower, upper)])
    seen = seen[np.isfinite(seen)]
    bottom, top = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    pad = 0.08 * ((top - bottom) or abs(top) or 1.0)
    chart.y_range = Range1d(bottom - pad, top + pad)
    chart.x_range = Range1d(min(count) - 0.5, max(count) + 0.5)
    step = max(1, -(-len(count) // TICKS))
    chart.xaxis.ticker = FixedTicker(ticks=list(count)[::step], minor_ticks=[])
    columns = {f"t{index}": list(values) for index, values in enumerate(texts.values())}
    source = ColumnDataSource({"p": list(count), "lower": list(lower), "upper": list(upper), **columns})
    chart.segment(x0="p", x1="p", y0="lower", y1="upper", color=RULE, line_width=6, source=source)
    chart.line("p", "lower", color=BEFORE, line_dash="dashed", line_width=2, source=source)
    chart.line("p", "upper", color=PLAN, line_width=2.5, source=source)
    dash = chart.scatter("p", "lower", size=12, marker="dash", color=BEFORE, line_width=2, source=source)
    dots = chart.scatter("p", "upper", size=9, color=PLAN, line_color="white", source=source)
    hover(chart, [dots, dash], [(word, f"t{index}") for index, word in enumerate(texts)])
    if chosen >= 0:
        best = [count[chosen]], [upper[chosen]]
        chart.scatter(*best, size=14, marker="diamond", color=SHORT, line_color="white")
    return chart
