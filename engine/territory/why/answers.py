"""Why an account sits where it sits: its next best territories, what they would cost, and what stands against them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from engine.columns import Column, Table
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.geography.distance import homes_of
from engine.territory.plain_rows import in_currency, table_of
from engine.territory.problem import Problem
from engine.territory.why.breaks import Breaks, said
from engine.territory.why.moves import changes, ranked
from engine.territory.why.multipliers import Multipliers
from engine.territory.why.spec import ExplainSpec

COLUMNS = (
    Column("account", "text", "Id of the account"),
    Column("name", "text", "Name of the account"),
    Column("rep", "text", "Seat that owns the account"),
    Column("km", "real", "Distance from that seat's home; blank where unknown", "km"),
    Column("rank", "whole", "1 for the next best territory"),
    Column("alternative", "text", "Another seat that may own it; blank where the rules leave none"),
    Column("alternative_km", "real", "Distance from the alternative's home; blank where unknown", "km"),
    Column("change", "real", "Change of the plan's cost when this account alone is moved there", "currency"),
    Column("beyond_bound", "real", "Least that a plan with this pair costs beyond the bound", "currency"),
    Column("breaks", "text", "What stands against the move alone; blank when every rule would still hold"),
)


@dataclass(frozen=True)
class NextBest:
    """One alternative of one account."""

    account: int
    rank: int
    rep: int
    """-1 where the rules leave no other seat."""
    change: float
    """Currency units; NaN without an alternative."""
    beyond: float
    """Currency units beyond the bound of the multipliers; NaN without them."""
    breaks: tuple[str, ...]


def chosen(inputs: Inputs, explain: ExplainSpec, rep_of: IntArray) -> IntArray:
    """Return the accounts to be explained."""
    if explain.which == "all":
        return np.arange(len(rep_of))
    if explain.which == "named":
        place = {account: i for i, account in enumerate(inputs.accounts.id)}
        return np.array([place[name] for name in explain.accounts], dtype=np.int64)
    if explain.which == "none":
        return np.empty(0, dtype=np.int64)
    owner = inputs.accounts.owner
    return np.flatnonzero((owner >= 0) & (owner != rep_of))


def next_best(
    problem: Problem, rep_of: IntArray, accounts: IntArray, count: int, found: Multipliers | None
) -> Iterator[NextBest]:
    """Yield the `count` seats that change the cost least, for each account in turn."""
    change = changes(problem, rep_of, accounts)
    order = ranked(change, rep_of[accounts], count)
    breaks = Breaks(problem, rep_of)
    for place, (account, seats) in enumerate(zip(accounts.tolist(), order.tolist(), strict=True)):
        there = [seat for seat in seats if seat >= 0]
        if not there:
            yield NextBest(account, 1, -1, nan, nan, (forbidding(problem, account),))
        beyond = _beyond(found, account, there)
        for rank, (seat, least) in enumerate(zip(there, beyond, strict=True), start=1):
            words = tuple(breaks.words(account, seat))
            yield NextBest(account, rank, seat, float(change[place, seat]), least, words)


def _beyond(found: Multipliers | None, account: int, seats: Sequence[int]) -> list[float]:
    if found is None:
        return [nan] * len(seats)
    rep = np.array(seats, dtype=np.int64)
    taken: FloatArray = found.beyond(np.full(len(rep), account), rep)
    return [float(value) for value in taken]


def forbidding(problem: Problem, account: int) -> str:
    """Return the words that say why no other seat may own an account."""
    titles = [said(rule.title) for rule in problem.forbidden if rule.what.pairs[account].any()]
    return (
        f"no other seat may own it ({', '.join(dict.fromkeys(titles))})"
        if titles
        else "there is no other seat"
    )


def table(inputs: Inputs, rep_of: IntArray, found: Sequence[NextBest], priced: Multipliers | None) -> Table:
    """Return the table `why`."""
    km = {account: homes_of(inputs, account) for account in dict.fromkeys(one.account for one in found)}
    accounts, seats = inputs.accounts, inputs.reps.id
    rows = [
        (
            accounts.id[one.account],
            accounts.name[one.account],
            seats[rep_of[one.account]],
            km[one.account][rep_of[one.account]],
            one.rank,
            seats[one.rep] if one.rep >= 0 else "",
            km[one.account][one.rep] if one.rep >= 0 else nan,
            one.change,
            one.beyond,
            "; ".join(one.breaks),
        )
        for one in found
    ]
    words = "Next best territories of accounts"
    if priced is not None:
        words += f"; beyond_bound is above {priced.priced.bound:,.2f}, the bound of the multipliers"
    return table_of("why", in_currency(COLUMNS, inputs.currency), rows, words)
