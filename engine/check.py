"""`apportion check`: validation alone, and a report on the data and the plans in words."""

from __future__ import annotations

from collections.abc import Iterator

from engine.calendar import calendar
from engine.errors import BadInput, counted
from engine.scenario import Scenario


def check(scenario: Scenario) -> Iterator[str]:
    """Read a scenario and its tables and say what is there, what was found, and what the plans pay.

    The pipeline is built, and not simulated.

    Raises:
        BadInput: every fault that can be found.

    """
    from engine import comp, data, pipeline, quota, territory

    source = scenario.source
    with source.placing_faults():
        plan = calendar(scenario.calendar, scenario.as_of)
        inputs = data.read(scenario.data, plan, scenario.currency, source.base, source.roots)
        inputs = territory.with_edits(inputs, scenario.territories, source.base, source.roots)
        inputs = quota.with_adjustments(inputs, scenario.quotas, source.base, source.roots)
        inputs = quota.with_previous(inputs, scenario.quotas, source.base, source.roots)
        inputs = comp.budgeted(inputs, scenario.comp.budget, source.base, source.roots)
        faults = list(territory.faults(inputs, scenario.territories))
        faults += quota.misfits(
            inputs, scenario.quotas, scenario.measures, pipeline.offered(scenario.pipeline)
        )
        faults += quota.product_faults(inputs, scenario.quotas, scenario.measures)
        odd: tuple[str, ...] = ()
        plans: list[str] = []
        try:
            odd = pipeline.check(
                inputs, scenario.pipeline, scenario.measures, quota.goal(inputs, scenario.quotas)
            )
        except BadInput as bad:
            faults += bad.faults
        try:
            plans = comp.check(scenario.comp, inputs)
        except BadInput as bad:
            faults += bad.faults
        if faults:
            raise BadInput(faults)
    closed = len(inputs.history) + (0 if inputs.actuals is None else len(inputs.actuals))
    yield f"{source.name}: {plan.labels[0]} to {plan.labels[-1]}, {plan.periods} periods, {scenario.currency}"
    yield (
        f"  {counted(len(inputs.accounts), 'account')}, {counted(len(inputs.reps), 'seat')}, "
        f"{counted(len(inputs.spells), 'spell')}, {counted(len(inputs.products), 'product')}, "
        f"{closed:,} closed and {len(inputs.pipeline):,} open opportunities"
    )
    if inputs.actuals is not None:
        yield f"  {len(inputs.actuals):,} of them closed from {plan.start} to the day before {plan.as_of}"
    if inputs.findings:
        yield "Data:"
    for finding in inputs.findings:
        yield f"  {finding.told}"
        for example in finding.examples[:3]:
            yield f"      {example}"
    if odd:
        yield "Pipeline:"
    yield from (f"  {sentence}" for sentence in odd)
    doubts = quota.doubts(inputs, scenario.quotas)
    if doubts:
        yield "Quotas:"
    yield from (f"  {sentence}" for sentence in doubts)
    if plans:
        yield "Plans:"
    yield from (f"  {sentence}" for sentence in plans)
    yield "No faults."
