"""What drives the cost: where it arises, how it moves with the company's attainment, and what accelerators add."""

from __future__ import annotations

from dataclasses import replace

from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.courses import fan_along
from engine.report.figures.frame import Scale, percent_axis
from engine.report.figures.spreads import ranges
from engine.report.grids import grid, table_grid
from engine.report.palette import PLAN, PLAN_LIGHT, PLAN_PALE
from engine.report.privacy import NOT_SHOWN, pays_few
from engine.report.view import View

TITLE = "What drives the cost"


def section(view: View) -> Section:
    """Return the section on cost by group and by company attainment."""
    if pays_few(view.report):
        return Section("drivers", TITLE, (NOT_SHOWN,))
    sentences, charts, grids = [], [], []
    if view.has("cost_by_attainment"):
        charts.append(_curve(view))
    else:
        sentences.append(view.missing("cost_by_attainment"))
    if view.has("cost_variation"):
        sentences.append(_variation(view))
    if view.has("cost_by_group"):
        charts.append(_groups(view))
    elif view.table("cost_by_group") is not None:
        sentences.append(
            "No node of the hierarchy may be shown: groups of fewer than five people are left out."
        )
    if view.has("pay_zones"):
        grids.append(_zones(view))
    return Section("drivers", TITLE, tuple(sentences), tuple(charts), tuple(grids))


def _variation(view: View) -> str:
    frame = view.frame("cost_variation").set_index("figure")
    moves, stays = (frame["deviation"][name] for name in ("sensitivity", "volatility"))
    return (
        f"Cost moves by {numbers.money(float(moves), view.currency)} (one standard deviation) because the company's "
        f"attainment does; at one and the same attainment it still spreads by "
        f"{numbers.money(float(stays), view.currency)}, since it matters who sells and when."
    )


def _curve(view: View) -> Chart:
    frame = view.frame("cost_by_attainment")
    scale = Scale.of(frame["p90"].to_numpy(), view.currency)
    texts = {"attainment": [numbers.percent(value) for value in frame["attainment"]]}
    texts |= {
        word: [numbers.money(value, view.currency) for value in frame[word.lower()]]
        for word in ("P90", "P50", "P10")
    }
    figure = fan_along(
        list(frame["attainment"]),
        {name: list(frame[name] / scale.divisor) for name in ("p10", "p50", "p90")},
        ("company attainment, credit over quota", f"cost of the whole plan, {scale.word}"),
        texts,
    )
    percent_axis(figure.xaxis[0])
    say = (
        "The line is what a better or worse year costs, the band what it may cost at the same attainment. "
        "Each dot stands for equally many replications."
    )
    columns = ("attainment", "from", "to", "replications", "mean", "p10", "p50", "p90", "per_point")
    marks = (Mark("P50", PLAN, "line"), Mark("P10 to P90", PLAN_PALE))
    shown = table_grid(view, "cost_by_attainment", columns)
    return Chart("cost-by-attainment", "Cost by company attainment", say, figure, shown, marks)


def _groups(view: View) -> Chart:
    frame = view.frame("cost_by_group")
    frame = frame[(frame["period"] == "year") & (frame["figure"] == "total")]
    scale = Scale.of(frame["p90"].to_numpy(), view.currency)
    texts = {"": list(frame["group"]), "people": [f"{count:,}" for count in frame["people"]]}
    texts |= {
        word: [numbers.money(value, view.currency) for value in frame[word.lower()]]
        for word in ("P90", "P50", "P10")
    }
    last = [str(path).rpartition(" / ")[2] for path in frame["group"]]
    figure = ranges(
        last if len(set(last)) == len(last) else list(frame["group"]),
        *(list(frame[name] / scale.divisor) for name in ("p10", "p50", "p90")),
        x=f"cost of the whole plan, {scale.word}",
        texts=texts,
    )
    figures = ("mean", "p10", "p50", "p90", "reserve", "cvar90")
    rows = [
        (row["level"], row["group"], f"{row['people']:,}", *(numbers.grouped(row[name]) for name in figures))
        for _, row in frame.iterrows()
    ]
    heads = ("level", "group", "people", "mean", "P10", "P50", "P90", "reserve", "CVaR 90")
    say = (
        "A long bar is a group whose cost is hard to foresee. Groups of fewer than five people are left out, and with "
        "them groups that would tell their cost."
    )
    marks = (Mark("P50", PLAN, "dot"), Mark("P10 to P90", PLAN_LIGHT))
    return Chart("cost-by-group", "Cost by group", say, figure, grid(heads, rows, text=2), marks)


ZONES = (
    "plan", "component", "threshold", "accelerator", "below_threshold", "above_accelerator", "cost_beyond",
)  # fmt: skip
"""Columns that are shown; the table holds the intervals too."""


def _zones(view: View) -> Grid:
    note = (
        "Shares of people are over the intervals in which credit adds up. Cost beyond: pay on credit past the "
        "accelerator, the first level at which the rate rises."
    )
    return replace(
        table_grid(view, "pay_zones", ZONES),
        caption="Below the threshold and past the accelerator",
        note=note,
    )
