"""The flowsheet: processes, streams, stocks and what is known of them, in one unit of mass and one period.

Nothing here is converted: amounts are numbers in the flowsheet's unit of mass a period, shares are fractions of
1, temperatures are °C and energy is kWh a period. Putting entries on that footing is the caller's part, and
whether the drawing can balance is told by :mod:`openrecp.balances.faults`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from openrecp.errors import NOWHERE, Where
from openrecp.figures import Basis
from openrecp.texts import Choice, text

ENVIRONMENT: Final = None
"""What stands outside the plant: where streams come from that nobody here makes, and where they go to."""


class StreamKind(Choice):
    """What flows in a stream."""

    MATERIAL = "material", text("Material")
    ENERGY = "energy", text("Energy without matter")


class Role(Choice):
    """What a stream is to the plant."""

    INPUT = "input", text("Input")
    PRODUCT = "product", text("Product")
    WASTE = "waste", text("Waste")
    LOSS = "loss", text("Loss nobody measures")
    INTERNAL = "internal", text("Between processes")


class Quantity(Choice):
    """What can be known of a stream."""

    FLOW = "flow", text("Flow")
    FRACTION = "fraction", text("Share of a component")
    COMPONENT = "component", text("Flow of a component")
    TEMPERATURE = "temperature", text("Temperature")
    ENERGY = "energy", text("Energy flow")
    OPENING = "opening", text("Opening stock")
    CLOSING = "closing", text("Closing stock")
    EXTENT = "extent", text("Extent of a reaction")
    TRANSFER = "transfer", text("Transfer coefficient")
    RELATION = "relation", text("Constant of a known equation")


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number somebody read, recorded or judged, and how far it may be from the truth.

    Attributes
    ----------
    value : float
    sd : float
        Standard deviation in the unit of the value; 0 for what is known exactly.
    basis : Basis
        How the number is known.
    meter : str
        Name or tag of the instrument; empty if it has none.
    source : Where
        Place in the user's file.
    """

    value: float
    sd: float
    basis: Basis = Basis.MEASURED
    meter: str = ""
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Component:
    """A substance that is followed through the plant.

    Attributes
    ----------
    elements : Mapping[str, float]
        Mass fraction of each element in it; needed where elements are balanced instead of it.
    price : float or None
        What a unit of mass of it costs, in the flowsheet's currency.
    """

    key: str
    name: str
    elements: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    price: float | None = None
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Medium:
    """How much energy a unit of mass carries at a temperature: h(T) = a + b T + c T².

    ``a``, ``b``, ``c`` in kWh a unit of mass, with T in °C.
    """

    key: str
    name: str
    a: float
    b: float
    c: float = 0.0
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction in a process: how much of each component it makes (+) and uses (-) for one unit of extent.

    ``stoichiometry`` is in mass, so that it adds up to 0; ``extent`` is known, or None and then found.
    """

    key: str
    name: str
    stoichiometry: Mapping[str, float] = field(hash=False)
    extent: Measurement | None = None
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Process:
    """A process, or quantity centre once it is costed.

    Attributes
    ----------
    reactions : tuple of Reaction
        What happens in it, if it is known by stoichiometry.
    by_elements : bool
        Components change in an unknown way: balance elements and the total, not components.
    heat_balance : bool
        Whether energy is balanced over it; every stream at it then needs a medium, or carries energy alone.
    """

    key: str
    name: str
    reactions: tuple[Reaction, ...] = ()
    by_elements: bool = False
    heat_balance: bool = False
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream from one process to another; None is the environment.

    Attributes
    ----------
    start, end : str or None
        Keys of processes.
    flow : Measurement or None
        Mass a period; None where nobody measured it. Of no use for a stream of energy.
    fractions, component_flows : Mapping[str, Measurement]
        Known share [1] or known flow of a component by its key. A component that is in neither is unknown in a
        stream that has a composition, unless ``composition_complete``.
    composition_complete : bool
        Components that are not named in ``fractions`` are not in the stream.
    temperature : Measurement or None
        °C; of use where ``medium`` says what the stream carries.
    energy : Measurement or None
        Energy flow [kWh a period] of a stream of energy.
    role : Role
    price : float or None
        What a unit of mass (or kWh) is worth, in the flowsheet's currency: purchase price of an input, value of
        what is lost.
    measuring_cost : float
        What it would take to measure the flow, relative to other streams or in money.
    """

    key: str
    name: str
    start: str | None
    end: str | None
    kind: StreamKind = StreamKind.MATERIAL
    flow: Measurement | None = None
    fractions: Mapping[str, Measurement] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    component_flows: Mapping[str, Measurement] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    composition_complete: bool = False
    medium: str | None = None
    temperature: Measurement | None = None
    energy: Measurement | None = None
    role: Role = Role.INTERNAL
    price: float | None = None
    measuring_cost: float = 1.0
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Stock:
    """What lies in a process (a store, a tank) at the beginning and at the end of the period.

    Opening and closing stock enter the balance as what was there and what is left; either may be unknown.
    ``fractions`` hold for both.
    """

    key: str
    name: str
    process: str
    opening: Measurement | None = None
    closing: Measurement | None = None
    fractions: Mapping[str, Measurement] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    composition_complete: bool = False
    price: float | None = None
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Ref:
    """One number of a flowsheet: which quantity of which stream, stock, reaction or transfer coefficient."""

    quantity: Quantity
    key: str
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A known equation between numbers of the flowsheet: sum of coefficient x number = constant.

    ``sd`` is how far it may be off; 0 where it holds exactly.
    """

    key: str
    name: str
    terms: tuple[tuple[float, Ref], ...]
    constant: float = 0.0
    sd: float = 0.0
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class TransferCoefficient:
    """Which share of all that enters a process leaves with one stream, in total or of one component.

    ``share`` is between 0 and 1; None where it is to be found.
    """

    key: str
    name: str
    process: str
    stream: str
    component: str | None = None
    share: Measurement | None = None
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Correlation:
    """Errors of two measurements that go together, such as those of two readings of one meter."""

    first: Ref
    second: Ref
    coefficient: float
    source: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Flowsheet:
    """A plant, or the part of it that is balanced, over one period.

    Attributes
    ----------
    unit : str
        Unit of all masses, such as ``kg`` or ``t``; flows are in it a period.
    period : str
        What a period is, such as ``yr`` or ``month``; the flows' unit is ``unit/period``. Empty for a batch.
    currency : str
        Currency code of all prices; empty without prices.
    """

    name: str
    processes: tuple[Process, ...]
    streams: tuple[Stream, ...]
    components: tuple[Component, ...] = ()
    stocks: tuple[Stock, ...] = ()
    media: tuple[Medium, ...] = ()
    relations: tuple[Relation, ...] = ()
    transfers: tuple[TransferCoefficient, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    unit: str = "kg"
    period: str = "yr"
    currency: str = ""

    @property
    def flow_unit(self) -> str:
        """Unit of the flows."""
        return f"{self.unit}/{self.period}" if self.period else self.unit
