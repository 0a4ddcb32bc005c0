"""The public instances' benchmark takes any folder in the format, in the sense that is known of each file."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.gap import SUBJECT, chosen_files, sense_of
from engine.errors import BadInput
from solvers.assignment.reading import published


def written(folder, name, seed):
    draw = np.random.Generator(np.random.Philox(seed))
    cost, weight = draw.integers(10, 30, (2, 3, 9))
    capacity = np.full(3, int(weight.sum() / 9 * 1.2))
    rows = ["3 9", *(" ".join(map(str, row)) for row in (*cost, *weight, capacity))]
    (folder / name).write_text("\n".join(rows) + "\n")


def test_a_folder_without_published_values_is_solved_and_proven(tmp_path, capsys):
    written(tmp_path, "first", 1)
    written(tmp_path, "c0309_1", 2)
    (tmp_path / "SOURCE.md").write_text("notes\n")
    rows = SUBJECT.run("all", seed=1, data=tmp_path)
    assert [row.metric for row in rows] == [
        "c0309_1 objective", "c0309_1 bound", "first objective", "first bound",
    ]  # fmt: skip
    assert all(row.ok and row.gap == 0 and row.peer is None for row in rows)
    entries = list(SUBJECT.shown("all", 1, tmp_path))
    assert [(entry.name, entry.sense) for entry in entries] == [("c0309_1", -1), ("first", 1)]
    assert capsys.readouterr() == ("", "")


def test_a_contradiction_with_what_is_published_is_wrong(tmp_path):
    written(tmp_path, "first", 1)
    (best,) = {row.ours for row in SUBJECT.run("all", seed=1, data=tmp_path)}
    lines = {"right": f"first,Min,{best:.0f},{best:.0f},{best:.0f}", "wrong": "first,Min,1,1,1"}
    answers = {}
    for name, line in lines.items():
        (tmp_path / "best_known.csv").write_text("instance,sense,lb,ub,best\n" + line + "\n")
        answers[name] = {row.ok for row in SUBJECT.run("min", seed=1, data=tmp_path)}
    assert answers == {"right": {True}, "wrong": {False}}


def test_the_sense_is_the_published_one_where_there_is_only_one(tmp_path):
    written(tmp_path, "d0309", 1)
    (path,) = chosen_files(tmp_path, lambda name: True)
    assert sense_of(path, {}) == 1
    (tmp_path / "best_known.csv").write_text("instance,sense,lb,ub,best\nd0309,Max,1,2,1\n")
    assert sense_of(path, published(tmp_path / "best_known.csv")) == -1


def test_every_file_that_is_no_instance_is_said_before_anything_is_solved(tmp_path):
    written(tmp_path, "first", 1)
    (tmp_path / "cut").write_text((tmp_path / "first").read_text()[:40])
    (tmp_path / "words").write_text("3 9 many words\n")
    with pytest.raises(BadInput) as refused:
        next(SUBJECT.shown("all", 1, tmp_path))
    assert [(fault.code, fault.file) for fault in refused.value.faults] == [
        ("E_TYPE", "cut"),
        ("E_TYPE", "words"),
    ]


def test_a_table_without_its_columns_and_a_case_without_files_are_refused(tmp_path):
    written(tmp_path, "first", 1)
    with pytest.raises(BadInput, match="none of its 1 files belongs to this case"):
        SUBJECT.run("a", 1, tmp_path)
    (tmp_path / "best_known.csv").write_text("instance,best\nfirst,1\n")
    with pytest.raises(BadInput, match="no column 'sense'"):
        SUBJECT.run("all", 1, tmp_path)
