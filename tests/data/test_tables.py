"""What each table becomes, number by number."""

import numpy as np

from engine.data.people import LONG_AGO
from tests.data.company import FILES, REPS, company, found


def test_accounts(tmp_path):
    accounts = company(tmp_path).accounts
    assert accounts.id == ("A1", "A2", "A3")
    assert accounts.segment == ("SMB", "ENT", "all")
    assert accounts.owner.tolist() == [0, 1, -1]
    assert accounts.potential.tolist() == [10_000_000, 25_000_050, 0]
    assert accounts.workload.tolist() == [150, 200, 100]
    np.testing.assert_array_equal(accounts.latitude, [40.5, 41, np.nan])


def test_declared_columns_keep_their_types(tmp_path):
    files = {
        "accounts": "id,segment,staff,margin,area,note\nA1,SMB,7,1.5,0.25,x\nA2,ENT,8,2,1,\nA3,,9,0,0,NA\n"
    }
    extra = {"staff": "whole", "margin": "money", "area": "real", "note": "text"}
    found_columns = company(tmp_path, files, {"accounts": {"extra": extra}}).accounts.extra
    assert found_columns["staff"].tolist() == [7, 8, 9]
    assert found_columns["margin"].tolist() == [150, 200, 0]
    assert found_columns["area"].tolist() == [0.25, 1.0, 0.0]
    assert found_columns["note"].tolist() == ["x", "", "NA"]
    assert [values.dtype.kind for values in found_columns.values()] == ["i", "i", "f", "O"]


def test_seats_and_the_people_in_their_rows(tmp_path):
    inputs = company(tmp_path)
    seats, spells = inputs.reps, inputs.spells
    assert seats.levels == {"region": ("West", "West")}
    assert seats.serves == (frozenset({"SMB", "ENT"}), frozenset())
    assert seats.slots.tolist() == [5, -1]
    assert spells.id == spells.person == ("R1", "R2")
    assert spells.plan == ("AE", "AE")
    assert spells.target_incentive.tolist() == [8_000_000, 6_000_000]
    assert np.isnat(spells.end).all()


def test_the_role_of_a_person_is_the_plan_where_none_is_given(tmp_path):
    reps = "id,region,person,plan,role\nR1,West,Ann,AE,Hunter\nR2,West,Bob,AE,\n"
    assert company(tmp_path, {"reps": reps}).spells.roles == ("Hunter", "AE")
    assert company(tmp_path).spells.roles == ("AE", "AE")


def test_an_open_position_has_no_spell(tmp_path):
    reps = "id,region,person,start\nR1,West,Ann,\nR2,West,,\n"
    inputs = company(tmp_path, {"reps": reps})
    assert inputs.spells.person == ("Ann",)
    assert inputs.spells.start.tolist() == [LONG_AGO.astype(object)]
    assert found(inputs, "open position").rows == 1
    assert found(inputs, "taken as long ago").examples == ("row 2: Ann",)


def test_spells_stand_by_seat_and_start_and_number_a_person(tmp_path):
    spells = """\
person,rep,start,end,plan
Bob,R2,2026-01-01,,AE
Ann,R1,2024-01-01,2026-07-01,AE
Cid,R1,2026-07-01,,
Ann,R2,2020-01-01,2024-01-01,AE
"""
    files = {"spells": spells, "reps": "id,region\nR1,W\nR2,W\n"}
    table = company(tmp_path, files, {"spells": {}}).spells
    assert table.id == ("Ann", "Cid", "Ann#2", "Bob")
    assert table.rep.tolist() == [0, 0, 1, 1]
    assert table.plan == ("AE", "", "AE", "AE")


def test_a_person_in_two_seats_at_a_time_is_noted(tmp_path):
    files = {
        "spells": "person,rep,start\nAnn,R1,2024-01-01\nAnn,R2,2025-01-01\n",
        "reps": "id,region\nR1,W\nR2,W\n",
    }
    assert found(company(tmp_path, files, {"spells": {}}), "two seats").examples == ("Ann",)


def test_history_is_the_last_year_of_won_deals_unless_the_table_says_it(tmp_path):
    assert company(tmp_path).reps.history.tolist() == [170_000, 0]
    given = REPS.replace("id,", "history,id,").replace("\nR", "\n7,R")
    assert company(tmp_path, {"reps": given}).reps.history.tolist() == [700, 700]


def test_without_products_there_is_one(tmp_path):
    inputs = company(tmp_path, {}, {"products": None})
    assert inputs.products.id == ("all",)
    assert set(inputs.history.product.tolist()) == {0}
    assert found(inputs, "product is not read").rows == 6


def test_a_single_product_need_not_be_named(tmp_path):
    files = {
        "products": "id\nP1\n",
        "opportunities": "id,stage,created,closed\nO1,Lost,2026-01-01,2026-02-01\n",
    }
    assert company(tmp_path, files, {"products": {}}).history.product.tolist() == [0]


def test_without_opportunities_there_are_none(tmp_path):
    inputs = company(tmp_path, {}, {"opportunities": None})
    assert len(inputs.history) == len(inputs.pipeline) == 0
    assert inputs.reps.history.tolist() == [0, 0]


def test_shuffled_rows_give_the_same_inputs(tmp_path):
    def shuffled(text: str) -> str:
        header, *rows = text.splitlines()
        return "\n".join([header, *reversed(rows)]) + "\n"

    straight = company(tmp_path)
    turned = company(tmp_path, {name: shuffled(text) for name, text in FILES.items()})
    for table in ("accounts", "reps", "spells", "products", "history", "pipeline"):
        assert repr(getattr(straight, table)) == repr(getattr(turned, table))
    counts = [{(f.table, f.what, f.rows, f.action) for f in inputs.findings} for inputs in (straight, turned)]
    assert counts[0] == counts[1]
    assert straight.sources != turned.sources
