"""Tables of the pipeline and comp stages, as they might come."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns import ColumnType, Table
from tests.report.company import Company, cents, table
from tests.report.cost_tables import cost_tables, estimate_columns, with_intervals

QUANTILES = ("p05", "p10", "p25", "p50", "p75", "p90", "p95")


def pipeline_tables(c: Company) -> list[Table]:
    season = 1 + 0.35 * (np.arange(len(c.labels)) % 3 == 2)
    draws = c.rng.gamma(40, c.potential.sum() / 40 / 2.6 / len(c.labels), (400, len(c.labels))) * season
    rows: dict[str, list[object]] = {name: [] for name in ("basis", "period", "measure", "mean", *QUANTILES)}
    for basis, values in (("period", draws), ("cumulative", draws.cumsum(axis=1))):
        for p, label in enumerate(c.labels):
            quantiles = np.quantile(values[:, p], [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
            for name, value in zip(
                rows, (basis, label, "bookings", values[:, p].mean(), *quantiles), strict=True
            ):
                rows[name].append(value)
    spec: list[tuple[str, ColumnType]] = [("basis", "text"), ("period", "text"), ("measure", "text")]
    bookings = table("bookings", [*spec, *((name, "real") for name in ("mean", *QUANTILES))], rows)
    entered = 5200.0 * np.cumprod([1, 0.62, 0.55, 0.7])
    advanced = entered * np.array([0.62, 0.55, 0.7, 0.48])
    open_at_end = entered * 0.06
    funnel = table(
        "funnel",
        (
            ("stage", "text"),
            ("entered", "real"),
            ("advanced", "real"),
            ("lost", "real"),
            ("open_at_end", "real"),
            ("conversion", "ratio"),
            ("mean_days", "real"),
        ),
        {
            "stage": ["Prospecting", "Qualified", "Proposal", "Negotiation"],
            "entered": entered,
            "advanced": advanced,
            "lost": entered - advanced - open_at_end,
            "open_at_end": open_at_end,
            "conversion": advanced / entered,
            "mean_days": [21.3, 34.8, 27.1, 15.6],
        },
    )
    kpis = table(
        "kpis",
        (
            ("kpi", "text"),
            ("unit", "text"),
            ("mean", "real"),
            ("p10", "real"),
            ("p50", "real"),
            ("p90", "real"),
            ("definition", "text"),
        ),
        {
            "kpi": ["win rate", "cycle", "slot utilisation"],
            "unit": ["ratio", "days", "ratio"],
            "mean": [0.243, 96.2, 0.812],
            "p10": [0.231, 91.0, 0.784],
            "p50": [0.243, 96.1, 0.813],
            "p90": [0.255, 101.7, 0.838],
            "definition": ["won of all that closed in the plan", "days from creation to won", "slots in use"],
        },
    )
    by_rep = table(
        "bookings_by_rep",
        (
            ("rep", "text"),
            ("measure", "text"),
            ("mean", "real"),
            ("p10", "real"),
            ("p50", "real"),
            ("p90", "real"),
        ),
        {"rep": c.rep, "measure": "bookings", "mean": 1e6, "p10": 6e5, "p50": 9.8e5, "p90": 1.4e6},
    )
    return [bookings, by_rep, funnel, kpis]


def comp_tables(c: Company) -> list[Table]:
    seats, periods = len(c.rep), len(c.labels)
    chance = np.clip(c.rng.normal(0.52, 0.09, seats), 0.05, 0.95)
    attainment = table(
        "attainment",
        (
            ("rep", "text"),
            ("quota", "money"),
            *(
                (name, "ratio")
                for name in ("mean", "p10", "p50", "p90", "p_quota", "p_quota_low", "p_quota_high")
            ),
        ),
        {
            "rep": c.rep,
            "quota": cents(np.full(seats, 1e6)),
            "mean": 1.01,
            "p10": 0.6,
            "p50": 0.7 + 0.6 * chance,
            "p90": 1.5,
            "p_quota": chance,
            "p_quota_low": chance - 0.03,
            "p_quota_high": chance + 0.03,
        },
    )
    edges = np.append(np.arange(0, 2.01, 0.1), np.inf)
    density = np.exp(-0.5 * ((edges[:-1] + 0.05 - 1) / 0.33) ** 2)
    spread = table(
        "attainment_distribution",
        (("from", "ratio"), ("to", "ratio"), ("share", "ratio")),
        {"from": edges[:-1], "to": edges[1:], "share": density / density.sum()},
    )
    rows = []
    for plan, weight in (("all", 1.0), ("AE", 0.7), ("AM", 0.3)):
        for p, label in enumerate([*c.labels, "year"]):
            size = seats * weight * (1.0 if label != "year" else periods)
            bonus = 9000 * (1 + (p % 3 == 2) * (label != "year"))
            rows += [
                (plan, label, "total", *(size * (8000 + bonus * q) for q in (1.0, 0.8, 0.99, 1.25, 1.45))),
                (plan, label, "variable", *(size * bonus * q for q in (1.0, 0.8, 0.99, 1.25, 1.45))),
                (plan, label, "salary", *(size * 8000.0 for _ in range(5))),
            ]
    names = ("plan", "period", "figure", "mean", "p10", "p50", "p90", "p99")
    frame = with_intervals(pd.DataFrame(rows, columns=list(names)))
    cost = table("cost", [*((n, "text") for n in names[:3]), *estimate_columns()], dict(frame))  # type: ignore[arg-type]
    year = next(row for row in rows if row[:3] == ("all", "year", "total"))
    bins = np.linspace(0.6 * year[5], 1.7 * year[5], 31)
    shape = np.exp(-0.5 * ((bins[:-1] - year[5]) / (0.19 * year[5])) ** 2)
    costs = table(
        "cost_distribution",
        (("from", "real"), ("to", "real"), ("share", "ratio")),
        {"from": bins[:-1], "to": bins[1:], "share": shape / shape.sum()},
    )
    sales = table(
        "cost_of_sales",
        (
            ("figure", "text"),
            ("mean", "real"),
            ("p10", "real"),
            ("p50", "real"),
            ("p90", "real"),
            ("definition", "text"),
        ),
        {
            "figure": ["comp cost of sales"],
            "mean": [0.113],
            "p10": [0.101],
            "p50": [0.112],
            "p90": [0.126],
            "definition": ["comp cost over bookings of the plan"],
        },
    )
    at = np.arange(0, 2.01, 0.05)
    pays = {"AE": np.where(at < 1, at, 1 + 1.8 * (at - 1)), "AM": np.where(at < 0.5, 0, np.minimum(at, 1.5))}
    curve = table(
        "pay_curve",
        (("plan", "text"), ("attainment", "ratio"), ("pay", "ratio"), ("money", "real")),
        {
            "plan": np.repeat(list(pays), len(at)),
            "attainment": np.tile(at, len(pays)),
            "pay": np.concatenate(list(pays.values())),
            "money": 80_000 * np.concatenate(list(pays.values())),
        },
    )
    return [attainment, spread, cost, costs, sales, curve, *cost_tables(c, year[5])]
