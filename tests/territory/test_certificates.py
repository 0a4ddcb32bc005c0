"""Certified bounds: written with the plan, proved again by other code, refused when tampered with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.progress import Silent
from engine.territory.stage import align
from engine.verification.certificates import certificate_faults
from tests.territory.cases import spec
from tests.territory.test_stage import APART, BAND, two_regions
from tests.worlds import world

MOVES = {"kind": "max_moves", "measure": "potential", "share": "40%"}


def written(rules: list[dict[str, object]], *, regions: bool) -> dict[str, pd.DataFrame]:
    inputs = two_regions() if regions else world(40, 6)
    alignment = align(inputs, spec(rules), seed=1, progress=Silent(), many_pairs=0)
    return {table.name: table.frame for table in alignment.tables}


@pytest.mark.parametrize(
    ("rules", "regions"),
    [([{"kind": "band", "within": "25%"}, MOVES], False), ([APART, BAND], True)],
    ids=["budget", "parts"],
)
def test_a_certificate_holds_and_a_tampered_one_does_not(
    rules: list[dict[str, object]], regions: bool
) -> None:
    inputs = two_regions() if regions else world(40, 6)
    tables = written(rules, regions=regions)
    parts = tables["certificates"]
    assert (parts["certified"] <= parts["bound"] + 1e-6).all()
    assert (parts["bound"] <= parts["objective"] + 1e-6).all()
    assert certificate_faults(inputs, spec(rules), tables) == []
    higher = {**tables, "certificates": parts.assign(certified=parts["certified"] * 1.001 + 1)}
    assert "its multipliers prove" in certificate_faults(inputs, spec(rules), higher)[0]
    prices = tables["multipliers"]
    used = prices["multiplier"].abs().to_numpy() > 0
    assert used.any()
    bent = prices.assign(multiplier=np.where(used, prices["multiplier"] * 1.5, 0.0))
    assert certificate_faults(inputs, spec(rules), {**tables, "multipliers": bent})
