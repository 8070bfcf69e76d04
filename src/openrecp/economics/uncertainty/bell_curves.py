"""Distributions of bell shape: PERT, normal and lognormal.

Their natural random number is a normal score, which is drawn quickly and needs no inverse of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.economics.amounts import Array
from openrecp.economics.uncertainty.distributions import (
    Distribution,
    DistributionKind,
    mode_issues,
    not_finite,
    range_issues,
    refuse,
)
from openrecp.economics.uncertainty.score_tables import (
    beta_table,
    cut_table,
    looked_up,
    normal_scores,
    part_between,
    scores_between,
)
from openrecp.errors import Issue, problem
from openrecp.texts import Text, text

# A normal distribution of which the limits leave less than this was not meant.
_SMALLEST_PART: Final = 1e-6
_SCORE_OF_95: Final = 1.6448536269514722
# A larger weight of the most likely value leaves nothing uncertain.
_LARGEST_SHAPE: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Pert(Distribution):
    """A most likely value between limits, with thinner tails than the triangle: a scaled beta distribution.

    Attributes
    ----------
    low, mode, high : float
    shape : float
        Weight of the most likely value, up to 1,000; 4 is usual, 0 makes the distribution uniform.

    References
    ----------
    D. G. Malcolm et al., Application of a Technique for Research and Development Program Evaluation, Operations
    Research 7 (1959) 646-669 (mean); D. Vose, Risk Analysis, 2nd ed. 2000 (``shape``).

    >>> Pert(8.0, 10.0, 18.0).mean
    11.0
    """

    low: float
    mode: float
    high: float
    shape: float = 4.0

    kind = DistributionKind.PERT

    def __post_init__(self) -> None:
        refuse(self._issues())

    def _issues(self) -> Iterator[Issue]:
        yield from mode_issues(self.low, self.mode, self.high)
        if not 0 <= self.shape <= _LARGEST_SHAPE:
            yield problem(
                "distribution-shape-outside",
                "The shape of a PERT distribution must lie between 0 and {largest}, not at {shape}; 4 is usual.",
                largest=_LARGEST_SHAPE,
                shape=self.shape,
            )

    @property
    def mean(self) -> float:
        """The most likely value weighs ``shape``, each limit 1."""
        return (self.low + self.shape * self.mode + self.high) / (self.shape + 2.0)

    @property
    def sd(self) -> float:
        """That of the beta distribution, scaled."""
        return math.sqrt((self.mean - self.low) * (self.high - self.mean) / (self.shape + 3.0))

    @property
    def limits(self) -> tuple[float, float]:
        """As stated."""
        return self.low, self.high

    @property
    def parameters(self) -> tuple[tuple[Text, float], ...]:
        """Lowest, most likely and highest value."""
        return (text("lowest"), self.low), (text("most likely"), self.mode), (text("highest"), self.high)

    @property
    def _exponents(self) -> tuple[float, float]:
        share = (self.mode - self.low) / (self.high - self.low)
        return 1.0 + self.shape * share, 1.0 + self.shape * (1.0 - share)

    def quantile(self, shares: Array) -> Array:
        """Values below which the given shares lie, shape (n,)."""
        # Imported here because it takes long and drawing does without.
        from scipy.special import betaincinv

        return self.low + (self.high - self.low) * betaincinv(*self._exponents, shares)

    def of_scores(self, scores: Array) -> Array:
        """Values at normal scores, from a table, within 1e-6 of the range; shape (n,)."""
        values = looked_up(beta_table(*self._exponents), scores)
        values *= self.high - self.low
        values += self.low
        return values

    def draw(self, generator: np.random.Generator, count: int) -> Array:
        """Independent random values, shape (count,)."""
        return self.of_scores(generator.standard_normal(count))


@dataclass(frozen=True, slots=True)
class Normal(Distribution):
    """The bell curve, cut off at limits where there are any.

    Attributes
    ----------
    centre, spread : float
        Mean and standard deviation before limits cut anything off.
    low, high : float or None
        What lies outside cannot be; the rest keeps its proportions.

    >>> Normal(100.0, 15.0).limits
    (-inf, inf)
    >>> round(Normal(0.0, 1.0, low=0.0).mean, 6)
    0.797885
    """

    centre: float
    spread: float
    low: float | None = None
    high: float | None = None

    kind = DistributionKind.NORMAL

    def __post_init__(self) -> None:
        refuse(self._issues())

    def _issues(self) -> Iterator[Issue]:
        numbers = list(not_finite(mean=self.centre, sd=self.spread, low=self.low, high=self.high))
        yield from numbers
        if self.spread <= 0:
            yield _sd_issue(self.spread)
        elif not numbers and self.low is not None and self.high is not None and self.low >= self.high:
            yield from range_issues(self.low, self.high)
        elif not numbers and self._is_cut and self._part < _SMALLEST_PART:
            yield problem(
                "distribution-limits-too-far",
                "The limits leave almost nothing of a normal distribution with mean {mean} and "
                "standard deviation {sd}; give limits that hold the mean, or another distribution.",
                mean=self.centre,
                sd=self.spread,
            )

    @property
    def _is_cut(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def _cuts(self) -> tuple[float, float]:
        """Limits as normal scores."""
        low, high = self.limits
        return (low - self.centre) / self.spread, (high - self.centre) / self.spread

    @property
    def _part(self) -> float:
        return part_between(*self._cuts)

    @property
    def mean(self) -> float:
        """Mean of what the limits leave."""
        first, last = self._cuts
        return self.centre + self.spread * (_density(first) - _density(last)) / self._part

    @property
    def sd(self) -> float:
        """Standard deviation of what the limits leave."""
        first, last = self._cuts
        shift = (_density(first) - _density(last)) / self._part
        edges = sum(
            sign * cut * _density(cut) for sign, cut in ((1.0, first), (-1.0, last)) if math.isfinite(cut)
        )
        return self.spread * math.sqrt(1.0 + edges / self._part - shift * shift)

    @property
    def limits(self) -> tuple[float, float]:
        """As stated, else infinite."""
        return (
            -math.inf if self.low is None else self.low,
            math.inf if self.high is None else self.high,
        )

    @property
    def parameters(self) -> tuple[tuple[Text, float], ...]:
        """Mean, standard deviation and the limits given."""
        stated = (
            (text("mean"), self.centre),
            (text("standard deviation"), self.spread),
            (text("lowest"), self.low),
            (text("highest"), self.high),
        )
        return tuple((name, value) for name, value in stated if value is not None)

    def quantile(self, shares: Array) -> Array:
        """Values below which the given shares lie, shape (n,)."""
        scores = scores_between(shares, *self._cuts) if self._is_cut else normal_scores(shares)
        return self._at(scores)

    def of_scores(self, scores: Array) -> Array:
        """Values at normal scores, with limits from a table within 1e-6 of the spread; shape (n,)."""
        return self._at(looked_up(cut_table(*self._cuts), scores) if self._is_cut else scores)

    def _at(self, scores: Array) -> Array:
        values: Array = self.centre + self.spread * scores
        # Rounding may carry a value over its limit by a bit.
        return np.clip(values, *self.limits, out=values) if self._is_cut else values

    def draw(self, generator: np.random.Generator, count: int) -> Array:
        """Independent random values, shape (count,)."""
        return self.of_scores(generator.standard_normal(count))


@dataclass(frozen=True, slots=True)
class Lognormal(Distribution):
    """A value known to within a factor: as likely twice as half of it.

    Attributes
    ----------
    median : float
        Half of all values lie below; a negative one mirrors the distribution, as for a cost that counts negative.
    factor : float
        90 % of all values lie between median ÷ factor and median × factor, so that these are the 5th and the
        95th percentile; above 1.

    >>> [round(float(value), 6) for value in Lognormal(100.0, 2.0).quantile(np.array([0.05, 0.5, 0.95]))]
    [50.0, 100.0, 200.0]
    """

    median: float
    factor: float

    kind = DistributionKind.LOGNORMAL

    def __post_init__(self) -> None:
        refuse(self._issues())

    def _issues(self) -> Iterator[Issue]:
        yield from not_finite(median=self.median, factor=self.factor)
        if self.median == 0:
            yield problem("distribution-median-zero", "The median of a lognormal distribution cannot be 0.")
        if self.factor <= 1:
            yield problem(
                "distribution-factor-too-small",
                "The factor of a lognormal distribution must be above 1, not {factor}; "
                "2 means that 90 % of the values lie between half and double the median.",
                factor=self.factor,
            )

    @classmethod
    def of_moments(cls, mean: float, sd: float) -> Lognormal:
        """The lognormal distribution with a given mean and standard deviation.

        Raises
        ------
        UnusableInput
            If the mean is zero or the standard deviation is not above zero.

        >>> found = Lognormal.of_moments(100.0, 30.0)
        >>> round(found.mean, 9), round(found.sd, 9)
        (100.0, 30.0)
        """
        refuse(_moment_issues(mean, sd))
        width = math.sqrt(math.log1p((sd / mean) ** 2))
        return cls(mean * math.exp(-0.5 * width * width), math.exp(_SCORE_OF_95 * width))

    @property
    def _width(self) -> float:
        """Standard deviation of the logarithm; negative for a mirrored distribution, to keep the order."""
        return math.copysign(math.log(self.factor) / _SCORE_OF_95, self.median)

    @property
    def mean(self) -> float:
        """Above the median, by half the variance of the logarithm."""
        return self.median * math.exp(0.5 * self._width**2)

    @property
    def sd(self) -> float:
        """From the variance of the logarithm."""
        return abs(self.mean) * math.sqrt(math.expm1(self._width**2))

    @property
    def limits(self) -> tuple[float, float]:
        """Zero and infinity, on the side of the median."""
        return (0.0, math.inf) if self.median > 0 else (-math.inf, 0.0)

    @property
    def parameters(self) -> tuple[tuple[Text, float], ...]:
        """The median and the limits of 90 %."""
        ends = sorted((self.median / self.factor, self.median * self.factor))
        return (
            (text("5th percentile"), ends[0]),
            (text("median"), self.median),
            (text("95th percentile"), ends[1]),
        )

    def quantile(self, shares: Array) -> Array:
        """Values below which the given shares lie, shape (n,)."""
        return self.of_scores(normal_scores(shares))

    def of_scores(self, scores: Array) -> Array:
        """Values at normal scores, shape (n,)."""
        found: Array = self.median * np.exp(self._width * scores)
        return found

    def draw(self, generator: np.random.Generator, count: int) -> Array:
        """Independent random values, shape (count,)."""
        return self.of_scores(generator.standard_normal(count))


def _sd_issue(sd: float) -> Issue:
    return problem(
        "distribution-sd-not-positive",
        "The standard deviation must be above 0, not {sd}; give a value that does not vary as a constant.",
        sd=sd,
    )


def _moment_issues(mean: float, sd: float) -> Iterator[Issue]:
    yield from not_finite(mean=mean, sd=sd)
    if mean == 0:
        yield problem("distribution-mean-zero", "The mean of a lognormal distribution cannot be 0.")
    if sd <= 0:
        yield _sd_issue(sd)


def _density(score: float) -> float:
    return math.exp(-0.5 * score * score) / math.sqrt(2.0 * math.pi)
