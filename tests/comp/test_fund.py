"""Funds: three readings agree to the cent, and nobody together is paid more than there is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import comp
from engine.comp.components.commission import Commission
from engine.comp.components.fund import Fund
from engine.comp.plain import fund as plain
from engine.comp.scaled import Scaled
from tests.comp.adjusting import GROSS, MONTHS
from tests.comp.correcting import readings_agree, settled
from tests.comp.test_contest import people
from tests.comp.test_crowds import wins
from tests.comp.worlds import SALARY, even_quotas, spec
from tests.worlds import world

SOURCE = Commission.model_validate({**GROSS, "tiers": [{"start": 0, "rate": "73%"}]})
FUND = {"kind": "fund", "most": "0.05", "per": "quarter", "among": "company"}
funds = st.builds(
    lambda most, per: Fund.model_validate({**FUND, "most": most, "per": per}),
    st.sampled_from(["0.01", "0.07", "1"]),
    st.sampled_from(["period", "quarter", "year"]),
)


@settings(max_examples=30, deadline=None)
@given(funds, people())
def test_both_paths_pay_what_a_plain_reading_pays(part, company):
    readings_agree(SOURCE, part, company, plain)


@settings(max_examples=20, deadline=None)
@given(funds, people())
def test_what_is_earned_together_is_the_fund_or_what_there_was(part, company):
    ours, groups = settled(SOURCE, part, company, Scaled), MONTHS.groups(part.per)
    before, change = (ours.earned[name].collected(groups).minor() for name in ("commission", "fund"))
    won, most = np.maximum(before, 0).sum(axis=0), int(part.most * 100)
    after = (before + change)[:, groups.last]
    assert (np.maximum(after, 0).sum(axis=0) == np.minimum(won[groups.last], most)).all()
    assert (change <= 0).all()
    assert (before + change >= np.minimum(before, 0)).all()


@pytest.mark.slow
def test_a_simulated_year_costs_its_funds_where_people_earn_more():
    inputs = world(reps=5)
    spif = {
        "kind": "spif", "measure": "wins", "amount": 100, "each": {"units": 1}, "accumulate": "period",
        "first_day": "2027-01-01", "last_day": "2027-12-31",
    }  # fmt: skip
    payouts = comp.settle(
        inputs, wins(inputs), even_quotas(inputs), spec(SALARY, spif, {**FUND, "most": 500})
    )
    sold = wins(inputs).cube[..., 1].sum(axis=1) * 100_00
    by_quarter = sold.reshape(len(sold), 4, 3).sum(axis=2)
    cost = payouts.variable[..., 0].reshape(len(sold), 4, 3).sum(axis=2)
    assert (by_quarter > 500_00).any()
    assert (cost == np.minimum(by_quarter, 500_00)).all()
