"""People who hold a seat for part of a period: whose deals, and whose part of the quota."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp import held
from engine.comp.given import Given
from engine.comp.spec import CompSpec
from engine.errors import VerificationFailed
from engine.quota.carry import carry, part_periods
from engine.quota.quotas import Quotas
from tests.comp.dealing import MEASURES, REPLICATIONS, simulated, staffed
from tests.comp.test_paths import bonuses, commissions
from tests.comp.test_resold import both_paths, days_in_seat
from tests.comp.test_settle import everything
from tests.comp.test_teams import OVERRIDE
from tests.comp.worlds import BONUS, COMMISSION, SALARY, even_quotas, spec, units
from tests.quota.setting import spec as quota_spec

MONTH = 20_000_000
TENTH = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "period", "tiers": [{"start": 0, "rate": "10%"}],
}  # fmt: skip


def by_days_held(inputs, measure):
    """Credit by (replication, spell, period), a plain look at every deal."""
    won = simulated().deals(slice(None))
    found = np.zeros((REPLICATIONS, len(inputs.spells), inputs.calendar.periods), dtype=np.int64)
    for r, seat, day, period, credit in zip(
        won.replication, won.seat, won.day, won.period, won.credit[measure], strict=True
    ):
        for spell in range(len(inputs.spells)):
            if days_in_seat(inputs.spells, spell, seat, day):
                found[r, spell, period] += credit
    return found


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("cells", [1, 1 << 16])
def test_credit_is_what_closed_on_the_days_in_seat(monkeypatch, workers, cells):
    monkeypatch.setattr(held, "CELLS", cells)
    inputs, everybody = staffed(), np.arange(5)
    rules = spec(SALARY, COMMISSION, carry="spell")
    known = Given.of(inputs, simulated(), even_quotas(inputs), rules, workers)
    assert known.held.partly
    for measure in MEASURES:
        wanted = by_days_held(inputs, measure)
        assert (known.held.credit(measure, everybody, slice(None)) == wanted).all()
        assert (known.held.own(measure, everybody[::2], slice(3, 7)) == wanted[3:7, ::2]).all()
        assert np.abs(known.held.expected(measure, everybody) - wanted.mean(axis=0)).max() <= 0.5


def test_rows_of_a_person_are_credited_together():
    inputs = staffed()
    rules = spec(SALARY, COMMISSION, carry="person")
    known = Given.of(inputs, simulated(), even_quotas(inputs), rules)
    alone = by_days_held(inputs, "bookings")
    together = known.held.credit("bookings", np.arange(5), slice(None))
    assert (together[:, 0] == alone[:, 0] + alone[:, 4]).all()
    assert (together[:, 4] == 0).all()


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(commissions(), bonuses()),
    st.sampled_from(["spell", "person"]),
    st.sampled_from(["monthly", "quarterly"]),
)
def test_plans_on_sums_by_period_pay_the_deals_of_the_days_as_the_exact_path_does(part, rules_carry, pay):
    rules = CompSpec.model_validate(
        {
            "plans": {"AE": {"pay": pay, "components": [part.model_dump()]}},
            "rounding": "half_even", "proration": "days_of_period", "carry": rules_carry,
        }
    )  # fmt: skip
    inputs = staffed()
    assert not rules.plans["AE"].by_deal(inputs.calendar)
    fast, exact, _ = both_paths(inputs, rules)
    payouts = comp.settle(inputs, simulated(), even_quotas(inputs, MONTH), rules)
    assert np.abs(fast[part.label] - exact[part.label]).max() <= 2 * part.points
    assert (payouts.variable[..., 0] == fast[part.label].sum(axis=1)).all()


def counted() -> Quotas:
    """Quotas of 200,000 for a month that is filled, of which an empty day counts nothing, on a ramp of half a month."""
    inputs, wanted = staffed(), quota_spec(ramp=["50%"])
    shares = np.array([[float(share) for share in row] for row in carry(inputs, wanted)])
    cells = np.rint(shares * MONTH).astype(np.int64)[:, None]
    return Quotas("bookings", cells, (), (), parts=part_periods(inputs, wanted))


def test_people_carry_what_their_days_count():
    inputs, quota = staffed(), counted()
    known = Given.of(inputs, simulated(), quota, spec(carry="spell")).known
    month = list(inputs.calendar.labels).index
    seat = quota.by_period
    # R1: P1 leaves on 10 May, P3 comes on 21 June; nobody carries what is between them.
    assert known.quota[1, month("2027-05")] == seat[1, month("2027-05")] == round(MONTH * 9 / 31)
    assert known.quota[2, month("2027-06")] == seat[1, month("2027-06")] == round(MONTH / 2 * 10 / 30)
    # R2: P2 until 14 August, then P0 on a ramp that counts half.
    august = month("2027-08")
    assert known.quota[3, august] + known.quota[4, august] == seat[2, august]
    assert known.quota[3, august] / known.quota[4, august] == pytest.approx(14 / (17 / 2), rel=1e-6)


@pytest.mark.parametrize("parts", [(SALARY, COMMISSION, BONUS), (SALARY, OVERRIDE), (SALARY, TENTH)])
def test_a_run_pays_and_audits_part_periods(parts):
    inputs, rules = staffed(), spec(*parts, carry="person")
    one = comp.settle(inputs, simulated(), counted(), rules)
    assert everything(comp.settle(inputs, simulated(), counted(), rules, workers=3)) == everything(one)


def test_what_closes_while_nobody_sits_there_pays_nobody_and_the_rest_pays_a_tenth():
    inputs = staffed()
    frame = units(comp.settle(inputs, simulated(), counted(), spec(TENTH, carry="spell")), "payouts")
    wanted = np.rint(by_days_held(inputs, "bookings") / 10).mean(axis=0)
    for row, spell in enumerate(inputs.spells.id):
        mine = frame[(frame["spell"] == spell) & (frame["period"] != "year")]
        assert mine["mean"].to_numpy() == pytest.approx(wanted[row] / 100, abs=0.02)


def test_the_audit_finds_credit_of_part_periods_that_was_cut_by_days(monkeypatch):
    inputs = staffed()
    real = held.Held.of.__func__

    def by_days(cls, inputs, bookings, *others):
        return real(cls, inputs, replace(bookings, again=None), *others)

    monkeypatch.setattr(held.Held, "of", classmethod(by_days))
    with pytest.raises(VerificationFailed, match="paid again it is"):
        comp.settle(inputs, simulated(), counted(), spec(TENTH, carry="spell"))


def test_the_audit_finds_a_quota_that_is_cut_by_days_again():
    inputs, quota, rules = staffed(), counted(), spec(SALARY, COMMISSION, carry="spell")
    wrong = comp.settle(inputs, simulated(), replace(quota, parts=None), rules)
    assert comp.violations(inputs, simulated(), quota, rules, wrong)
