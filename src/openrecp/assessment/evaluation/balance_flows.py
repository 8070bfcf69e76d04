"""The flows of an assessment as members of balances: amounts a year, on a mass or volume basis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.purchases import consumption
from openrecp.assessment.evaluation.quantities import unit_of, yearly
from openrecp.assessment.evaluation.results import FlowRole
from openrecp.assessment.spec import Quantity
from openrecp.assessment.worksheets.materials import InputMaterial, Product
from openrecp.assessment.worksheets.site import Direction, MaterialFlow
from openrecp.assessment.worksheets.streams import WasteStream
from openrecp.balances.closure import Side
from openrecp.errors import Where
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text
from openrecp.units import convert, parse_unit

MASS: Final = "kg/yr"
VOLUME: Final = "m³/yr"
_ENERGY: Final = "kWh/yr"
_DENSITY: Final = "kg/m³"
_ROLES: Final = {
    Direction.IN: FlowRole.OTHER_IN,
    Direction.OUT: FlowRole.OTHER_OUT,
    Direction.ACCUMULATED: FlowRole.ACCUMULATED,
}
SIDES: Final = {
    FlowRole.INPUT: Side.IN,
    FlowRole.OTHER_IN: Side.IN,
    FlowRole.PRODUCT: Side.OUT,
    FlowRole.WASTE: Side.OUT,
    FlowRole.OTHER_OUT: Side.OUT,
    FlowRole.ACCUMULATED: Side.ACCUMULATED,
}


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow as entered, with what is needed to put it on a common basis.

    ``component`` is the substance it names with ``share`` of it [%]; a flow whose own name is that of a
    component counts as that component wholly. ``both_ends`` says that the record names where it starts and ends, so
    that it stands twice, once at each process.
    """

    role: FlowRole
    number: str
    name: str
    process: str | None
    amount: Figure
    where: Where
    density: Quantity | None = None
    density_at: Where | None = None
    component: str | None = None
    share: Decimal | None = None
    share_at: Where | None = None
    both_ends: bool = False

    @property
    def side(self) -> Side:
        """Where it stands in a balance."""
        return SIDES[self.role]


def flows_of(assessment: Assessment) -> tuple[Flow, ...]:
    """All flows of worksheets 5 to 8; energy and energy carriers are left out."""
    only = assessment.processes[0].number if len(assessment.processes) == 1 else None
    found = (*_materials(assessment, only), *_products(assessment, only), *_wastes(assessment, only))
    return tuple(flow for flow in (*found, *_others(assessment, only)) if not _measures(flow.amount, _ENERGY))


def _measures(amount: Figure, unit: str) -> bool:
    found = unit_of(amount.unit) if amount.unit else None
    return found is not None and found.dimension == parse_unit(unit).dimension


def _amount(quantity: Quantity | None, basis: Basis | None, where: Where) -> Figure:
    return yearly(text("Amount a year"), quantity, basis, where)


def _materials(assessment: Assessment, only: str | None) -> Iterator[Flow]:
    for key, each in keyed(assessment.input_materials):
        if each.energy_carrier:
            continue
        where = place("input_materials", key, "consumption")
        amount = consumption(assessment, key, each)
        yield _listed(FlowRole.INPUT, "input_materials", key, each, amount=amount, where=where, only=only)


def _products(assessment: Assessment, only: str | None) -> Iterator[Flow]:
    for key, each in keyed(assessment.products):
        where = place("products", key, "production")
        amount = _amount(each.production, each.production_basis, where)
        yield _listed(FlowRole.PRODUCT, "products", key, each, amount=amount, where=where, only=only)


def _wastes(assessment: Assessment, only: str | None) -> Iterator[Flow]:
    for key, each in keyed(assessment.waste_streams):
        where = place("waste_streams", key, "generation")
        amount = _amount(each.generation, each.generation_basis, where)
        yield _listed(FlowRole.WASTE, "waste_streams", key, each, amount=amount, where=where, only=only)


