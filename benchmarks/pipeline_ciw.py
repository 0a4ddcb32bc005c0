"""The peer ciw: a seat as a station with K servers, which serve a deal through all of its stages.

A server of ciw is held at one station alone, so the stages are steps of one service. Seats do not share work, so each
is a simulation of its own: ciw looks at every station at each event, and one network of 40 stations takes eight times
as long per deal. ciw is imported when a year is simulated, not before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.pipeline_peer import Scenario, Years

NAME = "ciw"


def years(scenario: Scenario, count: int, seed: int) -> Years:
    """Simulate `count` years, each from empty seats."""
    import ciw

    ciw.seed(seed)
    service = _service(scenario)
    rates = [
        leads / (end - begin)
        for leads, begin, end in zip(scenario.rates, (0, *scenario.ends), scenario.ends, strict=False)
    ]
    rows = []
    for _ in range(count * scenario.seats):
        network = ciw.create_network(
            arrival_distributions=[
                ciw.dists.PoissonIntervals(rates, list(scenario.ends), max_sample_date=scenario.days)
            ],
            service_distributions=[service],
            number_of_servers=[scenario.slots],
        )
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(scenario.days)
        rows.append(_counted(simulation))
    found = np.array(rows)
    return Years(int(found[:, 0].sum()), found)


def _service(scenario: Scenario) -> Any:
    """Return the law of the days of a deal, which also says whether it is won, and how large it is."""
    import ciw

    class Service(ciw.dists.Distribution):  # type: ignore[misc]
        def __init__(self) -> None:
            self.course = [(step.advance, ciw.dists.Lognormal(*step.days)) for step in scenario.course]
            self.size, self.chance = ciw.dists.Lognormal(*scenario.size), ciw.dists.Uniform(0, 1)

        def sample(self, t: float | None = None, ind: Any = None) -> float:
            days = ind.size = 0.0
            for advance, law in self.course:
                days += law.sample()
                if self.chance.sample() >= advance:
                    break
            else:
                ind.size = self.size.sample()
            return days

    return Service()


def _counted(simulation: Any) -> tuple[float, ...]:
    """Return leads, won deals, their money and the mean wait of those that started, in a seat."""
    deals = simulation.get_all_records(include_incomplete=True)
    waits = [deal.waiting_time for deal in deals if deal.waiting_time is not None]  # None: waits at the end
    sizes = [deal.size for deal in simulation.nodes[-1].all_individuals if deal.size > 0]
    return len(deals), len(sizes), sum(sizes), sum(waits) / max(len(waits), 1)
