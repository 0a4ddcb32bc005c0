"""A large company as a scenario of tables: seats under districts, areas and regions; 4 products x 12 periods; step 100.

    potential   lognormal(0, 0.8), scaled to 2,000,000 a year on average; one account for each seat, held by it
    goal        product x period, exactly: 1.03 x the potential by product share and season, to the step
    district    the year, exactly: what its seats carry of it x a factor within +-2 %, all scaled to add up, to the step
    seat        the year and each product within +-12 % of its target; 2 % have their year locked at a drawn value
    people      4 % begin during the plan and ramp; all others sit there since years

Products and seasons are the company's (a seat's target in a product is its potential by the company's share), so that
seats which begin late pull against totals of products and periods that are given.
"""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.quotas_law import (
    AVERAGE,
    FACTOR,
    LOCKED,
    PERIODS,
    REACH,
    REPS_PER_DISTRICT,
    SEASON,
    SHARES,
    STEP,
    UP,
    Floats,
    Ints,
    rounded,
    tree,
)

LATE = 0.04
RAMP = (0.0, 0.5)
YEAR = 2027
PRODUCTS = tuple(f"S{k + 1}" for k in range(len(SHARES)))
LEVELS = ("region", "area", "district")
COMP = {
    "rounding": "half_up",
    "proration": "days_of_period",
    "plans": {
        "AE": {
            "pay": "monthly",
            "components": [
                {"kind": "salary"},
                {
                    "kind": "commission",
                    "tiers_on": "attainment",
                    "rates": "individual",
                    "mode": "marginal",
                    "closed": "left",
                    "accumulate": "year_to_date",
                    "quota": "interval",
                    "tiers": [{"start": 0, "rate": 1}],
                },
            ],
        }
    },
}


def write(folder: Path, reps: int, seed: int) -> Path:
    """Write tables and scenario of so many seats (10,000: 500 districts, 50 areas, 5 regions); return the scenario."""
    stream = np.random.Generator(np.random.Philox([seed, reps, 1]))
    potential = stream.lognormal(0.0, 0.8, reps)
    potential = np.rint(potential * (AVERAGE * reps / potential.sum())).astype(np.int64)
    begin = _begins(stream, reps)
    names = [f"s{seat:05d}" for seat in range(reps)]
    levels = _levels(reps)
    frames = {
        "reps": pd.DataFrame({"id": names, **levels, "history": np.rint(0.95 * potential).astype(np.int64)}),
        "accounts": pd.DataFrame(
            {"id": [f"a{seat:05d}" for seat in range(reps)], "segment": "all", "potential": potential,
             "workload": 1, "owner": names, "district": levels["district"]}
        ),
        "spells": pd.DataFrame({"person": names, "rep": names, "start": _starts(begin), "plan": "AE",
             "salary": 80_000, "target_incentive": 80_000}),
        "products": pd.DataFrame({"id": PRODUCTS, "price": 10_000}),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    place = folder / f"company_{reps}.yaml"
    place.write_text(json.dumps(_scenario(stream, names, levels, potential, begin), indent=1))
    return place


def _levels(reps: int) -> dict[str, list[str]]:
    """Return the names of region, area and district of each seat."""
    parent, leaf, _ = tree(reps, ceil(reps / REPS_PER_DISTRICT))
    found, at = {}, leaf
    for level in reversed(LEVELS):
        at = parent[at]
        first = int(at.min())
        found[level] = [f"{level} {int(node) - first + 1:03d}" for node in at]
    return {level: found[level] for level in LEVELS}


def _starts(begin: Ints) -> list[str]:
    return ["2020-01-01" if period < 0 else f"{YEAR}-{period + 1:02d}-01" for period in begin]


def _begins(stream: np.random.Generator, reps: int) -> Ints:
    """Return the period in which each seat is first filled; -1 for those that are filled since years."""
    return np.where(stream.random(reps) < LATE, stream.integers(1, PERIODS - 2, reps), -1)


def _carried(begin: Ints) -> Floats:
    """Return which share of a full quota each seat carries in each period, shape (rep, period)."""
    months = np.arange(PERIODS) - begin[:, None]
    ramped = np.where(months < len(RAMP), np.array(RAMP)[np.clip(months, 0, len(RAMP) - 1)], 1.0)
    return np.where(begin[:, None] < 0, 1.0, np.where(months < 0, 0.0, ramped))


def _scenario(
    stream: np.random.Generator, names: list[str], levels: dict[str, list[str]], potential: Ints, begin: Ints
) -> dict[str, object]:
    share, season = np.array(SHARES) / sum(SHARES), stream.dirichlet([SEASON] * PERIODS, len(SHARES))
    company = rounded(UP / STEP * potential.sum() * share[:, None] * season)
    district, found = pd.factorize(np.array(levels["district"]))
    names_of = [str(name) for name in found]
    carried = potential * (_carried(begin) @ (share @ season))
    carried *= UP * potential.sum() / carried.sum()
    wanted = np.bincount(district, carried) * (1 + stream.uniform(-FACTOR, FACTOR, len(names_of)))
    totals = rounded(_scaled(wanted, company), int(company.sum()))
    factor = totals[district] / np.bincount(district, carried)[district]
    held = np.sort(stream.permutation(len(names))[: round(LOCKED * len(names))])
    inside = 1 + stream.uniform(-REACH / 2, REACH / 2, len(held))
    locks = np.rint(factor[held] * carried[held] * inside).astype(np.int64)
    around = {"min": 1 - REACH, "max": 1 + REACH}
    return {
        "description": f"{len(names):,} seats under {len(names_of):,} districts",
        "currency": "USD",
        "calendar": {"start": f"{YEAR}-01-01"},
        "data": {
            "accounts": {"path": "accounts.csv", "extra": {"district": "text"}},
            "reps": {"path": "reps.csv", "levels": list(LEVELS)},
            "spells": "spells.csv",
            "products": "products.csv",
        },
        "territories": {
            "constraints": [{"kind": "eligible", "segments": False, "level": "district"}],
            "objectives": [{"kind": "disruption", "share": 0.05}],
        },
        "pipeline": {
            "replications": 20,
            "slots": 20,
            "arrivals": {"by_segment": {"all": 2 * len(names)}, "spread": "potential"},
            "stages": [{"name": "Sell", "advance": 0.5, "duration": {"kind": "exponential", "mean": 30}}],
            "mix_by_segment": {"all": dict(zip(PRODUCTS, SHARES, strict=True))},
            "sizes": {
                "by_product": {
                    product: {"kind": "lognormal", "mean": AVERAGE, "cv": 0.5} for product in PRODUCTS
                }
            },
        },
        "quotas": {
            "goal": {
                product: {
                    f"{YEAR}-{period + 1:02d}": STEP * int(company[k, period]) for period in range(PERIODS)
                }
                for k, product in enumerate(PRODUCTS)
            },
            "methods": [{"kind": "potential"}],
            "bounds": {
                "target": around,
                "products": {product: {"target": around} for product in PRODUCTS},
                "nodes": {
                    name: {"min": STEP * int(total), "max": STEP * int(total)}
                    for name, total in zip(names_of, totals, strict=True)
                },
            },
            "locks": {names[seat]: STEP * int(amount) for seat, amount in zip(held, locks, strict=True)},
            "ramp": RAMP,
            "step": STEP,
        },
        "comp": COMP,
    }


def _scaled(wanted: Floats, company: Ints) -> Floats:
    return np.asarray(wanted * (company.sum() / wanted.sum()))
