"""The content of the report: what it says, in which order, and that it never says more than is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args

import pytest

from openrecp.assessment.document import Assessment, assessment_from_data
from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.assessment.examples import example_assessment
from openrecp.assessment.spec import Kind, Layout, record_fields
from openrecp.assessment.worksheets.implementation import OptionPerformance, PerformanceLine
from openrecp.assessment.worksheets.registry import blocks_by_collection
from openrecp.assessment.worksheets.terms import OptionTerms
from openrecp.economics.conventions import Mode
from openrecp.errors import Severity, Where, problem
from openrecp.figures import Figure
from openrecp.reports.blocks import (
    Bullets,
    Callout,
    KeyFigures,
    Paragraph,
    Picture,
    Report,
    Section,
    Steps,
    Table,
)
from openrecp.reports.charts.specs import Chart
from openrecp.reports.content import build_report
from openrecp.reports.docx import write_docx
from openrecp.reports.html import write_html
from openrecp.reports.pages import SetTable
from openrecp.reports.pdf import write_pdf
from openrecp.reports.typesetting import set_report
from openrecp.reports.xlsx import write_xlsx
from openrecp.texts import LANGUAGES, Language, render

PLANTS = ("metal-finishing", "small-plant")
EVERY = pytest.mark.parametrize(
    ("plant", "language"), [(plant, language) for plant in PLANTS for language in LANGUAGES]
)


@cache
def evaluated(plant: str, language: Language, mode: Mode = Mode.TEXTBOOK) -> Evaluation:
    return evaluate(example_assessment(plant, language), mode=mode)


def reported(plant: str, language: Language, mode: Mode = Mode.TEXTBOOK) -> Report:
    return build_report(evaluated(plant, language, mode), language)


def headings(report: Report) -> list[str]:
    return [section.heading for section in set_report(report).sections]


def words_of(item: Any) -> Iterator[str]:
    """Every rendered word of a report that is set, the figures behind them left aside."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, (list, tuple)):
        for each in item:
            yield from words_of(each)
    elif is_dataclass(item) and not isinstance(item, (Figure, *get_args(Chart))):
        for field in fields(item):
            if field.name not in {"id", "figure", "kind", "style", "align", "language", "value"}:
                yield from words_of(getattr(item, field.name))


def table(report: Report, key: str) -> SetTable:
    for section in set_report(report).sections:
        for block in section.blocks:
            if isinstance(block, SetTable) and block.id == key:
                return block
    raise AssertionError(f"no table {key}")


def rows(found: SetTable) -> list[list[str]]:
    return [[cell.words for cell in row.cells] for row in found.rows]


def keyed(sections: tuple[Section, ...], key: str) -> Section | None:
    return next((section for section in sections if section.key == key), None)


@EVERY
def test_all_four_writers_accept_it(plant: str, language: Language) -> None:
    report = reported(plant, language)
    assert write_pdf(report).startswith(b"%PDF")
    assert write_docx(report).startswith(b"PK")
    assert write_xlsx(report).startswith(b"PK")
    assert b"<html" in write_html(report)[:2000]


@EVERY
def test_nothing_is_left_unsaid_or_empty(plant: str, language: Language) -> None:
    page = set_report(reported(plant, language))
    # In English “None” may be what somebody entered.
    holes = re.compile(r"\bnan\b|\{\w+\}|\w\(\w+=" + ("" if language == "en" else "|None"))
    for words in words_of(page):
        assert not holes.search(words), words
    for section, following in zip(page.sections, [*page.sections[1:], None], strict=True):
        deeper = following is not None and following.level > section.level
        assert section.blocks or deeper, f"the heading {section.heading} stands alone"


@EVERY
def test_places_are_named_in_words_never_by_their_path(plant: str, language: Language) -> None:
    paths = re.compile("|".join(rf"\b{name}(\[|\.[a-z_]+\b)" for name in blocks_by_collection()))
    for words in words_of(set_report(reported(plant, language))):
        assert not paths.search(words), words


@pytest.mark.parametrize("plant", PLANTS)
def test_the_chinese_report_has_no_english_sentence(plant: str) -> None:
    names = ("Waste Minimization Opportunity", "Peters and Timmerhaus")
    for words in words_of(set_report(reported(plant, "zh-hant"))):
        if not any(name in words for name in names):
            assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", words), words


@pytest.mark.parametrize("plant", PLANTS)
def test_the_chinese_report_names_currencies_and_times_in_words(plant: str) -> None:
    codes = re.compile(r"\d (TWD|USD)\b|\d [\w³²]+/(yr|month|d)\b")
    for words in words_of(set_report(reported(plant, "zh-hant"))):
        assert not codes.search(words), words


