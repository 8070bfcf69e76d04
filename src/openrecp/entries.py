"""Reading numbers, quantities and dates as people type them into a form or a cell.

Full-width digits, thousands separators, Chinese numerals and ROC years are understood. What is a limit,
a range, an estimate, or can be read in two ways is refused with the reason: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Final

from openrecp.errors import Issue, OpenRecpError, problem
from openrecp.units import CURRENCIES

_LONGEST = 200
_LARGEST_EXPONENT = 30
# As many as decimal arithmetic keeps without rounding.
_MOST_DIGITS = 28

_DIGITS: Final = {
    **{digit: value for value, digit in enumerate("零一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹貳參肆伍陸柒捌玖")},
    "〇": 0,
    "兩": 2,
}
_TENS: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MULTIPLIERS: Final = {
    "千": 10**3,
    "萬": 10**4,
    "十萬": 10**5,
    "百萬": 10**6,
    "千萬": 10**7,
    "億": 10**8,
    "十億": 10**9,
    "百億": 10**10,
    "千億": 10**11,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
}
_WORDS_WITH_THOUSAND = ("千瓦", "千克", "千卡", "千焦", "千帕", "千公升")

_NUMBER = r"(?:[0-9]{1,3}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_MULTIPLIER = "|".join(sorted(_MULTIPLIERS, key=len, reverse=True))
_NOT_IN_A_UNIT = "".join(f"(?!{word})" for word in _WORDS_WITH_THOUSAND)
_SCALED = rf"\s*{_NOT_IN_A_UNIT}(?:{_MULTIPLIER})(?![a-z])"
_LEADING: Final = re.compile(
    rf"(?P<money>(?:NT|US|HK|S|MOP|TW)?\$|€|£|新[台臺]幣|[台臺]幣|港幣|美金|人民幣|(?:{'|'.join(CURRENCIES)})(?![A-Za-z]))?\s*"
    rf"(?P<sign>[+-]?)\s*"
    rf"(?:(?P<scaled>{_NUMBER}{_SCALED}(?:\s*{_NUMBER}{_SCALED})*(?:\s*[0-9]{{4}}(?![0-9.,]))?)"
    rf"|(?P<plain>{_NUMBER})(?:[eE](?P<exponent>[+-]?[0-9]{{1,4}}))?"
    rf"|(?P<chinese>[{''.join(_DIGITS)}{''.join(_TENS)}萬億]+))"
)
_SEGMENT: Final = re.compile(rf"\s*({_NUMBER})(?:\s*({_MULTIPLIER})(?![a-z]))?")
_APPROXIMATE: Final = re.compile(
    r"^(?:約|大約|大概|概估|ca\.?\s|c\.\s|about|approx|around|~|≈|～)|(?:左右|上下)$", re.IGNORECASE
)
_LIMIT: Final = re.compile(
    r"^(?:[<>≤≥≦≧]|小於|大於|低於|高於|少於|多於|不超過|超過|至少|最多"
    r"|less\b|more\b|below|above|under|over|up to|at )"
    r"|(?:以下|以上|以內)$",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(r"^\s*(?:[-–—~～至到]|to\b)\s*[+-]?[0-9.]")
_SPREAD: Final = re.compile(r"^\s*(?:±|\+/-|\+-)")


class EntryError(OpenRecpError):
    """A typed number, quantity or date cannot be read without guessing."""


def _half_width(text: str) -> str:
    """The text with full-width letters, digits and spaces made half-width, character for character.

    Raised digits, circled digits and fractions stay as they are: ``10³`` must never become 103.
    """
    return "".join(_half(char) for char in text)


def _half(char: str) -> str:
    if char in "−－﹣":
        return "-"
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and unicodedata.category(char) != "No" else char


def parse_quantity(text: str) -> tuple[Decimal, str | None]:
    """Read a number with the unit behind it.

    Parameters
    ----------
    text : str
        What was typed, such as ``1.5 公噸/月``, ``１，２００ 公斤``, ``3萬 kg`` or ``NT$1,200``.

    Returns
    -------
    tuple of Decimal and str or None
        The number, and the unit as typed (not yet checked); None where there is none.

    Raises
    ------
    EntryError
        If there is no number, or it is a limit, a range, an estimate or ambiguous.

    Examples
    --------
    >>> parse_quantity("1.5 公噸/月"), parse_quantity("1,200.5kg"), parse_quantity("3萬")
    ((Decimal('1.5'), '公噸/月'), (Decimal('1200.5'), 'kg'), (Decimal('30000'), None))
    """
    plain = _half_width(text)
    start = len(plain) - len(plain.lstrip())
    stripped = plain.strip()
    found = _LEADING.match(stripped) if len(stripped) <= _LONGEST else None
    issue = _refusal(stripped, text.strip(), found)
    if issue is not None or found is None:
        raise EntryError(issue or _no_number(text.strip()))
    rest = text[start + found.end() : start + len(stripped)].strip()
    unit = (found["money"] or "") + rest
    return _value(found, text.strip()), unit or None


def parse_number(text: str) -> Decimal:
    """Read a number that stands alone.

    Raises
    ------
    EntryError
        If it cannot be read without guessing, or a unit stands behind it.

    Examples
    --------
    >>> parse_number("１，２００.5"), parse_number("1億2,000萬"), parse_number("1e3"), parse_number("三萬")
    (Decimal('1200.5'), Decimal('120000000'), Decimal('1000'), Decimal('30000'))
    """
    value, unit = parse_quantity(text)
    if unit is not None:
        raise EntryError(
            problem(
                "number-with-unit",
                "“{found}” has “{unit}” behind the number; only the number is expected here.",
                found=_short(text.strip()),
                unit=_short(unit),
            )
        )
    return value


def _refusal(plain: str, found: str, match: re.Match[str] | None) -> Issue | None:
    """Why the text is not one certain number; None when it is."""
    shown = _short(found)
    rest = plain[match.end() :] if match else ""
    if not plain:
        return problem("number-missing", "The number is missing.")
    if plain.startswith("#"):
        return problem(
            "excel-error",
            "“{found}” is an error shown by Excel; mend the formula or enter the number.",
            found=shown,
        )
    if _LIMIT.search(plain):
        return problem(
            "number-is-limit",
            "“{found}” is a limit, not a value; enter the value to calculate with "
            "and put the limit in the remarks.",
            found=shown,
        )
    if _APPROXIMATE.search(plain):
        return problem(
            "number-is-approximate",
            "“{found}” says “about”; enter the number alone and mark it as estimated.",
            found=shown,
        )
    if match is None:
        return None
    if _RANGE.match(rest):
        return problem("number-is-range", "“{found}” is a range; enter one value.", found=shown)
    if _SPREAD.match(rest):
        return problem("number-with-spread", "“{found}” has a spread; enter the value alone.", found=shown)
    if re.match(r"[.,]\s*[0-9]", rest) or (
        match["plain"] and "," in match["plain"] and re.match(r"[0-9]", rest)
    ):
        return problem(
            "number-ambiguous",
            "“{found}” can be read in more than one way; write a point before the decimals, "
            "as in 1200.5 or 1,200.5.",
            found=shown,
        )
    return _no_number(found) if _is_no_unit(rest) else None


def _is_no_unit(rest: str) -> bool:
    """Whether what is left behind the number makes it a fraction, a date, a time or a power."""
    if re.match(r"\s*[0-9.,:×*^'=()\-+]|\s*[x/]\s*[0-9]", rest, re.IGNORECASE):
        return True
    return bool(rest) and unicodedata.category(rest[0]) == "No"


def _no_number(found: str) -> Issue:
    return problem(
        "number-unreadable",
        "“{found}” is not a number that can be read; write one such as 1200, 1,200.5 or 3萬.",
        found=_short(found),
    )


def _short(found: str) -> str:
    return found if len(found) <= 60 else found[:60] + "…"


def _value(match: re.Match[str], found: str) -> Decimal:
    digits = match["plain"] or match["scaled"] or match["chinese"]
    if match["plain"] or len(digits) > _MOST_DIGITS:
        if abs(int(match["exponent"] or 0)) > _LARGEST_EXPONENT or len(digits) > _MOST_DIGITS:
            raise EntryError(
                problem(
                    "number-out-of-range",
                    "“{found}” is too large or too small to be meant; check the digits.",
                    found=_short(found),
                )
            )
        value = Decimal(re.sub(r"[, ]", "", match["plain"])).scaleb(int(match["exponent"] or 0))
        value = Decimal(f"{value:f}")
    elif match["scaled"]:
        value = _scaled(match["scaled"], found)
    else:
        value = Decimal(_chinese(match["chinese"], found))
    return -value if match["sign"] == "-" else value


def _scaled(written: str, found: str) -> Decimal:
    """``1億2,000萬`` and its like: each part smaller than the multiplier before it."""
    total, last = Decimal(0), None
    for number, multiplier in _SEGMENT.findall(written):
        scale = _MULTIPLIERS[multiplier] if multiplier else 1
        part = Decimal(re.sub(r"[, ]", "", number)) * scale
        if last is not None and part >= last:
            raise EntryError(_no_number(found))
        total, last = total + part, scale
    return Decimal(f"{total.normalize():f}")


def _chinese(written: str, found: str) -> int:
    """``十二萬三千四百`` → 123,400, and digit by digit ``一二三`` → 123."""
    if all(char in _DIGITS for char in written):
        if len(written) > 1 and "兩" in written:
            raise EntryError(_no_number(found))
        return int("".join(str(_DIGITS[char]) for char in written))
    if written[0] not in _DIGITS and written[0] not in "十拾":
        raise EntryError(_no_number(found))
    total, section, digit, last_ten = 0, 0, -1, 10**4
    for char in written:
        if char in _DIGITS:
            if digit > 0:
                raise EntryError(_no_number(found))
            digit = _DIGITS[char]
        elif char in _TENS:
            ten = _TENS[char]
            if ten >= last_ten:
                raise EntryError(_no_number(found))
            section, digit, last_ten = section + (digit if digit > 0 else 1) * ten, -1, ten
        else:
            section += max(digit, 0)
            total = (total + section) * 10**8 if char == "億" else total + section * 10**4
            if not section:
                raise EntryError(_no_number(found))
            section, digit, last_ten = 0, -1, 10**4
    # 三萬五 is said for 35,000 and can be read as 30,005.
    if digit > 0 and written[-2] in "百千佰仟萬億":
        raise EntryError(_no_number(found))
    return total + section + max(digit, 0)


_MONTH_STARTS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE_FORMS: Final = (
    re.compile(
        r"(?P<roc>民國)?\s*(?P<y>[0-9]{1,4})\s*年\s*(?P<m>[0-9]{1,2})\s*月\s*(?P<d>[0-9]{1,2})\s*[日號]?"
    ),
    re.compile(
        r"(?P<roc>民國)?\s*(?P<y>[0-9]{2,4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"
        r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
    ),
    re.compile(r"(?P<y>[0-9]{3,4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    re.compile(
        rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s\-]*(?P<name>{_MONTH_NAMES})\.?,?[\s\-]*(?P<y>[0-9]{{4}})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<name>{_MONTH_NAMES})\.?\s*(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>[0-9]{{4}})",
        re.IGNORECASE,
    ),
)
_YEAR_LAST: Final = re.compile(r"(?P<a>[0-9]{1,2})(?P<s>[-/.])(?P<b>[0-9]{1,2})(?P=s)(?P<y>[0-9]{4})")
_ROC_START = 1911
_LAST_ROC_YEAR = 200


def parse_date(text: str) -> date:
    """Read a date; years up to 200 count from the founding of the Republic of China (1911 + year).

    Raises
    ------
    EntryError
        If it is no date, does not exist, or day and month cannot be told apart.

    Examples
    --------
    >>> parse_date("民國115年3月5日").isoformat(), parse_date("115/3/5").isoformat()
    ('2026-03-05', '2026-03-05')
    >>> parse_date("5 Mar 2026").isoformat()
    '2026-03-05'
    """
    plain = _half_width(text).strip()
    for form in _DATE_FORMS:
        found = form.fullmatch(plain)
        if found:
            parts = found.groupdict()
            month = int(parts["m"]) if parts.get("m") else 1 + _MONTH_STARTS.index(parts["name"][:3].lower())
            return _day(text, _year(text, parts["y"], parts.get("roc")), month, int(parts["d"]))
    found = _YEAR_LAST.fullmatch(plain)
    if found:
        return _year_last(text, int(found["a"]), int(found["b"]), int(found["y"]))
    raise EntryError(_no_date(text))


def _no_date(text: str) -> Issue:
    if not text.strip():
        return problem("date-missing", "The date is missing; write it as 2026-03-05 or 115/3/5.")
    return problem(
        "date-unreadable",
        "“{found}” is not a date that can be read; write it as 2026-03-05 or 115/3/5.",
        found=_short(text.strip()),
    )


def _year(text: str, written: str, roc: str | None) -> int:
    year = int(written)
    if (roc or len(written) == 3) and 0 < year <= _LAST_ROC_YEAR:
        return _ROC_START + year
    if len(written) == 2:
        raise EntryError(
            problem(
                "date-short-year",
                "“{found}” has a year of two digits; write it in full, as in 2026-03-05 or 民國115年3月5日.",
                found=text.strip(),
            )
        )
    if roc or len(written) < 4:
        raise EntryError(_no_date(text))
    return year


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        found = None
    if found is None or not 1900 <= year <= 2200:
        raise EntryError(
            problem(
                "date-impossible",
                "“{found}” does not exist in the calendar; check year, month and day.",
                found=text.strip(),
            )
        )
    return found


def _year_last(text: str, first: int, second: int, year: int) -> date:
    if first != second and 1 <= first <= 12 and 1 <= second <= 12:
        raise EntryError(
            problem(
                "date-ambiguous",
                "“{found}” may be {one} or {other}; write the year first, as in {example}.",
                found=text.strip(),
                one=_day(text, year, second, first),
                other=_day(text, year, first, second),
                example=_day(text, year, first, second).isoformat(),
            )
        )
    day, month = (first, second) if second <= 12 else (second, first)
    return _day(text, year, month, day)
