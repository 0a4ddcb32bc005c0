"""Credit is worked out again from deals, splits and managers before anything is paid; planted errors are found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.crediting import credits as crediting
from engine.crediting.credits import KINDS, OVERLAY, OWNER, SPLIT, TEAM
from engine.errors import VerificationFailed
from engine.pay import credit
from engine.pay.recredited import violations
from tests.pay.company import Company, by_unit, flat, plans

# Mia leads Ann and Bob, Zoe leads Mia; last year's L1 is taken back, and L2 still waits for half of its cash.
REPS = "id,manager,person,plan\nA,M,Ann,AE\nB,M,Bob,AE\nC,Z,Cem,AE\nM,Z,Mia,AE\nZ,,Zoe,AE\nV,Z,,\n"
DEALS = (
    "id,rep,date,amount,currency,reverses\nL1,A,2025-05-10,500,,\nL2,B,2025-06-10,800,,\n"
    "D1,A,2026-01-10,1000.01,,\nD2,B,2026-02-10,333.33,EUR,\nD3,M,2026-02-11,700,,\nD4,V,2026-02-12,90,,\n"
    "R1,A,2026-03-10,-400,,D1\nR2,B,2026-04-10,-333.33,EUR,D2\nR3,A,2026-05-10,-600.01,,D1\n"
    "RL,C,2026-05-11,-200,,L1\n"
)
SPLITS = (
    "deal,rep,share,kind\nD1,A,33.333%,credit\nD1,B,33.333%,credit\nD1,C,33.334%,credit\nD1,M,12.5%,overlay\n"
    "D2,B,60%,credit\nD2,C,40%,credit\nD2,A,55.5%,overlay\n"
)
TABLES = {
    "splits": SPLITS,
    "rates": "currency,date,rate\nEUR,2026-01-01,1.1\n",
    "receipts": "deal,date,amount\nL2,2025-12-01,400\nL2,2026-02-01,400\nD1,2026-01-20,500\nD1,2026-02-20,500.01\n",
    "deal_pay": "deal,person,component,earned,taken,paid\nL1,Ann,commission,50,0,50\nL2,Bob,commission,80,0,40\n",
}  # fmt: skip
MEASURES = {
    "bookings": {"column": "amount"},
    "wins": {"column": "id"},
    "cash": {"column": "amount", "basis": "cash", "times": "1.5"},
}


def company(folder, *, double=True):
    made = Company(folder, DEALS, **{**TABLES, "reps": REPS})
    rules = {
        "measures": MEASURES, "rollups": {"double_credit": double}, "currency": {"rate": "deal_date"},
        "clawback": {"quota_credit": True, "take": "full"}, "release": "cash",
    }  # fmt: skip
    parts = [flat(), by_unit(measure="wins", name="wins"), flat(measure="cash", name="cash")]
    return made.says(crediting=rules, comp=plans(AE=parts))


@pytest.fixture(scope="module", params=[True, False], ids=["beyond the deal", "once"])
def given_(request, tmp_path_factory):
    """What the audit of credit is given."""
    seen = []

    def audits(*arguments):
        seen.append(arguments)
        return violations(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credit, "violations", audits)
        company(tmp_path_factory.mktemp("company"), double=request.param).pay()
    (found,) = seen
    return found


def test_nothing_is_found_where_nothing_is_wrong(given_):
    assert list(violations(*given_)) == []
    _, tables, lines, _, _ = given_
    assert set(lines.kind.tolist()) == {OWNER, SPLIT, OVERLAY, TEAM}
    assert (tables.deals.past >= 0).any()
    assert (tables.deals.cash.past >= 0).any()


@settings(max_examples=60)
@given(st.data())
def test_a_unit_in_any_line_of_any_measure_is_found(given_, data):
    spec, tables, lines, spell, rounding = given_
    line, name = data.draw(st.integers(0, lines.deal.size - 1)), data.draw(st.sampled_from(sorted(MEASURES)))
    wrong = lines.credit[name].copy()
    wrong[line] += data.draw(st.sampled_from([-1, 1, 100]))
    planted = replace(lines, credit={**lines.credit, name: wrong})
    said = list(violations(spec, tables, planted, spell, rounding))
    deal, kind = tables.deals.id[lines.deal[line]], KINDS[lines.kind[line]]
    seat = tables.inputs.reps.id[lines.rep[line]]
    assert said[0].startswith(f"{name} of deal {deal} in 2026-")
    assert said[0].endswith(f", for {seat} ({kind})")


@pytest.mark.parametrize("kind", [OWNER, SPLIT, OVERLAY, TEAM], ids=KINDS)
def test_a_line_that_is_missing_or_stands_twice_is_found(given_, kind):
    spec, tables, lines, spell, rounding = given_
    some = np.flatnonzero((lines.kind == kind) & (lines.credit["bookings"] != 0))
    less = np.delete(np.arange(lines.deal.size), some[0])
    more = np.sort(np.append(np.arange(lines.deal.size), some[-1]))
    for kept in (less, more):
        said = list(violations(spec, tables, lines.take(kept), spell[kept], rounding))
        assert any(f"({KINDS[kind]})" in sentence for sentence in said)


def test_who_did_not_hold_the_seat_is_found(given_):
    spec, tables, lines, spell, rounding = given_
    for line in range(lines.deal.size):
        wrong = spell.copy()
        wrong[line] = (wrong[line] + 1) % len(tables.inputs.spells)
        (said,) = violations(spec, tables, lines, wrong, rounding)
        assert "is credited to another person than who holds" in said


def rolled_up_once_more(honest):
    return lambda *given: honest(*given[:5], not given[5])


def to_the_first(honest):
    """Odd units go to the first share, whatever its remainder."""

    def shared(amount, group, share):
        found = honest(amount, group, share)
        first = np.flatnonzero(np.diff(group, prepend=-1))
        last = np.append(first[1:], group.size) - 1
        found[first] += 1
        found[last] -= 1
        return found

    return shared


def every_part_counts(honest):
    def counts(deals):
        return np.where(deals.reverses >= 0, -1, honest(deals))

    return counts


def cut_off(honest):
    return lambda amount, share, rounding: amount * share // crediting.WHOLE


@pytest.mark.parametrize(
    ("name", "fault", "said"),
    [
        ("rolled_up", rolled_up_once_more, r"\(team\)"),
        ("largest_remainder", to_the_first, r"\((split|owner)\)"),
        ("_counts", every_part_counts, r"wins of deal R1 in 2026-03 is -?\d+ minor units"),
        ("part", cut_off, r"\(overlay\)"),
    ],
)
def test_a_rule_of_crediting_that_goes_wrong_stops_the_pay(tmp_path, monkeypatch, name, fault, said):
    monkeypatch.setattr(crediting, name, fault(getattr(crediting, name)))
    with pytest.raises(VerificationFailed, match=said):
        company(tmp_path).pay()
    assert not (tmp_path / "out").exists()


def test_a_seat_that_changes_hands_a_day_late_stops_the_pay(tmp_path, monkeypatch):
    made = company(tmp_path)
    made.tables["reps"] = "id,manager\nA,M\nB,M\nC,Z\nM,Z\nZ,\nV,Z\n"
    made.tables["spells"] = (
        "person,rep,start,end,plan\nAnn,A,,2026-01-10,AE\nEve,A,2026-01-10,,AE\nBob,B,,,AE\nCem,C,,,AE\n"
        "Mia,M,,,AE\nZoe,Z,,,AE\n"
    )
    made.text["data"]["spells"] = "spells.csv"
    made.pay()
    honest = credit.spell_of
    monkeypatch.setattr(credit, "spell_of", lambda spells, rep, day: honest(spells, rep, day - 1))
    with pytest.raises(VerificationFailed, match="deal D1 is credited to another person than who holds A"):
        made.pay(out="again")