@EVERY
def test_payback_stands_before_every_other_measure(plant: str, language: Language) -> None:
    payback, npv = {"en": ("Payback", "Net present value"), "zh-hant": ("回收期", "淨現值")}[language]
    seen = 0
    for section in set_report(reported(plant, language)).sections:
        for block in section.blocks:
            if isinstance(block, SetTable):
                headers = [column.header for column in block.columns]
                if payback in headers:
                    seen += 1
                    assert headers.index(payback) < headers.index(npv)
                    if block.id in {"first", "profit"}:
                        assert headers.index(payback) == 1
    assert seen >= 3


def test_the_first_page_names_the_three_things_of_appendix_3() -> None:
    report = reported("metal-finishing", "en")
    first = rows(table(report, "first"))
    assert [line[0].split()[0] for line in first[:3]] == ["O13", "O4", "O6"]
    assert [line[1] for line in first[1:3]] == ["0.35", "1.04"]
    assert [line[2] for line in first[1:3]] == ["5,000", "11,700"]
    summary = report.sections[0]
    assert not summary.numbered
    steps = [block for block in summary.blocks if isinstance(block, Steps)]
    assert 1 <= len(steps[0].steps) <= 4
    assert any(isinstance(block, KeyFigures) for block in summary.blocks)


def test_the_total_counts_a_part_only_once() -> None:
    first = rows(table(reported("metal-finishing", "en"), "first"))
    assert first[-1][2] == "11,700"


@EVERY
def test_every_option_has_a_fate_and_a_reason(plant: str, language: Language) -> None:
    evaluation = evaluated(plant, language)
    lines = rows(table(build_report(evaluation, language), "option-table"))
    named = {line[0].split()[0]: line[-1] for line in lines if len(line) > 1}
    assert set(named) == {option.number for option in evaluation.options}
    assert all(named.values())


def test_the_five_points_of_section_4_3_are_there_for_each_option_that_goes_ahead() -> None:
    report = reported("metal-finishing", "en")
    questions = [line[0] for line in rows(table(report, "technical-1"))]
    assert questions[:5] == [
        "Is the technique established, with successful examples?",
        "Which resources are needed, and how are they obtained?",
        "How long does construction take?",
        "How long does production stop?",
        "How will the result be judged?",
    ]


@pytest.mark.parametrize("plant", PLANTS)
def test_every_kind_of_picture_is_drawn(plant: str) -> None:
    kinds = {
        type(block.chart).__name__
        for section in reported(plant, "en").sections
        for block in section.blocks
        if isinstance(block, Picture)
    }
    assert kinds >= {"RankedBars", "ScreeningMatrix", "CashFlowBars", "Tornado", "MonthPlan", "SpreadBars"}


@EVERY
def test_every_entry_stands_in_the_appendix(plant: str, language: Language) -> None:
    evaluation = evaluated(plant, language)
    page = set_report(build_report(evaluation, language))
    printed = "\n".join(words_of(page))
    for collection, block in blocks_by_collection().items():
        if block.layout is Layout.MATRIX:
            continue  # standard criteria stand there by their names, not by their codes
        for record in evaluation.assessment.records(collection):
            for field in record_fields(block.record):
                value = getattr(record, field.name)
                if value and field.kind in {Kind.WORDS, Kind.CODE, Kind.CHOICE, Kind.DATE}:
                    assert render(value, language) in printed, f"{collection}.{field.name}: {value}"


def test_a_simplified_assessment_gives_a_shorter_report() -> None:
    short, full = reported("small-plant", "en"), reported("metal-finishing", "en")
    assert len([s for s in short.sections if s.level == 1]) <= len([s for s in full.sections if s.level == 1])
    assert not any("Worksheet 13" in heading for heading in headings(short))
    with pytest.raises(AssertionError):
        table(short, "technical-1")
    assert len(rows(table(short, "takes"))) == 7


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("simplified", [False, True])
def test_an_empty_assessment_says_what_is_missing(language: Language, simplified: bool) -> None:
    report = build_report(evaluate(Assessment(simplified=simplified)), language)
    page = set_report(report)
    assert len(page.sections) <= 8
    missing = {"en": "Describe each waste stream", "zh-hant": "逐一說明廢棄物源流"}[language]
    assert any(missing in words for words in words_of(page))
    assert write_pdf(report).startswith(b"%PDF")


def test_the_difference_of_conventions_is_explained_only_where_both_are_shown() -> None:
    heading = "Why these figures differ from the textbook's"
    assert heading in headings(reported("metal-finishing", "en", Mode.EPA_1988))
    assert heading not in headings(reported("metal-finishing", "en"))


def test_legal_necessity_is_said_where_it_overrides_profit() -> None:
    document = example_assessment("metal-finishing", "en")
    term = OptionTerms(option="O11", required_by_law=True, law="Water Pollution Control Act, article 7")
    lawful = document.model_copy(update={"option_terms": (term,)})
    page = set_report(build_report(evaluate(lawful), "en"))
    said = "O11 Spray rinses is required by law (Water Pollution Control Act, article 7) and has to be carried out"
    assert any(said in words for words in words_of(page))


