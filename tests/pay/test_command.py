"""The command: the sample, two months one after the other, plans of another file beside, faults as records."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd

from engine.verification import verify

ROOT = Path(__file__).parents[2]


def apportion(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine", *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=300,
    )  # fmt: skip


def test_the_sample_is_paid_month_by_month(tmp_path):
    august, september = tmp_path / "august", tmp_path / "september"
    done = apportion("pay", "scenarios/pay.yaml", "--as-of", "2026-09-01", "--out", august)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= max(80, len(f"Pay folder: {august}"))
    more = ("--as-of", "2026-10-01", "--previous", august, "--out", september)
    assert apportion("pay", "scenarios/pay.yaml", *more).returncode == 0
    assert verify(september)
    before, after = (pd.read_parquet(folder / "private/ledger.parquet") for folder in (august, september))
    pd.testing.assert_frame_equal(after[after["period"] <= "2026-08"].reset_index(drop=True), before)
    assert (after["adjusts"] == "").all()


def test_the_same_input_gives_the_same_bytes(tmp_path):
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        assert apportion("pay", "scenarios/pay.yaml", "--out", folder).returncode == 0
    manifests = [json.loads((folder / "manifest.json").read_bytes()) for folder in folders]
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
