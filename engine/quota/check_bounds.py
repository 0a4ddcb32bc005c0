"""The part of the plain check that looks at bounds and locks: of seats, of nodes, and of single products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from engine.amounts import to_minor
from engine.inputs import Inputs, IntArray
from engine.quota.carry import Carry, carry
from engine.quota.given import by_product
from engine.quota.keeping.check import quota_by_seat
from engine.quota.keeping.force import TIME
from engine.quota.shape import shape, won_by_seat
from engine.quota.spec import QuotaSpec
from engine.quota.targets import year_carried
from engine.quota.tree import levels_of
from engine.quota.words import amount

Rule = tuple[str, Decimal | None, Decimal | None, Fraction | int]
"""What a range is relative to (blank for money), its ends, and what they are multiplied by: minor units."""


@dataclass(frozen=True)
class Bases:
    """What bounds are relative to, for one goal."""

    inputs: Inputs
    spec: QuotaSpec
    potential: IntArray | None
    """Of each seat, minor units a year, shape (rep,); None where it is not known."""

    @cached_property
    def years(self) -> list[Fraction | None]:
        """Share of the year each seat carries; None where it hangs on simulated seasons."""
        return _years(self.inputs, self.spec, carry(self.inputs, self.spec))

    @cached_property
    def previous(self) -> dict[int, int]:
        """Quota in force by seat, where it had one and carries the same share of the plan now."""
        if self.inputs.in_force is None:
            return {}
        then = self.inputs.in_force.tables["quota_reps"].set_index("rep")["ramp"].to_dict()
        return {
            seat: quota
            for seat, (name, quota) in enumerate(quota_by_seat(self.inputs).items())
            if quota > 0 and abs(float(then[name]) - float(self.years[seat] or 0)) < TIME
        }

    @cached_property
    def below(self) -> dict[tuple[str, ...], list[int]]:
        """Seats below each node, by the names down to it; seats themselves are in none."""
        levels, found = levels_of(self.inputs, self.spec), dict[tuple[str, ...], list[int]]()
        for seat in range(len(self.inputs.reps)):
            path = tuple(self.inputs.reps.levels[level][seat] for level in levels)
            for depth in range(len(path) + 1):
                found.setdefault(path[:depth], []).append(seat)
        return found


def bound_violations(bases: Bases, cells: IntArray) -> Iterator[str]:
    """Yield the bounds and locks that seats break; `cells` of shape (rep, product, period)."""
    inputs, spec = bases.inputs, bases.spec
    won = won_by_seat(inputs)
    for seat, year in enumerate(bases.years):
        name, value = inputs.reps.id[seat], int(cells[seat].sum())
        if value < 0:
            yield f"{name}: the quota is negative"
        lock = spec.locks.get(name)
        if lock is not None:
            if value != to_minor(lock, inputs.currency):
                yield f"{name}: {amount(value, inputs.currency)} is not the lock of {lock:f}"
            continue
        if year == 0 and value:
            yield f"{name}: carries {amount(value, inputs.currency)}, though nobody sits in it all year"
        if year is not None and year > 0:
            rules = _seat_rules(inputs, spec, seat, year, bases.potential)
            if seat in bases.previous:
                given = spec.bounds.previous
                rules.append(("of the quota in force", given.min, given.max, bases.previous[seat]))
            yield from _broken(inputs, name, value, value, rules)
            yield from _products(inputs, spec, seat, cells[seat], year, won[seat])
        if year != 0:
            yield from node_violations(bases, name, (value, value), [seat])


def node_violations(bases: Bases, name: str, own: tuple[int, int], seats: list[int]) -> Iterator[str]:
    """Yield the bounds that a node breaks whose own quota lies between two whole amounts, minor units.

    `seats` are those below it.
    """
    inputs, years, potential = bases.inputs, bases.years, bases.potential
    bound = bases.spec.bounds.nodes.get(name)
    if bound is None:
        return
    yield from _broken(inputs, name, *own, [("", bound.min, bound.max, _minor(inputs))])
    if any(years[seat] is None for seat in seats):
        return
    past = sum((int(inputs.reps.history[seat]) * (years[seat] or 0) for seat in seats), Fraction(0))
    rules: list[Rule] = []
    if past > 0:
        rules = [("of last year", bound.history.min, bound.history.max, past), _change(bound.change, past)]
    if potential is not None:
        held = sum((int(potential[seat]) * (years[seat] or 0) for seat in seats), Fraction(0))
        rules.append(("of its potential", bound.potential.min, bound.potential.max, held))
    yield from _broken(inputs, name, *own, rules)


def _years(inputs: Inputs, spec: QuotaSpec, carried: Carry) -> list[Fraction | None]:
    """Return the share of the year each seat carries; None where it hangs on simulated seasons."""
    given = spec.seasonality
    simulated = "simulated" in (given.values() if by_product(given) else (given,))
    if not simulated or isinstance(spec.goal, Mapping):
        form = shape(inputs, spec, np.ones(inputs.calendar.periods, dtype=np.int64))
        if not simulated or form.by_period is not None:
            return list(year_carried(carried, form.seasons))
    return [row[0] if len(set(row)) == 1 else None for row in carried]


def _seat_rules(
    inputs: Inputs, spec: QuotaSpec, seat: int, year: Fraction, potential: IntArray | None
) -> list[Rule]:
    bounds, history = spec.bounds, int(inputs.reps.history[seat]) * year
    money = bounds.absolute if bounds.ramping is None or year == 1 else bounds.ramping
    scale = year if money is bounds.absolute else 1
    rules: list[Rule] = [("", money.min, money.max, _minor(inputs) * scale)]
    if history > 0:
        rules += [
            ("of last year", bounds.history.min, bounds.history.max, history),
            _change(bounds.change, history),
        ]
    if potential is not None:
        rules.append(
            ("of its potential", bounds.potential.min, bounds.potential.max, int(potential[seat]) * year)
        )
    return rules


def _change(change: Decimal | None, base: Fraction | int) -> Rule:
    given = None if change is None else (1 - change, 1 + change)
    return ("of last year, by its largest change", *(given or (None, None)), base)


def _products(
    inputs: Inputs, spec: QuotaSpec, seat: int, cells: IntArray, year: Fraction, won: IntArray
) -> Iterator[str]:
    for name, bound in spec.bounds.products.items():
        product = inputs.products.id.index(name)
        value, past = int(cells[product].sum()), int(won[product]) * year
        rules: list[Rule] = [("", bound.absolute.min, bound.absolute.max, _minor(inputs) * year)]
        if past > 0:
            rules += [
                ("of last year", bound.history.min, bound.history.max, past),
                _change(bound.change, past),
            ]
        yield from _broken(inputs, f"{inputs.reps.id[seat]}, {name}", value, value, rules)


def _broken(inputs: Inputs, name: str, low: int, high: int, rules: list[Rule]) -> Iterator[str]:
    """Say which rules no amount from `low` to `high` keeps."""
    for rule, least, most, base in rules:
        if least is not None and high < Fraction(least) * base:
            edge = f"{least:f} {rule}" if rule else f"its minimum of {least:f}"
            yield f"{name}: {amount(high, inputs.currency)} is below {edge}"
        if most is not None and low > Fraction(most) * base:
            edge = f"{most:f} {rule}" if rule else f"its maximum of {most:f}"
            yield f"{name}: {amount(low, inputs.currency)} is above {edge}"


def _minor(inputs: Inputs) -> int:
    return to_minor(Decimal(1), inputs.currency)
