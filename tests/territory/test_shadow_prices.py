"""Printed shadow prices are the slopes of the LP's value, by an LP that is written here from the tables alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design
from engine.territory.spec import TerritorySpec
from tests.territory.cases import tiny

CENTS = 100
RULES: list[dict[str, Any]] = [
    {"kind": "band", "within": "6%"},
    {"kind": "band", "measure": "workload", "within": "15%"},
    {"kind": "max_moves", "limit": 4},
]
GIVE = {"potential": 10.0, "workload": 0.001, "count": 0.001}
"""How far a bound gives: less than the distance to the next corner of the LP."""


def lp(inputs: Inputs, spec: TerritorySpec, bounds: pd.DataFrame) -> float:
    """Return the least cost when accounts may be split, each bound of the table being a row."""
    accounts, seats = len(inputs.accounts), len(inputs.reps)
    cost = sum(objective.declare(inputs).cost for objective in spec.objectives)
    assert isinstance(cost, np.ndarray)
    weights = {"potential": inputs.accounts.potential / CENTS, "workload": inputs.accounts.workload / CENTS}
    stays = inputs.accounts.owner[:, None] == np.arange(seats)
    moved = (inputs.accounts.owner[:, None] >= 0) & ~stays
    rows, sides = [], []
    for row in bounds.to_dict("records"):
        sign = 1.0 if row["side"] == "upper" else -1.0
        load = np.zeros((accounts, seats))
        if row["seat"]:
            load[:, inputs.reps.id.index(row["seat"])] = weights[row["measure"]]
        else:
            load[moved] = 1.0
        rows.append(sign * load.ravel())
        sides.append(sign * row["bound"])
    once = np.kron(np.eye(accounts), np.ones(seats))
    found = linprog(cost.ravel(), np.array(rows), np.array(sides), once, np.ones(accounts), method="highs")
    assert found.status == 0
    return float(found.fun)


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_a_printed_price_is_what_the_lp_saves_or_loses_as_its_bound_gives_or_tightens(seed: int) -> None:
    inputs = tiny(accounts=9, seed=seed)
    spec = TerritorySpec.model_validate(
        {
            "constraints": RULES,
            "objectives": [{"kind": "travel"}, {"kind": "disruption"}],
            "explain": {"accounts": "all"},
        }
    )
    alignment = design(inputs, spec, seed=1, progress=Silent())
    table = next(found.frame for found in alignment.tables if found.name == "shadow_prices")
    assert len(table) == 13
    assert (table["price"] > 1e-9).sum() >= 2
    now = lp(inputs, spec, table)
    for place, row in table.iterrows():
        give = GIVE[row["measure"]]
        wider = give if row["side"] == "upper" else -give
        values = []
        for shift in (wider, -wider):
            changed = table.copy()
            changed.loc[place, "bound"] += shift
            values.append(lp(inputs, spec, changed))
        loose, tight = values
        assert (now - loose) / give == pytest.approx(row["price"], rel=1e-4, abs=1e-6)
        assert (tight - now) / give == pytest.approx(row["price"], rel=1e-4, abs=1e-6)
        assert row["one_percent"] == pytest.approx(row["price"] * abs(row["bound"]) / 100)
