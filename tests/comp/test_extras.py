"""What must hold for every SPIF and scorecard that can be drawn."""

import itertools
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine import comp
from engine.comp.book import Book
from engine.comp.component import paid
from engine.comp.components.scorecard import Scorecard
from engine.comp.components.spif import Spif
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.scaled import Scaled
from engine.scenario import Scenario
from tests.comp.worlds import bookings, even_quotas, spec
from tests.worlds import world

QUARTERS = np.arange(12) // 3
EDGES = np.arange("2027-01", "2028-02", dtype="datetime64[M]").astype("datetime64[D]")


def book(number, credit, target=0, who=None):
    shape = np.shape(credit)
    nothing = number.whole(np.zeros(shape, dtype=np.int64))
    return Book(
        credits={"wins": number.whole(np.array(credit, dtype=np.int64))},
        quota=nothing,
        target=number.whole(np.full(shape, target, dtype=np.int64)),
        salary=nothing,
        shape=shape,
        intervals=Intervals.of(QUARTERS),
        rounding="half_even",
        minor=100,
        who=who or ("",) * shape[0],
        days=np.full(shape, 30),
        edges=EDGES,
    )  # fmt: skip


def earned(number, part, credit, **more):
    amount = paid([part], book(number, credit, **more), "monthly")[part.label]
    return (amount.values if number is Fast else amount.minor()).astype(int)


months = st.integers(1, 12)
intervals = st.sampled_from(["period", "quarter", "year"])


prices = st.integers(1, 99_999).map(lambda cents: Decimal(cents) / 100)


@st.composite
def tiered(draw):
    """Amounts of a SPIF that rise with its events."""
    starts = [1, *sorted(draw(st.sets(st.integers(2, 20), max_size=3)))]
    amounts = sorted(draw(st.lists(prices, min_size=len(starts), max_size=len(starts))))
    tiers = [{"event": event, "amount": amount} for event, amount in zip(starts, amounts, strict=True)]
    return {"tiers": tiers, "mode": draw(st.sampled_from(["marginal", "retroactive"]))}


@st.composite
def spifs(draw):
    first, last = sorted((draw(months), draw(months)))
    cap = draw(
        st.one_of(
            st.none(),
            st.fixed_dictionaries({"events": st.integers(1, 20), "per": intervals}),
            st.fixed_dictionaries({"amount": st.integers(1, 5000), "per": intervals}),
        )
    )
    return Spif.model_validate(
        {
            "measure": "wins",
            **draw(st.one_of(st.fixed_dictionaries({"amount": prices}), tiered())),
            "each": {"units": draw(st.integers(1, 4))},
            "accumulate": draw(st.sampled_from(["period", "quarter", "year_to_date"])),
            "first_day": f"2027-{first:02d}-01",
            "last_day": str(EDGES[last] - 1),
            "cap": cap,
            "budget": draw(st.one_of(st.none(), st.integers(1, 20_000))),
        }
    )


