"""Overrides: mappings merge, the rest replaces, null removes, `--set` comes last."""

import pytest

from engine.errors import BadInput
from engine.reading.extends import assemble


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


def test_tables_stay_relative_to_the_file_that_names_them(tmp_path):
    base = "data: {accounts: {path: t/a.csv}, reps: t/r.csv}\n"
    data = tree(tmp_path, {"inner/top.yaml": "extends: ../base.yaml\n", "base.yaml": base})["data"]
    assert data == {"accounts": {"path": "../t/a.csv"}, "reps": "../t/r.csv"}
