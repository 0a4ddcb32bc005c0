"""Options: arguments and options that several commands share."""

from __future__ import annotations

import click

SCENARIO = click.argument("scenario", type=click.Path())
SETS = click.option(
    "--set", "sets", multiple=True, metavar="KEY=VALUE", help="Override a value, such as quotas.goal=12M."
)
ROOTS = click.option(
    "--allow-root",
    "roots",
    multiple=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="Grant a folder beside the scenario's own to read tables from.",
)
ERRORS = click.option(
    "--errors",
    type=click.Choice(["words", "json"]),
    default="words",
    show_default=True,
    help="How stderr speaks.",
)
