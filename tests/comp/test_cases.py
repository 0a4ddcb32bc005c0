"""Worked payouts in a plan designer's words, each through the exact and the fast path."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from engine import comp
from engine.amounts import decimal
from engine.calendar import CalendarSpec, calendar
from engine.comp.book import Book, Deals
from engine.comp.component import Component, paid
from engine.comp.exact import Rows
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.spec import CompSpec
from tests.comp.worlds import bookings, quotas
from tests.worlds import with_spells, world

FOLDER = Path(__file__).parent.parent / "cases" / "comp"


def cases():
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.load(path.read_text(), yaml.BaseLoader):
            yield pytest.param(case, id=f"{path.stem}-{case['name']}")


def cents(value):
    scaled = decimal(str(value)) * 100
    assert scaled == int(scaled)
    return int(scaled)


class Case:
    def __init__(self, case):
        self.deals = [(int(p), cents(amount)) for p, amount in case.get("deals", [])]
        self.credits = [cents(amount) for amount in case.get("credits", [])]
        self.pays = [cents(amount) for amount in case["pays"]]
        periods = len(self.pays)
        self.quota = np.array([[cents(q) for q in case.get("quota", ["0"] * periods)]])
        base = world(reps=1)
        self.inputs = replace(
            with_spells(
                base,
                salary=np.array([cents(case.get("salary", 0))]),
                target_incentive=np.array([12 * cents(case.get("target", 0))]),
                start=np.array([np.datetime64(case.get("start", "2020-01-01"), "D")]),
                end=np.array([np.datetime64(case.get("end", "NaT"), "D")]),
            ),
            calendar=calendar(CalendarSpec(year=2027, length=periods)),
        )
        plan = {"pay": "monthly", "components": [case["component"]]}
        rules = {
            "rounding": case.get("rounding", "half_even"),
            "proration": case.get("proration", "days_of_period"),
        }
        self.spec = CompSpec.model_validate({"plans": {"AE": plan}, **rules})

    @property
    def component(self) -> Component:
        return self.spec.plans["AE"].components[0]

    @property
    def rows(self) -> Rows:
        rows = self.deals or list(enumerate(self.credits))
        period, credit = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
        return Rows(np.zeros_like(period), period, {"bookings": credit})

    def by_period(self) -> np.ndarray:
        return np.bincount(self.rows.period, self.rows.credit["bookings"], len(self.pays))[None, None]


@pytest.mark.parametrize("raw", list(cases()))
def test_the_exact_path_pays_the_case_to_the_cent(raw):
    case = Case(raw)
    settled = comp.pay(case.inputs, case.quota, case.spec, case.rows)
    assert settled.pay[0, 0].tolist() == case.pays


@pytest.mark.parametrize("raw", list(cases()))
def test_the_fast_path_pays_the_case_to_the_cent(raw):
    case = Case(raw)
    if case.component.needs_deals:
        assert by_transaction(case) == case.pays
        return
    payouts = comp.settle(case.inputs, bookings(case.by_period()), quotas(case.quota), case.spec)
    assert payouts.cost[0, :, 0].tolist() == case.pays


def by_transaction(case: Case) -> list[int]:
    """A simulation keeps no deals, so the component is given a book of them."""
    shape = (1, len(case.pays))
    rows = case.rows
    line = Fast(rows.credit["bookings"])
    nothing = Fast(np.zeros(shape))
    book = Book(
        {},
        Fast(case.quota),
        nothing,
        nothing,
        shape,
        Intervals.of(case.inputs.calendar.quarter),
        "half_even",
        100,
        Deals({"bookings": line}, rows.period),
    )
    amount = paid(case.component, book, "monthly")
    assert isinstance(amount, Fast)
    return amount.values[0].tolist()


def test_every_kind_of_component_has_its_cases_and_its_plain_reading():
    from engine.blocks import subclasses
    from engine.comp import components

    for kind in subclasses(components, Component):
        name = kind.model_fields["kind"].default
        assert (FOLDER / f"{name}.yaml").is_file(), f"tests/cases/comp/{name}.yaml is missing"
        plain = Path(comp.__file__).parent / "plain" / f"{name}.py"
        assert kind.fixed or plain.is_file(), f"engine/comp/plain/{name}.py is missing"
