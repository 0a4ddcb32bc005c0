"""`python -m benchmarks`: its rows, its file and its exit status."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from math import inf

import pytest

import benchmarks.__main__ as command
from benchmarks.measure import measured
from benchmarks.subject import Row, Run, Subject, subjects

KEYS = [
    "subject",
    "case",
    "seed",
    "metric",
    "ours",
    "peer_name",
    "peer",
    "ratio",
    "gap",
    "seconds",
    "peak_mb",
    "ok",
]


def quick(run: Run) -> list[Row]:
    cost = measured(lambda: sum(range(1000)))
    return [run.row("seconds", 2.0, peer=("sum", 8.0), gap=inf, cost=cost, ok=cost.value == 499_500)]


def wrong(run: Run) -> list[Row]:
    return [run.row("seconds", 1.0, ok=False)]


@pytest.fixture
def only_quick(monkeypatch):
    known = {
        "quick": Subject("quick", {"first": quick, "second": quick}, default=("first",)),
        "wrong": Subject("wrong", {"first": wrong}),
    }
    monkeypatch.setattr(command, "subjects", lambda: known)


def test_rows_have_the_keys_of_the_contract():
    assert [each.name for each in fields(Row)] == KEYS


def test_every_subject_is_found_by_its_module():
    found = subjects()
    assert found["model"].name == "model"
    assert all(subject.cases and set(subject.default) <= set(subject.cases) for subject in found.values())


@pytest.mark.usefixtures("only_quick")
def test_rows_are_written_as_json_with_null_for_what_is_absent(tmp_path, capsys):
    path = tmp_path / "rows.json"
    assert command.main(["quick", "--seed", "7", "--json", str(path)]) == 0
    (row,) = json.loads(path.read_text())
    assert list(row) == KEYS
    assert (row["case"], row["seed"], row["ratio"], row["gap"], row["ok"]) == ("first", 7, 0.25, None, True)
    assert row["peak_mb"] > 0
    assert "right  vs sum" in capsys.readouterr().out


@pytest.mark.usefixtures("only_quick")
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["quick"], 0),
        (["quick", "--case", "second"], 0),
        (["wrong"], 1),
        ([], 1),
        (["quik"], 2),
        (["quick", "--case", "third"], 2),
    ],
)
def test_the_exit_status_tells_wrong_answers_and_wrong_names(arguments, status):
    assert command.main(arguments) == status


def test_a_case_is_given_the_seed_and_the_data_folder(tmp_path):
    seen: list[Run] = []

    def look(run: Run) -> list[Row]:
        seen.append(run)
        return wrong(run)

    (row,) = Subject("s", {"c": look}).run("c", 3, tmp_path)
    assert asdict(row)["peer"] is None
    assert seen == [Run("s", "c", 3, tmp_path)]
