"""`apportion check` of a pay file: validation alone, and what its plans will do, in words."""

from __future__ import annotations

from collections.abc import Iterator

from engine.calendar import calendar
from engine.errors import counted
from engine.pay.attributes import demand_columns
from engine.pay.checked import checked
from engine.pay.closed import periods_closed
from engine.pay.judged import judged
from engine.pay.spec import PayScenario
from engine.pay.tables import read_tables


def check(scenario: PayScenario) -> Iterator[str]:
    """Read a pay file and its tables and say what is there, what was found, and what the plans pay.

    Raises:
        BadInput: every fault that can be found.

    """
    source = scenario.source
    with source.placing_faults():
        year = calendar(scenario.calendar)
        periods_closed(scenario, year)
        demand_columns(scenario)
        tables = read_tables(scenario, year, source.base, source.roots)
        found = judged(scenario, tables)
        plans = {
            key: [one.told for one in checked(spec, key, tables, found, scenario.as_of)]
            for key, spec in scenario.compared
        }
    inputs = tables.inputs
    yield f"{source.name}: {year.labels[0]} to {year.labels[-1]}, {year.periods} periods, {scenario.currency}"
    yield (
        f"  {counted(len(inputs.reps), 'seat')}, {counted(len(inputs.spells), 'spell')}, "
        f"{counted(len(tables.deals), 'deal')}, {counted(len(found.spell), 'credited line')}"
    )
    findings = (*inputs.findings, *found.findings)
    if findings:
        yield "Data:"
    for finding in findings:
        yield f"  {finding.told}"
        yield from (f"      {example}" for example in finding.examples[:3])
    for key, sentences in plans.items():
        if sentences:
            yield "Plans:" if key == "comp" else "Plans to be held beside:"
        yield from (f"  {sentence}" for sentence in sentences)
    yield "No faults."
