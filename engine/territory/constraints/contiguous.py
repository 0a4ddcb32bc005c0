"""Every territory is one piece on the map.

The accounts of each seat induce a connected subgraph of the neighbours: from any of them to any other leads a chain of
accounts of the same seat, each in the unit of the one before or in a unit that touches it. A seat that owns nothing
keeps the rule.
"""

from __future__ import annotations

from typing import Literal

from engine.errors import Fault
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Connected
from engine.territory.geography.neighbourhood import Neighbourhood
from engine.territory.target import SHOWN


class Contiguous(Constraint, Neighbourhood):
    """Territories of geographic units that hang together."""

    kind: Literal["contiguous"] = "contiguous"

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return what in the units and their neighbours does not fit."""
        return self.neighbourhood_faults(inputs)

    def declare(self, inputs: Inputs) -> Connected:
        """Declare the neighbours among the accounts."""
        return Connected(self.units(inputs).account_edges()[0])

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Walk through each seat's units, from the first of them to whatever its neighbours reach."""
        units = self.units(inputs)
        beside: dict[int, list[int]] = {}
        for a, b in units.edges.tolist():
            beside.setdefault(a, []).append(b)
            beside.setdefault(b, []).append(a)
        owned: dict[int, set[int]] = {}
        for unit, rep in zip(units.unit_of.tolist(), rep_of.tolist(), strict=True):
            owned.setdefault(rep, set()).add(unit)
        found = []
        for rep in sorted(owned):
            left = owned[rep] - _walk(min(owned[rep]), owned[rep], beside)
            if left:
                shown = ", ".join(units.names[k] for k in sorted(left)[:SHOWN]) + " ..." * (len(left) > SHOWN)
                start = units.names[min(owned[rep])]
                found.append(
                    f"{self.title}: seat {inputs.reps.id[rep]} is in pieces: no chain of its units leads from {start}"
                    f" to {shown}."
                )
        return found


def _walk(start: int, owned: set[int], beside: dict[int, list[int]]) -> set[int]:
    """Return the units that chains of neighbours within `owned` reach from `start`."""
    seen, todo = {start}, [start]
    while todo:
        for unit in beside.get(todo.pop(), []):
            if unit in owned and unit not in seen:
                seen.add(unit)
                todo.append(unit)
    return seen
