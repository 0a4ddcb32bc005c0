"""Pay on the credit of others: what must hold for every pool and override, and what a team is."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp import settlement
from engine.comp.credited import at_most_once
from engine.comp.exact import Rows
from engine.comp.spec import CompSpec
from engine.comp.terms import terms
from engine.comp.typical import pay_at, typical
from engine.errors import BadInput
from tests.comp.worlds import bookings, even_quotas, random_bookings, spec, units
from tests.worlds import with_spells, world

SEATS, MONTHS = 5, 12
TEAM = {"level": "district", "credit_of": ["AE"], "double_credit": "counted"}
POOL = {
    "kind": "pool",
    "team": TEAM,
    "accumulate": "period",
    "closed": "left",
    "rate": "1%",
    "shares": "by_head",
}
OVERRIDE = {"kind": "override", "team": TEAM, "accumulate": "period", "closed": "left", "rate": "1%"}
SALARY = {"kind": "salary"}


def changing():
    """Five seats in two districts; one changed hands, one came late, two have the plan of a lead."""
    base = world(reps=SEATS)
    starts = ["2020-01-01", "2020-01-01", "2027-06-21", "2027-03-10", "2020-01-01", "2027-02-01"]
    ends = ["NaT", "2027-05-10", "NaT", "NaT", "NaT", "NaT"]
    return with_spells(
        base,
        id=tuple("ABCDEF"), person=tuple("ABCDEF"), rep=np.array([0, 1, 1, 2, 3, 4]),
        start=np.array(starts, dtype="datetime64[D]"), end=np.array(ends, dtype="datetime64[D]"),
        plan=("AE", "AE", "AE", "AE", "Lead", "Lead"), salary=np.zeros(6, dtype=np.int64),
        target_incentive=np.array([6, 5, 4, 3, 2, 1]) * 1_000_001,
    )  # fmt: skip


def moving():
    """The same seats, but A moves into the second one and E from the fourth into the fifth."""
    ends = ["2027-06-21", "2027-05-10", "NaT", "NaT", "2027-02-01", "NaT"]
    return with_spells(changing(), person=tuple("ABADEE"), end=np.array(ends, dtype="datetime64[D]"))


def plans(lead, ae=SALARY, **more):
    given_ = {name: {"pay": "monthly", "components": [part]} for name, part in (("AE", ae), ("Lead", lead))}
    rules = {"rounding": "half_even", "proration": "days_of_period"}
    return CompSpec.model_validate({"plans": given_, **rules, **more})


percents = st.integers(1, 100).map(lambda n: f"{n}%")


@st.composite
def rates(draw):
    kind = draw(st.sampled_from(["plain", "credit", "attainment", "tiers"]))
    pays_on = draw(st.sampled_from(["first_dollar", "excess"]))
    if kind == "tiers":
        cuts = sorted(draw(st.sets(st.integers(1, 180), max_size=3)))
        modes = st.sampled_from([None, "marginal", "retroactive"])
        tiers = [{"start": f"{cut}%", "rate": draw(percents), "mode": draw(modes)} for cut in (0, *cuts)]
        return {"rate": None, "tiers": tiers, "mode": draw(st.sampled_from(["marginal", "retroactive"]))}
    if kind == "plain":
        return {"rate": draw(percents)}
    level = {"credit": draw(st.integers(1, 400_000))} if kind == "credit" else {"attainment": draw(percents)}
    return {"rate": draw(percents), "above": {**level, "pays_on": pays_on}}


@st.composite
def teams(draw):
    gate = {"measure": "bookings", "accumulate": "quarter", "quota": "to_date", "closed": "left"}
    modifier = {
        **gate,
        "shape": "lines",
        "nodes": [{"ratio": "50%", "factor": "0.5"}, {"ratio": 1, "factor": 1}],
    }
    gates = [{**gate, "at_least": "40%", "otherwise": "nothing"}]
    credit_caps = [{"amount": "300k", "per": "period", "above": draw(st.sampled_from(["lost", "carried"]))}]
    credit_of = draw(st.sampled_from([["AE"], ["Lead"], ["AE", "Lead"]]))
    level = draw(st.sampled_from(["company", "region", "district"]))
    return {
        **draw(rates()),
        "team": {"level": level, "credit_of": credit_of, "double_credit": "counted"},
        "accumulate": draw(st.sampled_from(["period", "quarter", "year_to_date"])),
        "quota": draw(st.sampled_from(["to_date", "interval"])),
        "closed": draw(st.sampled_from(["left", "right"])),
        "gates": draw(st.sampled_from([[], gates])),
        "modifiers": draw(st.sampled_from([[], [modifier]])),
        "credit_caps": draw(st.sampled_from([[], credit_caps])),
        "floor": draw(st.sampled_from([None, {"of_target": "10%", "per": "quarter"}])),
        "cap": draw(st.sampled_from([None, {"amount": "9000", "per": "year"}, {"of_target": "50%", "per": "quarter"}])),
    }  # fmt: skip


@st.composite
def overrides(draw):
    return {**draw(teams()), "kind": "override", "quota_of": draw(st.sampled_from(["team", "own"]))}


@st.composite
def pools(draw):
    shares = ["by_head", "by_days", "by_credit", "by_target"]
    return {**draw(teams()), "kind": "pool", "shares": draw(st.sampled_from(shares))}


def exactly(inputs, credits, rules, replication=0):
    """Exact pay of the credits of one replication, cut by days, shape (component, spell, period)."""
    quota = even_quotas(inputs).by_period
    known = terms(inputs, quota, rules.proration, rules.rounding)
    credit = known.credit(
        credits.measure("bookings")[replication], np.arange(len(inputs.spells)), "half_even"
    )
    spell, period = np.indices(credit.shape)
    rows = Rows(spell.ravel(), period.ravel(), {"bookings": credit.ravel()})
    return comp.pay(inputs, quota, rules, rows).pay, credit


@settings(max_examples=60, deadline=None)
@given(overrides(), pools(), st.sampled_from(["spell", "person"]), st.integers(0, 99))
def test_a_simulation_pays_teams_what_the_exact_path_does_and_the_audit_agrees(lead, ae, carry, seed):
    inputs, rules = moving(), plans(lead, ae, carry=carry)
    credits = random_bookings(inputs, 2, seed=seed)
    payouts = comp.settle(inputs, credits, even_quotas(inputs), rules)
    for r in range(2):
        exact = exactly(inputs, credits, rules, r)[0].sum(axis=1).T
        assert np.abs(payouts.cost[r] - exact).max() <= 2 * 6


@settings(max_examples=60, deadline=None)
@given(pools().filter(lambda part: "above" not in part and part["rate"]), st.integers(0, 99))
def test_shares_of_a_pool_sum_to_the_pool(part, seed):
    part = {
        **part,
        "cap": [],
        "floor": None,
        "gates": [],
        "modifiers": [],
        "credit_caps": [],
        "team": {**part["team"], "credit_of": ["AE"], "level": "company"},
    }
    inputs, rules = changing(), plans(SALARY, part)
    pay, credit = exactly(inputs, random_bookings(inputs, 1, seed=seed), rules)
    of = {"period": np.arange(12), "quarter": np.arange(12) // 3, "year_to_date": np.zeros(12)}[
        part["accumulate"]
    ]
    for group in np.unique(of):
        members, team = (
            pay[0][:, of == group].sum(axis=0).cumsum(),
            credit[:4][:, of == group].sum(axis=0).cumsum(),
        )
        assert members.tolist() == [round(Fraction(part["rate"][:-1]) * int(amount) / 100) for amount in team]


@pytest.mark.parametrize(("cells", "held"), [(1, 1), (400, 2 * 8 * 9 * 12)])
def test_the_same_bytes_for_any_block_and_team(monkeypatch, cells, held):
    inputs, rules = changing(), plans({**OVERRIDE, "rate": "3%"}, {**POOL, "shares": "by_credit"})
    credits, quota = random_bookings(inputs, 9), even_quotas(inputs)
    before = comp.settle(inputs, credits, quota, rules)
    monkeypatch.setattr(settlement, "BLOCK_CELLS", cells)
    monkeypatch.setattr(settlement, "TEAM_BYTES", held)
    after = comp.settle(inputs, credits, quota, rules, workers=2)
    assert after.variable.tobytes() == before.variable.tobytes()
    assert all(a.frame.equals(b.frame) for a, b in zip(before.tables, after.tables, strict=True))


def deals(double):
    """100,000 that A and C share, with an overlay of 20,000 for D on top, and its reversal a month later."""
    spell, period = np.array([0, 2, 3, 0, 2, 3, 3]), np.array([0, 0, 0, 1, 1, 1, 2])
    credit = np.array([50, 50, 20, -50, -50, -20, 20]) * 100_000
    deal, whole = np.array([7, 7, 7, 8, 8, 8, 9]), np.array([100, 100, 100, -100, -100, -100, 100]) * 100_000
    inputs = with_spells(changing(), start=np.full(6, np.datetime64("2020-01-01")))
    inputs = replace(inputs, reps=replace(inputs.reps, levels={"district": ("North",) * SEATS}))
    rules = plans({**OVERRIDE, "team": {**TEAM, "double_credit": double}})
    rows = Rows(spell, period, {"bookings": credit}, deal=deal, whole={"bookings": whole})
    return comp.pay(inputs, np.zeros((SEATS, 12), dtype=np.int64), rules, rows).pay[1, 4, :3].tolist()


def test_a_deal_with_an_overlay_counts_double_or_once_as_the_plan_says():
    assert deals("counted") == [120_000, -120_000, 20_000]
    assert deals("once") == [100_000, -100_000, 20_000]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 1), st.integers(0, 90)), min_size=1, max_size=12)
)
def test_credits_of_a_deal_within_a_team_sum_to_the_deal_at_most(rows):
    deal, group, credit = (np.array(column) for column in zip(*rows, strict=True))
    whole = np.array([100, -60, 0, 250])[deal]
    signed = np.where(whole < 0, -credit, credit)
    cut = at_most_once(signed, whole, deal, group)
    assert (np.abs(cut) <= credit).all()
    for k in range(4):
        for g in (-1, 0, 1):
            there = (deal == k) & (group == g)
            size, limit = abs(int(signed[there].sum())), [100, 60, 0, 250][k]
            assert abs(int(cut[there].sum())) == min(size, limit)


def test_the_pay_curve_of_a_lead_is_read_at_the_same_attainment_of_all_seats():
    inputs = changing()
    rules = plans({**OVERRIDE, "team": {**TEAM, "level": "company"}})
    person = typical(inputs, random_bookings(inputs, 3), even_quotas(inputs), rules, "Lead")
    half, whole = pay_at(inputs, rules, "Lead", person, np.array([0.5, 1.0])) / 100
    assert whole == 3 * 12 * 100_000 * 0.01
    assert half == whole / 2


@pytest.mark.parametrize(
    ("team", "field", "says"),
    [
        ({"level": "distrct"}, "team.level", ["'distrct'", "district"]),
        ({"credit_of": ["AE", "Leed"]}, "team.credit_of[1]", ["'Leed'", "Lead"]),
    ],
)
def test_a_team_that_the_tables_do_not_have_is_refused_in_words(team, field, says):
    inputs, rules = changing(), plans({**OVERRIDE, "team": {**TEAM, **team}})
    with pytest.raises(BadInput) as caught:
        comp.settle(inputs, random_bookings(inputs, 1), even_quotas(inputs), rules)
    (fault,) = caught.value.faults
    assert fault.field == f"comp.plans.Lead.components[0].{field}"
    assert all(word in f"{fault.message} {fault.hint}" for word in says), fault


def test_a_plan_of_extras_survives_being_written_and_read_again():
    goal = {"name": "x", "weight": 1, "pays": "pro_rata", "most": 1, "expected": 1, "achieved": {"A": [1, 0]}}
    parts = [
        POOL,
        {**OVERRIDE, "above": {"credit": "10k", "pays_on": "excess"}},
        {"kind": "scorecard", "weight": 1, "per": "quarter", "closed": "left", "goals": [goal]},
        {
            "kind": "spif", "measure": "wins", "amount": 5, "each": {"units": 1}, "accumulate": "period",
            "first_day": "2027-01-01", "last_day": "2027-12-31", "cap": {"events": 3, "per": "year"},
        },
    ]  # fmt: skip
    assert CompSpec.model_validate(spec(*parts).model_dump(mode="json")) == spec(*parts)


def test_a_lead_who_moves_is_paid_on_each_team_while_there_and_the_year_runs_on_where_the_plan_says_so():
    inputs = moving()
    threshold = {"credit": "150k", "pays_on": "excess"}
    part = {**OVERRIDE, "accumulate": "year_to_date", "above": threshold}
    credits = bookings(np.full((1, SEATS, 12), 5_000_000))
    months = 1 + (1 + 22 / 31) + 2 + 2 + (1 + 20 / 30) + 6  # of seats R0 and R2 from February on
    north = (months * 50_000 - 150_000) / 100
    for carry, first, second in (("spell", 0, north), ("person", 500 + north, 0)):
        payouts = comp.settle(inputs, credits, even_quotas(inputs), plans(part, carry=carry))
        frame = units(payouts, "payouts")
        paid = frame[frame["period"] == "year"].set_index("spell")["mean"]
        assert (paid["E"], paid["F"]) == (pytest.approx(first, abs=0.01), pytest.approx(second, abs=0.01))


def test_a_plan_that_nobody_has_pays_nothing():
    inputs = with_spells(changing(), plan=("AE",) * 6)
    goal = {"name": "x", "weight": 1, "pays": "pro_rata", "most": 1, "expected": 1}
    extras = [
        {**OVERRIDE, "measure": "wins"},
        POOL,
        {"kind": "scorecard", "weight": 1, "per": "quarter", "closed": "left", "goals": [goal]},
        {
            "kind": "spif", "measure": "wins", "amount": 5, "each": {"units": 1}, "accumulate": "period",
            "first_day": "2027-01-01", "last_day": "2027-12-31", "budget": 100,
        },
    ]  # fmt: skip
    given_ = {"AE": [SALARY], "Lead": extras}
    rules = CompSpec.model_validate(
        {
            "plans": {name: {"pay": "monthly", "components": parts} for name, parts in given_.items()},
            "rounding": "half_even",
            "proration": "days_of_period",
        }
    )
    none = np.zeros(1, dtype=np.int64)
    rows = Rows(none, none, {"bookings": none + 100})
    assert not comp.pay(inputs, np.zeros((SEATS, 12), dtype=np.int64), rules, rows).pay.any()
