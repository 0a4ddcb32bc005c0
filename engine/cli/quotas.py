"""`apportion quotas`: what is done with the quotas of a finished run."""

from __future__ import annotations

import click

from engine.cli.errors import report_errors
from engine.cli.options import ERRORS


@click.group("quotas", short_help="Letters and uploads of the quotas of a run.")
def quotas_group() -> None:
    """Work with the quotas of a finished run."""


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
