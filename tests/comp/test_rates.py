"""Rates, factors and weights by what a deal is: three readings agree, and what must hold for all of them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.components.commission import Commission
from engine.comp.typical import Typical
from tests.comp.sold import WORDS, Sold, mixed, placed, rated, sold
from tests.comp.test_paths import commissions, intervals
from tests.comp.worlds import spec

each = st.one_of(intervals, st.just("transaction"))


@settings(max_examples=200, deadline=None)
@given(st.data(), rated(), each, sold())
def test_three_readings_pay_the_same(data, part, accumulate, deals):
    part = mixed(part.model_copy(update={"accumulate": accumulate}), data.draw)
    paid = Sold(part, deals)
    assert paid.exact() == paid.plain()
    assert np.abs(np.array(paid.fast()) - paid.exact()).max() <= 2


@settings(max_examples=150, deadline=None)
@given(st.data(), placed(), sold())
def test_three_readings_place_deals_by_units_and_pay_by_the_unit_the_same(data, part, deals):
    paid = Sold(mixed(part, data.draw), deals)
    assert paid.exact() == paid.plain()
    assert np.abs(np.array(paid.fast()) - paid.exact()).max() <= 2


@settings(max_examples=100, deadline=None)
@given(commissions(quota="interval"), each, sold())
def test_one_table_for_every_word_pays_what_the_plain_table_pays(part, accumulate, deals):
    part = part.model_copy(update={"accumulate": accumulate})
    tiers = part.model_dump()["tiers"]
    same = Commission.model_validate({
        **part.model_dump(),
        "tiers_by": {"by": "product", "tables": {"Core": tiers, "Plus": tiers}},
        "factors": [{"by": "term", "bands": [{"start": 0, "times": 1}, {"start": 12, "times": 1}], "closed": "left"}],
    })  # fmt: skip
    assert Sold(same, deals).exact() == Sold(part, deals).exact()


@settings(max_examples=100, deadline=None)
@given(rated(), each, sold())
def test_weights_of_one_change_nothing(part, accumulate, deals):
    part = part.model_copy(update={"accumulate": accumulate, "weights": ()})
    ones = [{"by": "product", "times": {"Core": 1}, "otherwise": "100%"}]
    weighed = Commission.model_validate({**part.model_dump(), "weights": ones})
    assert Sold(weighed, deals).exact() == Sold(part, deals).exact()


@settings(max_examples=100, deadline=None)
@given(rated(modes=("retroactive",)), sold(), st.randoms(use_true_random=False))
def test_where_every_tier_is_retroactive_the_order_of_deals_within_a_period_is_of_no_account(
    part, deals, random
):
    shuffled = sorted(random.sample(deals, len(deals)), key=lambda deal: deal[0])
    assert Sold(part, shuffled).exact() == Sold(part, deals).exact()


@settings(max_examples=100, deadline=None)
@given(rated(), sold(least=0), st.randoms(use_true_random=False))
def test_deals_that_say_the_same_may_change_places_within_a_period(part, deals, random):
    alike = [(period, credit, 1, 12, 10) for period, credit, *_ in deals]
    shuffled = sorted(random.sample(alike, len(alike)), key=lambda deal: deal[0])
    assert Sold(part, shuffled).exact() == Sold(part, alike).exact()


@settings(max_examples=100, deadline=None)
@given(rated(rising=True), sold(least=0).filter(bool), st.integers(1, 40_000_000))
def test_a_larger_last_deal_never_pays_less(part, deals, more):
    period, credit, *says = deals[-1]
    richer = [*deals[:-1], (period, credit + more, *says)]
    assert sum(Sold(part, richer).exact()) >= sum(Sold(part, deals).exact())


@settings(max_examples=60, deadline=None)
@given(rated(accumulate="year_to_date"), sold())
def test_a_deal_and_its_reversal_leave_nothing(part, deals):
    """Taken back at once, a deal has the place in the tables that it had."""
    sale = (0, 30_000_001, 1, 24, 25)
    back = (0, -30_000_001, 1, 24, 25)
    assert Sold(part, [sale, back, *deals]).exact() == Sold(part, deals).exact()


def test_a_deal_without_a_table_of_its_own_has_that_of_all_others():
    part = Commission.model_validate({
        "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left", "accumulate": "period",
        "tiers": [{"start": 0, "rate": "10%"}],
        "tiers_by": {"by": "product", "tables": {"Core": [{"start": 0, "rate": "1%"}]}},
    })  # fmt: skip
    deals = [(p, 1_000_00, p, 12, 0) for p in range(len(WORDS))]
    assert Sold(part, deals).exact()[:4] == [100_00, 10_00, 100_00, 100_00]


def test_a_retroactive_tier_that_is_lost_again_pays_none_of_the_deals_that_had_passed_it():
    # 400,000 passes the tier at 300,000; with 150,000 taken back it is at 250,000, of which 50,000 lie above 200,000.
    part = Commission.model_validate({
        "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left", "accumulate": "year_to_date",
        "tiers": [
            {"start": 0, "rate": "1%"}, {"start": "200k", "rate": "2%"},
            {"start": "300k", "rate": "10%", "mode": "retroactive"},
        ],
        "factors": [{"by": "product", "times": {"Core": 1}, "otherwise": 1}],
    })  # fmt: skip
    paid = Sold(part, [(0, 40_000_000, 1, 12, 0), (1, -15_000_000, 1, 12, 0)])
    assert paid.exact()[:2] == [4_000_000, 300_000 - 4_000_000]
    assert paid.plain() == paid.exact()


PLAIN = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
}  # fmt: skip


def test_what_one_measure_places_for_another_has_no_pay_at_an_attainment():
    by_units = {
        "placed_by": {"measure": "wins", "levels_in": "units"},
        "tiers_on": "credit",
        "rates": "of_credit",
    }
    person = Typical(
        5, np.ones(12, dtype=np.int64), 1, {}, seats=lambda measure: np.ones((1, 12)), quotas=np.ones((1, 12)),
        sizes={"bookings": 1, "wins": 1},
    )  # fmt: skip
    tiers = {"accumulate": "period", "tiers": [{"start": 0, "rate": "5%"}]}
    judged = [
        person.judges(spec({**PLAIN, **tiers, **more}).plans["AE"].components[0])
        for more in ({**by_units, "placed_by": None, "accumulate": "transaction"}, by_units)
    ]
    assert judged == [True, False]
