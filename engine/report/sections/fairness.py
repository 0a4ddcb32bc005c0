"""Who carries what number: quota against potential and history, how likely it is, and whether it adds up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.report import headline, numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.bars import upright
from engine.report.figures.frame import Scale, percent_axis
from engine.report.figures.points import scatter
from engine.report.figures.spreads import ranges
from engine.report.grids import grid, table_grid
from engine.report.palette import INK, PLAN, PLAN_LIGHT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

_SHARE = Mark("quota in proportion for all", INK, "dash")


def section(view: View) -> Section:
    """Return the section on quotas."""
    title = "Quotas and their fairness"
    if not view.has("quota_reps"):
        return Section("quotas", title, (view.missing("quota_reps"),))
    seats = view.frame("quota_reps").sort_values(["quota", "rep"], ascending=[False, True])
    charts = [
        _against(
            view,
            seats,
            "potential",
            "A dot above the line carries more quota for its potential than its peers do.",
        )
    ]
    sentences = [_tie_sentence(view)]
    if (seats["history"] > 0).any():
        charts.append(
            _against(
                view,
                seats[seats["history"] > 0],
                "history",
                "A dot above the line is asked to grow faster than the company.",
            )
        )
    else:
        sentences.append("No seat has bookings of last year, so the change against history is not shown.")
    if view.has("attainment") and view.frame("attainment")["p_quota"].notna().any():
        charts.append(_chance(view))
        sentences.append(_chance_sentence(view))
    else:
        sentences.append(
            "How likely each quota is: " + view.missing("attainment").removeprefix("Not shown: ")
        )
    grids = _levels(view) if view.has("quota_levels") else ()
    return Section("quotas", title, tuple(sentences), tuple(charts), grids)


def _tie_sentence(view: View) -> str:
    tie, target = headline.tie_out(view), headline.goal(view)
    if tie is None:
        return view.missing("quotas")
    words = f"Street quota, the sum of all seats, is {numbers.money(tie.street, view.currency)}"
    if np.isfinite(target) and target:
        change = numbers.signed(tie.street / target - 1)
        words += f", {change} against the goal of {numbers.money(target, view.currency)}"
    if tie.differing:
        return f"{words}. {tie.differing:,} of {tie.nodes:,} cells of the hierarchy do not tie out."
    ties = f" All {tie.nodes:,} cells of the hierarchy tie out to the minor unit." if tie.nodes else ""
    return f"{words}.{ties}"


def _against(view: View, seats: pd.DataFrame, what: str, say: str) -> Chart:
    scale = Scale.of(np.concatenate([seats["quota"], seats[what]]), view.currency)
    total = float(seats[what].sum())
    slope = float(seats["quota"].sum()) / total if total else None
    ratio = seats["quota"] / seats[what].where(seats[what] > 0)
    change = ratio - 1 if what == "history" else ratio
    write = numbers.signed if what == "history" else numbers.percent
    word = "change" if what == "history" else "quota / potential"
    texts = {
        "": list(seats["name"]),
        "quota": [numbers.money(value, view.currency) for value in seats["quota"]],
        what: [numbers.money(value, view.currency) for value in seats[what]],
        word: [write(float(value)) for value in change],
    }
    label = f"{'bookings of last year' if what == 'history' else what}, {scale.word}"
    figure = scatter(
        list(seats[what] / scale.divisor),
        list(seats["quota"] / scale.divisor),
        texts,
        labels=(label, f"quota, {scale.word}"),
        slope=slope,
    )
    rows = zip(seats["rep"], *texts.values(), strict=True)
    title = "Quota against potential" if what == "potential" else "Quota against last year"
    return Chart(
        f"quota-{what}",
        title,
        say,
        figure,
        grid(("rep", "name", "quota", what, word), rows, text=2),
        (Mark("seat", PLAN, "dot"), _SHARE),
    )


def _chance(view: View) -> Chart:
    seats = (
        view.frame("attainment")
        .dropna(subset=["p_quota"])
        .sort_values(["p_quota", "rep"], ascending=[False, True])
    )
    names = [view.seat_names.get(rep, rep) for rep in seats["rep"]]
    low, middle, high = (list(seats[name]) for name in ("p_quota_low", "p_quota", "p_quota_high"))
    texts = {
        "": names,
        "P(quota)": [numbers.percent(value) for value in middle],
        "95 % interval": [
            f"{numbers.percent(a)} to {numbers.percent(b)}" for a, b in zip(low, high, strict=True)
        ],
        "P50 attainment": [numbers.percent(value) for value in seats["p50"]],
    }
    figure = ranges(names, low, middle, high, x="probability to reach the quota", texts=texts)
    percent_axis(figure.xaxis[0])
    upright(figure, float(np.nanmean(seats["p_quota"])))
    figure.x_range.start, figure.x_range.end = 0, 1
    rows = zip(seats["rep"], *texts.values(), strict=True)
    say = "The closer the dots lie to one upright line, the more alike the quotas are in difficulty."
    return Chart(
        "quota-chance",
        "Probability to reach the quota, per seat",
        say,
        figure,
        grid(("rep", "name", "P(quota)", "95 % interval", "P50 attainment"), rows, text=2),
        (
            Mark("probability", PLAN, "dot"),
            Mark("95 % interval of the estimate", PLAN_LIGHT),
            Mark("mean of the seats", INK, "dash"),
        ),
        wide=True,
    )


def _chance_sentence(view: View) -> str:
    chances = view.frame("attainment")["p_quota"].dropna()
    if len(chances) < 2:
        return (
            "There is one seat, so nothing to compare the difficulty of its quota with."
            if len(chances)
            else ""
        )
    return (
        f"The probability to reach the quota runs from {numbers.chance(chances.min())} to "
        f"{numbers.chance(chances.max())} over the seats, {numbers.percent(chances.mean(), 0)} on average."
    )


def _levels(view: View) -> tuple[Grid, Grid]:
    frame = view.frame("quota_levels")
    rows = []
    for level in dict.fromkeys(frame["level"]):
        part = frame[frame["level"] == level]
        over = part["over_assignment"].dropna()
        differing = int((part["target"].notna() & (part["target"] != part["quota"])).sum())
        rows.append(
            (
                str(level),
                f"{part['node'].nunique():,}",
                f"{len(part):,}",
                _over(over),
                f"{differing:,}",
                f"{int((part['remainder'].fillna(0) != 0).sum()):,}",
            )
        )
    heads = ("level", "nodes", "cells", "over-assignment", "cells that do not tie", "cells with a remainder")
    caption = "The hierarchy: what was given from above against the sum of the children"
    every = table_grid(view, "quota_levels", frame=frame)
    return grid(heads, rows, caption=caption), replace(
        every, caption="Every node of the hierarchy", folded=True
    )


def _over(ratios: pd.Series[float]) -> str:
    if ratios.empty:
        return numbers.NOTHING
    low, high = numbers.percent(float(ratios.min())), numbers.percent(float(ratios.max()))
    return low if low == high else f"{low} to {high}"
