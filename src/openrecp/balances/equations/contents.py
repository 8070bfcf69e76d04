"""What is in the streams and stocks: which components may be there, what was measured of them, what adds up to 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from openrecp.balances.equations.variables import known_numbers
from openrecp.balances.flowsheet import Flowsheet, Measurement, Quantity, Ref, Stock, Stream, StreamKind
from openrecp.balances.problems import Array
from openrecp.errors import Issue, Severity, problem

WHOLE_FROM: Final = 0.9
"""Named shares of a complete composition that are known to be less than this leave a rest that is not followed."""
_FAR: Final = 6.0
"""Standard deviations of their sum by which they must be less: what measuring errors may explain is no rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Components in streams of material and stocks, the owners, in this order.

    Attributes
    ----------
    keys : tuple of str
        Of the owners.
    components : tuple of str
        Components of which anything is known.
    present : bool array, shape (owners, components)
        Whether the component may be in it.
    share, flow : pair of arrays, shape (owners, components)
        Known shares and known flows of components with their standard deviations, NaN where unknown.
    by_flow : bool array, shape (components,)
        Components of which only flows are known, no shares: their balances are linear in the flows.
    whole : bool array, shape (owners,)
        Whether the shares add up to 1.
    issues : tuple of Issue
        What was taken for granted.
    """

    keys: tuple[str, ...]
    components: tuple[str, ...]
    present: Array
    share: tuple[Array, Array]
    flow: tuple[Array, Array]
    by_flow: Array
    whole: Array
    issues: tuple[Issue, ...]


def contents(flowsheet: Flowsheet, components: Sequence[str]) -> Contents:
    """Find out what is in the streams and stocks.

    Parameters
    ----------
    flowsheet : Flowsheet
    components : sequence of str
        Components that are asked for; those of which nothing at all is known are left out, and shares are only
        added up where all of them are asked for.
    """
    streams = tuple(stream for stream in flowsheet.streams if stream.kind is StreamKind.MATERIAL)
    owners: tuple[Stream | Stock, ...] = (*streams, *flowsheet.stocks)
    followed = _followed(flowsheet, owners, components)
    place = {key: number for number, key in enumerate(followed)}
    size = (len(owners), len(followed))
    share, flow, named = _known(owners, place, size)
    complete = np.array([owner.composition_complete for owner in owners], bool)
    present = named | ~complete[:, None]
    has_shares = np.array([bool(owner.fractions) for owner in owners], bool)
    whole, issues = _whole(flowsheet, owners, complete & has_shares, named, share, components)
    asked = {ref.component for ref in _refs(flowsheet) if ref.quantity is Quantity.FRACTION}
    by_flow = (
        np.isnan(share[0]).all(axis=0)
        & ~present[len(streams) :].any(axis=0)
        & ~(named & whole[:, None]).any(axis=0)
        & np.array([key not in asked for key in followed], bool)
    )
    return Contents(
        tuple(owner.key for owner in owners), followed, present, share, flow, by_flow, whole, issues
    )


def _followed(
    flowsheet: Flowsheet, owners: Iterable[Stream | Stock], asked: Sequence[str]
) -> tuple[str, ...]:
    """Components that anybody says anything of, in the order of the flowsheet."""
    said: set[str | None] = {ref.component for ref in _refs(flowsheet)}
    said.update(transfer.component for transfer in flowsheet.transfers)
    for process in flowsheet.processes:
        for reaction in process.reactions:
            said.update(reaction.stoichiometry)
    for owner in owners:
        said.update(owner.fractions)
        if isinstance(owner, Stream):
            said.update(owner.component_flows)
    return tuple(key for key in asked if key in said)


def _refs(flowsheet: Flowsheet) -> Iterator[Ref]:
    for relation in flowsheet.relations:
        for _, ref in relation.terms:
            yield ref


def _known(
    owners: Sequence[Stream | Stock], place: dict[str, int], size: tuple[int, int]
) -> tuple[tuple[Array, Array], tuple[Array, Array], Array]:
    named = np.zeros(size, bool)
    found: list[tuple[Array, Array]] = []
    for flows in (False, True):
        cells: list[int] = []
        measurements: list[Measurement] = []
        for number, owner in enumerate(owners):
            told = owner.component_flows if flows and isinstance(owner, Stream) else owner.fractions
            if flows and not isinstance(owner, Stream):
                continue
            first = number * size[1]
            for key, measurement in told.items():
                if key in place:
                    cells.append(first + place[key])
                    measurements.append(measurement)
        values, sds = np.full(size, np.nan), np.full(size, np.nan)
        values.flat[cells], sds.flat[cells] = known_numbers(measurements)
        named.flat[cells] = True
        found.append((values, sds))
    return found[0], found[1], named


def _whole(
    flowsheet: Flowsheet,
    owners: Sequence[Stream | Stock],
    declared: Array,
    named: Array,
    known: tuple[Array, Array],
    asked: Sequence[str],
) -> tuple[Array, tuple[Issue, ...]]:
    """Whose shares add up to 1: all components asked for, declared complete, and not known to be far less."""
    shares, sds = known
    if len(asked) < len(flowsheet.components):
        return np.zeros(len(owners), bool), ()
    all_known = ~(named & np.isnan(shares)).any(axis=1)
    total = np.nansum(np.where(named, shares, 0.0), axis=1)
    spread = np.sqrt(np.nansum(np.where(named, sds, 0.0) ** 2, axis=1))
    partial = declared & all_known & (total < WHOLE_FROM) & (total + _FAR * spread < 1.0)
    issues = tuple(
        problem(
            "rest-not-followed",
            "The shares in {name} are said to be complete and add up to {total} %: the rest is taken for something "
            "that is not followed. If that is wrong, correct the shares or name what is missing.",
            where=owners[number].source,
            severity=Severity.NOTE,
            name=owners[number].name,
            total=round(float(total[number]) * 100, 1),
        )
        for number in np.flatnonzero(partial).tolist()
    )
    return declared & ~partial, issues
