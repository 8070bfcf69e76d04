"""Read an economics case: one project with one financing, from a YAML or JSON file.

The long form groups the keys (`openrecp.assessment.case_model`; the built-in examples
``economics-60-40.yaml`` and ``economics-all-equity.yaml`` show all of it)::

    name: Drain boards
    currency: TWD
    life: 8
    discount_rate: 15 %
    tax_rate: 20 %
    capital:
      equipment: 3,000
      installation: 2,000
    operating:
      items:
        - {name: Rinse water treatment, class: waste-management, amount: 6500}
        - {name: Make-up chemicals, class: materials, amount: 7800}
    depreciation: {method: straight-line, life: 5}

The short form is the flat list of inputs in which appendix 8 is published (``equipment``, ``materials``,
... ``dep_life``, ``raw_material_units``, ... ``plant_oh``, ``hq_oh``), at the top or under ``inputs:``. It
stands for a plant as in appendix 8: one year of construction, double declining balance, US dollars, unless
``construction_years``, ``depreciation_method``, ``depreciation_factor`` or ``currency`` say otherwise.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from openrecp.assessment.case_choice import ChoiceInputs, choice_inputs
from openrecp.assessment.case_inputs import known_inputs
from openrecp.assessment.case_model import Case
from openrecp.assessment.case_project import built_project
from openrecp.assessment.case_short_form import SHORT_FORM, SHORT_NAMES, unfold, unwrap
from openrecp.assessment.strict_yaml import Path as KeyPath
from openrecp.assessment.strict_yaml import Tree, dotted, read_tree
from openrecp.assessment.text_file import read_text_file
from openrecp.economics import (
    STARTING_CHANGE,
    STARTING_SCENARIOS,
    AcceptanceCriteria,
    Losses,
    Project,
    Range,
    Scenario,
    project_inputs,
)
from openrecp.economics.uncertainty import Correlation, UncertainInput, prepare_sampling
from openrecp.errors import Issue, UnusableInput, problem

# What stands in for a group of keys with mistakes while the others are checked: nothing that could be at fault.
_STAND_INS: Final[dict[str, Any]] = {
    "name": "-",
    "currency": "TWD",
    "life": "100",
    "construction_years": "10",
    "discount_rate": "0",
    "tax_rate": "0",
    "capital": {},
    "operating": {},
    "depreciation": {"method": "two-year"},
}


@dataclass(frozen=True, slots=True)
class MonteCarlo:
    """Inputs to be drawn at random.

    Attributes
    ----------
    inputs : tuple of UncertainInput
    correlations : tuple of Correlation
    draws, seed : int
    """

    inputs: tuple[UncertainInput, ...]
    correlations: tuple[Correlation, ...]
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class EconomicsCase:
    """A project and how it is to be examined.

    Attributes
    ----------
    project : Project
    scenarios : tuple of Scenario
        Best, base and worst case.
    change : float
        Fraction by which the tornado varies inputs without a range of their own.
    ranges : tuple of Range
    criteria : AcceptanceCriteria
    source, note : str or None
        What the file says about where its figures come from.
    file : str
    monte_carlo : MonteCarlo or None
    choice : ChoiceInputs
        How the case depends on others among which one chooses.
    """

    project: Project
    scenarios: tuple[Scenario, ...]
    change: float
    ranges: tuple[Range, ...]
    criteria: AcceptanceCriteria
    source: str | None
    note: str | None
    file: str
    monte_carlo: MonteCarlo | None
    choice: ChoiceInputs


def read_case(path: Path) -> EconomicsCase:
    """Read a case from a file.

    Parameters
    ----------
    path : Path
        YAML or JSON, UTF-8 or Big5.

    Raises
    ------
    UnusableInput
        If it cannot be used as it is; carries every problem with file, line and key.
    """
    return parse_case(read_text_file(path), path.name)


def parse_case(words: str, file: str) -> EconomicsCase:
    """Read a case from the words of a file; ``file`` names it in findings.

    Raises
    ------
    UnusableInput
        As `read_case`.
    """
    tree = read_tree(words, file)
    unwrap(tree)
    unfold(tree)
    issues = list(tree.issues)
    found: EconomicsCase | None = None
    try:
        case = Case.model_validate(tree.data, context=known_inputs(tree))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        issues += [issue for each in faults for issue in _issues(each, tree)]
        issues += _issues_of_the_rest(tree, {str(each["loc"][0]) for each in faults if each["loc"]})
    else:
        found, more = _built(case, tree)
        issues += more
    if issues or found is None:
        raise UnusableInput(_in_order(issues))
    return found


def _issues_of_the_rest(tree: Tree, faulty: set[str]) -> list[Issue]:
    """What is wrong with the groups of keys that could be read, so that all comes in one list."""
    # How the capital is spent can only be held against the years of construction.
    spending = {"spending"} if "construction_years" in faulty else set()
    rest = {key: value for key, value in tree.data.items() if key not in faulty | spending}
    rest |= {key: value for key, value in _STAND_INS.items() if key in faulty}
    try:
        case = Case.model_validate(rest, context=known_inputs(tree))
    except ValidationError:
        return []
    return _built(case, tree, whole=False)[1]


def _issues(error: ErrorDetails, tree: Tree) -> list[Issue]:
    """What pydantic found at one place, in our words and at its line."""
    where = tree.where(tuple(error["loc"]))
    if error["type"] == "issues":
        carried: tuple[Issue, ...] = error["ctx"]["issues"]
        return [issue.at(where) for issue in carried]
    return [_issue(error, tree)]


def _issue(error: ErrorDetails, tree: Tree) -> Issue:
    path: KeyPath = tuple(error["loc"])
    where = tree.where(path)
    key = SHORT_NAMES.get(path) if path in SHORT_NAMES and _is_flat(tree, path) else dotted(path)
    match error["type"]:
        case "missing":
            return problem("key-missing", "“{key}” is missing; add it.", where=where, key=key)
        case "extra_forbidden":
            near = difflib.get_close_matches(str(path[-1]), _known_keys(path), 1)
            if near:
                return problem(
                    "key-unknown",
                    "“{key}” is not a known key; “{near}” may be meant.",
                    where=where,
                    key=key,
                    near=near[0],
                )
            return problem("key-unknown", "“{key}” is not a known key here; delete it.", where=where, key=key)
        case "tuple_type":
            return problem(
                "list-expected", "“{key}” must be a list, each entry after a “-”.", where=where, key=key
            )
        case _:
            return problem("group-expected", "“{key}” must be a group of keys.", where=where, key=key)


def _is_flat(tree: Tree, path: KeyPath) -> bool:
    return (
        any((key,) in tree.lines for key in SHORT_FORM if key not in Case.model_fields) or path in tree.lines
    )


def _known_keys(path: KeyPath) -> list[str]:
    model: Any = Case
    for part in path[:-1]:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        options = [annotation, *get_args(annotation)]
        models = [each for each in options if isinstance(each, type) and issubclass(each, BaseModel)]
        if not models:
            return []
        model = models[0]
    known = [field.alias or name for name, field in model.model_fields.items()]
    return [*known, *SHORT_FORM] if model is Case else known


def _in_order(issues: list[Issue]) -> list[Issue]:
    return sorted(issues, key=lambda issue: issue.where.line or 0)


def _built(case: Case, tree: Tree, *, whole: bool = True) -> tuple[EconomicsCase | None, list[Issue]]:
    """The case, or what is wrong with it; a part of a case is only checked."""
    issues: list[Issue] = []
    project: Project | None = None
    sampled: MonteCarlo | None = None
    try:
        project = built_project(case, tree)
    except UnusableInput as error:
        issues += [_placed(issue, tree) for issue in error.issues]
    try:
        sampled = _monte_carlo(case, tree)
    except UnusableInput as error:
        issues += [_placed(issue, tree) for issue in error.issues]
    if case.loss_years is not None and case.losses is Losses.AT_ONCE:
        issues.append(
            problem(
                "loss-years-unused",
                "“loss_years” counts for losses that are carried forward; add “losses: carried-forward” or delete it.",
                where=tree.where(("loss_years",)),
            )
        )
    if project is not None and whole:
        issues += _missing_inputs(case, project, tree)
    if issues or project is None:
        return None, issues
    criteria = case.criteria.built(tree.where(("criteria", "risk")))
    return EconomicsCase(
        project=project,
        scenarios=tuple(_scenarios(case)),
        change=case.tornado.change or STARTING_CHANGE,
        ranges=tuple(
            each.built(tree.where(("tornado", "ranges", number)))
            for number, each in enumerate(case.tornado.ranges)
        ),
        criteria=criteria,
        source=case.source,
        note=case.note,
        file=tree.file,
        monte_carlo=sampled,
        choice=choice_inputs(
            case.choice,
            case.name,
            required_by_law=criteria.required_by_law is not None,
            source=tree.where(("choice",)),
        ),
    ), []


def _placed(issue: Issue, tree: Tree) -> Issue:
    """A finding about the project, at the line of the group of keys it is about."""
    if issue.where.line is not None:
        return issue
    key = (issue.where.path or "").partition("[")[0].partition(".")[0]
    return issue.at(tree.where((key,)))


def _monte_carlo(case: Case, tree: Tree) -> MonteCarlo | None:
    given = case.monte_carlo
    if given is None:
        return None
    inputs = tuple(
        each.built(tree.where(("monte_carlo", "inputs", number))) for number, each in enumerate(given.inputs)
    )
    correlations = tuple(
        each.built(tree.where(("monte_carlo", "correlations", number)))
        for number, each in enumerate(given.correlations)
    )
    # Only to know now, and not when it is drawn, whether all of it can hold together.
    prepare_sampling(inputs, correlations, given.seed)
    return MonteCarlo(inputs, correlations, given.draws, given.seed)


def _missing_inputs(case: Case, project: Project, tree: Tree) -> Iterator[Issue]:
    """Names of inputs that other such projects have, but not this one: the interest where nothing is borrowed."""
    known = project_inputs(project)
    named: list[tuple[str, KeyPath]] = [
        (each.input, ("tornado", "ranges", number, "input"))
        for number, each in enumerate(case.tornado.ranges)
    ]
    if case.monte_carlo is not None:
        named += [
            (each.input, ("monte_carlo", "inputs", number, "input"))
            for number, each in enumerate(case.monte_carlo.inputs)
        ]
    for key, path in named:
        if key not in known:
            yield problem(
                "unknown-sensitivity-input",
                "{key} is not an input of this project; choose one of {known}.",
                where=tree.where(path),
                key=key,
                known=list(known),
            )


def _scenarios(case: Case) -> Iterator[Scenario]:
    for start in STARTING_SCENARIOS:
        given = getattr(case.scenarios, start.name.value, None)
        yield start if given is None else Scenario(start.name, given.capital, given.savings, given.costs)
