"""Reasons: what components say of a period, as lines of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from engine.comp.book import Book
from engine.comp.component import Component
from engine.comp.quantity import Quantity
from engine.comp.reason import Reason
from engine.comp.scaled import Scaled
from engine.inputs import FloatArray, IntArray
from engine.pay.lines import WORDS, Lines, joined
from engine.pay.money import money, percent


def reasons_of(component: int, part: Component, book: Book, spells: IntArray, currency: str) -> Lines:
    """Return a line for each reason and period in which it bears on pay.

    Args:
        component: number of the component.
        part: what was settled.
        book: what it was settled on.
        spells: the rows of the book, shape (spell,).
        currency: that of the amounts.

    """
    none = np.empty(0, dtype=np.int64)
    found = [_lines(component, reason, book, spells, currency) for reason in part.reasons(book)]
    return joined([Lines.of(component, none, none, 0, none), *found])


def _lines(component: int, reason: Reason, book: Book, spells: IntArray, currency: str) -> Lines:
    amount = np.broadcast_to(_minor(reason.amount), book.shape)
    told = amount != 0
    if reason.shown is not None:
        told = told | reason.shown
    s, p = np.nonzero(told)

    def at(figure: Quantity | None) -> IntArray | int:
        return 0 if figure is None else np.broadcast_to(_minor(figure), book.shape)[s, p]

    return Lines.of(
        component, spells[s], p, WORDS.index(reason.line), amount[s, p], counted=at(reason.counted),
        to_date=at(reason.to_date), quota=at(reason.quota),
        why=np.array([*_said(reason, book, s, p, currency), ""], dtype=object)[:-1],
    )  # fmt: skip


def _said(reason: Reason, book: Book, s: IntArray, p: IntArray, currency: str) -> Iterator[str]:
    """Yield the words of a reason at some (spell, period) cells."""
    texts = {name: _texts(figure, book, s, p, currency) for name, figure in reason.figures.items() if s.size}
    for i in range(s.size):
        yield reason.words.format(**{name: text(i) for name, text in texts.items()})


def _texts(
    figure: Quantity | tuple[Quantity, Quantity] | str, book: Book, s: IntArray, p: IntArray, currency: str
) -> Callable[[int], str]:
    if isinstance(figure, str):
        return lambda i: figure
    if isinstance(figure, tuple):
        above, below = (_numbers(side, book)[s, p] for side in figure)
        return lambda i: percent(above[i], below[i])
    amounts = np.broadcast_to(_minor(figure), book.shape)[s, p]
    return lambda i: money(amounts[i], currency)


def _minor(amount: Quantity) -> IntArray:
    whole = amount.rounded("half_even")
    assert isinstance(whole, Scaled)
    return whole.minor()


def _numbers(amount: Quantity, book: Book) -> FloatArray:
    assert isinstance(amount, Scaled)
    above, below = (np.asarray(side, dtype=np.float64) for side in (amount.numerator, amount.denominator))
    return np.broadcast_to(above / below, book.shape)
