"""The contenders of an alignment answer, small, and a plan outside a band counts as none."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from benchmarks import alignment_contenders
from benchmarks.alignment_check import in_band, price
from benchmarks.alignment_contenders import CONTENDERS, Answer, Limits, answered, missing
from benchmarks.alignment_law import draw
from benchmarks.alignment_peers import compared, gap_of
from benchmarks.subject import Run
from solvers.alignment.instance import broken, cost_of

SMALL = draw(120, 3, 1, seed=2, within=0.3)
LIMITS = Limits(gap=0.05, seconds=20.0)


@pytest.mark.filterwarnings("ignore")  # of the peers and what they build on
@pytest.mark.parametrize("name", [name for name in CONTENDERS if name != "greedy"])
def test_a_solver_answers_within_the_bands(name):
    if missing(name):
        pytest.skip(missing(name))
    answer = answered(name, SMALL, LIMITS)
    assert answer.rep_of is not None
    assert (np.bincount(answer.rep_of, SMALL.weights[0], minlength=3) <= SMALL.upper[0] * (1 + 1e-6)).all()


def test_the_plain_check_agrees_with_the_solver_and_tells_a_wrong_plan():
    rep_of = answered("HiGHS", SMALL, LIMITS).rep_of
    assert in_band(SMALL, rep_of)
    assert broken(SMALL, rep_of) == 0.0
    assert price(SMALL, rep_of) == pytest.approx(cost_of(SMALL, rep_of), rel=1e-12)
    for wrong in (np.zeros_like(rep_of), rep_of - 1, rep_of[1:]):
        assert not in_band(SMALL, wrong)
        assert gap_of(SMALL, Answer(wrong, 0.0, 0.0), 1.0) == inf
    assert gap_of(SMALL, Answer(None, 0.0, 0.0), 1.0) == inf


def test_ours_stands_beside_a_peer_from_a_process_of_its_own():
    rows = list(compared(Run("alignment", "peers", 1), "bands", SMALL, ["greedy"], LIMITS))
    assert [row.metric for row in rows] == ["bands gap", "bands seconds", "bands MB"]
    assert all(row.ok and row.ours > 0 and row.peak_mb > 0 for row in rows)
    assert rows[2].peer > 0


def test_without_spopt_it_is_left_out_with_a_reason(monkeypatch, capsys):
    monkeypatch.setattr(alignment_contenders, "find_spec", lambda name: None)
    assert missing("spopt") == "spopt is not installed (extra: peers)"
    assert missing("HiGHS") == ""
    assert list(compared(Run("alignment", "peers", 1), "caps", SMALL, ["spopt"], LIMITS)) == []
    assert "caps beside spopt is left out" in capsys.readouterr().err
