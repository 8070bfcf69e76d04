"""Findings, cash flows, cases, swings and sensitivities as plain data: the pieces every ``--json`` is made of.

``docs/json.md`` describes the shapes. Codes and numbers are the same in every language; words follow it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from openrecp.economics.cases import ScenarioResult
from openrecp.economics.cash_flow import CashFlow
from openrecp.economics.criteria import Check, Judgement
from openrecp.economics.sensitivity import Outcome, Swing
from openrecp.errors import Issue
from openrecp.figures import Figure
from openrecp.screening import Turn, WeightSensitivity
from openrecp.texts import Language, render


def words(item: object, language: Language) -> str:
    """Words in the language asked for."""
    return render(item, language)


def brief(figure: Figure, language: Language) -> dict[str, Any]:
    """Value and unit of a figure, with the reason where there is no value."""
    value = float(figure.value) if isinstance(figure.value, Decimal) else figure.value
    data: dict[str, Any] = {"value": value, "unit": figure.unit}
    if figure.reason is not None and value is None:
        data["reason"] = render(figure.reason, language)
    return data


def issue_data(issue: Issue, language: Language) -> dict[str, Any]:
    """A finding: code, severity, message, and the place as far as it is known."""
    places = {
        "path": issue.where.path,
        "file": issue.where.file,
        "sheet": issue.where.sheet,
        "cell": issue.where.cell,
        "line": issue.where.line,
    }
    return {
        "code": issue.code,
        "severity": issue.severity.value,
        "message": words(issue, language),
        **{name: value for name, value in places.items() if value is not None},
    }


def cash_flow_data(flow: CashFlow, language: Language) -> dict[str, Any]:
    """Years and the lines of worksheet 16."""
    return {
        "years": list(flow.years),
        "lines": [
            {"letter": line.letter, "name": words(line.name, language), "amounts": list(line.amounts)}
            for line in flow.worksheet()
        ],
    }


def cases_data(cases: Iterable[ScenarioResult], language: Language) -> dict[str, Any]:
    """Best, base and worst case by name."""
    return {
        each.scenario.name.value: {
            "payback": brief(each.evaluation.payback, language),
            "npv": brief(each.evaluation.npv, language),
            "irr": brief(each.evaluation.irr, language),
        }
        for each in cases
    }


def tornado_data(swings: Iterable[Swing], language: Language) -> list[dict[str, Any]]:
    """Inputs varied one at a time, widest swing first."""
    return [
        {
            "key": swing.key,
            "name": words(swing.name, language),
            "swing": swing.swing,
            "low": _outcome(swing.low, language),
            "high": _outcome(swing.high, language),
        }
        for swing in swings
    ]


def _outcome(outcome: Outcome, language: Language) -> dict[str, Any]:
    return {
        "input": brief(outcome.value, language),
        "payback": brief(outcome.payback, language),
        "npv": brief(outcome.npv, language),
        "irr": brief(outcome.irr, language),
    }


def judgement_data(judgement: Judgement, language: Language) -> dict[str, Any]:
    """Verdict, reasons and every check."""
    return {
        "verdict": judgement.verdict.value,
        "reasons": [words(reason, language) for reason in judgement.reasons],
        "checks": [_check(check, language) for check in judgement.checks],
    }


def _check(check: Check, language: Language) -> dict[str, Any]:
    data: dict[str, Any] = {
        "figure": {"name": words(check.figure.name, language), **brief(check.figure, language)},
        "limit": check.limit,
        "met": check.met,
        "reason": words(check.reason, language),
    }
    if check.eased_limit is not None:
        data |= {"eased_limit": check.eased_limit, "eased_met": check.eased_met}
    if check.eased_figure is not None:
        data["eased_figure"] = brief(check.eased_figure, language)
    return data


def sensitivity_data(found: WeightSensitivity) -> dict[str, Any]:
    """At which weights the first place, or anything in the order, changes."""
    return {
        "first_down": _turn(found.first_down),
        "first_up": _turn(found.first_up),
        "order_down": _turn(found.order_down),
        "order_up": _turn(found.order_up),
    }


def _turn(turn: Turn | None) -> dict[str, Any] | None:
    if turn is None:
        return None
    return {
        "weight": turn.weight,
        "change": turn.change,
        "level": list(turn.level),
        "first_beyond": list(turn.first_beyond),
    }
