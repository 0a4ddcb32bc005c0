"""Worked payouts of several people whose pay depends on each other, exactly and as a simulation settles them."""

from dataclasses import replace

import numpy as np
import pytest
import yaml

from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp import settlement
from engine.comp.exact import Rows
from engine.comp.spec import CompSpec
from engine.comp.terms import terms
from engine.errors import BadInput
from tests.comp.test_cases import FOLDER, cents, counts, table
from tests.comp.worlds import bookings, even_quotas, quotas, spec
from tests.worlds import with_spells, world


def cases():
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.load(path.read_text(), yaml.BaseLoader):
            if "people" in case:
                yield pytest.param(case, id=f"{path.stem}-{case['name']}")


class Crowd:
    """A seat for each person, in the order of the case; `levels` name the nodes of the seat."""

    def __init__(self, case):
        self.pays = table(case["pays"])
        people = {name: given or {} for name, given in case["people"].items()}
        names, facts, size = list(people), list(people.values()), len(people)
        periods = len(next(iter(self.pays.values())))
        credits = [{**table(who.get("credits", {})), **counts(who)} for who in facts]
        self.measures = sorted({"bookings", *(name for credit in credits for name in credit)})
        nothing = [0] * periods
        self.cube = np.array(
            [[credit.get(name, nothing) for name in self.measures] for credit in credits]
        ).transpose(0, 2, 1)
        self.quota = np.array([table(who.get("quota", ["0"] * periods))["bookings"] for who in facts])
        base = world(reps=size)
        levels = {level: tuple(who.get(level, "one") for who in facts) for level in ("region", "district")}
        self.inputs = replace(
            with_spells(
                base,
                id=tuple(names),
                person=tuple(names),
                salary=np.zeros(size, dtype=np.int64),
                target_incentive=np.array([12 * cents(who.get("target", 0)) for who in facts]),
                start=np.array([who.get("start", "2020-01-01") for who in facts], dtype="datetime64[D]"),
                end=np.array([who.get("end", "NaT") for who in facts], dtype="datetime64[D]"),
                plan=tuple(who.get("plan", "AE") for who in facts),
            ),
            calendar=calendar(CalendarSpec(year=2027, length=periods)),
            reps=replace(base.reps, levels=levels),
        )
        plans = case.get("plans") or {"AE": [case["component"]]}
        self.spec = CompSpec.model_validate(
            {
                "plans": {name: {"pay": "monthly", "components": parts} for name, parts in plans.items()},
                "rounding": "half_even",
                "proration": "days_of_period",
            }
        )

    def exact(self):
        """What each person is paid by period, from credits that are cut by days as those of a simulation are."""
        known = terms(self.inputs, self.quota, self.spec.proration, self.spec.rounding)
        everybody = np.arange(len(self.inputs.spells))
        spell, period = (index.ravel() for index in np.indices(self.cube.shape[:2]))
        credit = {
            name: known.credit(self.cube[..., m], everybody, "half_even").ravel()
            for m, name in enumerate(self.measures)
        }
        settled = comp.pay(self.inputs, self.quota, self.spec, Rows(spell, period, credit))
        return dict(zip(self.inputs.spells.id, settled.pay.sum(axis=0).tolist(), strict=True))

    @property
    def bookings(self):
        return bookings(self.cube[None], *self.measures)

    def simulated(self):
        payouts = comp.settle(self.inputs, self.bookings, quotas(self.quota), self.spec)
        frame = next(table.frame for table in payouts.tables if table.name == "payouts")
        by_person = frame[frame["period"] != "year"].groupby(["spell", "period"])["mean"].sum()
        return {name: by_person[name].tolist() for name in self.inputs.spells.id}


@pytest.mark.parametrize("raw", list(cases()))
def test_the_exact_path_pays_everybody_to_the_cent(raw):
    crowd = Crowd(raw)
    paid = crowd.exact()
    assert {name: paid[name] for name in crowd.pays} == crowd.pays


@pytest.mark.parametrize("raw", list(cases()))
def test_a_simulated_settlement_pays_everybody_to_the_cent(raw):
    crowd = Crowd(raw)
    paid = crowd.simulated()
    assert {name: paid[name] for name in crowd.pays} == crowd.pays


def wins(inputs, replications=20):
    cube = np.random.default_rng(5).poisson(1.5, (replications, len(inputs.reps), inputs.calendar.periods))
    return bookings(np.stack([cube * 100_000, cube], axis=-1), "bookings", "wins")


