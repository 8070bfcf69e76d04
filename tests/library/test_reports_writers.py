from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import vendor
from defusedxml.ElementTree import fromstring
from docx import Document
from report_sample import NASTY, sample_report
from test_reports_charts import contrast

from openrecp.errors import UnusableInput
from openrecp.figures import Figure
from openrecp.reports import look
from openrecp.reports.blocks import (
    Block,
    Bullets,
    Callout,
    Card,
    Column,
    KeyFigures,
    Report,
    Section,
    Steps,
    Table,
    TableOfContents,
    paragraph,
    row,
)
from openrecp.reports.charts.drawing import svg_png
from openrecp.reports.docx import write_docx
from openrecp.reports.html import write_html
from openrecp.reports.logo import read_logo
from openrecp.reports.pdf import write_pdf
from openrecp.reports.provenance import figure_table
from openrecp.reports.writers import WRITERS, Format, write_report
from openrecp.reports.xlsx import write_xlsx
from openrecp.reports.xlsx_sheets import number_format
from openrecp.texts import LANGUAGES, Language, text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SVG_LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#0B5A60"/></svg>'
FORMATS: tuple[Format, ...] = ("docx", "pdf", "html", "xlsx")


# Every format


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_written_in_every_format(language: Language, tmp_path: Path) -> None:
    paths = write_report(sample_report(language, rows=60), tmp_path / "new" / "folder", FORMATS, "plan")
    assert [path.name for path in paths] == ["plan.docx", "plan.pdf", "plan.html", "plan.xlsx"]
    starts = [path.read_bytes()[:4] for path in paths]
    assert starts == [b"PK\x03\x04", b"%PDF", b"<!DO", b"PK\x03\x04"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_a_user_writes_breaks_a_report(form: Format, language: Language) -> None:
    assert len(WRITERS[form](sample_report(language, rows=3, nasty=True))) > 10_000


@pytest.mark.parametrize("form", FORMATS)
def test_an_almost_empty_report_is_still_a_report(form: Format) -> None:
    assert WRITERS[form](Report("", "", "en", ()))
    assert WRITERS[form](
        Report("t", "p", "zh-hant", (Section("", (Table("", (Column(""),), ()),), level=3),))
    )


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_blocks_and_odd_values_are_written_too(form: Format, language: Language) -> None:
    none = Figure(text("n"), float("nan"), "kg", inputs=(Figure(text("m"), float("inf")),))
    columns = (Column("a"), Column("b", digits=2), Column("c"))
    rows = (row(Decimal("1.50"), float("nan"), date(2026, 1, 2)), row(1e18, none, None), row(True, -3, ""))
    blocks: tuple[Block, ...] = (
        KeyFigures(()),
        Steps(()),
        Bullets(()),
        Bullets((), ordered=True),
        Callout("finding", ()),
        Callout("caution", (Bullets((paragraph(none, text("{n} kg", n=none)),)),)),
        TableOfContents(),
        Table("t", columns, rows),
        KeyFigures(tuple(Card("l", none) for _ in range(6))),
        figure_table("f", [none], language),
    )
    assert WRITERS[form](Report("t", "p", language, (Section("s", blocks),)))


@pytest.mark.parametrize("form", FORMATS)
def test_the_logo_may_be_any_common_picture_and_nothing_else(form: Format) -> None:
    png = svg_png(SVG_LOGO.decode())
    for logo in (SVG_LOGO, png):
        assert WRITERS[form](sample_report("en", rows=1, logo=logo))
    for broken in (b"GIF89a", png[:-20], png[:60] + b"x" + png[61:], b"<svg", b"\xff\xd8\xff cut"):
        with pytest.raises(UnusableInput) as caught:
            WRITERS[form](sample_report("en", rows=1, logo=broken))
        assert caught.value.issues[0].code == "logo-unreadable"


def test_no_logo_is_no_logo() -> None:
    assert read_logo(None) is None
    assert read_logo(b"") is None


# DOCX


@pytest.fixture(scope="module")
def docx_parts() -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(write_docx(sample_report("zh-hant", logo=SVG_LOGO)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_part_of_the_docx_is_well_formed(docx_parts: dict[str, bytes]) -> None:
    for name, content in docx_parts.items():
        if name.endswith((".xml", ".rels")):
            assert fromstring(content) is not None


def test_every_style_names_a_chinese_font(docx_parts: dict[str, bytes]) -> None:
    styles = fromstring(docx_parts["word/styles.xml"])
    lettered = [style for style in styles.iter(f"{W}style") if style.get(f"{W}type") != "table"]
    assert len(lettered) > 30
    for style in lettered:
        fonts = style.find(f"{W}rPr/{W}rFonts")
        assert fonts is not None
        assert fonts.get(f"{W}eastAsia") == "Noto Sans TC"
    language = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert language is not None
    assert language.get(f"{W}eastAsia") == "zh-TW"


def test_every_style_used_is_defined(docx_parts: dict[str, bytes]) -> None:
    defined = set(re.findall(rb'w:styleId="(\w+)"', docx_parts["word/styles.xml"]))
    used: set[bytes] = set()
    for name, content in docx_parts.items():
        if name.startswith("word/") and name.endswith(".xml") and name != "word/styles.xml":
            used |= set(re.findall(rb'<w:(?:pStyle|rStyle|tblStyle) w:val="(\w+)"', content))
    assert used
    assert used <= defined


def test_table_headers_repeat_captions_count_and_pictures_speak(docx_parts: dict[str, bytes]) -> None:
    body = fromstring(docx_parts["word/document.xml"])
    tables = [each for each in body.iter(f"{W}tbl") if each.find(f"{W}tblPr/{W}tblStyle") is not None]
    assert len(tables) == 6
    for table in tables:
        assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
    fields = [each.text.strip() for each in body.iter(f"{W}instrText") if each.text]
    assert fields.count("SEQ Table \\* ARABIC") == 5
    assert fields.count("SEQ Figure \\* ARABIC") == 5
    names = [each.get("descr") for each in body.iter() if each.tag.endswith("}docPr")]
    assert len(names) == 6
    assert all(names)
    identities = [each.get("id") for each in body.iter() if each.tag.endswith("}docPr")]
    assert len(set(identities)) == 6


def test_the_table_of_contents_is_filled_and_its_links_lead_somewhere(docx_parts: dict[str, bytes]) -> None:
    body = fromstring(docx_parts["word/document.xml"])
    entries = [
        p
        for p in body.iter(f"{W}p")
        if (s := p.find(f"{W}pPr/{W}pStyle")) is not None and s.get(f"{W}val", "").startswith("TOC")
    ]
    assert ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in entries][1] == "1  廢棄物源流"
    links = {each.get(f"{W}anchor") for each in body.iter(f"{W}hyperlink")}
    marks = {each.get(f"{W}name") for each in body.iter(f"{W}bookmarkStart")}
    assert len(links) == 6
    assert links <= marks


def test_running_lines_and_properties_of_the_docx() -> None:
    document = Document(BytesIO(write_docx(sample_report("en"))))
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert "Confidential" in section.header._element.xml
    assert "NUMPAGES" in section.footer._element.xml
    assert document.core_properties.title == "Waste reduction assessment"
    assert document.core_properties.author == "Imaginary Advisers"
    assert document.core_properties.language == "en"
    assert [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"][
        1
    ] == "Waste streams"


def test_numbered_lists_start_again() -> None:
    with zipfile.ZipFile(BytesIO(write_docx(sample_report("en")))) as archive:
        numbering = fromstring(archive.read("word/numbering.xml"))
    assert len(list(numbering.iter(f"{W}startOverride"))) == 1


# PDF


def test_the_pdf_is_the_same_every_time_and_accessible() -> None:
    first, second = (write_pdf(sample_report("zh-hant", rows=5)) for _ in range(2))
    assert first == second
    assert b"pdfuaid" in first
    assert b"/StructTreeRoot" in first


@pytest.mark.parametrize(
    "words", ['#panic("read as code")', "$ unclosed", "*a _b `c <label> @ref // = - + /", "\\", '"]}']
)
def test_words_are_never_read_as_markup_in_the_pdf(words: str) -> None:
    block = Table(words, (Column(words, words),), (row(words),), notes=(words,), key="k")
    report = Report(
        words, words, "en", (Section(words, (block,)),), firm=words, mark=words, details=((words, words),)
    )
    assert write_pdf(report).startswith(b"%PDF")


# HTML


class _Reader(HTMLParser):
    empty = frozenset({"meta", "br", "img", "link", "col", "hr", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.empty:
            assert not (tag in {"div", "details", "table", "ul"} and "p" in self.open)
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def read(html: bytes) -> _Reader:
    reader = _Reader()
    reader.feed(html.decode())
    assert reader.open == []
    return reader


@pytest.mark.parametrize("nasty", [False, True])
def test_the_page_is_closed_in_itself(nasty: bool) -> None:
    html = write_html(sample_report("zh-hant", rows=5, nasty=nasty, logo=SVG_LOGO))
    page = read(html)
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"script", "link", "iframe", "object", "form"}
    addresses = [a.get("href") or a.get("src") or "" for _, a in page.seen]
    assert all(each.startswith(("#", "data:")) for each in addresses if each)
    assert next(a for tag, a in page.seen if tag == "html")["lang"] == "zh-Hant-TW"
    assert b"default-src 'none'" in html
    identities = [a["id"] for _, a in page.seen if "id" in a]
    assert len(identities) == len(set(identities))
    for _, attributes in page.seen:
        for target in (attributes.get("aria-labelledby") or "").split():
            assert target in identities


def test_figures_open_to_formula_inputs_and_source() -> None:
    page = read(write_html(sample_report("en", rows=5)))
    assert sum(1 for tag, a in page.seen if tag == "details" and a.get("class") == "f") > 5
    for words in ("generation × price", "price: 42.5 TWD/m³", "EPA/625/7-88/003", "8 · C12"):
        assert words in page.words


def test_what_a_user_writes_stays_words_in_the_page() -> None:
    page = read(write_html(sample_report("en", rows=1, nasty=True)))
    assert "<script>alert(1)</script>" in page.words
    assert "\x0b" not in page.words


def test_inks_of_the_page_reach_the_contrast_by_day_and_by_night() -> None:
    style = (look.vendor_folder().parent / "report.css").read_text("utf-8")
    themes = [
        dict(re.findall(r"--([\w-]+): (#\w{6})", part))
        for part in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    assert len(themes) == 3
    for theme in themes:
        for ink in ("ink", "muted", "accent", "loss", "gain", "caution"):
            for ground in ("paper", "panel"):
                assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)
        assert contrast(theme["caution"], theme["caution-pale"]) >= 4.5
        assert contrast(theme["gain"], theme["decision-pale"]) >= 4.5
        assert contrast(theme["accent"], theme["accent-pale"]) >= 4.5
    assert themes[0] == themes[2]


def test_the_page_and_the_pictures_use_the_same_colours() -> None:
    style = (look.vendor_folder().parent / "report.css").read_text("utf-8")
    for colour in (look.INK, look.MUTED, look.LINE, look.ACCENT, look.LOSS, look.GAIN, look.CAUTION):
        assert colour in style


# XLSX


@pytest.mark.parametrize("nasty", [False, True])
def test_what_a_user_writes_is_never_a_formula(nasty: bool) -> None:
    book = openpyxl.load_workbook(BytesIO(write_xlsx(sample_report("zh-hant", rows=5, nasty=nasty))))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=1+1" in [cell.value for cell in cells]


def test_one_sheet_a_section_with_legal_names_frozen_titles_and_print_set_up() -> None:
    content = write_xlsx(sample_report("en", rows=5, nasty=True))
    book = openpyxl.load_workbook(BytesIO(content))
    names = book.sheetnames
    assert names[:3] == ["Summary", "1 Waste streams", "2 Which options are worth it"]
    assert names[3:5] == ["3 How the plan is carried out", "3 Month plan"]
    assert names[5:] == ["A All inputs", "All figures and their inputs"]
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert all(one.lower() != other.lower() for one, other in combinations(names, 2))
    for sheet in book:
        assert sheet.freeze_panes in {"A2", "B5"}
        assert sheet.print_title_rows in {"$1:$1", "$1:$4"}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        setup = archive.read("xl/worksheets/sheet3.xml").decode()
    assert 'fitToHeight="0"' in setup
    assert "&amp;R&amp;9Confidential" in setup
    assert "Page &amp;P of &amp;N" in setup


def test_every_sheet_is_reached_from_the_summary_and_leads_back() -> None:
    book = openpyxl.load_workbook(BytesIO(write_xlsx(sample_report("en", rows=5))))
    links = {cell.hyperlink.location for line in book["Summary"] for cell in line if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in book.sheetnames[1:]}
    for sheet in book.worksheets[1:]:
        assert sheet["A2"].hyperlink.location == "'Summary'!A1"


def test_charts_cover_no_numbers_and_no_other_chart() -> None:
    book: Any = openpyxl.load_workbook(BytesIO(write_xlsx(sample_report("en", rows=5))))
    charts = 0
    for sheet in book:
        ends = 0
        for chart in sheet._charts:
            charts += 1
            start, end = chart.anchor._from, chart.anchor.to
            assert start.row >= ends
            ends = end.row
            below = sheet.iter_rows(start.row + 1, end.row + 1, start.col + 1, end.col + 1)
            assert not [cell for line in below for cell in line if cell.value is not None]
    assert charts == 3


def test_numbers_keep_their_precision_and_show_their_basis() -> None:
    book = openpyxl.load_workbook(BytesIO(write_xlsx(sample_report("en", rows=5))))
    sheet = book["1 Waste streams"]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value == 18250]
    assert cells
    assert cells[0].number_format == '"M "#,##0;"M "-#,##0'
    assert "Generation\n(m³/yr)" in [cell.value for line in sheet.iter_rows() for cell in line]
    figures = book["All figures and their inputs"]
    rows = [[cell.value for cell in line] for line in figures.iter_rows(min_row=5)]
    assert ["price", 42.5, "TWD/m³", "Estimated", None, None, "EPA/625/7-88/003"] in rows
    made = [row[5] for row in rows if row[4] == "generation × price"]
    assert made
    assert "price: 42.5 TWD/m³" in str(made[0]).split("\n")


@pytest.mark.parametrize(
    ("shown", "expected"), [("18,250", "#,##0"), ("0.3500", "#,##0.0000"), ("-2", "#,##0")]
)
def test_number_formats_follow_what_is_shown(shown: str, expected: str) -> None:
    assert number_format(shown) == expected


# What is vendored


def test_vendored_files_are_what_the_list_says() -> None:
    assert vendor.check() == []


def test_an_altered_or_stray_vendored_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in look.vendor_folder().rglob("*"):
        if path.is_file() and path.stat().st_size < 50_000:
            target = tmp_path / path.relative_to(look.vendor_folder())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (tmp_path / "echarts" / "NOTICE").write_text("altered")
    (tmp_path / "stray.js").write_text("")
    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    wrong = "\n".join(vendor.check())
    assert "echarts/NOTICE: not the file of echarts 6.1.0" in wrong
    assert "stray.js: not listed" in wrong
    assert "fonts/NotoSansTC_700Bold.ttf: missing" in wrong


def test_the_nasty_words_are_nasty() -> None:
    assert {"\x0b", "\x00", "#", "$", "<"} <= set(NASTY)
