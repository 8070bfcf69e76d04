"""Weighted-sum ranking of waste streams and of options, and how firmly the order stands.

Each criterion has a weight from 0 to 10 and each subject a rating from 0 to 10 for each criterion;
the score is the sum of weight times rating. Weights and ratings are taken as the decimal numbers
they were typed as, so ties are exact ties. A missing rating is never a zero: the subject has no
score, and the finding says so.

References
----------
EPA/625/7-88/003 (1988), worksheets 9 and 13 and the option rating example; 工業減廢評估, 經濟部工業局,
worksheets 9 and 13, appendix 7.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product
from types import MappingProxyType
from typing import Final

from openrecp.errors import Issue, Severity, UnusableInput, Where, problem
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text

LARGEST: Final = 10
STARTING_MARGIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion and its weight, 0 to 10; None when nobody has weighted it yet."""

    name: str
    weight: float | None
    source: Where | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Criteria, subjects, and what each subject is rated by each criterion.

    Attributes
    ----------
    criteria : tuple of Criterion
    subjects : tuple of str
        Names of waste streams or options.
    ratings : tuple of tuple of float or None, shape (criteria, subjects)
        0 to 10; None where a rating is missing.
    sources : Mapping[tuple of str and str, Where]
        Where the rating of a criterion and a subject stands.

    Raises
    ------
    UnusableInput
        If a weight or a rating is outside 0 to 10, a name is empty or stands twice, or the shape is wrong;
        carries every such finding.
    """

    criteria: tuple[Criterion, ...]
    subjects: tuple[str, ...]
    ratings: tuple[tuple[float | None, ...], ...]
    sources: Mapping[tuple[str, str], Where] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def __post_init__(self) -> None:
        issues = list(_matrix_issues(self))
        if issues:
            raise UnusableInput(issues)


@dataclass(frozen=True, slots=True)
class Score:
    """A subject's place in the order.

    Attributes
    ----------
    subject : str
    score : Figure
        Sum of weight times rating [points], with each product; without a value if ratings are missing.
    share : Figure
        Score as part of the most the weights allow [%].
    rank : int or None
        1 is the highest; equal scores share a rank and the next ranks are left out (1, 1, 3).
    tied : bool
        Whether another subject has the same score.
    close : bool
        Not first, but so close to the first that it deserves the same attention.
    missing : tuple of str
        Criteria without a rating.
    """

    subject: str
    score: Figure
    share: Figure
    rank: int | None
    tied: bool
    close: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """The weight nearest to the present one at which the order is no longer the same.

    Attributes
    ----------
    weight : float
        At this weight the subjects in ``level`` have equal scores; beyond it the order has changed.
    change : float
        How far that is from the present weight; 0 if any change at all does it, because they are level now.
    level : tuple of str
    first_beyond : tuple of str
        Who is first just beyond that weight; empty if the weight is at the end of the scale.
    """

    weight: float
    change: float
    level: tuple[str, ...]
    first_beyond: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightSensitivity:
    """What a change of one criterion's weight does, the other weights staying as they are.

    Each attribute is None when no weight from 0 to 10 in that direction makes the difference.
    ``first_*``: who is first is no longer the same; ``order_*``: anything in the order is.
    """

    criterion: str
    weight: float
    first_down: Turn | None
    first_up: Turn | None
    order_down: Turn | None
    order_up: Turn | None


@dataclass(frozen=True, slots=True)
class Screening:
    """The order, how close it is, and what would change it.

    Attributes
    ----------
    scores : tuple of Score
        Highest first; subjects without a score last, in the order of the matrix.
    first : tuple of str
        Subjects with the highest score.
    shortlist : tuple of str
        Those, and the ones close to them.
    sensitivity : tuple of WeightSensitivity
        One for each criterion with a weight.
    issues : tuple of Issue
        Missing ratings and weights.
    """

    matrix: Matrix
    scores: tuple[Score, ...]
    first: tuple[str, ...]
    shortlist: tuple[str, ...]
    sensitivity: tuple[WeightSensitivity, ...]
    issues: tuple[Issue, ...]


def rank_subjects(matrix: Matrix, margin: float = STARTING_MARGIN) -> Screening:
    """Rank the subjects of a matrix by weighted sum.

    Parameters
    ----------
    matrix : Matrix
    margin : float
        A score within this fraction of the highest is close to it. Appendix 7 keeps both Z and X, which
        are 1.8 % apart, and drops Y, which is 28 % behind.

    Notes
    -----
    A criterion without a weight is left out for all subjects. A missing rating under a weight of zero
    does not keep a subject from its score, since its product is zero whatever the rating; the
    sensitivity to that weight then compares only the subjects that are rated.

    Examples
    --------
    >>> matrix = Matrix(
    ...     (Criterion("cost", 10), Criterion("safety", 8), Criterion("liability", 7), Criterion("ease", 5)),
    ...     ("X", "Y", "Z"),
    ...     ((8, 6, 3), (6, 3, 8), (4, 4, 5), (2, 2, 8)),
    ... )
    >>> [(score.subject, score.score.value, score.rank) for score in rank_subjects(matrix).scores]
    [('Z', 169.0, 1), ('X', 166.0, 2), ('Y', 122.0, 3)]
    """
    rows = _weighted_rows(matrix)
    totals = {
        subject: _total(rows, column)
        for column, subject in enumerate(matrix.subjects)
        if rows and not _missing(rows, column, needed=True)
    }
    best = max(totals.values(), default=None)
    order = sorted(matrix.subjects, key=lambda subject: -totals.get(subject, Fraction(-1)))
    scores = tuple(_score(matrix, rows, subject, totals, margin) for subject in order)
    first = tuple(score.subject for score in scores if score.rank == 1)
    return Screening(
        matrix=matrix,
        scores=scores,
        first=first if best is not None else (),
        shortlist=tuple(score.subject for score in scores if score.rank == 1 or score.close),
        sensitivity=tuple(_sensitivity(row, matrix, totals) for row in rows),
        issues=tuple(_missing_issues(matrix)),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A weighted criterion in exact numbers."""

    name: str
    weight: Fraction
    ratings: tuple[Fraction | None, ...]


