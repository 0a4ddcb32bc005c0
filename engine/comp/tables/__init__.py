"""Tables of the comp stage, one file per question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.columns import Table
from engine.comp.checker import Check
from engine.comp.given import Given
from engine.comp.ledger import Ledger
from engine.comp.payouts import Payouts
from engine.comp.tables import attainment, cost, outlooks, plans, private, sales, sensitivity, zones
from engine.comp.typical import Typical


def tables(
    given: Given,
    payouts: Payouts,
    ledger: Ledger,
    outlook: Ledger,
    usual: Mapping[str, Typical | None],
    found: Sequence[Check],
) -> tuple[Table, ...]:
    """Return every table of the stage.

    Args:
        given: what was settled.
        payouts: what it came to.
        ledger: the same by person and group.
        outlook: the ledger of what is known by `as_of`; the same one where nothing is.
        usual: the typical person of each plan.
        found: findings of the plan checker.

    """
    inputs, spec, minor = given.inputs, given.spec, given.minor
    parts = sensitivity.cut(given.bookings, given.quotas, payouts)
    plan_to_date = (outlooks.outlook(given, ledger, outlook),) if inputs.calendar.as_of is not None else ()
    return (
        cost.cost(inputs, payouts, ledger.loading, minor),
        cost.cost_by_group(inputs, ledger.sums, ledger.loading, minor),
        cost.cost_distribution(payouts, minor),
        sensitivity.cost_by_attainment(parts, minor),
        sensitivity.cost_variation(parts, minor),
        *plan_to_date,
        attainment.attainment(inputs, given.quotas, payouts),
        attainment.attainment_distribution(payouts),
        sales.cost_of_sales(given.bookings, spec, payouts),
        plans.pay_curve(inputs, spec, usual, minor),
        plans.plan_checks(found),
        zones.pay_zones(given),
        private.payouts(inputs, ledger, minor),
    )
