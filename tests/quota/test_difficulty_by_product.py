"""Equal difficulty by seat and product through the stage, and its plain check."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput
from engine.inputs import Inputs, IntArray
from engine.measures import Measure
from engine.pipeline.bookings import Bookings
from engine.progress import Silent
from engine.quota import allocate, violations
from engine.quota.check_products import product_violations
from engine.quota.difficulty.products import alone, faults
from engine.quota.quotas import Quotas
from engine.quota.spec import QuotaSpec
from engine.verification.difficulty import difficulty_faults
from tests.quota.setting import aligned, seats, spec, table

BY = [{"kind": "equal_difficulty", "by": "product"}]
MEASURES = {
    "bookings": Measure(kinds=("new",)),
    "core": Measure(kinds=("new",), products=("Core",)),
    "plus": Measure(kinds=("new",), products=("Plus",)),
}


def company(count: int, **levels: list[str]) -> Inputs:
    """Seats that sell two products."""
    inputs = seats([1] * count, **levels)
    products = replace(inputs.products, id=("Core", "Plus"), name=("Core", "Plus"), price=np.array([1, 1]))
    return replace(inputs, products=products)


def drawn(count: int, replications: int = 200, seed: int = 1) -> IntArray:
    """Credits, minor units, shape (replication, rep, product); seats differ in what they are good at."""
    stream = np.random.Generator(np.random.Philox(seed))
    scales = np.stack([np.linspace(100, 300, count), np.linspace(200, 80, count)], axis=1)
    return np.asarray(stream.lognormal(0, 0.4, (replications, count, 2)) * scales * 100).astype(np.int64)


def bookings(credit: IntArray, fresh: IntArray | None = None) -> Bookings:
    """The measures bookings, core and plus in one period."""

    def cube(one: IntArray) -> IntArray:
        return np.concatenate([one.sum(axis=2, keepdims=True), one], axis=2)[:, :, None, :]

    made = Bookings(tuple(MEASURES), cube(credit), np.zeros((len(credit), 0), np.int64), (), ())
    return made if fresh is None else replace(made, fresh=lambda count: cube(fresh[:count]))


def settled(inputs: Inputs, wanted: QuotaSpec, credit: IntArray, fresh: IntArray | None = None) -> Quotas:
    found = allocate(
        inputs, aligned(inputs), bookings(credit, fresh), wanted, progress=Silent(), measures=MEASURES
    )
    assert violations(inputs, wanted, found.cells) == []
    return found


def wanted(goal: Any = "900", **fields: Any) -> QuotaSpec:
    return spec(goal, **{"products": {"Core": "60%", "Plus": "40%"}, "methods": BY, **fields})


def chances(found: Quotas, credit: IntArray) -> Any:
    return (credit >= found.cells.sum(axis=2)).mean(axis=0)


def test_without_bounds_each_product_is_as_hard_for_every_seat() -> None:
    """Both products' totals are given, so that one is harder than the other, and each is the same for all."""
    credit = drawn(4)
    found = settled(company(4), wanted(products={"Core": "75%", "Plus": "25%"}), credit)
    assert found.cells.sum(axis=(0, 2)).tolist() == [67_500, 22_500]
    assert np.ptp(chances(found, credit), axis=0).max() <= 1 / 200
    assert np.ptp(chances(found, credit)) > 0.2
    first = found.solves[0]
    assert (first.name, first.objective) == (
        "range of chances",
        pytest.approx(np.ptp(chances(found, credit))),
    )
    assert first.objective == first.bound
    whole = settled(company(4), wanted(methods=[{"kind": "equal_difficulty"}]), credit)
    assert np.ptp(chances(whole, credit), axis=0).max() > 0.3


