"""What a flowsheet file holds: one table that is the schema of YAML and JSON, the sheets of the workbook and their help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from openrecp.balances.cost_data import AllocationKey
from openrecp.balances.flowsheet import Quantity, Role, StreamKind
from openrecp.figures import Basis
from openrecp.texts import Choice, Text, text

FORMAT: Final = "openrecp-flowsheet"
VERSION: Final = 1


class FieldKind(StrEnum):
    """What is typed into a field."""

    WORDS = "words"
    KEY = "key"
    REFERENCE = "reference"
    NUMBER = "number"
    FLOW = "flow"
    ENERGY = "energy"
    SHARE = "share"
    TEMPERATURE = "temperature"
    UNCERTAINTY = "uncertainty"
    PRICE = "price"
    MONEY = "money"
    DENSITY = "density"
    CHOICE = "choice"
    YES_NO = "yes-no"


@dataclass(frozen=True, slots=True)
class Column:
    """A field: its name in files, its label on sheets, and what is typed into it."""

    name: str
    label: Text
    kind: FieldKind = FieldKind.WORDS
    required: bool = False
    choices: type[Choice] | None = None
    refers_to: str = ""
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A list of records of one kind: a sheet of the workbook."""

    name: str
    title: Text
    help: Text
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


_NUMBER, _FLOW, _SHARE = FieldKind.NUMBER, FieldKind.FLOW, FieldKind.SHARE
_UNCERTAINTY, _MONEY, _PRICE = FieldKind.UNCERTAINTY, FieldKind.MONEY, FieldKind.PRICE
_KEY = Column(
    "key",
    text("Key"),
    FieldKind.KEY,
    required=True,
    help=text("A short name of your own, such as F1; used to refer to it."),
)
_NAME = Column("name", text("Name"))
_BASIS = Column("basis", text("How known"), FieldKind.CHOICE, choices=Basis)
_METER = Column("meter", text("Meter"))


def _uncertainty(name: str, label: Text) -> Column:
    return Column(
        name,
        label,
        _UNCERTAINTY,
        help=text(
            "± 2 % (half-width of a 95 % interval), sd 3 kg, U = 5 (k = 2), limit 1 %, class 1.0, 0-200 kg/h, exact"
        ),
    )


def _reference(name: str, label: Text, section: str, *, required: bool = False) -> Column:
    return Column(name, label, FieldKind.REFERENCE, required=required, refers_to=section)


def _yes(name: str, label: Text) -> Column:
    return Column(name, label, FieldKind.YES_NO)


SETTINGS: Final = Section(
    "settings",
    text("Flowsheet"),
    text("What is balanced, over which period, in which units."),
    (
        Column("name", text("Name of the flowsheet"), required=True),
        Column("unit", text("Unit of mass"), help=text("Unit of all results, such as kg or t.")),
        Column(
            "period",
            text("Period"),
            help=text("yr, month, week, d or batch; all flows are shown for one of it."),
        ),
        Column(
            "currency",
            text("Currency"),
            help=text("Code such as TWD; needed where there are prices or costs."),
        ),
        Column("batches", text("Batches a period"), _NUMBER),
        Column(
            "operating_hours",
            text("Operating hours a period"),
            _NUMBER,
            help=text("Needed for rates such as kg/h or kW."),
        ),
        Column(
            "operating_days",
            text("Operating days a period"),
            _NUMBER,
            help=text("Needed for rates such as m³/d."),
        ),
        Column(
            "periods",
            text("Periods in order"),
            help=text("Only for several periods: their names, as in 2026-01; 2026-02."),
        ),
        Column("source", text("Source")),
        Column("note", text("Remarks")),
    ),
)

