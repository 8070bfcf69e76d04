"""Reading a unit as people write it.

``t/yr``, ``tonnes per year``, ``公噸／年``, ``kg/(m2 h)``, ``m³/day``, ``CMD``, ``千立方公尺/月`` all parse;
what could mean two things is refused with both meanings named.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final

from openrecp.units import refusals
from openrecp.units.table import (
    ABBREVIATIONS,
    CURRENCIES,
    EXACT_ONLY,
    NAMELESS_MONEY,
    SPELLINGS,
    Unit,
    dimension,
)

_LONGEST = 100
_HIGHEST_POWER = 9
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_DRAWN: Final = str.maketrans(
    {**dict.fromkeys("·⋅‧∙•・×∗", "*"), **dict.fromkeys("º˚", "°"), "−": "-", "‐": "-", "‑": "-", "∕": "/"}
)
_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CJK = "\u3400-\u9fff"
_SCALES: Final = {"千": 10**3, "萬": 10**4, "百萬": 10**6, "千萬": 10**7, "億": 10**8}
_CASE_MATTERS: Final = frozenset(
    {"mg", "Mg", "mL", "ML", "mW", "MW", "mPa", "MPa", "MJ", "MWh", "Mcal", "mm", "mbar"}
)


def _phrases(words: list[str]) -> re.Pattern[str]:
    spelled = (re.escape(word).replace(r"\ ", r"[\s.\-]+") for word in sorted(words, key=len, reverse=True))
    before = rf"(?:(?<=[千萬億])|(?<![A-Za-z{_CJK}]))"
    return re.compile(rf"{before}(?:{'|'.join(spelled)})(?![A-Za-z{_CJK}])", re.IGNORECASE)


_ABBREVIATED: Final = {word.casefold(): meaning for word, meaning in ABBREVIATIONS.items()}
_ABBREVIATION: Final = _phrases(list(ABBREVIATIONS))
_SPACED: Final = _phrases([word for word in SPELLINGS if " " in word])
_KILOGRAM_PER_CM2: Final = re.compile(r"(?:kgf?|公斤力?)\s*/\s*cm\s*\^?\s*2\s*(?P<gauge>g?)", re.IGNORECASE)
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<int>\d+)|(?P<op>\*\*|[/*()^])|(?P<minus>-)|(?P<dot>\.(?!\d))"
    r"|(?P<word>mmH2O|Nm\^?3(?!\d)|[^\s\d/*()^.,\-+]+))"
)


@lru_cache(maxsize=4096)
def parse_unit(text: str, default_currency: str | None = None) -> Unit:
    """Read a unit.

    Parameters
    ----------
    text : str
        The unit as written, in English or Traditional Chinese, half or full width.
    default_currency : str or None
        The ISO code that ``元``, ``$`` and ``dollar`` stand for; None refuses them.

    Returns
    -------
    Unit
        With a canonical symbol, which parses to the same unit.

    Raises
    ------
    UnitError
        If the unit is missing, unknown, or can be read in more than one way.

    Examples
    --------
    >>> parse_unit("公噸／月").symbol, parse_unit("tonnes per month").symbol
    ('t/month', 't/month')
    >>> parse_unit("kg/(m2 h)").symbol, parse_unit("CMD").symbol
    ('kg/(m²·h)', 'm³/d')
    >>> parse_unit("ton")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    openrecp.errors.UnitError: “ton” may mean the metric ton (1,000 kg) or the short ton (907.18474 kg); ...
    """
    plain = _plain(text)
    if not plain:
        raise refusals.missing()
    if len(plain) > _LONGEST:
        raise refusals.malformed(text)
    if plain in {"C", "F"}:
        plain = "°" + plain
    return _Reader(text.strip(), plain, default_currency).read()


def _plain(text: str) -> str:
    """The text in half width, raised digits as ``^n``, the many dots and dashes as ``*`` and ``-``."""
    drawn = re.sub(rf"[⁻]?[{_RAISED}]+", lambda raised: "^" + raised[0].translate(_SUPERSCRIPTS), text)
    drawn = unicodedata.normalize("NFKC", drawn.translate(_DRAWN)).translate(_DRAWN)
    pressure = _KILOGRAM_PER_CM2.fullmatch(drawn.strip().replace("平方公分", "cm2"))
    if pressure:
        # Written this way, people mean the technical atmosphere and not a mass on an area.
        if pressure["gauge"]:
            raise refusals.gauge(text)
        return "kgf/cm2"
    drawn = _ABBREVIATION.sub(lambda found: _ABBREVIATED[_one_space(found[0])], drawn)
    drawn = _SPACED.sub(lambda found: _one_space(found[0]).replace(" ", "_"), drawn)
    return re.sub(r"每|(?<![A-Za-z])per(?![A-Za-z])", "/", drawn, flags=re.IGNORECASE).strip()


def _one_space(words: str) -> str:
    return re.sub(r"[\s\-]+|[.](?=\s)", " ", words.casefold()).replace("  ", " ")


def _folded() -> dict[str, frozenset[Unit]]:
    folded: dict[str, set[Unit]] = {}
    for word, unit in SPELLINGS.items():
        if word not in EXACT_ONLY:
            folded.setdefault(word.casefold(), set()).add(unit)
    return {word: frozenset(units) for word, units in folded.items()}


_FOLDED: Final = _folded()


def _named(word: str, default_currency: str | None) -> tuple[int, Unit]:
    """The unit of one word, and the multiplier it starts with (``千立方公尺``)."""
    word = word.replace("_", " ").replace("^", "")
    if default_currency is not None and word.casefold() in NAMELESS_MONEY:
        return 1, SPELLINGS[default_currency]
    reason = refusals.refused(word)
    if reason is not None:
        raise reason
    exact = SPELLINGS.get(word)
    if exact is not None:
        return 1, exact
    known = _FOLDED.get(word.casefold(), frozenset())
    if len(known) > 1:
        raise refusals.ambiguous_case(word, (unit.symbol for unit in known))
    for unit in known:
        if unit.symbol in _CASE_MATTERS and len(word) == len(unit.symbol) and word[0] != unit.symbol[0]:
            raise refusals.unknown(word, [unit.symbol])
        return 1, unit
    for scale in sorted(_SCALES, key=len, reverse=True):
        if word.startswith(scale) and len(word) > len(scale):
            inner, unit = _named(word[len(scale) :], default_currency)
            return _SCALES[scale] * inner, unit
    raise refusals.unknown(word)


@dataclass(frozen=True, slots=True)
class _Part:
    """A unit in a product: ``scale`` times ``unit`` to a power."""

    scale: int
    unit: Unit | None
    power: int


class _Reader:
    """Recursive descent over ``product ('/' product)*``."""

    def __init__(self, text: str, plain: str, default_currency: str | None) -> None:
        self.text = text
        self.default_currency = default_currency
        self.tokens = self._tokens(plain)
        self.place = 0
        if default_currency is not None and default_currency not in CURRENCIES:
            raise ValueError(f"unknown currency {default_currency!r}")

    def _tokens(self, plain: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(plain):
            found = _TOKEN.match(plain, place)
            if found is None or found.lastgroup is None:
                raise refusals.malformed(self.text)
            tokens.append((found.lastgroup, found[found.lastgroup]))
            # Digits right behind a word are its exponent: m3, cm2, s-1.
            raised = re.match(r"-?\d+", plain[found.end() :]) if found.lastgroup == "word" else None
            if raised:
                tokens += [("op", "^"), ("int", raised[0])]
            place = found.end() + (raised.end() if raised else 0)
        return tokens

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self.place += 1
        return token

    def read(self) -> Unit:
        parts = [part for part in self._quotient() if part.unit is not None or part.scale > 1]
        if self._peek()[0] != "end" or _highest_power(parts) > _HIGHEST_POWER or _scales_a_zero_point(parts):
            raise refusals.malformed(self.text)
        unit = _compose(parts)
        if len(unit.symbol) > _LONGEST:
            raise refusals.malformed(self.text)
        return unit

    def _quotient(self) -> list[_Part]:
        parts = [] if self._peek() == ("op", "/") else self._product()[0]
        while self._peek() == ("op", "/"):
            self._take()
            below, factors = self._product()
            if factors > 1:
                raise refusals.two_readings(self.text)
            parts += [replace(part, power=-part.power) for part in below]
        return parts

    def _product(self) -> tuple[list[_Part], int]:
        kind, word = self._peek()
        if kind == "int":
            self._take()
            if int(word) == 0:
                raise refusals.malformed(self.text)
            parts = [_Part(int(word), None, 1)]
            if self._peek()[0] == "word":
                parts += self._factor()
        else:
            parts = self._factor()
        factors = 1
        while True:
            kind, word = self._peek()
            if (kind, word) == ("op", "*") or kind in {"minus", "dot"}:
                self._take()
            elif kind != "word" and word != "(":
                return parts, factors
            parts += self._factor()
            factors += 1

    def _factor(self) -> list[_Part]:
        kind, word = self._take()
        if word == "(":
            parts = self._quotient()
            if self._take()[1] != ")":
                raise refusals.malformed(self.text)
        elif kind == "word":
            scale, unit = _named(word, self.default_currency)
            parts = [_Part(scale, None, 1)] if scale > 1 else []
            parts.append(_Part(1, unit, self._power()))
            return parts
        else:
            raise refusals.malformed(self.text)
        power = self._power()
        return [replace(part, power=part.power * power) for part in parts]

    def _power(self) -> int:
        if self._peek()[1] not in {"^", "**"}:
            return 1
        self._take()
        sign = -1 if self._peek()[0] == "minus" else 1
        if sign < 0:
            self._take()
        kind, word = self._take()
        if kind != "int" or not 0 < abs(int(word)) <= _HIGHEST_POWER:
            raise refusals.malformed(self.text)
        return sign * int(word)


def _highest_power(parts: list[_Part]) -> int:
    """The highest power any one unit or number comes to, above or below the line."""
    powers: dict[tuple[Unit | None, bool], int] = {}
    for part in parts:
        above = part.power > 0
        powers[part.unit, above] = powers.get((part.unit, above), 0) + abs(part.power)
    return max(powers.values(), default=0)


def _scales_a_zero_point(parts: list[_Part]) -> bool:
    """Whether it says ``10 °C``, which is a temperature and no unit."""
    units = [part for part in parts if part.unit is not None]
    return (
        len(parts) > len(units) == 1 and bool(units[0].unit and units[0].unit.offset) and units[0].power == 1
    )


def _compose(parts: list[_Part]) -> Unit:
    if len(parts) == 1 and parts[0].unit is not None and parts[0].power == 1:
        return parts[0].unit
    factor = Fraction(1)
    exponents: dict[str, int] = {}
    for part in parts:
        if part.unit is None:
            factor *= Fraction(part.scale) ** part.power
            continue
        # °C in a compound is a difference of temperatures, so its zero point does not matter.
        factor *= part.unit.factor**part.power
        for base, power in part.unit.dimension:
            exponents[base] = exponents.get(base, 0) + power * part.power
    return Unit(_symbol(parts), dimension(**exponents), factor)


def _symbol(parts: list[_Part]) -> str:
    above, below = _side(parts, 1), _side(parts, -1)
    if not below:
        return above or "1"
    return f"{above or '1'}/({below})" if "·" in below or " " in below else f"{above or '1'}/{below}"


def _side(parts: list[_Part], sign: int) -> str:
    scale, powers = 1, dict[str, int]()
    for part in parts:
        if part.power * sign < 0:
            continue
        if part.unit is None:
            scale *= part.scale ** abs(part.power)
        else:
            powers[part.unit.symbol] = powers.get(part.unit.symbol, 0) + abs(part.power)
    product = "·".join(_raised(symbol, power) for symbol, power in powers.items())
    return f"{scale} {product}".strip() if scale > 1 else product


def _raised(symbol: str, power: int) -> str:
    if power == 1:
        return symbol
    # Nm³ has a raised digit of its own.
    symbol = f"({symbol})" if symbol[-1] in _RAISED else symbol
    return symbol + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(power))
