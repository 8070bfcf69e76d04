"""Balances: total mass, components, elements and energy, of chosen processes, as rows of terms."""

from __future__ import annotations

import numpy as np

from openrecp.balances.equations.layout import Ends, Layout
from openrecp.balances.equations.rows import Layer, RowList
from openrecp.balances.problems import Array


def add_totals(rows: RowList, where: Layout, processes: Array) -> None:
    """Balance the total mass: what enters minus what leaves, opening stock in and closing stock out."""
    ends = where.mass_ends.at(processes)
    row = _rows_of(rows, where, Layer.TOTAL, None, ends.process)
    rows.add(row, ends.sign, where.carrier_flow[ends.item], side=ends.sign)


def add_component(rows: RowList, where: Layout, number: int, processes: Array) -> None:
    """Balance a component, with what the reactions make and use of it."""
    ends, flow, share = _amounts(where, number, processes)
    component = where.contents.components[number]
    made = [
        (process, float(reaction.stoichiometry[component]), position)
        for (process, reaction), position in zip(where.reactions, where.extent, strict=True)
        if component in reaction.stoichiometry
    ]
    plant = len(processes) - 1
    made += [(plant, amount, position) for _, amount, position in made]
    made = [each for each in made if processes[each[0]]]
    at = np.array([process for process, _, _ in made], int)
    row = _rows_of(rows, where, Layer.COMPONENT, component, np.concatenate([ends.process, at]))
    rows.add(row[: len(ends.process)], ends.sign, flow, share, side=ends.sign)
    rows.add(
        row[len(ends.process) :],
        np.array([amount for _, amount, _ in made], float),
        np.array([position for _, _, position in made], int),
    )


def add_element(rows: RowList, where: Layout, element: str, processes: Array) -> None:
    """Balance a chemical element, whatever it is bound in."""
    parts: list[tuple[Ends, Array, Array, float]] = []
    for number, content in enumerate(element_shares(where, element)):
        if content > 0:
            parts.append((*_amounts(where, number, processes), float(content)))
    if not parts:
        return
    process = np.concatenate([ends.process for ends, _, _, _ in parts])
    row = _rows_of(rows, where, Layer.ELEMENT, element, process)
    rows.add(
        row,
        np.concatenate([ends.sign * content for ends, _, _, content in parts]),
        np.concatenate([flow for _, flow, _, _ in parts]),
        np.concatenate([share for _, _, share, _ in parts]),
        side=np.concatenate([ends.sign for ends, _, _, _ in parts]),
    )


def add_energy(rows: RowList, where: Layout, processes: Array) -> None:
    """Balance energy: flow x (a + b T + c T²) of what has a medium, and streams of energy."""
    warm, pure = where.heat_ends.at(processes), where.energy_ends.at(processes)
    row = _rows_of(rows, where, Layer.ENERGY, None, np.concatenate([warm.process, pure.process]))
    warm_row, pure_row = row[: len(warm.process)], row[len(warm.process) :]
    flow, temperature = where.heated[warm.item].T
    a, b, c = where.enthalpy[warm.item].T * warm.sign
    rows.add(warm_row, a, flow, side=warm.sign)
    rows.add(warm_row, b, flow, temperature, side=warm.sign)
    curved = c != 0
    rows.add(
        warm_row[curved],
        c[curved],
        flow[curved],
        temperature[curved],
        temperature[curved],
        side=warm.sign[curved],
    )
    rows.add(pure_row, pure.sign, where.energy[pure.item], side=pure.sign)


def all_elements(where: Layout) -> tuple[str, ...]:
    """Every element that a followed component holds, in the order they are first named."""
    followed = set(where.contents.components)
    named = (component for component in where.flowsheet.components if component.key in followed)
    return tuple(dict.fromkeys(element for component in named for element in component.elements))


def element_shares(where: Layout, element: str) -> Array:
    """Mass fraction of the element in each followed component, shape (components,)."""
    held = {component.key: component.elements for component in where.flowsheet.components}
    return np.array([held[key].get(element, 0.0) for key in where.contents.components], float)


def _amounts(where: Layout, number: int, processes: Array) -> tuple[Ends, Array, Array]:
    """Ends of the carriers that may hold a component, and the variables whose product it is."""
    ends = where.mass_ends
    owner = where.carrier_owner[ends.item]
    kept = processes[ends.process] & where.contents.present[owner, number]
    ends, owner = Ends(ends.process[kept], ends.item[kept], ends.sign[kept]), owner[kept]
    flow, share = component_variables(where, number, ends.item)
    return ends, flow, share


def component_variables(where: Layout, number: int, carriers: Array) -> tuple[Array, Array]:
    """The variables whose product is the amount of a component: its own flow alone (and -1), or flow and share."""
    owner = where.carrier_owner[carriers]
    own = where.flow[owner, number]
    alone = own >= 0
    return (
        np.where(alone, own, where.carrier_flow[carriers]),
        np.where(alone, -1, where.share[owner, number]),
    )


def _rows_of(rows: RowList, where: Layout, layer: Layer, component: str | None, process: Array) -> Array:
    """A row for every process that occurs, and the row of each term."""
    found, inverse = np.unique(process, return_inverse=True)
    keys: list[str | None] = [each.key for each in where.flowsheet.processes]
    keys.append(None)
    return rows.begin(layer, [keys[number] for number in found], component)[inverse.reshape(-1)]


def add_every_balance(rows: RowList, where: Layout) -> None:
    """Every balance that means something, of every process and of the plant, whether or not it follows from others.

    Components are not balanced where they change in an unknown way; energy only where a process asks for it, and
    of the plant where all do.
    """
    processes = where.flowsheet.processes
    everywhere = np.ones(len(processes) + 1, bool)
    lasting = _here_and_plant([not process.by_elements for process in processes])
    warm = _here_and_plant([process.heat_balance for process in processes])
    add_totals(rows, where, everywhere)
    for number in range(len(where.contents.components)):
        add_component(rows, where, number, lasting)
    for element in all_elements(where):
        add_element(rows, where, element, everywhere)
    add_energy(rows, where, warm)


def _here_and_plant(each: list[bool]) -> Array:
    return np.array([*each, all(each)], bool)
