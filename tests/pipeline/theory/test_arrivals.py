"""5.5 Arrivals are a Poisson process with a rate that changes: counts Poisson, and given their number independent
instants with the density of the rate, so that the share of the rate up to each is uniform."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.inputs import FloatArray
from engine.pipeline.layout import TICKS
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import Simulated, simulated
from tests.pipeline.theory.worlds import MONTHS
from tests.worlds import world

pytestmark = pytest.mark.slow

THEORY = Section("5.5")
WEIGHTS = [3, 1, 1, 2, 0, 1, 1, 1, 1, 1, 5, 1]
LEADS = 90
TEXT = f"""
slots: 10000
arrivals: {{leads: {LEADS}}}
seasonality: {{months: {WEIGHTS}}}
stages: [{{name: Work, advance: 1, duration: {{kind: fixed, value: 0}}}}]
sizes: {{law: {{kind: fixed, value: 1}}}}
processes: [{{kind: demand, start: 2027-11-01, end: 2027-11-16, factor: 2}}]
"""
"""The shock doubles the first half of November, whose weight is thereby 7.5."""


def expected() -> FloatArray:
    """Leads by month."""
    weights = np.array(WEIGHTS, dtype=np.float64)
    leads: FloatArray = LEADS * weights / weights.sum()
    leads[10] *= 1.5
    return leads


@pytest.fixture(scope="module")
def done() -> Simulated:
    """Two thousand years."""
    return simulated(TEXT, world(6, 2), 2_000)


def test_counts_are_poisson_and_independent(done: Simulated) -> None:
    edges = np.concatenate(([0], np.cumsum(MONTHS)))
    month = np.searchsorted(edges, done.line["arrival"] / TICKS, side="right") - 1
    counts = [done.total(month == k) for k in range(12)]
    for k, mean in enumerate(expected()):
        if mean:
            THEORY.mean(f"mean of leads in month {k + 1}", float(mean), counts[k])
            THEORY.variance(f"variance of leads in month {k + 1}", float(mean), counts[k])
        else:
            THEORY.equal(f"leads in month {k + 1}", 0.0, float(counts[k].sum()))
    THEORY.uncorrelated("corr(leads of January, of November)", counts[0], counts[10])
    THEORY.variance("variance of leads of the year", float(expected().sum()), done.total(month >= 0))


def test_given_their_number_instants_are_independent_with_the_density_of_the_rate(done: Simulated) -> None:
    leads = expected()
    rate = np.repeat(leads / MONTHS, MONTHS)
    rate[304:334] = np.where(np.arange(30) < 15, 2, 1) * (leads[10] / 45)
    share = np.concatenate(([0], np.cumsum(rate))) / leads.sum()
    levels = np.interp(done.line["arrival"] / TICKS, np.arange(366), share)
    found = stats.kstest(levels, "uniform")
    THEORY.fits("KS of the share of the rate up to each lead", float(found.statistic), float(found.pvalue))
    # From one lead to the next of the same replication, in the order of keys: no dependence.
    same = done.line_of[1:] == done.line_of[:-1]
    THEORY.uncorrelated("corr(instants of two leads)", levels[1:][same], levels[:-1][same])


def test_the_time_to_the_next_lead_is_exponential(done: Simulated) -> None:
    """From the start of February, in days times the rate; cut off where February ends."""
    begin, days = int(MONTHS[0]), int(MONTHS[1])
    rate = expected()[1] / days
    after = np.where(done.line["arrival"] >= begin * TICKS, done.line["arrival"], np.iinfo(np.int64).max)
    first = np.full(done.count, np.iinfo(np.int64).max)
    np.minimum.at(first, done.line_of, after)
    within = first < (begin + days) * TICKS
    found = stats.kstest((first[within] / TICKS - begin) * rate, stats.truncexpon(b=days * rate).cdf)
    THEORY.fits("KS of the time to the next lead", float(found.statistic), float(found.pvalue))
    THEORY.mean("P(no lead in February)", float(np.exp(-days * rate)), 1.0 - within)


def test_leads_follow_potential_and_segment() -> None:
    inputs = world(6, 6)
    share = inputs.accounts.potential / inputs.accounts.potential.sum()
    stage = "stages: [{name: Work, advance: 1, duration: {kind: fixed, value: 0}}]\n"
    done = simulated("arrivals: {leads: 60, spread: potential}\n" + stage, inputs, 2_000)
    for account in range(6):
        mine = done.total(done.line["account"] == account)
        THEORY.mean(f"leads of account {account + 1}, by potential", float(60 * share[account]), mine)
    done = simulated("arrivals: {by_segment: {ENT: 30}}\n" + stage, inputs, 1_000)
    THEORY.mean("leads of one account of three in a segment", 10.0, done.total(done.line["account"] == 1))
    assert set(done.line["account"].tolist()) == {1, 3, 5}
