"""An evaluation as plain data for ``--json`` and other programs; ``docs/json.md`` describes the shape.

Codes are the same in every language; words follow the language asked for. A change that breaks a reader raises
`SHAPE_VERSION`; fields may be added without that.
"""

from __future__ import annotations

from typing import Any, Final

from openrecp.assessment.evaluation.json_balance import balance_data
from openrecp.assessment.evaluation.json_choosing import choosing_data
from openrecp.assessment.evaluation.json_options import option_data, set_data
from openrecp.assessment.evaluation.option_results import Plan
from openrecp.assessment.evaluation.plant_balance import balance_in
from openrecp.assessment.evaluation.ranking_results import Ranking, Standing
from openrecp.assessment.evaluation.results import (
    BalanceClosure,
    Evaluation,
    PerformanceResult,
    StreamResult,
)
from openrecp.assessment.plain import brief, issue_data, sensitivity_data, words
from openrecp.figures import figure_json
from openrecp.texts import Language

SHAPE_VERSION: Final = 1


def evaluation_json(evaluation: Evaluation, language: Language) -> dict[str, Any]:
    """The evaluation as dictionaries, lists, strings and numbers.

    Parameters
    ----------
    evaluation : Evaluation
    language : {"en", "zh-hant"}
        Language of names, messages and formulas.

    Raises
    ------
    ValueError
        If the language is not known.
    """
    document, cover = evaluation.assessment, evaluation.assessment.cover
    totals = evaluation.stream_totals
    return {
        "format": "openrecp-evaluation",
        "version": SHAPE_VERSION,
        "library": evaluation.versions.library,
        "evaluation": evaluation.versions.evaluation,
        "language": language,
        "mode": evaluation.mode.value,
        "document": {
            "id": document.id,
            "version": evaluation.versions.document,
            "simplified": document.simplified,
            "firm": cover.firm,
            "plant": cover.plant,
            "currency": document.currency.value,
            "prepared_on": _day(cover.prepared_on),
            "period_start": _day(cover.period_start),
            "period_end": _day(cover.period_end),
        },
        "needs_attention": evaluation.needs_attention,
        "issues": [issue_data(issue, language) for issue in evaluation.issues],
        "parameters": [
            {
                "key": each.key,
                "assumed": each.assumed,
                "path": each.where.path,
                "figure": figure_json(each.figure, language),
            }
            for each in evaluation.parameters
        ],
        "streams": [_stream(stream, language) for stream in evaluation.streams],
        "stream_totals": {
            "generation": [figure_json(figure, language) for figure in totals.generation],
            "management_cost": figure_json(totals.management_cost, language),
            "lost_material_cost": figure_json(totals.lost_material_cost, language),
            "total_cost": figure_json(totals.total_cost, language),
        },
        "stream_ranking": _ranking(evaluation.stream_ranking, language),
        "closures": [_closure(closure, language) for closure in evaluation.closures],
        "balance": balance_data(balance_in(evaluation, language), language),
        "options": [option_data(option, language) for option in evaluation.options],
        "option_ranking": _ranking(evaluation.option_ranking, language),
        "fates": {
            fate.value: [option.number for option in options]
            for fate, options in evaluation.options_by_fate.items()
        },
        "selected": None if evaluation.selected is None else set_data(evaluation.selected, language),
        "choosing": choosing_data(evaluation.choosing, language),
        "plan": _plan(evaluation.plan),
        "performance": [_performance(result, language) for result in evaluation.performance],
    }


def _day(value: object) -> str | None:
    return None if value is None else str(value)


def _stream(stream: StreamResult, language: Language) -> dict[str, Any]:
    return {
        "number": stream.number,
        "name": stream.name,
        "process": None if stream.process is None else stream.process.number,
        "generation": figure_json(stream.generation, language),
        "management_cost": figure_json(stream.management_cost, language),
        "lost_material_cost": figure_json(stream.lost_material_cost, language),
        "total_cost": figure_json(stream.total_cost, language),
        "share": figure_json(stream.share, language),
        "rank": None if stream.standing is None else stream.standing.rank,
        "options": list(stream.options),
    }


def _ranking(ranking: Ranking, language: Language) -> dict[str, Any]:
    return {
        "criteria": [
            {
                "number": each.number,
                "name": words(each.name, language),
                "weight": None if each.weight is None else float(each.weight),
                "sensitivity": None if each.sensitivity is None else sensitivity_data(each.sensitivity),
            }
            for each in ranking.criteria
        ],
        "standings": [_standing(each, language) for each in ranking.standings],
        "shortlist": list(ranking.shortlist),
        "findings": [words(finding, language) for finding in ranking.findings],
    }


def _standing(standing: Standing, language: Language) -> dict[str, Any]:
    return {
        "number": standing.number,
        "name": words(standing.name, language),
        "ratings": [None if rating is None else float(rating) for rating in standing.ratings],
        "score": figure_json(standing.score, language),
        "share": brief(standing.share, language),
        "rank": standing.rank,
        "tied": list(standing.tied),
        "close": standing.close,
    }


def _closure(closure: BalanceClosure, language: Language) -> dict[str, Any]:
    return {
        "process": None if closure.process is None else closure.process.number,
        "process_name": words(closure.process_name, language),
        "component": closure.component,
        "state": closure.state.value,
        "error": None if closure.error is None else brief(closure.error, language),
        "inputs": figure_json(closure.inputs, language),
        "outputs": figure_json(closure.outputs, language),
        "accumulated": figure_json(closure.accumulated, language),
        "unaccounted": brief(closure.unaccounted, language),
        "share": brief(closure.share, language),
        "left_out": [words(each, language) for each in closure.left_out],
        "notes": [words(each, language) for each in closure.notes],
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "start": _day(plan.start),
        "months": plan.months,
        "tasks": [
            {
                "option": task.option,
                "task": task.task,
                "responsible": task.responsible,
                "first_month": task.first_month,
                "last_month": task.last_month,
                "starts_on": _day(task.starts_on),
            }
            for task in plan.tasks
        ],
    }


def _performance(result: PerformanceResult, language: Language) -> dict[str, Any]:
    baseline, planned, actual = result.production
    return {
        "option": result.option,
        "production": {
            "baseline": figure_json(baseline, language),
            "planned": figure_json(planned, language),
            "actual": figure_json(actual, language),
        },
        "lines": [
            {
                "name": line.name,
                "kind": None if line.record.kind is None else line.record.kind.value,
                "baseline": figure_json(line.baseline, language),
                "planned": figure_json(line.planned, language),
                "actual": figure_json(line.actual, language),
                "baseline_rate": figure_json(line.baseline_rate, language),
                "planned_rate": figure_json(line.planned_rate, language),
                "actual_rate": figure_json(line.actual_rate, language),
                "planned_reduction": brief(line.planned_reduction, language),
                "actual_reduction": brief(line.actual_reduction, language),
                "plain_reduction": brief(line.plain_reduction, language),
            }
            for line in result.lines
        ],
        "cautions": [words(caution, language) for caution in result.cautions],
    }
