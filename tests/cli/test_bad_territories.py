"""Bad input of territories through the command: what it is, where it stands, what to do, and the exit status."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ROOT, Command

DATA = ROOT / "scenarios/data/quickstart"
IDS = [f"A{k:02d}" for k in range(1, 61)]


def changed(folder: Path, change: Callable[[int, dict[str, str]], object], rows: int = 60) -> None:
    """Write the sample's accounts with something changed."""
    with (DATA / "accounts.csv").open(encoding="utf-8", newline="") as file:
        accounts = list(csv.DictReader(file))[:rows]
    for k, account in enumerate(accounts):
        change(k, account)
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(accounts[0]))
        table.writeheader()
        table.writerows(accounts)


@pytest.fixture
def tell(apportion: Command, tmp_path: Path) -> Callable[[str], tuple[int, list[str]]]:
    """Run a scenario that extends the sample; its status, and the lines that tell what is wrong."""

    def call(text: str) -> tuple[int, list[str]]:
        (tmp_path / "bad.yaml").write_text(
            f"extends: {ROOT}/scenarios/quickstart.yaml\n{text}", encoding="utf-8"
        )
        done = apportion("run", tmp_path / "bad.yaml", "--allow-root", ROOT, "--until", "territories",
                         "--out", tmp_path / "out")  # fmt: skip
        assert "Traceback" not in done.stderr
        assert (tmp_path / "out").exists() == (done.returncode == 0)
        told = done.stderr.splitlines()
        begin = next((k for k, line in enumerate(told) if "nothing was written" in line), 0)
        return done.returncode, told[begin:]

    return call


def rule(text: str) -> str:
    return f"territories:\n  constraints:\n    - {text}\n"


CONTIGUOUS = "data:\n  accounts: {extra: {state: text}}\n  adjacency: near.csv\n"
BY_TABLE = "territories:\n  objectives:\n    - {kind: travel, by: table}\n"


@pytest.mark.parametrize(
    ("text", "status", "line", "field", "words"),
    [
        (rule("{kind: band, measure: potential, within: 0%}"), 3, 4, "constraints[0]", "each of the 6 seats"),
        (rule("{kind: band, measure: potential, lower: 4M}"), 3, 4, "constraints[0]", "there are only 22,207,000 USD"),
        (rule("{kind: max_travel, km: 5}"), 3, 4, "constraints[0]", "no seat may own 56 accounts"),
        (rule("{kind: lock, accounts: [A02], rep: E9}"), 2, 4, "constraints[0].rep", "no seat has the id 'E9'"),
        ("territories: {locks: locks.csv}\n", 2, 2, "rep", "goes to 'E9', which is no seat"),
        (CONTIGUOUS + rule("{kind: contiguous, unit: state}"), 2, 7, "constraints[0].neighbours", "15 units"),
        ("data: {distances: ways.csv}\n" + BY_TABLE, 2, 5, "objectives[0].missing", "for 359 pairs: A01 to E1"),
        (BY_TABLE, 2, 4, "objectives[0].by", "there is no table of distances"),
        ("territories:\n  constraints:\n    - {kind: band, measure: count, upper: 12}\n"
         f"    - {{kind: together, groups: [[{', '.join(IDS[:14])}]]}}\n", 3, 4, "constraints[0]",
         "A01 with 13 more kept together alone has 14 accounts"),
    ],
    ids=["band", "total", "no seat", "lock", "lock file", "islands", "distance", "no distances", "group"],
)  # fmt: skip
def test_it_is_refused_with_its_place_and_what_to_do(
    tell: Callable[[str], tuple[int, list[str]]],
    tmp_path: Path,
    text: str,
    status: int,
    line: int,
    field: str,
    words: str,
) -> None:
    (tmp_path / "locks.csv").write_text("account,rep\nA02,E9\n")
    (tmp_path / "near.csv").write_text("unit,neighbour\nCA,NV\nNY,NJ\nCA,NY\n")
    (tmp_path / "ways.csv").write_text("account,rep,km,hours\nA01,W1,10,1\n")
    ended, lines = tell(text)
    assert ended == status
    assert "nothing was written" in lines[0]
    file = "locks.csv" if "locks.csv" in text else "bad.yaml"
    assert f"{file}:{line}" in lines[1]
    assert lines[1].endswith(field)
    assert words in lines[2]
    assert lines[3].strip()


def zero(_: int, account: dict[str, str]) -> None:
    account["potential"] = "0"


def one_zero(k: int, account: dict[str, str]) -> None:
    account["potential"] = "0" if k == 0 else account["potential"]


def extremes(k: int, account: dict[str, str]) -> None:
    account["potential"] = "1000000000" if k % 10 == 0 else "1"


def in_one_place(_: int, account: dict[str, str]) -> None:
    account["latitude"], account["longitude"] = "40", "-100"


@pytest.mark.parametrize(
    "change", [zero, one_zero, extremes, in_one_place], ids=lambda change: change.__name__
)
def test_it_is_solved(
    tell: Callable[[str], tuple[int, list[str]]],
    tmp_path: Path,
    change: Callable[[int, dict[str, str]], object],
) -> None:
    changed(tmp_path, change)
    status, lines = tell("data: {accounts: {path: accounts.csv}}\n")
    assert status == 0, lines


def test_one_account_and_one_rep_are_solved_or_refused_with_the_reason(
    tell: Callable[[str], tuple[int, list[str]]], tmp_path: Path
) -> None:
    changed(tmp_path, lambda _, account: account.update(owner="W1"), rows=1)
    one = "data: {accounts: {path: accounts.csv}, opportunities: null}\n"
    status, lines = tell(one)
    assert status == 3
    assert "account A01 alone has 225,000 USD" in lines[2]
    assert tell(f"{one}territories: {{constraints: []}}\n")[0] == 0
    changed(tmp_path, lambda _, account: account.update(owner="W1"))
    reps = (DATA / "reps.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "reps.csv").write_text("\n".join(reps[:2]) + "\n", encoding="utf-8")
    people = (DATA / "people.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "people.csv").write_text("\n".join(people[:2]) + "\n", encoding="utf-8")
    tables = "accounts: {path: accounts.csv}, reps: {path: reps.csv}, spells: {path: people.csv}"
    status, lines = tell(f"data: {{{tables}, opportunities: null}}\n")
    assert status == 0, lines
