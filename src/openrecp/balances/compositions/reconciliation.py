"""Reconciliation of flows and compositions together: a product in every balance, and every interval at any size.

With the flow of each component as the unknown, all balances are straight lines and what is bent stays within
one stream (:mod:`.local`). Each step of the search (Gauss and Newton) takes every stream by itself at its present
place, then puts all of them on the balances at once: a network whose streams and balances are small blocks, factored once
and factored anew with the same ordering at every step. The last step gives the intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from openrecp.balances.compositions.blocks import BlockBalances
from openrecp.balances.compositions.local import (
    Measurements,
    derivatives,
    information,
    seen_from,
    spreads,
    squares,
)
from openrecp.balances.factors import Factor
from openrecp.balances.problems import Convergence, VariableClass
from openrecp.balances.threads import on_one_thread

_STEPS: Final = 60
_SMALL: Final = 1e-9
"""A step is the last when it moves nothing by more than this part of its standard deviation."""
_NOTHING: Final = 1e-9
"""Part of a variance that the balances take away below which nothing checks the measurement."""
_LEAST: Final = 1e-300
_SHORTEST: Final = 1e-4
"""Part of a step below which it is taken whatever it brings: the place is then found again from there."""


class IncompleteMeasurements(ValueError):
    """Streams of which something, but not enough is measured; ``streams`` names them.

    A stream must by itself give all its component flows, or have nothing measured; mixed cases are the general engine's.
    """

    def __init__(self, streams: Any) -> None:
        self.streams = streams
        super().__init__(f"too little is measured of streams {streams.tolist()[:10]}")


@dataclass(frozen=True, slots=True, eq=False)
class CompositionReconciliation:
    """The most probable flows and compositions that satisfy every balance.

    Arrays of shape (streams, components + 1) hold the flow first, then the shares.

    Attributes
    ----------
    values, sds, classes, adjustments, adjustment_sds, z : array, shape (streams, components + 1)
        As in :class:`~openrecp.balances.problems.Reconciliation`.
    component_flows, component_sds : array, shape (streams, components)
    chi2 : float
    redundancy : int
    convergence : Convergence
    """

    values: Any
    sds: Any
    classes: Any
    adjustments: Any
    adjustment_sds: Any
    z: Any
    component_flows: Any
    component_sds: Any
    chi2: float
    redundancy: int
    convergence: Convergence


@on_one_thread
def reconcile_compositions(
    nodes: int, tails: Any, heads: Any, measured: Any, sds: Any
) -> CompositionReconciliation:
    """Reconcile flows and shares of all components, which add up to one in every stream.

    Parameters
    ----------
    nodes : int
    tails, heads : int array, shape (streams,)
        Node where each stream begins and ends, from 0; -1 is the environment.
    measured, sds : array, shape (streams, components + 1)
        Flow, then shares, and their standard deviations, all errors independent; NaN where nothing was measured.

    Raises
    ------
    IncompleteMeasurements
        If a stream is neither measured enough to stand by itself nor unmeasured altogether.
    ValueError
        If arrays do not fit together, or a standard deviation is not above zero.

    References
    ----------
    Crowe (1986), Reconciliation of process flow rates by matrix projection, part II: the nonlinear case, AIChE Journal
    32:616, treats the same products with other unknowns.
    """
    tails, heads = np.asarray(tails, dtype=np.int64), np.asarray(heads, dtype=np.int64)
    data = _measurements(np.asarray(measured, dtype=float), np.asarray(sds, dtype=float))
    known = (data.weights > 0).any(axis=1)
    balances = BlockBalances(nodes, tails, heads, known, components=data.values.shape[1] - 1)
    kept = data.of(known)
    start = _started(kept, np.flatnonzero(known))
    place, convergence = _searched(balances, kept, start)
    return _told(balances, data, known, place, convergence)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where the search ended: component flows of the known streams, their derivatives, covariances and multipliers."""

    flows: Any
    slopes: Any
    covariances: Any
    factor: Factor


def _measurements(measured: Any, sds: Any) -> Measurements:
    if measured.shape != sds.shape or measured.ndim != 2 or measured.shape[1] < 2:
        raise ValueError("measured and sds must hold the flow and the shares of every stream")
    given = ~np.isnan(measured)
    if not (np.isfinite(measured[given]).all() and np.isfinite(sds[given]).all() and (sds[given] > 0).all()):
        raise ValueError("measurements and their standard deviations must be finite, the latter above zero")
    variances = np.where(given, sds**2, np.nan)
    return Measurements(measured, variances, np.where(given, 1.0 / np.where(given, variances, 1.0), 0.0))


