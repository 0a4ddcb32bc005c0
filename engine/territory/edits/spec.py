"""LockFile: what a scenario says under `territories: locks:`, and the rule that it stands for."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from engine.blocks import Block
from engine.fields import FilePath, PathAlone, Text
from engine.territory.constraints.lock import Lock


class LockFile(Block):
    """A file of locks; it may also be given as its path alone."""

    file: FilePath
    """Table of locks (.csv: account, rep, reason), or the edited workbook of an earlier run (.xlsx)."""
    run: FilePath = ""
    """Folder of the run that the file comes from, when it does not lie in it."""
    name: Text = ""
    """What messages call the rule; `lock` unless given."""

    @model_validator(mode="before")
    @classmethod
    def _path_alone(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value

    def rule(self, index: int) -> Lock:
        """Return the rule that the file stands for, told its place among the files."""
        return Lock(file=self.file, run=self.run, name=self.name).listed(index)


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


LockFiles = Annotated[tuple[Annotated[LockFile, PathAlone()], ...], PathAlone(), BeforeValidator(_several)]
"""Files of locks; a single one may be given as its path alone."""


def lock_rules(files: tuple[LockFile, ...]) -> tuple[Lock, ...]:
    """Return the rules that the files of a scenario stand for."""
    return tuple(file.rule(index) for index, file in enumerate(files))
