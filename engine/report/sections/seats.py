"""Seat by seat: what each one covers, the number it carries, how likely that is and what it is expected to book."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.report import numbers
from engine.report.contents import Grid, Section
from engine.report.grids import ROWS, grid
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd


def section(view: View) -> Section | None:
    """Return the table of seats, all together and then the largest quota first; None without territories and quotas."""
    frame = _joined(view)
    if frame is None:
        return None
    said = "Each seat with the accounts it covers and the quota it carries."
    if "p_quota" in frame or "mean" in frame:
        said = "Each seat with the accounts it covers, the quota it carries, and what the simulation says of both."
    return Section("seats", "Seat by seat", (said,), grids=(_grid(view, frame),))


def _joined(view: View) -> pd.DataFrame | None:
    """Return a row per seat with what the run knows of it; its first columns are rep and name."""
    source = next((name for name in ("quota_reps", "territories") if view.has(name)), "")
    if not source:
        return None
    frame = view.frame(source)[["rep", "name"]]
    for table, wanted in (
        ("territories", ["accounts", "potential", "workload"]),
        ("quota_reps", ["quota"]),
        ("attainment", ["p_quota"]),
        ("bookings_by_rep", ["mean"]),
    ):
        if view.has(table):
            other = view.frame(table)
            if "measure" in other:
                other = other[other["measure"] == view.report.measure]
            frame = frame.merge(other[["rep", *wanted]].drop_duplicates("rep"), on="rep", how="left")
    order = "quota" if "quota" in frame else "potential"
    return frame.sort_values([order, "rep"], ascending=[False, True], ignore_index=True)


def _grid(view: View, frame: pd.DataFrame) -> Grid:
    heads, cells = ["seat", "name"], [list(frame["rep"]), list(frame["name"])]
    money = {
        "potential": f"potential, {view.currency}",
        "quota": f"quota, {view.currency}",
        "mean": f"expected bookings, {view.currency}",
    }
    for name in [str(column) for column in frame if column not in ("rep", "name")]:
        heads.append({**money, "p_quota": "chance to make quota"}.get(name, name))
        write = numbers.chance if name == "p_quota" else numbers.grouped
        values = list(frame[name])
        total = numbers.NOTHING if name == "p_quota" else numbers.grouped(float(frame[name].sum()))
        cells.append([total, *(write(float(value)) for value in values)])
    count = f"{len(frame):,} seats" if len(frame) != 1 else "1 seat"
    rows = list(zip(["all", *cells[0]], [count, *cells[1]], *cells[2:], strict=True))
    note = f"The first {ROWS} of {len(frame):,} seats." if len(frame) > ROWS else ""
    return replace(grid(heads, rows[: ROWS + 1], text=2), note=note)
