"""Matching what an account needs with what a seat offers: industries, languages, skills, segments."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.blocks import Block
from engine.data.dictionary import SEPARATOR
from engine.errors import Fault
from engine.fields import Text
from engine.inputs import Inputs, IntArray
from engine.territory.declaration import BoolArray
from engine.territory.selection import column_faults, lists


class Matching(Block):
    """Fields shared by the kinds that compare a column of the accounts with a column of the seats."""

    column: Text
    """Column of the accounts with what they need, such as a language; `segment` for their segment. Several are
    separated by `;`; an account whose cell is blank needs nothing."""
    of: Text
    """Column of the seats with what they offer, separated by `;`; `serves` for the segments that they serve."""
    needs: Literal["all", "any"] = "all"
    """Whether a seat must offer `all` that the account needs (the default), or `any` of it."""
    blank_seat: Literal["nothing", "anything"] = "nothing"
    """What a seat offers whose cell is blank: `nothing` (the default), or `anything`."""

    def column_faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown columns of accounts and seats."""
        found = []
        if self.column != "segment":
            found += column_faults(inputs.accounts.extra, self.column, "column")
        if self.of != "serves":
            found += column_faults(inputs.reps.extra, self.of, "of", "seats")
        return found

    def fits(self, inputs: Inputs) -> tuple[IntArray, BoolArray]:
        """Return the need of each account, shape (account,), and the seats that fit each need, shape (need, rep)."""
        needed = self._needed(inputs)
        kinds = {need: k for k, need in enumerate(dict.fromkeys(needed))}
        offered = self._offered(inputs)
        table = np.array([[self._fit(need, offer) for offer in offered] for need in kinds], dtype=np.bool_)
        return np.array([kinds[need] for need in needed], dtype=np.int64), table

    def _needed(self, inputs: Inputs) -> tuple[frozenset[str], ...]:
        if self.column == "segment":
            return tuple(frozenset({segment}) for segment in inputs.accounts.segment)
        return lists(inputs.accounts.extra[self.column])

    def _offered(self, inputs: Inputs) -> tuple[frozenset[str], ...]:
        return inputs.reps.serves if self.of == "serves" else lists(inputs.reps.extra[self.of])

    def _fit(self, need: frozenset[str], offer: frozenset[str]) -> bool:
        if not need or (not offer and self.blank_seat == "anything"):
            return True
        return need <= offer if self.needs == "all" else bool(need & offer)

    def misfits(self, inputs: Inputs, rep_of: IntArray) -> list[int]:
        """Return the accounts whose seat does not fit, word by word; plain Python, for checks."""
        accounts, reps = inputs.accounts, inputs.reps
        needs = accounts.segment if self.column == "segment" else accounts.extra[self.column].tolist()
        offers = (
            [SEPARATOR.join(words) for words in reps.serves]
            if self.of == "serves"
            else reps.extra[self.of].tolist()
        )
        found = []
        for i, rep in enumerate(rep_of.tolist()):
            wanted = [word for word in _split(needs[i]) if word]
            given = [word for word in _split(offers[rep]) if word]
            if not wanted or (not given and self.blank_seat == "anything"):
                continue
            met = sum(word in given for word in wanted)
            if met < (len(wanted) if self.needs == "all" else 1):
                found.append(i)
        return found


def _split(cell: object) -> list[str]:
    return [] if cell is None or cell != cell else [word.strip() for word in str(cell).split(SEPARATOR)]
