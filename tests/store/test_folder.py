"""The place of a run: all or nothing, and nothing foreign is touched."""

import fcntl

import pytest

from engine.errors import BadInput, EnvironmentFailed, FolderInUse
from engine.store.folder import publish, reserve


def finished(folder, text):
    (folder / "manifest.json").write_text('{"engine": "apportion"}')
    (folder / "answer.txt").write_text(text)


def break_off(out):
    with reserve(out) as temporary:
        (temporary / "half.txt").write_text("half")
        raise ZeroDivisionError


def test_a_run_appears_whole_and_replaces_an_earlier_one(tmp_path):
    out = tmp_path / "deep" / "run"
    for text in ("first", "second"):
        with reserve(out) as temporary:
            finished(temporary, text)
            publish(temporary, out)
        assert (out / "answer.txt").read_text() == text
    assert sorted(path.name for path in out.parent.iterdir()) == ["run"]


def test_a_failed_run_leaves_the_earlier_one_and_nothing_else(tmp_path):
    out = tmp_path / "run"
    with reserve(out) as temporary:
        finished(temporary, "first")
        publish(temporary, out)
    with pytest.raises(ZeroDivisionError):
        break_off(out)
    assert (out / "answer.txt").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_is_no_run_is_refused_and_untouched(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="not empty"), reserve(tmp_path / "mine"):
        pass
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_what_a_killed_run_left_is_cleared(tmp_path):
    out = tmp_path / "run"
    (tmp_path / ".run.999.tmp").mkdir()
    (tmp_path / ".run.old").mkdir()
    finished(tmp_path / ".run.old", "moved aside when the power went")
    with reserve(out) as temporary:
        assert (out / "answer.txt").read_text().startswith("moved aside")
        assert temporary.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_place_in_use_names_the_process(tmp_path):
    with (tmp_path / ".run.lock").open("w") as stream:
        stream.write("pid 4711 since noon")
        stream.flush()
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(FolderInUse, match="pid 4711 since"), reserve(tmp_path / "run"):
            pass


def test_a_place_that_cannot_be_made_is_the_environment(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFailed), reserve(tmp_path / "file" / "run"):
        pass
