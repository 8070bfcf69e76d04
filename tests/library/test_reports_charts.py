from __future__ import annotations

import re

import pytest
from defusedxml.ElementTree import fromstring
from docx.image.image import Image
from hypothesis import given
from hypothesis import strategies as st
from report_sample import NASTY, SYMBOLS

from openrecp.reports.charts.drawing import chart_drawing, chart_svg, printed_width, svg_png
from openrecp.reports.charts.labels import lines_in, scale_of, width_of, wrapped
from openrecp.reports.charts.matrix import _shade
from openrecp.reports.charts.specs import (
    AbatementBlock,
    AbatementBlocks,
    CashFlowBars,
    Chart,
    Criterion,
    Mark,
    MatrixRow,
    MonthPlan,
    PlannedTask,
    RankedBar,
    RankedBars,
    ScreeningMatrix,
    SpreadBars,
    Tornado,
    TornadoBar,
)
from openrecp.reports.fonts import covered_characters, drawable, mapped_characters
from openrecp.reports.look import GAIN, LOSS, font_files
from openrecp.texts import LANGUAGES, Language

LONG = "第一生產線鍍鎳槽帶出液與後續三道溢流水洗所產生之含鎳混合廢水源流"

CHARTS: dict[str, Chart] = {
    "twenty long names": RankedBars(
        tuple(RankedBar(f"{LONG}{index}", 1e6 / (index + 1), None, index < 3) for index in range(20)),
        "成本",
        "TWD/yr",
    ),
    "forty bars": RankedBars(
        tuple(RankedBar(f"b{index}", 40.0 - index, 3) for index in range(40)), "c", "kg"
    ),
    "no bars": RankedBars((), "c", "kg"),
    "zero, nothing and a credit": RankedBars(
        (RankedBar("a", 0.0, 0.0), RankedBar("b", None, 5), RankedBar("c", -42000.0, None)),
        "cost",
        "TWD",
        "score",
    ),
    "nasty words": RankedBars((RankedBar(NASTY + " {b} {name|x}", 1.0, 2.0),), NASTY, NASTY, NASTY),
    "matrix": ScreeningMatrix(
        tuple(Criterion(f"Reduction of something {index}", index) for index in range(9)),
        (MatrixRow(LONG, (None, 0.0, *range(1, 8)), 166, True), MatrixRow("short row", (10.0,), None, False)),
        "Weighted sum",
    ),
    "empty matrix": ScreeningMatrix((), (), "Sum"),
    "two years": CashFlowBars((0, 1), (-5000.0, 14300.0), (-5000.0, 9300.0), "USD", "flow", "sum", "year"),
    "thirty years": CashFlowBars(
        tuple(range(31)),
        (-9e9, *([6e8] * 30)),
        tuple(6e8 * i - 9e9 for i in range(31)),
        "TWD",
        "流量",
        "累計",
        "年",
    ),
    "no years": CashFlowBars((), (), (), "TWD", "flow", "sum", "year"),
    "all zero": CashFlowBars((0, 1), (0.0, 0.0), (0.0, 0.0), "TWD", "flow", "sum", "year"),
    "tornado": Tornado(
        100.0, (TornadoBar(LONG, -50, 262, "-30 %", "+30 %"), TornadoBar("one-sided", 120, 180)), "NPV", "USD"
    ),
    "flat tornado": Tornado(0.0, (TornadoBar("a", 0, 0),), "NPV", "USD"),
    "spread over zero": SpreadBars(
        (-150.0, -50.0, 50.0, 150.0),
        (10.0, 60.0, 30.0),
        "淨現值",
        "TWD",
        "share",
        (Mark(NASTY, 12.0), Mark("b", 14.0), Mark("c", 15.0), Mark("d", 16.0), Mark("outside", 900.0)),
    ),
    "spread of one value": SpreadBars((5.0, 6.0), (100.0,), "NPV", "USD", "share", (Mark("base", 5.0),)),
    "no spread": SpreadBars((), (), "NPV", "USD", "share"),
    "abatement": AbatementBlocks(
        (
            AbatementBlock(LONG, 120.0, -5e6),
            AbatementBlock(NASTY, 1.0, -1.0),
            AbatementBlock("free", 30.0, 0.0),
            AbatementBlock("dear", 200.0, 2.5e3),
        ),
        "CO₂e",
        "t/yr",
        "cost",
        "TWD/t",
    ),
    "nothing avoided": AbatementBlocks((), "CO₂e", "t/yr", "cost", "TWD/t"),
    "plan": MonthPlan(
        (
            PlannedTask(LONG, 1, 2, "工務課"),
            PlannedTask("stop", 36, 1, NASTY, "downtime"),
            PlannedTask("end", 40, 1, "who", "milestone"),
        ),
        12,
        (2026, 11),
    ),
    "no tasks": MonthPlan((), 6),
}


