"""Lines for people: none is wider than the terminal, and what goes on stands below its words."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli import main
from engine.cli.lines import folded, second, tell

COMPONENTS = sorted(
    path.stem
    for path in (Path(__file__).parents[2] / "engine" / "comp" / "components").glob("*.py")
    if path.stem != "__init__"
)


def test_a_line_is_broken_between_words_and_a_path_stays_whole() -> None:
    assert folded("  one two three", 11, "  ") == "  one two\n    three"
    assert folded("one two three", 0) == "one two three"
    assert folded("at /a/very/long/path/of/a/file", 12, "  ") == "at\n  /a/very/long/path/of/a/file"


def test_a_line_of_two_columns_goes_on_below_the_second() -> None:
    assert second("  price    what one hour more costs") == " " * 9
    assert second("  what one hour more costs") == " " * 4


def test_lines_are_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    tell(["0123456789 0123456789 0123456789"])
    assert capsys.readouterr().out == "0123456789\n  0123456789\n  0123456789\n"


@pytest.mark.parametrize("words", [["comp"], ["pay"], *(["comp", kind] for kind in COMPONENTS)], ids=" ".join)
def test_no_line_of_an_explanation_is_wider_than_a_terminal_but_for_addresses(words: list[str]) -> None:
    said = CliRunner().invoke(main, ["explain", *words], env={"COLUMNS": "80"})
    assert said.exit_code == 0
    assert [line for line in said.stdout.splitlines() if len(line) > 80 and " " in line.strip()] == []
