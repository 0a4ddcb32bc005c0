"""How the quotas came about: from the methods through ramps, over-assignment and bounds to the number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.quota import steps
from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.frame import Scale
from engine.report.figures.waterfall import waterfall
from engine.report.grids import grid, table_grid
from engine.report.palette import GAIN, PLAN, SHORT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

AFTER = (
    steps.CLOSED, steps.TIME, steps.OVER, steps.ABOVE, steps.BOUNDS, steps.ADJUSTMENT, steps.ROUNDING, steps.EVEN,
    steps.CATCH_UP, steps.RELIEF,
)  # fmt: skip
"""Steps after the methods, in the order in which they count."""
SEATS = 12
"""Seats with the largest quotas whose steps stand in the page."""


def section(view: View) -> Section | None:
    """Return the section on the steps; None where no quotas were set."""
    if not view.has("quota_steps", "quota_reps"):
        return None
    frame = view.frame("quota_steps")
    kinds = set(frame.loc[frame["weight"].notna(), "step"])
    there = list(dict.fromkeys(frame["step"]))
    names = [name for name in there if name in kinds] + [name for name in AFTER if name in there]
    wide = frame.pivot_table(index="rep", columns="step", values="amount", aggfunc="sum", fill_value=0.0)[
        names
    ]
    return Section(
        "quota-steps",
        "How the quotas came about",
        (_sentence(view, wide, kinds),),
        (_chart(view, wide, kinds),),
        (_largest(view, wide), *_by_level(view, wide), _every(view)),
    )


def _sentence(view: View, wide: pd.DataFrame, kinds: set[str]) -> str:
    moved = wide[[name for name in wide if name not in kinds]]
    said = []
    for name in moved:
        amounts = moved[name].to_numpy(np.float64)
        up, down = float(amounts[amounts > 0].sum()), float(amounts[amounts < 0].sum())
        if max(up, -down) > 0:
            said.append((max(up, -down), f"{name} (up {numbers.short(up)}, down {numbers.short(-down)})"))
    most = [text for _, text in sorted(said, reverse=True)[:3]]
    of = {name: float(wide[name].sum()) for name in wide if name in kinds}
    whole = sum(of.values())
    shares = [
        f"{name.replace('_', ' ')} {numbers.percent(amount / whole, 0)}"
        for name, amount in of.items()
        if whole
    ]
    by = ", ".join(shares) if len(shares) > 1 else next(iter(of), "nothing").replace("_", " ")
    words = f"Before anything else counts, the goal is shared out by {by}."
    return (
        f"{words} What then moves single quotas most: {'; '.join(most)}, in {view.currency}."
        if most
        else words
    )


def _chart(view: View, wide: pd.DataFrame, kinds: set[str]) -> Chart:
    sums = wide.sum()
    scale = Scale.of([float(sums.sum())], view.currency)
    names = [f"by {name.replace('_', ' ')}" if name in kinds else str(name) for name in wide]
    texts = [numbers.money(float(value), view.currency) for value in (*sums, sums.sum())]
    figure = waterfall(
        names, (sums / scale.divisor).tolist(), "street quota", f"all seats together, {scale.word}", texts
    )
    rows = []
    for name, shown in zip(wide, names, strict=True):
        amounts = wide[name].to_numpy(np.float64)
        up, down = amounts[amounts > 0].sum(), amounts[amounts < 0].sum()
        cells = (numbers.grouped(float(value)) for value in (amounts.sum(), up, down))
        rows.append((shown, *cells, f"{int((amounts != 0).sum()):,}"))
    return Chart(
        "quota-waterfall",
        "From the methods to the street quota",
        "Read from the top: each bar starts where the one above ended. A step that only moves quotas between seats, "
        "such as a bound, may be short here and long for a single seat; the table tells both.",
        figure,
        grid(("step", "all seats", "raised", "lowered", "seats"), rows),
        (Mark("adds", GAIN), Mark("takes away", SHORT), Mark("sum", PLAN)),
        wide=True,
    )


def _largest(view: View, wide: pd.DataFrame) -> Grid:
    seats = view.frame("quota_reps").drop_duplicates("rep").set_index("rep")["quota"]
    order = seats.reindex(wide.index).sort_values(ascending=False, kind="stable").index[:SEATS]
    rows = [
        (view.seat_names.get(rep, rep), *_cells(wide.loc[rep]), numbers.grouped(float(wide.loc[rep].sum())))
        for rep in order
    ]
    caption = f"The largest {len(rows)} quotas, step by step, {view.currency}"
    return grid(("seat", *(str(name).replace("_", " ") for name in wide), "quota"), rows, caption=caption)


def _by_level(view: View, wide: pd.DataFrame) -> tuple[Grid, ...]:
    reps, known = view.frame("quota_reps").drop_duplicates("rep").set_index("rep"), {"name", "team"}
    columns = list(reps.columns)
    levels = [name for name in columns[: columns.index("quota")] if name not in known]
    made = []
    for level in levels:
        nodes = reps[level].reindex(wide.index)
        sums = wide.groupby(nodes.to_numpy(), sort=True).sum()
        rows = [(str(node), *_cells(row), numbers.grouped(float(row.sum()))) for node, row in sums.iterrows()]
        heads = (level, *(str(name).replace("_", " ") for name in wide), "street quota")
        made.append(replace(grid(heads, rows, caption=f"Steps by {level}, {view.currency}"), folded=True))
    return tuple(made)


def _every(view: View) -> Grid:
    return replace(table_grid(view, "quota_steps"), caption="Every step of every seat", folded=True)


def _cells(row: pd.Series[float]) -> tuple[str, ...]:
    return tuple(numbers.grouped(float(value)) if value else numbers.NOTHING for value in row)
