"""Visits: the times that deals spent in stages, from a table of entries, or from creation to close without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.calendar import DateArray
from engine.history import StageHistory
from engine.inputs import IntArray
from engine.pipeline.competing_risks import Observed
from engine.pipeline.export import DAY, Export, days
from engine.pipeline.spec import QUEUE

ON, OFF, BACK, STILL = 1, 0, 2, -1
"""How a visit ended: advanced, lost, back to an earlier stage, or not yet."""


@dataclass(frozen=True)
class Visits:
    """Visits of deals to one stage; arrays of shape (visit,)."""

    stage: str
    deal: IntArray
    """Place of the deal in the export."""
    entered: DateArray
    left: DateArray
    """Day on which it left, or the last on which it was seen there."""
    entry: IntArray
    """Age from which it is under observation."""
    how: NDArray[np.int8]
    to: IntArray
    """Stage to which it went back; -1 where it did not."""

    def __len__(self) -> int:
        return len(self.deal)

    @property
    def observed(self) -> Observed:
        """The visits by age: 1 advanced, 0 lost or back, -1 still there."""
        outcome = np.where(self.how == BACK, OFF, self.how).astype(np.int8)
        return Observed(self.entry, days(self.left - self.entered), outcome)

    def at(self, which: NDArray[np.bool_]) -> Visits:
        """Return some of the visits."""
        return Visits(
            self.stage, self.deal[which], self.entered[which], self.left[which], self.entry[which],
            self.how[which], self.to[which],
        )  # fmt: skip


def whole(export: Export, stage: str) -> Visits:
    """Return one visit a deal, from its creation to its close."""
    observed, deal = export.observed()
    created, left = export.created[deal], export.last_seen[deal]
    return Visits(
        stage, deal, created, left, observed.entry, observed.outcome, np.full(len(deal), -1, dtype=np.int64)
    )


@dataclass
class Entries:
    """Visits by stage, and what of the table did not fit."""

    visits: tuple[Visits, ...]
    skips: int = 0
    """Stages that deals passed over; each counts as a visit of no day."""
    without: int = 0
    """Deals without any entry."""
    late: int = 0
    """Deals whose first entry lies more than a day after their creation."""
    after: int = 0
    """Entries later than the close of their deal, which are left out."""
    others: Mapping[str, int] = field(default_factory=dict)
    """Entries into stages that are not named, by stage."""


def by_stage(
    export: Export, history: StageHistory, stages: Sequence[str], names: Mapping[str, str]
) -> Entries:
    """Return the visits to each stage in order.

    Args:
        export: the deals.
        history: entries by deal and day.
        stages: stages in order.
        names: what the table's name of a stage means, where it is no stage of these.

    """
    place = {name: index for index, name in enumerate(stages)}
    ids = [name for part in export.parts for name in part.id]
    deal_of = {name: row for row, name in enumerate(ids)}
    paths: dict[int, list[tuple[int, np.datetime64]]] = {}
    closed, others, after = export.closed, dict[str, int](), 0
    for name, told, day in zip(history.opportunity, history.stage, history.entered, strict=True):
        stage, deal = names.get(told, told), deal_of[name]
        if stage not in place:
            if stage != QUEUE:
                others[stage] = others.get(stage, 0) + 1
            continue
        if day > closed[deal]:
            after += 1
            continue
        path = paths.setdefault(deal, [])
        if not path or path[-1][0] != place[stage]:
            path.append((place[stage], day))
    found = Entries((), without=len(ids) - len(paths), after=after, others=others)
    rows = _rows(export, paths, len(stages), found)
    found.visits = tuple(
        _visits(export, name, [row for row in rows if row[0] == at]) for at, name in enumerate(stages)
    )
    return found


_Row = tuple[int, int, np.datetime64, np.datetime64, int, int]


def _rows(
    export: Export, paths: Mapping[int, list[tuple[int, np.datetime64]]], stages: int, found: Entries
) -> list[_Row]:
    """Return (stage, deal, entered, left, how, back to) of every visit."""
    outcome, closed, created = export.outcome, export.closed, export.created
    yesterday = export.today - DAY
    rows: list[_Row] = []
    for deal, path in paths.items():
        found.late += int(path[0][1] > created[deal] + DAY)
        for (stage, day), (then, left) in pairwise(path):
            back = then < stage
            rows.append((stage, deal, day, left, BACK if back else ON, then if back else -1))
            rows += [(over, deal, left, left, ON, -1) for over in range(stage + 1, then)]
            found.skips += max(then - stage - 1, 0)
        stage, day = path[-1]
        if outcome[deal] == STILL:
            rows.append((stage, deal, day, yesterday, STILL, -1))
            continue
        end = closed[deal]
        won = bool(outcome[deal] == 1)
        rows.append((stage, deal, day, end, ON if won else OFF, -1))
        if won:
            rows += [(over, deal, end, end, ON, -1) for over in range(stage + 1, stages)]
            found.skips += stages - stage - 1
    return rows


def _visits(export: Export, stage: str, rows: Sequence[_Row]) -> Visits:
    deal = np.array([row[1] for row in rows], dtype=np.int64)
    entered = np.array([row[2] for row in rows], dtype="datetime64[D]")
    left = np.maximum(np.array([row[3] for row in rows], dtype="datetime64[D]"), entered)
    how = np.array([row[4] for row in rows], dtype=np.int8)
    to = np.array([row[5] for row in rows], dtype=np.int64)
    entry = days(np.maximum(entered, export.visible) - entered)
    every = Visits(stage, deal, entered, left, entry, how, to)
    # What ended before closes are visible is there only of deals that went on: it says nothing of the others.
    return every.at(left >= export.visible)
