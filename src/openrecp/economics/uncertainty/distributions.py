"""What is known of an uncertain input, as a probability distribution.

Every distribution is drawn by its inverse: a uniform number p between 0 and 1, or a normal score z, becomes the
value below which a share p of all values lies. Inputs are correlated through their scores
(`openrecp.economics.uncertainty.correlation`), so that each keeps its own distribution.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from openrecp.economics.amounts import Array
from openrecp.economics.uncertainty.score_tables import normal_shares
from openrecp.errors import Issue, UnusableInput, problem
from openrecp.texts import Choice, Text, text

# Probabilities are stated to a few digits, such as three times 0.333; they are used in proportion.
_SUM_TOLERANCE: Final = 1.5e-3


class DistributionKind(Choice):
    """The shapes of `Distribution`, by name."""

    CONSTANT = "constant", text("Constant")
    UNIFORM = "uniform", text("Uniform")
    TRIANGULAR = "triangular", text("Triangular")
    PERT = "pert", text("PERT")
    NORMAL = "normal", text("Normal")
    LOGNORMAL = "lognormal", text("Lognormal")
    DISCRETE = "discrete", text("Discrete")


class Distribution(ABC):
    """An uncertain value. Subclasses are frozen and refuse impossible parameters, all at once."""

    __slots__ = ()
    kind: ClassVar[DistributionKind]

    @property
    @abstractmethod
    def mean(self) -> float:
        """Expected value."""

    @property
    @abstractmethod
    def sd(self) -> float:
        """Standard deviation."""

    @property
    @abstractmethod
    def limits(self) -> tuple[float, float]:
        """Smallest and largest possible value; infinite where there is none."""

    @property
    @abstractmethod
    def parameters(self) -> tuple[tuple[Text, float], ...]:
        """What was stated, by name, in the unit of the input; shares and shapes are left out."""

    @abstractmethod
    def quantile(self, shares: Array) -> Array:
        """Values below which the given shares of all values lie: the inverse of the distribution function.

        Parameters
        ----------
        shares : array, shape (n,)
            Probabilities, 0 to 1.

        Returns
        -------
        array, shape (n,)
            Exact to rounding, in the tails too.
        """

    def of_scores(self, scores: Array) -> Array:
        """Values that stand where normal scores stand in the normal distribution, within 1e-6; shape (n,)."""
        return self.quantile(normal_shares(scores))

    def draw(self, generator: np.random.Generator, count: int) -> Array:
        """Independent random values, shape (count,)."""
        return self.quantile(generator.random(count))


def refuse(issues: Iterator[Issue]) -> None:
    """Raise every finding together, if there is one.

    Raises
    ------
    UnusableInput
    """
    found = list(issues)
    if found:
        raise UnusableInput(found)


def not_finite(**parameters: float | None) -> Iterator[Issue]:
    """A finding for every parameter that is not a finite number; None was not given."""
    for name, value in parameters.items():
        if value is not None and not math.isfinite(value):
            yield problem(
                "distribution-not-a-number",
                "The parameter {name} of a distribution must be a finite number.",
                name=name,
            )


def range_issues(low: float, high: float) -> Iterator[Issue]:
    """Findings about two limits."""
    yield from not_finite(low=low, high=high)
    if low >= high:
        yield problem(
            "distribution-limits-reversed",
            "The lowest value, {low}, must lie below the highest, {high}; "
            "give a value that does not vary as a constant.",
            low=low,
            high=high,
        )


def mode_issues(low: float, mode: float, high: float) -> Iterator[Issue]:
    """Findings about a most likely value and its limits."""
    yield from range_issues(low, high)
    yield from not_finite(mode=mode)
    if low < high and (mode < low or mode > high):
        yield problem(
            "distribution-mode-outside",
            "The most likely value, {mode}, must lie between the lowest, {low}, and the highest, {high}.",
            mode=mode,
            low=low,
            high=high,
        )


@dataclass(frozen=True, slots=True)
class Constant(Distribution):
    """A value that does not vary.

    >>> Constant(5.0).mean, Constant(5.0).sd
    (5.0, 0.0)
    """

    value: float

    kind = DistributionKind.CONSTANT

    def __post_init__(self) -> None:
        refuse(not_finite(value=self.value))

    @property
    def mean(self) -> float:
        """The value."""
        return self.value

    @property
    def sd(self) -> float:
        """Zero."""
        return 0.0

    @property
    def limits(self) -> tuple[float, float]:
        """The value twice."""
        return self.value, self.value

    @property
    def parameters(self) -> tuple[tuple[Text, float], ...]:
        """The value."""
        return ((text("value"), self.value),)

    def quantile(self, shares: Array) -> Array:
        """The value for every share, shape (n,)."""
        return np.full(np.shape(shares), self.value)


@dataclass(frozen=True, slots=True)
class Uniform(Distribution):
    """Every value between two limits is as likely as any other.

    >>> Uniform(10.0, 20.0).mean
    15.0
    """

    low: float
    high: float

    kind = DistributionKind.UNIFORM

    def __post_init__(self) -> None:
        refuse(range_issues(self.low, self.high))

    @property
    def mean(self) -> float:
        """Middle of the limits."""
        return self.low + (self.high - self.low) / 2.0

    @property
    def sd(self) -> float:
        """Range divided by the root of 12."""
        return (self.high - self.low) / math.sqrt(12.0)

    @property
    def limits(self) -> tuple[float, float]:
        """As stated."""
        return self.low, self.high

    @property
    def parameters(self) -> tuple[tuple[Text, float], ...]:
        """Lowest and highest value."""
        return (text("lowest"), self.low), (text("highest"), self.high)

    def quantile(self, shares: Array) -> Array:
        """Values below which the given shares lie, shape (n,)."""
        return self.low + (self.high - self.low) * shares


@dataclass(frozen=True, slots=True)
class Triangular(Distribution):
    """A most likely value, and limits towards which the likelihood falls by a straight line.

    >>> Triangular(8.0, 10.0, 15.0).mean
    11.0
    """

    low: float
    mode: float
    high: float

    kind = DistributionKind.TRIANGULAR

    def __post_init__(self) -> None:
        refuse(mode_issues(self.low, self.mode, self.high))

    @property
    def mean(self) -> float:
        """Mean of the three values."""
        return (self.low + self.mode + self.high) / 3.0

    @property
    def sd(self) -> float:
        """From the distances of the three values from each other."""
        left, right = self.mode - self.low, self.high - self.mode
        return math.sqrt((left * left + right * right + left * right) / 18.0)

    @property
    def limits(self) -> tuple[float, float]:
        """As stated."""
        return self.low, self.high

    @property
    def parameters(self) -> tuple[tuple[Text, float], ...]:
        """Lowest, most likely and highest value."""
        return (text("lowest"), self.low), (text("most likely"), self.mode), (text("highest"), self.high)

    def quantile(self, shares: Array) -> Array:
        """Values below which the given shares lie, shape (n,)."""
        width = self.high - self.low
        left = (self.mode - self.low) / width
        below = self.low + width * np.sqrt(shares * left)
        above = self.high - width * np.sqrt((1.0 - shares) * (1.0 - left))
        found: Array = np.where(shares < left, below, above)
        return found


@dataclass(frozen=True, slots=True)
class Discrete(Distribution):
    """Some values, each with its probability; also for whole numbers such as a life.

    Attributes
    ----------
    values : tuple of float
        In any order, each once.
    probabilities : tuple of float
        One a value, adding up to 1; equal ones when empty.

    >>> Discrete((6.0, 8.0, 10.0), (0.25, 0.5, 0.25)).mean
    8.0
    """

    values: tuple[float, ...]
    probabilities: tuple[float, ...] = ()

    kind = DistributionKind.DISCRETE

    def __post_init__(self) -> None:
        refuse(self._issues())

    def _issues(self) -> Iterator[Issue]:
        if not self.values:
            yield problem("distribution-without-values", "A discrete distribution needs at least one value.")
        for value in self.values:
            yield from not_finite(value=value)
        if len(set(self.values)) < len(self.values):
            yield problem(
                "distribution-value-twice",
                "Each value of a discrete distribution may stand once; add up the probabilities of the others.",
            )
        if self.probabilities and len(self.probabilities) != len(self.values):
            yield problem(
                "distribution-probabilities-number",
                "{count} values need as many probabilities, not {given}.",
                count=len(self.values),
                given=len(self.probabilities),
            )
        elif self.probabilities and not self._adds_up:
            yield problem(
                "distribution-probabilities-sum",
                "Probabilities must be at least 0 and add up to 1; these add up to {total}.",
                total=round(math.fsum(self.probabilities), 6),
            )

    @property
    def _adds_up(self) -> bool:
        return min(self.probabilities) >= 0 and abs(math.fsum(self.probabilities) - 1.0) <= _SUM_TOLERANCE

    @property
    def weights(self) -> tuple[tuple[float, float], ...]:
        """Each possible value with its probability, by value."""
        shares = self.probabilities or (1.0,) * len(self.values)
        total = math.fsum(shares)
        return tuple(
            sorted((value, share / total) for value, share in zip(self.values, shares, strict=True) if share)
        )

    @property
    def mean(self) -> float:
        """Values weighed by their probabilities."""
        return math.fsum(value * share for value, share in self.weights)

    @property
    def sd(self) -> float:
        """Root of the mean squared distance from the mean."""
        mean = self.mean
        return math.sqrt(math.fsum(share * (value - mean) ** 2 for value, share in self.weights))

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        weights = self.weights
        return weights[0][0], weights[-1][0]

    @property
    def parameters(self) -> tuple[tuple[Text, float], ...]:
        """Each possible value, named by its probability."""
        return tuple(
            (text("{share} % of cases", share=round(share * 100.0, 2)), value)
            for value, share in self.weights
        )

    def quantile(self, shares: Array) -> Array:
        """Smallest values that the given shares do not exceed, shape (n,)."""
        values, weights = np.array(self.weights).T
        # The last value takes whatever rounding leaves.
        found: Array = values[np.searchsorted(np.cumsum(weights)[:-1], shares)]
        return found
