"""Read an economics case: one project and how it is to be examined, from a YAML or JSON file.

The long form groups the keys (`openrecp.assessment.case_model`; the built-in example
``economics-ways-of-paying.yaml`` shows all of them, ``economics-60-40.yaml`` the way to estimate operating items)::

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

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from openrecp.assessment.case_choice import ChoiceInputs, choice_inputs
from openrecp.assessment.case_examination import (
    MonteCarloInputs,
    TableInputs,
    built_examination,
    examination_issues,
)
from openrecp.assessment.case_faults import fault_issues, once
from openrecp.assessment.case_inputs import known_inputs
from openrecp.assessment.case_model import Case
from openrecp.assessment.case_project import built_project
from openrecp.assessment.case_short_form import unfold, unwrap
from openrecp.assessment.strict_yaml import Tree, read_tree
from openrecp.assessment.text_file import read_text_file
from openrecp.economics import AcceptanceCriteria, Losses, NamedScenario, Project, Range, Scenario
from openrecp.economics.procurement import Way
from openrecp.errors import Issue, UnusableInput, problem

# What stands in for a group of keys with mistakes while the others are checked: nothing that could be at fault.
_STAND_INS: Final[dict[str, Any]] = {
    "name": "-",
    "currency": "TWD",
    "life": "100",
    "construction_years": "10",
    "discount_rate": "0",
    "tax_rate": "0",
    "capital": {"equipment": "1000000000000"},
    "operating": {},
    "depreciation": {"method": "two-year"},
}


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
    named_scenarios : tuple of NamedScenario
    tables : tuple of TableInputs
        Pairs of inputs to be changed together.
    monte_carlo : MonteCarloInputs or None
    ways : tuple of Way
        Ways of procuring that are to be compared.
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
    named_scenarios: tuple[NamedScenario, ...]
    tables: tuple[TableInputs, ...]
    monte_carlo: MonteCarloInputs | None
    ways: tuple[Way, ...]
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
        issues += [issue for each in faults for issue in fault_issues(each, tree)]
        issues += _issues_of_the_rest(tree, {str(each["loc"][0]) for each in faults if each["loc"]})
    else:
        found, more = _built(case, tree)
        issues += more
    if issues or found is None:
        raise UnusableInput(_in_order(once(issues)))
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


def _in_order(issues: list[Issue]) -> list[Issue]:
    return sorted(issues, key=lambda issue: issue.where.line or 0)


def _built(case: Case, tree: Tree, *, whole: bool = True) -> tuple[EconomicsCase | None, list[Issue]]:
    """The case, or what is wrong with it; a part of a case is only checked."""
    issues: list[Issue] = []
    project: Project | None = None
    try:
        project = built_project(case, tree)
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
    examination = built_examination(case, tree)
    issues += examination_issues(examination, project if whole else None, tree)
    if issues or project is None:
        return None, issues
    found = EconomicsCase(
        project=project,
        scenarios=examination.scenarios,
        change=examination.change,
        ranges=examination.ranges,
        criteria=examination.criteria,
        source=case.source,
        note=case.note,
        file=tree.file,
        named_scenarios=examination.named_scenarios,
        tables=examination.tables,
        monte_carlo=examination.monte_carlo,
        ways=examination.ways,
        choice=choice_inputs(
            case.choice,
            case.name,
            required_by_law=examination.criteria.required_by_law is not None,
            source=tree.where(("choice",)),
        ),
    )
    return found, []


def _placed(issue: Issue, tree: Tree) -> Issue:
    """A finding about the project, at the line of the group of keys it is about."""
    if issue.where.line is not None:
        return issue
    key = (issue.where.path or "").partition("[")[0].partition(".")[0]
    return issue.at(tree.where((key,)))
