"""Fits: blocks of a pipeline from counts of the data, rounded so that they can be written as YAML."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from engine.calendar import DateArray
from engine.inputs import FloatArray
from engine.pipeline.competing_risks import Incidence
from engine.pipeline.laws.empirical import Empirical
from engine.pipeline.laws.lognormal import Lognormal
from engine.pipeline.spec import Stage

_KNOTS = 120
_VALUES = 200


_MONTH = np.timedelta64(1, "M")


def ratio(value: float) -> Decimal:
    """Return a share with six decimals."""
    return Decimal(f"{value:.6f}")


def stage_of(name: str, shares: Incidence, give_up: int, knots: int = _KNOTS) -> Stage:
    """Return a single stage: won with the cumulative incidence of wins, else lost.

    Deals that outlive every observed close are lost, evenly between that age and `give_up`.
    """
    age = np.arange(len(shares.won), dtype=np.float64) + 0.5
    lost, ages = shares.lost, age
    if shares.undecided > 0:
        lost = np.append(lost, 1.0 - shares.won[-1])
        ages = np.append(age, max(float(give_up), age[-1]))
    on = days_law(age, shares.won, knots) if shares.won[-1] > 0 else days_law(ages, lost, knots)
    off = days_law(ages, lost, knots) if lost[-1] > 0 else on
    return Stage(name=name, advance=ratio(float(shares.won[-1])), duration=on, duration_lost=off)


def days_law(age: FloatArray, incidence: FloatArray, knots: int = _KNOTS) -> Empirical:
    """Return the quantiles of days from an incidence that is reached half a day after each whole age."""
    level = incidence / incidence[-1]
    wanted = np.searchsorted(level, np.arange(1, knots + 1) / knots - 1e-12)
    first = int(np.flatnonzero(incidence)[0])
    # The jump after a gap in the closes needs a knot on either side of it.
    ends = sorted({first, *wanted.tolist(), *(at - 1 for at in wanted.tolist() if at > first)})
    values = [float(age[first - 1]) if first else 0.0, *(float(age[at]) for at in ends)]
    levels = [Decimal(0), *(ratio(float(level[at])) for at in ends)]
    levels[-1] = Decimal(1)
    return Empirical(values=tuple(values), at=tuple(levels))


def size_law(amounts: FloatArray, law: str) -> Empirical | Lognormal:
    """Return the law of amounts in currency units.

    Empirical: the amounts themselves; of more than 200, the means of 200 groups of neighbours, which keep the mean.
    """
    mean = float(amounts.mean())
    if law == "lognormal" and len(amounts) > 1 and amounts.std() > 0:
        return Lognormal(mean=round(mean, 2), cv=ratio(float(amounts.std(ddof=1)) / mean))
    groups = np.array_split(np.sort(amounts), min(len(amounts), _VALUES))
    return Empirical(values=tuple(round(float(group.mean()), 2) for group in groups))


def month_weights(days: DateArray, since: np.datetime64, until: np.datetime64) -> tuple[float, ...]:
    """Return the weight of each calendar month from events in the whole months of [since, until).

    A month's weight is its events per day of it under observation times its usual number of days, over their mean.
    """
    first, end = since.astype("datetime64[M]"), until.astype("datetime64[M]")
    if first.astype("datetime64[D]") < since:
        first += _MONTH
    months = np.arange(first, end)
    lengths = (months + _MONTH).astype("datetime64[D]") - months.astype("datetime64[D]")
    which = months.astype(np.int64) % 12
    observed = np.bincount(which, lengths.astype(np.float64), minlength=12)
    if not np.all(observed > 0):
        return ()
    when = days.astype("datetime64[M]")
    inside = when[(when >= first) & (when < end)].astype(np.int64) % 12
    usual = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    weights = np.bincount(inside, minlength=12) / observed * usual
    return tuple(round(float(weight), 4) for weight in weights / max(float(weights.mean()), 1e-12))
