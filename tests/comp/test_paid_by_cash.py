"""Plans on measures of cash in a simulation: whose the credit is, what it pays, and what the audit sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp, pipeline
from engine.comp import resold, settlement
from engine.comp.audit import credited
from engine.comp.component import paid
from engine.comp.given import Given
from engine.comp.spec import CompSpec
from engine.comp.steps import stepped
from engine.errors import BadInput, VerificationFailed
from engine.measures import Measure
from engine.pipeline.bookings import Bookings, WonDeals
from engine.quota.quotas import Quotas
from engine.scenario import Scenario
from tests.comp.dealing import looks_at_deals, staffed
from tests.comp.test_resold import TENTH, of_replication
from tests.comp.test_settle import everything
from tests.comp.worlds import SALARY, even_quotas, spec, units
from tests.pipeline.settings import aligned
from tests.pipeline.settings import spec as pipeline_spec
from tests.worlds import world

SAMPLE = Path(__file__).parents[2] / "scenarios/quickstart.yaml"
MEASURES = {
    "bookings": Measure(), "wins": Measure(quantity="count"), "margin": Measure(products=("S1",)),
    "cash": Measure(basis="cash"),
}  # fmt: skip
LATE = {
    "kind": "payment",
    "terms": 30,
    "late": {"kind": "lognormal", "mean": 20, "cv": 1},
    "before_plan": "left_out",
}
DUE = LATE | {"late": None}
MONTH = 20_000_000
OF_CASH = TENTH | {"name": "of cash", "measure": "cash", "accumulate": "period"}
OF_BOOKINGS = OF_CASH | {"name": "of bookings", "measure": "bookings"}


@cache
def simulated(late: bool = True) -> Bookings:
    block = pipeline_spec(
        replications=9, arrivals={"leads": 300}, slots=60, processes=[LATE if late else DUE]
    )
    return pipeline.simulate(staffed(), aligned(staffed()), block, MEASURES, seed=11)


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
    bad = scenario(
        OF_CASH | {"accumulate": "transaction", "modifiers": [modifier]},
        OF_CASH | {"name": "placed", "placed_by": place},
    )
    assert [one.split(":")[0] for one in bad] == [
        "comp.plans.AE.components[0].modifiers[0]", "comp.plans.AE.components[1].placed_by",
    ]  # fmt: skip
    assert "'cash' counts when a customer pays, 'bookings' when the deal is won" in bad[1]
    assert scenario(OF_CASH | {"modifiers": [modifier | {"accumulate": "period"}]}, OF_BOOKINGS) == []
    assert "mixed" in Scenario.contradictions.__code__.co_names


INDIVIDUAL = {
    "kind": "commission", "tiers_on": "attainment", "rates": "individual", "mode": "marginal", "closed": "left",
    "accumulate": "year_to_date", "quota": "interval", "weight": 1,
    "tiers": [{"start": 0, "rate": 1}, {"start": "100%", "rate": 1.5}],
}  # fmt: skip


def of_waiting(rules: CompSpec, quotas: Quotas) -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """Yield of each component what is earned, what is due, and what real deals that wait for the same cash are due."""
    inputs, known = staffed(), simulated()
    everybody, block = np.arange(len(inputs.spells)), rules.plans["AE"]
    book = Given.of(inputs, known, quotas, rules).simulated(block, everybody, slice(None))
    paid(block.components, book, block.pay)
    rows = resold.rows(inputs, known.deals(slice(None)), waits=True)
    shape = (9, everybody.size, inputs.calendar.periods)
    earned, due = ({part.label: np.broadcast_to(table[part.label].values, shape) for part in block.components}
                   for table in (book.earned, book.due))  # fmt: skip
    want = {label: values.copy() for label, values in earned.items()}
    for r in range(9):
        mine, when = of_replication(rows, r), rows.due[rows.replication == r]
        for one in stepped(inputs, quotas.by_period, rules, mine, quotas.single):
            if one.part.measures()[0] == "cash":
                continue
            spell, period, later = mine.spell[one.lines], mine.period[one.lines], when[one.lines]
            np.subtract.at(want[one.part.label][r], (spell, period), one.net)
            inside = later >= 0
            np.add.at(want[one.part.label][r], (spell[inside], later[inside]), one.net[inside])
    for label, values in earned.items():
        yield label, values, due[label], want[label]


@settings(max_examples=25, deadline=None)
@given(looks_at_deals, st.sampled_from(["half_even", "half_up"]))
def test_pay_that_waits_is_due_as_that_of_real_deals_is(part, rounding):
    rules = spec(part.model_dump(), TENTH | {"name": "own"}, carry="spell", release="cash", rounding=rounding)
    for label, earned, due, want in of_waiting(rules, even_quotas(staffed(), MONTH)):
        assert np.abs(due - want).max() <= 2, label
        assert (due == want).mean() > 0.99, label
        if label == "own":
            assert 0.75 * earned.sum() < due.sum() < 0.97 * earned.sum()


def test_attainment_follows_the_booking_and_pay_the_cash():
    quotas = even_quotas(staffed(), MONTH // 4)
    rules = spec(INDIVIDUAL, OF_CASH, carry="spell", release="cash")
    found = {label: rest for label, *rest in of_waiting(rules, quotas)}
    earned, due, want = found["commission"]
    assert (due == want).all()
    booked = {label: rest[0] for label, *rest in of_waiting(spec(INDIVIDUAL, OF_CASH, carry="spell"), quotas)}
    assert (booked["commission"] == earned).all()
    assert due[..., 0].sum() == 0
    assert (due.cumsum(axis=-1) <= earned.cumsum(axis=-1)).all()
    # What is paid on a measure of cash waits no more.
    assert (found["of cash"][1] == found["of cash"][0]).all()


@pytest.mark.parametrize("pay", [pytest.param("monthly", marks=pytest.mark.slow), "quarterly"])
def test_the_audit_pays_what_waits_again_deal_by_deal(monkeypatch, pay):
    modifier = {
        "measure": "bookings", "accumulate": "quarter", "quota": "to_date", "closed": "left", "shape": "steps",
        "nodes": [{"ratio": 0, "factor": "80%"}, {"ratio": "100%", "factor": 1}],
    }  # fmt: skip
    capped = INDIVIDUAL | {
        "name": "capped",
        "cap": {"amount": "9k", "per": "quarter"},
        "modifiers": [modifier],
    }
    floored = TENTH | {"name": "floored", "accumulate": "period", "floor": {"amount": "1k", "per": "period"}}
    inputs, quotas = staffed(), even_quotas(staffed(), MONTH // 4)
    parts = (SALARY, capped, floored, TENTH | {"name": "own"})
    rules = spec(*parts, carry="person", release="cash")
    rules = rules.model_copy(update={"plans": {"AE": rules.plans["AE"].model_copy(update={"pay": pay})}})
    payouts = comp.settle(inputs, simulated(), quotas, rules, measures=MEASURES)
    sooner = comp.settle(
        inputs, simulated(), quotas, rules.model_copy(update={"release": "booking"}), measures=MEASURES
    )
    assert 0.6 < payouts.variable.sum() / sooner.variable.sum() < 0.95
    assert comp.violations(inputs, simulated(), quotas, rules, payouts) == []
    assert comp.violations(inputs, simulated(), quotas, rules, sooner)
    monkeypatch.setattr("engine.comp.given.waiting", lambda parts, book, cash: book)
    with pytest.raises(VerificationFailed, match="paid again"):
        comp.settle(inputs, simulated(), quotas, rules, measures=MEASURES)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    looks_at_deals.filter(lambda part: set(part.held_to_quota()) <= {"bookings"}),
    st.sampled_from(["spell", "person"]),
)
def test_the_audit_pays_drawn_plans_that_wait_again(part, carry):
    inputs, quotas = staffed(), even_quotas(staffed(), MONTH)
    few = replace(simulated(), cube=simulated().cube[:2], kpis=simulated().kpis[:2])
    comp.settle(
        inputs, few, quotas, spec(SALARY, part.model_dump(), carry=carry, release="cash"), measures=MEASURES
    )


def test_what_waits_at_the_end_of_the_year_is_what_is_earned_and_not_due():
    inputs = world(reps=6)
    block = pipeline_spec(replications=5, arrivals={"leads": 200}, slots=60, processes=[LATE])
    known = pipeline.simulate(inputs, aligned(inputs), block, {"bookings": Measure()}, seed=4)
    by_clock = {
        word: comp.settle(inputs, known, even_quotas(inputs, MONTH), spec(TENTH, release=word))
        for word in ("booking", "cash")
    }
    frame = units(by_clock["cash"], "waiting_pay")
    for column, word in (("earned", "booking"), ("due", "cash")):
        mean = by_clock[word].variable[:, :, 0].mean(axis=0) / 100
        assert np.abs(frame[column] - mean).max() <= 0.005, column
    assert np.abs(frame["waiting"] - (frame["earned"] - frame["due"]).cumsum()).max() <= 0.12
    assert frame["waiting"].iloc[-1] > 0.05 * frame["earned"].sum()
    assert frame["waiting_p10"].iloc[-1] < frame["waiting"].iloc[-1] < frame["waiting_p90"].iloc[-1]
    assert not any(table.name == "waiting_pay" for table in by_clock["booking"].tables)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "comp.release: nothing says when customers pay"),
        ({"as_of": "2027-05-01", "pipeline": {"processes": [LATE]}}, "comp.release: with `as_of`"),
    ],
)
def test_a_scenario_whose_pay_waits_must_say_when_customers_pay(tmp_path, changes, words):
    said = {"extends": str(SAMPLE), "comp": {"release": "cash"}} | changes
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    with pytest.raises(BadInput, match=words):
        Scenario.load(tmp_path / "plan.yaml", roots=[SAMPLE.parent])
