"""The report: workbook and self-contained HTML of a finished run, and its summary for the terminal."""

from __future__ import annotations

from pathlib import Path

from engine.report.input import ReportInput

__all__ = ["ReportInput", "summary", "write"]


def write(folder: Path, report: ReportInput) -> None:
    """Write `workbook.xlsx` and `report.html` into an existing folder; the same report gives the same bytes.

    Raises:
        ValueError: the report holds a private table.
        OSError: the folder cannot be written.

    """
    from engine.report.html import page
    from engine.report.workbook import write_workbook

    write_workbook(folder / "workbook.xlsx", report)
    (folder / "report.html").write_text(page(report), encoding="utf-8", newline="\n")


def summary(report: ReportInput) -> str:
    """Return the summary for a terminal: some twenty lines of at most 80 columns."""
    from engine.report.text import summary as text

    return text(report)
