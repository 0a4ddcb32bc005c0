"""`python -m benchmarks`: its rows, its file and its exit status."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from math import inf

import pytest

import benchmarks.__main__ as command
from benchmarks.measure import measured
from benchmarks.subject import Row, Run, Subject, subjects
from engine.errors import BadInput, Fault

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


def test_a_row_is_printed_as_soon_as_it_is_yielded(monkeypatch, capsys):
    seen: list[str] = []

    def slow(run: Run):
        yield run.row("first", 1.0, ok=True)
        seen.append(capsys.readouterr().out)
        yield run.row("second", 1.0, ok=True)

    monkeypatch.setattr(command, "subjects", lambda: {"slow": Subject("slow", {"only": slow})})
    assert command.main(["slow", "--format", "markdown"]) == 0
    assert "| first |" in seen[0]
    assert "### slow, case only, seed 0" in seen[0]
    assert "| second |" in capsys.readouterr().out


def test_a_named_subject_without_its_data_is_a_fault_and_the_others_run_on(monkeypatch, capsys):
    def lacking(run: Run):
        raise BadInput([Fault("E_REQUIRED", "no folder is named", "Give --data DIR.")])

    known = {"lacking": Subject("lacking", {"only": lacking}), "quick": Subject("quick", {"only": quick})}
    monkeypatch.setattr(command, "subjects", lambda: known)
    assert command.main(["lacking", "quick"]) == 2
    assert command.main([]) == 0
    out, err = capsys.readouterr()
    assert err.count("no folder is named. Give --data DIR.") == 2
    assert out.count("right  vs sum") == 2
