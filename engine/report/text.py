"""The summary for a terminal: some twenty lines of at most 80 columns."""

from __future__ import annotations

import textwrap
import unicodedata
from math import isfinite

from engine.errors import counted
from engine.proof import Solve
from engine.report import headcounts, headline, numbers, tradeoffs
from engine.report.headline import Spread
from engine.report.input import ReportInput
from engine.report.kept import KEPT, kept
from engine.report.privacy import FEW_ARE_PAID, discreet, pays_few
from engine.report.view import STAGES, View

COLUMNS = 80
LABEL = 14


def summary(report: ReportInput) -> str:
    """Return the summary: solves with gap and bound in money, moves, bookings, quotas, cost, where to look."""
    view = View(discreet(report))
    rows = [*_solves(view), *_moves(view), *_tradeoffs(view), *_bookings(view), *_quotas(view)]
    rows += [*_cost(view), *_notes(view)]
    span = f"{report.labels[0]} to {report.labels[-1]}" if report.labels else ""
    lines = [_line(f"{report.title}  {span}".rstrip()), ""]
    lines += [_line(f"{label:<{LABEL}}{words}") for label, words in rows]
    return "\n".join(lines) + "\n"


def _solves(view: View) -> list[tuple[str, str]]:
    """Return lines for the first solve of each stage, which speaks of the whole; the others are counted.

    A third line says what its bound rests on, where the run folder holds a proof of it.
    """
    rows = []
    heads = {solve.stage: headline.in_currency(view, solve) for solve in reversed(view.report.solves)}
    for solve in reversed(heads.values()):
        distance = abs(solve.objective - solve.bound)
        told = isfinite(distance) and solve.gap >= 1e-5
        within = f" ({numbers.short(distance)} {solve.unit}".rstrip() + ")" if told else ""
        bound = _worth(solve, solve.bound) if isfinite(solve.bound) else "none"
        rows.append(
            (solve.stage, f"{solve.status}, {solve.name} {_worth(solve, solve.objective)}, bound {bound}")
        )
        rows.append(
            (
                "",
                f"gap {numbers.gap(solve.gap)}{within}, asked {numbers.gap(solve.demanded_gap)}, {solve.backend}",
            )
        )
        if isfinite(solve.certified):
            rows.append(("", f"bound rests on {solve.rests_on}"))
    more = len(view.report.solves) - len(heads)
    return [*rows, ("", f"and {numbers.count(more, 'more solve')}; see the report")] if more > 0 else rows


def _worth(solve: Solve, value: float) -> str:
    return f"{numbers.short(100 * value)} %" if solve.unit.startswith("ratio") else numbers.short(value)


def _moves(view: View) -> list[tuple[str, str]]:
    if not view.has("alignment"):
        return []
    gone, accounts, potential, total = headline.moved(view)
    share = f", {numbers.percent(potential / total)} of the potential" if total else ""
    return [("moves", f"{gone:,} of {numbers.count(accounts, 'account')}{share}")]


def _tradeoffs(view: View) -> list[tuple[str, str]]:
    """Return lines on the frontier, the alternatives and the headcount, where the scenario asks for them."""
    lines = tradeoffs.frontier(view) if view.has("frontier") else []
    rows = [("" if turn else "frontier", line) for turn, line in enumerate(lines)]
    if view.has("alternatives"):
        rows.append(("alternatives", tradeoffs.alternatives(view)))
    if view.has("headcount"):
        rows += [("" if turn else "headcount", line) for turn, line in enumerate(headcounts.lines(view))]
    return rows


def _bookings(view: View) -> list[tuple[str, str]]:
    year, target = headline.bookings(view), headline.goal(view)
    rows = [("bookings", _spread(view, year))] if year.known else []
    if isfinite(target):
        chance, counted = headline.goal_probability(view)
        odds = f"; P(goal) {'' if counted else 'about '}{numbers.chance(chance)}" if isfinite(chance) else ""
        rows.append(("goal", f"{numbers.money(target, view.currency)}{odds}"))
    return rows


