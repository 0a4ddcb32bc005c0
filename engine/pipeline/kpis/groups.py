"""Groups: what key figures are told of, as rows of the counters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.hierarchy import nodes_of
from engine.inputs import Inputs, IntArray
from engine.pipeline import counters
from engine.pipeline.layout import TICKS
from engine.pipeline.model import Model

Dimension = Literal["total", "level", "rep", "segment", "period"]


@dataclass(frozen=True)
class Group:
    """A part of the pipeline whose figures are told."""

    dimension: Dimension
    by: str
    """`total`, the name of a level such as `region`, `rep`, `segment` or `period`."""
    name: str
    """The node, seat, segment or period; '' in total, and for deals without an account."""
    rows: IntArray
    """Groups of the counters that it adds up."""
    members: IntArray
    """Seats, segments or periods that it consists of, by number."""
    span: tuple[int, int]
    """Ticks [begin, end) that are simulated of it."""

    @property
    def days(self) -> float:
        """Days that are simulated of it."""
        return (self.span[1] - self.span[0]) / TICKS


def groups_of(inputs: Inputs, model: Model, segments: Sequence[str]) -> tuple[Group, ...]:
    """Return the whole, every node of every level, every seat, segment and period, in this order.

    Deals without an account are a segment of their own where there may be any.
    """
    seats, of_segment, of_period, _ = counters.groups(model)
    start, horizon = model.selling.start, model.selling.horizon
    whole = start, horizon
    reps = np.arange(len(inputs.reps))
    found = [Group("total", "total", "", np.array([0]), reps, whole)]
    for level, nodes in nodes_of(inputs.reps).items():
        for node, inside in nodes.items():
            found.append(Group("level", level, node, seats + inside, inside, whole))
    for rep in reps:
        found.append(
            Group("rep", "rep", inputs.reps.id[rep], np.array([seats + rep]), np.array([rep]), whole)
        )
    known = (model.arising.spring["segment"], model.opening.deal["segment"], model.base.contract["segment"])
    nowhere = any((rows == len(segments)).any() for rows in known)
    for place, segment in enumerate((*segments, "") if nowhere else segments):
        rows = np.array([of_segment + place])
        found.append(Group("segment", "segment", segment, rows, np.array([place]), whole))
    edge = np.clip(model.closing.edge, start, horizon)
    for period, label in enumerate(inputs.calendar.labels):
        span = int(edge[period]), int(edge[period + 1])
        rows = np.array([of_period + period])
        found.append(Group("period", "period", label, rows, np.array([period]), span))
    return tuple(group for group in found if group.days > 0)
