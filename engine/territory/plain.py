"""Plain sums of a finished alignment, in Python integers and fractions; for checks, never for a model."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.inputs import Inputs, IntArray
from engine.territory.measure import Measured
from engine.territory.target import Target


def owned(measure: Measured, rep_of: IntArray, seats: int) -> list[int]:
    """Return what each seat carries, added up account by account in one pass."""
    load = [0] * seats
    values = measure.values[range(len(rep_of)), rep_of] if measure.by_seat else measure.values
    for value, rep in zip(values.tolist(), rep_of.tolist(), strict=True):
        load[rep] += value
    return load


def shares(inputs: Inputs, target: Target, values: Sequence[int]) -> list[Fraction]:
    """Return the share of each seat in the total of its node, by weight; one pass over accounts, one over seats."""
    seats = inputs.reps.id
    nodes = inputs.reps.levels[target.level] if target.level else ("",) * len(seats)
    column = inputs.accounts.extra[target.node_column].tolist() if target.level else [""] * len(values)
    totals: dict[str, int] = {}
    for node, value in zip(column, values, strict=True):
        totals[str(node)] = totals.get(str(node), 0) + value
    weights = target.seat_weights(inputs)
    peers: dict[str, Fraction] = {}
    for node, weight in zip(nodes, weights, strict=True):
        peers[node] = peers.get(node, Fraction(0)) + weight
    return [totals.get(node, 0) * weight / peers[node] for node, weight in zip(nodes, weights, strict=True)]
