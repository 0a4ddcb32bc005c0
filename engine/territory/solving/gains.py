"""Gains: concave terms of a seat's load in a model, by tangents from outside, and in a bound, exactly.

    max  g(y) = s y ** p,   y = sum_i v_i x_i,   0 < p < 1

A tangent of a concave function lies above it everywhere, so a model with z <= tangents relaxes the gain, and its bound
holds. Tangents touch at loads a steady factor apart, at every alignment that is given, and near 0, where the slope has
no end, a chord takes their place: no load of whole accounts lies strictly between 0 and the least weight v, so
z <= g(v) / v * y. A plan touched by tangents costs in the model what it costs in truth; hence solving again with
tangents at each plan found ends with the optimum (outer approximation, Duran and Grossmann 1986).

For a price mu of a unit of load, the least of mu y - g(y) over 0 <= y <= Y is at y = (s p / mu) ** (1 / (1 - p)), or at
Y where that is greater: the term of a gain in the bound of any multipliers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Gain
from engine.territory.problem import Named, Problem
from engine.territory.solving.row_blocks import Auxiliary, Block, Pairs
from solvers.model import Model

NEAR = 1e-3
"""Share of a gain by which tangents may lie above it between two loads that they touch."""
LEAST = 1e-3
"""Least load touched, as a share of the greatest."""
TOLERANCE = 1e-6
"""What a solver's tolerance may be worth, in units of a row."""


@dataclass(frozen=True)
class GainColumns:
    """Load and gain of each seat in a model, in units of their rows, and what tangents touch."""

    load: IntArray
    gain: IntArray
    auxiliary: Auxiliary
    unit: float
    """Weight in one unit of a load."""
    price: float
    """Currency units in one unit of a gain."""


def greatest(problem: Problem, gain: Gain) -> FloatArray:
    """Return the greatest load of each seat, shape (rep,)."""
    most: FloatArray = np.where(problem.eligible, gain.weight, 0.0).sum(axis=0)
    return most


def at_most(problem: Problem) -> float:
    """Return more than any alignment gains, currency units."""
    return sum(float(g.what.of(greatest(problem, g.what)).sum()) for g in problem.gains)


def tolerance(problem: Problem) -> float:
    """Return what a solver's tolerance may be worth over all seats, currency units."""
    return sum(TOLERANCE * _price(problem, g.what) * len(g.what.scale) for g in problem.gains)


def least(gain: Gain, mu: FloatArray, most: FloatArray) -> FloatArray:
    """Return the least of mu_j y - g_j(y) over loads from 0 to `most`, shape (rep,)."""
    with np.errstate(divide="ignore", over="ignore"):
        best = (gain.scale * gain.power / np.maximum(mu, 0.0)) ** (1 / (1 - gain.power))
    load = np.where(mu > 0, np.minimum(best, most), most)
    load = np.where(np.isnan(load), 0.0, load)
    out: FloatArray = mu * load - gain.of(load)
    return out


def gain_columns(model: Model, pairs: Pairs, named: Named[Gain]) -> GainColumns:
    """Add the load and the gain of each seat."""
    gain, problem = named.what, pairs.problem
    most, unit, price = greatest(problem, gain), _unit(gain), _price(problem, gain)
    count = len(gain.scale)
    load = model.add_columns(f"{named.title}_load", count, upper=most / unit, integer=False)
    top = gain.of(most) / price
    value = model.add_columns(f"{named.title}_gain", count, cost=-price, upper=top, integer=False)

    def values(rep_of: IntArray) -> FloatArray:
        here = gain.loads(rep_of)
        return np.concatenate((here / unit, gain.of(here) / price))

    return GainColumns(load, value, Auxiliary(np.concatenate((load, value)), values), unit, price)


def gain_rows(
    model: Model, pairs: Pairs, named: Named[Gain], columns: GainColumns, touching: Sequence[IntArray]
) -> Block:
    """Add a row per seat that adds up its load, and its tangents; return the rows of the loads."""
    gain, seats = named.what, np.arange(len(named.what.scale))
    weight = gain.weight[pairs.account, pairs.rep] / columns.unit
    used = weight != 0
    rows = model.add_rows(
        named.title,
        np.concatenate((pairs.rep[used], seats)),
        np.concatenate((pairs.columns[used], columns.load)),
        np.concatenate((weight[used], -np.ones(len(seats)))),
        count=len(seats),
        lower=0.0,
        upper=0.0,
        labels=pairs.problem.rep_ids,
    )
    seat, slope, base = _tangents(pairs.problem, gain, touching)
    _below(
        model,
        f"{named.title}_tangent",
        columns,
        (seat, slope * columns.unit / columns.price, base / columns.price),
    )
    return rows, columns.unit


def _below(
    model: Model, title: str, columns: GainColumns, lines: tuple[IntArray, FloatArray, FloatArray]
) -> None:
    """Add gain_j <= slope y_j + base for each line, divided by its slope where that is steep."""
    seat, slope, base = lines
    each, size = np.arange(len(seat)), np.maximum(slope, 1.0)
    model.add_rows(
        title,
        np.tile(each, 2),
        np.concatenate((columns.gain[seat], columns.load[seat])),
        np.concatenate((1 / size, -slope / size)),
        count=len(seat),
        lower=-inf,
        upper=base / size,
    )


def _tangents(
    problem: Problem, gain: Gain, touching: Sequence[IntArray]
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return seat, slope and value at 0 of lines that lie above the gain at every load of whole accounts."""
    most = greatest(problem, gain)
    factor = np.exp(np.sqrt(8 * NEAR / (gain.power * (1 - gain.power))))
    steps = int(np.ceil(np.log(1 / LEAST) / np.log(factor)))
    touched = [most * factor**-step for step in range(steps + 1)]
    touched += [gain.loads(rep_of) for rep_of in touching]
    load = np.stack(touched)
    seat = np.broadcast_to(np.arange(len(most)), load.shape)[load > 0]
    at = load[load > 0]
    slope = gain.power * gain.of(at, seat) / at
    base = (1 - gain.power) * gain.of(at, seat)
    smallest = np.where(problem.eligible & (gain.weight > 0), gain.weight, np.inf).min(axis=0)
    near = np.flatnonzero(np.isfinite(smallest))
    chord = gain.of(smallest[near], near) / smallest[near]
    return (
        np.concatenate((seat, near)),
        np.concatenate((slope, chord)),
        np.concatenate((base, np.zeros(len(near)))),
    )


def _unit(gain: Gain) -> float:
    """Return a power of two near the greatest weight."""
    return float(2.0 ** np.ceil(np.log2(max(float(gain.weight.max(initial=0.0)), 1e-300))))


def _price(problem: Problem, gain: Gain) -> float:
    """Return a power of two near the greatest gain of a seat, currency units."""
    top = float(gain.of(greatest(problem, gain)).max(initial=0.0))
    return float(2.0 ** np.ceil(np.log2(max(top, 1e-300))))
