"""The public instances' benchmark takes any folder in the format, in the sense that is known of each file."""

from __future__ import annotations

import numpy as np

from benchmarks.gap import SUBJECT, sense_of
from benchmarks.gap import files as instance_files
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
    assert "max" in capsys.readouterr().out


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
    (path,) = instance_files(tmp_path)
    assert sense_of(path, {}) == 1
    (tmp_path / "best_known.csv").write_text("instance,sense,lb,ub,best\nd0309,Max,1,2,1\n")
    assert sense_of(path, published(tmp_path / "best_known.csv")) == -1
