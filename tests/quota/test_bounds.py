"""Bounds relative to potential and to last year, of ramping seats, of nodes and of single products."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, Fault, Infeasible
from engine.inputs import Inputs, Opportunities
from engine.quota import violations
from tests.quota.setting import by_seat, quotas, seats, spec
from tests.worlds import with_spells

TWO = {"products": {"S0": "50%", "S1": "50%"}}


def late(inputs: Inputs, seat: int, day: str) -> Inputs:
    start = inputs.spells.start.copy()
    start[seat] = np.datetime64(day)
    return with_spells(inputs, start=start)


def told(inputs: Inputs, **fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(Infeasible) as refused:
        quotas(inputs, spec(**fields))
    return [(fault.field, fault.message) for fault in refused.value.faults]


def test_a_change_against_last_year_binds_both_ways() -> None:
    inputs = seats([100, 300, 600], history=[300, 300, 0])
    assert by_seat(quotas(inputs, spec(bounds={"change": "10%"}))) == [270, 270, 460]
    up = seats([100, 300, 600], history=[100, 200, 700])
    assert by_seat(quotas(up, spec(bounds={"change": "10%"})))[1] == 220


@pytest.mark.parametrize(
    ("bounds", "least"),
    [
        ({"history": {"min": "50%"}}, 150),
        ({"absolute": {"min": "20"}}, 20),
        ({"nodes": {"R1": {"min": "40"}}}, 40),
        ({"history": {"max": "200%"}}, 0),
    ],
)
def test_a_seat_that_no_method_gives_anything_carries_what_its_bounds_ask_for(
    bounds: dict[str, Any], least: int
) -> None:
    found = quotas(seats([5, 0, 5], history=[600, 300, 600]), spec("1000", step="10", bounds=bounds))
    assert by_seat(found)[1] == least
    assert sum(by_seat(found)) == 1000


def test_so_it_does_in_single_products() -> None:
    bounds = {"products": {"S0": {"absolute": {"min": "60"}}}}
    found = quotas(seats([5, 0, 5], periods=2), spec("1000", step="10", bounds=bounds, **TWO))
    assert found.cells[1].sum(axis=1).tolist() == [6000, 0]


def test_a_share_of_the_potential_is_a_ceiling() -> None:
    inputs = seats([100, 300, 600], history=[1, 1, 1])
    wanted = spec("900", methods=[{"kind": "even"}], bounds={"potential": {"max": "1"}})
    assert by_seat(quotas(inputs, wanted)) == [100, 300, 500]


def test_ramping_seats_have_a_range_of_their_own() -> None:
    inputs = late(seats([100, 100, 100], periods=4), 2, "2027-03-01")
    bounds = {"absolute": {"min": "300"}, "ramping": {"min": "50", "max": "90"}}
    assert by_seat(quotas(inputs, spec(bounds=bounds))) == [455, 455, 90]


def test_nodes_are_bounded_by_last_year_and_potential() -> None:
    inputs = seats([100, 300, 600], history=[200, 400, 100], district=["N", "N", "S"])
    assert by_seat(quotas(inputs, spec(bounds={"nodes": {"N": {"change": "10%"}}})))[2] == 460
    assert by_seat(quotas(inputs, spec(bounds={"nodes": {"S": {"potential": {"max": "50%"}}}})))[2] == 300
    assert by_seat(quotas(inputs, spec(bounds={"nodes": {"S": {"history": {"max": "4"}}}})))[2] == 400


def test_bounds_of_products_hold_within_the_seats_and_the_totals() -> None:
    found = quotas(
        seats([100, 300], periods=2), spec(**TWO, bounds={"products": {"S0": {"absolute": {"max": "330"}}}})
    )
    assert found.cells.sum(axis=2).tolist() == [[17_000, 8_000], [33_000, 42_000]]
    shares = {"S0": {"target": {"min": "1", "max": "1"}}}
    equal = quotas(seats([100, 300], periods=2), spec(**TWO, bounds={"products": shares}))
    assert equal.cells.sum(axis=2).tolist() == [[12_500, 12_500], [37_500, 37_500]]


def with_deals(inputs: Inputs, *won: tuple[int, int, int]) -> Inputs:
    """Deals of last June, won by a seat, of a product, for an amount in currency units; and one that is too old."""
    seat, product, amount = (
        np.array(column, dtype=np.int64) for column in zip(*won, (0, 1, 999), strict=True)
    )
    closed = np.array(["2026-06-01"] * len(won) + ["2025-06-01"], dtype="datetime64[D]")
    count = len(seat)
    deals = Opportunities(
        tuple(f"D{k}" for k in range(count)), np.zeros(count, dtype=np.int64), seat, product, ("Won",) * count,
        np.ones(count, dtype=np.int8), closed - 30, closed - 30, closed, amount * 100,
    )  # fmt: skip
    return replace(inputs, history=deals)


def test_a_product_is_bounded_by_what_the_seat_won_of_it_last_year() -> None:
    inputs = with_deals(seats([100, 300], periods=2), (0, 0, 60), (0, 0, 20), (1, 0, 350))
    found = quotas(inputs, spec(**TWO, bounds={"products": {"S0": {"change": "25%"}}}))
    assert found.cells.sum(axis=2).tolist() == [
        [10_000, 15_000],
        [40_000, 35_000],
    ]  # 80 won, and a quarter more
    floor = quotas(inputs, spec(**TWO, bounds={"products": {"S0": {"history": {"min": "110%"}}}}))
    assert floor.cells.sum(axis=2).tolist() == [[11_500, 13_500], [38_500, 36_500]]


def test_last_year_of_a_product_shrinks_with_the_share_of_the_year() -> None:
    inputs = with_deals(late(seats([100, 300], periods=2), 0, "2027-02-01"), (0, 0, 100))
    bounds = {"products": {"S0": {"history": {"max": "1"}}}}
    assert quotas(inputs, spec(**TWO, bounds=bounds)).cells[0, 0].sum() <= 5_000


def test_a_quota_beyond_last_year_of_a_product_is_found_by_the_plain_check() -> None:
    inputs = with_deals(seats([100, 300], periods=2), (0, 0, 60))
    cells = quotas(inputs, spec(**TWO)).cells
    said = violations(inputs, spec(**TWO, bounds={"products": {"S0": {"history": {"max": "1"}}}}), cells)
    assert said == ["R0, S0: 125.00 USD is above 1 of last year"]


def test_a_product_that_nobody_won_last_year_has_no_such_bound() -> None:
    inputs = with_deals(seats([100, 300], periods=2), (0, 0, 60))
    with pytest.raises(BadInput, match="no seat won any S1 last year"):
        quotas(inputs, spec(**TWO, bounds={"products": {"S1": {"change": "10%"}}}))


def test_ceilings_of_all_products_are_a_ceiling_of_the_seat() -> None:
    bounds = {"products": {"S0": {"target": {"max": "80%"}}, "S1": {"target": {"max": "1.5"}}}}
    field, message = told(
        seats([100, 300]),
        **TWO,
        bounds={**bounds, "products": {**bounds["products"], "S1": {"target": {"max": "1"}}}},
    )[0]
    assert field == "quotas.bounds"
    assert "at most 900.00 USD" in message


def rises(faults: list[tuple[str, str]]) -> float:
    """What single limits would have to rise by, currency units, added up."""
    found = [re.search(r"rise by ([\d.]+) USD", message) for _, message in faults]
    return sum(float(match[1]) for match in found if match)


def test_a_product_bound_that_cannot_hold_is_named_with_the_least_it_must_give() -> None:
    faults = told(
        seats([100, 300], periods=2), **TWO, bounds={"products": {"S0": {"absolute": {"max": "200"}}}}
    )
    assert {field for field, _ in faults} == {"quotas.bounds.products.S0"}
    assert faults[0][1].startswith("S0: at most 400.00 USD by the bounds of all seats")
    assert all("S0: at most 200.00 USD would have to rise by" in message for _, message in faults[1:])
    assert rises(faults) == 100


@pytest.mark.parametrize(
    ("bounds", "rule", "amount"),
    [
        ({"change": "5%"}, "quotas.bounds.change", 100 - 2 * 42),
        ({"potential": {"max": "10%"}}, "quotas.bounds.potential.max", 100 - 40),
        ({"nodes": {"N": {"potential": {"max": "10%"}}, "S": {"max": "50"}}}, "", 100 - 70),
    ],
)
def test_what_must_give_is_named_by_its_rule_with_the_smallest_total(
    bounds: dict[str, Any], rule: str, amount: float
) -> None:
    inputs = seats([200, 200], history=[40, 40], district=["N", "S"])
    faults = told(inputs, goal="100", bounds=bounds)[1:]
    assert rises(faults) == pytest.approx(amount)
    assert not rule or {field for field, _ in faults} == {rule}


def test_the_plain_check_finds_every_kind_of_broken_bound() -> None:
    inputs = late(seats([100, 300], history=[100, 300], periods=2, district=["N", "S"]), 1, "2027-02-01")
    free = quotas(inputs, spec(**TWO)).cells
    potential = inputs.accounts.potential
    for bounds, words in (
        ({"change": "1%"}, "by its largest change"),
        ({"potential": {"max": "1%"}}, "above 0.01 of its potential"),
        ({"ramping": {"max": "5"}}, "R1: 600.00 USD is above its maximum of 5"),
        ({"products": {"S0": {"absolute": {"max": "5"}}}}, "R0, S0: 250.00 USD is above its maximum of 5"),
        ({"nodes": {"N": {"history": {"max": "1"}}}}, "N: 400.00 USD is above 1 of last year"),
        ({"nodes": {"N": {"potential": {"max": "1"}}}}, "N: 400.00 USD is above 1 of its potential"),
    ):
        said = violations(inputs, spec(**TWO, bounds=bounds), free, potential)
        assert any(words in sentence for sentence in said), (words, said)


def test_bounds_by_product_need_quotas_by_product() -> None:
    with pytest.raises(BadInput, match="not split by product"):
        quotas(seats([1, 2]), spec(bounds={"products": {"S0": {"absolute": {"max": "5"}}}}))
    with pytest.raises(BadInput, match="no product is called 'S9'"):
        quotas(seats([1, 2]), spec(**TWO, bounds={"products": {"S9": {}}}))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    potential=st.lists(st.integers(1, 1000), min_size=2, max_size=4),
    history=st.lists(st.integers(1, 1000), min_size=4, max_size=4),
    change=st.sampled_from(["0", "10%", "40%", "1"]),
    product=st.sampled_from(["90%", "1", "1.2", "2"]),
    step=st.sampled_from(["0", "1", "10"]),
)
def test_quotas_keep_all_bounds_or_are_refused_with_a_bound(**drawn: Any) -> None:
    count = len(drawn["potential"])
    inputs = seats(drawn["potential"], periods=2, history=drawn["history"][:count])
    bounds = {"change": drawn["change"], "products": {"S0": {"target": {"max": drawn["product"]}}}}
    wanted = spec("1000", **TWO, bounds=bounds, step=drawn["step"])
    refused: tuple[Fault, ...] = ()
    try:
        quotas(inputs, wanted)  # held to the plain check there
    except Infeasible as error:
        refused = error.faults
    assert all(fault.field.startswith("quotas.bounds") for fault in refused)
