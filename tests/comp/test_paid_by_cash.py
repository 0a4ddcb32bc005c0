"""Plans on measures of cash in a simulation: whose the credit is, what it pays, and what the audit sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import comp
from engine.comp import resold, settlement
from engine.comp.audit import credited
from engine.errors import VerificationFailed
from engine.pipeline.bookings import Bookings, WonDeals
from engine.scenario import Scenario
from tests.comp.by_cash import MEASURES, MONTH, OF_BOOKINGS, OF_CASH, simulated
from tests.comp.dealing import staffed
from tests.comp.test_resold import TENTH, of_replication
from tests.comp.test_settle import everything
from tests.comp.worlds import SALARY, even_quotas, spec, units
from tests.worlds import world


def settled(*parts: dict[str, Any], bookings: Bookings | None = None, **how: Any) -> comp.Payouts:
    inputs, carry = staffed(), how.pop("carry", "spell")
    known = simulated() if bookings is None else bookings
    return comp.settle(
        inputs, known, even_quotas(inputs, MONTH), spec(*parts, carry=carry), measures=MEASURES, **how
    )


def payments(won: WonDeals) -> np.ndarray:
    return ~np.isnat(won.booked)


def test_a_tenth_of_cash_is_paid_in_the_period_of_each_payment_to_whoever_won_the_deal():
    payouts, inputs = settled(OF_CASH), staffed()
    won = simulated().deals(slice(None))
    rows = won.only(payments(won))
    holder = resold.holder(inputs.spells, rows.seat, rows.booked)
    credit = np.zeros((9, len(inputs.spells), 12), dtype=np.int64)
    held = holder >= 0
    np.add.at(credit, (rows.replication[held], holder[held], rows.period[held]), rows.amount[held])
    assert (payouts.variable[:, :, 0] == np.rint(credit / 10).sum(axis=1)).all()
    frame = units(payouts, "payouts").pivot_table(index="period", columns="spell", values="mean")
    # P1 left on 10 May and is still paid on what came later; the successor on nothing of it.
    assert frame["P1"]["2027-06"] > 0
    assert abs(frame["P1"]["2027-06"] * 9 * 100 - np.rint(credit[:, 1, 5] / 10).sum()) <= 9 / 2
    assert (rows.booked[holder == 2] >= np.datetime64("2027-06-21")).all()


def test_what_cash_does_not_pay_in_the_year_is_what_customers_owe_at_its_end():
    both = settled(OF_CASH | {"accumulate": "transaction"}, OF_BOOKINGS | {"accumulate": "transaction"})
    won, inputs = simulated().deals(slice(None)), staffed()
    rows = credited(inputs, won)
    here = np.zeros(won.amount.size, dtype=np.int64)
    here[rows.deal] = 1
    paid = payments(won)
    worth = np.rint(won.amount / 10) * here
    assert both.variable.sum() == worth.sum()
    alone = settled(OF_CASH | {"accumulate": "transaction"})
    owed = worth[~paid].sum() - worth[paid].sum()
    assert alone.variable.sum() == worth[~paid].sum() - owed
    assert owed > 0


def test_with_fixed_terms_a_month_of_cash_pays_what_was_won_thirty_days_earlier():
    some, won = simulated(late=False), simulated(late=False).deals(slice(None))
    deals = won.only(~payments(won))
    payouts = settled(OF_CASH | {"accumulate": "transaction"}, bookings=some)
    holder = resold.holder(staffed().spells, deals.seat, deals.day)
    due = staffed().calendar.period_of((deals.day + 30 - staffed().calendar.start).astype(float))
    counts = (due >= 0) & (holder >= 0)
    sums = np.zeros((9, 12))
    np.add.at(sums, (deals.replication[counts], due[counts]), np.rint(deals.amount[counts] / 10))
    assert (payouts.variable[:, :, 0] == sums).all()


@pytest.mark.parametrize("carry", ["spell", "person"])
def test_both_paths_agree_on_cash_and_quota_to_date(carry):
    tiers = [{"start": 0, "rate": "5%"}, {"start": "400k", "rate": "8.5%"}]
    limited = OF_CASH | {"name": "to date", "accumulate": "year_to_date", "tiers": tiers}
    rules = spec(limited, TENTH | {"name": "own"}, carry=carry)
    payouts, inputs = settled(limited, TENTH | {"name": "own"}, carry=carry), staffed()
    rows = resold.rows(inputs, simulated().deals(slice(None)))
    for r in range(9):
        exact = comp.pay(inputs, even_quotas(inputs, MONTH).by_period, rules, of_replication(rows, r))
        assert np.abs(exact.pay.sum(axis=(0, 1)) - payouts.variable[r, :, 0]).max() <= 2 * len(inputs.spells)


def test_the_same_bytes_for_any_workers_block_and_team(monkeypatch):
    before = everything(settled(SALARY, OF_CASH, OF_BOOKINGS))
    for name, value in (("BLOCK", 2), ("BLOCK_CELLS", 1), ("TEAM_BYTES", 1)):
        monkeypatch.setattr(settlement, name, value)
    assert everything(settled(SALARY, OF_CASH, OF_BOOKINGS, workers=3)) == before


def test_a_plan_on_bookings_beside_a_measure_of_cash_makes_no_deals_again():
    def fails(numbers: np.ndarray, seats: np.ndarray | None) -> WonDeals:
        raise AssertionError("nothing asks for deals")

    blind, inputs = replace(simulated(), again=fails), world(reps=3)
    comp.settle(inputs, blind, even_quotas(inputs, MONTH), spec(SALARY, OF_BOOKINGS), measures=MEASURES)
    with pytest.raises(AssertionError, match="nothing asks for deals"):
        comp.settle(inputs, blind, even_quotas(inputs, MONTH), spec(SALARY, OF_CASH), measures=MEASURES)


def changed(late: bool, **columns: Any) -> Bookings:
    honest = simulated(late)

    def other(numbers: np.ndarray, seats: np.ndarray | None) -> WonDeals:
        won = honest.deals(numbers, seats)
        return replace(won, **{name: change(won, payments(won)) for name, change in columns.items()})

    return replace(honest, again=other)


def dearer(won: WonDeals, paid: np.ndarray) -> dict[str, np.ndarray]:
    return {**won.credit, "cash": won.credit["cash"] * 2}


@pytest.mark.parametrize(
    ("late", "columns", "words"),
    [
        (True, {"credit": dearer}, "what cash counts of payments is not what it counts by period"),
        (True, {"amount": lambda won, paid: won.amount + paid}, "of no deal which is paid then"),
        (True, {"booked": lambda won, paid: won.booked + 9}, "of no deal which is paid then"),
        (
            True,
            {"booked": lambda won, paid: np.where(paid, won.day - 29, won.booked)},
            "of no deal which is paid then",
        ),
    ],
)
def test_payments_that_are_wrong_are_seen_by_the_audit(late, columns, words):
    with pytest.raises(VerificationFailed, match=words):
        settled(OF_CASH, bookings=changed(late, **columns))


def test_a_payment_that_is_missing_is_seen_by_the_audit():
    honest, cube = simulated(late=False), simulated(late=False).cube.copy()

    def fewer(numbers: np.ndarray, seats: np.ndarray | None) -> WonDeals:
        won = honest.deals(numbers, seats)
        return won.only(~(payments(won) & (won.period == 5)))

    cube[:, :, 5, 3] = 0
    with pytest.raises(VerificationFailed, match="has no payment on 2027-06"):
        settled(OF_CASH, bookings=replace(honest, cube=cube, again=fewer))


def scenario(*parts: dict[str, Any]) -> list[str]:
    from engine.comp.mixed import mixed

    return [f"{where}: {message}" for where, message, _ in mixed(spec(*parts), {"cash"})]


def test_rules_that_read_one_deal_by_cash_and_by_booking_are_refused():
    modifier = {
        "measure": "margin", "over": "cash", "accumulate": "transaction", "closed": "left", "shape": "steps",
        "nodes": [{"ratio": 0, "factor": 1}],
    }  # fmt: skip
    place = {"measure": "bookings", "levels_in": "money"}
    placed, modified = scenario(
        OF_CASH | {"accumulate": "transaction", "modifiers": [modifier]},
        OF_CASH | {"name": "placed", "placed_by": place},
    )
    assert modified.startswith("plans.AE.components[0].modifiers[0]: ")
    assert placed.startswith("plans.AE.components[1].placed_by: ")
    assert "'cash' counts when a customer pays, 'bookings' when the deal is won" in placed
    assert scenario(OF_CASH | {"modifiers": [modifier | {"accumulate": "period"}]}, OF_BOOKINGS) == []
    assert "mixed" in Scenario.contradictions.__code__.co_names
