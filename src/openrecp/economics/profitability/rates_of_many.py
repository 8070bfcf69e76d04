"""Internal rates of return of many cash flows at once.

Most flows change sign once and have exactly one rate. They are solved block by block, as the root x of
``sum(flow[t] * x**t)`` with ``x = 1 / (1 + rate)``: a start from the mean times of what is paid and what is
received, one step in single precision, one in double. Each step is Householder's of third order, which
multiplies the correct digits by four. Whoever is not proven to be there afterwards goes to
`openrecp.economics.profitability.remaining_rows`, which proves, or asks the function for one flow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.amounts import Array
from openrecp.economics.profitability.internal_rate import (
    InternalRate,
    RootCount,
    internal_rate_of_return,
)
from openrecp.economics.profitability.remaining_rows import CODES, settled
from openrecp.economics.profitability.rows import Flows, Rows, rows_of, shared_out

# Numbers of a block; with its powers it fits the second-level cache (2 MB), yet each operation on it is
# long enough that two threads seldom wait for each other.
_BLOCK = 160_000
_LONGEST_BLOCK = 16_384
# Fewer rows are done sooner one by one.
_FEW = 6
# Searching starts from this rate, a usual one.
_USUAL = 1 / 1.15
# A Newton step shorter than this over the number of periods leaves, after the step of third order
# that is taken instead, an error below the rounding of a double.
_NEAR = 5e-4


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
    found = InternalRates(
        np.empty(rows.count), np.empty(rows.count, np.int8), np.empty(rows.count, np.int16), rows
    )
    if rows.count <= _FEW or rows.periods < 2:
        _settle(found, np.arange(rows.count))
    else:
        shared_out(lambda start, stop: _find(found, start, stop), rows.count)
    return found


def _find(found: InternalRates, start: int, stop: int) -> None:
    """Solve the ordinary rows from start to stop, then settle what remains."""
    rows = found.rows
    length = max(1, min(_BLOCK // rows.periods, _LONGEST_BLOCK, stop - start))
    block = _Block(rows.periods, length)
    remaining = []
    with np.errstate(all="ignore"):  # what is no number is not near, and remains
        for first in range(start, stop, length):
            part = slice(first, min(first + length, stop))
            if part.stop - first < length:
                block = _Block(rows.periods, part.stop - first)
            rows.copied(first, block.flows)
            near = block.solve(found.value[part], found.codes[part], found.sign_changes[part])
            remaining.append(first + np.flatnonzero(~near))
    _settle(found, np.concatenate(remaining))


def _settle(found: InternalRates, places: NDArray[np.intp]) -> None:
    for first in range(0, places.size, _LONGEST_BLOCK // 4):
        part = places[first : first + _LONGEST_BLOCK // 4]
        found.value[part], found.codes[part], found.sign_changes[part] = settled(found.rows.taken(part))


def _aligned(shape: tuple[int, ...], kind: type[np.floating[Any]]) -> NDArray[Any]:
    """An empty array that begins at a cache line; the processor reads it up to twice as fast."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    raw = np.empty(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size].view(kind).reshape(shape)


