"""The command `apportion`: a thin shell over the Python API."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from engine.cli.backtest import backtest_command
from engine.cli.calibrate import calibrate_command
from engine.cli.errors import Terminated, report_errors, report_usage
from engine.cli.lines import second, tell
from engine.cli.options import ERRORS, ROOTS, SCENARIO, SETS
from engine.cli.quotas import quotas_group

if TYPE_CHECKING:
    from pathlib import Path


class Shell(click.Group):
    """The group, speaking of wrong usage in the form that was asked for."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; wrong usage ends with status 2 in words, or as a record after `--errors json`."""
        try:
            status = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.ClickException as error:
            report_usage(error, as_json=" json" in " ".join(sys.argv).replace("=", " "))
        except click.Abort:
            sys.exit(130)
        sys.exit(status if isinstance(status, int) else 0)


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(package_name="apportion", prog_name="apportion")
def main() -> None:
    """Plan territories, quotas, pipeline and comp together, with proof."""

    def terminate(number: int, frame: FrameType | None) -> None:
        raise Terminated.now()

    signal.signal(signal.SIGTERM, terminate)


def _demand(file: str, roots: Sequence[Path], *, pay: bool) -> None:
    """Refuse a scenario where a pay file is wanted, and the other way round."""
    from engine.errors import BadInput, Fault
    from engine.reading import says

    if says("crediting", file, roots) != pay:
        what, command = (
            ("no pay file: it has no `crediting`", "run")
            if pay
            else ("a pay file: it has `crediting`", "pay")
        )
        raise BadInput([Fault("E_KIND", f"this is {what}", f"Give it to `apportion {command}`.", file)])


@main.command("run")
@SCENARIO
@SETS
@click.option(
    "--out", type=click.Path(), default=None, help="Run folder; runs/<name of the scenario> unless given."
)
@click.option(
    "--until",
    type=click.Choice(["inputs", "territories", "pipeline", "quotas", "comp"]),
    default="comp",
    show_default=True,
    help="Last stage to run.",
)
@click.option(
    "--workers", type=click.IntRange(0, 256), default=0, help="Threads of the simulation; 0: one per core."
)
@click.option("--strict", is_flag=True, help="Fail (status 5) where a solve stops short of the demanded gap.")
@ROOTS
@ERRORS
def run_command(
    scenario: str, sets: tuple[str, ...], roots: tuple[str, ...], errors: str, **how: Any
) -> None:
    """Run SCENARIO and leave a run folder."""
    with report_errors(errors):
        from pathlib import Path

        from engine.cli.progress import watch
        from engine.report.text import LABEL
        from engine.runs import run
        from engine.scenario import Scenario

        granted = [Path(root) for root in roots]
        _demand(scenario, granted, pay=False)
        with watch(quiet=errors == "json") as progress:
            result = run(Scenario.load(scenario, *sets, roots=granted), progress=progress, **how)
        for line in result.summary.splitlines():
            tell([line], further="" if line.startswith(" ") else " " * LABEL)
        click.echo(f"Run folder: {result.folder}")


@main.command("check")
@SCENARIO
@SETS
@ROOTS
@ERRORS
def check_command(scenario: str, sets: tuple[str, ...], roots: tuple[str, ...], errors: str) -> None:
    """Check SCENARIO, or a pay file, and its tables; write nothing."""
    with report_errors(errors):
        from pathlib import Path

        from engine.reading import says

        granted = [Path(root) for root in roots]
        if says("crediting", scenario, granted):
            from engine.pay import check as pay_check
            from engine.pay.spec import PayScenario

            lines = pay_check.check(PayScenario.load(scenario, *sets, roots=granted))
        else:
            from engine.check import check
            from engine.scenario import Scenario

            lines = check(Scenario.load(scenario, *sets, roots=granted))
        tell(lines)


