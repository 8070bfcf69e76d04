"""Options beside one another as plain data: budget, alternatives, overlaps, abatement curves."""

from __future__ import annotations

from typing import Any

from openrecp.assessment.evaluation.choosing_results import (
    AbatementCurve,
    AlternativesCompared,
    BudgetChoice,
    BudgetStep,
    Choosing,
    Overlap,
)
from openrecp.assessment.evaluation.json_analyses import missing_data
from openrecp.assessment.plain import brief, words
from openrecp.figures import figure_json
from openrecp.texts import Language


def choosing_data(found: Choosing, language: Language) -> dict[str, Any]:
    """Everything about options beside one another."""
    return {
        "budget": None if found.budget is None else _budget(found.budget, language),
        "alternatives": [_alternatives(each, language) for each in found.alternatives],
        "overlaps": [_overlap(each, language) for each in found.overlaps],
        "abatement": [_curve(each, language) for each in found.abatement],
        "missing": missing_data(found.missing, language),
    }


def _budget(found: BudgetChoice, language: Language) -> dict[str, Any]:
    return {
        "budget": brief(found.budget, language),
        "candidates": list(found.candidates),
        "chosen": list(found.chosen),
        "not_chosen": [
            {"number": each.number, "reason": words(each.reason, language)} for each in found.not_chosen
        ],
        "capital": figure_json(found.capital, language),
        "npv": figure_json(found.npv, language),
        "annual_saving": brief(found.annual_saving, language),
        "unspent": brief(found.unspent, language),
        "gap": brief(found.gap, language),
        "proven": found.proven,
        "with_more": None if found.with_more is None else _step(found.with_more, language),
        "sentence": words(found.sentence, language),
        "notes": [words(note, language) for note in found.notes],
    }


def _step(step: BudgetStep, language: Language) -> dict[str, Any]:
    return {
        "budget": brief(step.budget, language),
        "chosen": list(step.chosen),
        "npv": brief(step.npv, language),
        "gain": brief(step.gain, language),
        "added": list(step.added),
        "dropped": list(step.dropped),
    }


def _alternatives(found: AlternativesCompared, language: Language) -> dict[str, Any]:
    return {
        "options": list(found.options),
        "best": found.best,
        "steps": [
            {
                "option": step.option,
                "against": step.against,
                "capital": brief(step.capital, language),
                "annual_saving": brief(step.annual_saving, language),
                "npv": brief(step.npv, language),
                "irr": brief(step.irr, language),
                "worth_it": step.worth_it,
                "sentence": words(step.sentence, language),
            }
            for step in found.steps
        ],
        "sentence": words(found.sentence, language),
        "trap": None if found.trap is None else words(found.trap, language),
    }


def _overlap(found: Overlap, language: Language) -> dict[str, Any]:
    return {
        "stream": found.stream,
        "savings": [
            {
                "option": each.option,
                "fraction": brief(each.fraction, language),
                "alone": brief(each.alone, language),
                "together": brief(each.together, language),
            }
            for each in found.savings
        ],
        "fraction": brief(found.fraction, language),
        "taken_off": figure_json(found.taken_off, language),
        "sentence": words(found.sentence, language),
    }


def _curve(found: AbatementCurve, language: Language) -> dict[str, Any]:
    return {
        "key": found.key,
        "name": words(found.name, language),
        "unit": found.unit,
        "bars": [
            {
                "number": bar.number,
                "avoided": brief(bar.avoided, language),
                "cost": brief(bar.cost, language),
                "npv": brief(bar.npv, language),
                "capital": brief(bar.capital, language),
                "npv_per_capital": brief(bar.npv_per_capital, language),
                "rank": bar.rank,
            }
            for bar in found.bars
        ],
        "total": brief(found.total, language),
        "by_value": list(found.by_value),
        "trapped": list(found.trapped),
        "trap": None if found.trap is None else words(found.trap, language),
        "left_out": [
            {"number": each.number, "reason": words(each.reason, language)} for each in found.left_out
        ],
        "convention": None if found.convention is None else words(found.convention, language),
        "notes": [words(note, language) for note in found.notes],
    }
