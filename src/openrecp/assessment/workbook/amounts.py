"""From a cell to a number, a quantity, a price or an amount of money, and what to say where that fails."""

from __future__ import annotations

import dataclasses
import unicodedata
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from openrecp.assessment.spec import Currency, Kind, Quantity, RecordField
from openrecp.assessment.workbook.grid import Cell, CellKind
from openrecp.assessment.workbook.tables import Entry
from openrecp.entries import EntryError, parse_quantity
from openrecp.errors import Issue, Severity, UnitError, Where, problem
from openrecp.texts import Text
from openrecp.units import Dimension, Unit, convert, dimension_name, parse_unit

_DECIMALS: Final = Decimal("1e-15")
_WIDE: Final = Context(prec=60)
_LARGEST: Final = Decimal("1e15")
_LONGEST_UNIT = 40
# What is counted: a plain number may carry these words, as in “120 人”.
_COUNTED: Final = tuple(parse_unit(unit).dimension for unit in ("person", "piece", "times", "batch"))


@dataclasses.dataclass(slots=True)
class Place:
    """Where a value stands, what it is for, and the findings about it so far."""

    field: RecordField
    where: Where
    currency: Currency
    issues: list[Issue] = dataclasses.field(default_factory=list)

    def say(self, issue: Issue, cell: Cell | None = None) -> None:
        """Add a finding about this value, or about the cell of its unit."""
        where = self.where
        if cell is not None:
            where = Where(where.file, where.sheet, cell.address, where.line, where.path)
        self.issues.append(issue.at(where))

    @property
    def label(self) -> Text:
        """Name of the field."""
        return self.field.spec.label


def unusable(cell: Cell) -> Issue | None:
    """Why a cell has no value at all; None where it has one."""
    if cell.kind is CellKind.ERROR:
        return problem(
            "excel-error",
            "“{found}” is an error shown by Excel; mend the formula or enter the number.",
            found=cell.words,
        )
    if cell.kind is CellKind.UNCACHED:
        return problem(
            "formula-without-value",
            "The formula in this cell has no saved value. Open the workbook in Excel or LibreOffice, save it there, "
            "and read it again.",
        )
    return None


def written_number(cell: Cell, place: Place) -> tuple[Decimal, str] | None:
    """The number in a cell and the unit typed behind it; None, and a finding, where there is none."""
    issue = unusable(cell)
    if issue is None and cell.kind in {CellKind.DATE, CellKind.TIME, CellKind.TRUTH}:
        issue = problem(
            "number-expected",
            "“{found}” is a date, a time or a yes/no value, but “{label}” is a number. Format the cell as a number "
            "and enter it again.",
            found=cell.words,
            label=place.label,
        )
    if issue is not None:
        place.say(issue)
        return None
    if cell.kind is CellKind.PERCENT and isinstance(cell.value, Decimal):
        return cell.value * 100, "%"
    if isinstance(cell.value, Decimal):
        return cell.value, ""
    try:
        value, unit = parse_quantity(cell.words)
    except EntryError as error:
        place.say(error.issues[0])
        return None
    return value, unit or ""


def limited(value: Decimal, place: Place) -> Decimal | None:
    """A number as the document can keep it: below 10¹⁵ and with at most 15 decimals."""
    if abs(value) >= _LARGEST or (value and not value.quantize(_DECIMALS, context=_WIDE)):
        place.say(
            problem(
                "number-out-of-range",
                "“{found}” is too large or too small to be meant; check the digits.",
                found=f"{value:.6E}",
            )
        )
        return None
    exponent = value.as_tuple().exponent
    return value.quantize(_DECIMALS, context=_WIDE) if isinstance(exponent, int) and exponent < -15 else value


def check_limits(value: Decimal, place: Place, shown: str) -> None:
    """Say so where a number is outside the limits of its field; it is kept as entered."""
    least, most = place.field.spec.minimum, place.field.spec.maximum
    if least is not None and value < least:
        place.say(
            problem(
                "number-outside-limits",
                "“{label}” is {found}, but cannot be less than {least}. Check the number.",
                label=place.label,
                found=shown,
                least=least,
            )
        )
    elif most is not None and value > most:
        place.say(
            problem(
                "number-outside-limits",
                "“{label}” is {found}, but cannot be more than {most}. Check the number.",
                label=place.label,
                found=shown,
                most=most,
            )
        )


def known_unit(words: str, place: Place, *, kept: bool = False) -> Unit | None:
    """The unit, or None and a finding; only a warning where the words are ``kept`` as entered."""
    try:
        return parse_unit(words, place.currency.value)
    except UnitError as error:
        severity = Severity.WARNING if kept else Severity.ERROR
        place.say(dataclasses.replace(error.issues[0], severity=severity))
        return None


def quiet_unit(words: str, currency: Currency) -> Unit | None:
    """The unit, or None where the words name none."""
    try:
        return parse_unit(words, currency.value)
    except UnitError:
        return None


@lru_cache(maxsize=256)
def dimensions(units: tuple[str, ...]) -> frozenset[Dimension]:
    """What a field may measure, by the units it offers."""
    return frozenset(parse_unit(unit).dimension for unit in units)


