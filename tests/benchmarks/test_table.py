"""What is printed: lines of at most 100 characters, or markdown that can be pasted."""

from __future__ import annotations

from benchmarks.entry import Entry
from benchmarks.subject import Run
from benchmarks.table import Printer

RUN = Run("subject", "case", 1)
ROW = RUN.row("highs hand-over seconds", 1.2345e5, ok=True, peer=("SimPy, numpy draws", 1.2345e-5), gap=0.5)
ENTRY = Entry("2DU100-05-10-edited", 6906.17, 6729.03, 7292.96, 12345.6, "enumeration", (ROW,))


def printed(markdown: bool, *shown) -> list[str]:
    lines: list[str] = []
    printer = Printer(lines.append, markdown)
    for each in shown:
        each.show(printer)
    return "\n".join(lines).splitlines()


def test_lines_fit_and_a_heading_stands_where_the_columns_change():
    lines = printed(False, ROW, ROW, ENTRY, ENTRY)
    assert [line.split()[0] for line in lines] == ["metric", "highs", "highs", "file", *2 * [ENTRY.name]]
    assert max(map(len, lines)) <= 100
    assert lines[4].split()[1:] == [
        "6906.17", "6729.03", "7292.96", "-5.304%", "2.565%", "7.733%", "12345.6", "right,", "enumeration",
    ]  # fmt: skip


def test_figures_stand_below_their_titles():
    heading, line = printed(False, Entry("a", 1.0, 0.5, None, 1.0, "tree", (ROW,)))
    assert heading.index("bound") + len("bound") == line.index("0.50") + len("0.50")
    assert "  -" in line


def test_markdown_has_as_many_cells_in_every_line():
    lines = [line for line in printed(True, ROW, ENTRY) if line]
    assert [line.count("|") for line in lines] == [8, 8, 8, 10, 10, 10]
    assert lines[1].startswith("|---|---:|")
    assert lines[2].endswith("| right  vs SimPy, numpy draws |")


def test_worse_is_above_zero_in_either_sense():
    assert Entry("a", 11.0, None, 10.0, 0.0, "", ()).to_best == 0.1
    assert Entry("a", 9.0, None, 10.0, 0.0, "", (), sense=-1).to_best == 0.1
    assert Entry("a", None, None, 10.0, 0.0, "", ()).to_best is None
    assert (
        "WRONG" in printed(False, Entry("a", 1.0, 1.0, None, 0.0, "tree", (RUN.row("a", 1.0, ok=False),)))[1]
    )


def test_a_peer_without_an_answer_has_no_figure_and_no_ratio():
    row = RUN.row("gap", 0.1, ok=True, peer=("greedy", float("inf")))
    assert (row.peer, row.ratio) == (None, None)
