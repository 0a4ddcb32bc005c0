"""What will be booked: per period and added up, as a distribution, against the goal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.report import headline, numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.frame import Scale
from engine.report.figures.spreads import course, fan, intervals, stroke, touch
from engine.report.grids import grid
from engine.report.palette import INK, PLAN, PLAN_FAIR, PLAN_LIGHT, PLAN_PALE, SHORT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
QUANTILES = ("p05", "p10", "p25", "p50", "p75", "p90", "p95")
GOAL = Mark("goal", INK, "line")
ALONE = "The width of the bars is what nobody can know today; this run sets no goal to compare with."


def section(view: View) -> Section:
    """Return the section on bookings."""
    title = "Bookings against the goal"
    measure = view.report.measure
    if not view.has("bookings"):
        return Section("bookings", title, (view.missing("bookings"),))
    frame = view.frame("bookings")
    frame = frame[frame["measure"] == measure]
    if frame.empty:
        return Section("bookings", title, (f"Not shown: the measure {measure} was not simulated.",))
    said = (_sentence(view), *_so_far(view), *_received(view))
    return Section("bookings", title, said, (_periods(view, frame), _cumulative(view, frame)))


def _sentence(view: View) -> str:
    year, target = headline.bookings(view), headline.goal(view)
    low, middle, high = (numbers.money(value, view.currency) for value in (year.p10, year.p50, year.p90))
    runs = f"Over {view.report.replications:,} replications b" if view.report.replications else "B"
    words = f"{runs}ookings come to {middle} at the median, below {low} in one case of ten and above {high} in another."
    if not np.isfinite(target):
        return f"{words} The run sets no goal."
    chance, counted = headline.goal_probability(view)
    odds = f"{'' if counted else 'about '}{numbers.chance(chance)}"
    return f"{words} The goal of {numbers.money(target, view.currency)} is reached in {odds} of them."


def _received(view: View) -> tuple[str, ...]:
    """Say which measures count when customers pay, and what share of what is won they count in the plan."""
    if not view.has("receipts"):
        return ()
    said = []
    for name, rows in view.frame("receipts").groupby("measure", sort=False):
        won, waiting = float(rows["won"].sum()), float(rows["waiting"].iloc[-1])
        after = f", {numbers.percent(waiting / won)} of what is won in the plan after its end" if won else ""
        said.append(f"The measure {name} counts when customers pay{after}; table receipts says when.")
    return tuple(said)


def _so_far(view: View) -> tuple[str, ...]:
    """Say what is booked, and what is forecast for the rest; nothing where the whole plan lies ahead."""
    table = view.table("bookings_outlook")
    if table is None:
        return ()
    row = _outlook(view).loc["plan"]
    booked, low, middle, high = (
        numbers.money(float(str(row[name])), view.currency) for name in ("actual", "p10", "p50", "p90")
    )
    left = headline.goal(view) - float(str(row["actual"]))
    needed = ""
    if np.isfinite(left):
        needed = (
            f" Reaching the goal takes {numbers.money(left, view.currency)} more."
            if left > 0
            else " The goal is reached."
        )
    return (
        f"{table.meaning} Booked: {booked}; the rest comes to {middle} at the median ({low} to {high} in eight cases "
        f"of ten).{needed}",
    )


def _outlook(view: View) -> pd.DataFrame:
    """Return what is booked and forecast of the measure by period."""
    frame = view.frame("bookings_outlook")
    return frame[frame["measure"] == view.report.measure].set_index("period")


def _periods(view: View, frame: pd.DataFrame) -> Chart:
    rows = frame[frame["basis"] == "period"]
    goals = _goals(view, list(rows["period"]))
    scale = Scale.of(np.concatenate([rows["p90"], goals]), view.currency)
    figure = intervals(list(rows["period"]), _scaled(rows, scale), f"bookings, {scale.word}")
    marks = [Mark("P50", PLAN, "line"), Mark("P25 to P75", PLAN_LIGHT), Mark("P10 to P90", PLAN_PALE)]
    if view.table("bookings_outlook") is not None:
        actual = _outlook(view)["actual"].reindex(list(rows["period"])).to_numpy(dtype=np.float64)
        stroke(figure, list(np.where(actual > 0, actual, np.nan) / scale.divisor), SHORT)
        marks.append(Mark("booked", SHORT, "line"))
    say = "Where the black stroke of the goal lies above the bar, the period is missed in nine cases of ten."
    if np.isfinite(goals).any():
        stroke(figure, list(goals / scale.divisor), INK)
        marks.append(GOAL)
    _touchable(view, figure, rows, goals, scale)
    said = say if GOAL in marks else ALONE
    return Chart("bookings-by-period", "Per period", said, figure, _grid(rows, goals), tuple(marks))


def _cumulative(view: View, frame: pd.DataFrame) -> Chart:
    rows = frame[frame["basis"] == "cumulative"]
    goals = np.cumsum(_goals(view, list(rows["period"])))
    scale = Scale.of(np.concatenate([rows["p95"], goals]), view.currency)
    draw, mark = (fan, course) if len(rows) > 1 else (intervals, stroke)
    figure = draw(list(rows["period"]), _scaled(rows, scale), f"bookings to date, {scale.word}")
    marks = [Mark("P50", PLAN, "line"), Mark("P25 to P75", PLAN_LIGHT), Mark("P10 to P90", PLAN_FAIR)]
    marks.append(Mark("P05 to P95", PLAN_PALE))
    say = "Where the goal rises above the fan, even the best cases are behind the plan by then."
    if np.isfinite(goals).any():
        mark(figure, list(goals / scale.divisor), INK)
        marks.append(GOAL)
    _touchable(view, figure, rows, goals, scale)
    said = say if GOAL in marks else ALONE
    return Chart("bookings-to-date", "Cumulative", said, figure, _grid(rows, goals), tuple(marks))


def _touchable(view: View, figure: Any, rows: pd.DataFrame, goals: FloatArray, scale: Scale) -> None:
    texts = {"": list(rows["period"])}
    for word in ("P90", "P50", "P10"):
        texts[word] = [numbers.money(value, view.currency) for value in rows[word.lower()]]
    texts["goal"] = [numbers.money(value, view.currency) for value in goals]
    touch(figure, texts, list(np.fmax(rows["p90"], np.nan_to_num(goals)) / scale.divisor))


def _grid(rows: pd.DataFrame, goals: FloatArray) -> Grid:
    figures = ("mean", *QUANTILES)
    cells = [
        (row["period"], numbers.grouped(goal), *(numbers.grouped(row[name]) for name in figures))
        for (_, row), goal in zip(rows.iterrows(), goals, strict=True)
    ]
    return grid(("period", "goal", *(name.upper() if name != "mean" else name for name in figures)), cells)


def _scaled(rows: pd.DataFrame, scale: Scale) -> dict[str, list[float]]:
    return {name: list(rows[name] / scale.divisor) for name in QUANTILES}


def _goals(view: View, labels: list[str]) -> FloatArray:
    if not view.has("goals"):
        return np.full(len(labels), np.nan)
    goals = view.frame("goals").groupby("period")["goal"].sum()
    return np.array([float(goals.get(label, np.nan)) for label in labels])
