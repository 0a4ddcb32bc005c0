"""Why, in words: each account of a plan with its next best territories, what they cost and what stands against them.

Nothing is taken from the plan but who owns what: changes, rules and multipliers are computed again.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, isnan

import numpy as np

from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import FloatArray, Inputs, IntArray
from engine.progress import Silent
from engine.territory.geography.distance import homes_of
from engine.territory.problem import gather
from engine.territory.solving.search import Answer, Search
from engine.territory.solving.whole import held_at
from engine.territory.spec import TerritorySpec
from engine.territory.study import Study
from engine.territory.why.answers import NextBest, next_best

COLUMNS = 80
FIRST = 5
"""Moved accounts explained when none is named: those of the greatest potential."""


@dataclass(frozen=True)
class Planned:
    """A plan as it was read back."""

    inputs: Inputs
    spec: TerritorySpec
    rep_of: IntArray
    """Seat of each account, shape (account,)."""
    cost: float
    """Currency units."""
    bound: float
    """Proven bound on the cost of every plan."""


def explain(read: Planned, names: Sequence[str] = (), count: int | None = None) -> Iterator[str]:
    """Yield lines of at most 80 columns that say why accounts sit where they sit.

    `names` are ids of accounts; without any, the moved accounts of the greatest potential are explained. `count` is
    the number of next best territories; that of the scenario unless given.

    Raises:
        BadInput: an account is unknown.

    """
    from engine.territory.why.multipliers import multipliers

    accounts = _accounts(read, names)
    problem = held_at(gather(read.inputs, read.spec), read.rep_of)
    search = Search(read.spec.solver.backend, 0.0, None, inf, 0, Silent())
    study = Study(read.inputs, read.spec, problem, read.rep_of, read.cost, read.bound, search, _unasked)
    priced = multipliers(study)
    found = list(next_best(problem, read.rep_of, accounts, count or read.spec.explain.next, priced))
    bound = read.bound if priced is None else max(read.bound, priced.priced.bound)
    currency = read.inputs.currency
    yield from _wrapped(
        f"The plan costs {currency} {read.cost:,.0f} a year; no plan costs less than {bound:,.0f}. Each line below "
        "moves one account alone and leaves all others where they are.",
        "",
    )
    for account in accounts.tolist():
        yield ""
        proof = -inf if priced is None else priced.priced.bound
        yield from _account(read, [one for one in found if one.account == account], proof)


def _unasked(problem: object, search: Search) -> Answer:
    raise AssertionError("nothing is solved again to explain a plan")


def _accounts(read: Planned, names: Sequence[str]) -> IntArray:
    accounts = read.inputs.accounts
    place = {account: i for i, account in enumerate(accounts.id)}
    lost = [name for name in names if name not in place]
    if lost:
        raise BadInput(
            Fault("E_REFERENCE", f"no account has the id '{name}'.", did_you_mean(name, accounts.id))
            for name in lost
        )
    if names:
        return np.array([place[name] for name in dict.fromkeys(names)], dtype=np.int64)
    gone = np.flatnonzero((accounts.owner >= 0) & (accounts.owner != read.rep_of))
    return gone[np.argsort(-accounts.potential[gone], kind="stable")][:FIRST]


def _account(read: Planned, found: Sequence[NextBest], proof: float) -> Iterator[str]:
    inputs, account = read.inputs, found[0].account
    rep, owner = int(read.rep_of[account]), int(inputs.accounts.owner[account])
    seats, km = inputs.reps.id, homes_of(inputs, account)
    before = "nobody held it before" if owner < 0 else f"moved from {seats[owner]}"
    kept = "as before" if owner == rep else before
    named = f"{inputs.accounts.id[account]} ({inputs.accounts.name[account]})"
    yield from _wrapped(f"{named} sits with {seats[rep]}{_away(km[rep])}, {kept}.", "")
    for one in found:
        yield from _wrapped(_sentence(read, one, km, proof), "  ")


def _sentence(read: Planned, one: NextBest, km: FloatArray, proof: float) -> str:
    """Say what the move changes, what it breaks, and what is proved of every plan with the pair.

    `proof` is the bound of the multipliers, currency units.
    """
    if one.rep < 0:
        words = "; ".join(one.breaks)
        return f"{words[:1].upper()}{words[1:]}."
    currency = read.inputs.currency
    change = f"{'+' if one.change >= 0 else '-'}{abs(one.change):,.0f} {currency} a year"
    words = f"{one.rank}. {read.inputs.reps.id[one.rep]}{_away(km[one.rep])}: {change}"
    words += f", but it {_listed(one.breaks)}." if one.breaks else ", and every rule would still hold."
    least = proof + one.beyond
    if not isnan(one.beyond) and least > read.cost:
        words += f" Proved: every plan with it costs at least {least - read.cost:,.0f} more, whatever else changes."
    return words


def _listed(phrases: Sequence[str]) -> str:
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " and " + phrases[-1]


def _away(km: float) -> str:
    return "" if isnan(km) else f", {km:,.0f} km away"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent + "   " * bool(indent),
        break_on_hyphens=False,
    )
