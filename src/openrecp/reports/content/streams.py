"""Waste streams: what they cost, in which order they come, how firm that order is."""

from __future__ import annotations

from dataclasses import replace

from openrecp.assessment.evaluation.ranking_results import Ranking
from openrecp.assessment.evaluation.results import Evaluation, StreamResult
from openrecp.reports.blocks import (
    MISSING,
    Block,
    Cell,
    Column,
    Picture,
    Reference,
    Row,
    Section,
    Table,
    row,
    sum_above,
)
from openrecp.reports.charts.specs import RankedBar, RankedBars
from openrecp.reports.content.balance_costs import cost_sections
from openrecp.reports.content.balances import balance_sections
from openrecp.reports.content.matrices import matrix_picture
from openrecp.reports.content.phrases import (
    amount_of,
    bullets,
    currency_of,
    known,
    named,
    running,
    stream_name,
)
from openrecp.texts import Language, Text, text


def stream_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """Costs, ranking, balances; none if there is no stream and no balance."""
    balances = (*balance_sections(evaluation, language), *cost_sections(evaluation, language))
    if not evaluation.streams:
        return tuple(
            replace(section, level=1, new_page=True) if place == 0 else section
            for place, section in enumerate(balances)
        )
    blocks: list[Block] = [_opening(evaluation, language)]
    picture = _ranked_picture(evaluation)
    if picture is not None:
        blocks.append(picture)
    blocks.append(_stream_table(evaluation))
    sections = [
        Section(
            text("Waste streams: what they cost and which come first"),
            tuple(blocks),
            key="streams",
            new_page=True,
        )
    ]
    ranking = _ranking_section(evaluation, language)
    if ranking is not None:
        sections.append(ranking)
    return (*sections, *balances)


def _opening(evaluation: Evaluation, language: Language) -> Block:
    totals, streams = evaluation.stream_totals, evaluation.streams
    costed = [stream for stream in streams if known(stream.total_cost)]
    sentences: list[Text | None] = []
    if len(streams) == 1:
        sentences.append(text("One waste stream was described: {stream}.", stream=stream_name(streams[0])))
    else:
        sentences.append(text("{count} waste streams were described.", count=len(streams)))
    if known(totals.total_cost):
        sentences.append(
            text(
                "Together they cost {cost} a year: what their management costs, and what was paid for the "
                "material that leaves with them.",
                cost=totals.total_cost,
            )
        )
    if costed and len(costed) < len(streams):
        without = [named(each.number, each.name) for each in streams if not known(each.total_cost)]
        sentences.append(text("No cost is known for {streams}, so the sum is too low.", streams=without))
    if evaluation.assessment.waste_streams:
        sentences.append(text("Each stream is described in full in {where}.", where=Reference("inputs")))
    return running(language, *sentences, style="lead")


def _dearest(evaluation: Evaluation) -> StreamResult | None:
    costed = [stream for stream in evaluation.streams if known(stream.total_cost)]
    return max(costed, key=lambda each: amount_of(each.total_cost), default=None)


def _ranked_picture(evaluation: Evaluation) -> Picture | None:
    """Cost and score of every stream in rank order; needs at least two streams and one number."""
    dearest = _dearest(evaluation)
    scored = any(_score(stream) is not None for stream in evaluation.streams)
    if len(evaluation.streams) < 2 or (dearest is None and not scored):
        return None
    bars = tuple(
        RankedBar(
            stream_name(stream),
            amount_of(stream.total_cost) if known(stream.total_cost) else None,
            _score(stream),
            emphasis=stream is dearest or _rank(stream) == 1,
        )
        for stream in evaluation.streams
    )
    chart = RankedBars(
        bars,
        text("Cost a year"),
        currency_of(evaluation),
        text("Score") if scored else "",
    )
    rows = tuple(
        row(stream_name(stream), stream.total_cost, _score(stream), _rank(stream))
        for stream in evaluation.streams
    )
    columns = (
        Column(text("Waste stream"), share=3),
        Column(text("Cost a year"), currency_of(evaluation), "right"),
        Column(text("Score"), "point", "right"),
        Column(text("Rank"), align="right"),
    )
    title = _picture_title(evaluation, dearest)
    return Picture(
        title,
        chart,
        text("Bars in rank order: {title}", title=title),
        Table("", columns, rows),
        key="ranked-streams",
    )


