"""Settle: simulated credits turned into pay, streamed over people and blocks of replications.

Pay belongs to the person in the seat. A spell gets the credit of its seat in the periods in which it holds the
seat; in a period of change, credit and quota are cut by days. What a vacant seat books pays nobody.

The work falls into teams (some people of one plan) and blocks of replications; each (team, block) is settled by
itself, in threads. Every paid amount is a whole number of minor units, so sums are exact in float64 and
come out the same for any size of team or block, in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.comp.actual import as_it_stands
from engine.comp.audit import violations
from engine.comp.book import Book
from engine.comp.checker import checks
from engine.comp.component import Component, paid
from engine.comp.fast import Fast
from engine.comp.faults import demand
from engine.comp.given import Given
from engine.comp.ledger import Ledger
from engine.comp.payouts import Payouts
from engine.comp.spec import CompSpec, Plan
from engine.comp.tables import tables
from engine.comp.typical import typical
from engine.comp.year import Year
from engine.errors import Fault, VerificationFailed
from engine.inputs import FloatArray, Inputs, IntArray
from engine.measures import DEFAULT, Measures
from engine.pipeline.bookings import Bookings
from engine.progress import Progress, Silent
from engine.quota.quotas import Quotas

BLOCK_CELLS = 1 << 16
"""(replication, spell, period) cells of a block: half a megabyte a quantity, so that blocks stay in cache."""
TEAM_BYTES = 1 << 27
"""Bytes of pay held at a time, before it is reduced."""


@dataclass(frozen=True)
class Team:
    """Some people of one plan, settled together."""

    plan: str
    block: Plan
    spells: IntArray


def settle(
    inputs: Inputs,
    bookings: Bookings,
    quotas: Quotas,
    spec: CompSpec,
    *,
    seed: int = 0,
    workers: int = 1,
    progress: Progress | None = None,
    measures: Measures = DEFAULT,
) -> Payouts:
    """Turn simulated credits into pay.

    Args:
        inputs: calendar, currency, seats and spells.
        bookings: credit by (replication, rep, period, measure).
        quotas: quota by (rep, product, period).
        spec: the plans.
        seed: of no account; pay draws nothing.
        workers: threads; the result is the same for any number.
        progress: where to tell how far it is.
        measures: what each measure counts, to credit deals that are closed already.

    Raises:
        BadInput: a spell with an unknown plan, a plan that needs single deals, ...
        VerificationFailed: a plain re-computation contradicts the result.

    """
    told = progress or Silent()
    demand(inputs, spec, quota_measure=quotas.measure)
    given = Given.of(inputs, bookings, quotas, spec)
    ledger = _ledger(given, workers, told)
    usual = {name: typical(inputs, bookings, quotas, spec, name) for name in spec.plans}
    found = checks(inputs, spec, usual)
    for check in found:
        if not check.passed:
            told.warn(check.message)
    payouts = Payouts(
        cost=ledger.salary[None] + ledger.variable,
        variable=ledger.variable,
        plans=tuple(spec.plans),
        attainment=attainment(bookings, quotas),
        tables=(),
    )
    wrong = violations(inputs, bookings, quotas, spec, payouts)
    if wrong:
        raise VerificationFailed(Fault("V_COMP", sentence) for sentence in wrong)
    year = Year(given, ledger)
    now = _as_it_stands(year, measures, workers)
    return replace(payouts, tables=tables(year, now, payouts, usual, found))


def _as_it_stands(year: Year, measures: Measures, workers: int) -> Year:
    """Settle the year again with what was booked by `as_of` in it; the same year where nothing is known."""
    known = as_it_stands(year.given.inputs, year.given.bookings, measures, year.given.spec.rounding)
    if known is None:
        return year
    given = replace(year.given, bookings=known)
    return Year(given, _ledger(given, workers, Silent()))


def _ledger(given: Given, workers: int, progress: Progress) -> Ledger:
    inputs, spec = given.inputs, given.spec
    ledger = Ledger.empty(inputs, spec, given.bookings.replications)
    people = sum(plan in spec.plans for plan in inputs.spells.plan)
    if people < len(inputs.spells):
        progress.warn(f"{len(inputs.spells) - people} people have no comp plan and cost nothing here.")
    settled = 0
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        for team in teams(inputs, spec, given.bookings.replications):
            _settle_team(team, given, ledger, pool)
            settled += team.spells.size
            progress.update(f"{settled} of {people} people settled", settled / people)
    return ledger


def teams(inputs: Inputs, spec: CompSpec, replications: int) -> Iterator[Team]:
    """Yield teams small enough that their pay fits `TEAM_BYTES`."""
    for name, block in spec.plans.items():
        spells = np.array([i for i, plan in enumerate(inputs.spells.plan) if plan == name], dtype=np.int64)
        each = 8 * replications * inputs.calendar.periods * len(block.components)
        size = max(TEAM_BYTES // max(each, 1), 1)
        for start in range(0, spells.size, size):
            yield Team(name, block, spells[start : start + size])


def _settle_team(team: Team, given: Given, ledger: Ledger, pool: ThreadPoolExecutor) -> None:
    shape = (team.spells.size, given.inputs.calendar.periods)
    count = given.bookings.replications
    parts = [part for part in team.block.components if not part.fixed]
    pay = np.empty((len(parts), count, *shape))

    def fill(block: slice) -> None:
        amounts = _paid(team.block.components, given.book(team.block, team.spells, block), team)
        for i, part in enumerate(parts):
            pay[i, block] = amounts[part.label]

    step = max(BLOCK_CELLS // (shape[0] * shape[1]), 1)
    blocks = [slice(start, min(start + step, count)) for start in range(0, count, step)]
    list(pool.map(fill, blocks))
    ledger.take(team.plan, team.spells, [part.label for part in parts], pay)
    fixed = [part for part in team.block.components if part.fixed]
    salary = np.zeros(shape)
    for label, amount in _paid(fixed, given.book(team.block, team.spells, slice(0, 0)), team).items():
        ledger.take_fixed(team.plan, team.spells, label, amount)
        salary += amount
    variable = pay.sum(axis=0)
    ledger.sums.take(team.spells, variable, salary)
    ledger.loading.take(team.spells, variable, salary)


def _paid(parts: Sequence[Component], book: Book, team: Team) -> dict[str, FloatArray]:
    amounts = paid(parts, book, team.block.pay)
    return {label: amount.values for label, amount in amounts.items() if isinstance(amount, Fast)}


def attainment(bookings: Bookings, quotas: Quotas) -> NDArray[np.float32]:
    """Return credit over quota of each seat in the whole plan, shape (replication, rep); NaN without a quota."""
    credit = bookings.measure(quotas.measure).sum(axis=2)
    quota = quotas.by_period.sum(axis=1)
    share = credit / np.where(quota > 0, quota, 1)
    return np.where(quota > 0, share, np.nan).astype(np.float32)
