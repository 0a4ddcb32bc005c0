"""`verify` computes tests of fairness and bounds relative to targets anew from the seats of a run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from engine.errors import VerificationFailed
from engine.store.manifest import digests
from engine.verification import verify

Change = Callable[[pd.DataFrame], None]


def said(run: Path, tmp_path: Path, table: str, change: Change) -> str:
    """What `verify` says of a run in which a cell was changed and every digest made good."""
    out = tmp_path / "run"
    shutil.copytree(run, out)
    path = out / "tables" / f"{table}.parquet"
    frame = pd.read_parquet(path)
    change(frame)
    frame.to_parquet(path, index=False)
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["files"] = digests(out)
    (out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(VerificationFailed) as caught:
        verify(out)
    return "\n".join(str(fault) for fault in caught.value.faults)


def moved(figure: str, column: str = "value", by: float = 0.05) -> Change:
    def change(frame: pd.DataFrame) -> None:
        row = frame.index[(frame["figure"] == figure) & (frame["by"] == "all")][0]
        for name in {column, *(("low", "high") if column == "value" else ())}:
            frame.loc[row, name] += by

    return change


@pytest.mark.parametrize("figure", ["at 100 %", "capacity", "beyond potential", "out of reach"])
def test_a_figure_is_computed_anew(quickstart: Path, tmp_path: Path, figure: str) -> None:
    text = said(quickstart, tmp_path, "fairness", moved(figure))
    assert f"fairness, {figure}: " in text
    assert "the seats make it" in text


@pytest.mark.parametrize(
    ("figure", "column", "words"),
    [
        ("Gini coefficient", "at_most", "and the scenario says"),
        ("spread of chances", "low", "does not lie between"),
        ("misplaced quota", "value", "interval and limits make it"),
        ("capacity", "seats", "carry a quota"),
    ],
)
def test_interval_limits_verdict_and_seats_go_together(quickstart, tmp_path, figure, column, words):
    assert words in said(quickstart, tmp_path, "fairness", moved(figure, column, 1))


def test_a_target_is_the_sum_of_its_steps(quickstart: Path, tmp_path: Path) -> None:
    def change(frame: pd.DataFrame) -> None:
        frame.loc[0, "target"] += 5

    assert "its steps make" in said(quickstart, tmp_path, "quota_reps", change)
