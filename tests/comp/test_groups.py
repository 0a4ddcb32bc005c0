"""Cost by groups: it adds up, and no group is shown from which somebody's pay could be read."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.groups import FEWEST, groups, shown
from tests.comp.worlds import even_quotas, random_bookings, spec
from tests.worlds import with_spells, world


def in_regions(*regions: str, districts: tuple[str, ...] = ()):
    """A seat and a person for each."""
    base = world(reps=len(regions))
    levels = {"region": tuple(regions)} | ({"district": districts} if districts else {})
    return replace(base, reps=replace(base.reps, levels=levels))


def settled(inputs, replications=40, rules=None):
    return comp.settle(inputs, random_bookings(inputs, replications), even_quotas(inputs), rules or spec())


def table(payouts, name):
    return next(table.frame for table in payouts.tables if table.name == name)


def test_small_groups_are_hidden_and_so_is_what_would_tell_them():
    assert shown({"West": 9, "East": 8}) == {"West", "East"}
    assert shown({"West": 9, "East": 8, "North": 4, "South": 1}) == {"West", "East"}
    assert shown({"West": 9, "East": 8, "North": 3}) == {"West"}
    assert shown({"West": 9, "North": 3}) == frozenset()
    assert shown({"West": 9, "Nobody": 0}) == {"West", "Nobody"}


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 12), max_size=6))
def test_nobody_can_subtract_their_way_to_a_small_group(sizes):
    kept = shown(sizes)
    hidden = {name: size for name, size in sizes.items() if name not in kept}
    assert all(sizes[name] >= FEWEST or sizes[name] == 0 for name in kept)
    assert not hidden or sum(hidden.values()) >= FEWEST or not any(sizes[name] for name in kept)


def test_groups_of_a_level_add_up_to_the_company():
    inputs = in_regions(*["West"] * 6, *["East"] * 5)
    payouts = settled(inputs)
    by_group = table(payouts, "cost_by_group").set_index(["group", "period"])["mean"]
    whole = table(payouts, "cost").query("plan == 'all' and figure == 'total'").set_index("period")["mean"]
    for period in (*inputs.calendar.labels, "year"):
        assert by_group["West", period] + by_group["East", period] == pytest.approx(whole[period])
    people = table(payouts, "cost_by_group").drop_duplicates("group").set_index("group")["people"]
    assert people.to_dict() == {"West": 6, "East": 5}


def test_a_hidden_region_hides_what_lies_below_it_and_districts_are_named_by_their_region():
    inputs = in_regions(
        *["West"] * 11, *["East"] * 5, *["South"] * 5, districts=("N",) * 6 + ("S",) * 5 + ("N",) * 10
    )
    assert [(g.level, g.name, g.people) for g in groups(inputs, ["AE"])] == [
        ("region", "West", 11), ("region", "East", 5), ("region", "South", 5),
        ("district", "West / N", 6), ("district", "West / S", 5), ("district", "East / N", 5),
        ("district", "South / N", 5),
    ]  # fmt: skip
    few = in_regions(*["West"] * 11, *["East"] * 5, "South", districts=("N",) * 17)
    assert {g.name for g in groups(few, ["AE"])} == {"West", "West / N"}


def test_a_person_counts_once_and_only_while_the_plan_runs():
    inputs = in_regions(*["West"] * 6)
    moved = with_spells(
        inputs, id=("P0", "P0#2", "P2", "P3", "P4", "P5"), person=("P0", "P0", "P2", "P3", "P4", "P5")
    )
    assert [g.people for g in groups(moved, ["AE"])] == [5]
    gone = inputs.spells.end.copy()
    gone[5] = np.datetime64("2026-12-01")
    assert [g.people for g in groups(with_spells(inputs, end=gone), ["AE"])] == [5]
    gone[4] = np.datetime64("2026-12-01")
    assert groups(with_spells(inputs, end=gone), ["AE"]) == ()


def test_plans_are_hidden_by_the_same_rule_and_the_reserve_is_p90_less_p50():
    inputs = with_spells(in_regions(*["West"] * 12), plan=("AE",) * 7 + ("SDR",) * 5)
    rules = spec().model_dump(mode="json")
    rules["plans"]["SDR"] = rules["plans"]["AE"]
    both = type(spec()).model_validate(rules)
    frame = table(settled(inputs, rules=both), "cost")
    assert set(frame["plan"]) == {"all", "AE", "SDR"}
    assert (frame["reserve"] == frame["p90"] - frame["p50"]).all()
    fewer = with_spells(inputs, plan=("AE",) * 8 + ("SDR",) * 4)
    assert set(table(settled(fewer, rules=both), "cost")["plan"]) == {"all"}


def with_roles(*rows: tuple[str, str, str]):
    """A person for each (region, plan, role)."""
    regions, plans, roles = zip(*rows, strict=True)
    return with_spells(in_regions(*regions), plan=plans, role=roles)


def roles_of(inputs, plans=("AE", "SE")):
    return {group.name: group.people for group in groups(inputs, plans) if group.level == "role"}


def test_cost_is_told_by_role_and_adds_up_to_the_company():
    inputs = with_roles(
        *[("West", "AE", "Hunter")] * 6, *[("West", "AE", "Farmer")] * 5, *[("West", "AE", "")] * 7
    )
    payouts = settled(inputs)
    by_role = table(payouts, "cost_by_group").query("level == 'role' and period == 'year'").set_index("group")
    assert by_role["people"].to_dict() == {"AE": 7, "Farmer": 5, "Hunter": 6}
    whole = (
        table(payouts, "cost")
        .query("plan == 'all' and figure == 'total' and period == 'year'")["mean"]
        .item()
    )
    assert by_role["mean"].sum() == pytest.approx(whole, abs=3)


def test_roles_that_are_the_plans_are_not_told_twice():
    assert roles_of(with_roles(*[("West", "AE", "")] * 6, *[("West", "SE", "SE")] * 6)) == {}


def test_roles_of_few_are_hidden_and_so_is_what_would_tell_them():
    hidden = with_roles(
        *[("West", "AE", "Hunter")] * 9, *[("West", "AE", "Farmer")] * 6, *[("West", "AE", "Boss")] * 2
    )
    assert roles_of(hidden) == {"Hunter": 9}
    # Hunters are plan AE and one more person: their cost less that of the plan would be that person's.
    against_plan = with_roles(
        *[("West", "AE", "Hunter")] * 9, ("West", "SE", "Hunter"), *[("West", "SE", "Farmer")] * 9
    )
    assert roles_of(against_plan) == {}
    against_region = with_roles(
        *[("West", "AE", "Hunter")] * 9, ("East", "AE", "Hunter"), *[("East", "AE", "Farmer")] * 9
    )
    assert roles_of(against_region) == {}
