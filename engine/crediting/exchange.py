"""Exchange: amounts of deals into the currency in which people are paid, at a dated rate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine import amounts
from engine.calendar import Calendar, DateArray
from engine.comp.rounding import Rounding, divide
from engine.comp.scaled import product
from engine.crediting.deals import Deals, Rates
from engine.crediting.spec import CreditingSpec
from engine.errors import Fault
from engine.inputs import IntArray

NANO = 10**9


def converted(
    deals: Deals,
    rates: Mapping[str, Rates],
    spec: CreditingSpec,
    calendar: Calendar,
    currency: str,
    rounding: Rounding,
) -> tuple[dict[str, IntArray], list[Fault]]:
    """Return the columns of numbers in minor units of one currency, and what stands in the way.

    amount = rounded(amount in its own currency x rate); the rate is that of the day that `spec` names.
    """
    numbers = {name: values.copy() for name, values in deals.numbers.items()}
    faults: list[Fault] = []
    for code in sorted(set(np.unique(deals.currency).tolist()) - {currency}):
        at = np.flatnonzero(deals.currency == code)
        if spec.currency is None:
            message = f"{at.size:,} deals are in {code}, and nothing says at which rate; the first is {deals.id[at[0]]}"
            hint = "Give crediting.currency: {rate: deal_date}, say, and a table data.rates."
            faults.append(
                Fault("E_REQUIRED", message, hint, deals.file, int(deals.line[at[0]]), field="currency")
            )
            continue
        known = rates.get(code)
        days = _days(deals, spec.currency.rate, calendar)[at]
        index = np.searchsorted(known.day, days, side="right") - 1 if known else np.full(at.size, -1)
        if (index < 0).any() or known is None:
            row = at[np.flatnonzero(index < 0)[0]]
            why = "no rate" if known is None else "no rate yet"
            message = (
                f"there is {why} of {code} to {currency} on {days[index < 0][0]} for deal {deals.id[row]}"
            )
            hint = (
                f"Known: {', '.join(sorted(rates)) or 'none'}. Add it to data.rates, or correct the currency."
            )
            faults.append(
                Fault("E_CURRENCY", message, hint, deals.file, int(deals.line[row]), field="currency")
            )
            continue
        step = amounts.decimals(currency) - amounts.decimals(code)
        for name in deals.money:
            exact = product(numbers[name][at], known.rate[index])
            exact = product(exact, 10 ** max(step, 0))
            exact = exact.astype(object) if np.abs(exact).max(initial=0) >= 2**60 else exact
            numbers[name][at] = divide(exact, NANO * 10 ** max(-step, 0), rounding).astype(np.int64)
    return numbers, faults


def _days(deals: Deals, rate: str, calendar: Calendar) -> DateArray:
    """Return the day whose rate holds for each row; for a reversal or cash, that of its deal."""
    if rate == "deal_date":
        return deals.booked
    if rate == "period_end":
        ends = np.asarray(calendar.edges[deals.period[deals.of] + 1] - np.timedelta64(1, "D"))
        return np.where(deals.booked < calendar.start, deals.booked, ends)
    return np.full(len(deals), calendar.start)
