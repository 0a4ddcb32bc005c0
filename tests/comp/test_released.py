"""Pay that waits for the cash of customers in a simulation: deal by deal as for real deals, and what the audit sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp, pipeline
from engine.comp import clocked, resold, settlement
from engine.comp.component import paid
from engine.comp.given import Given
from engine.comp.spec import CompSpec
from engine.comp.steps import stepped
from engine.errors import BadInput, VerificationFailed
from engine.measures import Measure
from engine.quota.quotas import Quotas
from engine.scenario import Scenario
from tests.comp.by_cash import LATE, MEASURES, MONTH, OF_CASH, simulated
from tests.comp.dealing import looks_at_deals, staffed
from tests.comp.test_resold import TENTH, of_replication
from tests.comp.test_settle import everything
from tests.comp.worlds import SALARY, even_quotas, spec, units
from tests.pipeline.settings import aligned
from tests.pipeline.settings import spec as pipeline_spec
from tests.worlds import world

SAMPLE = Path(__file__).parents[2] / "scenarios/quickstart.yaml"
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


@settings(max_examples=8, deadline=None)
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


@pytest.mark.slow
@pytest.mark.parametrize("pay", ["monthly", "quarterly"])
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
    monkeypatch.setattr(clocked, "PLAIN", 40)
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
    st.sampled_from([0, 20, 10_000]),
)
def test_the_audit_pays_drawn_plans_that_wait_again(part, carry, plain):
    inputs, quotas = staffed(), even_quotas(staffed(), MONTH)
    few = replace(simulated(), cube=simulated().cube[:2], kpis=simulated().kpis[:2])
    rules = spec(SALARY, part.model_dump(), carry=carry, release="cash")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clocked, "PLAIN", plain)
        comp.settle(inputs, few, quotas, rules, measures=MEASURES)


def test_the_same_bytes_for_any_workers_block_and_team(monkeypatch):
    inputs, quotas = staffed(), even_quotas(staffed(), MONTH // 4)
    rules = spec(INDIVIDUAL, TENTH | {"name": "own"}, carry="person", release="cash")
    before = everything(comp.settle(inputs, simulated(), quotas, rules, measures=MEASURES))
    for name, value in (("BLOCK", 2), ("BLOCK_CELLS", 1), ("TEAM_BYTES", 1)):
        monkeypatch.setattr(settlement, name, value)
    assert everything(comp.settle(inputs, simulated(), quotas, rules, measures=MEASURES, workers=3)) == before


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
    books = units(by_clock["cash"], "accruals").query("plan == 'all' and period != 'year'")
    assert books["accrued"].sum() == pytest.approx(frame["earned"].sum(), abs=0.2)
    assert books["closing_liability"].iloc[-1] == pytest.approx(frame["waiting"].iloc[-1], abs=0.2)
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
