"""The styles of the DOCX: every one names both its Latin and its Chinese font, and is there to be edited."""

from __future__ import annotations

from typing import Final

from openrecp.reports.look import (
    ACCENT,
    ACCENT_PALE,
    CAUTION,
    CAUTION_PALE,
    CHINESE,
    DECISION_PALE,
    GAIN,
    INK,
    LATIN,
    LINE,
    LOSS,
    MUTED,
    PANEL,
)
from openrecp.texts import Language

NAMESPACE: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FONTS: Final = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{CHINESE}" w:cs="{LATIN}"/>'


def _hex(colour: str) -> str:
    return colour.removeprefix("#")


def _type(size: float, colour: str = INK, *, bold: bool = False) -> str:
    """Run properties of a style: both fonts, weight, colour, size [pt]."""
    strong = "<w:b/><w:bCs/>" if bold else ""
    half = round(size * 2)
    return f'{_FONTS}{strong}<w:color w:val="{_hex(colour)}"/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _space(before: float, after: float, line: int = 0) -> str:
    """Paragraph spacing [pt]; ``line`` in 240ths of a line."""
    lined = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{lined}/>'


def _style(
    identity: str,
    name: str,
    paragraph: str,
    letters: str,
    *,
    based: str = "Normal",
    following: str = "",
    first: bool = False,
) -> str:
    default = ' w:default="1"' if first else ""
    parent = "" if first else f'<w:basedOn w:val="{based}"/>'
    follow = f'<w:next w:val="{following}"/>' if following else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{identity}"><w:name w:val="{name}"/>{parent}{follow}'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _letters(identity: str, name: str, letters: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{identity}"><w:name w:val="{name}"/><w:qFormat/>'
        f"<w:rPr>{letters}</w:rPr></w:style>"
    )


def _edge(side: str, colour: str, size: int, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{_hex(colour)}"/>'


def styles_xml(language: Language) -> str:
    """The whole styles part."""
    line = 250 if language == "zh-hant" else 264
    body = "zh-TW" if language == "zh-hant" else "en-GB"
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_type(10)}"
        f'<w:lang w:val="{"en-US" if body == "zh-TW" else body}" w:eastAsia="zh-TW" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{_space(0, 7, line)}</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    return f"<w:styles {NAMESPACE}>{defaults}{_text_styles(line)}{_small_styles()}{_callouts()}{_contents()}{_others()}</w:styles>"


def _text_styles(line: int) -> str:
    return "".join(
        (
            _style("Normal", "Normal", "", _type(10), first=True),
            _style("Lead", "Lead", _space(0, 9, line + 10), _type(11.5)),
            _heading(1, 19, 24, 12),
            _heading(2, 13.5, 18, 7),
            _heading(3, 11, 14, 5),
            _style("Title", "Title", _space(190, 6, 240), _type(30, ACCENT, bold=True)),
            _style("Subtitle", "Subtitle", _space(0, 4), _type(14, MUTED)),
            _style("CoverRule", "Cover Rule", f'<w:pBdr>{_edge("bottom", ACCENT, 20)}</w:pBdr>{_space(0, 200)}<w:ind w:right="7200"/>', _type(6)),
            _style("ContentsHeading", "Contents Heading", "<w:keepNext/>" + _space(6, 8), _type(13.5, ACCENT, bold=True)),
            _style("ListBullet", "List Bullet", _numbered(1) + _space(0, 4), _type(10)),
            _style("ListNumber", "List Number", _numbered(2) + _space(0, 4), _type(10)),
            _style("CoverTop", "Cover Top", f'<w:tabs><w:tab w:val="right" w:pos="9185"/></w:tabs>{_space(0, 0)}', _type(12, MUTED, bold=True)),
            _style("CoverText", "Cover Text", _space(2, 2), _type(10)),
        )
    )  # fmt: skip