def test_the_bound_is_that_of_every_split_counted_out() -> None:
    credit, inputs = drawn(3, replications=20), company(3)
    asked = wanted("600", step="60", bounds={"nodes": {"R2": {"max": "180"}}})
    found = settled(inputs, asked, credit)
    core, plus = (
        [(a, b, total - a - b) for a, b in product(range(0, total + 1, 6000), repeat=2) if a + b <= total]
        for total in found.cells.sum(axis=(0, 2)).tolist()
    )
    ranges = [
        np.ptp((credit >= np.array([a, b]).T).sum(axis=0))
        for a, b in product(core, plus)
        if a[2] + b[2] <= 18_000
    ]
    assert found.solves[0].bound == pytest.approx(min(ranges) / 20)
    assert found.solves[0].objective == pytest.approx(min(ranges) / 20)


def test_bounds_steps_levels_and_over_assignment_hold() -> None:
    credit = drawn(4)
    inputs = company(4, district=["N", "N", "S", "S"])
    asked = wanted(
        step="5", over_assignment={"district": "3%", "rep": "4%"},
        bounds={"nodes": {"R0": {"max": "120"}}, "products": {"Plus": {"absolute": {"max": "150"}}}},
    )  # fmt: skip
    found = settled(inputs, asked, credit)
    assert found.cells[0].sum() <= 12_000
    assert found.cells[:, 1].sum(axis=1).max() <= 15_000
    assert table(found, "quota_difficulty").set_index("rep").loc["R0", "held_by"] == "bounds.nodes.R0.max"
    levels = table(found, "quota_difficulty_levels")
    assert levels["seats"].iloc[0] == 8
    assert (levels["range"] >= levels["bound"] - 1e-12).all()


def test_chances_by_product_are_told_with_fresh_ones_and_held_to_the_quotas() -> None:
    credit, other = drawn(3), drawn(3, seed=2)
    found = settled(company(3), wanted(), credit, other)
    rows = table(found, "product_difficulty")
    quota = found.cells.sum(axis=2)
    assert rows["quota"].tolist() == quota.T.reshape(-1).tolist()
    assert rows["chance"].tolist() == (credit >= quota).mean(axis=0).T.reshape(-1).tolist()
    assert rows["fresh"].tolist() == (other >= quota).mean(axis=0).T.reshape(-1).tolist()
    frames = {"product_difficulty": rows, "quotas": table(found, "quotas")}
    assert list(difficulty_faults(frames, {})) == []
    rows.loc[2, "quota"] += 1
    assert [text[:9] for text in difficulty_faults(frames, {})] == ["R2, Core:"]


def test_the_plain_check_notices_a_wrong_bound_and_a_wrong_chance() -> None:
    from engine.quota.settling import settle
    from engine.quota.teams.parts import parts

    credit, inputs = drawn(4), company(4, district=["N", "N", "S", "S"])
    asked = wanted(step="5", over_assignment={"rep": "4%"}, bounds={"nodes": {"S": {"max": "430"}}})
    part = parts(inputs, asked)[0]
    one = settle(inputs, aligned(inputs), bookings(credit), part, Silent(), ("core", "plus"))
    quota = one.cells.sum(axis=2)
    assert one.equal is not None
    levels = one.equal.levels
    assert list(product_violations(one.plan, credit, quota, levels)) == []
    assert len(levels) > 1
    wider = replace(levels[0], bound=levels[0].bound + 1 / 200)
    assert any("no sum refuses" in said for said in product_violations(one.plan, credit, quota, [wider]))
    moved = replace(levels[0], lowest=levels[0].lowest - 1 / 200)
    assert any("are reached in" in said for said in product_violations(one.plan, credit, quota, [moved]))


def test_each_product_needs_a_measure_and_quotas_of_its_own() -> None:
    inputs, asked = company(2), wanted()
    assert alone(asked, MEASURES, "Core") == "core"
    other = {"bookings": MEASURES["bookings"], "core": Measure(products=("Core",)), "plus": MEASURES["plus"]}
    said = [fault.message for fault in faults(inputs, asked, other)]
    assert len(said) == 1
    assert said[0].startswith("no measure counts Core alone")
    whole = wanted(products="none")
    assert [fault.code for fault in faults(inputs, whole, MEASURES)] == ["E_CONFLICT"]
    with pytest.raises(BadInput, match="no measure counts Core"):
        allocate(inputs, aligned(inputs), bookings(drawn(2)), asked, progress=Silent())
