"""5.4 Erlang: leads queue for the slots of a seat, or are lost where none is free.

With a = rate / mu: B_0 = 1, B_i = a B_(i-1) / (i + a B_(i-1)); C = c B / (c - a (1 - B)); Wq = C / (c mu - rate);
P(Wq > t) = C exp(-(c mu - rate) t). Times are in mean service times, of which a year has thousands: what the empty
start leaves has died out when the window opens, by more than exp(-12).
"""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from engine.inputs import FloatArray, Inputs
from engine.pipeline.layout import ABANDONED, TICKS
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import Simulated, simulated
from tests.pipeline.theory.worlds import exponential, one_seat, station
from tests.worlds import world

pytestmark = pytest.mark.slow

THEORY = Section("5.4")
SERVICE = 0.05
"""Days of a mean service."""
LONG = 4 * SERVICE
"""For queues that forget their start soon: fewer leads a year, and in their place more replications, so that their
spread is known well enough for a z."""
MANY = 160
"""Replications of these."""
WINDOW = (60, 350)
"""Days of the leads that count."""


def erlang_b(c: int, a: float) -> float:
    """Chance that all of c servers are busy where who finds them so is lost."""
    blocked = 1.0
    for servers in range(1, c + 1):
        blocked = a * blocked / (servers + a * blocked)
    return blocked


def erlang_c(c: int, a: float) -> float:
    """Chance to wait for one of c servers."""
    blocked = erlang_b(c, a)
    return c * blocked / (c - a * (1 - blocked))


def in_window(done: Simulated) -> np.ndarray:
    """Leads of the window; all of them have started, or are lost."""
    line = done.line
    chosen = (line["arrival"] >= WINDOW[0] * TICKS) & (line["arrival"] < WINDOW[1] * TICKS)
    assert ((line["start"] >= 0) | (line["outcome"] == ABANDONED))[chosen].all()
    return np.asarray(chosen)


def waits(done: Simulated, service: float = SERVICE) -> FloatArray:
    """Waits in mean service times."""
    return np.asarray((done.line["start"] - done.line["arrival"]) / TICKS / service)


def queue(text: str, replications: int, inputs: Inputs | None = None) -> tuple[Simulated, np.ndarray]:
    """A simulated queue and its window."""
    done = simulated(text, inputs or one_seat(), replications)
    return done, in_window(done)


def test_the_recursions_give_the_golden_numbers() -> None:
    golden = [erlang_b(5, 4), erlang_c(5, 4), erlang_c(1, 0.8) / 0.2, erlang_c(50, 40) / 10]
    assert golden == pytest.approx([0.199067, 0.554113, 4.0, 0.008695], abs=5e-7)


@pytest.mark.parametrize(("law", "duration"), [
    ("M/M/5/5", exponential(LONG)),
    ("M/G/5/5, lognormal", f"{{kind: lognormal, mean: {LONG}, cv: 2}}"),
    ("M/D/5/5", f"{{kind: fixed, value: {LONG}}}"),
])  # fmt: skip
def test_leads_without_patience_are_lost_by_erlang_b(law: str, duration: str) -> None:
    """The law of the service does not matter."""
    text = station(5, 4 / LONG, duration, ", patience: {kind: fixed, value: 0}")
    done, chosen = queue(text, MANY)
    lost = done.line["outcome"] == ABANDONED
    THEORY.ratio(f"B(5, 4), share lost, {law}", 0.199067, done.total(chosen & lost), done.total(chosen))
    assert (done.line["start"] == done.line["arrival"])[chosen & ~lost].all()


@pytest.mark.parametrize(
    ("slots", "rate", "wait", "service", "replications"),
    [(5, 4, 0.554113, LONG, MANY), (1, 0.8, 4.0, SERVICE, 200), (50, 40, 0.008695, 1.0, 200)],
)
def test_leads_wait_by_erlang_c(
    slots: int, rate: float, wait: float, service: float, replications: int
) -> None:
    name, chance = f"M/M/{slots}, rate {rate}", erlang_c(slots, rate)
    done, chosen = queue(station(slots, rate / service, exponential(service)), replications)
    waited, leads = waits(done, service), done.total(chosen)
    THEORY.ratio(f"C({slots}, {rate}), share that waits", chance, done.total(chosen & (waited > 0)), leads)
    THEORY.ratio(f"Wq, {name}", wait, done.total(chosen, waited), leads)
    t = 1 / (slots - rate)
    late = done.total(chosen & (waited > t))
    THEORY.ratio(f"P(Wq > {t:g}), {name}", chance * exp(-1), late, leads)
    busy = done.total(chosen, (done.line["end"] - done.line["start"]) / TICKS / service)
    THEORY.ratio(f"mean service, {name}", 1.0, busy, leads)


