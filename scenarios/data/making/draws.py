"""Random numbers that do not change: each purpose has its own Philox stream, turned into values right here."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from itertools import accumulate
from statistics import NormalDist
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_NORMAL = NormalDist()
SEED = "apportion sample companies, 1"


class Draws:
    """A stream of draws for one purpose; the raw words of Philox stay the same in every release of numpy."""

    def __init__(self, purpose: str) -> None:
        key = hashlib.blake2b(f"{SEED}: {purpose}".encode(), digest_size=16).digest()
        self._bits = np.random.Philox(key=np.frombuffer(key, dtype="<u8"))

    def uniform(self) -> float:
        """Draw from (0, 1)."""
        return ((int(self._bits.random_raw()) >> 12) + 0.5) / 2**52

    def below(self, count: int) -> int:
        """Draw a whole number from 0 to count - 1."""
        return int(self.uniform() * count)

    def normal(self) -> float:
        """Draw from the standard normal."""
        return _NORMAL.inv_cdf(self.uniform())

    def lognormal(self, mean: float, cv: float) -> float:
        """Draw from the lognormal with a mean and a coefficient of variation."""
        variance = math.log(1 + cv * cv)
        return mean * math.exp(math.sqrt(variance) * self.normal() - variance / 2)

    def poisson(self, mean: float) -> int:
        """Draw a count by adding up exponential gaps."""
        count, total = 0, -math.log(self.uniform())
        while total < mean:
            count, total = count + 1, total - math.log(self.uniform())
        return count

    def pick(self, options: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """Draw one of the options, evenly or by weight."""
        if weights is None:
            return options[self.below(len(options))]
        running = list(accumulate(weights))
        mark = self.uniform() * running[-1]
        return next(option for option, upto in zip(options, running, strict=True) if mark < upto)

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """Draw several different options, in the order drawn."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(count)]
