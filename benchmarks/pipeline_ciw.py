"""The peer ciw: a seat as a station with K servers, as a ciw user would write it.

Seats do not share work, so each is a simulation of its own: ciw looks at every station at each event, and one
network of 40 stations takes eight times as long per deal. ciw is imported when a year is simulated, not before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

NAME = "ciw"


class Station(NamedTuple):
    """A seat: K slots, mean days between leads, mean days of a deal."""

    slots: int
    gap: float
    days: float


class Counts(NamedTuple):
    """What happened in a year over all seats; `wait` in days, of the deals that were started."""

    leads: int
    closed: int
    started: int
    wait: float


def years(station: Station, seats: int, days: float, count: int, seed: int) -> list[Counts]:
    """Simulate `count` years of `seats` equal seats, each empty at the start."""
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(1 / station.gap)],
        service_distributions=[ciw.dists.Exponential(1 / station.days)],
        number_of_servers=[station.slots],
    )
    ciw.seed(seed)
    return [_total([_seat(ciw.Simulation(network), days) for _ in range(seats)]) for _ in range(count)]


def _seat(simulation: Any, days: float) -> Counts:
    simulation.simulate_until_max_time(days)
    deals = simulation.get_all_records(include_incomplete=True)
    waits = [deal.waiting_time for deal in deals if deal.waiting_time is not None]  # None: waits at the end
    closed = sum(deal.record_type == "service" for deal in deals)
    return Counts(len(deals), closed, len(waits), sum(waits))


def _total(seats: list[Counts]) -> Counts:
    return Counts(*(sum(column) for column in zip(*seats, strict=True)))