def _started(data: Measurements, streams: Any) -> Any:
    """Component flows as measured; a share that was not measured takes what the others leave.

    Raises
    ------
    IncompleteMeasurements
        If a stream has no flow, or lacks more than one share.
    """
    flow, shares = data.values[:, 0], data.values[:, 1:]
    missing = np.isnan(shares)
    poor = np.isnan(flow) | (missing.sum(axis=1) > 1)
    if poor.any():
        raise IncompleteMeasurements(streams[poor])
    left = np.maximum(1.0 - np.where(missing, 0.0, shares).sum(axis=1, keepdims=True), 0.0)
    shares = np.where(missing, left, shares)
    floor = 1e-9
    shares = np.maximum(shares, floor) / np.maximum(shares, floor).sum(axis=1, keepdims=True)
    return np.maximum(flow, floor)[:, None] * shares


def _searched(balances: BlockBalances, data: Measurements, start: Any) -> tuple[_Place, Convergence]:
    """Gauss-Newton steps, each ending on the balances, shortened where they would bring nothing nearer."""
    flows, best = start, np.inf
    for number in range(1, _STEPS + 1):
        slopes = derivatives(flows)
        covariances = _alone(slopes, data.weights)
        gap = np.where(data.weights > 0, data.values - seen_from(flows), 0.0)
        pull = np.matmul(slopes.transpose(0, 2, 1), (data.weights * gap)[:, :, None])
        free = flows + np.matmul(covariances, pull)[:, :, 0]
        target, factor = balances.put_on(free, covariances)
        further, best = _nearer(data, flows, target, best)
        sizes = np.sqrt(np.maximum(np.diagonal(covariances, axis1=1, axis2=2), _LEAST))
        moved = float(np.max(np.abs(further - flows) / sizes, initial=0.0))
        flows = further
        if number > 1 and moved < _SMALL:
            break
    left = float(np.max(np.abs(balances.imbalances(flows)), initial=0.0))
    convergence = Convergence(moved < _SMALL, number, moved, left / float(np.max(flows, initial=1.0)))
    return _Place(flows, slopes, covariances, factor), convergence


def _alone(slopes: Any, weights: Any) -> Any:
    """Covariance of the component flows of each stream by itself.

    Raises
    ------
    IncompleteMeasurements
        If the measurements of a stream do not give them, such as shares of a stream that hardly flows.
    """
    inside = information(slopes, weights)
    sound = np.isfinite(inside).all(axis=(1, 2))
    if sound.all():
        sound = np.linalg.slogdet(inside)[0] > 0
    if not sound.all():
        raise IncompleteMeasurements(np.flatnonzero(~sound))
    return np.linalg.inv(inside)


def _nearer(data: Measurements, flows: Any, target: Any, best: float) -> tuple[Any, float]:
    """A place on the way to the target that fits the measurements at least as well; all the way if it can be."""
    length = 1.0
    while True:
        place = flows + length * (target - flows)
        fit = squares(data, place) if (place.sum(axis=1) > 0).all() else np.inf
        if fit <= best * (1.0 + 1e-9) + 1e-12 or length < _SHORTEST:
            return place, fit
        length /= 2.0


def _told(
    balances: BlockBalances, data: Measurements, known: Any, place: _Place, convergence: Convergence
) -> CompositionReconciliation:
    streams, wide = data.values.shape
    within, computed, of_computed = balances.covariances(place.covariances, place.factor)
    component_flows = balances.computed(place.flows)
    covariances = np.full((streams, wide - 1, wide - 1), np.nan)
    covariances[known], covariances[computed] = within, of_computed
    with np.errstate(divide="ignore", invalid="ignore"):
        values, slopes = seen_from(component_flows), derivatives(component_flows)
    slopes[known] = place.slopes
    variances = spreads(slopes, covariances)
    given = data.weights > 0
    taken = np.where(given, 1.0 - variances / data.variances, np.nan)
    taken = np.where(taken < _NOTHING, 0.0, taken)
    adjustments = np.where(given, data.values - values, np.nan)
    adjustment_sds = np.sqrt(taken * data.variances)
    kept = data.of(known)
    return CompositionReconciliation(
        values=values,
        sds=np.sqrt(variances),
        classes=_classes(given, taken, np.isfinite(values)),
        adjustments=adjustments,
        adjustment_sds=adjustment_sds,
        z=adjustments / np.where(adjustment_sds > 0, adjustment_sds, np.nan),
        component_flows=component_flows,
        component_sds=np.sqrt(np.maximum(np.diagonal(covariances, axis1=1, axis2=2), 0.0)),
        chi2=squares(kept, place.flows),
        redundancy=int((kept.weights > 0).sum()) - place.flows.size + balances.redundancy,
        convergence=convergence,
    )


def _classes(given: Any, taken: Any, found: Any) -> Any:
    measured = np.where(taken > 0, VariableClass.REDUNDANT, VariableClass.JUST_MEASURED)
    unmeasured = np.where(found, VariableClass.OBSERVABLE, VariableClass.UNOBSERVABLE)
    return np.where(given, measured, unmeasured).astype(np.int8)
