"""Exact equations between flows that no flows can satisfy together with the balances: one condition too many."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import lsmr

from openrecp.balances.flowsheet import (
    Flowsheet,
    Measurement,
    Quantity,
    Relation,
    StreamKind,
    TransferCoefficient,
)
from openrecp.errors import NOWHERE, Issue, Where, problem

Array = Any
_ROUNDING: Final = 1e-6
_MOST_DENSE: Final = 1_500
_MOST_NAMED: Final = 8
_LINEAR: Final = frozenset({Quantity.FLOW, Quantity.OPENING, Quantity.CLOSING})


@dataclass(frozen=True, slots=True)
class _Row:
    """An equation: sum of factor x variable = constant; a balance has no name."""

    terms: Mapping[int, float]
    constant: float = 0.0
    name: str = ""
    where: Where = NOWHERE


@dataclass(slots=True)
class _System:
    """The total flows and stocks of a flowsheet and the exact equations between them."""

    columns: dict[tuple[Quantity, str], int] = field(default_factory=dict)
    known: list[float | None] = field(default_factory=list)
    balances: dict[str, dict[int, float]] = field(default_factory=dict)
    entering: dict[str, list[int]] = field(default_factory=dict)

    def add(self, quantity: Quantity, key: str, found: Measurement | None) -> int:
        """A further variable."""
        place = self.columns.setdefault((quantity, key), len(self.columns))
        self.known.append(found.value if found is not None and found.sd == 0 else None)
        return place

    def enters(self, process: str, place: int) -> None:
        """A variable that enters a process."""
        self.balances[process][place] = 1.0
        self.entering[process].append(place)


def over_specified(flowsheet: Flowsheet) -> Iterator[Issue]:
    """Exact relations and transfer coefficients of totals that cannot hold together with the balances."""
    exact = [
        each
        for each in flowsheet.relations
        if each.sd == 0 and all(ref.quantity in _LINEAR for _, ref in each.terms)
    ]
    shares = [
        each
        for each in flowsheet.transfers
        if each.component is None and each.share is not None and not each.share.sd
    ]
    if exact or shares:
        system = _system(flowsheet)
        rows = [_Row(terms) for terms in system.balances.values()]
        rows += [_relation(each, system) for each in exact] + [_transfer(each, system) for each in shares]
        yield from _inconsistent(rows, system.known)


def _system(flowsheet: Flowsheet) -> _System:
    system = _System(
        balances={process.key: {} for process in flowsheet.processes},
        entering={process.key: [] for process in flowsheet.processes},
    )
    for stream in flowsheet.streams:
        if stream.kind is StreamKind.MATERIAL:
            place = system.add(Quantity.FLOW, stream.key, stream.flow)
            if stream.end is not None:
                system.enters(stream.end, place)
            if stream.start is not None:
                system.balances[stream.start][place] = -1.0
    for stock in flowsheet.stocks:
        system.enters(stock.process, system.add(Quantity.OPENING, stock.key, stock.opening))
        system.balances[stock.process][system.add(Quantity.CLOSING, stock.key, stock.closing)] = -1.0
    return system


def _relation(relation: Relation, system: _System) -> _Row:
    terms: dict[int, float] = {}
    for coefficient, ref in relation.terms:
        place = system.columns.get((ref.quantity, ref.key))
        if place is None:
            return _Row({})
        terms[place] = terms.get(place, 0.0) + coefficient
    return _Row(terms, relation.constant, relation.name or relation.key, relation.source)


def _transfer(transfer: TransferCoefficient, system: _System) -> _Row:
    share = transfer.share.value if transfer.share is not None else 0.0
    place = system.columns.get((Quantity.FLOW, transfer.stream))
    if place is None:
        return _Row({})
    terms = dict.fromkeys(system.entering[transfer.process], -share)
    terms[place] = terms.get(place, 0.0) + 1.0
    return _Row(terms, 0.0, transfer.name or transfer.key, transfer.source)


def _inconsistent(rows: list[_Row], known: list[float | None]) -> Iterator[Issue]:
    """Equations that keep a residual however the free flows are chosen."""
    fixed = np.array([value is not None for value in known], dtype=bool)
    values = np.array([value or 0.0 for value in known])
    places = [
        (number, place, factor) for number, row in enumerate(rows) for place, factor in row.terms.items()
    ]
    table = np.array(places, dtype=float).reshape(-1, 3)
    at = (table[:, 0].astype(np.int64), table[:, 1].astype(np.int64))
    matrix = sp.coo_array((table[:, 2], at), shape=(len(rows), len(known))).tocsc()
    constants = np.array([row.constant for row in rows])
    target = constants - matrix[:, np.flatnonzero(fixed)] @ values[fixed]
    size = max(float(np.max(np.abs(target), initial=0.0)), 1e-300)
    left = _residual(matrix[:, np.flatnonzero(~fixed)], target / size)
    guilty = [row for row, rest in zip(rows, left, strict=True) if abs(rest) > _ROUNDING and row.name]
    if guilty:
        yield problem(
            "relations-contradict",
            "{relations} cannot hold together with the balances and the exactly known numbers: there is one condition too "
            "many. State how far one of them may be off, or delete it.",
            where=guilty[0].where,
            relations=[row.name for row in guilty[:_MOST_NAMED]],
        )


def _residual(matrix: Any, target: Array) -> Array:
    """What is left of ``target`` whatever x is in ``matrix @ x = target``."""
    if matrix.shape[1] == 0:
        return target
    if max(matrix.shape) <= _MOST_DENSE:
        dense = matrix.toarray()
        return target - dense @ np.linalg.lstsq(dense, target, rcond=None)[0]
    found = lsmr(matrix, target, atol=1e-12, btol=1e-12, maxiter=20_000)[0]
    left = target - matrix @ found
    return left if math.isfinite(float(np.sum(left))) else np.zeros_like(target)
