"""Internal rates of ordinary cash flows, many at a time: those that change sign once.

Such a flow has exactly one rate. It is found as the root x of ``sum(flow[t] * x**t)``, x = 1 / (1 + rate):
a start from the mean times of what is paid and what is received, one step in single precision, one in
double. Each step is Householder's of third order, which multiplies the number of correct digits by four.

The arrays are long, the operations on them few and all views made beforehand, because two threads that
want Python's lock at the same time wait for each other much longer than an operation takes.
"""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openrecp.economics.amounts import Array
from openrecp.economics.profitability.internal_rate import LOWEST

# Searching starts from this rate, a usual one; powers are counted relative to it.
_USUAL = 1 / 1.15
# A Newton step shorter than this over the number of periods leaves, after the step of third order that
# is taken instead, an error below the rounding of a double.
_NEAR = 5e-4
# Numbers multiplied by a matrix at a time. With more, the library that does it starts threads of its own,
# and these wait for each other when several of ours do the same (ten times slower, measured).
_PIECE = 60_000
# Keeps Halley's step finite for very high rates; the best of what was tried from 3 % to 1,500 %.
_LEAST_DIVISOR = 0.8


class Block:
    """Work space for some rows, one column a row, and the rates of those that are ordinary.

    The number of rows is one that `whole_pieces` returns.
    """

    def __init__(self, periods: int, rows: int) -> None:
        times = np.arange(periods)
        usual = _USUAL**times
        # x**k f^(k)(x) / k! is the sum of comb(t, k) * flow[t] * x**t; the slope comes first.
        weights = np.array([[comb(t, k) for t in range(periods)] for k in (1, 0, 2, 3)]) * usual
        self.flows = _aligned((periods, rows), np.float64)
        powers = _aligned((periods, rows), np.float64)
        self._x = _aligned((rows,), np.float64)
        self._exact = _Search(self.flows, powers, self._x, weights)
        # In single precision, flows and powers share the space of the powers in double, which come later.
        self._both = powers.view(np.float32).reshape(2, periods, rows)
        self._rough_x = _aligned((rows,), np.float32)
        self._rough = _Search(self._both[0], self._both[1], self._rough_x, weights.astype(np.float32))
        self._first_weights = np.array([usual, times * usual, times**2 * usual], np.float32)
        self._sums = _aligned((2, 3, rows), np.float32)
        self._spare = _aligned((3, rows), np.float32)
        pieces = _pieces(periods, rows)
        self._both_pieces, self._sums_of_pieces = _divided(self._both, pieces), _divided(self._sums, pieces)
        self._negative = np.empty((periods, rows), np.int8)
        self._changed = np.empty((periods - 1, rows), np.int8)
        self._count = np.empty(rows, np.int8 if periods <= 128 else np.int16)

    def solve(
        self, value: Array, sign_changes: NDArray[np.int16], near: NDArray[np.bool_], steps: int
    ) -> None:
        """Fill in rate and changes of sign of each row, and whether the search came near a root.

        A zero counts with one of the signs here. That is never one change too few; and if it is one, and a
        root is found, then it is rightly one, because a root above zero takes flows of both signs.
        """
        np.copyto(self._both[0], self.flows, casting="same_kind")
        np.signbit(self._both[0], self._negative.view(np.bool_))
        np.bitwise_xor(self._negative[1:], self._negative[:-1], self._changed)
        np.add.reduce(self._changed, axis=0, dtype=self._count.dtype, out=self._count)
        sign_changes[:] = self._count
        self._start()
        self._rough.step()
        np.abs(self._rough_x, out=self._x)
        for step in range(steps):
            if step:
                np.abs(self._x, self._x)  # a step may lead below zero, where no rate is
            self._exact.step()
        newton = self._exact.newton
        np.abs(newton, newton)
        np.less(newton, _NEAR / len(self.flows), near)
        np.divide(1 / _USUAL, self._x, value)
        np.subtract(value, 1.0, value)
        np.maximum(value, LOWEST, out=value)

    def _start(self) -> None:
        """First x of each row, relative to the usual one.

        With P received and N paid, of mean times p and n at the usual rate, log(P/N) is nearly linear in
        log x with slope p - n; the variances of the times give its curvature (Halley's step).
        """
        np.maximum(self._both[0], np.float32(0), out=self._both[1])
        np.matmul(self._first_weights, self._both_pieces, self._sums_of_pieces)
        paid, received = self._sums
        np.subtract(received, paid, paid)  # until here it was all together
        ratio, slope, curvature = self._spare
        np.divide(paid[0], received[0], ratio)
        np.log(ratio, ratio)
        moments, differences, x = self._sums[:, 1:], self._spare[1:], self._rough_x
        np.divide(moments, self._sums[:, :1], moments)
        np.multiply(moments[:, 0], moments[:, 0], differences)
        np.subtract(moments[:, 1], differences, moments[:, 1])
        np.subtract(moments[1], moments[0], differences)
        np.divide(self._spare[::2], slope, self._spare[::2])
        np.multiply(ratio, curvature, x)
        np.add(x, np.float32(2), x)
        np.maximum(x, np.float32(_LEAST_DIVISOR), out=x)
        np.divide(ratio, x, x)
        np.exp(x, x)
        np.multiply(x, x, x)


