"""What it costs that neighbours belong to different seats.

    price * number of pairs of neighbouring units whose seats differ

Short borders make compact territories without any distance. Where a unit's accounts are split, a pair of units is cut
to the share of its pairs of accounts whose seats differ.
"""

from __future__ import annotations

from math import fsum
from typing import Literal

import numpy as np
from pydantic import Field

from engine.errors import Fault
from engine.fields import Real
from engine.inputs import Inputs, IntArray
from engine.territory.declaration import EdgeCost
from engine.territory.geography.neighbourhood import Neighbourhood
from engine.territory.objective import Objective


class CutEdges(Objective, Neighbourhood):
    """Price of each pair of neighbouring units that a border of territories runs between."""

    kind: Literal["cut_edges"] = "cut_edges"
    price: Real = Field(default=1000.0, ge=0)
    """Currency units per pair of neighbouring units with different seats; 1,000 unless given."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return what in the units and their neighbours does not fit."""
        return self.neighbourhood_faults(inputs)

    def declare(self, inputs: Inputs) -> EdgeCost:
        """Declare the pairs of accounts in touching units, which share the price of their units."""
        units = self.units(inputs)
        pairs, edge = units.account_edges()
        between = edge >= 0
        share = np.bincount(edge[between], minlength=len(units.edges))
        return EdgeCost(pairs[between], self.price / share[edge[between]].astype(np.float64))

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Count the accounts of each seat in each unit, and what part of each pair of units is cut."""
        units = self.units(inputs)
        held: dict[int, dict[int, int]] = {}
        for unit, rep in zip(units.unit_of.tolist(), rep_of.tolist(), strict=True):
            seats = held.setdefault(unit, {})
            seats[rep] = seats.get(rep, 0) + 1
        cuts = []
        for a, b in units.edges.tolist():
            here, there = held[a], held[b]
            pairs = sum(here.values()) * sum(there.values())
            same = sum(count * there.get(rep, 0) for rep, count in here.items())
            cuts.append((pairs - same) / pairs)
        return self.price * fsum(cuts)