SPIF = {
    "kind": "spif", "measure": "wins", "amount": "333.33", "each": {"units": 1}, "accumulate": "period",
    "first_day": "2027-02-01", "last_day": "2027-10-31", "budget": "10k",
}  # fmt: skip


@pytest.mark.parametrize(("cells", "held"), [(1, 1), (500, 2 * 8 * 20 * 12)])
def test_people_who_share_are_settled_at_once_for_any_block_and_team(monkeypatch, cells, held):
    inputs, rules = world(reps=5), spec(SPIF)
    before = comp.settle(inputs, wins(inputs), even_quotas(inputs), rules)
    assert (before.variable.sum(axis=(1, 2)) == 1_000_000).all()
    monkeypatch.setattr(settlement, "BLOCK_CELLS", cells)
    monkeypatch.setattr(settlement, "TEAM_BYTES", held)
    after = comp.settle(inputs, wins(inputs), even_quotas(inputs), rules, workers=2)
    assert after.variable.tobytes() == before.variable.tobytes()
    for one, other in zip(before.tables, after.tables, strict=True):
        assert one.frame.equals(other.frame)


def test_the_pay_curve_of_a_plan_with_a_budget_knows_all_its_people():
    inputs = world(reps=5)
    payouts = comp.settle(inputs, wins(inputs), even_quotas(inputs), spec(SPIF))
    curve = next(table.frame for table in payouts.tables if table.name == "pay_curve")
    assert curve.set_index("attainment").loc[2.0, "money"] == 10_000_00 / 5


SCORECARD = {
    "kind": "scorecard", "weight": "20%", "per": "quarter", "closed": "left",
    "goals": [{"name": "hygiene", "weight": 1, "pays": "pro_rata", "most": 1, "expected": "75%"}],
}  # fmt: skip


def test_a_scorecard_is_judged_as_achieved_in_full_and_paid_as_expected():
    inputs = world(reps=2)
    payouts = comp.settle(inputs, wins(inputs), even_quotas(inputs), spec(SCORECARD))
    assert (payouts.variable.sum(axis=(1, 2)) == 2 * 8_000_000 * 0.2 * 0.75).all()
    checks = next(table.frame for table in payouts.tables if table.name == "plan_checks")
    assert "20.0% of the target incentive" in checks.set_index("check").loc["target", "message"]


@pytest.mark.parametrize(
    ("part", "field", "says"),
    [
        ({**SPIF, "first_day": "2027-02-10"}, "first_day", ["2027-02-10 lies within a period", "2027-02-01"]),
        ({**SPIF, "last_day": "2027-10-30"}, "last_day", ["2027-10-30 lies within a period", "2027-09-30"]),
        ({**SCORECARD, "goals": [{**SCORECARD["goals"][0], "achieved": {"P9": 1}}]}, "achieved", ["'P9'"]),
        (
            {**SCORECARD, "goals": [{**SCORECARD["goals"][0], "achieved": {"P1": [1, 1]}}]},
            "achieved",
            ["'P1' has 2", "4 intervals"],
        ),
        (
            {**SCORECARD, "goals": [{**SCORECARD["goals"][0], "expected": None, "achieved": {"P1": 1}}]},
            "expected",
            ["1 people", "'P0'"],
        ),
    ],
)
def test_what_the_tables_forbid_is_refused_in_words(part, field, says):
    inputs = world(reps=2)
    with pytest.raises(BadInput) as caught:
        comp.settle(inputs, wins(inputs), even_quotas(inputs), spec(part))
    (fault,) = caught.value.faults
    assert fault.field.endswith(field)
    assert all(word in f"{fault.message} {fault.hint}" for word in says), fault


def test_a_spif_may_begin_within_a_period_where_the_days_of_deals_are_known():
    inputs, rules = world(reps=1), spec({**SPIF, "first_day": "2027-02-10"})
    none = np.zeros(1, dtype=np.int64)
    rows = Rows(none, none + 1, {"wins": none + 1}, np.array(["2027-02-10"], dtype="datetime64[D]"))
    quota = np.zeros((1, 12), dtype=np.int64)
    assert comp.pay(inputs, quota, rules, rows).pay.sum() == 333_33
    with pytest.raises(BadInput, match="within a period"):
        comp.pay(inputs, quota, rules, replace(rows, day=None))
