"""Distances and further columns of the seats: read, judged, and restored from the tables of a run."""

import numpy as np
import pytest

from engine.data.dictionary import columns, planning_columns
from tests.data.company import company, faults, spec
from tests.data.test_frames import assert_same, through_parquet

DISTANCES = "account,rep,km,hours\nA3,R2,7.25,\nA1,R2,12,0.5\nA1,R1,3,0.25\n"
REPS = "id,region,pace,languages\nR1,West,1,de;en\nR2,West,0.5,\n"
EXTRA = {"extra": {"pace": "real", "languages": "text"}}


def test_distances_stand_in_the_order_of_accounts_and_seats(tmp_path):
    ways = company(tmp_path, {"distances": DISTANCES}, {"distances": {}}).ways
    assert ways.account.tolist() == [0, 0, 2]
    assert ways.rep.tolist() == [0, 1, 1]
    assert ways.km.tolist() == [3.0, 12.0, 7.25]
    np.testing.assert_array_equal(ways.hours, [0.25, 0.5, np.nan])


def test_without_a_table_there_are_no_distances(tmp_path):
    assert company(tmp_path).ways is None


def test_seats_have_further_columns_beside_their_levels(tmp_path):
    seats = company(tmp_path, {"reps": REPS}, {"reps": EXTRA}).reps
    assert seats.levels == {"region": ("West", "West")}
    assert seats.extra["pace"].tolist() == [1.0, 0.5]
    assert seats.extra["languages"].tolist() == ["de;en", ""]


def test_both_survive_their_tables_and_are_described(tmp_path):
    changes = {"distances": {}, "reps": EXTRA}
    inputs = company(tmp_path, {"distances": DISTANCES, "reps": REPS}, changes)
    assert_same(inputs, through_parquet(inputs))
    described = [column.name for column in columns(spec(changes))["reps"]]
    assert described[-2:] == ["pace", "languages"]
    assert [column.name for column in planning_columns()["distances"]] == ["account", "rep", "km", "hours"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A9,R1,3,", "account is not among the accounts: row 5: 'A9'"),
        ("A1,R9,3,", "rep is not among the reps: row 5: 'R9'"),
        ("A1,R1,4,", "a way stands twice: row 5: A1 to R1"),
        ("A2,R1,-3,", "km lies outside 0 to inf"),
        ("A2,R1,,", "km is blank"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(tmp_path, row, words):
    (fault,) = faults(tmp_path, {"distances": f"{DISTANCES}{row}\n"}, {"distances": {}})
    assert words in fault.message


def test_a_blank_share_of_a_seat_is_refused(tmp_path):
    (fault,) = faults(
        tmp_path, {"reps": "id,region,pace\nR1,West,1\nR2,West,\n"}, {"reps": {"extra": {"pace": "real"}}}
    )
    assert "pace is blank" in fault.message
