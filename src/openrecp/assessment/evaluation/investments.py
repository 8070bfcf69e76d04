"""Economics of single options: worksheets 14 to 16 as a project, evaluated under the owner's terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_fields import first_for_option
from openrecp.assessment.evaluation.option_results import (
    AnnualClassAmount,
    CapitalPartAmount,
    OptionEconomics,
)
from openrecp.assessment.evaluation.places import keyed, place, place_of
from openrecp.assessment.evaluation.quantities import money_figure, money_sum, no_value
from openrecp.assessment.evaluation.terms import Terms
from openrecp.assessment.spec import Money
from openrecp.assessment.worksheets.costs import (
    CapitalCost,
    CapitalPart,
    OperatingChange,
    capital_part,
)
from openrecp.assessment.worksheets.costs import CapitalItem as CapitalEntry
from openrecp.assessment.worksheets.terms import OptionTerms
from openrecp.economics.cases import evaluate_scenarios
from openrecp.economics.conventions import Conventions
from openrecp.economics.criteria import judge_profit
from openrecp.economics.evaluation import evaluate_project, payback_figure
from openrecp.economics.investment import CapitalItem
from openrecp.economics.operating import OperatingClass, OperatingItem
from openrecp.economics.project import Project
from openrecp.economics.sensitivity import tornado
from openrecp.errors import Issue, Severity, UnusableInput, Where, problem
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


@dataclass(frozen=True, slots=True)
class CostData:
    """What was entered about one option's costs.

    ``needs_none`` says that no capital was entered because the option, a mere change of practice or procedure,
    needs none.
    """

    capital: tuple[tuple[str, CapitalCost], ...]
    operating: tuple[tuple[str, OperatingChange], ...]
    terms: OptionTerms | None
    needs_none: bool

    @property
    def empty(self) -> bool:
        """Whether nothing at all was entered."""
        return not (self.capital or self.operating)


def cost_data(assessment: Assessment, option: str, *, needs_none: bool) -> CostData:
    """The cost records of an option that have an amount."""
    return CostData(
        tuple(
            (key, each)
            for key, each in keyed(assessment.capital_costs)
            if each.option == option and each.amount is not None
        ),
        tuple(
            (key, each)
            for key, each in keyed(assessment.operating_changes)
            if each.option == option and (each.gain is not None or each.expense is not None)
        ),
        first_for_option(assessment.option_terms, option),
        needs_none,
    )


def option_economics(
    assessment: Assessment,
    name: str,
    data: CostData,
    terms: Terms,
    conventions: Conventions,
) -> tuple[OptionEconomics | None, tuple[Issue, ...]]:
    """Economics of an option with any cost data, and what stood in the way of more."""
    if data.empty:
        return None, ()
    thin = _thin(data, _capital(assessment, data))
    if thin is not None:
        return _thin_economics(assessment, data, thin, terms), ()
    try:
        return _full_economics(
            assessment, project_of(assessment, name, data, terms), data, terms, conventions
        ), ()
    except UnusableInput as error:
        return _thin_economics(assessment, data, text("the terms cannot be used"), terms), error.issues


def _full_economics(
    assessment: Assessment, project: Project, data: CostData, terms: Terms, conventions: Conventions
) -> OptionEconomics:
    appraisal = evaluate_project(project, conventions)
    return OptionEconomics(
        capital=appraisal.total_capital,
        capital_parts=tuple(_parts(assessment, data)),
        annual=tuple(_annual(assessment, data)),
        gains=_gains(assessment, data),
        expenses=_expenses(assessment, data),
        net_saving=_net_saving(assessment, data),
        payback=appraisal.payback,
        npv=appraisal.npv,
        irr=appraisal.irr,
        appraisal=appraisal,
        cases=evaluate_scenarios(project, terms.scenarios, conventions),
        tornado=tornado(project, terms.variation, (), conventions) if 0 < terms.variation < 1 else (),
        judgement=judge_profit(
            total_capital=appraisal.total_capital,
            annual_net_saving=appraisal.annual_net_saving,
            payback=appraisal.payback,
            npv=appraisal.npv,
            irr=appraisal.irr,
            criteria=terms.criteria(data.terms),
        ),
    )


def _thin(data: CostData, capital: Figure) -> Text | None:
    """Why the data do not carry a cash flow; None when they do."""
    if capital.value is None:
        return text("the capital is not known; enter it in worksheet 14, or 0 if none is needed")
    if not data.operating:
        return text("no yearly saving or cost is entered in worksheet 14")
    return None


def _thin_economics(assessment: Assessment, data: CostData, reason: Text, terms: Terms) -> OptionEconomics:
    capital = _capital(assessment, data)
    saving = _net_saving(assessment, data)
    payback = no_value(text("Simple payback"), reason, "yr", (capital, saving))
    judgement = None
    if capital.value is not None and saving.value is not None:
        payback = payback_figure(capital, saving)
        judgement = judge_profit(
            total_capital=capital,
            annual_net_saving=saving,
            payback=payback,
            criteria=terms.criteria(data.terms),
        )
    return OptionEconomics(
        capital=capital,
        capital_parts=tuple(_parts(assessment, data)),
        annual=tuple(_annual(assessment, data)),
        gains=_gains(assessment, data),
        expenses=_expenses(assessment, data),
        net_saving=saving,
        payback=payback,
        npv=no_value(text("Net present value"), reason, assessment.currency.value),
        irr=no_value(text("Internal rate of return"), reason, "%"),
        judgement=judgement,
    )


def project_of(assessment: Assessment, name: str, data: CostData, terms: Terms) -> Project:
    """The option as a project of the economics room; money is summed there in floats, a record an item.

    Raises
    ------
    UnusableInput
        If the amounts or terms are impossible.
    """
    fixed = [(key, each) for key, each in data.capital if each.item is not CapitalEntry.WORKING_CAPITAL]
    working = [each for _, each in data.capital if each.item is CapitalEntry.WORKING_CAPITAL]
    own = data.terms
    sources: dict[str, Where | Text] = {
        "discount_rate": terms.where("discount-rate"),
        "tax_rate": terms.where("tax-rate"),
        "escalation": terms.where("escalation"),
        "life": terms.where("life")
        if own is None or own.life is None
        else place_of(assessment, "option_terms", own, "life"),
    }
    return Project(
        name=name,
        currency=assessment.currency.value,
        capital=tuple(
            CapitalItem(
                text("Capital") if each.item is None else each.item.label,
                _number(each.amount),
                basis=each.basis or Basis.ESTIMATED,
                source=place("capital_costs", key, "amount"),
            )
            for key, each in fixed
        ),
        operating=tuple(_operating_items(data)),
        life=terms.life(own),
        discount_rate=terms.value("discount-rate"),
        tax_rate=terms.value("tax-rate"),
        depreciation=terms.depreciation,
        financing=terms.financing(own),
        escalation=terms.value("escalation"),
        working_capital=sum(_number(each.amount) for each in working),
        salvage=0.0 if own is None else _number(own.salvage),
        construction_years=terms.construction_years,
        sources=sources,
    )


def _number(money: Money | None) -> float:
    return 0.0 if money is None else float(money.amount)


def _operating_items(data: CostData) -> Iterator[OperatingItem]:
    for key, each in data.operating:
        kind = "other" if each.item is None else each.item.value
        label = text("Operating item") if each.item is None else each.item.label
        rate = None if each.escalation is None else float(each.escalation) / 100.0
        for field, money, sign in (("gain", each.gain, 1.0), ("expense", each.expense, -1.0)):
            if money is not None:
                yield OperatingItem(
                    f"{kind}-{field}-{key}",
                    label if field == "gain" else text("{item}: added cost", item=label),
                    operating_class(kind),
                    sign * _number(money),
                    rate,
                    each.basis or Basis.ESTIMATED,
                    place("operating_changes", key, field),
                )


def _capital(assessment: Assessment, data: CostData) -> Figure:
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


def _parts(assessment: Assessment, data: CostData) -> Iterator[CapitalPartAmount]:
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


def _gains(assessment: Assessment, data: CostData) -> Figure:
    return _sum(assessment, text("Savings and revenues a year"), data.operating, "gain")


def _expenses(assessment: Assessment, data: CostData) -> Figure:
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


def _net_saving(assessment: Assessment, data: CostData) -> Figure:
    return _net(assessment, text("Annual net saving"), _gains(assessment, data), _expenses(assessment, data))


def _annual(assessment: Assessment, data: CostData) -> Iterator[AnnualClassAmount]:
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


def cost_issues(option: str, data: CostData) -> Iterator[Issue]:
    """What is missing in the cost records of an option that has some."""
    if data.empty:
        return
    if not data.capital:
        yield problem(
            "capital-missing",
            "{option}: no capital is entered; enter the amounts, or 0 if none is needed.",
            where=place("capital_costs"),
            severity=Severity.NOTE if data.needs_none else Severity.WARNING,
            option=option,
        )
    if not data.operating:
        yield problem(
            "operating-missing",
            "{option}: no yearly saving or cost is entered, so nobody can say whether it pays.",
            where=place("operating_changes"),
            severity=Severity.WARNING
            if any(each.amount.minor for _, each in data.capital if each.amount)
            else Severity.NOTE,
            option=option,
        )
