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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from openrecp.assessment.case_model import Capital, Case, Estimate
from openrecp.assessment.case_model import Loan as LoanTerms
from openrecp.assessment.case_ranges import tornado_ranges
from openrecp.assessment.case_short_form import SHORT_FORM, SHORT_NAMES, unfold, unwrap
from openrecp.assessment.strict_yaml import Path as KeyPath
from openrecp.assessment.strict_yaml import Tree, dotted, read_tree
from openrecp.assessment.text_file import read_text_file
from openrecp.economics import (
    ALL_EQUITY,
    STARTING_CHANGE,
    STARTING_SCENARIOS,
    AcceptanceCriteria,
    CapitalItem,
    Depreciation,
    Financing,
    Loan,
    OperatingEstimate,
    OperatingItem,
    OperatingLine,
    Project,
    Range,
    Scenario,
    estimated_operating,
)
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.texts import Text, text

_CAPITAL_NAMES: Final[Mapping[str, Text]] = {
    "equipment": text("Equipment"),
    "materials": text("Materials: piping, electrical, structural"),
    "installation": text("Installation"),
    "engineering": text("Plant engineering"),
    "contractors": text("Contractors and outside engineering"),
    "permitting": text("Permitting"),
    "startup": text("Start-up"),
    "contingency": text("Contingency"),
}
_PARTS_OF_ESTIMATE: Final = {
    "disposal": "waste",
    "operating_labour": "labour",
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
    """

    project: Project
    scenarios: tuple[Scenario, ...]
    change: float
    ranges: tuple[Range, ...]
    criteria: AcceptanceCriteria
    source: str | None
    note: str | None
    file: str


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
    try:
        case = Case.model_validate(tree.data)
    except ValidationError as error:
        found = [_issue(each, tree) for each in error.errors(include_url=False, include_input=False)]
        raise UnusableInput(_in_order(tree.issues + found)) from None
    return _built(case, tree)


def _issue(error: ErrorDetails, tree: Tree) -> Issue:
    """One of pydantic's findings, in our words and at its line."""
    path: KeyPath = tuple(error["loc"])
    where = tree.where(path)
    key = SHORT_NAMES.get(path) if path in SHORT_NAMES and _is_flat(tree, path) else dotted(path)
    match error["type"]:
        case "issue":
            carried: Issue = error["ctx"]["issue"]
            return carried.at(where)
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
        options = [annotation, *getattr(annotation, "__args__", ())]
        models = [each for each in options if isinstance(each, type) and issubclass(each, BaseModel)]
        if not models:
            return []
        model = models[0]
    known = [field.alias or name for name, field in model.model_fields.items()]
    return [*known, *SHORT_FORM] if model is Case else known


def _in_order(issues: list[Issue]) -> list[Issue]:
    return sorted(issues, key=lambda issue: issue.where.line or 0)


def _built(case: Case, tree: Tree) -> EconomicsCase:
    issues = list(tree.issues)
    project: Project | None = None
    operating = _operating_lines(case, tree)
    try:
        project = _project(case, tree, operating)
    except UnusableInput as error:
        issues += [issue.at(replace(issue.where, file=tree.file)) for issue in error.issues]
    ranges, faults = tornado_ranges(case.tornado, tree, operating)
    issues += faults
    if case.tornado.change is not None and not 0 < case.tornado.change < 1:
        issues.append(
            problem(
                "tornado-change",
                "The change of the tornado must lie between 0 % and 100 %.",
                where=tree.where(("tornado", "change")),
            )
        )
    if issues or project is None:
        raise UnusableInput(_in_order(issues))
    return EconomicsCase(
        project=project,
        scenarios=tuple(_scenarios(case)),
        change=case.tornado.change or STARTING_CHANGE,
        ranges=ranges,
        criteria=AcceptanceCriteria(**dict(case.criteria)),
        source=case.source,
        note=case.note,
        file=tree.file,
    )


def _project(case: Case, tree: Tree, operating: tuple[OperatingLine, ...]) -> Project:
    loan, written = case.financing, case.depreciation
    return Project(
        name=case.name,
        currency=case.currency,
        capital=tuple(_capital_items(case.capital, tree)),
        operating=operating,
        life=case.life,
        discount_rate=case.discount_rate,
        tax_rate=case.tax_rate,
        depreciation=Depreciation(written.method, written.life, written.factor) if written else None,
        financing=_financing(loan) if loan else ALL_EQUITY,
        escalation=case.escalation,
        working_capital=case.capital.working_capital,
        salvage=case.salvage,
        construction_years=case.construction_years,
        sources=MappingProxyType(dict(_sources(tree))),
    )


def _financing(given: LoanTerms) -> Financing:
    loan = Loan(given.loan_share, given.interest_rate, given.loan_years)
    return Financing((loan,) if given.loan_share else (), given.interest_depreciable)


def _sources(tree: Tree) -> Iterator[tuple[str, Where]]:
    for path in tree.lines:
        if path and not any(isinstance(part, int) for part in path):
            yield dotted(path), tree.where(path)
    yield "working_capital", tree.where(("capital", "working_capital"))


def _capital_items(capital: Capital, tree: Tree) -> Iterator[CapitalItem]:
    for key, name in _CAPITAL_NAMES.items():
        amount = getattr(capital, key)
        if amount:
            yield CapitalItem(name, amount, source=tree.where(("capital", key)))
    for number, other in enumerate(capital.other):
        where = tree.where(("capital", "other", number))
        yield CapitalItem(other.name, other.amount, other.depreciable, source=where)


def _operating_lines(case: Case, tree: Tree) -> tuple[OperatingLine, ...]:
    lines: list[OperatingLine] = []
    if case.operating.estimate is not None:
        capital = case.capital
        installed = capital.equipment + capital.materials + capital.installation
        for line in estimated_operating(_estimate(case.operating.estimate), installed):
            part = _PARTS_OF_ESTIMATE.get(line.key, line.key)
            lines.append(replace(line, source=tree.where(("operating", "estimate", part))))
    for number, item in enumerate(case.operating.items):
        where = tree.where(("operating", "items", number))
        lines.append(
            OperatingItem(
                item.name, item.name, item.operating_class, item.amount, item.escalation, source=where
            )
        )
    return tuple(lines)


def _estimate(given: Estimate) -> OperatingEstimate:
    quantities: dict[str, float] = {}
    for key in ("production", "byproduct", "raw_material"):
        priced = getattr(given, key)
        if priced is not None:
            quantities[f"{key}_units"], quantities[f"{key}_price"] = priced.units, priced.price
    if given.waste is not None:
        quantities["waste_tons"] = given.waste.tons
        quantities["disposal_unit_cost"] = given.waste.cost_of_a_ton
    if given.labour is not None:
        quantities.update(dict(given.labour))
    return OperatingEstimate(
        **quantities,
        supplies=given.supplies,
        maintenance_labour=given.maintenance_labour,
        maintenance_supplies=given.maintenance_supplies,
        supervision=given.supervision,
        labour_burden=given.labour_burden,
        plant_overhead=given.plant_overhead,
        home_office_overhead=given.home_office_overhead,
    )


def _scenarios(case: Case) -> Iterator[Scenario]:
    for start in STARTING_SCENARIOS:
        given = getattr(case.scenarios, start.name.value, None)
        yield start if given is None else Scenario(start.name, given.capital, given.savings, given.costs)
