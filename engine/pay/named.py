"""Rows that name a person and a component of their plan, and where those stand in a settlement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.comp.spec import CompSpec
from engine.comp.terms import in_year
from engine.crediting.deals import Texts
from engine.data.cells import keys
from engine.data.rows import Rows
from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs, IntArray, Spells


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
        found = _components(inputs, spec)
        pairs = [found.get(key, (-1, -1)) for key in zip(self.person, self.component, strict=True)]
        component, spell = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return component, np.where(spell >= 0, head[np.maximum(spell, 0)] if head.size else -1, -1)

    def faults(self, inputs: Inputs, spec: CompSpec) -> Iterator[Fault]:
        """Yield a fault for each row whose person has no plan with the component."""
        found = _components(inputs, spec)
        for line, key in zip(self.line.tolist(), zip(self.person, self.component, strict=True), strict=True):
            if key not in found:
                person, component = key
                known = [name for who, name in found if who == person]
                yield Fault(
                    "E_REFERENCE",
                    f"no plan of {person} has a component '{component}'",
                    did_you_mean(component, known) + " Components go by their names on statements.",
                    self.file,
                    line,
                    field="component",
                )


def unknown_people(rows: Rows, spells: Spells) -> None:
    """Leave out, and count, rows of people who are not in the plan."""
    person = np.array(rows.cells("person").to_pylist(), dtype=object)
    known = set(spells.person)
    gone = np.array([name not in known for name in person], dtype=bool)
    rows.drop(gone, "a person who is not in the plan", lambda row: str(person[row]), "person")


def _components(inputs: Inputs, spec: CompSpec) -> dict[tuple[str, str], tuple[int, int]]:
    """Return (component, spell) by (person, name of the component): those of the first row that has it."""
    spells, here = inputs.spells, in_year(inputs.calendar, inputs)
    places: dict[str, list[tuple[str, int]]] = {}
    k = 0
    for plan, block in spec.plans.items():
        for part in block.components:
            places.setdefault(plan, []).append((part.label, k))
            k += 1
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for spell in np.argsort(spells.start, kind="stable").tolist():
        for label, place in places.get(spells.plan[spell], ()) if here[spell] else ():
            found.setdefault((spells.person[spell], label), (place, spell))
    return found
