"""`apportion quotas`: methods compared, last year's quotas judged, letters of a run."""

from __future__ import annotations

import click

from engine.cli.errors import report_errors
from engine.cli.options import ERRORS, ROOTS, SCENARIO, SETS


@click.group("quotas", short_help="Compare methods of quotas, judge last year's, write letters.")
def quotas_group() -> None:
    """Compare methods of setting quotas, judge those of a past year, and write letters of a run."""


@quotas_group.command("compare", short_help="Set quotas of SCENARIO by several methods and test them.")
@SCENARIO
@click.option(
    "--methods",
    metavar="LIST",
    default="",
    help="Comma-separated: plan, kinds of methods, blends such as potential:60%+history:40%.",
)
@click.option("--actual", type=click.Path(), default=None, help="Table rep, credit of what then happened.")
@SETS
@click.option(
    "--out", type=click.Path(), default=None, help="Folder; runs/<name of the scenario>-quotas unless given."
)
@click.option(
    "--workers", type=click.IntRange(0, 256), default=0, help="Threads of the simulation; 0: one per core."
)
@ROOTS
@ERRORS
def compare_command(
    scenario: str,
    methods: str,
    actual: str | None,
    sets: tuple[str, ...],
    out: str | None,
    workers: int,
    roots: tuple[str, ...],
    errors: str,
) -> None:
    """Set the quotas of SCENARIO by several methods on one simulated year, and test the fairness of each."""
    with report_errors(errors):
        from pathlib import Path

        from engine.cli.progress import watch
        from engine.fairness.compare import compare
        from engine.scenario import Scenario

        words = [word.strip() for word in methods.split(",") if word.strip()]
        with watch(quiet=errors == "json") as progress:
            result = compare(
                Scenario.load(scenario, *sets, roots=[Path(root) for root in roots]),
                words,
                out=out,
                actual=actual,
                workers=workers,
                progress=progress,
            )
        click.echo(result.summary)
        click.echo(f"Comparison folder: {result.folder}")


@quotas_group.command("check", short_help="Judge the quotas of a past year in TABLE.")
@click.argument("table", type=click.Path())
@click.option("--by", metavar="LIST", default="", help="Columns that make groups, such as region,role.")
@click.option("--currency", default="USD", show_default=True, help="Currency of the amounts.")
@click.option("--out", type=click.Path(), default=None, help="Folder for tables and page; none unless given.")
@ERRORS
def check_command(table: str, by: str, currency: str, out: str | None, errors: str) -> None:
    """Judge the quotas of a past year in TABLE: columns rep, quota, credit.

    If known: potential, last_year (bookings of the year before), last_quota, and region, district, team, role, tenure.
    """
    with report_errors(errors):
        from engine.fairness.check import check

        result = check(table, currency, [word.strip() for word in by.split(",") if word.strip()], out=out)
        click.echo(result.summary)
        if result.folder is not None:
            click.echo(f"Folder: {result.folder}")


@quotas_group.command("letters", short_help="Write a quota letter for everybody in RUN.")
@click.argument("folder", metavar="RUN", type=click.Path())
@click.option("--out", type=click.Path(), default=None, help="Folder; RUN-letters unless given.")
@ERRORS
def letters_command(folder: str, out: str | None, errors: str) -> None:
    """Write a quota letter for everybody in RUN, and one table of all quotas for upload to a CRM.

    A letter says what one person earns: it is for that person alone.
    """
    with report_errors(errors):
        from pathlib import Path

        from engine.cli.recalled import recalled
        from engine.letters.publish import write_letters
        from engine.store.folder import publish, reserve

        source = Path(folder)
        run = recalled(source, "quotas")
        place = Path(out) if out else source.with_name(source.resolve().name + "-letters")
        with reserve(place) as temporary:
            said = write_letters(temporary, run, str(run.manifest["scenario"]))
            publish(temporary, place)
        for line in said:
            click.echo(f"{line}.")
        click.echo(f"Letters: {place}")
