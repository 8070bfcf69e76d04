"""Files that are no workbook, or mean harm: each made small on disk and in the test."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
from xlsxwriter import Workbook

from openrecp.assessment.workbook.writer import write_template

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def template() -> bytes:
    """A good workbook."""
    return write_template(simplified=True, language="en")


def altered(data: bytes, changes: dict[str, bytes], **options: int) -> bytes:
    """A workbook with some parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content, **options)
    return target.getvalue()


def part(data: bytes, name: str) -> str:
    """A part of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def sheet_xml(rows: str) -> bytes:
    """A sheet with these rows."""
    return f'<worksheet xmlns="{_SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def with_sheet(content: bytes) -> bytes:
    """A good workbook whose second sheet is this."""
    return altered(template(), {"xl/worksheets/sheet2.xml": content})


def with_rows(rows: str) -> bytes:
    """A good workbook whose second sheet has further rows below its own."""
    data = template()
    old = part(data, "xl/worksheets/sheet2.xml")
    return with_sheet(old.replace("</sheetData>", f"{rows}</sheetData>").encode())


def _many_sheets() -> bytes:
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    for number in range(200):
        book.add_worksheet(f"Meter {number}").write(0, 0, "x" * 100)
    book.close()
    return target.getvalue()


def _document() -> bytes:
    target = io.BytesIO()
    docx.Document().save(target)
    return target.getvalue()


def _zip(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return target.getvalue()


def _protected_zip() -> bytes:
    data = bytearray(template())
    # Bit 0 of the flags, in the local header and in the table of contents, says that a part is encrypted.
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(sign, place + 1)) >= 0:
            data[place + offset] |= 1
    return bytes(data)


def _laughs(name: str, root: str) -> bytes:
    """Ten entities, each ten times the one before: three billion characters."""
    lines = ['<!ENTITY l0 "lol">'] + [f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 11)]
    xml = f'<?xml version="1.0"?><!DOCTYPE {root} [{"".join(lines)}]><{root}><si><t>&l10;</t></si></{root}>'
    return altered(template(), {name: xml.encode()})


def _outside_entity() -> bytes:
    xml = '<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'
    return altered(template(), {"xl/sharedStrings.xml": xml.encode()})


def _noise(characters: int) -> str:
    """Characters that do not compress well."""
    dice = random.Random(1)  # noqa: S311 - noise, no secret
    return dice.randbytes(characters // 2).hex()


def _long_texts() -> bytes:
    noise = _noise(22_000_000)
    items = "".join(f"<si><t>{noise[i : i + 100]}</t></si>" for i in range(0, len(noise), 100))
    return altered(template(), {"xl/sharedStrings.xml": f"<sst>{items}</sst>".encode()})


def _rows(count: int, cell: str) -> str:
    return "".join(f'<row r="{i}">{cell.format(i)}</row>' for i in range(1, count + 1))


def _one_sheet_often() -> bytes:
    """Ninety tabs, all showing the same large part."""
    rows = sheet_xml(_rows(20_000, '<c r="A{0}"><v>{0}</v></c>'))
    tabs = "".join(f'<sheet name="T{i}" sheetId="{i}" r:id="rId1"/>' for i in range(1, 91))
    book = f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="r"><sheets>{tabs}</sheets></workbook>'
    return altered(template(), {"xl/workbook.xml": book.encode(), "xl/worksheets/sheet1.xml": rows})


def _deep() -> bytes:
    names = [f"a{i % 9973}" for i in range(2_000_000)]
    return with_sheet(f"<worksheet><sheetData>{''.join(f'<{name}>' for name in names)}".encode())


def _plain_workbook() -> bytes:
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.add_worksheet("Sales 2025").write(0, 0, "Turnover")
    book.close()
    return target.getvalue()


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "two hundred sheets": ("workbook-too-many-sheets", _many_sheets),
    "a hundred megabytes": ("file-too-large", lambda: b"PK\x03\x04" + bytes(100_000_000)),
    "macros": ("workbook-macros", lambda: altered(template(), {"xl/vbaProject.bin": b"\0" * 99})),
    "macro sheet": ("workbook-macros", lambda: altered(template(), {"xl/macrosheets/sheet1.xml": b"<x/>"})),
    "password": ("workbook-encrypted", lambda: _OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    "password on the zip": ("workbook-encrypted", _protected_zip),
    "Excel 97": ("not-a-workbook", lambda: _OLE + bytes(600) + "Workbook".encode("utf-16-le")),
    "OpenDocument": (
        "not-a-workbook",
        lambda: _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
    ),
    "Excel binary": ("not-a-workbook", lambda: _zip({"[Content_Types].xml": b"", "xl/workbook.bin": b"\0"})),
    "Word": ("not-a-workbook", _document),
    "PowerPoint": ("not-a-workbook", lambda: _zip({"ppt/presentation.xml": b"<x/>"})),
    "Numbers": ("not-a-workbook", lambda: _zip({"Index/Document.iwa": b"\0"})),
    "some zip": ("not-a-workbook", lambda: _zip({"a.txt": b"a"})),
    "zip with a workbook": ("workbook-in-zip", lambda: _zip({"plant.xlsx": template()})),
    "PDF": ("not-a-workbook", lambda: b"%PDF-1.7\n"),
    "CSV": ("not-a-workbook", "料號,名稱,用量\nM1,硫酸鎳,18\n".encode),
    "HTML": ("not-a-workbook", lambda: b"\xef\xbb\xbf<html><table></table></html>"),
    "JSON": ("not-a-workbook", lambda: b'{"format": "openrecp-assessment"}'),
    "noise": ("not-a-workbook", lambda: bytes.fromhex(_noise(10_000))),
    "empty": ("file-empty", lambda: b""),
    "half": ("workbook-damaged", lambda: template()[: len(template()) // 2]),
    "no workbook part": ("workbook-damaged", lambda: _zip({"[Content_Types].xml": b"<Types/>"})),
    "no sheets": (
        "workbook-damaged",
        lambda: altered(template(), {"xl/workbook.xml": b"<workbook><sheets/></workbook>"}),
    ),
    "broken XML": ("workbook-damaged", lambda: with_sheet(b"<worksheet><sheetData><row></worksheet>")),
    "impossible cell": (
        "workbook-damaged",
        lambda: with_sheet(sheet_xml('<row><c r="ZZZZ9"><v>1</v></c></row>')),
    ),
    "text that is not there": (
        "workbook-damaged",
        lambda: with_sheet(sheet_xml('<row><c r="A1" t="s"><v>999999</v></c></row>')),
    ),
    "bzip2": ("not-a-workbook", lambda: _zip({"[Content_Types].xml": b"<Types/>"}, zipfile.ZIP_BZIP2)),
    "LZMA": ("not-a-workbook", lambda: _zip({"[Content_Types].xml": b"<Types/>"}, zipfile.ZIP_LZMA)),
    "blown-up sheet": ("workbook-bomb", lambda: with_sheet(sheet_xml(" " * 24_000_000))),
    "blown-up part that nobody reads": (
        "workbook-bomb",
        lambda: altered(template(), {"xl/media/a.png": bytes(80_000_000)}),
    ),
    "thousands of parts": (
        "workbook-too-many-parts",
        lambda: altered(template(), {f"xl/media/{i}.png": b"" for i in range(5000)}),
    ),
    "billion laughs in the texts": ("workbook-suspicious", lambda: _laughs("xl/sharedStrings.xml", "sst")),
    "billion laughs in a sheet": (
        "workbook-suspicious",
        lambda: _laughs("xl/worksheets/sheet2.xml", "worksheet"),
    ),
    "billion laughs in the properties": (
        "workbook-suspicious",
        lambda: _laughs("docProps/custom.xml", "Properties"),
    ),
    "entity from outside": ("workbook-suspicious", _outside_entity),
    "shared texts without end": ("workbook-too-large", _long_texts),
    "a million rows": (
        "workbook-too-large",
        lambda: with_sheet(sheet_xml(_rows(1_000_000, "<c><v>{0}</v></c>"))),
    ),
    "cells without end": (
        "workbook-too-large",
        lambda: with_sheet(sheet_xml(_rows(400_000, '<c r="A{0}"><v>{0}</v></c>'))),
    ),
    "one sheet many times": ("workbook-too-large", _one_sheet_often),
    "elements within elements": ("workbook-damaged", _deep),
    "newer version": (
        "workbook-version",
        lambda: altered(
            template(),
            {
                "docProps/custom.xml": b'<Properties><property name="openrecp-version"><i4>99</i4></property></Properties>',
                "xl/worksheets/sheet11.xml": sheet_xml(""),
            },
        ),
    ),
    "no worksheet in it": ("no-worksheets", _plain_workbook),
}
"""What is refused, and with which finding."""


def _styled_blanks() -> bytes:
    # Row after row of cells with a style and nothing in them, as formatting whole columns leaves behind.
    cells = "".join(f'<c r="{letter}{{0}}" s="{i}"/>' for i, letter in enumerate("BCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return with_rows("".join(f'<row r="{i}">{cells.format(i)}</row>' for i in range(1000, 41_000)))


def _distinct_texts() -> bytes:
    rows = _rows(95_000, '<c r="C{0}" t="inlineStr"><is><t>text number {0}</t></is></c>')
    return with_sheet(sheet_xml(rows))


def _bad_units() -> bytes:
    """The table of waste costs (worksheet 8), in which each of many thousand units is another word that is none."""
    data = write_template(simplified=False, language="en")
    name = "xl/worksheets/sheet9.xml"
    cells = (
        '<c r="D{0}"><v>{0}</v></c><c r="E{0}" t="inlineStr"><is><t>unit{0}x</t></is></c>'
        '<c r="C{0}" t="inlineStr"><is><t>choice {0}</t></is></c>'
    )
    rows = "".join(f'<row r="{i}">{cells.format(i)}</row>' for i in range(2000, 32_000))
    old = part(data, name)
    return altered(data, {name: old.replace("</sheetData>", f"{rows}</sheetData>").encode()})


def _unknown_headings() -> bytes:
    row = "".join(f'<c t="inlineStr"><is><t>Waste streamm {i}</t></is></c>' for i in range(16_000))
    return with_rows(f'<row r="3000">{row}</row><row r="3001">{row}</row>')


def _merged() -> bytes:
    ranges = "".join(f'<mergeCell ref="A{i}:D{i + 900}"/>' for i in range(100, 90_000, 3))
    merged = f'<mergeCells><mergeCell ref="A1:XFD1048576"/>{ranges}</mergeCells>'
    data = template()
    old = part(data, "xl/worksheets/sheet2.xml")
    return with_sheet(old.replace("</sheetData>", f"</sheetData>{merged}").encode())


READ: dict[str, Callable[[], bytes]] = {
    "a cell in the last corner": lambda: with_rows(
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>lost</t></is></c></row>'
    ),
    "a million styled blanks": _styled_blanks,
    "95,000 texts on a sheet that is no worksheet": _distinct_texts,
    "30,000 rows in which nothing is right": _bad_units,
    "16,000 headings nobody knows": _unknown_headings,
    "merged cells everywhere": _merged,
}
"""What can be read all the same, in reasonable time."""


def write(folder: Path, name: str, data: bytes) -> Path:
    """The file in a folder."""
    path = folder / f"{name}.xlsx"
    path.write_bytes(data)
    return path
