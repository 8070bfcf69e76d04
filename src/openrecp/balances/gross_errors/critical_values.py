"""Critical values for the largest of many tests at once, from their joint distribution.

Where each of many standard normal statistics z is compared with one critical value c, some of them exceed it by
chance alone more often than one would. The probability that any does, taken over the clusters in which they do, is

    P(max |z| > c) = n P(|z₁| > c) E[1 / N],

N being how many exceed c when a random one is known to. The first two factors are exact; 1/N is mostly 1 and a half,
so that a few thousand draws give the third closely, the more so as the mean of N is known exactly from pairs.

References
----------
D. Q. Naiman and C. E. Priebe, Computing scan statistic p values using importance sampling, with applications to
genetics and medical image analysis, Journal of Computational and Graphical Statistics 10 (2001) 296-328. Z. Šidák,
Rectangular confidence regions for the means of multivariate normal distributions, Journal of the American Statistical
Association 62 (1967) 626-633. D. Hunter, An upper bound for the probability of a union, Journal of Applied
Probability 13 (1976) 597-603. D. B. Owen, Tables for computing bivariate normal probabilities, Annals of Mathematical
Statistics 27 (1956) 1075-1090.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.optimize import brentq
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.special import ndtr, ndtri, owens_t

from openrecp.balances.problems import Array
from openrecp.texts import Choice, text

SAME: Final = 1e-8
"""How far the correlation of two statistics may be from 1 before they count as two."""

CLOSE: Final = 0.004
"""Error of a critical value that is close enough where biases and leaks are many and alike."""

_LARGEST: Final = 1200
# Two that are related less exceed together so rarely that they may as well be independent, which errs on the safe side.
_WEAKEST: Final = 0.3
_BINS: Final = 4096
_ANGLES: Final = 257
_GRID: Final = np.linspace(0.0, 0.5 * math.pi, _ANGLES)
_ARC: Final = 20_000
_AT_ONCE: Final = 256
_MOST: Final = 65_536
_SCORE_OF_95: Final = 1.959963984540054


class CriticalMethod(Choice):
    """How a critical value was found."""

    JOINT = "joint", text("joint distribution of the tests")
    PAIRS = "pairs", text("joint distribution of neighbouring tests")
    SIDAK = "sidak", text("Šidák's inequality, an upper bound")
    BONFERRONI = "bonferroni", text("Bonferroni's inequality, an upper bound")


@dataclass(frozen=True, slots=True)
class CriticalValue:
    """What |z| must exceed.

    Attributes
    ----------
    value : float
    level : float
        Probability that anything exceeds it in data without gross errors.
    tests : int
        How many different statistics there are.
    method : CriticalMethod
    error : float
        Half the width of the 95 % interval of ``value`` itself; 0 for bounds and exact values.
    """

    value: float
    level: float
    tests: int
    method: CriticalMethod
    error: float = 0.0


def sidak_critical_value(tests: int, level: float = 0.05) -> CriticalValue:
    """Critical value for independent tests, an upper bound for correlated ones.

    Raises
    ------
    ValueError
        If there is no test, or the level is not between 0 and 1.

    >>> round(sidak_critical_value(10).value, 4)
    2.7996
    """
    _check(tests, level)
    single = -math.expm1(math.log1p(-level) / tests)
    return CriticalValue(-float(ndtri(0.5 * single)), level, tests, CriticalMethod.SIDAK)


def bonferroni_critical_value(tests: int, level: float = 0.05) -> CriticalValue:
    """Critical value at which the chances of all tests add up to the level, an upper bound.

    Raises
    ------
    ValueError
        If there is no test, or the level is not between 0 and 1.

    >>> round(bonferroni_critical_value(10).value, 4)
    2.807
    """
    _check(tests, level)
    return CriticalValue(-float(ndtri(0.5 * level / tests)), level, tests, CriticalMethod.BONFERRONI)


def critical_value(
    directions: Array, level: float = 0.05, error: float = 0.002, seed: int = 20_260_101
) -> CriticalValue:
    """Critical value for the largest |z|, from the joint distribution of all.

    Parameters
    ----------
    directions : array, shape (r, tests)
        Columns of length 1: each z is the length of r independent standard normal residuals along one, so that the
        correlation of two is the product of their columns. A Cholesky factor of a correlation matrix will do.
    level : float
    error : float
        Largest error of the critical value, with 95 % confidence.
    seed : int
        Of the draws: the same problem always gets the same value.

    Raises
    ------
    ValueError
        If there is no test, or the level is not between 0 and 1.

    Notes
    -----
    More than 1,200 different tests are treated by neighbouring pairs, :func:`critical_value_of_pairs`.

    >>> critical_value(np.eye(10)).value  # independent ones, as by Šidák
    2.79...
    """
    _check(directions.shape[1], level)
    directions = different(directions)
    tests = directions.shape[1]
    if tests == 1 or directions.shape[0] == 1:
        return CriticalValue(-float(ndtri(0.5 * level)), level, 1, CriticalMethod.JOINT)
    if directions.shape[0] == 2:
        return CriticalValue(_in_the_plane(directions, level), level, tests, CriticalMethod.JOINT)
    correlations = directions.T @ directions
    if tests > _LARGEST:
        first, second = np.nonzero(np.triu(np.abs(correlations) > _WEAKEST, 1))
        found = spanning_pairs(tests, first, second, correlations[first, second])
        return critical_value_of_pairs(tests, found, level)
    value, half = _sampled(directions, correlations, level, error, seed)
    return CriticalValue(value, level, tests, CriticalMethod.JOINT, half)


def different(directions: Array) -> Array:
    """The directions of which none is another one or its opposite; shape (r, different)."""
    alike = np.abs(directions.T @ directions) > 1.0 - SAME
    return np.asarray(directions[:, np.argmax(alike, axis=0) == np.arange(directions.shape[1])])


def critical_value_of_pairs(tests: int, correlations: Array, level: float = 0.05) -> CriticalValue:
    """Critical value that takes account of neighbouring tests, for networks too large for the whole joint distribution.

    Parameters
    ----------
    tests : int
        Different ones.
    correlations : array
        Of the pairs of a spanning forest, :func:`spanning_pairs`; the strongest ones serve best.
    level : float

    Raises
    ------
    ValueError
        If there is no test, the level is not between 0 and 1, or there are too many pairs for a forest.

    Notes
    -----
    The chance of no alarm is taken as the product over tests, corrected for each pair of the forest: that of the
    Markov tree with these correlations. Without pairs this is Šidák's value, above which it never lies.

    >>> pairs = np.full(99, 0.9)
    >>> critical_value_of_pairs(100, pairs).value < sidak_critical_value(100).value
    True
    """
    _check(tests, level)
    if len(correlations) >= tests:
        raise ValueError("a forest has fewer pairs than tests")
    angles = np.arccos(np.clip(np.abs(np.asarray(correlations, dtype=np.float64)), 0.0, 1.0))
    # Counted by classes, so that a network of any size is done at once.
    counts, edges = np.histogram(angles, _BINS, (0.0, 0.5 * math.pi))
    middles = 0.5 * (edges[1:] + edges[:-1])

    def surplus(value: float) -> float:
        single = 2.0 * float(ndtr(-value))
        both = _both_exceed(value, middles)
        quiet = tests * math.log1p(-single)
        quiet += float(counts @ (np.log1p(both - 2.0 * single) - 2.0 * math.log1p(-single)))
        return quiet - math.log1p(-level)

    lowest, highest = -float(ndtri(0.5 * level)), sidak_critical_value(tests, level).value
    value = highest if surplus(highest) <= 0 else float(brentq(surplus, lowest - 1e-9, highest, xtol=1e-9))
    return CriticalValue(value, level, tests, CriticalMethod.PAIRS)


def spanning_pairs(tests: int, first: Array, second: Array, correlations: Array) -> Array:
    """Correlations of the pairs that span all tests by the strongest links; shape (at most tests - 1,).

    Each pair of ``first`` and ``second``, shape (pairs,), stands once. Pairs left out count as unrelated, and so do those
    that are related by less than 0.3.

    >>> pairs = spanning_pairs(3, np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([0.9, 0.4, -0.8]))
    >>> sorted(pairs.tolist())
    [0.8, 0.9]
    """
    strength = np.abs(np.asarray(correlations, dtype=np.float64))
    close = np.flatnonzero(strength > _WEAKEST)
    # An entry of 0 would be no link at all.
    weights = sp.csr_array((2.0 - strength[close], (first[close], second[close])), shape=(tests, tests))
    return np.asarray(2.0 - minimum_spanning_tree(weights).data).round(12)


def _check(tests: int, level: float) -> None:
    if tests < 1:
        raise ValueError("there is nothing to test")
    if not 0.0 < level < 1.0:
        raise ValueError(f"the level lies between 0 and 1, not at {level}")


def _both_exceed(value: float, angles: Array) -> Array:
    """P(both |z| > value) of two whose |correlation| is the cosine of the angle, interpolated."""
    return np.asarray(np.interp(angles, _GRID, _on_the_grid(value)))


def _on_the_grid(value: float) -> Array:
    """The same at the angles of the grid."""
    # Same sign and opposite sign: Owen's T of half the angle, and of half its supplement.
    same, opposite = owens_t(value, np.tan(0.5 * _GRID)), owens_t(value, np.tan(0.5 * (math.pi - _GRID)))
    return np.asarray(4.0 * (float(ndtr(-value)) - same - opposite))


def _shares_of_the_grid(angles: Array) -> Array:
    """How much each angle of the grid counts in a sum over interpolated ones."""
    place = angles.ravel() / _GRID[1]
    low = np.minimum(place.astype(np.int64), _ANGLES - 2)
    above = place - low
    return np.bincount(low, 1.0 - above, _ANGLES) + np.bincount(low + 1, above, _ANGLES)


def _in_the_plane(directions: Array, level: float) -> float:
    """Two residuals: the chance given their direction is exponential, its mean a sum around the half circle."""
    turn = (np.arange(_ARC) + 0.5) * (math.pi / _ARC)
    tests = np.arctan2(directions[1], directions[0]) % math.pi
    tests = np.sort(tests)
    place = np.searchsorted(tests, turn)
    near = np.minimum(
        np.abs(turn - np.append(tests, tests[0] + math.pi)[place]),
        np.abs(turn - np.append(tests[-1] - math.pi, tests)[place]),
    )
    squares = 0.5 / np.cos(near) ** 2

    def surplus(value: float) -> float:
        return float(np.mean(np.exp(-value * value * squares))) - level

    return float(
        brentq(
            surplus,
            -float(ndtri(0.5 * level)) - 1e-6,
            bonferroni_critical_value(tests.size, level).value + 1e-6,
        )
    )


class _Clusters:
    """Draws of how many tests exceed a value when a random one does."""

    def __init__(self, directions: Array, correlations: Array, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        self.directions, self.correlations = directions, correlations
        self.pairs = _shares_of_the_grid(np.arccos(np.clip(np.abs(correlations), 0.0, 1.0)))
        self.tests = directions.shape[1]

    def draw(self, draws: int) -> tuple[Array, Array, Array]:
        """The rest of the residuals, what one statistic explains of all, and its place in the tail.

        ``draws`` is a multiple of the number of tests, so that each is chosen as often.
        """
        rows, chosen = np.arange(draws), np.arange(draws) % self.tests
        rest = self.generator.standard_normal((draws, self.directions.shape[0])) @ self.directions
        explained = self.correlations[chosen]
        rest -= explained * rest[rows, chosen][:, None]
        # Exactly the chosen one, whatever rounding leaves of it.
        rest[rows, chosen] = 0.0
        place = (self.generator.permutation(draws) + self.generator.random(draws)) / draws
        return rest, explained, place

    def mean_others(self, value: float) -> float:
        """How many others exceed, on average."""
        both = float(self.pairs @ _on_the_grid(value))
        single = 2.0 * float(ndtr(-value))
        return float(both / (self.tests * single)) - 1.0

    def shares(self, drawn: tuple[Array, Array, Array], value: float) -> tuple[Array, Array]:
        """1 / N and N - 1 of each draw, averaged over it and its mirror image."""
        rest, explained, place = drawn
        centre = explained * -ndtri(place * ndtr(-value))[:, None]
        # The chosen one exceeds by construction, so at least 1 is counted.
        counts = [
            np.maximum(np.count_nonzero(np.abs(side) > value, axis=1), 1)
            for side in (centre + rest, centre - rest)
        ]
        return 0.5 * (1.0 / counts[0] + 1.0 / counts[1]), 0.5 * (counts[0] + counts[1]) - 1.0


def _sampled(
    directions: Array, correlations: Array, level: float, error: float, seed: int
) -> tuple[float, float]:
    """The critical value and the half-width of its 95 % interval."""
    clusters = _Clusters(directions, correlations, seed)
    tests = clusters.tests
    at_once = -(-_AT_ONCE // tests) * tests
    drawn = clusters.draw(at_once)
    value = sidak_critical_value(tests, level).value
    for _ in range(3):
        mean_others = clusters.mean_others(value)
        shares, others = clusters.shares(drawn, value)
        share, spread = _controlled(shares, others, mean_others)
        at, value = value, -float(ndtri(0.5 * level / (tests * min(share, 1.0))))
    half = _half_width(value, share, spread, shares.size)
    while half > error and shares.size < _MOST:
        # Small batches, which stay in the cache of the processor.
        wanted = 1.1 * shares.size * ((half / error) ** 2 - 1.0)
        batches = min(max(int(wanted / at_once), 1), 16)
        more = [clusters.shares(clusters.draw(at_once), at) for _ in range(batches)]
        shares = np.concatenate([shares, *(each for each, _ in more)])
        others = np.concatenate([others, *(each for _, each in more)])
        share, spread = _controlled(shares, others, mean_others)
        value = -float(ndtri(0.5 * level / (tests * min(share, 1.0))))
        half = _half_width(value, share, spread, shares.size)
    return value, half


def _controlled(shares: Array, others: Array, mean_others: float) -> tuple[float, float]:
    """Mean of the shares, corrected by what is known of the others; and the spread that is left."""
    off = others - others.mean()
    square = float(off @ off)
    slope = float(off @ shares) / square if square > 0 else 0.0
    left = shares - slope * others
    return float(left.mean()) + slope * mean_others, float(left.std())


def _half_width(value: float, share: float, spread: float, draws: int) -> float:
    """Error of the critical value: the tail shrinks by the ratio of density to tail."""
    density = math.exp(-0.5 * value * value) / math.sqrt(2.0 * math.pi)
    return _SCORE_OF_95 * spread / (math.sqrt(draws) * share) * float(ndtr(-value)) / density
