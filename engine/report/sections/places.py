"""Territories on the map before and after; without coordinates, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.models import ColumnDataSource

from engine.report import numbers
from engine.report.contents import Chart, Mark, Section
from engine.report.figures.bars import rows_figure
from engine.report.figures.frame import Scale, hover
from engine.report.figures.places import FEW, places, shrink, spread
from engine.report.grids import table_grid
from engine.report.palette import NOBODY, PLAN, QUIET, colours_apart
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

DOTS = 6000
"""Accounts drawn on a map; of more, those of largest potential."""
DRAWN = (Mark("account, in the colour of its seat", PLAN, "dot"), Mark("home of a seat", PLAN, "diamond"))


def section(view: View) -> Section:
    """Return the section on territories."""
    title = "Territories"
    if not view.has("alignment", "territories"):
        return Section("territories", title, (view.missing("alignment", "territories"),))
    accounts = view.frame("alignment").dropna(subset=["latitude", "longitude"])
    if accounts.empty:
        sentence = "The accounts have no coordinates, so there is no map; bars compare the territories."
        return Section("territories", title, (sentence,), (_bars(view),))
    return Section("territories", title, _sentences(view, len(accounts)), _maps(view, accounts))


def _sentences(view: View, drawn: int) -> tuple[str, ...]:
    total = len(view.frame("alignment"))
    words = [
        "Each dot is an account, larger with more potential; a thread ties it to the home of its seat.",
        "Accounts of one town are drawn around it.",
    ]
    if drawn < total:
        words.append(f"{numbers.count(total - drawn, 'account')} without coordinates cannot be drawn.")
    if drawn > DOTS:
        words.append(f"Drawn are the {DOTS:,} accounts of largest potential.")
    return (" ".join(words),)


def _maps(view: View, accounts: pd.DataFrame) -> tuple[Chart, ...]:
    seats = view.frame("territories")
    factor = shrink(
        np.concatenate([accounts["latitude"].to_numpy(), seats["latitude"].to_numpy(dtype=np.float64)])
    )
    x = seats["longitude"].to_numpy(dtype=np.float64) * factor
    y = seats["latitude"].to_numpy(dtype=np.float64)
    colours = colours_apart(x, y)
    known = np.isfinite(x + y)
    homes = ColumnDataSource(
        {
            "x": list(x[known]),
            "y": list(y[known]),
            "name": [name for name, there in zip(seats["name"], known, strict=True) if there],
            "colour": [colour for colour, there in zip(colours, known, strict=True) if there],
        }
    )
    accounts = accounts.sort_values(["potential", "account"], ascending=[False, True]).head(DOTS)
    source = _source(
        view,
        accounts,
        {
            rep: (a, b, c, n)
            for rep, a, b, c, n in zip(seats["rep"], x, y, colours, seats["name"], strict=True)
        },
        factor,
    )
    before = (_before(view, places(source, homes, "before", factor)),) if view.incumbents else ()
    return (*before, _after(view, places(source, homes, "after", factor)))


def _before(view: View, figure: Any) -> Chart:
    columns = ("rep", "name", "accounts_before", "potential_before", "workload_before")
    say = "Threads that cross and long threads are travel that the alignment of today costs."
    marks = (*DRAWN, Mark("no seat", NOBODY, "dot"))
    return Chart("map-before", "Before", say, figure, table_grid(view, "territories", columns), marks)


def _after(view: View, figure: Any) -> Chart:
    columns = ("rep", "name", "accounts", "potential", "workload", "travel_km")
    say = "Compact stars of one colour are territories that can be worked from home."
    return Chart("map-after", "After", say, figure, table_grid(view, "territories", columns), DRAWN)


def _source(
    view: View, accounts: pd.DataFrame, seats: dict[str, tuple[float, float, str, str]], factor: float
) -> ColumnDataSource:
    potential = accounts["potential"].to_numpy()
    top = float(potential.max(initial=0)) or 1.0
    x, y = spread(accounts["longitude"].to_numpy() * factor, accounts["latitude"].to_numpy())
    reach = 9 if len(accounts) < FEW else 6
    data: dict[str, list[object]] = {
        "x": list(x),
        "y": list(y),
        "size": [round(float(size), 2) for size in 4 + reach * np.sqrt(np.maximum(potential, 0) / top)],
        "name": list(accounts["name"]),
        "potential": [numbers.money(float(value), view.currency) for value in potential],
    }
    nowhere = (float("nan"), float("nan"), NOBODY, "none")
    for which, column in (("before", "incumbent"), ("after", "rep")):
        found = [seats.get(rep, nowhere) if isinstance(rep, str) else nowhere for rep in accounts[column]]
        data |= {
            f"hx_{which}": [seat[0] for seat in found],
            f"hy_{which}": [seat[1] for seat in found],
            f"colour_{which}": [seat[2] for seat in found],
            f"seat_{which}": [seat[3] for seat in found],
        }
    return ColumnDataSource(data)


def _bars(view: View) -> Chart:
    seats = (
        view.frame("territories")
        .sort_values(["potential", "rep"], ascending=[False, True])
        .reset_index(drop=True)
    )
    scale = Scale.of(np.concatenate([seats["potential"], seats["potential_before"]]), view.currency)
    chart = rows_figure(list(seats["name"]), f"potential, {scale.word}")
    source = ColumnDataSource(
        {
            "y": list(range(len(seats))),
            "after": list(seats["potential"] / scale.divisor),
            "before": list(seats["potential_before"] / scale.divisor),
            "name": list(seats["name"]),
            "a": [numbers.money(value, view.currency) for value in seats["potential"]],
            "b": [numbers.money(value, view.currency) for value in seats["potential_before"]],
        }
    )
    drawn = [chart.hbar(y="y", right="after", height=0.7, color=PLAN, source=source)]
    marks, rows = [Mark("after", PLAN)], [("", "name"), ("after", "a")]
    say = "Bars of like length are territories of like opportunity."
    if view.incumbents:
        stroke = {"marker": "dash", "angle": np.pi / 2, "size": 13, "line_width": 2.5, "color": QUIET}
        drawn.append(chart.scatter(x="before", y="y", source=source, **stroke))
        marks.append(Mark("before", QUIET, "line"))
        rows.append(("before", "b"))
        say += " A bar far from its stroke is a territory remade."
    hover(chart, drawn, rows)
    chart.x_range.start = 0
    columns = ("rep", "name", "accounts_before", "accounts", "potential_before", "potential")
    return Chart(
        "territory-bars",
        "Potential per territory",
        say,
        chart,
        table_grid(view, "territories", columns, seats),
        tuple(marks),
        wide=True,
    )
