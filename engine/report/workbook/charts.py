"""Native charts: balance, territories, bookings, cost, attainment, stages and pay, in the colours of the page."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.report import numbers
from engine.report.palette import BEFORE, GAIN, INK, PLAN, PLAN_LIGHT, PLAN_PALE, SERIES, SHORT
from engine.report.view import View
from engine.report.workbook.blocks import Blocks
from engine.report.workbook.cost_charts import cost_charts
from engine.report.workbook.sheets import Formats
from engine.report.workbook.styles import bar, line, styled
from engine.report.workbook.territory_charts import territory_charts

WIDTH, HEIGHT, PER_ROW = 620, 340, 2


def write_charts(book: Any, view: View, formats: Formats) -> None:
    """Write the sheets `Charts` and `Chart data`; a chart whose table is missing is left out."""
    sheet = book.add_worksheet("Charts")
    blocks = Blocks(book.add_worksheet("Chart data"), formats)
    charts = [*_balance(book, view, blocks), *territory_charts(book, view, blocks)]
    for build, name in (
        (_bookings, "bookings"),
        (_cost, "cost"),
        (_attainment, "attainment_distribution"),
        (_funnel, "funnel"),
        (_pay, "pay_curve"),
    ):
        chart = build(book, view, blocks) if view.has(name) else None
        if chart is not None:
            charts.append(chart)
    charts += cost_charts(book, view, blocks)
    if not charts:
        sheet.write_string(0, 0, "This run has no table that a chart could be drawn from.")
    for index, chart in enumerate(charts):
        chart.set_size({"width": WIDTH, "height": HEIGHT})
        row, column = divmod(index, PER_ROW)
        sheet.insert_chart(row * 18, column * 10, chart)


def _balance(book: Any, view: View, blocks: Blocks) -> list[Any]:
    if not view.has("balance"):
        return []
    frame = view.frame("balance")
    charts = []
    for measure in dict.fromkeys(frame["measure"]):
        rows = frame[frame["measure"] == measure]
        names = [view.seat_names.get(rep, rep) for rep in rows["rep"]]
        block = blocks.add(
            f"balance: {measure}",
            names,
            [(word, rows[word].to_numpy()) for word in ("before", "value", "lower", "upper")],
        )
        chart = book.add_chart({"type": "column"})
        chart.add_series(bar(block, 1, BEFORE, gap=60))
        chart.add_series(bar(block, 2, PLAN))
        lines = book.add_chart({"type": "line"})
        lines.add_series(line(block, 3, SHORT, dash_type="dash"))
        lines.add_series(line(block, 4, SHORT))
        chart.combine(lines)
        charts.append(
            styled(chart, f"Balance: {measure}", "territory", str(measure), y_axis={"num_format": "#,##0"})
        )
    return charts


def _bookings(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("bookings")
    rows = frame[(frame["basis"] == "cumulative") & (frame["measure"] == view.report.measure)]
    if rows.empty:
        return None
    labels = list(rows["period"])
    goals = np.full(len(rows), np.nan)
    if view.has("goals"):
        goals = (
            view.frame("goals")
            .groupby("period")["goal"]
            .sum()
            .reindex(labels)
            .cumsum()
            .to_numpy(dtype=np.float64)
        )
    steps = [rows["p10"], rows["p25"] - rows["p10"], rows["p75"] - rows["p25"], rows["p90"] - rows["p75"]]
    words = ("P10", "P10 to P25", "P25 to P75", "P75 to P90")
    block = blocks.add(
        "bookings to date",
        labels,
        [
            *((word, step.to_numpy()) for word, step in zip(words, steps, strict=True)),
            ("P50", rows["p50"].to_numpy()),
            ("goal", goals),
        ],
        "real",
    )
    chart = book.add_chart({"type": "area", "subtype": "stacked"})
    for series, colour in ((1, None), (2, PLAN_PALE), (3, PLAN_LIGHT), (4, PLAN_PALE)):
        fill = {"none": True} if colour is None else {"color": colour}
        chart.add_series(
            {
                "name": block.name(series),
                "categories": block.categories(),
                "values": block.values(series),
                "fill": fill,
            }
        )
    lines = book.add_chart({"type": "line"})
    lines.add_series(line(block, 5, PLAN))
    lines.add_series(line(block, 6, INK, dash_type="dash"))
    chart.combine(lines)
    return styled(
        chart,
        "Bookings to date against the goal",
        "",
        f"{view.currency}",
        y_axis={"num_format": "#,##0"},
        legend={"delete_series": [0]},
    )


def _cost(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("cost")
    rows = frame[(frame["plan"] == "all") & (frame["figure"] == "total") & (frame["period"] != "year")]
    if rows.empty:
        return None
    block = blocks.add(
        "cost per period",
        list(rows["period"]),
        [(word.upper(), rows[word].to_numpy()) for word in ("p10", "p50", "p90")],
    )
    chart = book.add_chart({"type": "line"})
    for series, (colour, dash) in enumerate(((PLAN_LIGHT, "dash"), (PLAN, "solid"), (SHORT, "dash")), 1):
        chart.add_series(line(block, series, colour, dash_type=dash))
    return styled(chart, "Comp cost per period", "", view.currency, y_axis={"num_format": "#,##0", "min": 0})


def _attainment(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("attainment_distribution")
    labels = [
        f"{numbers.percent(low, 0)} to {numbers.percent(high, 0)}"
        if np.isfinite(high)
        else f"{numbers.percent(low, 0)} and more"
        for low, high in zip(frame["from"], frame["to"], strict=True)
    ]
    block = blocks.add("attainment", labels, [("share", frame["share"].to_numpy())], "ratio")
    chart = book.add_chart({"type": "column"})
    points = [{"fill": {"color": GAIN if low >= 1 - 1e-9 else SHORT}} for low in frame["from"]]
    chart.add_series(bar(block, 1, PLAN, gap=10, points=points))
    return styled(
        chart,
        "Attainment over all seats and replications",
        "attainment",
        "share of cases",
        y_axis={"num_format": "0%"},
        legend={"none": True},
    )


def _funnel(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("funnel")
    parts = (("advanced", GAIN), ("lost", SHORT), ("open_at_end", BEFORE))
    block = blocks.add(
        "stage",
        [str(stage) for stage in frame["stage"]],
        [(word.replace("_", " "), frame[word].to_numpy()) for word, _ in parts],
    )
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for series, (_, colour) in enumerate(parts, 1):
        chart.add_series(bar(block, series, colour, gap=50))
    return styled(
        chart,
        "Stages",
        "",
        "opportunities per replication, mean",
        x_axis={"num_format": "#,##0"},
        y_axis={"reverse": True},
    )


def _pay(book: Any, view: View, blocks: Blocks) -> Any:
    frame = view.frame("pay_curve")
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    for index, plan in enumerate(dict.fromkeys(frame["plan"])):
        rows = frame[frame["plan"] == plan].sort_values("attainment", kind="stable")
        block = blocks.add(
            "attainment",
            [float(value) for value in rows["attainment"]],
            [(str(plan), rows["pay"].to_numpy())],
            "ratio",
        )
        chart.add_series(line(block, 1, SERIES[index % len(SERIES)]))
    return styled(
        chart,
        "Pay for performance",
        "attainment",
        "pay, share of target incentive",
        x_axis={"num_format": "0%", "min": 0},
        y_axis={"num_format": "0%", "min": 0},
    )
