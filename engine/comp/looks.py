"""What components of a plan look at: refused where it is not there, or not yet settled."""

from __future__ import annotations

from collections.abc import Sequence

from engine.comp.adjustment import Adjustment
from engine.comp.component import Component, in_turn
from engine.comp.intervals import Pay
from engine.errors import did_you_mean
from engine.fields import refuse


def sound(components: Sequence[Component], plan: Pay) -> None:
    """Refuse components that look at others which the plan does not settle before them.

    Raises:
        pydantic_core.PydanticCustomError: code E_REFERENCE; E_RANGE where the times of payment do not fit.

    """
    order = in_turn(components)
    for i, part in enumerate(order):
        if isinstance(part, Adjustment):
            before = {other.label: other for other in order[:i] if not other.fixed}
            for label in part.of or ():
                if label not in before:
                    at = f"components[{components.index(part)}].of"
                    raise _unknown(part, label, order, tuple(before), at)
            for label, other in before.items():
                if part.of is None or label in part.of:
                    pays = other.comes(plan) if isinstance(other, Adjustment) else other.when(plan)
                    clash = part.clash(pays, plan)
                    if clash:
                        hint = "Change `pay` or `per`, or name others under `of`."
                        at = f"components[{components.index(part)}]"
                        raise refuse("E_RANGE", f"'{label}' {clash} ('{part.label}')", hint, at=at)


def _unknown(
    part: Component, label: str, order: Sequence[Component], known: Sequence[str], at: str
) -> Exception:
    others = {other.label: other for other in order}
    if label not in others:
        return refuse("E_REFERENCE", f"no component is called '{label}'", did_you_mean(label, known), at=at)
    if others[label].fixed:
        return refuse(
            "E_REFERENCE", f"'{label}' is fixed pay", f"'{part.label}' looks at variable pay alone.", at=at
        )
    hint = (
        "Limits come first, then holdbacks, guarantees and draws; within these, the order of the plan holds."
    )
    return refuse("E_REFERENCE", f"'{label}' is not settled before '{part.label}'", hint, at=at)
