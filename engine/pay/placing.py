"""Placing: faults of plans, under the key of the file that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from engine.errors import BadInput


@contextmanager
def under(key: str) -> Iterator[None]:
    """Give faults raised inside, which name plans as `comp.plans`, the key under which these plans stand: `comp_b`.

    Raises:
        BadInput: the faults.

    """
    try:
        yield
    except BadInput as bad:
        raise BadInput(
            replace(fault, field=f"{key}{fault.field.removeprefix('comp')}")
            if fault.field.startswith("comp.")
            else fault
            for fault in bad.faults
        ) from bad
