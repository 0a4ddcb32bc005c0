"""Problem: every declaration of a scenario side by side, over the same accounts and seats.

min   sum_ij c_ij x_ij + sum_kj p_k |sum_i w_ik x_ij - t_kj|
s.t.  sum_j x_ij = 1,  bands,  budgets,  x_ij = 0 where not eligible
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.declaration import Band, BoolArray, Budget, Forbidden, PairCost, Spread
from engine.territory.measure import Measured
from engine.territory.spec import TerritorySpec

Declared = TypeVar("Declared")


@dataclass(frozen=True)
class Named(Generic[Declared]):
    """A declaration with its title and its place in the scenario."""

    title: str
    field: str
    what: Declared


@dataclass(frozen=True)
class Problem:
    """What is solved. Arrays have shape (account, rep) unless they say otherwise."""

    cost: FloatArray
    """Currency units of each pair."""
    eligible: BoolArray
    owner: IntArray
    """Incumbent seat of each account, -1 for none; shape (account,)."""
    forbidden: tuple[Named[Forbidden], ...]
    bands: tuple[Named[Band], ...]
    budgets: tuple[Named[Budget], ...]
    spreads: tuple[Named[Spread], ...]
    account_ids: tuple[str, ...]
    rep_ids: tuple[str, ...]

    @property
    def moved(self) -> BoolArray:
        """True where the pair takes the account from its incumbent."""
        moved: BoolArray = (self.owner[:, None] >= 0) & (self.owner[:, None] != np.arange(len(self.rep_ids)))
        return moved

    def price(self, rep_of: IntArray) -> float:
        """Return the objective of an alignment, currency units."""
        total = float(self.cost[np.arange(len(rep_of)), rep_of].sum())
        for spread in self.spreads:
            load = loads(spread.what.measure, rep_of, len(self.rep_ids))
            total += spread.what.price * float(np.abs(load - spread.what.target).sum())
        return total

    def excess(self, rep_of: IntArray) -> Iterator[tuple[Named[Band] | Named[Budget], IntArray]]:
        """Yield how far each rule is broken, integer units: above is positive, below negative, kept is 0.

        The shape is (rep,) for a band and (1,) for a budget.
        """
        for band in self.bands:
            load = loads(band.what.measure, rep_of, len(self.rep_ids))
            yield band, np.maximum(load - band.what.upper, 0) - np.maximum(band.what.lower - load, 0)
        gone = (self.owner >= 0) & (self.owner != rep_of)
        for budget in self.budgets:
            used = int(budget.what.measure.values[gone].sum())
            yield budget, np.array([max(used - budget.what.limit, 0)])

    def keeps(self, rep_of: IntArray) -> bool:
        """Say whether an alignment keeps every rule, exactly."""
        fits = bool(self.eligible[np.arange(len(rep_of)), rep_of].all())
        return fits and not any(excess.any() for _, excess in self.excess(rep_of))

    def restrict(self, accounts: IntArray, reps: IntArray) -> Problem:
        """Return the part over some accounts and seats; budgets must be empty, as they span the parts."""
        assert not self.budgets
        back = np.full(len(self.rep_ids) + 1, -1)
        back[reps] = np.arange(len(reps))
        owner = np.where(np.isin(self.owner[accounts], reps), back[self.owner[accounts]], -1)
        return Problem(
            self.cost[np.ix_(accounts, reps)],
            self.eligible[np.ix_(accounts, reps)],
            owner,
            tuple(replace(f, what=Forbidden(f.what.pairs[np.ix_(accounts, reps)])) for f in self.forbidden),
            tuple(replace(b, what=_part_of_band(b.what, accounts, reps)) for b in self.bands),
            (),
            tuple(replace(s, what=_part_of_spread(s.what, accounts, reps)) for s in self.spreads),
            tuple(self.account_ids[i] for i in accounts),
            tuple(self.rep_ids[j] for j in reps),
        )


def loads(measure: Measured, rep_of: IntArray, reps: int) -> IntArray:
    """Return the sum of a measure in each seat, shape (rep,), exactly."""
    load = np.zeros(reps, dtype=np.int64)
    np.add.at(load, rep_of, measure.values)
    return load


def _part_of_band(band: Band, accounts: IntArray, reps: IntArray) -> Band:
    return Band(_part(band.measure, accounts), band.lower[reps], band.upper[reps])


def _part_of_spread(spread: Spread, accounts: IntArray, reps: IntArray) -> Spread:
    return Spread(_part(spread.measure, accounts), spread.target[reps], spread.price)


def _part(measure: Measured, accounts: IntArray) -> Measured:
    return replace(measure, values=measure.values[accounts])


def gather(inputs: Inputs, spec: TerritorySpec) -> Problem:
    """Declare every constraint and objective of a scenario.

    Raises:
        BadInput: rules or objectives that do not fit the tables, all faults at once.

    """
    faults = _faults(inputs, spec)
    if faults:
        raise BadInput(faults)
    cost = np.zeros((len(inputs.accounts), len(inputs.reps)))
    eligible = np.ones(cost.shape, dtype=np.bool_)
    forbidden: list[Named[Forbidden]] = []
    bands: list[Named[Band]] = []
    budgets: list[Named[Budget]] = []
    spreads: list[Named[Spread]] = []
    for place, constraint in enumerate(spec.constraints):
        what, field = constraint.declare(inputs), f"territories.constraints[{place}]"
        if isinstance(what, Band):
            bands.append(Named(constraint.title, field, what))
        elif isinstance(what, Budget):
            budgets.append(Named(constraint.title, field, what))
        else:
            forbidden.append(Named(constraint.title, field, what))
            eligible &= ~what.pairs
    for place, objective in enumerate(spec.objectives):
        priced = objective.declare(inputs)
        if isinstance(priced, PairCost):
            cost += priced.cost
        else:
            spreads.append(Named(objective.title, f"territories.objectives[{place}]", priced))
    return Problem(
        cost,
        eligible,
        inputs.accounts.owner,
        tuple(forbidden),
        tuple(bands),
        tuple(budgets),
        tuple(spreads),
        inputs.accounts.id,
        inputs.reps.id,
    )


def _faults(inputs: Inputs, spec: TerritorySpec) -> list[Fault]:
    found = []
    for what, table in (("account", inputs.accounts), ("seat", inputs.reps)):
        if not len(table):
            found.append(
                Fault("E_EMPTY", f"there is no {what} to align.", "Check the table.", field="territories")
            )
    found += _backend_faults(spec.solver.backend)
    for place, constraint in enumerate(spec.constraints):
        found += _placed(constraint.faults(inputs), f"territories.constraints[{place}]")
    for place, objective in enumerate(spec.objectives):
        found += _placed(objective.faults(inputs), f"territories.objectives[{place}]")
    return found


def _placed(faults: Iterable[Fault], place: str) -> list[Fault]:
    return [replace(fault, field=f"{place}.{fault.field}" if fault.field else place) for fault in faults]


def _backend_faults(name: str) -> list[Fault]:
    from solvers.backends import found

    known, field = found(), "territories.solver.backend"
    if name not in known:
        return [
            Fault("E_REFERENCE", f"no solver is called '{name}'.", did_you_mean(name, known), field=field)
        ]
    if not known[name].available():
        return [Fault("E_ENVIRONMENT", f"the solver '{name}' is not installed.", "Use highs.", field=field)]
    return []
