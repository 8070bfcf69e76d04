"""Messages and their values, rendered in a language that the caller names.

Nothing is switched globally: a text is built once and can be rendered in both languages side by side.
Source strings are English; Traditional Chinese comes from the compiled catalogue beside this module.
"""

from __future__ import annotations

import gettext
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, Self

from openrecp.errors import Issue

Language = Literal["en", "zh-hant"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh-hant")

_LOCALE = Path(__file__).parent / "locale"
_FOLDER: Final[Mapping[str, str]] = {"zh-hant": "zh_Hant"}


@dataclass(frozen=True, slots=True)
class Text:
    """A message in English with ``{placeholders}`` and the values that fill them."""

    message: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def __str__(self) -> str:
        return render(self, "en")


def text(message: str, /, **values: Any) -> Text:
    """Mark an English message for translation and keep its values.

    >>> render(text("{count} streams", count=1200), "en")
    '1,200 streams'
    """
    return Text(message, MappingProxyType(values))


class Choice(StrEnum):
    """A closed list of answers; each member has a stable value and a label in both languages."""

    label: Text

    def __new__(cls, value: str, label: Text | None = None) -> Self:
        """Make a member; a member without a label is shown by its value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or Text(value)
        return member


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    folder = _FOLDER.get(language)
    if folder is None:
        return gettext.NullTranslations()
    return gettext.translation("openrecp", _LOCALE, languages=[folder], fallback=True)


def render(item: object, language: Language) -> str:
    """The words for a text, a finding, a choice, a number, a date, or a plain string.

    Raises
    ------
    ValueError
        If the language is neither ``en`` nor ``zh-hant``.
    """
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}; expected one of {', '.join(LANGUAGES)}")
    if isinstance(item, (Text, Issue)):
        return _fill(item.message, item.values, language)
    if isinstance(item, Choice):
        return render(item.label, language)
    if isinstance(item, bool):
        return render(text("yes") if item else text("no"), language)
    if isinstance(item, (int, float, Decimal)):
        return format_number(item)
    if isinstance(item, date):
        return format_date(item, language)
    if isinstance(item, (list, tuple)):
        return join_items([render(each, language) for each in item], language)
    return "" if item is None else str(item)


def _fill(message: str, values: Mapping[str, Any], language: Language) -> str:
    translated = _catalogue(language).gettext(message) if message else ""
    if not values:
        return translated
    return translated.format_map({key: render(value, language) for key, value in values.items()})


def join_items(items: list[str], language: Language) -> str:
    """Put items in one line with the language's own separator."""
    return ("、" if language == "zh-hant" else ", ").join(items)


def format_date(day: date, language: Language) -> str:
    """A date as people write it: ``21 Nov 2026`` or ``2026 年 11 月 21 日``."""
    if language == "zh-hant":
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day.day} {months[day.month - 1]} {day.year}"


def format_number(value: float | Decimal, digits: int | None = None) -> str:
    """A number with separated thousands; ``digits`` fixes the decimals, else all that matter are shown.

    What is no finite number is shown as a dash.

    >>> format_number(1234567.5), format_number(12.0), format_number(0.3527, 2)
    ('1,234,567.5', '12', '0.35')
    """
    if not math.isfinite(value):
        return "–"
    if digits is not None:
        shown = f"{value:,.{digits}f}"
        return shown[1:] if shown.startswith("-") and not shown.strip("-0.,") else shown
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        shown = f"{value:,f}"
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    shown = f"{value:,.10f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:g}"
    return shown if shown not in {"-0", ""} else "0"


def format_significant(value: float | Decimal, digits: int = 3) -> str:
    """A measured or derived number with as many significant digits as it deserves.

    >>> format_significant(1234.5678), format_significant(0.034567), format_significant(8.0714)
    ('1,235', '0.0346', '8.07')
    """
    number = float(value)
    if not math.isfinite(number):
        return "–"
    if number == 0:
        return "0"
    if abs(number) >= 10 ** (digits - 1):
        return format_number(number, 0)
    exponent = int(f"{abs(number):e}".split("e")[1])
    return format_number(number, max(digits - 1 - exponent, 0))
