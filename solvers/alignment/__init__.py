"""The structured solver of balanced alignments: pricing over all pairs, exchanges between seats, a certificate.

    result = align(instance, Options(gap=0.001), lp)

The bound is that of multipliers, evaluated over **all** pairs; the alignment keeps every rule in exact integers; both
can be checked again from the result alone (`certificate.py`). It takes bands on any number of measures (hard or
priced), budgets of what leaves its owner, groups, and seats that some units may not have.
"""

from __future__ import annotations

from solvers.alignment.instance import Instance, Needs, Places
from solvers.alignment.multipliers import Multipliers
from solvers.alignment.options import Options, Result

__all__ = ["Instance", "Multipliers", "Needs", "Options", "Places", "Result", "align"]


def align(instance: Instance, options: Options) -> Result:
    """Return the best alignment found with the bound over all pairs; see `solvers.alignment.solving`."""
    from solvers.alignment import solving

    return solving.align(instance, options)
