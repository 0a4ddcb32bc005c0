"""Retention and lifetime value of the installed base, against closed forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.inputs import Contracts, Inputs
from engine.pipeline.kpis.definitions import kpi_values
from engine.pipeline.kpis.groups import groups_of
from engine.pipeline.kpis.lifetime import growth_of_term, lifetime_table, lifetime_values
from engine.pipeline.lever import World
from engine.pipeline.spec import Lifetime
from tests.pipeline.rich import rich
from tests.pipeline.told import simulate
from tests.worlds import world

GOLDEN = {"kind": "renewals", "churn": "12%", "factor": {"kind": "fixed", "value": 1.05}}
"""Churn 12 %, uplift 5 %: 1 / (1 - 0.88 x 1.05 / 1.1) = 6.25 years' worth at a discount of 10 %."""


def based(count: int, *processes: dict[str, Any], months: int = 12) -> tuple[Inputs, World]:
    """A world with contracts of 1,000 a term that renew in the middle of the year, and as good as no leads."""
    inputs = world()
    contracts = Contracts(
        id=tuple(f"C{number:04d}" for number in range(count)),
        account=np.arange(count, dtype=np.int64) % 12,
        rep=np.full(count, -1, dtype=np.int64),
        product=np.zeros(count, dtype=np.int64),
        amount=np.full(count, 100_000, dtype=np.int64),
        renews=np.full(count, np.datetime64("2027-06-15", "D")),
        months=np.full(count, months, dtype=np.int64),
    )
    inputs = replace(inputs, contracts=contracts)
    inputs, _, found = rich(
        inputs=inputs, processes=list(processes), sources={"few": {"leads": 1}}, attached=[]
    )
    return inputs, found


def test_the_lifetime_value_is_the_golden_one() -> None:
    _, found = based(3, GOLDEN)
    spec = Lifetime.model_validate({"discount": "10%", "margin": "100%"})
    np.testing.assert_allclose(lifetime_values(found.model, spec), 6.25 * 100_000, rtol=1e-4)
    frame = lifetime_table(found.model, spec, found.names.segments, 100.0).frame.set_index("segment")
    assert frame.loc["total", "lifetime_value"] == pytest.approx(6250, rel=1e-4)
    assert frame.loc["total", "contracts"] == frame.drop("total")["contracts"].sum() == 3
    assert frame.loc["total", "expected_years"] == pytest.approx(1 / 0.12)
    assert frame.loc["total", "yearly_amount"] == pytest.approx(1000)


def test_expansions_compound_within_a_term() -> None:
    growing = GOLDEN | {"expansions": 2, "expansion": {"kind": "fixed", "value": 0.03}}
    _, found = based(3, growing)
    np.testing.assert_allclose(
        growth_of_term(found.model.base, found.model.closing.laws), 0.88 * 1.05 * np.exp(0.06), rtol=1e-6
    )


def test_a_contract_that_outgrows_the_discount_has_no_finite_worth() -> None:
    _, found = based(3, GOLDEN | {"churn": "0%"})
    spec = Lifetime.model_validate({"discount": "5%", "margin": "50%"})
    assert np.isinf(lifetime_values(found.model, spec)).all()
    frame = lifetime_table(found.model, spec, found.names.segments, 100.0).frame
    assert frame["lifetime_value"].isna().all()
    assert frame["expected_years"].isna().all()


def test_retention_is_that_of_the_contracts_there_were_at_the_start() -> None:
    inputs, found = based(400, GOLDEN)
    simulated = simulate(inputs, found, 3)
    for group in groups_of(inputs, found.model, found.names.segments):
        if group.dimension in ("total", "rep") or group.name in ("SMB", "ENT"):
            values = kpi_values(simulated.counted(group))
            np.testing.assert_allclose(values["nrr"], values["grr"] * 1.05, rtol=1e-6)
            assert (values["grr"] <= 1).all()
    total = kpi_values(simulated.counted(groups_of(inputs, found.model, found.names.segments)[0]))
    error = np.sqrt(0.12 * 0.88 / 400 / 3)
    assert abs(total["grr"].mean() - 0.88) <= 4 * error


def test_gross_retention_caps_every_customer_and_not_their_sum() -> None:
    halves = GOLDEN | {"churn": "0%", "factor": {"kind": "empirical", "values": [0.5, 2.0], "at": [0, 1]}}
    inputs, found = based(300, halves)
    simulated = simulate(inputs, found, 1)
    values = kpi_values(simulated.counted(groups_of(inputs, found.model, found.names.segments)[0]))
    assert values["nrr"][0] > 1.15
    expected = (1 * 1.0 + 0.5 * 0.75) / 1.5
    assert values["grr"][0] == pytest.approx(expected, abs=0.05)
