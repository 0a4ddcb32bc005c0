"""What a comp plan needs of the tables, all faults at once, and what odd input means.

Refused in words: tiers that overlap or leave a gap, a rate of 12 for 12 %, a plan that is not there, two plans in one
seat on a day, two rows of a person under one plan while `carry` is silent.

Taken, and paid so: against a quota of 0, or none, whatever is compared with a quota pays 0, and rates of credit pay as
ever. Negative credit pays back what it had earned: to date by the table, in an interval of its own at the first rate; a
bonus does not fall below 0. Who has no plan is paid nothing and costs nothing, and a warning counts them. Who holds two
seats on a day is paid for both, each by its own row, and the findings on the data name them.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.comp.asking import Columns
from engine.comp.carry import chains
from engine.comp.spec import CompSpec
from engine.comp.terms import in_year
from engine.errors import BadInput, Fault, counted, did_you_mean
from engine.inputs import Inputs, Words


def demand(
    inputs: Inputs,
    spec: CompSpec,
    *,
    quota_measures: Words = (),
    deals: bool = True,
    days: bool = True,
    columns: Columns | None = None,
) -> None:
    """Refuse a plan that the tables, the quotas or the credits cannot serve.

    Args:
        inputs: calendar, seats and people.
        spec: the plans.
        quota_measures: measures that have quotas, first the one that they are set on; none where any may have one.
        deals: whether credits are known deal by deal, not by period alone.
        days: whether the day of each credit is known.
        columns: what deals say; that of simulated ones unless given.

    Raises:
        BadInput: every fault found, with its field.

    """
    found = [
        *_months(inputs, spec),
        *_people(inputs, spec),
        *_components(inputs, spec, quota_measures, deals),
        *(columns or Columns.simulated(inputs)).faults(spec),
        *_misfits(inputs, spec, days),
    ]
    if found:
        raise BadInput(found)


def _months(inputs: Inputs, spec: CompSpec) -> Iterator[Fault]:
    edges = inputs.calendar.edges
    if (
        spec.proration == "days_30_360"
        and (edges.astype("datetime64[M]").astype("datetime64[D]") != edges).any()
    ):
        message = "days_30_360 counts months of 30 days, and the periods are no calendar months"
        yield Fault("E_UNSUPPORTED", message, "Use days_of_period.", field="comp.proration")


def _people(inputs: Inputs, spec: CompSpec) -> Iterator[Fault]:
    unknown: dict[str, list[str]] = {}
    for person, plan in zip(inputs.spells.id, inputs.spells.plan, strict=True):
        if plan and plan not in spec.plans:
            unknown.setdefault(plan, []).append(person)
    for plan, people in unknown.items():
        shown = ", ".join(people[:3]) + (" ..." if len(people) > 3 else "")
        rows = counted(len(people), "row")
        message = f"no plan is called '{plan}', as {rows} of the table of people would have it ({shown})"
        yield Fault("E_REFERENCE", message, did_you_mean(plan, spec.plans), field="comp.plans")
    yield from _carry(inputs, spec)


def _carry(inputs: Inputs, spec: CompSpec) -> Iterator[Fault]:
    if spec.carry is not None:
        return
    for chain in chains(inputs.spells, in_year(inputs.calendar, inputs)):
        person, plan = inputs.spells.person[chain[0]], inputs.spells.plan[chain[0]]
        if plan in spec.plans and not all(part.fixed for part in spec.plans[plan].components):
            message = f"{person} has {len(chain)} rows under plan '{plan}' in the year"
            hint = "Say `carry: spell` if credit to date, caps and draws start anew with each, `carry: person` if not."
            yield Fault("E_REQUIRED", message, hint, field="comp.carry")
            return


def _components(inputs: Inputs, spec: CompSpec, quota_measures: Words, deals: bool) -> Iterator[Fault]:
    for name, plan in spec.plans.items():
        for i, component in enumerate(plan.components):
            field = f"comp.plans.{name}.components[{i}]"
            for code, below, message, hint in component.faults(inputs.currency):
                yield Fault(code, message, hint, field=f"{field}.{below}")
            if component.needs_deals and not deals:
                yield Fault(
                    "E_UNSUPPORTED",
                    "credits are known by period alone, so nothing can accumulate by transaction or limit a deal",
                    "Use period, quarter or year_to_date, and no limits per deal, or credits with their deals.",
                    field=f"{field}.accumulate",
                )
            foreign = [
                measure
                for measure in component.held_to_quota()
                if quota_measures and measure not in quota_measures
            ]
            if foreign:
                yield Fault(
                    "E_REFERENCE",
                    f"'{foreign[0]}' has no quota to compare with; quotas are set on '{quota_measures[0]}'",
                    f"Use measure: {quota_measures[0]}, one of it by products that have quotas of their own, rates of "
                    "credit, or a ratio `over` another measure.",
                    field=f"{field}.measure",
                )


def _misfits(inputs: Inputs, spec: CompSpec, days: bool) -> Iterator[Fault]:
    everybody = list(zip(inputs.spells.person, inputs.spells.plan, strict=True))
    for name, plan in spec.plans.items():
        people = tuple(dict.fromkeys(person for person, its in everybody if its == name))
        for i, component in enumerate(plan.components):
            field = f"comp.plans.{name}.components[{i}]"
            for code, below, message, hint in component.misfits(inputs, people, days):
                yield Fault(code, message, hint, field=f"{field}.{below}")
