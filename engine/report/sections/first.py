"""The headline block: six figures, each with the words that place it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from engine.report import headline, numbers
from engine.report.privacy import FEW_ARE_PAID, pays_few
from engine.report.view import View


@dataclass(frozen=True)
class Tile:
    """One figure of the headline block."""

    label: str
    value: str
    words: str


def tiles(view: View) -> tuple[Tile, ...]:
    """Return the tiles in the order of the page; one whose stage is missing says so."""
    return (_moves(view), _gap(view), _street(view), _bookings(view), _chance(view), _cost(view))


def _street(view: View) -> Tile:
    tie, target = headline.tie_out(view), headline.goal(view)
    if tie is None:
        return Tile("Street quota", numbers.NOTHING, "no quotas in this run")
    words = []
    if isfinite(target) and target:
        words.append(f"{numbers.signed(tie.street / target - 1)} against the goal")
    if tie.nodes:
        words.append(
            f"{tie.differing:,} of {tie.nodes:,} cells do not tie"
            if tie.differing
            else f"all {tie.nodes:,} cells tie out"
        )
    return Tile("Street quota", numbers.money(tie.street, view.currency), "; ".join(words))


def _bookings(view: View) -> Tile:
    year, target = headline.bookings(view), headline.goal(view)
    if not year.known:
        return Tile("Bookings, P50", numbers.NOTHING, "not simulated in this run")
    words = "no goal set in this run"
    if isfinite(target) and target:
        change = numbers.signed(year.p50 / target - 1)
        words = f"goal {numbers.money(target, view.currency)}; median {change} against it"
    return Tile("Bookings, P50", numbers.money(year.p50, view.currency), words)


def _chance(view: View) -> Tile:
    chance, counted = headline.goal_probability(view)
    if not isfinite(chance):
        return Tile("P(goal)", numbers.NOTHING, "needs bookings and a goal")
    runs = (
        f"of {view.report.replications:,} replications" if view.report.replications else "of all replications"
    )
    return Tile(
        "P(goal)",
        numbers.chance(chance),
        f"{runs} reach the goal" if counted else "estimated from the quantiles of bookings",
    )


def _cost(view: View) -> Tile:
    year = headline.cost(view)
    if pays_few(view.report):
        return Tile("Comp cost, P50", numbers.NOTHING, f"{FEW_ARE_PAID}, so it is not shown")
    if not year.known:
        return Tile("Comp cost, P50", numbers.NOTHING, "not costed in this run")
    share = year.p50 / headline.bookings(view).p50 if headline.bookings(view).p50 else float("nan")
    words = f"{numbers.percent(share)} of median bookings" if isfinite(share) else "salary and variable pay"
    reserve = numbers.money(year.p90 - year.p50, view.currency)
    return Tile(
        "Comp cost, P50",
        numbers.money(year.p50, view.currency),
        f"{words}; P90 is {reserve} more, the reserve",
    )


def _gap(view: View) -> Tile:
    solve = headline.alignment_solve(view)
    if solve is None:
        return Tile("Gap of the alignment", numbers.NOTHING, "no alignment was solved in this run")
    distance = abs(solve.objective - solve.bound)
    words = (
        f"{solve.status.capitalize()}: within {numbers.short(distance)} {solve.unit}".rstrip()
        + " of the proven bound"
    )
    return Tile(
        "Gap of the alignment",
        numbers.gap(solve.gap),
        words if isfinite(distance) else str(solve.status).capitalize(),
    )


def _moves(view: View) -> Tile:
    if not view.has("alignment"):
        return Tile("Accounts moved", numbers.NOTHING, "no alignment in this run")
    gone, accounts, potential, total = headline.moved(view)
    if not view.incumbents:
        return Tile("Accounts moved", f"{gone:,}", f"of {accounts:,}; none has an incumbent")
    share = numbers.percent(potential / total) if total else "none"
    return Tile("Accounts moved", f"{gone:,}", f"of {accounts:,}; {share} of the potential")
