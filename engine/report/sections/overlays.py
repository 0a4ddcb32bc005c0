"""Overlays: teams that work beside the owners of the accounts, and what each of their seats carries."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from engine.report import headline, numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.bars import stacked
from engine.report.figures.frame import Scale
from engine.report.grids import grid, table_grid
from engine.report.palette import PLAN
from engine.report.view import View


def section(view: View) -> Section | None:
    """Return the section on overlays; None where the scenario has none."""
    if not view.has("overlay_seats"):
        return None
    frame = view.frame("overlay_seats")
    names = list(dict.fromkeys(frame["overlay"]))
    sentences = tuple(_sentence(view, name, frame[frame["overlay"] == name]) for name in names)
    charts = tuple(
        _chart(view, str(name), frame[frame["overlay"] == name], index) for index, name in enumerate(names)
    )
    grids: tuple[Grid, ...] = (
        replace(table_grid(view, "overlay_seats"), caption="What each seat of an overlay carries"),
    )
    if view.has("overlay_alignment"):
        each = table_grid(view, "overlay_alignment")
        grids += (replace(each, caption="Who serves each account beside its owner", folded=True),)
    return Section("overlays", "Overlays", sentences, charts, grids)


def _sentence(view: View, name: str, frame: pd.DataFrame) -> str:
    seats, served = len(frame), numbers.count(int(frame["accounts"].sum()), "account")
    words = f"{name}: {numbers.count(seats, 'seat')} serve{'s' if seats == 1 else ''} {served}"
    words += f" beside their owners, with potential of {numbers.money(float(frame['potential'].sum()), view.currency)}"
    solve = next((solve for solve in view.report.solves if solve.name == f"{name}: cost"), None)
    if solve is None:
        return words + "."
    solve = headline.in_currency(view, solve)
    cost = numbers.money(solve.objective, view.currency)
    proven = f"within {numbers.gap(solve.gap)} of the best" if solve.gap else "the least possible"
    return f"{words}; the overlay costs {cost} a year, proven {proven}."


def _chart(view: View, name: str, frame: pd.DataFrame, index: int) -> Chart:
    frame = frame.sort_values(["potential", "overlay_seat"], ascending=[False, True])
    scale = Scale.of(frame["potential"].to_numpy(), view.currency)
    shown = [str(value) for value in frame["name"]]
    figure = stacked(
        shown,
        ((scale.word, (frame["potential"] / scale.divisor).tolist(), PLAN),),
        f"potential, {scale.word}",
    )
    rows = [
        (str(seat), name, f"{int(accounts):,}", numbers.grouped(potential), numbers.real(hours))
        for seat, name, accounts, potential, hours in zip(
            frame["overlay_seat"],
            shown,
            frame["accounts"],
            frame["potential"],
            frame["workload"],
            strict=True,
        )
    ]
    heads = ("seat", "name", "accounts", "potential", "workload")
    say = "Potential of the accounts that each seat of the team serves; their owners carry it as well."
    return Chart(
        f"overlay-{index + 1}", name, say, figure, grid(heads, rows, text=2), (Mark("accounts served", PLAN),)
    )
