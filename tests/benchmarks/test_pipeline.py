"""The subject runs, small, and its answers are right."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks import pipeline
from benchmarks.pipeline import SUBJECT, Size, agree, stations
from benchmarks.subject import Run


def test_the_small_case_is_right() -> None:
    rows = SUBJECT.run("small", seed=1)
    assert [row.metric for row in rows] == ["ns per deal", "ns per deal, equal bits"]
    assert all(row.ok for row in rows)
    assert all(row.ours and row.peer and row.ratio for row in rows)


def test_a_different_mean_is_told_apart() -> None:
    rng = np.random.default_rng(1)
    assert agree(rng.normal(5, 1, 300), rng.normal(5, 2, 40))
    assert not agree(rng.normal(5, 1, 300), rng.normal(8, 2, 40))


@pytest.mark.skipif(find_spec("ciw") is None, reason="ciw is not installed: it comes with the extra `bench`")
def test_ciw_closes_as_many_deals_after_the_same_wait() -> None:
    size = Size(seats=3, slots=3, leads=90, replications=1000, peer_replications=150)
    (row,) = stations(Run("pipeline", "ciw", seed=1), size)
    assert row.ok
    assert row.peer_name == "ciw"
    assert row.ours
    assert row.peer
    assert row.ratio


def test_without_ciw_its_case_is_left_out_with_a_message(monkeypatch, capsys) -> None:
    monkeypatch.setattr(pipeline, "find_spec", lambda name: None)
    assert SUBJECT.run("ciw", seed=1) == []
    assert "ciw is not installed" in capsys.readouterr().err
