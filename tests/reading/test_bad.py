"""Hostile and mistaken YAML: the code, the words, the line; never a traceback."""

from pathlib import Path

import pytest
import yaml

from engine.errors import BadInput
from engine.scenario import Scenario

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/bad/yaml/cases.yaml").read_text(encoding="utf-8"))


def faults_of(folder: Path, content: bytes, name: str = "plan.yaml") -> list:
    (folder / name).write_bytes(content)
    with pytest.raises(BadInput) as caught:
        Scenario.load(folder / name)
    return list(caught.value.faults)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_fault_is_told_in_words_with_its_place(case, tmp_path):
    faults = faults_of(tmp_path, case["text"].encode("utf-8", "surrogatepass"))
    matching = [fault for fault in faults if fault.code == case["code"]]
    assert matching, [str(fault) for fault in faults]
    told = " | ".join(str(fault) for fault in matching)
    for words in case["says"]:
        assert words in told
    assert all(fault.line >= 1 for fault in matching)
    if "line" in case:
        assert matching[0].line == case["line"]
    assert not (tmp_path / "PWNED").exists()


def test_a_thousand_brackets_are_a_limit_not_a_crash(tmp_path):
    faults = faults_of(tmp_path, b"[" * 200_000 + b"]" * 200_000)
    assert [fault.code for fault in faults] == ["E_LIMIT_DEPTH"]
    assert "32" in str(faults[0])


def test_a_number_of_sixty_thousand_characters_is_a_limit(tmp_path):
    faults = faults_of(tmp_path, b"seed: 1" + b":59" * 20_000 + b"\n")
    assert "E_LIMIT_SCALAR" in {fault.code for fault in faults}


def test_a_gigabyte_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "plan.yaml").open("wb") as stream:
        stream.truncate(2**30)
    with pytest.raises(BadInput) as caught:
        Scenario.load(tmp_path / "plan.yaml")
    assert caught.value.faults[0].code == "E_LIMIT_FILE"
    assert "1048576" in str(caught.value)


def test_utf16_is_named(tmp_path):
    faults = faults_of(tmp_path, "a: 1\n".encode("utf-16"))
    assert faults[0].code == "E_ENCODING"
    assert "UTF-16" in str(faults[0])
    assert "UTF-8" in str(faults[0])


def test_a_file_may_not_extend_itself(tmp_path):
    faults = faults_of(tmp_path, b"extends: ./a.yaml\n", "a.yaml")
    assert faults[0].code == "E_EXTENDS_CYCLE"
    assert "a.yaml" in str(faults[0])


def test_a_file_outside_the_folder_may_not_be_extended(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "base.yaml").write_text("seed: 1\n")
    faults = faults_of(tmp_path / "inner", b"extends: ../base.yaml\n")
    assert faults[0].code == "E_PATH_OUTSIDE"
    assert "--allow-root" in str(faults[0])


def test_a_name_that_is_a_device_is_refused(tmp_path):
    assert faults_of(tmp_path, b"seed: 1\n", "CON.yaml")[0].code == "E_NAME"


def test_a_day_out_of_our_time_is_refused(tmp_path):
    faults = faults_of(tmp_path, b"calendar: {start: 9999-06-01}\n")
    assert "E_DATE" in {fault.code for fault in faults}


def test_all_faults_come_at_once(tmp_path):
    faults = faults_of(tmp_path, b"sed: 1\nseed: x\ncurrency: dollars\n")
    assert {"E_UNKNOWN_KEY", "E_TYPE", "E_REQUIRED"} <= {fault.code for fault in faults}
    assert {1, 2, 3} <= {fault.line for fault in faults}
