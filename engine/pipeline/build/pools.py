"""Pools: the seats among which leads without an owner are routed."""

from __future__ import annotations

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.layout import LEAST_LOADED, OWNER, ROUND_ROBIN, WEIGHTED
from engine.pipeline.model import Routes
from engine.pipeline.spec import Routing

_KINDS = {"round_robin": ROUND_ROBIN, "weighted": WEIGHTED, "least_loaded": LEAST_LOADED}


class Pools:
    """Routes in the order in which they were first asked for; a rule has one for each node that it looks within."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._index: dict[tuple[Routing, int], int] = {}
        self._kinds: list[int] = []
        self._seats: list[IntArray] = []
        self._weights: list[FloatArray] = []
        self._sizes: list[int] = []
        self._order = np.argsort(draft.inputs.reps.key, kind="stable")

    def of(
        self, routing: Routing, owner: IntArray, segment: IntArray, flows: BoolArray, where: str
    ) -> IntArray:
        """Return the route of each spring, OWNER where it needs none.

        Args:
            routing: the rule of its source.
            owner: seat of its account, or -1.
            segment: segment of its leads.
            flows: whether leads arise there; only these need somebody who takes them.
            where: field that a fault is told of.

        """
        if routing.to == "owner":
            return np.full(len(owner), OWNER, dtype=np.int64)
        self._known(routing, where)
        node = self.draft.node_of(routing.within)
        within = np.where(owner >= 0, node[owner], 0)
        route = np.array([self._route(routing, int(at), node, where) for at in within], dtype=np.int64)
        for at, place in sorted(set(zip(route[flows].tolist(), segment[flows].tolist(), strict=True))):
            self._refuse_empty(at, place, where)
        return route

    def _refuse_empty(self, route: int, segment: int, where: str) -> None:
        """Refuse a pool without a seat for a product that leads of the segment ask for."""
        name, products = (*self.draft.segments, "")[segment], self.draft.inputs.products.id
        first = (route - 1) * self._cells + segment * len(products)
        for product, size in zip(products, self._sizes[first : first + len(products)], strict=True):
            if not size and self.draft.asked_for(name, product) and not self.draft.faults:
                message = f"no seat takes leads of segment '{name}' for '{product}'"
                self.draft.refuse("E_REFERENCE", message, "Widen the pool, or the skills of a seat.", where)

    def routes(self) -> Routes:
        """Lay the pools one after the other."""
        none = np.empty(0, dtype=np.int64)
        return Routes(
            np.array([OWNER, *self._kinds], dtype=np.int64),
            np.concatenate(([0], np.cumsum([0] * self._cells + self._sizes))).astype(np.int64),
            np.concatenate([none, *self._seats]),
            np.concatenate([none.astype(np.float64), *self._weights]),
        )

    @property
    def _cells(self) -> int:
        """Pools of a route: one for each segment and product."""
        return (len(self.draft.segments) + 1) * len(self.draft.inputs.products)

    def _known(self, routing: Routing, where: str) -> None:
        reps = self.draft.inputs.reps
        if routing.within is not None:
            self.draft.refuse_unknown([routing.within], reps.levels, "level", f"{where}.within")
        for name, column in (("weight", routing.weight), ("skills", routing.skills)):
            if column is not None and column not in reps.extra:
                message = f"the seats have no column '{column}'"
                hint = f"Declare it: data.reps.extra: {{{column}: {'real' if name == 'weight' else 'text'}}}."
                self.draft.refuse("E_REFERENCE", message, hint, f"{where}.{name}")

    def _route(self, routing: Routing, at: int, node: IntArray, where: str) -> int:
        if (routing, at) not in self._index:
            self._index[routing, at] = 1 + len(self._kinds)
            self._kinds.append(_KINDS[routing.to])
            weight = self._weight(routing, where)
            for segment in (*self.draft.segments, ""):
                for product in self.draft.inputs.products.id:
                    fits = (node == at) & (weight > 0) & self._may(routing, segment, product)
                    seats = self._order[fits[self._order]].astype(np.int64)
                    self._seats.append(seats)
                    self._weights.append(weight[seats])
                    self._sizes.append(seats.size)
        return self._index[routing, at]

    def _weight(self, routing: Routing, where: str) -> FloatArray:
        reps = self.draft.inputs.reps
        column = reps.extra.get(routing.weight or "")
        if column is None:
            return np.ones(len(reps))
        if column.dtype == object or not (np.asarray(column, dtype=np.float64) >= 0).all():
            message = f"weights of column '{routing.weight}' must be numbers not below 0"
            self.draft.refuse("E_RANGE", message, "Correct the table.", f"{where}.weight")
            return np.ones(len(reps))
        return np.asarray(column, dtype=np.float64)

    def _may(self, routing: Routing, segment: str, product: str) -> BoolArray:
        reps = self.draft.inputs.reps
        serves = np.array(
            [not served or not segment or segment in served for served in reps.serves], dtype=np.bool_
        )
        skills = reps.extra.get(routing.skills or "")
        if skills is None:
            return serves
        words = [[word.strip() for word in str(cell or "").split(";") if word.strip()] for cell in skills]
        able = np.array([not named or product in named for named in words], dtype=np.bool_)
        return np.asarray(serves & able, dtype=np.bool_)
