"""Steadiness: whether deals of an age leave a stage as often now as they did before.

The laws of a stage go by age alone, so that over the whole window they expect as many exits as there were. Month by
month they need not: with the hazard h(a) = d(a) / n(a) of Nelson and Aalen, the deals under observation are expected to
leave E = sum of h over the days of age that they spend in the month. Where open deals pile up, E runs away from what
leaves, and a forecast from the open pipeline will be as wrong as the last months were.
"""

from __future__ import annotations

import numpy as np

from engine.calendar import DateArray
from engine.calibration.found import Curve, Found
from engine.calibration.visits import Visits
from engine.inputs import FloatArray
from engine.pipeline.export import DAY, days

_LAST = 3
"""Months that are held to the fit: a quarter, so that its months weigh out."""
_FEWEST = 6
"""Months below which nothing is told from chance."""
_SURE = 4.0
"""Standard errors between counted and expected beyond which that is said."""


def tell_steadiness(visits: Visits, today: np.datetime64, found: Found) -> None:
    """Draw the exits of each month against those that the ages of deals let expect, and warn where they part."""
    left = visits.how >= 0
    first, last = visits.left[left].min().astype("datetime64[M]"), (today - DAY).astype("datetime64[M]")
    months = np.arange(first, last + 1)
    if len(months) < _FEWEST:
        return
    counted = np.bincount(
        (visits.left[left].astype("datetime64[M]") - first).astype(np.int64), minlength=len(months)
    ).astype(np.float64)
    expected = _expected(visits, months)
    found.curves.append(
        Curve(
            visits.stage, f"{visits.stage}: deals that leave it by month", np.arange(len(months), dtype=np.float64),
            (("counted", counted), ("fitted by age", expected)), "month", "deals", tuple(months.astype(str).tolist()),
        )
    )  # fmt: skip
    seen, fitted = float(counted[-_LAST:].sum()), float(expected[-_LAST:].sum())
    if abs(seen - fitted) <= _SURE * float(np.sqrt(max(fitted, 1.0))):
        return
    more = "less" if seen < fitted else "more"
    wrong = "high" if seen < fitted else "low"
    found.warn(
        visits.stage,
        f"{seen:,.0f} deals left it in the last {_LAST} months, {abs(seen / fitted - 1):.0%} {more} than deals of "
        f"their age did over the whole history: a forecast from the open deals will be too {wrong} if that lasts.",
        "Hold it by a back-test against an estimate with leads_from: closes, or take a history that begins later.",
    )


def _expected(visits: Visits, months: DateArray) -> FloatArray:
    """Return the exits that ages let expect in each month, shape (month,)."""
    age = days(visits.left - visits.entered)
    ages = int(age.max()) + 1
    begun = np.cumsum(np.bincount(visits.entry, minlength=ages)[:ages])
    at_risk = begun - np.append(0, np.cumsum(np.bincount(age, minlength=ages))[:-1])
    hazard = np.bincount(age[visits.how >= 0], minlength=ages) / np.maximum(at_risk, 1)
    total = np.append(0.0, np.cumsum(hazard))

    def until(day: np.datetime64) -> FloatArray:
        """Hazard that each visit went through before a day."""
        reached = np.clip(days(day - visits.entered), visits.entry, age + 1)
        return np.asarray(total[reached], dtype=np.float64)

    edges = np.append(months, months[-1] + 1).astype("datetime64[D]")
    return np.diff([float(until(day).sum()) for day in edges])
