"""What people type into a cell becomes the value they mean, or a finding."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from filling import Filling, codes

from openrecp.assessment.spec import Kind, Money, Quantity, UnitPrice, record_fields
from openrecp.assessment.worksheets.options import Hierarchy
from openrecp.assessment.worksheets.registry import blocks_by_collection
from openrecp.texts import LANGUAGES, render

Case = tuple[Any, Any, list[str]]
"""What is typed, what is understood, and the findings about it."""


def _understood(
    tmp_path: Path,
    collection: str,
    field: str,
    typed: list[Any],
    units: list[Any] | None = None,
    **first: str,
) -> list[tuple[Any, list[str]]]:
    """What comes of each of several values, typed into a field of one record each."""
    filling = Filling()
    (key, prefix), *_ = first.items()
    for index, value in enumerate(typed):
        filling.put(collection, index, **{key: f"{prefix}{index}", field: value})
        if units is not None:
            filling.put(collection, index, **{f"{field}__unit": units[index]})
    reading = filling.read(tmp_path)
    records = reading.assessment.records(collection)
    assert len(records) == len(typed)
    found = []
    for index, record in enumerate(records):
        path = f"{collection}[{f'{prefix}{index}' if key == 'number' else f'#{index + 1}'}].{field}"
        value = getattr(record, field)
        shown = str(value) if isinstance(value, (Money, Quantity, UnitPrice)) else value
        found.append((shown, [issue.code for issue in reading.issues if issue.where.path == path]))
    assert len(reading.issues) == sum(len(each) for _, each in found)
    return found


def _check(cases: list[Case], understood: list[tuple[Any, list[str]]]) -> None:
    for (typed, expected, codes_), found in zip(cases, understood, strict=True):
        assert found == (expected, codes_), typed


QUANTITIES: list[tuple[Any, Any, Any, list[str]]] = [
    (18, "t/yr", "18 t/yr", []),
    ("1.5 公噸/月", None, "1.5 公噸/月", []),
    ("１，２００ 公斤／年", None, "1200 公斤／年", []),
    ("1,234.5", "kg/yr", "1234.5 kg/yr", []),
    (" 18 ", " t/yr ", "18 t/yr", []),
    ("18 t/yr", "公噸/年", "18 t/yr", []),
    ("18 t/yr", "t/month", "18 t/yr", ["unit-conflict"]),
    ("1.5m3/d", None, "1.5 m3/d", []),
    ("3 萬", "kg/yr", "30000 kg/yr", []),
    (12, None, None, ["unit-missing-here"]),
    (12, "kg", "12 kg", ["unit-of-other-kind"]),
    (12, "drums/yr", "12 drums/yr", ["unit-no-fixed-size"]),
    (12, "flurbs", "12 flurbs", ["unit-unknown"]),
    ("about 12", "t/yr", None, ["number-is-approximate"]),
    ("10-12", "t/yr", None, ["number-is-range"]),
    ("n/a", "t/yr", None, ["number-unreadable"]),
    ("#N/A", "t/yr", None, ["excel-error"]),
    (date(2026, 3, 5), "t/yr", None, ["number-expected"]),
    (time(8, 30), "t/yr", None, ["number-expected"]),
    (True, "t/yr", None, ["number-expected"]),
    ("=A1*2", "t/yr", None, ["formula-without-value"]),
    (1e20, "t/yr", None, ["number-out-of-range"]),
    (12, "x" * 41, None, ["unit-too-long"]),
]


def test_quantities(tmp_path: Path) -> None:
    typed, units, expected, found = map(list, zip(*QUANTITIES, strict=True))
    understood = _understood(tmp_path, "waste_streams", "generation", typed, units, number="W")
    _check(list(zip(zip(typed, units, strict=True), expected, found, strict=True)), understood)


MONEY: list[Case] = [
    (1200, "1200.00 TWD", []),
    ("NT$1,200", "1200.00 TWD", []),
    ("1200元", "1200.00 TWD", []),
    ("NT$1,200元", "1200.00 TWD", []),
    ("新台幣 1,200 元", "1200.00 TWD", []),
    ("$1,200", "1200.00 TWD", []),
    ("12 千元", "12000.00 TWD", []),
    ("1.5萬元", "15000.00 TWD", []),
    (12.34, "12.34 TWD", []),
    (0.1 + 0.2, "0.30 TWD", []),
    (33.3333333, "33.33 TWD", ["money-rounded"]),
    ("US$1,200", None, ["money-in-other-currency"]),
    ("1200 USD", None, ["money-in-other-currency"]),
    ("1200 kg", None, ["money-expected"]),
    (2e14, None, ["number-out-of-range"]),
    ("#DIV/0!", None, ["excel-error"]),
]


def test_money(tmp_path: Path) -> None:
    understood = _understood(tmp_path, "capital_costs", "amount", [case[0] for case in MONEY], option="O")
    _check(MONEY, understood)


PRICES: list[tuple[Any, Any, Any, list[str]]] = [
    (450, "kg", "450 TWD/kg", []),
    ("450 TWD/kg", None, "450 TWD/kg", []),
    ("NT$450/公斤", None, "450 TWD/公斤", []),
    ("450元/公斤", "kg", "450 TWD/公斤", []),
    ("NT$ 450 每公噸", "kg", "450 TWD/公噸", ["unit-conflict"]),
    ("450", None, None, ["unit-missing-here"]),
    ("US$450/kg", None, None, ["money-in-other-currency"]),
    (450, "yr", "450 TWD/yr", ["unit-of-other-kind"]),
    (-450, "kg", "-450 TWD/kg", ["number-outside-limits"]),
]


def test_prices(tmp_path: Path) -> None:
    typed, units, expected, found = map(list, zip(*PRICES, strict=True))
    understood = _understood(tmp_path, "input_materials", "price", typed, units, number="M")
    _check(list(zip(zip(typed, units, strict=True), expected, found, strict=True)), understood)


NUMBERS: list[Case] = [
    (40, Decimal(40), []),
    ("40 小時", Decimal(40), []),
    ("5 d", Decimal(120), ["unit-converted"]),
    ("12 kg", None, ["unit-of-other-kind"]),
    (-1, Decimal(-1), ["number-outside-limits"]),
    (1e-17, None, ["number-out-of-range"]),
    (0.1 + 0.2, Decimal("0.3"), []),
]


def test_numbers(tmp_path: Path) -> None:
    _check(NUMBERS, _understood(tmp_path, "team", "hours", [case[0] for case in NUMBERS], name="A"))


INTEGERS: list[Case] = [
    ("１２０ 人", 120, []),
    (120.0, 120, []),
    (12.5, None, ["whole-number-expected"]),
    ("3 班", None, ["unit-no-fixed-size"]),
    ("3 kg", None, ["unit-not-expected"]),
]


def test_whole_numbers(tmp_path: Path) -> None:
    typed = [case[0] for case in INTEGERS]
    _check(INTEGERS, _understood(tmp_path, "personnel", "total_staff", typed, area="Hall "))


def test_percentages_are_what_the_cell_shows(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    for record, value in enumerate([0.12, 12, "12%", "12 ％"]):
        filling.put("option_descriptions", record, option=f"O{record}", reduction=value)
    filling.cell("option_descriptions", "reduction", 0).number_format = "0.0%"
    filling.put("site", employees=3)
    filling.cell("site", "employees").number_format = "0%"
    reading = filling.read(tmp_path)
    assert [each.reduction for each in reading.assessment.option_descriptions] == [Decimal(12)] * 4
    assert codes(reading) == ["unit-not-expected"]


DATES: list[Case] = [
    (date(2026, 3, 5), date(2026, 3, 5), []),
    (datetime(2026, 3, 5, 14, 30), date(2026, 3, 5), []),  # noqa: DTZ001 - a cell knows no time zone
    ("2026-03-05", date(2026, 3, 5), []),
    ("民國115年3月5日", date(2026, 3, 5), []),
    ("115/3/5", date(2026, 3, 5), []),
    ("１１５．３．５", date(2026, 3, 5), []),
    (46086, date(2026, 3, 5), ["date-as-number"]),
    (1150305, date(2026, 3, 5), []),
    (20260305, date(2026, 3, 5), []),
    ("5/3/2026", None, ["date-ambiguous"]),
    ("2026-02-30", None, ["date-impossible"]),
    ("soon", None, ["date-unreadable"]),
    (12, None, ["date-unreadable"]),
    (True, None, ["date-unreadable"]),
    ("#REF!", None, ["excel-error"]),
]


def test_dates(tmp_path: Path) -> None:
    filling = Filling()
    for index, (value, _, _) in enumerate(DATES):
        filling.put("documents", index, remarks=f"T{index}", revised=value)
        shown = "yyyy-mm-dd" if isinstance(value, date) else "General"
        filling.cell("documents", "revised", index).number_format = shown
    filling.put("cover", prepared_on=46086)
    filling.cell("cover", "prepared_on").number_format = '[$-404]e"年"m"月"d"日"'
    reading = filling.read(tmp_path)
    assert reading.assessment.cover.prepared_on == date(2026, 3, 5)
    for index, (value, expected, found) in enumerate(DATES):
        path = f"documents[#{index + 1}].revised"
        assert reading.assessment.documents[index].revised == expected, value
        assert [issue.code for issue in reading.issues if issue.where.path == path] == found, value


YES = ["yes", "Y", "是", "有", "✓", "v", "V", "TRUE", "1", 1, True, "○", "ｙｅｓ", "可"]
NO = ["no", "N", "否", "無", "×", "FALSE", 0, False, "沒有", "不可"]
NEITHER = ["maybe", "x", "?", 2, "是/否"]


def test_yes_and_no(tmp_path: Path) -> None:
    cases: list[Case] = [(word, True, []) for word in YES]
    cases += [(word, False, []) for word in NO]
    cases += [(word, None, ["yes-or-no-expected"]) for word in NEITHER]
    _check(cases, _understood(tmp_path, "team", "external", [case[0] for case in cases], name="A"))


CHOICES: list[Case] = [
    ("Good operating practice", "practice", []),
    ("Source reduction: good operating practice", "practice", []),
    ("source reduction - good operating practice ", "practice", []),
    ("practice", "practice", []),
    (render(Hierarchy.RECYCLING_OFF_SITE, "zh-hant"), "recycling-off-site", []),
    ("Recycling onsite", "recycling-on-site", []),
    ("Recycling on siet", None, ["choice-unknown"]),
    (3, None, ["choice-unknown"]),
]


def test_choices(tmp_path: Path) -> None:
    typed = [case[0] for case in CHOICES]
    _check(CHOICES, _understood(tmp_path, "option_descriptions", "hierarchy", typed, option="O"))


SEVERAL: list[Case] = [
    ("Equipment cleaning; Spill or leak", ("cleaning", "spill"), []),
    ("Equipment cleaning, Spill or leak", ("cleaning", "spill"), []),
    ("cleaning\nspill", ("cleaning", "spill"), []),
    ("其他、spill", ("other", "spill"), []),
    ("cleaning、nothing known", ("cleaning",), ["choice-unknown"]),
]


def test_several_choices(tmp_path: Path) -> None:
    typed = [case[0] for case in SEVERAL]
    _check(SEVERAL, _understood(tmp_path, "waste_streams", "origins", typed, number="W"))


def test_no_choice_of_several_has_a_separator_in_its_label() -> None:
    fields = [field for block in blocks_by_collection().values() for field in record_fields(block.record)]
    several = [field for field in fields if field.kind is Kind.CHOICES and field.choices is not None]
    assert several
    for field in several:
        for choice in field.choices or ():
            for language in LANGUAGES:
                assert not set(render(choice, language)) & set(",;，；、/|\n")


REFERENCES: list[Case] = [
    ("W1", ("W1",), []),
    ("W1, W2", ("W1", "W2"), []),
    ("W1、W2", ("W1", "W2"), []),
    ("W1 W2", ("W1", "W2"), []),
    ("W1\nW2", ("W1", "W2"), []),
    ("w1", ("W1",), ["code-taken-as"]),
    ("Ｗ１", ("W1",), ["code-taken-as"]),
    ("W 1", ("W1",), ["code-taken-as"]),
    ("Rinse water", ("W1",), ["code-taken-as"]),
    ("W1 (rinse)", ("W1",), ["code-taken-as"]),
    ("W9", ("W9",), []),
    ("all of the streams", (), ["code-unreadable"]),
    (3, ("3",), []),
    (date(2026, 1, 2), (), ["code-expected"]),
]


def test_references(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    filling.put("waste_streams", 0, number="W1", name="Rinse water")
    filling.put("waste_streams", 1, number="W2", name="Sludge")
    for index, (value, _, _) in enumerate(REFERENCES):
        filling.put("options", index, number=f"O{index}", streams=value)
    reading = filling.read(tmp_path)
    for option, (value, expected, found) in zip(reading.assessment.options, REFERENCES, strict=True):
        path = f"options[{option.number}].streams"
        assert option.streams == expected, value
        assert [issue.code for issue in reading.issues if issue.where.path == path] == found, value


def test_words_are_kept_as_they_stand(tmp_path: Path) -> None:
    filling = Filling()
    filling.put("cover", firm="  Bright\r\nPlating ", project_number=42, note="x" * 9000)
    filling.put("site", phone=912345678, department=True, industry=date(2026, 3, 5))
    reading = filling.read(tmp_path)
    cover, site = reading.assessment.cover, reading.assessment.site
    assert (cover.firm, cover.project_number) == ("Bright\nPlating", "42")
    assert (site.phone, site.department, site.industry) == ("912345678", "TRUE", "2026-03-05")
    assert len(cover.note or "") == 8000
    assert codes(reading) == ["words-too-long"]
