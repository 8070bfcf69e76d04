"""Cells as the many programs that write workbooks put them."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from openrecp.assessment.workbook.grid import Cell, CellKind, Grid
from openrecp.assessment.workbook.guard import open_package
from openrecp.assessment.workbook.ooxml import read_grid

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = f"""<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="[$-404]e&quot;年&quot;m"/>
<numFmt numFmtId="165" formatCode="0.0&quot; d&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="20"/><xf
numFmtId="165"/></cellXfs></styleSheet>"""
_TEXTS = f"""<sst xmlns="{_MAIN}"><si><t>plain</t></si><si><r><t>rich </t></r><r><t xml:space="preserve">text</t></r>
<rPh sb="0" eb="1"><t>ㄓㄨˋ</t></rPh></si><si><t>a_x000D_b _x005F_x0041_</t></si></sst>"""


def _grid(
    folder: Path,
    rows: str,
    *,
    main: str = _MAIN,
    before: str = "",
    after: str = "",
    prefix: str = "",
    target: str = "",
) -> Grid:
    tag = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{_RELATION}">{before}<sheets><sheet name="One" sheetId="1" r:id="a"/>'
        "</sheets></workbook>"
    )
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_RELATION}/{kind}" Target="{place}"/>'
        for name, kind, place in (
            ("a", "worksheet", target or "worksheets/sheet1.xml"),
            ("b", "sharedStrings", "sharedStrings.xml"),
            ("c", "styles", "styles.xml"),
        )
    )
    root = f'<Relationships><Relationship Id="x" Type="{_RELATION}/officeDocument" Target="/xl/book.xml"/></Relationships>'
    sheet = (
        f'<{tag}worksheet {space}="{main}"><{tag}sheetData>{rows}</{tag}sheetData>{after}</{tag}worksheet>'
    )
    target_file = io.BytesIO()
    with zipfile.ZipFile(target_file, "w") as package:
        for name, content in {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": root,
            "xl/book.xml": book,
            "xl/_rels/book.xml.rels": f"<Relationships>{relations}</Relationships>",
            "xl/worksheets/Sheet1.xml": sheet,
            "xl/sharedStrings.xml": _TEXTS,
            "xl/styles.xml": _STYLES,
        }.items():
            package.writestr(name, content)
    path = folder / "book.xlsx"
    path.write_bytes(target_file.getvalue())
    return read_grid(open_package(path))


def _cells(grid: Grid) -> dict[str, tuple[CellKind, object]]:
    return {cell.address: (cell.kind, cell.value) for cell in grid.sheets[0].cells()}


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ('<c r="B2"><v>0.1</v></c>', CellKind.NUMBER, Decimal("0.1")),
        ('<c r="B2"><v>0.30000000000000004</v></c>', CellKind.NUMBER, Decimal("0.3")),
        ('<c r="B2"><v>1234567890.123456</v></c>', CellKind.NUMBER, Decimal("1234567890.123456")),
        ('<c r="B2"><f>0.57*100</f><v>56.99999999999999</v></c>', CellKind.NUMBER, Decimal(57)),
        ('<c r="B2"><v>1E+400</v></c>', CellKind.ERROR, "#NUM!"),
        ('<c r="B2"><v>twelve</v></c>', CellKind.TEXT, "twelve"),
        ('<c r="B2" t="s"><v>0</v></c>', CellKind.TEXT, "plain"),
        ('<c r="B2" t="s"><v>1</v></c>', CellKind.TEXT, "rich text"),
        ('<c r="B2" t="s"><v>2</v></c>', CellKind.TEXT, "a\rb _x0041_"),
        ('<c r="B2" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>', CellKind.TEXT, "inline"),
        ('<c r="B2" t="str"><f>A1</f><v>result</v></c>', CellKind.TEXT, "result"),
        ('<c r="B2" t="b"><v>1</v></c>', CellKind.TRUTH, True),
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', CellKind.ERROR, "#DIV/0!"),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellKind.ERROR, "#DIV/0!"),
        ('<c r="B2"><f>A1</f></c>', CellKind.UNCACHED, "="),
        ('<c r="B2"><f>A1</f><v></v></c>', CellKind.UNCACHED, "="),
        ('<c r="B2"><f>A1</f><v/></c>', CellKind.UNCACHED, "="),
        ('<c r="B2"><f t="shared" si="0"/><v>7</v></c>', CellKind.NUMBER, Decimal(7)),
        ('<c r="B2" t="d"><v>2026-03-05T00:00:00</v></c>', CellKind.DATE, date(2026, 3, 5)),
        ('<c r="B2" s="1"><v>46086</v></c>', CellKind.DATE, date(2026, 3, 5)),
        ('<c r="B2" s="2"><v>46086.75</v></c>', CellKind.DATE, date(2026, 3, 5)),
        ('<c r="B2" s="1"><v>-3</v></c>', CellKind.NUMBER, Decimal(-3)),
        ('<c r="B2" s="3"><v>0.12</v></c>', CellKind.PERCENT, Decimal("0.12")),
        ('<c r="B2" s="4"><v>0.354166666666667</v></c>', CellKind.TIME, "8:30"),
        ('<c r="B2" s="5"><v>12.5</v></c>', CellKind.NUMBER, Decimal("12.5")),
        ('<c r="B2" s="99"><v>5</v></c>', CellKind.NUMBER, Decimal(5)),
    ],
)
def test_one_cell(tmp_path: Path, cell: str, kind: CellKind, value: object) -> None:
    assert _cells(_grid(tmp_path, f'<row r="2">{cell}</row>')) == {"B2": (kind, value)}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2" s="1"/>',
        '<c r="B2" t="str"><f>A1</f><v></v></c>',
        '<c r="B2" t="inlineStr"><is><t>  </t></is></c>',
        '<c r="B2"><v></v></c>',
    ],
)
def test_cells_that_hold_nothing(tmp_path: Path, cell: str) -> None:
    assert _cells(_grid(tmp_path, f"<row>{cell}</row>")) == {}


def test_positions_may_be_left_out(tmp_path: Path) -> None:
    rows = '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row r="5"><c/><c><v>4</v></c></row><row><c><v>5</v></c></row>'
    assert {key: value for key, (_, value) in _cells(_grid(tmp_path, rows)).items()} == {
        "A1": 1,
        "D1": 2,
        "E1": 3,
        "B5": 4,
        "A6": 5,
    }


def test_prefixes_strict_files_and_other_places(tmp_path: Path) -> None:
    row = '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row>'
    assert _cells(_grid(tmp_path, row, prefix="x"))["A1"][1] == "plain"
    row = row.replace("x:", "")
    assert _cells(_grid(tmp_path, row, main=_STRICT))["A1"][1] == "plain"
    assert _cells(_grid(tmp_path, row, target="/xl/worksheets/SHEET1.xml"))["A1"][1] == "plain"


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    row = '<row><c r="A1" s="1"><v>44624</v></c></row>'
    assert _cells(_grid(tmp_path, row, before='<workbookPr date1904="1"/>'))["A1"][1] == date(2026, 3, 5)


def test_merged_ranges_name_the_cell_they_show(tmp_path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="B1:XFD1048576"/></mergeCells>'
    grid = _grid(tmp_path, '<row><c r="A1"><v>1</v></c></row>', after=merged)
    assert grid.sheets[0].merged == {(2, 1): (1, 1), (3, 1): (1, 1)}


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (CellKind.PERCENT, Decimal("0.125"), "12.5%"),
        (CellKind.NUMBER, Decimal("1E+3"), "1000"),
        (CellKind.NUMBER, Decimal("1.50"), "1.5"),
        (CellKind.TRUTH, False, "FALSE"),
        (CellKind.DATE, date(2026, 3, 5), "2026-03-05"),
        (CellKind.TEXT, " a ", "a"),
    ],
)
def test_words_of_a_cell(kind: CellKind, value: Decimal | bool | date | str, words: str) -> None:
    assert Cell(1, 1, kind, value).words == words
