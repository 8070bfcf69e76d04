"""From a cell to an amount of money or a price, in the currency of the assessment."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from openrecp.assessment.spec import Money, UnitPrice
from openrecp.assessment.workbook.amounts import (
    Place,
    can_be_unit,
    check_limits,
    chosen_unit,
    dimensions,
    known_unit,
    limited,
    quiet_unit,
    say_other_kind,
    unit_too_long,
    written_number,
)
from openrecp.assessment.workbook.tables import Entry
from openrecp.errors import Issue, Severity, problem
from openrecp.units import Unit, parse_unit

# Rounding an amount to its currency's decimals is worth a word only where more than noise is dropped.
_NOISE: Final = Decimal("1e-6")


def read_money(entry: Entry, place: Place) -> Money | None:
    """An amount of money in the currency of the assessment."""
    cell = entry.value
    found = None if cell is None else written_number(cell, place)
    if cell is None or found is None:
        return None
    value, unit = found
    words = unit or (entry.heading if quiet_unit(entry.heading, place.currency) else "")
    if words:
        scaled = _in_currency(value, words, cell.words, place)
        if scaled is None:
            return None
        value = scaled
    if limited(value, place) is None:
        return None
    minor = value.scaleb(place.currency.decimals).to_integral_value(ROUND_HALF_EVEN)
    amount = minor.scaleb(-place.currency.decimals)
    if abs(amount - value) > _NOISE * max(abs(value), Decimal(1)):
        place.say(
            problem(
                "money-rounded",
                "{found} was rounded to {amount} {currency}.",
                severity=Severity.NOTE,
                found=value,
                amount=amount,
                currency=place.currency.value,
            )
        )
    if abs(minor) > 10**15:
        place.say(
            problem(
                "number-out-of-range",
                "“{found}” is too large or too small to be meant; check the digits.",
                found=f"{value:.6E}",
            )
        )
        return None
    check_limits(amount, place, cell.words)
    return Money(minor=int(minor), currency=place.currency)


def _in_currency(value: Decimal, unit: str, shown: str, place: Place) -> Decimal | None:
    """The amount in whole units of the assessment's currency, of one in “千元” or the like."""
    # “NT$1,200元” names its currency twice.
    twice = _CURRENCY_SIGN.match(unit)
    if twice and quiet_unit(unit, place.currency) is None:
        sign, rest = quiet_unit(twice[0], place.currency), quiet_unit(unit[twice.end() :], place.currency)
        if sign is not None and rest is not None and sign.dimension == rest.dimension:
            unit = unit[twice.end() :]
    known = known_unit(unit, place)
    if known is None:
        return None
    own = parse_unit(place.currency.value)
    if known.dimension == own.dimension:
        scaled = value * known.factor.numerator / known.factor.denominator
        return Decimal(f"{scaled:f}")
    place.say(_foreign(shown, known, place))
    return None


def _foreign(shown: str, known: Unit, place: Place) -> Issue:
    codes = [name for name, power in known.dimension if power == 1 and name.isupper()]
    if codes:
        return problem(
            "money-in-other-currency",
            "“{found}” is in {other}, but this assessment is kept in {currency}. Enter the amount in {currency}.",
            found=shown,
            other=codes[0],
            currency=place.currency.value,
        )
    return problem(
        "money-expected",
        "“{found}” is not an amount of money; enter the amount in {currency}.",
        found=shown,
        currency=place.currency.value,
    )


_CURRENCY_SIGN: Final = re.compile(r"(?:NT|US|HK|S)?\$|€|£|新[台臺]幣|[台臺]幣|港幣|美金|人民幣|[A-Z]{3}")
_PER: Final = re.compile(r"\s*(?:[/／]|每|(?<![A-Za-z])per(?![A-Za-z]))\s*", re.IGNORECASE)


def read_price(entry: Entry, place: Place) -> UnitPrice | None:
    """An amount of money per unit."""
    cell = entry.value
    found = None if cell is None else written_number(cell, place)
    if cell is None or found is None:
        return None
    value, unit = found
    words, _, typed_per = _PER.sub("/", unit, count=1).partition("/")
    if words:
        scaled = _in_currency(value, words, cell.words, place)
        if scaled is None:
            return None
        value = scaled
    heading = _PER.sub("/", entry.heading, count=1).partition("/")[2]
    per = chosen_unit(typed_per.strip(), Entry(cell, entry.unit, heading), place)
    kept = limited(value, place)
    if per is None or kept is None:
        return None
    if not can_be_unit(per):
        place.say(unit_too_long())
        return None
    known = known_unit(per, place, kept=True)
    units = place.field.spec.units
    if known is not None and units and known.dimension not in dimensions(units):
        say_other_kind(per, known, place, units)
    check_limits(kept, place, cell.words)
    return UnitPrice(amount=kept, currency=place.currency, per=per)
