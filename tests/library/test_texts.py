"""Texts and figures: rendered in a named language, numbers as people write them."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.errors import Severity, Where, problem
from openrecp.figures import Basis, Figure, figure_json, show
from openrecp.texts import format_number, format_significant, render, text


def test_one_text_reads_in_both_languages_side_by_side() -> None:
    message = text("{count} to mend", count=1200)
    assert render(message, "en") == "1,200 to mend"
    assert render(message, "zh-hant") == "1,200 項請修正"
    assert render(message, "en") == "1,200 to mend"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown language 'zh-TW'"):
        render(text("yes"), "zh-TW")  # type: ignore[arg-type]


def test_values_inside_a_text_follow_its_language() -> None:
    message = text("{file}: {reason}", file=[Basis.MEASURED, Basis.ESTIMATED], reason=date(2026, 3, 5))
    assert render(message, "en") == "Measured, Estimated: 5 Mar 2026"
    assert render(message, "zh-hant") == "實測值、估計值：2026 年 3 月 5 日"


def test_user_words_with_braces_stay_as_they_are() -> None:
    assert render(text("{file}: {reason}", file="{reason}", reason="{0}%s"), "en") == "{reason}: {0}%s"


def test_a_finding_reads_in_both_languages_and_keeps_its_place() -> None:
    issue = problem("x", "{file}: {reason}", where=Where("a.xlsx", "8", "C4"), file="a", reason="b")
    assert render(issue, "zh-hant") == "a：b"
    assert str(issue.where) == "a.xlsx · 8 · C4"
    assert issue.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1234567.5, "1,234,567.5"),
        (Decimal("1200.50"), "1,200.5"),
        (12, "12"),
        (math.nan, "–"),
        (math.inf, "–"),
        (1e22, "1e+22"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, shown: str) -> None:
    assert format_number(value) == shown


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_number_can_be_shown(value: float) -> None:
    assert format_significant(value)
    assert format_number(value)
    assert format_number(value, 0) != "-0"


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_three_significant_digits_keep_the_value(value: float) -> None:
    assert float(format_significant(value).replace(",", "")) == pytest.approx(value, rel=0.006)


def test_a_figure_without_value_says_why() -> None:
    figure = Figure(text("Payback"), None, "yr", reason=text("no findings"))
    assert show(figure, "en") == "no findings"
    assert figure_json(figure, "zh-hant")["reason"] == "無待處理事項"


def test_a_figure_opens_with_all_it_was_made_from() -> None:
    cost = Figure(
        text("Cost"), Decimal(5000), "TWD", basis=Basis.ESTIMATED, source=Where(sheet="14", cell="D7")
    )
    saving = Figure(text("Net saving a year"), 14300, "TWD")
    payback = Figure(
        text("Payback"), 5000 / 14300, "yr", text("{file}: {reason}", file="a", reason="b"), (cost, saving)
    )
    assert [(depth, part.value) for depth, part in payback.walk()] == [
        (0, payback.value),
        (1, 5000),
        (1, 14300),
    ]
    assert show(payback, "en") == "0.35 yr"
    assert show(payback, "zh-hant") == "0.35 年"
    assert show(cost, "en") == "5,000 TWD"
    data = figure_json(payback, "en")
    assert data["inputs"][0] == {
        "name": "Cost",
        "value": 5000.0,
        "unit": "TWD",
        "basis": "estimated",
        "source": "14 · D7",
    }
