"""Where published instances lie: named by the user, never assumed."""

from __future__ import annotations

import pytest

from benchmarks.folders import VARIABLE, folder, instances
from benchmarks.subject import Run
from engine.errors import BadInput


def test_no_folder_is_assumed(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(BadInput, match=f"Give --data DIR, or set {VARIABLE}") as refused:
        folder(Run("gap", "all", 1))
    assert refused.value.faults[0].code == "E_REQUIRED"


def test_a_folder_is_taken_from_data_before_the_variable(monkeypatch, tmp_path):
    for name in ("named", "set"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "set"))
    assert folder(Run("gap", "all", 1)) == tmp_path / "set"
    assert folder(Run("gap", "all", 1, tmp_path / "named")) == tmp_path / "named"


def test_a_folder_above_is_taken_for_the_one_of_the_subject(tmp_path):
    (tmp_path / "cpmp").mkdir()
    assert folder(Run("cpmp", "all", 1, tmp_path)) == tmp_path / "cpmp"
    assert folder(Run("gap", "all", 1, tmp_path)) == tmp_path


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no such folder"):
        folder(Run("gap", "all", 1, tmp_path / "none"))


def test_a_folder_without_instances_is_refused_and_other_files_are_named(tmp_path, capsys):
    (tmp_path / "noise.dat").write_bytes(b"\xff\x00 noise")
    (tmp_path / "README.md").write_text("5 5\n")
    with pytest.raises(BadInput, match="no file begins like an instance"):
        instances(tmp_path, lambda words: words[0].isdigit(), "a number")
    assert capsys.readouterr().err.startswith("noise.dat: left out")
