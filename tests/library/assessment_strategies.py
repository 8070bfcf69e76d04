"""Assessments as hypothesis makes them up: every field of every worksheet, tricky words included."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from openrecp.assessment.document import COLLECTIONS, Assessment
from openrecp.assessment.spec import (
    Currency,
    Kind,
    Money,
    Quantity,
    Record,
    RecordField,
    UnitPrice,
    record_fields,
)
from openrecp.assessment.worksheets.registry import blocks_by_collection

UNKNOWN = "X9-unknown"
_TRICKY = [
    "=1+1",
    "#N/A",
    "_x0041_ and _x000D_",
    "007",
    "1e5",
    "2026-03-05",
    "TRUE",
    "是",
    "'quoted",
    "@mention",
    "two\nlines\tand a tab",
    "<b>&amp;</b>",
    "𠀀 電鍍廢水（鎳）",
    "Total",
    "合計",
    "Department",
    "Name",
    "名稱",
    "Option No.",
    "#id",
    "#block:cover",
    "#derived:x",
    "#section",
    "ƒ R×W",
    "12%",
    "{braces} %s",
]
_LETTERS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
_WORDS = (
    (st.sampled_from(_TRICKY) | st.text(_LETTERS, min_size=1, max_size=40) | st.just("long " * 1500))
    .map(str.strip)
    .filter(bool)
)
_NUMBERS = st.decimals(min_value=-(10**14), max_value=10**14, places=2) | st.decimals(
    min_value=-1000, max_value=1000, places=15
)
_UNITS = st.sampled_from(["t/yr", "公噸/月", "kg", "m³/d", "CMD", "box", "not a unit", "1", "°C", "%", "元"])
_EXACT_UNITS = st.sampled_from(["t/yr", "公噸/月", "kg/batch", "m³/d", "d", "h", "°C"])
_CURRENCY = st.sampled_from(Currency)
_ID = st.uuids().map(lambda each: each.hex)
_CODE = st.from_regex(r"[a-z]{1,3}[0-9]{1,3}", fullmatch=True) | st.sampled_from(
    ["廢水1", "1", "1.5", "007", "#1", "W-1(a)", "Total", "合計", "Name", "r"]
)


def _value(field: RecordField, currency: Currency, numbers: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    kind, choices = field.kind, field.choices
    if choices is not None:
        one = st.sampled_from(list(choices))
        return one if kind is Kind.CHOICE else st.lists(one, min_size=1, max_size=4).map(tuple)
    if kind in {Kind.CODE, Kind.CODES}:
        code = st.sampled_from([UNKNOWN, *numbers.get(field.spec.refers_to or "", [])])
        return code if kind is Kind.CODE else st.lists(code, min_size=1, max_size=4).map(tuple)
    if kind is Kind.QUANTITY:
        units = st.sampled_from(field.spec.units) | (_UNITS if len(field.spec.units) > 1 else _EXACT_UNITS)
        return st.builds(Quantity, value=_NUMBERS, unit=units)
    if kind is Kind.PRICE:
        return st.builds(UnitPrice, amount=_NUMBERS, currency=st.just(currency), per=_UNITS)
    if kind is Kind.MONEY:
        return st.builds(Money, minor=st.integers(-(10**14), 10**14), currency=st.just(currency))
    return {
        Kind.WORDS: _WORDS,
        Kind.NUMBER: _NUMBERS,
        # A month of the plan may be wrong, but not so far off that the plan fills the sheet.
        Kind.INTEGER: st.integers(-5, 10**14 if field.spec.maximum is None else int(field.spec.maximum) + 5),
        Kind.YES_NO: st.booleans(),
        Kind.DATE: st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    }[kind]


@st.composite
def _record(
    draw: st.DrawFn,
    record: type[Record],
    currency: Currency,
    numbers: dict[str, list[str]],
    number: str | None,
) -> dict[str, Any]:
    fields = [field for field in record_fields(record) if field.name not in {"number", "currency"}]
    chosen = draw(
        st.lists(st.sampled_from(fields), min_size=1, max_size=8, unique_by=lambda field: field.name)
    )
    values = {field.name: draw(_value(field, currency, numbers)) for field in chosen}
    return {"id": draw(_ID), **values, **({"number": number} if number is not None else {})}


@st.composite
def _ratings(draw: st.DrawFn, criteria: list[str], subjects: list[str]) -> list[dict[str, Any]]:
    found = []
    for _ in range(draw(st.integers(0, 8))):
        rating = {
            "id": draw(_ID),
            "criterion": draw(st.sampled_from([None, UNKNOWN, *criteria, *criteria, *criteria])),
            "subject": draw(st.sampled_from([None, UNKNOWN, *subjects, *subjects])),
            "rating": draw(st.none() | _NUMBERS | st.sampled_from([Decimal(0), Decimal(10), Decimal("7.5")])),
        }
        if any(value is not None for key, value in rating.items() if key != "id"):
            found.append(rating)
    return found


def _is_form(collection: str) -> bool:
    return isinstance(Assessment.model_fields[collection].get_default(call_default_factory=True), Record)


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    """An assessment with some records on some worksheets, whose references lead somewhere or nowhere."""
    currency = draw(_CURRENCY)
    blocks = blocks_by_collection()
    given = [name for name in blocks if not _is_form(name)]
    shown = draw(st.lists(st.sampled_from(given), max_size=8, unique=True))
    numbered = [name for name in shown if "number" in blocks[name].record.model_fields]
    numbers = {
        name: draw(st.lists(_CODE, min_size=1, max_size=4, unique=draw(st.booleans()))) for name in numbered
    }
    data: dict[str, Any] = {"id": draw(_ID), "simplified": draw(st.booleans())}
    for name in shown:
        record, own = blocks[name].record, numbers.get(name)
        wanted: list[str | None] = [*own] if own else [None] * draw(st.integers(1, 4))
        data[name] = [draw(_record(record, currency, numbers, number)) for number in wanted]
    for name in ("stream", "option"):
        subjects = numbers.get("waste_streams" if name == "stream" else "options", [])
        data[f"{name}_ratings"] = draw(_ratings(numbers.get(f"{name}_criteria", []), subjects))
    for name in COLLECTIONS:
        if _is_form(name) and draw(st.booleans()):
            data[name] = draw(_record(blocks[name].record, currency, numbers, None))
    data["cover"] = {**data.get("cover", {"id": draw(_ID)}), "currency": currency}
    return Assessment.model_validate(data)
