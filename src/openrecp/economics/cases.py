"""Best, base and worst case: the same project with capital, savings and costs changed together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.evaluation import Evaluation, evaluate_project
from openrecp.economics.inputs import changed_totals
from openrecp.economics.project import Project
from openrecp.texts import Choice, text


class CaseName(Choice):
    """The three cases that section 4.3 of the manual asks a final report to compare."""

    BEST = "best", text("Best case")
    BASE = "base", text("Base case")
    WORST = "worst", text("Worst case")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes as fractions of the base case; 0.2 is 20 % more.

    ``savings`` changes savings and revenues, ``costs`` changes what is spent each year.
    """

    name: CaseName
    capital: float = 0.0
    savings: float = 0.0
    costs: float = 0.0


# Preliminary estimates of capital are good to about 20 % (Peters and Timmerhaus, Plant Design and
# Economics for Chemical Engineers, types of capital cost estimates); the owner may set other changes.
STARTING_SCENARIOS: Final = (
    Scenario(CaseName.BEST, capital=-0.2, savings=0.2, costs=-0.2),
    Scenario(CaseName.BASE),
    Scenario(CaseName.WORST, capital=0.2, savings=-0.2, costs=0.2),
)


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """A scenario and what the project returns under it."""

    scenario: Scenario
    evaluation: Evaluation


def evaluate_scenarios(
    project: Project,
    scenarios: tuple[Scenario, ...] = STARTING_SCENARIOS,
    conventions: Conventions = TEXTBOOK,
) -> tuple[ScenarioResult, ...]:
    """Evaluate the project under each scenario, in the order given.

    Parameters
    ----------
    project : Project
    scenarios : tuple of Scenario
    conventions : Conventions
    """
    return tuple(
        ScenarioResult(
            scenario,
            evaluate_project(
                changed_totals(
                    project, capital=scenario.capital, savings=scenario.savings, costs=scenario.costs
                ),
                conventions,
            ),
        )
        for scenario in scenarios
    )
