"""Settle: simulated credits turned into pay, streamed over people and blocks of replications.

Pay belongs to the person in the seat. A spell gets the credit of its seat in the periods in which it holds the
seat, and in a period of change what closes on its days (see `engine.comp.held`). What a vacant seat books pays nobody.

The work falls into teams (some people of one plan) and blocks of replications. The rules of a team are recorded once
and the kernel runs them over each block, in threads (see `engine.comp.tape`); a rule that it lacks is settled by
`Fast`, with the same result. Where rules of a plan look at single deals or at days, those of a few replications at a
time are made again for it, used and dropped; all credit of such a plan is that of the deals which closed on people's
days in seat, so nothing is cut. Every paid amount is a whole number of minor units, so sums are exact in float64 and
come out the same for any size of team or block, in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.comp import opening
from engine.comp.audit import violations
from engine.comp.checker import checks
from engine.comp.component import Component, paid
from engine.comp.fast import Fast
from engine.comp.faults import demand
from engine.comp.given import Given
from engine.comp.ledger import Ledger
from engine.comp.payouts import Payouts
from engine.comp.spec import CompSpec, Plan
from engine.comp.tables import tables
from engine.comp.tape import kernel
from engine.comp.tape.graph import Graph
from engine.comp.tape.program import Program, program
from engine.comp.tape.recorded import Recorded, Unrecordable
from engine.comp.typical import typical
from engine.comp.year import Year
from engine.errors import Fault, VerificationFailed
from engine.inputs import FloatArray, Inputs, IntArray
from engine.measures import DEFAULT, Measures
from engine.pipeline.bookings import Bookings
from engine.progress import Progress, Silent
from engine.quota.quotas import Quotas

BLOCK = 512
"""Replications of a block."""
BLOCK_CELLS = 1 << 16
"""(replication, spell, period) cells of a block that `Fast` settles: half a megabyte a quantity, to stay in cache."""
TEAM_BYTES = 1 << 27
"""Bytes of pay held at a time, before it is reduced."""


@dataclass(frozen=True)
class Team:
    """Some people of one plan, settled together."""

    plan: str
    block: Plan
    spells: IntArray
    """Who is settled."""
    kept: slice
    """Those of them whose pay is kept; the others are there because what they do bears on it."""

    @property
    def parts(self) -> list[Component]:
        """Components of variable pay."""
        return [part for part in self.block.components if not part.fixed]

    @property
    def fixed(self) -> list[Component]:
        """Components of fixed pay."""
        return [part for part in self.block.components if part.fixed]

    @property
    def measures(self) -> list[str]:
        """Measures that its components look at."""
        return sorted({measure for part in self.block.components for measure in part.measures()})


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
        measures: what each measure counts, to find its quota.

    Raises:
        BadInput: a spell with an unknown plan, a plan that needs single deals where bookings are known by period, ...
        VerificationFailed: a plain re-computation contradicts the result.

    """
    told = progress or Silent()
    known = bookings.again is not None
    quotas = quotas.measured(measures, inputs.products.id)
    demand(inputs, spec, quota_measures=(quotas.measure, *quotas.single), deals=known, days=known)
    opening.demand(inputs.owed, inputs, spec)
    given = Given.of(inputs, bookings, quotas, spec, workers)
    ledger = settled(given, workers, told)
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
    wrong = violations(inputs, bookings, quotas, spec, payouts, ledger.loading)
    if wrong:
        raise VerificationFailed(Fault("V_COMP", sentence) for sentence in wrong)
    return replace(payouts, tables=tables(Year(given, ledger), payouts, usual, found))


def settled(given: Given, workers: int, progress: Progress, *, people: bool = True) -> Ledger:
    """Return what everybody is paid, summed; with what each person may expect where `people` asks for it."""
    inputs, spec = given.inputs, given.spec
    ledger = Ledger.empty(inputs, spec, given.bookings.replications)
    count = sum(plan in spec.plans for plan in inputs.spells.plan)
    if count < len(inputs.spells):
        progress.warn(f"{len(inputs.spells) - count} people have no comp plan and cost nothing here.")
    done = 0
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        for team in teams(inputs, spec, given.bookings.replications if people or spec.on_costs else 0):
            _settle_team(team, given, ledger, pool, people)
            done += team.spells[team.kept].size
            progress.update(f"{done} of {count} people settled", done / count)
    return ledger