class _Block:
    """Work space for some rows, one column a row, and the solution of those that are ordinary."""

    def __init__(self, periods: int, rows: int) -> None:
        self.flows = _aligned((periods, rows), np.float64)
        self.powers = _aligned((periods, rows), np.float64)
        self.moments = _aligned((4, rows), np.float64)
        self.scratch = _aligned((2, rows), np.float64)
        self.x = _aligned((rows,), np.float64)
        # The same in single precision; flows and powers in the space of the powers, which come later.
        halves = self.powers.view(np.float32).reshape(2, periods, rows)
        self.rough_flows, self.rough_powers = halves[0], halves[1]
        self.rough_moments = _aligned((12, rows), np.float32)
        self.rough_scratch = _aligned((2, rows), np.float32)
        self.rough_x = _aligned((rows,), np.float32)
        self.negative = np.empty((periods, rows), np.bool_)
        self.changed = np.empty((periods - 1, rows), np.bool_)
        # x**k f^(k)(x) / k! of f = sum(flow * x**t) is the sum of comb(t, k) * flow * x**t; slope first.
        self.weights = np.array([[comb(t, k) for t in range(periods)] for k in (1, 0, 2, 3)], np.float64)
        self.rough_weights = self.weights.astype(np.float32)
        times = np.arange(periods)
        self.first_weights = np.array([times**k * _USUAL**times for k in range(3)], np.float32)

    def solve(
        self, value: Array, codes: NDArray[np.int8], sign_changes: NDArray[np.int16]
    ) -> NDArray[np.bool_]:
        """Fill in the answers; returned is for which rows they are proven."""
        np.copyto(self.rough_flows, self.flows, casting="same_kind")
        np.signbit(self.rough_flows, out=self.negative)
        np.not_equal(self.negative[1:], self.negative[:-1], out=self.changed)
        # A zero counts with one of the signs here: never too few changes, and if one, then rightly one
        # where a root is found, because that takes flows of both signs.
        np.add.reduce(self.changed, axis=0, dtype=np.int16, out=sign_changes)
        total = self._start()
        _step(
            self.rough_flows,
            self.rough_powers,
            self.rough_weights,
            self.rough_moments[:4],
            self.rough_x,
            self.rough_scratch,
        )
        np.copyto(self.x, self.rough_x)
        finite = np.isfinite(total)
        _step(self.flows, self.powers, self.weights, self.moments, self.x, self.scratch)
        newton = np.abs(self.moments[1], out=self.moments[1])
        near: NDArray[np.bool_] = (newton <= _NEAR / self.flows.shape[0]) & (sign_changes == 1)
        np.divide(1.0, self.x, out=self.x)
        np.subtract(self.x, 1.0, out=value)
        codes[:] = 0
        never = sign_changes == 0
        if never.any():
            value[never] = np.nan
            codes[never] = CODES.index(RootCount.NO_SIGN_CHANGE)
            near |= never & finite
        return near

    def _start(self) -> NDArray[np.float32]:
        """First x of each row; returned is the sum of all its amounts, weighted.

        With P received and N paid, of mean times p and n at the usual rate, log(P/N) is nearly linear in
        log x with slope p - n; the variances of the times give its curvature (Halley's step).
        """
        inward, outward, spare, space = np.split(self.rough_moments, 4)
        np.matmul(self.first_weights, self.rough_flows, out=spare)
        np.abs(self.rough_flows, out=self.rough_powers)
        np.matmul(self.first_weights, self.rough_powers, out=space)
        np.add(space, spare, out=inward)
        np.subtract(space, spare, out=outward)
        total: NDArray[np.float32] = space[0].copy()
        ratio, slope, curvature = spare
        np.divide(outward[0], inward[0], out=ratio)
        np.log(ratio, out=ratio)
        for part in (inward, outward):
            np.divide(part[1:], part[0], out=part[1:])
            np.multiply(part[1], part[1], out=space[0])
            np.subtract(part[2], space[0], out=part[2])
        np.subtract(inward[1], outward[1], out=slope)
        np.subtract(inward[2], outward[2], out=curvature)
        np.divide(spare[::2], slope, out=spare[::2])
        np.multiply(ratio, curvature, out=curvature)
        np.multiply(curvature, np.float32(0.5), out=curvature)
        np.add(curvature, np.float32(1), out=curvature)
        np.divide(ratio, curvature, out=ratio)
        np.exp(ratio, out=ratio)
        np.multiply(ratio, np.float32(_USUAL), out=self.rough_x)
        return total


def _step(
    flows: NDArray[Any],
    powers: NDArray[Any],
    weights: NDArray[Any],
    moments: NDArray[Any],
    x: NDArray[Any],
    scratch: NDArray[Any],
) -> None:
    """Householder's step of third order for each x; ``moments[1]`` becomes Newton's step over -x."""
    powers[1] = x
    for t in range(2, powers.shape[0]):
        np.multiply(powers[t - 1], x, out=powers[t])
    np.multiply(flows[1:], powers[1:], out=powers[1:])
    powers[0] = flows[0]
    np.matmul(weights, powers, out=moments)
    np.divide(moments[1:], moments[0], out=moments[1:])
    newton, second, third = moments[1:]
    upper, lower = scratch
    np.multiply(newton, second, out=upper)
    np.subtract(1, upper, out=upper)
    np.multiply(newton, third, out=lower)
    np.subtract(lower, second, out=lower)
    np.multiply(lower, newton, out=lower)
    np.add(lower, upper, out=lower)
    np.divide(upper, lower, out=upper)
    np.multiply(upper, newton, out=upper)
    np.multiply(upper, x, out=upper)
    np.subtract(x, upper, out=x)
