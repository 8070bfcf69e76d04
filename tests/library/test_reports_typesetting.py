from __future__ import annotations

from dataclasses import replace

import pytest
from report_sample import sample_report

from openrecp.figures import Basis, Figure
from openrecp.reports.blocks import (
    MISSING,
    Card,
    Column,
    KeyFigures,
    Paragraph,
    Reference,
    Report,
    Section,
    Table,
    group,
    paragraph,
    row,
    strong,
    total,
)
from openrecp.reports.marks import basis_mark
from openrecp.reports.pages import SetCards, SetParagraph, SetTable
from openrecp.reports.provenance import each_once, figure_table, figures_of
from openrecp.reports.typesetting import set_report
from openrecp.reports.wording import printable, speak
from openrecp.texts import LANGUAGES, Language, text

WATER = Figure(text("Water"), 18250.0, "m³/yr", basis=Basis.MEASURED)
COST = Figure(text("Cost"), 775625.0, "TWD/yr", text("water × price"), (WATER,))


def report_of(*sections: Section, language: Language = "en", appendices: tuple[Section, ...] = ()) -> Report:
    return Report("Title", "Plant", language, sections, appendices)


def table_of(*rows: object, columns: tuple[Column, ...] = (Column("a"), Column("b", "m³/yr"))) -> SetTable:
    section = Section("s", (Table("t", columns, tuple(rows)),))  # type: ignore[arg-type]
    block = set_report(report_of(section)).sections[0].blocks[0]
    assert isinstance(block, SetTable)
    return block


def test_sections_tables_and_pictures_are_numbered_in_reading_order() -> None:
    page = set_report(sample_report("zh-hant"))
    assert [section.number for section in page.sections] == ["", "1", "1.1", "2", "3", "A"]
    labels = [block.label for section in page.sections for block in section.blocks if hasattr(block, "label")]
    assert labels == ["圖 1", "表 1", "圖 2", "圖 3", "圖 4", "表 2", "圖 5", "表 3", "表 4", "表 5"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "see Table 1, section 2, appendix A and “Start”"),
        ("zh-hant", "see 表 1, 第 2 節, 附錄 A and 「Start」"),
    ],
)
def test_references_read_as_what_they_point_at(language: Language, expected: str) -> None:
    sentence = text(
        "see {table}, {section}, {appendix} and {start}",
        table=Reference("t"),
        section=Reference("s"),
        appendix=Reference("a"),
        start=Reference("x"),
    )
    page = set_report(
        report_of(
            Section("Start", (paragraph(sentence),), key="x", numbered=False),
            Section("One", (Table("t", (Column("a"),), (), key="t"),)),
            Section("Two", key="s"),
            language=language,
            appendices=(Section("All", key="a"),),
        )
    )
    block = page.sections[0].blocks[0]
    assert isinstance(block, SetParagraph)
    assert block.words == expected


def test_a_reference_to_nothing_and_a_key_used_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="no key in the report"):
        set_report(report_of(Section("s", (paragraph(Reference("nowhere")),))))
    with pytest.raises(ValueError, match="used twice"):
        set_report(report_of(Section("s", key="k"), Section("s", key="k")))


def test_a_row_that_does_not_fit_its_table_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells, expected 2"):
        Table("t", (Column("a"), Column("b")), (row("x", 1), row("y")))


def test_heading_levels_never_jump() -> None:
    page = set_report(report_of(Section("a", level=3), Section("b", level=1), Section("c", level=3)))
    assert [section.level for section in page.sections] == [1, 1, 2]


def test_figures_in_a_column_of_their_unit_show_the_number_alone() -> None:
    table = table_of(row("x", WATER), row("y", COST), total("z", WATER))
    assert [line.cells[1].words for line in table.rows] == ["18,250", "775,625 TWD/yr", "18,250"]
    assert table.rows[0].cells[1].value == 18250.0
    assert table.rows[1].cells[1].value is None
    assert [column.align for column in table.columns] == ["left", "right"]


def test_a_gap_is_marked_and_an_empty_cell_stays_empty() -> None:
    unknown = Figure(text("Cost"), None, "TWD", reason=text("no price was given"))
    table = table_of(group("g"), row("x", MISSING), row("y", unknown), row("z", None))
    cells = [line.cells[1] for line in table.rows if line.kind != "group"]
    assert [cell.missing for cell in cells] == [True, True, False]
    assert [cell.words for cell in cells[1:]] == ["no price was given", ""]


def test_every_basis_but_calculated_has_its_own_letter_and_the_table_explains_those_it_uses() -> None:
    for language in LANGUAGES:
        marks = [basis_mark(basis, language) for basis in Basis if basis is not Basis.CALCULATED]
        assert all(marks)
        assert len(set(marks)) == len(marks)
    assert basis_mark(Basis.CALCULATED, "en") == ""
    guess = replace(WATER, basis=Basis.ESTIMATED)
    assert table_of(row("x", WATER), row("y", guess)).legend == (
        ("M", "Measured", False),
        ("E", "Estimated", True),
    )
    assert table_of(row("x", COST)).legend == ()


def test_a_card_parts_number_and_unit_and_names_its_basis() -> None:
    page = set_report(
        report_of(Section("s", (KeyFigures((Card("Loss", WATER, "a note"), Card("Who", "Ms X"))),)))
    )
    block = page.sections[0].blocks[0]
    assert isinstance(block, SetCards)
    first, second = block.cards
    assert (first.words, first.unit, first.mark, first.basis) == ("18,250", "m³/yr", "M", "Measured")
    assert (second.words, second.unit, second.mark) == ("Ms X", "", "")


def test_figures_inside_a_sentence_are_shown_with_their_unit() -> None:
    assert speak(text("It loses {loss}.", loss=COST), "en") == "It loses 775,625\u00a0TWD/yr."


def test_control_characters_and_lone_surrogates_are_gone() -> None:
    assert printable("a\x00b\x1fc\ud800d\ufffe\te\r\nf") == "a b c d  e\nf"


def test_a_paragraph_keeps_its_pieces_and_weights() -> None:
    block = paragraph("a ", strong(WATER))
    assert isinstance(block, Paragraph)
    page = set_report(report_of(Section("s", (block,))))
    spans = page.sections[0].blocks[0].spans  # type: ignore[union-attr]
    assert [(span.words, span.strong, span.mark) for span in spans] == [
        ("a ", False, ""),
        ("18,250\u00a0m³/yr", True, "M"),
    ]


def test_shared_inputs_are_listed_once_even_where_they_branch_without_end() -> None:
    figure = WATER
    for level in range(40):
        figure = Figure(text("level {n}", n=level), 1.0, inputs=(figure, figure))
    assert len(list(each_once([figure, COST]))) == 42
    rows = figure_table("All", [COST, COST], "en").rows
    assert [str(line.cells[0]) for line in rows] == ["Cost", "Water"]


def test_all_figures_of_a_report_are_found_those_in_sentences_too() -> None:
    sentence = paragraph(text("It loses {loss}.", loss=COST))
    assert list(figures_of(report_of(Section("s", (sentence,))))) == [COST]
    assert len(list(figures_of(sample_report("en", rows=3)))) > 5
