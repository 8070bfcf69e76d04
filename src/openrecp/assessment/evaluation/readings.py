"""Entered amounts and shares as measurements: value, standard deviation, how they are known and where they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from openrecp.assessment.evaluation.quantities import unit_of
from openrecp.assessment.spec import Quantity
from openrecp.balances.flowsheet import Measurement
from openrecp.balances.uncertainty import (
    Scale,
    Uncertainty,
    assumed_uncertainty,
    parse_uncertainty,
    standard_deviation,
)
from openrecp.entries import EntryError
from openrecp.errors import Issue, Severity, UnitError, Where, problem
from openrecp.figures import Basis
from openrecp.texts import Text, text
from openrecp.units import convert, parse_unit

MASS: Final = "kg/yr"
ENERGY: Final = "kWh/yr"
STOCK: Final = "kg"
_VOLUMES: Final = {MASS: "m³/yr", STOCK: "m³"}
_DENSITY: Final = "kg/m³"


@dataclass(frozen=True, slots=True)
class Entered:
    """An amount as it stands in the assessment.

    ``about`` is how findings name it; ``field`` and ``uncertainty_field`` are the places of the amount and of the
    words that say how sure it is.
    """

    about: str | Text
    quantity: Quantity | None
    basis: Basis | None
    words: str | None
    field: Where
    uncertainty_field: Where
    density: Quantity | None = None


def factor_to(unit: str, target: str, density: Quantity | None = None) -> Decimal | Text:
    """How many of the target unit are in one of a unit, by the density from volume to mass; or why nobody can say."""
    found, wanted = unit_of(unit), parse_unit(target)
    if found is None:
        return text("its unit “{unit}” cannot be read", unit=unit)
    if found.dimension == wanted.dimension:
        return convert(Decimal(1), found, wanted)
    volume = _VOLUMES.get(target)
    if volume is None or found.dimension != parse_unit(volume).dimension:
        return text("an amount in {unit} has no mass; enter it in kg or t", unit=unit)
    if density is None:
        return text("it is a volume without a density; enter the density")
    heavy = unit_of(density.unit)
    if heavy is None or heavy.dimension != parse_unit(_DENSITY).dimension or density.value <= 0:
        return text("its density “{density}” cannot be used", density=str(density))
    return convert(Decimal(1), found, volume) * convert(density.value, heavy, _DENSITY)


def is_energy(quantity: Quantity | None) -> bool:
    """Whether an amount is one of energy a year."""
    unit = None if quantity is None else unit_of(quantity.unit)
    return unit is not None and unit.dimension == parse_unit(ENERGY).dimension


def read_uncertainty(words: str, *, share: bool = False) -> Uncertainty:
    """An uncertainty as typed beside an amount, or beside a share in percent, where a bare number means points.

    Raises
    ------
    EntryError
        If it cannot be read, or can be read in two ways.
    """
    if not share:
        return parse_uncertainty(words)
    bare = not any(char.isalpha() or char in "%％" for char in words)
    return parse_uncertainty(f"{words} points" if bare else words, Scale.SHARE)


def sd_of(stated: Uncertainty, value: float, entered: Entered, target: str) -> float:
    """Standard deviation of an amount in the target unit.

    Raises
    ------
    UnitError
        If the uncertainty is in a unit that does not fit the amount.
    """
    return standard_deviation(stated, value, _scale(entered, target))


def share_sd_of(stated: Uncertainty, value: float, entered: Entered) -> float:
    """Standard deviation of a share [1] that stands in percent in the assessment, so that a bare number is points.

    Raises
    ------
    UnitError
        If the uncertainty is in a unit that is none of a share.
    """

    def scale(typed: str | None) -> float:
        try:
            return float(convert(Decimal(1), typed or "%", "%") / 100)
        except UnitError:
            raise UnitError(
                problem(
                    "uncertainty-unit-of-share",
                    "{about}: the uncertainty is in {unit}, which is no unit of a share; enter it in percentage points, "
                    "such as 0.2 points.",
                    where=entered.uncertainty_field,
                    about=entered.about,
                    unit=typed or "",
                )
            ) from None

    return standard_deviation(stated, value, scale)


def _scale(entered: Entered, target: str) -> Callable[[str | None], float]:
    """How many of the target unit are in one of a unit as typed; ``5 kg`` of an amount a month are 5 kg a month."""
    own = "" if entered.quantity is None else entered.quantity.unit

    def scale(typed: str | None) -> float:
        times = own.rpartition("/")[2] if "/" in own else None
        for unit in (own,) if typed is None else (typed, f"({typed})/{times}" if times else typed):
            found = factor_to(unit, target, entered.density)
            if isinstance(found, Decimal):
                return float(found)
        raise UnitError(
            problem(
                "uncertainty-unit",
                "{about}: the uncertainty is in {unit}, which does not fit the amount; enter it in % or in the unit of "
                "the amount.",
                where=entered.uncertainty_field,
                about=entered.about,
                unit=typed or own,
            )
        )

    return scale


@dataclass(slots=True)
class Reading:
    """What was noticed while amounts were read: findings, what nobody measured, what was assumed to be how sure."""

    issues: list[Issue] = field(default_factory=list)
    unmeasured: list[str | Text] = field(default_factory=list)
    assumed: dict[Basis, list[str | Text]] = field(default_factory=dict)

    def amount(self, entered: Entered, target: str) -> Measurement | None:
        """The amount in the target unit; None where there is none, which is then noted."""
        if entered.quantity is None:
            self.unmeasured.append(entered.about)
            return None
        factor = factor_to(entered.quantity.unit, target, entered.density)
        if isinstance(factor, Text):
            self.issues.append(
                problem(
                    "stream-without-mass",
                    "{about} counts as not measured in the balance: {reason}.",
                    where=entered.field,
                    severity=Severity.WARNING,
                    about=entered.about,
                    reason=factor,
                )
            )
            return None
        value, basis = float(entered.quantity.value * factor), entered.basis or Basis.ESTIMATED
        sd = self._sd(entered, value, basis, target)
        return Measurement(value, sd, basis, source=entered.field)

    def share(self, percent: Decimal, basis: Basis | None, entered: Entered) -> Measurement:
        """A share in percent as a fraction; all and nothing are exact unless something else is said."""
        value, known = float(percent / 100), basis or Basis.ESTIMATED
        return Measurement(value, self._share_sd(entered, value, known), known, source=entered.field)

    def absorb(self, other: Reading) -> None:
        """Take over what was assumed in another reading."""
        for basis, names in other.assumed.items():
            for about in names:
                self._assume(basis, about)

    def _sd(self, entered: Entered, value: float, basis: Basis, target: str) -> float:
        stated = _stated(entered.words)
        if stated is not None:
            try:
                return sd_of(stated, value, entered, target)
            except UnitError:
                pass  # a finding of the checks; what is assumed is told below
        self._assume(basis, entered.about)
        return standard_deviation(assumed_uncertainty(basis), value)

    def _share_sd(self, entered: Entered, value: float, basis: Basis) -> float:
        stated = _stated(entered.words, share=True)
        if stated is not None:
            try:
                return share_sd_of(stated, value, entered)
            except UnitError:
                pass  # as above
        if value in (0.0, 1.0):
            return 0.0
        self._assume(basis, entered.about)
        return standard_deviation(assumed_uncertainty(basis), value)

    def _assume(self, basis: Basis, about: str | Text) -> None:
        named = self.assumed.setdefault(basis, [])
        if about not in named:
            named.append(about)


def _stated(words: str | None, *, share: bool = False) -> Uncertainty | None:
    """What was stated; None where nothing was, or nothing that can be read, which the checks tell."""
    if words is None:
        return None
    try:
        return read_uncertainty(words, share=share)
    except EntryError:
        return None
