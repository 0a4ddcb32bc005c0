"""Rates on the credit of a team that cannot be read are refused in words, with the code of the fault."""

import pytest
from pydantic import ValidationError

from engine.comp.components.override import Override
from engine.comp.components.pool import Pool
from tests.comp.test_teams import OVERRIDE, POOL, TEAM

TIERS = [{"start": 0, "rate": "1%"}, {"start": "100%", "rate": "2%"}]


@pytest.mark.parametrize(
    ("kind", "change", "code", "says"),
    [
        (Override, {"rate": None}, "E_REQUIRED", "rate or tiers"),
        (Override, {"tiers": TIERS}, "E_REQUIRED", "rate or tiers"),
        (Override, {"rate": None, "tiers": TIERS, "quota_of": "team"}, "E_REQUIRED", "mode"),
        (Override, {"rate": None, "tiers": TIERS, "mode": "marginal"}, "E_REQUIRED", "quota_of"),
        (Override, {"above": {"pays_on": "excess"}}, "E_REQUIRED", "credit or attainment"),
        (Override, {"rate": "12"}, "E_RANGE", "above 100%"),
        (Override, {"accumulate": "transaction"}, "E_UNSUPPORTED", "no single deals"),
        (Override, {"windfall": {"above": "1M", "counts": 0}}, "E_UNSUPPORTED", "no deal be limited"),
        (Pool, {"floor": {"amount": "1k", "per": "year"}}, "E_CHOICE", "of_target"),
        (
            Override,
            {"accumulate": "quarter", "above": {"attainment": 1, "pays_on": "excess"}, "quota_of": "own"},
            "E_REQUIRED",
            "quota: to_date",
        ),
        (Pool, {"rate": None, "mode": "marginal", "tiers": [{"start": 0, "amount": 5}]}, "E_TIERS", "a rate"),
    ],
)
def test_rates_of_a_team_that_cannot_be_read(kind, change, code, says):
    given_ = POOL if kind is Pool else OVERRIDE
    with pytest.raises(ValidationError) as caught:
        kind.model_validate({**given_, **change})
    error = caught.value.errors()[0]["ctx"]
    assert error["code"] == code
    assert says in f"{error['message']} {error['hint']}"


@pytest.mark.parametrize("key", ["level", "credit_of", "double_credit"])
def test_whose_credit_counts_must_be_said(key):
    team = {name: value for name, value in TEAM.items() if name != key}
    with pytest.raises(ValidationError, match=key):
        Override.model_validate({**OVERRIDE, "team": team})
