"""A company of the past, written as files: deals that are decided at a known rate by month of the quarter."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.scenario import Scenario

ACCOUNTS, REPS = 8, 2
RATE, CHANCE = (30, 45, 60), (0.4, 0.5, 0.8)
"""Deals decided a month and their chance to be won, by month of the quarter."""
FIRST, MONTHS = np.datetime64("2025-01"), 24
LAW = {"Core": 1_000, "Plus": 200}
"""Mean amount by product; amounts are uniform on half of it around it."""

SCENARIO = """\
currency: USD
seed: 7
calendar: {start: 2026-10-01, length: 3}
data:
  accounts: accounts.csv
  reps: {path: reps.csv, levels: [region]}
  products: products.csv
  opportunities: {path: opportunities.csv, stage_at_cut: Working}
territories: {}
pipeline:
  replications: 300
  slots: 500
  open_stages: {Working: Working}
  estimate: {leads_from: closes, uncertainty: true}
quotas: {goal: 1M, levels: [region], methods: [{kind: potential}], step: 100}
comp:
  rounding: half_up
  proration: first_day
  plans: {AE: {pay: monthly, components: [{kind: salary}]}}
backtest:
  origins: {first: 2026-06-30, last: 2026-11-30}
  by: [product, segment]
"""


def deals(seed: int) -> list[str]:
    """Rows of the export: closed deals, created up to 40 days earlier."""
    rng, rows = np.random.default_rng(seed), list[str]()
    for index, month in enumerate(np.arange(FIRST, FIRST + MONTHS)):
        days = int(((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int))
        for _ in range(rng.poisson(RATE[index % 3])):
            closed = month.astype("datetime64[D]") + int(rng.integers(days))
            created = closed - int(rng.integers(1, 40))
            product = "Core" if rng.random() < 0.4 else "Plus"
            won = rng.random() < CHANCE[index % 3]
            amount = round(LAW[product] * rng.uniform(0.75, 1.25)) if won else ""
            place = int(rng.integers(ACCOUNTS))
            stage = "Won" if won else "Lost"
            rows.append(
                f"D{len(rows)},A{place},R{place % REPS},{product},{stage},{created},{closed},{amount}"
            )
    return rows


def write(folder: Path, rows: list[str], scenario: str = SCENARIO) -> Path:
    """Write the tables and the scenario; return the scenario's path."""
    accounts = [f"A{i},A{i},{'SMB' if i % 2 else 'ENT'},1000" for i in range(ACCOUNTS)]
    tables = {
        "accounts": ["id,name,segment,potential", *accounts],
        "reps": ["id,name,region,plan,salary", *(f"R{i},R{i},West,AE,50000" for i in range(REPS))],
        "products": ["id,name,price", *(f"{name},{name},{price}" for name, price in LAW.items())],
        "opportunities": ["id,account,rep,product,stage,created,closed,amount", *rows],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = folder / "past.yaml"
    path.write_text(scenario, encoding="utf-8")
    return path


def load(folder: Path, rows: list[str], *sets: str) -> Scenario:
    """Write the company and load its scenario."""
    return Scenario.load(write(folder, rows), *sets)
