"""Tables of the comp stage, one file per question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.columns import Table
from engine.comp.checker import Check
from engine.comp.given import Given
from engine.comp.ledger import Ledger
from engine.comp.payouts import Payouts
from engine.comp.tables import attainment, cost, plans, private, sales
from engine.comp.typical import Typical


def tables(
    given: Given,
    payouts: Payouts,
    ledger: Ledger,
    usual: Mapping[str, Typical | None],
    found: Sequence[Check],
) -> tuple[Table, ...]:
    """Return every table of the stage; `usual` holds the typical person of each plan."""
    inputs, spec, minor = given.inputs, given.spec, given.minor
    return (
        cost.cost(inputs, payouts, ledger.loading, minor),
        cost.cost_by_group(inputs, ledger.sums, ledger.loading, minor),
        cost.cost_distribution(payouts, minor),
        attainment.attainment(inputs, given.quotas, payouts),
        attainment.attainment_distribution(payouts),
        sales.cost_of_sales(given.bookings, spec, payouts),
        plans.pay_curve(inputs, spec, usual, minor),
        plans.plan_checks(found),
        private.payouts(inputs, ledger, minor),
    )
