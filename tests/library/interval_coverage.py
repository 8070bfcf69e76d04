"""How often 95 % intervals hold the truth in large networks, and whether their variances add up to what they must.

python tests/library/interval_coverage.py STREAMS UNMEASURED REPLICATES

Streams are measured anew in each replicate, the same share of them (0 to 1) not at all. Over all replicates 94.5 to
95.5 % of the intervals hold the truth; in each the sum of reconciled over measured variances is the number of
measurements less the redundancy, to 1e-9. Without replicates only the sum is looked at.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
from balance_plants import Network, large_network

from openrecp.balances.networks import NetworkReconciliation, reconcile_network

Array = Any
SCORE = 1.959963984540054
LOWEST, HIGHEST = 0.945, 0.955
SUM = 1e-9


def reconciled(network: Network, measured: Array) -> NetworkReconciliation:
    return reconcile_network(network.nodes, network.tails, network.heads, measured, network.sds)


def sum_is_off_by(network: Network, found: NetworkReconciliation) -> float:
    """Relative to what it must be."""
    known = network.sds > 0
    must_be = np.count_nonzero(known) - found.redundancy
    return float(abs(np.sum((found.sds[known] / network.sds[known]) ** 2) / must_be - 1.0))


def main(streams: int, unmeasured: float, replicates: int) -> int:
    network = large_network(17, streams, unmeasured)
    start = time.monotonic()
    off = sum_is_off_by(network, reconciled(network, network.measured))
    print(  # noqa: T201
        f"{streams:,} streams, {unmeasured:.0%} unmeasured: sum of the variances off by {off:.1e}; "
        f"{time.monotonic() - start:.2f} s"
    )
    draw, held, intervals = np.random.default_rng(18), 0, 0
    for _ in range(replicates):
        measured = network.true + network.sds * draw.standard_normal(len(network.true))
        found = reconciled(network, measured)
        given = np.isfinite(found.sds)
        held += int(np.sum(np.abs(found.values - network.true)[given] <= SCORE * found.sds[given]))
        intervals += int(given.sum())
        off = max(off, sum_is_off_by(network, found))
    if not replicates:
        return 0 if off <= SUM else 1
    coverage = held / intervals
    print(f"  {coverage:.3%} of {intervals:,} intervals hold the truth; sums off by {off:.1e} at most")  # noqa: T201
    return 0 if off <= SUM and LOWEST <= coverage <= HIGHEST else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
