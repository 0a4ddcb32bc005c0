"""Re-carve: what each seat has booked, and what it is still to win, before and after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.bars import stacked
from engine.report.figures.frame import Scale
from engine.report.figures.spreads import dumbbells
from engine.report.grids import grid, table_grid
from engine.report.palette import BEFORE, GAIN, PLAN, SHORT
from engine.report.view import View


def section(view: View) -> Section | None:
    """Return the section on a re-carve in the middle of the year; None where the whole year is planned."""
    if not view.has("recarve"):
        return None
    charts = (_left(view), *((_booked(view),) if view.has("history") else ()))
    return Section("recarve", "Re-carve", (_sentence(view),), charts, _grids(view))


def _sentence(view: View) -> str:
    frame = view.frame("recarve")
    left = numbers.money(float(frame["remaining"].sum()), view.currency)
    words = f"{left} is still to be won by {numbers.count(int((frame['share'] > 0).sum()), 'seat')}"
    counted = frame["status"].value_counts()
    others = [
        f"{int(counted[word])} {word}" for word in ("new", "vacant", "open", "closed") if word in counted
    ]
    words += f" ({', '.join(others)})." if others else "."
    if view.has("history"):
        booked = numbers.money(float(view.frame("history")["booked"].sum()), view.currency)
        words += f" {booked} was booked before and stays with the seats that booked it."
    return words


def _left(view: View) -> Chart:
    frame = view.frame("recarve").sort_values(["remaining", "rep"], ascending=[False, True])
    scale = Scale.of(np.concatenate([frame["remaining"], frame["remaining_before"]]), view.currency)
    shown = [view.seat_names.get(rep, rep) for rep in frame["rep"]]
    texts = {
        "": shown,
        "now": [numbers.grouped(value) for value in frame["remaining"]],
        "before": [numbers.grouped(value) for value in frame["remaining_before"]],
        "status": list(frame["status"]),
        "can work": [numbers.percent(share) for share in frame["share"]],
    }
    before = list(frame["remaining_before"] / scale.divisor)
    after = list(frame["remaining"] / scale.divisor)
    figure = dumbbells(shown, before, after, (before, before), x=f"potential left, {scale.word}", texts=texts)
    rows = zip(frame["rep"], *list(texts.values())[:1], *(texts[word] for word in ("status", "can work")),
               texts["before"], texts["now"], strict=True)  # fmt: skip
    heads = ("rep", "name", "status", "can work", "potential left before", "potential left now")
    say = "What each seat is still to win. A seat that starts late or ramps up gets as much less as it can work."
    marks = (Mark("with today's accounts", BEFORE, "ring"), Mark("with the new ones", PLAN, "dot"))
    return Chart("recarve-left", "Still to be won", say, figure, grid(heads, rows, text=3), marks)


def _booked(view: View) -> Chart:
    frame = view.frame("history").sort_values(["booked", "rep"], ascending=[False, True])
    names = [
        view.seat_names.get(rep, rep) if isinstance(rep, str) else "without a seat" for rep in frame["rep"]
    ]
    scale = Scale.of(frame["booked"].to_numpy(), view.currency)
    held = ((frame["booked"] - frame["moved_on"]) / scale.divisor).tolist()
    gone = (frame["moved_on"] / scale.divisor).tolist()
    parts = ((f"{scale.word}, still held", held, GAIN), (f"{scale.word}, held by others", gone, SHORT))
    figure = stacked(names, parts, f"booked, {scale.word}")
    figure.height = _left_height(len(names))
    rows = [
        (str(rep) if isinstance(rep, str) else numbers.NOTHING, name, f"{int(deals):,}",
         numbers.grouped(booked), numbers.grouped(moved))
        for rep, name, deals, booked, moved in zip(
            frame["rep"], names, frame["deals"], frame["booked"], frame["moved_on"], strict=True
        )
    ]  # fmt: skip
    heads = ("rep", "name", "deals", "booked", "of it at accounts held by others today")
    say = "Credit stays with the seat that booked it, also where the account has since gone to another."
    marks = (Mark("at accounts that it still holds", GAIN), Mark("at accounts that others hold today", SHORT))
    return Chart("recarve-booked", "Booked before", say, figure, grid(heads, rows, text=2), marks)


def _left_height(rows: int) -> int:
    from engine.report.figures.bars import NAMED, ROW

    return 76 + ROW * min(max(rows, 2), NAMED)


def _grids(view: View) -> tuple[Grid, ...]:
    shown = replace(table_grid(view, "recarve"), caption="The re-carve, seat by seat", folded=True)
    return (shown,)
