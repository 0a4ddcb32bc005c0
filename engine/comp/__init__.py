"""Comp: what a plan pays the people in the seats.

    payouts = settle(inputs, bookings, quotas, spec, seed=..., workers=..., progress=...)
    sentences = violations(inputs, bookings, quotas, spec, payouts)
    sentences = check(spec, inputs)
    inputs = budgeted(inputs, spec.budget, base, roots)

All are imported when they are first called for, so that reading a scenario stays light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.comp.audit import violations
    from engine.comp.budget import budgeted
    from engine.comp.checker import check
    from engine.comp.exact import pay
    from engine.comp.settlement import settle

__all__ = ["budgeted", "check", "pay", "settle", "violations"]

_HOME = {
    "budgeted": "budget",
    "check": "checker",
    "pay": "exact",
    "settle": "settlement",
    "violations": "audit",
}


def __getattr__(name: str) -> Any:
    """Import the function of the stage that is asked for."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"engine.comp.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
