"""Lifetime value of the contracts of the installed base, in closed form from the rules by which they renew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.inputs import FloatArray
from engine.pipeline.kpis.law_tables import law_means
from engine.pipeline.layout import YEAR
from engine.pipeline.model import Base, Laws, Model
from engine.pipeline.spec import Lifetime

_COLUMNS = (
    Column("segment", "text", "segment of the account; blank for contracts without one; `total` for all"),
    Column("contracts", "whole", "contracts at the start"),
    Column("yearly_amount", "real", "their mean amount by the year", "currency units"),
    Column("kept_in_a_term", "ratio", "expected amount of the next term over that of this one: (1 - churn) x growth"),
    Column("expected_years", "real", "mean length of a contract that begins now: term / churn"),
    Column("lifetime_value", "real", "mean over contracts of amount of a term x margin / "
           "(1 - kept / (1 + discount)^term); blank where a contract grows faster than it is discounted",
           "currency units"),
)  # fmt: skip


def growth_of_term(base: Base, laws: Laws) -> FloatArray:
    """Return the expected amount of the next term over that of this one, of every contract.

    (1 - churn) x mean factor at the renewal x exp(expansions in a term x their mean): the expansions are a Poisson
    process, each multiplies the amount by 1 + what it adds.
    """
    means, rule = law_means(laws), base.rule[base.contract["rule"]]
    years = base.contract["term"] / YEAR
    grown = np.exp(rule["rate"] * years * means[rule["expansion"]])
    return np.asarray((1 - rule["churn"]) * means[rule["factor"]] * grown, dtype=np.float64)


def lifetime_values(model: Model, spec: Lifetime) -> FloatArray:
    """Return what every contract is worth as if it began now, minor units; infinite where it outgrows the discount."""
    contract = model.base.contract
    years = contract["term"] / YEAR
    kept = growth_of_term(model.base, model.closing.laws) / (1 + float(spec.discount)) ** years
    worth = np.full(len(contract), np.inf)
    np.divide(contract["amount"] * float(spec.margin), 1 - kept, out=worth, where=kept < 1)
    return worth


def lifetime_table(model: Model, spec: Lifetime, segments: Sequence[str], scale: float) -> Table:
    """Return the lifetime value of contracts by segment."""
    contract = model.base.contract
    worth, years = lifetime_values(model, spec), contract["term"] / YEAR
    kept, churn = growth_of_term(model.base, model.closing.laws), model.base.rule["churn"][contract["rule"]]
    rows = []
    parts = [(name, contract["segment"] == place) for place, name in enumerate((*segments, ""))]
    for segment, mine in (*parts, ("total", contract["segment"] >= 0)):
        if not mine.any():
            continue
        lasts = np.where(churn[mine] > 0, years[mine] / np.maximum(churn[mine], 1e-300), np.inf)
        rows.append(
            {
                "segment": segment, "contracts": int(mine.sum()),
                "yearly_amount": float((contract["amount"][mine] / years[mine]).mean()) / scale,
                "kept_in_a_term": float(kept[mine].mean()), "expected_years": _finite(float(lasts.mean())),
                "lifetime_value": _finite(float(worth[mine].mean()) / scale),
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.name for column in _COLUMNS])
    return Table("lifetime_value", _COLUMNS, frame, "Lifetime value of contracts, expected, discounted")


def _finite(value: float) -> float:
    return value if np.isfinite(value) else float("nan")
