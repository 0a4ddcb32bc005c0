"""The headcount in words: the cheapest number of territories, whose seats the run has, and which are ruled out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.report import numbers
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd


def lines(view: View) -> list[str]:
    """Return lines on the table `headcount`: what is cheapest, and what the bounds say of the other numbers."""
    frame = view.frame("headcount")
    chosen = frame[frame["chosen"]]
    if chosen.empty:
        return ["no number of territories has a plan", *_others(frame)]
    best, count = chosen.iloc[0], adopted(view)
    cost = numbers.money(float(best["upper_bound"]), view.currency)
    words = f"{int(best['territories'])} territories are cheapest: {cost} a year"
    return [words, *([] if count is None else [f"this run has {count}"]), *_others(frame)]


def adopted(view: View) -> int | None:
    """Return the number of territories whose seats the run has; None where it keeps those of the tables."""
    frame = view.frame("headcount")
    counts = frame[frame["adopted"]]["territories"]
    return None if counts.empty else int(counts.iloc[0])


def _others(frame: pd.DataFrame) -> list[str]:
    out = frame[frame["ruled_out"] & ~frame["chosen"]]["territories"]
    left = frame[~frame["ruled_out"] & ~frame["chosen"]]["territories"]
    words = [f"ruled out by proof: {_listed(out)}"] if len(out) else []
    return [*words, *([f"may still be cheaper: {_listed(left)}"] if len(left) else [])]


def _listed(counts: pd.Series[int]) -> str:
    """Return numbers in order, runs of them as `5 to 8`."""
    values, runs = sorted(int(value) for value in counts), []
    start = values[0]
    for value, then in zip(values, [*values[1:], values[-1] + 2], strict=True):
        if then != value + 1:
            runs.append(str(start) if start == value else f"{start} to {value}")
            start = then
    return ", ".join(runs)
