"""Best, base and worst case: the same project with capital, savings and costs changed together.

Beside them stand scenarios with a name of their own (`openrecp.economics.scenarios`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, overload

from openrecp.economics.cash_flow import after_tax_cash_flow
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.evaluation import Evaluation, evaluate_project
from openrecp.economics.inputs import changed_totals
from openrecp.economics.project import Project
from openrecp.economics.scenarios import NamedScenario, scenario_project
from openrecp.errors import Issue, UnusableInput
from openrecp.figures import Figure
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


@dataclass(frozen=True, slots=True)
class NamedResult:
    """A named scenario and what the project returns under it.

    Attributes
    ----------
    scenario : NamedScenario
    evaluation : Evaluation
        Under the scenario.
    avoided : tuple of Figure
        Expected value of each loss that is avoided [money], in the years that its formula says.
    npv_change : Figure
        Net present value less that of the base case [money].
    """

    scenario: NamedScenario
    evaluation: Evaluation
    avoided: tuple[Figure, ...]
    npv_change: Figure


@overload
def evaluate_scenarios(
    project: Project,
    scenarios: tuple[Scenario, ...] = STARTING_SCENARIOS,
    conventions: Conventions = TEXTBOOK,
) -> tuple[ScenarioResult, ...]: ...
@overload
def evaluate_scenarios(
    project: Project, scenarios: tuple[NamedScenario, ...], conventions: Conventions = TEXTBOOK
) -> tuple[NamedResult, ...]: ...
def evaluate_scenarios(
    project: Project,
    scenarios: tuple[Scenario, ...] | tuple[NamedScenario, ...] = STARTING_SCENARIOS,
    conventions: Conventions = TEXTBOOK,
) -> tuple[ScenarioResult | NamedResult, ...]:
    """Evaluate the project under each scenario, in the order given.

    Parameters
    ----------
    project : Project
    scenarios : tuple of Scenario or of NamedScenario
    conventions : Conventions

    Raises
    ------
    UnusableInput
        If a scenario is impossible for the project; carries the findings of all of them.
    """
    given: Sequence[Scenario | NamedScenario] = scenarios
    changed = tuple(_changed(project, given))
    base = after_tax_cash_flow(project, conventions).net_present_value
    return tuple(
        ScenarioResult(scenario, evaluate_project(each, conventions))
        if isinstance(scenario, Scenario)
        else _named_result(scenario, evaluate_project(each, conventions), base)
        for scenario, each in zip(given, changed, strict=True)
    )


def _changed(project: Project, scenarios: Sequence[Scenario | NamedScenario]) -> Iterator[Project]:
    issues: list[Issue] = []
    for scenario in scenarios:
        try:
            if isinstance(scenario, Scenario):
                yield changed_totals(
                    project, capital=scenario.capital, savings=scenario.savings, costs=scenario.costs
                )
            else:
                yield scenario_project(project, scenario)
        except UnusableInput as error:
            issues += error.issues
    if issues:
        raise UnusableInput(issues)


def _named_result(scenario: NamedScenario, evaluation: Evaluation, base: float) -> NamedResult:
    money, npv = evaluation.project.currency, evaluation.cash_flow.net_present_value
    return NamedResult(
        scenario,
        evaluation,
        tuple(event.figure(money) for event in scenario.events),
        Figure(
            name=text("Change of net present value"),
            value=npv - base,
            unit=money,
            formula=text("net present value under the scenario − net present value of the base case"),
            inputs=(
                Figure(text("Net present value"), npv, money),
                Figure(text("Net present value of the base case"), base, money),
            ),
        ),
    )
