"""Deals of one person over a year that say what they are, and commissions that look at it, drawn at random."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp.book import Labels, Numbers
from engine.comp.component import paid
from engine.comp.components.commission import Commission
from engine.comp.dealt import dealt
from engine.comp.exact import Rows
from engine.comp.fast import Fast
from engine.comp.payer import Payer
from engine.comp.terms import terms
from tests.comp.test_paths import commissions, percents, tables
from tests.comp.worlds import spec
from tests.worlds import with_spells, world

WORDS = ("", "Core", "Plus", "Services")
QUOTA = 50_000_000


def company():
    return replace(
        with_spells(world(reps=1), target_incentive=np.array([24_000_000])),
        calendar=calendar(CalendarSpec(year=2027)),
    )


def rows(deals):
    """Deals as (period, cents, product, months of term, discount in percent), in their order."""
    period, credit, product, term, discount = np.array(deals, dtype=np.int64).reshape(-1, 5).T
    number = np.arange(period.size)
    credits = {"bookings": credit, "units": np.sign(credit) * (np.abs(credit) // 5_000_000 % 4)}
    return Rows(
        spell=np.zeros_like(period),
        period=period,
        credit=credits,
        day=company().calendar.edges[period],
        deal=number,
        whole=credits,
        labels={"product": Labels(product, WORDS)},
        numbers={"term": Numbers(term), "discount": Numbers(discount, 100)},
    )


class Sold:
    """Deals settled by one component, three times."""

    def __init__(self, part, deals, quota=QUOTA):
        self.inputs, self.rows, self.part = company(), rows(deals), part
        self.quota = np.full((1, 12), quota)
        self.spec = spec(part.model_dump())

    def exact(self):
        return comp.pay(self.inputs, self.quota, self.spec, self.rows).earned[0, 0].tolist()

    def fast(self):
        known = terms(self.inputs, self.quota, self.spec.proration, self.spec.rounding)
        book = dealt(Fast, self.inputs, self.spec, known, np.arange(1), self.rows, self.part.measures())
        return paid([self.part], book, "monthly")[self.part.label].values[0].tolist()

    def plain(self):
        payer = Payer(self.inputs, self.quota, {}, self.spec, self.rows)
        again = payer.earned(self.spec.plans["AE"], [0], [0])
        return again[self.part.label, 0]


@st.composite
def sold(draw, least=-40_000_000, most=90_000_000):
    """Deals in the order of their periods; often whole tenths of the quota, which lie on a boundary."""
    sizes = st.one_of(
        st.integers(least, most),
        st.integers(least // 5_000_000, most // 5_000_000).map(lambda n: n * 5_000_000),
    )
    deal = st.tuples(
        st.integers(0, 11), sizes, st.integers(0, 3), st.sampled_from([1, 12, 24, 36]), st.integers(0, 40)
    )
    return sorted(draw(st.lists(deal, max_size=9)), key=lambda one: one[0])


@st.composite
def bands(draw, of):
    starts = sorted({0, *draw(st.lists(st.integers(1, 40), max_size=2))})
    unit = 100 if of == "discount" else 1
    return {
        "by": of,
        "closed": draw(st.sampled_from(["left", "right"])),
        "bands": [{"start": start / unit, "times": draw(percents)} for start in starts],
    }


@st.composite
def by_word(draw):
    words = draw(st.lists(st.sampled_from(WORDS[1:]), min_size=1, max_size=3, unique=True))
    return {"by": "product", "times": {word: draw(percents) for word in words}, "otherwise": draw(percents)}


factors = st.lists(st.one_of(by_word(), bands("term"), bands("discount")), max_size=2)


@st.composite
def rated(draw, rising=False, **fixed):
    """Commissions with tables by product, factors and weights."""
    base = draw(commissions(rising=rising, quota="interval", **fixed))
    many = base.rates == "individual"
    unit = 1 if base.tiers_on == "attainment" else 500_000

    def own():
        starts, rates = draw(tables(rising=rising))
        return [{"start": a * unit, "rate": r if many else r / 4} for a, r in zip(starts, rates, strict=True)]

    words = draw(st.lists(st.sampled_from(WORDS[1:]), min_size=1, max_size=2, unique=True))
    by = draw(st.sampled_from([None, {"by": "product", "tables": {word: own() for word in words}}]))
    rules = {"tiers_by": by, "factors": draw(factors), "weights": draw(factors)}
    return Commission.model_validate({**base.model_dump(), **rules})


@st.composite
def placed(draw):
    """Commissions on money that units place in the tiers, and on units that they or money place; some with a goal."""
    starts, rates = draw(tables())
    on, per_unit, own = (
        draw(st.sampled_from(["credit", "attainment"])),
        draw(st.booleans()),
        draw(st.booleans()),
    )
    by_units = own if per_unit else True
    unit = 1 if on == "attainment" else 4 if by_units else 500_000
    goal = {"units": 9, "per": "quarter"} if by_units else {"money": 450_000, "per": "quarter"}
    tiers = [
        {"start": a * unit, **({"amount": round(100 * r)} if per_unit else {"rate": f"{100 * r}%"})}
        for a, r in zip(starts, rates, strict=True)
    ]
    place = (
        {"measure": "units", "levels_in": "units"}
        if by_units
        else {"measure": "bookings", "levels_in": "money"}
    )
    return Commission.model_validate({
        "measure": "units" if per_unit else "bookings", "rates": "per_unit" if per_unit else "of_credit",
        "tiers_on": on, "quota": "interval", "tiers": tiers, "goal": goal,
        "placed_by": None if per_unit and own else place, "factors": draw(factors),
        "mode": draw(st.sampled_from(["marginal", "retroactive"])), "closed": draw(st.sampled_from(["left", "right"])),
        "accumulate": draw(st.sampled_from(["transaction", "period", "quarter", "year_to_date"])),
    })  # fmt: skip


def mixed(part, draw):
    """The same commission with a mode of its own for each tier."""

    def some(tiers):
        modes = st.sampled_from(["marginal", "retroactive"])
        return tuple(tier.model_copy(update={"mode": draw(modes)}) for tier in tiers)

    by = part.tiers_by and part.tiers_by.model_copy(
        update={"tables": {word: some(tiers) for word, tiers in part.tiers_by.tables.items()}}
    )
    return part.model_copy(update={"tiers": some(part.tiers), "tiers_by": by})
