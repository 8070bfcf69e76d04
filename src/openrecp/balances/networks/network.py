"""Reconciliation of a network of flows: every stream classified, valued and given an interval, at any size.

The method is exact: unmeasured streams are contracted on the graph (:mod:`.observability`), the balances that are
left are solved by one sparse factorisation, and all variances come from the entries of its inverse on the pattern
of the network (:mod:`openrecp.balances.factors`). A large standard deviation in the place of a missing
measurement, or a regularised system of all equations, would be shorter and gives wrong intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from openrecp.balances.factors import Factor, Iteration, fills_in
from openrecp.balances.networks.computed import Borders, borders, computed_values
from openrecp.balances.networks.observability import Observability, observability
from openrecp.balances.networks.sampled import sampled_spread
from openrecp.balances.networks.spread import exact_spread
from openrecp.balances.networks.sums import sums
from openrecp.balances.problems import VariableClass
from openrecp.balances.threads import on_one_thread

_CONTRADICTION: Final = 1e-9
"""Part of the largest flow by which exactly known flows may miss a balance."""


class ContradictoryFlows(ValueError):
    """Flows that are known exactly contradict each other; ``nodes`` are those whose balances they make up."""

    def __init__(self, nodes: Any) -> None:
        self.nodes = nodes
        super().__init__(f"exactly known flows contradict each other at nodes {nodes.tolist()[:10]}")


@dataclass(frozen=True, slots=True, eq=False)
class Balances:
    """The balances of the groups, factored; ``rows`` are those of the factor, -1 for a balance others imply."""

    seen: Observability
    tails: Any
    heads: Any
    variances: Any
    factor: Factor | Iteration
    rows: Any


@dataclass(frozen=True, slots=True, eq=False)
class NetworkReconciliation:
    """The most probable flows that satisfy every balance; attributes as in :class:`~..problems.Reconciliation`.

    Attributes
    ----------
    shares : array, shape (streams,)
        Part of each measurement's variance that the balances take away; NaN where nothing checks it.
    multipliers : array, shape (balances,)
        What each balance of a group adds to the adjustments.
    imbalances, imbalance_sds : array, shape (balances,)
        Inflow minus outflow of each group as measured, and its standard deviation.
    multiplier_variances : array, shape (balances,)
        Their variances, which are the diagonal of the inverse of the factored balances.
    across : array, shape (redundant streams,)
        Covariance of the multipliers at the two ends of each redundant stream; 0 at the environment.
    sampling_error : float
        0, as all intervals are exact, but where the streams join the nodes so much at random that a factor would fill
        in: there standard deviations come by simulation, and this is their relative standard error.
    """

    values: Any
    sds: Any
    classes: Any
    adjustments: Any
    adjustment_sds: Any
    z: Any
    chi2: float
    redundancy: int
    shares: Any
    multipliers: Any
    imbalances: Any
    imbalance_sds: Any
    multiplier_variances: Any
    across: Any
    sampling_error: float
    balances: Balances

    @property
    def leak_z(self) -> Any:
        """Test of a leak at each group (generalised likelihood ratio), shape (balances,); NaN where nothing shows one."""
        spread = np.sqrt(np.where(self.multiplier_variances > 0, self.multiplier_variances, np.nan))
        return self.multipliers / spread


@on_one_thread
def reconcile_network(nodes: int, tails: Any, heads: Any, measured: Any, sds: Any) -> NetworkReconciliation:
    """Reconcile the flows of a network.

    Parameters
    ----------
    nodes : int
    tails, heads : int array, shape (streams,)
        Node where each stream begins and ends, from 0; -1 is the environment.
    measured, sds : array, shape (streams,)
        Flows and their standard deviations with independent errors; NaN where nothing was measured, 0 where the flow is
        known exactly.

    Raises
    ------
    ContradictoryFlows
        If exactly known flows leave a balance open that no other stream can close.
    ValueError
        If arrays do not fit together or a node does not exist.

    >>> found = reconcile_network(1, [-1, 0, 0], [0, -1, -1], [9.22, 4.83, 3.22], [0.2766, 0.1449, 0.0966])
    >>> found.values.round(4).tolist(), round(found.chi2, 4)
    ([8.3821, 5.0599, 3.3222], 12.8132)
    """
    tails, heads = np.asarray(tails, dtype=np.int64), np.asarray(heads, dtype=np.int64)
    measured, sds = np.asarray(measured, dtype=float), np.asarray(sds, dtype=float)
    _check(nodes, tails, heads, measured, sds)
    variances = np.where(np.isnan(measured), np.nan, sds**2)
    seen = observability(nodes, tails, heads, variances > 0, variances == 0)
    parts = borders(seen, tails, heads, variances)
    balances = _factored(seen, tails, heads, variances, parts)
    imbalances = _imbalances(seen, tails, heads, measured)
    _check_spare(seen, measured, imbalances)
    return _told(balances, measured, parts, imbalances)


def _check(nodes: int, tails: Any, heads: Any, measured: Any, sds: Any) -> None:
    if not tails.shape == heads.shape == measured.shape == sds.shape or tails.ndim != 1:
        raise ValueError("tails, heads, measured and sds must have one entry for each stream")
    for ends in (tails, heads):
        if ends.size and (ends.min() < -1 or ends.max() >= nodes):
            raise ValueError(f"a stream begins or ends at a node outside 0 to {nodes - 1}")
    known = ~np.isnan(measured)
    if not (np.isfinite(measured[known]).all() and np.isfinite(sds[known]).all() and (sds[known] >= 0).all()):
        raise ValueError("a measured flow and its standard deviation must be finite, the latter not negative")


def _factored(seen: Observability, tails: Any, heads: Any, variances: Any, parts: Borders) -> Balances:
    """The covariance of the imbalances, a weighted Laplacian of the groups, with room for what borders need."""
    kept = np.ones(seen.balances, dtype=bool)
    kept[seen.spare] = False
    rows = np.where(kept, np.cumsum(kept) - 1, -1)
    size = int(kept.sum())
    at = np.append(rows, -1)
    joining = np.flatnonzero(seen.classes == VariableClass.REDUNDANT)
    first, second = at[seen.group[tails[joining]]], at[seen.group[heads[joining]]]
    weight = variances[joining]
    diagonal = sums(first, weight, size) + sums(second, weight, size)
    inner = (first >= 0) & (second >= 0)
    asked = at[parts.pairs[1]], at[parts.pairs[2]]
    room = (asked[0] >= 0) & (asked[1] >= 0)
    i = np.concatenate([first[inner], asked[0][room], np.arange(size)])
    j = np.concatenate([second[inner], asked[1][room], np.arange(size)])
    entries = np.concatenate([-weight[inner], np.zeros(int(room.sum())), diagonal])
    upper = sp.coo_array((entries, (np.minimum(i, j), np.maximum(i, j))), shape=(size, size)).tocsc()
    solver = Iteration(upper) if fills_in(upper) else Factor(upper)
    return Balances(seen, tails, heads, variances, solver, rows)


def _imbalances(seen: Observability, tails: Any, heads: Any, measured: Any) -> Any:
    """Inflow minus outflow of every group, of what is known."""
    known = np.flatnonzero(~np.isnan(measured))
    into, out_of = seen.group[heads[known]], seen.group[tails[known]]
    flows = np.where(into == out_of, 0.0, measured[known])
    return sums(into, flows, seen.balances) - sums(out_of, flows, seen.balances)


def _check_spare(seen: Observability, measured: Any, imbalances: Any) -> None:
    """Parts without a stream to the environment must close by what is known exactly."""
    if not seen.spare.size:
        return
    inside = seen.part >= 0
    left = sums(seen.part, imbalances, int(seen.part.max()) + 1)
    wrong = np.abs(left) > _CONTRADICTION * np.nanmax(np.abs(measured), initial=1e-300)
    if wrong.any():
        groups = np.flatnonzero(inside & wrong[np.maximum(seen.part, 0)])
        raise ContradictoryFlows(np.flatnonzero(np.isin(seen.group[:-1], groups)))


def _told(balances: Balances, measured: Any, parts: Borders, imbalances: Any) -> NetworkReconciliation:
    """Everything the solved balances say."""
    seen, factor, variances = balances.seen, balances.factor, balances.variances
    rows, ends = np.append(balances.rows, -1), (balances.tails, balances.heads)
    right = np.zeros(factor.rows)
    right[balances.rows[balances.rows >= 0]] = imbalances[balances.rows >= 0]
    solved = factor.solve(right)
    multipliers = np.append(solved, 0.0)[rows]
    joining = np.flatnonzero(seen.classes == VariableClass.REDUNDANT)
    adjustments = np.where(np.isnan(measured), np.nan, 0.0)
    pull = multipliers[seen.group[balances.heads[joining]]] - multipliers[seen.group[balances.tails[joining]]]
    adjustments[joining] = variances[joining] * pull
    values = measured - adjustments
    computed_values(seen, *ends, values)
    if isinstance(factor, Factor):
        spread = exact_spread(seen, ends, variances, factor, rows, parts)
    else:
        spread = sampled_spread(seen, ends, variances, factor, rows)
    shares = np.full(measured.size, np.nan)
    shares[joining] = spread.shares
    adjustment_sds = np.sqrt(variances * np.nan_to_num(shares))
    return NetworkReconciliation(
        values=values,
        sds=np.sqrt(np.where(seen.classes == VariableClass.UNOBSERVABLE, np.nan, spread.values)),
        classes=seen.classes,
        adjustments=adjustments,
        adjustment_sds=adjustment_sds,
        z=adjustments / np.where(adjustment_sds > 0, adjustment_sds, np.nan),
        chi2=float(right @ solved),
        redundancy=factor.rows,
        shares=shares,
        multipliers=multipliers[:-1],
        imbalances=imbalances,
        imbalance_sds=np.sqrt(_imbalance_variances(balances, joining)),
        multiplier_variances=np.append(spread.multipliers, 0.0)[balances.rows],
        across=spread.across,
        sampling_error=spread.error,
        balances=balances,
    )


def _imbalance_variances(balances: Balances, joining: Any) -> Any:
    seen, variances = balances.seen, balances.variances[joining]
    ends = np.concatenate([seen.group[balances.tails[joining]], seen.group[balances.heads[joining]]])
    return sums(ends, np.concatenate([variances, variances]), seen.balances)
