"""Small assessments for the tests of the evaluation."""

from __future__ import annotations

from typing import Any

from openrecp.assessment.document import Assessment, assessment_from_data
from openrecp.assessment.evaluation import Evaluation, evaluate
from openrecp.assessment.evaluation.option_results import OptionResult
from openrecp.errors import Issue
from openrecp.texts import render


def plant(**collections: Any) -> Assessment:
    """An assessment in US dollars from plain data, unless the data say otherwise."""
    cover = {"firm": "Plant", "currency": "USD", **collections.pop("cover", {})}
    return assessment_from_data({"cover": cover, **collections})


def codes(evaluation: Evaluation) -> list[str]:
    """Codes of the findings."""
    return [issue.code for issue in evaluation.issues]


def finding(evaluation: Evaluation, code: str) -> Issue:
    """The one finding of a kind."""
    found = [issue for issue in evaluation.issues if issue.code == code]
    assert len(found) == 1, f"{len(found)} findings {code}: {[render(each, 'en') for each in found]}"
    return found[0]


def option_of(evaluation: Evaluation, number: str) -> OptionResult:
    """The option with a number."""
    found = evaluation.option(number)
    assert found is not None
    return found


PLATING: dict[str, Any] = {
    # 工業減廢評估, appendix 3, sections 3.6.1 to 3.6.4.
    "waste_streams": [
        {"number": "W1", "name": "Rinse water", "generation": "300 m³/yr", "management_cost": "17500 USD"}
    ],
    "options": [
        {"number": "O1", "name": "Drip tray", "streams": ["W1"]},
        {"number": "O2", "name": "Deionised water with drip tray", "streams": ["W1"]},
        {"number": "O3", "name": "Spray rinse", "streams": ["W1"]},
        {"number": "O4", "name": "Keep hazardous waste apart", "streams": ["W1"]},
    ],
    "option_descriptions": [
        {"option": "O1", "description": "Trays", "hierarchy": "technology"},
        {"option": "O2", "description": "Ion exchange", "hierarchy": "input", "contains": ["O1"]},
        {"option": "O3", "description": "Sprays", "hierarchy": "technology"},
        {"option": "O4", "description": "Separate collection", "hierarchy": "practice"},
    ],
    "option_screenings": [{"option": "O4", "main_benefits": ["economic"], "cost_effective": True}],
    "technical_feasibility": [
        {"option": number, "nature": ["equipment"], "feasible": True, "downtime": "0 d"}
        for number in ("O1", "O2", "O3")
    ],
    "capital_costs": [
        {"option": "O1", "item": "equipment", "amount": "3000 USD"},
        {"option": "O1", "item": "installation", "amount": "2000 USD"},
        {"option": "O2", "item": "equipment", "amount": "6700 USD"},
        {"option": "O2", "item": "equipment", "amount": "5000 USD"},
        {"option": "O3", "item": "equipment", "amount": "53000 USD"},
        {"option": "O3", "item": "installation", "amount": "17625 USD"},
        {"option": "O4", "item": "other", "amount": "0 USD"},
    ],
    "operating_changes": [
        {"option": "O1", "item": "waste-treatment", "gain": "6500 USD"},
        {"option": "O1", "item": "raw-materials", "gain": "7800 USD"},
        {"option": "O2", "item": "raw-materials", "gain": "22500 USD"},
        {"option": "O2", "item": "supplies", "expense": "11250 USD"},
        {"option": "O3", "item": "waste-treatment", "gain": "8750 USD"},
    ],
    "financial_terms": {"discount_rate": 15, "tax_rate": 34, "life": 8},
}


def plating(**changes: Any) -> Evaluation:
    """The four options of appendix 3, evaluated."""
    return evaluate(plant(**{**PLATING, **changes}))