_PROCESSES = Section(
    "processes",
    text("Processes"),
    text("Every process, tank, store or treatment that is balanced; costed ones are quantity centres."),
    (
        _KEY,
        _NAME,
        _yes("by_elements", text("Balance by elements")),
        _yes("heat_balance", text("Heat balance")),
        Column("energy_cost", text("Energy cost a period"), _MONEY),
        Column("system_cost", text("System cost a period"), _MONEY),
        Column("waste_cost", text("Waste-management cost a period"), _MONEY),
        Column("allocation_key", text("Allocation key"), FieldKind.CHOICE, choices=AllocationKey),
    ),
)
_STREAMS = Section(
    "streams",
    text("Streams"),
    text(
        "What flows from where to where; leave an end empty where the stream comes from or goes to the outside."
    ),
    (
        _KEY,
        _NAME,
        _reference("from", text("From"), "processes"),
        _reference("to", text("To"), "processes"),
        Column("role", text("Role"), FieldKind.CHOICE, choices=Role),
        Column(
            "flow", text("Flow"), _FLOW, help=text("Empty where nobody measured it; may be followed by ± …")
        ),
        _uncertainty("uncertainty", text("Uncertainty of the flow")),
        _BASIS,
        _METER,
        Column(
            "density", text("Density"), FieldKind.DENSITY, help=text("Needed where the flow is a volume.")
        ),
        Column("kind", text("Kind"), FieldKind.CHOICE, choices=StreamKind),
        Column("energy", text("Energy flow"), FieldKind.ENERGY),
        _uncertainty("energy_uncertainty", text("Uncertainty of the energy flow")),
        _reference("medium", text("Medium"), "media"),
        Column("temperature", text("Temperature"), FieldKind.TEMPERATURE),
        _uncertainty("temperature_uncertainty", text("Uncertainty of the temperature")),
        _yes("composition_complete", text("Composition complete")),
        Column("price", text("Unit price"), _PRICE),
        Column("treatment_cost", text("Treatment cost a period"), _MONEY),
        _yes("outside_mass_key", text("Not in the mass key")),
        Column(
            "cost_share",
            text("Share of the costs of its process"),
            _SHARE,
            help=text(
                "Only where the allocation key is given shares; those of all streams that leave add up to 100 %."
            ),
        ),
        Column("measuring_cost", text("Effort of measuring it"), _NUMBER),
    ),
)
_COMPOSITIONS = Section(
    "compositions",
    text("Compositions"),
    text("Share or flow of a component in a stream or a stock, one a row."),
    (
        _reference("of", text("Stream or stock"), "streams", required=True),
        _reference("component", text("Component"), "components", required=True),
        Column("share", text("Share"), _SHARE, help=text("12 %, 0.12, 120 g/kg, 350 mg/L (with a density)")),
        Column("flow", text("Flow"), _FLOW, help=text("Instead of the share.")),
        _uncertainty("uncertainty", text("Uncertainty")),
        _BASIS,
        _METER,
    ),
)
_STOCKS = Section(
    "stocks",
    text("Stocks"),
    text("What lies in a store or tank at the beginning and at the end of the period."),
    (
        _KEY,
        _NAME,
        _reference("process", text("Process"), "processes", required=True),
        Column("opening", text("Opening stock"), _FLOW),
        _uncertainty("opening_uncertainty", text("Uncertainty of the opening stock")),
        Column("closing", text("Closing stock"), _FLOW),
        _uncertainty("closing_uncertainty", text("Uncertainty of the closing stock")),
        _BASIS,
        Column("density", text("Density"), FieldKind.DENSITY),
        _yes("composition_complete", text("Composition complete")),
        Column("price", text("Unit price"), _PRICE),
    ),
)
_COMPONENTS = Section(
    "components",
    text("Components"),
    text("Substances that are followed through the plant."),
    (
        _KEY,
        _NAME,
        Column("elements", text("Elements"), help=text("Mass shares, such as Ni 37.9 %; S 20.7 %.")),
        Column("price", text("Unit price"), _PRICE),
    ),
)
_MEDIA = Section(
    "media",
    text("Media"),
    text("How much heat a stream carries at its temperature."),
    (
        _KEY,
        _NAME,
        Column("heat_capacity", text("Heat capacity"), help=text("Such as 4.186 kJ/(kg·K).")),
        Column(
            "heat_at_zero",
            text("Heat content at 0 °C"),
            help=text("Such as 2,501 kJ/kg for steam; 0 if left empty."),
        ),
        Column(
            "heat_square",
            text("Quadratic term of the heat content"),
            _NUMBER,
            help=text("kWh per unit of mass and K²; 0 if left empty."),
        ),
    ),
)
_REACTIONS = Section(
    "reactions",
    text("Reactions"),
    text("What a reaction makes (+) and uses (-) of each component, in mass; one component a row."),
    (
        Column("key", text("Key"), FieldKind.KEY, required=True),
        _NAME,
        _reference("process", text("Process"), "processes", required=True),
        _reference("component", text("Component"), "components", required=True),
        Column("mass", text("Mass for one unit of extent"), _NUMBER, required=True),
        Column("extent", text("Extent"), _FLOW),
        _uncertainty("uncertainty", text("Uncertainty of the extent")),
    ),
)
_RELATIONS = Section(
    "relations",
    text("Relations"),
    text("Known equations: coefficient x number, summed over the rows of one key, equals the constant."),
    (
        Column("key", text("Key"), FieldKind.KEY, required=True),
        _NAME,
        Column("coefficient", text("Coefficient"), _NUMBER, required=True),
        Column("quantity", text("Quantity"), FieldKind.CHOICE, choices=Quantity),
        _reference("of", text("Of what"), "streams", required=True),
        _reference("component", text("Component"), "components"),
        Column("constant", text("Constant"), _FLOW),
        _uncertainty("uncertainty", text("Uncertainty")),
    ),
)
_TRANSFERS = Section(
    "transfers",
    text("Transfer coefficients"),
    text("Which share of what enters a process leaves with one stream."),
    (
        _KEY,
        _NAME,
        _reference("process", text("Process"), "processes", required=True),
        _reference("stream", text("Stream"), "streams", required=True),
        _reference("component", text("Component"), "components"),
        Column("share", text("Share"), _SHARE),
        _uncertainty("uncertainty", text("Uncertainty")),
        _BASIS,
    ),
)
_CORRELATIONS = Section(
    "correlations",
    text("Correlations"),
    text("Errors that go together, such as those of two readings of one meter."),
    (
        Column("quantity", text("Quantity"), FieldKind.CHOICE, choices=Quantity),
        _reference("of", text("Of what"), "streams", required=True),
        _reference("component", text("Component"), "components"),
        Column("with_quantity", text("With quantity"), FieldKind.CHOICE, choices=Quantity),
        _reference("with", text("With what"), "streams", required=True),
        _reference("with_component", text("With component"), "components"),
        Column("coefficient", text("Correlation"), _NUMBER, required=True),
    ),
)
_READINGS = Section(
    "readings",
    text("Readings"),
    text("Numbers of single periods, or any number that has no place on the other sheets; one a row."),
    (
        Column("period", text("Period")),
        Column("quantity", text("Quantity"), FieldKind.CHOICE, choices=Quantity),
        _reference("of", text("Of what"), "streams", required=True),
        _reference("component", text("Component"), "components"),
        Column("value", text("Value"), required=True),
        _uncertainty("uncertainty", text("Uncertainty")),
        _BASIS,
        _METER,
    ),
)

SECTIONS: Final[tuple[Section, ...]] = (
    _PROCESSES,
    _STREAMS,
    _COMPOSITIONS,
    _STOCKS,
    _COMPONENTS,
    _RELATIONS,
    _TRANSFERS,
    _REACTIONS,
    _MEDIA,
    _CORRELATIONS,
    _READINGS,
)
"""The lists of a flowsheet file in the order of the sheets."""


def section(name: str) -> Section:
    """The section of that name."""
    return next(each for each in (SETTINGS, *SECTIONS) if each.name == name)