def _numbered(list_number: int) -> str:
    return f'<w:numPr><w:numId w:val="{list_number}"/></w:numPr>'


def _heading(level: int, size: float, before: float, after: float) -> str:
    paragraph = f'<w:keepNext/><w:keepLines/>{_space(before, after, 240)}<w:outlineLvl w:val="{level - 1}"/>'
    return _style(
        f"Heading{level}", f"heading {level}", paragraph, _type(size, ACCENT, bold=True), following="Normal"
    )


def _small_styles() -> str:
    right = '<w:tabs><w:tab w:val="right" w:pos="9185"/></w:tabs>'
    under = f"<w:pBdr>{_edge('bottom', LINE, 4, 4)}</w:pBdr>"
    return "".join(
        (
            _style("Caption", "caption", "<w:keepNext/><w:keepLines/>" + _space(12, 5, 240), _type(10, INK, bold=True)),
            _style("Picture", "Picture", "<w:keepLines/>" + _space(0, 4, 240), _type(10)),
            _style("Note", "Note", _space(3, 6, 240), _type(8, MUTED)),
            _style("TableText", "Table Text", _space(2, 2, 240), _type(9)),
            _style("TableTextSmall", "Table Text Small", _space(1.5, 1.5, 240), _type(7.5)),
            _style("TableUnit", "Table Unit", _space(0, 2, 240), _type(7.5, MUTED), based="TableText"),
            _style("TableGroup", "Table Group", _space(6, 2, 240), _type(9, ACCENT, bold=True), based="TableText"),
            _style("AfterTable", "After Table", _space(0, 4, 160), _type(3)),
            _style("CardLabel", "Card Label", "<w:keepNext/>" + _space(4, 1, 240), _type(8.5, MUTED)),
            _style("CardFigure", "Card Figure", "<w:keepNext/>" + _space(0, 1, 240), _type(15, ACCENT, bold=True)),
            _style("CardNote", "Card Note", _space(0, 3, 240), _type(8, MUTED)),
            _style("StepAction", "Step Action", _space(3, 1, 240), _type(10, INK, bold=True)),
            _style("StepDetail", "Step Detail", _space(0, 1, 240), _type(9)),
            _style("StepNumber", "Step Number", f'{_space(3, 3, 240)}<w:jc w:val="center"/>', _type(10, "#FFFFFF", bold=True)),
            _style("Header", "header", under + right + _space(0, 0, 240), _type(8, MUTED)),
            _style("Footer", "footer", right + _space(0, 0, 240), _type(8, MUTED)),
        )
    )  # fmt: skip


def _callouts() -> str:
    tones = {
        "Finding": (ACCENT, PANEL),
        "Caution": (CAUTION, CAUTION_PALE),
        "Decision": (GAIN, DECISION_PALE),
    }
    written = []
    for name, (edge, ground) in tones.items():
        frame = (
            f"<w:pBdr>{_edge('top', ground, 24, 3)}{_edge('left', edge, 24, 8)}{_edge('bottom', ground, 24, 3)}</w:pBdr>"
            f'<w:shd w:val="clear" w:color="auto" w:fill="{_hex(ground)}"/>'
        )
        written.append(
            _style(
                f"Callout{name}Heading",
                f"Callout {name} Heading",
                f'<w:keepNext/><w:keepLines/>{frame}{_space(8, 0)}<w:ind w:left="200" w:right="80"/>',
                _type(8.5, edge, bold=True),
            )
        )
        written.append(
            _style(
                f"Callout{name}",
                f"Callout {name}",
                f'<w:keepLines/>{frame}{_space(0, 6)}<w:ind w:left="200" w:right="80"/>',
                _type(10),
            )
        )
    return "".join(written)


def _contents() -> str:
    dots = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9185"/></w:tabs>'
    return "".join(
        _style(
            f"TOC{level}",
            f"toc {level}",
            f'{dots}{_space(5 if level == 1 else 1, 1, 240)}<w:ind w:left="{(level - 1) * 280}" w:right="400"/>',
            _type(10, bold=level == 1),
        )
        for level in (1, 2, 3)
    )


