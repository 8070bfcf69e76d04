"""One stream by itself: component flows f, and what is measured of them, the flow and the shares.

    F = sum of f,   x = f / F

Both are functions h(f) of the component flows, with derivatives H. Where enough is measured, the stream by itself gives
f with the covariance S = inv(H' W H), W the weights of its measurements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Measurements:
    """What is measured of each stream: the flow first, then the share of each component.

    ``values``, ``variances``, shape (streams, components + 1); ``weights`` are the inverse variances, 0 where nothing
    was measured.
    """

    values: Any
    variances: Any
    weights: Any

    def of(self, streams: Any) -> Measurements:
        """Those of some streams."""
        return Measurements(self.values[streams], self.variances[streams], self.weights[streams])


def seen_from(flows: Any) -> Any:
    """h(f): flow and shares, shape (streams, components + 1)."""
    total = flows.sum(axis=1, keepdims=True)
    return np.concatenate([total, flows / total], axis=1)


def derivatives(flows: Any) -> Any:
    """H: derivatives of flow and shares by the component flows, shape (streams, components + 1, components)."""
    streams, components = flows.shape
    total = flows.sum(axis=1)[:, None, None]
    found = np.ones((streams, components + 1, components))
    found[:, 1:, :] = (np.eye(components)[None] - (flows / total[:, 0])[:, :, None]) / total
    return found


def information(slopes: Any, weights: Any) -> Any:
    """H' W H of each stream, shape (streams, components, components)."""
    return np.matmul((slopes * weights[:, :, None]).transpose(0, 2, 1), slopes)


def squares(measurements: Measurements, flows: Any) -> float:
    """Weighted sum of squared differences between what is measured and what the component flows say."""
    gap = np.where(measurements.weights > 0, measurements.values - seen_from(flows), 0.0)
    return float((measurements.weights * gap**2).sum())


def spreads(slopes: Any, covariance: Any) -> Any:
    """Variances of flow and shares, shape (streams, components + 1), from those of the component flows."""
    return np.maximum((np.matmul(slopes, covariance) * slopes).sum(axis=2), 0.0)
