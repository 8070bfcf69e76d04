"""Which uncertain input drives a result.

Results need not follow their inputs by a straight line, so the ranks of both are compared: a rank correlation says
how closely the result rises or falls with an input, and the shares say how much of the variance of the ranked result
each input accounts for. Correlated inputs overlap: what they account for together is divided evenly over all orders
in which they could be added to the regression, which takes every subset of them and is done for up to eight.

References
----------
R. L. Iman and W. J. Conover, The Use of the Rank Transform in Regression, Technometrics 21 (1979) 499-509;
R. H. Lindeman, P. F. Merenda and R. Z. Gold, Introduction to Bivariate and Multivariate Analysis (1980), 119 ff.;
U. Grömping, Relative Importance for Linear Regression in R, Journal of Statistical Software 17 (2006) 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.economics.amounts import Array
from openrecp.texts import Choice, Text, text

# Draws from which drivers are found; more would sharpen the second decimal and cost more than the draws.
DRIVER_DRAWS: Final = 50_000
_MOST_OVERLAPPING: Final = 8


class DriverMethod(Choice):
    """How the shares of the variance were found."""

    RANK_REGRESSION = "rank-regression", text("squared standardised rank regression coefficients")
    LMG = "lmg", text("average contribution to the rank regression over all orders of the inputs (LMG)")
    RANK_CORRELATION = "rank-correlation", text("rank correlations alone, which overlap")


@dataclass(frozen=True, slots=True)
class Driver:
    """An uncertain input and what it does to the result.

    Attributes
    ----------
    key : str
    rank_correlation : float
        Of the input with the result, -1 to 1.
    share : float or None
        Part of the explained variance of the ranked result; None where inputs overlap too much to tell.
    """

    key: str
    rank_correlation: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Drivers:
    """The uncertain inputs, the one that drives the result most first.

    Attributes
    ----------
    drivers : tuple of Driver
    method : DriverMethod
    explained : float or None
        Part of the variance of the ranked result that the ranked inputs account for (R²).
    draws : int
        Draws they were found from: the first ones of the run.
    """

    drivers: tuple[Driver, ...]
    method: DriverMethod
    explained: float | None
    draws: int

    @property
    def standard_error(self) -> float | None:
        """What a rank correlation of unrelated inputs would vary by; larger ones tell something."""
        return 1.0 / math.sqrt(self.draws - 1.0) if self.draws > 1 else None

    @property
    def note(self) -> Text:
        """How to read the shares."""
        if self.method is DriverMethod.RANK_REGRESSION:
            return text(
                "Shares are {method}, from {draws} draws; together the inputs account for {explained} % of the "
                "variance of the ranked result.",
                method=self.method,
                draws=self.draws,
                explained=round(100.0 * (self.explained or 0.0), 1),
            )
        if self.method is DriverMethod.LMG:
            return text(
                "Some inputs are correlated, so their effects overlap. Shares are the {method}, from {draws} draws; "
                "together the inputs account for {explained} % of the variance of the ranked result.",
                method=self.method,
                draws=self.draws,
                explained=round(100.0 * (self.explained or 0.0), 1),
            )
        return text(
            "More than {most} inputs are in play and some are correlated, so their effects overlap and cannot be "
            "divided; the rank correlations, from {draws} draws, contain what correlated inputs do.",
            most=_MOST_OVERLAPPING,
            draws=self.draws,
        )


def drivers_of(inputs: Mapping[str, Array], result: Array, *, correlated: bool = False) -> Drivers:
    """Which input drives a result most.

    Parameters
    ----------
    inputs : Mapping of str to array, shape (n,)
        Draws of each uncertain input.
    result : array, shape (n,)
        Draws without a result, not a number, are left out; infinite ones rank highest.
    correlated : bool
        Whether inputs were drawn correlated.

    Returns
    -------
    Drivers
        An input that does not vary, or moves nothing, has a correlation and a share of zero.
    """
    kept = ~np.isnan(result[:DRIVER_DRAWS])
    ranked = [_ranks(column[: len(kept)][kept]) for column in (*inputs.values(), result)]
    draws = len(ranked[-1])
    columns = [_standardised(ranks) for ranks in ranked]
    table = np.array([[_product(one, other) for other in columns] for one in columns])
    np.fill_diagonal(table, 1.0)
    among, with_result = table[:-1, :-1], table[:-1, -1]
    method, shares, explained = _shares(among, with_result, correlated)
    found = [
        Driver(key, float(correlation), share)
        for key, correlation, share in zip(inputs, with_result, shares, strict=True)
    ]
    found.sort(key=lambda each: (-(each.share or 0.0), -abs(each.rank_correlation)))
    return Drivers(tuple(found), method, explained, draws)


def _shares(
    among: Array, with_result: Array, correlated: bool
) -> tuple[DriverMethod, list[float | None], float | None]:
    size = len(with_result)
    if correlated and size > _MOST_OVERLAPPING:
        return DriverMethod.RANK_CORRELATION, [None] * size, None
    if correlated:
        parts = _average_contributions(among, with_result)
        method, explained = DriverMethod.LMG, float(parts.sum())
    else:
        coefficients = _coefficients(among, with_result)
        parts, explained = coefficients * coefficients, float(np.dot(coefficients, with_result))
        method = DriverMethod.RANK_REGRESSION
    whole = float(parts.sum())
    return method, [float(part) / whole if whole > 0 else 0.0 for part in parts], min(explained, 1.0)


def _average_contributions(among: Array, with_result: Array) -> Array:
    """What each input adds to R², averaged over all orders in which inputs can be added."""
    size = len(with_result)
    explained = np.zeros(1 << size)
    for chosen in range(1, 1 << size):
        members = [place for place in range(size) if chosen >> place & 1]
        part = among[np.ix_(members, members)]
        coefficients = _coefficients(part, with_result[members])
        explained[chosen] = float(np.dot(coefficients, with_result[members]))
    added = np.zeros(size)
    for place in range(size):
        for chosen in range(1 << size):
            if not chosen >> place & 1:
                before = chosen.bit_count()
                weight = math.factorial(before) * math.factorial(size - before - 1) / math.factorial(size)
                added[place] += weight * (explained[chosen | 1 << place] - explained[chosen])
    return np.maximum(added, 0.0)


def _coefficients(among: Array, with_result: Array) -> Array:
    # Least squares, since an input that does not vary, or follows another, leaves the matrix singular.
    return np.linalg.lstsq(among, with_result, rcond=None)[0].astype(np.float64)


def _product(one: Array, other: Array) -> float:
    # Not a call into the linear algebra library, whose threads wait for each other on a busy machine.
    return float((one * other).sum())


def _ranks(values: Array) -> Array:
    """Ranks from 0; equal values share the mean of theirs."""
    order = np.argsort(values)
    ranks = np.empty(len(values))
    ranks[order] = np.arange(len(values), dtype=np.float64)
    ordered = values[order]
    new = np.concatenate(([True], ordered[1:] != ordered[:-1])) if len(values) else np.zeros(0, dtype=bool)
    if new.all():
        return ranks
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(values))
    ranks[order] = np.repeat(0.5 * (starts + ends - 1), ends - starts)
    return ranks


def _standardised(ranks: Array) -> Array:
    """Ranks with mean zero and length one; nothing when all are equal."""
    if not len(ranks):
        return ranks
    centred = ranks - 0.5 * (len(ranks) - 1)
    length = math.sqrt(_product(centred, centred))
    return centred / length if length > 0 else centred
