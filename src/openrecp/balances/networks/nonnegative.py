"""Reconciliation of a network in which no flow may be negative, exactly and not by cutting values off.

Streams that would flow backwards are held at nothing and everything is solved anew, until every held stream has a
multiplier of the right sign, that is, until letting it go would make it negative again. These conditions (Karush,
Kuhn and Tucker) are necessary and sufficient, since the problem is convex.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from openrecp.balances.networks.network import (
    ContradictoryFlows,
    NetworkReconciliation,
    reconcile_network,
)

_ROUNDS: Final = 60
_ROUNDING: Final = 1e-9


class Unsettled(ValueError):
    """The set of streams held at nothing did not settle."""


def reconcile_nonnegative(
    nodes: int, tails: Any, heads: Any, measured: Any, sds: Any
) -> tuple[NetworkReconciliation, Any]:
    """Reconcile the flows of a network; parameters as at :func:`~.network.reconcile_network`.

    Returns
    -------
    found : NetworkReconciliation
        With the held streams as known exactly: intervals hold on condition of that.
    held : bool array, shape (streams,)

    Raises
    ------
    Unsettled
        If no set of held streams satisfies the conditions within a fixed number of rounds.
    ContradictoryFlows
        If exactly known flows leave a balance open that no other stream can close.

    >>> found, held = reconcile_nonnegative(1, [-1, 0, 0], [0, -1, -1], [9.0, 10.0, 0.1], [1.0, 1.0, 1.0])
    >>> found.values.round(6).tolist(), held.tolist()
    ([9.5, 9.5, 0.0], [False, False, True])
    """
    measured, sds = np.asarray(measured, dtype=float), np.asarray(sds, dtype=float)
    tails, heads = np.asarray(tails, dtype=np.int64), np.asarray(heads, dtype=np.int64)
    size = float(np.nanmax(np.abs(measured), initial=1e-300))
    held = np.zeros(measured.size, dtype=bool)
    seen: set[bytes] = set()
    for _ in range(_ROUNDS):
        try:
            found = reconcile_network(
                nodes, tails, heads, np.where(held, 0.0, measured), np.where(held, 0.0, sds)
            )
        except ContradictoryFlows:
            if not held.any():
                raise
            raise Unsettled("holding streams at nothing contradicts flows that are known exactly") from None
        backwards = (found.values < -_ROUNDING * size) & ~held & (sds != 0)
        loose = held & (_multipliers(found, measured, sds) < -_ROUNDING)
        if not (backwards.any() or loose.any()):
            return found, held
        held = _changed(held, backwards, loose, found.values, one_by_one=held.tobytes() in seen)
        seen.add(held.tobytes())
    raise Unsettled("which streams flow nothing could not be settled")


def _multipliers(found: NetworkReconciliation, measured: Any, sds: Any) -> Any:
    """What holding each stream at nothing costs, in units of its standard deviation where it was measured."""
    balances = found.balances
    of_node = np.append(found.multipliers, 0.0)[balances.seen.group]
    pull = of_node[balances.heads] - of_node[balances.tails]
    known = np.where(np.isnan(measured), 0.0, measured)
    scale = np.where(np.isnan(sds) | (sds == 0), 1.0, sds)
    return pull * scale - known / scale


def _changed(held: Any, backwards: Any, loose: Any, values: Any, *, one_by_one: bool) -> Any:
    """The next set to try: all changes at once, or only the worst where that goes round in circles."""
    if not one_by_one:
        return (held | backwards) & ~loose
    changed = held.copy()
    if backwards.any():
        changed[int(np.argmin(np.where(backwards, values, np.inf)))] = True
    else:
        changed[int(np.flatnonzero(loose)[0])] = False
    return changed
