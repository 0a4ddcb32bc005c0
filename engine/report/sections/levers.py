"""What moves expected bookings: each input by its step, as a tornado; and what investments return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.report import numbers
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.frame import Scale
from engine.report.figures.tornado import tornado
from engine.report.grids import grid
from engine.report.palette import BEFORE, INK, PLAN
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20
"""Bars of the tornado; the table has all levers."""
MARKS = (
    Mark("with the step", PLAN),
    Mark("with the same step back", BEFORE),
    Mark("effect", INK, "dot"),
    Mark("its 95 % interval", INK, "line"),
)


def section(view: View) -> Section | None:
    """Return the section on levers; None where the scenario asks for none."""
    sentences: list[str] = []
    charts: list[Chart] = []
    grids: list[Grid] = []
    if view.has("bottleneck"):
        frame = view.frame("bottleneck")
        sentences.append(_first(view, frame))
        charts.append(_chart(view, frame))
    if view.has("investments"):
        frame = view.frame("investments")
        sentences.append(_best(frame))
        grids.append(_investments(view, frame))
    if not sentences:
        return None
    return Section("levers", "What moves bookings", tuple(sentences), tuple(charts), tuple(grids))


def _name(row: pd.Series) -> str:
    return f"{row['lever']} {row['of']}".strip()


def _first(view: View, frame: pd.DataFrame) -> str:
    top = frame.iloc[0]
    moved = f"{_name(top)} ({top['step']})"
    effect = f"{numbers.money(top['effect'], view.currency)}, {numbers.signed(top['share'])}"
    if not top["clear"]:
        return f"No step moves {top['measure']} beyond doubt; the largest found is that of {moved}: {effect}."
    words = f"Of all steps that were tried, {moved} moves expected {top['measure']} most: {effect}."
    if len(frame) > 1 and not top["ahead"]:
        words += f" {_name(frame.iloc[1])} may be as strong: their intervals do not tell them apart."
    return words


def _chart(view: View, frame: pd.DataFrame) -> Chart:
    top = frame.head(SHOWN)
    scale = Scale.of(top[["up", "down", "low", "high"]].to_numpy(), view.currency)
    names = [_name(row) for _, row in top.iterrows()]
    texts = {"": names, "step": list(top["step"])}
    texts |= {
        word: [numbers.money(value, view.currency) for value in top[column]]
        for word, column in (("with the step", "up"), ("with the step back", "down"), ("effect", "effect"))
    }
    texts["95 % interval"] = [
        f"{numbers.money(low, view.currency)} to {numbers.money(high, view.currency)}"
        for low, high in zip(top["low"], top["high"], strict=True)
    ]
    figure = tornado(
        [f"{name}, {step}" for name, step in zip(names, top["step"], strict=True)],
        (list(top["up"] / scale.divisor), list(top["down"] / scale.divisor)),
        (list(top["low"] / scale.divisor), list(top["high"] / scale.divisor)),
        x=scale.word,
        texts=texts,
    )
    say = (
        f"Change of expected {top['measure'].iloc[0]} as each input is moved by its step, forth and back, in the same "
        f"{int(top['replications'].iloc[0]):,} futures. The effect is half the distance between the two; of "
        "what comes one by one (slots, units, months) it is that of the step. What a step costs is not in the figure."
    )
    return Chart(
        "tornado", "What a step of each input moves", say, figure, _levers(view, frame), MARKS, wide=True
    )


def _levers(view: View, frame: pd.DataFrame) -> Grid:
    heads = ("rank", "lever", "of", "step", f"effect, {view.currency}", "95 % from", "to", "of the measure", "up",
             "down", "beyond doubt", "ahead of the next")  # fmt: skip
    rows = [
        (
            f"{row['rank']}", row["lever"], row["of"] or "", row["step"],
            *(numbers.grouped(row[name]) for name in ("effect", "low", "high")), numbers.signed(row["share"], 2),
            *(numbers.grouped(row[name]) for name in ("up", "down")),
            "yes" if row["clear"] else "no", "yes" if row["ahead"] else "no",
        )
        for _, row in frame.iterrows()
    ]  # fmt: skip
    return grid(heads, rows, text=4)


def _best(frame: pd.DataFrame) -> str:
    top = frame.sort_values(["return", "investment"], ascending=[False, True]).iloc[0]
    pays = numbers.chance(float(top["pays"]))
    return (
        f"Of the investments, {top['investment']} returns most: {top['return']:.2f} for 1 "
        f"({top['return_low']:.2f} to {top['return_high']:.2f}), and pays for itself in {pays} of futures."
    )


def _investments(view: View, frame: pd.DataFrame) -> Grid:
    unit = view.currency
    heads = ("investment", "what it changes", f"cost, {unit}", f"gain, {unit} (95 %)", "margin", "return (95 %)",
             "pays")  # fmt: skip
    rows = [
        (
            row["investment"], row["changes"], numbers.grouped(row["cost"]),
            _with(row, "gain", numbers.short), numbers.percent(row["margin"], 0),
            _with(row, "return", lambda value: f"{value:.2f}"), numbers.chance(float(row["pays"])),
        )
        for _, row in frame.iterrows()
    ]  # fmt: skip
    note = "Gain: additional bookings, mean. Return: gain x margin / cost. Pays: P(return > 1), over futures."
    return replace(grid(heads, rows, text=2, caption="What investments return"), note=note)


def _with(row: pd.Series, name: str, write: Callable[[float], str]) -> str:
    """Write a figure with its interval."""
    value, low, high = (write(float(row[column])) for column in (name, f"{name}_low", f"{name}_high"))
    return f"{value} ({low} to {high})"
