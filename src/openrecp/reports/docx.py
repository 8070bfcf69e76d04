"""Writes a report as DOCX that an adviser can edit: real styles, numbering, captions and fields."""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from openrecp.reports import docx_xml as xml
from openrecp.reports.blocks import Report
from openrecp.reports.charts.drawing import chart_size, chart_svg, paper_zoom, printed_width, svg_png
from openrecp.reports.charts.specs import Chart
from openrecp.reports.docx_styles import NAMESPACE, font_table_xml, numbering_xml, styles_xml
from openrecp.reports.logo import read_logo
from openrecp.reports.look import ACCENT, LINE, PANEL
from openrecp.reports.pages import (
    SetBlock,
    SetBreak,
    SetBullets,
    SetCallout,
    SetCards,
    SetContents,
    SetParagraph,
    SetPicture,
    SetReport,
    SetSection,
    SetSteps,
    SetTable,
)
from openrecp.reports.typesetting import COUNT_HERE, NUMBER_HERE, set_report

_PARAGRAPH_STYLES: Final = {"body": "Normal", "lead": "Lead", "note": "Note"}


def write_docx(report: Report) -> bytes:
    """The report as DOCX.

    Raises
    ------
    UnusableInput
        If the logo is no picture.
    """
    return _Writer(set_report(report), report).written()


