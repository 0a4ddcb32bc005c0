"""Ranked: lines over seats in the order of a value, so that a flat line is an even lot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.report.figures.frame import percent_axis
from engine.report.figures.points import curves


def ranked(lines: Sequence[tuple[str, Sequence[float], Sequence[str]]], y: str) -> Any:
    """Draw per line (name, values, name per value) the values from the lowest to the highest, as ratios."""
    drawn = []
    for name, values, names in lines:
        order = sorted(range(len(values)), key=lambda i: (values[i], names[i]))
        places = [(index + 0.5) / len(order) for index in range(len(order))]
        texts = [f"{names[i]}: {100 * values[i]:.0f} %" for i in order]
        drawn.append((name, places, [values[i] for i in order], texts))
    chart = curves(drawn, labels=("seats, from the lowest to the highest", y))
    chart.x_range.end, chart.y_range.end = 1, 1
    percent_axis(chart.xaxis[0])
    percent_axis(chart.yaxis[0])
    return chart
