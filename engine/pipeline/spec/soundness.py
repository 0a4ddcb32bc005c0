"""Soundness of stages: every one is reached, and no deal goes round for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.fields import refuse

if TYPE_CHECKING:
    from engine.pipeline.spec.stages import Stage


def refuse_unsound(stages: Sequence[Stage]) -> None:
    """Refuse stages that no deal reaches, and loops that no deal leaves, under any of their cases.

    Raises:
        pydantic_core.PydanticCustomError: E_RANGE.

    """
    for place, (before, stage) in enumerate(pairwise(stages)):
        if not _advances(before):
            raise refuse(
                "E_RANGE",
                f"no deal reaches stage '{stage.name}': '{before.name}' before it never advances",
                "Give it an advance above 0, or leave out the stages behind it.",
                at=f"stages[{place}].advance",
            )
    caught = [name for name, leads_out in _leads_out(stages).items() if not leads_out]
    if caught:
        raise refuse(
            "E_RANGE",
            f"deals go round for ever in {', '.join(repr(name) for name in caught)}: none is won or lost",
            "Lower the chance of going back or of advancing; what is left of 1 is lost.",
            at=f"stages[{[stage.name for stage in stages].index(caught[0])}]",
        )


def _advances(stage: Stage) -> bool:
    """Whether some deal advances from a stage."""
    chances = (stage.advance, *(case.advance for case in stage.cases if case.advance is not None))
    return any(chance > 0 for chance in chances)


def _loses(stage: Stage) -> bool:
    """Whether some deal is lost in a stage."""
    back = stage.recycle.chance if stage.recycle else 0
    chances = (stage.advance, *(case.advance for case in stage.cases if case.advance is not None))
    dampened = any(case.advance_times is not None and case.advance_times < 1 for case in stage.cases)
    return any(chance + back < 1 or (dampened and chance > 0) for chance in chances)


def _leads_out(stages: Sequence[Stage]) -> Mapping[str, bool]:
    """Return for every stage whether a deal in it can be closed."""
    last = len(stages) - 1
    out = {stage.name: _loses(stage) or (k == last and _advances(stage)) for k, stage in enumerate(stages)}
    for _ in stages:
        for k, stage in enumerate(stages):
            onward = k < last and _advances(stage) and out[stages[k + 1].name]
            back = stage.recycle is not None and stage.recycle.chance > 0 and out[stage.recycle.to]
            out[stage.name] = out[stage.name] or onward or back
    return out
