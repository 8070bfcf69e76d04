"""No file, however broken or hostile, takes long, takes much memory, or ends in anything but a clear answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import NamedTuple

import pytest
from hostile_workbooks import READ, REFUSED, altered, part, template, with_rows, write

from openrecp.assessment.files import read_assessment
from openrecp.assessment.workbook.guard import LIMITS, Limits
from openrecp.assessment.workbook.reader import read_workbook
from openrecp.errors import Severity, UnusableInput

_SECONDS, _MEGABYTES = 3.0, 400
_WATCHED = """
import json, resource, sys, time
from pathlib import Path
from openrecp.assessment.workbook.reader import read_workbook
from openrecp.errors import UnusableInput
from openrecp.texts import render

resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))

def peak():
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 << 20)

for line in sys.stdin:
    start = time.process_time()
    try:
        issues = read_workbook(Path(line.strip())).issues
    except UnusableInput as refusal:
        issues = refusal.issues
    seconds = time.process_time() - start
    words = [[issue.code, render(issue, "en"), render(issue, "zh-hant")] for issue in issues[:3]]
    print(json.dumps([words, seconds, peak()]), flush=True)
"""


class _Watched(NamedTuple):
    """What came of a file: code and words of its first findings, processor seconds, megabytes at most so far."""

    words: list[tuple[str, str, str]]
    seconds: float
    megabytes: int


def _watched(paths: list[Path]) -> list[_Watched]:
    """Read each file, one after the other, in a process with little memory."""
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert not done.stderr, done.stderr
    return [_Watched(*json.loads(line)) for line in done.stdout.splitlines()]


def test_hostile_files_are_refused_in_seconds_and_bounded_memory(tmp_path: Path) -> None:
    paths = [write(tmp_path, str(i), make()) for i, (_, make) in enumerate(REFUSED.values())]
    results = _watched(paths)
    assert len(results) == len(REFUSED)
    for (name, (code, _)), found in zip(REFUSED.items(), results, strict=True):
        assert [each[0] for each in found.words] == [code], name
        assert found.seconds < _SECONDS, name
        assert found.megabytes < _MEGABYTES, name
        english, chinese = found.words[0][1:]
        assert english != chinese, name
        assert "{" not in english + chinese, name


def test_odd_files_are_read_in_seconds_and_bounded_memory(tmp_path: Path) -> None:
    paths = [write(tmp_path, str(i), make()) for i, make in enumerate(READ.values())]
    results = _watched(paths)
    assert len(results) == len(READ)
    for name, found in zip(READ, results, strict=True):
        assert found.seconds < _SECONDS, name
        assert found.megabytes < _MEGABYTES, name


@pytest.mark.parametrize("name", ["macros", "CSV", "half"])
def test_a_refusal_names_the_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableInput) as refusal:
        read_workbook(write(tmp_path, "plant", REFUSED[name][1]()))
    (issue,) = refusal.value.issues
    assert issue.severity is Severity.ERROR
    assert issue.where.file == "plant.xlsx"


def test_a_stray_cell_in_the_last_corner_is_named(tmp_path: Path) -> None:
    reading = read_workbook(write(tmp_path, "plant", READ["a cell in the last corner"]()))
    assert [(issue.code, issue.where.cell) for issue in reading.issues] == [("cell-not-read", "XFD1048576")]


def test_links_to_other_workbooks_are_a_note(tmp_path: Path) -> None:
    data = template()
    relations = part(data, "xl/_rels/workbook.xml.rels").replace(
        "</Relationships>",
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>',
    )
    changes = {
        "xl/_rels/workbook.xml.rels": relations.encode(),
        "xl/externalLinks/externalLink1.xml": b"<x/>",
    }
    reading = read_workbook(write(tmp_path, "plant", altered(data, changes)))
    assert [(issue.code, issue.severity) for issue in reading.issues] == [("workbook-linked", Severity.NOTE)]


def test_reading_stops_where_nothing_is_right_and_says_so(tmp_path: Path) -> None:
    reading = read_workbook(write(tmp_path, "plant", READ["30,000 rows in which nothing is right"]()))
    assert reading.issues[0].code == "too-many-findings"
    assert len(reading.issues) < 2500


def test_limits_can_be_set(tmp_path: Path) -> None:
    path = write(tmp_path, "plant", template())
    read_workbook(path, limits=LIMITS)
    for limits in (Limits(cells=10), Limits(characters=10), Limits(read_bytes=1000), Limits(part_bytes=1000)):
        with pytest.raises(UnusableInput) as refusal:
            read_workbook(path, limits=limits)
        assert refusal.value.issues[0].code == "workbook-too-large"
    with pytest.raises(UnusableInput) as refusal:
        read_workbook(path, limits=Limits(unpacked_bytes=1000))
    assert refusal.value.issues[0].code == "workbook-bomb"


@pytest.mark.parametrize(
    ("name", "code"),
    [("missing.xlsx", "file-missing"), ("folder.xlsx", "file-is-folder"), ("pipe.xlsx", "file-unreadable")],
)
def test_what_is_no_file_is_said(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(UnusableInput) as refusal:
        read_workbook(tmp_path / name)
    assert refusal.value.issues[0].code == code


def test_the_lock_file_of_excel_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "~$plant.xlsx"
    path.write_bytes(b"\x05Team A" + b" " * 100)
    with pytest.raises(UnusableInput) as refusal:
        read_workbook(path)
    assert refusal.value.issues[0].code == "workbook-lock-file"


def test_an_impossible_file_name_is_refused() -> None:
    for name in ("a\0b.xlsx", "x" * 5000 + ".xlsx"):
        with pytest.raises(UnusableInput):
            read_workbook(Path(name))


def test_json_too_large_or_broken_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plant.json"
    for data in (
        b" " * 20_000_001,
        b"{",
        b"[" * 100_000,
        b"\xff\xfe{",
        b"{}",
        b'{"version": 99}',
        b"1" * 5000,
    ):
        path.write_bytes(data)
        if data == b"{}":
            assert read_assessment(path).assessment.simplified is False
            continue
        with pytest.raises(UnusableInput):
            read_assessment(path)


def test_nothing_is_printed_and_nothing_is_warned_of(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_workbook(write(tmp_path, "plant", with_rows('<row r="900"><c r="B900"><v>1</v></c></row>')))
    assert capfd.readouterr() == ("", "")
