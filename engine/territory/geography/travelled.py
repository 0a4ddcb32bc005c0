"""The way from a seat's home to an account: along a great circle, or as a user's own table says."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.blocks import Block
from engine.errors import Fault, counted
from engine.fields import Real
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.geography.distance import distances, kilometres, places
from engine.territory.target import SHOWN


class Travelled(Block):
    """Fields shared by the kinds that look at travel."""

    by: Literal["great_circle", "table"] = "great_circle"
    """Where distances come from: the `great_circle` between the coordinates (the default), or the `table` of
    data.distances."""
    missing: Literal["refuse", "forbid"] = "refuse"
    """What a pair means that is not in the table: `refuse` the run (the default), or `forbid` the pair."""
    unlocated: Literal["refuse", "free"] = "refuse"
    """What an account without coordinates means: `refuse` the run (the default), or `free`: it needs no travel."""
    speed_kmh: Real = Field(default=60.0, gt=0)
    """Kilometres an hour, where the table does not give hours; 60 unless given."""

    def way_faults(self, inputs: Inputs) -> list[Fault]:
        """Return missing places, or missing pairs of the table."""
        return self._table_faults(inputs) if self.by == "table" else self._place_faults(inputs)

    def _place_faults(self, inputs: Inputs) -> list[Fault]:
        found = []
        for what, table, field in (("seats", inputs.reps, ""), ("accounts", inputs.accounts, "unlocated")):
            lost = np.flatnonzero(np.isnan(table.latitude) | np.isnan(table.longitude))
            if len(lost) and not (what == "accounts" and self.unlocated == "free"):
                shown = ", ".join(table.id[i] for i in lost[:SHOWN]) + " ..." * (len(lost) > SHOWN)
                hint = "Give their latitude and longitude" + (", or unlocated: free." if field else ".")
                message = f"{len(lost)} {what} have no coordinates: {shown}."
                found.append(Fault("E_REQUIRED", message, hint, field=field))
        return found

    def _table_faults(self, inputs: Inputs) -> list[Fault]:
        if inputs.ways is None:
            message = "there is no table of distances."
            return [Fault("E_REQUIRED", message, "Give data.distances, or by: great_circle.", field="by")]
        lost = np.argwhere(np.isnan(self.way_km(inputs)))
        if not len(lost) or self.missing == "forbid":
            return []
        shown = ", ".join(f"{inputs.accounts.id[i]} to {inputs.reps.id[j]}" for i, j in lost[:SHOWN].tolist())
        message = f"no distance in the table for {counted(len(lost), 'pair')}: {shown}{' ...' * (len(lost) > SHOWN)}."
        return [Fault("E_REQUIRED", message, "Add them, or give missing: forbid.", field="missing")]

    def way_km(self, inputs: Inputs) -> FloatArray:
        """Return kilometres of each pair, shape (account, rep); NaN where unknown."""
        if self.by == "great_circle":
            return distances(*places(inputs))
        assert inputs.ways is not None
        return self._spread_out(inputs, inputs.ways.km)

    def way_hours(self, inputs: Inputs) -> FloatArray:
        """Return hours of each way there, shape (account, rep); NaN where unknown."""
        hours = self.way_km(inputs) / self.speed_kmh
        if self.by == "table":
            assert inputs.ways is not None
            told = self._spread_out(inputs, inputs.ways.hours)
            hours = np.where(np.isnan(told), hours, told)
        return hours

    @staticmethod
    def _spread_out(inputs: Inputs, values: FloatArray) -> FloatArray:
        assert inputs.ways is not None
        out = np.full((len(inputs.accounts), len(inputs.reps)), np.nan)
        out[inputs.ways.account, inputs.ways.rep] = values
        return out

    def ways_of(self, inputs: Inputs, rep_of: IntArray) -> list[tuple[float, float]]:
        """Return (km, hours) of each account's way in a finished alignment, one by one; inf where there is none.

        Plain Python, for checks; an account without coordinates that needs no travel has 0.
        """
        if self.by == "table":
            return self._ways_of_table(inputs, rep_of)
        accounts, reps = inputs.accounts, inputs.reps
        homes = list(zip(reps.latitude.tolist(), reps.longitude.tolist(), strict=True))
        places = zip(accounts.latitude.tolist(), accounts.longitude.tolist(), rep_of.tolist(), strict=True)
        found = []
        for latitude, longitude, rep in places:
            known = latitude == latitude and longitude == longitude
            km = kilometres((latitude, longitude), homes[rep]) if known else 0.0
            found.append((km, km / self.speed_kmh))
        return found

    def _ways_of_table(self, inputs: Inputs, rep_of: IntArray) -> list[tuple[float, float]]:
        ways = inputs.ways
        assert ways is not None
        found = [(float("inf"), float("inf"))] * len(rep_of)
        seats = rep_of.tolist()
        columns = (ways.account.tolist(), ways.rep.tolist(), ways.km.tolist(), ways.hours.tolist())
        for account, rep, km, hours in zip(*columns, strict=True):
            if seats[account] == rep:
                found[account] = (km, hours if hours == hours else km / self.speed_kmh)
        return found
