"""Estimate from closes alone: how many deals are decided in each month of the quarter, and how many are won.

Deals are counted on the day on which they are won or lost, and their past is not looked at. That is less than to follow
them from their creation, and it is more dependable where an export piles up deals that never close: there the open
pipeline grows, and the closes do not.

Months are taken together by their place in the quarter. With c closes a month on average, k such months and a variance
v of the rate between months beyond chance, a further month has the relative variance v + (v + 1/c) / k besides its own
chance.

How months of one place differ gives an estimate of v by moments, with a standard error that is large where there are
few months. To cut it off at 0 would say that the rate never changes, only because some months happened to agree. Taken
is the mean of what v can be: of a normal distribution with that mean and standard error, on v >= 0.

The rule is held to drawn companies, whose v is known (`tests/pipeline/test_closes.py`): with four to nine months of
history and rates that vary by 0 to 20 %, the 80 % interval of a further month holds 81 % of them, and 75 % if v is cut
off at 0. It is no cure: with 20 % and four months it holds 64 %, with none and four 96 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.calendar import Calendar
from engine.errors import BadInput, Fault
from engine.inputs import FloatArray, IntArray
from engine.pipeline.export import Export
from engine.pipeline.fits import ratio
from engine.pipeline.laws.fixed import Fixed
from engine.pipeline.spec import Arrivals, Case, Seasonality, Stage

_MONTH = np.timedelta64(1, "M")
PLACES = 3
"""Months of a quarter."""


@dataclass(frozen=True)
class Closes:
    """Closed and won deals of whole months."""

    place: IntArray
    """Place of each month in its quarter, shape (month,)."""
    closed: FloatArray
    """Deals closed in it."""
    won: FloatArray
    by_calendar: IntArray
    """Place in the quarter of each calendar month, January first, shape (12,)."""

    @classmethod
    def of(cls, export: Export) -> Closes:
        """Count the closes of the whole months of the window.

        Raises:
            BadInput: there is no whole month, or the periods of the plan are not months.

        """
        since, plan = export.window[0], export.inputs.calendar
        first, end = since.astype("datetime64[M]"), export.today.astype("datetime64[M]")
        if first.astype("datetime64[D]") < since:
            first += _MONTH
        _refuse_unusable(plan, int((end - first).astype(int)), since)
        months, when, outcome = np.arange(first, end), export.closed.astype("datetime64[M]"), export.outcome
        inside = (outcome >= 0) & (when >= first) & (when < end)
        at = (when[inside] - first).astype(np.int64)
        quarter = plan.start.astype("datetime64[M]").astype(np.int64) - plan.into_quarter
        return cls(
            (months.astype(np.int64) - quarter) % PLACES,
            np.bincount(at, minlength=len(months)).astype(np.float64),
            np.bincount(at[outcome[inside] == 1], minlength=len(months)).astype(np.float64),
            (np.arange(12) - quarter) % PLACES,
        )

    def by_place(self, counts: FloatArray) -> FloatArray:
        """Return the mean count of a month by its place; that of all months for a place without one."""
        months = np.bincount(self.place, minlength=PLACES)
        total = np.bincount(self.place, counts, minlength=PLACES)
        return np.where(months > 0, total / np.maximum(months, 1), counts.mean())

    @property
    def rate(self) -> FloatArray:
        """Closes expected in a month, by its place in the quarter."""
        return self.by_place(self.closed)

    @property
    def chance(self) -> FloatArray:
        """Share of the closes of a month that are won, by its place in the quarter."""
        return self.by_place(self.won) / np.maximum(self.rate, 1e-12)

    @property
    def rate_error(self) -> float:
        """Standard deviation of the rate of a further month over its estimate, averaged over places."""
        rate, months = self.rate, np.maximum(np.bincount(self.place, minlength=PLACES), 1)
        between = self._between(rate, months - 1)
        return float(np.sqrt(np.mean(between + (between + 1 / np.maximum(rate, 1.0)) / months)))

    def _between(self, rate: FloatArray, free: IntArray) -> float:
        """Return the variance of the rate between months of one place; 0 where no place has two months."""
        from scipy.special import ndtr

        if not (free * rate).any():
            return 0.0
        found, error = self._moments(rate, free)
        at = found / error
        density = float(np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi))
        return found + error * density / float(ndtr(at))

    def _moments(self, rate: FloatArray, free: IntArray) -> tuple[float, float]:
        """Return the estimate of that variance by moments, which may lie below 0, and its standard error."""
        square = float((free * rate**2).sum())
        left = float(((self.closed - rate[self.place]) ** 2).sum())
        found = (left - float((free * rate).sum())) / square
        return found, float(np.sqrt(2 * (free * (rate + max(found, 0.0) * rate**2) ** 2).sum())) / square

    @property
    def odds_error(self) -> float:
        """Standard error of the log-odds to win, averaged over places."""
        seen = np.maximum(np.bincount(self.place, minlength=PLACES), 1)
        won, lost = self.rate * self.chance * seen, self.rate * (1 - self.chance) * seen
        return float(np.sqrt(np.mean(1 / np.maximum(won, 1.0) + 1 / np.maximum(lost, 1.0))))

    def filled(self, name: str, notes: list[str]) -> dict[str, object]:
        """Return arrivals, their seasonality and the one stage, with a case for each month of the quarter."""
        rate, chance = self.rate, self.chance
        monthly = rate[self.by_calendar]
        cases = tuple(
            Case(months_of_quarter=(place + 1,), advance=ratio(float(chance[place])))
            for place in range(PLACES)
        )
        told = ", ".join(f"{c:,.0f} ({p:.1%} won)" for c, p in zip(rate, chance, strict=True))
        notes.append(
            f"Closes of a month by its place in the quarter: {told}, from {len(self.place)} whole months; "
            "open deals are ignored."
        )
        if len(set(self.place.tolist())) < PLACES:
            notes.append(
                "Some month of the quarter has not been seen: it is taken as the mean of the others."
            )
        share = float(self.won.sum() / max(self.closed.sum(), 1.0))
        return {
            "arrivals": Arrivals(leads=round(float(monthly.sum()), 2), spread="history"),
            "seasonality": Seasonality(months=tuple(round(float(month), 4) for month in monthly)),
            "stages": (Stage(name=name, advance=ratio(share), duration=Fixed(value=0), cases=cases),),
        }


def _refuse_unusable(plan: Calendar, months: int, since: np.datetime64) -> None:
    faults = []
    if months < 1:
        hint = "Begin the plan later, or estimate from created dates."
        faults.append(("E_ESTIMATE", f"no whole month of closes since {since}", hint))
    starts = plan.edges[:-1].astype("datetime64[D]")
    if np.any(starts != starts.astype("datetime64[M]").astype("datetime64[D]")):
        message = "closes are estimated by month of the quarter, and the periods of the plan are not months"
        faults.append(("E_ESTIMATE", message, "Estimate from created dates (leads_from: created)."))
    if faults:
        raise BadInput([Fault(*fault, field="pipeline.estimate") for fault in faults])
