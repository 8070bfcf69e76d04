"""From what was typed to numbers in the flowsheet's unit of mass a period, with their standard deviations."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openrecp.balances.flowsheet import Measurement
from openrecp.balances.uncertainty import (
    Scale,
    Statement,
    Uncertainty,
    assumed_uncertainty,
    parse_uncertainty,
    split_uncertainty,
    standard_deviation,
)
from openrecp.entries import EntryError, parse_quantity
from openrecp.errors import NOWHERE, Issue, UnitError, Where, problem
from openrecp.figures import Basis
from openrecp.units import convert, parse_unit, same_dimension

PERIODS: Final = ("yr", "quarter", "month", "week", "d", "h", "batch")
_DAY: Final = 86_400.0
_NAMELESS: Final = re.compile(r"^(?:元|圓|NT\$|\$)")
Factor = Callable[[str | None], float]


@dataclass(frozen=True, slots=True)
class Footing:
    """On what all numbers of a flowsheet are put: unit of mass, period, and how long and how often the plant runs in it."""

    unit: str = "kg"
    period: str = "yr"
    currency: str = ""
    batches: float | None = None
    hours: float | None = None
    days: float | None = None

    def mass_factor(self, typed: str | None, density: float | None = None) -> float:
        """How many of the flowsheet's unit of mass a period are in one of a unit as typed.

        Parameters
        ----------
        typed : str or None
            An amount for the period (``t``), or a rate (``kg/h``, ``t/month``, ``m³/d``); None for the own unit.
        density : float, optional
            [kg/m³], for volumes.

        Raises
        ------
        UnitError, EntryError
            If it cannot be converted, with what is missing.
        """
        if typed is None:
            return 1.0
        above, times = self._rate(typed)
        if same_dimension(above, "m³"):
            if density is None:
                raise EntryError(
                    problem(
                        "density-missing",
                        "“{unit}” is a volume; enter the density so that it can be put into {mass}.",
                        unit=typed,
                        mass=self.unit,
                    )
                )
            return float(convert(1, above, "m³")) * density * float(convert(1, "kg", self.unit)) * times
        return float(convert(1, above, self.unit)) * times

    def energy_factor(self, typed: str | None) -> float:
        """How many kWh a period are in one of a unit as typed, such as ``MWh``, ``GJ/month`` or ``kW``."""
        if typed is None:
            return 1.0
        if "/" not in typed and same_dimension(typed, "kW"):
            return float(convert(1, typed, "kW")) * self._running_seconds("h") / 3600.0
        above, times = self._rate(typed)
        return float(convert(1, above, "kWh")) * times

    def _rate(self, typed: str) -> tuple[str, float]:
        """The unit above the line, and how often the unit of time below it is in a period."""
        symbol = parse_unit(typed).symbol
        above, _, below = symbol.rpartition("/")
        if not above:
            return symbol, 1.0
        if same_dimension(below, "batch"):
            if self.period in ("batch", ""):
                return above, 1.0
            if self.batches is None:
                raise EntryError(
                    problem(
                        "batches-missing",
                        "“{unit}” is an amount a batch; enter how many batches a period has (“batches”).",
                        unit=typed,
                    )
                )
            return above, self.batches
        if not same_dimension(below, "s"):
            return symbol, 1.0
        return above, self._running_seconds(below) / float(convert(1, below, "s"))

    def _running_seconds(self, time: str) -> float:
        """Seconds of a period in which a rate per ``time`` counts."""
        seconds = float(convert(1, time, "s"))
        if self.period == time:
            return seconds
        if seconds < _DAY:
            if self.hours is None:
                raise EntryError(
                    problem(
                        "hours-missing",
                        "A rate a {time} holds while the plant runs; enter the operating hours of a period "
                        "(“operating_hours”).",
                        time=time,
                    )
                )
            return self.hours * 3600.0
        if seconds < 7 * _DAY:
            if self.days is None:
                raise EntryError(
                    problem(
                        "days-missing",
                        "A rate a day holds on days of operation; enter how many a period has (“operating_days”).",
                    )
                )
            return self.days * _DAY
        if self.period in ("batch", ""):
            raise EntryError(
                problem(
                    "rate-of-a-batch",
                    "A rate a {time} cannot be put into an amount a batch; enter the amount of the batch.",
                    time=time,
                )
            )
        return float(convert(1, self.period, "s"))


def read_amount(words: str, factor: Factor) -> tuple[float, str | None]:
    """The number in the unit wanted, and the unit as typed.

    Raises
    ------
    EntryError, UnitError
        If it cannot be read or converted.
    """
    value, unit = parse_quantity(words)
    return float(value) * factor(unit), unit


def read_share(words: str, density: float | None = None) -> tuple[float, str | None]:
    """A share of mass from ``12 %``, ``0.12``, ``120 g/kg``, ``300 ppm`` or ``350 mg/L`` (with a density [kg/m³])."""
    value, unit = parse_quantity(words)
    if unit is None and abs(value) > 1:
        raise EntryError(
            problem(
                "rate-ambiguous",
                "{value} can mean {value} % or {hundredfold} %; write “{value} %” if it is percent.",
                value=value,
                hundredfold=value * 100,
            )
        )
    if unit is not None and same_dimension(unit, "%"):
        return float(convert(value, unit, "%") / 100), unit
    return float(value) * share_factor(unit, density), unit


def share_factor(unit: str | None, density: float | None) -> float:
    """What one of a unit of share is as a fraction of mass."""
    if unit is None:
        return 1.0
    if same_dimension(unit, "kg/m³"):
        if density is None:
            raise EntryError(
                problem(
                    "density-missing-for-share",
                    "“{unit}” is a concentration in a volume; enter the density of the stream so that it can be put into a "
                    "share of mass.",
                    unit=unit,
                )
            )
        return float(convert(1, unit, "kg/m³")) / density
    return float(convert(1, unit, "%")) / 100.0


def read_temperature(words: str) -> tuple[float, str | None]:
    """A temperature in °C; a bare number is in °C."""
    value, unit = parse_quantity(words)
    return float(convert(value, unit or "°C", "°C")), unit


def kelvin_factor(unit: str | None) -> float:
    """Size of a degree of a unit [K]."""
    known = parse_unit(unit or "°C")
    if not same_dimension(known, "K"):
        convert(1, known, "K")
    return float(known.factor)


def read_price(words: str, footing: Footing, per: str) -> float:
    """A price in the flowsheet's currency per ``per``; a bare number is in just that."""
    value, unit = parse_quantity(words)
    wanted = f"{footing.currency}/{per}"
    if not footing.currency:
        raise EntryError(_no_currency())
    if unit is None:
        return float(value)
    return float(convert(value, _NAMELESS.sub(footing.currency, unit.replace(" ", "")), wanted))


