"""How likely a gross error of a given size is to be seen, and to be laid at the right door."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from openrecp.balances.gross_errors.candidates import alike
from openrecp.balances.problems import Array


def detection_power(shift: Array | float, critical: float) -> Array:
    """Chance that |z| exceeds the critical value.

    Parameters
    ----------
    shift : array or float
        Mean of z: size of the error over the standard deviation of its estimate.
    critical : float

    >>> round(float(detection_power(0.0, 1.959964)), 4), round(float(detection_power(2.801585, 1.959964)), 4)
    (0.05, 0.8)
    """
    return np.asarray(ndtr(np.asarray(shift) - critical) + ndtr(-np.asarray(shift) - critical))


def detectable_shift(critical: float, power: float) -> float:
    """Mean of z that exceeds the critical value with a given chance.

    Raises
    ------
    ValueError
        If the power is not between the chance of a false alarm and 1.

    >>> round(detectable_shift(1.959964, 0.8), 4)
    2.8016
    """
    if not float(detection_power(0.0, critical)) < power < 1.0:
        raise ValueError(f"the power lies between that of chance alone and 1, not at {power}")
    highest = critical + max(float(ndtri(power)), 0.0) + 1.0
    return float(brentq(lambda shift: float(detection_power(shift, critical)) - power, 0.0, highest))


def identification_power(
    directions: Array,
    lengths: Array,
    critical: float,
    sizes: tuple[float, float],
    runs: int = 10_000,
    seed: int = 20_260_101,
) -> Array:
    """Chance that a single gross error is found where it is: its |z| exceeds the critical value and all others.

    Parameters
    ----------
    directions : array, shape (r, candidates)
        Signatures of length 1.
    lengths : array, shape (candidates,)
        How far z is moved by an error of size 1.
    critical : float
    sizes : (float, float)
        Limits between which the size of the error lies with equal chance.
    runs : int
        Draws, which give each power within 1 / sqrt(runs).
    seed : int

    Returns
    -------
    array, shape (candidates,)
        0 for what no test can tell from another.

    Raises
    ------
    ValueError
        If there is no draw.
    """
    if runs < 1:
        raise ValueError("at least one draw is needed")
    generator = np.random.default_rng(seed)
    chance = generator.standard_normal((runs, directions.shape[0])) @ directions
    size = sizes[0] + (sizes[1] - sizes[0]) * (np.arange(runs) + 0.5) / runs
    powers = np.empty(directions.shape[1])
    for own in range(directions.shape[1]):
        shifts = lengths[own] * (directions.T @ directions[:, own])
        z = np.abs(chance + size[:, None] * shifts)
        powers[own] = np.mean((np.argmax(z, axis=1) == own) & (z[:, own] > critical))
    for each in alike(directions):
        powers[list(each)] = 0.0
    return powers
