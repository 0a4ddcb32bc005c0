"""What accounts and seats are expected to bring in, where an objective of kind `response` says so: table and check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import fsum, isclose
from typing import TYPE_CHECKING

import numpy as np

from engine.amounts import decimals
from engine.columns import Column, Table
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.objectives.response import Response
from engine.territory.planning.table import table_of
from engine.territory.spec import TerritorySpec

if TYPE_CHECKING:
    import pandas as pd

REAL = 1e-9
"""Relative difference allowed between two sums of real contributions."""
MARGINAL = 1e-6
"""Relative difference allowed between what one more hour brings in from two accounts of a seat."""
CONTRIBUTION = Column("contribution", "money", "What the seat is expected to bring in a year")
COLUMNS = (
    Column("objective", "whole", "Place of the objective among those of the scenario, from 0"),
    Column("account", "text", "Id of the account"),
    Column("rep", "text", "Seat that owns it"),
    Column("hours", "real", "Hours of the seat that the account gets a year, the way included", "hours"),
    Column("contribution", "real", "What the account is expected to bring in a year", "currency units"),
)


def responses(spec: TerritorySpec) -> list[tuple[int, Response]]:
    """Return the objectives of kind `response`, each with its place."""
    return [(k, objective) for k, objective in enumerate(spec.objectives) if isinstance(objective, Response)]


def by_seat(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> FloatArray:
    """Return what each seat brings in, currency units, shape (rep,)."""
    total = np.zeros(len(inputs.reps))
    for _, objective in responses(spec):
        np.add.at(total, rep_of, [brought for _, brought in objective.divided(inputs, rep_of)])
    return total


def in_minor_units(inputs: Inputs, amounts: FloatArray) -> IntArray:
    """Return amounts in currency units as minor units, rounded."""
    minor: IntArray = np.round(amounts * 10 ** decimals(inputs.currency)).astype(np.int64)
    return minor


def response_tables(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> tuple[Table, ...]:
    """Return the table `response`: hours and contribution of each account; nothing without such an objective."""
    found = responses(spec)
    if not found:
        return ()
    seats = [inputs.reps.id[rep] for rep in rep_of.tolist()]
    divided = [objective.divided(inputs, rep_of) for _, objective in found]
    values = (
        [place for place, _ in found for _ in seats],
        [account for _ in found for account in inputs.accounts.id],
        seats * len(found),
        [hours for each in divided for hours, _ in each],
        [brought for each in divided for _, brought in each],
    )
    return (
        table_of("response", COLUMNS, values, "How each seat divides its hours, and what that brings in"),
    )


def response_violations(
    inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, tables: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Return a sentence for each figure of the table `response`, or of a seat's contribution, that does not hold.

    The hours of a seat add up to its own, each account responds as the objective says, and no hour would bring in more
    at another account of the seat.
    """
    found: list[str] = []
    if not responses(spec):
        return found
    if "response" not in tables:
        return ["response: there is no table of the hours of each account."]
    frame = tables["response"]
    total = np.zeros(len(inputs.reps))
    for place, objective in responses(spec):
        own = frame[frame["objective"] == place]
        seats = [inputs.reps.id[rep] for rep in rep_of.tolist()]
        if own["account"].tolist() != list(inputs.accounts.id) or own["rep"].tolist() != seats:
            return ["response: its accounts and seats are not those of the alignment."]
        hours, brought = own["hours"].tolist(), own["contribution"].tolist()
        found += _divided(inputs, objective, rep_of, hours, brought)
        np.add.at(total, rep_of, brought)
    told = tables["territories"]["contribution"].tolist()
    return found + [
        f"territory {seat}: contribution is given as {given}, its accounts add up to {sums}."
        for seat, given, sums in zip(
            inputs.reps.id, told, in_minor_units(inputs, total).tolist(), strict=True
        )
        if abs(given - sums) > 1
    ]


def _divided(
    inputs: Inputs, objective: Response, rep_of: IntArray, hours: list[float], brought: list[float]
) -> Iterator[str]:
    steep, b = objective.responses(inputs, rep_of), objective.elasticity
    owned: dict[int, list[int]] = {}
    for i, rep in enumerate(rep_of.tolist()):
        owned.setdefault(rep, []).append(i)
        brings, account = steep[i] * hours[i] ** b, inputs.accounts.id[i]
        if not isclose(brought[i], brings, rel_tol=REAL, abs_tol=REAL):
            yield f"response: account {account} brings in {brings:.9g}, told is {brought[i]:.9g}."
    for rep, mine in owned.items():
        working = [i for i in mine if hours[i] > 0]
        given, seat = fsum(hours[i] for i in mine), inputs.reps.id[rep]
        own = float(objective.seat_hours(inputs)[rep])
        if working and not isclose(given, own, rel_tol=REAL):
            yield f"response: seat {seat} divides {given:.9g} hours, it has {own:.9g}."
        marginal = [b * brought[i] / hours[i] for i in working]
        if marginal and max(marginal) > min(marginal) * (1 + MARGINAL):
            yield f"response: an hour of seat {seat} would bring in more at another account."
