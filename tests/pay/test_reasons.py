"""Statements explain themselves, whatever the kind of component."""

from __future__ import annotations

import re

import pytest

from tests.pay import every
from tests.pay.test_lines import lines_of


@pytest.fixture(scope="module")
def paid(tmp_path_factory):
    return every.company(tmp_path_factory.mktemp("every"), seed=3).pay()


def words(paid, component, line):
    rows = paid.lines[(paid.lines["component"] == component) & (paid.lines["line"] == line)]
    return rows["rule"].tolist()


def test_no_amount_stands_without_a_reason_and_all_add_up(paid):
    lines = lines_of(paid)
    assert set(paid.ledger["component"]) == set(lines["component"])
    assert "whole period" not in set(lines["line"])


MONEY = r"-?[\d,]+\.\d\d"
RATIO = r"(-?[\d.]+%|none)"


@pytest.mark.parametrize(
    ("component", "line", "pattern"),
    [
        ("salary", "salary", f"in seat for {RATIO} of the period"),
        ("commission", "modifier", f"margin over bookings (at {RATIO}: times {RATIO}|has nothing .* times 100%)"),
        ("commission", "gate", f"wins over quota at {RATIO}, 95% needed: (held|missed, nothing is paid)"),
        ("commission", "cap", f"{MONEY} to date without it, {MONEY} at most in the quarter"),
        ("commission", "floor", f"{MONEY} without it, {MONEY} at least in the quarter"),
        ("by deal", "deal", r"3\.3% from 0.*, times " + RATIO),
        ("by deal", "gate", f"bookings over quota at {RATIO}, 110% needed: (held|missed, target incentive at most)"),
        ("bonus", "deal", f"{RATIO} of target to date"),
        ("bonus", "attainment", f"bookings at {RATIO}: {RATIO} of target incentive {MONEY}"),
        ("matrix", "attainment", f"bookings at {RATIO}, margin over bookings at {RATIO}: {RATIO} of target .*{MONEY}"),
        ("scorecard", "goal", f"(launch, weight 60%|survey, weight 40%): {RATIO} achieved, pays {RATIO} of {MONEY}"),
        ("spif", "deal of a SPIF", r"-?\d+ to date at 150\.00 each|not from 2026-02-10 to 2026-05-20"),
        ("spif", "budget", f"{MONEY} of (450|3000) for everybody is left after the period"),
        ("full ten thousands", "cap", f"{MONEY} to date without it, 150 at most in the quarter"),
        ("pool", "credit of the team", f".*% from .*%; {MONEY} in the pool"),
        ("pool", "share of the pool", f"{RATIO} by \\w+ of the pool to date, {MONEY}"),
        ("override", "credit of the team", ".*% from .*%"),
        ("limit", "limit", f"all variable pay: {MONEY} to date, {MONEY} at (most|least) in the period; {MONEY} .*"),
        ("limit", "true-up", "what the limits of the year took, less what they added"),
        ("holdback", "held back", f"{MONEY} is held, 12.5% of {MONEY}; {MONEY} is held after the period"),
        ("holdback", "released", f"{MONEY} held before is paid; {MONEY} is held after the period"),
        ("guarantee", "guarantee", f"pay of the quarter {MONEY}, guaranteed {MONEY}"),
        ("draw", "draw", f"pay of the period {MONEY}, draw {MONEY}; balance {MONEY}, then {MONEY}"),
        ("draw", "recovered", f"pay of the period {MONEY}, draw {MONEY}; balance {MONEY}, then {MONEY}"),
    ],
)  # fmt: skip
def test_what_a_line_says(paid, component, line, pattern):
    said = words(paid, component, line)
    assert said
    assert [text for text in said if not re.fullmatch(pattern, text)] == []


def test_the_balance_of_a_draw_is_what_was_lent_less_what_was_recovered(paid):
    rows = paid.lines[(paid.lines["component"] == "draw") & paid.lines["line"].isin(["draw", "recovered"])]
    checked = 0
    for _, amount, said in rows[["person", "amount", "rule"]].itertuples(index=False):
        before, after = (int(text.replace(",", "").replace(".", "")) for text in re.findall(MONEY, said)[-2:])
        assert after - before == amount
        checked += amount != 0
    assert checked


def test_what_gates_take_is_what_they_give_back_once_held(paid):
    rows = paid.lines[(paid.lines["component"] == "commission") & (paid.lines["line"] == "gate")]
    held = rows["rule"].str.endswith("held")
    assert (rows.loc[~held, "amount"] < 0).any()
    assert (rows.loc[held, "amount"] > 0).any()


def test_a_page_shows_every_reason(paid):
    page = (paid.folder / "private/statements/Late.html").read_text(encoding="utf-8")
    said = paid.lines[(paid.lines["person"] == "Late") & (paid.lines["rule"] != "")]["rule"]
    assert len(said) > 100
    assert [text for text in said if text not in page] == []


def test_the_credit_of_a_team_is_told_by_whose_it_is(paid):
    keys = ["person", "period"]
    rows = paid.lines[paid.lines["component"] == "override"].set_index(keys)
    members = rows[rows["line"] == "credit of a member"]
    told, team = (
        members["credit"].groupby(level=keys).sum(),
        rows.loc[rows["line"] == "credit of the team", "credit"],
    )
    assert told[told != 0].to_dict() == team[team != 0].to_dict()
    assert set(members["rule"]) >= {"Seller 1", "Mover"}
