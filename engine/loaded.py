"""Loaded: what a file of YAML says as a whole, where it was read from, and what its parts say against each other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from engine.blocks import Block

if TYPE_CHECKING:
    from engine.reading import Source


class Loaded(Block):
    """A file, read as one block."""

    _source: Source[Any] | None = PrivateAttr(default=None)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *sets: str, roots: Sequence[Path] = ()) -> Self:
        """Read a file; `sets` are overrides `key=value`, `roots` further folders it may read from.

        Raises:
            BadInput: every fault of the file, with its line.

        """
        from engine.reading import read

        source = read(path, cls, sets, roots)
        source.scenario._source = source
        return source.scenario

    @property
    def source(self) -> Source[Self]:
        """Where it was read from.

        Raises:
            ValueError: it was made in code, so that there is no folder to read tables from.

        """
        if self._source is None:
            name = type(self).__name__
            raise ValueError(
                f"a {name} made in code has no folder for its tables: read it with {name}.load(path)"
            )
        return self._source

    def contradictions(self) -> Iterator[PydanticCustomError]:
        """Yield what its blocks say against each other, worded by `engine.fields.refuse`; nothing unless overridden."""
        yield from ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        found = [InitErrorDetails(type=error, loc=(), input=None) for error in self.contradictions()]
        if found:
            raise ValidationError.from_exception_data(type(self).__name__, found)
        return self
