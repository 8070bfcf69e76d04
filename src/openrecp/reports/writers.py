"""Writes a report in the formats somebody asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Literal

from openrecp.reports.blocks import Report
from openrecp.reports.docx import write_docx
from openrecp.reports.html import write_html
from openrecp.reports.pdf import pdf_job, write_pdf
from openrecp.reports.xlsx import write_xlsx

Format = Literal["docx", "pdf", "html", "xlsx"]

WRITERS: Final[Mapping[Format, Callable[[Report], bytes]]] = {
    "docx": write_docx,
    "pdf": write_pdf,
    "html": write_html,
    "xlsx": write_xlsx,
}


def write_report(
    report: Report,
    directory: Path,
    formats: Iterable[Format] = ("docx", "pdf", "html", "xlsx"),
    name: str = "report",
) -> list[Path]:
    """Write the report as ``name.docx``, ``name.pdf`` and so on; return the paths in the order asked for.

    The folder is made if it is not there; files of the same name are replaced.

    Raises
    ------
    UnusableInput
        If the logo is no picture.
    OSError
        If the folder or a file cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    wanted = tuple(formats)
    # The PDF is set by native code beside the interpreter, while the others are written here.
    with ThreadPoolExecutor(max_workers=1) as beside:
        pdf = beside.submit(pdf_job(report)) if "pdf" in wanted else None
        written: dict[Format, bytes] = {form: WRITERS[form](report) for form in wanted if form != "pdf"}
        if pdf is not None:
            written["pdf"] = pdf.result()
    paths = []
    for form in wanted:
        path = directory / f"{name}.{form}"
        path.write_bytes(written[form])
        paths.append(path)
    return paths
