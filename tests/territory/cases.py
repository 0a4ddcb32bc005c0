"""Parameters of every kind of constraint and objective, on tiny worlds that can be enumerated."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from engine.geography import Ways
from engine.inputs import Inputs, IntArray
from engine.territory.spec import TerritorySpec
from tests.worlds import world


def tiny(accounts: int = 6, reps: int = 3, seed: int = 1) -> Inputs:
    """Six accounts, three seats; R0 serves SMB alone; A5 has no incumbent; regions by account and seat.

    Groups, markets, languages, named accounts; ramping R1; a table of distances that leaves out one pair.
    """
    inputs = world(accounts, reps, seed=seed)
    region = np.array(["North" if i % 3 else "South" for i in range(accounts)], dtype=object)
    score = np.arange(accounts, dtype=np.int64) - 2
    owner = inputs.accounts.owner.copy()
    owner[-1] = -1
    extra = {
        **inputs.accounts.extra,
        "district": region,
        "score": score,
        "rate": np.ones(accounts),
        "parent": words(accounts, {1: "A0", 3: "P", 4: "P"}),
        "family": words(accounts, {1: "A0", 3: "A1", 4: "A5", 5: "A4"}),
        "area": words(accounts, {i: f"U{i // 2}" for i in range(accounts)}),
        "market": words(accounts, {0: "chips", 2: "chips", 5: "chips"}),
        "language": words(accounts, {0: "de", 1: "fr;en", 3: "de", 5: "fr"}),
        "tier": words(accounts, {2: "named", 5: "key"}),
        "strength": np.linspace(0.0, 1.0, accounts),
    }
    serves = (frozenset({"SMB"}), *(frozenset[str]() for _ in range(reps - 1)))
    return replace(
        inputs,
        accounts=replace(inputs.accounts, owner=owner, extra=extra),
        reps=replace(
            inputs.reps,
            serves=serves,
            extra={
                "languages": words(reps, {0: "de;en", 1: "fr; en"}),
                "ramp": np.array([0.5 if j == 1 else 1.0 for j in range(reps)]),
                "time": np.array([6.0 + 3 * j for j in range(reps)]),
            },
        ),
        ways=ways(accounts, reps),
    )


def words(count: int, at: dict[int, str]) -> np.ndarray:
    """A column of text that is blank but for some rows."""
    return np.array([at.get(i, "") for i in range(count)], dtype=object)


def ways(accounts: int, reps: int) -> Ways:
    """A way for every pair but that of the last account but one and the last seat; every third with its hours."""
    pairs = [(i, j) for i in range(accounts) for j in range(reps) if (i, j) != (accounts - 2, reps - 1)]
    account, rep = np.array(pairs, dtype=np.int64).T
    km = 10.0 * (account + 1) + 37.0 * rep
    return Ways(account, rep, km, np.where(account % 3 == 0, km / 30.0, np.nan))


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
        {"within": "45%", "weights_column": "ramp"},
        {"within": "45%", "weights_column": "ramp", "weights": {"R1": 1}},
        {"upper": "3", "measure": "count", "weights_column": "ramp"},
        {"lower": "1", "upper": "52.5", "calls": {"visits": 4, "hours_per_visit": 1.5}},
        {"upper": "30", "calls": {"by": "table", "missing": "forbid", "visits": 3}},
    ],
    "exclude": [{"accounts": ["A0", "A3"], "reps": ["R0", "R2"]}],
    "together": [
        {"column": "parent"},
        {"column": "family"},
        {"groups": [["A0", "A5"], ["A1", "A2", "A3"]]},
        {"column": "parent", "groups": [["A1", "A4"]]},
    ],
    "unit": [{"column": "area"}, {"column": "parent", "blank_alone": "true"}],
    "apart": [
        {"column": "market"},
        {"groups": [["A0", "A1"], ["A1", "A2"]]},
        {"column": "market", "groups": [["A0", "A4"], ["A2", "A4"]]},
    ],
    "max_travel": [
        {"km": 150},
        {"hours": 1.5, "speed_kmh": 90},
        {"km": 90, "by": "table", "missing": "forbid"},
        {"hours": 1.5, "by": "table", "missing": "forbid"},
    ],
    "skills": [
        {"column": "language", "of": "languages"},
        {"column": "language", "of": "languages", "needs": "any", "blank_seat": "anything"},
        {"column": "segment", "of": "serves", "blank_seat": "anything"},
    ],
    "named_accounts": [
        {"accounts": ["A0"], "column": "tier", "reps": ["R1"]},
        {"column": "tier", "values": ["key"], "node": {"district": "North"}},
        {"column": "tier", "reps": ["R2"], "exclusive": "true"},
    ],
    "contiguous": [{"neighbours": "points", "islands": "join_nearest"}],
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
        {"each": "leaving", "limit": 1},
        {"each": "leaving", "share": "50%", "measure": "potential", "seats": ["R0", "R1"]},
        {"each": "entering", "limit": "200k", "measure": "potential"},
    ],
}

OBJECTIVES: dict[str, list[dict[str, Any]]] = {
    "travel": [
        {},
        {"price_per_km": "1.2", "visits_column": "employees"},
        {"by": "table", "missing": "forbid"},
    ],
    "disruption": [
        {},
        {"share": "2.5%", "per_move": "300"},
        {"per_move": 50, "strength_column": "strength"},
    ],
    "fit": [
        {"column": "language", "of": "languages"},
        {"column": "segment", "of": "serves", "share": 0, "per_account": 100, "blank_seat": "anything"},
    ],
    "compactness": [{}, {"measure": "potential", "price": "0.0001"}],
    "cut_edges": [{"unit": "area", "neighbours": "points", "islands": "join_nearest"}],
    "response": [
        {"hours": 12},
        {"hours_column": "time", "elasticity": "0.5", "share": "40%", "hours_per_visit": 1},
        {"hours": 8, "elasticity": "0.8", "hours_per_visit": "0.5", "round_trip": "false", "speed_kmh": 90},
    ],
    "deviation": [
        {"price": "0.05"},
        {"measure": "workload", "price": 10, "weights": {"R2": "40%"}},
        {"measure": "count", "level": "district", "price": 100},
    ],
}

PRICED: list[dict[str, Any]] = [
    {"kind": "band", "within": "10%", "price": "0.02"},
    {"kind": "band", "within": "5%", "measure": "workload", "price": 30, "weights_column": "ramp"},
    {"kind": "band", "upper": "20", "calls": {"visits": 4}, "price": 12},
    {"kind": "band", "within": "0%", "measure": "count", "rank": 1},
    {"kind": "band", "within": "20%", "rank": 2, "price": "0.5", "seats": ["R1"]},
]
"""Bands that are a cost, or a goal that comes before it."""
