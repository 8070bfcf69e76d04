"""What else is known: shares that add up, equal compositions, known equations and transfer coefficients, as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from openrecp.balances.equations.balance_rows import component_variables
from openrecp.balances.equations.layout import Layout, positions_of
from openrecp.balances.equations.rows import Layer, RowList
from openrecp.balances.flowsheet import Quantity, Ref, Relation, StreamKind
from openrecp.balances.problems import Array

_Product = tuple[int, int]


def add_sums(rows: RowList, where: Layout) -> None:
    """Shares of a complete composition add up to 1, unless all are known exactly and do."""
    variables = where.variables
    here = where.contents.present & (where.share >= 0) & where.contents.whole[:, None]
    known = np.where(here, where.share, 0)
    exact = (~here | variables.fixed[known]).all(axis=1)
    total = np.where(here, variables.measured[known], 0.0).sum(axis=1)
    done = exact & (np.abs(total - 1) < 1e-9)
    owners = np.flatnonzero(where.contents.whole & ~done)
    row = rows.begin(Layer.COMPOSITION, [where.contents.keys[owner] for owner in owners])
    place = np.zeros(len(where.contents.keys), int)
    place[owners] = row
    owner, component = np.nonzero(here & ~done[:, None])
    rows.add(place[owner], 1.0, where.share[owner, component])
    rows.add(row, -1.0)


def add_component_flows(rows: RowList, where: Layout) -> None:
    """A component flow that is a variable beside the share is the flow times the share."""
    for number, component in enumerate(where.contents.components):
        (owner,) = np.nonzero((where.flow[:, number] >= 0) & (where.share[:, number] >= 0))
        row = rows.begin(Layer.COMPONENT_FLOW, [where.contents.keys[each] for each in owner], component)
        rows.add(row, 1.0, where.flow[owner, number])
        rows.add(row, -1.0, where.carrier_flow[owner], where.share[owner, number])


def add_splitters(rows: RowList, where: Layout, splitters: Collection[str]) -> None:
    """All that leaves a process that only divides has one composition and one temperature."""
    temperatures = dict(zip(where.heated[:, 0].tolist(), where.heated[:, 1].tolist(), strict=True))
    for number, process in enumerate(where.flowsheet.processes):
        if process.key not in splitters:
            continue
        ends = where.mass_ends
        leaving = ends.item[(ends.process == number) & (ends.sign < 0) & (ends.item < where.streams)]
        for place, component in enumerate(where.contents.components):
            shares = where.share[leaving, place]
            if place in _implied_by_sum(where, leaving):
                continue
            _equal(rows, shares[shares >= 0], process.key, component)
        warm = [temperatures.get(position, -1) for position in where.carrier_flow[leaving].tolist()]
        _equal(rows, np.array([each for each in warm if each >= 0], int), process.key, None)


def _implied_by_sum(where: Layout, leaving: Array) -> tuple[int, ...]:
    """The component whose equal shares follow from the others', where all shares add up to 1."""
    if not len(leaving) or not where.contents.whole[leaving].all():
        return ()
    present = np.flatnonzero(where.contents.present[leaving].any(axis=0))
    return (int(present[-1]),) if len(present) else ()


def _equal(rows: RowList, positions: Array, key: str, component: str | None) -> None:
    if len(positions) > 1:
        row = rows.begin(Layer.SAME_COMPOSITION, [key] * (len(positions) - 1), component)
        rows.add(row, 1.0, positions[1:])
        rows.add(row, -1.0, np.full(len(row), positions[0]))


def add_relations(rows: RowList, where: Layout) -> None:
    """Known equations; those about something that is left out are left out.

    Raises
    ------
    ValueError
        If one names what is not in the flowsheet.
    """
    for number, relation in enumerate(where.flowsheet.relations):
        terms = _relation_terms(relation, where)
        if terms is None:
            continue
        (row,) = rows.begin(Layer.RELATION, [relation.key])
        for coefficient, first, second in terms:
            rows.add(np.array([row]), coefficient, np.array([first]), np.array([second]))
        loose = int(where.relation[number])
        if loose >= 0:
            rows.add(np.array([row]), -1.0, np.array([loose]))
        else:
            rows.add(np.array([row]), -relation.constant)


def _relation_terms(relation: Relation, where: Layout) -> list[tuple[float, int, int]] | None:
    terms: list[tuple[float, int, int]] = []
    for coefficient, ref in relation.terms:
        product = positions_of(ref, where)
        if product is not None:
            terms.append((coefficient, *product))
        elif not _is_zero(ref, where):
            return None
    return terms


def _is_zero(ref: Ref, where: Layout) -> bool:
    """Whether a number that is no variable is 0, because the component is not there; else it is left out."""
    flowsheet = where.flowsheet
    streams = {stream.key for stream in flowsheet.streams}
    if ref.quantity in (Quantity.FRACTION, Quantity.COMPONENT):
        known = ref.key in streams or ref.key in {stock.key for stock in flowsheet.stocks}
        if known and ref.component in where.contents.components:
            return True
        if known and ref.component in {component.key for component in flowsheet.components}:
            return False
    elif ref.quantity in (Quantity.TEMPERATURE, Quantity.ENERGY) and ref.key in streams:
        return False
    raise ValueError(f"{ref} names nothing in the flowsheet; look for its faults first")


def add_transfers(rows: RowList, where: Layout) -> None:
    """Share of what enters in streams = what leaves with the stream, of one component or in total."""
    entering: dict[str | None, list[int]] = {}
    place: dict[str, int] = {}
    material = (each for each in where.flowsheet.streams if each.kind is StreamKind.MATERIAL)
    for number, stream in enumerate(material):
        entering.setdefault(stream.end, []).append(number)
        place[stream.key] = number
    for number, transfer in enumerate(where.flowsheet.transfers):
        if transfer.component is not None and transfer.component not in where.contents.components:
            continue
        (row,) = rows.begin(Layer.TRANSFER, [transfer.key], transfer.component)
        share = where.transfer[number]
        enters = np.array(entering.get(transfer.process, []), int)
        for first, second in _products(where, transfer.component, enters):
            rows.add(np.array([row]), 1.0, np.array([first]), np.array([second]), share)
        for first, second in _products(where, transfer.component, np.array([place[transfer.stream]])):
            rows.add(np.array([row]), -1.0, np.array([first]), np.array([second]))


def _products(where: Layout, component: str | None, carriers: Array) -> Iterator[_Product]:
    if component is None:
        yield from ((int(position), -1) for position in where.carrier_flow[carriers])
        return
    number = where.contents.components.index(component)
    carriers = carriers[where.contents.present[carriers, number]]
    flow, share = component_variables(where, number, carriers)
    yield from zip(flow.tolist(), share.tolist(), strict=True)
