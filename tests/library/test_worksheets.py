"""The worksheets: what people look for by its label is found again, in both languages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

import pytest

from openrecp.assessment.document import (
    COLLECTIONS,
    Assessment,
    assessment_from_json,
    assessment_schema,
    assessment_to_json,
)
from openrecp.assessment.spec import Block, Kind, Layout, Phase, Record, Worksheet, record_fields
from openrecp.assessment.workbook.layout import (
    SHEET_NAME_LIMIT,
    has_unit_cell,
    label_key,
    sheet_name,
    unit_label,
    value_label,
)
from openrecp.assessment.worksheets.costs import CapitalItem, CapitalPart, capital_part
from openrecp.assessment.worksheets.registry import (
    COVER,
    FULL,
    SIMPLIFIED,
    blocks_by_collection,
    worksheet_of,
)
from openrecp.texts import LANGUAGES, Choice, Language, render
from openrecp.units import parse_unit

SETS: tuple[tuple[Worksheet, ...], ...] = ((COVER, *FULL), (COVER, *SIMPLIFIED))
BLOCKS = sorted(blocks_by_collection().items())
RECORDS = {block.record for _, block in BLOCKS}

every_block = pytest.mark.parametrize(
    "block", [block for _, block in BLOCKS], ids=[name for name, _ in BLOCKS]
)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def repeated(words: Iterable[str]) -> list[str]:
    return [each for each, count in Counter(words).items() if count > 1]


def choice_types() -> list[type[Choice]]:
    found = {
        field.choices for record in RECORDS for field in record_fields(record) if field.choices is not None
    }
    return sorted({*found, Phase, CapitalPart}, key=lambda choices: choices.__name__)


@every_block
@every_language
def test_no_two_labels_of_a_block_are_taken_for_each_other(block: Block, language: Language) -> None:
    keys = []
    for field in record_fields(block.record):
        keys.append(label_key(value_label(field, language)))
        if has_unit_cell(field):
            keys.append(label_key(unit_label(field, language)))
    assert repeated(keys) == []
    assert "" not in keys


@every_block
def test_labels_of_one_language_never_name_another_field_in_the_other(block: Block) -> None:
    owners: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for field in record_fields(block.record):
            owners.setdefault(label_key(value_label(field, language)), set()).add(field.name)
    assert {key: names for key, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    "block",
    [block for _, block in BLOCKS if block.layout in {Layout.COLUMNS, Layout.FORM}],
    ids=lambda block: block.collection,
)
def test_a_title_above_a_column_of_labels_is_none_of_them(block: Block) -> None:
    for language in LANGUAGES:
        labels = {label_key(value_label(field, language)) for field in record_fields(block.record)}
        assert label_key(render(block.title, language)) not in labels


@pytest.mark.parametrize("choices", choice_types(), ids=lambda choices: choices.__name__)
@every_language
def test_answers_of_one_question_differ(choices: type[Choice], language: Language) -> None:
    assert repeated(label_key(render(member, language)) for member in choices) == []


@pytest.mark.parametrize("worksheets", SETS, ids=["full", "simplified"])
@every_language
def test_titles_and_sheet_names_are_unique_in_a_set(
    worksheets: tuple[Worksheet, ...], language: Language
) -> None:
    names = [sheet_name(sheet, language) for sheet in worksheets]
    assert repeated(label_key(render(sheet.title, language)) for sheet in worksheets) == []
    assert repeated(name.casefold() for name in names) == []
    assert all(0 < len(name) <= SHEET_NAME_LIMIT for name in names)
    blocks = [block for sheet in worksheets for block in sheet.blocks]
    assert repeated(label_key(render(block.title, language)) for block in blocks) == []
    assert repeated(block.collection for block in blocks) == []


def test_every_sheet_name_shows_its_whole_title() -> None:
    for sheet in (COVER, *FULL, *SIMPLIFIED):
        for language in LANGUAGES:
            assert sheet_name(sheet, language).endswith(render(sheet.title, language))


@every_block
def test_every_field_is_labelled_and_of_a_known_kind(block: Block) -> None:
    fields = record_fields(block.record)
    assert {field.name for field in fields} == set(block.record.model_fields) - {"id"}
    for field in fields:
        assert field.kind in Kind
        assert (field.choices is not None) == (field.kind in {Kind.CHOICE, Kind.CHOICES})
        for language in LANGUAGES:
            assert render(field.spec.label, language)
        assert bool(field.spec.units) or field.kind not in {Kind.QUANTITY, Kind.PRICE}
        assert field.spec.refers_to is None or field.spec.refers_to in COLLECTIONS


@every_block
def test_every_message_of_a_block_is_translated(block: Block) -> None:
    for field in record_fields(block.record):
        messages = [field.spec.label, field.spec.help, field.spec.section]
        messages += [member.label for member in field.choices or ()]
        for message in messages:
            if message is not None and message.message != "pH":
                assert render(message, "zh-hant") != render(message, "en"), message.message


def test_every_unit_offered_is_known() -> None:
    for record in RECORDS:
        for field in record_fields(record):
            if field.kind in {Kind.QUANTITY, Kind.PRICE}:
                for unit in field.spec.units:
                    assert parse_unit(unit).symbol, (record.__name__, field.name, unit)


def test_every_collection_has_a_block_and_a_worksheet() -> None:
    shown = {block.collection for sheet in (COVER, *FULL) for block in sheet.blocks}
    rated = {block.ratings for sheet in (COVER, *FULL) for block in sheet.blocks if block.ratings}
    assert shown | rated == set(COLLECTIONS)
    assert all(worksheet_of(collection) in (COVER, *FULL) for collection in COLLECTIONS)


def test_the_sets_are_those_of_the_manual() -> None:
    assert [sheet.number for sheet in FULL] == [str(number) for number in range(1, 19)]
    assert [sheet.number for sheet in SIMPLIFIED] == [f"S{number}" for number in range(1, 9)]
    full_numbers = {sheet.number for sheet in FULL}
    assert all(set(sheet.full) <= full_numbers and sheet.full for sheet in SIMPLIFIED)
    assert all(sheet.simplified for sheet in SIMPLIFIED)
    assert not any(sheet.simplified for sheet in FULL)


def test_simplified_worksheets_show_some_of_each_block_they_carry() -> None:
    for sheet in SIMPLIFIED:
        for block in sheet.blocks:
            assert any(field.spec.simplified for field in record_fields(block.record)), (sheet.number, block)


@every_block
def test_a_form_is_a_single_record_and_a_table_is_not(block: Block) -> None:
    value = getattr(Assessment(), block.collection)
    assert isinstance(value, Record) == (block.layout is Layout.FORM)
    assert (block.layout is Layout.MATRIX) == (block.ratings is not None)


def test_every_capital_item_belongs_to_a_part() -> None:
    parts = {item: capital_part(item) for item in CapitalItem}
    assert set(parts.values()) == set(CapitalPart)
    assert parts[CapitalItem.PROCUREMENT] is CapitalPart.ENGINEERING
    assert parts[CapitalItem.UTILITY_STEAM] is CapitalPart.UTILITIES
    assert parts[CapitalItem.OTHER] is CapitalPart.OTHER_EQUIPMENT


def test_schema_describes_every_field() -> None:
    schema = assessment_schema()
    json.dumps(schema)
    stream = schema["$defs"]["WasteStream"]["properties"]
    assert stream["flash_point"]["title"] == "Flash point"
    assert stream["generation"]["x-units"][0] == "t/month"
    assert schema["$defs"]["WasteStream"]["additionalProperties"] is False


def test_json_keeps_an_assessment_as_entered() -> None:
    given = {
        "cover": {"id": "cover", "firm": "範例工廠", "currency": "TWD"},
        "waste_streams": [
            {"id": "w001", "number": "W1", "generation": "1.50 公噸/月", "management_cost": "12000 TWD"}
        ],
        "trials": [{"id": "t001", "option": "O1", "planned_on": "2026-03-05"}],
    }
    assessment = assessment_from_json(json.dumps(given))
    stream = assessment.waste_streams[0]
    assert str(stream.generation) == "1.5 公噸/月"
    assert stream.management_cost is not None
    assert stream.management_cost.minor == 1_200_000
    assert assessment_from_json(assessment_to_json(assessment)) == assessment
