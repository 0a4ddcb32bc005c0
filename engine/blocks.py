"""Block, what a scenario is made of, and `kinds`, the one mechanism of extension.

A file dropped into `territory/constraints`, `comp/components` ... that defines a subclass of the folder's
base with a `kind` is valid in YAML, in the JSON Schema and in the error texts, with no other edit.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Annotated, Any, Union

from pydantic import BaseModel, ConfigDict, Field


class Block(BaseModel):
    """A piece of a scenario: read from YAML, never changed after."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def subclasses(package: ModuleType, base: type[Block]) -> tuple[type[Block], ...]:
    """Import every module of a package and return the subclasses of `base` it defines, by name of the kind."""
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    found = [cls for cls in base.__subclasses__() if cls.__module__.startswith(package.__name__ + ".")]
    return tuple(sorted(found, key=lambda cls: str(cls.model_fields["kind"].default)))


def kinds(package: ModuleType, base: type[Block]) -> Any:
    """Return the pydantic union of every kind of `base` found in `package`, told apart by `kind`."""
    found = subclasses(package, base)
    if len(found) == 1:
        return found[0]
    return Annotated[Union[found], Field(discriminator="kind")]  # noqa: UP007 - built from a tuple at run time