def _exact(number: float) -> Fraction:
    return Fraction(str(number))


def _weighted_rows(matrix: Matrix) -> list[_Row]:
    return [
        _Row(
            criterion.name,
            _exact(criterion.weight),
            tuple(None if rating is None else _exact(rating) for rating in ratings),
        )
        for criterion, ratings in zip(matrix.criteria, matrix.ratings, strict=True)
        if criterion.weight is not None
    ]


def _total(rows: Sequence[_Row], column: int) -> Fraction:
    return sum((row.weight * (row.ratings[column] or 0) for row in rows), Fraction(0))


def _missing(rows: Sequence[_Row], column: int, *, needed: bool) -> tuple[str, ...]:
    return tuple(row.name for row in rows if row.ratings[column] is None and (row.weight or not needed))


def _score(
    matrix: Matrix, rows: Sequence[_Row], subject: str, totals: Mapping[str, Fraction], margin: float
) -> Score:
    column = matrix.subjects.index(subject)
    total = totals.get(subject)
    figure = _score_figure(matrix, rows, column, total)
    rank = tied = close = None
    if total is not None:
        best = max(totals.values())
        rank = 1 + sum(1 for other in totals.values() if other > total)
        tied = sum(1 for other in totals.values() if other == total) > 1
        close = rank > 1 and total >= best * (1 - _exact(margin))
    return Score(
        subject=subject,
        score=figure,
        share=_share_figure(rows, figure, total),
        rank=rank,
        tied=bool(tied),
        close=bool(close),
        missing=_missing(rows, column, needed=False),
    )


def _score_figure(matrix: Matrix, rows: Sequence[_Row], column: int, total: Fraction | None) -> Figure:
    subject = matrix.subjects[column]
    lacking = _missing(rows, column, needed=True)
    reason: Text | None = None
    if lacking:
        reason = text("not rated yet: {criteria}", criteria=list(lacking))
    elif total is None:
        reason = text("no criterion has a weight yet")
    return Figure(
        name=text("Score of {subject}", subject=subject),
        value=None if total is None else float(total),
        unit="point",
        formula=text("sum of weight × rating"),
        inputs=tuple(_product_figure(matrix, row, column) for row in rows),
        reason=reason,
    )


def _product_figure(matrix: Matrix, row: _Row, column: int) -> Figure:
    rating = row.ratings[column]
    weight_source = next(each.source for each in matrix.criteria if each.name == row.name)
    rating_source = matrix.sources.get((row.name, matrix.subjects[column]))
    return Figure(
        name=Text("{name}", MappingProxyType({"name": row.name})),
        value=float(row.weight * rating) if rating is not None else None,
        unit="point",
        formula=text("weight × rating"),
        inputs=(
            Figure(text("Weight"), float(row.weight), basis=Basis.ASSUMED, source=weight_source),
            Figure(
                text("Rating"),
                None if rating is None else float(rating),
                basis=Basis.ASSUMED,
                source=rating_source,
                reason=text("not rated yet") if rating is None else None,
            ),
        ),
        reason=text("not rated yet") if rating is None else None,
    )


def _share_figure(rows: Sequence[_Row], score: Figure, total: Fraction | None) -> Figure:
    most = LARGEST * sum((row.weight for row in rows), Fraction(0))
    known = total is not None and most > 0
    reason = score.reason
    if not known and reason is None:
        reason = text("all weights are zero")
    return Figure(
        name=text("Share of the highest possible score"),
        value=float(total / most * 100) if total is not None and most > 0 else None,
        unit="%",
        formula=text("score ÷ (10 × sum of weights)"),
        inputs=(score, Figure(text("Highest possible score"), float(most), "point")),
        reason=None if known else reason,
    )


def _sensitivity(row: _Row, matrix: Matrix, totals: Mapping[str, Fraction]) -> WeightSensitivity:
    lines = {}
    for subject, total in totals.items():
        rating = row.ratings[matrix.subjects.index(subject)]
        if rating is not None:
            lines[subject] = (total, rating)
    return WeightSensitivity(
        criterion=row.name,
        weight=float(row.weight),
        first_down=_turn(lines, row.weight, -1, only_first=True),
        first_up=_turn(lines, row.weight, 1, only_first=True),
        order_down=_turn(lines, row.weight, -1, only_first=False),
        order_up=_turn(lines, row.weight, 1, only_first=False),
    )