def _picture_title(evaluation: Evaluation, dearest: StreamResult | None) -> Text:
    first = next((stream for stream in evaluation.streams if _rank(stream) == 1), None)
    if dearest is None:
        if first is None:
            return text("The waste streams in order")
        return text("{stream} comes first by weighted sum", stream=stream_name(first))
    if first is not None and first is not dearest:
        return text(
            "{dearest} costs most, {share} of the whole; {first} comes first by weighted sum",
            dearest=stream_name(dearest),
            share=dearest.share,
            first=stream_name(first),
        )
    if first is dearest:
        return text(
            "{stream} costs most, {share} of the whole, and comes first by weighted sum too",
            stream=stream_name(dearest),
            share=dearest.share,
        )
    return text(
        "{stream} makes up {share} of what waste costs", stream=stream_name(dearest), share=dearest.share
    )


def _score(stream: StreamResult) -> float | None:
    standing = stream.standing
    return None if standing is None or standing.score.value is None else float(standing.score.value)


def _rank(stream: StreamResult) -> int | None:
    return None if stream.standing is None else stream.standing.rank


def _stream_table(evaluation: Evaluation) -> Table:
    money, totals = currency_of(evaluation), evaluation.stream_totals
    ranked = bool(evaluation.stream_ranking.standings)
    columns = [
        Column(text("Waste stream"), share=2.4),
        Column(text("Amount a year"), "", "right", 1.2),
        Column(text("Management cost"), money, "right", 1.1),
        Column(text("Lost material"), money, "right", 1.1),
        Column(text("Cost a year"), money, "right", 1.1),
        Column(text("Share"), "%", "right", 0.7, digits=1),
    ]
    if ranked:
        columns += [
            Column(text("Score"), "point", "right", 0.8),
            Column(text("Rank"), align="right", share=0.6),
        ]
    rows = [Row((*_cells(stream), *(_ranks(stream) if ranked else ()))) for stream in evaluation.streams]
    if len(rows) > 1 and known(totals.total_cost):
        ends: tuple[Cell, ...] = (None, None) if ranked else ()
        whole = (totals.management_cost, totals.lost_material_cost, totals.total_cost)
        sums = tuple(each if known(each) else None for each in whole)
        rows.append(sum_above(text("All waste streams"), None, *sums, None, *ends))
    return Table(
        text("What each waste stream costs and where it ranks"),
        tuple(columns),
        tuple(rows),
        key="stream-table",
    )


def _cells(stream: StreamResult) -> tuple[Cell, ...]:
    costs = (stream.generation, stream.management_cost, stream.lost_material_cost, stream.total_cost)
    shown = tuple(each if known(each) else MISSING for each in costs)
    return (stream_name(stream), *shown, stream.share if known(stream.share) else None)


def _ranks(stream: StreamResult) -> tuple[Cell, ...]:
    standing = stream.standing
    if standing is None or not known(standing.score):
        return MISSING, None
    if standing.tied:
        return standing.score, text("{rank}, tied", rank=standing.rank)
    return standing.score, standing.rank


def _ranking_section(evaluation: Evaluation, language: Language) -> Section | None:
    ranking = evaluation.stream_ranking
    if not any(standing.rank for standing in ranking.standings):
        return None
    blocks: list[Block] = [
        running(
            language,
            text(
                "Each criterion has a weight, each stream a rating from 0 to 10; the score is the sum of weight "
                "times rating."
            ),
        )
    ]
    if ranking.findings:
        blocks.append(bullets(ranking.findings))
    picture = matrix_picture(ranking, _matrix_title(ranking), "stream-matrix")
    if picture is not None:
        blocks.append(picture)
    return Section(text("Why this order, and how firm it is"), tuple(blocks), level=2, key="stream-ranking")


def _matrix_title(ranking: Ranking) -> Text:
    heaviest = max(ranking.criteria, key=lambda each: each.weight or 0)
    return text("“{criterion}” weighs most in the order of the waste streams", criterion=heaviest.name)
