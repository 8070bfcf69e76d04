"""Streams of materials, products, wastes and other flows, before their components are put on one footing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.balance_flows import ends_in_process, flow_pairs, flows_of
from openrecp.assessment.evaluation.check_balances import store_measurements
from openrecp.assessment.evaluation.check_fields import subject
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.plant_flowsheet.area import Area
from openrecp.assessment.evaluation.purchases import has_store
from openrecp.assessment.evaluation.readings import ENERGY, MASS, Entered, Reading, factor_to, is_energy
from openrecp.assessment.evaluation.results import FlowRole
from openrecp.assessment.spec import Money, Quantity, UnitPrice
from openrecp.assessment.worksheets.materials import InputMaterial, Product
from openrecp.assessment.worksheets.site import Direction, MaterialFlow
from openrecp.assessment.worksheets.streams import WasteStream
from openrecp.balances.flowsheet import Measurement, Process, Role, Stock, Stream, StreamKind
from openrecp.errors import Where
from openrecp.figures import Basis
from openrecp.texts import Language, Text, render, text

Named = tuple[str, Decimal | None, Basis | None, Where]
"""A component, its share [%] if it is given, how that is known and where it stands."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A stream with the components it names.

    ``number`` and ``name`` are those of its record, ``sources`` all it was made from, ``store`` the store at its end.
    """

    stream: Stream
    number: str | None
    named: tuple[Named, ...] = ()
    sources: tuple[Where, ...] = ()
    store: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class StockDraft:
    """A stock and the component it is wholly, if it names one; or the store whose material it is."""

    stock: Stock
    material: str | None = None
    store: bool = False


@dataclass(slots=True)
class Drawing:
    """What has been drawn so far."""

    area: Area
    reading: Reading
    language: Language
    drafts: list[Draft] = field(default_factory=list)
    stores: list[Process] = field(default_factory=list)
    stocks: list[StockDraft] = field(default_factory=list)
    homeless: list[str | Text] = field(default_factory=list)
    one_ended: list[str | Text] = field(default_factory=list)
    added: dict[str, Text] = field(default_factory=dict)

    def name_added(self, words: Text, *keys: str) -> str:
        """The name, in the language of the drawing, of what no worksheet names."""
        self.added.update(dict.fromkeys(keys, words))
        return render(words, self.language)


def draw(assessment: Assessment, area: Area, language: Language) -> Drawing:
    """All streams and stocks of worksheets 5 to 8."""
    drawing = Drawing(area, Reading(), language)
    for key, material in keyed(assessment.input_materials):
        _draw_material(assessment, drawing, key, material)
    for key, product in keyed(assessment.products):
        _draw_output(drawing, "products", key, product, Role.PRODUCT)
    for key, waste in keyed(assessment.waste_streams):
        _draw_output(drawing, "waste_streams", key, waste, Role.WASTE)
    _draw_flows(assessment, drawing)
    return drawing


def _entered(
    collection: str, key: str, record: InputMaterial | Product | WasteStream, amount: str
) -> Entered:
    return Entered(
        key,
        getattr(record, amount),
        getattr(record, f"{amount}_basis"),
        getattr(record, f"{amount}_uncertainty"),
        place(collection, key, amount),
        place(collection, key, f"{amount}_uncertainty"),
        record.density,
    )


def _named(
    collection: str, key: str, record: InputMaterial | Product | WasteStream, basis: Basis | None
) -> tuple[Named, ...]:
    if record.component is None:
        return ()
    return ((record.component, record.component_share, basis, place(collection, key, "component_share")),)


def _draw_material(assessment: Assessment, drawing: Drawing, key: str, record: InputMaterial) -> None:
    home = drawing.area.home(record.process)
    at = place("input_materials", key)
    if record.energy_carrier and not is_energy(record.consumption):
        return
    if home is None:
        drawing.homeless.append(key)
        return
    name, own = record.name or key, drawing.area.key("input_materials", key)
    stream = Stream(own, name, None, home, role=Role.INPUT, source=at)
    if is_energy(record.consumption):
        energy = drawing.reading.amount(_entered("input_materials", key, record, "consumption"), ENERGY)
        price = unit_worth(record.price, record.annual_cost, energy, ENERGY)
        drawing.drafts.append(
            Draft(
                replace(stream, kind=StreamKind.ENERGY, energy=energy, price=price), record.number, (), (at,)
            )
        )
        return
    named = _named("input_materials", key, record, record.consumption_basis)
    if has_store(record):
        _draw_store(assessment, drawing, key, record, stream, named)
        return
    flow = drawing.reading.amount(_entered("input_materials", key, record, "consumption"), MASS)
    price = unit_worth(record.price, record.annual_cost, flow, MASS, record.density)
    drawing.drafts.append(Draft(replace(stream, flow=flow, price=price), record.number, named, (at,)))


def _draw_store(
    assessment: Assessment,
    drawing: Drawing,
    key: str,
    record: InputMaterial,
    stream: Stream,
    named: tuple[Named, ...],
) -> None:
    """A material with a store of its own: purchases enter it, what production uses leaves it."""
    bought, opening, closing, used = store_measurements(assessment, key, record, drawing.reading)
    spent = used
    if spent is None and bought is not None and opening is not None and closing is not None:
        spent = replace(bought, value=bought.value + opening.value - closing.value)
    price = unit_worth(record.price, record.annual_cost, spent, MASS, record.density)
    at, store = stream.source, f"{stream.key}:store"
    bought_key, stock_key = f"{stream.key}:purchases", f"{stream.key}:stock"
    named_store = drawing.name_added(text("Store of {material}", material=stream.name), store, stock_key)
    named_purchases = drawing.name_added(text("Purchases of {material}", material=stream.name), bought_key)
    drawing.stores.append(Process(store, named_store, source=at))
    drawing.stocks.append(
        StockDraft(
            Stock(stock_key, named_store, store, opening, closing, price=price, source=at),
            store=True,
        )
    )
    purchases = Stream(
        bought_key,
        named_purchases,
        None,
        store,
        flow=bought,
        role=Role.INPUT,
        price=price,
        source=place("input_materials", key, "purchases"),
    )
    inner = replace(stream, start=store, flow=used, role=Role.INTERNAL, price=price)
    drawing.drafts += [
        Draft(purchases, record.number, named, (purchases.source,), store, stream.name),
        Draft(inner, record.number, named, (at,), store),
    ]


def _draw_output(
    drawing: Drawing, collection: str, key: str, record: Product | WasteStream, role: Role
) -> None:
    home = drawing.area.home(record.process)
    at = place(collection, key)
    if home is None:
        drawing.homeless.append(key)
        return
    amount = "production" if isinstance(record, Product) else "generation"
    quantity: Quantity | None = getattr(record, amount)
    entered = _entered(collection, key, record, amount)
    stream = Stream(drawing.area.key(collection, key), record.name or key, home, None, role=role, source=at)
    if is_energy(quantity):
        energy = drawing.reading.amount(entered, ENERGY)
        drawing.drafts.append(
            Draft(replace(stream, kind=StreamKind.ENERGY, energy=energy), record.number, (), (at,))
        )
        return
    flow = drawing.reading.amount(entered, MASS)
    lost = record.lost_material_cost if isinstance(record, WasteStream) else None
    price = unit_worth(None, lost, flow, MASS)
    named = _named(collection, key, record, entered.basis)
    drawing.drafts.append(Draft(replace(stream, flow=flow, price=price), record.number, named, (at,)))


def unit_worth(
    price: UnitPrice | None,
    yearly: Money | None,
    amount: Measurement | None,
    target: str,
    density: Quantity | None = None,
) -> float | None:
    """What a kg or kWh costs: the unit price, else the yearly amount of money over the yearly amount."""
    if price is not None:
        factor = factor_to(f"({price.per})/yr", target, density)
        if isinstance(factor, Decimal):
            return float(price.amount / factor)
    if yearly is not None and amount is not None and amount.value > 0:
        return float(yearly.amount) / amount.value
    return None


def _draw_flows(assessment: Assessment, drawing: Drawing) -> None:
    records = dict(keyed(assessment.flows))
    paired = _paired(assessment)
    enters = set(paired.values())
    for key, each in records.items():
        if key in enters or (each.direction is None and not ends_in_process(each)):
            continue
        other = paired.get(key)
        _draw_flow(assessment, drawing, key, each, None if other is None else (other, records[other]))


def _paired(assessment: Assessment) -> dict[str, str]:
    """Keys of two records each that tell of one flow: that of what leaves, and that of what enters."""
    flows = tuple(
        flow
        for flow in flows_of(assessment)
        if flow.role in {FlowRole.OTHER_IN, FlowRole.OTHER_OUT} and flow.amount.value is not None
    )
    return {flows[out].number: flows[into].number for out, into in flow_pairs(flows)}


def _draw_flow(
    assessment: Assessment,
    drawing: Drawing,
    key: str,
    record: MaterialFlow,
    pair: tuple[str, MaterialFlow] | None,
) -> None:
    """A flow as one record tells it, or as a pair of records does, of which ``pair`` is the one that enters."""
    area, about, at = drawing.area, subject(assessment, "flows", key), place("flows", key)
    between = ends_in_process(record) or pair is not None
    start = area.home(record.process)
    end = area.home(record.to_process if pair is None else pair[1].process)
    if area.whole and between:
        return
    if start is None or (between and end is None):
        drawing.homeless.append(about)
        return
    amount_at, words_at = place("flows", key, "amount"), place("flows", key, "uncertainty")
    entered = Entered(about, record.amount, record.basis, record.uncertainty, amount_at, words_at)
    flow = drawing.reading.amount(entered, MASS)
    own, name = area.key("flows", key), record.description or record.material or key
    if record.direction is Direction.ACCUMULATED:
        drawing.stocks.append(StockDraft(_accumulated(own, name, start, flow, at), record.material))
        return
    if not between:
        drawing.one_ended.append(about)
    inward = record.direction is Direction.IN
    role = Role.INTERNAL if between else Role.INPUT if inward else Role.WASTE
    start, end = (None, start) if inward else (start, end if between else None)
    stream = Stream(own, name, start, end, flow=flow, role=role, source=at)
    named: tuple[Named, ...] = ()
    if record.material is not None:
        named = ((record.material, Decimal(100), record.basis, place("flows", key, "material")),)
    sources = (at,) if pair is None else (at, place("flows", pair[0]))
    drawing.drafts.append(Draft(stream, record.number, named, sources))


def _accumulated(key: str, name: str, process: str, amount: Measurement | None, at: Where) -> Stock:
    """What piles up in a process, or is used up there, as the change of a stock."""
    nothing = Measurement(0.0, 0.0, source=at)
    if amount is not None and amount.value < 0:
        return Stock(key, name, process, replace(amount, value=-amount.value), nothing, source=at)
    return Stock(key, name, process, nothing, amount, source=at)
