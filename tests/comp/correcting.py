"""Corrections of what people of a plan earn, settled on a book of a drawn company and read plainly."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from engine.comp.component import paid
from engine.comp.fast import Fast
from engine.comp.scaled import Scaled
from tests.comp.test_contest import book, plainly


def settled(source: Any, part: Any, company: Any, number: Any) -> Any:
    """The book on which a commission and what corrects it were settled."""
    ours = book(number, company)
    paid([source, part], ours, "monthly")
    return ours


def readings_agree(source: Any, part: Any, company: Any, plain: ModuleType) -> None:
    """Hold both paths to what the plain reading takes or adds."""
    exact, fast = (settled(source, part, company, number) for number in (Scaled, Fast))
    sellers = plainly(company)
    for one, row in zip(sellers, exact.earned[source.label].minor().tolist(), strict=True):
        one.earned[source.label] = one.paid[source.label] = row
    again = plain.earned_together(part, sellers)
    assert exact.earned[part.label].minor().tolist() == again
    assert fast.earned[part.label].values.tolist() == again