def read_number(entry: Entry, place: Place) -> Decimal | None:
    """A plain number, in the one unit its field has."""
    cell = entry.value
    found = None if cell is None else written_number(cell, place)
    if cell is None or found is None:
        return None
    value = _in_fixed_unit(*found, entry.heading, place)
    if value is not None:
        value = limited(value, place)
    if value is not None and place.field.kind is Kind.INTEGER and value != value.to_integral_value():
        place.say(
            problem(
                "whole-number-expected",
                "“{label}” is {found}, but must be a whole number.",
                label=place.label,
                found=value,
            )
        )
        return None
    if value is not None:
        check_limits(value, place, cell.words)
    return value


def _in_fixed_unit(value: Decimal, unit: str, heading: str, place: Place) -> Decimal | None:
    fixed = place.field.spec.units[0] if place.field.spec.units else ""
    given = unit or (heading if heading and quiet_unit(heading, place.currency) else fixed)
    if given == fixed:
        return value
    known = known_unit(given, place)
    if known is None:
        return None
    if not fixed and known.dimension in _COUNTED and known.factor == 1:
        return value
    wanted = parse_unit(fixed or "1")
    if known.dimension != wanted.dimension or not fixed:
        say_other_kind(given, known, place, (fixed,) if fixed else ())
        return None
    if known.factor == wanted.factor and known.offset == wanted.offset:
        return value
    converted = convert(value, known, wanted)
    # As many digits as Excel shows: a third of a month has no exact place in years.
    converted = Decimal(f"{converted:.12g}")
    place.say(
        problem(
            "unit-converted",
            "{found} {unit} was taken as {value} {fixed}, the unit of “{label}”.",
            severity=Severity.NOTE,
            found=value,
            unit=given,
            value=converted,
            fixed=fixed,
            label=place.label,
        )
    )
    return Decimal(f"{converted:f}")


def say_other_kind(given: str, known: Unit, place: Place, units: tuple[str, ...]) -> None:
    """A finding about a unit that measures something else than the field, or stands where none is wanted."""
    if not units:
        place.say(
            problem(
                "unit-not-expected",
                "“{given}” stands behind the number, but “{label}” has no unit; enter the number alone.",
                given=given,
                label=place.label,
            )
        )
        return
    place.say(
        problem(
            "unit-of-other-kind",
            "“{given}” measures {kind}, but “{label}” is given in units such as {units}.",
            given=given,
            kind=dimension_name(known),
            label=place.label,
            units=list(units[:3]),
        )
    )


def read_quantity(entry: Entry, place: Place) -> Quantity | None:
    """A value with its unit, both as entered."""
    cell = entry.value
    found = None if cell is None else written_number(cell, place)
    if cell is None or found is None:
        return None
    value = limited(found[0], place)
    unit = chosen_unit(found[1], entry, place)
    if value is None or unit is None:
        return None
    if not can_be_unit(unit):
        place.say(unit_too_long())
        return None
    known = known_unit(unit, place, kept=True)
    units = place.field.spec.units
    if known is not None and units and known.dimension not in dimensions(units):
        say_other_kind(unit, known, place, units)
    elif known is not None and units:
        _check_quantity(value, unit, known, place)
    return Quantity(value=value, unit=unit)


def can_be_unit(words: str) -> bool:
    """Whether the document can keep these words as a unit."""
    return len(words) <= _LONGEST_UNIT and not any(unicodedata.category(c) in {"Cc", "Cs"} for c in words)


def unit_too_long() -> Issue:
    """The finding about words that cannot be kept as a unit."""
    return problem(
        "unit-too-long", "The unit is too long to be one; write one such as kg, t/yr, 公噸/年 or kWh."
    )


def _check_quantity(value: Decimal, unit: str, known: Unit, place: Place) -> None:
    spec = place.field.spec
    if spec.minimum is None and spec.maximum is None:
        return
    usual = parse_unit(spec.units[0])
    if usual.dimension == known.dimension:
        check_limits(convert(value, known, usual), place, f"{value:f} {unit}")


def chosen_unit(typed: str, entry: Entry, place: Place) -> str | None:
    """The unit beside the number before that of the unit cell, of the heading, and of the field."""
    cell = entry.unit
    beside = ""
    if cell is not None:
        issue = unusable(cell)
        if issue is not None:
            place.say(issue, cell)
        else:
            beside = cell.words
    if typed and beside:
        _compare_units(typed, beside, place)
    if typed or beside:
        return typed or beside
    if entry.heading and quiet_unit(entry.heading, place.currency) is not None:
        return entry.heading
    if len(place.field.spec.units) == 1:
        return place.field.spec.units[0]
    place.say(
        problem(
            "unit-missing-here",
            "“{label}” is {found} without a unit; choose one such as {units}.",
            label=place.label,
            found=entry.value.words if entry.value is not None else "",
            units=list(place.field.spec.units[:3]),
        )
    )
    return None


def _compare_units(typed: str, beside: str, place: Place) -> None:
    one, other = quiet_unit(typed, place.currency), quiet_unit(beside, place.currency)
    same = (
        typed == beside
        if one is None or other is None
        else (one.dimension, one.factor)
        == (
            other.dimension,
            other.factor,
        )
    )
    if not same:
        place.say(
            problem(
                "unit-conflict",
                "“{typed}” stands behind the number, but the unit chosen is “{beside}”; “{typed}” was kept. Make the "
                "two agree.",
                severity=Severity.WARNING,
                typed=typed,
                beside=beside,
            )
        )
