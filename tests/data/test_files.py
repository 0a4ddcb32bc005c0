"""Only files below the scenario's folder or a granted root are read, once, and what was parsed is what is digested."""

import hashlib
import os
from pathlib import Path

import pytest

from engine.data.files import Files
from engine.errors import BadInput
from tests.data.company import ACCOUNTS, company


def refusal(files: Files, name: str) -> str:
    with pytest.raises(BadInput) as caught:
        files.read(name, "data.accounts.path")
    (fault,) = caught.value.faults
    assert fault.field == "data.accounts.path"
    return f"{fault.code} {fault}"


def test_a_file_outside_needs_a_granted_root(tmp_path):
    base, other = tmp_path / "plan", tmp_path / "crm"
    base.mkdir()
    other.mkdir()
    (other / "a.csv").write_text("id\n")
    for name in ("../crm/a.csv", str(other / "a.csv")):
        assert refusal(Files(base), name).startswith("E_PATH_OUTSIDE")
        assert Files(base, [other]).read(name, "x") == b"id\n"


def test_a_sibling_whose_name_begins_alike_is_outside(tmp_path):
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan2").mkdir()
    (tmp_path / "plan2/a.csv").write_text("id\n")
    assert "--allow-root" in refusal(Files(tmp_path / "plan"), "../plan2/a.csv")


def test_a_link_that_stays_inside_is_followed(tmp_path):
    (tmp_path / "a.csv").write_text("id\n")
    (tmp_path / "b.csv").symlink_to("a.csv")
    assert Files(tmp_path).read("b.csv", "x") == b"id\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.csv", "E_PATH_MISSING"),
        ("notes.txt", "E_PATH_KIND"),
        ("folder.csv", "folder"),
        ("pipe.csv", "not a regular file"),
        ("s3://bucket/a.csv", "URL"),
        ("a\0b.csv", "U+0000"),
        ("a\nb.csv", "U+000A"),
        ("a.csv.gz", "compressed"),
        ("packed.csv", "compressed"),
        ("~/a.csv", "E_PATH_MISSING"),
    ],
)
def test_what_is_no_table_is_refused(name, words, tmp_path):
    (tmp_path / "notes.txt").write_text("id\n")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "packed.csv").write_bytes(b"\x1f\x8b\x08 and so on")
    os.mkfifo(tmp_path / "pipe.csv")
    assert words in refusal(Files(tmp_path), name)


def test_a_file_is_read_once_however_often_it_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id\nA1\n")
    files = Files(tmp_path)
    first = files.read("a.csv", "x")
    path.write_text("id\nA2\n")
    assert files.read("./a.csv", "y") == first
    assert dict(files.sources) == dict.fromkeys(("a.csv", "./a.csv"), hashlib.sha256(first).hexdigest())


def test_the_inputs_name_every_file_with_its_digest(tmp_path):
    inputs = company(tmp_path)
    assert [name for name, _ in inputs.sources] == [
        "accounts.csv",
        "opportunities.csv",
        "products.csv",
        "reps.csv",
    ]
    assert dict(inputs.sources)["accounts.csv"] == hashlib.sha256(ACCOUNTS.encode()).hexdigest()


def test_a_granted_root_serves_a_whole_company(tmp_path):
    crm = tmp_path / "crm"
    crm.mkdir()
    (crm / "a.csv").write_text(ACCOUNTS)
    (tmp_path / "plan").mkdir()
    inputs = company(tmp_path / "plan", {}, {"accounts": {"path": "../crm/a.csv"}}, [Path(crm)])
    assert len(inputs.accounts) == 3
