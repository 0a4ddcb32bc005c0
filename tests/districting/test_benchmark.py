"""The benchmark runs, small, and notices a wrong plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks import districting
from benchmarks.districting_data import SHARED, cut_again, inertia_again, kept, states
from benchmarks.subject import Run
from solvers.districting import Proof, cut_edges_of, inertia_of


def test_the_small_case_is_proven_and_right():
    rows = districting.SUBJECT.run("small", seed=2)
    assert [row.metric for row in rows][::2] == ["strip inertia", "strip cut edges"]
    assert all(row.ok and row.gap == 0 for row in rows)


@pytest.mark.skipif(not SHARED.exists(), reason="the county graphs are not beside the checkout")
def test_plain_checks_agree_with_the_solver_and_tell_wrong_plans():
    state = next(state for state in states(SHARED) if state.name == "ME")
    it = state.instance()
    run = Run("districting", "ME", 1)
    (row, bound) = districting.compared(run, state, districting.CUT_EDGES)
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
        assert not districting.compared(run, state, goal)[0].ok
