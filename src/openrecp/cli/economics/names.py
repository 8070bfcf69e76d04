"""Inputs of a project as a person names them: by key, or by name in either language."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from openrecp.economics.inputs import ProjectInput
from openrecp.errors import Issue, Severity, UnusableInput, Where, problem
from openrecp.texts import LANGUAGES, Text, render, text


def input_keys(wanted: Sequence[str], known: Mapping[str, ProjectInput], file: str) -> tuple[str, ...]:
    """The key of each input that is asked for.

    Raises
    ------
    UnusableInput
        If the case lacks one of them; the findings list what it has.
    """
    found: list[str] = []
    issues: list[Issue] = []
    for each in wanted:
        key = _key_of(each, known)
        if key is None:
            issues.append(_unknown(each, known, file))
        else:
            found.append(key)
    if issues:
        raise UnusableInput([*issues, _listed(known, file)])
    return tuple(found)


def _key_of(wanted: str, known: Mapping[str, ProjectInput]) -> str | None:
    if wanted in known:
        return wanted
    plain = _plain(wanted)
    return next((key for name, key in _names(known) if _plain(name) == plain), None)


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").replace("-", " ").split())


def _names(known: Mapping[str, ProjectInput]) -> Iterator[tuple[str, str]]:
    for key, each in known.items():
        yield key, key
        for language in LANGUAGES:
            yield render(each.name, language), key


def _unknown(wanted: str, known: Mapping[str, ProjectInput], file: str) -> Issue:
    close = difflib.get_close_matches(wanted, dict(_names(known)), 1)
    where = Where(file=file)
    if close:
        return problem(
            "input-unknown",
            "“{found}” is not an input of this case; “{near}” may be meant.",
            where=where,
            found=wanted,
            near=close[0],
        )
    return problem("input-unknown", "“{found}” is not an input of this case.", where=where, found=wanted)


def _listed(known: Mapping[str, ProjectInput], file: str) -> Issue:
    return problem(
        "inputs-known",
        "Its inputs are: {known}.",
        where=Where(file=file),
        severity=Severity.NOTE,
        known=[_key_and_name(each) for each in known.values()],
    )


def _key_and_name(each: ProjectInput) -> Text:
    # What the case names itself is typed as it is named.
    if each.key in {render(each.name, language) for language in LANGUAGES}:
        return text("“{key}”", key=each.key)
    return text("{key} ({name})", key=each.key, name=each.name)
