"""Small models whose answers can be followed by hand, and two that no solver finishes within a test."""

from __future__ import annotations

from math import inf

import numpy as np

from solvers.model import Model


def change() -> Model:
    """Pay at most 11 with coins of 2, 3 and 4 worth -1, -2 and -3: the best is -8, by 3 + 4 + 4."""
    model = Model()
    coins = model.add_columns("coins", 3, cost=[-1, -2, -3], upper=5)
    model.add_rows("purse", [0, 0, 0], coins, [2, 3, 4], count=1, upper=11)
    return model


def mix() -> Model:
    """An LP: 2 a + b >= 4, a + 3 b >= 6 at cost a + b, so a = 1.2, b = 1.6 and the best is 2.8 (+ 10)."""
    model = Model()
    parts = model.add_columns("parts", 2, cost=1, upper=inf, integer=False)
    model.add_rows("need", [0, 0, 1, 1], [*parts, *parts], [2, 1, 1, 3], count=2, lower=[4, 6])
    model.offset = 10.0
    return model


def parity() -> Model:
    """2 a - 2 b = 1 over whole numbers 0 to 10: the LP has answers, the MIP has none."""
    model = Model()
    pair = model.add_columns("pair", 2, cost=1, upper=10)
    model.add_rows("parity", [0, 0], pair, [2, -2], count=1, lower=1, upper=1)
    return model


def seats(load: tuple[int, ...] = (5, 4, 3), most: int = 3) -> Model:
    """Three accounts, each to one of two seats, and at most `most` hours a seat."""
    model = Model()
    n = len(load)
    assign = model.add_columns("assign", 2 * n, cost=np.arange(2 * n))
    account, seat = np.repeat(np.arange(n), 2), np.tile([0, 1], n)
    model.add_rows("coverage", account, assign, count=n, lower=1, upper=1, labels=[f"A{i}" for i in range(n)])
    hours = np.repeat(load, 2)
    model.add_rows("workload", seat, assign, hours, count=2, upper=most, labels=["rep_01", "rep_02"])
    return model


def false_infeasible() -> Model:
    """The published model on which the CBC of PuLP answers Infeasible; x = (1, 1, 1), c = 0 costs nothing."""
    model = Model()
    c = model.add_columns("c", 2, cost=1)
    x = model.add_columns("x", 3)
    model.add_rows("a", [0, 0], [x[0], c[1]], count=1, lower=1, upper=1)
    model.add_rows("b", [0, 0], [x[0], c[0]], count=1, lower=1)
    model.add_rows("d", [0, 0], [x[1], c[1]], count=1, upper=1)
    model.add_rows("e", [0, 0], c, count=1, upper=1)
    model.add_rows("f", [0], [x[2]], count=1, lower=1, upper=1)
    model.add_rows("g", [0, 0, 0], [x[1], x[2], c[1]], [9000, 7200, 10800], count=1, lower=16200)
    return model


def market_split(rows: int = 5, columns: int = 50, seed: int = 1) -> Model:
    """Half of each row exactly: no incumbent is found, and nothing is proved, for hours."""
    draws = np.random.default_rng(seed).integers(0, 100, (rows, columns))
    model = Model()
    x = model.add_columns("x", columns)
    half = draws.sum(axis=1) // 2
    where = np.repeat(np.arange(rows), columns)
    model.add_rows("half", where, np.tile(x, rows), draws.ravel(), count=rows, lower=half, upper=half)
    return model


def knapsack(rows: int = 12, columns: int = 120, seed: int = 1) -> Model:
    """A knapsack in many dimensions: incumbents at once, the proof not within an hour."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(10, 1000, (rows, columns))
    model = Model()
    x = model.add_columns("x", columns, cost=-(weight.mean(axis=0) + rng.integers(0, 500, columns)))
    where = np.repeat(np.arange(rows), columns)
    model.add_rows("room", where, np.tile(x, rows), weight.ravel(), count=rows, upper=weight.sum(axis=1) // 2)
    return model
