"""The shared corpus of hostile inputs: tables, paths and workbooks, with its key names adapted to ours here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.errors import BadInput
from tests.beside import CORPUS, needs
from tests.data import builders
from tests.data.company import company

ELSEWHERE = {"C006", "C014", "C016", "C018"}
"""Of scenarios, names and runs rather than tables; C014 writes NUL in YAML."""

SEAT = ("reps", {"columns": {"id": "rep", "history": "quota"}, "levels": []})
ADJUSTED = ("reps", {"columns": {"id": "rep", "history": "adj"}, "levels": []})
OWNED = ("accounts", {"columns": {"id": "account_id", "owner": "rep"}})
ADAPTED: dict[str, tuple[str, dict[str, Any]]] = {
    "B001": ("accounts", {"columns": {"id": "account_id"}, "extra": {"country": "text"}}),
    "B003": SEAT,
    "B005": SEAT,
    "B007": SEAT,
    "B009": SEAT,
    "B011": SEAT,
    "B013": SEAT,
    "B015": ("reps", {"columns": {"id": "rep", "history": "clawback"}, "levels": []}),
    "B017": SEAT,
    "B019": ADJUSTED,
    "B021": SEAT,
    "B023": ADJUSTED,
    "B025": OWNED,
    "B027": OWNED,
    "B029": OWNED,
    "B031": SEAT,
    "B033": ("accounts", {}),
    "B035": ("opportunities", {"columns": {"id": "deal"}, "defaults": {
        "stage": "Lost", "created": "2026-01-01", "closed": "2026-02-01", "product": "P1"}}),
    "B037": ("accounts", {"path": "t.parquet", "columns": {"potential": "amount_cents"}, "defaults": {"id": "A1"}}),
    "B039": ("accounts", {"path": "t.parquet", "columns": {"id": "x"}}),
    "B041": ("accounts", {"path": "t.csv.gz"}),
    "C002": ("accounts", {"path": "/etc/hostname"}),
    "C004": ("accounts", {"path": "accounts.csv"}),
    "C008": ("accounts", {"path": "accounts.csv"}),
    "C010": ("accounts", {"path": "."}),
    "C012": ("accounts", {"path": "https://example.invalid/a.csv"}),
    "D002": ("accounts", {"path": "t.xlsx", "columns": {"potential": "q"}}),
    "D004": ("accounts", {"path": "t.xlsx", "columns": {"potential": "q"}}),
    "D006": ("accounts", {"path": "t.xlsx", "columns": {"potential": "q"}}),
}  # fmt: skip


def corpus() -> list[dict[str, Any]]:
    if not CORPUS.is_file():
        return []
    return [
        case for case in yaml.safe_load(CORPUS.read_text(encoding="utf-8"))["cases"] if case["id"][0] in "BCD"
    ]


def lay_out(folder: Path, case: Mapping[str, Any], path: str) -> dict[str, bytes]:
    """Write what the case needs below the folder; return the replaced table, if it is a plain one."""
    generate = case.get("generate", {})
    if "symlink" in generate:
        outside = folder.parents[1] / "outside"
        outside.mkdir(exist_ok=True)
        (outside / "secret.csv").write_text("id\nA1\n")
        (folder / generate["symlink"]["name"]).symlink_to(outside / "secret.csv")
    elif "fifo" in generate:
        os.mkfifo(folder / generate["fifo"]["name"])
    elif case["id"][0] != "C":
        return {path: case["snippet"].encode() if "snippet" in case else builders.build(generate)}
    return {}


@needs(CORPUS)
def test_every_case_about_tables_is_adapted_or_belongs_elsewhere():
    assert {case["id"] for case in corpus()} == set(ADAPTED) | ELSEWHERE


@pytest.mark.parametrize("case", corpus(), ids=lambda case: f"{case['id']} {case['kind']}")
def test_each_case_ends_as_the_corpus_expects(case, tmp_path):
    if case["id"] in ELSEWHERE:
        pytest.skip("about a scenario or a run, not about a table")
    table, block = ADAPTED[case["id"]]
    folder = tmp_path / "scenario"
    folder.mkdir()
    files: dict[str, bytes] = {}
    path = block.get("path", f"{table}.csv")
    changes: dict[str, Any] = {table: {"path": path} | block}
    if case["id"][0] == "C":
        changes["accounts"]["path"] = path if path != "accounts.csv" else "given/accounts.csv"
        (folder / "given").mkdir()
        lay_out(folder / "given", case, path)
        files = {}
    else:
        files = lay_out(folder, case, path)
    if table != "opportunities":
        changes["opportunities"] = None
    if table == "accounts":
        files["reps"] = b"id,region\nR1,West\n"
    expected = case["expect"]
    if expected["exit"] == 0:
        files |= {} if table == "accounts" else {"accounts": b"id\nA1\n"}
        inputs = company(folder, files, changes)
        if case["id"] == "B001":
            assert inputs.accounts.extra["country"].tolist() == ["NA", "NO"]
        elif case["id"] == "B013":
            assert inputs.reps.history.tolist() == [100]
        else:
            assert inputs.reps.history.tolist() == [0]
        return
    with pytest.raises(BadInput) as caught:
        company(folder, files, changes)
    matching = [fault for fault in caught.value.faults if fault.code == expected["code"]]
    assert matching, [str(fault) for fault in caught.value.faults]
    told = " | ".join(str(fault) for fault in matching)
    for words in expected["says"]:
        assert words in told
