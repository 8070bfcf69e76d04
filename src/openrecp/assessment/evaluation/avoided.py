"""What an option avoids a year beside money: as entered in worksheet 11, waste also from its expected reduction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_fields import first_for_option, option_streams
from openrecp.assessment.evaluation.places import keyed, place, place_of
from openrecp.assessment.evaluation.quantities import unit_of, yearly
from openrecp.assessment.spec import Quantity
from openrecp.assessment.worksheets.options import AvoidedKind, OptionDescription
from openrecp.assessment.worksheets.streams import WasteStream
from openrecp.economics.investment import Avoided
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text
from openrecp.units import convert


@dataclass(frozen=True, slots=True)
class AvoidedAmount:
    """What an option avoids a year of one kind, in all or on one stream.

    Attributes
    ----------
    kind : AvoidedKind
    unit : str
        Of the amount over years, such as ``t``, or ``t CO2e``.
    figure : Figure
        A year.
    stream : str or None
        The stream it comes from.
    """

    kind: AvoidedKind
    unit: str
    figure: Figure
    stream: str | None

    @property
    def name(self) -> Text:
        """What is avoided."""
        return _NAMES.get((self.kind, self.unit), self.kind.label)


_NAMES: Final = {(AvoidedKind.WASTE, "m³"): text("Waste, by volume")}


def avoided_amounts(assessment: Assessment, option: str) -> tuple[AvoidedAmount, ...]:
    """Everything an option avoids, part by part; waste that was entered replaces what the reduction gives."""
    entered = tuple(_entered(assessment, option))
    if any(each.kind is AvoidedKind.WASTE for each in entered):
        return entered
    return (*_reduced(assessment, option), *entered)


def avoided_in_all(amounts: tuple[AvoidedAmount, ...]) -> tuple[Avoided, ...]:
    """Sums by kind and unit, as the economics take them."""
    sums: dict[tuple[AvoidedKind, str], list[AvoidedAmount]] = {}
    for each in amounts:
        sums.setdefault((each.kind, each.unit), []).append(each)
    return tuple(
        Avoided(
            name=parts[0].name,
            unit=unit,
            yearly=sum(float(part.figure.value or 0) for part in parts),
            source=parts[0].figure.source,
        )
        for (_, unit), parts in sums.items()
    )


def _entered(assessment: Assessment, option: str) -> Iterator[AvoidedAmount]:
    for key, record in keyed(assessment.avoided_quantities):
        if record.option == option and record.kind is not None and record.amount is not None:
            found = _counted(record.kind, record.amount)
            if found is not None:
                value, counted = found
                figure = Figure(
                    text("Avoided a year"),
                    value,
                    counted,
                    basis=Basis.ESTIMATED,
                    source=place("avoided_quantities", key, "amount"),
                )
                unit = "t CO2e" if record.kind is AvoidedKind.GREENHOUSE_GAS else counted.partition("/")[0]
                yield AvoidedAmount(record.kind, unit, figure, record.stream)


def is_countable(kind: AvoidedKind, quantity: Quantity) -> bool:
    """Whether an amount is in a unit in which its kind is measured."""
    return _counted(kind, quantity) is not None


def _counted(kind: AvoidedKind, quantity: Quantity) -> tuple[Decimal, str] | None:
    """The amount in the unit a year its kind is counted in, and that unit; None where it is no such amount."""
    unit = unit_of(quantity.unit)
    for counted in kind.units:
        wanted = unit_of(counted)
        if unit is not None and wanted is not None and unit.dimension == wanted.dimension:
            return convert(quantity.value, unit, wanted), counted
    return None


def _reduced(assessment: Assessment, option: str) -> Iterator[AvoidedAmount]:
    """Waste by the expected reduction; nothing where the generation of one of its streams is not known."""
    description: OptionDescription | None = first_for_option(assessment.option_descriptions, option)
    if description is None or not description.reduction:
        return
    source = place_of(assessment, "option_descriptions", description, "reduction")
    reduction = Figure(
        text("Expected reduction of the streams"),
        description.reduction,
        "%",
        basis=Basis.ESTIMATED,
        source=source,
    )
    found = [
        _of_stream(stream, generation, reduction) for stream, generation in _generations(assessment, option)
    ]
    if all(each is not None for each in found):
        yield from (each for each in found if each is not None)


def _of_stream(stream: str, generation: Figure, reduction: Figure) -> AvoidedAmount | None:
    if generation.value is None:
        return None
    found = _counted(AvoidedKind.WASTE, Quantity(value=Decimal(generation.value), unit=generation.unit))
    if found is None:
        return None
    amount, counted = found
    figure = Figure(
        text("Waste avoided a year"),
        amount * Decimal(reduction.value or 0) / 100,
        counted,
        text("generation × expected reduction"),
        (generation, reduction),
        source=reduction.source,
    )
    return AvoidedAmount(AvoidedKind.WASTE, counted.partition("/")[0], figure, stream)


def _generations(assessment: Assessment, option: str) -> Iterator[tuple[str, Figure]]:
    streams: dict[str, tuple[str, WasteStream]] = {}
    for key, record in keyed(assessment.waste_streams):
        if record.number:
            streams.setdefault(record.number, (key, record))
    for number in option_streams(assessment, option):
        if number in streams:
            key, record = streams[number]
            where = place("waste_streams", key, "generation")
            yield number, yearly(text("Generation"), record.generation, record.generation_basis, where)
