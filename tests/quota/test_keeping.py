"""Quotas in force that are kept: nothing moves without a reason, and what has to move is least."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, Infeasible
from engine.inputs import Inputs
from engine.quota.quotas import Quotas
from tests.quota.setting import by_seat, quotas, seats, spec, table
from tests.quota.test_standing import in_force, in_may

SPLIT: dict[str, Any] = {"step": "10", "over_assignment": {"district": "3%", "rep": "5%"}}


def turned(inputs: Inputs, before: Quotas) -> Inputs:
    """1 May, with the potentials of all seats the other way round: the methods would move every quota."""
    potential = inputs.accounts.potential[::-1].copy()
    return in_may(replace(inputs, accounts=replace(inputs.accounts, potential=potential)), before)


def year(count: int = 8) -> Inputs:
    potential = [int(value) for value in np.random.default_rng(1).integers(100, 1000, count)]
    return seats(potential, periods=12, district=["N", "S"] * (count // 2))


def test_without_a_reason_no_quota_and_no_cell_moves() -> None:
    before = quotas(year(), spec("100000", **SPLIT))
    later = turned(year(), before)
    assert (quotas(later, spec("100000", **SPLIT)).cells != before.cells).any()
    for least in (["amount", "worst"], ["seats", "amount", "targets"]):
        found = quotas(later, spec("100000", **SPLIT, keep={"least": least}))
        assert (found.cells == before.cells).all()
        assert set(table(found, "quota_kept")["outcome"]) == {"kept"}
        assert len(table(found, "quota_changes")) == 0
        assert [solve.objective for solve in found.solves[:2]] == [0.0, 0.0]


@settings(max_examples=15)
@given(
    st.lists(st.integers(20_000, 10**5), min_size=2, max_size=5),
    st.lists(st.integers(1, 10**5), min_size=2, max_size=2),
    st.integers(10**6, 10**8),
    st.sampled_from(["0", "7", "100"]),
    st.sampled_from(["-2.3%", "0", "5.1%"]),
    st.sampled_from([1, 5]),
)
def test_an_unchanged_goal_leaves_every_cell_whatever_the_steps_and_remainders(
    potential: list[int], products: list[int], cents: int, step: str, over: str, month: int
) -> None:
    inputs = seats(potential, periods=6, district=["N" if k % 2 else "S" for k in range(len(potential))])
    more: dict[str, Any] = {
        "step": step, "over_assignment": {"district": over, "rep": "3%"},
        "products": dict(zip(inputs.products.id[:2], products, strict=False)),
    }  # fmt: skip
    before = quotas(inputs, spec(f"{cents / 100:.2f}", **more))
    mirrored = replace(inputs.accounts, potential=inputs.accounts.potential[::-1].copy())
    later = in_may(replace(inputs, accounts=mirrored), before, f"2027-{month:02d}-01")
    found = quotas(later, spec(f"{cents / 100:.2f}", **more, keep={}))
    moved = int(np.abs(found.cells - before.cells).sum())
    assert moved <= (2 if over.startswith("-") else 0)  # an under-assigned node may stand for two cents


def test_a_higher_goal_is_spread_alike_or_over_few_seats_within_their_bounds() -> None:
    before = quotas(year(), spec("100000", step="10"))
    later = turned(year(), before)
    alike = quotas(later, spec("105000", step="10", keep={}))
    was, now = np.array(by_seat(before)), np.array(by_seat(alike))
    assert ((now / was > 1.02) & (now / was < 1.08)).all()
    few = quotas(
        later,
        spec("105000", step="10", keep={"least": ["seats", "amount"]}, bounds={"previous": {"max": "120%"}}),
    )
    moved = np.array(by_seat(few)) - was
    assert moved.sum() == 5000
    room = sorted((np.floor(was * 0.2 / 10) * 10).tolist(), reverse=True)
    fewest = next(count for count in range(9) if sum(room[:count]) >= 5000)
    assert (moved != 0).sum() == fewest
    stayed = moved == 0
    assert (few.cells[stayed] == before.cells[stayed]).all()


def scored(held: dict[int, int], aims: dict[int, Fraction], quota: tuple[int, ...]) -> dict[str, Fraction]:
    """The objectives by their definitions, in steps."""
    moves = [(abs(quota[seat] - stands), stands) for seat, stands in held.items()]
    return {
        "anew": sum((abs(quota[s] - aim) for s, aim in aims.items() if s not in held), Fraction(0)),
        "seats": Fraction(sum(move > 0 for move, _ in moves)),
        "amount": Fraction(sum(move for move, _ in moves)),
        "worst": max((Fraction(move, stands) for move, stands in moves), default=Fraction(0)),
        "targets": sum((abs(quota[s] - aim) for s, aim in aims.items() if s in held), Fraction(0)),
    }


def every(goal: int, count: int) -> Iterator[tuple[int, ...]]:
    for head in product(range(goal + 1), repeat=count - 1):
        if sum(head) <= goal:
            yield (*head, goal - sum(head))


@pytest.mark.parametrize(
    "least", [["amount", "worst"], ["seats", "amount", "targets"], ["worst", "seats"], ["targets"]]
)
@pytest.mark.parametrize("seed", range(6))
def test_what_moves_is_least_among_all_quotas_of_tiny_companies(seed: int, least: list[str]) -> None:
    rng = np.random.default_rng(seed)
    potential = [int(value) for value in rng.integers(2, 9, 4)]
    inputs = seats(potential, district=["N", "S", "N", "S"])
    goal, then = int(rng.integers(14, 24)), int(rng.integers(14, 24))
    before = quotas(inputs, spec(str(then), step="1"))
    stands = [int(value) for value in by_seat(before)]
    mirrored = replace(inputs.accounts, potential=inputs.accounts.potential[::-1].copy())
    later = replace(inputs, accounts=mirrored, in_force=in_force(inputs, before))
    lock, anew = (int(rng.integers(1, 8)), None) if seed % 2 else (None, 2)
    node = (0, int(rng.integers(8, 14))) if seed in (1, 3) and "targets" not in least else (0, goal)
    more: dict[str, Any] = {
        "locks": {} if lock is None else {"R1": str(lock)},
        "bounds": {"previous": {"min": "50%", "max": "175%"}, "nodes": {"N": {"max": str(node[1])}}},
        "keep": {"least": least, "anew": [] if anew is None else [f"R{anew}"]},
    }
    aims = {seat: Fraction(goal * potential[3 - seat], sum(potential)) for seat in range(4)}
    held = {seat: stands[seat] for seat in range(4) if seat != anew and (seat != 1 or lock is None)}
    names = [*(["anew"] if anew is not None else []), *least]

    def fits(quota: tuple[int, ...]) -> bool:
        free = [s for s in range(4) if s != 1 or lock is None]
        ranges = [stands[s] <= 2 * quota[s] and 4 * quota[s] <= 7 * stands[s] for s in free]
        return all(ranges) and quota[1] == (lock or quota[1]) and quota[0] + quota[2] <= node[1]

    aims = {s: min(max(aim, Fraction(stands[s], 2)), Fraction(7 * stands[s], 4)) for s, aim in aims.items()}
    if lock is not None:
        del aims[1]
    options = [scored(held, aims, quota) for quota in every(goal, 4) if fits(quota)]
    wanted = spec(str(goal), step="1", **more)
    if not options:
        with pytest.raises((Infeasible, BadInput)):
            quotas(later, wanted)
        return
    best = min([each[name] for name in names] for each in options)
    found = quotas(later, wanted)
    reached = scored(held, aims, tuple(int(value) for value in by_seat(found)))
    assert [reached[name] for name in names] == best
    told = table(found, "quota_least")
    assert told["least"].tolist() == names
    assert told["reached"].tolist() == pytest.approx([float(value) for value in best], abs=0.011)
    assert (told["bound"] <= told["reached"] + 1e-9).all()
    assert (told["gap"] <= 0.0011).all()
