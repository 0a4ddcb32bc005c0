"""Plan territories, quotas, pipeline and comp together.

from engine import Scenario, run

result = run(Scenario.load("scenarios/quickstart.yaml"), out="runs/quickstart")
result.table("quotas")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.runs import Run, run
    from engine.scenario import Scenario
    from engine.verification import verify

__all__ = ["Run", "Scenario", "__version__", "run", "verify"]
__version__ = "0.1.0"

_HOME = {
    "Run": "engine.runs",
    "run": "engine.runs",
    "Scenario": "engine.scenario",
    "verify": "engine.verification",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that the command starts quickly."""
    if name not in _HOME:
        raise AttributeError(f"module 'engine' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
