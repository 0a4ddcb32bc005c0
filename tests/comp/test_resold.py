"""Plans that look at single deals, in a simulation: both paths, who is credited, and the closed form of a cap."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from math import exp, log, log1p, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from engine import comp, pipeline
from engine.calendar import CalendarSpec, calendar
from engine.comp import audit, resold, settlement
from engine.comp.component import paid
from engine.comp.exact import Rows
from engine.comp.given import Given
from engine.comp.spec import CompSpec
from engine.errors import VerificationFailed
from engine.inputs import Inputs
from engine.pipeline import again
from engine.pipeline.bookings import WonDeals
from tests.comp.dealing import MEASURES, REPLICATIONS, looks_at_deals, simulated, staffed
from tests.comp.test_outlook import WON, as_it_stands
from tests.comp.test_settle import everything
from tests.comp.test_teams import OVERRIDE, POOL
from tests.comp.worlds import COMMISSION, SALARY, even_quotas, spec, units
from tests.pipeline.settings import aligned
from tests.pipeline.settings import spec as pipeline_spec
from tests.worlds import world

MONTH = 20_000_000
TENTH = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "transaction", "tiers": [{"start": 0, "rate": "10%"}],
}  # fmt: skip


def of_replication(rows: Rows, r: int) -> Rows:
    """The rows of one replication, as real deals."""
    mine = rows.replication == r
    credit = {name: values[mine] for name, values in rows.credit.items()}
    return Rows(rows.spell[mine], rows.period[mine], credit, rows.day[mine])


def both_paths(inputs: Inputs, rules: CompSpec) -> tuple[dict, dict, np.ndarray]:
    """What each component pays by (replication, spell, period), fast and exactly, and deals by (replication, spell)."""
    bookings, quota = simulated(), even_quotas(inputs, MONTH)
    known, everybody = Given.of(inputs, bookings, quota, rules), np.arange(len(inputs.spells))
    block = rules.plans["AE"]
    amounts = paid(block.components, known.simulated(block, everybody, slice(None)), block.pay)
    shape = (REPLICATIONS, everybody.size, inputs.calendar.periods)
    fast = {label: np.broadcast_to(amount.values, shape) for label, amount in amounts.items()}
    rows = resold.rows(inputs, bookings.deals(slice(None)))
    settled = [comp.pay(inputs, quota.by_period, rules, of_replication(rows, r)) for r in range(REPLICATIONS)]
    exact = {
        label: np.stack([one.pay[k] for one in settled]) for k, (_, label) in enumerate(settled[0].components)
    }
    deals = np.zeros((REPLICATIONS, everybody.size), dtype=np.int64)
    np.add.at(deals, (rows.replication, known.known.head[rows.spell]), 1)
    return fast, exact, deals


@settings(max_examples=120, deadline=None)
@given(
    looks_at_deals,
    st.sampled_from(["half_even", "half_up"]),
    st.sampled_from(["spell", "person"]),
    st.sampled_from(["monthly", "quarterly"]),
)
def test_both_paths_agree_within_a_cent_for_each_rounding(part, rounding, carry, pay):
    plan = {"pay": pay, "components": [part.model_dump()]}
    rules = CompSpec.model_validate(
        {"plans": {"AE": plan}, "rounding": rounding, "proration": "days_of_period", "carry": carry}
    )
    inputs = staffed()
    assert rules.plans["AE"].by_deal(inputs.calendar) or part.kind == "spif"
    fast, exact, deals = both_paths(inputs, rules)
    slack = 2 * 3 * part.points + (deals if part.needs_deals and part.accumulate == "transaction" else 0)
    ours, theirs = fast[part.label], exact[part.label]
    assert (ours == np.rint(ours)).all()
    assert (np.abs(ours - theirs).max(axis=2) <= slack).all()
    assert (ours == theirs).mean() > 0.99


@settings(max_examples=25, deadline=None)
@given(
    looks_at_deals.filter(lambda part: set(part.held_to_quota()) <= {"bookings"}),
    st.sampled_from(["spell", "person"]),
)
def test_the_audit_of_a_run_pays_drawn_plans_again(part, carry):
    inputs, rules = staffed(), spec(SALARY, part.model_dump(), carry=carry)
    few = replace(simulated(), cube=simulated().cube[:4], kpis=simulated().kpis[:4])
    quota = even_quotas(inputs, MONTH)
    payouts = comp.settle(inputs, few, quota, rules)
    assert comp.violations(inputs, few, quota, rules, payouts) == []
    dearer = replace(payouts, cost=payouts.cost + 100_000, variable=payouts.variable + 100_000)
    assert comp.violations(inputs, few, quota, rules, dearer)


def days_in_seat(spells, spell: int, seat: int, day: np.datetime64) -> bool:
    held = spells.rep[spell] == seat and spells.start[spell] <= day
    return bool(held and (np.isnat(spells.end[spell]) or day < spells.end[spell]))


def test_a_deal_is_credited_to_whoever_holds_its_seat_on_the_day():
    inputs, won = staffed(), simulated().deals(slice(None))
    holder = resold.holder(inputs.spells, won.seat, won.day)
    for seat, day, found in zip(won.seat, won.day, holder, strict=True):
        holders = [s for s in range(len(inputs.spells)) if days_in_seat(inputs.spells, s, seat, day)]
        assert holders == ([] if found == resold.NOBODY else [found])
    assert (holder == resold.NOBODY).any()


def test_pay_by_transaction_is_that_of_the_deals_on_the_days_in_seat_and_a_vacancy_pays_nobody():
    inputs, won = staffed(), simulated().deals(slice(None))
    payouts = comp.settle(inputs, simulated(), even_quotas(inputs), spec(TENTH, carry="spell"))
    rows = resold.rows(inputs, won)
    sums = np.zeros((REPLICATIONS, inputs.calendar.periods))
    np.add.at(sums, (rows.replication, rows.period), np.rint(rows.credit["bookings"] * 10 / 100))
    assert (payouts.variable[:, :, 0] == sums).all()
    assert rows.spell.size < won.amount.size
    frame = units(payouts, "payouts")
    backfill = frame[frame["spell"] == "P3"].set_index("period")["mean"]
    assert backfill[["2027-04", "2027-05"]].tolist() == [0, 0]
    assert backfill["2027-07"] > 0


def test_who_moves_to_another_seat_is_paid_on_the_deals_of_both():
    inputs, rules = staffed(), spec(TENTH, carry="person")
    frame = units(comp.settle(inputs, simulated(), even_quotas(inputs), rules), "payouts")
    rows = resold.rows(inputs, simulated().deals(slice(None)))
    his = np.isin(rows.spell, [0, 4])
    year = frame[frame["period"] == "year"].set_index("spell")["mean"]
    assert year["P0"] * 100 * REPLICATIONS == pytest.approx(
        np.rint(rows.credit["bookings"][his] / 10).sum(), abs=0.5 * REPLICATIONS
    )
    assert year["P0 again"] == 0


def test_a_spif_pays_the_deals_between_its_days():
    spif = {
        "kind": "spif", "measure": "wins", "amount": "100", "each": {"units": 1}, "accumulate": "period",
        "first_day": "2027-03-10", "last_day": "2027-05-09",
    }  # fmt: skip
    inputs = staffed()
    payouts = comp.settle(inputs, simulated(), even_quotas(inputs), spec(spif, carry="spell"))
    rows = resold.rows(inputs, simulated().deals(slice(None)))
    inside = (rows.day >= np.datetime64("2027-03-10")) & (rows.day <= np.datetime64("2027-05-09"))
    wins = np.bincount(rows.replication[inside], minlength=REPLICATIONS)
    assert (payouts.variable.sum(axis=(1, 2)) == wins * 100_00).all()
    assert 0 < wins.sum() < rows.day.size


LIMITED = {**COMMISSION, "name": "limited", "windfall": {"above": "60k", "counts": "25%"}}
TEAM = {"level": "district", "credit_of": ["AE"], "double_credit": "counted"}


@pytest.mark.parametrize(
    ("workers", "block", "cells", "held", "piece"),
    [(2, 5, 1 << 16, 1 << 27, 1), (1, 1, 1, 1, 500), (3, 4, 400, 20_000, 1 << 20)],
)
def test_the_same_bytes_for_any_workers_block_and_team(monkeypatch, workers, block, cells, held, piece):
    inputs, rules = staffed(), spec(SALARY, LIMITED, TENTH | {"name": "by deal"}, carry="person")
    quota = even_quotas(inputs, MONTH)
    before = everything(comp.settle(inputs, simulated(), quota, rules))
    for module, name, value in (
        (settlement, "BLOCK", block),
        (settlement, "BLOCK_CELLS", cells),
        (settlement, "TEAM_BYTES", held),
        (again, "DEALS_PER_BLOCK", piece),
    ):
        monkeypatch.setattr(module, name, value)
    assert everything(comp.settle(inputs, simulated(), quota, rules, workers=workers)) == before


@pytest.mark.parametrize("carry", ["spell", "person"])
def test_pay_on_a_team_beside_rules_on_deals_is_that_of_the_deals_of_the_team(carry):
    parts = (
        {**OVERRIDE, "team": TEAM},
        {**POOL, "team": TEAM, "shares": "by_credit"},
        TENTH | {"name": "own"},
    )
    fast, exact, _ = both_paths(staffed(), spec(*parts, carry=carry))
    for label, ours in fast.items():
        assert np.abs(ours - exact[label]).max() <= 2, label
        assert ours.sum() > 0, label
    inputs = staffed()
    comp.settle(inputs, simulated(), even_quotas(inputs), spec(*parts, carry=carry))


def test_a_plan_without_rules_on_deals_makes_none_again():
    def fails(numbers: np.ndarray, seats: np.ndarray | None) -> WonDeals:
        raise AssertionError("nothing asks for deals")

    inputs = world(reps=3)
    blind = replace(simulated(), again=fails)
    comp.settle(inputs, blind, even_quotas(inputs), spec(SALARY, COMMISSION, carry="spell"))


def test_a_wrong_payout_on_deals_is_not_published(monkeypatch):
    inputs, honest = staffed(), settlement.paid

    def dear(parts, book, plan):
        return {label: amount.plus(book.quota) for label, amount in honest(parts, book, plan).items()}

    monkeypatch.setattr(settlement, "paid", dear)
    with pytest.raises(VerificationFailed, match="paid again"):
        comp.settle(inputs, simulated(), even_quotas(inputs), spec(TENTH, carry="spell"))


def test_deals_credited_to_somebody_else_are_seen_by_the_audit(monkeypatch):
    inputs = staffed()
    monkeypatch.setattr(resold, "holder", lambda spells, seat, day: np.zeros_like(seat))
    with pytest.raises(VerificationFailed, match="paid again"):
        comp.settle(inputs, simulated(), even_quotas(inputs), spec(TENTH, carry="spell"))


def test_the_audit_credits_deals_as_the_stage_does():
    inputs, won = staffed(), simulated().deals(np.array([7]))
    ours, plainly = resold.rows(inputs, won), audit.credited(inputs, won)
    assert ours.spell.tolist() == plainly.spell.tolist()
    assert ours.day.tolist() == plainly.day.tolist()
    assert ours.credit["margin"].tolist() == plainly.credit["margin"].tolist()


def test_a_simulated_deal_says_its_product_and_segment():
    inputs, won = staffed(), simulated().deals(slice(None))
    rows = resold.rows(inputs, won)
    product, segment = rows.labels["product"], rows.labels["segment"]
    of_s1 = np.array(product.words)[product.codes] == "S1"
    assert (rows.credit["margin"] == np.where(of_s1, rows.credit["bookings"], 0)).all()
    assert set(np.array(segment.words)[segment.codes]) == {"SMB", "ENT"}


def test_as_of_a_day_pay_by_transaction_follows_the_deals_that_were_won():
    inputs = replace(staffed(), calendar=calendar(CalendarSpec(year=2027), dt.date(2027, 3, 11)), actuals=WON)
    known = as_it_stands(inputs, simulated(), MEASURES)
    now = known.deals(slice(2, 5))
    simply = simulated().deals(slice(2, 5))
    later = simply.day >= np.datetime64("2027-03-11")
    for r in range(3):
        mine = now.replication == r
        assert now.amount[mine][:3].tolist() == [5_000_00, 7_000_00, 2_000_00]
        assert now.amount[mine][3:].tolist() == simply.amount[later & (simply.replication == r)].tolist()
    payouts = comp.settle(inputs, known, even_quotas(inputs), spec(TENTH, carry="spell"))
    frame = units(payouts, "cost_outlook").query("figure == 'variable'").set_index("period")
    assert frame["actual"].dropna().to_dict() == {"2027-01": 500, "2027-02": 700, "to date": 1200}


def below(mean: float, sigma: float, limit: float, power: int) -> float:
    """E[min(X, limit)^power] of a lognormal X."""
    mu = log(mean) - sigma**2 / 2
    inside = exp(power * mu + power**2 * sigma**2 / 2) * ndtr((log(limit) - mu) / sigma - power * sigma)
    return inside + limit**power * ndtr((mu - log(limit)) / sigma)


@pytest.mark.parametrize("cap", [30_000, 50_000, 150_000])
def test_lognormal_deals_under_a_cap_per_deal_pay_their_limited_mean(cap):
    inputs = world(reps=3)
    block = pipeline_spec(replications=60, arrivals={"leads": 1500}, slots=10_000)
    booked = pipeline.simulate(inputs, aligned(inputs), block, MEASURES, seed=5)
    capped = TENTH | {"credit_caps": [{"amount": cap, "per": "deal", "above": "lost"}]}
    payouts = comp.settle(inputs, booked, even_quotas(inputs), spec(capped))
    wins = int(booked.measure("wins").sum())
    mean = float(payouts.variable.sum()) / 100 / wins / 0.1
    limited = partial(below, 50_000, sqrt(log1p(1)), cap)
    error = sqrt((limited(2) - limited(1) ** 2) / wins)
    assert wins > 15_000
    assert abs(mean - limited(1)) <= 4 * error
    assert limited(1) < 0.95 * 50_000


def test_the_pay_curve_of_rules_on_deals_is_that_of_deals_of_the_mean_size():
    inputs, sizes = world(reps=3), simulated().deals(slice(None)).amount
    size = round(sizes.mean())
    flat = TENTH | {"cap": {"amount": size // 100 // 20, "per": "deal"}}
    payouts = comp.settle(inputs, simulated(), even_quotas(inputs, MONTH), spec(flat))
    curve = units(payouts, "pay_curve").set_index("attainment")["pay"] * 80_000
    full, rest = divmod(MONTH, size)
    most = size // 100 // 20 * 100
    assert curve[1.0] == pytest.approx(12 * (full * most + min(rest // 10, most)) / 100, abs=12 * 0.05)
    assert curve[0.0] == 0
    assert (np.diff(curve) >= 0).all()


def test_the_plan_checker_judges_limits_on_deals_and_says_what_it_leaves_out():
    inputs = world(reps=3)
    few = {**COMMISSION, "weight": 1, "windfall": {"above": "300k", "counts": 0}}
    payouts = comp.settle(inputs, simulated(), even_quotas(inputs, MONTH), spec(few, TENTH | {"name": "own"}))
    said = units(payouts, "plan_checks")["message"].str.cat(sep="\n")
    assert "pay at 100% is the target incentive" in said
    assert "without what attainment alone does not tell: own" in said
    assert "pay never falls as attainment rises from 0% to 200%" in said
