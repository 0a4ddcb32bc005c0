"""A simulated company whose customers pay some weeks after they buy."""

from __future__ import annotations

from functools import cache

from engine import pipeline
from engine.measures import Measure
from engine.pipeline.bookings import Bookings
from tests.comp.dealing import staffed
from tests.comp.test_resold import TENTH
from tests.pipeline.settings import aligned
from tests.pipeline.settings import spec as pipeline_spec

MEASURES = {
    "bookings": Measure(), "wins": Measure(quantity="count"), "margin": Measure(products=("S1",)),
    "cash": Measure(basis="cash"),
}  # fmt: skip
LATE = {
    "kind": "payment",
    "terms": 30,
    "late": {"kind": "lognormal", "mean": 20, "cv": 1},
    "before_plan": "left_out",
}
DUE = LATE | {"late": None}
MONTH = 20_000_000
OF_CASH = TENTH | {"name": "of cash", "measure": "cash", "accumulate": "period"}
OF_BOOKINGS = OF_CASH | {"name": "of bookings", "measure": "bookings"}


@cache
def simulated(late: bool = True) -> Bookings:
    block = pipeline_spec(
        replications=9, arrivals={"leads": 300}, slots=60, processes=[LATE if late else DUE]
    )
    return pipeline.simulate(staffed(), aligned(staffed()), block, MEASURES, seed=11)
