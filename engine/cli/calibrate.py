"""`apportion calibrate`: from an export to a pipeline."""

from __future__ import annotations

import click

from engine.cli.errors import report_errors
from engine.cli.lines import tell
from engine.cli.options import ERRORS, ROOTS, SCENARIO, SETS


@click.command("calibrate", short_help="Estimate a pipeline from the tables of SCENARIO.")
@SCENARIO
@SETS
@click.option("--out", type=click.Path(), default=None, help="Folder; runs/<name>-calibration unless given.")
@ROOTS
@ERRORS
def calibrate_command(
    scenario: str, sets: tuple[str, ...], out: str | None, roots: tuple[str, ...], errors: str
) -> None:
    """Estimate a pipeline from the tables of SCENARIO: a block with its uncertainty, and how well it fits."""
    with report_errors(errors):
        from pathlib import Path

        from engine.calibration.run import calibrate
        from engine.calibration.scenario import CalibrationScenario
        from engine.cli.progress import watch

        granted = [Path(root) for root in roots]
        with watch(quiet=errors == "json") as progress:
            result = calibrate(
                CalibrationScenario.load(scenario, *sets, roots=granted), out, progress=progress
            )
        warnings = (remark for remark in result.calibration.found.remarks if remark.kind == "warning")
        tell(
            (f"warning: {remark.part}: {remark.text} {remark.hint}".rstrip() for remark in warnings), err=True
        )
        tell(result.summary.splitlines())
        click.echo(f"Calibration: {result.folder}")
