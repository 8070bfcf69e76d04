"""Numbers, quantities and dates as people type them: read exactly, or refused with the reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.entries import EntryError, parse_date, parse_number, parse_quantity
from openrecp.texts import render


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("1.5 公噸/月", "1.5", "公噸/月"),
        ("18 t/yr", "18", "t/yr"),
        ("１，２００ 公斤", "1200", "公斤"),
        ("1,200.5kg", "1200.5", "kg"),
        ("1\u202f200 kg", "1200", "kg"),
        ("1e3kg", "1000", "kg"),
        ("2E-5 m³/day", "0.00002", "m³/day"),
        ("－5 ℃", "-5", "℃"),
        ("−5", "-5", None),
        (".5 L", "0.5", "L"),
        ("20 ft3", "20", "ft3"),
        ("5％", "5", "％"),
        ("5/月", "5", "/月"),
        ("3萬 kg", "30000", "kg"),
        ("3 萬噸", "30000", "噸"),
        ("3萬5千", "35000", None),
        ("3萬5000", "35000", None),
        ("1億2,000萬元", "120000000", "元"),
        ("1.2 million TWD", "1200000", "TWD"),
        ("5 千", "5000", None),
        ("5 千元", "5000", "元"),
        ("3 千瓦", "3", "千瓦"),
        ("三萬", "30000", None),
        ("兩萬", "20000", None),
        ("十二萬三千四百", "123400", None),
        ("一萬零五百", "10500", None),
        ("一百二十公斤", "120", "公斤"),
        ("二〇二六", "2026", None),
        ("NT$1,200/月", "1200", "NT$/月"),
        ("US$ 5/t", "5", "US$/t"),
        ("TWD 500", "500", "TWD"),
    ],
)
def test_reads_what_people_type(typed: str, number: str, unit: str | None) -> None:
    assert parse_quantity(typed) == (Decimal(number), unit)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "number-missing"),
        ("　", "number-missing"),
        ("#DIV/0!", "excel-error"),
        ("#N/A", "excel-error"),
        ("<0.05", "number-is-limit"),
        ("＜0.05 mg/L", "number-is-limit"),
        ("100 kg 以下", "number-is-limit"),
        ("at least 5", "number-is-limit"),
        ("約 3 t/月", "number-is-approximate"),
        ("~3", "number-is-approximate"),
        ("30 左右", "number-is-approximate"),
        ("3-5 t", "number-is-range"),
        ("3～5", "number-is-range"),
        ("3 至 5", "number-is-range"),
        ("3 to 5 t", "number-is-range"),
        ("3±0.1", "number-with-spread"),
        ("1.200,5", "number-ambiguous"),
        ("1,2", "number-ambiguous"),
        ("12,34", "number-ambiguous"),
        ("1,23,456", "number-ambiguous"),
        ("1.2.3", "number-ambiguous"),
        ("1e400", "number-out-of-range"),
        ("9" * 40, "number-out-of-range"),
        ("9" * 100000, "number-unreadable"),
        ("1/2", "number-unreadable"),
        ("1½", "number-unreadable"),
        ("10³ kg", "number-unreadable"),
        ("5×10³ kg", "number-unreadable"),
        ("5 x 10", "number-unreadable"),
        ("①", "number-unreadable"),
        ("115/3/5", "number-unreadable"),
        ("12:30", "number-unreadable"),
        ("1 2000", "number-unreadable"),
        ("三萬五", "number-unreadable"),
        ("3萬5", "number-unreadable"),
        ("(1,200)", "number-unreadable"),
        ("=5", "number-unreadable"),
        ("-", "number-unreadable"),
        ("無", "number-unreadable"),
        ("NaN", "number-unreadable"),
        ("inf", "number-unreadable"),
    ],
)
def test_refuses_to_guess(typed: str, code: str) -> None:
    with pytest.raises(EntryError) as refusal:
        parse_quantity(typed)
    (issue,) = refusal.value.issues
    assert issue.code == code
    assert render(issue, "zh-hant") != render(issue, "en")


def test_a_number_alone_has_no_unit() -> None:
    assert parse_number(" 1,200 ") == 1200
    with pytest.raises(EntryError) as refusal:
        parse_number("5 kg")
    assert refusal.value.issues[0].code == "number-with-unit"


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-05",
        "2026/3/5",
        "2026.3.5",
        "２０２６／３／５",
        "20260305",
        "2026-03-05 00:00:00",
        "2026年3月5日",
        "115/3/5",
        "115.03.05",
        "1150305",
        "115年3月5日",
        "民國115年3月5日",
        "民國 115/3/5",
        "5 Mar 2026",
        "5-Mar-2026",
        "5th March 2026",
        "Mar 5, 2026",
    ],
)
def test_reads_dates_in_many_forms(typed: str) -> None:
    assert parse_date(typed) == date(2026, 3, 5)


def test_reads_dates_that_only_have_one_reading() -> None:
    assert parse_date("25/12/2026") == parse_date("12/25/2026") == date(2026, 12, 25)
    assert parse_date("3/3/2026") == date(2026, 3, 3)
    assert parse_date("民國98/3/5") == date(2009, 3, 5)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "date-missing"),
        ("3/5/2026", "date-ambiguous"),
        ("3.5.2026", "date-ambiguous"),
        ("98/3/5", "date-short-year"),
        ("98年3月5日", "date-short-year"),
        ("2026-02-30", "date-impossible"),
        ("0115-03-05", "date-impossible"),
        ("13/13/2026", "date-impossible"),
        ("201/1/1", "date-unreadable"),
        ("2026/3", "date-unreadable"),
        ("2026-03-05T10:00", "date-unreadable"),
        ("soon", "date-unreadable"),
    ],
)
def test_refuses_dates_that_are_not_certain(typed: str, code: str) -> None:
    with pytest.raises(EntryError) as refusal:
        parse_date(typed)
    (issue,) = refusal.value.issues
    assert issue.code == code
    assert render(issue, "zh-hant") != render(issue, "en")


def _in_chinese(number: int) -> str:
    """A number below a hundred million in Chinese, as written on a cheque but in common digits."""
    digits = "零一二三四五六七八九"

    def section(value: int) -> str:
        written = ""
        for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = value // power % 10
            if digit:
                written += ("零" if written.endswith("零") else "") + digits[digit] + name
            elif written and not written.endswith("零") and value % power:
                written += "零"
        return written.replace("零零", "零")

    high, low = divmod(number, 10**4)
    if not high:
        return section(low) or "零"
    gap = "零" if low and low < 1000 else ""
    return section(high) + "萬" + gap + section(low)


@given(st.integers(0, 10**8 - 1))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert parse_number(_in_chinese(number)) == number


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4), st.sampled_from(["", " kg", " 公噸/年"]))
def test_numbers_are_read_back_however_they_are_grouped(number: Decimal, unit: str) -> None:
    full_width = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
    for written in (f"{number:f}", f"{number:,f}", f"{number:,f}".translate(full_width)):
        assert parse_quantity(written + unit) == (number, unit.strip() or None)


@given(st.dates(date(1912, 1, 1), date(2111, 12, 31)))
def test_dates_are_read_back_in_both_calendars(day: date) -> None:
    roc = day.year - 1911
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"民國{roc}年{day.month}月{day.day}日") == day
    if roc >= 100:
        assert parse_date(f"{roc}/{day.month}/{day.day}") == day


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_both_languages(typed: str) -> None:
    for reader in (parse_quantity, parse_number, parse_date):
        try:
            reader(typed)
        except EntryError as refusal:
            for issue in refusal.issues:
                assert render(issue, "en")
                assert render(issue, "zh-hant")
