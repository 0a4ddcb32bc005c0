"""Native charts of comp cost beside its course: by company attainment, and cash against expense."""

from __future__ import annotations

from typing import Any

from engine.report import numbers
from engine.report.palette import INK, PLAN, PLAN_LIGHT, SHORT
from engine.report.view import View
from engine.report.workbook.blocks import Blocks
from engine.report.workbook.styles import bar, line, styled


def cost_charts(book: Any, view: View, blocks: Blocks) -> list[Any]:
    """Return a chart for each of these tables that the run has."""
    builds = (("cost_by_attainment", _by_attainment), ("accruals", _accruals))
    return [build(book, view, blocks) for name, build in builds if view.has(name)]


def _by_attainment(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("cost_by_attainment")
    labels = [numbers.percent(value) for value in frame["attainment"]]
    series = [(word.upper(), frame[word].to_numpy()) for word in ("p10", "p50", "p90")]
    block = blocks.add("company attainment", labels, series)
    chart = book.add_chart({"type": "line"})
    for place, (colour, dash) in enumerate(((PLAN_LIGHT, "dash"), (PLAN, "solid"), (SHORT, "dash")), 1):
        chart.add_series(line(block, place, colour, dash_type=dash))
    axis = {"num_format": "#,##0"}
    return styled(chart, "Cost by company attainment", "company attainment", view.currency, y_axis=axis)


def _accruals(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("accruals")
    rows = frame[(frame["plan"] == "all") & (frame["period"] != "year")]
    series = [(word, rows[word].to_numpy()) for word in ("cash", "expense")]
    block = blocks.add("cash and expense", list(rows["period"]), series)
    chart = book.add_chart({"type": "column"})
    chart.add_series(bar(block, 1, PLAN_LIGHT, gap=60))
    lines = book.add_chart({"type": "line"})
    lines.add_series(line(block, 2, INK))
    chart.combine(lines)
    axis = {"num_format": "#,##0"}
    return styled(chart, "Cash and expense per period", "", view.currency, y_axis=axis)
