"""The command: the sample, two months one after the other, plans of another file beside, faults as records."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from engine.calendar import calendar
from engine.pay.judged import judged
from engine.pay.spec import PayScenario
from engine.pay.tables import read_tables
from engine.verification import verify

ROOT = Path(__file__).parents[2]


def apportion(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine", *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The folder of the sample, paid for the whole year."""
    out = tmp_path_factory.mktemp("sample") / "out"
    assert apportion("pay", "scenarios/pay.yaml", "--out", out).returncode == 0
    return out


def test_the_sample_is_paid_month_by_month(tmp_path):
    february, march = tmp_path / "february", tmp_path / "march"
    done = apportion("pay", "scenarios/pay.yaml", "--as-of", "2026-03-01", "--out", february)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= max(80, len(f"Pay folder: {february}"))
    more = ("--as-of", "2026-04-01", "--previous", february, "--out", march)
    assert apportion("pay", "scenarios/pay.yaml", *more).returncode == 0
    assert verify(march)
    before, after = (pd.read_parquet(folder / "private/ledger.parquet") for folder in (february, march))
    pd.testing.assert_frame_equal(after[after["period"] <= "2026-02"].reset_index(drop=True), before)
    assert (after["adjusts"] == "").all()


def test_the_same_input_gives_the_same_bytes(sample, tmp_path):
    assert apportion("pay", "scenarios/pay.yaml", "--out", tmp_path / "again").returncode == 0
    manifests = [
        json.loads((folder / "manifest.json").read_bytes()) for folder in (sample, tmp_path / "again")
    ]
    assert manifests[0] == manifests[1]


def test_plans_of_another_file_stand_beside(tmp_path):
    (tmp_path / "other.yaml").write_text(
        f"extends: {ROOT}/scenarios/pay.yaml\ncomp: {{rounding: half_even}}\n", encoding="utf-8"
    )
    roots = ("--allow-root", ROOT / "scenarios", "--allow-root", tmp_path)
    out = tmp_path / "out"
    done = apportion("pay", "scenarios/pay.yaml", "--plan-b", tmp_path / "other.yaml", "--out", out, *roots)
    assert done.returncode == 0, done.stderr
    frame = pd.read_csv(out / "tables/plan_b.csv")
    assert frame["difference"].abs().max() < 1


def test_faults_come_as_records_and_nothing_is_written(tmp_path):
    done = apportion(
        "pay",
        "scenarios/pay.yaml",
        "--out",
        tmp_path / "out",
        "--errors",
        "json",
        "--set",
        "crediting.clawback=null",
    )
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()
    record = json.loads(done.stderr.splitlines()[0])
    assert (record["code"], record["file"]) == ("E_REQUIRED", "data/pay/deals.csv")


def test_excel_and_parquet_say_what_csv_says(tmp_path):
    data = ROOT / "scenarios/data/pay"
    deals = pd.read_csv(data / "deals.csv", dtype=str, keep_default_na=False)
    numbers = ("amount", "margin", "term_months")
    sheet = deals.assign(**{name: pd.to_numeric(deals[name]) for name in numbers})
    sheet.to_excel(tmp_path / "deals.xlsx", index=False)
    deals.to_parquet(tmp_path / "deals.parquet", index=False)
    read = {}
    for name in ("deals.xlsx", "deals.parquet", data / "deals.csv"):
        (tmp_path / "form.yaml").write_text(
            f"extends: {ROOT}/scenarios/pay.yaml\ndata: {{deals: {{path: {name}}}}}\n", encoding="utf-8"
        )
        scenario = PayScenario.load(tmp_path / "form.yaml", roots=(ROOT, tmp_path))
        year = calendar(scenario.calendar)
        tables = read_tables(scenario, year, tmp_path, (ROOT, tmp_path))
        found = judged(scenario, tables)
        columns = {**found.lines.credit, "deal": tables.deals.id[found.lines.deal], "spell": found.spell}
        read[name] = pd.DataFrame(columns)
    csv = read.pop(data / "deals.csv")
    assert len(csv) > 400
    for other in read.values():
        pd.testing.assert_frame_equal(other, csv)
