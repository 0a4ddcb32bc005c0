"""A simulated company whose deals can be made again, and plans that look at single deals."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import numpy as np
from hypothesis import strategies as st

from engine import pipeline
from engine.comp.components.commission import Commission
from engine.comp.components.spif import Spif
from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline.bookings import Bookings
from tests.comp.drawn import parts
from tests.comp.test_paths import bonuses, commissions, percents, sides
from tests.pipeline.settings import aligned
from tests.pipeline.settings import spec as pipeline_spec
from tests.worlds import with_spells, world

MEASURES = {"bookings": Measure(), "wins": Measure(quantity="count"), "margin": Measure(products=("S1",))}
REPLICATIONS = 12


def staffed() -> Inputs:
    """Three seats: R0 all year; R1 left on 10 May, backfilled on 21 June; in R2 P2 until 15 August, then P0."""
    days = ("2020-01-01", "2020-01-01", "2027-06-21", "2020-01-01", "2027-08-15")
    ends = ("2027-08-15", "2027-05-10", "NaT", "2027-08-15", "NaT")
    return with_spells(
        world(reps=3),
        id=("P0", "P1", "P3", "P2", "P0 again"), person=("P0", "P1", "P3", "P2", "P0"), rep=np.array([0, 1, 1, 2, 2]),
        start=np.array(days, dtype="datetime64[D]"), end=np.array(ends, dtype="datetime64[D]"), plan=("AE",) * 5,
        salary=np.full(5, 8_000_000),
        target_incentive=np.array([6_000_000, 6_000_000, 5_000_000, 7_000_000, 9_000_000]),
    )  # fmt: skip


@cache
def simulated(replications: int = REPLICATIONS, leads: int = 500) -> Bookings:
    """Lognormal deals of 50,000 on average, about a third of the leads."""
    inputs, block = staffed(), pipeline_spec(replications=replications, arrivals={"leads": leads}, slots=60)
    return pipeline.simulate(inputs, aligned(inputs), block, MEASURES, seed=11)


ratios_of_deals = st.sampled_from(["0", "25%", "50%", "99.9%"])
sizes = st.sampled_from(["12k", "33333.33", "50k", "120k"])


@st.composite
def crediting(draw):
    """Windfall and cap of single deals; at least one of them."""
    windfall = {"above": draw(sizes), "counts": draw(ratios_of_deals)}
    cap = {"amount": draw(sizes), "per": "deal", "above": "lost"}
    both = draw(st.sampled_from([(windfall, []), (None, [cap]), (windfall, [cap])]))
    return {"windfall": both[0], "credit_caps": both[1]}


@st.composite
def by_transaction(draw):
    """Commission of every deal by itself, with caps and ratios of deals."""
    base = draw(commissions())
    modifier = {
        "measure": "margin", "over": "bookings", "accumulate": "transaction", "closed": draw(sides),
        "shape": draw(st.sampled_from(["steps", "lines"])),
        "nodes": [{"ratio": 0, "factor": draw(percents)}, {"ratio": Decimal("0.5"), "factor": draw(percents)}],
    }  # fmt: skip
    rules = {
        "accumulate": "transaction",
        "quota": None,
        "modifiers": draw(st.sampled_from([(), (modifier,)])),
        "cap": draw(
            st.sampled_from([(), {"amount": "900.50", "per": "deal"}, {"amount": "4k", "per": "quarter"}])
        ),
        **draw(st.one_of(st.just({}), crediting())),
    }
    return Commission.model_validate(base.model_dump() | rules)


@st.composite
def with_limited_deals(draw):
    """Commission or bonus to date, of which single deals count in part."""
    base = draw(parts(st.one_of(commissions(), bonuses(cap=None))))
    more = draw(crediting())
    caps = [*base.model_dump()["credit_caps"], *more.pop("credit_caps")]
    return type(base).model_validate(base.model_dump() | more | {"credit_caps": caps})


@st.composite
def spifs(draw):
    """SPIF by deal or to date, whose days may cut months."""
    first, last = sorted(draw(st.lists(st.dates(dt_from, dt_to), min_size=2, max_size=2)))
    counted = draw(st.booleans())
    over = draw(st.sampled_from(["transaction", "period", "quarter", "year_to_date"]))
    measure = "wins" if counted else draw(st.sampled_from(["bookings", "margin"]))
    return Spif.model_validate(
        {
            "measure": measure,
            "above": draw(st.sampled_from([None, "quota"]))
            if measure == "bookings" and over != "transaction"
            else None,
            "amount": draw(st.sampled_from(["100", "333.33"])),
            "each": {"units": draw(st.integers(1, 3))} if counted else {"money": draw(sizes)},
            "accumulate": over,
            "first_day": first,
            "last_day": last,
            "cap": draw(
                st.sampled_from([None, {"events": 9, "per": "quarter"}, {"amount": 1500, "per": "year"}])
            ),
            "budget": draw(st.sampled_from([None, "4k"])),
        }
    )


dt_from, dt_to = (np.datetime64(day, "D").astype(object) for day in ("2027-01-01", "2027-12-31"))
looks_at_deals = st.one_of(by_transaction(), with_limited_deals(), spifs())
