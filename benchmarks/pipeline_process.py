"""`python -m benchmarks.pipeline_process SCENARIO REPLICATIONS LEADS SEED`: one pipeline stage in a process of its own.

It simulates the stage with one replication twice, as the first use and as any later one, and then with all, by the
road of a run: estimate, build, simulate on two workers, key figures, tables. It prints what that took as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.measure import measured, tree_mb

WORKERS = 2
SCENARIOS = ("throughput", "year")
MILLION = 1e6


@dataclass(frozen=True)
class Cost:
    """What a pipeline stage takes."""

    first: float
    """Seconds of the first replication, with imports, and compiling or loading what was compiled."""
    later: float
    """Seconds of one replication afterwards."""
    seconds: float
    """Of all replications."""
    before_mb: float
    """Resident memory before them."""
    peak_mb: float
    """Highest resident memory, all included."""
    cube_mb: float
    """Of bookings, (replication, rep, period, measure)."""
    leads: int
    """In all replications."""

    @property
    def beside_mb(self) -> float:
        """Memory that all replications took beside the cube."""
        return self.peak_mb - self.before_mb - self.cube_mb


def cost_of(scenario: str, replications: int, leads: int, seed: int) -> Cost:
    """Simulate a scenario of `pipeline_worlds`; only THROUGHPUT takes the leads a year that are asked for."""
    if scenario not in SCENARIOS:
        raise ValueError(f"no scenario {scenario}; known: {', '.join(SCENARIOS)}")
    from benchmarks.pipeline_worlds import MEASURES, YEAR, busy_seats, seats, throughput
    from engine import pipeline
    from engine.pipeline import counters
    from engine.territory.alignment import Alignment
    from tests.pipeline.theory.simulated import spec_of

    inputs = seats() if scenario == "throughput" else busy_seats()
    base = spec_of(throughput(leads) if scenario == "throughput" else YEAR)
    spec = base.model_copy(update={"replications": replications})
    one, aligned = base.model_copy(update={"replications": 1}), Alignment(inputs.accounts.owner, (), ())
    stage = partial(pipeline.simulate, inputs, aligned, measures=MEASURES, seed=seed, workers=WORKERS)
    seconds = []
    for _ in range(2):
        begin = perf_counter()
        stage(one)
        seconds.append(perf_counter() - begin)
    before = tree_mb()
    cost = measured(lambda: stage(spec))
    found = cost.value
    first, later = seconds
    return Cost(
        first, later, cost.seconds, before, max(cost.peak_mb, _highest_mb()), found.cube.nbytes / MILLION,
        int(found.kpis[:, counters.LEADS].sum()),
    )  # fmt: skip


def in_process(
    scenario: str, replications: int, leads: int, seed: int, compiled_in: Path | None = None
) -> Cost:
    """Return the cost in a fresh process, whose compiled code is kept in a folder, the usual one unless given.

    Raises:
        RuntimeError: the process failed; with what it said.

    """
    asked = [str(value) for value in (scenario, replications, leads, seed)]
    environment = os.environ | ({"NUMBA_CACHE_DIR": str(compiled_in)} if compiled_in else {})
    done = subprocess.run(
        [sys.executable, "-m", __name__, *asked],
        env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(asked)} ended with status {done.returncode}:\n{done.stderr}")
    return Cost(**json.loads(done.stdout))


def _highest_mb() -> float:
    """Return the highest resident memory so far where the system keeps it (Linux), else 0."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return sum(int(line.split()[1]) for line in lines) * 1024 / MILLION


def main(arguments: Sequence[str]) -> None:
    """Print the cost."""
    scenario, *numbers = arguments
    replications, leads, seed = (int(number) for number in numbers)
    print(json.dumps(asdict(cost_of(scenario, replications, leads, seed))))


if __name__ == "__main__":
    main(sys.argv[1:])
