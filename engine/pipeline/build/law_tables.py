"""LawTables: laws gathered while the parts of a model are built, each told by its index."""

from __future__ import annotations

import numpy as np

from engine.pipeline.law import Knots, Law
from engine.pipeline.layout import KNOT, guide_levels, records
from engine.pipeline.model import Laws


class LawTables:
    """Laws in the order in which they were first asked for; equal laws share a table."""

    def __init__(self) -> None:
        self._index: dict[tuple[Law, float], int] = {}
        self.knots: list[Knots] = []

    def add(self, law: Law, times: float = 1.0) -> int:
        """Return the index of a law, with its values multiplied by a factor."""
        if (law, times) not in self._index:
            self._index[law, times] = len(self.knots)
            level, value = law.knots()
            self.knots.append((level, value * times))
        return self._index[law, times]

    def add_or_none(self, law: Law | None) -> int:
        """Return the index of a law; -1 for none."""
        return -1 if law is None else self.add(law)

    def finish(self) -> Laws:
        """Lay the tables one after the other, with the slope behind each knot and a guide into each table."""
        slopes, guides, first = [], [], 0
        cells = np.append(guide_levels(), 1.0)
        for level, value in self.knots:
            steps = np.diff(level)
            rises = np.divide(np.diff(value), steps, out=np.zeros_like(steps), where=steps > 0)
            slopes.append(np.append(rises, 0.0))
            last = int(np.searchsorted(level, 1.0)) - 1
            guides.append(first + np.minimum(np.searchsorted(level, cells, side="right") - 1, last))
            first += len(level)
        levels, values = zip(*self.knots, strict=True)
        knot = records(KNOT, np.concatenate(levels), np.concatenate(values), np.concatenate(slopes))
        return Laws(knot, np.array(guides, dtype=np.int64))
