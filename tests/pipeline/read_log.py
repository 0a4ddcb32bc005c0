"""Key figures as an analyst computes them: with pandas, from the event log, deals and bookings of one replication.

Nothing here knows the engine: only the three tables of `apportion trace`, the tables that the scenario reads, and the
definitions. Times are days from the start of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from engine.pipeline.event_log import Trace

if TYPE_CHECKING:
    Column = pd.Series[Any]
CLOSES = ("won", "lost")


@dataclass(frozen=True)
class Year:
    """What is known besides the log."""

    start: pd.Timestamp
    end: float
    """Days of the plan."""
    region: dict[str, str]
    """Of each rep."""
    stages: tuple[str, ...]
    opened: pd.DataFrame
    """Deals in progress at the start, indexed by id: rep, stage, entered, amount (NaN if it is not known)."""
    value: dict[str, float]
    """What a deal of each product brings."""
    presence: pd.DataFrame
    """Rep, begin and end of every time in which somebody sits there."""
    slots: int
    days: dict[str, float]
    """Mean days in each stage."""

    @cached_property
    def months(self) -> dict[str, tuple[float, float]]:
        """First day of each period, and the first after it."""
        firsts = pd.date_range(self.start, periods=13, freq="MS")
        days = [float((day - self.start).days) for day in firsts]
        return {f"{day:%Y-%m}": span for day, span in zip(firsts, pairwise(days), strict=False)}

    def day(self, column: Column) -> Column:
        """Return times as days; NaN where there are none."""
        seconds = (pd.to_datetime(column, format="ISO8601") - self.start).dt.total_seconds()
        return cast("Column", seconds / 86_400)


@dataclass(frozen=True)
class Log:
    """The tables of one replication, with what happened in columns."""

    year: Year
    trace: Trace

    @cached_property
    def deals(self) -> pd.DataFrame:
        """Deals by id; times as times, amounts in currency units."""
        frame = self.trace.deals.frame.set_index("deal")
        times = {name: self.year.day(frame[name]) for name in ("arrival", "start", "end")}
        known = self.year.opened["amount"].reindex(frame.index)
        value = known.fillna(frame["product"].map(self.year.value))
        return frame.assign(
            **times, amount=frame["amount"].astype("Float64").astype(float) / 100, value=value
        )

    @cached_property
    def events(self) -> pd.DataFrame:
        """Everything that happened to deals, in order."""
        frame = self.trace.events.frame
        names = {"case:concept:name": "deal", "concept:name": "what", "org:resource": "rep",
                 "time:timestamp": "time", "case:segment": "segment"}  # fmt: skip
        frame = frame.rename(columns=names)
        frame = frame[frame["deal"].isin(self.deals.index)]
        return frame.assign(time=self.year.day(frame["time"]), region=frame["rep"].map(self.year.region))

    @cached_property
    def closes(self) -> pd.DataFrame:
        """Deals that were won or lost, where and when, with their cycle in days if they were worked on."""
        found = self.events[self.events["what"].isin(CLOSES)].drop(columns=["amount"])
        found = found.merge(self.deals[["start", "amount", "value"]], left_on="deal", right_index=True)
        return found.assign(cycle=found["time"] - found["start"])

    @cached_property
    def starts(self) -> pd.DataFrame:
        """Deals that somebody began to work on, with the days that they waited."""
        found = self.events[self.events["what"] == "started"]
        arrival = found["deal"].map(self.deals["arrival"])
        return found.assign(wait=found["time"] - arrival)

    @cached_property
    def held(self) -> pd.DataFrame:
        """Times in which a deal was in progress with a rep: rep, segment, region, begin, end."""
        steps = self.events[self.events["what"].isin(("started", "moved", *CLOSES))]
        opened = self.year.opened.assign(what="started", time=0.0)
        opened = opened.assign(segment=self.deals["segment"].reindex(opened.index)).rename_axis("deal")
        columns = ["deal", "what", "time", "rep", "segment"]
        steps = pd.concat([opened.reset_index()[columns], steps[columns]], ignore_index=True)
        until = steps.groupby("deal")["time"].shift(-1)
        under_way = ~steps["what"].isin(CLOSES) & self._is_worked_on(steps)
        found = steps.assign(begin=steps["time"], end=until.fillna(self.year.end))[under_way]
        return found.assign(region=found["rep"].map(self.year.region))

    def _is_worked_on(self, steps: pd.DataFrame) -> Column:
        """Whether work has begun: a lead may move to another queue before."""
        return steps["what"].eq("started").groupby(steps["deal"]).cummax()

    @cached_property
    def visits(self) -> pd.DataFrame:
        """Stays in stages: deal, stage, begin, end, and what ended them."""
        opened = self.year.opened
        first = pd.DataFrame({"deal": opened.index, "stage": opened["stage"], "begin": opened["entered"]})
        entered = self.events[self.events["what"].str.startswith("entered ")]
        entered = entered.rename(columns={"time": "begin"})[["deal", "stage", "begin"]]
        found = pd.concat([first, entered], ignore_index=True)
        after = found.groupby("deal")["begin"].shift(-1)
        close = found["deal"].map(self.deals["end"])
        end = after.fillna(close).fillna(self.year.end)
        going = self.events[self.events["what"].str.match("left |went back |lost$|won$")]
        going = going.assign(how=going["what"].str.split().str[0])[["deal", "time", "how"]]
        found = found.assign(end=end).merge(
            going.rename(columns={"time": "end"}), on=["deal", "end"], how="left"
        )
        return found.assign(segment=found["deal"].map(self.deals["segment"]))


def overlap(frame: pd.DataFrame, low: float, high: float) -> float:
    """Days of [begin, end) that lie in [low, high), added up."""
    inside = frame["end"].clip(upper=high) - frame["begin"].clip(lower=low)
    return float(inside.clip(lower=0.0).sum())


def over(part: float, whole: float) -> float:
    """A ratio; NaN where there is nothing to divide by."""
    return part / whole if whole else float("nan")


def cohort(deals: pd.DataFrame, year: Year, age: int) -> float:
    """Share won by an age in days: Aalen and Johansen, age by age; NaN where no deal is watched for so long."""
    deals = deals[deals["outcome"] != "dropped"]
    known = deals["outcome"].isin(("won", "lost", "abandoned"))
    leaves = np.floor(deals["end"].where(known, year.end) - deals["arrival"])
    joins = np.floor((-deals["arrival"]).clip(lower=0.0))
    if not known.all() and leaves.max() < age:
        return float("nan")
    alive, won = 1.0, 0.0
    for day in range(age + 1):
        ends = (leaves == day) & known
        if ends.any():
            watched = int(((joins <= day) & (leaves >= day)).sum())
            won += alive * int((ends & (deals["outcome"] == "won")).sum()) / watched
            alive *= 1 - int(ends.sum()) / watched
    return won


def figures(log: Log, by: str, group: str) -> dict[str, float]:
    """Key figures of a group: `total`, or one of a `region`, `rep`, `segment` or `period`."""
    year = log.year
    low, high = year.months[group] if by == "period" else (0.0, year.end)

    def mine(frame: pd.DataFrame, time: str = "time") -> pd.DataFrame:
        if by == "period":
            return frame[(frame[time] >= low) & (frame[time] < high)]
        return frame if by == "total" else frame[frame[by] == group]

    closes, starts = mine(log.closes), mine(log.starts)
    held = log.held if by == "period" else mine(log.held)
    deals = log.deals.assign(region=log.deals["rep"].map(year.region))
    worked = closes[closes["cycle"].notna()]
    won, lost = closes[closes["what"] == "won"], closes[closes["what"] == "lost"]
    in_progress = overlap(held, low, high)
    found = {
        "won": len(won), "lost": len(lost), "bookings": won["amount"].sum(), "started": len(starts),
        "win_rate": over(len(won), len(closes)), "average_deal": over(won["amount"].sum(), len(won)),
        "cycle": over(worked["cycle"].sum(), len(closes)),
        "cycle_won": over(won["cycle"].sum(), len(won)), "cycle_lost": over(lost["cycle"].sum(), len(lost)),
        "wait": over(starts["wait"].sum(), len(starts)), "open_deals": in_progress / (high - low),
        "moved": len(mine(log.events[log.events["what"] == "moved"])),
        "win_rate_by_value": over(
            worked.loc[worked["what"] == "won", "value"].sum(), worked["value"].sum()
        ),
        "median_deal": won["amount"].median(), "median_cycle_won": won["cycle"].median(),
        "median_cycle_lost": lost["cycle"].median(),
    }  # fmt: skip
    found["velocity"] = found["open_deals"] * over(found["win_rate"] * found["average_deal"], found["cycle"])
    born = mine(deals, "arrival")
    found |= {f"cohort_win_rate_{age}": cohort(born, year, age) for age in (30, 90, 180, 360)}
    if by != "segment":
        slots = overlap(mine_of(year, by, group), low, high) * year.slots
        capacity = over(slots, found["cycle"])
        found |= {"utilisation": over(in_progress, slots), "capacity": capacity}
        found["capacity_money"] = capacity * found["win_rate"] * found["average_deal"]
    return {name: float(value) for name, value in found.items()}


def mine_of(year: Year, by: str, group: str) -> pd.DataFrame:
    """Times in which somebody sits in the seats of a group."""
    if by in ("total", "period"):
        return year.presence
    seats = [rep for rep, region in year.region.items() if group in (rep, region)]
    return year.presence[year.presence["rep"].isin(seats)]


def stages(log: Log, segment: str | None) -> pd.DataFrame:
    """Entered, conversion, wins from the stage and mean days, by stage; of one segment or of all."""
    visits = log.visits if segment is None else log.visits[log.visits["segment"] == segment]
    rows = {}
    for stage in log.year.stages:
        here = visits[visits["stage"] == stage]
        gone = here[here["how"].notna()]
        advanced = here["how"].isin(("left", "won")).sum()
        outcome = log.deals.loc[here["deal"].unique(), "outcome"]
        rows[stage] = {
            "entered": len(here), "advanced": advanced, "recycled": (here["how"] == "went").sum(),
            "lost": (here["how"] == "lost").sum(), "conversion": over(advanced, len(here)),
            "conversion_of_left": over(advanced, len(gone)),
            "won_from": over((outcome == "won").sum(), outcome.isin(("won", "lost")).sum()),
            "mean_days": over((gone["end"] - gone["begin"]).sum(), len(gone)),
            "mean_open": overlap(here, 0.0, log.year.end) / log.year.end,
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").astype(float)


def slips(log: Log) -> pd.DataFrame:
    """Open and expected deals at the start of each period, and what of them is open at its end, by count and value."""
    year, rows = log.year, {}
    later = {
        stage: sum(year.days[one] for one in year.stages[at + 1 :]) for at, stage in enumerate(year.stages)
    }
    visits = log.visits.assign(
        value=log.visits["deal"].map(log.deals["value"]),
        rep=log.visits["deal"].map(log.deals["rep"]), close=log.visits["deal"].map(log.deals["end"]),
    )  # fmt: skip
    for period, (low, high) in year.months.items():
        here = visits[(visits["begin"] <= low) & (visits["end"] > low)]
        done = here["begin"] + here["stage"].map(year.days)
        due = here[done.clip(lower=low) + here["stage"].map(later) < high]
        still = due[due["close"].isna() | (due["close"] >= high)]
        rows[period] = {
            "open_value": here["value"].sum(), "expected_deals": len(due),
            "expected_value": due["value"].sum(), "slip_rate": over(len(still), len(due)),
            "slip_rate_by_value": over(still["value"].sum(), due["value"].sum()),
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").astype(float)


def retention(year: Year, trace: Trace, contracts: pd.DataFrame) -> tuple[float, float]:
    """Yearly amount at the end over that at the start of the same contracts: net, and with none above its start.

    A contract without a renewal on its day has ended; `contracts` has id, amount in minor units, renews and months.
    """
    booked = trace.bookings.frame.assign(time=year.day(trace.bookings.frame["time"]))
    before = after = kept = 0
    rows = zip(
        contracts["id"], contracts["amount"], year.day(contracts["renews"]), contracts["months"], strict=True
    )
    for name, start, renews, months in rows:
        own = booked[booked["deal"] == name].sort_values("time")
        renewed = own.loc[own["kind"] == "renewal", "time"].round(5).tolist()
        term = months * 365.25 / 12
        due = [round(renews + number * term, 5) for number in range(13) if renews + number * term < year.end]
        amount = int(start)
        for kind, booking in zip(own["kind"], own["amount"], strict=True):
            amount = int(booking) if kind == "renewal" else amount + int(booking)
        first, last = (round(value * 12 / months) for value in (int(start), amount if due == renewed else 0))
        before, after, kept = before + first, after + last, kept + min(first, last)
    return after / before, kept / before


def mean_of(rows: list[dict[str, float]]) -> dict[str, float]:
    """Mean over replications of each figure; undefined ones are left out."""
    frame = pd.DataFrame(rows).replace([np.inf, -np.inf], np.nan)
    return {str(name): float(value) for name, value in frame.mean().items()}
