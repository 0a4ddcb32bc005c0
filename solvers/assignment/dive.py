"""Diving: fix the jobs that the relaxation is surest of, raise the bound again on the rest, and so on to the end.

After each ascent the averaged answers of the knapsacks say how often each agent took each job. The surest jobs, a
share of those left, go to that agent where it has room; the multipliers then adapt to what the others face. The end
may leave jobs without room: they go where they overload least, and local search takes it from there.
"""

from __future__ import annotations

import numpy as np

from solvers.assignment.fixing import fix, reached
from solvers.assignment.guide import Guide
from solvers.assignment.instance import Data, FloatArray, IntArray, State
from solvers.assignment.relaxation import ascend

__all__ = ["dive"]

EFFORT = (25, 0.5)


def dive(start: Guide, limit: int, portion: float, draw: np.random.Generator) -> IntArray:
    """Return an assignment (job,), not always feasible; `portion` of the jobs left is fixed at a time.

    `limit` is the scaled value from which an assignment is of no interest; `draw` breaks what is about equal.
    """
    figures = start.figures
    state = np.where(figures.weight > figures.capacity[:, None], -1, 0).astype(np.int8)
    data = Data(figures.cost, figures.weight, figures.capacity.copy())
    u, share = start.u.copy(), start.share.copy()
    bound = np.zeros(state.shape, np.int64)
    while (state == 0).any():
        _settle(data, state, share + draw.uniform(0, 0.1, share.shape), portion)
        if not (state == 0).any():
            break
        if ascend(data, state, u, share, limit, EFFORT) < limit:
            reached(data, state, u, bound)
            if fix(data, state, bound, limit) < 0:
                break
    return _completed(data, state)


def _settle(data: Data, state: State, sure: FloatArray, portion: float) -> None:
    """Decide a portion of the free jobs, the surest first: the surest agent that has room, or none of them."""
    jobs = np.flatnonzero((state == 0).any(axis=0))
    sure = np.where(state == 0, sure, -1.0)[:, jobs]
    count = max(1, int(portion * jobs.size))
    for k in np.argsort(-sure.max(axis=0), kind="stable")[:count]:
        job = jobs[k]
        fits = (sure[:, k] >= 0) & (data.weight[:, job] <= data.room)
        agent = int(np.where(fits, sure[:, k], -1.0).argmax())
        state[:, job] = -1
        if fits.any():
            state[agent, job] = 1
            data.room[agent] -= data.weight[agent, job]


def _completed(data: Data, state: State) -> IntArray:
    """Give the jobs without an agent to where they overload least, the cheaper of equals."""
    out = np.where((state == 1).any(axis=0), state.argmax(axis=0), -1)
    room = data.room.copy()
    for job in np.flatnonzero(out < 0):
        excess = np.maximum(data.weight[:, job] - room, 0)
        agent = int(np.lexsort((data.cost[:, job], excess))[0])
        out[job] = agent
        room[agent] -= data.weight[agent, job]
    return out.astype(np.int64)
