"""Runs that ask for everything, copies of them with a changed cell, and what `verify` says of those."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from engine import Scenario, run
from engine.errors import VerificationFailed
from engine.store.manifest import digests
from engine.verification import verify

ROOT = Path(__file__).parents[2]
ASKED = """
extends: ./quickstart.yaml
territories:
  hierarchy:
    levels: [region]
    solve: in_one
    bands: [{level: region, measure: potential, within: 30%}]
  overlays:
    - name: specialists
      seats:
        roster:
          - {id: S1, latitude: 39.7, longitude: -105.0}
          - {id: S2, latitude: 40.7, longitude: -74.0}
      constraints: [{kind: band, measure: workload, within: 60%}]
      objectives: [{kind: travel, price_per_km: 0.60, visits: 4}]
  explain: {accounts: none}
  FRONTIER
  alternatives: {count: 2, within: 3%, measure: potential}
  solver: {gap: 3%}
"""
BALANCE = "frontier: {of: disruption, against: balance, widths: [20%, 15%, 0.0001%], gap: 20%}"
COST = "frontier: {of: cost, against: disruption, moved: count, limits: [12, 8], gap: 5%}"
TRAVEL = "frontier: {of: disruption, moved: count, against: travel, points: 3, gap: 50%}"
Change = Callable[[pd.DataFrame], None]


def made(folder: Path, frontier: str, solve: str = "in_one") -> Path:
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    path = folder / "scenarios" / "asked.yaml"
    path.write_text(ASKED.replace("FRONTIER", frontier).replace("in_one", solve), encoding="utf-8")
    return run(Scenario.load(str(path)), out=folder / "run", until="territories").folder


def resigned(folder: Path) -> None:
    """Give every file the digest it has now, so that only the plain checks can object."""
    said = json.loads((folder / "manifest.json").read_text())
    said["files"] = digests(folder)
    (folder / "manifest.json").write_text(json.dumps(said))


def told(folder: Path, tmp_path: Path, name: str, change: Change) -> str:
    """Change a table, repair the digests, and return what `verify` says."""
    copy = tmp_path / "run"
    shutil.copytree(folder, copy)
    path = copy / "tables" / f"{name}.parquet"
    frame = pd.read_parquet(path)
    change(frame)
    frame.to_parquet(path, index=False)
    resigned(copy)
    with pytest.raises(VerificationFailed) as caught:
        verify(copy)
    return " ".join(fault.message for fault in caught.value.faults if fault.code == "V_CHECK")


def more(row: int, column: str, by: float = 1) -> Change:
    """Add to a cell."""

    def change(frame: pd.DataFrame) -> None:
        frame.loc[frame.index[row], column] += by

    return change


def becomes(row: int, column: str, value: object) -> Change:
    """Replace a cell."""

    def change(frame: pd.DataFrame) -> None:
        assert frame.loc[frame.index[row], column] != value
        frame.loc[frame.index[row], column] = value

    return change


def exchanged(column: str) -> Change:
    """Give the first account of another seat than the first one's to that one."""

    def change(frame: pd.DataFrame) -> None:
        first = frame[column].iloc[0]
        other = frame.index[frame[column] != first][0]
        frame.loc[other, column] = first

    return change
