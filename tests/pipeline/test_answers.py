"""Answers: the bottleneck of a world that has a known one, and what investments return, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.estimates import wilson
from engine.inputs import FloatArray
from engine.pipeline.answers import answers
from engine.pipeline.bottleneck import bottleneck_table
from engine.pipeline.investing import investments_table
from engine.pipeline.lever import World
from engine.pipeline.spec import Bottleneck
from engine.progress import Silent
from tests.pipeline.rich import rich
from tests.pipeline.told import play
from tests.worlds import world as plain_world

ONE_ENGINEER: dict[str, Any] = {
    "inputs": plain_world(),
    "slots": 60,
    "sources": {"all": {"leads": 240}},
    "stages": [
        {"name": "First", "advance": "60%", "duration": {"kind": "exponential", "mean": 5}},
        {"name": "Demo", "advance": "60%", "duration": {"kind": "fixed", "value": 9}},
    ],
    "sizes": {"law": {"kind": "fixed", "value": 1000}},
    "attached": [],
    "processes": [{"kind": "resource", "name": "engineer", "units": 1, "stages": {"Demo": {}}}],
}
"""144 deals a year want one engineer for nine days each; there is time for 40."""


def counted(values: dict[str, FloatArray]) -> Any:
    """A play that knows what the price factor of a world brings: `values` by percent of price."""

    def toy(world: World, measure: str, replications: int) -> FloatArray:
        return values[f"{world.model.closing.price.max():.2f}"][:replications]

    return toy


def test_the_engineer_is_the_bottleneck_and_slots_are_none() -> None:
    _, _, world = rich(**ONE_ENGINEER)
    frame = bottleneck_table(Bottleneck(replications=6), world, play, 6).frame
    assert frame["rank"].tolist() == list(range(1, len(frame) + 1))
    assert frame["lever"].iloc[0] == "units"
    assert frame["of"].iloc[0] == "engineer"
    assert frame["clear"].iloc[0]
    assert frame["ahead"].iloc[0]
    assert np.isnan(frame["down"].iloc[0])
    by = frame.set_index(["lever", "of"])
    assert by.loc[("slots", ""), "effect"] == 0
    assert not by.loc[("slots", ""), "clear"]
    assert by.loc[("duration", "Demo"), "effect"] > 5 * abs(by.loc[("duration", "First"), "effect"])
    assert (np.diff(frame["effect"].abs()) <= 0).all()


def test_named_levers_alone_are_moved() -> None:
    _, _, world = rich()
    asked = Bottleneck.model_validate({"replications": 3, "levers": [{"kind": "price", "by": "1%"}]})
    rng = np.random.default_rng(1)
    base = rng.normal(100, 20, 3)
    up, down = np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0])
    toy = counted({"1.00": base, "1.01": base + up, "0.99": base - down})
    row = bottleneck_table(asked, world, toy, 50).frame.iloc[0]
    assert (row["effect"], row["up"], row["down"]) == pytest.approx((2.5, 2.0, -3.0))
    assert row["low"] == pytest.approx(2.5 - 4.302652729911275 / np.sqrt(3))
    assert row["share"] == pytest.approx(2.5 / base.mean())
    assert row["replications"] == 3


def test_an_investment_returns_gain_times_margin_over_cost() -> None:
    tool = {"name": "Tool", "cost": 100, "margin": "50%", "changes": [{"kind": "price", "by": "1%"}]}
    _, spec, world = rich(investments=[tool])
    gain = np.array([150.0, 190.0, 210.0, 250.0, 1000.0])
    toy = counted({"1.00": np.zeros(5), "1.01": gain})
    row = investments_table(spec.investments, world, toy, 5).frame.iloc[0]
    assert row["gain"] == 360
    assert row["return"] == pytest.approx(360 * 0.5 / 100)
    assert row["pays"] == pytest.approx(3 / 5)
    assert (row["pays_low"], row["pays_high"]) == pytest.approx(wilson(3, 5))
    assert row["return_low"] == pytest.approx(row["gain_low"] / 200)
    assert row["changes"] == "price +1 %"


def test_only_what_is_asked_is_answered() -> None:
    inputs, spec, world = rich()
    assert answers(spec, inputs, world, play, 3, Silent()) == ()
