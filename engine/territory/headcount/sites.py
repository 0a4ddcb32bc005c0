"""Sites: the location problem behind a scenario, as far as a bound from below needs it.

Sites are today's seats, then the candidate places. What the location problem cannot say is left out: groups, budgets,
lexicographic and priced spreads, contiguity, bands whose measure depends on the seat or that single out a seat that may
close. All of these can only make a plan dearer, so a bound without them holds; what was left out is named.

A gain makes a plan cheaper, so it is not left out but replaced by a line above it (lines.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import FloatArray, Inputs
from engine.territory.declaration import BoolArray, Gain
from engine.territory.headcount.bounds import bounds, representable
from engine.territory.headcount.homes import Homes
from engine.territory.headcount.seats import new_id, with_seats
from engine.territory.problem import Problem, gather
from engine.territory.spec import TerritorySpec
from solvers.location.instance import Location


@dataclass(frozen=True)
class Sites:
    """Everything that does not depend on the number of territories."""

    inputs: Inputs
    spec: TerritorySpec
    """Rules and costs, without studies."""
    places: Homes
    keep: BoolArray
    """Seats of today that stay, shape (seat,)."""
    cost: FloatArray
    """Cost of each pair, inf where forbidden, shape (site, account)."""
    opening: FloatArray
    """Cost less contribution, currency units, shape (site,): nothing for a seat of today."""
    bands: tuple[int, ...]
    """Constraints of the scenario, by their place, whose bands the location problem holds."""
    left_out: tuple[str, ...]
    """Rules and costs that the location problem does not hold."""
    gains: tuple[Gain, ...] = ()
    """What sites bring in, over accounts and sites, with weight 0 where a pair is forbidden."""
    conceded: FloatArray | None = None
    """What an open site brings in at most beyond the lines in the pairs' costs, shape (site,); None without gains."""

    @property
    def seats(self) -> int:
        """Number of seats of today."""
        return len(self.keep)

    @property
    def band_levels(self) -> tuple[str, ...]:
        """Levels within which bands of the location problem are taken."""
        levels = [str(getattr(self.spec.constraints[place], "level", "")) for place in self.bands]
        return tuple(level for level in dict.fromkeys(levels) if level)

    @property
    def kept(self) -> list[int]:
        """Sites that are open whatever the number."""
        return [int(j) for j in np.flatnonzero(self.keep)]

    @property
    def fixed(self) -> FloatArray:
        """Cost of opening each site in the location problem, shape (site,)."""
        return self.opening if self.conceded is None else self.opening - self.conceded

    def tables_of(self, open_sites: Sequence[int]) -> Inputs:
        """Return the tables in which exactly these sites are seats."""
        stay = [j for j in open_sites if j < self.seats]
        new = [j - self.seats for j in open_sites if j >= self.seats]
        return with_seats(self.inputs, stay, self.places, new)

    def spots(self, open_sites: Sequence[int], tables: Inputs) -> dict[int, int]:
        """Return the seat of each open site in the tables of exactly these."""
        at = {seat: spot for spot, seat in enumerate(tables.reps.id)}
        new = [j for j in open_sites if j >= self.seats]
        spots = {j: at[self.inputs.reps.id[j]] for j in open_sites if j < self.seats}
        return spots | {j: at[new_id(k)] for k, j in enumerate(new)}

    def location(self, count: int) -> Location:
        """Return the location problem with a number of territories; its bands hold for any choice of that many."""
        accounts, every = self.cost.shape[1], len(self.opening)
        bands = [bounds(self, self.spec.constraints[place], count) for place in self.bands]
        if not bands:
            wide = np.zeros(every, dtype=np.int64), np.full(every, accounts, dtype=np.int64)
            bands = [(np.ones(accounts, dtype=np.int64), *wide)]
        weight, lower, upper = (np.array(part, dtype=np.int64) for part in zip(*bands, strict=True))
        keep = np.concatenate((self.keep, np.zeros(every - self.seats, dtype=np.bool_)))
        return Location(self.cost, weight, lower, upper, self.fixed, keep, count)


def sites(inputs: Inputs, spec: TerritorySpec, places: Homes, keep: BoolArray, opening: FloatArray) -> Sites:
    """Declare the scenario over today's seats and all places at once; `opening` is of the places, shape (home,).

    Accounts of a seat that may close have no incumbent here: where it stays open their cost can only be higher.
    """
    free = np.flatnonzero(~keep)
    loosened = np.isin(inputs.accounts.owner, free)
    loose = replace(inputs.accounts, owner=np.where(loosened, -1, inputs.accounts.owner))
    every = with_seats(replace(inputs, accounts=loose), range(len(keep)), places, range(len(places)))
    problem = gather(every, spec)
    spot = {seat: k for k, seat in enumerate(every.reps.id)}
    names = [*inputs.reps.id, *(new_id(k) for k in range(len(places)))]
    order = np.array([spot[name] for name in names], dtype=np.int64)
    cost = np.where(problem.eligible, problem.cost, np.inf)[:, order].T
    others = order[[j for j in range(len(names)) if j >= len(keep) or not keep[j]]]
    place = {rule.place(k): k for k, rule in enumerate(spec.constraints)}
    told = {
        band.field: representable(band, spec.constraints[place[band.field]], others, every)
        for band in problem.bands
    }
    bands = tuple(place[field] for field, can in told.items() if can)
    left_out = _left_out(problem, told) + ("moves out of seats that may close",) * bool(loosened.any())
    opens = np.concatenate((np.zeros(len(keep)), opening))
    gains = tuple(
        Gain(np.where(problem.eligible, g.what.weight, 0.0)[:, order], g.what.scale[order], g.what.power)
        for g in problem.gains
    )
    return Sites(inputs, spec, places, keep, np.ascontiguousarray(cost), opens, bands, left_out, gains)


def _left_out(problem: Problem, told: dict[str, bool]) -> tuple[str, ...]:
    named = [band.title for band in problem.bands if not told[band.field]]
    groups = (problem.budgets, problem.spreads, problem.together, problem.apart, problem.connected)
    for rules in (*groups, problem.rows, problem.edge_costs):
        named += [rule.title for rule in rules]
    named += [f"the curve of {gain.title}" for gain in problem.gains]
    return tuple(dict.fromkeys(named))
