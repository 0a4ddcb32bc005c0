"""Judged: tables that can be read, held to the plans and to one another, all faults at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.comp import opening
from engine.comp.faults import demand
from engine.comp.opening import unknown
from engine.comp.spec import CompSpec
from engine.crediting.deals import Deals
from engine.errors import BadInput, Fault
from engine.pay.attributes import columns_of
from engine.pay.credit import Credits, credits
from engine.pay.deal_pay import DealPay
from engine.pay.placing import under
from engine.pay.spec import PayScenario
from engine.pay.tables import Tables


def judged(scenario: PayScenario, tables: Tables) -> Credits:
    """Return the credited lines, once nothing is wrong with the tables.

    Raises:
        BadInput: every fault of deals, people, quotas, balances, exceptions and pay of earlier years.

    """
    found, faults = credits(scenario, tables)
    for key, spec in scenario.compared:
        try:
            with under(key):
                _held_to(spec, scenario, tables, found)
        except BadInput as bad:
            faults += bad.faults
    faults += opening.judge(tables.balances, tables.inputs, scenario.comp)
    faults += tables.exceptions.named.faults(tables.inputs, scenario.comp)
    faults += _homeless(tables.deal_pay, tables, scenario.comp)
    if faults:
        raise BadInput(dict.fromkeys(faults))
    return found


def _held_to(spec: CompSpec, scenario: PayScenario, tables: Tables, found: Credits) -> None:
    """Raise what is wrong under some plans."""
    faults = list(without_quota(spec, tables, found))
    try:
        demand(tables.inputs, spec, columns=columns_of(scenario))
    except BadInput as bad:
        faults += bad.faults
    if faults:
        raise BadInput(faults)


def without_quota(spec: CompSpec, tables: Tables, found: Credits) -> Iterator[Fault]:
    """Yield a fault for each seat whose plan compares credit with a quota that is 0 all year."""
    faults: dict[str, Fault] = {}
    spells, deals = tables.inputs.spells, tables.deals
    for i in np.unique(found.spell).tolist():
        seat = int(spells.rep[i])
        plan = spec.plans.get(spells.plan[i])
        for part in plan.components if plan else ():
            for measure in part.held_to_quota():
                if tables.quotas.single.get(measure, tables.quotas.every)[seat].any():
                    continue
                line = int(tables.quotas.line[seat])
                deal = found.lines.deal[np.flatnonzero(found.spell == i)[0]]
                file, row = (tables.quotas.file, line) if line else (deals.file, int(deals.line[deal]))
                seat_id = tables.inputs.reps.id[seat]
                message = f"the quota of {seat_id} is 0 all year, and plan {spells.plan[i]} compares {measure} with it"
                hint = "Give data.quotas a quota for the seat, or the person a plan without one."
                faults.setdefault(seat_id, Fault("E_RANGE", message, hint, file, row, field="quota"))
    yield from faults.values()


def _homeless(pay: DealPay, tables: Tables, spec: CompSpec) -> Iterator[Fault]:
    """Yield pay of earlier years that this one changes, and that no component of the person's plans takes up."""
    open_ = pay.earned - pay.taken != pay.paid
    rows = np.flatnonzero(open_ | np.isin(pay.deal, _taken_back(tables.deals)))
    named = list(zip(pay.named.person[rows], pay.named.component[rows], strict=True))
    yield from unknown(tables.inputs, spec, pay.named.file, pay.named.line[rows].tolist(), named)


def _taken_back(deals: Deals) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the deals of earlier years of which something is taken back, by their place among those."""
    past = np.where(deals.past >= 0, deals.past, deals.cash.past)[deals.falls]
    return np.asarray(past[past >= 0], dtype=np.int64)
