"""The tests of fairness of a run, computed anew from what else the folder says of its seats.

Shares at quota, groups, capacity, reach, potential and ratchet follow from quotas, chances, means, potential and last
year's bookings. Gini, back-test, size, growth and the spread of chances need single replications, which no folder
holds: of these, as of all, interval, limits and verdict are held to each other and to the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import inf, isnan, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.amounts import decimals

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import BoolArray, FloatArray, Inputs
    from engine.scenario import Scenario

    Frames = Mapping[str, pd.DataFrame]
    Row = Mapping[Any, Any]

CLOSE = 1e-6
LOOKED_AT = 5_000_000
"""Replications x seats beyond which the tests look at the first replications alone, so that shares differ."""
NORMAL = 1.959963984540054
"""Quantile of the normal law at 97.5 %."""


@dataclass(frozen=True)
class Seats:
    """What the folder says of the seats that carry a quota, shape (seat,)."""

    quota: FloatArray
    potential: FloatArray
    history: FloatArray
    last_quota: FloatArray
    mean: FloatArray
    chance: FloatArray
    """NaN where no table tells it."""
    levels: Mapping[str, tuple[str, ...]]
    replications: int

    def rows(self, by: str, group: str) -> BoolArray | None:
        """Return the seats of a group; None for one that is not made by a level."""
        if by == "all":
            return np.ones(len(self.quota), dtype=np.bool_)
        if by not in self.levels:
            return None
        return np.array([name == group for name in self.levels[by]], dtype=np.bool_)


def run_fairness_faults(inputs: Inputs, scenario: Scenario, tables: Frames) -> Iterator[str]:
    """Yield where the table `fairness` of a run contradicts its other tables, itself or the scenario."""
    if "fairness" not in tables:
        return
    seats = None
    if not any(team.overlay for team in scenario.quotas.teams.values()):
        seats = _seats(inputs, scenario, tables)
    for row in tables["fairness"].to_dict("records"):
        place = f"fairness, {row['figure']}" + (f" of {row['by']} {row['group']}" if row["group"] else "")
        yield from (f"{place}: {text}" for text in _itself(row, scenario))
        if seats is None:
            continue
        mine = seats.rows(row["by"], row["group"])
        if mine is not None:
            yield from (f"{place}: {text}" for text in _anew(row, seats, mine, scenario))


def _seats(inputs: Inputs, scenario: Scenario, tables: Frames) -> Seats:
    names, spec = list(inputs.reps.id), scenario.quotas
    total = tables["quotas"].groupby("rep")["quota"].sum().reindex(names).to_numpy(np.float64)
    reps = tables["quota_reps"].drop_duplicates("rep").set_index("rep").reindex(names)
    expected = tables["bookings_by_rep"]
    mean = expected[expected["measure"] == spec.measure].set_index("rep")["mean"].reindex(names)
    scale = 1 if scenario.measures[spec.measure].quantity == "count" else 10 ** decimals(inputs.currency)
    chance = np.full(len(names), np.nan)
    for table, column in (("attainment", "p_quota"), ("quota_difficulty", "chance")):
        if table in tables:
            chance = tables[table].set_index("rep")[column].reindex(names).to_numpy(np.float64)
    count = int(tables["replications"]["replication"].nunique())
    if count * len(names) > LOOKED_AT:
        chance = np.full(len(names), np.nan)
    last = inputs.reps.extra.get("last_quota")
    kept = total > 0
    return Seats(
        total[kept], reps["potential"].to_numpy(np.float64)[kept], reps["history"].to_numpy(np.float64)[kept],
        np.full(int(kept.sum()), np.nan) if last is None else np.asarray(last, dtype=np.float64)[kept],
        mean.to_numpy(np.float64)[kept] * scale, chance[kept],
        {level: tuple(np.array(nodes, dtype=object)[kept]) for level, nodes in inputs.reps.levels.items()},
        count,
    )  # fmt: skip


def _itself(row: Row, scenario: Scenario) -> Iterator[str]:
    """Yield where value, interval, limits and verdict do not go together, or limits are not the scenario's."""
    value, ends = row["value"], (row["low"], row["high"])
    known = not any(isnan(end) for end in ends)
    if known and not ends[0] - CLOSE <= value <= ends[1] + CLOSE:
        yield f"{value:.6g} does not lie between {ends[0]:.6g} and {ends[1]:.6g}"
    told = (
        -inf if isnan(row["at_least"]) else row["at_least"],
        inf if isnan(row["at_most"]) else row["at_most"],
    )
    asked = _limits(row, scenario)
    if asked != told:
        yield f"its limits are told as {told}, and the scenario says {asked}"
    if told == (-inf, inf):
        expected = "told"
    else:
        low, high = ends if known else (value, value)
        inside, outside = told[0] <= low and high <= told[1], high < told[0] or low > told[1]
        expected = "pass" if inside else "fail" if outside else "unclear"
    if row["verdict"] != expected and not isnan(value):
        yield f"the verdict is {row['verdict']}, and interval and limits make it {expected}"


