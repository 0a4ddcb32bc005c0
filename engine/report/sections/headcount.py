"""How many territories: what each number costs, with its bound, and where the territories are based."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.report import headcounts, numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.frame import Scale
from engine.report.figures.headcounts import corridor
from engine.report.grids import grid, table_grid
from engine.report.palette import BEFORE, PLAN, SHORT
from engine.report.view import View

MARKS = (Mark("best plan found", PLAN, "dot"), Mark("proven bound", BEFORE, "dash"))


def section(view: View) -> Section | None:
    """Return the section on the number of territories; None where the scenario does not ask for it."""
    if not view.has("headcount"):
        return None
    words = f"{'; '.join(headcounts.lines(view))}."
    count = headcounts.adopted(view)
    beside = "The territories of this run are another question: they keep the seats of the tables."
    if count is not None:
        beside = f"The {count} territories are adopted: all stages of this run plan over their seats."
    return Section(
        "headcount",
        "How many territories",
        (words[:1].upper() + words[1:], beside),
        (_chart(view),),
        _grids(view),
    )


def _chart(view: View) -> Chart:
    frame = view.frame("headcount")
    lower, upper = (frame[name].to_numpy(dtype=np.float64) for name in ("lower_bound", "upper_bound"))
    scale = Scale.of(np.concatenate([lower, upper]), view.currency)
    new = zip(frame["new"].fillna(-1), frame["new"].notna(), strict=True)
    texts = {
        "territories": [f"{int(value):,}" for value in frame["territories"]],
        "new": [f"{int(value):,}" if found else numbers.NOTHING for value, found in new],
        "cost of the plan": [numbers.grouped(value) for value in upper],
        "no plan costs less than": [numbers.grouped(value) for value in lower],
        "gap": [numbers.gap(value) if np.isfinite(value) else numbers.NOTHING for value in frame["gap"]],
        "ruled out": ["yes" if out else "no" for out in frame["ruled_out"]],
    }
    chosen = np.flatnonzero(frame["chosen"].to_numpy())
    figure = corridor(
        [int(value) for value in frame["territories"]],
        (lower / scale.divisor).tolist(),
        (upper / scale.divisor).tolist(),
        int(chosen[0]) if len(chosen) else -1,
        texts,
        f"cost a year, {scale.word}",
    )
    say = (
        "A number whose dashed bound lies above the diamond is ruled out: no plan of so many can be cheaper."
    )
    rows = zip(*texts.values(), strict=True)
    marks = (*MARKS, *((Mark("cheapest", SHORT, "diamond"),) if len(chosen) else ()))
    return Chart(
        "headcount",
        "Cost of each number of territories",
        say,
        figure,
        grid(texts, rows, text=0),
        marks,
        wide=True,
    )


def _grids(view: View) -> tuple[Grid, ...]:
    rests = replace(table_grid(view, "headcount"), caption="Costs and proofs, number by number", folded=True)
    if not view.has("headcount_homes"):
        return (rests,)
    homes = table_grid(view, "headcount_homes")
    return (rests, replace(homes, caption="Where the territories of each number are based", folded=True))
