"""What is refused before anything in a workbook is read, and how its parts are read safely.

A workbook is a zip of XML parts. Only ordinary ``.xlsx`` files pass; sizes are checked before anything is
unpacked and again while it is, and a document type declaration, which Office never writes, ends the reading.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.parsers import expat

from openrecp.errors import Issue, UnusableInput, Where, problem


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a workbook may hold: many times what the assessment of a large plant needs.

    Attributes
    ----------
    file_bytes : int
        Size of the file, pictures included.
    parts : int
        Files inside the zip.
    unpacked_bytes : int
        All parts together, unpacked, pictures included.
    part_bytes, read_bytes : int
        One XML part, and all XML parts that are read, unpacked.
    ratio : int
        Unpacked size over packed size of a part of more than ``ratio_from`` bytes.
    sheets, cells, characters : int
        Sheets, cells that hold something, and characters of all shared texts in the whole workbook.
    """

    file_bytes: int = 50_000_000
    parts: int = 2_000
    unpacked_bytes: int = 300_000_000
    part_bytes: int = 25_000_000
    read_bytes: int = 40_000_000
    ratio: int = 300
    ratio_from: int = 2_000_000
    sheets: int = 100
    cells: int = 100_000
    characters: int = 15_000_000


LIMITS: Final = Limits()

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENTRY = b"PK\x01\x02"
_MEGABYTE = 1_000_000
_CHUNK = 1 << 16
# Elements within elements; Office needs about ten.
_DEEPEST = 200


