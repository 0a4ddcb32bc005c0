"""Seasonality: when leads arise, as piecewise constant intensities over one set of edges.

An even year gives each of its days the same share of its leads; weights of months give a calendar month its share of
the year; weights of periods share out what an even year would give the plan. Shocks of demand multiply the intensity in
their days. What lies before the start of the simulation falls away.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.calendar import Calendar, DateArray
from engine.inputs import FloatArray, IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.layout import TICKS
from engine.pipeline.process import Demand
from engine.pipeline.spec import Seasonality


class Seasons:
    """The intensities of a pipeline; equal ones share a row."""

    def __init__(self, draft: Draft) -> None:
        self.draft, calendar = draft, draft.inputs.calendar
        days = {draft.start, calendar.days}
        for unit in ("M", "Y"):
            days |= set(_day(_cuts(calendar, unit), calendar).tolist())
        days |= set(_day(calendar.edges, calendar).tolist())
        days |= {int(day) for shock in draft.changes.demand for day in (shock.begin, shock.end)}
        self.edge = np.array(
            sorted(day for day in days if draft.start <= day <= calendar.days), dtype=np.int64
        )
        self._index: dict[tuple[Seasonality | None, tuple[Demand, ...]], tuple[int, float]] = {}
        self._rows: list[FloatArray] = []

    @property
    def edges(self) -> IntArray:
        """Ticks of the edges."""
        return self.edge * TICKS

    @property
    def mass(self) -> FloatArray:
        """Share of the leads up to each edge, shape (shape, cell + 1)."""
        return np.array(self._rows)

    def add(
        self, seasonality: Seasonality | None, source: str, segment: str, where: str
    ) -> tuple[int, float]:
        """Return the row of an intensity, and how many years' worth of leads it holds."""
        shocks = tuple(
            shock
            for shock in self.draft.changes.demand
            if (not shock.segments or segment in shock.segments)
            and (not shock.sources or source in shock.sources)
        )
        if (seasonality, shocks) not in self._index:
            share = np.diff(self._cumulative(seasonality, where))
            for shock in shocks:
                inside = (self.edge[:-1] >= shock.begin) & (self.edge[1:] <= shock.end)
                share[inside] *= shock.factor
            years = float(share.sum())
            mass = (
                np.append(0.0, np.cumsum(share) / years) if years > 0 else np.linspace(0, 1, len(self.edge))
            )
            mass[np.flatnonzero(share)[-1] + 1 if years > 0 else -1 :] = 1.0
            self._index[seasonality, shocks] = len(self._rows), years
            self._rows.append(mass)
        return self._index[seasonality, shocks]

    def _cumulative(self, spec: Seasonality | None, where: str) -> FloatArray:
        """Return the leads of an expected year up to each edge, in years."""
        calendar = self.draft.inputs.calendar
        cuts = _cuts(calendar, "Y")
        share = _part(cuts, "Y")
        if spec is not None and spec.months:
            cuts = _cuts(calendar, "M")
            month = cuts[:-1].astype("datetime64[M]").astype(np.int64) % 12
            share = (np.array(spec.months) / sum(spec.months))[month] * _part(cuts, "M")
        elif spec is not None and len(spec.periods) != calendar.periods:
            message = f"{len(spec.periods)} weights for {calendar.periods} periods"
            self.draft.refuse("E_RANGE", message, "Give one per period.", f"{where}.seasonality.periods")
        elif spec is not None:
            cuts = calendar.edges.astype("datetime64[D]")
            share = share.sum() * np.array(spec.periods) / sum(spec.periods)
        known = np.append(0.0, np.cumsum(share))
        return np.asarray(np.interp(self.edge, _day(cuts, calendar), known), dtype=np.float64)


def _day(dates: DateArray, calendar: Calendar) -> IntArray:
    return (dates.astype("datetime64[D]") - calendar.start).astype(np.int64)


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
