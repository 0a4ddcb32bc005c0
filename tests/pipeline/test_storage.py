"""Room for bookings and counters: in memory, or in a file that nobody sees."""

from __future__ import annotations

import tracemalloc
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from engine.errors import EnvironmentFailed
from engine.measures import Measure
from engine.pipeline import simulate
from engine.pipeline.build import build
from engine.pipeline.counts import Counts
from engine.pipeline.replications import shapes
from engine.pipeline.storage import zeros
from tests.pipeline.settings import aligned, spec
from tests.worlds import world

MEASURES = {"bookings": Measure()}


def test_what_is_large_lies_on_the_disk_and_is_gone_with_the_array(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    small, large = zeros((10, 4), 320), zeros((10, 4), 319)
    assert not isinstance(small, np.memmap)
    assert isinstance(large, np.memmap)
    assert not small.any()
    assert not large.any()
    large[3:5] += 7
    assert large.sum() == 56
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_told() -> None:
    with pytest.raises(EnvironmentFailed, match="GB left") as caught:
        zeros((2**30, 2**20))
    assert "TMPDIR" in caught.value.faults[0].hint


def test_counters_come_back_by_group_from_blocks_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tallies = np.arange(9 * 4 * 3, dtype=np.int64).reshape(9, 4, 3) - 50
    for in_memory in (0, 1_000_000):
        counts = Counts((20, 4, 3), in_memory)
        assert counts.of(3).shape == (0, 3)
        counts.put(0, tallies[:2])
        counts.put(5, tallies[5:])
        counts.put(2, tallies[2:5])
        assert len(counts) == 9
        for group in range(4):
            assert np.array_equal(counts.of(group), tallies[:, group])
            assert np.array_equal(counts.of(group, 6), tallies[6:, group])
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_counters_of_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a whole stage, beside its bookings: a value per replication and figure, and the counters of one group."""
    monkeypatch.setattr("engine.pipeline.replications.Counts", partial(Counts, in_memory=0))
    monkeypatch.setattr("engine.pipeline.replications._DEALS_PER_CALL", 5_000)
    monkeypatch.setattr("engine.pipeline.kpis.regenerated.MOST", 1)
    inputs, block = world(60, 30), spec(arrivals={"leads": 100})
    built = build(inputs, inputs.accounts.owner, block, MEASURES)
    groups, width = shapes(built.model)[1]

    def beside(replications: int) -> int:
        some = block.model_copy(update={"replications": replications})
        tracemalloc.start()
        found = simulate(inputs, aligned(inputs), some, MEASURES, seed=1)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most - found.cube.nbytes

    simulate(inputs, aligned(inputs), block.model_copy(update={"replications": 1}), MEASURES, seed=1)
    growth = (beside(300) - beside(100)) / 200
    assert growth < 8 * groups * width / 2
