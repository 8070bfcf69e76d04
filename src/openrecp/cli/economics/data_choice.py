"""Several cases and what follows for them together, as plain data for ``--json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from openrecp import __version__
from openrecp.assessment.plain import brief, issue_data, words
from openrecp.cli.economics.data import case_data
from openrecp.cli.economics.one import CaseResults
from openrecp.cli.economics.several import Choice
from openrecp.economics import Mode
from openrecp.economics.choice import (
    AbatementCurve,
    BestSet,
    ExclusiveComparison,
    Filling,
    Ranked,
    SetValue,
)
from openrecp.figures import Figure, figure_json
from openrecp.texts import Language


def cases_data(results: Sequence[CaseResults], choice: Choice, language: Language) -> dict[str, Any]:
    """The cases, each as it stands alone, and the choice among them."""
    return {
        "format": "openrecp-economics-choice",
        "version": 1,
        "library": __version__,
        "mode": (results[0].evaluation.conventions.mode or Mode.TEXTBOOK).value,
        "cases": [
            {"key": candidate.key, **case_data(each, language)}
            for candidate, each in zip(choice.candidates, results, strict=True)
        ],
        **choice_data(choice, language),
    }


def choice_data(choice: Choice, language: Language) -> dict[str, Any]:
    """Which of exclusive cases, which set under the budget, and what avoiding costs."""
    data: dict[str, Any] = {
        "budget": choice.budget,
        "best_set": _best_set(choice.best, language),
        "exclusive": [_exclusive(each, language) for each in choice.exclusive],
        "ranking": [_ranked(each, language) for each in choice.ranking],
        "abatement": [_curve(each, language) for each in choice.curves],
        "issues": [issue_data(issue, language) for issue in choice.notes],
    }
    if choice.not_compared is not None:
        data["not_compared"] = words(choice.not_compared, language)
    return data


def _best_set(best: BestSet, language: Language) -> dict[str, Any]:
    return {
        "proof": best.proof.value,
        "chosen": list(best.chosen),
        "value": None if best.value is None else _set_value(best.value, language),
        "left_out": [
            {
                "key": each.key,
                "reason": each.reason.value,
                "explanation": words(each.explanation, language),
            }
            for each in best.left_out
        ],
        "bound": brief(best.bound, language),
        "gap": brief(best.gap, language),
        "relative_gap": brief(best.relative_gap, language),
        "unspent": brief(best.unspent, language),
        "budget_price": brief(best.budget_price, language),
        "issues": [issue_data(issue, language) for issue in best.issues],
    }


def _set_value(value: SetValue, language: Language) -> dict[str, Any]:
    return {
        "capital": _figure(value.capital, language),
        "npv": _figure(value.npv, language),
        "annual_saving": _figure(value.annual_saving, language),
        "quantities": {name: _figure(each, language) for name, each in value.quantities.items()},
        "loads": [
            {
                "load": each.load,
                "members": list(each.members),
                "saved": brief(each.saved, language),
                "value": brief(each.value, language),
                "overlap": brief(each.overlap, language),
            }
            for each in value.loads
        ],
    }


def _figure(figure: Figure, language: Language) -> dict[str, Any]:
    """The figure and what it is made of; what that is made of stands with the cases."""
    parts = tuple(replace(part, inputs=()) for part in figure.inputs)
    return figure_json(replace(figure, inputs=parts), language)


def _exclusive(comparison: ExclusiveComparison, language: Language) -> dict[str, Any]:
    return {
        "chosen": comparison.chosen,
        "lives": comparison.lives.value,
        "horizon": comparison.horizon,
        "explanation": words(comparison.explanation, language),
        "ranks": [
            {
                "rank": each.rank,
                "key": each.key,
                "capital": brief(each.capital, language),
                "npv": brief(each.npv, language),
                "annual_worth": brief(each.annual_worth, language),
                "irr": brief(each.irr, language),
            }
            for each in comparison.ranks
        ],
        "increments": [
            {
                "defender": each.defender,
                "challenger": each.challenger,
                "capital": brief(each.capital, language),
                "npv": brief(each.npv, language),
                "irr": brief(each.irr, language),
                "winner": each.winner,
                "explanation": words(each.explanation, language),
            }
            for each in comparison.increments
        ],
        "issues": [issue_data(issue, language) for issue in comparison.issues],
    }


def _ranked(ranked: Ranked, language: Language) -> dict[str, Any]:
    return {"rank": ranked.rank, "key": ranked.key, "npv_per_capital": brief(ranked.ratio, language)}


def _curve(curve: AbatementCurve, language: Language) -> dict[str, Any]:
    return {
        "quantity": curve.quantity,
        "bars": [
            {
                "key": bar.key,
                "unit_cost": brief(bar.unit_cost, language),
                "width": bar.width.value,
                "start": bar.start.value,
                "end": bar.end.value,
            }
            for bar in curve.bars
        ],
        "without_bar": list(curve.without_bar),
        "convention": words(curve.convention, language),
        "trap": words(curve.trap, language),
        "misleading": list(curve.misleading),
        "fillings": [_filling(each, language) for each in curve.fillings],
        "issues": [issue_data(issue, language) for issue in curve.issues],
    }


def _filling(filling: Filling, language: Language) -> dict[str, Any]:
    return {
        "ranking": words(filling.ranking, language),
        "order": list(filling.order),
        "chosen": list(filling.chosen),
        "npv": filling.value.npv.value,
        "shortfall": brief(filling.shortfall, language),
    }
