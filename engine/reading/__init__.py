"""Reading a scenario: YAML to `Scenario`, with every fault at once, each with its file and line."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from engine.errors import BadInput, Fault, Infeasible
from engine.fields import Name
from engine.paths import allowed
from engine.reading.extends import assemble
from engine.reading.faults import faults_of, locate
from engine.reading.money import money_faults
from engine.reading.nodes import Node
from solvers.errors import Refused

B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True)
class Source(Generic[B]):
    """A scenario as read: what it says, what it is called, and where each word stands."""

    scenario: B
    name: str
    """Stem of the file; never inherited."""
    base: Path
    """Folder of the file: tables are read below it."""
    roots: tuple[Path, ...]
    """Further folders granted on the command line."""
    node: Node
    digest: str
    """SHA-256 of the resolved scenario as text."""

    @contextmanager
    def placing_faults(self) -> Iterator[None]:
        """Give faults raised inside, which name only a field, the line of the file where it stands."""
        try:
            yield
        except (BadInput, Infeasible) as error:
            raise type(error)(locate(fault, self.node) for fault in error.faults) from None
        except Refused as error:
            raise BadInput(
                [Fault("E_SOLVER", str(error), "Choose another backend.", self.node.place.file)]
            ) from None
        except PydanticCustomError as error:
            context = error.context or {}
            raise BadInput(
                [
                    Fault(
                        str(context.get("code", "E_TYPE")),
                        str(context.get("message", error)),
                        str(context.get("hint", "")),
                        self.node.place.file,
                    )
                ]
            ) from None


def read(
    path: str | os.PathLike[str], model: type[B], sets: Sequence[str] = (), roots: Sequence[Path] = ()
) -> Source[B]:
    """Read a scenario file.

    Args:
        path: the YAML file.
        model: what it holds; its `currency` is that of all amounts.
        sets: overrides `key=value`, as with `--set`.
        roots: folders beside the scenario's own from which it may read.

    Raises:
        BadInput: all faults found in it.

    """
    from engine.reading.resolved import to_yaml

    shown = os.fspath(path)
    real = _real(shown, roots)
    name = _named(Path(shown).stem, shown)
    node = assemble(real, shown, sets, roots)
    try:
        scenario = model.model_validate(node.plain())
    except ValidationError as error:
        raise BadInput(faults_of(error, model, node)) from None
    amiss = money_faults(scenario, _currency(scenario))
    if amiss:
        raise BadInput(locate(fault, node) for fault in amiss)
    digest = hashlib.sha256(to_yaml(scenario).encode()).hexdigest()
    return Source(scenario, name, real.parent, tuple(Path(root).absolute() for root in roots), node, digest)


def says(key: str, path: str | os.PathLike[str], roots: Sequence[Path] = ()) -> bool:
    """Say whether a file, or what it extends, has a key at its top: a pay file has `crediting`.

    Raises:
        BadInput: the file cannot be read as YAML.

    """
    shown = os.fspath(path)
    top = assemble(_real(shown, roots), shown, (), roots).value
    return isinstance(top, dict) and key in top


def _real(shown: str, roots: Sequence[Path]) -> Path:
    granted = roots or (Path(os.path.realpath(shown)).parent,)
    return allowed(Path(shown).name, Path(shown).parent.absolute(), granted, file=shown)


def _currency(scenario: BaseModel) -> str:
    return str(dict(scenario)["currency"])


def _named(stem: str, shown: str) -> str:
    try:
        return TypeAdapter(Name).validate_python(stem)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        raise BadInput(
            [Fault("E_NAME", context["message"], f"Rename the file. {context['hint']}", file=shown)]
        ) from None
