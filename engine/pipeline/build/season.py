"""Seasonality: when in the plan leads arise, as a piecewise constant intensity."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.calendar import Calendar, DateArray
from engine.inputs import FloatArray, IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.model import TICKS


def season(draft: Draft) -> tuple[IntArray, FloatArray, float]:
    """Return edges in ticks, the share of the plan's leads up to each, and how many years' worth the plan gets.

    An even year gives each of its days the same share; weights of months give a calendar month its share of the
    year; weights of periods share out what an even year would give the plan.
    """
    spec, calendar = draft.spec.seasonality, draft.inputs.calendar
    edges = _cuts(calendar, "Y")
    share = _part(edges, "Y")
    if spec is not None and spec.months:
        edges = _cuts(calendar, "M")
        month = edges[:-1].astype("datetime64[M]").astype(np.int64) % 12
        share = (np.array(spec.months) / sum(spec.months))[month] * _part(edges, "M")
    elif spec is not None and len(spec.periods) != calendar.periods:
        message = f"{len(spec.periods)} weights for {calendar.periods} periods"
        draft.refuse("E_RANGE", message, "Give one per period.", "pipeline.seasonality.periods")
    elif spec is not None:
        edges = calendar.edges.astype("datetime64[D]")
        share = share.sum() * np.array(spec.periods) / sum(spec.periods)
    years = float(share.sum())
    mass = np.append(0.0, np.cumsum(share) / years) if years > 0 else np.linspace(0.0, 1.0, len(edges))
    mass[np.flatnonzero(share)[-1] + 1 if years > 0 else -1 :] = 1.0
    return (edges - calendar.start).astype(np.int64) * TICKS, mass, years


def _cuts(calendar: Calendar, unit: Literal["M", "Y"]) -> DateArray:
    """First and last day of the plan, and the first days of the months or years between them."""
    first, last = calendar.start.astype(f"datetime64[{unit}]"), calendar.end.astype(f"datetime64[{unit}]")
    inner = np.arange(first, last + np.timedelta64(1, unit)).astype("datetime64[D]")
    inner = inner[(inner > calendar.start) & (inner < calendar.end)]
    return np.concatenate(([calendar.start], inner, [calendar.end])).astype("datetime64[D]")


def _part(edges: DateArray, unit: Literal["M", "Y"]) -> FloatArray:
    """Share of its month or year that lies between each edge and the next."""
    whole = edges[:-1].astype(f"datetime64[{unit}]")
    length = (whole + np.timedelta64(1, unit)).astype("datetime64[D]") - whole.astype("datetime64[D]")
    part: FloatArray = np.diff(edges).astype(np.float64) / length.astype(np.float64)
    return part
