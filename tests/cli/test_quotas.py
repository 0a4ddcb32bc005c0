"""`apportion quotas` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import SMALL, Command

QUICKSTART = "scenarios/quickstart.yaml"


def test_an_unknown_method_is_refused_before_anything_is_read(apportion: Command, tmp_path: Path) -> None:
    asked = ("--methods", "plan,potentail", "--out", tmp_path / "out", "--errors", "json")
    done = apportion("quotas", "compare", QUICKSTART, *asked)
    assert done.returncode == 2
    fault = json.loads(done.stderr.splitlines()[0])
    assert (fault["code"], fault["field"]) == ("E_REFERENCE", "--methods")
    assert "potential" in fault["hint"]
    assert not (tmp_path / "out").exists()


def test_last_year_is_judged_or_refused_with_its_rows(apportion: Command, tmp_path: Path) -> None:
    table = tmp_path / "last.csv"
    table.write_text("rep,quota,credit\nA,100,90\nB,100,120\nC,100,100\n", encoding="utf-8")
    done = apportion("quotas", "check", table)
    assert done.returncode == 0, done.stderr
    assert "67 % (21 % to 94 %) of seats attain 100 % of quota or more" in " ".join(done.stdout.split())
    table.write_text("rep,quota,credit\nA,100,-90\n", encoding="utf-8")
    done = apportion("quotas", "check", table, "--errors", "json")
    assert done.returncode == 2
    fault = json.loads(done.stderr.splitlines()[0])
    assert (fault["code"], fault["line"], fault["field"]) == ("E_RANGE", 2, "credit")


@pytest.mark.slow
def test_methods_are_compared_and_the_folder_verifies(apportion: Command, tmp_path: Path) -> None:
    asked = ("--methods", "plan,even,potential:70%+history:30%", "--workers", 1, *SMALL)
    outs = [tmp_path / "one", tmp_path / "two"]
    texts = []
    for out in outs:
        done = apportion("quotas", "compare", QUICKSTART, *asked, "--out", out)
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert max(map(len, lines[:-1])) <= 80
        texts.append(lines[:-1])
    assert texts[0] == texts[1]
    assert (outs[0] / "report.html").read_bytes() == (outs[1] / "report.html").read_bytes()
    frame = pd.read_parquet(outs[0] / "tables" / "fairness_comparison.parquet")
    assert list(dict.fromkeys(frame["method"])) == ["plan", "even", "potential:70%+history:30%"]
    assert set(frame["years"]) == {"simulated"}
    done = apportion("verify", outs[0])
    assert done.returncode == 0, done.stderr
    assert "shares at quota follow from the seats" in done.stdout
