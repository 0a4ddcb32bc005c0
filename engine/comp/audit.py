"""Audit: a few replications paid again, one person and period at a time, in fractions.

Independent of the stage's own arithmetic (see `engine.comp.auditor`). Both sides work on the same whole credits; where
single deals or days in seat matter, on the same won deals, which are credited here by a plain look at who held the seat
on the day.
Each rounding point of the fast path may differ by one minor unit, when a value lies within float error of a tie; that,
and no more, is granted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from engine.comp.auditor import Auditor
from engine.comp.carry import heads
from engine.comp.clocked import Clocked
from engine.comp.exact import Rows
from engine.comp.loading import Loading
from engine.comp.opening import opening
from engine.comp.payouts import Payouts
from engine.comp.plain.oncosts import owed_otherwise
from engine.comp.received import violations as received
from engine.comp.resold import said
from engine.comp.spec import CompSpec
from engine.comp.terms import in_year
from engine.inputs import FloatArray, Inputs, IntArray
from engine.pipeline.bookings import Bookings, WonDeals
from engine.quota.quotas import Quotas

EFFORT = 20_000
"""(replication, spell, period) cells that an audit pays again, about; at least one replication."""
REPLICATIONS = 3


def violations(
    inputs: Inputs,
    bookings: Bookings,
    quotas: Quotas,
    spec: CompSpec,
    payouts: Payouts,
    loading: Loading | None = None,
) -> list[str]:
    """Return what is wrong with finished payouts and their on-costs, one sentence each; empty when all is well."""
    return [*_totals(bookings, payouts), *_paid_again(inputs, bookings, quotas, spec, payouts, loading)]


def _totals(bookings: Bookings, payouts: Payouts) -> Iterator[str]:
    if payouts.cost.shape[0] != bookings.replications:
        yield f"cost has {payouts.cost.shape[0]} replications, bookings have {bookings.replications}"
        return
    if not np.isfinite(payouts.cost).all() or not np.isfinite(payouts.variable).all():
        yield "a cost is not a finite number"
    if (payouts.cost != np.rint(payouts.cost)).any() or (payouts.variable != np.rint(payouts.variable)).any():
        yield "a cost is no whole number of minor units"
    salary = payouts.cost - payouts.variable
    if (salary != salary[:1]).any():
        yield "cost less variable pay is salary, and differs between replications"


def _paid_again(
    inputs: Inputs,
    bookings: Bookings,
    quotas: Quotas,
    spec: CompSpec,
    payouts: Payouts,
    loading: Loading | None,
) -> Iterator[str]:
    waits = spec.release == "cash" and bookings.pays
    by_deal = bookings.again is not None and (
        _partly(inputs)
        or any(
            spec.plans[plan].by_deal(inputs.calendar, bookings.cash, waits=waits) for plan in payouts.plans
        )
    )
    before = opening(
        inputs.owed, inputs, spec, heads(inputs.spells, in_year(inputs.calendar, inputs), spec.carry)
    )
    auditor = Auditor(inputs, quotas.by_period, quotas.single, spec, before, quotas.parts)
    for r in _chosen(len(inputs.spells) * inputs.calendar.periods, bookings.replications):
        seats = {name: bookings.measure(name)[r] for name in bookings.measures}
        won = bookings.deals(np.array([r])) if by_deal else None
        payer = None
        if won is not None:
            yield from (f"replication {r}: {sentence}" for sentence in received(inputs, bookings, r, won))
            rows = credited(inputs, won)
            rows = replace(rows, due=_due(inputs, won)[rows.deal]) if waits else rows
            payer = Clocked(inputs, quotas.by_period, quotas.single, spec, rows, before, quotas.parts)
            payer.cash, payer.shares = bookings.cash, quotas.parts
        slack = 0
        for k, plan in enumerate(payouts.plans):
            if payer is not None:
                again = payer.plan(plan, payer.seller)
            else:
                again = auditor.plan(plan, partial(auditor.person, seats=seats))
            for sentence in _differences(inputs, payouts.cost[r, :, k], payouts.variable[r, :, k], again):
                yield f"plan {plan}, replication {r}, {sentence}"
            slack += int(np.abs(payouts.cost[r, :, k] - np.sum(again[:2], axis=0)).sum())
        if loading is not None and loading.costs:
            paid = auditor.paid if payer is None else payer.paid
            yield from owed_otherwise(inputs, loading, r, paid, slack)


def _partly(inputs: Inputs) -> bool:
    """Say whether somebody comes or goes within a period of the plan."""
    starts, ends = inputs.spells.start.tolist(), inputs.spells.end.tolist()
    edges = inputs.calendar.edges.tolist()
    changes = {day for day in (*starts, *ends) if day is not None and edges[0] < day < edges[-1]}
    return not changes <= set(edges)


def _chosen(cells: int, replications: int) -> list[int]:
    """Return the replications that are paid again, evenly spaced, given the (spell, period) cells of one."""
    count = min(max(EFFORT // max(cells, 1), 1), REPLICATIONS, replications)
    return [int(r) for r in np.unique(np.linspace(0, max(replications - 1, 0), count).astype(int))]


def credited(inputs: Inputs, won: WonDeals) -> Rows:
    """Return the won deals of one replication, each credited to whoever held its seat on the day that decides it."""
    spells = inputs.spells
    deal, spell = [], []
    for number, (seat, day) in enumerate(zip(won.seat.tolist(), won.held, strict=True)):
        for one in np.flatnonzero(spells.rep == seat).tolist():
            if spells.start[one] <= day and (np.isnat(spells.end[one]) or day < spells.end[one]):
                deal.append(number)
                spell.append(one)
    chosen = np.array(deal, dtype=np.int64)
    credit = {name: values[chosen] for name, values in won.credit.items()}
    labels = {name: column.take(chosen) for name, column in said(inputs, won).items()}
    return Rows(
        np.array(spell, dtype=np.int64),
        won.period[chosen],
        credit,
        won.day[chosen],
        chosen,
        credit,
        labels=labels,
    )


def _due(inputs: Inputs, won: WonDeals) -> IntArray:
    """Return the period in which the customer pays each deal, -1 after the plan; that of a payment is its own."""
    assert won.paid is not None
    edges, found = inputs.calendar.edges.tolist(), []
    for day, period in zip(won.paid.tolist(), won.period.tolist(), strict=True):
        inside = [p for p, after in enumerate(edges[1:]) if day is None or day < after]
        found.append(period if day is None else inside[0] if inside else -1)
    return np.array(found, dtype=np.int64)


def _differences(
    inputs: Inputs, cost: FloatArray, variable: FloatArray, again: tuple[list[int], list[int], int]
) -> Iterator[str]:
    """Yield where cost and variable pay of a plan, by period, are not what was paid again."""
    fixed, earned, points = again
    for p, label in enumerate(inputs.calendar.labels):
        for what, ours, other, slack in (
            ("salary", int(cost[p] - variable[p]), fixed[p], 0),
            ("variable pay", int(variable[p]), earned[p], points),
        ):
            if abs(ours - other) > slack:
                yield f"{label}: {what} is {ours} minor units, paid again it is {other}"
