"""Which chance a letter tells, and what it says of plans that look at single deals."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from engine.letters.letter import _chance
from engine.letters.pay import pays
from engine.quota.quotas import Quotas
from tests.letters.test_pay import comp, people
from tests.quota.setting import seats

CHANCES = {"chance": 0.5, "low": 0.4, "high": 0.6, "fresh": 0.3, "fresh_low": 0.2, "fresh_high": 0.4}


def recalled(asked: int | None, **columns: float) -> Any:
    """A run of 400 replications with one seat."""
    frames = {
        "quota_difficulty": pd.DataFrame([{"rep": "R0", **CHANCES, **columns}]),
        "attainment": pd.DataFrame([{"rep": "R0", "p_quota": 0.55, "p_quota_low": 0.5, "p_quota_high": 0.6}]),
    }
    spec = SimpleNamespace(quotas=SimpleNamespace(fresh=asked))
    return SimpleNamespace(tables=frames, scenario=spec, manifest={"simulation": {"replications": 400}})


def test_the_chance_is_that_of_fresh_years_where_there_are_any() -> None:
    assert "In 30% of 250 fresh simulated years" in _chance(recalled(250), "R0")
    assert "In 30% of 400 fresh simulated years" in _chance(recalled(None), "R0")
    none = float("nan")
    run = recalled(0, fresh=none, fresh_low=none, fresh_high=none)
    assert "In 55% of 400 simulated years" in _chance(run, "R0")
    del run.tables["attainment"]
    assert "In 50% of 400 simulated years" in _chance(run, "R0")


def test_a_plan_that_looks_at_single_deals_is_told_apart() -> None:
    inputs = seats([1_000], periods=12)
    inputs = replace(inputs, spells=people((0, "2026-01-01", "NaT", 12_000_00)))
    quotas = Quotas("bookings", np.full((1, 1, 12), 100_000), (), ())
    assert not pays(inputs, quotas, comp(), {})[0].by_deal
    by_size = comp(factors=[{"by": "product", "times": {"S0": 1}, "otherwise": 1}])
    assert pays(inputs, quotas, by_size, {})[0].by_deal
