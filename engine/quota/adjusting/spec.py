"""AdjustmentFile: what a scenario says under `quotas: adjustments:`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from engine.blocks import Block
from engine.fields import FilePath, PathAlone


class AdjustmentFile(Block):
    """A file of quotas that somebody set; it may also be given as its path alone."""

    file: FilePath
    """Table of quotas (.csv: rep or node, product, period, quota, reason; product, period and reason may be missing or
    blank, and a blank quota says that the seat has none), or the edited workbook of an earlier run (.xlsx), whose
    sheets quotas and quota_reps are compared with what the run wrote."""
    run: FilePath = ""
    """Folder of the run that a workbook comes from, when it does not lie in it."""

    @model_validator(mode="before")
    @classmethod
    def _path_alone(cls, value: Any) -> Any:
        return {"file": value} if isinstance(value, str) else value


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


AdjustmentFiles = Annotated[
    tuple[Annotated[AdjustmentFile, PathAlone()], ...], PathAlone(), BeforeValidator(_several)
]
"""Files of adjusted quotas; a single one may be given as its path alone."""