def teams(inputs: Inputs, spec: CompSpec, replications: int) -> Iterator[Team]:
    """Yield teams small enough that what is held of their pay, so many replications, fits `TEAM_BYTES`.

    Where what one earns depends on others of the plan, every team settles them all and keeps some.
    """
    for name, block in spec.plans.items():
        spells = np.array([i for i, plan in enumerate(inputs.spells.plan) if plan == name], dtype=np.int64)
        each = 8 * replications * inputs.calendar.periods * len(block.components)
        size = max(TEAM_BYTES // each, 1) if each else max(spells.size, 1)
        together = any(part.together for part in block.components)
        for start in range(0, spells.size, size):
            some = slice(start, start + size)
            yield (
                Team(name, block, spells, some) if together else Team(name, block, spells[some], slice(None))
            )


def _settle_team(team: Team, given: Given, ledger: Ledger, pool: ThreadPoolExecutor, people: bool) -> None:
    kept, count = team.spells[team.kept], given.bookings.replications
    shape = (kept.size, given.inputs.calendar.periods)
    held = people or bool(given.spec.on_costs)
    lines = np.empty((len(team.parts) if held else 0, *shape, count))
    run = partial(_runner(team, given), ledger.cell[kept], ledger.pay, lines)
    list(pool.map(run, (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))))
    if people:
        ledger.take(kept, [part.label for part in team.parts], lines)
    salary = np.zeros(shape)
    for label, amount in paid(
        team.fixed, given.book(team.block, team.spells, Fast, {}), team.block.pay
    ).items():
        assert isinstance(amount, Fast)
        ledger.take_fixed(kept, label, amount.values[team.kept])
        salary += amount.values[team.kept]
    if held:
        ledger.loading.take(kept, lines.sum(axis=0).transpose(2, 0, 1), salary)


def _runner(team: Team, given: Given) -> Callable[[IntArray, FloatArray, FloatArray, slice], None]:
    """Return what pays a block of replications: the kernel, where sums by period and person are all that is needed."""
    if given.by_deal(team.block) or any(part.together or part.teams for part in team.parts):
        return partial(_fast, team, given)
    try:
        return partial(_compiled, _recorded(team, given), _credit(team, given))
    except Unrecordable:
        return partial(_fast, team, given)


def _recorded(team: Team, given: Given) -> Program:
    """Record what the variable components of a team pay."""
    graph = Graph((team.spells.size, given.inputs.calendar.periods))

    def known(values: IntArray) -> Recorded:
        return Recorded(graph, Fast(values))

    credits = {name: Recorded.credit(graph, m) for m, name in enumerate(team.measures)}
    amounts = paid(team.block.components, given.book(team.block, team.spells, known, credits), team.block.pay)
    pays = [amounts[part.label] for part in team.parts]
    return program(graph, [amount.place for amount in pays if isinstance(amount, Recorded)])


def _credit(team: Team, given: Given) -> kernel.Credit:
    """Return where the credit of a team comes from."""
    known, bookings = given.known, given.bookings
    order = np.argsort(known.head, kind="stable")
    low = np.searchsorted(known.head[order], team.spells)
    high = np.searchsorted(known.head[order], team.spells, side="right")
    sources = np.concatenate([order[a:b] for a, b in zip(low, high, strict=True)])
    return kernel.Credit(
        np.asarray(bookings.cube),
        np.array([bookings.measures.index(name) for name in team.measures], dtype=np.int64),
        np.concatenate([[0], np.cumsum(high - low)]),
        known.rep[sources],
        given.held.place[sources],
        given.held.parts,
    )


def _compiled(
    pay: Program,
    credit: kernel.Credit,
    cells: IntArray,
    sums: FloatArray,
    lines: FloatArray,
    block: slice,
) -> None:
    """Pay a block of replications with the kernel."""
    kernel.run(pay, credit, cells, block.start, block.stop, sums, lines)


def _fast(
    team: Team, given: Given, cells: IntArray, sums: FloatArray, lines: FloatArray, block: slice
) -> None:
    """Pay a block of replications with arrays, a few at a time."""
    looked_at = len(given.inputs.spells) if any(part.teams for part in team.parts) else team.spells.size
    size = max(BLOCK_CELLS // (looked_at * given.inputs.calendar.periods), 1)
    for start in range(block.start, block.stop, size):
        few = slice(start, min(start + size, block.stop))
        amounts = paid(team.block.components, given.simulated(team.block, team.spells, few), team.block.pay)
        for k, part in enumerate(team.parts):
            amount = amounts[part.label]
            assert isinstance(amount, Fast)
            values = np.broadcast_to(amount.values, (few.stop - few.start, *amount.values.shape[-2:]))
            by_person = values.transpose(1, 2, 0)[team.kept]
            for cell in np.unique(cells):
                sums[cell, :, few] += by_person[cells == cell].sum(axis=0)
            if lines.size:
                lines[k, ..., few] = by_person


def attainment(bookings: Bookings, quotas: Quotas) -> NDArray[np.float32]:
    """Return credit over quota of each seat in the whole plan, shape (replication, rep); NaN without a quota."""
    credit = bookings.measure(quotas.measure).sum(axis=2)
    quota = quotas.by_period.sum(axis=1)
    share = credit / np.where(quota > 0, quota, 1)
    return np.where(quota > 0, share, np.nan).astype(np.float32)
