"""Every number of a flowsheet document by what it is a number of, and by period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from openrecp.assessment.flowsheets.amounts import (
    Factor,
    kelvin_factor,
    read_amount,
    read_density,
    read_share,
    read_temperature,
    share_factor,
)
from openrecp.assessment.flowsheets.document import Row
from openrecp.assessment.flowsheets.fields import Reader
from openrecp.balances.flowsheet import Measurement, Quantity, Ref
from openrecp.balances.uncertainty import Scale
from openrecp.errors import Severity, Where, problem

Read = Callable[[str], tuple[float, str | None]]
_ONE: Final = ""
"""The period of what holds in every period."""
_INTENSIVE: Final = frozenset({Quantity.FRACTION, Quantity.TEMPERATURE, Quantity.TRANSFER})
_STREAM_NUMBERS: Final = (
    (Quantity.FLOW, "flow", "uncertainty"),
    (Quantity.ENERGY, "energy", "energy_uncertainty"),
    (Quantity.TEMPERATURE, "temperature", "temperature_uncertainty"),
)

_KEYED: Final = frozenset({"streams", "stocks"})
"""Sections of which every row is an item of its own."""


@dataclass(slots=True)
class Measured:
    """Collects the numbers of a document.

    Attributes
    ----------
    numbers : dict of str to dict of Ref to Measurement
        By period; those under an empty name hold in every period.
    densities : dict of str to float
        [kg/m³] of streams and stocks.
    firsts : dict of str to dict of str to int
        Row where each key stands first, by section.
    """

    reader: Reader
    periods: tuple[str, ...]
    numbers: dict[str, dict[Ref, Measurement]] = field(default_factory=dict)
    densities: dict[str, float] = field(default_factory=dict)
    firsts: dict[str, dict[str, int]] = field(default_factory=dict)

    def collect(self) -> None:
        """Read the numbers on all sheets."""
        for name in ("streams", "stocks"):
            for row, values in self._rows(name):
                self._density(name, row, values)
        for row, values in self._rows("streams"):
            for quantity, column, uncertainty in _STREAM_NUMBERS:
                self._take(Ref(quantity, values["key"]), ("streams", row, column), values, uncertainty)
        ends = (self.periods[0], self.periods[-1]) if self.periods else (_ONE, _ONE)
        for row, values in self._rows("stocks"):
            for quantity, column, period in (
                (Quantity.OPENING, "opening", ends[0]),
                (Quantity.CLOSING, "closing", ends[1]),
            ):
                ref = Ref(quantity, values["key"])
                self._take(ref, ("stocks", row, column), values, f"{column}_uncertainty", period)
        for row, values in self._rows("transfers"):
            self._take(
                Ref(Quantity.TRANSFER, values["key"]), ("transfers", row, "share"), values, "uncertainty"
            )
        for row, values in self._rows("reactions"):
            self._take(
                Ref(Quantity.EXTENT, values["key"]), ("reactions", row, "extent"), values, "uncertainty"
            )
        for row, values in self.reader.required("compositions"):
            self._composition(row, values)
        for row, values in self.reader.required("readings"):
            self._reading(row, values)

    def of(self, period: str) -> Mapping[Ref, Measurement]:
        """The numbers that hold in a period."""
        return {**self.numbers.get(_ONE, {}), **(self.numbers.get(period, {}) if period else {})}

    def read_by(self, ref: Ref) -> tuple[Read, Factor, Scale]:
        """How a number is read: number, factor of a unit, and what a percentage of it means."""
        density = self.densities.get(ref.key)
        footing = self.reader.footing
        match ref.quantity:
            case Quantity.FRACTION | Quantity.TRANSFER:
                return (
                    lambda words: read_share(words, density),
                    lambda unit: share_factor(unit, density),
                    Scale.SHARE,
                )
            case Quantity.TEMPERATURE:
                return read_temperature, kelvin_factor, Scale.TEMPERATURE
            case Quantity.ENERGY:
                return (
                    (lambda words: read_amount(words, footing.energy_factor)),
                    footing.energy_factor,
                    Scale.AMOUNT,
                )
            case _:

                def factor(unit: str | None) -> float:
                    return footing.mass_factor(unit, density)

                return (lambda words: read_amount(words, factor)), factor, Scale.AMOUNT

    def _rows(self, name: str) -> list[tuple[int, Row]]:
        return [
            (row, values) for row, values in enumerate(self.reader.document.rows(name)) if values.get("key")
        ]

    def _density(self, name: str, row: int, values: Row) -> None:
        words = values.get("density")
        if words:
            where = self.reader.document.where(name, row, "density")
            found = self.reader.attempt(where, lambda: read_density(words))
            if found is not None:
                self.densities[values["key"]] = found

    def _take(
        self, ref: Ref, place: tuple[str, int, str], values: Row, uncertainty: str, period: str = _ONE
    ) -> None:
        number, factor, scale = self.read_by(ref)
        found = self.reader.measurement(place, values, number, factor, uncertainty=uncertainty, scale=scale)
        name, row, _ = place
        repeated = name in _KEYED and row != self._first_row(name, ref.key)
        if found is not None and not repeated:
            self._put(ref, found, period)

    def _first_row(self, name: str, key: str) -> int:
        """Where a key stands first; a row that repeats it is told of, and says nothing about the first."""
        if name not in self.firsts:
            rows = list(enumerate(self.reader.document.rows(name)))
            self.firsts[name] = {values.get("key", ""): row for row, values in reversed(rows)}
        return self.firsts[name].get(key, -1)

    def _put(self, ref: Ref, found: Measurement, period: str) -> None:
        held = self.numbers.setdefault(period, {})
        if ref in held:
            self.reader.issues.append(
                problem(
                    "value-twice",
                    "This number of “{key}” is entered a second time; keep one, or give each its period.",
                    where=found.source,
                    key=ref.key,
                )
            )
            return
        if self.periods and period == _ONE and found.sd > 0:
            self._without_period(ref, found.source)
        held[ref] = found

    def _without_period(self, ref: Ref, where: Where) -> None:
        if ref.quantity in _INTENSIVE:
            self.reader.issues.append(
                problem(
                    "shared-measurement",
                    "This number of “{key}” is used in every period as if it were measured anew each time; enter it on the "
                    "sheet of readings with its period where it was.",
                    where=where,
                    severity=Severity.WARNING,
                    key=ref.key,
                )
            )
        else:
            self.reader.issues.append(
                problem(
                    "period-missing",
                    "There are several periods; enter this number of “{key}” among the readings, with its period.",
                    where=where,
                    key=ref.key,
                )
            )

    def _composition(self, row: int, values: Row) -> None:
        key, component = values["of"], values["component"]
        given = [column for column in ("share", "flow") if values.get(column)]
        if len(given) != 1:
            self.reader.issues.append(
                problem(
                    "share-or-flow",
                    "Enter either the share or the flow of “{component}” in “{key}”, one of the two.",
                    where=self.reader.document.where("compositions", row),
                    component=component,
                    key=key,
                )
            )
            return
        quantity = Quantity.FRACTION if given == ["share"] else Quantity.COMPONENT
        self._take(Ref(quantity, key, component), ("compositions", row, given[0]), values, "uncertainty")

    def _reading(self, row: int, values: Row) -> None:
        quantity = self.reader.choice("readings", row, "quantity", values, Quantity) or Quantity.FLOW
        period = values.get("period", _ONE)
        if period.removesuffix("-01") in self.periods:
            # Excel makes the first day of the month of “2026-01”.
            period = period if period in self.periods else period.removesuffix("-01")
        if period != _ONE and period not in self.periods:
            self.reader.issues.append(
                problem(
                    "period-unknown",
                    "“{period}” is not among the periods of the flowsheet ({known}).",
                    where=self.reader.document.where("readings", row, "period"),
                    period=period,
                    known=list(self.periods) or "–",
                )
            )
            return
        ref = Ref(quantity, values["of"], values.get("component"))
        self._take(ref, ("readings", row, "value"), values, "uncertainty", period)
