"""Rows that name a person and a component of their plan, and where those stand in a settlement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.comp.opening import components, unknown
from engine.comp.spec import CompSpec
from engine.crediting.deals import Texts
from engine.data.cells import keys
from engine.data.rows import Rows
from engine.errors import Fault
from engine.inputs import Inputs, IntArray


@dataclass(frozen=True)
class Named:
    """Shape (row,)."""

    file: str
    line: IntArray
    """Row of the file, with the header as row 1."""
    person: Texts
    component: Texts

    def __len__(self) -> int:
        return self.line.size

    @classmethod
    def of(cls, rows: Rows) -> tuple[Named, IntArray]:
        """Read the rows that are kept, and return them with their places in the table."""
        person, component = keys(rows, "person", required=True), keys(rows, "component", required=True)
        at = np.flatnonzero(rows.keep & ~rows.refused)
        words = (np.array(cells.to_pylist(), dtype=object)[at] for cells in (person, component))
        return cls(rows.raw.file, at + 2, *words), at

    def places(self, inputs: Inputs, spec: CompSpec, head: IntArray) -> tuple[IntArray, IntArray]:
        """Return (component, spell) of each row under some plans; -1 for both where there is none.

        It is the first row of the person in the plan year whose plan has the component; `head` is the row in which a
        spell is settled.
        """
        found = components(inputs, spec)
        pairs = [found.get(key, (-1, -1)) for key in zip(self.person, self.component, strict=True)]
        component, spell = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return component, np.where(spell >= 0, head[np.maximum(spell, 0)] if head.size else -1, -1)

    def faults(self, inputs: Inputs, spec: CompSpec) -> Iterator[Fault]:
        """Yield a fault for each row whose person has no plan with the component."""
        rows = list(zip(self.person, self.component, strict=True))
        yield from unknown(inputs, spec, self.file, self.line.tolist(), rows)
