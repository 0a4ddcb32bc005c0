"""Words: what a letter says of each step, of the chance, and of what it pays."""

from __future__ import annotations

from collections.abc import Iterable

from engine.amounts import decimals
from engine.pay.money import money
from engine.quota import steps

METHODS = {
    "potential": "Potential of your accounts",
    "history": "What the seat booked last year",
    "capacity": "What the seat can book, by the simulation",
    "even": "The same for every seat",
}
STEPS = {
    steps.CLOSED: "Periods that are over: their quotas stand",
    steps.TIME: "Time in the seat: ramp, hire date, leave and vacancies, yours and everybody's",
    steps.OVER: "Over-assignment of the levels above you",
    steps.ABOVE: "Limits of your region or district",
    steps.BOUNDS: "Limits of your own quota",
    steps.ADJUSTMENT: "Adjustment: the quota was set by hand",
    steps.KEPT: "Kept: what holds you near the quota in force",
    steps.ROUNDING: "Rounding to the step, so that every level adds up",
    steps.EVEN: "Equal chances: as near as bounds, steps and sums allow",
    steps.CATCH_UP: "Catch-up: what the seat did not reach in periods that are over",
    steps.RELIEF: "Relief",
}


def amounts(minor: Iterable[int], currency: str) -> list[str]:
    """Return amounts in minor units as text, without decimals where none of them needs any: `130,000`."""
    texts, places = [money(value, currency) for value in minor], decimals(currency)
    ending = "." + "0" * places
    return (
        [text[: -len(ending)] for text in texts]
        if places and all(t.endswith(ending) for t in texts)
        else texts
    )


def step(name: str, rule: str, weight: float, share: float) -> str:
    """Return a step in words: `Potential of your accounts: 2.13% of the company's, counts 40%`."""
    if weight == weight:
        said = METHODS.get(name, f"By {name.replace('_', ' ')}")
        return f"{said}: {share:.2%} of the company's, counts {weight:.0%}"
    said = STEPS[name]
    return f"{said} ({rule})" if name in (steps.BOUNDS, steps.ABOVE) and rule else said


def chance(p: float, low: float, high: float, replications: int, *, fresh: bool) -> str:
    """Return P(attainment) in words, with its interval; `fresh` where the quotas were set without these years."""
    years = f"{replications:,} fresh simulated years" if fresh else f"{replications:,} simulated years"
    said = (
        f"In {p:.0%} of {years} the seat reached this number; with so many years the true "
        f"share lies between {low:.0%} and {high:.0%} (95% confidence), if the plan's assumptions hold."
    )
    if fresh:
        return f"{said} Nothing was set by these years, and rates that the data leave open were drawn anew in each."
    return f"{said} The quotas were set with the same years and rates as estimated, so the interval may be too narrow."


REASONS = {
    "goal": "The company's goal",
    "weights": "Weights of the methods",
    "new seat": "The seat is new",
}


def reason(name: str, note: str) -> str:
    """Return why a quota moved, in words."""
    said = REASONS.get(name) or METHODS.get(name) or STEPS.get(name) or f"By {name.replace('_', ' ')}"
    return f"{said} ({note})" if note else said
