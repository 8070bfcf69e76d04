"""Gross errors in networks of any size: candidates are the meters and the balances, with no dense algebra."""

from __future__ import annotations

from typing import Final

import numpy as np

from openrecp.balances.gross_errors.candidates import Candidate, CandidateKind
from openrecp.balances.gross_errors.critical_values import (
    CriticalValue,
    critical_value_of_pairs,
    spanning_pairs,
)
from openrecp.balances.gross_errors.findings import Estimate, Findings, StopReason, Suspect
from openrecp.balances.gross_errors.statistical_tests import GlobalTest, global_test
from openrecp.balances.networks import Elimination, NetworkReconciliation, eliminate_errors
from openrecp.balances.problems import Array, VariableClass

_MOST: Final = 100


def network_critical_value(found: NetworkReconciliation, level: float = 0.05) -> CriticalValue | None:
    """What the largest statistic of all biases and leaks must exceed; None where nothing is checked.

    Every meter goes with the leaks at both its ends; the strongest of these links span all candidates.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.
    """
    balances = found.balances
    streams = np.flatnonzero(found.classes == VariableClass.REDUNDANT)
    leaks = np.flatnonzero(balances.rows >= 0)
    tests = streams.size + leaks.size
    if not leaks.size:
        return None
    number = np.full(balances.seen.balances + 1, -1)
    number[leaks] = streams.size + np.arange(leaks.size)
    spread = np.append(found.multiplier_variances, 0.0)
    length = np.sqrt(found.shares[streams] / balances.variances[streams])
    first, second, related = [], [], []
    for ends in (balances.heads, balances.tails):
        group = balances.seen.group[ends[streams]]
        at = number[group]
        with np.errstate(divide="ignore", invalid="ignore"):
            strength = np.abs(spread[group] - found.across) / (length * np.sqrt(spread[group]))
        kept = (at >= 0) & np.isfinite(strength)
        first.append(np.flatnonzero(kept))
        second.append(at[kept])
        related.append(np.minimum(strength[kept], 1.0))
    pairs = spanning_pairs(tests, np.concatenate(first), np.concatenate(second), np.concatenate(related))
    return critical_value_of_pairs(tests, pairs, level)


def network_findings(
    found: NetworkReconciliation,
    level: float = 0.05,
    most: int = _MOST,
    critical: CriticalValue | None = None,
) -> Findings:
    """Gross errors of a network, worst first, at the cost of one solve each.

    Parameters
    ----------
    found : NetworkReconciliation
    level : float
        Chance that anything is named in data without gross errors.
    most : int
        Largest number of gross errors.
    critical : CriticalValue, optional
        As :func:`network_critical_value` gives it at the same level, if it is known already.

    Returns
    -------
    Findings
        A bias carries the number of its stream, a leak that of its node; a leak at processes between which nobody
        measures may be at any of them.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.
    """
    before = global_test(found.chi2, found.redundancy, level)
    critical = critical or network_critical_value(found, level)
    if critical is None:
        return Findings(before, before, (), StopReason.AGREE)
    steps = eliminate_errors(found, critical.value, most)
    nodes = _nodes_by_group(found)
    left = steps[-1] if steps else None
    after = before if left is None else global_test(left.chi2_after, left.redundancy_after, level)
    suspects = tuple(_suspect(step, nodes, critical, after) for step in steps)
    return Findings(before, after, suspects, _stop(len(steps), most, after.redundancy, passed=after.passed))


def _stop(steps: int, most: int, redundancy: int, *, passed: bool) -> StopReason:
    if steps >= most:
        return StopReason.MOST
    if redundancy == 0:
        return StopReason.NOTHING_LEFT
    return StopReason.AGREE if passed else StopReason.UNLOCATED


def _nodes_by_group(found: NetworkReconciliation) -> list[list[int]]:
    nodes: list[list[int]] = [[] for _ in range(found.balances.seen.balances)]
    for node, group in enumerate(found.balances.seen.group[:-1].tolist()):
        if group >= 0:
            nodes[group].append(node)
    return nodes


def _suspect(
    step: Elimination, nodes: list[list[int]], critical: CriticalValue, after: GlobalTest
) -> Suspect:
    """As the dense search tells it: what is left agrees without all suspects, and this one alone adds its square."""
    sizes, sds = step.sizes.tolist(), step.sds.tolist()
    members = _candidates(step.streams, step.groups, nodes)
    places = list(range(len(step.streams)))
    for place, group in enumerate(step.groups.tolist(), start=len(step.streams)):
        places += [place] * len(nodes[group])
    return Suspect(
        members=members,
        z=step.z,
        critical=critical,
        estimates=tuple(Estimate(sizes[place], sds[place]) for place in places),
        chi2_before=after.chi2 + (sizes[0] / sds[0]) ** 2,
        chi2_after=after.chi2,
        redundancy_after=after.redundancy,
        rivals=_candidates(step.rival_streams, step.rival_groups, nodes),
    )


def _candidates(streams: Array, groups: Array, nodes: list[list[int]]) -> tuple[Candidate, ...]:
    biases = [Candidate(CandidateKind.BIAS, stream) for stream in streams.tolist()]
    leaks = [Candidate(CandidateKind.LEAK, node) for group in groups.tolist() for node in nodes[group]]
    return (*biases, *leaks)
