"""From the keys of a case to the project: every part with the line it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from openrecp.assessment.case_inputs import CAPITAL_NAMES
from openrecp.assessment.case_model import Capital, Case, Estimate
from openrecp.assessment.strict_yaml import Tree, dotted
from openrecp.economics import (
    ALL_EQUITY,
    CapitalItem,
    Financing,
    OperatingEstimate,
    OperatingItem,
    OperatingLine,
    Project,
    estimated_operating,
)
from openrecp.errors import Where

_PARTS_OF_ESTIMATE: Final = {
    "disposal": "waste",
    "operating_labour": "labour",
}


def built_project(case: Case, tree: Tree) -> Project:
    """The project of a case.

    Raises
    ------
    UnusableInput
        If it is impossible; every finding names its line.
    """
    return Project(
        name=case.name,
        currency=case.currency,
        capital=tuple(_capital_items(case.capital, tree)),
        operating=_operating_lines(case, tree),
        life=case.life,
        discount_rate=case.discount_rate,
        tax_rate=case.tax_rate,
        depreciation=case.depreciation.built() if case.depreciation else None,
        financing=_financing(case, tree),
        escalation=case.escalation,
        working_capital=case.capital.working_capital,
        salvage=case.salvage,
        construction_years=case.construction_years,
        sources=MappingProxyType(dict(_sources(tree))),
        spending=case.spending,
        replacements=tuple(
            each.built(tree.where(("replacements", number))) for number, each in enumerate(case.replacements)
        ),
        grants=tuple(each.built(tree.where(("grants", number))) for number, each in enumerate(case.grants)),
        tax_credits=tuple(
            each.built(tree.where(("tax_credits", number))) for number, each in enumerate(case.tax_credits)
        ),
        losses=case.losses,
        loss_years=case.loss_years,
        other_tax=case.other_tax,
        prices=case.prices.built(),
        avoided=tuple(
            each.built(tree.where(("avoided", number))) for number, each in enumerate(case.avoided)
        ),
    )


def _financing(case: Case, tree: Tree) -> Financing:
    if case.financing is None:
        return ALL_EQUITY
    return case.financing.built(
        tuple(tree.where(("financing", "loans", number)) for number in range(len(case.financing.loans)))
    )


def _sources(tree: Tree) -> Iterator[tuple[str, Where]]:
    for path in tree.lines:
        if path and not any(isinstance(part, int) for part in path):
            yield dotted(path), tree.where(path)
    yield "working_capital", tree.where(("capital", "working_capital"))
    yield "inflation", tree.where(("prices", "inflation"))


def _capital_items(capital: Capital, tree: Tree) -> Iterator[CapitalItem]:
    for key, name in CAPITAL_NAMES.items():
        amount = getattr(capital, key)
        if amount:
            yield CapitalItem(name, amount, source=tree.where(("capital", key)))
    for number, other in enumerate(capital.other):
        yield CapitalItem(
            other.name,
            other.amount,
            other.depreciable,
            source=tree.where(("capital", "other", number)),
            depreciation=other.depreciation.built() if other.depreciation else None,
            residual=other.residual,
        )


def _operating_lines(case: Case, tree: Tree) -> tuple[OperatingLine, ...]:
    lines: list[OperatingLine] = []
    if case.operating.estimate is not None:
        capital = case.capital
        installed = capital.equipment + capital.materials + capital.installation
        for line in estimated_operating(_estimate(case.operating.estimate), installed):
            part = _PARTS_OF_ESTIMATE.get(line.key, line.key)
            lines.append(replace(line, source=tree.where(("operating", "estimate", part))))
    for number, item in enumerate(case.operating.items):
        lines.append(
            OperatingItem(
                item.name,
                item.name,
                item.operating_class,
                item.amount,
                item.escalation,
                source=tree.where(("operating", "items", number)),
                first_year=item.first_year,
                last_year=item.last_year,
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
