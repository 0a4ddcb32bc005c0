"""Parameters of every kind of constraint and objective, on tiny worlds that can be enumerated."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from engine.inputs import Inputs, IntArray
from engine.territory.spec import TerritorySpec
from tests.worlds import world


def tiny(accounts: int = 6, reps: int = 3, seed: int = 1) -> Inputs:
    """Six accounts, three seats; R0 serves SMB alone; A5 has no incumbent; regions by account and seat."""
    inputs = world(accounts, reps, seed=seed)
    region = np.array(["North" if i % 3 else "South" for i in range(accounts)], dtype=object)
    score = np.arange(accounts, dtype=np.int64) - 2
    owner = inputs.accounts.owner.copy()
    owner[-1] = -1
    extra = {**inputs.accounts.extra, "district": region, "score": score, "rate": np.ones(accounts)}
    serves = (frozenset({"SMB"}), *(frozenset[str]() for _ in range(reps - 1)))
    return replace(
        inputs,
        accounts=replace(inputs.accounts, owner=owner, extra=extra),
        reps=replace(inputs.reps, serves=serves),
    )


def every_alignment(inputs: Inputs) -> IntArray:
    """All alignments of a tiny world, shape (alignment, account)."""
    seats = range(len(inputs.reps))
    return np.array(list(product(seats, repeat=len(inputs.accounts))), dtype=np.int64)


def spec(
    constraints: list[dict[str, Any]], objectives: list[dict[str, Any]] | None = None, **solver: Any
) -> TerritorySpec:
    """A spec in the words of a scenario; travel and disruption unless said otherwise, solved to the end."""
    priced = [{"kind": "travel"}, {"kind": "disruption"}] if objectives is None else objectives
    return TerritorySpec.model_validate(
        {"constraints": constraints, "objectives": priced, "solver": {"gap": 0, **solver}}
    )


CONSTRAINTS: dict[str, list[dict[str, Any]]] = {
    "band": [
        {"within": "10%"},
        {"within": "40%"},
        {"within": "0%", "measure": "count"},
        {"within": "55%", "measure": "workload"},
        {"within": "30%", "weights": {"R0": "50%"}},
        {"within": "60%", "level": "district"},
        {"lower": "1", "upper": "3", "measure": "count"},
        {"upper": "250k"},
        {"lower": "4.005", "measure": "workload"},
        {"lower": "0", "upper": "2", "measure": "score"},
        {"within": "150%", "measure": "employees", "seats": ["R0", "R2"]},
    ],
    "eligible": [{}, {"level": "district"}, {"segments": False, "level": "district", "column": "district"}],
    "lock": [
        {"accounts": ["A0", "A5"], "rep": "R1"},
        {"accounts": ["A1", "A4"]},
        {"keep_incumbents_of": ["R0"]},
        {"accounts": ["A2"], "rep": "R0", "keep_incumbents_of": ["R1"]},
        {"accounts": ["A0"], "rep": "R2", "keep_incumbents_of": ["R0"]},
    ],
    "max_moves": [
        {"limit": "2"},
        {"share": "50%"},
        {"measure": "potential", "limit": "250,000.50"},
        {"measure": "workload", "share": "33%"},
        {"measure": "count", "limit": 0},
    ],
}

OBJECTIVES: dict[str, list[dict[str, Any]]] = {
    "travel": [{}, {"price_per_km": "1.2", "visits_column": "employees"}],
    "disruption": [{}, {"share": "2.5%", "per_move": "300"}],
    "deviation": [
        {"price": "0.05"},
        {"measure": "workload", "price": 10, "weights": {"R2": "40%"}},
        {"measure": "count", "level": "district", "price": 100},
    ],
}
