"""Trade-offs in words: the frontier, the alternatives, the dearest bound and lock; for the page and the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.report import numbers
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

PLAN = "plan"
NONE = "none"
BEST = "best"


def points(view: View) -> pd.DataFrame:
    """Return the points of the frontier, tightest limit first."""
    frame = view.frame("frontier")
    kept = frame[~frame["point"].isin([PLAN, NONE])]
    return kept.sort_values(["reached", "objective"], kind="stable").reset_index(drop=True)


def unit(view: View, column: str) -> str:
    """Return the unit of a column of the frontier."""
    table = view.table("frontier")
    assert table is not None
    return next(described.unit for described in table.columns if described.name == column)


def on_axis(view: View, value: float) -> str:
    """Return a value of the limited axis in words."""
    what = unit(view, "limit")
    return numbers.percent(value) if what == "ratio" else f"{numbers.short(value)} {what}"


def frontier(view: View) -> list[str]:
    """Return lines on the frontier: its two ends, and the tightest limit that was shown impossible."""
    found = points(view)
    if found.empty:
        return ["no point was found"]
    what, against = str(found["minimised"].iloc[0]), axis(view)
    ends = [found.iloc[0]] if len(found) == 1 else [found.iloc[-1], found.iloc[0]]
    shown = [
        f"{numbers.short(end['objective'])} {unit(view, 'objective')} at {on_axis(view, end['reached'])}"
        for end in ends
    ]
    worst = float(found["gap"].max())
    lines = [f"{numbers.count(len(found), 'point')}, {what} against {against}"]
    lines.append(f"{' to '.join(shown)}; gap {numbers.gap(worst)} or less")
    return [*lines, *impossible(view)]


def impossible(view: View) -> list[str]:
    """Return a line on limits that no plan keeps."""
    frame = view.frame("frontier")
    frame = frame[(frame["point"] == NONE) & (frame["status"] == "INFEASIBLE")]
    return [f"no plan at all: {limited}" for limited in frame["limited"].head(1)]


def axis(view: View) -> str:
    """Return the name of the limited axis: `worst deviation of potential`, `moved count`, `travel`."""
    words = str(view.frame("frontier")["limited"].iloc[-1])
    name = words.split(" within")[0].split(" up to")[0]
    return f"worst deviation of {name}" if unit(view, "limit") == "ratio" else name


def alternatives(view: View) -> str:
    """Return a sentence on the near-optimal plans."""
    frame = view.frame("alternatives")
    others = frame[frame["plan"] != BEST]
    if others.empty:
        return "no other plan costs as little"
    most, over = int(others["accounts_differ"].max()), float(others["over_best"].max())
    accounts = numbers.count(most, "account")
    plans = numbers.count(len(others), "plan")
    return f"{plans} within {numbers.percent(max(over, 0.0), 2)} of the cost; up to {accounts} differ"


def headcount(view: View) -> str:
    """Return a sentence on the numbers of territories: the cheapest, whose seats the run has, which are ruled out."""
    frame = view.frame("headcount")
    counts = frame["territories"].astype(int)
    best, adopted, out = (
        [str(count) for count in counts[frame[column].astype(bool)]]
        for column in ("chosen", "adopted", "ruled_out")
    )
    words = f"{counts.min()} to {counts.max()} territories: "
    words += f"{best[0]} cost least" if best else "no plan was found"
    words += f", the run has {adopted[0]}" if adopted else ""
    return words + (f"; ruled out: {', '.join(out)}" if out else "")


def dearest_bound(view: View) -> pd.Series | None:
    """Return the row of the bound whose last hundredth costs most; None when none costs anything."""
    frame = bounds(view)
    return None if frame.empty else frame.iloc[0]


def bounds(view: View) -> pd.DataFrame:
    """Return the bounds that cost something, the dearest hundredth first."""
    if not view.has("shadow_prices"):
        return view.frame("shadow_prices") if view.table("shadow_prices") else _none()
    frame = view.frame("shadow_prices")
    frame = frame[frame["one_percent"] > 0]
    return frame.sort_values(["one_percent", "rule", "seat"], ascending=[False, True, True], kind="stable")


def _none() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()
