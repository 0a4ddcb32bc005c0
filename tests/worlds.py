"""Tiny worlds, made in code: a handful of accounts and seats whose every number can be followed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.calendar import CalendarSpec, calendar
from engine.inputs import Accounts, Inputs, Opportunities, Products, Reps, Spells


def no_opportunities() -> Opportunities:
    """An export without rows."""
    none = np.empty(0, dtype=np.int64)
    dates = np.empty(0, dtype="datetime64[D]")
    return Opportunities((), none, none, none, (), none.astype(np.int8), dates, dates, dates, none)


def world(accounts: int = 12, reps: int = 3, products: int = 2, seed: int = 1, year: int = 2027) -> Inputs:
    """`reps` seats in two districts of one region, `accounts` scattered around them, one person a seat.

    Accounts A00.. belong to seats in turn (owner = index mod reps); potentials 10,000 to 200,000 USD;
    workload 1 to 9 hours. Seats R0.. sit on a line at latitude 40, longitude -100, -98, ...
    Every account is of segment SMB or ENT in turn; every seat serves any.
    """
    rng = np.random.default_rng(seed)
    width = len(str(max(accounts - 1, 1)))
    who = Accounts(
        id=tuple(f"A{i:0{width}d}" for i in range(accounts)),
        name=tuple(f"Account {i}" for i in range(accounts)),
        segment=tuple("SMB" if i % 2 == 0 else "ENT" for i in range(accounts)),
        latitude=40 + rng.uniform(-1, 1, accounts),
        longitude=-100 + 2 * (np.arange(accounts) % reps) + rng.uniform(-1, 1, accounts),
        owner=np.arange(accounts, dtype=np.int64) % reps,
        potential=rng.integers(10_000, 200_001, accounts) * 100,
        workload=rng.integers(1, 10, accounts) * 100,
        extra={"employees": rng.integers(1, 500, accounts)},
    )
    seats = Reps(
        id=tuple(f"R{j}" for j in range(reps)),
        name=tuple(f"Seat {j}" for j in range(reps)),
        levels={
            "region": ("West",) * reps,
            "district": tuple("North" if j % 2 == 0 else "South" for j in range(reps)),
        },
        latitude=np.full(reps, 40.0),
        longitude=-100 + 2.0 * np.arange(reps),
        serves=(frozenset(),) * reps,
        slots=np.full(reps, -1, dtype=np.int64),
        history=rng.integers(200_000, 900_000, reps) * 100,
    )
    spells = Spells(
        id=tuple(f"P{j}" for j in range(reps)),
        person=tuple(f"P{j}" for j in range(reps)),
        rep=np.arange(reps, dtype=np.int64),
        start=np.full(reps, np.datetime64(f"{year - 3}-01-01", "D")),
        end=np.full(reps, np.datetime64("NaT", "D")),
        plan=("AE",) * reps,
        salary=np.full(reps, 8_000_000, dtype=np.int64),
        target_incentive=np.full(reps, 8_000_000, dtype=np.int64),
    )
    catalogue = Products(
        id=tuple(f"S{k}" for k in range(products)),
        name=tuple(f"Product {k}" for k in range(products)),
        price=np.full(products, 1_000_000, dtype=np.int64),
    )
    plan = calendar(CalendarSpec(year=year))
    return Inputs(plan, "USD", who, seats, spells, catalogue, no_opportunities(), no_opportunities())


def with_spells(inputs: Inputs, **changes: object) -> Inputs:
    """The same world with other spells."""
    return replace(inputs, spells=replace(inputs.spells, **changes))
