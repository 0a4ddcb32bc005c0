"""The backends, one file each: a file dropped here is found, tested and offered by its name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from solvers.backend import Backend


@cache
def found() -> dict[str, Backend]:
    """Return every backend of this folder by name, in alphabetical order; no solver library is imported."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    modules = [cast(Backend, import_module(f"{__name__}.{name}")) for name in names]
    return {module.name: module for module in modules}
