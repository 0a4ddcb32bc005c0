"""Neighbourhood: the fields by which a rule or an objective says what its geographic units are and who touches whom."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.blocks import Block
from engine.errors import Fault, counted, did_you_mean
from engine.fields import Real, Text
from engine.inputs import Inputs, IntArray, Words
from engine.territory.geography.adjacency import Units, from_points, from_table, joined, places_of, units_of
from engine.territory.target import SHOWN


class Neighbourhood(Block):
    """Geographic units, from a column of the accounts, and their neighbours, from a table or from their places."""

    unit: Text = ""
    """Column of the accounts that names their geographic unit, such as `county`; each account is a unit of its own
    unless given."""
    neighbours: Literal["table", "points"] = "table"
    """Who touches whom: the `table` data.adjacency (the default), or the Delaunay triangulation of the units'
    `points`, each the mean place of its accounts."""
    max_km: Real | None = Field(default=None, gt=0)
    """Greatest distance of neighbours built from points, kilometres; none unless given."""
    islands: Literal["refuse", "join_nearest", "keep"] = "refuse"
    """What units mean that no chain of neighbours joins to the others: `refuse` the run (the default), `join_nearest`:
    the shortest link to the others makes neighbours, or `keep` them apart."""

    def units(self, inputs: Inputs) -> Units:
        """Return the units and their neighbours. Called only when there are no faults."""
        units = self._found(inputs)
        return joined(units) if self.islands == "join_nearest" and len(units.islands) > 1 else units

    def _found(self, inputs: Inputs) -> Units:
        if self.neighbours == "table":
            return from_table(inputs, self.unit)
        return from_points(inputs, self.unit, self.max_km)

    def neighbourhood_faults(self, inputs: Inputs) -> list[Fault]:
        """Return a missing column or table, units that neither knows, units without a place, and islands."""
        column, extra = self.unit, inputs.accounts.extra
        if column and column not in extra:
            hint = did_you_mean(column, extra)
            return [Fault("E_REFERENCE", f"the accounts have no column '{column}'.", hint, field="unit")]
        if self.neighbours == "table" and inputs.adjacency is None:
            hint = "Name a table of neighbours under data.adjacency, or write neighbours: points."
            return [Fault("E_REQUIRED", "there is no table of neighbours.", hint, field="neighbours")]
        if self.neighbours == "table" and self.max_km is not None:
            hint = "Leave it out, or write neighbours: points."
            return [Fault("E_CONFLICT", "max_km says nothing about a table.", hint, field="max_km")]
        return self._blank(inputs) or self._unknown(inputs) or self._unplaced(inputs) or self._apart(inputs)

    def _blank(self, inputs: Inputs) -> list[Fault]:
        _, unit_of = units_of(inputs, self.unit)
        lost = np.flatnonzero(unit_of < 0)
        if not len(lost):
            return []
        who = f"{counted(len(lost), 'account')}: {_few(inputs.accounts.id, lost)}"
        message = f"no unit in column '{self.unit}' for {who}."
        return [Fault("E_REQUIRED", message, "Fill the cells.", field="unit")]

    def _unknown(self, inputs: Inputs) -> list[Fault]:
        """Units of accounts that the table of neighbours does not name."""
        if self.neighbours != "table" or inputs.adjacency is None:
            return []
        names, _ = units_of(inputs, self.unit)
        known = {*inputs.adjacency.unit, *inputs.adjacency.neighbour}
        lost = np.array([k for k, name in enumerate(names) if name not in known], dtype=np.int64)
        if not len(lost):
            return []
        which = f"{counted(len(lost), 'unit')} of the accounts: {_few(names, lost)}"
        message = f"the table of neighbours does not name {which}."
        hint = did_you_mean(names[int(lost[0])], sorted(known))
        hint += " A unit without neighbours stands in a row of its own."
        return [Fault("E_REFERENCE", message, hint, field="neighbours")]

    def _unplaced(self, inputs: Inputs) -> list[Fault]:
        """Units without coordinates where coordinates are needed."""
        names, unit_of = units_of(inputs, self.unit)
        lost = np.flatnonzero(np.isnan(places_of(inputs, names, unit_of)).any(axis=1))
        if not len(lost) or (self.neighbours == "table" and self.islands != "join_nearest"):
            return []
        message = f"no coordinates for {counted(len(lost), 'unit')}: {_few(names, lost)}."
        hint = "Give one of their accounts latitude and longitude, or read the neighbours from a table."
        field = "neighbours" if self.neighbours == "points" else "islands"
        return [Fault("E_REQUIRED", message, hint, field=field)]

    def _apart(self, inputs: Inputs) -> list[Fault]:
        if self.islands != "refuse":
            return []
        units = self._found(inputs)
        if len(units.islands) <= 1:
            return []
        small = sorted(units.islands, key=lambda island: (len(island), int(island[0])))
        shown = "; ".join(_few(units.names, island) for island in small[: min(SHOWN, len(small) - 1)])
        message = f"the units fall into {len(small)} islands that no chain of neighbours joins; the smallest: {shown}."
        hint = "Add the missing neighbours, or say what they mean: islands: join_nearest, or keep."
        return [Fault("E_ISLANDS", message, hint, field="islands")]


def _few(names: Words, chosen: IntArray) -> str:
    return ", ".join(names[k] for k in chosen[:SHOWN].tolist()) + " ..." * (len(chosen) > SHOWN)
