"""Worked payouts in a plan designer's words, each through the exact and the fast path."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from engine import comp
from engine.amounts import decimal, ratio
from engine.calendar import CalendarSpec, calendar
from engine.comp.book import Book, Deals, Labels, Numbers
from engine.comp.component import Component, paid
from engine.comp.exact import Rows
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.spec import CompSpec
from engine.comp.terms import terms
from engine.pipeline.bookings import Bookings, WonDeals
from tests.comp.worlds import bookings, quotas
from tests.worlds import with_spells, world

FOLDER = Path(__file__).parent.parent / "cases" / "comp"


def cases():
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.load(path.read_text(), yaml.BaseLoader):
            if "people" in case:
                continue  # of several people: see test_crowds
            yield pytest.param(case, id=f"{path.stem}-{case['name']}")


def cents(value):
    scaled = decimal(str(value)) * 100
    assert scaled == int(scaled)
    return int(scaled)


def table(value):
    """A list by period, or one by period for each measure."""
    by_measure = value if isinstance(value, dict) else {"bookings": value}
    return {name: [cents(amount) for amount in row] for name, row in by_measure.items()}


def said(case):
    """What deals say: columns of words, and of numbers in hundredths."""
    words = {name: pd.factorize(np.array(row), sort=True) for name, row in case.get("words", {}).items()}
    numbers = {name: [ratio(value) * 100 for value in row] for name, row in case.get("numbers", {}).items()}
    return (
        {name: Labels(codes.astype(np.int64), tuple(known)) for name, (codes, known) in words.items()},
        {name: Numbers(np.array(row, dtype=np.int64), 100) for name, row in numbers.items()},
    )


def counts(case):
    """Credits of measures that count."""
    return {name: [int(value) for value in row] for name, row in case.get("counts", {}).items()}


class Case:
    def __init__(self, case):
        pays = case["pays"]
        self.parts = case["components"] if "components" in case else [case["component"]]
        self.pays = table(pays if isinstance(pays, dict) else {"": pays})
        periods = len(next(iter(self.pays.values())))
        self.deals = [(int(p), cents(amount)) for p, amount, *_ in case.get("deals", [])]
        self.days = [more[0] for _, _, *more in case.get("deals", []) if more]
        self.origin = [int(more[1]) for _, _, *more in case.get("deals", []) if more[1:]]
        self.labels, self.numbers = said(case)
        self.credits = {**table(case.get("credits", {})), **counts(case)}
        self.quotas = {
            name: np.array([row]) // (100 if name in case.get("counts", {}) else 1)
            for name, row in table(case.get("quota", ["0"] * periods)).items()
        }
        self.quota = self.quotas.pop("bookings", np.zeros((1, periods), dtype=np.int64))
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
        plan = {"pay": "monthly", "components": self.parts}
        rules = {
            "rounding": case.get("rounding", "half_even"),
            "proration": case.get("proration", "days_of_period"),
        }
        self.spec = CompSpec.model_validate({"plans": {"AE": plan}, **rules})

    @property
    def components(self):
        return self.spec.plans["AE"].components

    @property
    def numbered(self):
        """Number of each deal, where the case gives them."""
        return np.array(self.origin, dtype=np.int64) if self.origin else None

    @property
    def rows(self) -> Rows:
        if self.deals:
            period, credit = (np.array(column, dtype=np.int64) for column in zip(*self.deals, strict=True))
            day = np.array(self.days, dtype="datetime64[D]") if self.days else None
            says = {"labels": self.labels, "numbers": self.numbers, "origin": self.numbered}
            return Rows(np.zeros_like(period), period, {"bookings": credit}, day, **says)
        period = np.arange(self.quota.shape[1], dtype=np.int64)
        credit = {name: np.array(row, dtype=np.int64) for name, row in self.credits.items()}
        return Rows(np.zeros_like(period), period, credit)

    def settled(self):
        """What each component pays by period, exactly."""
        settled = comp.pay(self.inputs, self.quota, self.spec, self.rows, quotas=self.quotas)
        return {
            label: row[0].tolist() for (_, label), row in zip(settled.components, settled.pay, strict=True)
        }

    def fast(self):
        """The same in floats, on a book of the same people and credits."""
        known = terms(self.inputs, self.quota, self.spec.proration, self.spec.rounding, self.quotas)
        rows, shape = self.rows, self.quota.shape
        deals = {name: Fast(row) for name, row in rows.credit.items()}
        return {
            label: amount.values[0].tolist()
            for label, amount in paid(
                self.components,
                Book(
                    credits={name: line.tallied(rows.period, shape) for name, line in deals.items()},
                    quota=Fast(known.quota),
                    target=Fast(known.target),
                    salary=Fast(known.salary),
                    shape=shape,
                    intervals=Intervals.of(self.inputs.calendar.quarter),
                    rounding=self.spec.rounding,
                    minor=100,
                    lines=Deals(deals, rows.period, rows.day, self.labels, self.numbers, self.numbered),
                    quotas={name: Fast(values) for name, values in known.quotas.items()},
                    annual=lambda amount: Fast(known.annual(amount, np.arange(1))),
                    since=known.since,
                    who=self.inputs.spells.person,
                    days=known.days,
                    edges=self.inputs.calendar.edges,
                ),
                "monthly",
            ).items()
        }


def asked(case, settled):
    """The figures that the case names: by component, or the sum of the plan."""
    if "" in case.pays:
        return {"": np.sum(list(settled.values()), axis=0).tolist()}
    return {label: settled[label] for label in case.pays}


@pytest.mark.parametrize("raw", list(cases()))
def test_the_exact_path_pays_the_case_to_the_cent(raw):
    case = Case(raw)
    assert asked(case, case.settled()) == case.pays


@pytest.mark.parametrize("raw", list(cases()))
def test_the_fast_path_pays_the_case_to_the_cent(raw):
    case = Case(raw)
    assert asked(case, case.fast()) == case.pays


def simulated(case) -> Bookings:
    """The deals of a case as those of one replication; a deal without a day closes as soon as somebody is there."""
    rows, (start, *_) = case.rows, case.inputs.spells.start
    nothing = np.zeros_like(rows.period)
    credit = {name: rows.credit.get(name, nothing) for name in sorted({"bookings", *rows.credit})}
    cube = np.zeros((1, 1, case.quota.shape[1], len(credit)), dtype=np.int64)
    for m, values in enumerate(credit.values()):
        np.add.at(cube[0, 0, :, m], rows.period, values)
    day = np.maximum(case.inputs.calendar.edges[rows.period], start) if rows.day is None else rows.day
    won = WonDeals(
        1, nothing, nothing, day, rows.period, nothing - 1, nothing, ("",), credit["bookings"], credit
    )
    return replace(bookings(cube, *credit), again=lambda numbers, seats: won)


@pytest.mark.parametrize("raw", list(cases()))
def test_a_simulated_settlement_pays_the_case_to_the_cent(raw):
    case = Case(raw)
    by_deal = case.spec.plans["AE"].by_deal(case.inputs.calendar)
    if case.labels or case.numbers:
        pytest.skip("simulated deals say their product and segment alone")
    if case.origin:
        pytest.skip("a simulation takes no deal back")
    if case.quotas or (not by_deal and (set(case.credits) - {"bookings"} or case.deals)):
        pytest.skip("quotas of single measures, or days of deals, which sums by period do not have")
    payouts = comp.settle(case.inputs, simulated(case), quotas(case.quota), case.spec)
    total = np.sum(list(case.settled().values()), axis=0)
    assert payouts.cost[0, :, 0].tolist() == total.tolist()


def test_every_kind_of_component_has_its_cases_and_its_plain_reading():
    from engine.blocks import subclasses
    from engine.comp import components

    for kind in subclasses(components, Component):
        name = kind.model_fields["kind"].default
        assert (FOLDER / f"{name}.yaml").is_file(), f"tests/cases/comp/{name}.yaml is missing"
        plain = Path(comp.__file__).parent / "plain" / f"{name}.py"
        assert kind.fixed or plain.is_file(), f"engine/comp/plain/{name}.py is missing"
