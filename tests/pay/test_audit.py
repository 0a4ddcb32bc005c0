"""People are paid again plainly before anything is published."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.comp import exact
from engine.comp.pages import known
from engine.comp.taken import Reversals
from engine.errors import VerificationFailed
from engine.pay import audit, credit, settlement
from engine.pay.audit import violations
from tests.pay import every
from tests.pay.company import Company, flat, plans

DEALS = "id,rep,date,amount\n" + "".join(f"D{k},A,2026-0{1 + k % 9}-11,{100 * k + 7}\n" for k in range(20))
QUOTAS = "rep,period,measure,quota\nA,2026-01,,1000\nA,2026-02,wins,3\nA,2026-05,wins,4\n"
BONUS = {
    "kind": "bonus", "accumulate": "year_to_date", "quota": "interval", "closed": "left", "accelerator": 1,
    "measure": "wins", "nodes": [{"attainment": 0, "pay": 0}, {"attainment": "100%", "pay": "100%"}],
}  # fmt: skip


def company(folder):
    made = Company(folder, DEALS, quotas=QUOTAS)
    measures = {"bookings": {"column": "amount"}, "wins": {"column": "id"}}
    parts = [flat(tiers=[{"start": 0, "rate": "3%"}, {"start": 900, "rate": "7.1%"}]), BONUS]
    return made.says(crediting={"measures": measures}, comp=plans(AE=parts))


def test_what_is_paid_is_what_is_paid_again(tmp_path):
    assert company(tmp_path).pay().ledger["earned"].sum() > 0


def test_what_differs_is_not_published(tmp_path, monkeypatch):
    honest = settlement.pay

    def dear(*given, **named):
        found = honest(*given, **named)
        found.earned[0, 0, 4] += 1
        return found

    monkeypatch.setattr(settlement, "pay", dear)
    with pytest.raises(
        VerificationFailed, match=r"commission of Ann in 2026-05 is \d+ minor units, paid again"
    ):
        company(tmp_path).pay()
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """What the audit is given when every kind of component pays, and what had paid it."""
    seen = {}

    def pays(*given, **named):
        seen["pays"] = partial(exact.pay, *given, **named)
        return exact.pay(*given, **named)

    def audits(*given):
        seen["given"] = given
        return violations(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settlement, "pay", pays)
        patch.setattr(settlement, "violations", audits)
        every.company(tmp_path_factory.mktemp("every"), seed=3).pay()
    *rest, paid = seen["given"]
    return rest, paid, seen["pays"]


PARTS = [(plan, part) for plan, parts in (("AE", every.SELLER), ("Lead", every.LEAD)) for part in parts]


@pytest.mark.parametrize(
    ("plan", "part"), PARTS, ids=lambda value: value if isinstance(value, str) else value["kind"]
)
def test_one_cent_of_any_component_is_seen(checked, plan, part):
    rest, paid, _ = checked
    label = part.get("name", part["kind"])
    spell = rest[0].spells.plan.index(plan)
    wrong = replace(paid, earned=paid.earned.copy())
    wrong.earned[paid.components.index((plan, label)), spell, 3] += 1
    (said,) = violations(*rest, wrong)
    assert said.startswith(f"{label} of {rest[0].spells.id[spell]} in 2026-04 is ")


KINDS = sorted({part["kind"] for _, part in PARTS})


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_that_pays_a_cent_too_much_is_seen(checked, monkeypatch, kind):
    rest, _, pays = checked
    cls = known()[kind]
    honest = cls.earn

    def dear(part, book):
        found = honest(part, book)
        cent = np.zeros(book.shape, dtype=np.int64)
        cent[0, 2] = 1
        return found.plus(book.whole(cent))

    monkeypatch.setattr(cls, "earn", dear)
    wrong = pays()
    monkeypatch.undo()
    labels = {part.get("name", kind) for _, part in PARTS if part["kind"] == kind}
    assert {said.split(" of ")[0] for said in violations(*rest, wrong) if "in 2026-03 " in said} >= labels


def test_every_kind_of_component_is_paid_again_here():
    assert set(KINDS) == set(known())


def test_nothing_is_found_where_nothing_is_wrong(checked):
    rest, paid, _ = checked
    assert list(violations(*rest, paid)) == []


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_whatever_is_sold_is_paid_again_as_it_was_paid(tmp_path_factory, seed):
    paid = every.company(tmp_path_factory.mktemp("drawn"), seed=seed).pay()
    assert set(paid.ledger["component"]) >= {"commission", "pool", "override", "holdback"}
    assert "whole period" not in set(paid.lines["line"])


def test_somebody_of_every_plan_is_paid_again(checked, monkeypatch):
    rest, paid, _ = checked
    monkeypatch.setattr(audit, "PEOPLE", 1)
    wrong = replace(paid, earned=paid.earned + 1)
    assert {said.split(" of ")[0] for said in violations(*rest, wrong)} == {
        part.get("name", part["kind"]) for _, part in PARTS
    }


CASH = (
    "id,rep,date,amount,currency,reverses\nD1,A,2026-01-10,1000,EUR,\nR1,A,2026-06-10,-500,EUR,D1\n"
    "D2,A,2026-02-10,90,,\n"
)
BY_CASH = {
    "measures": {"bookings": {"column": "amount"}, "cash": {"column": "amount", "basis": "cash", "times": "1.5"}},
    "currency": {"rate": "deal_date"}, "clawback": {"quota_credit": "true", "take": "full"},
}  # fmt: skip


def paid_by_cash(folder):
    tables = {
        "receipts": "deal,date,amount\nD1,2026-02-01,300\nD1,2026-03-01,500\nD2,2026-03-01,45.01\n",
        "rates": "currency,date,rate\nEUR,2026-01-01,1.1\n",
        "splits": "deal,rep,share,kind\nD1,A,33%,credit\nD1,B,67%,credit\n",
    }
    made = Company(folder, CASH, **tables)
    return made.says(crediting=BY_CASH, comp=plans(AE=[flat(), flat(measure="cash", name="paid")]))


@pytest.mark.parametrize(("measure", "line"), [("cash", 2), ("bookings", 0)])
def test_credit_of_cash_and_bookings_is_gone_again_from_the_deals(tmp_path, monkeypatch, measure, line):
    made = paid_by_cash(tmp_path)
    made.pay()
    honest = credit.credited

    def more(*given):
        found = honest(*given)
        found.credit[measure][np.flatnonzero(found.credit[measure])[line]] += 1
        return found

    monkeypatch.setattr(credit, "credited", more)
    with pytest.raises(
        VerificationFailed, match=rf"{measure} of deal D\d in 2026-\d+ is \d+ minor units, credited"
    ):
        made.pay(out="again")


def test_what_deals_that_are_taken_back_take_under_a_limit_is_worked_out_again(tmp_path, monkeypatch):
    deals = (
        "id,rep,date,amount,reverses\nD1,A,2026-01-10,1200,\nD2,A,2026-02-10,600,\nR1,A,2026-04-10,-1200,D1\n"
    )
    limit = {"kind": "limit", "most": {"amount": 100}, "per": "quarter", "carry": "lost"}
    spif = {
        "kind": "spif", "measure": "bookings", "amount": 10, "each": {"money": 100}, "accumulate": "quarter",
        "first_day": "2026-01-01", "last_day": "2026-12-31",
    }  # fmt: skip
    made = Company(tmp_path, deals).says(
        crediting={"clawback": {"quota_credit": "true", "take": "full"}}, comp=plans(AE=[spif, limit])
    )
    made.pay()
    honest = Reversals.costs
    monkeypatch.setattr(Reversals, "costs", lambda *given: honest(*given).times(Fraction(2)))
    with pytest.raises(
        VerificationFailed,
        match=r"deals of 2026-01 that are taken back in 2026-04 take of spif of Ann is -24000 minor units, worked out",
    ):
        made.pay(out="again")
