"""Headline: the handful of figures a planner and a finance analyst look at first, computed from the tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np

from engine.proof import Solve
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = {"p05": 0.05, "p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}


@dataclass(frozen=True)
class Spread:
    """A simulated figure: its 10 %, 50 % and 90 % quantiles, in currency units; NaN where it is missing."""

    p10: float = nan
    p50: float = nan
    p90: float = nan

    @property
    def known(self) -> bool:
        """Whether there is a figure at all."""
        return isfinite(self.p50)


@dataclass(frozen=True)
class TieOut:
    """Whether the quotas add up: street quota, what the hierarchy demanded, and how many nodes differ."""

    street: float
    nodes: int
    differing: int


def goal(view: View) -> float:
    """Return the company's goal for the plan, before over-assignment; NaN without one."""
    return float(view.frame("goals")["goal"].sum()) if view.has("goals") else nan


def bookings(view: View) -> Spread:
    """Return the bookings of the whole plan on the measure of the quotas."""
    row = year_row(view)
    return Spread() if row is None else Spread(float(row["p10"]), float(row["p50"]), float(row["p90"]))


def year_row(view: View) -> pd.Series[float] | None:
    """Return the row of `bookings` for the whole plan: the last cumulative period of the quotas' measure."""
    if not view.has("bookings"):
        return None
    frame = view.frame("bookings")
    rows = frame[(frame["basis"] == "cumulative") & (frame["measure"] == view.report.measure)]
    return None if rows.empty else rows.iloc[-1]


def goal_probability(view: View) -> tuple[float, bool]:
    """Return P(bookings reach the goal), and whether it is counted over replications rather than estimated.

    The estimate reads the share below the goal off the line through the quantiles, and stays within 0.05 to
    0.95, beyond which they say nothing.
    """
    if view.report.goal_probability is not None:
        return view.report.goal_probability, True
    row, target = year_row(view), goal(view)
    if row is None or not isfinite(target):
        return nan, False
    values = np.array([float(row[name]) for name in QUANTILES])
    below = np.interp(target, values, list(QUANTILES.values()))
    return float(1 - below), False


def cost(view: View, figure: str = "total") -> Spread:
    """Return the comp cost of the whole plan over all plans."""
    if not view.has("cost"):
        return Spread()
    frame = view.frame("cost")
    rows = frame[(frame["plan"] == "all") & (frame["period"] == "year") & (frame["figure"] == figure)]
    if rows.empty:
        return Spread()
    return Spread(float(rows["p10"].iloc[0]), float(rows["p50"].iloc[0]), float(rows["p90"].iloc[0]))


def alignment_solve(view: View) -> Solve | None:
    """Return the first solve of the territory stage, which speaks of the whole alignment; None without one.

    Solves of parts that do not touch each other follow it.
    """
    whole = next((solve for solve in view.report.solves if solve.stage.startswith("territor")), None)
    return None if whole is None else in_currency(view, whole)


def in_currency(view: View, solve: Solve) -> Solve:
    """Return a solve whose money is in currency units; others as they are."""
    if solve.unit != "minor units":
        return solve
    return replace(
        solve, objective=solve.objective / view.minor, bound=solve.bound / view.minor, unit=view.currency
    )


def moved(view: View) -> tuple[int, int, float, float]:
    """Return accounts moved, accounts in all, and their potential in currency units, moved and in all."""
    if not view.has("alignment"):
        return 0, 0, 0.0, 0.0
    frame = view.frame("alignment")
    gone = frame["moved"].astype(bool)
    potential = frame["potential"]
    return int(gone.sum()), len(frame), float(potential[gone].sum()), float(potential.sum())


def _counted(view: View, quotas: pd.DataFrame) -> pd.DataFrame:
    """Return the quotas that count towards the company's goal: all but those of overlay teams."""
    if not view.has("quota_teams"):
        return quotas
    teams, seats = view.frame("quota_teams"), view.frame("quota_reps")
    overlays = seats.loc[seats["team"].isin(teams.loc[~teams["counts"].astype(bool), "team"]), "rep"]
    return quotas[~quotas["rep"].isin(overlays)]


def tie_out(view: View) -> TieOut | None:
    """Return how the quotas add up; exact, in minor units, on the tables as they are published."""
    if not view.has("quotas"):
        return None
    quotas = view.table("quotas")
    levels = view.table("quota_levels")
    assert quotas is not None
    street = int(_counted(view, quotas.frame)["quota"].sum())
    if levels is None or levels.frame.empty:
        return TieOut(street / view.minor, 0, 0)
    frame = levels.frame.dropna(subset=["target", "quota"])
    off = frame["target"] + frame["relief"] != frame["quota"]
    return TieOut(street / view.minor, len(frame), int(off.sum()))
