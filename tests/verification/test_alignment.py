"""A changed cell of the alignment, a missing table and a changed bound are found, though the digests are right."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.errors import VerificationFailed
from engine.verification import verify
from tests.verification.runs import Change, becomes, more, resigned, told


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("alignment", more(3, "workload", 0.01), "workload is given as"),
        ("alignment", becomes(3, "segment", "Nobody"), "segment is given as Nobody"),
        ("alignment", becomes(3, "incumbent", "E9"), "incumbent is given as E9"),
        ("territories", more(1, "accounts_before"), "accounts_before is given as"),
        ("territories", more(1, "potential_before"), "its accounts add up to"),
        ("territories", more(1, "workload", 0.01), "workload is given as"),
        ("territories", becomes(1, "rep", "E9"), "not those of the seats"),
        ("moves", becomes(0, "to_rep", "E9"), "the alignment says"),
        ("moves", more(0, "potential"), "the alignment says"),
        ("balance", more(0, "value", 0.01), "value is given as"),
        ("balance", more(0, "before", 0.01), "before is given as"),
        ("balance", becomes(0, "upper", 1.0), "lies above upper"),
    ],
)
def test_a_changed_cell_of_the_alignment_is_found(
    balance: Path, tmp_path: Path, name: str, change: Change, says: str
) -> None:
    assert says in told(balance, tmp_path, name, change)


@pytest.mark.parametrize(
    "name", ["certificate_seats", "multipliers", "frontier_accounts", "alternative_accounts"]
)
def test_a_table_that_is_needed_to_check_another_is_missed(balance: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "run"
    shutil.copytree(balance, copy)
    for suffix in (".parquet", ".csv"):
        (copy / "tables" / f"{name}{suffix}").unlink()
    resigned(copy)
    with pytest.raises(VerificationFailed, match=f"the table {name} is missing"):
        verify(copy)


@pytest.mark.parametrize("name", ["objective", "bound", "certified"])
def test_a_manifest_that_says_another_bound_is_found(balance: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "run"
    shutil.copytree(balance, copy)
    said = json.loads((copy / "manifest.json").read_text())
    said["stages"]["territories"]["solves"][0][name] *= 0.99
    (copy / "manifest.json").write_text(json.dumps(said))
    with pytest.raises(VerificationFailed, match=f"{name} of the territories is given as"):
        verify(copy)
