"""What was found in the data, and what the stages warn of."""

from __future__ import annotations

from engine.report import numbers
from engine.report.contents import Grid, Heading, Section
from engine.report.view import View


def section(view: View) -> Section:
    """Return the section on data and warnings."""
    findings, warnings = view.report.findings, view.report.warnings
    sentences = [
        f"{numbers.count(len(findings), 'finding')} in the tables as they were read."
        if findings
        else "Nothing was found wrong in the tables as they were read.",
        f"{numbers.count(len(warnings), 'warning')} from the stages."
        if warnings
        else "No stage warns of anything.",
    ]
    grids = []
    if findings:
        heads = (
            Heading("table"),
            Heading("what"),
            Heading("rows", True),
            Heading("what became of them"),
            Heading("examples"),
        )
        rows = tuple(
            (item.table, item.what, f"{item.rows:,}", item.action, "; ".join(item.examples))
            for item in findings
        )
        grids.append(Grid(heads, rows, "Findings in the data"))
    if warnings:
        grids.append(Grid((Heading("warning"),), tuple((warning,) for warning in warnings), "Warnings"))
    return Section("data", "Data and warnings", tuple(sentences), (), tuple(grids))
