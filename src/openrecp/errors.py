"""Findings about the user's data, as data, and the few exceptions of the library.

A finding is never a bare sentence: it keeps its code, its place and its values, so that the same
finding can be shown in either language, sorted, counted, and linked to the cell it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Severity(StrEnum):
    """How much a finding matters: an error must be mended, a warning looked at, a note is for information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Where:
    """The place a finding or a value belongs to; every part may be unknown.

    ``path`` is the place in the assessment document, such as ``waste_streams[W1].density``.
    """

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    path: str | None = None

    def __str__(self) -> str:
        parts = [self.file, self.sheet, self.cell]
        if self.line is not None:
            parts.append(f"line {self.line}")
        known = [part for part in parts if part]
        return " · ".join(known) if known else (self.path or "")


NOWHERE = Where()


@dataclass(frozen=True, slots=True)
class Issue:
    """A finding about the user's data.

    Attributes
    ----------
    code : str
        Stable kebab-case name of the kind of finding, the same in every language.
    severity : Severity
        Whether it must be mended, looked at, or only known.
    message : str
        English source sentence with ``{placeholders}``: what is wrong and what to do.
    values : Mapping[str, object]
        What fills the placeholders; texts among them are rendered in the reader's language.
    where : Where
        Sheet, cell, line and document path, as far as known.
    """

    code: str
    severity: Severity
    message: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    where: Where = NOWHERE

    def at(self, where: Where) -> Issue:
        """The same finding at another place."""
        return replace(self, where=where)


def problem(
    code: str,
    message: str,
    *,
    where: Where = NOWHERE,
    severity: Severity = Severity.ERROR,
    **values: Any,
) -> Issue:
    """Build a finding; the message is collected for translation from calls of this function."""
    return Issue(code, severity, message, MappingProxyType(values), where)


class OpenRecpError(Exception):
    """Base of the library's exceptions; carries the findings that explain it."""

    def __init__(self, issues: Issue | Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = (issues,) if isinstance(issues, Issue) else tuple(issues)
        super().__init__("; ".join(_plain(issue) for issue in self.issues))


class UnusableInput(OpenRecpError):
    """Nothing can be done with the input as it is (a broken file, a wrong kind of file, a broken key)."""


class UnitError(OpenRecpError):
    """A unit is unknown or ambiguous, or two units do not measure the same thing."""


def _plain(issue: Issue) -> str:
    try:
        sentence = issue.message.format_map({key: _joined(value) for key, value in issue.values.items()})
    except (KeyError, IndexError, ValueError):
        sentence = issue.message
    place = str(issue.where)
    return f"{place}: {sentence}" if place else sentence


def _joined(value: object) -> object:
    return ", ".join(str(each) for each in value) if isinstance(value, (list, tuple)) else value
