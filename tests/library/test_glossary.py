"""The glossary is the naming authority: what it names in the code exists under that name."""

from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path
from typing import Any

import pytest

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
HEAD = ["term", "繁體中文（臺灣）", "Hong Kong", "code", "unit", "source"]


def rows() -> list[list[str]]:
    found = []
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if cells != HEAD:
                found.append(cells)
    return found


def identifiers() -> list[str]:
    return sorted({name for row in rows() for name in re.findall(r"`([^`]+)`", row[3])})


def resolved(name: str) -> Any:
    """The module, object or field that a dotted name within the library stands for."""
    parts = name.split(".")
    found: Any = importlib.import_module("openrecp")
    for place, part in enumerate(parts):
        fields = (
            {each.name for each in dataclasses.fields(found)} if dataclasses.is_dataclass(found) else set()
        )
        if part in fields | set(getattr(found, "model_fields", ())):
            assert place == len(parts) - 1, name
            return found
        try:
            found = getattr(found, part)
        except AttributeError:
            found = importlib.import_module(".".join(["openrecp", *parts[: place + 1]]))
    return found


def test_every_row_has_its_columns_and_both_languages() -> None:
    assert len(rows()) > 100
    for row in rows():
        assert len(row) == len(HEAD), row
        assert row[0], row
        assert re.search(r"[\u4e00-\u9fff]", row[1]), row
        assert row[3] == "–" or re.fullmatch(r"`[\w.]+`(, `[\w.]+`)*", row[3]), row


def test_no_term_stands_twice() -> None:
    terms = [row[0] for row in rows()]
    assert sorted(set(terms)) == sorted(terms)


@pytest.mark.parametrize("name", identifiers())
def test_what_the_glossary_names_exists(name: str) -> None:
    assert resolved(name) is not None
