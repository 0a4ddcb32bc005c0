"""How hard the quotas are: the chance of every seat in fresh years, and how equal they could be made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.bars import upright
from engine.report.figures.frame import percent_axis
from engine.report.figures.spreads import ranges
from engine.report.grids import grid, table_grid
from engine.report.palette import BEFORE, INK, PLAN, PLAN_LIGHT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

NAME = "quota_difficulty"


def section(view: View) -> Section | None:
    """Return the section on difficulty; None where no method looked at chances and no fresh years were asked for."""
    if not view.has(NAME) or view.frame(NAME)["chance"].isna().all():
        return None
    frame = view.frame(NAME).dropna(subset=["chance"])
    fresh = bool(frame["fresh"].notna().all())
    column = "fresh" if fresh else "chance"
    frame = frame.sort_values([column, "rep"], ascending=[False, True])
    sentences = (_spread(view, frame, column, fresh), *_levels_sentence(view), *_held_sentence(view, frame))
    grids: tuple[Grid, ...] = ()
    for name, caption in (
        ("quota_difficulty_levels", "Made equal level by level, worst first"),
        ("quota_promises", "What the quotas promise"),
        ("product_difficulty", "Chances by seat and product"),
    ):
        if view.has(name):
            grids += (replace(table_grid(view, name), caption=caption, folded=name == "product_difficulty"),)
    return Section(
        "difficulty", "How hard the quotas are", sentences, (_chart(view, frame, column, fresh),), grids
    )


def _spread(view: View, frame: pd.DataFrame, column: str, fresh: bool) -> str:
    easy, hard = frame.iloc[0], frame.iloc[-1]
    years = "years that nothing was set by, with rates drawn anew," if fresh else "the simulated years"
    named = [view.seat_names.get(rep, rep) for rep in (easy["rep"], hard["rep"])]
    return (
        f"In {years} {named[0]} reaches quota most often ({numbers.chance(easy[column])}) and {named[1]} least often "
        f"({numbers.chance(hard[column])}); the mean over seats is {numbers.percent(float(frame[column].mean()), 0)}."
    )


def _levels_sentence(view: View) -> tuple[str, ...]:
    """Say how equal the first team's quotas could be made."""
    if not view.has("quota_difficulty_levels"):
        return ()
    levels = view.frame("quota_difficulty_levels")
    levels = levels[levels["team"] == levels["team"].iloc[0]]
    first, last = levels.iloc[0], levels.iloc[-1]
    said = (
        f"No quotas within the limits have chances closer together than {_points(first['bound'])} over all "
        f"{int(first['seats'])}; these are "
        + ("as close." if first["range"] <= first["bound"] + 1e-9 else f"{_points(first['range'])} apart.")
    )
    if int(last["left"]) and int(last["seats"]):
        said += (
            f" Without the {int(last['left'])} that limits hold, the other {int(last['seats'])} lie within "
            f"{_points(last['range'])}; {_points(last['bound'])} is proven to be the least."
        )
    return (said,)


def _held_sentence(view: View, frame: pd.DataFrame) -> tuple[str, ...]:
    held = frame[frame["held_by"] != ""]
    if held.empty:
        return ()
    rules = held.groupby("held_by").size().sort_values(ascending=False, kind="stable")
    told = "; ".join(f"{rule} ({numbers.count(int(count), 'seat')})" for rule, count in rules.head(4).items())
    return (f"What holds seats away from the others: {told}. Loosen a bound to make these seats fairer.",)


def _chart(view: View, frame: pd.DataFrame, column: str, fresh: bool) -> Chart:
    names = [view.seat_names.get(rep, rep) for rep in frame["rep"]]
    ends = ("fresh_low", "fresh_high") if fresh else ("low", "high")
    low, middle, high = (list(frame[name]) for name in (ends[0], column, ends[1]))
    texts = {
        "": names,
        "fresh years" if fresh else "simulated years": [numbers.percent(value) for value in middle],
        "95 % interval": [
            f"{numbers.percent(a)} to {numbers.percent(b)}" for a, b in zip(low, high, strict=True)
        ],
        "as set": [numbers.percent(value) for value in frame["chance"]],
        "held by": list(frame["held_by"]),
    }
    figure = ranges(names, low, middle, high, x="probability to reach the quota", texts=texts)
    marks = [Mark("probability", PLAN, "dot"), Mark("95 % interval", PLAN_LIGHT)]
    if fresh:
        figure.scatter(
            list(frame["chance"]),
            list(range(len(names))),
            size=8,
            fill_alpha=0,
            line_color=BEFORE,
            line_width=1.5,
        )
        marks.append(Mark("in the years the quotas were set by", BEFORE, "ring"))
    percent_axis(figure.xaxis[0])
    upright(figure, float(np.mean(middle)))
    figure.x_range.start, figure.x_range.end = 0, 1
    rows = zip(frame["rep"], *texts.values(), strict=True)
    return Chart(
        "quota-difficulty",
        "Chance to reach the quota, seat by seat",
        "The more upright the row of dots, the more alike the quotas. A ring far to the right of its dot flatters: the "
        "quota looks easier in the years it was set by than in others.",
        figure,
        grid(("rep", *(name or "name" for name in texts)), rows, text=2),
        (*marks, Mark("mean of the seats", INK, "dash")),
        wide=True,
    )


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
