"""Tables of the territory and quota stages, as they might come."""

from __future__ import annotations

import numpy as np

from engine.columns import Table
from tests.report.company import FIRMS, TRADES, Company, cents, table


def territory_tables(c: Company) -> list[Table]:
    blank = np.full(c.accounts, np.nan)
    ids = [f"A{i:04d}" for i in range(c.accounts)]
    names = [f"{FIRMS[i % 10]} {TRADES[i // 10 % 10]} {i // 100 + 1}" for i in range(c.accounts)]
    rep, old = [c.rep[i] for i in c.after], [c.rep[i] for i in c.before]
    moved = c.after != c.before
    seats = len(c.rep)
    none = np.full(seats, np.nan)
    potential, potential_before = (c.per_seat(who, c.potential) for who in (c.after, c.before))
    work, work_before = (c.per_seat(who, c.workload) for who in (c.after, c.before))
    accounts = table(
        "alignment",
        (
            ("account", "text"),
            ("name", "text"),
            ("segment", "text"),
            ("rep", "text"),
            ("incumbent", "text"),
            ("moved", "flag"),
            ("latitude", "real"),
            ("longitude", "real"),
            ("potential", "money"),
            ("workload", "real"),
            ("travel_km", "real"),
        ),
        {
            "account": ids,
            "name": names,
            "segment": ["SMB", "ENT"] * (c.accounts // 2) + ["SMB"] * (c.accounts % 2),
            "rep": rep,
            "incumbent": old,
            "moved": moved,
            "latitude": c.y if c.placed else blank,
            "longitude": c.x if c.placed else blank,
            "potential": cents(c.potential),
            "workload": c.workload,
            "travel_km": blank,
        },
    )
    territories = table(
        "territories",
        (
            ("rep", "text"),
            ("name", "text"),
            ("region", "text"),
            ("accounts", "whole"),
            ("accounts_before", "whole"),
            ("potential", "money"),
            ("potential_before", "money"),
            ("workload", "real"),
            ("workload_before", "real"),
            ("travel_km", "real"),
            ("latitude", "real"),
            ("longitude", "real"),
        ),
        {
            "rep": c.rep,
            "name": c.name,
            "region": ["West" if x < -100 else "East" for x in c.lon],
            "accounts": c.per_seat(c.after),
            "accounts_before": c.per_seat(c.before),
            "potential": cents(potential),
            "potential_before": cents(potential_before),
            "workload": work,
            "workload_before": work_before,
            "travel_km": none,
            "latitude": c.lat if c.placed else none,
            "longitude": c.lon if c.placed else none,
        },
    )
    rows = [
        (r, m, v[i], lo, hi, b[i])
        for i, r in enumerate(c.rep)
        for m, v, b, lo, hi in (
            ("potential", potential, potential_before, 0.99 * potential.min(), 1.01 * potential.max()),
            ("workload", work, work_before, 0.99 * work.min(), np.inf),
        )
    ]
    balance = table(
        "balance",
        (
            ("rep", "text"),
            ("measure", "text"),
            ("value", "real"),
            ("lower", "real"),
            ("upper", "real"),
            ("before", "real"),
        ),
        {
            k: [row[i] for row in rows]
            for i, k in enumerate(("rep", "measure", "value", "lower", "upper", "before"))
        },
    )
    at = np.flatnonzero(moved)
    moves = table(
        "moves",
        (
            ("account", "text"),
            ("name", "text"),
            ("from_rep", "text"),
            ("to_rep", "text"),
            ("potential", "money"),
        ),
        {
            "account": [ids[i] for i in at],
            "name": [names[i] for i in at],
            "from_rep": [old[i] for i in at],
            "to_rep": [rep[i] for i in at],
            "potential": cents(c.potential[at]),
        },
    )
    return [accounts, territories, balance, moves]


def quota_tables(c: Company, products: int, history: bool) -> list[Table]:
    seats, periods = len(c.rep), len(c.labels)
    potential = c.per_seat(c.after, c.potential)
    goal = c.potential.sum() / 2.45
    monthly = cents(np.full(periods, round(goal / periods, -2)))
    share = potential / potential.sum() * c.rng.uniform(0.9, 1.1, seats)
    cells = (
        np.rint(
            1.05
            * goal
            * share[:, None, None]
            / share.sum()
            / products
            / periods
            * np.ones((1, products, periods))
            / 100
        )
        * 10_000
    )
    quota = cells.astype(np.int64)
    labels = list(c.labels)
    quotas = table(
        "quotas",
        (("rep", "text"), ("product", "text"), ("period", "text"), ("quota", "money")),
        {
            "rep": np.repeat(c.rep, products * periods),
            "product": [f"S{k}" for k in range(products) for _ in range(periods)] * seats,
            "period": labels * products * seats,
            "quota": quota.ravel(),
        },
    )
    total = quota.sum(axis=(1, 2))
    reps = table(
        "quota_reps",
        (
            ("rep", "text"),
            ("name", "text"),
            ("region", "text"),
            ("quota", "money"),
            ("potential", "money"),
            ("history", "money"),
            ("target", "money"),
            ("lower", "money"),
            ("upper", "money"),
            ("ramp", "ratio"),
        ),
        {
            "rep": c.rep,
            "name": c.name,
            "region": "West",
            "quota": total,
            "potential": cents(potential),
            "history": (total * c.rng.uniform(0.6, 1.2, seats)).astype(np.int64) * history,
            "target": total,
            "lower": total // 2,
            "upper": total * 2,
            "ramp": np.where(np.arange(seats) % 9 == 8, 0.5, 1.0),
        },
    )
    levels = table(
        "quota_levels",
        (
            ("level", "text"),
            ("node", "text"),
            ("parent", "text"),
            ("product", "text"),
            ("period", "text"),
            ("target", "money"),
            ("relief", "money"),
            ("quota", "money"),
            ("over_assignment", "ratio"),
            ("remainder", "money"),
        ),
        {
            "level": "company",
            "node": "all",
            "parent": None,
            "product": "all",
            "period": labels,
            "target": quota.sum(axis=(0, 1)),
            "relief": 0,
            "quota": quota.sum(axis=(0, 1)),
            "over_assignment": 0.05,
            "remainder": 0,
        },
    )
    goals = table("goals", (("period", "text"), ("goal", "money")), {"period": labels, "goal": monthly})
    return [quotas, reps, levels, goals]
