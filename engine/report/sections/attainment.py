"""How attainment is spread, and what it pays."""

from __future__ import annotations

import numpy as np

from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.bars import drawn_bins, histogram, upright
from engine.report.figures.frame import percent_axis
from engine.report.figures.points import curves
from engine.report.grids import grid, plan_finding, table_grid
from engine.report.palette import GAIN, PLAN, SERIES, SHORT
from engine.report.privacy import hides_plans
from engine.report.view import View


def section(view: View) -> Section:
    """Return the section on attainment and pay for performance."""
    title = "Attainment and pay for performance"
    sentences, charts = [], []
    if view.has("attainment_distribution"):
        chart, reached = _distribution(view)
        charts.append(chart)
        sentences.append(
            f"Over all seats and replications {numbers.percent(reached, 0)} of cases reach 100 % of quota or more."
        )
    else:
        sentences.append(view.missing("attainment_distribution"))
    if view.has("pay_curve"):
        charts.append(_curve(view))
        if hides_plans(view.report):
            sentences.append(
                "A plan pays fewer than five people, so pay is shown as a ratio of target incentive alone."
            )
    else:
        sentences.append("The pay curve: " + view.missing("pay_curve").removeprefix("Not shown: "))
    checks = view.has("plan_checks")
    grids = (_checks(view),) if checks else ()
    return Section("attainment", title, tuple(sentences), tuple(charts), grids)


def _checks(view: View) -> Grid:
    """Return the findings; what a plan is called stands in its column, not in each sentence again."""
    frame = view.frame("plan_checks")
    rows = [
        (plan, plan_finding(plan, passed, text))
        for plan, passed, text in zip(frame["plan"], frame["passed"], frame["message"], strict=True)
    ]
    return grid(("plan", "finding"), rows, text=2, caption="What the plans will do")


def _distribution(view: View) -> tuple[Chart, float]:
    frame = view.frame("attainment_distribution")
    share = frame["share"].to_numpy(dtype=np.float64)
    left, right = drawn_bins(frame["from"].to_numpy(dtype=np.float64), frame["to"].to_numpy(dtype=np.float64))
    reached = frame["from"].to_numpy() >= 1 - 1e-9
    texts = [
        f"{numbers.percent(a, 0)} to {numbers.percent(b, 0)}"
        if np.isfinite(b)
        else f"{numbers.percent(a, 0)} and more"
        for a, b in zip(frame["from"], frame["to"], strict=True)
    ]
    figure = histogram(
        list(left),
        list(right),
        list(share),
        colours=[GAIN if hit else SHORT for hit in reached],
        x="attainment, credit over quota",
        texts=texts,
    )
    percent_axis(figure.xaxis[0])
    upright(figure, 1.0)
    rows = zip(texts, (numbers.percent(value, 2) for value in share), strict=True)
    chart = Chart(
        "attainment-distribution",
        "Attainment over all seats and replications",
        "Orange is below quota, green at or above; a long orange tail says that quotas are out of reach for some. "
        "The last bar gathers all beyond.",
        figure,
        grid(("attainment", "share"), rows),
        (Mark("below quota", SHORT), Mark("at or above", GAIN)),
    )
    return chart, float(share[reached].sum())


def _curve(view: View) -> Chart:
    frame = view.frame("pay_curve")
    plans = list(dict.fromkeys(frame["plan"]))
    lines, marks = [], []
    for index, plan in enumerate(plans):
        rows = frame[frame["plan"] == plan].sort_values("attainment", kind="stable")
        texts = [
            f"{numbers.percent(a, 0)} of quota pays {numbers.percent(b, 0)} of target incentive"
            for a, b in zip(rows["attainment"], rows["pay"], strict=True)
        ]
        lines.append((str(plan), list(rows["attainment"]), list(rows["pay"]), texts))
        marks.append(Mark(str(plan), SERIES[index % len(SERIES)] if index else PLAN, "line"))
    figure = curves(lines, labels=("attainment, credit over quota", "pay, share of target incentive"))
    percent_axis(figure.xaxis[0])
    percent_axis(figure.yaxis[0])
    upright(figure, 1.0, width=1)
    say = (
        "A bend is an accelerator or a threshold, a jump is a cliff; "
        "at 100 % of quota the line should meet 100 % of target pay."
    )
    return Chart("pay-curve", "Pay for performance", say, figure, table_grid(view, "pay_curve"), tuple(marks))
