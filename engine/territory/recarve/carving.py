"""A re-carve in the middle of the year: what is still to be won, by whoever is still there.

With `as_of` the plan [start, end) is cut. Let s be the share of the plan that is left (recarve_season.py), d its share
in days, b_i what account i has booked in the plan so far.

    remaining potential   prorated       round(s v_i)           less_booked    max(0, v_i - b_i)
    remaining workload    round(d h_i)
    target weights        times the share of what is left that the seat can work
    closed seats          own nothing; a move away from one is free, or counted

Everything else of the scenario holds as it stands: its bands then balance what remains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import field_validator

from engine.blocks import Block
from engine.errors import BadInput, Fault
from engine.fields import Exact, Ratio, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.objective import Objective
from engine.territory.planning.weights import empty_nodes, weighed
from engine.territory.recarve.closed import ClosedSeats
from engine.territory.recarve.season import Season, seat_shares
from engine.territory.target import Target, account_nodes_of

if TYPE_CHECKING:
    from engine.territory.spec import TerritorySpec

PLACES = Decimal("0.0001")
"""Shares of seats are kept to four decimals, so that rows and checks multiply the same numbers."""


class Recarve(Block):
    """Carve the territories anew at the scenario's `as_of`: what is measured is what is still to be won."""

    remaining: Literal["prorated", "less_booked"] = "prorated"
    """What is left of a potential: `prorated`, its share of the open part of the plan (the default), or `less_booked`,
    what the account has not booked in the plan so far (`data.actuals`)."""
    seasonality: tuple[Exact, ...] = ()
    """Weight of each period of the plan, as for the pipeline: [9, 8, 9, ...]; its days unless given."""
    ramp: tuple[Ratio, ...] = ()
    """What somebody new carries in the first, second ... month in the seat: [25%, 50%, 75%]; all of it from the first
    day unless given."""
    leavers: Literal["free", "count"] = "free"
    """Accounts of a seat whose person left without a successor must move: `free`, that is no disruption (the default),
    or `count` it as one."""

    @field_validator("seasonality", "ramp")
    @classmethod
    def _not_negative(cls, value: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        if any(weight < 0 for weight in value):
            raise refuse("E_RANGE", f"{min(value)} is below 0", "Give weights of 0 or more.")
        return value


def recarved(inputs: Inputs, spec: TerritorySpec) -> tuple[Inputs, TerritorySpec]:
    """Return the tables and the rules of what is left of the plan.

    Raises:
        BadInput: no `as_of`, seasonality that does not fit the periods, no actuals to take away, or a node of a level
            in which nobody is left.

    """
    recarve = spec.recarve
    assert recarve is not None
    faults = [*_faults(inputs, recarve), *_whole_years(spec)]
    if faults:
        raise BadInput(faults)
    shares = shares_of(inputs, recarve)
    blocks: dict[str, Sequence[Constraint | Objective]] = {
        "constraints": spec.constraints,
        "objectives": spec.objectives,
    }
    nobody = [
        fault
        for name, held in blocks.items()
        for place, rule in enumerate(held)
        for fault in _nobody(inputs, rule, shares, f"territories.{name}[{place}]")
    ]
    if nobody:
        raise BadInput(nobody)
    rules: dict[str, tuple[Constraint | Objective, ...]] = {
        name: tuple(weighed(rule, inputs, shares) for rule in held) for name, held in blocks.items()
    }
    shut = tuple(seat for seat, share in zip(inputs.reps.id, shares, strict=True) if share == 0)
    if shut:
        rules["constraints"] = (*rules["constraints"], ClosedSeats(seats=shut))
    return _left(inputs, recarve, shares), spec.model_copy(update=rules)


def shares_of(inputs: Inputs, recarve: Recarve) -> list[Decimal]:
    """Return the share of what is left that each seat can work, shape (rep,); 0 for a seat that is closed."""
    exact = seat_shares(inputs, Season(inputs.calendar, recarve.seasonality), recarve.ramp)
    return [(Decimal(share.numerator) / Decimal(share.denominator)).quantize(PLACES) for share in exact]


def booked(inputs: Inputs, by: IntArray, count: int) -> IntArray:
    """Return the won amounts of the actuals, minor units, added up by an index of deals; -1 is in the last place.

    The shape is (count + 1,).
    """
    total = np.zeros(count + 1, dtype=np.int64)
    if inputs.actuals is not None:
        won = inputs.actuals.outcome == 1
        np.add.at(total, by[won], inputs.actuals.amount[won])
    return total


def _left(inputs: Inputs, recarve: Recarve, shares: list[Decimal]) -> Inputs:
    """Return the tables with what is left of potential and workload, and with today's owners."""
    accounts = inputs.accounts
    days = Season(inputs.calendar).left
    if recarve.remaining == "prorated":
        potential = _share(accounts.potential, Season(inputs.calendar, recarve.seasonality).left)
    else:
        assert inputs.actuals is not None
        gone = booked(inputs, inputs.actuals.account, len(accounts))[:-1]
        potential = np.maximum(accounts.potential - gone, 0)
    owner = accounts.owner
    if recarve.leavers == "free":
        shut = np.array([share == 0 for share in shares] + [False])
        owner = np.where(shut[owner], -1, owner)
    left = replace(accounts, potential=potential, workload=_share(accounts.workload, days), owner=owner)
    return replace(inputs, accounts=left)


def _share(values: IntArray, share: Fraction) -> IntArray:
    """Return round(share * value), exactly, halves to the even."""
    return np.array([round(share * value) for value in values.tolist()], dtype=np.int64)


def _faults(inputs: Inputs, recarve: Recarve) -> list[Fault]:
    calendar, found = inputs.calendar, []
    if calendar.as_of is None:
        message = "a re-carve needs the day on which it happens"
        return [
            Fault(
                "E_REQUIRED", message, "Give the scenario `as_of: 2027-07-01`.", field="territories.recarve"
            )
        ]
    weights = recarve.seasonality
    if weights and len(weights) != calendar.periods:
        message = f"{len(weights)} weights are given, the plan has {calendar.periods} periods"
        found.append(Fault("E_RANGE", message, "Give one for each.", field="territories.recarve.seasonality"))
    elif weights and not Season(calendar, weights).left:
        message = f"no weight is left on and after {calendar.as_of}"
        found.append(
            Fault("E_RANGE", message, "Give weights above 0.", field="territories.recarve.seasonality")
        )
    if recarve.remaining == "less_booked" and inputs.actuals is None:
        message = "nobody says what was booked in the plan so far"
        hint = "Name the table of closed deals as data.actuals, or take remaining: prorated."
        found.append(Fault("E_REQUIRED", message, hint, field="territories.recarve.remaining"))
    return found


def _whole_years(spec: TerritorySpec) -> list[Fault]:
    return [
        Fault(
            "E_CONFLICT",
            f"{objective.title} speaks of the work of a whole year; a re-carve plans what is left of one.",
            "Leave it out of the re-carve.",
            field=f"territories.objectives[{place}]",
        )
        for place, objective in enumerate(spec.objectives)
        if objective.of_a_whole_year
    ]


def _nobody(inputs: Inputs, rule: Block, shares: list[Decimal], place: str) -> list[Fault]:
    """Return a fault for each node of the rule's level with accounts and without anybody to own them."""
    if not isinstance(rule, Target) or rule.level not in ("", *inputs.reps.levels):
        return []
    column = rule.node_column if rule.level else ""
    if column and column not in inputs.accounts.extra:
        return []
    peopled = set(account_nodes_of(inputs, column)) if column else {""}
    return [
        Fault(
            "E_CONTRADICTION",
            f"nobody is left in {f'{rule.level} {node}' if node else 'any seat'} after {inputs.calendar.as_of}.",
            "Fill a seat there, or leave its level out of the rule.",
            field=f"{place}.level",
        )
        for node in empty_nodes(inputs, rule.level, shares)
        if node in peopled
    ]
