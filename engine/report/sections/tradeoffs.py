"""Trade-offs: the frontier, other plans at about the same cost, other numbers of territories, what rules cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.report import numbers, tradeoffs
from engine.report.contents import Chart, Grid, Mark, Section
from engine.report.figures.frame import Scale
from engine.report.figures.frontiers import Stairs, stairs
from engine.report.grids import grid, table_grid
from engine.report.palette import BEFORE, PLAN, SHORT
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

TOP = 12
"""Bounds and locks shown in the page."""
MARKS = (
    Mark("best plan found", PLAN, "dot"),
    Mark("proven bound", BEFORE, "dash"),
    Mark("plan of this run", SHORT, "diamond"),
)


def section(view: View) -> Section:
    """Return the section on trade-offs."""
    title = "Trade-offs"
    if not view.has("alignment"):
        return Section("tradeoffs", title, (view.missing("alignment"),))
    sentences = (
        *_frontier_words(view),
        *_alternative_words(view),
        *_headcount_words(view),
        *_bound_words(view),
    )
    grids = (
        *_frontier_grid(view),
        *_alternatives(view),
        *_headcount(view),
        *_bounds(view),
        *_locks(view),
        *_why(view),
    )
    none = "The scenario asked for no frontier, no alternatives, no headcount and no explanation."
    return Section("tradeoffs", title, sentences or (none,), _charts(view), grids)


def _frontier_words(view: View) -> tuple[str, ...]:
    return (f"Frontier: {'; '.join(tradeoffs.frontier(view))}.",) if view.has("frontier") else ()


def _alternative_words(view: View) -> tuple[str, ...]:
    return (f"Alternatives: {tradeoffs.alternatives(view)}.",) if view.has("alternatives") else ()


def _headcount_words(view: View) -> tuple[str, ...]:
    return (f"Headcount: {tradeoffs.headcount(view)}.",) if view.has("headcount") else ()


def _bound_words(view: View) -> tuple[str, ...]:
    dearest = tradeoffs.dearest_bound(view)
    if dearest is None:
        return ()
    where = (
        f"{dearest['side']} bound of {dearest['rule'].replace('_', ' ')} at {dearest['seat'] or 'all seats'}"
    )
    worth = numbers.money(float(dearest["one_percent"]), view.currency)
    return (
        f"Dearest bound: the {where}; one hundredth of it costs about {worth}, by the LP's shadow price.",
    )


def _charts(view: View) -> tuple[Chart, ...]:
    if not view.has("frontier") or tradeoffs.points(view).empty:
        return ()
    found, frame = tradeoffs.points(view), view.frame("frontier")
    ratio, what = tradeoffs.unit(view, "limit") == "ratio", str(found["minimised"].iloc[0])
    scale = Scale.of(found["objective"].to_numpy(), tradeoffs.unit(view, "objective"))
    plan = frame[frame["point"] == tradeoffs.PLAN].iloc[0]
    failed = frame[(frame["point"] == tradeoffs.NONE) & (frame["status"] == "INFEASIBLE")]["limit"]
    texts = {
        "": list(found["limited"]),
        what: [numbers.grouped(value) for value in found["objective"]],
        "bound": [numbers.grouped(value) for value in found["bound"]],
        "reached": [tradeoffs.on_axis(view, value) for value in found["reached"]],
        "accounts moved": [f"{int(value):,}" for value in found["moved_accounts"]],
        "cost": [numbers.money(value, view.currency) for value in found["cost"]],
    }
    points = Stairs(
        list(found["limit"].fillna(found["reached"])),
        list(found["bound"] / scale.divisor),
        list(found["reached"]),
        list(found["objective"] / scale.divisor),
        texts,
    )
    diamond = (float(plan["reached"]), float(plan["objective"]) / scale.divisor)
    x = tradeoffs.axis(view) if ratio else f"{tradeoffs.axis(view)}, {tradeoffs.unit(view, 'limit')}"
    nobody = float(failed.max()) if len(failed) else -1.0
    figure = stairs(points, diamond, nobody, (x, f"{what}, {scale.word}" if scale.word else what), ratio)
    say = "Each dot is a plan of its own. No plan lies below the dashed line."
    say += " No plan at all lies in the red strip on the left." if len(failed) else ""
    marks = (*MARKS, *((Mark("no plan exists", "#f7dfd2"),) if len(failed) else ()))
    rows = zip(*([str(cell) for cell in column] for column in texts.values()), strict=True)
    heads = [word or "limit" for word in texts]
    return (
        Chart("frontier", f"Least {what} for each limit", say, figure, grid(heads, rows), marks, wide=True),
    )


def _frontier_grid(view: View) -> tuple[Grid, ...]:
    if not view.has("frontier"):
        return ()
    frame = view.frame("frontier")
    worst = [str(name) for name in frame if str(name).startswith("deviation_")]
    rows = [_point(view, row, worst) for _, row in frame.iterrows()]
    what = str(frame["minimised"].iloc[0])
    heads = ("point", "limit", "status", what, "bound", "gap", "accounts moved", "potential moved",
             *(f"worst deviation, {name.removeprefix('deviation_').replace('_', ' ')}" for name in worst),
             "travel", "cost", "bound on cost")  # fmt: skip
    return (grid(heads, rows, text=3, caption="The frontier, point by point"),)


def _point(view: View, row: pd.Series, worst: list[str]) -> list[str]:
    found = row["point"] != tradeoffs.NONE
    bound, gap = float(row["bound"]), float(row["gap"])
    return [
        str(row["point"]),
        str(row["limited"]),
        str(row["status"]),
        numbers.grouped(float(row["objective"])),
        numbers.grouped(bound),
        numbers.gap(gap) if gap == gap else numbers.NOTHING,
        f"{int(row['moved_accounts']):,}" if found else numbers.NOTHING,
        numbers.grouped(float(row["moved_potential"])) if found else numbers.NOTHING,
        *(numbers.percent(float(row[name])) for name in worst),
        numbers.grouped(float(row["travel"])),
        numbers.grouped(float(row["cost"])),
        numbers.grouped(float(row["cost_bound"])),
    ]


def _alternatives(view: View) -> tuple[Grid, ...]:
    if not view.has("alternatives"):
        return ()
    columns = ("plan", "cost", "over_best", "accounts_differ", "potential_differs", "moved_accounts", "difference",
               "bound", "gap", "status")  # fmt: skip
    note = "tables/alternative_accounts.csv says whose each account is in every plan."
    return (
        replace(table_grid(view, "alternatives", columns), caption="Plans at about the same cost", note=note),
    )


def _headcount(view: View) -> tuple[Grid, ...]:
    if not view.has("headcount"):
        return ()
    note = "tables/headcount_homes.csv says where the territories of each number are based."
    shown = table_grid(view, "headcount")
    return (replace(shown, caption="What each number of territories costs a year", note=note),)


def _bounds(view: View) -> tuple[Grid, ...]:
    if not view.has("shadow_prices"):
        return ()
    frame = tradeoffs.bounds(view)
    if frame.empty:
        return ()
    shown = table_grid(view, "shadow_prices", frame=frame.head(TOP))
    note = f"The {min(TOP, len(frame))} dearest of {len(frame):,} with a price; tables/shadow_prices.csv has all."
    return (replace(shown, caption="What the bounds cost: shadow prices of the LP", note=note),)


def _locks(view: View) -> tuple[Grid, ...]:
    if not view.has("lock_costs"):
        return ()
    frame = view.frame("lock_costs")
    shown = table_grid(view, "lock_costs", frame=frame.head(TOP))
    note = f"The first {TOP} of {len(frame):,}; tables/lock_costs.csv has all." if len(frame) > TOP else ""
    return (replace(shown, caption="What the locks cost", note=note),)


def _why(view: View) -> tuple[Grid, ...]:
    if not view.has("why"):
        return ()
    shown = table_grid(view, "why", frame=view.frame("why").head(60))
    note = "`apportion why RUN ACCOUNT` says the same in words, for any account."
    return (replace(shown, caption="Why: next best territories", note=note, folded=True),)
