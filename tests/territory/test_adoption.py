"""Adoption: the seats of a number of territories become those of the run, and verify holds every figure to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import territory
from engine.errors import BadInput, Infeasible, VerificationFailed
from engine.inputs import Edits
from engine.progress import Silent
from engine.territory import design
from engine.territory.interrupted import DesignInterrupted
from engine.territory.spec import TerritorySpec
from tests.territory.test_headcount import BAND, HEADCOUNT, PLACES, asked, company

CLOSING = {**HEADCOUNT, "min": 1, "keep": ["R1"]}


def adopting(adopt: str | int, **headcount: Any) -> TerritorySpec:
    return asked(constraints=[BAND], headcount={**CLOSING, "adopt": adopt, **headcount})


def decided(spec: TerritorySpec) -> tuple[np.ndarray, dict[str, pd.DataFrame], float]:
    found = design(company(), spec, seed=1, progress=Silent())
    return found.rep_of, {table.name: table.frame for table in found.tables}, found.solves[0].objective


@pytest.mark.parametrize("adopt", ["cheapest", 1, 2, 3])
def test_the_alignment_is_the_one_over_the_adopted_seats(adopt):
    spec, today = adopting(adopt), company()
    rep_of, tables, cost = decided(spec)
    counts = tables["headcount"]
    row = counts[counts["adopted"]].iloc[0]
    least = counts.sort_values(["upper_bound", "territories"]).iloc[0]["territories"]
    assert row["territories"] == (least if adopt == "cheapest" else adopt)
    inputs = territory.seated(today, spec, tables)
    assert list(tables["territories"]["rep"]) == list(inputs.reps.id)
    assert len(inputs.reps) == row["territories"]
    assert [inputs.reps.id[rep] for rep in rep_of] == list(tables["alignment"]["rep"])
    assert cost * 100 == pytest.approx(row["alignment_cost"], abs=1)
    assert territory.violations(inputs, spec, rep_of) == []
    assert territory.table_violations(inputs, spec, rep_of, tables) == []
    assert territory.headcount_violations(today, spec, tables) == []


def test_what_is_left_of_a_year_is_carved_over_the_adopted_seats():
    calendar = replace(company().calendar, as_of=np.datetime64("2027-07-01"))
    today = replace(company(), calendar=calendar)
    given = {**HEADCOUNT, "max": 3, "adopt": 3}
    spec = asked(headcount=given, recarve={"ramp": []})
    found = design(today, spec, seed=1, progress=Silent())
    tables = {table.name: table.frame for table in found.tables}
    inputs = territory.seated(today, spec, tables)
    assert territory.headcount_violations(today, spec, tables) == []
    assert territory.table_violations(inputs, spec, found.rep_of, tables) == []
    assert list(tables["recarve"]["rep"]) == ["R0", "R1", "new-1"]
    homes = tables["headcount_homes"].query("territories == 3")
    assert homes["potential"].sum() < today.accounts.potential.sum()
    assert tables["territories"]["potential"].sum() == today.accounts.potential.sum()


def test_owners_of_today_are_told_even_where_their_seat_closes():
    today = company()
    _, tables, _ = decided(adopting(1))
    owners = [today.reps.id[rep] for rep in today.accounts.owner]
    assert list(tables["alignment"]["incumbent"]) == owners
    gone = [i for i, owner in enumerate(owners) if owner == "R0"]
    assert list(tables["moves"]["account"]) == [today.accounts.id[i] for i in gone]
    assert set(tables["moves"]["from_rep"]) == {"R0"}
    assert set(tables["moves"]["to_rep"]) == {"R1"}


def test_new_seats_are_vacant_at_their_places_and_the_others_keep_their_people():
    spec = adopting(3, keep=["R0", "R1"], min=2)
    _, tables, _ = decided(spec)
    inputs = territory.seated(company(), spec, tables)
    assert inputs.reps.id == ("R0", "R1", "new-1")
    assert inputs.spells.rep.tolist() == [0, 1]
    assert float(inputs.reps.latitude[2]) in {40.4, 39.5}


def test_nothing_is_adopted_unless_asked():
    spec, today = asked(constraints=[BAND]), company()
    rep_of, tables, _ = decided(spec)
    assert not tables["headcount"]["adopted"].any()
    assert territory.seated(today, spec, tables) is today
    assert rep_of.max() < 2


def test_what_a_territory_brings_in_decides_the_number():
    few, many = (decided(adopting("cheapest", contribution=brings))[1]["headcount"] for brings in (0, "90k"))
    assert few.loc[few["adopted"], "new"].item() == 0
    assert many.loc[many["adopted"], "new"].item() == 2
    assert (many["contribution"] == 9_000_000 * many["new"]).all()
    assert many["upper_bound"].min() < 0


def test_a_number_without_any_plan_is_infeasible():
    rules = [{"kind": "band", "measure": "count", "lower": 1, "upper": 2}]
    with pytest.raises(Infeasible, match="no alignment to 2 territories"):
        design(
            company(),
            asked(constraints=rules, headcount={**HEADCOUNT, "keep": ["R1"], "adopt": 2}),
            seed=1,
            progress=Silent(),
        )


def raised(column: str, by: int) -> Any:
    def edit(tables: dict[str, pd.DataFrame]) -> None:
        frame = tables["headcount"]
        frame[column] = frame[column] + by * (frame["territories"] == 3)

    return edit


def handed_over(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["headcount_alignment"]
    own = frame["territories"] == 3
    frame.loc[own, "rep"] = frame.loc[own, "rep"].iloc[0]


def displaced(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["headcount_homes"]
    frame.loc[frame["place"].notna(), "place"] = "Ash"


def not_adopted(tables: dict[str, pd.DataFrame]) -> None:
    tables["headcount"]["adopted"] = False


def ruled_out(tables: dict[str, pd.DataFrame]) -> None:
    raised("lower_bound", -(10**9))(tables)
    tables["headcount"]["ruled_out"] = True


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (raised("lower_bound", 10**9), "lies above the cost"),
        (raised("upper_bound", 500), "its parts make"),
        (raised("opening_cost", 500), "new ones make"),
        (raised("contribution", 500), "new ones make"),
        (raised("alignment_cost", 500), "the alignment costs"),
        (raised("new", 1), "are new"),
        (ruled_out, "below the least cost"),
        (handed_over, "its accounts add up"),
        (displaced, "nowhere"),
        (not_adopted, "the scenario says otherwise"),
    ],
)
def test_verify_finds_a_figure_that_was_changed(edit, words):
    spec = asked(constraints=[BAND], headcount={**HEADCOUNT, "min": 3, "max": 3, "adopt": 3})
    _, tables, _ = decided(spec)
    tables = {name: frame.copy() for name, frame in tables.items()}
    edit(tables)
    assert any(words in text for text in territory.headcount_violations(company(), spec, tables))


def test_a_run_must_say_which_number_was_adopted():
    spec = adopting(2)
    _, tables, _ = decided(spec)
    tables["headcount"]["adopted"] = False
    with pytest.raises(VerificationFailed, match="0 numbers are adopted"):
        territory.seated(company(), spec, tables)


def test_faults_of_the_headcount_stand_beside_all_others():
    spec = asked(
        constraints=[{"kind": "lock", "accounts": ["A9"], "rep": "R1"}],
        headcount={**HEADCOUNT, "max": 9, "keep": ["R7"], "min": 1},
    )
    said = [str(fault) for fault in territory.faults(company(), spec)]
    for words in ("no account has the id 'A9'", "no seat is called 'R7'", "only 4 seats and places"):
        assert any(words in text for text in said), words
    with pytest.raises(BadInput) as refused:
        design(company(), spec, seed=1, progress=Silent())
    assert [str(fault) for fault in refused.value.faults] == said


def test_a_rule_or_an_edit_may_not_name_a_seat_that_can_close():
    spec = asked(
        constraints=[{"kind": "lock", "accounts": ["A1"], "rep": "R0"}], headcount={**CLOSING, "adopt": 1}
    )
    assert any("no seat has the id 'R0'" in fault.message for fault in territory.faults(company(), spec))
    one = np.array([0])
    edits = Edits(("l.csv",), one, one, ("l.csv row 2",), ("",))
    fixed = replace(company(), edits=edits)
    assert any("may close" in fault.message for fault in territory.faults(fixed, adopting(1)))


def test_a_seat_called_as_a_new_one_is_refused():
    inputs = company()
    named = replace(inputs, reps=replace(inputs.reps, id=("R1", "new-1")))
    assert any("called as a new territory" in fault.message for fault in territory.faults(named, adopting(1)))


def test_ctrl_c_keeps_the_plan_with_the_tables_that_name_its_seats(monkeypatch):
    def interrupted(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.territory.why.answers.chosen", interrupted)
    spec, today = adopting(2), company()
    with pytest.raises(DesignInterrupted) as caught:
        design(today, spec, seed=1, progress=Silent())
    saved = caught.value.alignment
    assert saved is not None
    tables = {table.name: table.frame for table in saved.tables}
    assert len(territory.seated(today, spec, tables).reps) == 2
    assert territory.headcount_violations(today, spec, tables) == []


def test_only_the_cheapest_number_is_chosen_or_adopted_as_the_cheapest():
    spec, today = adopting("cheapest"), company()
    _, tables, _ = decided(spec)
    counts = tables["headcount"].copy()
    others = counts["upper_bound"] != counts["upper_bound"].min()
    counts["chosen"], counts["adopted"] = others, others
    said = territory.headcount_violations(today, spec, {**tables, "headcount": counts})
    assert sum("another number costs less" in text for text in said) == others.sum()
    assert sum("the scenario says otherwise" in text for text in said) == others.sum()


def test_each_place_has_terms_of_its_own_where_it_says_so():
    places = [{**PLACES[0], "opening_cost": 100}, {**PLACES[1], "contribution": "30k"}]
    spec = asked(headcount={**HEADCOUNT, "candidates": places, "contribution": 5})
    _, tables, _ = decided(spec)
    counts = tables["headcount"].set_index("territories")
    assert counts.loc[4, ["opening_cost", "contribution"]].tolist() == [100_000, 3_000_500]
    assert counts.loc[3, ["opening_cost", "contribution"]].tolist() == [90_000, 3_000_000]
    assert territory.headcount_violations(company(), spec, tables) == []