def read_money(words: str, footing: Footing) -> float:
    """An amount of money a period in the flowsheet's currency."""
    value, unit = parse_quantity(words)
    if not footing.currency:
        raise EntryError(_no_currency())
    if unit is None:
        return float(value)
    named = _NAMELESS.sub(footing.currency, unit)
    above, _, below = named.partition("/")
    if below and parse_unit(below).symbol == footing.period:
        named = above
    return float(convert(value, named, footing.currency))


def _no_currency() -> Issue:
    return problem(
        "flowsheet-without-currency",
        "There are prices or costs, but the currency is missing; enter it (“currency”).",
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as typed, with its uncertainty and how it is known.

    Attributes
    ----------
    words, uncertainty, basis, meter : str
    where : Where
    """

    words: str
    uncertainty: str = ""
    basis: Basis | None = None
    meter: str = ""
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Read:
    """A measurement and how its uncertainty was stated."""

    measurement: Measurement
    stated: Uncertainty


def read_measurement(
    typed: Typed,
    number: Callable[[str], tuple[float, str | None]],
    factor: Factor,
    scale: Scale = Scale.AMOUNT,
) -> Read:
    """A number with its standard deviation.

    Without a stated uncertainty it gets that of its basis; without a basis it counts as measured where an uncertainty or
    a meter is given, and as estimated where not.

    Raises
    ------
    EntryError, UnitError
        If number or uncertainty cannot be read.
    """
    words, behind = split_uncertainty(typed.words)
    if behind and typed.uncertainty:
        raise EntryError(
            problem(
                "uncertainty-twice",
                "The uncertainty stands behind the number (“{inline}”) and in its own field (“{own}”); keep one.",
                inline=behind,
                own=typed.uncertainty,
            )
        )
    said = behind or typed.uncertainty
    value, unit = number(words)
    basis = typed.basis or (Basis.MEASURED if said or typed.meter else Basis.ESTIMATED)
    if scale is Scale.SHARE and unit is not None and unit not in ("%", "％"):
        scale = Scale.AMOUNT
    stated = _stated(said, value, basis, scale)

    def scaled(other: str | None) -> float:
        if other is not None and unit is not None and not same_dimension(other, unit):
            raise EntryError(
                problem(
                    "uncertainty-unit",
                    "The uncertainty is in “{other}” and the number in “{unit}”; write both in the same kind of unit.",
                    other=other,
                    unit=unit,
                )
            )
        return factor(other if other is not None else unit)

    sd = standard_deviation(stated, value, scaled)
    return Read(Measurement(value, sd, basis, typed.meter, typed.where), stated)


def _stated(said: str, value: float, basis: Basis, scale: Scale) -> Uncertainty:
    """The uncertainty as typed, or what is assumed where there is none."""
    if said:
        stated = parse_uncertainty(said, scale)
        if value == 0 and stated.of_the_value:
            raise EntryError(
                problem(
                    "uncertainty-of-nothing",
                    "“{found}”: a percentage of 0 is 0. State the uncertainty as an amount, or write “exact”.",
                    found=said,
                )
            )
        return stated
    stated = assumed_uncertainty(basis, temperature=scale is Scale.TEMPERATURE)
    # An empty store is empty: a share of nothing says nothing.
    return Uncertainty(Statement.EXACT) if value == 0 and stated.relative else stated


def read_number(words: str) -> float:
    """A plain number."""
    value, unit = parse_quantity(words)
    if unit is not None:
        raise EntryError(
            problem(
                "number-with-unit",
                "“{found}” has “{unit}” behind the number; only the number is expected here.",
                found=words,
                unit=unit,
            )
        )
    return float(value)


def read_heat(words: str, wanted: str) -> float:
    """Heat a unit of mass (and degree), such as ``4.186 kJ/(kg·K)``, in the unit wanted, in which a bare number is."""
    value, typed = parse_quantity(words)
    return float(convert(value, typed or wanted, wanted))


def read_density(words: str) -> float:
    """A density [kg/m³]; a bare number is in kg/L."""
    value, unit = parse_quantity(words)
    found = convert(value, unit or "kg/L", "kg/m³")
    if found <= Decimal(0):
        raise EntryError(problem("density-not-positive", "A density is greater than 0."))
    return float(found)


READING_ERRORS: Final = (EntryError, UnitError)
