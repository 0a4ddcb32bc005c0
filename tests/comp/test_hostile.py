"""Plans that are odd but legal: the exact path, the fast path and the plain reading agree on all of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp.book import Labels, Numbers
from engine.comp.component import paid
from engine.comp.dealt import dealt
from engine.comp.exact import Rows
from engine.comp.fast import Fast
from engine.comp.payer import Payer
from engine.comp.spec import CompSpec
from engine.comp.terms import terms
from tests.worlds import with_spells, world

PLACE = Path(__file__).parent.parent / "cases" / "hostile" / "plans.yaml"
PLANS = yaml.load(PLACE.read_text(encoding="utf-8"), yaml.BaseLoader)
SIZE, MEASURES = 5, ("bookings", "margin", "units")
STARTS = ["2020-01-01", "2027-02-15", "2020-01-01", "2027-05-01", "2020-01-01"]
ENDS = ["NaT", "NaT", "2027-08-10", "2027-10-20", "NaT"]


def company(rng):
    """Four sellers in two regions, who come and go, and somebody who leads them."""
    base = world(reps=SIZE)
    people = with_spells(
        base, id=tuple("ABCDE"), person=tuple("ABCDE"), salary=np.full(SIZE, 1_234_567),
        target_incentive=rng.integers(0, 30_000_000, SIZE), start=np.array(STARTS, dtype="datetime64[D]"),
        end=np.array(ENDS, dtype="datetime64[D]"), plan=("AE",) * 4 + ("Lead",),
    )  # fmt: skip
    levels = {"region": tuple("WWEEW"), "district": tuple("ABABA")}
    return replace(people, calendar=calendar(CalendarSpec(year=2027)), reps=replace(base.reps, levels=levels))


def deals(rng, inputs):
    """Deals in the order of their days, some on a boundary, some taken back in part or whole; all of one seed."""
    edges, found = inputs.calendar.edges, []
    for spell, (start, end) in enumerate(zip(STARTS, ENDS, strict=True)):
        first = max(edges[0], np.datetime64(start))
        last = edges[-1] if end == "NaT" else np.datetime64(end)
        for number in range(rng.integers(0, 9)):
            size = rng.choice([rng.integers(-4, 19) * 5_000_000, rng.integers(-20_000_000, 90_000_000), 1])
            day = first + rng.integers(0, int((last - first).astype(int)))
            says = (100 * spell + number, rng.integers(0, 3), 12 * rng.integers(0, 4), rng.integers(-1, 6))
            found.append((day, spell, size, *says))
            if size > 0 and rng.random() < 0.3:
                back = -size if rng.random() < 0.5 else -rng.integers(0, size + 1)
                later = day + rng.integers(0, int((last - day).astype(int)))
                found.append((later, spell, back, *says))
    found.sort(key=lambda deal: deal[0])
    columns = [np.array(column) for column in zip(*found, strict=True)] or [np.zeros(0, dtype=np.int64)] * 7
    day, spell, size, origin, product, term, tenths = columns
    sold = np.abs(size)
    credit = {
        "bookings": size,
        "margin": np.sign(size) * (sold * tenths // 10),
        "units": np.sign(size) * (sold // 5_000_000 % 4),
    }
    return Rows(
        spell, np.searchsorted(edges, day.astype("datetime64[D]"), side="right") - 1, credit,
        day.astype("datetime64[D]"), deal=np.arange(size.size), whole=credit, origin=origin,
        labels={"product": Labels(product, ("", "Core", "Plus"))}, numbers={"term": Numbers(term)},
    )  # fmt: skip


def settled_by(spec, name):
    """Kind of a component, by the name of its plan and its own."""
    plan, label = name
    return next(part.kind for part in spec.plans[plan].components if part.label == label)


def readings_agree(plan, seed):
    rng = np.random.default_rng(seed)
    inputs = company(rng)
    parts = {"AE": plan["parts"], "Lead": plan.get("lead", [{"kind": "salary"}])}
    spec = CompSpec.model_validate({
        "plans": {name: {"pay": "monthly", "components": its} for name, its in parts.items()},
        "rounding": rng.choice(["half_even", "half_up"]), "proration": rng.choice(["days_of_period", "days_of_year"]),
    })  # fmt: skip
    rows = deals(rng, inputs)
    quota = rng.integers(0, 6, (SIZE, 12)) * 10_000_000
    quotas = {"margin": rng.integers(0, 4, (SIZE, 12)) * 3_000_000, "units": rng.integers(0, 3, (SIZE, 12))}
    settled = comp.pay(inputs, quota, spec, rows, quotas=quotas)
    # To hold pay earns nothing and loses nothing: it moves what is paid.
    exact = {
        name: moved if settled_by(spec, name) == "holdback" else earned
        for name, earned, moved in zip(settled.components, settled.earned, settled.pay, strict=True)
    }
    payer = Payer(inputs, quota, quotas, spec, rows)
    known = terms(inputs, quota, spec.proration, spec.rounding, quotas)
    for name, members in (("AE", [0, 1, 2, 3]), ("Lead", [4])):
        block = spec.plans[name]
        for (label, spell), row in payer.earned(block, members, members).items():
            assert exact[name, label][spell].tolist() == row, (label, spell, seed)
        book = dealt(Fast, inputs, spec, known, np.array(members), rows, MEASURES)
        paid(block.components, book, block.pay)
        for part in block.components:
            off = np.abs(book.earned[part.label].values - exact[name, part.label][members]).max()
            assert off <= 2 * part.points * len(block.components), (part.label, seed)
    return {label for (_, label), row in exact.items() if row.any()}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan["name"])
def test_three_readings_of_an_odd_plan_agree(plan):
    readings_agree(plan, 1)


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan["name"])
def test_three_readings_of_an_odd_plan_agree_on_many_years(plan):
    earned = set.union(*(readings_agree(plan, seed) for seed in range(2, 40)))
    assert {part.get("name", part["kind"]) for part in plan["parts"]} <= earned
