"""`apportion backtest`: how well the forecasts of the past would have been."""

from __future__ import annotations

from typing import Any

import click

from engine.cli.errors import report_errors
from engine.cli.lines import tell
from engine.cli.options import ERRORS, ROOTS, SCENARIO, SETS


@click.command("backtest", short_help="Forecast the past of SCENARIO and score it.")
@SCENARIO
@SETS
@click.option(
    "--out",
    type=click.Path(),
    default=None,
    help="Folder; runs/<name of the scenario>-backtest unless given.",
)
@click.option(
    "--workers", type=click.IntRange(0, 256), default=0, help="Threads of the simulation; 0: one per core."
)
@ROOTS
@ERRORS
def backtest_command(
    scenario: str, sets: tuple[str, ...], roots: tuple[str, ...], errors: str, **how: Any
) -> None:
    """Forecast the past of SCENARIO from what was known then, and score it."""
    with report_errors(errors):
        from pathlib import Path

        from engine.backtest import backtest
        from engine.cli.progress import watch
        from engine.scenario import Scenario

        with watch(quiet=errors == "json") as progress:
            result = backtest(
                Scenario.load(scenario, *sets, roots=[Path(root) for root in roots]), progress=progress, **how
            )
        tell(result.summary.splitlines())
        click.echo(f"Back-test folder: {result.folder}")
