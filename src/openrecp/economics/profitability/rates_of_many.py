"""Internal rates of return of many cash flows at once.

Most flows change sign once and have exactly one rate: `ordinary_rows` finds it. Whoever is not proven to
be there goes to `remaining_rows`, which proves more, or asks the function for one flow.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.amounts import Array
from openrecp.economics.profitability.internal_rate import (
    InternalRate,
    RootCount,
    internal_rate_of_return,
)
from openrecp.economics.profitability.ordinary_rows import Block, whole_pieces
from openrecp.economics.profitability.remaining_rows import CODES, FEW, settled
from openrecp.economics.profitability.rows import Flows, Rows, rows_of, shared_out

# Numbers of a block, and its longest. Small ones stay in the second-level cache (2 MB); of two threads, those
# with larger ones wait for each other less.
_BLOCK, _LONGEST_BLOCK = 80_000, 8_000
_BLOCK_OF_THREADS, _LONGEST_OF_THREADS = 480_000, 48_000
_SETTLED_AT_ONCE = 4_096
# Steps for the rows that one does not bring there: very high and very low rates.
_MORE_STEPS = 4


@dataclass(frozen=True, slots=True)
class InternalRates:
    """Internal rates of return of many cash flows.

    Attributes
    ----------
    value : array of float, shape (n,)
        The rate a period as a fraction; nan where there is not exactly one.
    codes : array of int, shape (n,)
        Position in ``RootCount`` of how many rates there are: 0 one, 1 no change of sign, 2 none,
        3 several; see `count` and `having`.
    sign_changes : array of int, shape (n,)
        Changes of sign in each flow.
    rows : Rows
        The flows asked about.
    """

    value: Array
    codes: NDArray[np.int8]
    sign_changes: NDArray[np.int16]
    rows: Rows = field(repr=False)

    def count(self, row: int) -> RootCount:
        """How many rates make the present value of a row zero."""
        return CODES[self.codes[row]]

    def having(self, count: RootCount) -> NDArray[np.bool_]:
        """The rows that have so many rates, as a mask of shape (n,)."""
        chosen: NDArray[np.bool_] = self.codes == CODES.index(count)
        return chosen

    def roots_of(self, row: int) -> InternalRate:
        """All rates of a row, and the reason where there is not exactly one; found when asked for."""
        return internal_rate_of_return(self.rows.row(row))


def internal_rates_of_return(flows: Flows) -> InternalRates:
    """Internal rate of return of each of many cash flows; the same answers as one by one.

    Parameters
    ----------
    flows : array of shape (n, periods), or sequence of floats and arrays of shape (n,)
        Cash flow of each period, the first at time zero [money]: as a table or year by year.

    Raises
    ------
    ValueError
        If a flow is not finite or the shapes do not fit.

    See Also
    --------
    internal_rate_of_return : the same for one cash flow, with all its rates.

    >>> found = internal_rates_of_return(np.array([[-100.0, 60, 60], [-100, 230, -132], [1, 2, 3]]))
    >>> found.value.round(6)
    array([0.130662,      nan,      nan])
    >>> [found.count(row).value for row in range(3)]
    ['one', 'several', 'no-sign-change']
    """
    rows = rows_of(flows)
    count = rows.count
    found = InternalRates(np.empty(count), np.zeros(count, np.int8), np.empty(count, np.int16), rows)
    if count <= FEW or rows.periods < 2:
        found.value[:], found.codes[:], found.sign_changes[:] = settled(rows.taken(np.arange(count)))
    else:
        shared_out(lambda start, stop: _find(found, start, stop), count)
    return found


def _find(found: InternalRates, start: int, stop: int) -> None:
    """Solve the ordinary rows from start to stop, with more steps where needed, and settle the others."""
    left = start + _unsolved(found.rows, found.value, found.sign_changes, start, stop, 1)
    ordinary = found.sign_changes[left] == 1
    far, others = left[ordinary], left[~ordinary]
    rows = Rows(found.rows.taken(far), far.size)
    value, changes = np.empty(far.size), np.empty(far.size, np.int16)
    still = _unsolved(rows, value, changes, 0, far.size, _MORE_STEPS)
    found.value[far] = value
    others = np.concatenate([others, far[still]])
    for first in range(0, others.size, _SETTLED_AT_ONCE):
        part = others[first : first + _SETTLED_AT_ONCE]
        found.value[part], found.codes[part], found.sign_changes[part] = settled(found.rows.taken(part))


def _unsolved(
    rows: Rows, value: Array, changes: NDArray[np.int16], start: int, stop: int, steps: int
) -> NDArray[np.intp]:
    """Solve block by block; returned are the places, from start on, of those that are not proven."""
    near = np.zeros(stop - start, np.bool_)
    threads = stop - start < rows.count
    numbers, longest = (_BLOCK_OF_THREADS, _LONGEST_OF_THREADS) if threads else (_BLOCK, _LONGEST_BLOCK)
    length = min(max(numbers // rows.periods, 1), longest, stop - start)
    if length:
        length = whole_pieces(rows.periods, length)
        block = Block(rows.periods, length)
        with np.errstate(all="ignore"):  # what is no number is not near
            for begin in range(start, stop, length):
                # The last block begins earlier, so that it is as long as the others.
                first = min(begin, stop - length)
                part = slice(first, first + length)
                rows.copied(first, block.flows)
                block.solve(value[part], changes[part], near[first - start : first - start + length], steps)
    return np.flatnonzero(~(near & (changes[start:stop] == 1)))
