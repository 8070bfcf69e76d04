"""Checks that follow from the annotations of the worksheets alone: what is missing, doubled, out of its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from openrecp.assessment.document import COLLECTIONS, Assessment
from openrecp.assessment.evaluation.places import is_form, keyed, place
from openrecp.assessment.evaluation.purchases import has_store
from openrecp.assessment.evaluation.quantities import dimensions
from openrecp.assessment.spec import (
    Currency,
    Kind,
    Money,
    Quantity,
    Record,
    RecordField,
    UnitPrice,
    record_fields,
)
from openrecp.assessment.worksheets.materials import InputMaterial
from openrecp.assessment.worksheets.registry import FULL, SIMPLIFIED, blocks_by_collection, worksheet_of
from openrecp.assessment.worksheets.streams import Rating
from openrecp.errors import Issue, Severity, UnitError, Where, problem
from openrecp.texts import Text, text
from openrecp.units import dimension_name, parse_unit

# What is rated by the ratings of each collection: criteria, subjects.
RATINGS: Final = {
    "stream_ratings": ("stream_criteria", "waste_streams"),
    "option_ratings": ("option_criteria", "options"),
}
# Collections with one record for an option; a second one would contradict the first.
ONE_PER_OPTION: Final = (
    "option_descriptions",
    "option_screenings",
    "technical_feasibility",
    "option_terms",
    "projects",
    "performance",
)


def field_issues(assessment: Assessment) -> Iterator[Issue]:
    """Every finding about single fields and numbers, in the order of the document."""
    if not is_begun(assessment, "waste_streams") and not is_begun(assessment, "options"):
        yield problem(
            "nothing-entered",
            "There are neither waste streams nor options yet, so there is nothing to evaluate; begin with these.",
            where=place("waste_streams"),
            severity=Severity.WARNING,
        )
    for collection in COLLECTIONS:
        if not is_begun(assessment, collection):
            continue
        yield from _doubled_numbers(assessment, collection)
        for key, record in keyed(assessment.records(collection)):
            about = subject(assessment, collection, key)
            for field in record_fields(type(record)):
                value = getattr(record, field.name)
                where = place(collection, None if is_form(assessment, collection) else key, field.name)
                if (value is None or value == ()) and not _follows(record, field.name):
                    yield from _missing(assessment, field, about, where)
                elif value is not None and value != ():
                    yield from _limits(field, value, about, where)
                    yield from _unit(field, value, about, where)
                    yield from _references(assessment, field, value, about, where)
    yield from _rating_references(assessment)
    yield from _doubled_records(assessment)
    yield from _empty_worksheets(assessment)


def subject(assessment: Assessment, collection: str, key: str) -> str | Text:
    """How a finding names a record: by its number, or by the table and the row it stands in."""
    sheet = worksheet_of(collection)
    block = blocks_by_collection().get(collection)
    title = sheet.title if block is None else block.title
    if is_form(assessment, collection):
        return title
    return text("{table}, record {row}", table=title, row=int(key[1:])) if key.startswith("#") else key


def is_begun(assessment: Assessment, collection: str) -> bool:
    """Whether anything was entered there; the currency has a value from the start and does not count."""
    return any(
        value is not None and value != () and not isinstance(value, Currency)
        for record in assessment.records(collection)
        for value in (getattr(record, field.name) for field in record_fields(type(record)))
    )


def _follows(record: Record, field: str) -> bool:
    """Whether a field may stay empty because it follows from others: what was used, from purchases and stock."""
    return field == "consumption" and isinstance(record, InputMaterial) and has_store(record)


def _missing(assessment: Assessment, field: RecordField, about: str | Text, where: Where) -> Iterator[Issue]:
    if not field.spec.required or (assessment.simplified and not field.spec.simplified):
        return
    if field.kind is Kind.CODE:
        yield problem(
            "number-missing",
            "{about}: “{field}” is missing, so this record cannot be counted; enter the number.",
            where=where,
            about=about,
            field=field.spec.label,
        )
    else:
        yield problem(
            "required-missing",
            "{about}: “{field}” is not filled in.",
            where=where,
            severity=Severity.WARNING,
            about=about,
            field=field.spec.label,
        )


def _limits(field: RecordField, value: Any, about: str | Text, where: Where) -> Iterator[Issue]:
    number = _number(value)
    if number is None:
        return
    low, high = field.spec.minimum, field.spec.maximum
    if low is not None and high is not None and not low <= number <= high:
        yield problem(
            "out-of-limits",
            "{about}: “{field}” is {found}; it must lie between {low} and {high}.",
            where=where,
            about=about,
            field=field.spec.label,
            found=number,
            low=low,
            high=high,
        )
    elif low is not None and number < low:
        yield problem(
            "out-of-limits",
            "{about}: “{field}” is {found}; it cannot be below {low}.",
            where=where,
            about=about,
            field=field.spec.label,
            found=number,
            low=low,
        )
    elif high is not None and number > high:
        yield problem(
            "out-of-limits",
            "{about}: “{field}” is {found}; it cannot be above {high}.",
            where=where,
            about=about,
            field=field.spec.label,
            found=number,
            high=high,
        )


def _number(value: Any) -> Decimal | int | None:
    if isinstance(value, Quantity):
        return value.value
    if isinstance(value, (Money, UnitPrice)):
        return value.amount
    return value if isinstance(value, (Decimal, int)) and not isinstance(value, bool) else None


def _unit(field: RecordField, value: Any, about: str | Text, where: Where) -> Iterator[Issue]:
    if isinstance(value, Quantity):
        written = value.unit
    elif isinstance(value, UnitPrice):
        written = value.per
    else:
        return
    try:
        unit = parse_unit(written)
    except UnitError as error:
        yield from (issue.at(where) for issue in error.issues)
        return
    if field.spec.units and unit.dimension not in dimensions(field.spec.units):
        yield problem(
            "unit-dimension",
            "{about}: the unit “{found}” of “{field}” measures {measured}; "
            "enter the amount in a unit such as {expected}.",
            where=where,
            about=about,
            field=field.spec.label,
            found=written,
            measured=dimension_name(unit),
            expected=list(field.spec.units[:3]),
        )


def numbers(assessment: Assessment, collection: str) -> frozenset[str]:
    """The numbers a collection has."""
    found = (getattr(record, "number", None) for record in assessment.records(collection))
    return frozenset(number for number in found if number)


def _references(
    assessment: Assessment, field: RecordField, value: Any, about: str | Text, where: Where
) -> Iterator[Issue]:
    target = field.spec.refers_to
    if target is None:
        return
    known = numbers(assessment, target)
    for number in value if isinstance(value, tuple) else (value,):
        if number not in known:
            yield _unknown(about, field.spec.label, number, target, where)


def _unknown(about: str | Text, label: Text, number: str, target: str, where: Where) -> Issue:
    return problem(
        "reference-unknown",
        "{about}: “{field}” names {number}, which “{table}” does not have; correct the number or add the record.",
        where=where,
        about=about,
        field=label,
        number=number,
        table=blocks_by_collection()[target].title,
    )


def _rating_references(assessment: Assessment) -> Iterator[Issue]:
    labels = {field.name: field.spec.label for field in record_fields(Rating)}
    for collection, (criteria, subjects) in RATINGS.items():
        known = {"criterion": numbers(assessment, criteria), "subject": numbers(assessment, subjects)}
        targets = {"criterion": criteria, "subject": subjects}
        seen: set[tuple[str, str]] = set()
        for key, record in keyed(assessment.records(collection)):
            about = subject(assessment, collection, key)
            for name, numbers_known in known.items():
                number = getattr(record, name)
                if number and number not in numbers_known:
                    where = place(collection, key, name)
                    yield _unknown(about, labels[name], number, targets[name], where)
            pair = (getattr(record, "criterion", None) or "", getattr(record, "subject", None) or "")
            if all(pair) and pair in seen:
                yield problem(
                    "rating-twice",
                    "{about}: {subject} is rated twice by {criterion}; the first rating counts, remove the other.",
                    where=place(collection, key, "rating"),
                    severity=Severity.WARNING,
                    about=about,
                    subject=pair[1],
                    criterion=pair[0],
                )
            seen.add(pair)


def _doubled_numbers(assessment: Assessment, collection: str) -> Iterator[Issue]:
    records = assessment.records(collection)
    count = Counter(getattr(record, "number", None) for record in records)
    for key, record in keyed(assessment.records(collection)):
        number = getattr(record, "number", None)
        if number and count[number] > 1:
            yield problem(
                "number-twice",
                "{about}: the number {number} stands more than once; give each record its own number.",
                where=place(collection, key, "number"),
                about=subject(assessment, collection, key),
                number=number,
            )


def _doubled_records(assessment: Assessment) -> Iterator[Issue]:
    for collection in ONE_PER_OPTION:
        seen: set[str] = set()
        for key, record in keyed(assessment.records(collection)):
            option = getattr(record, "option", None)
            if option in seen:
                yield problem(
                    "record-twice",
                    "{about}: option {option} already has a record here; the first counts, join or remove the other.",
                    where=place(collection, key, "option"),
                    severity=Severity.WARNING,
                    about=subject(assessment, collection, key),
                    option=option,
                )
            elif option:
                seen.add(option)


def _empty_worksheets(assessment: Assessment) -> Iterator[Issue]:
    for sheet in SIMPLIFIED if assessment.simplified else FULL:
        collections = [block.collection for block in sheet.blocks]
        if collections and not any(is_begun(assessment, collection) for collection in collections):
            yield problem(
                "worksheet-empty",
                "Worksheet {number}, “{title}”, is empty.",
                where=place(collections[0]),
                severity=Severity.NOTE,
                number=sheet.number,
                title=sheet.title,
            )


def first_for_option(records: tuple[Any, ...], option: str) -> Any | None:
    """The record of a collection that is about an option; the first where there are several."""
    return next((record for record in records if record.option == option), None)


def known_records(assessment: Assessment, collection: str) -> list[tuple[str, Record]]:
    """Records with a number of their own, the first where a number stands twice."""
    found: dict[str, Record] = {}
    for record in assessment.records(collection):
        number = getattr(record, "number", None)
        if number:
            found.setdefault(number, record)
    return list(found.items())


def option_streams(assessment: Assessment, number: str) -> tuple[str, ...]:
    """Numbers of the streams an option reduces, from worksheets 10 and 11."""
    found: dict[str, None] = {}
    for option in assessment.options:
        if option.number == number:
            found.update(dict.fromkeys(option.streams))
    for description in assessment.option_descriptions:
        if description.option == number:
            found.update(dict.fromkeys(description.streams))
    return tuple(found)
