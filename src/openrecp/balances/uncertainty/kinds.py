"""How far a number may be off, as people state it, and the standard deviation that it comes to.

A plain ``± 2 %`` is read as the half-width of a 95 % interval: that is what people mean who say how sure they are,
and what certificates state. Who means the standard deviation says so (``sd 2 %``); whose number is a limit that is
never passed (a tolerance, an instrument class) gets a rectangular distribution, half-width over the root of 3. The
kind is kept with the number, so that every result can show how it was read.

References
----------
JCGM 100:2008 (GUM), 4.3.4 (expanded uncertainty), 4.3.7 and 4.4.5 (limits, rectangular), 5.1.2 (root sum of squares),
F.2.2.1 (resolution). Instrument class: limits of error in percent of the fiducial value, the upper limit of the range
(IEC 60051-1). Water meters: OIML R 49, limits in percent of the reading between Q2 and Q4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from openrecp.figures import Basis
from openrecp.texts import Choice, Text, text

HALF_WIDTH_95: Final = 1.959963984540054
"""Half-width of a 95 % interval in standard deviations."""

ASSUMED_SHARE: Final[Mapping[Basis, float]] = MappingProxyType(
    {
        Basis.VERIFIED: 0.01,
        Basis.MEASURED: 0.02,
        Basis.RECORDED: 0.02,
        Basis.CALCULATED: 0.05,
        Basis.ESTIMATED: 0.10,
        Basis.ASSUMED: 0.25,
    }
)
"""Standard deviation as a share of the value where nobody stated an uncertainty: conventions of this software, marked as
assumptions wherever they are used."""

ASSUMED_KELVIN: Final[Mapping[Basis, float]] = MappingProxyType(
    {
        Basis.VERIFIED: 0.5,
        Basis.MEASURED: 1.0,
        Basis.RECORDED: 1.0,
        Basis.CALCULATED: 2.0,
        Basis.ESTIMATED: 5.0,
        Basis.ASSUMED: 10.0,
    }
)
"""The same for temperatures [K], of which a percentage means nothing."""

WATER_METER_LIMITS: Final[Mapping[float, float]] = MappingProxyType({1.0: 0.01, 2.0: 0.02})
"""Limits of error of water meters by class as a share of the reading, from Q2 to Q4, water up to 30 °C (OIML R 49)."""


class Statement(Choice):
    """How an uncertainty is stated."""

    SD = "sd", text("Standard deviation")
    INTERVAL = "interval", text("Half-width of an interval")
    EXPANDED = "expanded", text("Expanded uncertainty with coverage factor")
    LIMIT = "limit", text("Limits that are never passed")
    RESOLUTION = "resolution", text("Smallest step of the reading")
    FULL_SCALE = "full-scale", text("Percent of full scale")
    CLASS = "class", text("Instrument class, percent of full scale")
    WATER_METER = "water-meter", text("Class of a water meter, percent of the reading")
    EXACT = "exact", text("Known exactly")
    COMBINED = "combined", text("Several, combined as root of the sum of squares")
    ASSUMED = "assumed", text("None stated, assumed from how the number is known")


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """An uncertainty as it was stated.

    Attributes
    ----------
    kind : Statement
    amount : float
        The number that was stated; a fraction of 1 where it is relative.
    relative : bool
        Whether it is a share of the value (of full scale, where the kind says so) rather than an amount.
    unit : str or None
        Unit of an amount as typed; None where it is that of the value.
    factor : float
        Standard deviations in the stated amount (2 for k = 2).
    full_scale : float or None
        Upper end of the instrument's range, in ``full_scale_unit``.
    parts : tuple of Uncertainty
        What a combined one is made of.
    words : str
        As typed.
    """

    kind: Statement
    amount: float = 0.0
    relative: bool = False
    unit: str | None = None
    factor: float = 1.0
    full_scale: float | None = None
    full_scale_unit: str | None = None
    parts: tuple[Uncertainty, ...] = ()
    words: str = ""

    @property
    def of_the_value(self) -> bool:
        """Whether any of it is a share of the value, so that a value of 0 would make it vanish."""
        if self.parts:
            return all(part.of_the_value for part in self.parts)
        return self.relative and self.full_scale is None and self.kind is not Statement.EXACT


def standard_deviation(
    stated: Uncertainty, value: float, scale: Callable[[str | None], float] = lambda _unit: 1.0
) -> float:
    """The standard deviation a stated uncertainty comes to.

    Parameters
    ----------
    stated : Uncertainty
    value : float
        The number it belongs to, in the unit wanted.
    scale : callable
        How many of the unit wanted are in one of a unit as typed; given None, in one of the unit in which
        the value was typed.

    Raises
    ------
    ValueError
        If the value is not finite.

    Examples
    --------
    >>> round(standard_deviation(Uncertainty(Statement.EXPANDED, 5.0, factor=2.0), 120.0), 6)
    2.5
    >>> class_1 = Uncertainty(Statement.CLASS, 0.01, relative=True, full_scale=200.0)
    >>> round(standard_deviation(class_1, 120.0), 6)  # 2 / sqrt(3)
    1.154701
    """
    if not math.isfinite(value):
        raise ValueError(f"the value must be finite, not {value}")
    if stated.parts:
        return math.hypot(*(standard_deviation(part, value, scale) for part in stated.parts))
    if stated.kind is Statement.EXACT:
        return 0.0
    if stated.full_scale is not None:
        width = stated.amount * stated.full_scale * scale(stated.full_scale_unit)
    elif stated.relative:
        width = stated.amount * abs(value)
    else:
        width = stated.amount * scale(stated.unit)
    return width / _DIVISORS.get(stated.kind, stated.factor)


_DIVISORS: Final[Mapping[Statement, float]] = {
    Statement.LIMIT: math.sqrt(3.0),
    Statement.FULL_SCALE: math.sqrt(3.0),
    Statement.CLASS: math.sqrt(3.0),
    Statement.WATER_METER: math.sqrt(3.0),
    # A step d means that the reading is within half of it.
    Statement.RESOLUTION: 2.0 * math.sqrt(3.0),
}


def assumed_uncertainty(basis: Basis, *, temperature: bool = False) -> Uncertainty:
    """What is assumed where no uncertainty was stated.

    >>> assumed_uncertainty(Basis.ESTIMATED).amount
    0.1
    """
    if temperature:
        return Uncertainty(Statement.ASSUMED, ASSUMED_KELVIN[basis], unit="K")
    return Uncertainty(Statement.ASSUMED, ASSUMED_SHARE[basis], relative=True)


def uncertainty_reading(stated: Uncertainty) -> Text:
    """How a stated uncertainty was read, in words."""
    match stated.kind:
        case Statement.INTERVAL:
            return text(
                "half-width of an interval, {factor} standard deviations", factor=round(stated.factor, 3)
            )
        case Statement.EXPANDED:
            return text("expanded uncertainty, coverage factor {factor}", factor=stated.factor)
        case Statement.SD:
            return text("standard deviation")
        case Statement.LIMIT | Statement.FULL_SCALE | Statement.CLASS | Statement.WATER_METER:
            return text(
                "limits that are never passed (rectangular): standard deviation = half-width over the root of 3"
            )
        case Statement.RESOLUTION:
            return text("smallest step: standard deviation = step over twice the root of 3")
        case Statement.COMBINED:
            return text("several parts, root of the sum of squares")
        case Statement.EXACT:
            return text("known exactly")
        case _ if stated.relative:
            return text("assumed: standard deviation {percent} % of the value", percent=stated.amount * 100.0)
        case _:
            return text("assumed: standard deviation {amount} K", amount=stated.amount)
