"""Room for bookings: in memory, or in a file that nobody sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import EnvironmentFailed
from engine.pipeline.storage import zeros


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
