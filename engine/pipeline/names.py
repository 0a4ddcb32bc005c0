"""Names of what a model knows by number."""

from __future__ import annotations

import numpy as np

from engine.inputs import Inputs
from engine.pipeline.build import Built

_MICROSECONDS = 86_400
"""In a tick, a millionth of a day."""


class Names:
    """Names of deals, seats, accounts, stages and moments; None for an index of -1."""

    def __init__(self, inputs: Inputs, built: Built, stages: tuple[str, ...]) -> None:
        self._inputs, self._stages, self._sources = inputs, stages, built.sources
        self.segments = (*built.segments, "")
        """The last is for deals without an account."""
        held = inputs.contracts
        self._ids: dict[int, str] = dict(zip(inputs.pipeline.key.tolist(), inputs.pipeline.id, strict=True))
        self._ids |= {} if held is None else dict(zip(held.key.tolist(), held.id, strict=True))
        base = built.model.base.contract
        self._account: dict[int, int] = dict(zip(base["key"].tolist(), base["account"].tolist(), strict=True))
        selling = built.model.selling
        self.resources = [
            " or ".join(built.resources[number] for number in np.unique(asked[asked >= 0]))
            for asked in (selling.row["resource"][cells.ravel()] for cells in selling.cell)
        ]
        """Shared resources that each stage may ask for."""

    def case(self, key: int) -> str:
        """Return the id of an open deal or contract; a lead is named by the key of its draws."""
        return self._ids.get(key, f"lead-{key:016x}")

    def seat(self, seat: int) -> str | None:
        """Return the id of a seat."""
        return self._inputs.reps.id[seat] if seat >= 0 else None

    def account(self, account: int) -> str | None:
        """Return the id of an account."""
        return self._inputs.accounts.id[account] if account >= 0 else None

    def account_of(self, contract: int) -> str | None:
        """Return the id of the account of a contract, given its key."""
        return self.account(self._account[contract])

    def product(self, product: int) -> str | None:
        """Return the id of a product."""
        return self._inputs.products.id[product] if product >= 0 else None

    def source(self, source: int) -> str | None:
        """Return the name of a source of leads."""
        return self._sources[source] if source >= 0 else None

    def stage(self, stage: int) -> str | None:
        """Return the name of a stage."""
        return self._stages[stage] if stage >= 0 else None

    def moment(self, tick: int) -> str | None:
        """Return a tick as ISO 8601."""
        if tick == -1:
            return None
        start = self._inputs.calendar.start.astype("datetime64[us]")
        return str(start + np.timedelta64(tick * _MICROSECONDS, "us"))
