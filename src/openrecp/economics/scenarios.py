"""Named scenarios: a project with chosen inputs changed, and with losses that it would avoid.

A fine, a shutdown or a clean-up that the project avoids is not certain, so it has no place in the base case. A
scenario counts it with its expected value, probability × amount, and leaves the base case untouched (section 4.2.4
of the manual: who breaks environmental law may be fined and in the end be shut down, and then the whole cash flow
of the firm hangs on the project).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from openrecp.economics.checks import number_out_of_range, placed
from openrecp.economics.inputs import ProjectInput, changed_inputs, project_inputs
from openrecp.economics.labels import as_text
from openrecp.economics.measures import unknown_input
from openrecp.economics.operating import OperatingClass, OperatingItem
from openrecp.economics.project import Project
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.figures import Basis, Figure
from openrecp.texts import Choice, Text, text


@dataclass(frozen=True, slots=True)
class Change:
    """Another value of one input, or its base value times a factor.

    Attributes
    ----------
    key : str
        Of a `ProjectInput`.
    value : float or None
        Amounts in money, rates and shares as fractions, a life in whole years.
    factor : float or None
        Instead of a value: 1.2 is 20 % more than in the base case.
    """

    key: str
    value: float | None = None
    factor: float | None = None
    source: Where | Text | None = None

    def changed(self, base: float) -> float:
        """The value of the input, given that of the base case."""
        if self.value is not None:
            return self.value
        return base if self.factor is None else base * self.factor


class EventKind(Choice):
    """What may happen to a firm that goes on as before."""

    FINE = "fine", text("Fine")
    SHUTDOWN = "shutdown", text("Shutdown")
    LIABILITY = "liability", text("Liability or clean-up")


@dataclass(frozen=True, slots=True)
class Event:
    """A loss that the project would avoid, and how likely it is.

    Counted as a saving before tax like any other, at the prices entered. That is cautious where a fine could not be
    deducted from taxable income.

    Attributes
    ----------
    name : Text or str
    kind : EventKind
    amount : float
        Loss when it happens [money].
    probability : float
        That it happens within a year, 0 to 1.
    year : int or None
        The one operating year in which it may happen; None for every year.
    """

    name: Text | str
    kind: EventKind
    amount: float
    probability: float
    year: int | None = None
    source: Where | Text | None = None

    @property
    def expected_value(self) -> float:
        """Probability × amount [money/yr]."""
        return self.probability * self.amount

    def issues(self, where: Where, life: int) -> Iterator[Issue]:
        """What makes the event impossible."""
        yield from number_out_of_range(where, "amount", self.amount, 0.0, math.inf)
        yield from number_out_of_range(where, "probability", self.probability, 0.0, 1.0)
        if self.year is not None and not 1 <= self.year <= life:
            yield problem(
                "event-year",
                "{name} would happen in year {year}; that must be one of the project's years 1 to {life}.",
                where=where,
                name=self.name,
                year=self.year,
                life=life,
            )

    def item(self, key: str) -> OperatingItem:
        """The expected value as an operating item."""
        return OperatingItem(
            key=key,
            name=text("{kind} avoided, expected value: {name}", kind=self.kind, name=self.name),
            operating_class=OperatingClass.INSURANCE,
            annual_amount=self.expected_value,
            basis=Basis.ASSUMED,
            source=self.source,
            first_year=1 if self.year is None else self.year,
            last_year=self.year,
        )

    def figure(self, currency: str) -> Figure:
        """The expected value, with the amount and the probability behind it."""
        return Figure(
            name=text("{kind} avoided, expected value: {name}", kind=self.kind, name=self.name),
            value=self.expected_value,
            unit=currency,
            formula=(
                text("probability × amount, every year")
                if self.year is None
                else text("probability × amount, in year {year}", year=self.year)
            ),
            inputs=(
                Figure(
                    text("Probability in a year"),
                    100.0 * self.probability,
                    "%",
                    basis=Basis.ASSUMED,
                    source=self.source,
                ),
                Figure(as_text(self.name), self.amount, currency, basis=Basis.ASSUMED, source=self.source),
            ),
        )


@dataclass(frozen=True, slots=True)
class NamedScenario:
    """A project under other circumstances.

    Attributes
    ----------
    key : str
    name : Text or str
    changes : tuple of Change
        Put in one after the other; each factor is of the value in the base case.
    events : tuple of Event
        Losses that are avoided in this scenario.
    """

    key: str
    name: Text | str
    changes: tuple[Change, ...] = ()
    events: tuple[Event, ...] = ()
    source: Where | Text | None = None


def scenario_project(project: Project, scenario: NamedScenario) -> Project:
    """The project under a scenario; the base case stays as it is.

    Raises
    ------
    UnusableInput
        If a change names no input of the project, a value or an event is impossible; carries every such finding.
    """
    inputs = project_inputs(project)
    issues = list(scenario_issues(project, scenario, inputs))
    if issues:
        raise UnusableInput(issues)
    values = [(inputs[change.key], change.changed(inputs[change.key].value)) for change in scenario.changes]
    changed = changed_inputs(project, values) if values else project
    taken = {line.key for line in project.operating}
    items = tuple(
        event.item(_free_key(f"avoided:{number}", taken)) for number, event in enumerate(scenario.events, 1)
    )
    return replace(changed, operating=(*changed.operating, *items)) if items else changed


def _free_key(key: str, taken: set[str]) -> str:
    while key in taken:
        key += "'"
    return key


def scenario_issues(
    project: Project, scenario: NamedScenario, inputs: Mapping[str, ProjectInput]
) -> Iterator[Issue]:
    """What is wrong with a scenario of a project, before its values are put in."""
    life = project.life
    for number, change in enumerate(scenario.changes):
        where = placed(change.source, f"scenarios[{scenario.key}].changes[{number}]")
        each = inputs.get(change.key)
        if (change.value is None) == (change.factor is None):
            yield problem(
                "value-or-factor",
                "The change of {key} needs either a value or a factor.",
                where=where,
                key=change.key,
            )
        elif each is None:
            yield unknown_input(change.key, inputs, where)
        elif each.is_whole:
            value = change.changed(each.value)
            if math.isfinite(value) and float(value).is_integer():
                life = int(value)
            else:
                yield problem("life-not-whole", "The project life varies in whole years only.", where=where)
        else:
            yield from number_out_of_range(where, change.key, change.changed(each.value), *each.limits)
    for number, event in enumerate(scenario.events):
        yield from event.issues(placed(event.source, f"scenarios[{scenario.key}].events[{number}]"), life)
