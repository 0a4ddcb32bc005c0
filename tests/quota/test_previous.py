"""Runs that cannot be in force: refused with what is wrong about them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine.errors import BadInput
from engine.in_force import COLUMNS
from engine.quota.in_force.reading import with_previous
from tests.quota.setting import seats, spec

FILLED: dict[str, Any] = {"money": 100, "ratio": 1.0, "text": "R0"}


def run(folder: Path, seat: str = "R0", drop: str = "", **said: Any) -> None:
    """Write a run that plans January 2027 in USD, with one row in each table."""
    (folder / "run" / "tables").mkdir(parents=True)
    digests = {}
    for name, columns in COLUMNS.items():
        values = {column.name: [FILLED[column.type]] for column in columns if column.name != drop}
        place = folder / "run" / "tables" / f"{name}.parquet"
        pd.DataFrame({**values, "rep": [seat]} if "rep" in values else values).to_parquet(place)
        digests[f"tables/{name}.parquet"] = hashlib.sha256(place.read_bytes()).hexdigest()
    manifest = {"engine": "apportion", "periods": ["2027-01"], "currency": "USD", "files": digests, **said}
    (folder / "run" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_run_of_the_plan_is_taken(tmp_path: Path) -> None:
    run(tmp_path)
    found = with_previous(seats([1, 2]), spec(previous="run"), tmp_path)
    assert found.in_force is not None
    assert found.in_force.tables["quotas"]["rep"].tolist() == ["R0"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"periods": ["2026-01"]}, "plans other periods"),
        ({"currency": "EUR"}, "plans in another currency"),
        ({"seat": "Q7"}, "none of the seats of this plan"),
        ({"files": {}}, "has no table"),
        ({"engine": "other"}, "no run of this engine"),
        ({"drop": "quota"}, "has other columns"),
    ],
)
def test_a_run_of_another_plan_is_refused(tmp_path: Path, fields: dict[str, Any], words: str) -> None:
    run(tmp_path, **fields)
    with pytest.raises(BadInput, match=words):
        with_previous(seats([1, 2]), spec(previous="run"), tmp_path)


def test_a_changed_run_is_refused(tmp_path: Path) -> None:
    run(tmp_path)
    place = tmp_path / "run" / "tables" / "quotas.parquet"
    place.write_bytes(place.read_bytes() + b"x")
    with pytest.raises(BadInput, match="is not what the run wrote"):
        with_previous(seats([1, 2]), spec(previous="run"), tmp_path)
    with pytest.raises(BadInput, match="holds no run"):
        with_previous(seats([1, 2]), spec(previous="gone"), tmp_path)
