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
from engine.in_force import OPTIONAL, InForce
from engine.inputs import Inputs
from engine.progress import Silent
from engine.quota import allocate, kept_violations, misfits
from engine.quota.quotas import Quotas
from tests.quota.setting import aligned, booked, by_seat, quotas, seats, spec, table
from tests.quota.test_carry import spells
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


@settings(max_examples=8)
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
@pytest.mark.parametrize("seed", range(4))
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


def small(**more: Any) -> tuple[Inputs, Quotas]:
    inputs = seats([100, 200, 300, 400], periods=12, district=["N", "S", "N", "S"])
    return inputs, quotas(inputs, spec("12000", step="10", **more))


def outcome(found: Quotas) -> list[tuple[str, str | None]]:
    return [(row["outcome"], row["reason"]) for row in table(found, "quota_kept").to_dict("records")]


def test_a_seat_with_another_time_in_it_and_a_new_seat_are_set_anew() -> None:
    world, before = small()
    later = in_may(world, before)
    everyone = [(seat, "2020-01-01", "NaT") for seat in range(4)]
    leaving = replace(later, spells=spells(*everyone[:3], (3, "2020-01-01", "2027-08-01")))
    found = quotas(leaving, spec("12000", step="10", keep={}))
    assert outcome(found)[3] == ("anew", "time in seat")
    assert [each[0] for each in outcome(found)[:3]] == ["moved"] * 3
    kept = later.in_force
    assert kept is not None
    without = {
        name: frame[frame["rep"] != "R3"] if "rep" in frame and name != "alignment" else frame
        for name, frame in kept.tables.items()
    }
    fresh = quotas(replace(later, in_force=InForce(without)), spec("16000", step="10", keep={}))
    assert outcome(fresh)[3] == ("anew", "new seat")


def test_accounts_that_moved_are_a_reason_from_their_share_on() -> None:
    world, before = small()
    later = in_may(world, before)
    owner = world.accounts.owner.copy()
    owner[0] = 1  # R0 lost all it had; what R1 gained is half of what it had
    moved = replace(later, accounts=replace(later.accounts, owner=owner))
    wanted = spec("12000", step="10", keep={"accounts": "50%"}, bounds={"absolute": {"min": "100"}})
    assert outcome(quotas(moved, wanted))[:2] == [("anew", "accounts")] * 2
    wanted = spec("12000", step="10", keep={"accounts": "51%"}, bounds={"absolute": {"min": "100"}})
    assert outcome(quotas(moved, wanted))[1][0] == "moved"


def test_relief_in_force_comes_anew_and_is_not_counted_twice() -> None:
    relief = [{"rep": "R3", "reason": "away", "amount": "800", "taken_by": "company", "start": "2027-09-01"}]
    world, _ = small()

    def allocated(inputs: Inputs, **more: Any) -> Quotas:
        wanted = spec("12000", step="10", relief=relief, **more)
        return allocate(inputs, aligned(inputs), booked(inputs), wanted, progress=Silent())

    before = allocated(world)
    later = in_may(world, before)
    assert later.in_force is not None
    columns = [column.name for column in OPTIONAL["quota_relief"]]
    tables = {**later.in_force.tables, "quota_relief": table(before, "quota_relief")[columns]}
    found = allocated(replace(later, in_force=InForce(tables)), keep={})
    assert (found.cells == before.cells).all()
    assert by_seat(found)[3] == by_seat(before)[3] == 4000


def test_teams_keep_their_own() -> None:
    teams = {"Partners": {"members": {"rep": "R3"}, "share": "20%", "methods": [{"kind": "even"}]}}
    world, before = small(teams=teams)
    found = quotas(turned(world, before), spec("12000", step="10", teams=teams, keep={}))
    assert (found.cells == before.cells).all()
    assert set(table(found, "quota_least")["team"]) == {"Partners", "others"}


def test_bounds_of_products_that_leave_no_room_give_all_at_once_near_what_is_in_force() -> None:
    shares: dict[str, Any] = {"products": {"S0": "60%", "S1": "40%"}}
    world, before = small(**shares)
    bounds = {"products": {"S0": {"absolute": {"max": "1000"}}}}
    with pytest.raises(Infeasible):
        quotas(turned(world, before), spec("12000", step="10", keep={}, bounds=bounds, **shares))
    bounds = {"products": {"S0": {"absolute": {"max": "2500"}}}}
    found = quotas(turned(world, before), spec("12000", step="10", keep={}, bounds=bounds, **shares))
    assert found.cells[:, 0].sum(axis=1).max() <= 250_000
    assert [name for name in (each.name for each in found.tables) if name == "quota_kept"]


def test_steps_and_changes_name_what_keeping_did() -> None:
    world, before = small()
    found = quotas(turned(world, before), spec("12600", step="10", keep={}))
    steps = table(found, "quota_steps").set_index(["rep", "step"])["amount"]
    assert steps["R0", "in force"] < 0 < steps["R3", "in force"]
    assert "in force" in set(table(found, "quota_changes")["reason"])


@pytest.mark.parametrize(
    ("column", "change", "says"),
    [
        ("in_force", 100, "are told, it is"),
        ("quota", 100, "are told, it is"),
        ("outcome", "moved", "is told as moved"),
    ],
)
def test_a_table_that_lies_about_what_was_kept_is_found(column: str, change: Any, says: str) -> None:
    world, before = small()
    later = turned(world, before)
    wanted = spec("12000", step="10", keep={})
    found = quotas(later, wanted)
    tables = {each.name: each.frame.copy() for each in found.tables}
    assert kept_violations(later, wanted, found.cells, tables) == []
    value = tables["quota_kept"].loc[0, column]
    tables["quota_kept"].loc[0, column] = change if isinstance(change, str) else value + change
    assert any(says in said for said in kept_violations(later, wanted, found.cells, tables))


@pytest.mark.parametrize(
    ("column", "change", "says"), [("reached", 5.0, "the quotas give"), ("bound", 9.0, "lies above")]
)
def test_an_objective_that_lies_is_found(column: str, change: float, says: str) -> None:
    world, before = small()
    later, wanted = turned(world, before), spec("12600", step="10", keep={})
    found = quotas(later, wanted)
    tables = {each.name: each.frame.copy() for each in found.tables}
    tables["quota_least"].loc[0, column] += change
    assert any(says in said for said in kept_violations(later, wanted, found.cells, tables))


def test_what_cannot_be_kept_is_refused_all_at_once() -> None:
    wanted = spec(
        methods=[{"kind": "equal_difficulty"}], keep={"anew": ["R9"]}, bounds={"previous": {"max": "110%"}}
    )
    told = {fault.field: fault.message for fault in misfits(seats([1, 2]), wanted, ["bookings"])}
    assert {"quotas.keep", "quotas.keep.anew[0]", "quotas.bounds.previous"} <= set(told)
    with pytest.raises(ValueError, match="twice"):
        spec(keep={"least": ["seats", "seats"]})


def test_a_season_that_is_written_anew_moves_months_and_no_year() -> None:
    world, before = small(seasonality=[1] * 12)
    later = turned(world, before)
    found = quotas(later, spec("12000", step="10", keep={}, seasonality=[1] * 8 + [2] * 4))
    assert by_seat(found) == by_seat(before)
    months = found.cells.sum(axis=(0, 1)).tolist()
    assert months[:4] == [100_000] * 4  # over already
    assert months[4:] == [66_000] * 4 + [134_000] * 4 or max(months[4:8]) < min(months[8:])
    assert set(table(found, "quota_kept")["outcome"]) == {"kept"}
