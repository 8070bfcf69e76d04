"""The simulation that is asked for: with the distributions of the case, else with those of its three cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from openrecp.assessment.case_file import EconomicsCase
from openrecp.cli.console import Console
from openrecp.cli.economics.asked import Asked
from openrecp.economics import Conventions, project_inputs
from openrecp.economics.uncertainty import (
    STARTING_DRAWS,
    STARTING_SEED,
    Correlation,
    MonteCarlo,
    SimulationFigures,
    UncertainInput,
    monte_carlo,
    simulation_figures,
    triangular_from_cases,
)
from openrecp.errors import UnusableInput, Where, problem
from openrecp.texts import Text, text

MOST_DRAWS: Final = 10_000_000
"""More would not fit the memory of a usual computer, and change no digit that matters."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulation, its figures, and where its distributions come from.

    ``is_stated`` says whether they are the case's own.
    """

    found: MonteCarlo
    figures: SimulationFigures
    is_stated: bool

    @property
    def origin(self) -> Text:
        """Where the distributions come from, in words."""
        if self.is_stated:
            return text("The distributions are those of the case.")
        return text(
            "The case states no distributions: capital, savings and costs are drawn from triangles between its best "
            "and its worst case, each on its own, most likely as in the base case."
        )


def simulated(case: EconomicsCase, asked: Asked, conventions: Conventions, console: Console) -> Simulation:
    """Draw the uncertain inputs of a case.

    Raises
    ------
    UnusableInput
        If nothing is uncertain, the distributions are impossible for the project, or there are too many draws.
    """
    own = case.monte_carlo
    inputs: tuple[UncertainInput, ...] = own.inputs if own else _between_cases(case)
    if not inputs:
        raise UnusableInput(
            problem(
                "nothing-uncertain",
                "Nothing in this case is uncertain: add “monte_carlo” with its inputs, or best and worst cases.",
                where=Where(file=case.file),
            )
        )
    correlations: tuple[Correlation, ...] = own.correlations if own else ()
    draws = asked.draws or (own.draws if own else STARTING_DRAWS)
    if draws > MOST_DRAWS:
        raise UnusableInput(
            problem(
                "too-many-draws",
                "{draws} draws are too many; take {most} or fewer.",
                where=Where(file=case.file),
                draws=draws,
                most=MOST_DRAWS,
            )
        )
    seed = asked.seed if asked.seed is not None else (own.seed if own else STARTING_SEED)
    found = monte_carlo(
        case.project, inputs, correlations, draws, seed, conventions, progress=_progress(console)
    )
    return Simulation(found, simulation_figures(found), own is not None)


def _between_cases(case: EconomicsCase) -> tuple[UncertainInput, ...]:
    """Capital, savings and costs between the best and the worst case; what no case changes is left out."""
    known = project_inputs(case.project)
    found = []
    for key in ("capital", "savings", "costs"):
        changes = [0.0, *(getattr(each, key) for each in case.scenarios)]
        if key in known and min(changes) < max(changes):
            base = known[key].value
            spread = triangular_from_cases(base * (1.0 + min(changes)), base, base * (1.0 + max(changes)))
            found.append(UncertainInput(key, spread))
    return tuple(found)


def _progress(console: Console) -> Callable[[int, int], None]:
    def show(done: int, draws: int) -> None:
        console.progress(text("Drawing, {done} of {draws}", done=done, draws=draws))

    return show
