"""A small plant whose options are paid for, uncertain, related and limited by a budget in every way there is."""

from __future__ import annotations

from typing import Any

from evaluation_sample import plant

from openrecp.assessment.evaluation import Evaluation, evaluate
from openrecp.assessment.evaluation.option_results import OptionEconomics

_FEASIBLE = {
    "nature": ["procedure"],
    "feasible": True,
    "departments_affected": "All",
    "training_requirements": "None",
    "instruction_changes": "None",
    "quality_maintained": True,
    "safe": True,
    "new_problems": False,
    "downtime": "0 d",
}
# Without tax, price rises and loans every figure can be counted by hand.
PLAIN: dict[str, Any] = {"discount_rate": "10", "life": "5", "maximum_payback": "4", "tax_rate": "0"}


def works(
    costs: dict[str, tuple[int, int]],
    descriptions: dict[str, dict[str, Any]] | None = None,
    terms: dict[str, Any] | None = None,
    **collections: Any,
) -> Evaluation:
    """Options with their capital and yearly saving in US dollars, all on stream W1, evaluated."""
    described = descriptions or {}
    base: dict[str, Any] = {
        "waste_streams": [{"number": "W1", "name": "Rinse water", "generation": "1000 m³/yr"}],
        "options": [{"number": number, "name": f"Option {number}", "streams": ["W1"]} for number in costs],
        "option_descriptions": [
            {"option": number, "description": "x", "hierarchy": "technology", **described.get(number, {})}
            for number in costs
        ],
        "technical_feasibility": [{"option": number, **_FEASIBLE} for number in costs],
        "sign_offs": [{"option": number, "department": "production", "agrees": True} for number in costs],
        "capital_costs": [
            {"option": number, "item": "equipment", "amount": f"{capital} USD"}
            for number, (capital, _) in costs.items()
        ],
        "operating_changes": [
            {"option": number, "item": "waste-treatment", "gain": f"{saving} USD", "stream": "W1"}
            for number, (_, saving) in costs.items()
        ],
        "financial_terms": {**PLAIN, **(terms or {})},
    }
    return evaluate(plant(**{**base, **collections}))


def economics_of(evaluation: Evaluation, number: str) -> OptionEconomics:
    """The economics of an option that has some."""
    option = evaluation.option(number)
    assert option is not None
    assert option.economics is not None
    return option.economics


def annuity(years: int, rate: float = 0.10) -> float:
    """Present value of 1 at the end of each year."""
    return float(sum((1 + rate) ** -year for year in range(1, years + 1)))
