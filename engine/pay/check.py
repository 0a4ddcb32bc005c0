"""`apportion check` of a pay file: validation alone, and what its plans will do, in words."""

from __future__ import annotations

from collections.abc import Iterator

from engine.calendar import calendar
from engine.comp.faults import demand
from engine.errors import BadInput, counted
from engine.pay.attributes import columns_of, demand_columns
from engine.pay.checked import checked
from engine.pay.credit import credits, without_quota
from engine.pay.placing import under
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
        tables = read_tables(scenario, year, source.base, source.roots)
        demand_columns(scenario)
        found = credits(scenario, tables)
        plans = {}
        for key, spec in (("comp", scenario.comp), ("comp_b", scenario.comp_b)):
            if spec is None:
                continue
            with under(key):
                faults = without_quota(spec, tables, found)
                if faults:
                    raise BadInput(faults)
                demand(tables.inputs, spec, columns=columns_of(scenario))
                plans[key] = [one.told for one in checked(spec, key, tables, found, scenario.as_of)]
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
