"""The cases run, small, their answers are right, and a wrong answer is told."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks import pipeline, pipeline_simpy
from benchmarks.bar import Bar, at_least, at_most
from benchmarks.pipeline import SUBJECT, beside, ciw, same, throughput, year
from benchmarks.pipeline_peer import MOST_Z, WHAT, distances, scenario_of
from benchmarks.pipeline_variance import WAYS, normals, variance
from benchmarks.pipeline_worlds import SEATS, THROUGHPUT, YEAR
from benchmarks.subject import Run
from benchmarks.table import Printer
from tests.pipeline.theory.simulated import spec_of

RUN = Run("pipeline", "tiny", seed=1)


@pytest.fixture(autouse=True)
def once(monkeypatch) -> None:
    """Time ours once."""
    monkeypatch.setattr(pipeline, "ROUNDS", 1)


def test_simpy_has_the_same_seats_on_average() -> None:
    plain, times, apart = beside(RUN, pipeline.SIMPY, 40, 1)
    assert plain.ok
    assert plain.peer_name == pipeline_simpy.NAME
    assert plain.ratio == pytest.approx(1 / times.row.ours)
    assert (times.row.peer, times.at_least) == (200, True)
    assert apart.kept
    assert apart.row.ok


@pytest.mark.skipif(find_spec("ciw") is None, reason="ciw is not installed: it comes with the extra `bench`")
def test_ciw_has_the_same_seats_on_average() -> None:
    plain, _, apart = ciw(RUN, 40, 1)
    assert plain.ok
    assert plain.peer_name == "ciw"
    assert apart.kept
    assert apart.row.ok


def test_without_ciw_its_case_is_left_out_with_a_message(monkeypatch, capsys) -> None:
    monkeypatch.setattr(pipeline, "find_spec", lambda name: None)
    assert SUBJECT.run("ciw", seed=1) == []
    assert "ciw is not installed" in capsys.readouterr().err


def test_a_peer_with_another_answer_is_told(monkeypatch) -> None:
    def half(scenario, count, seed):
        course = (scenario.course[0]._replace(advance=0.35), *scenario.course[1:])
        return pipeline_simpy.years(scenario._replace(course=course), count, seed)

    rows = [row for shown in beside(RUN, ("half", half), 40, 1) for row in shown.rows]
    assert not any(row.ok for row in rows)


def test_means_that_differ_are_told_apart() -> None:
    rng = np.random.default_rng(1)
    mean = np.arange(len(WHAT))
    ours = rng.normal(mean, 1, (300, len(WHAT)))
    assert distances(ours, rng.normal(mean, 2, (40, len(WHAT)))).max() <= MOST_Z
    assert distances(ours, rng.normal(mean + np.array([0, 0, 3, 0]), 2, (40, len(WHAT)))).argmax() == 2


def test_the_peers_scenario_is_that_of_the_block() -> None:
    found = scenario_of(spec_of(THROUGHPUT), SEATS, 2027)
    assert (found.seats, found.slots, found.days) == (50, 10, 365)
    assert sum(found.rates) == pytest.approx(75)
    assert found.rates[2] / found.rates[0] == pytest.approx(11 / 7)
    assert found.ends[:3] == (31, 59, 90)
    assert [step.advance for step in found.course] == [0.7, 0.6, 0.8, 0.7]
    assert np.exp(found.size.mu + found.size.sigma**2 / 2) == pytest.approx(50_000)
    with pytest.raises(TypeError, match="leads of one source"):
        scenario_of(spec_of(YEAR), SEATS, 2027)


def test_throughput_has_as_many_leads_as_it_asks_for() -> None:
    few, many = throughput(RUN, 20)
    assert few.row.ok
    assert many.row.ok
    assert few.row.peer == many.row.peer == 200


@pytest.mark.slow
def test_the_year_is_equal_bit_by_bit() -> None:
    plain, bar = year(RUN, 4, 1)
    assert plain.ok
    assert bar.row.ok
    assert "equal" in plain.metric
    assert bar.row.peer == 600


def test_engines_that_differ_are_told() -> None:
    built = pipeline.built_of(YEAR, pipeline.busy_seats())
    one, other = (pipeline.by_kernel(built.model, pipeline.futures(built.spreads, 1, k, 1)) for k in (0, 1))
    assert same(one, one)
    assert not same(one, other)


def test_what_is_drawn_together_is_in_pairs_and_even() -> None:
    pairs = normals("antithetic", 1, 8, 3)
    assert (pairs[1::2] == -pairs[::2]).all()
    sobol = normals("sobol", 1, 64, 3)
    assert ((sobol < 0).sum(axis=0) == 32).all()


def test_every_way_estimates_the_same() -> None:
    rows = [row for shown in variance(RUN, 8, 16) for row in shown.rows]
    assert len(rows) == 2 * len(WAYS)
    assert all(row.ok and row.ours > 0 for row in rows)


@pytest.mark.parametrize(
    ("make", "value", "kept"), [(at_most, 5, True), (at_most, 6.5, False), (at_least, 5, False)]
)
def test_a_bar_says_whether_it_is_kept(make, value, kept) -> None:
    said: list[str] = []
    bar = make(RUN, "ns per deal", value, 6, ok=True)
    assert isinstance(bar, Bar)
    assert bar.kept is kept
    bar.show(Printer(said.append))
    assert ("yes" if kept else "NO") in said[-1].split()
    assert "right" in said[-1]
    assert bar.row.ours == value
    assert bar.row.peer == 6
