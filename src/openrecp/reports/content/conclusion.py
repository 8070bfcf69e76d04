"""Conclusion: costs and benefits in one sentence each, and the benefits that no figure shows.

Benefits for the environment, the employees and the community are named only where the assessment
names them (section 4.3 of the manual asks for them; nothing is claimed here that nobody wrote).
"""

from __future__ import annotations

from openrecp.assessment.evaluation.option_results import OptionResult
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.reports.blocks import Block, Cell, Column, Row, Section, Table, Words
from openrecp.reports.content.choosing import project_of, to_carry_out
from openrecp.reports.content.phrases import bare, known, option_name, running
from openrecp.texts import Language, Text, text


def conclusion_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """The closing section; none if nothing is to be carried out."""
    chosen = to_carry_out(evaluation)
    if not chosen:
        return ()
    blocks: list[Block] = [_balance(evaluation, language)]
    rows = [
        Row((option_name(option), said))
        for option in chosen
        if (said := _benefits(evaluation, option, language))
    ]
    if rows:
        columns = (Column(text("Option"), share=1.4), Column(text("Benefits named by the team"), share=3))
        blocks.append(Table(text("Benefits that no payback shows"), columns, tuple(rows), key="benefits"))
    return (Section(text("Conclusion"), tuple(blocks), key="conclusion"),)


def _balance(evaluation: Evaluation, language: Language) -> Block:
    together, cost = evaluation.selected, evaluation.stream_totals.total_cost
    sentences: list[Text | None] = []
    if together is not None and known(together.net_saving) and known(together.capital):
        sentences.append(
            text(
                "The plant can save {saving} a year with {capital} of capital.",
                saving=together.net_saving,
                capital=together.capital,
            )
        )
        if known(cost):
            sentences.append(text("Its waste costs {cost} a year today.", cost=cost))
    sentences.append(
        text(
            "Waste reduction is not done once: repeat the assessment every year, and when materials, products, laws "
            "or disposal costs change."
        )
    )
    return running(language, *sentences, style="lead")


def _benefits(evaluation: Evaluation, option: OptionResult, language: Language) -> Cell:
    """What the project and the screening say of its benefits; empty where they say nothing."""
    project, screening = project_of(evaluation, option), option.screening.record
    parts: list[Words] = []
    if project is not None and project.benefits and project is option.project:
        parts.append(bare(project.benefits))
    if screening is not None and screening.other_benefits:
        parts.append(bare(screening.other_benefits))
    if screening is not None and screening.main_benefits:
        parts.append(
            text("Main benefits: {benefits}", benefits=[each.label for each in screening.main_benefits])
        )
    if not parts:
        return ""
    values = {f"part{index}": part for index, part in enumerate(parts)}
    return Text(("；" if language == "zh-hant" else "; ").join(f"{{{name}}}" for name in values), values)
