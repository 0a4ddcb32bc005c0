"""The installed base: which contracts renew when, by which rule, and for whom. Closed forms are in `theory`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.inputs import Contracts, Inputs
from engine.measures import Measure
from engine.pipeline.build import Built, build
from engine.pipeline.factors import each, futures
from engine.pipeline.layout import MONTH, RENEWAL, TICKS
from engine.pipeline.reference.contracts import renewals
from engine.pipeline.reference.deal import Booking
from tests.pipeline.settings import spec
from tests.worlds import world

AMOUNT = 100_000_000


def based(renews: str = "2027-01-31", months: int = 3, count: int = 12, **changes: Any) -> Inputs:
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
    block = spec(processes=[{"kind": "renewals"} | rule])
    return build(inputs, inputs.accounts.owner, block, {"bookings": Measure()})


def booked(found: Built, count: int = 1, seed: int = 1) -> list[list[Booking]]:
    """What the base books in each replication."""
    return [list(renewals(found.model, future)) for future in each(futures(found.spreads, seed, 0, count))]


def test_without_churn_and_change_every_renewal_books_the_amount() -> None:
    (lines,) = booked(built(based(), churn=0))
    assert {line.amount for line in lines} == {AMOUNT}
    assert {line.kind for line in lines} == {RENEWAL}
    assert len(lines) == 4 * 12
    assert sorted({line.tick for line in lines}) == [30 * TICKS + k * 3 * MONTH for k in range(4)]


def test_what_churns_books_nothing_ever() -> None:
    assert booked(built(based(), churn=1), count=3) == [[], [], []]


def test_contracts_of_segments_that_no_rule_names_stay_as_they_are() -> None:
    found = built(based(), churn=0, segments=["SMB"])
    (lines,) = booked(found)
    assert {found.segments[line.segment] for line in lines} == {"SMB"}


def test_a_renewal_is_credited_to_its_seat_or_to_that_of_the_account() -> None:
    inputs = based(count=3, account=np.array([0, 1, -1]), rep=np.array([-1, 2, 1]))
    (lines,) = booked(built(inputs, churn=0))
    assert sorted({line.seat for line in lines}) == [0, 1, 2]


def test_renewals_before_the_start_are_past() -> None:
    inputs = based(count=1, renews="2025-01-31", months=12)
    (lines,) = booked(built(inputs, churn=0))
    assert [line.tick // TICKS for line in lines] == [30]
    later = replace(inputs, calendar=replace(inputs.calendar, as_of=np.datetime64("2027-05-01", "D")))
    assert booked(built(later, churn=0)) == [[]]