def test_one_server_waits_by_pollaczek_and_khinchine() -> None:
    """M/G/1: Wq = rate E[S^2] / (2 (1 - rho)); gamma of shape 1/2 has E[S^2] = 3."""
    done, chosen = queue(station(1, 0.7 / SERVICE, f"{{kind: gamma, mean: {SERVICE}, shape: 0.5}}"), 100)
    expected = 0.7 * 3 / (2 * 0.3)
    THEORY.ratio(
        "Wq, M/G/1, rho 0.7, E[S^2] 3", expected, done.total(chosen, waits(done)), done.total(chosen)
    )
    done, chosen = queue(station(1, 0.7 / SERVICE, f"{{kind: fixed, value: {SERVICE}}}"), 100)
    expected = 0.7 / (2 * 0.3)
    THEORY.ratio("Wq, M/D/1, rho 0.7", expected, done.total(chosen, waits(done)), done.total(chosen))


def test_urgent_leads_wait_by_cobham() -> None:
    """M/M/1 with two classes, nobody interrupted: W_1 = rho / (1 - rho_1), W_2 = W_1 / (1 - rho)."""
    text = f"""
slots: 1
sources:
  urgent: {{leads: {0.3 / SERVICE * 365!r}}}
  other: {{leads: {0.5 / SERVICE * 365!r}}}
stages: [{{name: Work, advance: 1, duration: {exponential(SERVICE)}}}]
processes: [{{kind: priority, by: source, order: [urgent]}}]
"""
    done, chosen = queue(text, 100)
    for source, expected in enumerate((0.8 / 0.7, 0.8 / 0.7 / 0.2)):
        mine = chosen & (done.line["source"] == source)
        THEORY.ratio(
            f"Wq of class {source + 1}, M/M/1", expected, done.total(mine, waits(done)), done.total(mine)
        )


def test_leads_with_patience_leave_by_erlang_a() -> None:
    """M/M/5+M with patience of mean 2: a birth and death process, of whose leads theta E[queue] / rate leave."""
    rate, c, theta = 6.0, 5, 0.5
    weight = [1.0]
    for n in range(1, 200):
        weight.append(weight[-1] * rate / (min(n, c) + theta * max(n - c, 0)))
    share = np.array(weight) / sum(weight)
    gone = theta * float(share @ np.maximum(np.arange(200) - c, 0)) / rate
    text = station(c, rate / LONG, exponential(LONG), f", patience: {exponential(LONG / theta)}")
    done, chosen = queue(text, MANY)
    lost = done.line["outcome"] == ABANDONED
    THEORY.ratio("share that leaves, M/M/5+M", gone, done.total(chosen & lost), done.total(chosen))
    at_once = done.total(chosen & (done.line["start"] == done.line["arrival"]))
    THEORY.ratio("share served at once, M/M/5+M", float(share[:c].sum()), at_once, done.total(chosen))


def test_a_pool_that_goes_to_the_idle_first_waits_no_longer_than_its_seats_alone() -> None:
    """Two seats: M/M/1 each where leads go by chance; with the least loaded first far less, and more than M/M/2."""
    texts = [
        f"""
slots: 1
arrivals: {{leads: {1.6 / SERVICE * 365!r}, spread: new, routing: {{to: {to}}}}}
stages: [{{name: Work, advance: 1, duration: {exponential(SERVICE)}}}]
"""
        for to in ("weighted", "least_loaded")
    ]
    done, chosen = queue(texts[0], 100, world(2, 2))
    THEORY.ratio("Wq, two M/M/1 by chance", 4.0, done.total(chosen, waits(done)), done.total(chosen))
    done, chosen = queue(texts[1], 30, world(2, 2))
    mean = float(waits(done)[chosen].mean())
    assert erlang_c(2, 1.6) / 0.4 < mean < 2.5
