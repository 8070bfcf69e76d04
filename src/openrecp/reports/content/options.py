"""Options: where each stands in the hierarchy, what became of it and why, and how it was screened."""

from __future__ import annotations

from openrecp.assessment.evaluation.option_results import Answer, Fate, OptionResult
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.assessment.spec import record_fields
from openrecp.assessment.worksheets.options import Hierarchy, OptionScreening
from openrecp.reports.blocks import Block, Callout, Cell, Column, Row, Section, Table, group, paragraph
from openrecp.reports.content.matrices import matrix_picture
from openrecp.reports.content.phrases import bullets, joined, known, listed, named, option_name, running
from openrecp.texts import Language, Text, text

_SOURCE = frozenset({Hierarchy.PRACTICE, Hierarchy.TECHNOLOGY, Hierarchy.INPUT, Hierarchy.PRODUCT})
_MOST_REASONS = 3


def option_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """All options with their fate, the hierarchy, the screening; none if no option was proposed."""
    if not evaluation.options:
        return ()
    blocks: list[Block] = [_opening(evaluation, language), _option_table(evaluation, language)]
    blocks += _at_once(evaluation)
    sections = [Section(text("Options: what was kept and why"), tuple(blocks), key="options")]
    sections += [_hierarchy_section(evaluation, language)]
    sections += _screening_section(evaluation, language)
    return tuple(section for section in sections if section.blocks)


def _opening(evaluation: Evaluation, language: Language) -> Block:
    parts = [
        text("{fate}: {count}", fate=fate.label, count=len(options))
        for fate, options in evaluation.options_by_fate.items()
    ]
    return running(
        language,
        text("{count} options were proposed.", count=len(evaluation.options))
        if len(evaluation.options) > 1
        else text("One option was proposed."),
        text("What became of them: {parts}.", parts=parts),
        style="lead",
    )


def _option_table(evaluation: Evaluation, language: Language) -> Table:
    columns = (
        Column(text("Option"), share=1.7),
        Column(text("Place in the hierarchy"), share=1.2),
        Column(text("Waste stream"), share=0.75),
        Column(text("Why"), share=3),
    )
    rows: list[Row] = []
    for fate, options in evaluation.options_by_fate.items():
        rows.append(group(fate.label))
        rows += [Row(_cells(option, language)) for option in options]
    return Table(text("Every option, what became of it, and why"), columns, tuple(rows), key="option-table")


def _cells(option: OptionResult, language: Language) -> tuple[Cell, ...]:
    return (
        option_name(option),
        option.hierarchy,
        listed(language, option.streams),
        joined(language, option.reasons[:_MOST_REASONS]),
    )


def _at_once(evaluation: Evaluation) -> list[Block]:
    if not evaluation.immediate:
        return []
    said = text(
        "{options}: no capital is needed, so these go straight to implementation without further study.",
        options=[option_name(option) for option in evaluation.immediate],
    )
    return [Callout("finding", (paragraph(said),), text("Straight to implementation"))]


def _hierarchy_section(evaluation: Evaluation, language: Language) -> Section:
    placed = [option for option in evaluation.options if option.hierarchy is not None]
    if not placed:
        return Section(text("Place in the hierarchy"), (), level=2)
    source = [option for option in placed if option.hierarchy in _SOURCE]
    moving = [option_name(option) for option in evaluation.options if option.moves_medium]
    blocks: list[Block] = [
        running(
            language,
            text(
                "Reducing waste at its source comes first, recycling second, treatment last: what never arises "
                "needs no handling."
            ),
            text(
                "Of {count} options, {source} reduce waste at its source.",
                count=len(placed),
                source=len(source),
            ),
        )
    ]
    if moving:
        said = text(
            "{options}: the pollutant moves to another medium. That alone is not waste minimization, and the "
            "new stream needs an answer of its own.",
            options=moving,
        )
        blocks.append(Callout("caution", (paragraph(said),)))
    return Section(text("Source reduction comes first"), tuple(blocks), level=2, key="hierarchy")


def _screening_section(evaluation: Evaluation, language: Language) -> list[Section]:
    answered = [option for option in evaluation.options if option.screening.answered]
    ranking = evaluation.option_ranking
    ranked = [standing for standing in ranking.standings if standing.rank is not None]
    blocks: list[Block] = []
    if answered:
        blocks += [_questions_opening(answered, language), _questions(answered)]
    if ranked:
        first = [named(each.number, each.name) for each in ranked if each.rank == 1]
        title = text("{options} scores highest by weighted sum", options=first)
        if len(first) > 1:
            title = text("{options} share the highest weighted sum", options=first)
        kept = {option.number: option.fate is not Fate.DROPPED for option in evaluation.options}
        picture = matrix_picture(ranking, title, "option-matrix", kept)
        blocks.append(_standings(evaluation))
        if ranking.findings:
            blocks.append(bullets(ranking.findings))
        if picture is not None:
            blocks.append(picture)
    if not blocks:
        return []
    return [Section(text("How the options were screened"), tuple(blocks), level=2, key="screening")]


def _questions_opening(answered: list[OptionResult], language: Language) -> Block:
    doubted = [option_name(option) for option in answered if option.screening.noes]
    return running(
        language,
        text(
            "Seven questions sort out what is hollow, impractical or minor before money is spent on studying it."
        ),
        text("At least one was answered with no for: {options}.", options=doubted)
        if doubted
        else text("None of the options screened met a no."),
    )


def _questions(answered: list[OptionResult]) -> Table:
    labels = [field.spec.label for field in record_fields(OptionScreening)[1:8]]
    columns = (
        Column(text("Option"), share=2),
        *(Column(label, align="centre", share=0.9) for label in labels),
    )
    rows = tuple(
        Row((option_name(option), *(_answer(each.answer) for each in option.screening.answers)))
        for option in answered
    )
    return Table(text("The seven questions, answered for each option"), columns, rows, key="questions")


def _answer(answer: Answer) -> Cell:
    return "?" if answer is Answer.UNKNOWN else answer.label


def _standings(evaluation: Evaluation) -> Table:
    rows = []
    for standing in evaluation.option_ranking.standings:
        remark: Text | None = None
        if standing.tied:
            remark = text("same score as {others}", others=list(standing.tied))
        elif standing.close:
            remark = text("close to the first")
        score: Cell = standing.score if known(standing.score) else standing.score.reason
        share: Cell = standing.share if known(standing.share) else None
        rows.append(Row((standing.rank or "–", named(standing.number, standing.name), score, share, remark)))
    columns = (
        Column(text("Rank"), align="right", share=0.5),
        Column(text("Option"), share=3),
        Column(text("Weighted sum"), "point", "right", 1),
        Column(text("Of the highest possible"), "%", "right", 1, digits=1),
        Column(text("Remark"), share=1.6),
    )
    return Table(text("Weighted sums of the options"), columns, tuple(rows), key="standings")
