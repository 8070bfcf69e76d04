"""The rule that each stream follows, as numbers: amount = push x throughput of its start + pull x intake + constant.

One set of rules holds for one layer: the whole mass, or one component of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openrecp.balances.costs import CostNetwork
from openrecp.balances.problems import Array
from openrecp.balances.what_if.changes import Change, ChangeKind
from openrecp.balances.what_if.driving import Drive
from openrecp.errors import Issue, problem


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Rules of all streams in one layer.

    Attributes
    ----------
    push, pull, constant : array, shape (streams,)
        Share of the throughput [1]; amount at the intake of today [unit/period]; amount [unit/period].
    before : array, shape (streams,)
    throughput : array, shape (processes,)
        What leaves each process today.
    given : bool array, shape (processes,)
        Processes that take what they are given, and hand all of it on.
    held : bool array, shape (processes,)
        Processes whose intake stays as it is, because nothing asks for more or less of it.
    """

    push: Array
    pull: Array
    constant: Array
    before: Array
    throughput: Array
    given: Array
    held: Array


def layer_rules(
    network: CostNetwork,
    drive: Drive,
    before: Array,
    changes: Sequence[tuple[Change, float]],
    issues: list[Issue],
) -> Rules:
    """Put up the rules of a layer.

    Parameters
    ----------
    network : CostNetwork
    drive : Drive
    before : array, shape (streams,)
        Amounts of the layer today.
    changes : sequence of (Change, float)
        Changes that touch this layer, with the factor on the flow or share.
    issues : list of Issue
        What cannot be is added here.

    Returns
    -------
    Rules
    """
    throughput = network.out_of(before)
    under = network.at_start(throughput)
    share = np.divide(before, under, out=np.zeros_like(before), where=under > 0)
    push = np.where(drive.pushed, share, 0.0)
    pull = np.where(drive.pulled, before, 0.0)
    constant = np.where(drive.fixed, before, 0.0)
    touched = {network.streams[change.stream]: factor for change, factor in changes}
    flows = [network.streams[change.stream] for change, _ in changes if change.kind is ChangeKind.FLOW]
    for place in flows:
        push[place] = pull[place] = 0.0
        constant[place] = touched[place] * before[place]
    changed = np.zeros_like(before)
    changed[flows] = before[flows]
    asked = network.out_of(pull + constant + changed) > 0
    pulls = network.into(pull) > 0
    given = drive.fed | (~asked & ~pulls)
    for change, factor in changes:
        if change.kind is ChangeKind.SHARE:
            _change_share(network, drive, (push, share), change, factor, issues)
    _rescale_given(network, given, (push, constant), list(touched))
    inner = network.into(np.where(network.starts >= 0, before, 0.0)) > 0
    held = np.where(given, ~inner | (throughput <= 0), ~asked)
    return Rules(push, pull, constant, before, throughput, given, held)


def _change_share(
    network: CostNetwork,
    drive: Drive,
    shares: tuple[Array, Array],
    change: Change,
    factor: float,
    issues: list[Issue],
) -> None:
    push, today = shares
    place = network.streams[change.stream]
    more = (factor - 1) * today[place]
    pushes = drive.pushed[place]
    if pushes:
        push[place] += more
    others = _takers(network, drive, change, push)
    if others is None:
        return
    room = push[others].sum()
    if more > room * (1 + 1e-12) or (not others.size and more):
        issues.append(
            problem(
                "what-if-more-than-there-is",
                "“{stream}” would take {more} % more of its process than the other streams can give ({room} %). Ask for less, or say which stream gives it.",
                where=change.source,
                stream=change.stream,
                more=round(100 * more, 2),
                room=round(100 * float(room), 2),
            )
        )
        return
    if room > 0:
        push[others] *= 1 - more / room
    elif others.size:
        push[others] -= more / len(others)


def _takers(network: CostNetwork, drive: Drive, change: Change, push: Array) -> Array | None:
    """The streams that take up the opposite of a changed share; None where what is made adapts."""
    place = network.streams[change.stream]
    if change.against is not None:
        against = network.streams[change.against]
        return np.array([against]) if drive.pushed[against] else None
    beside = network.starts == network.starts[place]
    beside[place] = False
    if drive.recycled[place] or not drive.pushed[place]:
        return np.flatnonzero(beside & drive.pushed & ~drive.recycled & (push > 0))
    return None


def _rescale_given(
    network: CostNetwork, given: Array, rules: tuple[Array, Array], touched: list[int]
) -> None:
    """What comes into a process that takes what it is given leaves by its other streams as before."""
    push, constant = rules
    places = {int(network.starts[place]) for place in touched if network.starts[place] >= 0}
    for process in places:
        if not given[process]:
            continue
        out = network.starts == process
        others = out.copy()
        others[touched] = False
        changed = out & ~others
        rest = push[others].sum()
        if rest > 0:
            parts = push[others] / rest
            push[others] = parts * (1 - push[changed].sum())
            constant[others] -= parts * constant[changed].sum()
