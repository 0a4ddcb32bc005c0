"""The page of a calibration: what to know first, the fit of every part against the data, and its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.calibration.found import Curve, Found, Parameter, Remark
from engine.inputs import Finding
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.courses import bars_with_course
from engine.report.figures.frame import percent_axis
from engine.report.figures.points import curves
from engine.report.figures.spreads import intervals
from engine.report.grids import grid
from engine.report.html import document
from engine.report.numbers import NOTHING, percent, real
from engine.report.palette import INK, PLAN, PLAN_LIGHT, PLAN_PALE, SERIES

_FOOT = "The same tables lie beside this page as CSV and Parquet, and the block as pipeline.yaml."
_POINTS = 25
"""Rows of the numbers behind a curve."""


def page(title: str, description: str, facts: str, found: Found, findings: Sequence[Finding]) -> str:
    """Return the page as HTML; equal results give equal text."""
    parts = [_first(found), *_parts(found), _notes(found)]
    if findings:
        rows = [(f.table, f.what, f.action, f"{f.rows:,}") for f in findings]
        parts.append(
            Section(
                "data", "Data", grids=(grid(("Table", "Found", "What became of them", "Rows"), rows, text=3),)
            )
        )
    return document("Calibration", title, parts, description=description, facts=facts, foot=_FOOT)


def _first(found: Found) -> Section:
    told = [r for r in found.remarks if r.kind == "warning"]
    missing = [r for r in found.remarks if r.kind == "not estimated"]
    grids = []
    if told:
        grids.append(replace(_remarks(told), caption="Warnings"))
    if missing:
        grids.append(replace(_remarks(missing), caption="What could not be estimated"))
    said = () if grids else ("Nothing stands in the way of using the block.",)
    return Section("first", "Read first", said, grids=tuple(grids))


def _remarks(remarks: Iterable[Remark]) -> Grid:
    rows = [(r.part, r.text, r.hint or NOTHING) for r in remarks]
    return grid(("Part", "What there is to know", "What to do"), rows, text=3)


def _parts(found: Found) -> list[Section]:
    """Return a section for every part that has parameters or curves: stages first, the others as they were found."""
    stages = [stage for stage, _, _ in found.tried]
    names = dict.fromkeys([*stages, *(c.part for c in found.curves), *(p.part for p in found.parameters)])
    sections = []
    for place, name in enumerate(names):
        charts = tuple(
            _chart(curve, f"{place}-{at}")
            for at, curve in enumerate(c for c in found.curves if c.part == name)
        )
        grids = []
        own = [p for p in found.parameters if p.part == name]
        if own:
            grids.append(replace(_parameters(own), caption="Parameters, with 90 % intervals"))
        tried = [(one, chosen) for stage, one, chosen in found.tried if stage == name]
        if tried:
            rows = [
                (
                    one.on,
                    one.off,
                    "yes" if chosen else "no",
                    f"{one.parameters}",
                    f"{one.aic:,.1f}",
                    f"{one.bic:,.1f}",
                )
                for one, chosen in tried
            ]
            heads = (
                "Days of deals that advance",
                "Days of others",
                "In the block",
                "Parameters",
                "AIC",
                "BIC",
            )
            grids.append(replace(grid(heads, rows, text=3, caption="Laws that were tried"), folded=True))
        sections.append(Section(f"part-{place}", name[:1].upper() + name[1:], (), charts, tuple(grids)))
    return sections


def _parameters(parameters: Iterable[Parameter]) -> Grid:
    rows = []
    for p in parameters:
        write = percent if p.unit == "probability" else real
        shrunk = (NOTHING, NOTHING) if np.isnan(p.kept) else (write(p.raw), percent(p.kept, 0))
        estimate = (write(p.value), write(p.low), write(p.high))
        rows.append(
            (
                p.name,
                p.of or "all",
                "" if p.unit == "probability" else p.unit,
                *estimate,
                *shrunk,
                f"{p.rests_on:,}",
            )
        )
    heads = ("Parameter", "Of", "Unit", "Estimate", "Low", "High", "Before shrinking", "Kept", "Rests on")
    return grid(heads, rows, text=3)


def _chart(curve: Curve, name: str) -> Chart:
    numbers = _numbers(curve)
    values = dict(curve.lines)
    if "p10" in values:
        lines = {key: line.tolist() for key, line in values.items()}
        spread = intervals(curve.labels, lines, curve.y_label)
        percent_axis(spread.yaxis[0])
        marks = (Mark("counted", PLAN, "line"), Mark("90 % interval", PLAN_PALE))
        return Chart(
            name,
            curve.title,
            "Share won, as counted.",
            spread,
            numbers,
            marks,
        )
    if curve.labels:
        (bars, counted), (line, fitted) = curve.lines
        figure: Any = bars_with_course(curve.labels, counted.tolist(), fitted.tolist(), curve.y_label)
        marks = (Mark(bars, PLAN_LIGHT), Mark(line, INK, "line"))
        return Chart(
            name, curve.title, "Bars are counted, the line is what the block expects.", figure, numbers, marks
        )
    drawn = [
        (
            label,
            curve.x.tolist(),
            line.tolist(),
            [f"{x:,.0f}: {y:.1%}" for x, y in zip(curve.x, line, strict=True)],
        )
        for label, line in curve.lines
    ]
    figure = curves(drawn, labels=(curve.x_label, curve.y_label))
    percent_axis(figure.yaxis[0])
    legend = tuple(Mark(label, SERIES[at % len(SERIES)], "line") for at, (label, _) in enumerate(curve.lines))
    return Chart(
        name,
        curve.title,
        "Where fitted and counted lie on each other, the law fits.",
        figure,
        numbers,
        legend,
    )


def _numbers(curve: Curve) -> Grid:
    at = np.unique(np.linspace(0, len(curve.x) - 1, min(len(curve.x), _POINTS)).astype(np.int64))
    first = [curve.labels[place] if curve.labels else real(float(curve.x[place])) for place in at]
    names = {"p50": "counted", "p10": "low", "p90": "high"}
    rows = [
        (word, *(real(float(line[place])) for _, line in curve.lines))
        for word, place in zip(first, at, strict=True)
    ]
    return grid((curve.x_label, *(names.get(label, label) for label, _ in curve.lines)), rows)


def _notes(found: Found) -> Section:
    rows = [(r.part, r.text) for r in found.remarks if r.kind == "note"]
    return Section("notes", "What it rests on", grids=(grid(("Part", "What it rests on"), rows, text=2),))
