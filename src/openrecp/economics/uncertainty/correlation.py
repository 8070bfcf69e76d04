"""Inputs that rise and fall together: a Gaussian copula.

Each correlated input follows a normal score, and the scores are correlated; every input keeps its own
distribution. What is stated for two inputs is translated into the correlation of their scores:

- a rank correlation (Spearman) ρ, which does not depend on the distributions: ``r = 2 sin(π ρ / 6)``;
- a product-moment correlation (Pearson), which does: the r at which the two distributions have it.

References
----------
K. Pearson, On Further Methods of Determining Correlation, Drapers' Company Research Memoirs IV (1907) (the relation
for ranks); M. C. Cario and B. L. Nelson, Modeling and Generating Random Vectors with Arbitrary Marginal Distributions
and Correlation Matrix, Northwestern University (1997); N. J. Higham, Computing the Nearest Correlation Matrix, IMA
Journal of Numerical Analysis 22 (2002) 329-343.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from openrecp.economics.amounts import Array
from openrecp.economics.uncertainty.distributions import Discrete, Distribution
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.texts import Choice, Text, text

# Below this a matrix of correlations contradicts itself; above it, only rounding does.
_ROUNDING: Final = 1e-10
# Terms of the series that ties the correlation of scores to that of values; 40 give five digits.
_TERMS: Final = 40
_OFFERED_DIGITS: Final = 3


class CorrelationKind(Choice):
    """What a stated correlation is a correlation of."""

    RANK = "rank", text("rank correlation (Spearman)")
    PRODUCT_MOMENT = "product-moment", text("product-moment correlation (Pearson)")


@dataclass(frozen=True, slots=True)
class Correlation:
    """How two uncertain inputs rise and fall together.

    Attributes
    ----------
    first, second : str
        Keys of two uncertain inputs.
    value : float
        -1 to 1.
    kind : CorrelationKind
        Of their ranks unless said otherwise.
    source : Where or None
    """

    first: str
    second: str
    value: float
    kind: CorrelationKind = CorrelationKind.RANK
    source: Where | None = None

    @property
    def place(self) -> Where:
        """Where it was stated."""
        return self.source or Where(path=f"correlations[{self.first}, {self.second}]")


def score_correlation(stated: Correlation, first: Distribution, second: Distribution) -> float:
    """Correlation of the normal scores that gives two inputs the stated correlation.

    Parameters
    ----------
    stated : Correlation
    first, second : Distribution
        Of the two inputs; used for a product-moment correlation alone.

    Raises
    ------
    UnusableInput
        If the two distributions cannot have that product-moment correlation.

    >>> from openrecp.economics.uncertainty.distributions import Uniform
    >>> round(score_correlation(Correlation("a", "b", 0.5), Uniform(0, 1), Uniform(0, 1)), 6)
    0.517638
    """
    if stated.kind is CorrelationKind.RANK:
        return 2.0 * math.sin(math.pi * stated.value / 6.0)
    series = _moment_series(first, second)
    low, high = _moment(series, -1.0), _moment(series, 1.0)
    if not low - 1e-6 <= stated.value <= high + 1e-6:
        raise UnusableInput(
            problem(
                "correlation-out-of-reach",
                "{first} and {second} cannot have a product-moment correlation of {value}: their distributions "
                "allow {low} to {high}. Give one within, or a rank correlation.",
                where=stated.place,
                first=stated.first,
                second=stated.second,
                value=stated.value,
                low=round(low, 3),
                high=round(high, 3),
            )
        )
    below, above = -1.0, 1.0
    # The correlation of the values rises with that of the scores, so halving the interval finds it.
    for _ in range(50):
        middle = 0.5 * (below + above)
        if _moment(series, middle) < stated.value:
            below = middle
        else:
            above = middle
    return 0.5 * (below + above)


def _moment_series(first: Distribution, second: Distribution) -> Array:
    """Coefficients of r, r², ... in the product-moment correlation of the values (Mehler's formula)."""
    one, other = _hermite_coefficients(first), _hermite_coefficients(second)
    found: Array = one * other / math.sqrt(float(np.dot(one, one)) * float(np.dot(other, other)))
    return found


def _hermite_coefficients(distribution: Distribution) -> Array:
    """A distribution as a sum of normalised Hermite polynomials of its score, without the mean."""
    # The trapezoidal rule converges faster than any power for a smooth integrand times the normal density.
    scores = np.linspace(-10.0, 10.0, 2001)
    weighed = (
        distribution.of_scores(scores)
        * np.exp(-0.5 * scores * scores)
        * ((scores[1] - scores[0]) / math.sqrt(2.0 * math.pi))
    )
    before, now, found = np.ones_like(scores), scores, []
    for term in range(1, _TERMS + 1):
        found.append(float(np.dot(weighed, now)))
        before, now = now, (scores * now - math.sqrt(term) * before) / math.sqrt(term + 1.0)
    return np.array(found)


def _moment(series: Array, score_correlation: float) -> float:
    found = 0.0
    for coefficient in reversed(series):
        found = (found + float(coefficient)) * score_correlation
    return found


def correlation_root(
    distributions: Mapping[str, Distribution], correlations: Sequence[Correlation]
) -> tuple[tuple[str, ...], Array]:
    """What turns independent normal scores into correlated ones.

    Parameters
    ----------
    distributions : Mapping of str to Distribution
        Of every uncertain input, by key.
    correlations : sequence of Correlation
        Pairs that are not named are independent.

    Returns
    -------
    keys : tuple of str
        The inputs that are correlated, in the order of ``distributions``.
    root : array, shape (k, k)
        Lower triangular; its product with its transpose is the correlation of the scores.

    Raises
    ------
    UnusableInput
        If a correlation is impossible, or several contradict each other; names the contradictory pairs and the
        nearest values that agree.
    """
    issues = list(_issues(distributions, correlations))
    if issues:
        raise UnusableInput(issues)
    keys, matrix = _score_matrix(distributions, correlations)
    if len(keys) and np.linalg.eigvalsh(matrix)[0] < -_ROUNDING:
        raise UnusableInput(_contradiction(distributions, correlations, keys, matrix))
    return keys, _root(matrix)


def nearest_correlations(
    distributions: Mapping[str, Distribution], correlations: Sequence[Correlation]
) -> tuple[Correlation, ...]:
    """The correlations that agree with each other and lie nearest to those stated, to three digits.

    Parameters
    ----------
    distributions : Mapping of str to Distribution
    correlations : sequence of Correlation
        Each possible by itself.

    Returns
    -------
    tuple of Correlation
        The same pairs and kinds; the same values if they agree already. A pair that was not stated may have to
        be correlated too, and then follows as a rank correlation.
    """
    keys, matrix = _score_matrix(distributions, correlations)
    if not len(keys) or np.linalg.eigvalsh(matrix)[0] >= -_ROUNDING:
        return tuple(correlations)
    nearest = _nearest_matrix(matrix)
    # Rounding what is offered may spoil it again, so it is moved towards independence until it holds.
    for _ in range(100):
        offered = _stated(distributions, correlations, keys, nearest)
        if np.linalg.eigvalsh(_score_matrix(distributions, offered)[1])[0] >= -_ROUNDING:
            break
        nearest = 0.999 * nearest + 0.001 * np.eye(len(keys))
    return offered


def _issues(
    distributions: Mapping[str, Distribution], correlations: Sequence[Correlation]
) -> Iterator[Issue]:
    seen: set[frozenset[str]] = set()
    for each in correlations:
        pair = frozenset((each.first, each.second))
        unknown = sorted(key for key in pair if key not in distributions)
        if len(pair) == 1:
            yield problem(
                "correlation-with-itself",
                "{key} cannot be correlated with itself; name two inputs.",
                where=each.place,
                key=each.first,
            )
        if unknown:
            yield problem(
                "correlation-unknown-input",
                "A correlation names {unknown}, for which there is no distribution; choose from {known}.",
                where=each.place,
                unknown=unknown,
                known=list(distributions),
            )
        if not -1.0 <= each.value <= 1.0:
            yield problem(
                "correlation-outside",
                "A correlation lies between -1 and 1, not at {value}.",
                where=each.place,
                value=each.value,
            )
        if pair in seen:
            yield problem(
                "correlation-twice",
                "The correlation of {first} and {second} stands twice; keep one.",
                where=each.place,
                first=each.first,
                second=each.second,
            )
        elif len(pair) == 2 and not unknown and abs(each.value) <= 1.0:
            yield from _pair_issues(each, distributions)
        seen.add(pair)


def _pair_issues(each: Correlation, distributions: Mapping[str, Distribution]) -> Iterator[Issue]:
    for key in (each.first, each.second):
        if distributions[key].sd == 0:
            yield problem(
                "correlation-with-constant",
                "{key} does not vary, so it cannot be correlated; remove the correlation.",
                where=each.place,
                key=key,
            )
            return
    if each.kind is CorrelationKind.RANK:
        return
    stepped = [key for key in (each.first, each.second) if isinstance(distributions[key], Discrete)]
    if stepped:
        yield problem(
            "correlation-of-steps",
            "{key} takes single values only, for which a rank correlation must be given.",
            where=each.place,
            key=stepped[0],
        )
        return
    try:
        score_correlation(each, distributions[each.first], distributions[each.second])
    except UnusableInput as refused:
        yield from refused.issues


def _score_matrix(
    distributions: Mapping[str, Distribution], correlations: Sequence[Correlation]
) -> tuple[tuple[str, ...], Array]:
    named = {key for each in correlations for key in (each.first, each.second)}
    keys = tuple(key for key in distributions if key in named)
    matrix = np.eye(len(keys))
    for each in correlations:
        i, j = keys.index(each.first), keys.index(each.second)
        matrix[i, j] = matrix[j, i] = score_correlation(
            each, distributions[each.first], distributions[each.second]
        )
    return keys, matrix


def _root(matrix: Array) -> Array:
    """Cholesky's root, which is unique; a row that follows from earlier ones gets no score of its own."""
    size = len(matrix)
    root = [[0.0] * size for _ in range(size)]
    # Plain sums: those of a matrix library may differ in their last digits between machines.
    for i, row in enumerate(root):
        for j, other in enumerate(root[:i]):
            left = float(matrix[i, j]) - sum(row[k] * other[k] for k in range(j))
            row[j] = left / other[j] if other[j] else 0.0
        own = float(matrix[i, i]) - sum(each * each for each in row[:i])
        row[i] = math.sqrt(own) if own > _ROUNDING else 0.0
    return np.array(root).reshape(size, size)


def _nearest_matrix(matrix: Array) -> Array:
    """Nearest correlation matrix by Higham's alternating projections."""
    nearest, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(500):
        start = nearest - correction
        values, vectors = np.linalg.eigh(start)
        positive = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = positive - start
        before, nearest = nearest, positive.copy()
        np.fill_diagonal(nearest, 1.0)
        if float(np.abs(nearest - before).max()) < 1e-9:
            break
    return nearest


def _stated(
    distributions: Mapping[str, Distribution],
    correlations: Sequence[Correlation],
    keys: tuple[str, ...],
    matrix: Array,
) -> tuple[Correlation, ...]:
    """A matrix of score correlations as correlations of the kinds stated, rounded."""
    pairs = {frozenset((each.first, each.second)): each for each in correlations}
    found = []
    for i, j in combinations(range(len(keys)), 2):
        given = pairs.get(frozenset((keys[i], keys[j])), Correlation(keys[i], keys[j], 0.0))
        score = float(np.clip(matrix[i, j], -1.0, 1.0))
        if given.kind is CorrelationKind.RANK:
            value = 6.0 / math.pi * math.asin(0.5 * score)
        else:
            value = _moment(_moment_series(distributions[keys[i]], distributions[keys[j]]), score)
        value = round(value, _OFFERED_DIGITS)
        if value or given in correlations:
            found.append(replace(given, value=value))
    return tuple(found)


def _contradiction(
    distributions: Mapping[str, Distribution],
    correlations: Sequence[Correlation],
    keys: tuple[str, ...],
    matrix: Array,
) -> Issue:
    members = {keys[place] for place in _contradictory(matrix)}
    pairs = [each for each in correlations if {each.first, each.second} <= members]
    return problem(
        "correlations-contradict",
        "These correlations cannot hold together: {pairs}; a pair that is not named is independent. "
        "The nearest that can: {nearest}.",
        where=pairs[0].place,
        pairs=[_words(each) for each in pairs],
        nearest=[_words(each) for each in nearest_correlations(distributions, correlations)],
    )


def _contradictory(matrix: Array) -> tuple[int, ...]:
    """The fewest inputs whose correlations contradict each other."""
    size = len(matrix)
    for members in combinations(range(size), 3):
        if np.linalg.eigvalsh(matrix[np.ix_(members, members)])[0] < -_ROUNDING:
            return members
    # No three do: leave out inputs one by one as long as the rest still contradict.
    kept = list(range(size))
    for place in range(size):
        rest = [each for each in kept if each != place]
        if np.linalg.eigvalsh(matrix[np.ix_(rest, rest)])[0] < -_ROUNDING:
            kept = rest
    return tuple(kept)


def _words(each: Correlation) -> Text:
    return text("{first} with {second}: {value}", first=each.first, second=each.second, value=each.value)
