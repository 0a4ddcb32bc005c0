"""Pay: from past deals to statements, read top to bottom like a sentence, and the folder it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import wrap

import pandas as pd

from engine import amounts
from engine.calendar import calendar
from engine.columns import Table
from engine.comp.spec import CompSpec
from engine.comp.tables.plans import plan_checks
from engine.errors import counted
from engine.inputs import Inputs
from engine.pay import balances, handed_on
from engine.pay.adjusted import adjusted
from engine.pay.attributes import demand_columns, without_deals
from engine.pay.beside import PLAN_B_PEOPLE, beside
from engine.pay.books import books
from engine.pay.checked import checked
from engine.pay.closed import periods_closed
from engine.pay.credit import Credits
from engine.pay.discreet import sums
from engine.pay.earlier import Earlier, earlier
from engine.pay.judged import judged
from engine.pay.ledger import COLUMNS, ledger
from engine.pay.owed_before import owed_before
from engine.pay.placing import under
from engine.pay.public import Paying, public
from engine.pay.publish import Leaves, write_pay
from engine.pay.settlement import Settlement, settle
from engine.pay.shown import shown, with_adjustments
from engine.pay.spec import PayScenario
from engine.pay.statements import everybody
from engine.pay.tables import Tables, read_tables
from engine.progress import Progress, Silent

LEDGER_MEANING = "What each person earned and was paid."


@dataclass(frozen=True)
class Paid:
    """A published pay folder."""

    folder: Path
    ledger: pd.DataFrame
    lines: pd.DataFrame
    tables: tuple[Table, ...]
    summary: str


def pay(
    scenario: PayScenario,
    out: str | Path | None = None,
    *,
    previous: str | Path | None = None,
    progress: Progress | None = None,
) -> Paid:
    """Settle past deals and publish ledger, statements, extracts and the report.

    Args:
        scenario: read with `PayScenario.load`.
        out: the folder; `runs/<name of the file>` unless given.
        previous: an earlier pay folder of the same year, whose closed periods stay as they were paid.
        progress: where to report.

    Raises:
        BadInput, VerificationFailed, FolderInUse, EnvironmentFailed: nothing was published.

    """
    from engine.store.folder import publish, reserve

    place, told = Path(out) if out is not None else Path("runs") / scenario.source.name, progress or Silent()
    with reserve(place) as temporary:
        leaves = worked_out(scenario, Path(previous) if previous is not None else None, told)
        told.stage("statements")
        write_pay(temporary, scenario, leaves)
        publish(temporary, place)
    return Paid(place, leaves.ledger, leaves.lines, leaves.tables, _summary(scenario, leaves))


def worked_out(scenario: PayScenario, previous: Path | None, progress: Progress) -> Leaves:
    """Return everything that a pay folder holds."""
    source = scenario.source
    with source.placing_faults():
        progress.stage("inputs")
        year = calendar(scenario.calendar)
        closed = periods_closed(scenario, year)
        demand_columns(scenario)
        tables = read_tables(scenario, year, source.base, source.roots)
        progress.stage("credits")
        found = judged(scenario, tables)
        progress.stage("pay")
        settled = _settled(scenario, scenario.comp, "comp", tables, found)
        other = _settled(scenario, scenario.comp_b, "comp_b", tables, found) if scenario.comp_b else None
        checks = [
            check
            for key, spec in scenario.compared
            for check in checked(spec, key, tables, found, scenario.as_of)
        ]
    unsold = dict.fromkeys(f for _, spec in scenario.compared for f in without_deals(spec, tables.deals))
    inputs = replace(tables.inputs, findings=(*tables.inputs.findings, *found.findings, *unsold))
    before = earlier(previous, year, scenario.currency, closed) if previous else None
    leaves = _leaves(inputs, scenario.comp, tables, found, settled, other, closed, before)
    next_year = tuple(_handed_on(scenario, tables, settled, closed))
    return replace(leaves, tables=(*leaves.tables, plan_checks(checks), *next_year), checks=tuple(checks))


def _settled(scenario: PayScenario, spec: CompSpec, key: str, tables: Tables, found: Credits) -> Settlement:
    with under(key):
        return settle(scenario, spec, tables, found)


def _leaves(
    inputs: Inputs,
    spec: CompSpec,
    tables: Tables,
    found: Credits,
    settled: Settlement,
    other: Settlement | None,
    closed: int,
    before: Earlier | None,
) -> Leaves:
    approved = tables.exceptions.ledger(inputs, settled.head, closed)
    frame = ledger(settled, inputs, closed, before.ledger if before else None, approved)
    first = before.closed if before else 0
    every = shown(settled, tables, found, 0, closed)
    fresh = _since(every, inputs, first)
    old = before.lines if before else every[~fresh]
    differences = adjusted(old, every[~fresh], inputs.calendar.labels[closed - 1], inputs.currency)
    lines = with_adjustments(
        every[fresh].reset_index(drop=True), frame[_since(frame, inputs, first)], differences, inputs.currency
    )
    plans = tuple(dict.fromkeys(plan for plan, _ in settled.components))
    # Exceptions come on top of whatever plans pay, so they stand on both sides.
    ours = Paying.of(settled, ledger(settled, inputs, closed, exceptions=approved))
    theirs = Paying.of(other, ledger(other, inputs, closed, exceptions=approved)) if other else None
    owed = owed_before(settled, inputs)
    unit = 10 ** amounts.decimals(inputs.currency)
    leaves = [
        *public(frame, owed, ours, theirs, plans, inputs.calendar.labels[:closed], unit),
        Table("ledger", COLUMNS, frame, LEDGER_MEANING, private=True),
        *books(frame, settled.components, spec, inputs, closed, owed),
    ]
    if theirs is not None:
        people = beside(ours.ledger, theirs.ledger, inputs)
        leaves.append(Table("plan_b_people", PLAN_B_PEOPLE, people, "Plan B by person.", private=True))
    return Leaves(inputs, tables.managers, frame, lines, tuple(leaves), closed, before, every, owed)


def _handed_on(scenario: PayScenario, tables: Tables, settled: Settlement, closed: int) -> Iterator[Table]:
    """Yield what the next year takes up: balances of people, and pay on deals where that may still change."""
    inputs, spec = tables.inputs, scenario.comp
    figures = settled.balances, settled.opening, spec, inputs, closed
    meaning = "What people owe or are owed, from the start of the plan to here."
    yield Table("balances", balances.COLUMNS, balances.balances(*figures), meaning, private=True)
    meaning = "What the next year takes up as data.balances."
    yield Table("carried", balances.CARRIED, balances.carried(*figures), meaning, private=True)
    if scenario.crediting.clawback is not None or scenario.crediting.release == "cash":
        frame = handed_on.deal_pay(settled, tables, closed)
        meaning = "What deals earned and paid; the next year takes it up as data.deal_pay."
        yield Table("deal_pay", handed_on.COLUMNS, frame, meaning, private=True)
        frame = handed_on.released(settled, tables, closed)
        meaning = "What became due on deals, period by period."
        yield Table("released", handed_on.RELEASED, frame, meaning, private=True)


def _since(frame: pd.DataFrame, inputs: Inputs, first: int) -> pd.Series[bool]:
    return frame["period"].map(inputs.calendar.labels.index) >= first


def _summary(scenario: PayScenario, leaves: Leaves) -> str:
    labels, people = leaves.inputs.calendar.labels, everybody(leaves.ledger, leaves.lines, leaves.inputs)
    return "\n".join(
        [
            f"{scenario.source.name}: {labels[0]} to {labels[leaves.closed - 1]}, "
            f"{counted(len(people), 'statement')}, {counted(len(leaves.lines), 'line')}",
            *(line for words in sums(leaves.tables, scenario.currency) for line in _wrapped(words, "  ")),
            *(line for finding in leaves.inputs.findings for line in _wrapped(finding.told, "  ")),
            f"  plans: {counted(len(leaves.checks), 'finding')} in the report, "
            f"{sum(not check.passed for check in leaves.checks)} to look at",
            *(
                line
                for check in leaves.checks
                if not check.passed
                for line in _wrapped(check.message, "  - ")
            ),
        ]
    )


def _wrapped(text: str, before: str) -> list[str]:
    """Return lines of 80 columns, the first of which begins with `before`."""
    return wrap(text, 80, initial_indent=before, subsequent_indent="    ")
