"""Courses: bands and bars along an axis, with a line over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bokeh.models import ColumnDataSource

from engine.report.figures.frame import blank, hover
from engine.report.figures.spreads import Values, course, over_periods
from engine.report.palette import INK, PLAN, PLAN_LIGHT, PLAN_PALE


def fan_along(
    x: Values, quantiles: Mapping[str, Values], labels: tuple[str, str], texts: Mapping[str, Sequence[str]]
) -> Any:
    """Draw P10..P90 as a band along a measured axis, and P50 as a line with a dot per point."""
    chart = blank(*labels, 320)
    columns = {f"t{index}": list(values) for index, values in enumerate(texts.values())}
    data = {"x": list(x)} | {name: list(values) for name, values in quantiles.items()}
    source = ColumnDataSource({**data, **columns})
    chart.varea(x="x", y1="p10", y2="p90", color=PLAN_PALE, source=source)
    chart.line(x="x", y="p50", color=PLAN, line_width=2.5, source=source)
    dots = chart.scatter("x", "p50", size=7, color=PLAN, source=source)
    hover(chart, [dots], [(word, f"t{index}") for index, word in enumerate(texts)])
    return chart


def bars_with_course(labels: Sequence[str], bars: Values, line: Values, y: str) -> Any:
    """Draw a bar per period, and a line with a dot per period over them."""
    chart = over_periods(labels, y)
    source = ColumnDataSource({"x": list(range(len(labels))), "top": list(bars)})
    chart.vbar(x="x", bottom=0, top="top", width=0.62, color=PLAN_LIGHT, source=source)
    course(chart, line, INK)
    return chart
