"""Why a unit is not accepted, in words that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from openrecp.errors import Issue, UnitError, problem
from openrecp.units.table import ABBREVIATIONS, SPELLINGS

_METRIC_OR_SHORT = problem(
    "unit-ambiguous",
    "“{found}” may mean the metric ton (1,000 kg) or the short ton (907.18474 kg); write t or short ton.",
)
_POWER_OR_WATER = problem(
    "unit-ambiguous", "“{found}” may mean kWh of electricity or m³ of water; write kWh or m³."
)
_WEIGHT_BY_PLACE = problem(
    "unit-ambiguous", "“{found}” differs from place to place; write 台斤 (600 g), 台兩 (37.5 g) or kg."
)
_CONTAINER = problem(
    "unit-no-fixed-size", "“{found}” has no fixed size; give the amount in litres or kilograms."
)
_SHIFT = problem("unit-no-fixed-size", "“{found}” has no fixed length; give the time in hours or days.")
_NAMELESS_MONEY = problem(
    "unit-ambiguous", "“{found}” does not say which currency is meant; write one such as TWD, HKD or USD."
)
_GAUGE = problem(
    "unit-unknown",
    "“{found}” is a gauge pressure, which starts at the air pressure of the place; give the absolute "
    "pressure in bar or kPa.",
)
_LETTER = problem(
    "unit-ambiguous", "“{found}” may mean several things here; write °C or °F for a temperature, or K."
)
_MEGATONNE = problem(
    "unit-ambiguous",
    "“{found}” may mean the metric ton (1,000 kg) or a million of them; write t, or 1000000 t.",
)
_STOKES_OR_TON = problem(
    "unit-ambiguous", "“{found}” may mean stokes or the short ton; write St or short ton."
)
_FOOD_CALORIE = problem("unit-ambiguous", "“{found}” may mean cal or kcal; write cal or kcal.")
_YEN_OR_YUAN = problem("unit-ambiguous", "“{found}” may mean yen or yuan; write JPY or CNY.")

_REASONS: Final = {
    "ton tons": _METRIC_OR_SHORT,
    "度": _POWER_OR_WATER,
    "斤 兩 catty catties": _WEIGHT_BY_PLACE,
    "drum drums barrel barrels bag bags box boxes bottle bottles can cans truck trucks truckload truckloads "
    "bucket buckets 桶 包 袋 箱 盒 瓶 罐 車 車次 槽車": _CONTAINER,
    "shift shifts 班 班次 workday workdays 工作天 工作日": _SHIFT,
    "元 圓 塊 塊錢 $ dollar dollars": _NAMELESS_MONEY,
    "barg psig kPag MPag": _GAUGE,
    "C F": _LETTER,
    "Mt": _MEGATONNE,
    "ST": _STOKES_OR_TON,
    "Cal": _FOOD_CALORIE,
    "¥": _YEN_OR_YUAN,
}
REFUSED: Final[Mapping[str, Issue]] = MappingProxyType(
    {word: issue for words, issue in _REASONS.items() for word in words.split()}
)
_MISSPELLED: Final = {"公頓": "公噸", "頓": "噸", "立方": "立方公尺", "平方": "平方公尺"}
_KNOWN_WORDS: Final = (*SPELLINGS, *ABBREVIATIONS)


def refused(word: str) -> UnitError | None:
    """Why a word that people do write is not accepted; None for any other word."""
    issue = REFUSED.get(word)
    if issue is None and word.casefold() not in {"c", "f", "st", "mt", "cal"}:
        issue = REFUSED.get(word.casefold())
    return None if issue is None else UnitError(replace(issue, values=MappingProxyType({"found": word})))


def gauge(whole: str) -> UnitError:
    """A pressure above that of the air."""
    return UnitError(replace(_GAUGE, values=MappingProxyType({"found": whole})))


def missing() -> UnitError:
    """No unit at all."""
    return UnitError(
        problem("unit-missing", "The unit is missing; write one such as kg, t/yr, 公噸/年, m³/d or kWh.")
    )


def ambiguous_case(word: str, choices: Iterable[str]) -> UnitError:
    """Units that differ only by upper and lower case."""
    return UnitError(
        problem(
            "unit-ambiguous",
            "“{found}” may mean {choices}; write one of them in exactly these letters.",
            found=word,
            choices=sorted(choices),
        )
    )


def two_readings(whole: str) -> UnitError:
    """A product after a slash, without parentheses."""
    return UnitError(
        problem(
            "unit-ambiguous",
            "“{found}” can be read in two ways; put what stands below the line in parentheses, "
            "as in kg/(m²·h).",
            found=whole,
        )
    )


def malformed(whole: str) -> UnitError:
    """Not built like a unit."""
    return UnitError(
        problem(
            "unit-malformed",
            "“{found}” cannot be read as a unit; write one such as kg, t/yr, 公噸/年, m³/d or kWh.",
            found=whole if len(whole) <= 60 else whole[:60] + "…",
        )
    )


def unknown(word: str, suggestions: Iterable[str] = ()) -> UnitError:
    """A word that is no unit, with the nearest ones."""
    near = list(suggestions) or _nearest(word)
    if near:
        return UnitError(
            problem(
                "unit-unknown",
                "“{found}” is not a known unit; did you mean {suggestions}?",
                found=word,
                suggestions=near,
            )
        )
    return UnitError(
        problem(
            "unit-unknown",
            "“{found}” is not a known unit; write one such as kg, t/yr, 公噸/年, m³/d or kWh.",
            found=word,
        )
    )


@lru_cache(maxsize=512)
def _nearest(word: str) -> list[str]:
    if word in _MISSPELLED:
        return [_MISSPELLED[word]]
    folded = {known.casefold(): known for known in _KNOWN_WORDS}
    cutoff = 0.7 if word.isascii() else 0.5
    near: dict[object, str] = {}
    for match in get_close_matches(word.casefold(), folded, n=6, cutoff=cutoff):
        known = folded[match]
        near.setdefault(SPELLINGS.get(known, ABBREVIATIONS.get(known)), known)
    return list(near.values())[:3]
