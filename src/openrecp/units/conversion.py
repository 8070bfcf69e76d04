"""Converting between units, exactly, and naming what a unit measures."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from openrecp.errors import UnitError, problem
from openrecp.texts import Text, text
from openrecp.units import table
from openrecp.units.grammar import parse_unit
from openrecp.units.table import CURRENCIES, Dimension, Unit

_PRECISION: Final = Context(prec=28, rounding=ROUND_HALF_EVEN)
_LARGEST_EXPONENT = 100


def _as_unit(unit: Unit | str) -> Unit:
    return parse_unit(unit) if isinstance(unit, str) else unit


def _exact(value: Decimal | float) -> Fraction:
    number = Decimal(value)
    if not number.is_finite() or (number and abs(number.adjusted()) > _LARGEST_EXPONENT):
        raise ValueError(f"not a number that can be converted: {value}")
    return Fraction(number)


def convert(value: Decimal | float, from_unit: Unit | str, to_unit: Unit | str) -> Decimal:
    """Express a value in another unit of the same dimension.

    The arithmetic is exact; the result is rounded once, half to even, to 28 significant digits.

    Raises
    ------
    UnitError
        If the units do not measure the same thing, or one is not known.
    ValueError
        If the value is not finite.

    Examples
    --------
    >>> convert(Decimal("1.5"), "公噸/月", "t/yr"), convert(Decimal(212), "°F", "°C")
    (Decimal('18'), Decimal('100'))
    >>> convert(Decimal(1), "lb", "kg"), convert(Decimal(1), "gal", "L")
    (Decimal('0.45359237'), Decimal('3.785411784'))
    """
    start, end = _as_unit(from_unit), _as_unit(to_unit)
    if start.dimension != end.dimension:
        raise _mismatch(start, end)
    exact = (_exact(value) * start.factor + start.offset - end.offset) / end.factor
    return _PRECISION.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def to_base(value: Decimal | float, unit: Unit | str) -> float:
    """The value in base units (kg, m, s, K and the counted ones), as a float.

    >>> to_base(Decimal(1), "m³/d") * 86400, to_base(25, "°C")
    (1.0, 298.15)
    """
    known = _as_unit(unit)
    return float(_exact(value) * known.factor + known.offset)


def from_base(value: Decimal | float, unit: Unit | str) -> float:
    """The value in ``unit`` of an amount given in base units.

    >>> from_base(3_600_000, "kWh")
    1.0
    """
    known = _as_unit(unit)
    return float((_exact(value) - known.offset) / known.factor)


def same_dimension(a: Unit | str, b: Unit | str) -> bool:
    """Whether two units measure the same thing.

    >>> same_dimension("L/min", "立方公尺/日"), same_dimension("kg", "L")
    (True, False)
    """
    return _as_unit(a).dimension == _as_unit(b).dimension


def _mismatch(start: Unit, end: Unit) -> UnitError:
    return UnitError(
        problem(
            "unit-mismatch",
            "“{found}” measures {found_dimension}, but {expected_dimension} is expected here; "
            "write a unit such as {expected}.",
            found=start.symbol,
            found_dimension=dimension_name(start),
            expected_dimension=dimension_name(end),
            expected=end.symbol,
        )
    )


_NAMES: Final[dict[Dimension, Text]] = {
    table.MASS: text("mass"),
    table.VOLUME: text("volume"),
    table.NORMAL_VOLUME: text("gas volume at normal conditions"),
    table.ENERGY: text("energy"),
    table.POWER: text("power"),
    table.ITEM: text("number of items"),
    table.BATCH: text("number of batches"),
    table.PERSON: text("number of persons"),
    table.OCCURRENCE: text("number of times"),
    table.AREA: text("area"),
    table.LENGTH: text("length"),
    table.TIME: text("time"),
    table.TEMPERATURE: text("temperature"),
    table.FORCE: text("force"),
    table.PRESSURE: text("pressure"),
    table.VISCOSITY: text("viscosity"),
    table.KINEMATIC_VISCOSITY: text("kinematic viscosity"),
    table.NUMBER: text("a pure number"),
    table.dimension(length=2, time=-2): text("energy per mass"),
    table.dimension(person=1, time=1): text("labour time"),
    **{table.dimension(**{code: 1}): text("money in {currency}", currency=code) for code in CURRENCIES},
}
_NEVER_ABOVE: Final = frozenset({table.VISCOSITY, table.KINEMATIC_VISCOSITY, table.FORCE, table.PRESSURE})
_BASE: Final = {"mass": "kg", "length": "m", "time": "s", "temperature": "K", "normal_volume": "Nm³"}
_BELOW: Final = (
    table.TIME,
    table.VOLUME,
    table.NORMAL_VOLUME,
    table.ITEM,
    table.MASS,
    table.AREA,
    table.ENERGY,
    table.BATCH,
    table.PERSON,
    table.LENGTH,
    table.TEMPERATURE,
)


def dimension_name(unit: Unit | str) -> Text:
    """What a unit measures, in words for messages.

    >>> str(dimension_name("t/yr")), str(dimension_name("TWD/m3")), str(dimension_name("kW"))
    ('mass per time', 'money in TWD per volume', 'power')
    """
    return _name(_as_unit(unit).dimension)


@lru_cache(maxsize=512)
def _name(measured: Dimension) -> Text:
    if measured in _NAMES:
        return _NAMES[measured]
    above_of = {below: _times(measured, below) for below in _BELOW}
    for below, above in above_of.items():
        if above == table.NUMBER:
            return text("number per {below}", below=_NAMES[below])
    for below, above in above_of.items():
        if above in _NAMES and above not in _NEVER_ABOVE:
            return text("{above} per {below}", above=_NAMES[above], below=_NAMES[below])
    # Area and time together, as in kg/(m²·h), stay below the line one after the other.
    for below, above in above_of.items():
        if len(above) < len(measured):
            return text("{above} per {below}", above=_name(above), below=_NAMES[below])
    symbols = (f"{_BASE.get(name, name)}{'' if power == 1 else f'^{power}'}" for name, power in measured)
    return text("a quantity in {base}", base="·".join(symbols))


def _times(a: Dimension, b: Dimension) -> Dimension:
    exponents = dict(a)
    for name, power in b:
        exponents[name] = exponents.get(name, 0) + power
    return table.dimension(**exponents)
