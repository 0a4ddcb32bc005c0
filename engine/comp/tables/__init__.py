"""Tables of the comp stage, one file per question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.columns import Table
from engine.comp.checker import Check
from engine.comp.payouts import Payouts
from engine.comp.tables import (
    accruals,
    attainment,
    cost,
    outlooks,
    plans,
    private,
    sales,
    sensitivity,
    waiting,
    zones,
)
from engine.comp.typical import Typical
from engine.comp.year import Year


def tables(
    year: Year,
    payouts: Payouts,
    usual: Mapping[str, Typical | None],
    found: Sequence[Check],
) -> tuple[Table, ...]:
    """Return every table of the stage.

    Args:
        year: the settled year.
        payouts: what it came to.
        usual: the typical person of each plan.
        found: findings of the plan checker.

    """
    given, ledger = year.given, year.ledger
    inputs, spec = given.inputs, given.spec
    parts = sensitivity.cut(given.bookings, given.quotas, payouts)
    plan_to_date = (outlooks.outlook(year),) if inputs.calendar.as_of is not None else ()
    return (
        cost.cost(inputs, payouts, ledger.loading),
        cost.cost_by_group(inputs, ledger.sums, ledger.loading),
        cost.cost_distribution(payouts),
        sensitivity.cost_by_attainment(parts),
        sensitivity.cost_variation(parts),
        *plan_to_date,
        *accruals.accruals(year),
        attainment.attainment(inputs, given.quotas, payouts),
        attainment.attainment_distribution(payouts),
        sales.cost_of_sales(given.bookings, spec, payouts),
        plans.pay_curve(inputs, spec, usual),
        plans.plan_checks(found),
        zones.pay_zones(given),
        *waiting.waiting_pay(given),
        private.payouts(inputs, ledger),
    )
