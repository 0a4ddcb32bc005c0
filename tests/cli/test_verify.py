"""`apportion verify` reads the folder alone and names each contradiction."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from engine.store.manifest import digests


@pytest.fixture
def copy(quickstart, tmp_path):
    out = tmp_path / "run"
    shutil.copytree(quickstart, out)
    return out


def resign(folder):
    """Give every file the digest it has now, so that only the plain checks can object."""
    said = json.loads((folder / "manifest.json").read_text())
    said["files"] = digests(folder)
    (folder / "manifest.json").write_text(json.dumps(said))


def change(folder, name, edit):
    path = folder / "tables" / f"{name}.parquet"
    frame = pd.read_parquet(path)
    edit(frame)
    frame.to_parquet(path, index=False)


def test_an_untouched_run_holds(apportion, quickstart):
    done = apportion("verify", quickstart)
    assert done.returncode == 0, done.stderr
    assert "ok" in done.stdout


def test_a_changed_byte_is_named(apportion, copy):
    with (copy / "report.html").open("a") as stream:
        stream.write(" ")
    done = apportion("verify", copy)
    assert done.returncode == 6
    assert "report.html" in done.stderr


@pytest.mark.parametrize("name", ["tables/quotas.csv", "manifest.json"])
def test_a_missing_file_is_named(apportion, copy, name):
    (copy / name).unlink()
    done = apportion("verify", copy)
    assert done.returncode == (2 if name == "manifest.json" else 6)
    assert "Traceback" not in done.stderr


def test_a_file_that_does_not_belong_is_named(apportion, copy):
    (copy / "tables/extra.csv").write_text("x\n")
    assert "extra.csv" in apportion("verify", copy).stderr


def test_an_account_given_to_another_seat_is_found(apportion, copy):
    def swap(frame):
        other = next(seat for seat in frame["rep"] if seat != frame.loc[0, "rep"])
        frame.loc[0, "rep"] = other

    change(copy, "alignment", swap)
    resign(copy)
    done = apportion("verify", copy)
    assert done.returncode == 6
    assert "add up" in done.stderr


def test_a_cent_more_quota_is_found(apportion, copy):
    change(copy, "quotas", lambda frame: frame.__setitem__("quota", frame["quota"] + (frame.index == 0)))
    resign(copy)
    done = apportion("verify", copy)
    assert done.returncode == 6
    assert "quota" in done.stderr


def test_a_dropped_row_of_a_csv_is_found(apportion, copy):
    path = copy / "tables/quotas.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    resign(copy)
    assert "difference" in apportion("verify", copy).stderr