wins = st.lists(st.lists(st.integers(-2, 9), min_size=12, max_size=12), min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(spifs(), wins)
def test_a_spif_never_exceeds_its_budget_its_caps_or_its_dates(part, credit):
    amounts = earned(Scaled, part, credit)
    assert (earned(Fast, part, credit) == amounts).all()
    to_date = amounts.cumsum(axis=1)
    assert (to_date >= 0).all()
    if part.budget is not None:
        assert (to_date.sum(axis=0) <= part.budget * 100).all()
    outside = [not part.first_day <= day.item() <= part.last_day for day in EDGES[:-1]]
    assert not amounts[:, outside].any()


@settings(max_examples=200, deadline=None)
@given(spifs(), wins)
def test_in_an_interval_of_its_cap_nobody_earns_more_when_nothing_is_reversed(part, credit):
    if part.cap is None:
        return
    amounts = earned(Scaled, part, np.abs(credit))
    dearest = max(amount for amount in (part.amount, *(tier.amount for tier in part.tiers)) if amount)
    per_event = part.cap.events is not None
    if per_event and part.mode == "retroactive" and part.cap.per != part.accumulate:
        return  # a tier reached late pays on events of earlier intervals too
    most = dearest * part.cap.events if per_event else part.cap.amount
    of = {"period": np.arange(12), "quarter": QUARTERS, "year": np.zeros(12, dtype=int)}[part.cap.per]
    assert all(amounts[:, of == group].sum(axis=1).max() <= most * 100 for group in set(of.tolist()))


@settings(max_examples=100, deadline=None)
@given(spifs(), wins)
def test_a_budget_that_suffices_changes_nothing_and_one_that_does_not_is_spent(part, credit):
    credit = np.abs(credit)
    free = earned(Scaled, part.model_copy(update={"budget": None}), credit)
    ours = earned(Scaled, part, credit)
    if part.budget is not None:
        assert ours.sum() == min(free.sum(), int(part.budget * 100))


percents = st.integers(0, 200).map(lambda n: Decimal(n) / 100)


@st.composite
def goals(draw, achieved):
    cuts = sorted({0, 100, *draw(st.lists(st.integers(1, 99), max_size=3))})
    found = []
    for i, (a, b) in enumerate(itertools.pairwise(cuts)):
        pays = draw(st.sampled_from(["pro_rata", "all_or_nothing", "curve"]))
        goal = {"name": f"goal {i}", "weight": Decimal(b - a) / 100, "pays": pays, "expected": draw(achieved)}
        if pays == "curve":
            low = draw(st.integers(1, 99))
            goal["nodes"] = [
                {"attainment": Decimal(low) / 100, "pay": draw(percents) / 2},
                {"attainment": 1, "pay": 1},
                {"attainment": 2, "pay": 1 + draw(percents)},
            ]
        else:
            goal["threshold"] = Decimal(draw(st.integers(1, 100))) / 100
            goal |= {"most": 1 + draw(percents)} if pays == "pro_rata" else {}
        found.append(goal)
    return found


@st.composite
def scorecards(draw, achieved=percents):
    return Scorecard.model_validate(
        {
            "weight": draw(st.sampled_from(["100%", "15%", "33.3%"])),
            "per": draw(intervals),
            "closed": "left",
            "goals": draw(goals(achieved)),
        }
    )


@settings(max_examples=150, deadline=None)
@given(scorecards(st.just(Decimal(1))), st.integers(0, 5_000_000))
def test_achieved_in_full_a_scorecard_pays_its_weight_of_the_target(part, target):
    months = {"period": 1, "quarter": 3, "year": 12}[part.per]
    due = round(months * target * part.weight)
    amounts = earned(Scaled, part, np.zeros((2, 12)), target=target, who=("Ann", "Bob"))
    assert (amounts[:, months - 1 :: months] == due).all()
    assert amounts.sum() == 2 * due * 12 // months


@settings(max_examples=150, deadline=None)
@given(scorecards(), st.integers(0, 5_000_000))
def test_both_paths_pay_a_scorecard_within_a_cent(part, target):
    ours, exact = (
        earned(number, part, np.zeros((1, 12)), target=target, who=("Ann",)) for number in (Fast, Scaled)
    )
    assert np.abs(ours - exact).max() <= 1


def settled(part, wins):
    """Settle simulated wins; the stage pays them again by its plain reading, and raises where the two differ."""
    inputs = world(reps=3)
    cube = np.stack([wins * 100_000, wins], axis=-1)
    return comp.settle(inputs, bookings(cube, "bookings", "wins"), even_quotas(inputs), spec(part))


@settings(max_examples=60, deadline=None)
@given(spifs(), st.integers(0, 999))
def test_spifs_are_paid_as_their_plain_reading_pays(part, seed):
    wins = np.random.default_rng(seed).integers(-2, 7, (3, 3, 12))
    payouts = settled(part.model_dump(mode="json"), wins)
    for r in range(3):
        assert (payouts.variable[r, :, 0] == earned(Scaled, part, wins[r]).sum(axis=0)).all()


@settings(max_examples=60, deadline=None)
@given(scorecards(), st.lists(percents, min_size=12, max_size=12))
def test_scorecards_are_paid_as_their_plain_reading_pays(part, ratios):
    count = {"period": 12, "quarter": 4, "year": 1}[part.per]
    goals = [goal.model_copy(update={"achieved": {"P1": tuple(ratios[:count])}}) for goal in part.goals]
    part = part.model_copy(update={"goals": tuple(goals)})
    payouts = settled(part.model_dump(mode="json"), np.zeros((1, 3, 12), dtype=np.int64))
    assert payouts.variable.sum() >= 0


QUICKSTART = Path(__file__).parents[2] / "scenarios/quickstart.yaml"


def test_events_of_a_spif_are_what_its_measure_counts():
    given_ = Scenario.load(QUICKSTART).model_dump(mode="json")
    plan = next(iter(given_["comp"]["plans"].values()))
    spif = {
        "kind": "spif", "measure": "bookings", "amount": 5, "each": {"units": 1}, "accumulate": "period",
        "first_day": "2027-01-01", "last_day": "2027-12-31",
    }  # fmt: skip
    plan["components"] = [*plan["components"], spif]
    with pytest.raises(ValidationError, match="'bookings' measures money, and is paid as counts"):
        Scenario.model_validate(given_)
    spif["each"] = {"money": "10k"}
    Scenario.model_validate(given_)
