"""Weighted-sum matrices as pictures, with the numbers behind them."""

from __future__ import annotations

from openrecp.assessment.evaluation.ranking_results import Ranking, Standing
from openrecp.reports.blocks import Cell, Column, Picture, Table, Words, row
from openrecp.reports.charts.specs import Criterion, MatrixRow, ScreeningMatrix
from openrecp.reports.content.phrases import named
from openrecp.texts import Text, text


def matrix_picture(
    ranking: Ranking, title: Words, key: str, kept: dict[str, bool] | None = None
) -> Picture | None:
    """Subjects by criteria with every rating; None where nothing can be shown.

    Parameters
    ----------
    ranking : Ranking
    title : str or Text
        The conclusion.
    key : str
    kept : dict of str to bool, optional
        Which subjects were kept, by number; marked in the picture.
    """
    weighed = [index for index, each in enumerate(ranking.criteria) if each.weight is not None]
    if not weighed or not ranking.standings:
        return None
    criteria = tuple(
        Criterion(ranking.criteria[index].name, float(ranking.criteria[index].weight or 0))
        for index in weighed
    )
    rows = tuple(_row(standing, weighed, kept) for standing in ranking.standings)
    chart = ScreeningMatrix(criteria, rows, text("Weighted sum"))
    return Picture(title, chart, _description(ranking), _numbers(ranking, weighed), key=key)


def _row(standing: Standing, weighed: list[int], kept: dict[str, bool] | None) -> MatrixRow:
    ratings = tuple(standing.ratings[index] for index in weighed)
    return MatrixRow(
        named(standing.number, standing.name),
        tuple(None if rating is None else float(rating) for rating in ratings),
        None if standing.score.value is None else float(standing.score.value),
        None if kept is None else kept.get(standing.number),
    )


def _description(ranking: Ranking) -> Text:
    places = [
        text("{name} {score}", name=named(each.number, each.name), score=each.score.value)
        for each in ranking.standings
        if each.score.value is not None
    ]
    return text("Ratings from 0 to 10 by criterion; weighted sums: {sums}.", sums=places)


def _numbers(ranking: Ranking, weighed: list[int]) -> Table:
    """Criteria down, subjects across: the form of the worksheets."""
    columns = (
        Column(text("Criterion"), share=2.4),
        Column(text("Weight"), align="right", share=0.8),
        *(Column(named(each.number, each.name), align="right") for each in ranking.standings),
    )
    rows = [
        row(
            ranking.criteria[index].name,
            ranking.criteria[index].weight,
            *(standing.ratings[index] for standing in ranking.standings),
        )
        for index in weighed
    ]
    scores: tuple[Cell, ...] = tuple(standing.score for standing in ranking.standings)
    rows.append(row(text("Weighted sum"), None, *scores))
    return Table("", columns, tuple(rows))