class _Search:
    """The roots x of ``sum(flows[t] * weights[1, t] * x**t)`` in one precision, improved step by step."""

    def __init__(
        self, flows: NDArray[Any], powers: NDArray[Any], x: NDArray[Any], weights: NDArray[Any]
    ) -> None:
        self.flows, self.powers, self.x, self.weights = flows, powers, x, weights
        self.moments = _aligned((4, x.size), x.dtype.type)
        self.spare = _aligned((x.size,), x.dtype.type)
        self.slope, self.newton, self.second, self.third = self.moments
        self.ratios, self.first_power = self.moments[1:], powers[1]
        self.terms, self.later_flows = powers[1:], flows[1:]
        pieces = _pieces(*powers.shape)
        self.pieces, self.moments_of_pieces = _divided(powers, pieces), _divided(self.moments, pieces)
        self.doublings = []
        known, periods = 1, len(powers)
        while known < periods - 1:
            more = min(2 * known, periods - 1)
            self.doublings.append((powers[1 : more - known + 1], powers[known], powers[known + 1 : more + 1]))
            known = more

    def step(self) -> None:
        """Householder's step of third order; ``newton`` becomes Newton's step over -x before it.

        With q Newton's step and a, b the second and third derivative over the first, scaled as the
        weights are, it is ``q (1 - q a) / (1 - q a + q (q b - a))``.
        """
        x, spare, newton, third = self.x, self.spare, self.newton, self.third
        self.first_power[:] = x
        for lower, power, higher in self.doublings:
            np.multiply(lower, power, higher)
        np.multiply(self.terms, self.later_flows, self.terms)
        self.powers[0] = self.flows[0]
        np.matmul(self.weights, self.pieces, self.moments_of_pieces)
        np.divide(self.ratios, self.slope, self.ratios)
        np.multiply(newton, third, third)
        np.subtract(third, self.second, third)
        np.multiply(third, newton, third)
        np.multiply(newton, self.second, spare)
        np.subtract(1.0, spare, spare)
        np.add(third, spare, third)
        np.divide(spare, third, spare)
        np.multiply(spare, newton, spare)
        np.multiply(spare, x, spare)
        np.subtract(x, spare, x)


def whole_pieces(periods: int, rows: int) -> int:
    """So many rows, or a few less, that they divide into pieces of equal length."""
    while rows % _pieces(periods, rows):
        rows -= 1
    return rows


def _pieces(periods: int, rows: int) -> int:
    return min(-(-periods * rows // _PIECE), rows)


def _divided(array: NDArray[Any], pieces: int) -> NDArray[Any]:
    """The array with its last axis, that of the rows, divided along a new first axis."""
    return np.moveaxis(array.reshape(*array.shape[:-1], pieces, -1), -2, 0)


def _aligned(shape: tuple[int, ...], kind: type[np.floating[Any]]) -> NDArray[Any]:
    """An empty array that begins at a cache line; the processor reads it up to twice as fast."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    raw = np.empty(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size].view(kind).reshape(shape)
