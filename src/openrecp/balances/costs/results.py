"""What material flow costs come to: of every stream and process, as a matrix, and of each waste stream."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from openrecp.balances.costs.carrying import Carrier
from openrecp.balances.costs.network import CostNetwork
from openrecp.balances.flowsheet import Flowsheet
from openrecp.balances.problems import Array
from openrecp.errors import Issue
from openrecp.figures import Figure
from openrecp.texts import Choice, Text, text


class CostKind(Choice):
    """The costs of ISO 14051, in the order of the columns of every array of costs."""

    MATERIAL = "material", text("Material cost")
    WASTE_MANAGEMENT = "waste-management", text("Waste-management cost")
    ENERGY = "energy", text("Energy cost")
    SYSTEM = "system", text("System cost")


KINDS = tuple(CostKind)
_NORMAL_95: Final = 1.959964


class MatrixRow(IntEnum):
    """Rows of a cost matrix."""

    PRODUCT = 0
    LOSS = 1
    STOCK = 2
    TRAPPED = 3
    TOTAL = 4


@dataclass(frozen=True, slots=True, eq=False)
class CostMatrix:
    """Costs of products, losses, stock change and what is held up, by kind; the table of ISO 14051.

    Attributes
    ----------
    label : Text or str
        The plant or the process.
    amounts : array, shape (5, 5)
        Rows as :class:`MatrixRow`; columns as :class:`CostKind`, then total [currency a period].
    currency : str
        With the period, such as ``TWD/yr``.
    """

    label: Text | str
    amounts: Array
    currency: str

    @property
    def percentages(self) -> Array:
        """Every amount as a share of the grand total [%], shape (5, 5); nan where nothing costs anything."""
        total = self.amounts[MatrixRow.TOTAL, -1]
        return 100 * self.amounts / total if total else np.full_like(self.amounts, np.nan)

    @property
    def row_labels(self) -> tuple[Text, ...]:
        """Names of the rows."""
        return text("Products"), text("Losses"), text("Change of stocks"), text("Held up"), text("Total")

    @property
    def column_labels(self) -> tuple[Text, ...]:
        """Names of the columns."""
        return (*(kind.label for kind in KINDS), text("Total"))

    def figure(self, row: int, column: int = -1) -> Figure:
        """One cell as a figure; a total opens into what it is the sum of."""
        name = text("{row}, {column}", row=self.row_labels[row], column=self.column_labels[column])
        value = float(self.amounts[row, column])
        if row == MatrixRow.TOTAL:
            parts = tuple(
                self.figure(each, column) for each in range(MatrixRow.TOTAL) if self.amounts[each, column]
            )
            formula = text("Products + losses + change of stocks + what is held up")
            return Figure(name, value, self.currency, formula, parts)
        if column in {-1, len(KINDS)}:
            parts = tuple(self.figure(row, each) for each in range(len(KINDS)))
            formula = text("Material + waste management + energy + system")
            return Figure(name, value, self.currency, formula, parts)
        return Figure(name, value, self.currency)


@dataclass(frozen=True, slots=True)
class TrueCost:
    """What a waste stream really costs, against what is paid for its disposal.

    Attributes
    ----------
    stream : str
        Its key.
    true, apparent : Figure
        With material, energy and system cost from everywhere upstream; disposal alone [currency a period].
    per_unit : Figure
        True cost of a unit of mass.
    interval : tuple of (float, float) or None
        95 % interval of the true cost, from the uncertainty of the masses.
    """

    stream: str
    true: Figure
    apparent: Figure
    per_unit: Figure
    interval: tuple[float, float] | None = None

    @property
    def hidden_times(self) -> float | None:
        """How many times what is paid for disposal the stream costs; None where nothing is paid."""
        paid = self.apparent.value
        return float(self.true.value or 0.0) / float(paid) if paid else None


@dataclass(frozen=True, slots=True, eq=False)
class MaterialFlowCosts:
    """Costs of every stream and process after ISO 14051.

    Attributes
    ----------
    streams : array, shape (streams, 4)
        Cost that each stream carries, columns as :class:`CostKind` [currency a period].
    own, handed, stored, trapped : array, shape (processes, 4)
        Costs that arise in a process, that it is handed on from before (with its opening stock), that its closing
        stock holds, and that no way leads out of.
    apparent : array, shape (streams,)
        What is paid for disposal of each stream.
    spent : array, shape (4,)
        What the period cost, by kind: purchases, waste management, energy, system.
    carriers : tuple of Carrier
        The factorised system of each kind, for derivatives.
    sds : array or None, shape (streams,)
        Standard deviation of each stream's cost from that of the masses; nan where it was not asked for.
    loss_sd : float or None
        Of the cost of all losses together.
    """

    flowsheet: Flowsheet
    network: CostNetwork
    streams: Array
    own: Array
    handed: Array
    stored: Array
    trapped: Array
    apparent: Array
    spent: Array
    carriers: tuple[Carrier, Carrier, Carrier, Carrier]
    issues: tuple[Issue, ...] = ()
    sds: Array | None = None
    loss_sd: float | None = None

    @property
    def currency(self) -> str:
        """Unit of the costs; empty without a currency."""
        flowsheet = self.flowsheet
        if not flowsheet.currency:
            return ""
        return f"{flowsheet.currency}/{flowsheet.period}" if flowsheet.period else flowsheet.currency

    @property
    def total_cost(self) -> float:
        """What the period cost: purchases, waste management, energy and system."""
        return float(self.spent.sum())

    @property
    def totals(self) -> Array:
        """Cost of each stream, all kinds, shape (streams,)."""
        return self.streams.sum(axis=1)

    @property
    def per_unit(self) -> Array:
        """Cost of a unit of each stream, shape (streams,); nan where nothing flows."""
        masses = self.network.masses
        return np.divide(self.totals, masses, out=np.full_like(masses, np.nan), where=masses > 0)

    @property
    def process_totals(self) -> Array:
        """All that each process is handed on and adds, shape (processes,)."""
        found: Array = (self.own + self.handed).sum(axis=1)
        return found

    @property
    def process_losses(self) -> Array:
        """True cost of what each process gives off as waste or loses, shape (processes,)."""
        return self.network.out_of(np.where(self.network.lost, self.totals, 0.0))

    @property
    def product_cost(self) -> float:
        """Of all that leaves as product."""
        return float(self.matrix().amounts[MatrixRow.PRODUCT, -1])

    @property
    def loss_cost(self) -> float:
        """Of all that leaves as waste or is lost."""
        return float(self.matrix().amounts[MatrixRow.LOSS, -1])

    def matrix(self, process: str | None = None) -> CostMatrix:
        """The cost matrix of the plant, or of a process by what leaves it.

        Raises
        ------
        KeyError
            If there is no such process.
        """
        network = self.network
        amounts = np.zeros((5, len(KINDS) + 1))
        opening = np.zeros_like(self.stored)
        opening[:, 0] = network.opening_value
        if process is None:
            leaving, within = network.leaving, np.ones(len(network.processes), dtype=bool)
            label: Text | str = text("Whole plant")
        else:
            place = network.processes[process]
            leaving, within = network.starts == place, np.arange(len(network.processes)) == place
            label = self.flowsheet.processes[place].name
        amounts[MatrixRow.PRODUCT, :-1] = self.streams[leaving & ~network.lost].sum(axis=0)
        amounts[MatrixRow.LOSS, :-1] = self.streams[leaving & network.lost].sum(axis=0)
        amounts[MatrixRow.STOCK, :-1] = (self.stored - opening)[within].sum(axis=0)
        amounts[MatrixRow.TRAPPED, :-1] = self.trapped[within].sum(axis=0)
        amounts[MatrixRow.TOTAL] = amounts[: MatrixRow.TOTAL].sum(axis=0)
        amounts[:, -1] = amounts[:, :-1].sum(axis=1)
        return CostMatrix(label, amounts, self.currency)

    def figure(self, stream: str) -> Figure:
        """What a stream costs, opening into the four kinds.

        Raises
        ------
        KeyError
            If there is no such stream.
        """
        place = self.network.streams[stream]
        parts = tuple(
            Figure(kind.label, float(self.streams[place, column]), self.currency)
            for column, kind in enumerate(KINDS)
        )
        name = text("Cost of {stream}", stream=self.flowsheet.streams[place].name)
        formula = text("Material + waste management + energy + system")
        return Figure(name, float(self.streams[place].sum()), self.currency, formula, parts)

    def interval(self, place: int) -> tuple[float, float] | None:
        """95 % interval of the cost of the stream at a place of the flowsheet; None where it was not asked for."""
        if self.sds is None or np.isnan(self.sds[place]):
            return None
        half = _NORMAL_95 * float(self.sds[place])
        cost = float(self.streams[place].sum())
        return cost - half, cost + half

    def true_costs(self) -> tuple[TrueCost, ...]:
        """Every waste stream and loss that leaves the plant, the dearest first."""
        network = self.network
        wastes = np.flatnonzero(network.leaving & network.lost)
        order = wastes[np.argsort(-self.totals[wastes], kind="stable")]
        return tuple(self._true_costs(order.tolist()))

    def _true_costs(self, places: Iterable[int]) -> Iterable[TrueCost]:
        flowsheet = self.flowsheet
        for place in places:
            stream = flowsheet.streams[place]
            true = self.figure(stream.key)
            paid = text("Cost of disposing of {stream}", stream=stream.name)
            mass = float(self.network.masses[place])
            size = Figure(text("Flow of {stream}", stream=stream.name), mass, flowsheet.flow_unit)
            each = Figure(
                text("Cost of a unit of {stream}", stream=stream.name),
                float(self.totals[place]) / mass if mass else None,
                f"{flowsheet.currency}/{flowsheet.unit}" if flowsheet.currency else "",
                text("Cost ÷ flow"),
                (true, size),
                reason=None if mass else text("Nothing flows"),
            )
            apparent = Figure(paid, float(self.apparent[place]), self.currency)
            yield TrueCost(stream.key, true, apparent, each, self.interval(place))
