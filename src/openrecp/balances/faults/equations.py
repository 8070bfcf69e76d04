"""Relations, transfer coefficients and correlations: what they refer to, and whether they can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from openrecp.balances.faults.references import Names, ref_faults
from openrecp.balances.flowsheet import Correlation, Flowsheet, Quantity, Ref, Relation
from openrecp.errors import Issue, Severity, problem

_ROUNDING: Final = 1e-9
_LARGEST_GROUP: Final = 2_000
_MOST_NAMED: Final = 8
_JUST_INSIDE: Final = 0.999


def equation_faults(flowsheet: Flowsheet, names: Names) -> Iterator[Issue]:
    """What is wrong with relations, transfer coefficients and correlations."""
    for relation in flowsheet.relations:
        yield from _relation(relation, names)
    yield from _same_relations(flowsheet)
    yield from _transfers(flowsheet)
    yield from _correlations(flowsheet, names)


def _relation(relation: Relation, names: Names) -> Iterator[Issue]:
    name = relation.name or relation.key
    for _, ref in relation.terms:
        yield from ref_faults(ref, names, relation.source)
    if not any(coefficient for coefficient, _ in relation.terms):
        yield problem(
            "relation-empty",
            "“{relation}” ties no numbers together: it has no terms, or all its coefficients are 0.",
            where=relation.source,
            relation=name,
        )
    if relation.sd < 0:
        yield problem(
            "sd-negative",
            "The uncertainty of “{name}” is below zero ({sd}); enter it as a positive number.",
            where=relation.source,
            name=name,
            sd=relation.sd,
        )


def _same_relations(flowsheet: Flowsheet) -> Iterator[Issue]:
    """Exact relations that say the same as one before them."""
    seen: dict[tuple[tuple[Ref, float], ...], Relation] = {}
    for relation in flowsheet.relations:
        total: dict[Ref, float] = {}
        for coefficient, ref in relation.terms:
            total[ref] = total.get(ref, 0.0) + coefficient
        terms = sorted(
            ((ref, value) for ref, value in total.items() if value), key=lambda pair: repr(pair[0])
        )
        if relation.sd or not terms:
            continue
        form = tuple((ref, round(value / terms[0][1], 12)) for ref, value in terms)
        first = seen.setdefault(form, relation)
        if first is not relation:
            yield problem(
                "relation-repeated",
                "“{relation}” ties the same numbers together as “{first}”; delete one of the two.",
                where=relation.source,
                severity=Severity.WARNING,
                relation=relation.name or relation.key,
                first=first.name or first.key,
            )


def _transfers(flowsheet: Flowsheet) -> Iterator[Issue]:
    starts = {stream.key: stream.start for stream in flowsheet.streams}
    seen: set[tuple[str, str, str | None]] = set()
    sums: dict[tuple[str, str | None], tuple[float, float]] = {}
    for transfer in flowsheet.transfers:
        name = transfer.name or transfer.key
        if transfer.stream in starts and starts[transfer.stream] != transfer.process:
            yield problem(
                "transfer-elsewhere",
                "“{name}” is a share of what enters “{process}”, but “{stream}” does not leave that process.",
                where=transfer.source,
                name=name,
                process=transfer.process,
                stream=transfer.stream,
            )
        place = (transfer.process, transfer.stream, transfer.component)
        if place in seen:
            yield problem(
                "transfer-repeated",
                "“{name}” gives the share of “{stream}” a second time; keep one.",
                where=transfer.source,
                name=name,
                stream=transfer.stream,
            )
        seen.add(place)
        if transfer.share is None:
            continue
        if not -_ROUNDING <= transfer.share.value <= 1 + _ROUNDING or transfer.share.sd < 0:
            yield problem(
                "transfer-impossible",
                "The share “{name}” is {percent} %; it lies between 0 % and 100 %.",
                where=transfer.source,
                name=name,
                percent=round(transfer.share.value * 100, 6),
            )
        total, variance = sums.get((transfer.process, transfer.component), (0.0, 0.0))
        sums[transfer.process, transfer.component] = (
            total + transfer.share.value,
            variance + transfer.share.sd**2,
        )
    for (process, component), (total, variance) in sums.items():
        if total - 1 > max(3.0 * variance**0.5, 1e-6):
            where = next(each.source for each in flowsheet.transfers if each.process == process)
            yield problem(
                "transfers-over-one",
                "The shares of what leaves “{process}” add up to {percent} %; together they can be 100 % at most.",
                where=where,
                process=process if component is None else f"{process} · {component}",
                percent=round(total * 100, 4),
            )


def _correlations(flowsheet: Flowsheet, names: Names) -> Iterator[Issue]:
    sound: list[Correlation] = []
    measured = _measured(flowsheet)
    pairs: set[frozenset[Ref]] = set()
    for each in flowsheet.correlations:
        found = [*ref_faults(each.first, names, each.source), *ref_faults(each.second, names, each.source)]
        yield from found
        shown = [_shown(each.first), _shown(each.second)]
        if not -1.0 <= each.coefficient <= 1.0:
            yield problem(
                "correlation-impossible",
                "The correlation of {pair} is {value}; it lies between -1 and 1.",
                where=each.source,
                pair=shown,
                value=each.coefficient,
            )
        elif each.first == each.second or frozenset((each.first, each.second)) in pairs:
            yield problem(
                "correlation-repeated",
                "The correlation of {pair} is given twice, or is that of a number with itself; delete it.",
                where=each.source,
                pair=shown,
            )
        elif not found:
            without = [_shown(ref) for ref in (each.first, each.second) if ref not in measured]
            if without:
                yield problem(
                    "correlation-of-unmeasured",
                    "{refs} is correlated with another number but has no measurement with an uncertainty of its own.",
                    where=each.source,
                    refs=without,
                )
            else:
                sound.append(each)
        pairs.add(frozenset((each.first, each.second)))
    yield from _not_definite(sound)


def _measured(flowsheet: Flowsheet) -> set[Ref]:
    """Every number with a measurement that can be off."""
    found: list[tuple[Ref, Any]] = []
    for stream in flowsheet.streams:
        found += [
            (Ref(Quantity.FLOW, stream.key), stream.flow),
            (Ref(Quantity.TEMPERATURE, stream.key), stream.temperature),
            (Ref(Quantity.ENERGY, stream.key), stream.energy),
            *((Ref(Quantity.FRACTION, stream.key, key), each) for key, each in stream.fractions.items()),
            *(
                (Ref(Quantity.COMPONENT, stream.key, key), each)
                for key, each in stream.component_flows.items()
            ),
        ]
    for stock in flowsheet.stocks:
        found += [
            (Ref(Quantity.OPENING, stock.key), stock.opening),
            (Ref(Quantity.CLOSING, stock.key), stock.closing),
            *((Ref(Quantity.FRACTION, stock.key, key), each) for key, each in stock.fractions.items()),
        ]
    for process in flowsheet.processes:
        found += [(Ref(Quantity.EXTENT, each.key), each.extent) for each in process.reactions]
    found += [(Ref(Quantity.TRANSFER, each.key), each.share) for each in flowsheet.transfers]
    return {ref for ref, measurement in found if measurement is not None and measurement.sd > 0}


def _not_definite(correlations: list[Correlation]) -> Iterator[Issue]:
    """Groups of correlations that no errors can have together."""
    if not correlations:
        return
    places: dict[Ref, int] = {}
    for each in correlations:
        for ref in (each.first, each.second):
            places.setdefault(ref, len(places))
    rows = np.array([(places[each.first], places[each.second]) for each in correlations])
    graph = sp.coo_array((np.ones(len(rows)), (rows[:, 0], rows[:, 1])), shape=(len(places),) * 2)
    _, labels = connected_components(graph, directed=False)
    groups: dict[int, list[Correlation]] = {}
    for each, row in zip(correlations, rows, strict=True):
        groups.setdefault(int(labels[row[0]]), []).append(each)
    for group in groups.values():
        refs = {ref: place for place, ref in enumerate({r: 0 for e in group for r in (e.first, e.second)})}
        if len(refs) > _LARGEST_GROUP:
            continue
        matrix = np.eye(len(refs))
        for each in group:
            first, second = refs[each.first], refs[each.second]
            matrix[first, second] = matrix[second, first] = each.coefficient
        smallest = float(np.linalg.eigvalsh(matrix)[0])
        if smallest <= 1e-12:
            yield _impossible_group(group, smallest)


def _impossible_group(group: list[Correlation], smallest: float) -> Issue:
    # Scaling all correlations by t moves each eigenvalue v to 1 + t (v - 1); the smallest reaches 0 at t = 1 / (1 - v).
    admissible = _JUST_INSIDE / (1.0 - smallest)
    strongest = max(group, key=lambda each: abs(each.coefficient))
    return problem(
        "correlations-impossible",
        "The correlations of {pairs} cannot all hold: no errors go together in this way. They can if each is multiplied by "
        "{factor}, for instance {pair} {value} instead of {given}.",
        where=strongest.source,
        pairs=[f"{_shown(each.first)} – {_shown(each.second)}" for each in group[:_MOST_NAMED]],
        factor=_down(admissible),
        pair=f"{_shown(strongest.first)} – {_shown(strongest.second)}",
        value=_down(admissible * abs(strongest.coefficient)) * float(np.sign(strongest.coefficient)),
        given=strongest.coefficient,
    )


def _down(number: float) -> float:
    return int(number * 1000) / 1000


def _shown(ref: Ref) -> str:
    return ref.key if ref.component is None else f"{ref.key} · {ref.component}"
