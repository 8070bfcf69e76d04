"""Balances of every process and of the whole area, in total and by component (section 3.1.2 of the manual)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.balance_flows import (
    MASS,
    VOLUME,
    Flow,
    component_key,
    flows_of,
    internal_flows,
    on_mass,
    on_volume,
)
from openrecp.assessment.evaluation.places import place, place_of
from openrecp.assessment.evaluation.results import BalanceClosure, BalanceFlow, FlowRole
from openrecp.assessment.evaluation.streams import process_name
from openrecp.assessment.worksheets.site import Process
from openrecp.balances.closure import ClosureState, Member, Side, balance_closure
from openrecp.errors import Issue, Severity, Where, problem
from openrecp.figures import Figure
from openrecp.texts import Text, text
from openrecp.units import convert

_Basis = Callable[[Flow], Figure | Text]
REACTION = text("A component that reacts is not conserved; balance one of its elements instead.")
_SHARES_OF_VOLUME = text("All amounts are volumes, so the shares are read as parts of the volume.")


def balance_closures(assessment: Assessment, threshold: float) -> tuple[BalanceClosure, ...]:
    """Every balance that has something on both sides.

    Parameters
    ----------
    assessment : Assessment
    threshold : float
        Share of the input below which a gap is not told from measuring error.
    """
    flows = flows_of(assessment)
    homeless = [flow.number for flow in flows if flow.process is None]
    found: list[BalanceClosure] = []
    for process in assessment.processes:
        if process.number is not None:
            members = tuple(flow for flow in flows if flow.process == process.number)
            found += (_with_note(each, homeless) for each in _closures(process, members, threshold))
    inner = internal_flows(flows)
    outer = tuple(flow for position, flow in enumerate(flows) if position not in inner)
    several = len({flow.process for flow in flows}) > 1
    if (several or homeless) and _is_whole(outer):
        found += _closures(None, outer, threshold)
    return tuple(found)


def _is_whole(flows: tuple[Flow, ...]) -> bool:
    """Whether the flows are those of the whole area; other flows of a process may lead to another process."""
    return not any(flow.process and flow.role in {FlowRole.OTHER_IN, FlowRole.OTHER_OUT} for flow in flows)


def _with_note(closure: BalanceClosure, homeless: list[str]) -> BalanceClosure:
    if not homeless:
        return closure
    note = text("Flows that name no process may belong here: {flows}.", flows=homeless)
    return replace(closure, notes=(*closure.notes, note))


def _closures(process: Process | None, flows: tuple[Flow, ...], threshold: float) -> Iterator[BalanceClosure]:
    if not _two_sided(flows):
        return
    yield _closure(process, None, flows, threshold)
    for component, matching in _components(flows):
        yield _closure(process, component, matching, threshold)


def _two_sided(flows: tuple[Flow, ...]) -> bool:
    sides = {flow.side for flow in flows}
    return Side.IN in sides and Side.OUT in sides


def _components(flows: tuple[Flow, ...]) -> Iterator[tuple[str, tuple[Flow, ...]]]:
    """Components with a share on both sides, each with the flows that hold it."""
    names: dict[str, str] = {}
    for flow in flows:
        if flow.component:
            names.setdefault(component_key(flow.component), flow.component)
    for key, name in names.items():
        matching = tuple(flow for flow in flows if _holds(flow, key))
        known = tuple(flow for flow in matching if _share(flow, key) is not None)
        if _two_sided(known):
            yield name, matching


def _holds(flow: Flow, key: str) -> bool:
    return component_key(flow.component) == key or (not flow.component and component_key(flow.name) == key)


def _share(flow: Flow, key: str) -> Decimal | None:
    """Fraction of the flow that is the component."""
    if component_key(flow.component) != key:
        return Decimal(1)
    return None if flow.share is None else flow.share / 100


def _closure(
    process: Process | None, component: str | None, flows: tuple[Flow, ...], threshold: float
) -> BalanceClosure:
    basis, unit = _common_basis(flows)
    counted, left_out = _counted(component, flows, basis, unit)
    missing = text("what is left out has no amount on the common basis") if left_out else None
    shown = counted[0][1].unit if counted else unit
    members = [
        Member(
            flow.name,
            flow.side,
            float(amount.value or 0),
            amount.basis,
            amount.source,
            amount.formula,
            amount.inputs,
        )
        for flow, amount in counted
    ]
    closed = balance_closure(members, shown, threshold, missing)
    notes = [closed.note]
    if component is not None and closed.state in {ClosureState.GAP, ClosureState.EXCESS}:
        notes.append(REACTION)
    if component is not None and unit == VOLUME:
        notes.append(_SHARES_OF_VOLUME)
    return BalanceClosure(
        process=process,
        process_name=process_name(process),
        component=component,
        inputs=closed.inputs,
        outputs=closed.outputs,
        accumulated=closed.accumulated,
        unaccounted=closed.unaccounted,
        share=closed.share,
        state=closed.state,
        flows=tuple(BalanceFlow(flow.role, flow.number, flow.name, amount) for flow, amount in counted),
        left_out=tuple(left_out),
        notes=tuple(notes),
    )


def _counted(
    component: str | None, flows: tuple[Flow, ...], basis: _Basis, unit: str
) -> tuple[list[tuple[Flow, Figure]], list[Text]]:
    """Flows with their amounts in one unit, and what has no amount on the common basis."""
    counted: list[tuple[Flow, Figure]] = []
    left_out: list[Text] = []
    for flow in flows:
        amount = _component_amount(flow, component, basis(flow))
        if isinstance(amount, Figure):
            counted.append((flow, amount))
        else:
            left_out.append(
                text("{number} {name}: {reason}", number=flow.number, name=flow.name, reason=amount)
            )
    shown = _shown_unit(counted, unit)
    return [(flow, _in(amount, shown)) for flow, amount in counted], left_out


def _common_basis(flows: tuple[Flow, ...]) -> tuple[_Basis, str]:
    """Mass, unless every flow is a volume and one of them lacks a density."""
    if any(isinstance(on_mass(flow), Text) for flow in flows) and all(
        isinstance(on_volume(flow), Figure) for flow in flows
    ):
        return on_volume, VOLUME
    return on_mass, MASS


def _component_amount(flow: Flow, component: str | None, amount: Figure | Text) -> Figure | Text:
    if component is None or isinstance(amount, Text):
        return amount
    share = _share(flow, component_key(component))
    if share is None:
        return text("the share of {component} in it is not given", component=component)
    if share == 1:
        return amount
    return Figure(
        text("{component} a year", component=component),
        Decimal(amount.value or 0) * share,
        amount.unit,
        text("amount × share"),
        (amount, Figure(text("Share of that component"), share * 100, "%", source=flow.share_at)),
        amount.basis,
    )


def _shown_unit(counted: list[tuple[Flow, Figure]], unit: str) -> str:
    largest = max((abs(Decimal(amount.value or 0)) for _, amount in counted), default=Decimal(0))
    return "t/yr" if unit == MASS and largest >= 1000 else unit


def _in(amount: Figure, unit: str) -> Figure:
    if amount.unit == unit:
        return amount
    value = convert(Decimal(amount.value or 0), amount.unit, unit)
    # A mere change of unit is shown as the figure it was made from.
    origin = next((part for part in amount.inputs if part.unit == unit and part.value == value), None)
    if origin is not None:
        return origin
    return Figure(amount.name, value, unit, amount.formula, amount.inputs, amount.basis, amount.source)


def closure_issues(
    assessment: Assessment, closures: tuple[BalanceClosure, ...], told: frozenset[Where] = frozenset()
) -> Iterator[Issue]:
    """Balances that stay open, lose something, or give more than they take.

    ``told`` are the places of which another finding says what they lose, or which reading is wrong.
    """
    homeless = [flow.number for flow in flows_of(assessment) if flow.process is None]
    if homeless and any(closure.process is not None for closure in closures):
        yield problem(
            "flows-without-process",
            "These flows name no process, so the balances of the processes may lack them: {flows}.",
            where=place("processes"),
            severity=Severity.NOTE,
            flows=homeless,
        )
    yield from _one_sided(assessment)
    for closure in closures:
        where = _where(assessment, closure)
        explained = closure.error is not None and closure.component is None and where in told
        if closure.left_out:
            yield problem(
                "balance-open",
                "The balance of {what} stays open, because of {left_out}.",
                where=where,
                severity=Severity.WARNING if closure.component else Severity.NOTE,
                what=_what(closure),
                left_out=list(closure.left_out),
            )
        elif closure.state is ClosureState.GAP and not explained:
            yield problem(
                "balance-gap",
                "The balance of {what}: {note}",
                where=where,
                severity=Severity.WARNING,
                what=_what(closure),
                note=closure.notes[0],
            )
        elif closure.state is ClosureState.EXCESS and not explained:
            yield problem(
                "balance-excess",
                "The balance of {what}: {note}",
                where=where,
                severity=Severity.WARNING,
                what=_what(closure),
                note=closure.notes[0],
            )


def _one_sided(assessment: Assessment) -> Iterator[Issue]:
    """Processes for which only what enters, or only what leaves, is listed: no balance can be drawn up."""
    flows = flows_of(assessment)
    found = []
    for process in assessment.processes:
        own = tuple(flow for flow in flows if process.number is not None and flow.process == process.number)
        if own and not _two_sided(own):
            found.append(process_name(process))
    if found:
        yield problem(
            "balance-one-sided",
            "No balance of {processes}: only what enters or only what leaves is listed there.",
            where=place("processes"),
            severity=Severity.NOTE,
            processes=found,
        )


def _what(closure: BalanceClosure) -> Text:
    if closure.component is None:
        return text("{process}, in total", process=closure.process_name)
    return text("{process}, {component}", process=closure.process_name, component=closure.component)


def _where(assessment: Assessment, closure: BalanceClosure) -> Where:
    if closure.process is None:
        return place("processes")
    return place_of(assessment, "processes", closure.process)
