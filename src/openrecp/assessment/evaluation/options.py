"""Options one by one: screening, technical feasibility, economics and fate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.avoided import avoided_amounts, avoided_in_all
from openrecp.assessment.evaluation.check_fields import first_for_option, known_records, option_streams
from openrecp.assessment.evaluation.cost_data import CostData, cost_data, cost_issues
from openrecp.assessment.evaluation.fates import Case, fate_of
from openrecp.assessment.evaluation.funding_parts import funding_issues
from openrecp.assessment.evaluation.investments import option_economics
from openrecp.assessment.evaluation.option_results import (
    Answer,
    Fate,
    OptionResult,
    QuestionAnswer,
    ScreeningResult,
)
from openrecp.assessment.evaluation.places import place, place_of
from openrecp.assessment.evaluation.quantities import no_value
from openrecp.assessment.evaluation.ranking_results import Ranking
from openrecp.assessment.evaluation.technical import technical_result
from openrecp.assessment.evaluation.terms import Terms
from openrecp.assessment.worksheets.options import Hierarchy, Option, OptionDescription, OptionScreening
from openrecp.assessment.worksheets.technical import OptionNature
from openrecp.assessment.worksheets.terms import OptionTerms
from openrecp.economics.conventions import Conventions
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import Basis, Figure
from openrecp.texts import text


def option_results(
    assessment: Assessment, ranking: Ranking, terms: Terms, conventions: Conventions
) -> tuple[tuple[OptionResult, ...], tuple[Issue, ...]]:
    """Every option in the order of the document, and the findings about them."""
    results: list[OptionResult] = []
    issues: list[Issue] = []
    for number, record in known_records(assessment, "options"):
        if isinstance(record, Option):
            result, found = _result(assessment, number, record, ranking, terms, conventions)
            results.append(result)
            issues += found
    return tuple(results), tuple(issues)


def _result(
    assessment: Assessment,
    number: str,
    record: Option,
    ranking: Ranking,
    terms: Terms,
    conventions: Conventions,
) -> tuple[OptionResult, list[Issue]]:
    description: OptionDescription | None = first_for_option(assessment.option_descriptions, number)
    terms_of_own: OptionTerms | None = first_for_option(assessment.option_terms, number)
    required = terms_of_own is not None and bool(terms_of_own.required_by_law)
    # What the law requires stays in play whatever the team decided.
    rejected = description is not None and description.accepted is False and not required
    technical = technical_result(assessment, number, wanted=not rejected)
    name = record.name or number
    data = _cost_data(assessment, number, description, frozenset(technical.natures))
    economics, faults = option_economics(assessment, number, name, data, terms, conventions)
    if data.empty or (economics is not None and economics.capital.value == 0):
        # Without costs it is too early for worksheet 13, without capital it is not asked for (section 4.1).
        technical = replace(
            technical, gaps=tuple(gap for gap in technical.gaps if gap.code != "technical-missing")
        )
    screening = screening_result(first_for_option(assessment.option_screenings, number))
    project = first_for_option(assessment.projects, number)
    case = Case(description, data.terms, project, screening, technical, economics, assessment.simplified)
    fate, reasons = fate_of(case)
    result = OptionResult(
        number=number,
        name=name,
        record=record,
        description=description,
        terms=data.terms,
        project=project,
        hierarchy=None if description is None else description.hierarchy,
        streams=option_streams(assessment, number),
        reduction=_reduction(assessment, description),
        moves_medium=bool(description is not None and description.moves_medium),
        screening=screening,
        technical=technical,
        standing=ranking.of(number),
        economics=economics,
        fate=fate,
        reasons=reasons,
    )
    issues = [*faults, *technical.gaps]
    if not rejected:
        issues += [*cost_issues(number, data), *funding_issues(number, data), *_law_issues(result)]
    return result, issues


def _cost_data(
    assessment: Assessment,
    number: str,
    description: OptionDescription | None,
    natures: frozenset[OptionNature],
) -> CostData:
    practice = description is not None and description.hierarchy is Hierarchy.PRACTICE
    return cost_data(
        assessment,
        number,
        needs_none=practice or natures == {OptionNature.PROCEDURE},
        avoided=avoided_in_all(avoided_amounts(assessment, number)),
    )


def _reduction(assessment: Assessment, description: OptionDescription | None) -> Figure:
    name = text("Expected reduction of the streams")
    if description is None or description.reduction is None:
        return no_value(name, text("not given"), "%")
    source = place_of(assessment, "option_descriptions", description, "reduction")
    return Figure(name, description.reduction, "%", basis=Basis.ESTIMATED, source=source)


def screening_result(record: OptionScreening | None) -> ScreeningResult:
    """The seven questions of section 3.5.3; one left empty counts as not known."""
    each = record or OptionScreening()
    benefits = tuple(benefit.label for benefit in each.main_benefits)
    other = (each.other_benefits,) if each.other_benefits else ()
    found = Answer.YES if benefits else Answer.UNKNOWN
    also = Answer.YES if other else Answer.UNKNOWN
    return ScreeningResult(
        record,
        (
            QuestionAnswer(1, text("What are the main benefits?"), found, benefits),
            QuestionAnswer(2, text("Does the technology exist?"), _answer(each.technology_exists)),
            QuestionAnswer(3, text("Is it cost-effective?"), _answer(each.cost_effective)),
            QuestionAnswer(
                4,
                text("Can it be done in reasonable time without disrupting production?"),
                _answer(each.timely),
            ),
            QuestionAnswer(
                5,
                text("Does it have a good track record, or evidence that it works?"),
                _answer(each.track_record),
            ),
            QuestionAnswer(6, text("Is it likely to succeed?"), _answer(each.likely_success)),
            QuestionAnswer(7, text("What other benefits are there?"), also, other),
        ),
    )


def _answer(value: bool | None) -> Answer:
    if value is None:
        return Answer.UNKNOWN
    return Answer.YES if value else Answer.NO


def project_issues(options: Iterable[OptionResult]) -> Iterator[Issue]:
    """An option that is to be carried out needs a project with an owner and a way to measure the result."""
    for option in options:
        if option.fate in {Fate.RECOMMENDED, Fate.REQUIRED} and option.project is None:
            yield problem(
                "project-missing",
                "{option}: it is to be carried out but has no project summary; say who carries it out, when, and "
                "how the result is measured.",
                where=place("projects"),
                severity=Severity.WARNING,
                option=option.number,
            )


def _law_issues(result: OptionResult) -> Iterator[Issue]:
    if result.terms is not None and result.terms.required_by_law and not result.terms.law:
        yield problem(
            "law-missing",
            "{option}: it is required by law; enter the law and clause.",
            where=place("option_terms"),
            severity=Severity.WARNING,
            option=result.number,
        )