def _limits(row: Row, scenario: Scenario) -> tuple[float, float]:
    spec = scenario.quotas.fairness
    most: dict[str, Decimal | int] = {
        "misplaced quota": spec.misplaced, "spread of chances": spec.difficulty, "Gini coefficient": spec.gini,
        "ratchet up": spec.ratchet, "beyond potential": 0, "out of reach": 0,
    }  # fmt: skip
    apart = {
        "at quota against others": spec.apart, "effect of growth asked": spec.per_doubling,
        "effect of potential": spec.per_doubling, "effect of volume": spec.per_doubling,
    }  # fmt: skip
    figure = row["figure"]
    if figure in most:
        return -inf, float(most[figure])
    if figure in apart:
        return -float(apart[figure]), float(apart[figure])
    if figure == "growth and attainment":
        return 0.0, inf
    return {"at 100 %": spec.at_quota.ends, "capacity": spec.capacity.ends}.get(figure, (-inf, inf))


def _anew(row: Row, seats: Seats, mine: BoolArray, scenario: Scenario) -> Iterator[str]:
    """Yield where a figure is not what the seats make of it."""
    if int(row["seats"]) != int(mine.sum()):
        yield f"{row['seats']} seats are told, and {int(mine.sum())} carry a quota"
    figure, value, chance = row["figure"], float(row["value"]), seats.chance
    expected = float("nan")
    if figure == "capacity":
        expected = float(seats.mean[mine].sum() / seats.quota[mine].sum())
    elif figure == "beyond potential":
        known = mine & (seats.potential > 0)
        expected = float((seats.quota[known] > seats.potential[known]).mean())
    elif figure == "at 100 %":
        expected = float(chance[mine].mean())
    elif figure == "at quota against others":
        expected = float(chance[mine].mean() - chance[~mine].mean())
    elif figure == "out of reach" and not np.isnan(chance[mine]).any():
        reach = float(scenario.quotas.fairness.within_reach)
        expected = float((_upper(chance[mine], seats.replications) < reach).mean())
    elif figure == "ratchet up":
        expected = _ratchet(seats, mine)
    if not isnan(expected) and abs(expected - value) > CLOSE * max(1.0, abs(expected)):
        yield f"{value:.6g} is told, and the seats make it {expected:.6g}"


def _upper(share: FloatArray, count: int) -> FloatArray:
    """Return the upper end of Wilson's 95 % interval."""
    square = NORMAL * NORMAL
    spread = np.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return np.asarray((share + square / (2 * count) + NORMAL * spread) / (1 + square / count))


def _ratchet(seats: Seats, mine: BoolArray) -> float:
    """Return the slope of log(quota / base) on years better than the middle one, by normal equations."""
    base = seats.last_quota if (mine & (seats.last_quota > 0)).sum() >= 8 else seats.potential
    known = mine & (seats.history > 0) & (base > 0)
    x = np.log(seats.history[known] / base[known])
    x -= np.median(x)
    columns = np.stack([np.ones_like(x), np.maximum(x, 0), np.minimum(x, 0)])
    return float(
        np.linalg.lstsq(columns.T, np.log(seats.quota[known] / base[known]), rcond=sqrt(1e-24))[0][1]
    )
