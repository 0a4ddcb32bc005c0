"""A re-carve in the middle of the year: what is left, by whoever is left, and what is booked stays booked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from engine.calendar import CalendarSpec, calendar
from engine.errors import BadInput
from engine.inputs import Inputs, Opportunities
from engine.progress import Silent
from engine.territory import checks, design, table_violations, violations
from engine.territory.planning.rules import seen
from engine.territory.recarve.carving import Recarve, shares_of
from engine.territory.spec import TerritorySpec
from tests.territory.cases import every_alignment, tiny
from tests.territory.test_rows_equal_checks import kept_by_rows

BAND = {"kind": "band", "within": "40%"}


def may(inputs: Inputs, day: dt.date = dt.date(2027, 7, 1)) -> Inputs:
    """The tiny world on a day: R1 left in May without a successor, R2 was hired for August."""
    plan = calendar(CalendarSpec(year=2027), day)
    start, end = inputs.spells.start.copy(), inputs.spells.end.copy()
    end[1] = np.datetime64("2027-05-10")
    start[2] = np.datetime64("2027-08-01")
    return replace(inputs, calendar=plan, spells=replace(inputs.spells, start=start, end=end))


def with_actuals(inputs: Inputs, *deals: tuple[int, int, int, int]) -> Inputs:
    """Deals of the year so far: account, seat, minor units, outcome."""
    account, rep, amount, outcome = (np.array(column, dtype=np.int64) for column in zip(*deals, strict=True))
    days = np.full(len(deals), np.datetime64("2027-03-01"), dtype="datetime64[D]")
    names = tuple(f"D{k}" for k in range(len(deals)))
    won = outcome.astype(np.int8)
    stage = tuple("Closed" for _ in deals)
    booked = Opportunities(names, account, rep, account * 0, stage, won, days, days, days, amount)
    return replace(inputs, actuals=booked)


def rules(
    constraints: list[dict[str, Any]], recarve: dict[str, Any], objectives: list[dict[str, Any]] | None = None
) -> TerritorySpec:
    priced = [{"kind": "travel"}, {"kind": "disruption"}] if objectives is None else objectives
    return TerritorySpec.model_validate(
        {"constraints": constraints, "objectives": priced, "solver": {"gap": 0}, "recarve": recarve}
    )


def test_potential_and_work_are_prorated_by_the_days_that_are_left() -> None:
    inputs = may(tiny())
    left, _ = seen(inputs, rules([], {}))
    share = Fraction((dt.date(2028, 1, 1) - dt.date(2027, 7, 1)).days, 365)
    assert left.accounts.potential.tolist() == [round(share * v) for v in inputs.accounts.potential.tolist()]
    assert left.accounts.workload.tolist() == [round(share * v) for v in inputs.accounts.workload.tolist()]


def test_seasonality_says_how_much_of_the_year_is_left() -> None:
    inputs = may(tiny())
    left, _ = seen(inputs, rules([], {"seasonality": [0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 1]}))
    assert left.accounts.potential.tolist() == [
        round(Fraction(1, 4) * v) for v in inputs.accounts.potential.tolist()
    ]
    in_june, _ = seen(may(tiny(), dt.date(2027, 6, 16)), rules([], {"seasonality": [0] * 5 + [1] + [0] * 6}))
    half = Fraction(1, 2)
    assert in_june.accounts.potential.tolist() == [
        round(half * v) for v in inputs.accounts.potential.tolist()
    ]


def test_less_booked_takes_away_what_is_won_and_never_more_than_there_is() -> None:
    inputs = may(tiny())
    v = inputs.accounts.potential.tolist()
    inputs = with_actuals(
        inputs, (0, 1, 500, 1), (0, 0, 200, 1), (1, 1, 10**12, 1), (2, 2, 700, 0), (-1, 1, 50, 1)
    )
    left, _ = seen(inputs, rules([], {"remaining": "less_booked"}))
    assert left.accounts.potential.tolist() == [v[0] - 700, 0, *v[2:]]


def test_a_seat_carries_what_its_people_can_work_of_what_is_left() -> None:
    inputs = may(tiny())
    open_days = (dt.date(2028, 1, 1) - dt.date(2027, 7, 1)).days
    hired = (dt.date(2028, 1, 1) - dt.date(2027, 8, 1)).days
    plain = shares_of(inputs, Recarve())
    assert plain == [Decimal(1), Decimal(0), round(Decimal(hired) / open_days, 4)]
    # A month of a ramp is 365.25 / 12 days: half of the first is lost.
    ramped = shares_of(inputs, Recarve.model_validate({"ramp": ["50%"]}))
    lost = Decimal("30.4375") / 2
    assert ramped[2] == round((hired - lost) / open_days, 4)
    assert ramped[0] == 1


def test_a_backfill_keeps_its_seat_open_and_nobody_known_means_a_full_seat() -> None:
    inputs = may(tiny())
    start, end = inputs.spells.start.copy(), inputs.spells.end.copy()
    start[2] = np.datetime64("2028-06-01")  # comes after the plan: nothing of what is left
    spells = replace(inputs.spells, rep=np.array([0, 0, 2]), start=start, end=end)
    spells = replace(spells, end=np.array(["2027-05-10", "NaT", "NaT"], dtype="datetime64[D]"))
    spells = replace(
        spells, start=np.array(["2024-01-01", "2027-10-01", "2028-06-01"], dtype="datetime64[D]")
    )
    shares = shares_of(replace(inputs, spells=spells), Recarve())
    assert shares == [round(Decimal(92) / 184, 4), Decimal(1), Decimal(0)]


def test_rows_and_check_agree_on_every_alignment_of_what_is_left() -> None:
    inputs = may(tiny())
    alignments = every_alignment(inputs)
    for constraint in (
        BAND,
        {"kind": "band", "measure": "count", "lower": 2},
        {"kind": "max_moves", "limit": 2},
    ):
        held = rules([constraint], {"ramp": ["50%"]})
        left = seen(inputs, held)
        by_check = np.array([not checks.violations(*left, rep_of) for rep_of in alignments])
        assert np.array_equal(kept_by_rows(*left, alignments), by_check)
        assert 0 < by_check.sum() < len(alignments)
        assert not by_check[(alignments == 1).any(axis=1)].any()


def test_the_band_of_what_is_left_follows_the_weights_by_plain_arithmetic() -> None:
    inputs = may(tiny())
    held = rules([BAND], {})
    share = Fraction(184, 365)
    left = [round(share * v) for v in inputs.accounts.potential.tolist()]
    weight = [Fraction(1), Fraction(0), Fraction("0.8315")]
    for rep_of in every_alignment(inputs)[::17]:
        load = [sum(v for v, rep in zip(left, rep_of, strict=True) if rep == j) for j in range(3)]
        target = [sum(left) * w / sum(weight) for w in weight]
        kept = all(abs(a - t) <= Fraction("0.4") * t for a, t in zip(load, target, strict=True))
        assert kept == (not violations(inputs, held, rep_of))


@pytest.mark.parametrize(("leavers", "allowed"), [("free", True), ("count", False)])
def test_accounts_of_a_closed_seat_move_for_nothing_or_are_counted(leavers: str, allowed: bool) -> None:
    inputs = may(tiny())
    held = rules([{"kind": "max_moves", "limit": 0}], {"leavers": leavers}, [{"kind": "disruption"}])
    assert inputs.accounts.owner.tolist() == [0, 1, 2, 0, 1, -1]
    moved = np.array([0, 0, 2, 0, 2, 0])
    assert (violations(inputs, held, moved) == []) is allowed
    if allowed:
        alignment = design(inputs, held, seed=1, progress=Silent())
        assert alignment.solves[0].objective == 0
        moves = next(table.frame for table in alignment.tables if table.name == "moves")
        assert moves["account"].tolist() == ["A1", "A4"]
        assert moves["from_rep"].tolist() == ["R1", "R1"]


def test_history_stays_with_the_seat_that_booked_it_and_nothing_is_lost() -> None:
    inputs = with_actuals(may(tiny()), (0, 1, 500, 1), (1, 1, 200, 1), (2, 2, 999, 0), (-1, -1, 50, 1))
    alignment = design(inputs, rules([], {}), seed=1, progress=Silent())
    told = {table.name: table.frame for table in alignment.tables}
    history = told["history"]
    assert history["booked"].tolist() == [0, 700, 0, 50]
    assert history["moved_on"].tolist() == [0, 500, 0, 0]
    assert history["deals"].tolist() == [0, 2, 0, 1]
    assert history["rep"].isna().tolist() == [False, False, False, True]
    assert told["recarve"]["status"].tolist() == ["filled", "closed", "new"]
    assert told["recarve"]["accounts_before"].tolist() == [2, 2, 1]
    assert int(told["recarve"]["accounts"].sum()) == 6
    assert told["recarve"]["accounts"][1] == 0
    # The tables of the year speak of the year, so that later stages read what they always read.
    assert int(told["territories"]["potential"].sum()) == int(inputs.accounts.potential.sum())


@pytest.mark.parametrize(
    ("recarve", "day", "field", "word"),
    [
        ({}, None, "", "needs the day"),
        ({"remaining": "less_booked"}, dt.date(2027, 7, 1), ".remaining", "what was booked"),
        ({"seasonality": [1, 2]}, dt.date(2027, 7, 1), ".seasonality", "12 periods"),
        ({"seasonality": [1] * 6 + [0] * 6}, dt.date(2027, 7, 1), ".seasonality", "no weight is left"),
    ],
)
def test_a_recarve_that_does_not_fit_is_refused(
    recarve: dict[str, Any], day: dt.date | None, field: str, word: str
) -> None:
    inputs = may(tiny(), day) if day else tiny()
    with pytest.raises(BadInput) as caught:
        design(inputs, rules([BAND], recarve), seed=1, progress=Silent())
    (fault,) = caught.value.faults
    assert fault.field == f"territories.recarve{field}"
    assert word in fault.message


def test_a_district_in_which_nobody_is_left_is_named() -> None:
    inputs = may(tiny())
    with pytest.raises(BadInput, match="nobody is left in district South after 2027-07-01"):
        design(inputs, rules([{**BAND, "level": "district"}], {}), seed=1, progress=Silent())
    with pytest.raises(ValueError, match="below 0"):
        rules([], {"ramp": ["-10%"]})


@pytest.mark.parametrize(
    "recarve",
    [
        {},
        {"ramp": ["25%", "50%", "75%"], "seasonality": [9, 8, 9, 8, 8, 8, 7, 7, 9, 9, 10, 8]},
        {"remaining": "less_booked", "ramp": ["10%"]},
    ],
    ids=str,
)
def test_counting_day_by_day_gives_the_same_tables_and_finds_any_change(recarve: dict[str, Any]) -> None:
    inputs = with_actuals(may(tiny(), dt.date(2027, 6, 17)), (0, 1, 500, 1), (1, 1, 200, 1), (-1, -1, 50, 1))
    spec = rules([], recarve)
    alignment = design(inputs, spec, seed=1, progress=Silent())
    tables = {table.name: table.frame for table in alignment.tables}
    assert table_violations(inputs, spec, alignment.rep_of, tables) == []
    for name, column, word in (
        ("recarve", "remaining", "remaining of seat R0"),
        ("recarve", "share", "seat R0 can work"),
        ("history", "booked", "history: R0"),
    ):
        changed = tables[name].copy()
        changed.loc[0, column] += 1
        (sentence,) = table_violations(inputs, spec, alignment.rep_of, {**tables, name: changed})
        assert word in sentence


def test_levels_an_overlay_and_a_re_carve_go_together() -> None:
    inputs = may(tiny(8))
    spec = rules([BAND, {"kind": "max_moves", "limit": 4}], {}).model_dump()
    spec["hierarchy"] = {"levels": ["district"], "bands": [{"level": "district", "within": "60%"}]}
    spec["overlays"] = [
        {"name": "x", "seats": {"roster": [{"id": "X"}]}, "objectives": [{"kind": "disruption"}]}
    ]
    held = TerritorySpec.model_validate(spec)
    alignment = design(inputs, held, seed=1, progress=Silent())
    assert violations(inputs, held, alignment.rep_of) == []
    assert 1 not in alignment.rep_of
    tables = {table.name: table.frame for table in alignment.tables}
    assert table_violations(inputs, held, alignment.rep_of, tables) == []
    assert tables["overlay_seats"]["accounts"].tolist() == [8]
    left, _ = seen(inputs, held)
    assert int(tables["overlay_seats"]["potential"][0]) == int(left.accounts.potential.sum())
