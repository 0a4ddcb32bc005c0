from __future__ import annotations

import numpy as np
import pytest

from benchmarks import cpmp
from benchmarks.subject import Run
from engine.errors import BadInput
from solvers.location.check import violations
from solvers.location.locate import Effort, locate

POINTS = "0 0 12 4\n3 4 12 5\n6 8 12 3\n30 40 12 6\n33 44 12 4\n"
FILES = {"tiny_02.txt": "5\t2\t\t\n" + POINTS, "tiny.dat": "  5 3\n\n" + POINTS}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "SOURCE.md").write_text("5 2 words\n")
    (tmp_path / "notes.txt").write_text("no instance\n")
    table = "instance,n,p,good,vasconcelos,min_published\ntiny_2,5,2,26.5,12,12\nother,5,2,,3,3\n"
    (tmp_path / "best_known.csv").write_text(table)
    (tmp_path / "more.csv").write_text("instance,best_known,source\nTINY_02,25,somebody\n")
    return tmp_path


def test_both_formats_are_read(folder):
    assert [path.name for path in cpmp.files(folder)] == ["tiny.dat", "tiny_02.txt"]
    problem = cpmp.read(folder / "tiny_02.txt")
    assert problem.count == 2
    assert problem.cost[0, 1] == 5.0
    assert problem.weight.tolist() == [[4, 5, 3, 6, 4]]
    assert problem.upper[0].tolist() == [12] * 5
    assert cpmp.read(folder / "tiny.dat").count == 3


def test_the_best_known_is_the_least_of_what_is_trusted(folder):
    assert cpmp.best_known(folder) == {"tiny_2": 25.0}
    assert cpmp.key("lin318_015") == cpmp.key("LIN318_15") == "lin318_15"


@pytest.mark.parametrize(
    "text", ["3 2\n1 2 3\n4 5 6\n7 8 9\n", "2 1\n0 0 10 1.5\n1 1 10 2\n", "3 1\n0 0 9 1\n"]
)
def test_a_file_of_another_format_is_refused(tmp_path, text):
    path = tmp_path / "wrong.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match="lines of x, y, capacity, demand"):
        cpmp.read(path)


def test_a_folder_gives_two_rows_for_each_file(folder, capsys):
    rows = cpmp.SUBJECT.run("all", 1, folder)
    assert [row.metric for row in rows] == ["tiny cost", "tiny bound", "tiny_02 cost", "tiny_02 bound"]
    assert all(row.ok for row in rows)
    assert rows[0].peer is None
    assert rows[2].peer == 25.0
    assert rows[2].ours == rows[3].ours == pytest.approx(15)
    assert "notes.txt: left out" in capsys.readouterr().err


def test_a_file_that_nothing_can_serve_is_said_to_be_one(tmp_path):
    (tmp_path / "full.txt").write_text("2 1\n0 0 5 4\n1 1 5 4\n")
    cost, bound = cpmp.SUBJECT.run("all", 1, tmp_path)
    assert cost.ok
    assert cost.ours is None
    assert bound.ours is None
    (entry,) = cpmp.compare(Run("cpmp", "all", 1, tmp_path))
    assert entry.by == "no plan: 1 sites carry 5 together at most; there are 8"


def test_every_file_that_is_no_instance_is_said_at_once(folder):
    (folder / "cut.txt").write_text("5 2\n1 2 3 4\n")
    (folder / "words.txt").write_text("2 1\n0 0 9 x\n1 1 9 2\n")
    (folder / "many.txt").write_text("2 3\n0 0 9 1\n1 1 9 2\n")
    with pytest.raises(BadInput) as refused:
        cpmp.SUBJECT.run("all", 1, folder)
    assert [(fault.code, fault.file) for fault in refused.value.faults] == [
        ("E_TYPE", "cut.txt"), ("E_TYPE", "many.txt"), ("E_TYPE", "words.txt"),
    ]  # fmt: skip
    assert "line 2 of them is not one" in str(refused.value)


@pytest.mark.slow
def test_the_published_optimum_of_a_real_instance_is_found_and_proven(shared):
    problem = cpmp.read(shared / "data/territory/cpmp/SJC1.dat")
    found = locate(problem, Effort(seed=1, work=2e9))
    assert found.plan is not None
    assert violations(problem, found.plan) == []
    assert found.plan.cost == pytest.approx(17288.99, abs=0.01)
    assert found.gap <= 1e-9
    assert np.isfinite(found.lagrangian)
    assert found.lagrangian < found.plan.cost
