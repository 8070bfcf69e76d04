"""Capital, yearly gains and expenses of one option as figures, in whole minor units of money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.cost_data import CostData
from openrecp.assessment.evaluation.option_results import AnnualClassAmount, CapitalPartAmount
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.quantities import money_figure, money_sum, no_value
from openrecp.assessment.spec import Money
from openrecp.assessment.worksheets.costs import CapitalCost, CapitalPart, OperatingChange, capital_part
from openrecp.economics.operating import OperatingClass
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text

# "other" has no class of its own among the ten of section 4.2.2; overhead takes what fits nowhere else.
_CLASSES: Final = (
    ("waste-", OperatingClass.WASTE_MANAGEMENT),
    ("raw-materials", OperatingClass.MATERIALS),
    ("insurance", OperatingClass.INSURANCE),
    ("quality", OperatingClass.QUALITY),
    ("utility-", OperatingClass.UTILITIES),
    ("labour", OperatingClass.LABOUR),
    ("supervision", OperatingClass.LABOUR),
    ("supplies", OperatingClass.SUPPLIES),
    ("overhead", OperatingClass.OVERHEAD),
    ("production-revenue", OperatingClass.PRODUCTION),
    ("byproduct-revenue", OperatingClass.BYPRODUCTS),
    ("other", OperatingClass.OVERHEAD),
)


def operating_class(item: str) -> OperatingClass:
    """The class of section 4.2.2 that an item of worksheet 14 belongs to.

    >>> operating_class("utility-steam").value, operating_class("supervision").value
    ('utilities', 'labour')
    """
    return next(found for prefix, found in _CLASSES if item.startswith(prefix))


def capital_figure(assessment: Assessment, data: CostData) -> Figure:
    """Sum of the capital items entered."""
    name, unit = text("Total capital investment"), assessment.currency.value
    if not data.capital and data.needs_none:
        return Figure(
            name,
            0,
            unit,
            basis=Basis.ASSUMED,
            source=text("a change of practice or procedure for which no capital was entered"),
        )
    return money_sum(
        name,
        (_capital_figure(key, each) for key, each in data.capital),
        assessment.currency,
        text("sum of the capital items"),
        text("no capital is entered"),
    )


def _capital_figure(key: str, each: CapitalCost) -> Figure:
    name = text("Capital") if each.item is None else each.item.label
    return money_figure(
        name, each.amount, place("capital_costs", key, "amount"), each.basis or Basis.ESTIMATED
    )


def capital_parts(assessment: Assessment, data: CostData) -> Iterator[CapitalPartAmount]:
    """Sums by the parts of table 4.1."""
    for part in CapitalPart:
        figures = [
            _capital_figure(key, each)
            for key, each in data.capital
            if each.item is not None and capital_part(each.item) is part
        ]
        if figures:
            yield CapitalPartAmount(
                part, money_sum(part.label, figures, assessment.currency, text("sum of the capital items"))
            )


def _change_figures(changes: Iterable[tuple[str, OperatingChange]], field: str) -> Iterator[Figure]:
    for key, each in changes:
        money: Money | None = getattr(each, field)
        if money is not None:
            label = text("Operating item") if each.item is None else each.item.label
            yield money_figure(
                label, money, place("operating_changes", key, field), each.basis or Basis.ESTIMATED
            )


def gains_figure(assessment: Assessment, data: CostData) -> Figure:
    """What the option saves or earns a year."""
    return _sum(assessment, text("Savings and revenues a year"), data.operating, "gain")


def expenses_figure(assessment: Assessment, data: CostData) -> Figure:
    """What the option costs a year."""
    return _sum(assessment, text("Added costs a year"), data.operating, "expense")


def _sum(
    assessment: Assessment, name: Text, changes: Iterable[tuple[str, OperatingChange]], field: str
) -> Figure:
    changes = tuple(changes)
    found = money_sum(name, _change_figures(changes, field), assessment.currency, text("sum of the items"))
    if found.value is None and changes:
        return Figure(name, 0, assessment.currency.value, text("sum of the items"))
    return found


def _net(assessment: Assessment, name: Text, gains: Figure, expenses: Figure) -> Figure:
    unit = assessment.currency.value
    if gains.value is None or expenses.value is None:
        return no_value(name, text("no yearly saving or cost is entered in worksheet 14"), unit)
    return Figure(
        name,
        Decimal(gains.value) - Decimal(expenses.value),
        unit,
        text("savings and revenues − added costs"),
        (gains, expenses),
    )


def net_saving_figure(assessment: Assessment, data: CostData) -> Figure:
    """Gains less expenses of a year."""
    return _net(
        assessment,
        text("Annual net saving"),
        gains_figure(assessment, data),
        expenses_figure(assessment, data),
    )


def annual_classes(assessment: Assessment, data: CostData) -> Iterator[AnnualClassAmount]:
    """Gains and expenses of a year by the classes of section 4.2.2."""
    for found in OperatingClass:
        own = [
            (key, each)
            for key, each in data.operating
            if operating_class("other" if each.item is None else each.item.value) is found
        ]
        if own:
            gains = _sum(assessment, text("Savings and revenues a year"), own, "gain")
            expenses = _sum(assessment, text("Added costs a year"), own, "expense")
            yield AnnualClassAmount(
                found, gains, expenses, _net(assessment, text("Net a year"), gains, expenses)
            )
