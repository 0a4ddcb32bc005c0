"""What was proved: objective, bound and gap of every solve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from engine.proof import Solve
from engine.report import headline, numbers
from engine.report.contents import Grid, Heading, Section
from engine.report.grids import grid, table_grid
from engine.report.rests import rests_on
from engine.report.view import View

SHOWN = 4
"""Solves that are named before the others are counted."""
_HEADS = (
    ("stage", False),
    ("minimised", False),
    ("status", False),
    ("objective", True),
    ("bound", True),
    ("gap", True),
    ("gap asked for", True),
    ("ended by", False),
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
    rows = tuple(_row(headline.in_currency(view, solve)) for solve in solves)
    grids = (Grid(tuple(Heading(*head) for head in _HEADS), rows), _rests(solves), *_certificates(view))
    return Section("proofs", title, (words, *_certified(view)), (), grids)


def _rests(solves: Sequence[Solve]) -> Grid:
    """Return what the bounds rest on, once for all solves of which the same is said."""
    named: dict[str, list[str]] = {}
    for solve in solves:
        named.setdefault(rests_on(solve.proof, solve.confirmed_by), []).append(f"{solve.stage}, {solve.name}")
    rows = [(_few(names), sentence) for sentence, names in named.items()]
    return grid(("bound of", "rests on"), rows, text=2, caption="What each bound rests on")


def _few(names: list[str]) -> str:
    more = len(names) - SHOWN
    return "; ".join(names[:SHOWN]) + (f"; and {more:,} more" if more > 0 else "")


def _certified(view: View) -> tuple[str, ...]:
    """Return the sentence on the certificates, where the run has them for all parts."""
    if not view.has("certificates") or view.frame("certificates")["certified"].isna().any():
        return ()
    total = numbers.money(float(view.frame("certificates")["certified"].sum()), view.currency)
    return (
        "The alignment has a certificate: the tables certificates and multipliers prove by addition alone that no"
        f" alignment costs less than {total}, and `apportion verify` adds it up again with other code.",
    )


def _certificates(view: View) -> tuple[Grid, ...]:
    if not view.has("certificates"):
        return ()
    return (replace(table_grid(view, "certificates"), caption="Certificates", folded=True),)


def _row(solve: Solve) -> tuple[str, ...]:
    return (
        solve.stage,
        f"{solve.name}, {solve.unit}" if solve.unit else solve.name,
        str(solve.status),
        _value(solve.objective),
        _value(solve.bound),
        numbers.gap(solve.gap),
        numbers.gap(solve.demanded_gap),
        solve.ended_by,
        solve.rests_on if isfinite(solve.certified) else "",
        solve.backend,
    )


def _value(value: float) -> str:
    if not isfinite(value):
        return numbers.NOTHING
    if abs(value) < 1:
        return numbers.short(value)
    return numbers.grouped(value, 2) if abs(value) < 1e6 else numbers.grouped(value)
