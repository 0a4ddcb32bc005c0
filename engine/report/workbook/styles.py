"""How native charts look: axes, lines and bars."""

from __future__ import annotations

from typing import Any

from engine.report.workbook.blocks import Block


def styled(chart: Any, title: str, x: str, y: str, **axes: dict[str, Any]) -> Any:
    """Return a chart with its title, axes and legend in the manner of all others."""
    quiet = {"name_font": {"bold": False, "size": 9}, "num_font": {"size": 9}}
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_x_axis({"name": x, **quiet, **axes.get("x_axis", {})})
    chart.set_y_axis(
        {
            "name": y,
            "major_gridlines": {"visible": True, "line": {"color": "#d9dee6"}},
            **quiet,
            **axes.get("y_axis", {}),
        }
    )
    chart.set_legend({"position": "bottom", **axes.get("legend", {})})
    return chart


def line(block: Block, series: int, colour: str, **more: Any) -> dict[str, Any]:
    """Return a series of a block as a line; `more` describes the line."""
    return {
        "name": block.name(series),
        "categories": block.categories(),
        "values": block.values(series),
        "line": {"color": colour, "width": 2, **more},
    }


def bar(block: Block, series: int, colour: str, **more: Any) -> dict[str, Any]:
    """Return a series of a block as bars."""
    return {
        "name": block.name(series),
        "categories": block.categories(),
        "values": block.values(series),
        "fill": {"color": colour},
        **more,
    }
