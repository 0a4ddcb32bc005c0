"""The benchmark of quotas, small: its law, its check, and that the check would notice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import quotas, quotas_engine, quotas_law, quotas_peers
from benchmarks.quotas_check import faults, judge
from benchmarks.subject import Run
from solvers.quotas import Options, apportion


@pytest.fixture(scope="module")
def solved():
    world = quotas_law.draw(60, 1)
    return world, apportion(world.instance, Options(gap=quotas.GAP))


def test_the_law_is_the_one_that_is_stated():
    world = quotas_law.draw(2_000, 0)
    aim = world.instance.target
    year = aim.sum(axis=(1, 2))
    assert year.mean() == pytest.approx(1.03 * 2_000_000 / 100)
    assert np.log(year).std() == pytest.approx(0.8, abs=0.03)
    share = aim.sum(axis=2) / year[:, None]
    assert share.mean(axis=0) == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=0.005)
    assert share.std(axis=0) == pytest.approx(
        np.sqrt([0.4 * 0.6, 0.3 * 0.7, 0.2 * 0.8, 0.1 * 0.9]) / np.sqrt(201), rel=0.06
    )
    season = aim / aim.sum(axis=2)[:, :, None]
    assert np.ptp(season, axis=0).max() < 1e-12
    assert world.company.sum() == world.district_total.sum() == round(aim.sum())
    factor = world.district_total / np.bincount(world.district, year)
    assert np.abs(factor - 1).max() < 0.025
    assert (world.locked >= 0).sum() == 40
    assert len(world.district_total) == 100
    assert len(world.instance.parent) == 1 + 1 + 10 + 100 + 2_000


def test_ten_thousand_reps_have_the_levels_that_are_stated():
    parent, leaf, first = quotas_law.tree(10_000, 500)
    assert len(parent) == 1 + 5 + 50 + 500 + 10_000
    assert np.bincount(parent[leaf]).max() == np.bincount(parent[leaf])[first:].min() == 20


def test_our_rows_are_right():
    rows = list(quotas.alone(Run("quotas", "60", 1), 60))
    assert [row.metric for row in rows] == ["locks moved", "worst deviation", "total deviation", "seconds"]
    assert all(row.ok for row in rows)
    assert 0 <= rows[2].gap <= quotas.GAP
    assert rows[3].peak_mb > 0


def test_the_stage_of_the_engine_is_right_on_a_small_company():
    rows = list(quotas_engine.alone(Run("quotas", "engine", 1), 60))
    assert [row.metric for row in rows] == [
        "faults",
        "worst deviation",
        "total deviation",
        "cells of each seat",
        "seconds",
    ]
    assert all(row.ok for row in rows)
    assert max(row.gap or 0.0 for row in rows) <= quotas.GAP


def test_the_check_notices_what_does_not_hold(solved):
    world, answer = solved
    assert not faults(world, answer.cells)
    cells = answer.cells.copy()
    cells[0, 0, 0] += 1
    assert faults(world, cells) == ["company totals tie out", "districts tie out"]
    cells[0, 0, 1] -= 1
    assert faults(world, cells) == ["company totals tie out"]
    locked = int(np.flatnonzero(world.locked >= 0)[0])
    other = next(k for k in range(60) if world.district[k] == world.district[locked] and k != locked)
    cells = answer.cells.copy()
    cells[locked, 0, 0] += 1
    cells[other, 0, 0] -= 1
    assert "locks hold" in faults(world, cells)


def test_an_answer_that_says_too_much_is_not_right(solved):
    world, answer = solved
    assert quotas.right(answer, judge(world, answer))
    for wrong in (
        replace(answer, total=0.99 * answer.total),
        replace(answer, lagrangian=1.01 * answer.lagrangian),
        replace(answer, worst_bound=1.01 * answer.worst),
        replace(answer, prices=replace(answer.prices, company=answer.prices.company + 0.01)),
    ):
        assert not quotas.right(wrong, judge(world, wrong))


@pytest.mark.parametrize("peer", ["highs", "cpsat"])
def test_a_peer_agrees_on_the_total(peer):
    world = quotas_law.draw(3, 0)
    answer = apportion(world.instance, Options(gap=0.0))
    found = quotas_peers.total_of(world, answer.worst, peer, 60.0)
    assert found.built == pytest.approx(found.objective)
    assert answer.total == pytest.approx(found.built, rel=2e-3)
    rows = list(quotas.compared(Run("quotas", "3", 0), "total", peer, answer.total, 1.0, found))
    assert all(row.ok for row in rows)
    assert not next(
        iter(quotas.compared(Run("quotas", "3", 0), "total", peer, 1.1 * answer.total, 1.0, found))
    ).ok


def test_a_peer_agrees_on_the_worst():
    world = quotas_law.draw(1, 0)
    answer = apportion(world.instance, Options(gap=0.0))
    found = quotas_peers.worst_of(world, "highs", 60.0)
    assert answer.worst <= found.built * (1 + 1e-6)
    assert answer.worst >= found.bound - 1e-6
