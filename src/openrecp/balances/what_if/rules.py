"""The rule that each stream follows, as numbers: amount = push x throughput of its start + pull x intake + constant.

One set of rules holds for one layer: the whole mass, or one component of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.balances.costs import CostNetwork
from openrecp.balances.problems import Array
from openrecp.balances.what_if.changes import Change, ChangeKind
from openrecp.balances.what_if.driving import Drive
from openrecp.errors import Issue, problem

_SLIGHT: Final = 1e-9


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
    absorbing : bool array, shape (processes,)
        Processes that a changed stream enters and whose waste takes up the change: their intake follows what they
        make, ``push`` shares what is left over, and "throughput" means just that.
    main : array, shape (streams,)
        What is made today: products and what other processes pull.
    """

    push: Array
    pull: Array
    constant: Array
    before: Array
    throughput: Array
    given: Array
    held: Array
    absorbing: Array
    main: Array


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
    pushed, pulled = drive.pushed.copy(), drive.pulled.copy()
    for change, _ in changes:
        if change.kind is ChangeKind.SHARE and _one_of_several(network, drive, before, change):
            place = network.streams[change.stream]
            pushed[place], pulled[place] = True, False
    push = np.where(pushed, share, 0.0)
    pull = np.where(pulled, before, 0.0)
    constant = np.where(drive.fixed, before, 0.0)
    places = np.array([network.streams[change.stream] for change, _ in changes], dtype=np.int64)
    touched = np.zeros(before.size, dtype=bool)
    touched[places] = True
    for change, factor in changes:
        place = network.streams[change.stream]
        if change.kind is ChangeKind.FLOW:
            push[place] = pull[place] = 0.0
            constant[place] = factor * before[place]
    asked = network.out_of(np.where(touched & ~pushed, before, pull + constant)) > 0
    asked |= network.out_of(np.where(touched & (push == 0), before, 0.0)) > 0
    given = drive.fed | (~asked & ~(network.into(pull) > 0))
    for change, factor in changes:
        if change.kind is ChangeKind.SHARE:
            _change_share(network, drive, (push, share, pushed), (change, factor), issues)
    _rescale_given(network, given, (push, constant), places)
    inner = network.into(np.where(network.starts >= 0, before, 0.0)) > 0
    held = np.where(given, ~inner | (throughput <= 0), ~asked)
    absorbing = _absorbing(network, drive, push, changes) & asked & ~given
    changed = [
        (network.streams[change.stream], factor)
        for change, factor in changes
        if change.kind is ChangeKind.FLOW
    ]
    _keep_other_wastes(network, drive, (push, constant, before), changed, given | absorbing)
    whole = np.append(network.out_of(push), 1.0)[network.starts]
    takes = np.append(absorbing, False)[network.starts]
    push = np.divide(push, whole, out=push.copy(), where=takes)
    main = np.where(drive.fixed | (pulled & ~touched), before, 0.0)
    return Rules(push, pull, constant, before, throughput, given, held, absorbing, main)


def _one_of_several(network: CostNetwork, drive: Drive, before: Array, change: Change) -> bool:
    """Whether a stream that others pull has its share changed while its process makes something else as well."""
    place = network.streams[change.stream]
    beside = network.starts == network.starts[place]
    beside[place] = False
    return bool(drive.pulled[place] and (before[beside & ~drive.pushed] > 0).any())


def _absorbing(
    network: CostNetwork, drive: Drive, push: Array, changes: Sequence[tuple[Change, float]]
) -> Array:
    """Processes that a changed stream enters and whose waste takes up the change."""
    found = np.zeros(len(network.processes), dtype=bool)
    spoils = network.out_of(push) > 0
    for change, _ in changes:
        place = network.streams[change.stream]
        end = network.ends[place]
        if end >= 0 and drive.pulled[place] and not change.inputs_follow:
            found[end] |= spoils[end]
    return found


def _change_share(
    network: CostNetwork,
    drive: Drive,
    shares: tuple[Array, Array, Array],
    asked: tuple[Change, float],
    issues: list[Issue],
) -> None:
    push, today, pushed = shares
    change, factor = asked
    place = network.streams[change.stream]
    more = (factor - 1) * today[place]
    if pushed[place]:
        push[place] += more
    others = _takers(network, drive, change, (push, pushed))
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


def _takers(network: CostNetwork, drive: Drive, change: Change, shares: tuple[Array, Array]) -> Array | None:
    """The streams that take up the opposite of a changed share; None where what is made adapts."""
    push, pushed = shares
    place = network.streams[change.stream]
    if change.against is not None:
        against = network.streams[change.against]
        return np.array([against]) if pushed[against] else None
    beside = network.starts == network.starts[place]
    beside[place] = False
    if drive.recycled[place] or not pushed[place]:
        return np.flatnonzero(beside & pushed & ~drive.recycled & (push > 0))
    return None


def _keep_other_wastes(
    network: CostNetwork,
    drive: Drive,
    rules: tuple[Array, Array, Array],
    changed: Sequence[tuple[int, float]],
    otherwise: Array,
) -> None:
    """Where one waste is changed, the others follow what the process makes: less drag-out is not less evaporation.

    With T the throughput, c what is changed and o another waste, o stays in proportion to T - c.
    """
    push, constant, before = rules
    throughput = network.out_of(before)
    for process in {int(network.starts[place]) for place, _ in changed}:
        places = {place: factor for place, factor in changed if network.starts[place] == process}
        spoilt = [place for place in places if drive.pushed[place] or drive.backward[place]]
        if process < 0 or otherwise[process] or not spoilt:
            continue
        others = (network.starts == process) & (push > 0)
        others[list(places)] = False
        rest = throughput[process] - before[spoilt].sum()
        if not rest - before[others].sum() > _SLIGHT * throughput[process]:
            # What the process makes is not in this layer, so that it asks for no more or less of it than before.
            constant[others] += before[others]
            push[others] = 0.0
            continue
        push[others] *= throughput[process] / rest
        constant[others] -= push[others] * sum(places[place] * before[place] for place in spoilt)


def _rescale_given(network: CostNetwork, given: Array, rules: tuple[Array, Array], touched: Array) -> None:
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
