"""What is wrong with a document, in our own words: the validator's findings as findings for a reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from openrecp.errors import Issue, Severity, Where, problem
from openrecp.texts import Text, text

_SHOWN: Final = 60
"""Characters of a faulty value that are shown."""


class DocumentFaults(ValueError):
    """Findings about a whole document, carried through the validator."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        self.issues = issues
        super().__init__("; ".join(str(Text(issue.message, issue.values)) for issue in issues))


def document_issues(error: ValidationError, file: str | None) -> list[Issue]:
    """Every finding of the validator, each at its place in the document."""
    issues: list[Issue] = []
    for fault in error.errors(include_url=False):
        inner = fault.get("ctx", {}).get("error")
        if isinstance(inner, DocumentFaults):
            issues += (issue.at(Where(file=file, path=issue.where.path)) for issue in inner.issues)
        else:
            reason, where = _reason(fault), Where(file=file, path=_path(fault["loc"]))
            issues.append(Issue("document-invalid", Severity.ERROR, reason.message, reason.values, where))
    return issues


def _path(location: tuple[int | str, ...]) -> str:
    """The place as everywhere: ``options[#2].streams``, records counted from 1; parts of a value are not named."""
    parts = list(location)
    if len(parts) > 1 and isinstance(parts[1], int):
        record = f"{parts[0]}[#{parts[1] + 1}]"
        return f"{record}.{parts[2]}" if len(parts) > 2 else record
    return ".".join(str(part) for part in parts[:2])


def _reason(fault: ErrorDetails) -> Text:
    kind, context = fault["type"], fault.get("ctx", {})
    found = _found(fault["input"])
    if kind == "extra_forbidden":
        return text(
            "“{found}” is not a field here; correct the name or delete it.", found=str(fault["loc"][-1])
        )
    if kind == "missing":
        return text("“{found}” is missing; add it.", found=str(fault["loc"][-1]))
    if kind in {"enum", "literal_error"}:
        known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return text("“{found}” is not one of the choices: {known}.", found=found, known=known)
    if kind == "string_too_long":
        limit = context.get("max_length")
        return text("These words have more than {limit} characters; shorten them.", limit=limit)
    if kind in {"greater_than_equal", "less_than_equal"}:
        return text("{found} is too large or too small to be meant; check the digits.", found=found)
    for beginning, words in _REASONS.items():
        if kind.startswith(beginning):
            return words(found)
    reason = str(context["error"]) if "error" in context else fault["msg"]
    return _VALUE_REASONS.get(reason, text("“{found}” cannot be used: {reason}.", found=found, reason=reason))


def _found(value: Any) -> str:
    words = str(value)
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"


# By the beginning of the validator's kind of finding; the more special first.
_REASONS: Final[dict[str, Callable[[str], Text]]] = {
    "int_from_float": lambda found: text("{found} is not a whole number.", found=found),
    "int_": lambda found: text("“{found}” is not a whole number.", found=found),
    "decimal_": lambda found: text("“{found}” is not a number.", found=found),
    "finite_number": lambda found: text("“{found}” is not a number.", found=found),
    "bool_": lambda found: text("“{found}” is neither true nor false.", found=found),
    "date_": lambda found: text("“{found}” is not a date; write it as 2026-03-05.", found=found),
    "tuple_": lambda found: text("A list in square brackets is expected here, not “{found}”.", found=found),
    "model_": lambda found: text("A group of fields in braces is expected here, not “{found}”.", found=found),
    "string_type": lambda found: text(
        "Words in quotation marks are expected here, not “{found}”.", found=found
    ),
    "string_pattern": lambda found: text(
        "“{found}” is not usable as an identifier: it has 4 to 64 letters, digits and hyphens.", found=found
    ),
}
# What the values themselves refuse, see `openrecp.assessment.spec`.
_VALUE_REASONS: Final[dict[str, Text]] = {
    "not a finite number": text("This is not a finite number."),
    "too large": text("This number is too large to be meant."),
    "more than 15 decimals": text("This number has more than 15 decimals."),
    "contains control characters": text("These words contain control characters; type them anew."),
    "a number or code has 1 to 24 characters, without spaces or separators": text(
        "A number or code has 1 to 24 characters, without spaces or separators."
    ),
    "a unit has 1 to 40 printable characters": text("A unit has 1 to 40 printable characters."),
    "has more decimals than the currency": text("This amount has more decimals than its currency."),
}


def repeated_id(collection: str, identifier: str) -> Issue:
    """Two records with the same hidden id."""
    return problem(
        "document-invalid",
        "Two records have the id {id}; give one of them another.",
        where=Where(path=collection),
        id=identifier,
    )


def foreign_currency(path: str, found: str, expected: str) -> Issue:
    """An amount that is not in the currency of the assessment."""
    return problem(
        "document-invalid",
        "This amount is in {found}, but the assessment is in {expected}; convert it.",
        where=Where(path=path),
        found=found,
        expected=expected,
    )


def repeated_keys(pairs: list[tuple[str, Any]]) -> Iterator[str]:
    """Keys that stand twice in one group of a JSON file; the reader would silently keep the last."""
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            yield key
        seen.add(key)
