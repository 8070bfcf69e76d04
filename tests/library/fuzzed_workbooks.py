"""Workbooks damaged at random, each by its seed; reading any of them may only refuse or give a valid document.

python tests/library/fuzzed_workbooks.py FIRST COUNT     try the seeds from FIRST on
"""

from __future__ import annotations

import io
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from workbook_sample import SAMPLE

from openrecp.assessment.document import assessment_from_data, assessment_from_json, assessment_to_json
from openrecp.assessment.workbook.reader import read_workbook
from openrecp.assessment.workbook.writer import write_workbook
from openrecp.errors import UnusableInput
from openrecp.texts import LANGUAGES, render

_SECONDS = 5.0
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
_VALUE = re.compile(rb'"[^"]*"|>[^<]{1,40}<')
ODD_WORDS = [
    "", " ", "0", "-1", "NaN", "INF", "1e999", "99999999999999999999", "#REF!", "#N/A", "是", "W1", "W1;W1;;", "12%",
    "18 t/yr", "１２ 公斤", "NT$ 5", "US$5", "5 kg/", "1/0", "2026-02-30", "115/3/5", "#block:options", "#id", "#section",
    "#block:stream_ratings", "#subjects", "#derived:x", "ƒ x", "Option No.", "Stream No.", "Total", "合計", "_xD800_",
    "\u202e", "A" * 9000, "一" * 130, "[", "()", "{x}", "%s", "Weight (W)", "[[[", "（", "C1", "compliance", "other",
]  # fmt: skip


@cache
def bases() -> tuple[bytes, ...]:
    """Good workbooks to start from."""
    full = assessment_from_data(SAMPLE)
    simple = full.model_copy(update={"simplified": True})
    return tuple(write_workbook(each, language) for each in (full, simple) for language in LANGUAGES)


@cache
def parts(base: int) -> dict[str, bytes]:
    """The parts of a good workbook."""
    with zipfile.ZipFile(io.BytesIO(bases()[base])) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    """Parts as a workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return target.getvalue()


def cell_xml(reference: str, words: str, kind: str) -> bytes:
    """A cell that holds some words in one of the ways a cell can."""
    words = escape("".join(char for char in words if char.isprintable()))
    inside = {
        "text": f't="inlineStr"><is><t>{words}</t></is>',
        "number": f"><v>{words}</v>",
        "date": f's="3"><v>{words}</v>',
        "formula": f"><f>{words}</f>",
        "result": f't="str"><f>A1</f><v>{words}</v>',
        "error": f't="e"><v>{words}</v>',
        "truth": f't="b"><v>{words}</v>',
        "day": f't="d"><v>{words}</v>',
    }[kind]
    return f'<c r="{reference}" {inside}</c>'.encode()


KINDS = ("text", "text", "text", "text", "number", "date", "formula", "result", "error", "truth", "day")


def _flipped(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 20)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(data: bytes, dice: random.Random) -> bytes:
    start, end = sorted(dice.randrange(len(data)) for _ in range(2))
    return data[:start] + data[end:] if dice.random() < 0.5 else data[:end] + data[start:end] + data[end:]


def _other_values(data: bytes, dice: random.Random) -> bytes:
    """Some attributes and texts of the XML replaced."""
    found = list(_VALUE.finditer(data))
    for match in sorted(dice.sample(found, min(len(found), dice.randint(1, 4))), key=lambda m: -m.start()):
        words = escape(dice.choice(ODD_WORDS), {'"': "&quot;"}).encode("utf-8", "replace")
        data = data[: match.start() + 1] + words + data[match.end() - 1 :]
    return data


def _other_cells(data: bytes, dice: random.Random) -> bytes:
    """Some cells replaced by odd ones, some exchanged."""
    found = list(_CELL.finditer(data))
    for match in sorted(dice.sample(found, min(len(found), dice.randint(1, 40))), key=lambda m: -m.start()):
        if dice.random() < 0.2:
            new = dice.choice(found)[0].replace(dice.choice(found)[1], match[1])
        else:
            new = cell_xml(match[1].decode(), dice.choice(ODD_WORDS), dice.choice(KINDS))
        data = data[: match.start()] + new + data[match.end() :]
    return data


def _other_rows(data: bytes, dice: random.Random) -> bytes:
    """Rows renumbered, and with them out of order, doubled or far away."""
    rows = sorted({int(number) for number in re.findall(rb'<row r="(\d+)"', data)})
    for _ in range(dice.randint(1, 6) if rows else 0):
        old, new = dice.choice(rows), dice.choice([*rows, 1, 500, 1_048_576])
        data = re.sub(rb'(<row r="|<c r="[A-Z]+)%d"' % old, rb'\g<1>%d"' % new, data)
    return data


def damaged(seed: int) -> bytes:
    """The workbook of a seed."""
    dice = random.Random(seed)  # noqa: S311 - chance, no secret
    base = dice.randrange(len(bases()))
    way = dice.randrange(8)
    if way == 0:
        return _flipped(bases()[base], dice)
    if way == 1:
        return _cut(bases()[base], dice)
    content = dict(parts(base))
    names = [name for name in content if name.startswith("xl/worksheets/sheet")]
    if way in {2, 3}:
        names = [*names, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "docProps/custom.xml"]
        names += ["xl/_rels/workbook.xml.rels", "[Content_Types].xml", "_rels/.rels"]
    change = {2: _flipped, 3: _other_values, 4: _other_rows, 5: _cut}.get(way, _other_cells)
    for name in dice.sample(names, dice.randint(1, 4)):
        content[name] = change(content[name], dice)
    return packed(content)


def try_reading(data: bytes, folder: Path) -> str:
    """Read a workbook and check whatever comes of it; says whether it was read or refused."""
    path = folder / "fuzzed.xlsx"
    path.write_bytes(data)
    start = time.process_time()
    try:
        reading = read_workbook(path)
        issues, outcome = reading.issues, "read"
        again = assessment_from_json(assessment_to_json(reading.assessment))
        assert again == reading.assessment
    except UnusableInput as refusal:
        issues, outcome = refusal.issues, "refused"
        assert issues
    assert time.process_time() - start < _SECONDS
    for issue in issues:
        for language in LANGUAGES:
            assert render(issue, language)
    return outcome


def main(first: int, count: int) -> int:
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            try:
                try_reading(damaged(seed), Path(folder))
            except Exception:  # noqa: BLE001 - that nothing else is raised is what is tried here
                failed += 1
                print(f"seed {seed}:\n{traceback.format_exc()}")  # noqa: T201
    print(f"{count} damaged workbooks, {failed} failures")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