class Package:
    """The parts of a workbook, unpacked on demand and within limits."""

    def __init__(self, data: bytes, file: str, limits: Limits) -> None:
        self.file = file
        self.limits = limits
        self.where = Where(file=file)
        self.digest = hashlib.sha256(data).hexdigest()
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, OverflowError, NotImplementedError):
            raise self.damaged() from None
        self.names = frozenset(self._zip.namelist())

    def entries(self) -> list[zipfile.ZipInfo]:
        """What the zip says about its parts."""
        return self._zip.infolist()

    def damaged(self) -> UnusableInput:
        """The refusal of a file that cannot be unpacked or parsed."""
        return UnusableInput(
            problem(
                "workbook-damaged",
                "The workbook is damaged or incomplete. Copy or download it again; if Excel or LibreOffice can "
                "still open it, save it there under a new name and use that file.",
                where=self.where,
            )
        )

    def too_large(self) -> UnusableInput:
        """The refusal of a file with far more in it than an assessment needs."""
        return UnusableInput(
            problem(
                "workbook-too-large",
                "The workbook unpacks to more than can be read safely (limit {limit} MB). Move what does not belong "
                "to the assessment, such as meter readings, to a workbook of its own.",
                where=self.where,
                limit=self.limits.read_bytes // _MEGABYTE,
            )
        )

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        characters: Callable[[str], None] | None = None,
    ) -> None:
        """Read an XML part from beginning to end; element names come without their prefix.

        Raises
        ------
        UnusableInput
            If the part is missing, damaged, too large, or declares a document type.
        """
        depth = 0

        def begin(tag: str, values: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > _DEEPEST:
                raise self.damaged()
            start(tag.rpartition(":")[2], values)

        def finish(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(tag.rpartition(":")[2])

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = begin
        parser.EndElementHandler = finish
        if characters is not None:
            parser.CharacterDataHandler = characters
        unpacked = 0
        try:
            with self._zip.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    unpacked += len(chunk)
                    self._read += len(chunk)
                    if unpacked > self.limits.part_bytes or self._read > self.limits.read_bytes:
                        raise self.too_large()
                    parser.Parse(chunk)
            parser.Parse(b"", True)  # noqa: FBT003
        except (
            # A part that is not there, or an encoding that nobody knows.
            LookupError,
            zipfile.BadZipFile,
            zlib.error,
            expat.ExpatError,
            EOFError,
            OSError,
            # zipfile: another compression, or a part with a password of its own.
            NotImplementedError,
            RuntimeError,
            ValueError,
            OverflowError,
        ):
            raise self.damaged() from None

    def _refuse_doctype(self, *_: object) -> None:
        raise UnusableInput(
            problem(
                "workbook-suspicious",
                "A part of the workbook declares a document type, which Excel never does; the file is not opened. "
                "Ask whoever sent it for a workbook saved by Excel or LibreOffice.",
                where=self.where,
            )
        )


def open_package(path: Path, limits: Limits = LIMITS) -> Package:
    """Check that a file is an ordinary Excel workbook of reasonable size, and open it.

    Parameters
    ----------
    path : Path
        The file.
    limits : Limits
        What is reasonable.

    Raises
    ------
    UnusableInput
        If there is no such file, it is something else than an ``.xlsx`` workbook, has macros or a password,
        is damaged, or holds more than the limits allow.
    """
    data = read_bytes(path, limits.file_bytes)
    where = Where(file=path.name)
    if not data.startswith(_ZIP):
        raise UnusableInput(_other_kind(data, path.name).at(where))
    # Counted before the zip is opened: its table of contents alone could fill the memory.
    if data.count(_ENTRY) > limits.parts:
        raise UnusableInput(
            problem(
                "workbook-too-many-parts",
                "The file is a zip with more than {limit} files in it, which no workbook has.",
                where=where,
                limit=limits.parts,
            )
        )
    package = Package(data, path.name, limits)
    issue = _other_package(package) or _bomb(package)
    if issue is not None:
        raise UnusableInput(issue.at(where))
    return package


def read_bytes(path: Path, limit: int) -> bytes:
    """The content of an ordinary file of at most ``limit`` bytes.

    Raises
    ------
    UnusableInput
        If there is no such file, it cannot be opened, or it is larger.
    """
    where = Where(file=path.name)
    try:
        if path.is_dir():
            raise UnusableInput(
                problem("file-is-folder", "This is a folder; name the file in it.", where=where)
            )
        if path.exists() and not path.is_file():
            raise UnusableInput(problem("file-unreadable", "This is not an ordinary file.", where=where))
        if path.stat().st_size <= limit:
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
            if len(data) <= limit:
                return data
    except FileNotFoundError:
        raise UnusableInput(
            problem(
                "file-missing",
                "There is no file {file}; check its name and folder.",
                where=where,
                file=str(path),
            )
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnusableInput(
            problem("file-unreadable", "The file cannot be opened: {reason}", where=where, reason=reason)
        ) from None
    raise UnusableInput(
        problem(
            "file-too-large",
            "The file is larger than {limit} MB. Remove pictures and sheets that do not belong to the assessment.",
            where=where,
            limit=limit // _MEGABYTE,
        )
    )


def _other_kind(data: bytes, name: str) -> Issue:
    """What a file is that is no zip, and what to do with it."""
    if not data:
        return problem("file-empty", "The file is empty. Copy or download it again.")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return problem(
                "workbook-encrypted",
                "The workbook is protected by a password. Open it in Excel, remove the password under File, Info, "
                "Protect Workbook, Encrypt with Password, and save it.",
            )
        return _save_as(name, "Excel 97–2003 (.xls)")
    if name.startswith("~$"):
        return problem(
            "workbook-lock-file", "This is Excel's lock file; close Excel and name the workbook itself."
        )
    if data.startswith(b"%PDF"):
        return _save_as(name, "PDF")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        return _save_as(name, "HTML/XML")
    if head.startswith((b"{", b"[")):
        return _save_as(name, "JSON")
    if b"\0" not in data[:4096] and any(mark in data[:4096] for mark in (b",", b"\t", b";")):
        return _save_as(name, "CSV")
    return _save_as(name)


def _save_as(name: str, kind: str = "") -> Issue:
    if not kind:
        return problem(
            "not-a-workbook",
            "{file} is not an Excel workbook. Open it in the program it comes from and save it as .xlsx.",
            file=name,
        )
    return problem(
        "not-a-workbook",
        "{file} is not an Excel workbook but {kind}. Open it in Excel or LibreOffice and save it as .xlsx.",
        file=name,
        kind=kind,
    )


def _other_package(package: Package) -> Issue | None:
    """What a zip is that is no ordinary workbook."""
    names = package.names
    if any(entry.flag_bits & 1 for entry in package.entries()):
        return problem(
            "workbook-encrypted",
            "The zip is protected by a password. Unpack it and name the workbook in it.",
        )
    if any(
        entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in package.entries()
    ):
        # Other compressions, which Office never uses, can ask for gigabytes before the first byte comes out.
        return _save_as(package.file, "zip")
    if any(
        name.lower().endswith(("vbaproject.bin", "xlmacrosheet.xml")) or "/macrosheets/" in name
        for name in names
    ):
        return problem(
            "workbook-macros",
            "The workbook contains macros. Save it in Excel as “Excel Workbook (.xlsx)”, which leaves them out, "
            "and use that file.",
        )
    if "xl/workbook.bin" in names:
        return _save_as(package.file, "Excel binary (.xlsb)")
    if any(name.startswith("word/") for name in names):
        return _save_as(package.file, "Word (.docx)")
    if any(name.startswith("ppt/") for name in names):
        return _save_as(package.file, "PowerPoint (.pptx)")
    if "content.xml" in names and "mimetype" in names:
        return _save_as(package.file, "OpenDocument (.ods)")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        return _save_as(package.file, "Apple Numbers")
    if any(name.lower().endswith((".xlsx", ".xlsm")) for name in names):
        return problem(
            "workbook-in-zip", "The file is a zip with a workbook in it. Unpack it and name the workbook."
        )
    return None if "[Content_Types].xml" in names else _save_as(package.file, "zip")


def _bomb(package: Package) -> Issue | None:
    """A zip that would unpack to far more than it seems."""
    limits, entries = package.limits, package.entries()
    unpacked = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > limits.ratio_from and entry.file_size > limits.ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    if unpacked <= limits.unpacked_bytes and not swollen:
        return None
    return problem(
        "workbook-bomb",
        "The file unpacks to {unpacked} MB from {packed} MB, as no workbook does; it is not opened. Save it again in "
        "Excel, without the empty rows and columns at the end of its sheets.",
        unpacked=-(-unpacked // _MEGABYTE),
        packed=-(-sum(entry.compress_size for entry in entries) // _MEGABYTE),
    )
