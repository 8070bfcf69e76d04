"""Builds the whole report from an evaluation, once for all writers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from openrecp.assessment.evaluation.plant_balance import balance_in
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.assessment.worksheets.planning import Confidentiality
from openrecp.errors import Issue
from openrecp.reports.blocks import PageBreak, Report, Section, TableOfContents, Words
from openrecp.reports.content.calculations import calculation_sections
from openrecp.reports.content.choosing import is_simplified, to_carry_out
from openrecp.reports.content.conclusion import conclusion_sections
from openrecp.reports.content.economics import economics_sections
from openrecp.reports.content.feasibility import feasibility_sections
from openrecp.reports.content.findings import finding_section
from openrecp.reports.content.implementation import implementation_sections
from openrecp.reports.content.inputs import input_sections
from openrecp.reports.content.method import method_section
from openrecp.reports.content.options import option_sections
from openrecp.reports.content.performance import performance_sections
from openrecp.reports.content.plant import plant_sections
from openrecp.reports.content.reconciled import reconciled_sections
from openrecp.reports.content.shop_floor import shop_floor_sections
from openrecp.reports.content.streams import stream_sections
from openrecp.reports.content.summary import summary_section
from openrecp.texts import Language, Text, text


def build_report(
    evaluation: Evaluation,
    language: Language,
    *,
    logo: bytes | None = None,
    firm: str | None = None,
    day: date | None = None,
    reading_issues: Sequence[Issue] = (),
) -> Report:
    """The report of an assessment: one page for management, one for the shop floor, then the evidence.

    Parameters
    ----------
    evaluation : Evaluation
    language : Language
        ``en`` or ``zh-hant``.
    logo : bytes, optional
        PNG, JPEG or SVG of the adviser.
    firm : str, optional
        Who writes the report; otherwise whoever prepared the assessment.
    day : date, optional
        Date of the report; otherwise that of the assessment.
    reading_issues : sequence of Issue, optional
        What was found while the workbook was read; listed with the findings of the evaluation.

    References
    ----------
    工業減廢評估, 經濟部工業局, 1993, section 4.3 (what a final report has to say).
    """
    cover = evaluation.assessment.cover
    evaluation = replace(evaluation, balance=balance_in(evaluation, language))
    return Report(
        title=text("Waste reduction assessment report"),
        subtitle=_subtitle(evaluation),
        plant=_plant(evaluation),
        firm=firm or cover.prepared_by or "",
        day=day or evaluation.evaluated_on,
        mark=_mark(cover.confidentiality),
        logo=logo,
        language=language,
        sections=_body(evaluation, language),
        appendices=_appendices(evaluation, language, (*reading_issues, *evaluation.issues)),
        details=_details(evaluation),
    )


def _body(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    summary = summary_section(evaluation, language)
    opening: tuple[Section, ...] = (summary,)
    if to_carry_out(evaluation):
        opening = (summary, *shop_floor_sections(evaluation, language))
    else:
        opening = (replace(summary, blocks=(*summary.blocks, PageBreak(), TableOfContents())),)
    return (
        *opening,
        *plant_sections(evaluation, language),
        *stream_sections(evaluation, language),
        *option_sections(evaluation, language),
        *feasibility_sections(evaluation, language),
        *economics_sections(evaluation, language),
        *implementation_sections(evaluation, language),
        *performance_sections(evaluation, language),
        *conclusion_sections(evaluation, language),
    )


def _appendices(evaluation: Evaluation, language: Language, issues: Sequence[Issue]) -> tuple[Section, ...]:
    return (
        *input_sections(evaluation),
        finding_section(issues),
        *calculation_sections(evaluation, language),
        *reconciled_sections(evaluation.balance),
        method_section(evaluation),
    )


def _subtitle(evaluation: Evaluation) -> Text:
    if is_simplified(evaluation):
        return text("Simplified assessment: findings, options and plan")
    return text("Findings, options and plan")


def _plant(evaluation: Evaluation) -> Words:
    cover = evaluation.assessment.cover
    if cover.firm and cover.plant:
        return text("{firm}, {plant}", firm=cover.firm, plant=cover.plant)
    return cover.firm or cover.plant or text("Unnamed plant")


def _mark(confidentiality: Confidentiality | None) -> Words:
    if confidentiality is None or confidentiality is Confidentiality.NONE:
        return ""
    return confidentiality.label


def _details(evaluation: Evaluation) -> tuple[tuple[Words, Words], ...]:
    cover = evaluation.assessment.cover
    details: list[tuple[Words, Words]] = []
    if cover.project_number:
        details.append((text("Project number"), cover.project_number))
    if cover.period_start and cover.period_end:
        period = text("{start} to {end}", start=cover.period_start, end=cover.period_end)
        details.append((text("Baseline period"), period))
    if cover.reviewed_by:
        details.append((text("Reviewed by"), cover.reviewed_by))
    details.append((text("Currency"), cover.currency.label))
    return tuple(details)
