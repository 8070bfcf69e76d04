"""Screening matrices from CSV, TSV and Excel, good and bad."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from economics_sample import published
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from openrecp.assessment.matrix_file import read_matrix
from openrecp.errors import UnusableInput
from openrecp.screening import rank_subjects
from openrecp.texts import render

EXAMPLE = Path(str(files("openrecp.assessment") / "examples" / "screening.csv"))
TABLE = [
    ["評等準則", "權數", "方案甲", "方案乙"],
    ["減少處理成本", "10", "8", "３"],
    ["容易執行", "5", "2.5", ""],
    ["權數乘以等級的總和", "", "92.5", "30"],
]


def saved(path: Path, table: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join(delimiter.join(row) for row in table).encode(encoding))
    return path


def findings(path: Path) -> list[tuple[str, str | None]]:
    """Codes and cells of everything wrong in a matrix."""
    with pytest.raises(UnusableInput) as caught:
        read_matrix(path)
    for issue in caught.value.issues:
        assert issue.where.file == path.name
        assert render(issue, "en")
    return [(issue.code, issue.where.cell) for issue in caught.value.issues]


def test_the_example_is_appendix_7() -> None:
    scores = {score.subject: score.score.value for score in rank_subjects(read_matrix(EXAMPLE)).scores}
    assert scores == published("screening_appendix_7")["scores"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_usual_way_to_save_a_table(tmp_path: Path, encoding: str, delimiter: str) -> None:
    found = read_matrix(saved(tmp_path / "m.csv", TABLE, delimiter, encoding))
    assert [(criterion.name, criterion.weight) for criterion in found.criteria] == [
        ("減少處理成本", 10.0),
        ("容易執行", 5.0),
    ]
    assert found.subjects == ("方案甲", "方案乙")
    assert found.ratings == ((8.0, 3.0), (2.5, None))


def test_a_workbook_whose_first_sheet_is_empty(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("評定")
    for row in TABLE:
        sheet.append(
            [float(each) if each.isascii() and each.replace(".", "").isdigit() else each for each in row]
        )
    book.save(tmp_path / "m.xlsx")
    found = read_matrix(tmp_path / "m.xlsx")
    assert found.ratings == ((8.0, 3.0), (2.5, None))
    assert str(found.criteria[0].source) == "m.xlsx · 評定 · B2"


def test_an_empty_rating_stays_missing_and_says_where(tmp_path: Path) -> None:
    found = rank_subjects(read_matrix(saved(tmp_path / "m.csv", TABLE)))
    assert [(issue.code, issue.where.cell, issue.where.line) for issue in found.issues] == [
        ("rating-missing", "D3", 3)
    ]


def test_columns_and_empty_rows_may_stand_anywhere(tmp_path: Path) -> None:
    table = [["", ""], ["X", "Weight", "Criterion"], ["", "", ""], ["7", "4", "Cost"]]
    found = read_matrix(saved(tmp_path / "m.csv", table))
    assert (found.subjects, found.ratings, found.criteria[0].weight) == (("X",), ((7.0,),), 4.0)


def test_all_bad_cells_come_at_once(tmp_path: Path) -> None:
    table = [
        ["criterion", "weight", "X", "Y"],
        ["Cost", "high", "11", "about 5"],
        ["Safety", "", "3", "4"],
        ["", "5", "3", "4"],
        ["Total cost", "4", "2", "1", "stray"],
        ["Cost", "4", "-1", "1"],
    ]
    assert sorted(findings(saved(tmp_path / "m.csv", table)), key=str) == sorted(
        [
            ("number-unreadable", "B2"),
            ("number-is-approximate", "D2"),
            ("rating-out-of-range", "C2"),
            ("weight-missing", "A3"),
            ("name-missing", "B4"),
            ("column-unnamed", "E5"),
            ("name-twice", None),
            ("rating-out-of-range", "C2"),
        ],
        key=str,
    )


def test_errors_and_formulas_without_result_in_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["criterion", "weight", "X"],
        ["Cost", 5, "=2+3"],
        ["Safety", 5, "#DIV/0!"],
        ["Ease", 12, True],
    ):
        sheet.append(row)
    book.save(tmp_path / "m.xlsx")
    assert findings(tmp_path / "m.xlsx") == [
        ("formula-without-value", "C2"),
        ("excel-error", "C3"),
        ("number-unreadable", "C4"),
        ("weight-out-of-range", "B4"),
    ]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", ["table-empty"]),
        (b"\n\n", ["table-empty"]),
        (b"a,b\n1,2\n", ["column-missing", "column-missing"]),
        (b"criterion,weight\nCost,5\n", ["no-subjects"]),
        (b"criterion,weight,X\n", ["no-criteria"]),
        (b"\x00\x01\x02", ["not-text"]),
        (b"\xff\xfe\x00", ["not-text"]),
        (b"PK\x03\x04", ["not-text"]),
        (b'criterion,weight,"' + b"x" * 200_000, ["table-broken"]),
        (b"criterion,weight,X\n" + b"c,1,2\n" * 1_001, ["table-too-large"]),
        (b"criterion,weight" + b",x" * 300 + b"\n", ["table-too-large"]),
        (b"x" * 1_100_000, ["file-too-large"]),
    ],
)
def test_what_is_no_matrix_is_refused(tmp_path: Path, content: bytes, codes: list[str]) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(content)
    assert [code for code, _ in findings(path)] == codes


def test_what_is_no_file_or_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "junk.xlsx").write_bytes(b"PK\x03\x04 and no more")
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "junk.xlsx"):
        with pytest.raises(UnusableInput):
            read_matrix(path)


@cache
def whole_workbook() -> bytes:
    """A good workbook, made once: its bytes hold the time at which it was saved."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in TABLE:
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@given(st.data())
def test_damaged_tables_end_in_findings(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    suffix = data.draw(st.sampled_from([".csv", ".xlsx"]))
    content = bytearray(EXAMPLE.read_bytes() if suffix == ".csv" else whole_workbook())
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=8)
    ):
        content[place] = byte
    path = tmp_path_factory.getbasetemp() / f"damaged{suffix}"
    path.write_bytes(bytes(content))
    try:
        rank_subjects(read_matrix(path))
    except UnusableInput as error:
        for issue in error.issues:
            render(issue, "zh-hant")


def test_the_chinese_example_ranks_like_the_english_one() -> None:
    chinese = rank_subjects(read_matrix(EXAMPLE.with_name("screening-zh-hant.csv")))
    english = rank_subjects(read_matrix(EXAMPLE))
    assert [score.score.value for score in chinese.scores] == [score.score.value for score in english.scores]
    assert chinese.first == ("方案 Z",)
