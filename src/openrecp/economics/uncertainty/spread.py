"""How the results of many draws are spread: mean, percentiles, shares and a histogram, each with its error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from openrecp.economics.amounts import Array

# The percentiles that are always shown, in percent.
PERCENTILES: Final = (5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0)
_SCORE_OF_95_PERCENT: Final = 1.959963984540054
_MOST_BINS: Final = 60
# The histogram leaves the outermost 0.5 % on either side to two counts of their own.
_OUTERMOST: Final = 0.5
# Classes narrower than this part of the values would tell rounding noise apart.
_FINEST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the draws are of a kind.

    Attributes
    ----------
    value : float
        Part of all draws, 0 to 1.
    standard_error : float
        What it would vary by in other runs of as many draws: the root of ``p (1 − p) / n``.
    low, high : float
        Limits between which the true probability lies with 95 % confidence.

    References
    ----------
    E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American
    Statistical Association 22 (1927) 209-212, for the limits, which hold near 0 and 1 too.
    """

    value: float
    standard_error: float
    low: float
    high: float


def share_of(count: int, draws: int) -> Share:
    """``count`` of ``draws`` as a share, with its error.

    Parameters
    ----------
    count, draws : int
        At least 0; at least 1.

    >>> found = share_of(40, 50)
    >>> found.value, round(found.standard_error, 4), round(found.low, 4), round(found.high, 4)
    (0.8, 0.0566, 0.6696, 0.8876)
    """
    share, square = count / draws, _SCORE_OF_95_PERCENT**2
    centre = (share + square / (2 * draws)) / (1 + square / draws)
    half = math.sqrt(share * (1 - share) * square / draws + (square / (2 * draws)) ** 2) / (
        1 + square / draws
    )
    low = 0.0 if count == 0 else centre - half
    high = 1.0 if count == draws else centre + half
    return Share(share, math.sqrt(share * (1 - share) / draws), low, high)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Draws counted by classes of equal width.

    Attributes
    ----------
    edges : tuple of float, length k + 1
        Round numbers.
    counts : tuple of int, length k
        A value on an edge counts to the class above it.
    below, above : int
        Draws outside the classes.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int
    above: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A result over all draws.

    Attributes
    ----------
    values : array, shape (n,)
        Ascending; only the draws in which the result has a value.
    beyond : int
        Draws whose result is larger than any value, such as a payback that never comes; percentiles count them.
    missing : int
        Draws without a result, such as one without an internal rate; percentiles leave them out.
    mean, sd : float or None
        Of the values; the standard deviation needs two of them.
    """

    values: Array = field(repr=False, compare=False)
    beyond: int
    missing: int
    mean: float | None
    sd: float | None

    @property
    def count(self) -> int:
        """All draws."""
        return len(self.values) + self.beyond + self.missing

    @property
    def standard_error(self) -> float | None:
        """What the mean would vary by in other runs of as many draws."""
        return None if self.sd is None else self.sd / math.sqrt(len(self.values))

    @property
    def minimum(self) -> float | None:
        """Smallest value."""
        return float(self.values[0]) if len(self.values) else None

    @property
    def maximum(self) -> float | None:
        """Largest value; what lies beyond has none."""
        return float(self.values[-1]) if len(self.values) else None

    def percentile(self, percent: float) -> float | None:
        """Value that ``percent`` of the draws stay below, interpolated between draws.

        Parameters
        ----------
        percent : float
            0 to 100.

        Returns
        -------
        float or None
            Infinite beyond all values; None without any.

        Raises
        ------
        ValueError
            If the percentage lies outside 0 to 100.
        """
        if not 0.0 <= percent <= 100.0:
            raise ValueError(f"a percentile lies between 0 and 100, not at {percent}")
        ranked = len(self.values) + self.beyond
        if not ranked:
            return None
        place = percent / 100.0 * (ranked - 1)
        under = min(math.floor(place), ranked - 1)
        part = place - under
        if under + (part > 0) >= len(self.values):
            return math.inf
        low = float(self.values[under])
        return low if part == 0 else low + part * (float(self.values[under + 1]) - low)

    def share_above(self, limit: float) -> Share:
        """Share of the draws whose result lies above a limit; missing ones do not."""
        above = len(self.values) - int(np.searchsorted(self.values, limit, side="right")) + self.beyond
        return share_of(above, self.count)

    def share_below(self, limit: float) -> Share:
        """Share of the draws whose result lies below a limit; missing ones do not."""
        return share_of(int(np.searchsorted(self.values, limit)), self.count)

    def place_of(self, value: float) -> float | None:
        """Percentile at which a value stands, such as that of the base case; None without any [%]."""
        ranked = len(self.values) + self.beyond
        if not ranked:
            return None
        below, equal = (int(np.searchsorted(self.values, value, side=side)) for side in ("left", "right"))
        return 50.0 * (below + equal) / ranked

    def histogram(self, bins: int | None = None) -> Histogram:
        """Draws counted by classes whose edges are round numbers.

        Parameters
        ----------
        bins : int, optional
            Classes wanted, of which round edges may make somewhat more or fewer. Default by the rule of Freedman
            and Diaconis: twice the distance of the quartiles, over the cube root of the number of draws.

        Raises
        ------
        ValueError
            If no class is wanted.
        """
        if bins is not None and bins < 1:
            raise ValueError(f"a histogram needs at least 1 class, not {bins}")
        if not len(self.values):
            return Histogram((), (), 0, self.beyond)
        low, high = self._within(_OUTERMOST), self._within(100.0 - _OUTERMOST)
        if low == high:
            low, high = float(self.values[0]), float(self.values[-1])
        wanted = (high - low) / bins if bins else self._usual_width(low, high)
        width = _round_width(max(wanted, _FINEST * max(abs(low), abs(high))))
        first = math.floor(low / width)
        last = max(math.floor(high / width) + 1, first + 1)
        # Twelve digits: 3 × 0.1 comes out as people write it.
        edges = tuple(float(f"{number * width:.12g}") for number in range(first, last + 1))
        places = np.searchsorted(self.values, edges)
        return Histogram(
            edges,
            tuple(int(each) for each in np.diff(places)),
            int(places[0]),
            len(self.values) - int(places[-1]) + self.beyond,
        )

    def _within(self, percent: float) -> float:
        """Percentile of the values alone, to a draw."""
        return float(self.values[round(percent / 100.0 * (len(self.values) - 1))])

    def _usual_width(self, low: float, high: float) -> float:
        quartiles = self._within(75.0) - self._within(25.0)
        width = 2.0 * quartiles / math.cbrt(len(self.values))
        return max(width, (high - low) / _MOST_BINS)


def _round_width(width: float) -> float:
    """The next larger of 1, 2 or 5 times a power of ten; 1 for nothing.

    >>> _round_width(340.0), _round_width(0.012)
    (500.0, 0.02)
    """
    if not width > 0:
        return 1.0
    # The power is taken apart from the number, so that 0.02 comes out as people write it.
    power = math.floor(math.log10(width))
    first = next(each for each in (1, 2, 5, 10, 20) if float(f"{each}e{power}") >= width)
    return float(f"{first}e{power}")


def spread_of(results: Array | Sequence[float]) -> Spread:
    """How results are spread.

    Parameters
    ----------
    results : array, shape (n,)
        Not a number where a draw has no result, infinite where it lies beyond all values.

    >>> found = spread_of([4.0, 1.0, 3.0, 2.0, math.inf, math.nan])
    >>> found.mean, found.percentile(50), found.percentile(95), found.missing
    (2.5, 3.0, inf, 1)
    """
    ranked = np.sort(np.asarray(results, dtype=np.float64))
    # Infinite ones stand last, and behind them those that are not a number.
    beyond_from, missing_from = np.searchsorted(ranked, (math.inf, math.nan))
    values = ranked[:beyond_from]
    mean = sd = None
    if len(values):
        mean = float(values[0]) if values[0] == values[-1] else float(values.mean())
    if len(values) > 1 and mean is not None:
        sd = 0.0 if values[0] == values[-1] else float(values.std(ddof=1))
    return Spread(values, int(missing_from - beyond_from), len(ranked) - int(missing_from), mean, sd)
