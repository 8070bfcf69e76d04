"""What if: an option on the whole flowsheet, such as drag-out halved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from openrecp.balances.cost_data import CostData
from openrecp.balances.costs import CostNetwork, MaterialFlowCosts, material_flow_costs
from openrecp.balances.flowsheet import Flowsheet
from openrecp.balances.problems import Array
from openrecp.balances.what_if.changes import Change, ChangeKind, usable_changes
from openrecp.balances.what_if.comparison import WhatIf
from openrecp.balances.what_if.driving import Drive, stream_drive
from openrecp.balances.what_if.propagating import propagate
from openrecp.balances.what_if.rules import layer_rules
from openrecp.balances.what_if.utilities import process_activity, utility_levels, with_energy
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import unit_words
from openrecp.texts import Text, text

_REST: Final = ""
"""The layer of all that is in no component."""

_ROUNDS: Final = 50
"""Utilities that feed utilities settle in as many rounds as they stand in a row, and quickly in a loop."""


def what_if(
    flowsheet: Flowsheet,
    masses: Mapping[str, float],
    changes: Sequence[Change],
    cost_data: CostData | None = None,
    component_flows: Mapping[str, Mapping[str, float]] | None = None,
    *,
    stocks: Mapping[str, tuple[float, float]] | None = None,
    recycles: Collection[str] = (),
    energy_follows: bool = True,
) -> WhatIf:
    """Carry changes of streams through the whole flowsheet, in mass, components and money.

    Products stay as they are. Each process keeps the shares of its throughput that it gives off, and the mix of what
    it takes in; what it takes in adapts. Where the flow of an input is changed itself, what its process gives off
    takes the change up. Treatment takes what it is given. With component flows, each component and the rest of the
    mass are carried for themselves.

    Parameters
    ----------
    flowsheet : Flowsheet
    masses : Mapping[str, float]
        Reconciled mass of each stream [unit/period]; kWh of a stream of energy.
    changes : sequence of Change
    cost_data : CostData, optional
    component_flows : Mapping[str, Mapping[str, float]], optional
        Flow of each component by stream.
    stocks : Mapping[str, tuple of (float, float)], optional
        Opening and closing amounts, which stay.
    recycles : collection of str, optional
        Streams that lead back to an earlier process, where that is not found by itself.
    energy_follows : bool
        Whether energy costs follow the throughput of their process; else they stay, as system costs do.

    Returns
    -------
    WhatIf

    Raises
    ------
    KeyError
        If a stream or a stock names a process that is not in the flowsheet.

    References
    ----------
    The demand-driven input-output model: W. Leontief, Input-Output Economics, 2nd ed., Oxford 1986.

    Examples
    --------
    Of 100 kg bought 20 kg are dragged out. Half the drag-out, and 90 kg make the same product.

    >>> from openrecp.balances.flowsheet import Flowsheet, Process, Role, Stream
    >>> plant = Flowsheet(
    ...     "Plating",
    ...     (Process("T", "Tank"),),
    ...     (
    ...         Stream("in", "Bath", None, "T", role=Role.INPUT, price=5.0),
    ...         Stream("out", "Parts", "T", None, role=Role.PRODUCT),
    ...         Stream("drag", "Drag-out", "T", None, role=Role.WASTE),
    ...     ),
    ...     currency="TWD",
    ... )
    >>> found = what_if(plant, {"in": 100, "out": 80, "drag": 20}, [Change("drag", factor=0.5)])
    >>> found.masses_after["in"], found.saving.value
    (90.0, 50.0)
    """
    data = cost_data or CostData()
    issues: list[Issue] = []
    costs = material_flow_costs(flowsheet, masses, data, stocks=stocks, component_flows=component_flows)
    network = costs.network
    usable = usable_changes(flowsheet, changes, issues)
    drive = stream_drive(network, recycles)
    drive = stream_drive(network, {*recycles, *_led_back(flowsheet, network, drive, usable)})
    layers = _layers(flowsheet, network, component_flows or {})
    after, total = _carried_through(network, drive, layers, usable, issues)
    _report(flowsheet, layers, after, issues)
    components = {key: flows for key, flows in after.items() if key != _REST}
    found = WhatIf(
        flowsheet,
        network.masses,
        total,
        {key: layers[key] for key in components},
        components,
        costs,
        None,
        _assumptions(energy_follows=energy_follows),
        (*costs.issues, *_once(issues)),
    )
    if any(issue.severity is Severity.ERROR for issue in issues):
        return found
    return replace(found, costs_after=_costs_after(found, data, stocks, energy_follows=energy_follows))


def _once(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """Every finding for its first layer alone."""
    return tuple(
        {
            (issue.code, issue.where, issue.values.get("stream"), str(issue.values.get("what"))): issue
            for issue in reversed(issues)
        }.values()
    )[::-1]


def _layers(
    flowsheet: Flowsheet, network: CostNetwork, flows: Mapping[str, Mapping[str, float]]
) -> dict[str, Array]:
    layers = {}
    rest = np.where(network.material, network.masses, 0.0)
    known = [component.key for component in flowsheet.components]
    for component in known if flows else ():
        amounts = np.zeros_like(rest)
        for stream, parts in flows.items():
            if stream in network.streams:
                amounts[network.streams[stream]] = max(parts.get(component, 0.0), 0.0)
        layers[component] = amounts
        rest = rest - amounts
    # What is left by rounding is nothing.
    layers[_REST] = np.where(np.abs(rest) > 1e-12 * network.masses, rest, 0.0)
    return layers


def _led_back(
    flowsheet: Flowsheet, network: CostNetwork, drive: Drive, changes: Sequence[Change]
) -> Iterator[str]:
    """What is made of a changed recycle: it follows the recycle, and nobody asks for it beforehand.

    Half the drag-out into a recovery tank is half the metal that comes back from there.
    """
    for change in changes:
        place = network.streams[change.stream]
        if change.kind is ChangeKind.FLOW and drive.backward[place]:
            onwards = (network.starts == network.ends[place]) & drive.pulled
            yield from (flowsheet.streams[each].key for each in np.flatnonzero(onwards))


def _carried_through(
    network: CostNetwork,
    drive: Drive,
    layers: Mapping[str, Array],
    changes: Sequence[Change],
    issues: list[Issue],
) -> tuple[dict[str, Array], Array]:
    """Every layer and the whole after the changes, in rounds until those that give energy run as is asked of them."""
    levels = np.ones(len(network.processes))
    after: dict[str, Array] = {}
    total = network.masses
    for _ in range(_ROUNDS):
        found: list[Issue] = []
        after = {key: _layer_after(network, drive, (key, layers), (changes, levels), found) for key in layers}
        total = with_energy(network, np.sum(list(after.values()), axis=0))
        asked = utility_levels(network, drive, total)
        if not np.isfinite(asked).all() or np.allclose(asked, levels, rtol=1e-12, atol=0):
            break
        levels = asked
    issues.extend(found)
    return after, total


def _layer_after(
    network: CostNetwork,
    drive: Drive,
    layer: tuple[str, Mapping[str, Array]],
    asked: tuple[Sequence[Change], Array],
    issues: list[Issue],
) -> Array:
    key, layers = layer
    changes, levels = asked
    before = layers[key]
    touching = [
        (change, _factor(network, change, layers))
        for change in changes
        if change.component is None or change.component == key
    ]
    rules = layer_rules(network, drive, before, touching, issues)
    # A stock has the composition of what comes in.
    whole = network.into(np.where(network.material, network.masses, 0.0))
    part = np.full_like(whole, float(key == _REST))
    np.divide(network.into(before), whole, out=part, where=whole > 0)
    found = propagate(network, rules, part * (network.closing - network.opening), levels)
    size = 1e-7 * max(float(np.abs(before).max(initial=0.0)), 1e-300)
    if not np.isfinite(found.amounts).all() or (np.abs(found.gaps) > size).any():
        return np.full_like(before, np.nan)
    # A flow that comes to nothing by rounding is none.
    amounts: Array = np.where(np.abs(found.amounts) > 1e-5 * size, found.amounts, 0.0)
    return amounts


def _factor(network: CostNetwork, change: Change, layers: Mapping[str, Array]) -> float:
    """The factor on the flow or the share, from a factor or a value."""
    if change.factor is not None:
        return change.factor
    place = network.streams[change.stream]
    amounts = network.masses if change.component is None else layers[change.component]
    today = float(amounts[place])
    if change.kind is ChangeKind.SHARE:
        leaving = float(network.out_of(np.where(network.material, amounts, 0.0))[network.starts[place]])
        today = today / leaving if leaving > 0 else 0.0
    return float(change.value or 0.0) / today if today > 0 else 1.0


def _costs_after(
    found: WhatIf,
    data: CostData,
    stocks: Mapping[str, tuple[float, float]] | None,
    *,
    energy_follows: bool,
) -> MaterialFlowCosts:
    network, keys = found.costs_before.network, [stream.key for stream in found.flowsheet.streams]
    activity = process_activity(network, found.after)
    before, after = network.masses, found.after
    grown = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    lost = np.where(network.lost & network.material, 1.0, 0.0)
    spoilt = np.divide(
        network.out_of(after * lost),
        network.out_of(before * lost),
        out=activity[:-1].copy(),
        where=network.out_of(before * lost) > 0,
    )
    energy = {
        key: amount * float(activity[network.processes[key]])
        for key, amount in data.energy.items()
        if key in network.processes
    }
    waste = {
        key: amount
        * float(grown[network.streams[key]] if key in network.streams else spoilt[network.processes[key]])
        for key, amount in data.waste_management.items()
        if key in network.streams or key in network.processes
    }
    moved = replace(data, energy=energy if energy_follows else data.energy, waste_management=waste)
    flows = {
        key: {part: float(amounts[place]) for part, amounts in found.components_after.items()}
        for place, key in enumerate(keys)
    }
    return material_flow_costs(
        found.flowsheet,
        found.masses_after,
        moved,
        stocks=stocks,
        component_flows=flows if found.components_after else None,
    )


def _report(
    flowsheet: Flowsheet,
    layers: Mapping[str, Array],
    after: Mapping[str, Array],
    issues: list[Issue],
) -> None:
    names = {component.key: component.name for component in flowsheet.components}
    unsolved = [key for key, amounts in after.items() if not np.isfinite(amounts).all()]
    for key in unsolved:
        what = names.get(key) or text("Mass")
        issues.append(
            problem(
                "what-if-no-balance",
                "With these changes the balance of “{what}” cannot close: something would have to come from nowhere or go nowhere. Change what leaves a process, and leave one of its inputs free to follow.",
                what=what,
            )
        )
    for key, amounts in after.items():
        size = 1e-9 * float(np.abs(amounts).max(initial=0.0))
        backwards = (amounts < -size) & (layers[key] >= 0) & (key not in unsolved)
        issues.extend(
            problem(
                "what-if-negative",
                "“{stream}” would have to flow backwards ({amount} {unit}): more is asked for than there is. Ask for a smaller change.",
                where=flowsheet.streams[place].source,
                stream=flowsheet.streams[place].name,
                amount=round(float(amounts[place]), 6),
                unit=unit_words(flowsheet.flow_unit),
            )
            for place in np.flatnonzero(backwards)
        )


def _assumptions(*, energy_follows: bool) -> tuple[Text, ...]:
    kept = (
        text("Products stay as they are, unless one is changed; what is bought follows."),
        text(
            "Each process keeps the shares of its throughput that it gives off, and the mix of what it takes in."
        ),
        text(
            "Where one waste of a process is changed, its others stay in proportion to what it makes; what is recovered "
            "from a changed recycle follows it."
        ),
        text(
            "Where an input is changed, what its process gives off takes it up; where it gives nothing off, or where you say so, the other inputs do."
        ),
        text(
            "Treatment takes what it is given; auxiliaries that end in waste alone stay, unless their waste is changed."
        ),
        text("Prices, stocks and system costs stay; waste management costs as much for a unit as before."),
    )
    energy = (
        text(
            "Energy follows the throughput of the process that uses it, and boiler houses follow the energy they give; energy costs follow the throughput of their process."
        )
        if energy_follows
        else text("Energy costs entered by process stay as they are.")
    )
    return (*kept, energy)
