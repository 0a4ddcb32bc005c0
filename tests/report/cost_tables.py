"""Tables of comp cost beside the table of cost itself, as they might come."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns import Table
from engine.comp.tables.schedule import COLUMNS
from tests.report.company import Company, cents, table

ESTIMATES = ("mean", "p10", "p50", "p90", "p99", "cvar90", "cvar99")


def with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an interval of two per cent around each figure of a table of cost, and add tails and reserve."""
    frame = frame.assign(
        cvar90=1.05 * frame["p90"], cvar99=1.05 * frame["p99"], reserve=frame["p90"] - frame["p50"]
    )
    for name in ESTIMATES:
        frame[f"{name}_low"], frame[f"{name}_high"] = 0.99 * frame[name], 1.01 * frame[name]
    return frame


def estimate_columns() -> list[tuple[str, str]]:
    """Columns of such a table that hold numbers."""
    return [(f"{name}{end}", "real") for name in ESTIMATES for end in ("", "_low", "_high")] + [
        ("reserve", "real")
    ]


def cost_tables(c: Company, year: float) -> list[Table]:
    """Return the tables around a year's cost."""
    keys = [("level", "text"), ("group", "text"), ("people", "whole"), ("period", "text"), ("figure", "text")]
    groups = pd.DataFrame(
        [
            ("region", name, people, label, "total", *(size * year * q for q in (1.0, 0.85, 1.0, 1.2, 1.35)))
            for name, people, size in (("West", 14, 0.45), ("East", 22, 0.55))
            for label in (*c.labels, "year")
        ],
        columns=[*(name for name, _ in keys), "mean", "p10", "p50", "p90", "p99"],
    )
    by_group = table("cost_by_group", [*keys, *estimate_columns()], dict(with_intervals(groups)))  # type: ignore[arg-type]
    at = np.linspace(0.8, 1.2, 12)
    curve = table(
        "cost_by_attainment",
        (
            *((name, "ratio") for name in ("attainment", "from", "to")),
            ("replications", "whole"),
            *((name, "real") for name in ("mean", "p10", "p50", "p90", "per_point")),
        ),
        {
            "attainment": at, "from": at - 0.01, "to": at + 0.01, "replications": np.full(len(at), 50),
            "mean": year * at, "p10": year * (at - 0.05), "p50": year * at, "p90": year * (at + 0.05),
            "per_point": np.full(len(at), year / 100),
        },
    )  # fmt: skip
    variation = table(
        "cost_variation",
        (("figure", "text"), ("deviation", "real"), ("share", "ratio"), ("definition", "text")),
        {
            "figure": ["total", "sensitivity", "volatility"], "deviation": [0.1 * year, 0.08 * year, 0.06 * year],
            "share": [1.0, 0.64, 0.36], "definition": ["of all", "of the line", "around it"],
        },
    )  # fmt: skip
    zones = table(
        "pay_zones",
        (
            *((name, "text") for name in ("plan", "component", "threshold", "accelerator")),
            *((name, "ratio") for name in ("below_threshold", "above_accelerator", "cost_beyond")),
        ),
        {
            "plan": ["AE", "AM"], "component": ["commission", "bonus"], "threshold": ["", "50 %"],
            "accelerator": ["100 %", ""], "below_threshold": [np.nan, 0.12], "above_accelerator": [0.4, np.nan],
            "cost_beyond": [0.18, np.nan],
        },
    )  # fmt: skip
    return [by_group, curve, variation, zones, _accruals(c, year)]


def outlook_table(c: Company, year: float) -> Table:
    """Return budget against actual after the first period."""
    size = year / len(c.labels)
    rows = [
        (figure, label, size, 1.1 * size if label in (c.labels[0], "to date") else np.nan,
         0.1 * size if label in (c.labels[0], "to date") else np.nan,
         *((np.nan,) * 4 if label in (c.labels[0], "to date") else (size, 0.9 * size, size, 1.2 * size)))
        for figure in ("total", "variable")
        for label in (*c.labels, "to date", "rest", "year")
    ]  # fmt: skip
    names = ("figure", "period", "budget", "actual", "over", "mean", "p10", "p50", "p90")
    kinds = [(name, "text" if place < 2 else "real") for place, name in enumerate(names)]
    return table("cost_outlook", kinds, {name: [row[i] for row in rows] for i, name in enumerate(names)})  # type: ignore[arg-type]


def _accruals(c: Company, year: float) -> Table:
    count = len(c.labels)
    cash, expense = np.zeros(count), np.full(count, year / count)
    cash[2::3] = 3 * year / count
    names = tuple(column.name for column in COLUMNS if column.type == "money")
    rows = {name: cents(np.zeros(count + 1)) for name in names}
    rows["cash"], rows["expense"] = cents([*cash, cash.sum()]), cents([*expense, expense.sum()])
    rows["accrued"] = rows["expense"]
    keys = {"plan": ["all"] * (count + 1), "component": ["all"] * (count + 1), "period": [*c.labels, "year"]}
    kinds = [*((name, "text") for name in keys), *((name, "money") for name in names)]
    return table("accruals", kinds, {**keys, **rows})  # type: ignore[arg-type]
