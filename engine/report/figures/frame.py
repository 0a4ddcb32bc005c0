"""The bare figure every chart starts from, its axes, and words that bokeh may not read as anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from bokeh.models import FixedTicker, HoverTool, NoOverlap, NumeralTickFormatter
from bokeh.plotting import figure

from engine.report.palette import INK, QUIET, RULE

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

LETTERS = 28
"""Letters of a name that an axis shows."""


@dataclass(frozen=True)
class Scale:
    """Amounts drawn in thousands, millions or billions so that axis labels stay short."""

    divisor: float
    word: str
    """What stands on the axis: `USD million`."""

    @classmethod
    def of(cls, values: Sequence[float] | np.ndarray[Any, Any], unit: str) -> Scale:
        """Choose the scale from the largest amount."""
        finite = np.abs(np.asarray(values, dtype=np.float64))
        top = float(np.max(finite[np.isfinite(finite)], initial=0.0))
        for divisor, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
            if top >= 2 * divisor:
                return cls(divisor, f"{unit} {word}".strip())
        return cls(1.0, unit)


def blank(x: str, y: str, height: int = 300, **options: Any) -> Any:
    """Return an empty figure with axis labels; it takes the width of its box. No tool catches a finger."""
    options = {"sizing_mode": "stretch_width", "height": height, "min_width": 200} | options
    chart = figure(tools="", toolbar_location=None, x_axis_label=x, y_axis_label=y, **options)
    chart.outline_line_color = None
    chart.background_fill_color = "white"
    chart.min_border_right = 14
    for axis in chart.axis:
        axis.axis_line_color = RULE
        axis.major_tick_line_color = RULE
        axis.minor_tick_line_color = None
        axis.major_label_text_color = INK
        axis.major_label_text_font = FONT
        axis.major_label_text_font_size = "12px"
        axis.axis_label_text_color = QUIET
        axis.axis_label_text_font = FONT
        axis.axis_label_text_font_size = "12px"
        axis.axis_label_text_font_style = "normal"
        axis.formatter = NumeralTickFormatter(format="0,0.[0000]")
    chart.grid.grid_line_color = RULE
    chart.grid.grid_line_alpha = 0.7
    return chart


def hover(chart: Any, renderers: Sequence[Any], rows: Sequence[tuple[str, str]], **options: Any) -> None:
    """Show rows of (word, column) when the pointer is on one of the renderers; columns hold finished text."""
    tooltips = [(word, f"@{{{column}}}") for word, column in rows]
    chart.add_tools(HoverTool(renderers=list(renderers), tooltips=tooltips, visible=False, **options))


def percent_axis(axis: Any) -> None:
    """Show ratios as percentages, with the decimals that tell two ticks apart."""
    axis.formatter = NumeralTickFormatter(format="0,0.[00] %")


def unsigned_axis(axis: Any, reach: float) -> None:
    """Show amounts on both sides of zero without their sign, at round steps up to `reach`."""
    rough = max(reach, 1e-9) / 4
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(next(power * digit for digit in (1, 2, 5, 10) if power * digit >= rough))
    ticks = [step * index for index in range(-5, 6)]
    axis.ticker = FixedTicker(ticks=ticks, minor_ticks=[])
    axis.major_label_overrides = {tick: f"{abs(tick):,.10g}" for tick in ticks}


def name_ticks(axis: Any, names: Sequence[str], letters: int = LETTERS) -> None:
    """Put names at 0, 1, 2 ... instead of numbers, each cut after so many letters."""
    axis.ticker = FixedTicker(ticks=list(range(len(names))), minor_ticks=[])
    axis.major_label_overrides = {index: literal(name, letters) for index, name in enumerate(names)}
    axis.major_label_policy = NoOverlap(min_distance=3)


def literal(text: str, limit: int = LETTERS) -> str:
    r"""Return a label that is drawn as it stands: bokeh reads $$..$$, \\[..\\] and \\(..\\) as formulas.

    A zero-width space breaks their marks. What is longer than the limit is cut with an ellipsis.
    """
    text = text if len(text) <= limit else text[: limit - 1] + "\u2026"
    for mark in ("$$", "\\[", "\\("):
        text = text.replace(mark, f"{mark[0]}\u200b{mark[1]}")
    return text


def period_names(labels: Sequence[str]) -> list[str]:
    """Shorten period labels for an axis: `2027-01` is `Jan 27`, later months `Feb`; `FY2027-P03` is `P03`."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    names = []
    for index, label in enumerate(labels):
        year, _, part = label.partition("-")
        if len(year) == 4 and year.isdigit() and part.isdigit() and 1 <= int(part) <= 12:
            month = months[int(part) - 1]
            names.append(f"{month} {year[2:]}" if index == 0 or month == "Jan" else month)
        else:
            names.append(part or label)
    return names
