"""Whole pay files worked out by hand: every figure of every person to the cent, and everything else 0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pay.company import Company, cents

PLACE = Path(__file__).parents[1] / "cases/pay/worked.yaml"
CASES = yaml.load(PLACE.read_text(encoding="utf-8"), yaml.BaseLoader)


def company(folder: Path, case: dict[str, Any]) -> Company:
    """The files of a case."""
    tables, comp = dict(case["tables"]), json.loads(json.dumps(case["comp"]))
    comp |= {key: case[key] for key in ("proration", "carry") if key in case}
    for plan in comp["plans"].values():
        for part in plan["components"]:
            part |= {"closed": case["closed"]} if "closed" in case else {}
    made = Company(folder, tables.pop("deals"), **tables)
    if "quota" in case:
        rows = [
            f"{line.split(',')[0]},2026-{month:02d},{measure},{quota}"
            for line in made.tables["reps"].splitlines()[1:]
            for month in range(1, 13)
            for measure, quota in case["quota"].items()
        ]
        made.tables["quotas"] = "\n".join(["rep,period,measure,quota", *rows]) + "\n"
        made.text["data"]["quotas"] = "quotas.csv"
    crediting = {key: case[key] for key in ("measures",) if key in case} | case.get("crediting", {})
    made.says(comp=comp, crediting=crediting)
    made.text["data"]["deals"] = {"path": "deals.csv", "extra": case.get("extra", {})}
    made.text["data"]["reps"] = {"path": "reps.csv", "levels": case.get("levels", [])}
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_everybody_earns_what_was_worked_out_by_hand(tmp_path, case):
    ledger = company(tmp_path, case).pay().ledger
    # To hold pay earns nothing and loses nothing: it moves what is paid.
    ledger["earned"] = ledger["earned"].where(ledger["component"] != "holdback", ledger["paid"])
    earned = ledger.groupby(["person", "component", "period"])["earned"].sum()
    found = {key: int(amount) for key, amount in earned.items() if amount}
    assert found == {
        (person, component, period): cents(amount)
        for person, by_component in case["pays"].items()
        for component, by_period in by_component.items()
        for period, amount in by_period.items()
    }
