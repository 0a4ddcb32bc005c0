"""AnyLaw: a law of any kind, as a field of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.blocks import kinds
from engine.pipeline import laws
from engine.pipeline.law import Law

if TYPE_CHECKING:
    AnyLaw = Law
else:
    AnyLaw = kinds(laws, Law)