class _Writer:
    def __init__(self, page: SetReport, report: Report) -> None:
        self.page = page
        self.report = report
        self.document: Any = Document()
        self.content: list[str] = []
        self.lists = 0
        self.pictures = 0
        # Turning a drawing into pixels is what takes longest; the same drawing may come twice.
        self.drawn: dict[Chart, bytes] = {}

    def written(self) -> bytes:
        self._set_up()
        self._cover()
        for number, section in enumerate(self.page.sections):
            self._section(section, first=number == 0)
        part = self.document.part
        self._replace(part.numbering_part, numbering_xml(self.lists))
        last = self.document.element.body.sectPr.xml
        # Parsed in one piece: moving nodes from tree to tree takes quadratic time.
        whole = f"<w:document {NAMESPACE}><w:body>{''.join(self.content)}{last}</w:body></w:document>"
        part._element = parse_xml(whole)  # noqa: SLF001  # python-docx has no public way to exchange the body
        stream = BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    # Setting up

    def _set_up(self) -> None:
        document = self.document
        self._replace(document.part.part_related_by(_OFFICE + "styles"), styles_xml(self.page.language))
        self._parts_of_the_template()
        section = document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(24)
        section.top_margin, section.bottom_margin = Mm(26), Mm(24)
        section.header_distance = section.footer_distance = Mm(12)
        section.different_first_page_header_footer = True
        self._running_lines(section)
        self._properties()

    def _parts_of_the_template(self) -> None:
        """Exchange what speaks of the template's own fonts and program, and leave out its picture and styles."""
        document, package = self.document.part, self.document.part.package
        for owner, kind, fresh in (
            (document, _OFFICE + "fontTable", font_table_xml()),
            (package, _OFFICE + "extended-properties", _PROGRAM),
            (package, _PACKAGE + "metadata/thumbnail", None),
            (document, _MICROSOFT + "stylesWithEffects", None),
            (document, _OFFICE + "customXml", None),
        ):
            for identity, relation in list(owner.rels.items()):
                if relation.reltype != kind:
                    continue
                if fresh is None:
                    del owner.rels[identity]
                else:
                    old = relation.target_part
                    part = Part(old.partname, old.content_type, fresh.encode("utf-8"), package)
                    relation._target = part  # noqa: SLF001  # python-docx has no public way to exchange a part

    def _replace(self, part: Any, content: str) -> None:
        """Put our own root element in a part that python-docx brought from its template."""
        element = part.element
        fresh = parse_xml(content)
        for child in list(element):
            element.remove(child)
        for child in list(fresh):
            element.append(child)

    def _running_lines(self, section: Any) -> None:
        page = self.page
        mark = xml.tab() + xml.run(page.mark, "Confidential") if page.mark else ""
        self._fill(section.header, xml.paragraph("Header", xml.run(page.title) + mark))
        pieces = (
            page.words["page"].replace(NUMBER_HERE, "\x00PAGE\x00").replace(COUNT_HERE, "\x00NUMPAGES\x00")
        )
        count = "".join(
            xml.field(piece, "1") if piece in ("PAGE", "NUMPAGES") else xml.run(piece)
            for piece in pieces.split("\x00")
        )
        self._fill(section.footer, xml.paragraph("Footer", xml.run(page.firm) + xml.tab() + count))

    def _fill(self, holder: Any, content: str) -> None:
        holder.is_linked_to_previous = False
        element = holder._element  # noqa: SLF001  # no public access to header XML
        for child in list(element):
            element.remove(child)
        element.append(_parsed(content))

    def _properties(self) -> None:
        page, core = self.page, self.document.core_properties
        core.title, core.author, core.subject = page.title[:255], page.firm[:255], page.plant[:255]
        core.language, core.comments, core.keywords = page.tag, "", ""
        core.last_modified_by, core.revision = page.firm[:255], 1
        made = datetime.combine(self.report.day, time(), UTC) if self.report.day else datetime.now(UTC)
        core.created = core.modified = made
        settings = self.document.settings.element
        for mode in settings.iter(f"{{{_W}}}compatSetting"):
            if mode.get(f"{{{_W}}}name") == "compatibilityMode":
                # Without it Word opens the file as one of an older program.
                mode.set(f"{{{_W}}}val", "15")

    # Writing

    def _add(self, content: str) -> None:
        self.content.append(content)

    def _cover(self) -> None:
        page = self.page
        mark = xml.tab() + xml.run(f" {page.mark} ", "ConfidentialCover") if page.mark else ""
        logo = read_logo(page.logo)
        if logo is None:
            top = xml.run(page.firm)
        else:
            top = self._inline(logo.raster().data, page.firm or page.title, height=Mm(17))
        self._add(xml.paragraph("CoverTop", top + mark))
        self._add(xml.paragraph("Title", xml.run(page.title)))
        if page.subtitle:
            self._add(xml.paragraph("Subtitle", xml.run(page.subtitle)))
        self._add(xml.paragraph("CoverRule", ""))
        lines = [
            (label, value)
            for label, value in (
                (page.words["prepared_for"], page.plant),
                (page.words["prepared_by"], page.firm),
                (page.words["date"], page.day),
                *page.details,
            )
            if value
        ]
        if lines:
            self._add(
                xml.layout_table(
                    [
                        [
                            (2000, xml.paragraph("CoverText", xml.run(label, "Muted")), ""),
                            (7185, xml.paragraph("CoverText", xml.run(value, bold=True)), ""),
                        ]
                        for label, value in lines
                    ]
                )
            )

    def _section(self, section: SetSection, *, first: bool) -> None:
        new_page = first or section.new_page or (section.appendix and section.level == 1)
        numbered = "<w:pageBreakBefore/>" if new_page else ""
        style = f"Heading{section.level}"
        if section.number:
            kind = 4 if section.appendix else 3
            numbered += f'<w:numPr><w:ilvl w:val="{section.level - 1}"/><w:numId w:val="{kind}"/></w:numPr>'
        if new_page:
            numbered += '<w:spacing w:before="0"/>'
        mark = self.page.sections.index(section) + 1
        name = _bookmark(mark)
        heading = f'<w:bookmarkStart w:id="{mark}" w:name="{name}"/>{xml.run(section.heading)}<w:bookmarkEnd w:id="{mark}"/>'
        self._add(xml.paragraph(style, heading, numbered))
        for block in section.blocks:
            self._block(block)

    def _block(self, block: SetBlock) -> None:
        match block:
            case SetParagraph():
                self._add(xml.paragraph(_PARAGRAPH_STYLES[block.style], xml.spans(block.spans)))
            case SetBullets():
                self._add(self._bullets(block))
            case SetTable():
                self._add(self._caption(block.label, "Table", block.number, block.title))
                self._table(block)
            case SetPicture():
                self._picture(block)
            case SetCards():
                self._cards(block)
            case SetCallout():
                self._callout(block)
            case SetSteps():
                self._steps(block)
            case SetBreak():
                self._add(xml.paragraph("AfterTable", '<w:r><w:br w:type="page"/></w:r>'))
            case SetContents():
                self._contents(block)

    def _bullets(self, block: SetBullets) -> str:
        if not block.ordered:
            return "".join(xml.paragraph("ListBullet", xml.spans(item.spans)) for item in block.items)
        number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self.lists + 5}"/></w:numPr>'
        self.lists += 1
        return "".join(xml.paragraph("ListNumber", xml.spans(item.spans), number) for item in block.items)

    def _caption(self, label: str, sequence: str, number: int, title: str) -> str:
        """“Table 3  Title”, its number a field that counts on when somebody adds a table."""
        before, _, after = label.partition(str(number))
        counted = xml.field(f"SEQ {sequence} \\* ARABIC", str(number), "CaptionLabel")
        named = xml.run(before, "CaptionLabel") + counted + xml.run(after, "CaptionLabel")
        return xml.paragraph("Caption", named + xml.run(f"  {title}"))

    def _table(self, block: SetTable) -> None:
        self._add(xml.table(block))
        notes = "".join(xml.paragraph("Note", xml.run(note)) for note in block.notes)
        if block.legend:
            words = "".join(
                xml.mark(letter, unsure) + xml.run(f"{meaning}    ")
                for letter, meaning, unsure in block.legend
            )
            notes += xml.paragraph("Note", words + xml.run(self.page.words["unmarked"]))
        self._add(notes + xml.paragraph("AfterTable", ""))

    def _picture(self, block: SetPicture) -> None:
        self._add(self._caption(block.label, "Figure", block.number, block.title))
        if block.chart not in self.drawn:
            svg = chart_svg(block.chart, self.page.language, block.title, block.description, block.id)
            width_drawn = chart_size(block.chart, self.page.language)[0]
            self.drawn[block.chart] = svg_png(svg, paper_zoom(width_drawn))
        width = Mm(printed_width(block.chart, self.page.language))
        description = f"{block.title}\n{block.description}"
        picture = self._inline(self.drawn[block.chart], description, width=width)
        self._add(xml.paragraph("Picture", picture))
        self._add("".join(xml.paragraph("Note", xml.run(note)) for note in block.notes))
        if block.data is not None and block.print_data:
            self._table(block.data)

    def _inline(self, data: bytes, description: str, **size: Mm) -> str:
        """A run with a picture and its text alternative."""
        self.pictures += 1
        inline = self.document.part.new_pic_inline(BytesIO(data), **size)
        inline.docPr.set("id", str(self.pictures))
        inline.docPr.set("name", f"Picture {self.pictures}")
        inline.docPr.set("descr", description)
        return f"<w:r><w:drawing>{inline.xml}</w:drawing></w:r>"

    def _cards(self, block: SetCards) -> None:
        across = min(len(block.cards), 4)
        width = 9185 // max(across, 1)
        ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{PANEL[1:]}"/>'
        edges = (
            f'<w:tcBorders><w:top w:val="single" w:sz="18" w:space="0" w:color="{ACCENT[1:]}"/>'
            '<w:left w:val="single" w:sz="48" w:space="0" w:color="FFFFFF"/>'
            '<w:right w:val="single" w:sz="48" w:space="0" w:color="FFFFFF"/></w:tcBorders>'
        )
        for start in range(0, len(block.cards), 4):
            cells = []
            for card in block.cards[start : start + 4]:
                figure = xml.run(card.words) + (xml.run(f" {card.unit}", "CardUnit") if card.unit else "")
                content = xml.paragraph("CardLabel", xml.run(card.label)) + xml.paragraph(
                    "CardFigure", figure
                )
                if card.mark:
                    content += xml.paragraph(
                        "CardNote", xml.mark(card.mark, card.unsure) + xml.run(card.basis)
                    )
                content += xml.paragraph("CardNote", xml.run(card.note))
                cells.append((width, content, edges + ground))
            cells += [(width, xml.paragraph("CardNote", ""), "")] * (across - len(cells))
            self._add(xml.layout_table([cells]) + xml.paragraph("AfterTable", ""))

    def _callout(self, block: SetCallout) -> None:
        style = f"Callout{block.kind.capitalize()}"
        content = xml.paragraph(f"{style}Heading", xml.run(block.heading))
        for each in block.blocks:
            if isinstance(each, SetParagraph):
                content += xml.paragraph(style, xml.spans(each.spans))
            else:
                content += "".join(
                    xml.paragraph(style, xml.run("•  ") + xml.spans(item.spans)) for item in each.items
                )
        self._add(content + xml.paragraph("AfterTable", ""))

    def _steps(self, block: SetSteps) -> None:
        words = self.page.words
        under = (
            f'<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="{LINE[1:]}"/></w:tcBorders>'
        )
        ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{ACCENT[1:]}"/>'
        gap = '<w:tcBorders><w:bottom w:val="single" w:sz="24" w:space="0" w:color="FFFFFF"/></w:tcBorders>'
        rows = []
        for number, step in enumerate(block.steps, 1):
            what = xml.paragraph("StepAction", xml.run(step.action))
            if step.detail:
                what += xml.paragraph("StepDetail", xml.run(step.detail))
            by = "".join(
                xml.paragraph("StepDetail", xml.run(f"{label}  ", "Muted") + xml.run(value))
                for label, value in ((words["who"], step.who), (words["when"], step.when))
                if value
            )
            rows.append(
                [
                    (440, xml.paragraph("StepNumber", xml.run(str(number))), gap + ground),
                    (5645, what, under),
                    (3100, by or xml.paragraph("StepDetail", ""), under),
                ]
            )
        margins = (
            '<w:tblCellMar><w:left w:w="110" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        )
        if rows:
            self._add(xml.layout_table(rows, margins=margins) + xml.paragraph("AfterTable", ""))

    def _contents(self, block: SetContents) -> None:
        """A table of contents, filled in already; the program works the pages out when it updates."""
        entries = [
            (number, section)
            for number, section in enumerate(self.page.sections, 1)
            if section.level <= block.depth
        ]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
            f'TOC \\o "1-{block.depth}" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        content = xml.paragraph("ContentsHeading", xml.run(self.page.words["contents"]))
        for index, (number, section) in enumerate(entries):
            page = xml.field(f"PAGEREF {_bookmark(number)} \\h", "", dirty=True)
            link = f'<w:hyperlink w:anchor="{_bookmark(number)}" w:history="1">{xml.run(section.full_heading)}{xml.tab()}{page}</w:hyperlink>'
            content += xml.paragraph(f"TOC{section.level}", (begin if index == 0 else "") + link)
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        self._add(content + xml.paragraph("AfterTable", end if entries else ""))


_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships/"
_MICROSOFT: Final = "http://schemas.microsoft.com/office/2007/relationships/"
_PROGRAM: Final = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>OpenRECP</Application></Properties>"
)


def _bookmark(number: int) -> str:
    return f"_Toc{number:06d}"


def _parsed(content: str) -> Any:
    return parse_xml(f"<w:body {NAMESPACE}>{content}</w:body>")[0]