def _listed(
    role: FlowRole,
    collection: str,
    key: str,
    record: InputMaterial | Product | WasteStream,
    *,
    amount: Figure,
    where: Where,
    only: str | None,
) -> Flow:
    """A flow that has a worksheet of its own: material, product or waste stream."""
    return Flow(
        role,
        key,
        record.name or key,
        record.process or only,
        amount,
        where,
        record.density,
        place(collection, key, "density"),
        record.component,
        record.component_share,
        place(collection, key, "component_share"),
    )


def _others(assessment: Assessment, only: str | None) -> Iterator[Flow]:
    for key, each in keyed(assessment.flows):
        between = ends_in_process(each)
        if each.direction is None and not between:
            continue
        where = place("flows", key, "amount")
        flow = Flow(
            _ROLES[each.direction or Direction.OUT],
            key,
            each.description or each.material or key,
            each.process or only,
            _amount(each.amount, each.basis, where),
            where,
            component=each.material,
            share=Decimal(100) if each.material else None,
            both_ends=between,
        )
        yield flow
        if between:
            yield replace(flow, role=FlowRole.OTHER_IN, process=each.to_process)


def ends_in_process(record: MaterialFlow) -> bool:
    """Whether the flow leaves one process and enters another that it names."""
    return (
        record.to_process is not None
        and record.to_process != record.process
        and record.direction in {None, Direction.OUT}
    )


def internal_flows(flows: tuple[Flow, ...]) -> frozenset[int]:
    """Positions of flows that leave one process and enter another; they cancel over the whole area."""
    named = {position for position, flow in enumerate(flows) if flow.both_ends}
    return frozenset(named.union(*flow_pairs(flows)))


def flow_pairs(flows: tuple[Flow, ...]) -> tuple[tuple[int, int], ...]:
    """Positions of two records each that tell of one flow: out of one process, and as much into another."""
    entering: dict[object, list[int]] = defaultdict(list)
    for position, into in enumerate(flows):
        if into.role is FlowRole.OTHER_IN and not into.both_ends:
            entering[_told(into)].append(position)
    pairs: list[tuple[int, int]] = []
    for position, out in enumerate(flows):
        free = entering[_told(out)] if out.role is FlowRole.OTHER_OUT and not out.both_ends else []
        other = next((each for each in free if flows[each].process != out.process), None)
        if other is not None:
            free.remove(other)
            pairs.append((position, other))
    return tuple(pairs)


def _told(flow: Flow) -> tuple[object, ...]:
    """What two records of one flow have in common."""
    return component_key(flow.component), flow.amount.value, flow.amount.unit


def component_key(name: str | None) -> str:
    """Names of a component that differ only in case and spaces are the same."""
    return "".join((name or "").split()).casefold()


def on_mass(flow: Flow) -> Figure | Text:
    """The amount in kg a year, or why there is none."""
    if flow.amount.value is None:
        return flow.amount.reason or text("not given")
    if _measures(flow.amount, MASS):
        return _converted(flow.amount, MASS)
    if not _measures(flow.amount, VOLUME):
        return text("an amount in {unit} has no mass; enter it in kg or t", unit=flow.amount.unit)
    density = flow.density
    unit = unit_of(density.unit) if density is not None else None
    if density is None:
        return text("it is a volume without a density; enter the density")
    if unit is None or unit.dimension != parse_unit(_DENSITY).dimension or density.value <= 0:
        return text("its density “{density}” cannot be used", density=str(density))
    mass = convert(Decimal(flow.amount.value), flow.amount.unit, VOLUME) * convert(
        density.value, unit, _DENSITY
    )
    return Figure(
        text("Mass a year"),
        mass,
        MASS,
        text("amount × density"),
        (flow.amount, Figure(text("Density"), density.value, density.unit, source=flow.density_at)),
        flow.amount.basis,
    )


def on_volume(flow: Flow) -> Figure | Text:
    """The amount in m³ a year, or why there is none."""
    if flow.amount.value is None:
        return flow.amount.reason or text("not given")
    if _measures(flow.amount, VOLUME):
        return _converted(flow.amount, VOLUME)
    return text("it is not a volume")


def _converted(amount: Figure, unit: str) -> Figure:
    if amount.unit == unit:
        return amount
    value = convert(Decimal(amount.value or 0), amount.unit, unit)
    return Figure(amount.name, value, unit, text("converted"), (amount,), amount.basis)
