"""How many people to hire, and when: the probability of the goal against the number of people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.report import numbers
from engine.report.contents import Chart, Mark, Section
from engine.report.figures.chances import Course, chances, colour_of
from engine.report.grids import table_grid
from engine.report.palette import INK
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd


def section(view: View) -> Section | None:
    """Return the section on hiring; None where the scenario does not ask for it."""
    if not view.has("hiring"):
        return None
    frame = view.frame("hiring")
    frame["day"] = [f"{day:%Y-%m-%d}" for day in frame["start"]]
    goal, target = numbers.money(float(frame["goal"].iloc[0]), view.currency), float(frame["target"].iloc[0])
    sentences = [
        f"Asked: {frame['measure'].iloc[0]} of {goal} with a probability of {numbers.percent(target, 0)}."
    ]
    sentences += [_answer(one) for _, one in frame.groupby("day", sort=True)]
    return Section("hiring", "How many people to hire", tuple(sentences), (_chart(view, frame, target),))


def _answer(frame: pd.DataFrame) -> str:
    day, enough = frame["day"].iloc[0], frame[frame["enough"]]
    if not len(enough):
        reached = numbers.chance(float(frame["probability"].max()))
        return (
            f"Starting on {day}, up to {int(frame['hires'].max())} people are not enough: {reached} at best."
        )
    first = enough.iloc[0]
    reached = f"{numbers.chance(float(first['probability']))} ({numbers.percent(float(first['low']), 0)} to "
    reached += f"{numbers.percent(float(first['high']), 0)})"
    sure = frame[frame["sure"]]
    beyond = ""
    if not first["sure"]:
        beyond = (
            f"; beyond doubt with {int(sure['hires'].iloc[0])}"
            if len(sure)
            else "; no number is beyond doubt"
        )
    people = numbers.count(int(first["hires"]), "person", "people")
    return f"Starting on {day}, {people} will do: {reached}{beyond}."


def _chart(view: View, frame: pd.DataFrame, target: float) -> Chart:
    courses = []
    for day, one in frame.groupby("day", sort=True):
        texts = [
            f"{numbers.count(int(row['hires']), 'hire')}: {numbers.chance(float(row['probability']))}, mean "
            f"{numbers.money(float(row['mean']), view.currency)}"
            for _, row in one.iterrows()
        ]
        share, low, high = (list(one[name]) for name in ("probability", "low", "high"))
        courses.append(
            Course(f"start {day}", [int(hires) for hires in one["hires"]], share, low, high, texts)
        )
    figure = chances(courses, target, ("people hired", "probability of the goal"))
    marks = [Mark(one.name, colour_of(index), "line") for index, one in enumerate(courses)]
    marks.append(Mark("target", INK, "dash"))
    say = "Bands are 95 % intervals (Wilson). All points share the same futures: a line moves only by what hires bring."
    columns = (
        "start",
        "hires",
        "probability",
        "low",
        "high",
        "enough",
        "sure",
        "mean",
        "gain",
        "gain_low",
        "gain_high",
    )
    shown = replace(
        table_grid(view, "hiring", columns), note="gain: against no hires, with its 95 % interval"
    )
    return Chart("hiring", "Probability of the goal", say, figure, shown, tuple(marks), wide=True)
