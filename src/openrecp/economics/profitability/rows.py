"""Many plain cash flows at once, in whatever shape they come.

A flow of one option is a sequence of floats. Many flows are either a table of shape (n, periods), or what
the cash flow of many options is counted over: a sequence of years, each a float or an array of shape (n,).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.amounts import Amount, Array

Flows: TypeAlias = Sequence[Amount] | Array

# Below so many rows a second thread costs more than it brings. More than two are of no use: they wait for
# each other, because Python itself runs in one thread at a time.
_ROWS_FOR_THREADS = 100_000
_THREADS = 2
# Rows of a table that are turned into columns at a time; more would leave the cache between two columns.
TURNED_AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Many cash flows, year by year.

    Attributes
    ----------
    years : array of shape (periods, n), or list of array
        In a list, each of shape (n,), or of no dimension where all rows have the same amount.
    count : int
        Number of rows n.
    """

    years: NDArray[Any] | list[NDArray[Any]]
    count: int

    @property
    def periods(self) -> int:
        """Number of years."""
        return len(self.years)

    def copied(self, start: int, block: Array) -> None:
        """Fill ``block``, of shape (periods, m), with the m rows from ``start`` on."""
        rows = block.shape[1]
        if isinstance(self.years, np.ndarray):
            for first in range(0, rows, TURNED_AT_ONCE):
                last = min(first + TURNED_AT_ONCE, rows)
                block[:, first:last] = self.years[:, start + first : start + last]
            return
        for line, year in zip(block, self.years, strict=True):
            line[:] = year[start : start + rows] if year.ndim else year

    def taken(self, places: NDArray[np.intp]) -> Array:
        """The rows at the given places, shape (periods, m)."""
        block = np.empty((self.periods, places.size))
        for line, year in zip(block, self.years, strict=True):
            line[:] = year[places] if year.ndim else year
        return block

    def row(self, place: int) -> list[float]:
        """One cash flow."""
        return [float(year[place]) if year.ndim else float(year) for year in self.years]


def is_one_flow(flows: Flows) -> bool:
    """Whether the flows are those of one option: a sequence of plain numbers."""
    if isinstance(flows, np.ndarray):
        return flows.ndim == 1
    # The type of most numbers tells at once.
    return all(isinstance(year, float | int) or not np.ndim(year) for year in flows)


def rows_of(flows: Flows) -> Rows:
    """Many flows, or one as a single row, year by year without copying them.

    Raises
    ------
    ValueError
        If the table has not two dimensions or the years not the same number of rows.
    """
    if isinstance(flows, np.ndarray) and flows.ndim > 1:
        if flows.ndim != 2:
            raise ValueError(f"a table of cash flows has two dimensions, not {flows.ndim}")
        return Rows(flows.T, flows.shape[0])
    years = [np.asarray(year) for year in flows]
    if any(
        year.ndim > 1 or (year.ndim and not isinstance(given, np.ndarray))
        for year, given in zip(years, flows, strict=True)
    ):
        raise ValueError("each year must be a number or an array of one number a row; give rows as a table")
    counts = {year.size for year in years if year.ndim}
    if len(counts) > 1:
        raise ValueError(f"the years have different numbers of rows: {sorted(counts)}")
    return Rows(years, counts.pop() if counts else 1)


def shared_out(work: Callable[[int, int], object], rows: int) -> None:
    """Let ``work(start, stop)`` do all the rows, in threads of equal shares where there are many."""
    threads = min(_THREADS, os.cpu_count() or 1) if rows >= _ROWS_FOR_THREADS else 1
    if threads == 1:
        work(0, rows)
        return
    marks = [rows * share // threads for share in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, marks[:-1], marks[1:]))
