"""Columns on paper hold what cannot be broken; headings of the matrix can be read without turning the head."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.reports.charts.drawing import chart_drawing
from openrecp.reports.charts.labels import balanced, lines_in, wrapped
from openrecp.reports.charts.specs import Criterion, MatrixRow, ScreeningMatrix
from openrecp.reports.pages import SetCell, SetColumn, SetRow
from openrecp.reports.widths import fitted
from openrecp.texts import LANGUAGES, Language


def points(columns: tuple[SetColumn, ...]) -> list[float]:
    whole = sum(column.share for column in columns)
    return [459 * column.share / whole for column in columns]


def test_a_long_word_in_a_header_gets_its_room_from_the_others() -> None:
    columns = (SetColumn("Remarks", "", "left", 9.0), *(SetColumn("Technology", "", "left", 0.5),) * 4)
    before, after = points(columns), points(fitted(columns, ()))
    assert before[1] < 45 < after[1]
    assert after[0] < before[0]
    assert sum(after) == pytest.approx(459)


def test_a_number_and_a_date_are_never_too_wide_for_their_column() -> None:
    columns = (SetColumn("a", "", "left", 20.0), SetColumn("b", "", "right", 1.0))
    rows = (SetRow((SetCell("words"), SetCell("12,345,678,901", value=12_345_678_901)), "body"),)
    assert points(fitted(columns, rows))[1] > 14 * 0.5 * 9
    words_only = (replace(rows[0], cells=(SetCell("words"), SetCell("12,345,678,901"))),)
    assert fitted(columns, words_only) == columns


@given(st.lists(st.tuples(st.text("abcXYZ -中文", max_size=30), st.floats(0.1, 20)), min_size=1, max_size=20))
def test_columns_always_fill_the_page_and_none_vanishes(given_columns: list[tuple[str, float]]) -> None:
    columns = tuple(SetColumn(header, "", "left", share) for header, share in given_columns)
    widths = points(fitted(columns, ()))
    assert sum(widths) == pytest.approx(459)
    assert min(widths) > 0


def test_lines_are_balanced_without_a_line_more_and_without_cutting_words() -> None:
    assert wrapped("處理及處置成本", 40, 11).split("\n")[-1] == "本"
    assert [len(line) for line in balanced("處理及處置成本", 40, 11).split("\n")] != [3, 3, 1]
    name = "Potential for source reduction"
    assert lines_in(balanced(name, 90, 11)) == lines_in(wrapped(name, 90, 11))
    assert balanced(name, 90, 11).replace("\n", " ") == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_of_the_matrix_are_level(language: Language) -> None:
    criteria = tuple(Criterion(f"Environmental hazard {number}", 5) for number in range(9))
    chart = ScreeningMatrix(criteria, (MatrixRow("W1", (1.0,) * 9, 45.0),), "Weighted sum")
    axes = [axis for axis in chart_drawing(chart, language).option["xAxis"] if axis["type"] == "category"]
    assert len(axes) == 2
    assert all("rotate" not in axis["axisLabel"] for axis in axes)
    said = [axis["axisLabel"]["formatter"]["texts"] for axis in axes]
    assert all(bool(lower) != bool(upper) for lower, upper in zip(*said, strict=True))
    assert all("Environmental" in words for words in (*said[1][::2], *said[0][1:9:2]))
