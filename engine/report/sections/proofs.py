"""What was proved: objective, bound and gap of every solve."""

from __future__ import annotations

from math import isfinite

from engine.proof import Solve
from engine.report import headline, numbers
from engine.report.contents import Grid, Heading, Section
from engine.report.view import View

_HEADS = (
    ("stage", False),
    ("minimised", False),
    ("status", False),
    ("objective", True),
    ("bound", True),
    ("gap", True),
    ("gap asked for", True),
    ("unit", False),
    ("ended by", False),
    ("bound from", False),
    ("rests on", False),
    ("solver", False),
)


def section(view: View) -> Section:
    """Return the section on solves and their proofs."""
    title = "Proofs"
    solves = view.report.solves
    if not solves:
        return Section("proofs", title, ("This run solved nothing by optimisation.",))
    words = "No plan can be better than its bound; the gap is what might still be won, as a share of the objective."
    short = sum(not solve.gap <= solve.demanded_gap for solve in solves)
    words += (
        f" {numbers.count(short, 'solve')} ended short of the gap that was asked for."
        if short
        else " Every solve reached the gap that was asked for."
    )
    if any(isfinite(solve.certified) for solve in solves):
        words += " `apportion verify` adds up again what rests on addition, from the table of multipliers."
    rows = tuple(_row(headline.in_currency(view, solve)) for solve in solves)
    return Section("proofs", title, (words,), (), (Grid(tuple(Heading(*head) for head in _HEADS), rows),))


def _row(solve: Solve) -> tuple[str, ...]:
    return (
        solve.stage,
        solve.name,
        str(solve.status),
        _value(solve.objective),
        _value(solve.bound),
        numbers.gap(solve.gap),
        numbers.gap(solve.demanded_gap),
        solve.unit,
        solve.ended_by,
        solve.proof,
        solve.rests_on if isfinite(solve.certified) else "",
        solve.backend,
    )


def _value(value: float) -> str:
    if not isfinite(value):
        return numbers.NOTHING
    if abs(value) < 1:
        return numbers.short(value)
    return numbers.grouped(value, 2) if abs(value) < 1e6 else numbers.grouped(value)
