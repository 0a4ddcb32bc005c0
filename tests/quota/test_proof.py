"""Laws that hold for any input: scale, order of siblings, tightening, sums."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Infeasible
from tests.quota.setting import quotas, seats, spec, table

potentials = st.lists(st.integers(1, 1000), min_size=2, max_size=5)
EXACT = {"solver": {"gap": 0}}


def levels(count: int) -> dict[str, list[str]]:
    return {"district": ["N" if seat % 2 == 0 else "S" for seat in range(count)]}


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    potential=potentials,
    factor=st.sampled_from([3, 100]),
    cap=st.sampled_from([5000, 7000]),
)
def test_scaling_all_money_scales_all_quotas_with_bounds_products_and_teams(
    potential: list[int], factor: int, cap: int
) -> None:
    """Bounds and goals are multiples of the step, so that nothing is rounded to a cent, which does not scale."""

    def cells(scale: int) -> Any:
        bounds = {
            "absolute": {"min": str(10 * scale), "max": str(cap * scale)},
            "nodes": {"R1": {"max": str(4000 * scale)}},
        }
        goal = {"S0": {"2027-01": str(3000 * scale), "2027-02": "0"}, "S1": str(6000 * scale)}
        teams = {"partners": {"members": {"rep": "R0"}, "share": "20%"}}
        wanted = spec(goal, step=str(5 * scale), bounds=bounds, teams=teams)
        world = seats([value * scale for value in potential], periods=2, **levels(len(potential)))
        try:
            return quotas(world, wanted).cells
        except Infeasible:
            return None

    one, many = cells(1), cells(factor)
    assert (one is None) == (many is None)
    assert one is None or (many == one * factor).all()


@settings(max_examples=20, deadline=None, derandomize=True)
@given(potential=potentials, data=st.data())
def test_permuting_siblings_permutes_the_answer_where_it_is_unique(
    potential: list[int], data: st.DataObject
) -> None:
    """With a goal in which every target is a whole number of cents, the optimum is unique: the targets."""
    order = data.draw(st.permutations(range(len(potential))))
    goal = str(sum(potential))
    one = quotas(seats(potential), spec(goal)).cells.sum(axis=(1, 2))
    other = quotas(seats([potential[seat] for seat in order]), spec(goal)).cells.sum(axis=(1, 2))
    assert other.tolist() == one[list(order)].tolist()


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    potential=potentials,
    caps=st.lists(st.sampled_from(["1.01", "1.05", "1.2", "2"]), min_size=2, max_size=2),
    floor=st.sampled_from(["0", "50%", "95%"]),
)
def test_tightening_a_bound_never_improves_the_worst_deviation(
    potential: list[int], caps: list[str], floor: str
) -> None:
    """Measured from the targets themselves, which no bound moves."""

    def worst(cap: str, least: str) -> float:
        bounds = {"target": {"max": cap, "min": least}, "nodes": {"R0": {"min": "300"}}}
        try:
            found = quotas(seats(potential), spec("1000", bounds=bounds, **EXACT))
        except Infeasible:
            return float("inf")
        frame = table(found, "quota_reps")
        return float((abs(frame["quota"] - frame["target"]) / frame["target"]).max())

    loose, tight = sorted(caps, key=float, reverse=True)
    cent = 1.5 / (100_000 * min(potential) / sum(potential))
    assert worst(loose, "0") <= worst(tight, "0") + cent
    assert worst(tight, "0") <= worst(tight, floor) + cent


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    potential=potentials,
    cents=st.integers(100_000, 10**9),
    step=st.sampled_from(["0", "1", "25"]),
    over=st.fixed_dictionaries(
        {"district": st.sampled_from(["0", "3%"]), "rep": st.sampled_from(["-2%", "7.25%"])}
    ),
    share=st.integers(1, 99),
    change=st.sampled_from(["60%", "1"]),
)
def test_sums_tie_at_every_node_with_teams_products_bounds_and_leave(**drawn: Any) -> None:
    count = len(drawn["potential"])
    inputs = seats(drawn["potential"], periods=3, **levels(count))
    teams = {
        "partners": {"members": {"rep": ["R0"]}, "share": f"{drawn['share']}%"},
        "engineers": {"members": {"rep": ["R1"]}, "share": "1", "overlay": True},
    }
    if count == 2:
        teams["partners"]["share"] = "1"
    wanted = spec(
        f"{drawn['cents'] / 100:.2f}",
        step=drawn["step"],
        over_assignment=drawn["over"],
        products={"S0": "70%", "S1": "30%"},
        seasonality={"S0": [1, 2, 3], "S1": "even"},
        bounds={"target": {"min": "10%"}},
        leave=[{"rep": "R1", "start": "2027-02-01", "end": "2027-02-15"}],
        teams=teams,
    )
    found = quotas(inputs, wanted)  # held to the plain check there
    told = table(found, "quota_levels")
    assert (told["target"] == told["quota"]).all()
    for team, own in told.groupby("team"):
        street = int(own.loc[own["level"] == "product", "quota"].sum())
        assert street == int(own.loc[own["level"] == "period", "quota"].sum())
        assert street == int(table(found, "quota_teams").set_index("team").loc[team, "quota"])
    assert table(found, "goals")["goal"].sum() == drawn["cents"]
