"""The CRM export of Maven Analytics, read as it comes."""

from __future__ import annotations

import pytest

from engine.calendar import CalendarSpec, calendar
from engine.data import read
from engine.data.spec import DataSpec
from engine.errors import BadInput
from tests.beside import MAVEN, needs
from tests.data.company import found

pytestmark = needs(MAVEN)

NO_DEALS = ["Mei-Mei Johns", "Elizabeth Anderson", "Natalya Ivanova", "Carol Thompson", "Carl Lin"]
DEALS = {"id": "opportunity_id", "rep": "sales_agent", "stage": "deal_stage", "created": "engage_date",
         "closed": "close_date", "amount": "close_value"}  # fmt: skip


def maven(**opportunities):
    blocks = {
        "accounts": {"path": "accounts.csv", "columns": {"id": "account", "segment": "sector", "potential": "revenue"},
                     "aliases": {"technolgy": "technology"}, "extra": {"employees": "whole"}},
        "reps": {"path": "sales_teams.csv", "columns": {"id": "sales_agent", "region": "regional_office"},
                 "levels": ["region", "manager"], "exclude": NO_DEALS},
        "products": {"path": "products.csv", "columns": {"id": "product", "price": "sales_price"}},
        "opportunities": {"path": "sales_pipeline.csv", "columns": DEALS, **opportunities},
    }  # fmt: skip
    return read(DataSpec(**blocks), calendar(CalendarSpec(start="2017-10-01", length=3)), "USD", MAVEN)


def test_the_misspelt_product_is_refused_with_its_count_and_a_guess():
    with pytest.raises(BadInput) as caught:
        maven(known_at="2017-09-30", stage_at_cut="Engaging")
    (fault,) = caught.value.faults
    assert fault.code == "E_REFERENCE"
    assert "1,480 rows" in fault.message
    assert "Did you mean 'GTX Pro'" in fault.hint
    assert (fault.file, fault.line, fault.field) == ("sales_pipeline.csv", 3, "product")


def test_the_export_as_known_at_the_end_of_september():
    inputs = maven(known_at="2017-09-30", stage_at_cut="Engaging", aliases={"GTXPro": "GTX Pro"})
    assert (len(inputs.accounts), len(inputs.reps), len(inputs.products)) == (85, 30, 7)
    assert (found(inputs, "GTXPro").rows, found(inputs, "no account").rows) == (1480, 1425)
    assert found(inputs, "no created date").rows == 500
    won = int((inputs.history.outcome == 1).sum())
    assert (won, len(inputs.history), len(inputs.pipeline)) == (3042, 4726, 2409)
    assert set(inputs.pipeline.stage) == {"Engaging"}
    assert int(inputs.history.amount[inputs.history.outcome == 1].sum()) == int(inputs.reps.history.sum())
    gone = sum(
        f.rows for f in inputs.findings if f.table == "opportunities" and f.action in {"dropped", "set aside"}
    )
    assert gone + len(inputs.history) + len(inputs.pipeline) == 8800


def test_no_deal_of_the_five_agents_is_left_out():
    inputs = maven(known_at="2017-09-30", stage_at_cut="Engaging", aliases={"GTXPro": "GTX Pro"})
    assert found(inputs, "excluded by the scenario").rows == 5
    assert not [finding for finding in inputs.findings if "not among the reps" in finding.what]
