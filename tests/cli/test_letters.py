"""`apportion quotas letters`: a page for everybody with that person's data alone, and a table that adds up."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.browsing import THERE
from tests.cli.conftest import Command


@pytest.fixture(scope="module")
def folder(quickstart: Path, apportion: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The letters of the quickstart."""
    out = tmp_path_factory.mktemp("letters") / "out"
    done = apportion("quotas", "letters", quickstart, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("7 letters: 7 to people, 0 for seats that nobody holds.")
    return out


def test_a_letter_tells_of_one_person_alone(folder: Path, quickstart: Path) -> None:
    people = set(pd.read_parquet(quickstart / "private" / "inputs" / "spells.parquet")["person"])
    pages = sorted((folder / "letters").glob("*.html"))
    assert len(pages) == len(people) == 7
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert [name for name in people if name in text] == [page.stem[3:]]
        assert "How it came about" in text
        assert "at 120%" in text


def test_the_steps_of_a_run_add_up_to_its_quotas(quickstart: Path) -> None:
    steps = pd.read_parquet(quickstart / "tables" / "quota_steps.parquet")
    quotas = pd.read_parquet(quickstart / "tables" / "quota_reps.parquet").set_index("rep")["quota"]
    assert steps.groupby("rep")["amount"].sum().to_dict() == quotas.to_dict()


def test_the_upload_holds_every_quota_once(folder: Path, quickstart: Path) -> None:
    with (folder / "quota_upload.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    quotas = pd.read_parquet(quickstart / "tables" / "quotas.parquet")
    assert len({row["QuotaKey"] for row in rows}) == len(rows) == int(quotas["quota"].notna().sum())
    assert sum(round(float(row["QuotaAmount"]) * 100) for row in rows) == int(quotas["quota"].sum())
    first = rows[0]
    assert (first["StartDate"], first["EndDate"], first["CurrencyIsoCode"]) == (
        "2027-01-01",
        "2027-01-31",
        "USD",
    )


def test_the_folder_verifies_and_a_changed_letter_is_found(folder: Path, apportion: Command) -> None:
    assert apportion("verify", folder).returncode == 0
    page = sorted((folder / "letters").glob("*.html"))[0]
    before = page.read_bytes()
    page.write_bytes(before.replace(b"quota", b"Quota"))
    assert apportion("verify", folder).returncode == 6
    page.write_bytes(before)


def test_a_folder_without_quotas_is_refused(tmp_path: Path, apportion: Command) -> None:
    done = apportion("quotas", "letters", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "holds no run with quotas" in done.stderr
    assert not (tmp_path / "out").exists()


@THERE
@pytest.mark.browser
def test_a_letter_fits_a_phone_and_a_sheet_of_paper(folder: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 380, "height": 800})
    page.goto(sorted((folder / "letters").glob("*.html"))[0].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert (
        page.evaluate("document.querySelector('.wide td').offsetHeight") < 40
    )  # a period stands on one line
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert len(page.pdf(format="A4")) > 1000
    page.close()


@pytest.mark.slow
def test_quotas_in_force_and_relief_reach_the_folder_and_the_letters(
    quickstart: Path, apportion: Command, tmp_path: Path
) -> None:
    relief = "quotas.relief=[{rep: E1, reason: lost its largest account, amount: 60k, taken_by: peers}]"
    sets = ("--set", "pipeline.replications=60", "--set", f"quotas.previous={quickstart}", "--set", relief)
    more = ("--allow-root", quickstart.parent, "--until", "quotas", "--out", tmp_path / "run", "--workers", 1)
    done = apportion("run", "scenarios/quickstart.yaml", *sets, "--set", "as_of=2027-04-01", *more)
    assert done.returncode == 0, done.stderr
    assert "relief        1 entry, USD 60K; USD 0 of it is nobody's any more" in done.stdout
    assert apportion("verify", tmp_path / "run").returncode == 0
    changes = pd.read_parquet(tmp_path / "run" / "tables" / "quota_changes.parquet")
    effects = changes.groupby("rep")["effect"].sum()
    ends = changes.groupby("rep")[["previous", "quota"]].first()
    assert (ends["quota"] - ends["previous"]).equals(effects.rename(None))
    before, after = (
        pd.read_parquet(folder / "tables" / "quotas.parquet") for folder in (quickstart, tmp_path / "run")
    )
    closed = before["period"] < "2027-04"
    assert before[closed].equals(after[closed])
    assert apportion("quotas", "letters", tmp_path / "run").returncode == 0
    page = (tmp_path / "run-letters" / "letters" / "E1 Lara Abbott.html").read_text("utf-8")
    assert "Relief of 60,000.00: lost its largest account." in page
    assert "In force before" in page
    assert "What it pays" not in page
