"""Native charts of what the territories were asked beside the alignment: headcount, re-carve, overlays."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.report.palette import BEFORE, GAIN, PLAN
from engine.report.view import View
from engine.report.workbook.blocks import Blocks
from engine.report.workbook.styles import bar, line, styled


def territory_charts(book: Any, view: View, blocks: Blocks) -> list[Any]:
    """Return a chart for each of these tables that the run has."""
    builds = (("headcount", _headcount), ("recarve", _recarve), ("overlay_seats", _overlays))
    return [build(book, view, blocks) for name, build in builds if view.has(name)]


def _headcount(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("headcount")
    series = [
        (word, frame[name].to_numpy(dtype=np.float64))
        for word, name in (("no plan costs less than", "lower_bound"), ("cost of the plan", "upper_bound"))
    ]
    block = blocks.add("territories", [str(count) for count in frame["territories"]], series)
    chart = book.add_chart({"type": "line"})
    chart.add_series(line(block, 1, BEFORE, dash_type="dash"))
    chart.add_series(line(block, 2, PLAN))
    axis = {"num_format": "#,##0"}
    return styled(
        chart, "Cost of each number of territories", "territories", f"{view.currency} a year", y_axis=axis
    )


def _recarve(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("recarve")
    names = [view.seat_names.get(rep, rep) for rep in frame["rep"]]
    words = (("before", "remaining_before"), ("after", "remaining"))
    block = blocks.add("still to be won", names, [(word, frame[name].to_numpy()) for word, name in words])
    chart = book.add_chart({"type": "column"})
    chart.add_series(bar(block, 1, BEFORE, gap=60))
    chart.add_series(bar(block, 2, PLAN))
    return styled(chart, "Still to be won", "territory", view.currency, y_axis={"num_format": "#,##0"})


def _overlays(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("overlay_seats")
    names = [f"{name} ({overlay})" for name, overlay in zip(frame["name"], frame["overlay"], strict=True)]
    block = blocks.add("overlay", names, [("potential", frame["potential"].to_numpy())])
    chart = book.add_chart({"type": "column"})
    chart.add_series(bar(block, 1, GAIN, gap=60))
    title = "Potential served by each seat of an overlay"
    axis, legend = {"num_format": "#,##0"}, {"none": True}
    return styled(chart, title, "", view.currency, y_axis=axis, legend=legend)
