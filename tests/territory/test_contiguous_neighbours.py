"""Who touches whom: the table of neighbours as it is read and kept, and the triangulation of places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.calendar import CalendarSpec, calendar
from engine.data import frames, from_frames, read
from engine.data.spec import DataSpec
from engine.errors import BadInput
from engine.geography import Adjacency
from engine.inputs import Inputs
from engine.territory.geography.adjacency import Units, from_points, joined
from engine.territory.geography.delaunay import triangulated
from engine.territory.problem import gather
from engine.territory.solving.contiguity import contiguous
from tests.territory.cases import spec
from tests.territory.grids import grid

PLAN = calendar(CalendarSpec(year=2027))


def company(folder: Path, neighbours: str, **table: object) -> Inputs:
    (folder / "accounts.csv").write_text("id,county\nA1,North\nA2,South\n")
    (folder / "reps.csv").write_text("id\nR1\n")
    (folder / "neighbours.csv").write_text(neighbours)
    tables = {
        "accounts": {"path": "accounts.csv", "extra": {"county": "text"}},
        "reps": "reps.csv",
        "adjacency": {"path": "neighbours.csv", **table},
    }
    return read(DataSpec.model_validate(tables), PLAN, "USD", folder, ())


def test_a_table_of_neighbours_is_read_in_order_and_comes_back_from_a_run(tmp_path: Path) -> None:
    inputs = company(tmp_path, "unit,neighbour\nSouth,North\nIsle,\nNorth,South\n")
    assert inputs.adjacency == Adjacency(("Isle", "North", "South"), ("", "South", "North"))
    again = from_frames(frames(inputs), PLAN, "USD")
    assert again.adjacency == inputs.adjacency
    assert company(tmp_path, "unit,neighbour\nNorth,South\nIsle,\n", exclude=["Isle"]).adjacency == Adjacency(
        ("North",), ("South",)
    )


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("unit\nNorth\n", "column 'neighbour' is missing"),
        ("unit,neighbour\n,South\n", "unit is blank"),
        ("unit,neighbour\nNorth, South\n", "a space before or after the text of neighbour"),
    ],
)
def test_a_faulty_table_of_neighbours_is_refused(tmp_path: Path, rows: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        company(tmp_path, rows)


def test_identical_places_are_joined_in_a_chain() -> None:
    places = np.array([[40.0, -100.0], [41, -100], [40, -99], [40, -100], [40, -100]])
    edges = triangulated(places).tolist()
    assert [0, 3] in edges
    assert [3, 4] in edges
    whole = Units(("a", "b", "c", "d", "e"), np.arange(5), np.array(edges), places)
    assert [island.tolist() for island in whole.islands] == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_places_on_a_line_or_at_one_place_are_joined_along_it(count: int) -> None:
    line = np.stack((np.linspace(40, 44, count), np.linspace(-100, -90, count)), axis=1)[::-1]
    assert len(triangulated(line)) == max(count - 1, 0)
    assert len(triangulated(np.full((count, 2), 40.0))) == max(count - 1, 0)


def test_long_edges_are_dropped() -> None:
    places = np.array([[40.0, -100.0], [40.1, -100], [40, -99.9], [44, -100]])
    assert len(triangulated(places)) == 5
    assert triangulated(places, max_km=20).tolist() == [[0, 1], [0, 2], [1, 2]]


def test_the_triangulation_of_a_grid_holds_its_neighbours() -> None:
    inputs = grid(3, 4, 2)
    units = from_points(inputs, "county", None)
    assert inputs.adjacency is not None
    place = {name: k for k, name in enumerate(units.names)}
    rook = {
        (place[a], place[b]) for a, b in zip(inputs.adjacency.unit, inputs.adjacency.neighbour, strict=True)
    }
    assert rook <= {tuple(edge) for edge in units.edges.tolist()}
    assert len(units.islands) == 1


def test_islands_are_joined_by_their_shortest_link() -> None:
    places = np.array([[40.0, -100.0], [40, -99], [40, -90], [40, -89], [50, -95]])
    edges = np.array([[0, 1], [2, 3]])
    whole = joined(Units(("a", "b", "c", "d", "e"), np.arange(5), edges, places))
    assert sorted(map(tuple, whole.edges.tolist())) == [(0, 1), (1, 2), (1, 4), (2, 3)]
    assert len(whole.islands) == 1


def test_a_descent_keeps_seats_in_one_piece_on_a_larger_grid() -> None:
    inputs = grid(8, 8, 5, seed=2, ids=True)
    rules = spec([{"kind": "band", "measure": "count", "within": "10%"}, {"kind": "contiguous"}])
    problem = gather(inputs, rules)
    plan = contiguous(problem, np.random.default_rng(1).integers(0, 5, 64))
    assert problem.keeps(plan)