@main.command("pay")
@click.argument("file", metavar="PAY.yaml", type=click.Path())
@SETS
@click.option(
    "--out", type=click.Path(), default=None, help="Pay folder; runs/<name of the file> unless given."
)
@click.option(
    "--as-of", metavar="DATE", default=None, help="First day that is not known; ended periods are paid."
)
@click.option("--plan-b", type=click.Path(), default=None, help="Pay file whose plans are held beside.")
@click.option(
    "--previous", type=click.Path(), default=None, help="Earlier pay folder: what it paid stays paid."
)
@ROOTS
@ERRORS
def pay_command(file: str, sets: tuple[str, ...], roots: tuple[str, ...], errors: str, **how: Any) -> None:
    """Settle past deals into statements, a ledger and accruals."""
    with report_errors(errors):
        from pathlib import Path

        from engine.cli.progress import watch
        from engine.pay.run import pay
        from engine.pay.spec import PayScenario

        granted = [Path(root) for root in roots]
        _demand(file, granted, pay=True)
        sets = (*sets, f"as_of={how['as_of']}") if how["as_of"] else sets
        scenario = PayScenario.load(file, *sets, roots=granted)
        if how["plan_b"]:
            scenario = scenario.beside(PayScenario.load(how["plan_b"], roots=granted).comp)
        with watch(quiet=errors == "json") as progress:
            result = pay(scenario, how["out"], previous=how["previous"], progress=progress)
        click.echo(result.summary)
        click.echo(f"Pay folder: {result.folder}")


@main.command("verify", short_help="Check the run in FOLDER against itself.")
@click.argument("folder", type=click.Path())
@ERRORS
def verify_command(folder: str, errors: str) -> None:
    """Check the run in FOLDER against itself: digests, plain checks, totals."""
    with report_errors(errors):
        from engine.verification import verify

        for line in verify(folder):
            click.echo(f"ok: {line}")


@main.command("trace", short_help="Simulate one replication of RUN again, with its log.")
@click.argument("folder", metavar="RUN", type=click.Path())
@click.option(
    "--replication", type=click.IntRange(0), required=True, metavar="N", help="Number of it, from 0."
)
@click.option("--out", type=click.Path(), default=None, help="CSV of the event log; beside RUN unless given.")
@ERRORS
def trace_command(folder: str, replication: int, out: str | None, errors: str) -> None:
    """Simulate one replication of RUN again: its event log, its deals and its bookings as CSV."""
    with report_errors(errors):
        from pathlib import Path

        from engine.cli.trace import write_trace

        for line in write_trace(Path(folder), replication, Path(out) if out else None):
            click.echo(line)


@main.command("why", short_help="Say why each ACCOUNT sits where it sits in RUN.")
@click.argument("folder", metavar="RUN", type=click.Path())
@click.argument("accounts", nargs=-1, metavar="[ACCOUNT ...]")
@click.option(
    "--next", "count", type=click.IntRange(1, 100), default=None, help="Next best territories to show."
)
@ERRORS
def why_command(folder: str, accounts: tuple[str, ...], count: int | None, errors: str) -> None:
    """Say why each ACCOUNT sits where it sits in RUN, and what its next best territories would cost."""
    with report_errors(errors):
        from pathlib import Path

        from engine.cli.why import planned
        from engine.territory.why.words import explain

        for line in explain(planned(Path(folder)), accounts, count):
            click.echo(line)


@main.command("explain", short_help="Explain comp, one KIND of its components, or pay.")
@click.argument("topic", type=click.Choice(["comp", "pay"]))
@click.argument("kind", required=False)
@ERRORS
def explain_command(topic: str, kind: str | None, errors: str) -> None:
    """Explain TOPIC, or one KIND of the components of comp: fields, meaning, an example."""
    with report_errors(errors):
        from engine.comp import pages as comp
        from engine.pay import pages as pay

        if topic == "pay" and kind:
            raise click.UsageError(
                "pay has no kinds; components are those of comp: apportion explain comp KIND"
            )
        page = pay.overview() if topic == "pay" else comp.page(kind) if kind else comp.overview()
        for line in page.splitlines():
            tell([line], further=second(line))


@main.command("schema")
@click.option("--pay", is_flag=True, help="That of a pay file.")
def schema_command(pay: bool) -> None:
    """Print the JSON Schema of a scenario, for editors."""
    with report_errors("words"):
        from engine.schema import pay_schema_text, schema_text

        sys.stdout.write(pay_schema_text() if pay else schema_text())


@main.command("new", short_help="Write a commented starter scenario into FOLDER.")
@click.argument("folder", type=click.Path())
@ERRORS
def new_command(folder: str, errors: str) -> None:
    """Write a commented starter scenario with small tables into FOLDER."""
    with report_errors(errors):
        from pathlib import Path

        from engine import starter

        place = Path(folder)
        starter.write(place)
        scenario = next(iter(sorted(place.glob("*.yaml"))))
        click.echo(f"Wrote {scenario} and its tables.\nNext: apportion run {scenario}")


main.add_command(backtest_command)
main.add_command(calibrate_command)
main.add_command(quotas_group)
