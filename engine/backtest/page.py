"""The page of a back-test: how it did, where it falls short, and every forecast against what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.backtest.tables import ALL, QUANTILES
from engine.columns import Table
from engine.report import numbers
from engine.report.contents import Chart, Mark, Section
from engine.report.figures.frame import Scale
from engine.report.figures.spreads import course, fan, intervals, over_periods, stroke
from engine.report.grids import grid, table_grid
from engine.report.html import document
from engine.report.input import ReportInput
from engine.report.palette import BEFORE, INK, PLAN, PLAN_FAIR, PLAN_LIGHT, PLAN_PALE, SHORT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

COVERED = (0.65, 0.95)
"""Share of what came that a sound 80 % interval of few forecasts holds."""
_MARKS = (
    Mark("came", INK, "line"),
    Mark("P50", PLAN, "line"),
    Mark("P25 to P75", PLAN_LIGHT),
    Mark("P10 to P90", PLAN_FAIR),
    Mark("P2.5 to P97.5", PLAN_PALE),
    Mark("mean of the pipeline baseline", SHORT, "dash"),
    Mark("trailing mean", BEFORE, "dash"),
)
_FOOT = "The same tables lie beside this page as CSV and Parquet."
_LIMITS = (
    "Accounts, seats and products are read as they are today; only deals are cut at each origin.",
    "Forecasts from neighbouring origins overlap and share their errors, and those of products add up to the total: "
    "there are fewer independent outcomes than forecasts, and intervals of shares are wider than they are told.",
    "The baselines are what a spreadsheet gives: a trailing mean, and the open pipeline weighted by age or stage with "
    "the run rate. Both are normal, with the spread that their own data show.",
)


def page(title: str, description: str, currency: str, facts: str, tables: Sequence[Table]) -> str:
    """Return the page as HTML; equal tables give equal text."""
    view = View(ReportInput(title, currency, (), tuple(tables)))
    sections = [_verdict(view), _forecasts(view), _calibration(view)]
    if view.frame("candidates")["candidate"].nunique() > 1:
        said = "Used at each origin: the candidate whose earlier forecasts came closest to what had happened by then."
        sections.append(
            Section("candidates", "Candidates", (said,), grids=(table_grid(view, "candidates", cents=False),))
        )
    if len(view.frame("estimates")):
        sections.append(
            Section("estimates", "What the estimates rest on", grids=(table_grid(view, "estimates"),))
        )
    return document("Back-test", title, sections, description=description, facts=facts, foot=_FOOT)


def verdict(
    scores: pd.DataFrame, slices: pd.DataFrame, forecasts: pd.DataFrame, currency: str
) -> tuple[str, ...]:
    """Return how the forecasts did, and where they fall short, in sentences; money in currency units."""
    whole = scores[(scores["by"] == ALL) & (scores["horizon"] == ALL)].iloc[0]
    money = {
        name: numbers.money(whole[name], currency) for name in ("crps", "crps_pipeline", "crps_trailing")
    }
    said = [
        f"Mean CRPS of {whole['forecasts']:,} forecasts: {money['crps']}, against {money['crps_pipeline']} of the "
        f"weighted pipeline and {money['crps_trailing']} of the trailing mean.",
        f"The 80 % interval held {numbers.percent(whole['in80'], 0)} of what came (95 % interval of that share: "
        f"{numbers.percent(whole['in80_low'], 0)} to {numbers.percent(whole['in80_high'], 0)}); the means lie "
        f"{numbers.signed(whole['bias'])} from what came ({_parted(whole['bias_deals'], whole['bias_amount'])}).",
    ]
    worse = [f"{row['by']} {row['slice']}" for _, row in slices.iterrows() if not row["better"]]
    alone = (f"By itself not better than both baselines: {', '.join(worse)}.",) if worse else ()
    return (*said, *_by_chance(whole, currency), *_shortfalls(scores), *alone, *_misses(forecasts))


def _by_chance(whole: pd.Series[Any], currency: str) -> list[str]:
    """Return a sentence for each baseline over which the gain could be chance."""
    said = []
    for name, words in (("pipeline", "weighted pipeline"), ("trailing", "trailing mean")):
        gain, low, high = (
            numbers.money(whole[f"gain_{name}{end}"], currency) for end in ("", "_low", "_high")
        )
        if whole[f"gain_{name}"] > 0 >= whole[f"gain_{name}_low"]:
            said.append(
                f"The gain over the {words}, {gain}, has a 95 % interval from {low} to {high}: so few origins leave "
                "open whether it is more than chance."
            )
    return said


def _parted(deals: float, amount: float) -> str:
    return f"won deals {numbers.signed(deals)}, money per deal {numbers.signed(amount)}"


def _misses(forecasts: pd.DataFrame) -> list[str]:
    """Return a sentence for each forecast of the total whose 80 % interval did not hold what came, and why."""
    said = []
    for _, row in forecasts[(forecasts["by"] == "total") & ~forecasts["in80"]].iterrows():
        what = f"Total from {row['origin']:%Y-%m-%d}, {row['horizon']}"
        if not row["came"]:
            said.append(f"{what}: nothing came, outside the 80 % interval.")
            continue
        bias, deals = row["mean"] / row["came"] - 1, row["deals_mean"] / row["deals_came"] - 1
        parts = _parted(deals, (1 + bias) / (1 + deals) - 1)
        said.append(f"{what}: forecast {numbers.signed(bias)}, outside the 80 % interval ({parts}).")
    return said


def _shortfalls(scores: pd.DataFrame) -> list[str]:
    """Return a sentence for each group that misses."""
    said = []
    for _, row in scores.iterrows():
        what = f"{row['by']}, {row['horizon']}"
        if not row["better"]:
            worse = [n for n in ("pipeline", "trailing") if row["crps"] >= row[f"crps_{n}"]]
            said.append(f"Not better than the baseline {' and '.join(worse)}: {what}.")
        if not COVERED[0] <= row["in80"] <= COVERED[1]:
            share, lean = numbers.percent(row["in80"], 0), numbers.signed(row["bias"])
            said.append(f"The 80 % interval held {share}: {what}, {row['forecasts']} forecasts, bias {lean}.")
    return said


def _verdict(view: View) -> Section:
    frame, slices = view.frame("scores"), view.frame("slices")
    short = (
        "by",
        "horizon",
        "forecasts",
        "crps",
        "crps_pipeline",
        "crps_trailing",
        "better",
        "bias",
        "bias_deals",
        "bias_amount",
    )
    gains = tuple(f"gain_{name}{end}" for name in ("pipeline", "trailing") for end in ("", "_low", "_high"))
    held = ("by", "horizon", "in50", "in80", "in80_low", "in80_high", "in95", "pit_mean")
    grids = tuple(
        replace(table_grid(view, name, columns, cents=False), caption=caption)
        for caption, name, columns in (
            ("Error (CRPS) and bias", "scores", short),
            ("What the intervals held", "scores", held),
            ("Gain over the baselines, with 95 % intervals", "scores", ("by", "horizon", *gains)),
            ("By total and product", "slices", ("by", "slice", *short[2:], "in80")),
        )
    )
    said = verdict(frame, slices, view.frame("forecasts"), view.currency)
    return Section("verdict", "How the forecasts did", (*said, *_LIMITS), grids=grids)


def _forecasts(view: View) -> Section:
    frame = view.frame("forecasts")
    charts = [
        _chart(view, rows, f"{by}-{horizon}-{place}", f"{name}, {horizon} ahead")
        for place, ((by, horizon, name), rows) in enumerate(
            frame.groupby(["by", "horizon", "slice"], sort=False)
        )
    ]
    columns = (
        "origin", "horizon", "by", "slice", "came", "p10", "p50", "p90", "crps", "crps_pipeline", "crps_trailing",
        "pit", "in80",
    )  # fmt: skip
    said = "Each place is an origin; the line with dots is what came after it."
    return Section(
        "forecasts", "Forecasts against what came", (said,), tuple(charts),
        (table_grid(view, "forecasts", columns, cents=False),),
    )  # fmt: skip


def _chart(view: View, rows: pd.DataFrame, id_: str, title: str) -> Chart:
    means = ("mean_pipeline", "mean_trailing")
    scale = Scale.of(rows[["p975", "came", *means]].to_numpy(np.float64).ravel(), view.currency)
    labels = [str(day)[:7] for day in rows["origin"]]
    bands = {
        "p05": "p025",
        "p10": "p10",
        "p25": "p25",
        "p50": "p50",
        "p75": "p75",
        "p90": "p90",
        "p95": "p975",
    }
    quantiles = {name: list(rows[column] / scale.divisor) for name, column in bands.items()}
    draw = fan if len(rows) > 1 else intervals
    figure = draw(labels, quantiles, f"bookings, {scale.word}")
    for name, colour in zip(means, (SHORT, BEFORE), strict=True):
        stroke(figure, list(rows[name] / scale.divisor), colour, "dashed")
    course(figure, list(rows["came"] / scale.divisor), INK)
    shown = ("came", *QUANTILES)
    cells = [
        (label, *(numbers.grouped(row[name]) for name in shown))
        for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
    ]
    held = int(rows["in80"].sum())
    say = f"{held} of {len(rows)} lie within P10 to P90."
    return Chart(id_, title, say, figure, grid(("origin", *shown), cells), _MARKS)


def _calibration(view: View) -> Section:
    """Return how often the forecasts put what came into each fifth of their levels."""
    from bokeh.models import ColumnDataSource

    levels = view.frame("forecasts")["pit"].to_numpy(np.float64)
    counts, _ = np.histogram(levels, np.linspace(0, 1, 6))
    labels = ["0 to 0.2", "0.2 to 0.4", "0.4 to 0.6", "0.6 to 0.8", "0.8 to 1"]
    figure = over_periods(labels, "forecasts")
    source = ColumnDataSource({"x": list(range(5)), "top": counts.tolist()})
    figure.vbar(x="x", bottom=0, top="top", width=0.9, color=PLAN_LIGHT, source=source)
    stroke(figure, [len(levels) / 5] * 5, INK)
    cells = [(label, f"{count:,}") for label, count in zip(labels, counts, strict=True)]
    say = "Right forecasts fill every fifth alike, up to chance. A heap at one end is bias; heaps at both, too narrow."
    marks = (Mark("forecasts", PLAN_LIGHT), Mark("evenly", INK, "line"))
    chart = Chart("pit", "Levels of what came (PIT)", say, figure, grid(("level", "forecasts"), cells), marks)
    return Section("calibration", "Calibration", charts=(chart,))
