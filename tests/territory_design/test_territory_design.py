"""Commercial territory design on grids that can be enumerated: figures, plans, bounds, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.territory_design import SUBJECT, published, read_all
from engine.errors import BadInput
from solvers.contiguity import Graph
from solvers.territory_design import Effort, Limits, broken, design, loss_bound, prove, read, score
from tests.territory_design.tiny import best_plan, tiny, written

QUICK = Effort(runs=3, moves=20_000)


@pytest.mark.parametrize(("seed", "affine"), [(1, False), (2, False), (3, True), (4, True)])
def test_search_and_proof_meet_at_the_optimum_of_enumeration(seed: int, affine: bool) -> None:
    instance = tiny(2, 4, 3, seed=seed, affine=affine)
    best, _ = best_plan(instance)
    found = design(instance, seed=1, effort=QUICK)
    assert broken(instance, found.label) == []
    assert found.score[:2] == best[:2]
    assert found.score.dispersion == pytest.approx(best.dispersion)
    assert loss_bound(instance, best.violation) <= best.loss
    proof = prove(instance, found)
    assert proof.recomputed <= proof.bound * (1 + 1e-9)
    assert proof.bound <= best.dispersion * (1 + 1e-9)
    if not affine:
        assert proof.bound == pytest.approx(best.dispersion)


def test_a_proof_finds_the_plan_that_a_poor_search_missed() -> None:
    instance = tiny(3, 3, 3, seed=5)
    best, _ = best_plan(instance)
    poor = design(instance, seed=1, effort=Effort(runs=1, moves=1))
    assert poor.score > best
    proof = prove(instance, replace(poor, score=poor.score._replace(violation=0.0)))
    assert proof.better is not None
    assert score(instance, proof.better).dispersion == pytest.approx(best.dispersion)
    assert proof.bound == pytest.approx(best.dispersion)


def test_contiguity_matters_to_the_bound() -> None:
    """Two rows of a ladder without rungs but one: the cheapest halves are in pieces."""
    instance = tiny(2, 4, 2, seed=6)
    ladder = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7), (0, 4)]
    split = replace(instance, graph=Graph.of(8, np.array(ladder)))
    free, tied = best_plan(instance)[0], best_plan(split)[0]
    assert free.dispersion < tied.dispersion
    found = design(split, seed=1, effort=QUICK)
    proof = prove(split, found)
    assert found.score.dispersion == pytest.approx(tied.dispersion)
    assert proof.cuts > 0
    assert proof.bound == pytest.approx(tied.dispersion)


def test_the_bound_of_our_own_code_holds_without_branch_and_bound() -> None:
    for seed in range(3):
        instance = tiny(4, 4, 4, seed=seed, within="0.1")
        found = design(instance, seed=0, effort=QUICK)
        quick, whole = prove(instance, found, Limits(nodes=0)), prove(instance, found)
        assert quick.nodes == 0
        assert 0 < quick.bound == quick.recomputed <= whole.bound <= found.score.dispersion * (1 + 1e-9)


def test_a_loss_that_the_bands_force_is_bounded() -> None:
    """All units want territory 0, and it has room for half of them."""
    instance = tiny(2, 4, 2, seed=1)
    affinity = np.array([[1] * 8, [2] * 8])
    wanted = replace(instance, affinity=affinity)
    best, _ = best_plan(wanted)
    assert 0 < loss_bound(wanted) == best.loss


def test_a_seed_gives_the_same_plan_again() -> None:
    instance = tiny(4, 4, 4, seed=9)
    first, second = (design(instance, seed=3, effort=QUICK) for _ in range(2))
    assert np.array_equal(first.label, second.label)


def test_what_is_no_plan_is_said() -> None:
    instance = tiny(1, 4, 2, seed=1)
    assert broken(instance, np.array([0, 1, 0, 1])) == [
        "territory 0 is in pieces",
        "territory 1 is in pieces",
    ]
    assert broken(instance, np.array([0, 0, 0, 0])) == ["territory 1 is empty"]
    assert broken(instance, np.array([0, 0, 0, 2])) == ["a unit has no territory"]
    cut = replace(instance, graph=Graph.of(4, np.empty((0, 2), dtype=np.int64)))
    with pytest.raises(ValueError, match="no plan of 2 contiguous territories"):
        design(cut, effort=QUICK)


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    instance = tiny(3, 3, 3, seed=1, affine=True)
    written(instance, tmp_path / "tiny.dat")
    again = read(tmp_path / "tiny.dat")
    assert np.array_equal(again.points, instance.points)
    assert np.array_equal(again.weights, instance.weights)
    assert np.array_equal(again.graph.edges, instance.graph.edges)
    assert (again.tolerance, again.territories) == (instance.tolerance, 3)
    assert np.array_equal(again.affinity, instance.affinity)
    (tmp_path / "cut.dat").write_text((tmp_path / "tiny.dat").read_text()[:100])
    with pytest.raises(ValueError, match=r"cut\.dat: no territory design instance"):
        read(tmp_path / "cut.dat")


def test_the_benchmark_takes_any_folder(tmp_path: Path) -> None:
    for seed in (1, 2):
        written(tiny(3, 3, 3, seed=seed), tmp_path / f"tiny-{seed}.dat")
    table = "instance,balance_violation,affinity_loss,compactness\ntiny-1,0,0,99\n"
    (tmp_path / "known.csv").write_text(table)
    rows = SUBJECT.run("sample", 1, tmp_path)
    assert [row.metric for row in rows] == [
        f"tiny-1 {figure}" for figure in ("violation", "loss", "dispersion", "bound")
    ]
    assert all(row.ok for row in rows)
    assert rows[2].peer == 99


def test_a_plan_that_cannot_be_is_one_wrong_line_and_a_garbled_file_is_refused(tmp_path: Path) -> None:
    instance = tiny(1, 4, 2, seed=1)
    written(replace(instance, graph=Graph.of(4, np.empty((0, 2), dtype=np.int64))), tmp_path / "apart.dat")
    (entry,) = SUBJECT.shown("sample", 1, tmp_path)
    assert "no plan of 2 contiguous territories" in entry.by
    assert [row.ok for row in entry.rows] == [False]
    (tmp_path / "cut.dat").write_text((tmp_path / "apart.dat").read_text()[:60])
    with pytest.raises(BadInput, match=r"cut\.dat: no territory design instance"):
        SUBJECT.run("sample", 1, tmp_path)


def test_public_figures_are_above_our_bounds(shared: Path) -> None:
    place = shared / "data/territory/territory-design"
    first, best = read_all(place)[0], published(place)
    found = design(first, effort=Effort(runs=1, moves=1_000_000))
    proof = prove(first, found, Limits(nodes=0))
    assert best[first.name][:2] == (0.0, 0)
    assert 0.9 * found.score.dispersion < proof.bound < best[first.name].dispersion
