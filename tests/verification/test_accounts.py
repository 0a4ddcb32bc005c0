"""On-costs and accruals as they are published, held to their own sums."""

import pytest

from engine import comp
from engine.verification import accounts
from tests.comp.test_groups import in_regions
from tests.comp.worlds import BONUS, COMMISSION, SALARY, even_quotas, random_bookings, spec


@pytest.fixture
def tables():
    held = {**BONUS, "capitalise": {"months": 24, "expedient_months": 12, "begins": "same_period"}}
    costs = [
        {"name": "tax", "rate": "6.2%", "of": "total", "ceiling": "90k"},
        {"name": "levy", "rate": "1%", "of": "variable"},
    ]
    inputs = in_regions(*["West"] * 6)
    rules = spec(SALARY, COMMISSION, held, on_costs=costs)
    payouts = comp.settle(inputs, random_bookings(inputs, 20), even_quotas(inputs), rules)
    return {table.name: table.frame.copy() for table in payouts.tables}


def test_what_a_settlement_leaves_is_sound(tables):
    assert list(accounts.loaded(tables)) == []
    assert list(accounts.accruals(tables)) == []
    assert list(accounts.loaded({})) == list(accounts.accruals({})) == []


@pytest.mark.parametrize(
    ("figure", "says"), [("loaded", "is not its cost"), ("tax", "are not the sum of the single ones")]
)
def test_a_tampered_on_cost_is_found(tables, figure, says):
    rows = tables["cost"].index[tables["cost"]["figure"] == figure]
    tables["cost"].loc[rows[0], "mean"] += 5
    assert any(says in text for text in accounts.loaded(tables))


@pytest.mark.parametrize(
    "column",
    [
        "cash",
        "accrued",
        "expense",
        "additions",
        "amortisation",
        "impairment",
        "opening_asset",
        "closing_asset",
        "opening_liability",
        "closing_liability",
        "closing_reserve",
    ],
)
def test_a_tampered_cent_of_the_accruals_is_found(tables, column):
    tables["accruals"].loc[3, column] += 1
    assert any("does not follow" in text for text in accounts.accruals(tables))


def test_a_year_that_is_not_its_periods_is_found(tables):
    year = tables["accruals"].index[tables["accruals"]["period"] == "year"]
    tables["accruals"].loc[year[0], "cash"] += 1
    assert list(accounts.accruals(tables)) == [
        "accruals of all, all: cash of the year is not the sum over its periods"
    ]
