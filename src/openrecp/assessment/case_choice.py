"""A case as one of several to choose among (`openrecp.economics.choice`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import model_validator

from openrecp.assessment.case_inputs import ItemKey
from openrecp.assessment.case_values import (
    Keys,
    OptionalQuantity,
    OptionalWords,
    Share,
    Words,
    number,
    optional,
    refuse,
)
from openrecp.economics import (
    Conventions,
    Evaluation,
    OperatingItem,
    Project,
    after_tax_cash_flow,
    annual_amounts,
)
from openrecp.economics.choice.candidates import Candidate, LoadShare
from openrecp.errors import Where, problem


class LoadTerms(Keys):
    """A load on which other options may save too, and what the saving on it is worth.

    The worth is given, or it is that of the operating items named.
    """

    load: Words
    fraction: Share
    value: OptionalQuantity = None
    annual_saving: Annotated[float | None, optional(number)] = None
    items: tuple[ItemKey, ...] = ()

    @model_validator(mode="after")
    def _one_worth(self) -> LoadTerms:
        if bool(self.items) == (self.value is not None):
            refuse(
                problem(
                    "load-worth",
                    "Give either “value”, the part of the net present value that this saving brings, or "
                    "“items”, the operating items that bring it.",
                )
            )
        return self


class ChoiceTerms(Keys):
    """What the case says about choosing among several."""

    key: OptionalWords = None
    excludes: tuple[Words, ...] = ()
    requires: tuple[Words, ...] = ()
    requires_any: tuple[Words, ...] = ()
    loads: tuple[LoadTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadPart:
    """A saving on a load on which other options may save too.

    Attributes
    ----------
    load : str
    fraction : float
        Part of the load saved when the option is done alone.
    value : float or None
        What it is worth: a part of the net present value [money]; None takes it from ``items``.
    annual_saving : float or None
        The part of the annual saving [money/yr].
    items : tuple of str
        Keys of the operating items that bring it.
    """

    load: str
    fraction: float
    value: float | None = None
    annual_saving: float | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceInputs:
    """How a case depends on others.

    Attributes
    ----------
    key : str
        Its own short name; the name of the project unless another is given.
    excludes, requires, requires_any : tuple of str
        Keys of other cases.
    loads : tuple of LoadPart
    required_by_law : bool
    source : Where or None
    """

    key: str
    excludes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    requires_any: tuple[str, ...] = ()
    loads: tuple[LoadPart, ...] = ()
    required_by_law: bool = False
    source: Where | None = None


def choice_inputs(given: ChoiceTerms, name: str, *, required_by_law: bool, source: Where) -> ChoiceInputs:
    """What the case says, as it is used."""
    return ChoiceInputs(
        given.key or name,
        given.excludes,
        given.requires,
        given.requires_any,
        tuple(
            LoadPart(each.load, each.fraction, each.value, each.annual_saving, each.items)
            for each in given.loads
        ),
        required_by_law,
        source,
    )


def candidate_of(choice: ChoiceInputs, evaluation: Evaluation) -> Candidate:
    """The option to be chosen or not: what it costs and gains, and how it depends on others.

    Parameters
    ----------
    choice : ChoiceInputs
    evaluation : Evaluation
        Of the project of the same case.
    """
    project, flow = evaluation.project, evaluation.cash_flow
    return Candidate(
        key=choice.key,
        name=project.name,
        currency=project.currency,
        capital=float(flow.funding.capital),
        npv=float(flow.net_present_value),
        annual_saving=float(sum(annual_amounts(project.operating, project.life).values())),
        life=project.life,
        quantities={f"{each.unit} {each.name}": float(each.yearly) for each in project.avoided},
        excludes=choice.excludes,
        requires=choice.requires,
        requires_any=choice.requires_any,
        required_by_law=choice.required_by_law,
        loads=tuple(_load_share(each, evaluation) for each in choice.loads),
        source=choice.source,
    )


def _load_share(saving: LoadPart, evaluation: Evaluation) -> LoadShare:
    project, conventions = evaluation.project, evaluation.conventions
    if saving.value is not None:
        return LoadShare(saving.load, saving.fraction, saving.value, saving.annual_saving or 0.0)
    without = replace(
        project,
        operating=tuple(
            replace(line, annual_amount=0.0)
            if isinstance(line, OperatingItem) and line.key in saving.items
            else line
            for line in project.operating
        ),
    )
    lost = _net_present_value(project, conventions) - _net_present_value(without, conventions)
    yearly = sum(annual_amounts(project.operating, project.life).values()) - sum(
        annual_amounts(without.operating, without.life).values()
    )
    return LoadShare(
        saving.load,
        saving.fraction,
        lost,
        float(yearly) if saving.annual_saving is None else saving.annual_saving,
    )


def _net_present_value(project: Project, conventions: Conventions) -> float:
    return float(after_tax_cash_flow(project, conventions).net_present_value)
