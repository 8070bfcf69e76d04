"""An analysed balance as a picture: mass, a component, energy or cost of every stream, and how well each is known.

Hand over the analysis whose values are to be drawn: :attr:`BalanceAnalysis.cleaned` where readings are wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.flowsheet import Flowsheet, Process
from openrecp.errors import UnusableInput, problem
from openrecp.reports.balance_values import cost_streams, energy_streams, mass_streams
from openrecp.reports.charts.flow_specs import (
    Detail,
    FlowDiagram,
    SankeyDiagram,
    SankeyNode,
    SankeySection,
    SankeyStream,
)
from openrecp.texts import Choice, Text, text

_LARGER: Final = {"g": ("kg", 1e3), "kg": ("t", 1e3), "kWh": ("MWh", 1e3)}
_TOO_LARGE: Final = 1e4
"""Numbers from here on are shown in the next larger unit."""


class FlowContent(Choice):
    """What of the streams a picture shows."""

    MASS = "mass", text("Mass")
    COMPONENT = "component", text("One component")
    ENERGY = "energy", text("Energy")
    COST = "cost", text("Cost")


def balance_diagram(
    analysis: BalanceAnalysis,
    what: FlowContent = FlowContent.MASS,
    component: str | None = None,
    *,
    detail: Detail = "auto",
) -> SankeyDiagram:
    """The Sankey of an analysed balance.

    Parameters
    ----------
    analysis : BalanceAnalysis
        Its values are drawn; stocks stand as what was there before and what is left.
    what : FlowContent
    component : str, optional
        Key of the component, for ``FlowContent.COMPONENT``; the only one where it is left out.
    detail : {"auto", "full", "sections"}
        Of a flowsheet over several periods, which are the sections.

    Raises
    ------
    UnusableInput
        If nothing is known of what is asked for: no such component, no energy, no costs.

    Examples
    --------
    >>> from openrecp.balances.analysis import analyse_balance
    >>> from openrecp.balances.flowsheet import Flowsheet, Measurement, Process, Role, Stream
    >>> tank = Flowsheet("Solvent", (Process("tank", "Tank"),), (
    ...     Stream("in", "Solvent in", None, "tank", flow=Measurement(1000.0, 10.0), role=Role.INPUT),
    ...     Stream("out", "Spent solvent", "tank", None, flow=Measurement(930.0, 5.0), role=Role.WASTE),
    ...     Stream("air", "Evaporated", "tank", None, role=Role.LOSS),
    ... ))
    >>> [(each.key, round(each.value), each.state) for each in balance_diagram(analyse_balance(tank)).streams]
    [('in', 1000, 'measured'), ('out', 930, 'measured'), ('air', 70, 'computed')]
    """
    flowsheet = analysis.flowsheet
    streams, stocks, unit = _streams(analysis, what, component)
    factor, unit = _readable(streams, unit)
    used = {end for stream in streams for end in (stream.start, stream.end)}
    sections = _periods(flowsheet.processes)
    nodes = [
        SankeyNode(each.key, each.name, section=sections.get(each.key, ""))
        for each in flowsheet.processes
        if each.key in used
    ]
    nodes += [
        SankeyNode(node.key, node.label, node.kind, sections.get(node.section, ""))
        for node in stocks
        if node.key in used
    ]
    return SankeyDiagram(
        tuple(nodes),
        tuple(_scaled(stream, factor) for stream in streams),
        unit,
        tuple(SankeySection(each, each) for each in dict.fromkeys(sections.values())),
        detail,
    )


def balance_flow_diagram(
    analysis: BalanceAnalysis,
    what: FlowContent = FlowContent.MASS,
    component: str | None = None,
    *,
    detail: Detail = "auto",
) -> FlowDiagram:
    """The same as :func:`balance_diagram`, drawn as boxes and lines.

    Raises
    ------
    UnusableInput
        If nothing is known of what is asked for.
    """
    drawn = balance_diagram(analysis, what, component, detail=detail)
    return FlowDiagram(drawn.nodes, drawn.streams, drawn.unit, drawn.sections, drawn.detail)


def drawable_contents(analysis: BalanceAnalysis) -> tuple[FlowContent, ...]:
    """What there is to draw of a balance: mass always, the others where something is known of them."""
    found = [FlowContent.MASS]
    if analysis.flowsheet.components:
        found.append(FlowContent.COMPONENT)
    if energy_streams(analysis)[0]:
        found.append(FlowContent.ENERGY)
    if analysis.costs is not None:
        found.append(FlowContent.COST)
    return tuple(found)


Drawn = tuple[list[SankeyStream], list[SankeyNode], str]


def _streams(analysis: BalanceAnalysis, what: FlowContent, component: str | None) -> Drawn:
    flowsheet = analysis.flowsheet
    match what:
        case FlowContent.MASS:
            return (*mass_streams(analysis, None), flowsheet.flow_unit)
        case FlowContent.COMPONENT:
            key = component_key(flowsheet, component)
            return (*mass_streams(analysis, key), flowsheet.flow_unit)
        case FlowContent.ENERGY:
            found, stocks = energy_streams(analysis)
            if not found:
                raise UnusableInput(
                    problem(
                        "no-energy-drawn",
                        "No stream of this flowsheet carries energy: give streams a medium and a temperature, or an "
                        "energy flow.",
                    )
                )
            return found, stocks, f"kWh/{flowsheet.period}" if flowsheet.period else "kWh"
        case FlowContent.COST:
            if analysis.costs is None:
                raise UnusableInput(
                    problem(
                        "no-costs-drawn",
                        "Nothing in this flowsheet has a price: give the inputs prices, or the processes energy and "
                        "system costs.",
                    )
                )
            return (*cost_streams(analysis, analysis.costs), analysis.costs.currency)


def component_key(flowsheet: Flowsheet, wanted: str | None) -> str:
    """The key of a component by its key or name; the only one where none is named.

    Raises
    ------
    UnusableInput
        If there is no such component, or none is named and there are several.
    """
    known = flowsheet.components
    if wanted is None and len(known) == 1:
        return known[0].key
    for each in known:
        if wanted is not None and wanted.casefold() in (each.key.casefold(), each.name.casefold()):
            return each.key
    names = [_both(each.key, each.name) for each in known]
    if not known:
        raise UnusableInput(
            problem(
                "no-components",
                "No component is followed in this flowsheet. List components and the shares of the streams first.",
            )
        )
    if wanted is None:
        raise UnusableInput(
            problem("which-component", "Say which component is meant: {known}.", known=names),
        )
    raise UnusableInput(
        problem(
            "component-unknown",
            "There is no component “{component}” in this flowsheet; there are {known}.",
            component=wanted,
            known=names,
        )
    )


def _both(key: str, name: str) -> Text | str:
    return key if key == name else text("{key} ({name})", key=key, name=name)


def _readable(streams: Iterable[SankeyStream], unit: str) -> tuple[float, str]:
    """What to divide the values by, and the unit they are then in."""
    largest = max((abs(each.value) for each in streams if each.value is not None), default=0.0)
    mass, slash, period = unit.partition("/")
    if largest < _TOO_LARGE or mass not in _LARGER:
        return 1.0, unit
    larger, factor = _LARGER[mass]
    return factor, f"{larger}{slash}{period}"


def _scaled(stream: SankeyStream, factor: float) -> SankeyStream:
    value = None if stream.value is None or not math.isfinite(stream.value) else stream.value / factor
    sd = None if stream.sd is None or not math.isfinite(stream.sd) else stream.sd / factor
    return replace(stream, value=value, sd=sd)


def _periods(processes: Iterable[Process]) -> dict[str, str]:
    """The period of each process of a flowsheet over several; empty for one of a single period."""
    found = dict(_in_periods(processes))
    return found if len(set(found.values())) > 1 else {}


def _in_periods(processes: Iterable[Process]) -> Iterator[tuple[str, str]]:
    for each in processes:
        _, mark, period = each.key.rpartition("@")
        if mark and each.name.endswith(f" · {period}"):
            yield each.key, period