def _quotas(view: View) -> list[tuple[str, str]]:
    tie = headline.tie_out(view)
    if tie is None:
        return []
    words = f"street {numbers.money(tie.street, view.currency)}"
    target = headline.goal(view)
    if isfinite(target) and target:
        words += f", {numbers.signed(tie.street / target - 1)} against the goal"
    ties = (
        f"; {tie.differing:,} of {tie.nodes:,} cells do not tie"
        if tie.differing
        else f"; all {tie.nodes:,} cells tie out"
    )
    return [("quotas", words + (ties if tie.nodes else "")), *_in_force(view)]


def _in_force(view: View) -> list[tuple[str, str]]:
    """Return what was set by hand, how many quotas differ from those in force, and what relief moved."""
    rows = []
    if view.has("quota_effect"):
        effect = view.frame("quota_effect")
        others = effect.loc[~effect["set"] & (effect["change"] != 0), "change"].abs()
        words = f"{counted(len(view.frame('quota_adjustments')), 'quota')}; {counted(len(others), 'other seat')} moved"
        most = f", the most by {numbers.money(float(others.max()), view.currency)}" if len(others) else ""
        rows.append(("set by hand", words + most))
    if view.has("quota_changes"):
        frame = view.frame("quota_changes").drop_duplicates("rep")
        moved = float((frame["quota"] - frame["previous"]).sum())
        net = f"{'+' if moved > 0 else ''}{numbers.money(moved, view.currency)} together"
        rows.append(("in force", f"{counted(len(frame), 'quota')} differ from it, {net}"))
    if view.has(KEPT):
        rows.append(("kept", kept(view)))
    if view.has("quota_catch_up"):
        frame = view.frame("quota_catch_up").drop_duplicates("rep")
        short, carried = (
            numbers.money(float(frame[name].sum()), view.currency) for name in ("shortfall", "carried")
        )
        rows.append(
            ("catch-up", f"{counted(len(frame), 'seat')} fell short by {short}; open periods carry {carried}")
        )
    if view.has("quota_relief"):
        frame = view.frame("quota_relief")
        gained = frame[frame["effect"] > 0]
        borne = float(gained.loc[gained["who"] == "company", "effect"].sum())
        whole = numbers.money(float(gained["effect"].sum()), view.currency)
        entries = "1 entry" if frame["entry"].nunique() == 1 else f"{frame['entry'].nunique():,} entries"
        rows.append(
            (
                "relief",
                f"{entries}, {whole}; {numbers.money(borne, view.currency)} of it is nobody's any more",
            )
        )
    return rows


def _cost(view: View) -> list[tuple[str, str]]:
    year = headline.cost(view)
    if not year.known:
        return [("comp cost", f"not shown: {FEW_ARE_PAID}")] if pays_few(view.report) else []
    return [
        ("comp cost", _spread(view, year)),
        ("reserve", f"{numbers.money(year.p90 - year.p50, view.currency)} (P90 less P50)"),
    ]


def _notes(view: View) -> list[tuple[str, str]]:
    report = view.report
    found = numbers.count(len(report.warnings), "warning") + ", "
    found += numbers.count(len(report.findings), "finding") + " in the data"
    undone = [stage for stage in STAGES if stage not in report.stages]
    rows = [("found", found)]
    if undone:
        rows.append(("not run", ", ".join(undone)))
    return [*rows, ("see", "report.html, workbook.xlsx, tables/")]


def _spread(view: View, spread: Spread) -> str:
    low, middle, high = (numbers.short(value) for value in (spread.p10, spread.p50, spread.p90))
    return f"{view.currency} {low} / {middle} / {high} (P10 / P50 / P90)"


def _line(text: str) -> str:
    """Return a line without control characters; what is longer than a terminal goes on below its words."""
    plain = "".join(
        char for char in text.replace("\u00a0", " ") if unicodedata.category(char) not in {"Cc", "Cf"}
    )
    return plain if len(plain) <= COLUMNS else textwrap.fill(plain, COLUMNS, subsequent_indent=" " * LABEL)
