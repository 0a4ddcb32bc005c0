"""Maps on a plain grid of longitude and latitude: accounts as dots, homes as diamonds, a thread to each home.

Equirectangular: longitudes are shrunk by the cosine of the middle latitude, so that a kilometre is as long in
both directions there. No outlines of states or countries: the plan may lie anywhere in the world.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.core.properties import value
from bokeh.models import (
    BoxZoomTool,
    ColumnDataSource,
    DataRange1d,
    FixedTicker,
    PanTool,
    ResetTool,
    WheelZoomTool,
)
from numpy.typing import NDArray

from engine.report.figures.frame import FONT, blank, hover, literal
from engine.report.palette import INK

Degrees = NDArray[np.float64]
FEW = 500
"""Accounts up to which dots may be large and threads strong."""
NAMED = 12
"""Homes that have their names on the map; of more, the pointer tells them."""


def shrink(latitude: Degrees) -> float:
    """Return the cosine of the middle latitude of those known; 1 where none is."""
    known = latitude[np.isfinite(latitude)]
    return float(np.cos(np.radians((known.min() + known.max()) / 2))) if len(known) else 1.0


def spread(x: Degrees, y: Degrees) -> tuple[Degrees, Degrees]:
    """Return places that can be told apart: accounts of one town stand around it like the seeds of a sunflower.

    Tables often know the town and not the street, and a hundred dots on one point look like one. A town is a
    cell of a 150th of the map; its first account stays where it is, a seed takes about a 200th of the map.
    """
    reach = max(float(np.ptp(x)), float(np.ptp(y)), 0.1) if len(x) else 1.0
    column, row = np.rint(x / reach * 150), np.rint(y / reach * 150)
    order = np.lexsort((np.arange(len(x)), row, column))
    fresh = np.ones(len(x), dtype=bool)
    fresh[1:] = (np.diff(column[order]) != 0) | (np.diff(row[order]) != 0)
    first = np.maximum.accumulate(np.where(fresh, np.arange(len(x)), 0))
    turn = np.empty(len(x))
    turn[order] = np.arange(len(x)) - first
    radius = 0.0045 * reach * np.sqrt(turn)
    angle = turn * np.pi * (3 - np.sqrt(5))
    return x + radius * np.cos(angle), y + radius * np.sin(angle)


def places(accounts: ColumnDataSource, homes: ColumnDataSource, which: str, factor: float) -> Any:
    """Draw one map of `which` (`before` or `after`).

    Accounts have the columns x, y, size, name, potential, `colour_<which>`, `seat_<which>`, `hx_<which>` and
    `hy_<which>` (the home's place, NaN without one); homes have x, y, colour, name. x is longitude times `factor`.
    """
    x, y = np.asarray(accounts.data["x"]), np.asarray(accounts.data["y"])
    chart = blank(
        "",
        "",
        sizing_mode="scale_width",
        aspect_ratio=_aspect(x, y),
        match_aspect=True,
        x_range=DataRange1d(range_padding=0.08),
        y_range=DataRange1d(range_padding=0.08),
    )
    chart.segment(
        "x",
        "y",
        f"hx_{which}",
        f"hy_{which}",
        color=f"colour_{which}",
        alpha=0.22 if len(x) > FEW else 0.5,
        line_width=0.8 if len(x) > FEW else 1.2,
        source=accounts,
    )
    dots = chart.scatter(
        "x",
        "y",
        size="size",
        color=f"colour_{which}",
        fill_alpha=0.75,
        line_color="white",
        line_width=0.4,
        source=accounts,
    )
    seats = chart.scatter(
        "x", "y", size=11, marker="diamond", fill_color="colour", line_color=INK, line_width=1.6, source=homes
    )
    _name(chart, homes)
    hover(chart, [dots], [("", "name"), ("seat", f"seat_{which}"), ("potential", "potential")])
    hover(chart, [seats], [("home of", "name")])
    _graticule(chart, x / factor, y, factor)
    chart.add_tools(PanTool(), BoxZoomTool(match_aspect=True), WheelZoomTool(), ResetTool())
    chart.toolbar_location = "above"
    chart.toolbar.logo = None
    chart.toolbar.active_drag = None
    chart.toolbar.active_scroll = None
    return chart


def _name(chart: Any, homes: ColumnDataSource) -> None:
    """Write the names of few homes beside them, towards the middle of the map."""
    x = np.asarray(homes.data["x"], dtype=np.float64)
    if not 0 < len(x) <= NAMED:
        return
    east = x > (x.min() + x.max()) / 2
    data = {key: np.asarray(homes.data[key], dtype=object) for key in ("x", "y", "name")}
    for side, align, gap in ((east, "right", -9), (~east, "left", 9)):
        rows = {key: list(values[side]) for key, values in data.items()}
        rows["name"] = [literal(name) for name in rows["name"]]
        chart.text(
            "x",
            "y",
            text="name",
            text_align=align,
            text_baseline="middle",
            x_offset=gap,
            text_font=value(FONT),
            text_font_size="11px",
            text_color=INK,
            background_fill_color="white",
            background_fill_alpha=0.75,
            source=ColumnDataSource(rows),
        )


def _aspect(x: Degrees, y: Degrees) -> float:
    width, height = float(np.ptp(x)) if len(x) else 0.0, float(np.ptp(y)) if len(y) else 0.0
    return float(np.clip((width + 0.1) / (height + 0.1), 1.0, 1.5))


def _graticule(chart: Any, longitude: Degrees, latitude: Degrees, factor: float) -> None:
    step = _step(max(float(np.ptp(longitude)), float(np.ptp(latitude))) if len(longitude) else 1.0)
    east = np.arange(-180, 180 + step, step)
    north = np.arange(-90, 90 + step, step)
    chart.xaxis[0].ticker = FixedTicker(ticks=[float(value * factor) for value in east], minor_ticks=[])
    chart.yaxis[0].ticker = FixedTicker(ticks=[float(value) for value in north], minor_ticks=[])
    chart.xaxis[0].major_label_overrides = {
        float(value * factor): _degrees(value, "E", "W") for value in east
    }
    chart.yaxis[0].major_label_overrides = {float(value): _degrees(value, "N", "S") for value in north}


def _step(span: float) -> float:
    return next((step for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if span / step <= 8), 30.0)


def _degrees(value: float, positive: str, negative: str) -> str:
    side = positive if value > 0 else negative if value < 0 else ""
    return f"{abs(round(float(value), 3)):g}\u00b0{side}"