def test_findings_of_the_reading_are_listed_with_their_cell() -> None:
    issue = problem(
        "number-is-limit",
        "“{found}” is a limit, not a value.",
        where=Where(sheet="8", cell="C12"),
        severity=Severity.WARNING,
        found="<5",
    )
    report = build_report(evaluated("small-plant", "en"), "en", reading_issues=(issue,))
    assert ["8 · C12", "“<5” is a limit, not a value."] in rows(table(report, "findings-warning"))


def test_cover_words_come_from_the_caller_before_the_document() -> None:
    evaluation = evaluated("small-plant", "en")
    assert build_report(evaluation, "en", firm="Imaginary Advisers").firm == "Imaginary Advisers"
    assert build_report(evaluation, "en").firm == evaluation.assessment.cover.prepared_by


def test_two_options_with_the_same_number_do_not_break_the_report() -> None:
    document = example_assessment("metal-finishing", "en")
    double = document.options[0].model_copy(update={"id": "0123456789abcdef"})
    twice = document.model_copy(update={"options": (*document.options, double)})
    assert set_report(build_report(evaluate(twice), "en")).sections


def test_sections_without_data_are_left_out() -> None:
    document = example_assessment("metal-finishing", "en")
    bare = document.model_copy(
        update={"plan_tasks": (), "option_criteria": (), "option_ratings": (), "projects": (), "flows": ()}
    )
    report = build_report(evaluate(bare), "en")
    assert keyed(report.sections, "projects-section") is None
    assert keyed(report.sections, "measurement-section") is None
    pictures = [b.key for s in report.sections for b in s.blocks if isinstance(b, (Picture, Table))]
    assert "month-plan" not in pictures
    assert "option-matrix" not in pictures
    assert set_report(report).sections


def test_results_achieved_are_compared_per_unit_of_production() -> None:
    document = example_assessment("metal-finishing", "en")
    periods = OptionPerformance.model_validate(
        {
            "option": "O4",
            "baseline_production": "100 t",
            "planned_production": "100 t",
            "actual_production": "80 t",
            "basis": "measured",
        }
    )
    line = PerformanceLine.model_validate(
        {
            "option": "O4",
            "kind": "waste",
            "stream": "W1",
            "baseline": "300 m³",
            "planned": "200 m³",
            "actual": "180 m³",
        }
    )
    achieved = document.model_copy(update={"performance": (periods,), "performance_lines": (line,)})
    report = build_report(evaluate(achieved), "en")
    lines = rows(table(report, "performance-1"))
    assert lines[0][0] == "Production volume"
    # 300 m³ for 100 t against 180 m³ for 80 t: 3 and 2.25 m³/t, a quarter less.
    assert lines[1][-1] == "25.0"
    assert any("went down by 25.0\u00a0%" in words for words in words_of(set_report(report)))
    assert "What has been achieved" in headings(report)
    assert "What has been achieved" not in headings(reported("metal-finishing", "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_decisions_name_who_takes_them_and_stay_few(language: Language) -> None:
    document = example_assessment("small-plant", language)
    waiting = tuple(project.model_copy(update={"approved": None}) for project in document.projects)
    report = build_report(evaluate(document.model_copy(update={"projects": waiting})), language)
    (decisions,) = [
        block
        for block in report.sections[0].blocks
        if isinstance(block, Callout) and block.kind == "decision"
    ]
    (bullets,) = decisions.blocks
    assert isinstance(bullets, Bullets)
    assert 2 <= len(bullets.items) <= 5
    approver = next(project.approved_by for project in waiting if project.option == "O1")
    assert any(approver and approver in words for words in words_of(set_report(report).sections[0]))


def test_only_the_options_that_matter_most_are_drawn() -> None:
    numbers = [f"O{each}" for each in range(1, 16)]
    document = assessment_from_data(
        {
            "options": [{"number": number, "name": f"Option {number}"} for number in numbers],
            "capital_costs": [
                {"option": number, "item": "equipment", "amount": "1000 TWD"} for number in numbers
            ],
            "operating_changes": [
                {"option": number, "item": "raw-materials", "gain": f"{100 + 40 * index} TWD"}
                for index, number in enumerate(numbers)
            ],
        }
    )
    sections = build_report(evaluate(document), "en").sections
    pictures = [block for section in sections for block in section.blocks if isinstance(block, Picture)]
    drawn = {picture.key for picture in pictures if picture.key.startswith("tornado-")}
    assert len(drawn) == 12
    assert "tornado-15" in drawn
    assert "tornado-1" not in drawn
    words = "\n".join(
        str(run.content)
        for section in sections
        for block in section.blocks
        if isinstance(block, Paragraph)
        for run in block.runs
    )
    assert "drawn for 12 options" in words
