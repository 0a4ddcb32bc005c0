"""Overrides: mappings merge, the rest replaces, null removes, `--set` comes last."""

from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from engine.errors import BadInput
from engine.fields import FilePath
from engine.reading import read
from engine.reading.extends import assemble
from engine.scenario import Scenario


def tree(folder, files, sets=()):
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    first = next(iter(files))
    return assemble(folder / first, first, sets, [folder]).plain()


BASE = "a: {x: 1, y: 2}\nlist: [1, 2]\nplan: {kind: tiers, mode: marginal}\n"


def test_mappings_merge_and_lists_replace(tmp_path):
    got = tree(tmp_path, {"top.yaml": "extends: ./base.yaml\na: {y: 3}\nlist: [9]\n", "base.yaml": BASE})
    assert got["a"] == {"x": "1", "y": "3"}
    assert got["list"] == ["9"]


def test_another_kind_starts_afresh(tmp_path):
    got = tree(tmp_path, {"top.yaml": "extends: ./base.yaml\nplan: {kind: flat}\n", "base.yaml": BASE})
    assert got["plan"] == {"kind": "flat"}


def test_null_removes_what_was_inherited(tmp_path):
    got = tree(tmp_path, {"top.yaml": "extends: ./base.yaml\na: {x: null}\n", "base.yaml": BASE})
    assert got["a"] == {"y": "2"}


def test_set_reaches_into_lists_and_comes_last(tmp_path):
    got = tree(tmp_path, {"base.yaml": BASE}, ["list[1]=7", "a.z.deep=10%", "a.x=null"])
    assert got["list"] == ["1", "7"]
    assert got["a"] == {"y": "2", "z": {"deep": "10%"}}


@pytest.mark.parametrize("text", ["a", "=1", "a=", "list[5]=1", "a.x.y=1"])
def test_a_mistaken_set_is_refused_in_words(tmp_path, text):
    with pytest.raises(BadInput) as caught:
        tree(tmp_path, {"base.yaml": BASE}, [text])
    assert caught.value.faults[0].code == "E_SET"
    assert text in caught.value.faults[0].file


def scenario(folder, files, *roots):
    """The first of some files as a scenario, its tables not yet read."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return read(folder / next(iter(files)), Scenario, roots=roots).scenario


def whole(**territories):
    """A scenario with all that is required, and some more words on its territories."""
    text = Path("scenarios/quickstart.yaml").read_text()
    more = "".join(f"  {key}: {value}\n" for key, value in territories.items())
    head, found, rest = text.partition("\n  constraints:")
    assert found
    return f"{head}\n{more.rstrip()}{found}{rest}"


def test_every_path_stays_relative_to_the_file_that_says_it(tmp_path):
    edits = "[a.csv, {file: e/b.csv, run: ../old}]"
    files = {"inner/top.yaml": "extends: ../base.yaml\n", "base.yaml": whole(locks=edits, start="runs/last")}
    rules = scenario(tmp_path, files, tmp_path)
    assert rules.data.accounts.path == "../data/quickstart/accounts.csv"
    assert [(lock.file, lock.run) for lock in rules.territories.locks] == [
        ("../a.csv", ""),
        ("../e/b.csv", "../../old"),
    ]
    assert rules.territories.start == "../runs/last"


def test_a_path_is_rebased_by_the_file_that_says_it_along_a_chain(tmp_path):
    lock = "territories: {constraints: [{kind: lock, file: l.csv, run: run}]}\n"
    files = {
        "one/top.yaml": "extends: ../two/middle.yaml\ndata: {reps: own.csv}\n",
        "two/middle.yaml": f"extends: three/base.yaml\n{lock}",
        "two/three/base.yaml": whole(locks="/abs/a.csv"),
    }
    found = scenario(tmp_path, files, tmp_path)
    (rule,) = found.territories.constraints
    assert (rule.file, rule.run) == ("../two/l.csv", "../two/run")
    assert found.territories.locks[0].file == "/abs/a.csv"
    assert found.data.reps.path == "own.csv"
    assert found.data.accounts.path == "../two/three/data/quickstart/accounts.csv"


def test_a_path_that_is_set_is_relative_to_the_scenario(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "base.yaml").write_text(whole(start="runs/last"))
    (tmp_path / "inner/top.yaml").write_text("extends: ../base.yaml\n")
    found = read(tmp_path / "inner/top.yaml", Scenario, ["territories.start=runs/mine"], [tmp_path]).scenario
    assert found.territories.start == "runs/mine"


def test_every_field_that_names_a_file_is_a_path():
    """A field of free text that names a file would not be rebased."""
    import engine.scenario

    seen, told = set(), []

    def visit(model):
        if model in seen:
            return
        seen.add(model)
        for name, field in model.model_fields.items():
            words = field.description or ""
            if name in {"path", "file", "folder", "run", "start"} and field.annotation is str:
                told.append((model.__name__, name, FilePath.__metadata__[0] in field.metadata or words))
            for inner in models(field.annotation):
                visit(inner)

    def models(annotation):
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return [annotation]
        return [found for inner in get_args(annotation) for found in models(inner)]

    visit(engine.scenario.Scenario)
    assert {("LockFile", "run", True), ("Lock", "file", True), ("TerritorySpec", "start", True)} <= set(told)
    assert [entry for entry in told if entry[2] is not True] == []