def words_in(svg: str) -> str:
    return "".join("".join(each.itertext()) for each in fromstring(svg).iter() if each.tag.endswith("}text"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_a_well_formed_accessible_picture(name: str, language: Language) -> None:
    svg = chart_svg(CHARTS[name], language, "Title <b> & more", "What it shows", "figure-7")
    root = fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "figure-7-title figure-7-desc"
    assert [child.tag.rpartition("}")[2] for child in root[:2]] == ["title", "desc"]
    assert root[0].text == "Title <b> & more"
    assert "<style" not in svg
    assert "clip-path" not in svg, "clipping costs a layer of the whole picture"
    assert "<script" not in svg
    assert "NaN" not in svg
    assert "Infinity" not in svg


def test_a_chart_is_drawn_the_same_twice() -> None:
    chart = CHARTS["matrix"]
    first = chart_svg.__wrapped__(chart, "en", "t", "d")
    chart_svg.__wrapped__(CHARTS["plan"], "en", "t", "d")
    assert chart_svg.__wrapped__(chart, "en", "t", "d") == first


def test_long_names_are_wrapped_and_none_is_cut() -> None:
    svg = chart_svg(CHARTS["twenty long names"], "zh-hant", "t", "d")
    assert words_in(svg).count(LONG) == 20
    assert "…" not in words_in(svg)


def test_words_with_braces_are_printed_as_they_are() -> None:
    chart = RankedBars((RankedBar("{b} {c}", 1.0),), "x", "kg")
    assert "{b} {c}" in words_in(chart_svg(chart, "en", "t", "d"))


def test_what_has_no_number_says_so_and_is_not_drawn_as_zero() -> None:
    words = words_in(chart_svg(CHARTS["zero, nothing and a credit"], "en", "t", "d"))
    assert "not given" in words
    assert "-42" in words


def test_a_class_that_holds_zero_is_cut_there() -> None:
    svg = chart_svg(CHARTS["spread over zero"], "en", "t", "d")
    assert svg.count(f'fill="{LOSS}"') >= 2
    assert svg.count(f'fill="{GAIN}"') >= 2


def test_what_costs_and_what_saves_is_told_apart() -> None:
    svg = chart_svg(CHARTS["abatement"], "en", "t", "d")
    assert GAIN in svg
    assert LOSS in svg
    assert "free" in words_in(svg)


def test_bars_beyond_thirty_are_counted() -> None:
    assert "10 more are in the table" in words_in(chart_svg(CHARTS["forty bars"], "en", "t", "d"))


def test_large_amounts_are_scaled_and_the_unit_says_so() -> None:
    words = words_in(chart_svg(CHARTS["thirty years"], "en", "t", "d"))
    assert "million TWD" in words
    assert "-9,000" in words
    assert scale_of(99_999)[0] == 1


def test_charts_fit_an_a4_page() -> None:
    for chart in CHARTS.values():
        assert printed_width(chart, "zh-hant") == 162
    endless = MonthPlan(tuple(PlannedTask(LONG, 1) for _ in range(80)), 12)
    drawing = chart_drawing(endless, "zh-hant")
    assert printed_width(endless, "zh-hant") * drawing.height / drawing.width <= 222.01


@pytest.mark.parametrize("name", ["nasty words", "plan"])
def test_pictures_are_made_of_whatever_the_user_wrote(name: str) -> None:
    svg = chart_svg(CHARTS[name], "en", NASTY.replace("\x00", ""), "d")
    assert Image.from_blob(svg_png(svg)).px_width == 1120


@pytest.mark.parametrize("rating", [None, *range(11)])
def test_ratings_can_be_read_on_their_shade(rating: float | None) -> None:
    ground, ink = _shade(rating, ScreeningMatrix((), ()))
    assert contrast(ground, ink) >= 4.5


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, WCAG 2.2, success criterion 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=80))
def test_wrapping_loses_nothing_and_keeps_to_the_width(words: str) -> None:
    lines = wrapped(words, 120, most=1000)
    assert re.sub(r"\s", "", lines) == re.sub(r"\s", "", words)
    closing = "，。、；：！？）」』】》％,.;:!?)%"
    for line in lines.split("\n"):
        assert width_of(line.rstrip(closing)) <= 120 or len(line) == 1


def test_wrapping_marks_what_it_cuts() -> None:
    assert wrapped("字" * 100, 60, most=2).endswith("…")
    assert lines_in(wrapped("字" * 100, 60, most=2)) == 2


@pytest.mark.parametrize("symbol", sorted(set(SYMBOLS + "堃喆煊瓩犇峯") - {" "}))
def test_every_symbol_we_use_is_in_the_fonts_and_leaves_ink(symbol: str) -> None:
    assert ord(symbol) in covered_characters()
    assert drawable(symbol) == symbol
    drawn = [png_of(sign, weight) for sign in (symbol, "\ue123") for weight in (400, 700)]
    blank = png_of("", 400)
    assert blank not in drawn[:2]
    assert not set(drawn[:2]) & set(drawn[2:])


def png_of(sign: str, weight: int) -> bytes:
    style = f"font-family:Source Sans 3, Noto Sans TC;font-size:30px;font-weight:{weight}"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="50"><text x="9" y="36" style="{style}">{sign}</text></svg>'
    return svg_png(svg)


def test_bold_and_regular_print_the_same_characters() -> None:
    latin, latin_bold, chinese, chinese_bold = (mapped_characters(path) for path in font_files())
    assert len(chinese) > 20_000
    assert latin == latin_bold
    assert chinese == chinese_bold


def test_what_no_font_has_is_shown_as_a_box_and_joiners_vanish() -> None:
    assert drawable("廠 🏭 x") == "廠 □ x"
    assert drawable("a\u200db\ufe0f") == "ab"
    assert drawable("㎥ Å") == "㎥ Å"
    assert 0x1F3ED not in covered_characters()
