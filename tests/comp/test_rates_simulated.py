"""Rates, factors and weights by product and segment in a simulation, on deals made again."""

from __future__ import annotations

import pytest

from engine import comp
from engine.errors import BadInput
from tests.comp.dealing import MEASURES, simulated, staffed
from tests.comp.worlds import SALARY, even_quotas, spec

MONTH = 20_000_000
FLAT = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "year_to_date", "tiers": [{"start": 0, "rate": "0%"}],
}  # fmt: skip
FOUR = [{"start": 0, "rate": "4%"}]
OF_S1 = {**FLAT, "tiers_by": {"by": "product", "tables": {"S1": FOUR}}}
FILTERED = {**FLAT, "measure": "margin", "tiers": FOUR, "windfall": {"above": "9000M", "counts": 1}}
"""The same rate on a measure that counts the product alone, deal by deal too."""


def settled(*components, workers=1):
    return comp.settle(
        staffed(), simulated(), even_quotas(staffed(), MONTH), spec(*components, carry="spell"),
        measures=MEASURES, workers=workers,
    )  # fmt: skip


def test_a_table_of_one_product_pays_what_a_measure_of_it_pays():
    by_table, by_measure = settled(OF_S1), settled(FILTERED)
    assert by_measure.variable.sum() > 0
    assert (by_table.variable == by_measure.variable).all()


def test_a_weight_of_nothing_is_the_same_filter():
    weighed = {**FLAT, "tiers": FOUR, "weights": [{"by": "product", "times": {"S1": 1}, "otherwise": 0}]}
    assert (settled(weighed).variable == settled(FILTERED).variable).all()


def test_tables_factors_and_weights_together_are_audited_and_do_not_depend_on_workers():
    segments = sorted(set(staffed().accounts.segment))
    part = {
        **FLAT,
        "tiers_on": "attainment",
        "quota": "interval",
        "tiers": [{"start": 0, "rate": "5%"}, {"start": "60%", "rate": "9%", "mode": "retroactive"}],
        "tiers_by": {
            "by": "product",
            "tables": {"S0": [{"start": 0, "rate": "2%"}, {"start": "40%", "rate": "3%"}]},
        },
        "factors": [{"by": "segment", "times": {segments[0]: "0.75"}, "otherwise": 1}],
        "weights": [{"by": "product", "times": {"S1": "1.2"}, "otherwise": 1}],
    }
    one, two = settled(SALARY, part), settled(SALARY, part, workers=2)
    assert one.variable.sum() > 0
    assert (one.variable == two.variable).all()


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (
            {"tiers_by": {"by": "product", "tables": {"S9": FOUR}}},
            "no product of simulated deals is called 'S9'",
        ),
        (
            {"weights": [{"by": "segment", "times": {"Nobody": 1}, "otherwise": 0}]},
            "no segment of simulated deals is called 'Nobody'",
        ),
        (
            {"factors": [{"by": "term", "closed": "left", "bands": [{"start": 0, "times": 1}]}]},
            "simulated deals have no column 'term'",
        ),
        (
            {"factors": [{"by": "product", "closed": "left", "bands": [{"start": 0, "times": 1}]}]},
            "column 'product' holds words, and is asked for bands",
        ),
    ],
)
def test_what_simulated_deals_do_not_say_is_refused_in_words(rules, says):
    with pytest.raises(BadInput, match=says):
        settled({**FLAT, **rules})
