"""Weighted-sum ranking of waste streams (worksheet 9) and of options (worksheet 12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.ranking_results import RankedCriterion, Ranking, Standing
from openrecp.assessment.worksheets.options import OPTION_CRITERIA
from openrecp.assessment.worksheets.streams import STREAM_CRITERIA, Criterion, Rating
from openrecp.errors import Issue, Severity, Where, problem
from openrecp.figures import Figure
from openrecp.screening import LARGEST, Matrix, Score, Turn, WeightSensitivity, rank_subjects
from openrecp.screening import Criterion as Weighed
from openrecp.texts import Text, text

Words = str | Text
# May be left without weight and ratings: worksheet 9 has nine criteria, section 3.2 names the budget besides.
_OPTIONAL = frozenset({"budget"})


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A matrix of the document: which collections, and what is rated."""

    criteria_name: str
    ratings_name: str
    criteria: tuple[Criterion, ...]
    ratings: tuple[Rating, ...]
    subjects: Mapping[str, str]
    standard: Mapping[str, Text]


def stream_ranking(assessment: Assessment) -> Ranking:
    """Ranking of the waste streams by worksheet 9's criteria."""
    subjects = {
        record.number: record.name or record.number for record in assessment.waste_streams if record.number
    }
    return _ranking(
        _Sheet(
            "stream_criteria",
            "stream_ratings",
            assessment.stream_criteria,
            assessment.stream_ratings,
            subjects,
            STREAM_CRITERIA,
        )
    )


def option_ranking(assessment: Assessment) -> Ranking:
    """Ranking of the options by the weighted-sum method of appendix 7."""
    subjects = {record.number: record.name or record.number for record in assessment.options if record.number}
    return _ranking(
        _Sheet(
            "option_criteria",
            "option_ratings",
            assessment.option_criteria,
            assessment.option_ratings,
            subjects,
            OPTION_CRITERIA,
        )
    )


def _ranking(sheet: _Sheet) -> Ranking:
    criteria = _criteria(sheet)
    ratings = _ratings(sheet, criteria)
    if not criteria or not sheet.subjects or not ratings:
        return Ranking(issues=tuple(_not_begun(sheet)))
    matrix = Matrix(
        criteria=tuple(
            Weighed(
                number,
                None if weight is None else float(weight),
                place(sheet.criteria_name, key, "weight"),
            )
            for number, (key, _, weight) in criteria.items()
        ),
        subjects=tuple(sheet.subjects),
        ratings=tuple(
            tuple(_float(ratings.get((number, subject))) for subject in sheet.subjects) for number in criteria
        ),
        sources=MappingProxyType(_sources(sheet)),
    )
    found = rank_subjects(matrix)
    names = {number: name for number, (_, name, _) in criteria.items()}
    sensitivity = {each.criterion: each for each in found.sensitivity}
    return Ranking(
        criteria=tuple(
            RankedCriterion(number, name, weight, sensitivity.get(number))
            for number, (_, name, weight) in criteria.items()
        ),
        standings=tuple(_standing(score, found.scores, sheet, names, ratings) for score in found.scores),
        shortlist=found.shortlist,
        findings=tuple(_findings(found.scores, found.sensitivity, names)),
        issues=tuple(_issues(sheet, criteria, found.scores, names)),
    )


def _criteria(sheet: _Sheet) -> dict[str, tuple[str, Words, Decimal | None]]:
    """Number → key, name, weight; a weight outside 0 to 10 counts as not given, which a check says."""
    found: dict[str, tuple[str, Words, Decimal | None]] = {}
    rated = {rating.criterion for rating in sheet.ratings if rating.rating is not None}
    for key, criterion in keyed(sheet.criteria):
        number = criterion.number
        if number is None or number in found:
            continue
        if number in _OPTIONAL and criterion.weight is None and number not in rated:
            continue
        name: Words = criterion.name or sheet.standard.get(number) or number
        found[number] = (key, name, _within(criterion.weight))
    return found


def _within(value: Decimal | None) -> Decimal | None:
    return value if value is not None and 0 <= value <= LARGEST else None


def _ratings(sheet: _Sheet, criteria: Mapping[str, object]) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for rating in sheet.ratings:
        value = _within(rating.rating)
        criterion, subject = rating.criterion or "", rating.subject or ""
        if value is not None and criterion in criteria and subject in sheet.subjects:
            found.setdefault((criterion, subject), value)
    return found


