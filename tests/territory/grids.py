"""Worlds of square counties: a grid of units with its neighbours, accounts in them, seats at given places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.geography import Adjacency
from engine.inputs import Inputs
from tests.worlds import world

STEP = 0.5
"""Degrees between counties."""


def name(row: int, column: int) -> str:
    """`c0-3`: row 0, column 3."""
    return f"c{row}-{column}"


def table(rows: int, columns: int) -> Adjacency:
    """Rook neighbours of a grid."""
    pairs = [(name(r, c), name(r, c + 1)) for r in range(rows) for c in range(columns - 1)]
    pairs += [(name(r, c), name(r + 1, c)) for r in range(rows - 1) for c in range(columns)]
    pairs = sorted(pairs)
    return Adjacency(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))


def grid(rows: int, columns: int, seats: int, *, each: int = 1, seed: int = 1, ids: bool = False) -> Inputs:
    """`each` accounts in every county, at its middle; seats at counties drawn by the seed.

    With `ids` the accounts are called like their counties, so that each account is a unit.
    """
    inputs = world(rows * columns * each, seats, seed=seed)
    rng = np.random.default_rng(seed)
    where = [(r, c) for r in range(rows) for c in range(columns) for _ in range(each)]
    home = [where[k] for k in rng.choice(len(where), seats, replace=False)]
    county = np.array([name(r, c) for r, c in where], dtype=object)
    accounts = replace(
        inputs.accounts,
        id=tuple(county.tolist()) if ids else inputs.accounts.id,
        latitude=40 - STEP * np.array([r for r, _ in where]),
        longitude=-100 + STEP * np.array([c for _, c in where], dtype=float),
        extra={**inputs.accounts.extra, "county": county},
    )
    reps = replace(
        inputs.reps,
        latitude=40 - STEP * np.array([r for r, _ in home]),
        longitude=-100 + STEP * np.array([c for _, c in home], dtype=float),
    )
    return replace(inputs, accounts=accounts, reps=reps, adjacency=table(rows, columns))
