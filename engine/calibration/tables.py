"""Tables: parameters with errors and intervals, laws that were tried, and what is amiss or missing."""

from __future__ import annotations

from engine.calibration.found import Found
from engine.columns import Column, Table

PARAMETERS = (
    Column("part", "text", "Part of the pipeline: a stage, arrivals, sizes, reps, attrition"),
    Column("parameter", "text", "What was estimated"),
    Column("of", "text", "Segment, product, month or seat that it concerns; blank for all"),
    Column("estimate", "real", "Estimate, after shrinking where that was done"),
    Column("unit", "text", "Unit of the estimate"),
    Column("error", "real", "Standard error"),
    Column("low", "real", "Lower end of the 90 % interval"),
    Column("high", "real", "Upper end of the 90 % interval"),
    Column("rests_on", "whole", "Deals or people that it was estimated from"),
    Column(
        "kept",
        "ratio",
        "Share of the distance from the middle of all that shrinking kept; blank where none was done",
    ),
    Column("raw", "real", "Estimate before shrinking; blank where none was done"),
)
LAWS = (
    Column("stage", "text", "Stage"),
    Column("advancing", "text", "Law of the days of deals that advance"),
    Column("others", "text", "Law of the days of others; `same`, or `none` where no other was seen"),
    Column("parameters", "whole", "Free parameters"),
    Column("log_likelihood", "real", "Logarithm of the likelihood"),
    Column("aic", "real", "Akaike's criterion; lower is better"),
    Column("bic", "real", "Schwarz's criterion; lower is better"),
    Column("chosen", "flag", "Whether it stands in the block"),
)
REMARKS = (
    Column("kind", "text", "warning, not estimated, or note"),
    Column("part", "text", "Part of the pipeline"),
    Column("text", "text", "What there is to know"),
    Column("hint", "text", "What to do about it"),
)


def tables(found: Found) -> tuple[Table, ...]:
    """Return what was found as tables."""
    import pandas as pd

    parameters = [
        (
            p.part,
            p.name,
            p.of or None,
            p.value,
            p.unit or None,
            p.error,
            p.low,
            p.high,
            p.rests_on,
            p.kept,
            p.raw,
        )
        for p in found.parameters
    ]
    laws = [
        (stage, one.on, one.off, one.parameters, one.log_likelihood, one.aic, one.bic, chosen)
        for stage, one, chosen in found.tried
    ]
    remarks = [(r.kind, r.part, r.text, r.hint or None) for r in found.remarks]
    return tuple(
        Table(name, columns, pd.DataFrame(rows, columns=[column.name for column in columns]), meaning)
        for name, columns, rows, meaning in (
            ("parameters", PARAMETERS, parameters, "Every parameter with its standard error and interval."),
            ("laws", LAWS, laws, "Laws of days that were tried."),
            (
                "remarks",
                REMARKS,
                remarks,
                "Warnings, what could not be estimated, and what estimates rest on.",
            ),
        )
    )