def _sources(sheet: _Sheet) -> dict[tuple[str, str], Where]:
    return {
        (rating.criterion or "", rating.subject or ""): place(sheet.ratings_name, key, "rating")
        for key, rating in keyed(sheet.ratings)
    }


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _standing(
    score: Score,
    scores: tuple[Score, ...],
    sheet: _Sheet,
    names: Mapping[str, Words],
    ratings: Mapping[tuple[str, str], Decimal],
) -> Standing:
    figure = _named(score, sheet, names)
    return Standing(
        number=score.subject,
        name=sheet.subjects[score.subject],
        ratings=tuple(ratings.get((number, score.subject)) for number in names),
        score=figure,
        share=replace(
            score.share, inputs=(figure, *score.share.inputs[1:]), reason=figure.reason or score.share.reason
        ),
        rank=score.rank,
        tied=tuple(
            other.subject
            for other in scores
            if score.tied and other is not score and other.rank == score.rank
        ),
        close=score.close,
    )


def _named(score: Score, sheet: _Sheet, names: Mapping[str, Words]) -> Figure:
    """The score with the names people gave in place of numbers."""
    weighted = [number for number in names if number in {_plain(part.name) for part in score.score.inputs}]
    parts = tuple(
        replace(part, name=_words(names[number]))
        for number, part in zip(weighted, score.score.inputs, strict=True)
    )
    missing = [names[number] for number in score.missing]
    return replace(
        score.score,
        name=text("Weighted sum of {subject}", subject=sheet.subjects[score.subject]),
        inputs=parts,
        reason=text("not rated yet: {criteria}", criteria=missing)
        if score.score.value is None and missing
        else score.score.reason,
    )


def _plain(name: Text) -> str:
    return str(name.values.get("name", name.message))


def _words(name: Words) -> Text:
    return name if isinstance(name, Text) else Text("{name}", MappingProxyType({"name": name}))


def _findings(
    scores: tuple[Score, ...], sensitivity: tuple[WeightSensitivity, ...], names: Mapping[str, Words]
) -> Iterator[Text]:
    """How firm the first place and the order are."""
    ranked = [score for score in scores if score.rank is not None]
    if len(ranked) < 2:
        return
    first = [score.subject for score in ranked if score.rank == 1]
    if len(first) > 1:
        yield text("{subjects} have the same score and share the first place.", subjects=first)
    close = [score.subject for score in ranked if score.close]
    if close:
        yield text("{close} come so close to the first that they deserve the same attention.", close=close)
    turns = [
        (turn, each)
        for each in sensitivity
        for turn in (each.first_down, each.first_up)
        if turn is not None and turn.first_beyond
    ]
    if not turns:
        yield text("No change of a single weight between 0 and 10 changes who is first.")
        return
    turn, each = min(turns, key=lambda pair: pair[0].change)
    yield _turn_finding(turn, each, names)


def _turn_finding(turn: Turn, each: WeightSensitivity, names: Mapping[str, Words]) -> Text:
    limit = round(turn.weight, 2)
    if turn.change == 0:
        return text(
            "The first place is a draw: any change of the weight of “{criterion}” decides it.",
            criterion=names[each.criterion],
        )
    if turn.weight < each.weight:
        return text(
            "The first place is least firm against the weight of “{criterion}”: below {limit} (now {now}) "
            "{subjects} would be first.",
            criterion=names[each.criterion],
            limit=limit,
            now=each.weight,
            subjects=list(turn.first_beyond),
        )
    return text(
        "The first place is least firm against the weight of “{criterion}”: above {limit} (now {now}) "
        "{subjects} would be first.",
        criterion=names[each.criterion],
        limit=limit,
        now=each.weight,
        subjects=list(turn.first_beyond),
    )


def _not_begun(sheet: _Sheet) -> Iterator[Issue]:
    if sheet.subjects and sheet.criteria:
        yield problem(
            "ranking-not-begun",
            "Nothing is rated yet, so nothing can be ranked; enter weights and ratings from 0 to 10.",
            where=place(sheet.ratings_name),
            severity=Severity.WARNING if sheet.ratings_name == "stream_ratings" else Severity.NOTE,
        )


def _issues(
    sheet: _Sheet,
    criteria: Mapping[str, tuple[str, Words, Decimal | None]],
    scores: tuple[Score, ...],
    names: Mapping[str, Words],
) -> Iterator[Issue]:
    for key, name, weight in criteria.values():
        if weight is None:
            yield problem(
                "weight-missing",
                "“{criterion}” has no weight and is left out; enter 0 to 10.",
                where=place(sheet.criteria_name, key, "weight"),
                severity=Severity.WARNING,
                criterion=name,
            )
    for score in scores:
        if score.missing:
            yield problem(
                "rating-missing",
                "{subject} is not rated by {criteria}; enter 0 to 10, so that it can be ranked.",
                where=place(sheet.ratings_name),
                severity=Severity.WARNING if score.rank is None else Severity.NOTE,
                subject=score.subject,
                criteria=[names[number] for number in score.missing],
            )
