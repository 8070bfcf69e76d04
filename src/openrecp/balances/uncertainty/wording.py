"""Reading uncertainties as people type them, in English or Chinese, half-width or full-width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from statistics import NormalDist
from typing import Final

from openrecp.balances.uncertainty.kinds import (
    HALF_WIDTH_95,
    WATER_METER_LIMITS,
    Statement,
    Uncertainty,
)
from openrecp.entries import EntryError, parse_quantity
from openrecp.errors import Issue, problem

_LONGEST: Final = 200
_LONGEST_UNIT: Final = 30
_LABORATORY_FACTOR: Final = 2.0
"""Coverage factor of the uncertainties that laboratories report (ISO/IEC 17025 with JCGM 100, 7.2.3)."""


class Scale(StrEnum):
    """What the number is, which decides what a percentage of it can mean."""

    AMOUNT = "amount"
    SHARE = "share"
    TEMPERATURE = "temperature"


def split_uncertainty(words: str) -> tuple[str, str]:
    """A number as typed and the uncertainty typed behind it, from the sign ±; empty where there is none.

    >>> split_uncertainty("1,200 kg/月 ± 2 %"), split_uncertainty("15 +/- 0.5"), split_uncertainty("3")
    (('1,200 kg/月', '± 2 %'), ('15', '± 0.5'), ('3', ''))
    """
    number, sign, rest = re.sub(r"[+＋]\s*[/／]?\s*[-−－]", "±", words).partition("±")
    return number.strip(), f"± {rest.strip()}" if sign else ""


def parse_uncertainty(words: str, scale: Scale = Scale.AMOUNT) -> Uncertainty:
    """Read an uncertainty as typed.

    A plain ``± a`` is the half-width of a 95 % interval. Understood are ``sd 3``, ``rsd 2 %``, ``U = 5 (k = 2)``,
    ``95 % ± 4 kg``, ``limit 2 %`` (tolerance), ``resolution 0.5 kg``, ``1 % FS 200 kg/h``, ``class 1.0, 0-200 kg/h``,
    ``R49 class 2``, ``lab 5 %``, ``exact``, and several of them joined by `` + `` or ``;``.

    Parameters
    ----------
    words : str
    scale : Scale
        What the number is: a percentage of a share must say what it is of, one of a temperature means nothing.

    Raises
    ------
    EntryError
        If it cannot be read, or can be read in two ways; the finding names both.

    Examples
    --------
    >>> found = parse_uncertainty("± 2 %")
    >>> found.kind.value, found.amount, found.relative, round(found.factor, 2)
    ('interval', 0.02, True, 1.96)
    >>> parse_uncertainty("Ｕ＝５ kg（ｋ＝２）").kind.value, parse_uncertainty("級別 1.0，0–200 kg/h").full_scale
    ('expanded', 200.0)
    """
    plain = _plain(words).strip()
    if not plain or len(plain) > _LONGEST:
        raise EntryError(_unreadable(words))
    parts = [part for part in re.split(r"\s*(?:;|&|\s\+\s|\band\b|與|以及|及|和)\s*", plain) if part]
    if not parts:
        raise EntryError(_unreadable(words))
    read = [_part(part, words, scale) for part in parts]
    if len(read) == 1:
        return replace(read[0], words=words.strip())
    return Uncertainty(Statement.COMBINED, parts=tuple(read), words=words.strip())


def _plain(words: str) -> str:
    """Half-width, with one kind of ±, dash and bracket."""
    half = "".join(
        char if unicodedata.category(char) == "No" else unicodedata.normalize("NFKC", char) for char in words
    )
    half = re.sub(r"[−–—~～至]", "-", half).replace("、", ",").replace("，", ",").replace("；", ";")
    return re.sub(r"\+\s*/?\s*-", "±", half)


_EXACT: Final = re.compile(r"(?:known )?exact(?:ly)?|fixed|none|精確|確知|無誤差", re.IGNORECASE)
_SIGN: Final = r"(?:±\s*)?"
_K: Final = re.compile(
    r"[\s,(]*\bk\s*=\s*([0-9.]+)\s*\)?(?:[\s,(]*95\s*%(?:\s*CI)?\)?)?|[\s,(]*涵蓋因[子數]\s*=?\s*([0-9.]+)\s*\)?",
    re.IGNORECASE,
)
_LEVEL_FIRST: Final = re.compile(
    r"([0-9]{2}(?:\.[0-9]+)?)\s*%\s*(?:CI|confidence|interval|conf\.?|信賴區間|信賴水準|信心水準)?\s*[:,]?\s*±(.+)",
    re.IGNORECASE,
)
_LEVEL_LAST: Final = re.compile(
    r"±?\s*(.+?)\s*(?:\(\s*([0-9]{2}(?:\.[0-9]+)?)\s*%\s*(?:CI|confidence|信賴區間|信賴水準|信心水準)?\s*\)"
    r"|,\s*([0-9]{2}(?:\.[0-9]+)?)\s*%\s*(?:CI|confidence|信賴區間|信賴水準|信心水準))",
    re.IGNORECASE,
)
_SD_WORDS: Final = (
    r"(?:standard deviation|std\.?(?: ?dev\.?)?|r?s\.?d\.?|cv|sigma|σ|標準差|標準偏差|標準不確定度|變異係數)"
)
_SD_FIRST: Final = re.compile(
    rf"([123]?)\s*{_SD_WORDS}\s*[=:]?\s*{_SIGN}([0-9.].*)|()repeatability\s*{_SIGN}(.+)|()重[複現]性\s*{_SIGN}(.+)",
    re.IGNORECASE,
)
_SD_LAST: Final = re.compile(
    rf"{_SIGN}([0-9.].*?)\s*[(,]?\s*(?<![0-9])([123]?)\s*{_SD_WORDS}\s*\)?", re.IGNORECASE
)
_LIMIT_WORDS: Final = (
    r"(?:limits?|max(?:imum)?|tolerance|rect(?:angular)?|mpe|容差|公差|允差|最大允差|極限|最大誤差|誤差極限)"
)
_LIMIT_FIRST: Final = re.compile(rf"{_LIMIT_WORDS}\.?\s*[=:]?\s*{_SIGN}([0-9.].*)", re.IGNORECASE)
_LIMIT_LAST: Final = re.compile(rf"{_SIGN}([0-9.].*?)\s*[(,]?\s*{_LIMIT_WORDS}\s*\)?", re.IGNORECASE)
_RESOLUTION: Final = re.compile(
    r"(?:resolution|step|graduation|readable to|解析度|最小刻度|分度值|分度)\s*[=:]?\s*(.+)", re.IGNORECASE
)
_WATER_METER: Final = re.compile(
    r"(?:(?:OIML\s*)?R\s*49|water meter|水量計|水表)\s*,?\s*(?:class|級別|等級)?\s*([0-9.]+)\s*級?",
    re.IGNORECASE,
)
_CLASS: Final = re.compile(
    r"(?:(?:accuracy )?class|cl\.?|準確度等級|精[確度]*等級|級別|等級)\s*([0-9.]+)(?:\s*級)?(.*)|([0-9.]+)\s*級(.*)",
    re.IGNORECASE,
)
_FS: Final = r"(?:f\.?\s?s\.?|full[- ]scale|of (?:full )?span|of range|全刻度|滿刻度|全幅|量程|滿量程)"
_FULL_SCALE: Final = re.compile(rf"{_SIGN}([0-9.]+)\s*%\s*(?:of )?{_FS}(.*)", re.IGNORECASE)
_RANGE: Final = re.compile(
    rf"[\s,:(=]*(?:of|at|range|{_FS})?[\s,:(=]*(?:0\s*[a-zA-Z/³0-9\u4e00-\u9fff]*?\s*(?:-|to|到)\s*)?([0-9.][^)]*)\)?",
    re.IGNORECASE,
)
_LABORATORY: Final = re.compile(
    rf"(?:lab(?:oratory)?|assay|analysis|化驗|檢驗|檢測|分析)\s*[=:]?\s*{_SIGN}([0-9.].*)", re.IGNORECASE
)
_EXPANDED: Final = re.compile(
    rf"(?:expanded(?: uncertainty)?|擴充不確定度|U)\s*[=:]?\s*{_SIGN}(.+)", re.IGNORECASE
)
_RELATIVE: Final = re.compile(
    r"\s*\(?(?:rel(?:ative)?\.?|of (?:the )?(?:value|reading)|相對|讀值)\)?$", re.IGNORECASE
)
_POINTS: Final = re.compile(
    r"\s*(?:%\s*)?(?:-?points?|pp|p\.p\.|percentage points?|個?百分點|abs(?:olute)?\.?|絕對)$", re.IGNORECASE
)


def _part(plain: str, words: str, scale: Scale) -> Uncertainty:
    """One statement; the more particular ones are tried first."""
    if _EXACT.fullmatch(plain):
        return Uncertainty(Statement.EXACT)
    for pattern, reader in _READERS:
        found = pattern.fullmatch(plain)
        if found is not None:
            return reader(found, words, scale)
    covered = _K.search(plain)
    if covered is not None:
        rest = (plain[: covered.start()] + plain[covered.end() :]).strip(" ,()")
        named = _EXPANDED.fullmatch(rest)
        factor = _number(covered[1] or covered[2], words)
        if factor <= 0:
            raise EntryError(_unreadable(words))
        return _stated(Statement.EXPANDED, named[1] if named else rest.lstrip("± "), words, scale, factor)
    if _EXPANDED.fullmatch(plain):
        raise EntryError(
            problem(
                "uncertainty-without-factor",
                "“{found}” is an expanded uncertainty without its coverage factor: with k = 2 it is twice, with k = 1 "
                "once the standard deviation. Write it as “U = 5 (k = 2)”.",
                found=words.strip(),
            )
        )
    if re.fullmatch(r"(?:90|95|99)\s*%", plain):
        raise EntryError(
            problem(
                "uncertainty-level-alone",
                "“{found}” can be how sure one is or how far the number may be off; write “95 % ± 4 kg” or “± {found}”.",
                found=words.strip(),
            )
        )
    return _stated(Statement.INTERVAL, plain.removeprefix("±"), words, scale, HALF_WIDTH_95)


def _level_first(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    return _stated(Statement.INTERVAL, found[2], words, scale, _level(found[1], words))


def _level_last(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    return _stated(Statement.INTERVAL, found[1], words, scale, _level(found[2] or found[3], words))


def _level(percent: str, words: str) -> float:
    level = _number(percent, words) / 100.0
    if not 0.5 <= level < 1:
        raise EntryError(_unreadable(words))
    return HALF_WIDTH_95 if level == 0.95 else NormalDist().inv_cdf(0.5 + level / 2.0)


def _sd_first(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    amount = found[2] or found[4] or found[6]
    return _stated(Statement.SD, amount, words, scale, float(found[1] or 1))


def _sd_last(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    return _stated(Statement.SD, found[1], words, scale, float(found[2] or 1))


def _limit(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    return _stated(Statement.LIMIT, found[1], words, scale)


def _resolution(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    return _stated(Statement.RESOLUTION, found[1], words, scale)


def _laboratory(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    # What a laboratory states is a share of its result: no other reading is meant.
    amount = found[1] if _RELATIVE.search(found[1]) or _POINTS.search(found[1]) else f"{found[1]} rel"
    return _stated(Statement.EXPANDED, amount, words, scale, _LABORATORY_FACTOR)


def _water_meter(found: re.Match[str], words: str, _scale: Scale) -> Uncertainty:
    share = WATER_METER_LIMITS.get(_number(found[1], words))
    if share is None:
        raise EntryError(
            problem(
                "water-meter-class",
                "“{found}” is no accuracy class of water meters; OIML R 49 knows classes 1 and 2.",
                found=words.strip(),
            )
        )
    return Uncertainty(Statement.WATER_METER, share, relative=True)


def _class(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    number, rest = found[1] or found[3], found[2] or found[4] or ""
    return _of_full_scale(Statement.CLASS, number, rest, words, scale)


def _full_scale(found: re.Match[str], words: str, scale: Scale) -> Uncertainty:
    return _of_full_scale(Statement.FULL_SCALE, found[1], found[2], words, scale)


def _of_full_scale(kind: Statement, percent: str, rest: str, words: str, scale: Scale) -> Uncertainty:
    reach = _RANGE.fullmatch(rest)
    if reach is None:
        raise EntryError(
            problem(
                "uncertainty-without-range",
                "“{found}” is a percentage of full scale, not of the reading; the instrument's range is missing. Write "
                "“class 1.0, 0-200 kg/h”, or “limit 1 %” if percent of the reading is meant.",
                found=words.strip(),
            )
        )
    full, unit = _quantity(reach[1], words)
    if full <= 0 or (unit in _PERCENT and scale is not Scale.SHARE):
        raise EntryError(_unreadable(words))
    share = _number(percent, words) / 100.0
    return Uncertainty(kind, share, relative=True, full_scale=full, full_scale_unit=unit)


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, Scale], Uncertainty]], ...]] = (
    (_WATER_METER, _water_meter),
    (_FULL_SCALE, _full_scale),
    (_CLASS, _class),
    (_RESOLUTION, _resolution),
    (_LABORATORY, _laboratory),
    (_LIMIT_FIRST, _limit),
    (_LIMIT_LAST, _limit),
    (_SD_FIRST, _sd_first),
    (_SD_LAST, _sd_last),
    (_LEVEL_FIRST, _level_first),
    (_LEVEL_LAST, _level_last),
)
_PERCENT: Final = frozenset({"%", "％"})


def _stated(kind: Statement, amount: str, words: str, scale: Scale, factor: float = 1.0) -> Uncertainty:
    """A statement of an amount or a share."""
    typed = amount.strip().lstrip("± ")
    points = _POINTS.search(typed)
    said = _RELATIVE.search(typed)
    bare = typed[: points.start()] if points else typed[: said.start()] if said else typed
    number, unit = _quantity(bare, words)
    if number < 0:
        raise EntryError(_unreadable(words))
    if number == 0:
        return Uncertainty(Statement.EXACT)
    if points is not None:
        if scale is not Scale.SHARE:
            raise EntryError(_unreadable(words))
        return Uncertainty(kind, number, unit="%", factor=factor)
    if unit not in _PERCENT:
        if unit is not None and ("%" in unit or len(unit) > _LONGEST_UNIT):
            raise EntryError(_unreadable(words))
        return Uncertainty(kind, number, unit=unit, factor=factor)
    if scale is Scale.TEMPERATURE:
        raise EntryError(
            problem(
                "uncertainty-percent-of-temperature",
                "“{found}”: a percentage of a temperature means nothing; write the uncertainty in degrees, as in ± 1 K.",
                found=words.strip(),
            )
        )
    if (
        scale is Scale.SHARE
        and said is None
        and not re.search(r"\b(?:rsd|cv)\b|變異係數|讀值", words, re.IGNORECASE)
    ):
        raise EntryError(_two_ways(number, words))
    return Uncertainty(kind, number / 100.0, relative=True, factor=factor)


def _two_ways(number: float, words: str) -> Issue:
    return problem(
        "uncertainty-ambiguous",
        "“{found}” of a share can mean {percent} percentage points or {percent} % of the share; write “{percent} points” "
        "or “{percent} % rel”.",
        found=words.strip(),
        percent=number,
    )


def _quantity(words: str, shown: str) -> tuple[float, str | None]:
    try:
        number, unit = parse_quantity(words.strip())
    except EntryError:
        raise EntryError(_unreadable(shown)) from None
    return float(number), unit


def _number(words: str, shown: str) -> float:
    number, unit = _quantity(words, shown)
    if unit is not None:
        raise EntryError(_unreadable(shown))
    return number


def _unreadable(words: str) -> Issue:
    return problem(
        "uncertainty-unreadable",
        "“{found}” is no uncertainty that can be read; write one such as ± 2 % (half-width of a 95 % interval), sd 3 kg, "
        "U = 5 (k = 2), limit 1 % or class 1.0, 0-200 kg/h.",
        found=words.strip()[:60],
    )
