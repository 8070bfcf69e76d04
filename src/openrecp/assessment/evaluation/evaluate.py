"""The evaluation of an assessment, from its checks to the selected set of options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openrecp import __version__
from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.balance_issues import balance_issues, explained_places
from openrecp.assessment.evaluation.checks import check_assessment, sorted_issues
from openrecp.assessment.evaluation.choosing import choosing_of, chosen_options
from openrecp.assessment.evaluation.closures import balance_closures, closure_issues
from openrecp.assessment.evaluation.option_results import OptionResult, SetEconomics
from openrecp.assessment.evaluation.options import option_results, project_issues
from openrecp.assessment.evaluation.performance import performance_issues, performance_results
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.plan import month_plan
from openrecp.assessment.evaluation.plant_balance import judged_closures, plant_balance
from openrecp.assessment.evaluation.plausibility import saving_issues
from openrecp.assessment.evaluation.portfolio import set_economics
from openrecp.assessment.evaluation.rankings import option_ranking, stream_ranking
from openrecp.assessment.evaluation.results import Evaluation, Versions
from openrecp.assessment.evaluation.selection import part_issues
from openrecp.assessment.evaluation.streams import stream_cost_issues, stream_results, stream_totals
from openrecp.assessment.evaluation.terms import Terms
from openrecp.economics.conventions import Mode, conventions_of
from openrecp.errors import Issue, Severity, problem
from openrecp.texts import text

EVALUATION_VERSION: Final = 2
"""Rises when the same document gives other results."""


def evaluate(assessment: Assessment, *, mode: str = Mode.TEXTBOOK) -> Evaluation:
    """Evaluate an assessment: checks, balances, ranking, screening, feasibility, economics, performance.

    Nothing here depends on the day or the machine: the same document gives the same results.

    Parameters
    ----------
    assessment : Assessment
    mode : str
        ``textbook``, or ``epa-1988`` for the conventions of the manual's appendix 8.

    Raises
    ------
    ValueError
        If the mode is not known.
    """
    conventions = Mode(mode)
    terms = Terms(assessment)
    by_stream, by_option = stream_ranking(assessment), option_ranking(assessment)
    streams = stream_results(assessment, by_stream)
    by_share = balance_closures(assessment, terms.value("closure-threshold"))
    balance = plant_balance(assessment, by_share)
    closures = judged_closures(assessment, by_share, balance)
    options, option_issues = option_results(assessment, by_option, terms, conventions_of(conventions))
    chosen = chosen_options(assessment, options, terms)
    options = chosen.options
    selected, common = set_economics(assessment, options, terms, chosen.savings)
    performance = performance_results(assessment)
    told = tuple(balance_issues(balance))
    issues = [
        *check_assessment(assessment),
        *stream_cost_issues(assessment, streams),
        *by_stream.issues,
        *by_option.issues,
        *closure_issues(assessment, closures, explained_places(balance)),
        *told,
        *option_issues,
        *chosen.issues,
        *_outcome_issues(selected, options, terms),
        *saving_issues(streams, options),
        *performance_issues(performance),
    ]
    return Evaluation(
        assessment=assessment,
        mode=conventions,
        issues=sorted_issues(issues),
        parameters=terms.parameters,
        streams=streams,
        stream_totals=stream_totals(assessment, streams),
        stream_ranking=by_stream,
        closures=closures,
        options=options,
        option_ranking=by_option,
        selected=selected,
        plan=month_plan(assessment),
        performance=performance,
        evaluated_on=assessment.cover.prepared_on,
        versions=Versions(__version__, assessment.version, EVALUATION_VERSION),
        choosing=choosing_of(assessment, chosen, common, terms),
        balance=balance,
    )


def _outcome_issues(
    selected: SetEconomics | None, options: tuple[OptionResult, ...], terms: Terms
) -> Iterator[Issue]:
    """Findings about what is to be carried out, and on what terms it was judged."""
    yield from project_issues(options)
    yield from _set_issues(selected, options)
    yield from part_issues(options)
    yield from _term_issues(terms, options)


def _set_issues(selected: SetEconomics | None, options: tuple[OptionResult, ...]) -> Iterator[Issue]:
    if selected is None and options:
        yield problem(
            "nothing-selected",
            "No option is recommended yet; enter costs and savings for the most promising ones.",
            where=place("operating_changes"),
            severity=Severity.WARNING,
        )
    if selected is not None and any("streams" in caution.values for caution in selected.cautions):
        yield problem(
            "savings-may-overlap",
            "Several chosen options reduce the same stream, so their savings may overlap; where one contains "
            "another or replaces it, say so in worksheet 11; else enter there by how much each reduces it, and the stream of "
            "each saving in worksheet 14.",
            where=place("option_descriptions"),
            severity=Severity.NOTE,
        )


def _term_issues(terms: Terms, options: tuple[OptionResult, ...]) -> Iterator[Issue]:
    if not any(option.economics is not None for option in options):
        return
    assumed = [each for each in terms.parameters if each.assumed and each.where.path != "flows"]
    names = [each.figure.name for each in assumed]
    if not terms.pre_tax and terms.assessment.financial_terms.depreciation is None:
        names.append(text("straight-line depreciation"))
    if names:
        yield problem(
            "terms-assumed",
            "Terms nobody entered were assumed: {terms}. Enter the owner's own in worksheet 16.",
            where=assumed[0].where if assumed else place("financial_terms", None, "depreciation"),
            severity=Severity.NOTE,
            terms=names,
        )
    if terms.pre_tax:
        yield problem(
            "before-tax",
            "No income tax rate is entered, so net present value and internal rate of return are before tax.",
            where=place("financial_terms", None, "tax_rate"),
            severity=Severity.WARNING,
        )
