"""Every odd input that finance fears is refused in words or has an outcome that is written down."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from engine import comp
from engine.errors import BadInput
from engine.progress import Remembering, Silent
from engine.scenario import Scenario
from tests.comp.test_cases import Case, asked
from tests.comp.test_settle import TEN_PERCENT
from tests.comp.worlds import SALARY, bookings, even_quotas, quotas, random_bookings, spec, units
from tests.worlds import with_spells, world

FOLDER = Path(__file__).parent.parent / "cases/bad/comp"
REFUSED = yaml.load((FOLDER / "refused.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
OUTCOMES = yaml.load((FOLDER / "outcomes.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_a_plan_that_cannot_be_read_is_refused_in_words_at_its_place(case, tmp_path):
    parts = "".join(f"        - {one(part)}\n" for part in case["components"]) or "        []\n"
    text = (
        "comp:\n  rounding: half_up\n  proration: first_day\n"
        f"  plans:\n    AE:\n      pay: monthly\n      components:\n{parts}"
    )
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        Scenario.load(tmp_path / "plan.yaml")
    told = [
        str(fault)
        for fault in caught.value.faults
        if fault.code == case["code"] and "comp.plans.AE" in fault.field
    ]
    assert told, caught.value
    assert all(words in " | ".join(told) for words in case["says"]), told
    assert all(fault.line >= 1 for fault in caught.value.faults)


def one(value):
    """A value in one line of YAML, every scalar as it was written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {one(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(one(item) for item in value) + "]" if isinstance(value, list) else value


@pytest.mark.parametrize("raw", OUTCOMES, ids=lambda case: case["name"])
def test_odd_input_is_paid_as_it_is_written_down_on_both_paths(raw):
    case = Case(raw)
    assert asked(case, case.settled()) == case.pays
    assert asked(case, case.fast()) == case.pays
    credits = np.array(case.credits["bookings"])[None, None]
    payouts = comp.settle(case.inputs, bookings(credits), quotas(case.quota), case.spec)
    assert payouts.cost[0, :, 0].tolist() == case.pays[""]


def test_who_has_no_plan_is_paid_nothing_and_counted():
    inputs = with_spells(world(reps=3), plan=("AE", "", "AE"))
    warnings: list[str] = []
    rules = spec(SALARY, TEN_PERCENT)
    payouts = comp.settle(
        inputs,
        random_bookings(inputs, 3),
        even_quotas(inputs),
        rules,
        progress=Remembering(Silent(), warnings),
    )
    assert any("1 people have no comp plan" in warning for warning in warnings)
    assert set(units(payouts, "payouts")["person"]) == {"P0", "P2"}


def test_a_plan_that_is_not_there_is_refused_with_the_one_that_was_meant():
    inputs = with_spells(world(reps=3), plan=("AE", "Ae", "AE"))
    with pytest.raises(
        BadInput, match="no plan is called 'Ae', as 1 row of the table of people would have it"
    ) as caught:
        comp.settle(inputs, random_bookings(inputs, 3), even_quotas(inputs), spec())
    assert "Did you mean 'AE'?" in str(caught.value)


def test_who_holds_two_seats_on_a_day_is_paid_for_both():
    inputs = with_spells(world(reps=2), person=("Ann", "Ann"), id=("Ann", "Ann#2"))
    payouts = comp.settle(
        inputs,
        bookings(np.full((1, 2, 12), 1_000_000)),
        even_quotas(inputs),
        spec(SALARY, TEN_PERCENT, carry="spell"),
    )
    year = units(payouts, "payouts").query("period == 'year'").set_index(["spell", "component"])["mean"]
    assert year["Ann", "commission"] == year["Ann#2", "commission"] == 12_000
    assert year["Ann", "salary"] == year["Ann#2", "salary"] == 80_000