_Lines = Mapping[str, tuple[Fraction, Fraction]]


def _turn(lines: _Lines, weight: Fraction, direction: int, *, only_first: bool) -> Turn | None:
    """The nearest change of weight in a direction at which the order, or who is first, turns.

    Scores are straight lines in the weight, so every turn lies where two of them cross.
    """
    room = Fraction(LARGEST) - weight if direction > 0 else weight
    if room <= 0:
        return None
    change = min(
        (each for each in _crossings(lines, direction, only_first=only_first) if each <= room),
        default=None,
    )
    if change is None:
        return None
    at = {subject: total + direction * change * rating for subject, (total, rating) in lines.items()}
    beyond: tuple[str, ...] = ()
    if change < room:
        # Just beyond, the steeper of the level lines is ahead.
        def ahead(subject: str) -> tuple[Fraction, Fraction]:
            return at[subject], direction * lines[subject][1]

        highest = max(map(ahead, lines))
        beyond = tuple(subject for subject in lines if ahead(subject) == highest)
    level = _level(lines, at, only_first=only_first)
    return Turn(float(weight + direction * change), float(change), level, beyond)


def _crossings(lines: _Lines, direction: int, *, only_first: bool) -> Iterator[Fraction]:
    """Changes of weight, zero or more, at which a subject draws level with one ahead of it.

    With ``only_first`` only those ahead of all count; otherwise neighbours in the order, since the
    nearest crossing of all is always one of neighbours.
    """
    order = sorted(set(lines.values()), key=lambda line: (-line[0], direction * line[1]))
    leaders = [line for line in order if line[0] == order[0][0]]
    pairs = product(leaders, order) if only_first else pairwise(order)
    for ahead, behind in pairs:
        gap, gain = ahead[0] - behind[0], direction * (behind[1] - ahead[1])
        if gain > 0:
            yield gap / gain


def _level(lines: _Lines, at: Mapping[str, Fraction], *, only_first: bool) -> tuple[str, ...]:
    """Subjects whose scores meet at the turn, of those that move against each other."""
    best = max(at.values())
    met = []
    for subject in lines:
        rivals = [
            other for other in lines if at[other] == at[subject] and lines[other][1] != lines[subject][1]
        ]
        if rivals and (not only_first or at[subject] == best):
            met.append(subject)
    return tuple(met)


def _matrix_issues(matrix: Matrix) -> Iterator[Issue]:
    names = [criterion.name for criterion in matrix.criteria]
    for kind, many in ((text("criterion"), names), (text("subject"), list(matrix.subjects))):
        for position, name in enumerate(many):
            if not name.strip():
                yield problem("name-missing", "A {kind} has no name.", kind=kind)
            elif name in many[:position]:
                yield problem(
                    "name-twice",
                    "The {kind} “{name}” stands twice; give each its own name.",
                    kind=kind,
                    name=name,
                )
    shape = len(matrix.ratings) == len(names) and all(
        len(row) == len(matrix.subjects) for row in matrix.ratings
    )
    if not shape:
        yield problem("matrix-shape", "The ratings do not fit the criteria and subjects.")
        return
    for criterion, row in zip(matrix.criteria, matrix.ratings, strict=True):
        if criterion.weight is not None and not 0 <= criterion.weight <= LARGEST:
            yield problem(
                "weight-out-of-range",
                "The weight {value} of “{criterion}” is outside 0 to 10.",
                where=criterion.source or Where(),
                value=_shown(criterion.weight),
                criterion=criterion.name,
            )
        for subject, rating in zip(matrix.subjects, row, strict=True):
            if rating is not None and not 0 <= rating <= LARGEST:
                yield problem(
                    "rating-out-of-range",
                    "The rating {value} of “{subject}” by “{criterion}” is outside 0 to 10.",
                    where=matrix.sources.get((criterion.name, subject), Where()),
                    value=_shown(rating),
                    subject=subject,
                    criterion=criterion.name,
                )


def _shown(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def _missing_issues(matrix: Matrix) -> Iterator[Issue]:
    for criterion, row in zip(matrix.criteria, matrix.ratings, strict=True):
        if criterion.weight is None:
            yield problem(
                "weight-missing",
                "“{criterion}” has no weight and is left out; enter 0 to 10.",
                where=criterion.source or Where(),
                severity=Severity.WARNING,
                criterion=criterion.name,
            )
            continue
        for subject, rating in zip(matrix.subjects, row, strict=True):
            if rating is None:
                yield problem(
                    "rating-missing",
                    "“{subject}” is not rated by “{criterion}”; enter 0 to 10.",
                    where=matrix.sources.get((criterion.name, subject), Where()),
                    severity=Severity.WARNING if criterion.weight else Severity.NOTE,
                    subject=subject,
                    criterion=criterion.name,
                )
