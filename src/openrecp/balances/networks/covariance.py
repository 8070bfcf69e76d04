"""The whole covariance of the values of a small network, for what hangs on several of them at once, such as costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from openrecp.balances.networks.computed import crossings
from openrecp.balances.networks.network import NetworkReconciliation
from openrecp.balances.problems import VariableClass


def network_covariance(found: NetworkReconciliation) -> Any:
    """Covariance of all values, shape (streams, streams); NaN in rows and columns of unobservable streams.

    With V the variances of the measurements and A the balances of the groups, that of the reconciled ones is
    V - V A' inv(A V A') A V; a computed stream is the sum of those at its border.

    >>> from openrecp.balances.networks import reconcile_network
    >>> splitter = reconcile_network(1, [-1, 0, 0], [0, -1, -1], [10.0, 6.0, float("nan")], [3.0, 4.0, float("nan")])
    >>> network_covariance(splitter).round(9).tolist()
    [[9.0, 0.0, 9.0], [0.0, 16.0, -16.0], [9.0, -16.0, 25.0]]
    """
    balances = found.balances
    seen, tails, heads = balances.seen, balances.tails, balances.heads
    variances = np.nan_to_num(balances.variances)
    joining = np.flatnonzero(found.classes == VariableClass.REDUNDANT)
    rows = np.append(balances.rows, -1)
    matrix = np.zeros((balances.factor.rows + 1, tails.size))  # the last row takes what has no balance
    np.add.at(matrix, (rows[seen.group[heads[joining]]], joining), 1.0)
    np.subtract.at(matrix, (rows[seen.group[tails[joining]]], joining), 1.0)
    spread = matrix[:-1] * variances
    known = np.diag(variances) - spread.T @ np.linalg.solve(spread @ matrix[:-1].T, spread)
    made = _made_of(found)
    covariance = made @ known @ made.T
    covariance[np.arange(tails.size), np.arange(tails.size)] = found.sds**2
    unknown = found.classes == VariableClass.UNOBSERVABLE
    covariance[unknown] = np.nan
    covariance[:, unknown] = np.nan
    return covariance


def _made_of(found: NetworkReconciliation) -> Any:
    """Each stream as a sum of measured ones: itself, or those at its border."""
    balances = found.balances
    seen, tails, heads = balances.seen, balances.tails, balances.heads
    made = np.diag((balances.variances > 0).astype(float))
    border, stream, sign = crossings(seen, np.flatnonzero(balances.variances > 0), tails, heads)
    streams = seen.forest.streams[border]
    inward = seen.forest.block[heads[streams]] == border
    np.add.at(made, (streams, stream), np.where(inward, -1.0, 1.0) * sign)
    return made
