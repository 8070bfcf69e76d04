"""Options and the selected set as plain data."""

from __future__ import annotations

from typing import Any

from openrecp.assessment.evaluation.json_analyses import analyses_data
from openrecp.assessment.evaluation.option_results import (
    OptionEconomics,
    OptionResult,
    ScreeningResult,
    SetEconomics,
    TechnicalResult,
)
from openrecp.assessment.plain import brief, cases_data, cash_flow_data, judgement_data, tornado_data, words
from openrecp.figures import figure_json
from openrecp.texts import Language


def option_data(option: OptionResult, language: Language) -> dict[str, Any]:
    """One option with its fate, reasons and figures."""
    return {
        "number": option.number,
        "name": option.name,
        "fate": option.fate.value,
        "reasons": [words(reason, language) for reason in option.reasons],
        "hierarchy": None if option.hierarchy is None else option.hierarchy.value,
        "streams": list(option.streams),
        "reduction": brief(option.reduction, language),
        "moves_medium": option.moves_medium,
        "contained_in": option.contained_in,
        "rank": None if option.standing is None else option.standing.rank,
        "screening": _screening(option.screening, language),
        "technical": _technical(option.technical, language),
        "economics": None if option.economics is None else _economics(option.economics, language),
    }


def _screening(screening: ScreeningResult, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "question": each.number,
            "text": words(each.question, language),
            "answer": each.answer.value,
            "details": [words(detail, language) for detail in each.details],
        }
        for each in screening.answers
    ]


def _technical(technical: TechnicalResult, language: Language) -> dict[str, Any]:
    return {
        "feasible": technical.feasible,
        "natures": [nature.value for nature in technical.natures],
        "downtime": brief(technical.downtime, language),
        "gaps": [{"code": gap.code, "message": words(gap, language)} for gap in technical.gaps],
    }


def _economics(economics: OptionEconomics, language: Language) -> dict[str, Any]:
    flow = None if economics.appraisal is None else economics.appraisal.cash_flow
    return {
        "payback": figure_json(economics.payback, language),
        "npv": brief(economics.npv, language),
        "irr": brief(economics.irr, language),
        "capital": figure_json(economics.capital, language),
        "capital_parts": {part.part.value: brief(part.amount, language) for part in economics.capital_parts},
        "gains": brief(economics.gains, language),
        "expenses": brief(economics.expenses, language),
        "net_saving": brief(economics.net_saving, language),
        "annual": {
            each.operating_class.value: {
                "gains": brief(each.gains, language),
                "expenses": brief(each.expenses, language),
                "net": brief(each.net, language),
            }
            for each in economics.annual
        },
        "cash_flow": None if flow is None else cash_flow_data(flow, language),
        "cases": cases_data(economics.cases, language),
        "tornado": tornado_data(economics.tornado, language),
        "judgement": None if economics.judgement is None else judgement_data(economics.judgement, language),
        **analyses_data(economics, language),
    }


def set_data(selected: SetEconomics, language: Language) -> dict[str, Any]:
    """The options to be carried out, taken together."""
    return {
        "options": list(selected.options),
        "left_out": [
            {"number": each.number, "reason": words(each.reason, language)} for each in selected.left_out
        ],
        "payback": figure_json(selected.payback, language),
        "npv": brief(selected.npv, language),
        "irr": brief(selected.irr, language),
        "capital": figure_json(selected.capital, language),
        "gains": brief(selected.gains, language),
        "expenses": brief(selected.expenses, language),
        "net_saving": figure_json(selected.net_saving, language),
        "years": list(selected.years),
        "cash": list(selected.cash),
        "present_value": list(selected.present_value),
        "cumulative_present_value": list(selected.cumulative_present_value),
        "cases": {
            each.name.value: {
                "payback": brief(each.payback, language),
                "npv": brief(each.npv, language),
                "irr": brief(each.irr, language),
            }
            for each in selected.cases
        },
        "cautions": [words(caution, language) for caution in selected.cautions],
    }
