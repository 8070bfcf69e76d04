"""One case as plain data for ``--json``; ``docs/json.md`` describes the keys, which are stable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openrecp import __version__
from openrecp.assessment.plain import (
    brief,
    cases_data,
    cash_flow_data,
    judgement_data,
    tornado_data,
    words,
)
from openrecp.cli.economics.data_risk import simulation_data
from openrecp.cli.economics.one import CaseResults
from openrecp.cli.economics.ways import ways_data
from openrecp.economics import (
    BreakEven,
    CashFlow,
    Evaluation,
    Mode,
    ModeComparison,
    NamedResult,
    TableAxis,
    TwoWayTable,
)
from openrecp.economics.funding_figures import grant_figures, loan_figures
from openrecp.economics.merit_results import MeritFigures
from openrecp.figures import Figure, figure_json
from openrecp.texts import Language

HEAD: Final[Mapping[str, Any]] = {"format": "openrecp-economics", "version": 1, "library": __version__}
_MERITS: Final = (
    "discounted_payback",
    "modified_irr",
    "annual_worth",
    "benefit_cost_ratio",
    "savings_to_investment",
    "adjusted_irr",
    "real_irr",
    "grants_value",
    "credits_value",
    "cost_of_delay",
    "month_of_waiting",
)


def case_data(results: CaseResults, language: Language) -> dict[str, Any]:
    """Everything that was counted of a case."""
    evaluation = results.evaluation
    flow = evaluation.cash_flow
    irr = flow.internal_rate
    data: dict[str, Any] = {
        **HEAD,
        "file": results.case.file,
        "name": words(evaluation.project.name, language),
        "source": results.case.source,
        "note": results.case.note,
        "currency": evaluation.project.currency,
        "mode": (evaluation.conventions.mode or Mode.TEXTBOOK).value,
        "payback": figure_json(evaluation.payback, language),
        "npv": figure_json(evaluation.npv, language),
        "irr": {**figure_json(evaluation.irr, language), "roots": [100 * root for root in irr.roots]},
        "total_capital": figure_json(evaluation.total_capital, language),
        "annual_net_saving": figure_json(evaluation.annual_net_saving, language),
        **_merits(evaluation.merits, language),
        "construction_interest": flow.funding.construction_interest,
        "loan": flow.funding.loan,
        "equity": flow.funding.equity,
        "judgement": judgement_data(results.judgement, language),
        "cash_flow": _cash_flow(flow, language),
        "loans": _loans(flow, language),
        "grants": [figure_json(each, language) for each in grant_figures(flow)],
        "tax_credits": {
            "used": sum(flow.credit_used),
            "lapsed": sum(flow.credit_lapsed),
            "open": flow.credit_open[-1],
        },
        "operating": [
            {"key": line.key, "name": words(line.name, language), "amounts": list(flow.operating[line.key])}
            for line in evaluation.project.operating
        ],
        "cases": cases_data(results.scenarios, language),
        "scenarios": [_scenario(each, language) for each in results.named],
        "tornado": tornado_data(results.swings, language),
        "break_even": [_break_even(each, language) for each in results.break_evens],
        "ways": ways_data(results.ways, language),
        "two_way": [_table(each, language) for each in results.tables],
    }
    if results.simulation is not None:
        data["monte_carlo"] = simulation_data(results.simulation, language)
    if results.comparison is not None:
        data["mode_differences"] = _comparison(results.comparison, language)
    return data


def _merits(merits: MeritFigures, language: Language) -> dict[str, Any]:
    """The other measures of merit by key; null where the project has no use for one."""

    def opened(figure: Figure | None) -> dict[str, Any] | None:
        return None if figure is None else figure_json(figure, language)

    return {
        **{key: opened(getattr(merits, key)) for key in _MERITS},
        "loan_subsidies": [figure_json(each, language) for each in merits.loan_subsidies],
        "levelised": [
            {
                "name": words(each.avoided.name, language),
                "unit": each.avoided.unit,
                "yearly": each.avoided.yearly,
                "gross": figure_json(each.gross, language),
                "net": figure_json(each.net, language),
            }
            for each in merits.levelised
        ],
    }


def _cash_flow(flow: CashFlow, language: Language) -> dict[str, Any]:
    return {
        **cash_flow_data(flow, language),
        "irr_to_date": [None if rate.value is None else 100 * rate.value for rate in flow.internal_rates()],
        "losses_open": list(flow.losses_open),
        "credit_open": list(flow.credit_open),
        "credit_lapsed": list(flow.credit_lapsed),
        "inflation": 100.0 * flow.project.prices.inflation,
        "price_year": flow.project.prices.year,
        "real": list(flow.real_cash),
    }


def _loans(flow: CashFlow, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "name": words(account.loan.name, language),
            "amount": figure_json(figure, language),
            "interest_rate": 100.0 * account.loan.interest_rate,
            "years": account.loan.years,
            "repayment": account.loan.repayment.value,
            "grace_years": account.loan.grace_years,
            "grace": account.loan.grace.value,
            "balance": list(account.balance),
            "interest": list(account.interest),
            "principal": list(account.principal),
        }
        for account, figure in zip(flow.loans, loan_figures(flow), strict=True)
    ]


def _results(evaluation: Evaluation, language: Language) -> dict[str, Any]:
    return {
        "payback": brief(evaluation.payback, language),
        "npv": brief(evaluation.npv, language),
        "irr": brief(evaluation.irr, language),
    }


def _scenario(result: NamedResult, language: Language) -> dict[str, Any]:
    return {
        "key": result.scenario.key,
        "name": words(result.scenario.name, language),
        **_results(result.evaluation, language),
        "npv_change": brief(result.npv_change, language),
        "avoided": [figure_json(each, language) for each in result.avoided],
    }


def _break_even(found: BreakEven, language: Language) -> dict[str, Any]:
    data: dict[str, Any] = {
        "key": found.key,
        "name": words(found.name, language),
        "base": brief(found.base, language),
        "target": {"measure": found.target.measure.value, "value": found.target.value},
        "reached": found.reached,
        "is_total": found.is_total,
        "points": [
            {
                "value": point.value.value,
                "margin": brief(point.margin, language),
                "reached_above": point.reached_above,
                "statement": words(point.statement, language),
            }
            for point in found.points
        ],
    }
    if found.reason is not None:
        data["reason"] = words(found.reason, language)
    return data


def _table(table: TwoWayTable, language: Language) -> dict[str, Any]:
    return {
        "measure": table.measure.value,
        "unit": table.cells[0][0].unit,
        "rows": _axis(table.rows, language),
        "columns": _axis(table.columns, language),
        "cells": [[_number(cell) for cell in row] for row in table.cells],
    }


def _axis(axis: TableAxis, language: Language) -> dict[str, Any]:
    return {
        "key": axis.key,
        "name": words(axis.name, language),
        "unit": axis.base.unit,
        "base": _number(axis.base),
        "values": [_number(value) for value in axis.values],
    }


def _number(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


def _comparison(comparison: ModeComparison, language: Language) -> dict[str, Any]:
    def pair(evaluation: Evaluation) -> dict[str, Any]:
        return {"npv": evaluation.npv.value, "irr": evaluation.irr.value}

    return {
        "epa-1988": pair(comparison.epa_1988),
        "textbook": pair(comparison.textbook),
        "summary": words(comparison.summary, language),
        "steps": [
            {
                "explanation": words(step.explanation, language),
                "npv_change": step.npv_change.value,
                "irr_change": step.irr_change.value,
            }
            for step in comparison.steps
        ],
    }
