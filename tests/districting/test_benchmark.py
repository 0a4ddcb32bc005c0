"""The benchmark runs, small, and notices a wrong plan."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from benchmarks import districting
from benchmarks.districting_data import cut_again, inertia_again, kept, states
from benchmarks.subject import Run
from engine.errors import BadInput
from solvers.districting import Proof, cut_edges_of, inertia_of


def test_the_small_case_is_proven_and_right():
    rows = districting.SUBJECT.run("small", seed=2)
    assert [row.metric for row in rows][::2] == ["strip inertia", "strip cut edges"]
    assert all(row.ok and row.gap == 0 for row in rows)


@pytest.fixture
def counties(tmp_path):
    """A ring of six counties in three districts, with its figures in published.csv."""
    nodes = [{"id": k, "TOTPOP": 10, "C_X": (k % 3) / 10, "C_Y": 40.0 + k // 3} for k in (0, 1, 2, 5, 4, 3)]
    near = [[{"id": nodes[(k + step) % 6]["id"]} for step in (-1, 1)] for k in range(6)]
    (tmp_path / "county99.json").write_text(json.dumps({"nodes": nodes, "adjacency": near}))
    (tmp_path / "published.csv").write_text("state,fips,districts,cut_edges_optimum\nXX,99,3,3\nYY,98,2,\n")
    return tmp_path


def test_a_folder_of_an_unknown_state_is_solved_and_what_is_not_there_is_named(counties, capsys):
    rows = districting.SUBJECT.run("all", seed=1, data=counties)
    assert [row.metric for row in rows][::2] == ["XX inertia", "XX cut edges"]
    assert all(row.ok and row.gap == 0 for row in rows)
    assert "county98.json: left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "code", "words"),
    [
        ("published.csv", None, "E_PATH_MISSING", "how many districts"),
        ("published.csv", "state,fips\nXX,99\n", "E_CSV_HEADER", "districts"),
        ("published.csv", "state,fips,districts\nXX,99,three\n", "E_TYPE", "row 2"),
        ("published.csv", "state,fips,districts\nXX,97,3\n", "E_PATH_MISSING", "none of the files"),
        ("county99.json", "{]", "E_TYPE", "JSON"),
        ("county99.json", '{"nodes": [{"id": 0, "TOTPOP": 4}], "adjacency": [[]]}', "E_TYPE", "INTPTLON10"),
        ("county99.json", '{"nodes": [], "adjacency": [[]]}', "E_TYPE", "rows of adjacency"),
    ],
)
def test_what_is_garbled_or_missing_is_refused_in_words(counties, name, text, code, words):
    if text is None:
        (counties / name).unlink()
    else:
        (counties / name).write_text(text)
    with pytest.raises(BadInput, match=words) as refused:
        districting.SUBJECT.run("all", seed=1, data=counties)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_state_that_the_folder_lacks_is_refused(counties):
    with pytest.raises(BadInput, match="no state ME"):
        districting.SUBJECT.run("ME", seed=1, data=counties)


def test_plain_checks_agree_with_the_solver_and_tell_wrong_plans(shared):
    state = next(state for state in states(shared / "data/territory/districting") if state.name == "ME")
    it = state.instance()
    run = Run("districting", "ME", 1)
    (row, bound) = districting.compared(run, state, districting.CUT_EDGES).rows
    assert row.ok
    assert row.ours == bound.ours == state.cut_edges
    proof = districting._cut_edges(state, 1)
    label = proof.label.tolist()
    assert kept(state, label)
    assert cut_again(state, label) == cut_edges_of(it, proof.label)
    assert inertia_again(state, label) == pytest.approx(inertia_of(it, proof.label))
    assert not kept(state, [1 - label[0], *label[1:]])
    assert not kept(state, [0] * len(label))
    for wrong in (Proof(proof.label, proof.objective, 99, "model"), replace(proof, objective=3.0)):
        goal = ("cut edges", lambda state, seed, wrong=wrong: wrong, cut_again, lambda state: None)
        assert not districting.compared(run, state, goal).rows[0].ok
