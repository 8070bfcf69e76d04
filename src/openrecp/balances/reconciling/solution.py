"""A reconciliation and what it was found on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.balances.networks import NetworkReconciliation
from openrecp.balances.problems import Array, Reconciliation

_OUTSIDE: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A reconciliation, and the network it was found on, if it is one.

    Attributes
    ----------
    reconciliation : Reconciliation
    network : NetworkReconciliation or None
    outside : int array
        Variables whose values lie outside their bounds, where these could not be kept.
    component_sds : array or None, shape (streams, components)
        Standard deviations of the flows of components, where the engine has them instead of the covariance.
    """

    reconciliation: Reconciliation
    network: NetworkReconciliation | None
    outside: Array
    component_sds: Array | None = None


def outside_of(values: Array, lower: Array | None, upper: Array | None) -> Array:
    """Places of the values beyond their bounds."""
    size = float(np.nanmax(np.abs(values), initial=0.0))
    beyond = np.zeros(values.size, dtype=bool)
    for limit, sign in ((lower, -1.0), (upper, 1.0)):
        if limit is not None:
            scale = np.where(np.isfinite(limit) & (limit != 0), np.abs(np.nan_to_num(limit)), size)
            beyond |= sign * (values - limit) > _OUTSIDE * scale
    return np.flatnonzero(beyond)
