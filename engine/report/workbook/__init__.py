"""The workbook: the tables of a run for people who live in a spreadsheet, with native charts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from engine.report.input import ReportInput
from engine.report.privacy import discreet
from engine.report.view import View
from engine.report.workbook.sheets import ROWS, Formats, SheetNames, write_contents, write_table

CREATED = dt.datetime(2000, 1, 1)
"""Written as the time of creation, so that equal reports give equal bytes."""
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def write_workbook(path: Path, report: ReportInput, rows: int = ROWS) -> None:
    """Write the contents, the charts, and one sheet per table; more than `rows` rows run over further sheets.

    Text is always text: no cell is a live formula or link, whatever the data say.

    Raises:
        OSError: the file cannot be written.

    """
    import xlsxwriter

    from engine.report.workbook.charts import write_charts

    view = View(discreet(report))
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"title": f"{report.title}: plan report", "created": CREATED})
        formats = Formats(book, view.currency)
        names = SheetNames(("Contents", "Charts", "Chart data"))
        contents = book.add_worksheet("Contents")
        write_charts(book, view, formats)
        sheets = {
            table.name: write_table(book, view, table, formats, names, rows) for table in view.report.tables
        }
        write_contents(contents, view, formats, sheets)
