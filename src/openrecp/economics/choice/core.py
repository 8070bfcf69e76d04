"""The core of a choice under one budget, closed by lists of undominated states.

A state is a capital spent and a value reached by the groups so far. One state dominates another if it
spends no more and is worth no less. States whose bound does not exceed a known value are dropped. Core
problems of thousands of options have a few dozen groups and some thousands of states.

References
----------
Pisinger, D. (1995), A minimal algorithm for the multiple-choice knapsack problem, European Journal of
Operational Research 83(2), 394–410: cores, bounds by the linear relaxation, and dominated states.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_MOST_STATES = 400_000


@dataclass(frozen=True, slots=True)
class Core:
    """Groups that are not fixed.

    Attributes
    ----------
    values, capitals : list of ndarray
        Of each group what its columns are worth and cost; a column of nothing stands for taking none.
    room : float
        Capital that may be spent [money].
    price : float
        Price of the budget, not below zero, by which states are bounded.
    floor : float
        Only choices worth more than this are looked for [money].
    """

    values: list[Floats]
    capitals: list[Floats]
    room: float
    price: float
    floor: float


def undominated_best(core: Core) -> tuple[list[int], float] | None:
    """Of each group the column of the most valuable choice, and its value.

    If it is worth more than the floor, no choice is worth more; if it is not, none is worth more than the
    floor. None if the search found none at all, which means the same.

    Raises
    ------
    MemoryError
        If there are more states than it is sensible to keep.
    """
    priced = [v - core.price * c for v, c in zip(core.values, core.capitals, strict=True)]
    # What the groups still ahead add to the bound at most, and spend at least.
    ahead = np.append(np.cumsum([p.max() for p in priced][::-1])[::-1], 0.0)
    least = np.append(np.cumsum([c.min() for c in core.capitals][::-1])[::-1], 0.0)
    spent, worth = np.zeros(1), np.zeros(1)
    trail: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for group, (values, capitals) in enumerate(zip(core.values, core.capitals, strict=True), start=1):
        spent = (spent[:, None] + capitals).ravel()
        worth = (worth[:, None] + values).ravel()
        hopeful = np.flatnonzero(
            (spent + least[group] <= core.room)
            & (worth + core.price * (core.room - spent) + ahead[group] > core.floor)
        )
        hopeful = hopeful[np.lexsort((-worth[hopeful], spent[hopeful]))]
        high = np.maximum.accumulate(worth[hopeful])
        hopeful = hopeful[np.append(True, worth[hopeful][1:] > high[:-1])[: len(hopeful)]]
        if not len(hopeful):
            return None
        if len(hopeful) > _MOST_STATES:
            raise MemoryError("too many undominated states")
        trail.append((hopeful // len(values), hopeful % len(values)))
        spent, worth = spent[hopeful], worth[hopeful]
    state = int(np.argmax(worth))
    return _traced(trail, state), float(worth[state])


def _traced(trail: list[tuple[NDArray[np.intp], NDArray[np.intp]]], state: int) -> list[int]:
    picked = []
    for before, column in reversed(trail):
        picked.append(int(column[state]))
        state = int(before[state])
    return picked[::-1]
