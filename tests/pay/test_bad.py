"""Bad input of pay files: what it is, and where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.pay.company import Company

DEALS = "id,rep,date,amount\nD1,A,2026-01-05,100\n"
PLACE = Path(__file__).parents[1] / "cases/bad/pay/cases.yaml"
CASES = yaml.load(PLACE.read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_it_is_refused_with_its_place(tmp_path, case):
    company = Company(tmp_path, **{"deals": DEALS, **case.get("tables", {})})
    if "spells" in company.tables:
        company.tables["reps"] = "id\nA\nB\n"
    found = company.says(**case.get("blocks", {})).faults()
    assert found
    assert case["place"] in found[0]
    assert case["says"] in found[0]
