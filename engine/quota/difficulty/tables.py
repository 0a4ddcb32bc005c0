"""Tables of difficulty: the chance of each seat, as simulated and on fresh replications, and what was promised."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.columns import Column, Table
from engine.estimates import mean_of, wilson
from engine.inputs import Inputs, IntArray
from engine.quota.difficulty.equal import Equal
from engine.quota.difficulty.ranking import reached

if TYPE_CHECKING:
    import pandas as pd

DIFFICULTY = (
    Column("rep", "text", "Seat."),
    Column("quota", "money", "Quota for the whole plan."),
    Column(
        "chance",
        "ratio",
        "Share of the simulated replications in which the credit reaches the quota; blank for none.",
    ),
    Column("low", "ratio", "Lower end of its 95 % interval (Wilson)."),
    Column("high", "ratio", "Upper end of its 95 % interval."),
    Column(
        "fresh",
        "ratio",
        "The same share of fresh replications with parameters drawn anew; blank where none were made.",
    ),
    Column("fresh_low", "ratio", "Lower end of its 95 % interval (Wilson)."),
    Column("fresh_high", "ratio", "Upper end of its 95 % interval."),
    Column(
        "held_by", "text", "Bound that keeps the chance away from that of the others; blank where none does."
    ),
)
LEVELS = (
    Column("team", "text", "Team whose goal was shared out; blank without teams."),
    Column("level", "whole", "1 for all seats whose quota is a choice; each further one leaves some behind."),
    Column("seats", "whole", "Seats that are still made equal."),
    Column("left", "whole", "Seats that limits or sums hold away from them, so that they were left behind."),
    Column("lowest", "ratio", "Lowest chance of these seats; blank where none is left."),
    Column("highest", "ratio", "Highest chance."),
    Column("range", "ratio", "Highest less lowest."),
    Column("bound", "ratio", "Proven: no quotas within the limits have a smaller range."),
)
BY_PRODUCT = (
    Column("rep", "text", "Seat."),
    Column("product", "text", "Product."),
    Column("quota", "money", "Quota of the seat in the product for the whole plan."),
    Column(
        "chance",
        "ratio",
        "Share of the simulated replications in which the credit in the product reaches it; blank for no quota.",
    ),
    *DIFFICULTY[3:8],
)
PROMISES = (
    Column("promise", "text", "What is promised of the quotas."),
    Column("asked", "ratio", "What the scenario asks for; blank where it does not."),
    Column("simulated", "ratio", "On the simulated replications."),
    Column("fresh", "ratio", "On fresh replications with parameters drawn anew; blank where none were made."),
    Column("fresh_low", "ratio", "Lower end of its 95 % interval; blank where there is none."),
    Column("fresh_high", "ratio", "Upper end of its 95 % interval."),
)


def difficulty(
    inputs: Inputs, quota: IntArray, credit: IntArray, fresh: IntArray | None, equal: Equal | None
) -> Table:
    """Return quota_difficulty.

    Args:
        inputs: the tables.
        quota: of each seat, minor units, shape (rep,).
        credit: simulated, shape (replication, rep).
        fresh: the same of fresh replications; None without.
        equal: what held chances apart; None where nothing was made equal.

    """
    sides = [_chances(credit, quota)]
    sides.append(
        _chances(fresh, quota) if fresh is not None and len(fresh) else [(nan, nan, nan)] * len(quota)
    )
    rows = [
        (name, int(quota[seat]), *sides[0][seat], *sides[1][seat], equal.held[seat] if equal else "")
        for seat, name in enumerate(inputs.reps.id)
    ]
    return Table("quota_difficulty", DIFFICULTY, _frame(DIFFICULTY, rows), "How hard each quota is to reach.")


def _chances(credit: IntArray, quota: IntArray) -> list[tuple[float, float, float]]:
    """Return the chance of each seat and its interval; blank for a seat that carries nothing."""
    trials = len(credit)
    return [
        (hits / trials, *wilson(int(hits), trials)) if quota[seat] > 0 else (nan, nan, nan)
        for seat, hits in enumerate(reached(credit, quota))
    ]


def by_product(inputs: Inputs, quota: IntArray, credit: IntArray, fresh: IntArray | None) -> Table:
    """Return product_difficulty.

    Args:
        inputs: the tables.
        quota: of each seat and product, minor units, shape (rep, product).
        credit: simulated, shape (replication, rep, product).
        fresh: the same of fresh replications; None without.

    """
    rows: list[tuple[Any, ...]] = []
    none = [(nan, nan, nan)] * len(quota)
    for product, name in enumerate(inputs.products.id):
        own = quota[:, product]
        here = _chances(credit[:, :, product], own)
        there = none if fresh is None else _chances(fresh[:, :, product], own)
        rows += [
            (rep, name, int(own[seat]), *here[seat], *there[seat]) for seat, rep in enumerate(inputs.reps.id)
        ]
    meaning = "How hard the quota of each seat in each product is to reach."
    return Table("product_difficulty", BY_PRODUCT, _frame(BY_PRODUCT, rows), meaning)


def levels(equal: Equal) -> Table:
    """Return quota_difficulty_levels: how the seats were made equal, level by level."""
    rows: list[tuple[Any, ...]] = []
    for team in dict.fromkeys(told.team for told in equal.levels):
        own = [told for told in equal.levels if told.team == team]
        for number, told in enumerate(own, start=1):
            left = own[0].seats - told.seats
            ends = (told.lowest, told.highest, told.apart)
            rows.append((team, number, told.seats, left, *ends, told.bound))
    meaning = "How alike the chances are, worst first: with every level some seats are left behind."
    return Table("quota_difficulty_levels", LEVELS, _frame(LEVELS, rows), meaning)


def promises(
    quota: IntArray, credit: IntArray, fresh: IntArray | None, goal: int, asked: tuple[float, float]
) -> Table:
    """Return quota_promises; `asked` are the share of seats at or above quota and the chance of the goal, or NaN."""
    rows: list[tuple[Any, ...]] = []
    some = fresh is not None and len(fresh) > 0
    carried = quota > 0
    for name, wanted, value in (
        ("share of seats at or above quota, mean", asked[0], _share),
        ("company's credit reaches the goal", asked[1], _covers),
    ):
        here = value(credit, quota, goal)
        line = (nan, nan, nan)
        if some and fresh is not None:
            there = value(fresh, quota, goal)
            line = tuple(mean_of(there, 0.95)) if name.startswith("share") else _shares(there)  # type: ignore[assignment]
        rows.append((name, wanted, float(here.mean()), *line))
    for name, figure in (("range of chances", np.ptp), ("standard deviation of chances", np.std)):
        sides = [
            float(figure(reached(one, quota)[carried] / len(one)))
            if one is not None and len(one) and carried.any()
            else nan
            for one in (credit, fresh)
        ]
        rows.append((name, nan, *sides, nan, nan))
    return Table(
        "quota_promises",
        PROMISES,
        _frame(PROMISES, rows),
        "What the quotas promise, and what fresh replications say.",
    )


def _share(credit: IntArray, quota: IntArray, goal: int) -> np.ndarray[Any, Any]:
    carried = quota > 0
    return (
        np.asarray((credit[:, carried] >= quota[carried]).mean(axis=1))
        if carried.any()
        else np.zeros(len(credit))
    )


def _covers(credit: IntArray, quota: IntArray, goal: int) -> np.ndarray[Any, Any]:
    return np.asarray(credit.sum(axis=1) >= goal, dtype=np.float64)


def _shares(hits: np.ndarray[Any, Any]) -> tuple[float, float, float]:
    return (float(hits.mean()), *wilson(int(hits.sum()), len(hits)))


def _frame(columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    kinds: dict[str, Any] = {"money": np.int64, "whole": np.int64, "ratio": np.float64, "text": object}
    return pd.DataFrame(
        {
            column.name: np.array([row[place] for row in rows], dtype=kinds[column.type])
            for place, column in enumerate(columns)
        }
    )
