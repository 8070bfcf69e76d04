"""What lies behind the economics of an option as plain data: measures, funding, risk, break-even, ways of paying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openrecp.assessment.evaluation.economics_results import (
    BreakEvenPoint,
    FundingPart,
    Merit,
    NamedScenario,
    Percentile,
    RiskAdjustment,
    UncertaintyResult,
    WayOfPaying,
    WaysCompared,
)
from openrecp.assessment.evaluation.option_results import OptionEconomics
from openrecp.assessment.plain import brief, words
from openrecp.figures import Figure, figure_json
from openrecp.texts import Language, Text


def analyses_data(economics: OptionEconomics, language: Language) -> dict[str, Any]:
    """The parts of an option's economics that go beyond payback, cash flow and cases."""
    uncertainty, ways, risk = economics.uncertainty, economics.ways, economics.risk
    return {
        "merits": [_merit(each, language) for each in economics.merits],
        "funding": [_funding(each, language) for each in economics.funding],
        "uncertainty": None if uncertainty is None else _uncertainty(uncertainty, language),
        "break_evens": [_break_even(each, language) for each in economics.break_evens],
        "scenarios": [_scenario(each, language) for each in economics.scenarios],
        "ways": None if ways is None else _ways(ways, language),
        "risk": None if risk is None else _risk(risk, language),
        "missing": missing_data(economics.missing, language),
    }


def missing_data(missing: Mapping[str, Text], language: Language) -> dict[str, str]:
    """Why parts are empty, by their names."""
    return {part: words(reason, language) for part, reason in missing.items()}


def named_brief(figure: Figure, language: Language) -> dict[str, Any]:
    """A short figure with its name."""
    return {"name": words(figure.name, language), **brief(figure, language)}


def optional_brief(figure: Figure | None, language: Language) -> dict[str, Any] | None:
    """A short figure, or null."""
    return None if figure is None else brief(figure, language)


def _merit(each: Merit, language: Language) -> dict[str, Any]:
    return {"key": each.key, **named_brief(each.figure, language)}


def _funding(each: FundingPart, language: Language) -> dict[str, Any]:
    return {
        "kind": each.kind.value,
        "name": words(each.name, language),
        "amount": brief(each.amount, language),
    }


def _uncertainty(found: UncertaintyResult, language: Language) -> dict[str, Any]:
    return {
        "draws": found.draws,
        "seed": found.seed,
        "inputs": [
            {
                "name": words(each.name, language),
                "distribution": words(each.distribution, language),
                "stated": each.stated,
            }
            for each in found.inputs
        ],
        "origin": words(found.origin, language),
        "profitable": figure_json(found.profitable, language),
        "npv": _percentiles(found.npv, language),
        "irr": _percentiles(found.irr, language),
        "payback": _percentiles(found.payback, language),
        "npv_mean": brief(found.npv_mean, language),
        "npv_sd": brief(found.npv_sd, language),
        "histogram": {
            "edges": list(found.histogram.edges),
            "counts": list(found.histogram.counts),
            "below": found.histogram.below,
            "above": found.histogram.above,
        },
        "drivers": [
            {
                "name": words(each.name, language),
                "share": brief(each.share, language),
                "rank_correlation": each.rank_correlation,
            }
            for each in found.drivers
        ],
        "conclusion": words(found.conclusion, language),
        "notes": [words(note, language) for note in found.notes],
    }


def _percentiles(found: Sequence[Percentile], language: Language) -> list[dict[str, Any]]:
    return [{"percent": each.percent, **brief(each.figure, language)} for each in found]


def _break_even(each: BreakEvenPoint, language: Language) -> dict[str, Any]:
    return {
        "key": each.key,
        "name": words(each.name, language),
        "base": brief(each.base, language),
        "at": brief(each.at, language),
        "margin": brief(each.margin, language),
        "sentence": words(each.sentence, language),
    }


def _scenario(each: NamedScenario, language: Language) -> dict[str, Any]:
    return {
        "name": words(each.name, language),
        "what": words(each.what, language),
        "payback": brief(each.payback, language),
        "npv": brief(each.npv, language),
        "irr": brief(each.irr, language),
        "change": figure_json(each.change, language),
    }


def _ways(found: WaysCompared, language: Language) -> dict[str, Any]:
    return {
        "ways": [_way(each, language) for each in found.ways],
        "conclusion": words(found.conclusion, language),
        "notes": [words(note, language) for note in found.notes],
    }


def _way(each: WayOfPaying, language: Language) -> dict[str, Any]:
    return {
        "kind": "purchase" if each.kind is None else each.kind.value,
        "name": words(each.name, language),
        "first_payment": brief(each.first_payment, language),
        "yearly_payment": brief(each.yearly_payment, language),
        "npv": brief(each.npv, language),
        "difference": brief(each.difference, language),
        "cost_rate": brief(each.cost_rate, language),
        "implicit_rate": optional_brief(each.implicit_rate, language),
        "shortfall_npv": optional_brief(each.shortfall_npv, language),
        "borne_by_other": optional_brief(each.borne_by_other, language),
        "years": list(each.years),
        "cash": list(each.cash),
        "notes": [words(note, language) for note in each.notes],
    }


def _risk(found: RiskAdjustment, language: Language) -> dict[str, Any]:
    return {
        "reason": found.reason,
        "maximum_payback": figure_json(found.maximum_payback, language),
        "minimum_irr": figure_json(found.minimum_irr, language),
        "decisive": found.decisive,
        "sentence": words(found.sentence, language),
    }
