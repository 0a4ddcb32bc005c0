"""Worlds of the pipeline: the scenarios whose speed is measured, as text, over fifty seats.

Seats are alike and their leads are their own in THROUGHPUT, so each seat of a year is a sample of its own. In YEAR
everything happens at once.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.inputs import Contracts, Inputs, Opportunities
from engine.measures import Measure, Measures
from tests.worlds import world

SEATS = 50
ACCOUNTS = 5
"""Of a seat."""
DAYS = 365
"""Days of the year 2027, which is planned."""
MEASURES: Measures = {"bookings": Measure(), "deals": Measure(quantity="count")}
OPEN = 8
"""Deals of a seat that are open at the start."""
CONTRACTS = 10
"""Of a seat."""

THROUGHPUT = """
replications: 10000
slots: 10
arrivals: {leads: 3750}
seasonality: {months: [7, 8, 11, 8, 8, 10, 6, 6, 10, 8, 8, 10]}
stages:
- {name: Qualify, advance: 70%, duration: {kind: lognormal, mean: 10, cv: 1}}
- {name: Demo, advance: 60%, duration: {kind: lognormal, mean: 20, cv: 0.8}}
- {name: Propose, advance: 80%, duration: {kind: lognormal, mean: 15, cv: 0.8}}
- {name: Negotiate, advance: 70%, duration: {kind: lognormal, mean: 12, cv: 1.2}}
sizes: {law: {kind: lognormal, mean: 50000, cv: 1}}
"""
"""Fifty seats with ten slots, first in first out, 75 leads a seat and year by a season, four stages; durations and
sizes lognormal. The slots are 70 % at work, and in the busiest months leads wait."""

YEAR = """
replications: 1000
slots: 10
sources:
  inbound: {leads: 1500, spread: new, routing: {to: least_loaded}}
  outbound: {leads: 2250}
seasonality: {months: [7, 8, 11, 8, 8, 10, 6, 6, 10, 8, 8, 10]}
stages:
- {name: Qualify, advance: 70%, duration: {kind: lognormal, mean: 10, cv: 1}}
- name: Demo
  advance: 60%
  duration: {kind: lognormal, mean: 18, cv: 0.8}
  cases: [{tenure_below: 6, days_times: 1.3}]
- {name: Propose, advance: 80%, duration: {kind: lognormal, mean: 14, cv: 0.8}}
- {name: Negotiate, advance: 70%, duration: {kind: lognormal, mean: 10, cv: 1.2}}
sizes: {law: {kind: lognormal, mean: 50000, cv: 1}}
ramp: [30%, 50%, 70%, 90%]
market: {sd: 10%}
processes:
- {kind: resource, name: engineers, units: 115, stages: {Demo: {share: 80%}}}
- {kind: resource, name: deal_desk, units: 10, stages: {Propose: {hold: {kind: exponential, mean: 2}}}}
- {kind: priority, by: source, order: [inbound, outbound]}
- {kind: priority, by: segment, order: [ENT, SMB]}
- {kind: attrition, rates: [{from_month: 0, rate: 30%}, {from_month: 12, rate: 20%}]}
- {kind: backfill, delay: {kind: lognormal, mean: 45, cv: 0.5}}
- {kind: reassignment, deals: reassign, handover_days: 5}
- {kind: rep_factor, sd: 20%, applies_to: wins}
- {kind: renewals, churn: 10%, factor: {kind: lognormal, mean: 1.02, cv: 0.1}, expansions: 0.3,
   expansion: {kind: lognormal, mean: 0.2, cv: 1}}
"""
"""Everything at once: two sources with priorities, two shared resources with queues, people who quit, are followed
after a while and ramp, their deals reassigned, a market and a rep factor, renewals, and the open pipeline."""

STAGE_NAMES = ("Qualify", "Demo", "Propose", "Negotiate")


def throughput(leads: int) -> str:
    """Return THROUGHPUT with more leads a year, a multiple of 375, and as many more slots."""
    more = THROUGHPUT.replace("leads: 3750", f"leads: {leads}")
    return more.replace("slots: 10", f"slots: {leads // 375}")


def seats(count: int = SEATS, accounts: int = ACCOUNTS) -> Inputs:
    """Return `count` seats with `accounts` accounts each, of both segments."""
    total = count * accounts
    inputs = world(total, count)
    owner = np.arange(total, dtype=np.int64) // accounts
    return replace(inputs, accounts=replace(inputs.accounts, owner=owner))


def busy_seats(count: int = SEATS) -> Inputs:
    """Return the seats with an open pipeline, contracts, and people who came at different times."""
    inputs = seats(count)
    since = inputs.calendar.start - np.timedelta64(1, "D") * (20 + 97 * np.arange(count) % 1500)
    return replace(
        inputs,
        spells=replace(inputs.spells, start=since.astype("datetime64[D]")),
        pipeline=_open(inputs),
        contracts=_contracts(inputs),
    )


def _open(inputs: Inputs) -> Opportunities:
    """Return open deals in all stages, of all ages up to ninety days."""
    place = np.arange(OPEN * len(inputs.reps))
    rep = place // OPEN
    created = inputs.calendar.start - np.timedelta64(1, "D") * (1 + 37 * place % 90)
    entered = inputs.calendar.start - np.timedelta64(1, "D") * (1 + (37 * place % 90) // 2)
    return Opportunities(
        id=tuple(f"O{k:05d}" for k in place),
        account=rep * ACCOUNTS,
        rep=rep,
        product=place % 2,
        stage=tuple(STAGE_NAMES[k % len(STAGE_NAMES)] for k in place),
        outcome=np.full(len(place), -1, dtype=np.int8),
        created=created.astype("datetime64[D]"),
        entered=entered.astype("datetime64[D]"),
        closed=np.full(len(place), np.datetime64("NaT", "D")),
        amount=np.where(place % 3 == 0, -1, 2_000_000 + 10_000 * place),
    )


def _contracts(inputs: Inputs) -> Contracts:
    """Return contracts of a year that renew all over the year."""
    place = np.arange(CONTRACTS * len(inputs.reps))
    return Contracts(
        id=tuple(f"C{k:05d}" for k in place),
        account=place // CONTRACTS * ACCOUNTS,
        rep=np.full(len(place), -1, dtype=np.int64),
        product=place % 2,
        amount=1_000_000 + 5_000 * place,
        renews=(inputs.calendar.start + np.timedelta64(1, "D") * (29 * place % DAYS)).astype("datetime64[D]"),
        months=np.full(len(place), 12, dtype=np.int64),
    )
