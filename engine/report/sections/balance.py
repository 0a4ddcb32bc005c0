"""Each banded measure of each territory against its band, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.report import numbers
from engine.report.contents import Chart, Mark, Section
from engine.report.figures.frame import Scale
from engine.report.figures.spreads import dumbbells
from engine.report.grids import grid
from engine.report.palette import BAND, BEFORE, PLAN
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

MARKS = (Mark("allowed band", BAND), Mark("before", BEFORE, "ring"), Mark("after", PLAN, "dot"))


def section(view: View) -> Section:
    """Return the section on balance: a chart per measure."""
    title = "Balance"
    if not view.has("balance"):
        return Section("balance", title, (view.missing("balance"),))
    frame = view.frame("balance")
    if not view.incumbents:
        frame["before"] = np.nan
    measures = list(dict.fromkeys(frame["measure"]))
    charts = tuple(
        _chart(view, frame[frame["measure"] == measure], str(measure), index)
        for index, measure in enumerate(measures)
    )
    return Section("balance", title, (_sentence(view, frame),), charts)


def _sentence(view: View, frame: pd.DataFrame) -> str:
    lower, upper = frame["lower"].fillna(-np.inf), frame["upper"].fillna(np.inf)
    before = int((~frame["before"].between(lower, upper)).sum())
    after = int((~frame["value"].between(lower, upper)).sum())
    if not view.incumbents:
        return f"Outside their bands: {after} of {len(frame)} values. No account has an incumbent to compare with."
    return f"Outside their bands before: {before} of {len(frame)} values; after: {after}."


def _chart(view: View, frame: pd.DataFrame, measure: str, index: int) -> Chart:
    frame = frame.sort_values(["value", "rep"], ascending=[False, True])
    unit = view.currency if measure in {"potential", "revenue", "bookings"} else ""
    scale = Scale.of(np.concatenate([frame["value"], frame["before"]]), unit)
    shown = [view.seat_names.get(rep, rep) for rep in frame["rep"]]
    texts = {
        "": shown,
        "after": [numbers.real(value) for value in frame["value"]],
        "before": [numbers.real(value) for value in frame["before"]],
        "band": [_band(low, high) for low, high in zip(frame["lower"], frame["upper"], strict=True)],
    }
    figure = dumbbells(
        shown,
        list(frame["before"] / scale.divisor),
        list(frame["value"] / scale.divisor),
        (list(frame["lower"] / scale.divisor), list(frame["upper"] / scale.divisor)),
        x=f"{measure}{', ' + scale.word if scale.word else ''}",
        texts=texts,
    )
    rows = zip(frame["rep"], shown, texts["before"], texts["after"], texts["band"], strict=True)
    rings = f"; rings show how unequal {measure} is today" if view.incumbents else ""
    say = f"Dots inside the grey band are within what was allowed{rings}."
    return Chart(
        f"balance-{index + 1}",
        measure.replace("_", " ").capitalize(),
        say,
        figure,
        grid(("rep", "name", "before", "after", "allowed band"), rows, text=2),
        MARKS if view.incumbents else (MARKS[0], MARKS[2]),
    )


def _band(low: float, high: float) -> str:
    if not np.isfinite(low):
        return f"up to {numbers.real(high)}" if np.isfinite(high) else "none"
    return (
        f"{numbers.real(low)} to {numbers.real(high)}" if np.isfinite(high) else f"from {numbers.real(low)}"
    )
