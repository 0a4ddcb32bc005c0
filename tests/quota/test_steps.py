from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quota.setting import by_seat, quotas, seats, spec, table
from tests.quota.test_carry import spells


def steps(found: object, rep: str) -> dict[str, float]:
    """Amount of each step of a seat, in currency units."""
    frame = table(found, "quota_steps")  # type: ignore[arg-type]
    mine = frame[frame["rep"] == rep]
    return {name: int(amount) / 100 for name, amount in zip(mine["step"], mine["amount"], strict=True)}


def test_methods_over_assignment_and_rounding_are_told_apart() -> None:
    inputs = seats([100, 300], history=[500, 500])
    methods = [{"kind": "potential", "weight": 3}, {"kind": "history", "weight": 1}]
    found = quotas(inputs, spec("1001", methods=methods, over_assignment={"rep": "10%"}, step="50"))
    first, second = inputs.reps.id
    assert steps(found, first) == {
        "potential": 187.69,
        "history": 125.12,
        "over-assignment": 31.28,
        "rounding": round(by_seat(found)[0] - 344.09, 2),
    }
    assert list(steps(found, second))[:3] == ["potential", "history", "over-assignment"]


def test_time_in_seat_moves_what_one_carries_to_the_others() -> None:
    world = seats([100, 100], periods=2)
    inputs = replace(world, spells=spells((0, "2020-01-01", "NaT"), (1, "2027-02-01", "NaT")))
    found = quotas(inputs, spec("900"))
    first, second = inputs.reps.id
    assert steps(found, first) == {"potential": 450, "time in seat": 150}
    assert steps(found, second) == {"potential": 450, "time in seat": -150}


def test_a_lock_is_an_adjustment_and_a_bound_is_named() -> None:
    inputs = seats([100, 100, 200])
    first, second, third = inputs.reps.id
    locked = quotas(inputs, spec("800", locks={first: "350"}))
    assert steps(locked, first) == {"potential": 200, "adjustment": 150}
    held = quotas(inputs, spec("800", bounds={"nodes": {second: {"max": "120"}}}))
    frame = table(held, "quota_steps").set_index(["rep", "step"])
    assert frame.loc[(second, "bounds"), "rule"] == f"bounds.nodes.{second}.max"
    assert frame.loc[(second, "bounds"), "amount"] == -8000
    assert sum(steps(held, third).values()) == by_seat(held)[2]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.integers(1, 10**9),
    st.sampled_from(["0", "7", "1000"]),
    st.sampled_from(["-3.7%", "0", "11.3%"]),
)
def test_the_steps_add_up_to_every_quota(potential: list[int], cents: int, step: str, over: str) -> None:
    inputs = seats(potential, periods=3, history=list(reversed(potential)))
    methods = [{"kind": "potential", "weight": "0.3"}, {"kind": "history"}]
    found = quotas(
        inputs, spec(f"{cents / 100:.2f}", methods=methods, step=step, over_assignment={"rep": over})
    )
    frame = table(found, "quota_steps")
    told = frame.groupby("rep", sort=False)["amount"].sum()
    last = frame.groupby("rep", sort=False)["running"].last()
    assert [told[name] for name in inputs.reps.id] == [int(q) for q in found.cells.sum(axis=(1, 2))]
    assert (told == last).all()
