"""The installed base against closed forms: |z| <= 4 at a fixed seed, and exact where nothing is drawn."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import exp, sqrt
from typing import Any

import numpy as np
import pytest

from engine.inputs import Contracts, Inputs
from engine.measures import Measure
from engine.pipeline.build import Built, build
from engine.pipeline.factors import each, futures
from engine.pipeline.model import EXPANSION, MONTH, RENEWAL, TICKS
from engine.pipeline.reference.contracts import renewals
from engine.pipeline.reference.deal import Booking
from tests.pipeline.settings import spec
from tests.worlds import world

AMOUNT = 100_000_000
CHURN, UPLIFT = 0.12, 0.05
REPLICATIONS, CONTRACTS = 40, 250


def based(renews: str = "2027-01-31", months: int = 3, count: int = CONTRACTS, **changes: Any) -> Inputs:
    """A world whose accounts have `count` contracts, all alike."""
    inputs = world()
    held = Contracts(
        id=tuple(f"C{k:04d}" for k in range(count)),
        account=np.arange(count, dtype=np.int64) % len(inputs.accounts),
        rep=np.full(count, -1, dtype=np.int64),
        product=np.zeros(count, dtype=np.int64),
        amount=np.full(count, AMOUNT, dtype=np.int64),
        renews=np.full(count, np.datetime64(renews, "D")),
        months=np.full(count, months, dtype=np.int64),
    )
    return replace(inputs, contracts=replace(held, **changes))


def built(inputs: Inputs, **rule: Any) -> Built:
    block = spec(processes=[{"kind": "renewals", "churn": CHURN} | rule])
    return build(inputs, inputs.accounts.owner, block, {"bookings": Measure()})


def booked(found: Built, count: int = REPLICATIONS, seed: int = 1) -> list[list[Booking]]:
    """What the base books in each replication."""
    return [list(renewals(found.model, future)) for future in each(futures(found.spreads, seed, 0, count))]


def by_renewal(lines: list[Booking]) -> dict[int, list[int]]:
    """Amounts renewed by the number of the renewal, from 1."""
    first, amounts = 30 * TICKS, defaultdict[int, list[int]](list)
    for line in lines:
        if line.kind == RENEWAL:
            amounts[1 + round((line.tick - first) / (3 * MONTH))].append(line.amount)
    return amounts


def z(values: list[float], mean: float, sd: float) -> float:
    return float((np.mean(values) - mean) / (sd / sqrt(len(values))))


def test_recurring_revenue_shrinks_by_churn_and_grows_by_uplift() -> None:
    kept = (1 - CHURN) * (1 + UPLIFT)
    assert kept**3 == pytest.approx(0.788889, abs=5e-7)
    runs = [by_renewal(lines) for lines in booked(built(based(), factor={"kind": "fixed", "value": 1.05}))]
    for k in range(1, 5):
        shares = [sum(run[k]) / (AMOUNT * CONTRACTS) for run in runs]
        stay, worth = (1 - CHURN) ** k, (1 + UPLIFT) ** k
        assert abs(z(shares, kept**k, worth * sqrt(stay * (1 - stay) / CONTRACTS))) <= 4


def test_recurring_revenue_does_not_depend_on_the_spread_of_the_uplift() -> None:
    cv = 0.2
    law = {"kind": "lognormal", "mean": 1 + UPLIFT, "cv": cv}
    runs = [by_renewal(lines) for lines in booked(built(based(), factor=law))]
    mean = ((1 - CHURN) * (1 + UPLIFT)) ** 3
    square = ((1 - CHURN) * (1 + UPLIFT) ** 2 * (1 + cv**2)) ** 3
    shares = [sum(run[3]) / (AMOUNT * CONTRACTS) for run in runs]
    assert abs(z(shares, mean, sqrt((square - mean**2) / CONTRACTS))) <= 4


def test_customers_that_stay_are_binomial() -> None:
    counts = [len(by_renewal(lines)[3]) for lines in booked(built(based()), count=120)]
    stay = (1 - CHURN) ** 3
    variance = CONTRACTS * stay * (1 - stay)
    assert abs(z([float(count) for count in counts], CONTRACTS * stay, sqrt(variance))) <= 4
    # (n - 1) s^2 / sigma^2 is chi-squared with n - 1 degrees of freedom.
    degrees = len(counts) - 1
    assert abs(np.var(counts, ddof=1) / variance - 1) <= 4 * sqrt(2 / degrees)


def test_expansions_compound() -> None:
    rate, more = 1.5, 0.2
    grows = {"expansions": rate, "expansion": {"kind": "fixed", "value": more}}
    inputs = based(renews="2028-06-01", months=12)
    years = 365 / 365.25
    mean = exp(rate * more * years)
    square = exp(rate * years * ((1 + more) ** 2 - 1))
    shares = [
        1 + sum(line.amount for line in lines) / (AMOUNT * CONTRACTS)
        for lines in booked(built(inputs, **grows))
    ]
    assert abs(z(shares, mean, sqrt((square - mean**2) / CONTRACTS))) <= 4
    counts = [
        sum(line.kind == EXPANSION for line in lines) for lines in booked(built(inputs, **grows), count=60)
    ]
    expected = rate * years * CONTRACTS
    assert abs(z([float(count) for count in counts], expected, sqrt(expected))) <= 4


def test_without_churn_and_change_every_renewal_books_the_amount() -> None:
    (lines,) = booked(built(based(count=12), churn=0), count=1)
    assert {line.amount for line in lines} == {AMOUNT}
    assert {line.kind for line in lines} == {RENEWAL}
    assert len(lines) == 4 * 12
    assert sorted({line.tick for line in lines}) == [30 * TICKS + k * 3 * MONTH for k in range(4)]


def test_what_churns_books_nothing_ever() -> None:
    assert booked(built(based(), churn=1), count=3) == [[], [], []]


def test_contracts_of_segments_that_no_rule_names_stay_as_they_are() -> None:
    found = built(based(count=12), churn=0, segments=["SMB"])
    (lines,) = booked(found, count=1)
    assert {found.segments[line.segment] for line in lines} == {"SMB"}


def test_a_renewal_is_credited_to_its_seat_or_to_that_of_the_account() -> None:
    inputs = based(count=3, account=np.array([0, 1, -1]), rep=np.array([-1, 2, 1]))
    (lines,) = booked(built(inputs, churn=0), count=1)
    assert sorted({line.seat for line in lines}) == [0, 1, 2]


def test_renewals_before_the_start_are_past() -> None:
    inputs = based(count=1, renews="2025-01-31", months=12)
    (lines,) = booked(built(inputs, churn=0), count=1)
    assert [line.tick // TICKS for line in lines] == [30]
    later = replace(inputs, calendar=replace(inputs.calendar, as_of=np.datetime64("2027-05-01", "D")))
    assert booked(built(later, churn=0), count=1) == [[]]
