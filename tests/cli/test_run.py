"""`apportion run`: a complete folder, the same bytes again, and nothing half done."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd

from .conftest import ROOT, SMALL


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def test_a_run_leaves_what_the_contract_names(quickstart):
    names = {path.name for path in quickstart.iterdir()}
    assert names == {"inputs", "tables", "private", "manifest.json", "timings.json", "dictionary.csv",
                     "report.html", "workbook.xlsx"}  # fmt: skip
    assert (quickstart / "private/scenario.yaml").is_file()
    assert not any(
        "private/" in name for name in manifest(quickstart)["files"] if name != "private/manifest.json"
    )
    said = manifest(quickstart)
    assert said["complete"]
    assert said["repeatable"]
    assert said["seed"]
    solves = [solve for stage in said["stages"].values() for solve in stage["solves"]]
    assert {solve["stage"] for solve in solves} == {"territories", "quotas"}
    for solve in solves:
        assert solve["status"] == "OPTIMAL"
        assert solve["gap"] <= solve["demanded_gap"]


def test_every_column_is_in_the_dictionary(quickstart):
    described = pd.read_csv(quickstart / "dictionary.csv", keep_default_na=False)
    for path in quickstart.glob("*/*.parquet"):
        table = f"inputs/{path.stem}" if path.parent.name == "inputs" else path.stem
        assert list(described[described["table"] == table]["column"]) == list(
            pd.read_parquet(path).columns
        ), table
    assert (described["meaning"].str.len() > 0).all()


def test_the_same_bytes_for_any_number_of_workers(apportion, quickstart, tmp_path):
    out = tmp_path / "again"
    done = apportion(
        "run", "scenarios/quickstart.yaml", "--out", out, "--workers", 3, *SMALL, PYTHONHASHSEED="7"
    )
    assert done.returncode == 0, done.stderr
    assert manifest(out)["files"] == manifest(quickstart)["files"]


def test_no_single_pay_outside_private(quickstart):
    people = set(pd.read_parquet(quickstart / "private/payouts.parquet")["person"])
    assert people
    for path in (quickstart / "tables").glob("*.parquet"):
        columns = set(pd.read_parquet(path).columns)
        assert not columns & {"person", "salary", "target_incentive", "payout"}, path.name


def test_stopping_early_is_said_and_may_be_replaced(apportion, tmp_path):
    out = tmp_path / "early"
    assert (
        apportion("run", "scenarios/quickstart.yaml", "--out", out, "--until", "territories").returncode == 0
    )
    assert not manifest(out)["complete"]
    assert (out / "report.html").is_file()
    assert not list((out / "private").glob("*.parquet"))
    assert apportion("run", "scenarios/quickstart.yaml", "--out", out, "--until", "inputs").returncode == 0
    assert manifest(out)["stages"] == {"inputs": {"solves": []}}


def test_bad_input_writes_nothing_and_tells_everything(apportion, tmp_path):
    out = tmp_path / "none"
    sets = ("--set", "quotas.gaol=1", "--set", "quotas.goal=1e6", "--set", "seed=x")
    done = apportion("run", "scenarios/quickstart.yaml", "--out", out, *sets)
    assert done.returncode == 2
    for words in ("Did you mean 'goal'", "1000000", "seed", "3 faults; nothing was written"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_errors_as_json_are_records_and_nothing_else(apportion, tmp_path):
    done = apportion(
        "run",
        "scenarios/quickstart.yaml",
        "--out",
        tmp_path / "x",
        "--errors",
        "json",
        "--set",
        "quotas.gaol=1",
    )
    records = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 2
    assert [record["code"] for record in records] == ["E_UNKNOWN_KEY"]
    assert set(records[0]) == {"code", "message", "hint", "file", "line", "column", "field"}


def test_a_foreign_folder_is_refused(apportion, tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    done = apportion("run", "scenarios/quickstart.yaml", "--out", tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "keep.txt").read_text() == "mine"


def stop(number, out):
    """Start a long run, send it a signal once the simulation is on, and return its end."""
    arguments = [sys.executable, "-m", "engine", "run", "scenarios/quickstart.yaml", "--out", str(out),
                 "--set", "pipeline.replications=200k"]  # fmt: skip
    process = subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("territories"):
            break
    time.sleep(1.0)
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    return process.returncode, told


def test_ctrl_c_keeps_the_verified_alignment_beside_the_place(apportion, tmp_path, quickstart):
    out = tmp_path / "run"
    shutil.copytree(quickstart, out)
    before = manifest(out)["files"]
    status, told = stop(signal.SIGINT, out)
    assert status == 130, told
    assert manifest(out)["files"] == before
    kept = tmp_path / "run.interrupted"
    assert set(manifest(kept)["stages"]) >= {"inputs", "territories"}
    assert not manifest(kept)["complete"]
    assert apportion("verify", kept).returncode == 0


def test_the_gap_closes_in_a_pipe_and_ctrl_c_keeps_the_best_plan_with_its_bound(apportion, tmp_path):
    """Interrupted while it searches, not after: the folder holds a verified plan, and the bound proven so far."""
    out = tmp_path / "run"
    arguments = [sys.executable, "-m", "engine", "run", "scenarios/annual_plan.yaml", "--out", str(out),
                 "--until", "territories", "--set", "territories.solver.gap=0",
                 "--set", "territories.solver.node_limit=10M"]  # fmt: skip
    process = subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line.rstrip("\n"))
        if "gap " in line:
            break
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert max(map(len, lines)) <= 80
    gap, objective, bound = re.search(r"gap ([\d.]+)% \(([\d,]+), bound ([\d,]+)\)", lines[-1]).groups()
    assert "stopped in the stage territories" in told
    kept = tmp_path / "run.interrupted"
    (solve, *_) = manifest(kept)["stages"]["territories"]["solves"]
    assert solve["ended_by"] == "interrupt"
    assert solve["gap"] <= float(gap) / 100 + 1e-3
    assert solve["bound"] >= float(bound.replace(",", "")) - 1
    assert solve["objective"] <= float(objective.replace(",", "")) + 1
    assert f"{solve['bound']:,.0f}" in told
    assert not out.exists()
    assert apportion("verify", kept).returncode == 0


def test_sigterm_ends_with_its_own_status(tmp_path):
    status, told = stop(signal.SIGTERM, tmp_path / "run")
    assert status == 143, told
