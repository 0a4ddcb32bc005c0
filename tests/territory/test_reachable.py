"""Bands that no set of accounts meets: proved by counting, against all subsets one by one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from engine.errors import Infeasible
from engine.progress import Silent
from engine.territory.conflict import reachable
from engine.territory.conflict.reachable import missed
from engine.territory.stage import align
from tests.territory.cases import spec
from tests.worlds import world


@pytest.mark.parametrize("halved", [40, 0], ids=["halves", "shifts"])
@pytest.mark.parametrize("seed", range(20))
def test_the_nearest_sums_are_those_of_all_subsets(
    seed: int, halved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachable, "HALVED", halved)
    rng = np.random.default_rng(seed)
    free, locked = rng.integers(0, 60, 7), int(rng.integers(0, 40))
    low = int(rng.integers(0, 220))
    high = low + int(rng.integers(-1, 3))
    sums = {locked + sum(part) for k in range(8) for part in combinations(free.tolist(), k)}
    near = missed(locked, free, low, high)
    below = max((total for total in sums if total < low), default=None)
    above = min((total for total in sums if total > high), default=None)
    expected = None if any(low <= total <= high for total in sums) else (below, above)
    assert near == expected


def test_a_band_that_sums_of_round_amounts_step_over_is_refused_in_words() -> None:
    inputs = world(12, 3)
    potential = np.array([31, 47, 52, 64, 75, 88, 93, 41, 37, 66, 29, 57]) * 100_000
    inputs = replace(inputs, accounts=replace(inputs.accounts, potential=potential))
    with pytest.raises(Infeasible) as caught:
        align(inputs, spec([{"kind": "band", "within": "0.01%"}]), seed=1, progress=Silent())
    fault = caught.value.faults[0]
    assert fault.code == "M_INFEASIBLE"
    assert "may carry 678,000 USD together" in fault.message
    assert "in whole 1,000 USD" in fault.message
    assert "there are 680,000 USD" in fault.message


def test_large_accounts_that_cannot_be_paired_are_refused() -> None:
    inputs = world(6, 3)
    potential = np.array([100_001, 100_003, 100_007, 100_013, 100_999, 103_333], dtype=np.int64) * 100
    inputs = replace(inputs, accounts=replace(inputs.accounts, potential=potential))
    with pytest.raises(Infeasible, match="no set of accounts"):
        align(inputs, spec([{"kind": "band", "within": "0.001%"}]), seed=1, progress=Silent())
    wide = spec([{"kind": "band", "within": "2%"}])
    assert align(inputs, wide, seed=1, progress=Silent()).solves[0].objective > 0
