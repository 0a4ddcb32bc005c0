"""Growth: the slope is that of the points, and both pictures show them."""

from __future__ import annotations

from functools import partial
from xml.etree import ElementTree

import pytest

import benchmarks.__main__ as command
from benchmarks import alignment
from benchmarks.growth import Growth
from benchmarks.subject import Subject

SQUARE = Growth("accounts", (10, 100, 1000), (0.02, 2.0, 200.0))


def test_the_slope_of_a_square_law_is_two():
    assert SQUARE.line == pytest.approx((2.0, -3.698970004))
    assert SQUARE.decades == (1, 3, -2, 3)


def test_the_text_fits_a_terminal_and_has_a_mark_for_each_point():
    lines = SQUARE.text().splitlines()
    assert max(map(len, lines)) <= 80
    assert "slope 2.00" in lines[0]
    plot = [line.split("|", 1)[1] for line in lines[1:] if "|" in line]
    points = {(row, line.index("o")) for row, line in enumerate(plot) if "o" in line}
    assert points == {(4, 60), (16, 30), (28, 0)}
    marks = [line.split("|")[0].strip() for line in lines[1:] if "|" in line]
    assert [mark for mark in marks if mark] == ["1,000", "100", "10", "1", "0.1", "0.01"]
    assert lines[-2].split() == ["10", "100", "1,000"]


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_a_case_is_drawn_to_a_file_and_its_slope_is_a_row(ending, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(alignment, "warm_up", lambda: None)
    small = partial(alignment.growing, sizes=(1000, 2000), gap=0.2)
    monkeypatch.setattr(command, "subjects", lambda: {"alignment": Subject("alignment", {"growth": small})})
    path = tmp_path / f"growth.{ending}"
    assert command.main(["alignment", "--case", "growth", "--draw", str(path), "--format", "markdown"]) == 0
    out = capsys.readouterr().out
    assert "| seconds at 1,000 |" in out
    assert "| slope of log seconds |" in out
    assert "```\nseconds against accounts" in out
    picture = path.read_text()
    assert picture.startswith("<!doctype html>") == (ending == "html")
    tree = ElementTree.fromstring(picture[picture.index("<svg") :])
    assert len(tree.findall("{http://www.w3.org/2000/svg}circle")) == 2


def test_a_picture_of_another_kind_is_refused(capsys):
    assert command.main(["alignment", "--draw", "growth.pdf"]) == 2
    assert ".svg or .html" in capsys.readouterr().err
