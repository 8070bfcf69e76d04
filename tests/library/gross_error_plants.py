"""Plants of the literature and random ones for the tests of gross errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from openrecp.balances.problems import LinearProblem

Array = Any


def network(
    arcs: Sequence[tuple[int, int]], measured: Sequence[float], sds: Sequence[float]
) -> LinearProblem:
    """Streams from one process to another; 0 is the environment, processes count from 1."""
    matrix = np.zeros((max(max(arc) for arc in arcs) + 1, len(arcs)))
    for stream, (start, end) in enumerate(arcs):
        matrix[start, stream] -= 1.0
        matrix[end, stream] += 1.0
    return LinearProblem(
        sp.csr_array(matrix[1:]),
        np.zeros(matrix.shape[0] - 1),
        np.array(measured, float),
        np.array(sds, float),
    )


def heat_exchanger(measured: Sequence[float] = (101.91, 64.45, 34.65, 64.20, 36.44, 98.88)) -> LinearProblem:
    """S. Narasimhan and C. Jordache, Data Reconciliation and Gross Error Detection (2000), chapter 1: a bypass."""
    return network(((0, 1), (1, 2), (1, 3), (2, 4), (3, 4), (4, 0)), measured, np.ones(6).tolist())


def recycle() -> LinearProblem:
    """J. Rosenberg, R. S. H. Mah and C. Iordache, Industrial and Engineering Chemistry Research 26 (1987) 555-564."""
    return network(
        ((0, 1), (1, 2), (2, 3), (3, 1), (3, 4), (4, 1), (4, 0)),
        (5.026, 14.722, 14.721, 4.968, 10.088, 5.131, 4.835),
        np.ones(7).tolist(),
    )


def ripps() -> LinearProblem:
    """J. Ripps, Chemical Engineering Progress Symposium Series 61 (55) (1965) 8-13: a reactor with four flows."""
    matrix = [[0.1, 0.6, -0.2, -0.7], [0.8, 0.1, -0.2, -0.1], [0.1, 0.3, -0.6, -0.2]]
    variances = np.array([0.000289, 0.0025, 0.000576, 0.04])
    return LinearProblem(
        sp.csr_array(np.array(matrix)),
        np.zeros(3),
        np.array([0.1858, 4.7935, 1.2295, 3.88]),
        np.sqrt(variances),
    )


STEAM_ARCS = (
    (3, 1), (6, 1), (1, 5), (0, 1), (2, 3), (2, 6), (7, 2), (11, 2), (2, 0), (3, 4), (5, 4), (4, 9), (6, 5), (5, 7),
    (5, 8), (5, 9), (5, 0), (8, 7), (7, 10), (7, 11), (7, 0), (9, 8), (8, 10), (8, 0), (9, 0), (10, 11), (0, 10), (0, 11),
)  # fmt: skip
"""Steam metering: R. W. Serth and W. A. Heenan, AIChE Journal 32 (1986) 733-742; 28 streams, 11 processes."""

STEAM_SDS = (
    0.022, 0.025, 2.796, 2.749, 1.332, 2.807, 0.058, 4.101, 0.021, 1.310, 0.372, 1.682, 2.782, 2.297,
    1.500, 0.591, 0.818, 0.406, 0.196, 0.263, 2.183, 0.136, 0.065, 1.166, 2.137, 2.033, 1.770, 1.806,
)  # fmt: skip

STEAM_READINGS = (
    0.875, 0.989, 108.426, 107.799, 50.149, 110.327, 2.201, 165.779, 0.821, 51.779, 14.757, 67.183, 107.734, 89.855,
    58.554, 23.258, 31.879, 15.843, 7.920, 10.130, 91.047, 5.555, 2.471, 44.687, 81.656, 82.839, 70.685, 72.913,
)  # fmt: skip


def steam() -> LinearProblem:
    """The readings of one random run of the steam metering system."""
    return network(STEAM_ARCS, STEAM_READINGS, STEAM_SDS)


def random_plant(
    seed: int, processes: int = 40, streams: int = 100, unmeasured: float = 0.0
) -> LinearProblem:
    """A connected plant of neighbouring processes with some long links, its readings true to chance alone."""
    dice = np.random.default_rng(seed)
    arcs = [(place, place + 1) for place in range(processes)] + [(processes, 0)]
    while len(arcs) < streams:
        start = int(dice.integers(0, processes + 1))
        end = int(np.clip(start + dice.integers(-5, 6), 0, processes))
        if start != end:
            arcs.append((start, end))
    sds = dice.uniform(0.5, 3.0, streams)
    clean = network(arcs, np.zeros(streams).tolist(), sds.tolist())
    hidden = dice.random(streams) < unmeasured
    measured = np.where(hidden, np.nan, dice.normal(0.0, sds))
    return LinearProblem(clean.matrix, clean.constants, measured, np.where(hidden, np.nan, sds))
