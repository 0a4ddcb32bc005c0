"""A frontier as two stairs: the plans that were found, and the bound below which no plan can lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bokeh.models import BoxAnnotation, ColumnDataSource

from engine.report.figures.frame import blank, hover, percent_axis
from engine.report.palette import BEFORE, PLAN, SHORT


@dataclass(frozen=True)
class Stairs:
    """Points of a frontier, in ascending order of their limit; every sequence has shape (point,)."""

    limit: Sequence[float]
    """Limit under which each bound holds."""
    bound: Sequence[float]
    reached: Sequence[float]
    """What each plan comes to on the limited axis."""
    value: Sequence[float]
    texts: Mapping[str, Sequence[str]]
    """Words shown at each plan."""


def stairs(
    points: Stairs, plan: tuple[float, float], nobody: float, labels: tuple[str, str], ratio: bool
) -> Any:
    """Draw the stairs, the plan of the run as a diamond, and in red the limits that no plan keeps (up to `nobody`).

    A plan is good for every looser limit until the next; a bound holds for every tighter one.
    """
    chart = blank(*labels, 340)
    chart.step(
        list(points.limit), list(points.bound), mode="before", color=BEFORE, line_dash="dashed", line_width=2
    )
    chart.step(list(points.reached), list(points.value), mode="after", color=PLAN, line_width=2.5)
    columns = {f"t{index}": list(values) for index, values in enumerate(points.texts.values())}
    source = ColumnDataSource({"x": list(points.reached), "y": list(points.value), **columns})
    dots = chart.scatter("x", "y", size=9, color=PLAN, line_color="white", source=source)
    hover(chart, [dots], [(word, f"t{index}") for index, word in enumerate(points.texts)])
    chart.scatter([plan[0]], [plan[1]], size=13, marker="diamond", color=SHORT, line_color="white")
    if nobody >= 0:
        chart.add_layout(BoxAnnotation(right=nobody, fill_color=SHORT, fill_alpha=0.12, line_color=None))
    chart.x_range.start = 0
    chart.y_range.start = 0
    if ratio:
        percent_axis(chart.xaxis)
    return chart
