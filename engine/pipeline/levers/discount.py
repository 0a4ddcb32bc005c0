"""Less is taken off the price."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Ratio
from engine.pipeline.lever import Lever, World, points
from engine.pipeline.model import Laws


class Discount(Lever):
    """The share taken off the amount of every deal that has a discount; it stays within 0 and 1."""

    kind: Literal["discount"] = "discount"
    by: Ratio = Field(default="-1%", ge=-1, le=1, validate_default=True)
    """What is added to the share: `-1%` is one point less."""

    @property
    def step(self) -> str:
        """Points of the amount."""
        return points(float(self.by))

    def moved(self, world: World, sign: int) -> World:
        """Give the products laws of their own."""
        closing = world.model.closing
        product, laws = closing.product.copy(), closing.laws
        for law in np.unique(product["discount"][product["discount"] >= 0]):
            product["discount"][closing.product["discount"] == law] = len(laws.guide)
            laws = _with_shifted(laws, int(law), sign * float(self.by))
        return world.closing(product=product, laws=laws)

    @classmethod
    def tried(cls, world: World) -> tuple[Discount, ...]:
        """One point less, where there are discounts."""
        return (cls(),) if (world.model.closing.product["discount"] >= 0).any() else ()


def _with_shifted(laws: Laws, law: int, by: float) -> Laws:
    """Return the laws with one more: that law with its values shifted, within 0 and 1."""
    first = int(laws.guide[law, 0])
    end = int(laws.guide[law + 1, 0]) if law + 1 < len(laws.guide) else len(laws.knot)
    knot = laws.knot[first:end].copy()
    knot["value"] = np.clip(knot["value"] + by, 0.0, 1.0)
    steps, rises = np.diff(knot["level"]), np.diff(knot["value"])
    knot["slope"][:-1] = np.divide(rises, steps, out=np.zeros_like(steps), where=steps > 0)
    guide = laws.guide[law] - first + len(laws.knot)
    return Laws(np.concatenate((laws.knot, knot)), np.vstack((laws.guide, guide)))