def _others() -> str:
    ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{_hex(PANEL)}"/>'
    cells = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    return "".join(
        (
            _letters("BasisSure", "Basis Sure", f'{_type(6.5, ACCENT, bold=True)}<w:shd w:val="clear" w:color="auto" w:fill="{_hex(ACCENT_PALE)}"/>'),
            _letters("BasisUnsure", "Basis Unsure", f'{_type(6.5, CAUTION, bold=True)}<w:bdr w:val="dotted" w:sz="4" w:space="0" w:color="{_hex(CAUTION)}"/>'),
            _letters("MissingValue", "Missing Value", _type(9, CAUTION)),
            _letters("CaptionLabel", "Caption Label", _type(10, ACCENT, bold=True)),
            _letters("Muted", "Muted", _type(8.5, MUTED)),
            _letters("Confidential", "Confidential", _type(8, LOSS, bold=True)),
            _letters("ConfidentialCover", "Confidential Cover", f'{_type(9.5, LOSS, bold=True)}<w:bdr w:val="single" w:sz="6" w:space="4" w:color="{_hex(LOSS)}"/>'),
            _letters("CardUnit", "Card Unit", _type(8.5, INK)),
            ('<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
            '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'),
            ('<w:style w:type="table" w:styleId="ReportTable"><w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>'
            f"<w:tblPr><w:tblBorders>{_edge('top', ACCENT, 8)}{_edge('bottom', ACCENT, 8)}{_edge('insideH', LINE, 4)}</w:tblBorders>{cells}</w:tblPr>"
            f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:tcBorders>{_edge("bottom", ACCENT, 6)}</w:tcBorders>{ground}</w:tcPr></w:tblStylePr></w:style>'),
        )
    )  # fmt: skip


def numbering_xml(ordered_lists: int) -> str:
    """The numbering part: 1 bullets, 2 numbers, 3 headings, 4 appendices, from 5 on one a numbered list."""
    bullet = _level(0, "bullet", "•", 240, f'<w:color w:val="{_hex(ACCENT)}"/>')
    number = _level(0, "decimal", "%1.", 320)
    headings = "".join(_heading_level(depth, "decimal") for depth in range(3))
    appendix = "".join(
        _heading_level(depth, "upperLetter" if depth == 0 else "decimal") for depth in range(3)
    )
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{index}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        for index, levels in enumerate((bullet, number, headings, appendix), 1)
    )
    lists = "".join(
        f'<w:num w:numId="{index}"><w:abstractNumId w:val="{index}"/></w:num>' for index in range(1, 5)
    )
    restarted = "".join(
        f'<w:num w:numId="{index + 5}"><w:abstractNumId w:val="2"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for index in range(ordered_lists)
    )
    return f"<w:numbering {NAMESPACE}>{kinds}{lists}{restarted}</w:numbering>"


def _level(depth: int, form: str, words: str, indent: int, letters: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{words}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent}" w:hanging="{indent}"/></w:pPr>'
        f"<w:rPr>{letters}</w:rPr></w:lvl>"
    )


def _heading_level(depth: int, form: str) -> str:
    words = ".".join(f"%{index + 1}" for index in range(depth + 1))
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{words} "/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
    )


def font_table_xml() -> str:
    """Fonts and what stands in for them where they are not installed."""
    return (
        f'<w:fonts {NAMESPACE}><w:font w:name="{LATIN}"><w:altName w:val="Calibri"/><w:family w:val="swiss"/></w:font>'
        f'<w:font w:name="{CHINESE}"><w:altName w:val="Microsoft JhengHei"/><w:charset w:val="88"/>'
        '<w:family w:val="swiss"/></w:font></w:fonts>'
    )
