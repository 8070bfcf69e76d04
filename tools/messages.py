"""Keep the message catalogues true to the code.

    python tools/messages.py update    collect messages from the code into the catalogues
    python tools/messages.py compile   write the one binary catalogue the library reads
    python tools/messages.py check     fail on a missing, fuzzy, unused or malformed translation

One catalogue per room keeps them readable; a message used in several rooms lives in the lowest one.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "openrecp"
CATALOGUES = SOURCE / "locale" / "zh_Hant" / "LC_MESSAGES"
# Where a call has its message.
POSITIONS = {"text": 0, "problem": 1}
# Longest prefix first decides; order is the order of the layers, lowest first.
ROOMS = {
    "core": ("errors.py", "texts.py", "units/", "entries.py", "figures.py"),
    "balances": ("balances/", "screening.py", "indicators.py"),
    "economics": ("economics/",),
    "worksheets": ("assessment/worksheets/", "assessment/examples/", "assessment/spec.py"),
    "workbook": ("assessment/workbook/",),
    "assessment": ("assessment/",),
    "reports": ("reports/",),
    "cli": ("cli/",),
}
_PLACEHOLDER = re.compile(r"\{(\w+)[^}]*\}")


def room_of(path: str) -> str:
    best, length = "", -1
    for room, prefixes in ROOMS.items():
        for prefix in prefixes:
            if path.startswith(prefix) and len(prefix) > length:
                best, length = room, len(prefix)
    if not best:
        raise SystemExit(f"messages: no room for {path}; add it to ROOMS in tools/messages.py")
    return best


def messages_of(path: Path) -> list[str]:
    """The messages marked in a module by ``text("…")`` and ``problem(code, "…")``."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes(), path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in POSITIONS):
            continue
        position = POSITIONS[node.func.id]
        argument = node.args[position] if len(node.args) > position else None
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            raise SystemExit(f"messages: {place}: {node.func.id}() needs its message as one literal string")
        found.append(argument.value)
    return found


def collected() -> dict[str, dict[str, set[str]]]:
    """Room → message → files that use it."""
    order = list(ROOMS)
    found: dict[str, dict[str, set[str]]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        for message in messages_of(path):
            if message:
                found.setdefault(message, {}).setdefault(room_of(name), set()).add(name)
    rooms: dict[str, dict[str, set[str]]] = {room: {} for room in order}
    for message, users in found.items():
        lowest = min(users, key=order.index)
        rooms[lowest][message] = set().union(*users.values())
    return rooms


def read(room: str) -> Catalog:
    path = CATALOGUES / f"{room}.po"
    if not path.exists():
        return Catalog(locale="zh_Hant")
    with path.open("rb") as stream:
        return read_po(stream, locale="zh_Hant", abort_invalid=True)


def known_translations() -> dict[str, str]:
    known: dict[str, str] = {}
    for room in ROOMS:
        for entry in read(room):
            if entry.id and entry.string and "fuzzy" not in entry.flags:
                known.setdefault(str(entry.id), str(entry.string))
    return known


def update() -> None:
    known = known_translations()
    for room, messages in collected().items():
        catalogue = Catalog(locale="zh_Hant", project="openrecp", fuzzy=False)
        for message in sorted(messages):
            catalogue.add(
                message, known.get(message, ""), locations=[(f, 0) for f in sorted(messages[message])]
            )
        out = io.BytesIO()
        write_po(out, catalogue, omit_header=True, width=120)
        body = b'msgid ""\nmsgstr "Language: zh_Hant\\nContent-Type: text/plain; charset=utf-8\\n"\n\n'
        _replace(CATALOGUES / f"{room}.po", body + out.getvalue())
    compile_catalogue()


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole, and only when it changes: several people may keep catalogues at once."""
    if path.exists() and path.read_bytes() == content:
        return
    temporary = path.with_suffix(f".{os.getpid()}.new")
    temporary.write_bytes(content)
    temporary.replace(path)


def compiled() -> bytes:
    catalogue = Catalog(locale="zh_Hant", fuzzy=False)
    catalogue.header_comment = ""
    for room in ROOMS:
        for entry in read(room):
            if entry.id and entry.string and "fuzzy" not in entry.flags:
                catalogue.add(str(entry.id), str(entry.string))
    # A fixed date, so that the same catalogues always compile to the same bytes.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def compile_catalogue() -> None:
    _replace(CATALOGUES / "openrecp.mo", compiled())


def check() -> int:
    faults: list[str] = []
    for room, messages in collected().items():
        catalogue = read(room)
        entries = {str(entry.id): entry for entry in catalogue if entry.id}
        for message in messages:
            entry = entries.get(message)
            if entry is None or not entry.string:
                faults.append(f"{room}.po: no translation of {message!r}")
            elif "fuzzy" in entry.flags:
                faults.append(f"{room}.po: fuzzy translation of {message!r}")
            elif set(_PLACEHOLDER.findall(message)) != set(_PLACEHOLDER.findall(str(entry.string))):
                faults.append(f"{room}.po: other placeholders than {message!r}")
        faults += [f"{room}.po: no code uses {unused!r}" for unused in entries if unused not in messages]
    mo = CATALOGUES / "openrecp.mo"
    if not mo.exists() or mo.read_bytes() != compiled():
        faults.append(
            "openrecp.mo is not what the catalogues compile to; run: python tools/messages.py compile"
        )
    print("\n".join(faults) if faults else "messages: every message has its Traditional Chinese translation")
    return 1 if faults else 0


if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    if command == "update":
        update()
    elif command == "compile":
        compile_catalogue()
    elif command == "check":
        sys.exit(check())
    else:
        sys.exit(__doc__)
