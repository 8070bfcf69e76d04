"""The built-in examples: two assessments, two flowsheets, and the inputs of other calculations.

An assessment is kept once for both languages: a text is either a plain string or ``{en: …, zh-hant: …}``. Ratings are
written as a table, ``criterion: {subject: rating}``. Records get ids that depend only on the example, the collection
and their number or place, so that the two languages are the same document.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from openrecp.assessment.document import Assessment, assessment_from_data, assessment_to_json
from openrecp.assessment.spec import Layout
from openrecp.assessment.strict_yaml import read_tree
from openrecp.assessment.workbook.writer import write_workbook
from openrecp.assessment.worksheets.registry import blocks_by_collection
from openrecp.errors import UnusableInput
from openrecp.texts import LANGUAGES, Language, Text, text

_SIMPLIFIED: Final[Mapping[str, bool]] = MappingProxyType({"metal-finishing": False, "small-plant": True})
_INPUTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "process-unit": ("economics-60-40.yaml", "economics-all-equity.yaml"),
        "measures": tuple(
            f"{name}-{language}.yaml"
            for language in LANGUAGES
            for name in ("heat-recovery", "counter-current-washing", "reverse-osmosis", "led-lamps")
        ),
        "ways-of-paying": ("economics-ways-of-paying.yaml",),
        "balance": tuple(f"balance-{language}.yaml" for language in LANGUAGES),
        "recycle": tuple(f"recycle-{language}.yaml" for language in LANGUAGES),
        "screening": ("screening.csv", "screening-zh-hant.csv"),
    }
)
# A form that an example leaves empty still has its id.
_FORMS: Final = {name for name, block in blocks_by_collection().items() if block.layout is Layout.FORM}

EXAMPLES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "metal-finishing": text("the plating shop of appendix 3 as a full assessment"),
        "small-plant": text("an invented dyehouse of 35 people as a complete simplified assessment"),
        "process-unit": text("the investment of appendix 8, once with a loan and once without"),
        "measures": text(
            "four measures of an invented dyehouse: loan, grant, tax credit, risk, and which to choose"
        ),
        "ways-of-paying": text(
            "solvent recovery at an invented coating line: every key of a case, every way of paying"
        ),
        "balance": text(
            "an invented nickel plating line: a recycle, a store, a meter that is wrong and a loss nobody measures"
        ),
        "recycle": text(
            "an invented parts washer with its still: what evaporates, found by a transfer coefficient"
        ),
        "screening": text("the three options of appendix 7, rated by four criteria"),
    }
)
"""Every example and what it shows, the assessments first."""

_NAMESPACE: Final = uuid.UUID("9f0e2c1e-6f0a-5a53-9c3a-3b8f0d2f7c11")


def example_names() -> tuple[str, ...]:
    """Names of all examples, the assessments first."""
    return tuple(EXAMPLES)


def example_assessment(name: str, language: Language) -> Assessment:
    """A built-in assessment in one language.

    Raises
    ------
    KeyError
        If no assessment has this name.
    """
    simplified = _SIMPLIFIED[name]
    file = f"{name}.yaml"
    tree = read_tree(_content(file).decode("utf-8"), file)
    if tree.issues:
        raise UnusableInput(tree.issues)
    data: dict[str, Any] = {"id": _id(name, "assessment"), "simplified": simplified}
    for collection in sorted(_FORMS | set(tree.data)):
        value = tree.data.get(collection, {})
        said = _said(_table(value) if _is_table(collection) else value, language)
        data[collection] = _identified(name, collection, said)
    return assessment_from_data(data, file=file)


def example_files(name: str) -> Mapping[str, bytes]:
    """The files of an example, by name: an assessment as workbooks and JSON in both languages, or the inputs.

    Raises
    ------
    KeyError
        If no example has this name.
    """
    if name in _INPUTS:
        return {file: _content(file) for file in _INPUTS[name]}
    found: dict[str, bytes] = {}
    for language in LANGUAGES:
        assessment = example_assessment(name, language)
        found[f"{name}-{language}.xlsx"] = write_workbook(assessment, language)
        found[f"{name}-{language}.json"] = assessment_to_json(assessment).encode("utf-8")
    return found


def _content(file: str) -> bytes:
    return files(__name__).joinpath(file).read_bytes()


def _said(value: Any, language: Language) -> Any:
    """The value with each pair of texts replaced by the one in the language."""
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            return value[language]
        return {key: _said(part, language) for key, part in value.items()}
    if isinstance(value, list):
        return [_said(part, language) for part in value]
    return value


def _is_table(collection: str) -> bool:
    return collection.endswith("_ratings")


def _table(ratings: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    return [
        {"criterion": criterion, "subject": subject, "rating": rating}
        for criterion, row in ratings.items()
        for subject, rating in row.items()
    ]


def _identified(example: str, collection: str, value: Any) -> Any:
    """The record or records with their permanent ids."""
    if isinstance(value, dict):
        return {"id": _id(example, collection), **value}
    return [
        {"id": _id(example, collection, _key(collection, record, place)), **record}
        for place, record in enumerate(value, start=1)
    ]


def _key(collection: str, record: Mapping[str, Any], place: int) -> str:
    if _is_table(collection):
        return f"{record['criterion']}/{record['subject']}"
    return str(record.get("number", place))


def _id(*parts: str) -> str:
    return uuid.uuid5(_NAMESPACE, "/".join(parts)).hex
