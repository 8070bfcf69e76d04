"""Reading a flowsheet from YAML or JSON, strictly: unknown keys are refused and every value stays as typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final

from openrecp.assessment.flowsheets.document import FlowsheetDocument, Row
from openrecp.assessment.flowsheets.schema import FORMAT, SECTIONS, SETTINGS, VERSION, Section
from openrecp.assessment.strict_yaml import Path, Tree, dotted, read_tree
from openrecp.errors import Issue, UnusableInput, Where, problem

_LINES_UP_TO: Final = 200_000
"""Characters up to which findings name the line; larger JSON, which only programs write, is read without lines."""
_MOST_ROWS: Final = 1_000_000


def parse_flowsheet(words: str, file: str) -> tuple[FlowsheetDocument, tuple[Issue, ...]]:
    """Read a flowsheet from the words of a YAML or JSON file.

    Parameters
    ----------
    words : str
    file : str
        Its name, for the findings.

    Returns
    -------
    tuple of FlowsheetDocument and tuple of Issue
        All that could be understood, and all that could not, with line and key.

    Raises
    ------
    UnusableInput
        If it is neither YAML nor JSON, or a newer version's.
    """
    large = len(words) > _LINES_UP_TO and words.lstrip().startswith("{")
    tree = _json_tree(words, file) if large else read_tree(words, file)
    issues = list(tree.issues)
    _check_format(tree)
    settings: dict[str, str] = {}
    sections: dict[str, tuple[Row, ...]] = {}
    places: dict[tuple[str, int, str], Where] = {}
    known = {section.name: section for section in SECTIONS}
    named = {column.name for column in SETTINGS.columns}
    for key, value in tree.data.items():
        if key in ("format", "version"):
            continue
        if key in known:
            sections[key] = tuple(_rows(known[key], value, tree, places, issues))
        elif key not in named:
            issues.append(_unknown(key, [*named, *known], tree.where((key,))))
        elif value is not None:
            words_of = _words(value, (key,), tree, issues)
            if words_of:
                settings[key] = words_of
                places["settings", 0, key] = tree.where((key,))
    sections = {name: rows for name, rows in sections.items() if rows}
    return FlowsheetDocument(settings, sections, file, places), tuple(issues)


def _check_format(tree: Tree) -> None:
    found = tree.data.get("format", FORMAT)
    if found != FORMAT:
        raise UnusableInput(
            problem(
                "not-a-flowsheet",
                "This file says that it is “{found}”, not a flowsheet.",
                where=tree.where(("format",)),
                found=str(found),
            )
        )
    if str(tree.data.get("version", VERSION)) != str(VERSION):
        raise UnusableInput(
            problem(
                "flowsheet-version",
                "This flowsheet is of version {found}; this program reads version {known}. Update OpenRECP.",
                where=tree.where(("version",)),
                found=str(tree.data["version"]),
                known=str(VERSION),
            )
        )


def _rows(
    section: Section,
    value: Any,
    tree: Tree,
    places: dict[tuple[str, int, str], Where],
    issues: list[Issue],
) -> list[Row]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MOST_ROWS:
        issues.append(
            problem(
                "list-expected",
                "“{section}” is a list; begin each entry with a dash, as in “- key: F1”.",
                where=tree.where((section.name,)),
                section=section.name,
            )
        )
        return []
    rows: list[Row] = []
    for number, item in enumerate(value):
        path: Path = (section.name, number)
        row: dict[str, str] = {}
        for key, words in _fields(section, item, path, tree, issues):
            row[key] = words
            places[section.name, len(rows), key] = tree.where((*path, key))
        if row:
            places[section.name, len(rows), ""] = tree.where(path)
            rows.append(row)
    return rows


def _fields(
    section: Section, item: Any, path: Path, tree: Tree, issues: list[Issue]
) -> Iterator[tuple[str, str]]:
    """The known fields of an entry that hold something."""
    names = [column.name for column in section.columns]
    if not isinstance(item, dict):
        issues.append(
            problem(
                "keys-expected",
                "An entry of “{section}” is a group of keys such as {keys}.",
                where=tree.where(path),
                section=section.name,
                keys=names[:3],
            )
        )
        return
    for key, found in item.items():
        if key not in names:
            issues.append(_unknown(key, names, tree.where((*path, key))))
        elif found is not None:
            words = _words(found, (*path, key), tree, issues)
            if words:
                yield key, words


def _words(value: Any, path: Path, tree: Tree, issues: list[Issue]) -> str | None:
    """A value as typed; shares of elements may be a group of keys, names of periods a list."""
    if isinstance(value, str):
        return value.strip()
    if path[-1] == "elements" and isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return "; ".join(f"{element} {share}" for element, share in value.items())
    if path[-1] == "periods" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return "; ".join(value)
    issues.append(
        problem(
            "value-expected",
            "One value is expected here, not a group of keys or a list.",
            where=tree.where(path),
        )
    )
    return None


def _unknown(key: str, known: list[str], where: Where) -> Issue:
    near = get_close_matches(key, known, n=1)
    if near:
        return problem(
            "file-key-unknown-near",
            "“{key}” is not a key known here; if “{near}” is meant, write that.",
            where=where,
            key=key,
            near=near[0],
        )
    return problem(
        "file-key-unknown",
        "“{key}” is not a key known here; use one of {known}.",
        where=where,
        key=key,
        known=known,
    )


def _json_tree(words: str, file: str) -> Tree:
    tree = Tree(file)

    def group(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                tree.issues.append(
                    problem(
                        "key-twice",
                        "“{key}” stands twice; keep one of them.",
                        where=Where(file=file, path=dotted((key,))),
                        key=key,
                    )
                )
            else:
                found[key] = "true" if value is True else "false" if value is False else value
        return found

    try:
        data = json.loads(words, object_pairs_hook=group, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        where = Where(file=file, line=getattr(error, "lineno", None))
        raise UnusableInput(
            problem("json-broken", "The file cannot be read as JSON here.", where=where)
        ) from None
    if not isinstance(data, dict):
        raise UnusableInput(
            problem("json-broken", "The file cannot be read as JSON here.", where=Where(file=file))
        )
    tree.data = data
    return tree
