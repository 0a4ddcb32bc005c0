"""Spreads: simulated figures with their quantiles, over periods or over seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource, NoOverlap, Range1d, Span

from engine.report.figures.bars import rows_figure
from engine.report.figures.frame import blank, hover, name_ticks, period_names
from engine.report.palette import BAND, BEFORE, INK, PLAN, PLAN_FAIR, PLAN_LIGHT, PLAN_PALE

Values = Sequence[float]
Source = Mapping[str, Sequence[Any]]


def fan(labels: Sequence[str], quantiles: Mapping[str, Values], y: str) -> Any:
    """Draw P05..P95, P10..P90 and P25..P75 as bands over periods and P50 as a line.

    A single period has no course: use `intervals`.
    """
    chart = over_periods(labels, y)
    data: Source = {"x": list(range(len(labels)))} | {
        name: list(values) for name, values in quantiles.items()
    }
    source = ColumnDataSource(dict(data))
    for low, high, colour in (
        ("p05", "p95", PLAN_PALE),
        ("p10", "p90", PLAN_FAIR),
        ("p25", "p75", PLAN_LIGHT),
    ):
        if low in quantiles and high in quantiles:
            chart.varea(x="x", y1=low, y2=high, color=colour, source=source)
    chart.line(x="x", y="p50", color=PLAN, line_width=2.5, source=source)
    return chart


def intervals(labels: Sequence[str], quantiles: Mapping[str, Values], y: str) -> Any:
    """Draw per period P10..P90 as a light bar, P25..P75 (if given) as a darker one, P50 as a stroke."""
    chart = over_periods(labels, y)
    data: Source = {"x": list(range(len(labels)))} | {
        name: list(values) for name, values in quantiles.items()
    }
    source = ColumnDataSource(dict(data))
    chart.vbar(x="x", bottom="p10", top="p90", width=0.62, color=PLAN_PALE, source=source)
    if "p25" in quantiles:
        chart.vbar(x="x", bottom="p25", top="p75", width=0.62, color=PLAN_LIGHT, source=source)
    stroke(chart, quantiles["p50"], PLAN)
    return chart


def stroke(chart: Any, values: Values, colour: str = INK, dash: str = "solid") -> None:
    """Draw a short horizontal stroke per period."""
    x = np.arange(len(values), dtype=np.float64)
    source = ColumnDataSource({"x0": list(x - 0.38), "x1": list(x + 0.38), "y": list(values)})
    chart.segment(
        x0="x0", x1="x1", y0="y", y1="y", color=colour, line_width=2.5, line_dash=dash, source=source
    )


def course(chart: Any, values: Values, colour: str = INK) -> None:
    """Draw a line with a dot per period."""
    source = ColumnDataSource({"x": list(range(len(values))), "y": list(values)})
    chart.line(x="x", y="y", color=colour, line_width=1.5, source=source)
    chart.scatter(x="x", y="y", color=colour, size=5, source=source)


def touch(chart: Any, texts: Mapping[str, Sequence[str]], top: Values) -> None:
    """Make each period answer to the pointer with the texts; the invisible bar reaches up to `top`."""
    count = len(top)
    names = {f"t{index}": list(values) for index, values in enumerate(texts.values())}
    source = ColumnDataSource({"x": list(range(count)), "top": list(top), **names})
    bars = chart.vbar(x="x", bottom=0, top="top", width=1.0, fill_alpha=0, line_alpha=0, source=source)
    hover(
        chart,
        [bars],
        [(word, f"t{index}") for index, word in enumerate(texts)],
        mode="vline",
        attachment="horizontal",
    )


def columns(labels: Sequence[str], values: Values, level: float, y: str, texts: Source) -> Any:
    """Draw a bar per period and a dashed line at a level; `texts` are the rows of the pointer's box."""
    chart = over_periods(labels, y)
    bars = np.nan_to_num(np.asarray(values, dtype=np.float64)).tolist()
    source = ColumnDataSource({"x": list(range(len(bars))), "top": bars})
    chart.vbar(x="x", bottom=0, top="top", width=0.62, color=PLAN, source=source)
    highest = max([*bars, level if np.isfinite(level) else 0.0])
    chart.y_range = Range1d(0, 1.05 * highest if highest else 1.0)
    if np.isfinite(level):
        chart.add_layout(
            Span(location=level, dimension="width", line_color=INK, line_dash="dashed", line_width=1.5)
        )
    touch(chart, texts, [highest] * len(bars))
    return chart


def ranges(names: Sequence[str], low: Values, middle: Values, high: Values, *, x: str, texts: Source) -> Any:
    """Draw per name a bar from low to high with a dot at the middle; `texts` are the rows of the pointer's box."""
    chart = rows_figure(names, x)
    chart.xaxis[0].major_label_policy = NoOverlap(min_distance=5)
    columns = {f"t{index}": list(values) for index, values in enumerate(texts.values())}
    source = ColumnDataSource(
        {
            "y": list(range(len(names))),
            "low": list(low),
            "middle": list(middle),
            "high": list(high),
            **columns,
        }
    )
    bar = chart.hbar(y="y", left="low", right="high", height=0.36, color=PLAN_LIGHT, source=source)
    dot = chart.scatter(x="middle", y="y", size=8, color=PLAN, source=source)
    hover(chart, [bar, dot], [(word, f"t{index}") for index, word in enumerate(texts)])
    return chart


def dumbbells(
    names: Sequence[str],
    before: Values,
    after: Values,
    bands: tuple[Values, Values],
    *,
    x: str,
    texts: Source,
) -> Any:
    """Draw per name the allowed band, where it stood before (ring) and where it stands after (dot).

    An infinite end of a band runs to the edge of what is drawn.
    """
    chart = rows_figure(names, x)
    seen = np.concatenate([np.asarray(values, dtype=np.float64) for values in (before, after, *bands)])
    seen = seen[np.isfinite(seen)]
    bottom, top = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    pad = 0.04 * ((top - bottom) or abs(top) or 1.0)
    chart.x_range = Range1d(bottom - pad, top + pad)
    low = np.nan_to_num(np.asarray(bands[0], dtype=np.float64), nan=bottom - pad, neginf=bottom - pad)
    high = np.nan_to_num(np.asarray(bands[1], dtype=np.float64), nan=top + pad, posinf=top + pad)
    columns = {f"t{index}": list(values) for index, values in enumerate(texts.values())}
    source = ColumnDataSource(
        {
            "y": list(range(len(names))),
            "low": list(low),
            "high": list(high),
            "before": list(before),
            "after": list(after),
            **columns,
        }
    )
    band = chart.hbar(y="y", left="low", right="high", height=0.78, color=BAND, source=source)
    chart.segment(x0="before", x1="after", y0="y", y1="y", color=BEFORE, line_width=1.5, source=source)
    ring = chart.scatter(
        x="before", y="y", size=8, fill_color="white", line_color=BEFORE, line_width=2, source=source
    )
    dot = chart.scatter(x="after", y="y", size=9, color=PLAN, source=source)
    hover(chart, [band, ring, dot], [(word, f"t{index}") for index, word in enumerate(texts)])
    return chart


def over_periods(labels: Sequence[str], y: str) -> Any:
    """Return an empty figure with a place per period: 0, 1, 2 ..."""
    chart = blank("", y, 320)
    name_ticks(chart.xaxis[0], period_names(labels))
    chart.x_range = Range1d(-0.6, len(labels) - 0.4)
    chart.xgrid.grid_line_color = None
    return chart
