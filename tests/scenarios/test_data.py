"""The committed tables are what the script writes, and they hold what SOURCE.md says."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "scenarios" / "data"
STARTER = Path(__file__).resolve().parents[2] / "engine" / "starter" / "files"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    subprocess.run([sys.executable, str(DATA / "make.py"), "--out", str(folder)], check=True, timeout=120)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("company", "folder"),
    [
        ("quickstart", DATA / "quickstart"),
        ("hire_two", DATA / "hire_two"),
        ("renewals", DATA / "renewals"),
        ("annual_plan", DATA / "annual_plan"),
        ("recarve", DATA / "recarve"),
        ("reforecast", DATA / "reforecast"),
        ("contiguous", DATA / "contiguous"),
        ("pay", DATA / "pay"),
        ("starter", STARTER),
        ("starter/tables", STARTER / "tables"),
    ],
)
def test_the_script_writes_the_committed_tables_byte_for_byte(made: Path, company: str, folder: Path) -> None:
    committed = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    again = {path.name: path.read_bytes() for path in (made / company).glob("*.*")}
    assert sorted(committed) == sorted(again)
    assert [name for name in committed if committed[name] != again[name]] == []


def test_no_table_is_larger_than_a_mebibyte() -> None:
    assert [path.name for path in DATA.rglob("*.csv") if path.stat().st_size >= 2**20] == []


def test_every_place_is_on_the_map_of_the_lower_forty_eight_states() -> None:
    found = rows(DATA / "places.csv")
    assert len(found) >= 120
    assert len({(row["city"], row["state"]) for row in found}) == len(found)
    outside = [
        row["city"]
        for row in found
        if not (24.5 < float(row["latitude"]) < 49 and -125 < float(row["longitude"]) < -66.9)
    ]
    assert outside == []


def test_the_quickstart_is_clean() -> None:
    accounts = {row["id"] for row in rows(DATA / "quickstart" / "accounts.csv")}
    reps = {row["id"] for row in rows(DATA / "quickstart" / "reps.csv")}
    deals = rows(DATA / "quickstart" / "opportunities.csv")
    assert (len(accounts), len(reps)) == (60, 6)
    assert {deal["account"] for deal in deals} <= accounts
    assert {deal["rep"] for deal in deals} <= reps
    assert len({deal["id"] for deal in deals}) == len(deals)
    assert all(not deal["closed"] or deal["created"] <= deal["closed"] for deal in deals)


def test_the_export_of_the_annual_plan_holds_the_faults_that_the_source_lists() -> None:
    accounts = rows(DATA / "annual_plan" / "crm_accounts.csv")
    seats = {row["seat"] for row in rows(DATA / "annual_plan" / "seats.csv")}
    products = {row["product"] for row in rows(DATA / "annual_plan" / "products.csv")}
    deals = rows(DATA / "annual_plan" / "crm_opportunities.csv")
    first = list({deal["Opportunity ID"]: deal for deal in reversed(deals)}.values())
    known = {row["Account ID"] for row in accounts}
    counted = {
        "misspelt": sum(deal["Product"] not in products for deal in first),
        "unknown account": sum(deal["Account ID"] not in known for deal in first),
        "no seat": sum(deal["Owner Seat"] not in seats for deal in first),
        "closed before": sum(deal["Close Date"] < deal["Created Date"] for deal in first),
        "won for nothing": sum(deal["Stage"] == "Closed Won" and not deal["Amount"] for deal in first),
        "doubled": len(deals) - len(first),
    }
    assert counted == {
        "misspelt": 320,
        "unknown account": 34,
        "no seat": 27,
        "closed before": 19,
        "won for nothing": 23,
        "doubled": 41,
    }
    assert len(accounts) == len(known) + 1
    assert [row["Account ID"] for row in accounts if row["Billing Country"] == "NA"] == ["ACC-90001"]
    assert any('"' in row["Account Name"] and "," in row["Account Name"] for row in accounts)


def test_the_annual_plan_has_forty_seats_in_four_regions_and_eight_districts() -> None:
    seats = rows(DATA / "annual_plan" / "seats.csv")
    assert len(seats) == 40
    assert Counter(seat["region"] for seat in seats) == dict.fromkeys(
        ("West", "Central", "South", "East"), 10
    )
    assert len({(seat["region"], seat["district"]) for seat in seats}) == 8


def test_people_sit_in_a_seat_one_after_the_other() -> None:
    spells = rows(DATA / "annual_plan" / "spells.csv")
    for seat in {row["seat"] for row in spells}:
        mine = sorted((row["start"], row["end"] or "9999-12-31") for row in spells if row["seat"] == seat)
        assert all(before[1] <= after[0] for before, after in pairwise(mine)), seat
    persons = Counter(row["person"] for row in spells)
    assert [count for count in persons.values() if count > 1] == [2]
    assert any("2027-01-01" < row["start"] < "2028" for row in spells)
