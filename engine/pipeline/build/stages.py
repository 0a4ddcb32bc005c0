"""Stages: the row that holds for a deal by stage, segment, size, tenure of the person and part of the quarter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from engine.inputs import IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.law import Law
from engine.pipeline.layout import MONTH, ROW, TICKS, Records
from engine.pipeline.months import Parts
from engine.pipeline.spec import Case


@dataclass(frozen=True)
class Rows:
    """The rows, and which holds when."""

    row: Records
    cell: IntArray
    """Row of (stage, segment, size band, tenure band, part of the quarter)."""
    size_edge: IntArray
    tenure_edge: IntArray
    month_edge: IntArray
    month: IntArray
    parts: Parts

    def at(self, stage: int, segment: int, size: int, tenure: int, tick: int) -> int:
        """Return the row of a deal of a size that is in a stage since a tick; `tenure` in ticks."""
        bands = (
            np.searchsorted(self.size_edge, size, "right"),
            np.searchsorted(self.tenure_edge, tenure, "right"),
        )
        part = self.parts.at(np.array([tick // TICKS], dtype=np.int64))[0]
        return int(self.cell[stage, segment, bands[0], bands[1], part])


def rows(draft: Draft) -> Rows:
    """Lay out what every stage is under every circumstance."""
    cases = [case for stage in draft.spec.stages for case in stage.cases]
    for place, stage in enumerate(draft.spec.stages):
        for at, case in enumerate(stage.cases):
            where = f"pipeline.stages[{place}].cases[{at}].segments"
            draft.refuse_unknown(case.segments, draft.segments, "segment", where)
    unit = draft.minor
    sizes = sorted({int(edge * unit) for case in cases for edge in (case.size_from, case.size_below) if edge})
    months = {edge for case in cases for edge in (case.tenure_from, case.tenure_below) if edge}
    tenures = sorted(months | set(range(1, len(draft.spec.ramp) + 1)))
    days = {edge for case in cases for edge in (case.day_from, case.day_below) if edge and edge > 1}
    parts = Parts(draft.inputs.calendar, tuple(sorted(days)))
    shape = (len(draft.segments) + 1, len(sizes) + 1, len(tenures) + 1, parts.count)
    layout = _Layout(draft, [0, *(size / unit for size in sizes)], [0, *tenures], parts)
    cell = np.empty((len(draft.spec.stages), *shape), dtype=np.int64)
    for place in range(len(draft.spec.stages)):
        for circumstances in product(*map(range, shape)):
            cell[place, *circumstances] = layout.of(place, *circumstances)
    edges = parts.edges()
    return Rows(
        np.array(list(layout.index), dtype=ROW), cell, np.array(sizes, dtype=np.int64),
        np.array(tenures, dtype=np.int64) * MONTH, edges * TICKS, parts.at(edges[:-1]), parts,
    )  # fmt: skip


class _Layout:
    """Distinct rows in the order in which they were first asked for."""

    def __init__(self, draft: Draft, sizes: list[float], tenures: list[int], parts: Parts) -> None:
        self.draft, self.sizes, self.tenures, self.parts = draft, sizes, tenures, parts
        self.index: dict[tuple[float | int, ...], int] = {}
        self.names = [stage.name for stage in draft.spec.stages]
        shared = enumerate(draft.changes.shared)
        self.demanded = {stage: (place, one) for place, res in shared for stage, one in res.stages.items()}

    def of(self, place: int, segment: int, size: int, tenure: int, part: int) -> int:
        """Return the row of a stage under some circumstances."""
        stage = self.draft.spec.stages[place]
        name = (*self.draft.segments, "")[segment]
        advance, days, days_lost, factor, times = (
            float(stage.advance),
            stage.duration,
            stage.duration_lost,
            1.0,
            1.0,
        )
        when = (self.parts.month(part), self.parts.day(part))
        for case in stage.cases:
            if holds(case, name, self.sizes[size], self.tenures[tenure], when):
                advance = advance if case.advance is None else float(case.advance)
                days, days_lost = _days(case, days, days_lost)
                factor *= 1.0 if case.advance_times is None else case.advance_times
                times *= 1.0 if case.days_times is None else case.days_times
        back = float(stage.recycle.chance) if stage.recycle else 0.0
        advance = min(advance * factor, 1.0 - back) if factor > 1 else advance * factor
        ramp = self.draft.spec.ramp
        if place == len(self.names) - 1 and self.tenures[tenure] < len(ramp):
            advance *= float(ramp[self.tenures[tenure]])
        resource, demand = self.demanded.get(stage.name, (-1, None))
        add = self.draft.tables.add
        row = (
            advance,
            back,
            self.names.index(stage.recycle.to) if stage.recycle else -1,
            add(days, times),
            add(days_lost or days, times),
            resource,
            demand.share if demand else 0.0,
            -1 if demand is None or demand.hold is None else add(demand.hold),
        )
        return self.index.setdefault(row, len(self.index))


def _days(case: Case, days: Law, days_lost: Law | None) -> tuple[Law, Law | None]:
    """Return the laws of a case; where it gives one law alone, that holds for lost deals as well."""
    if case.duration is None:
        return days, case.duration_lost or days_lost
    return case.duration, case.duration_lost


def holds(case: Case, segment: str, size: float, tenure: int, when: tuple[int, int]) -> bool:
    """Whether a case holds; size, tenure and day are where their bands begin, month and day count from 1."""
    month, day = when
    return (
        (not case.segments or segment in case.segments)
        and (case.size_from is None or size >= case.size_from)
        and (case.size_below is None or size < case.size_below)
        and (case.tenure_from is None or tenure >= case.tenure_from)
        and (case.tenure_below is None or tenure < case.tenure_below)
        and (not case.months_of_quarter or month in case.months_of_quarter)
        and (case.day_from is None or day >= case.day_from)
        and (case.day_below is None or day < case.day_below)
    )
