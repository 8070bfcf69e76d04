"""Ways of procuring side by side: what each is worth to the client, costs against purchase, and who bears the risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from openrecp.economics.amounts import Amount
from openrecp.economics.cash_flow import after_tax_cash_flow
from openrecp.economics.cash_flow_lines import CashFlow
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.evaluation import Evaluation, evaluate_project
from openrecp.economics.financing import ALL_EQUITY
from openrecp.economics.inputs import changed_totals
from openrecp.economics.labels import as_text
from openrecp.economics.procurement.client import client_project, way_issues
from openrecp.economics.procurement.rules import way_rules
from openrecp.economics.procurement.way_figures import (
    first_payment,
    implicit_rate,
    money_cost,
    npv_difference,
    own_money,
    way_payback,
)
from openrecp.economics.procurement.ways import Purchase, Way
from openrecp.economics.profitability import net_present_value
from openrecp.economics.project import Project
from openrecp.errors import UnusableInput
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text

STARTING_SHORTFALL: Final = 0.2


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What happens to the client when savings fall short.

    Attributes
    ----------
    share : Figure
        By how much all savings and revenues fall short [%].
    npv : Figure
        Net present value then [money].
    loss : Figure
        Net present value that the client loses by it [money].
    borne_by_other : Figure
        Part of the missing savings that the other side bears, before tax [%].
    """

    share: Figure
    npv: Figure
    loss: Figure
    borne_by_other: Figure


@dataclass(frozen=True, slots=True)
class WayResult:
    """What a way of procuring means to the client.

    Attributes
    ----------
    way : Way
    name : Text
    evaluation : Evaluation
        Of the client's project under this way, ``evaluation.project``; its payback counts the contract's payments.
    own_money : Figure
        Paid by the client from its own money until start-up [money].
    first_payment : Figure
        Paid to the other side in the first operating year, less what it pays [money].
    npv_difference : Figure
        Net present value less that of purchase [money].
    implicit_rate : Figure
        Yearly interest within the payments, before tax [%].
    money_cost : Figure
        Discount rate at which the way is worth as much as buying with own money alone [%].
    shortfall : Shortfall
    rules : tuple of Text
        Who owns, deducts and gets what.
    """

    way: Way
    name: Text
    evaluation: Evaluation
    own_money: Figure
    first_payment: Figure
    npv_difference: Figure
    implicit_rate: Figure
    money_cost: Figure
    shortfall: Shortfall
    rules: tuple[Text, ...]

    @property
    def cash_flow(self) -> CashFlow:
        """The client's cash flow."""
        return self.evaluation.cash_flow

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in the order in which they are shown."""
        evaluation = self.evaluation
        return (
            self.own_money,
            self.first_payment,
            evaluation.payback,
            evaluation.npv,
            evaluation.irr,
            self.npv_difference,
            self.implicit_rate,
            self.money_cost,
            self.shortfall.npv,
            self.shortfall.loss,
            self.shortfall.borne_by_other,
        )


def compare_ways(
    project: Project,
    ways: Sequence[Way],
    conventions: Conventions = TEXTBOOK,
    saving_factor: float = 1.0,
    shortfall: float = STARTING_SHORTFALL,
) -> tuple[WayResult, ...]:
    """Evaluate the client's project under each way of procuring, in the order given.

    All are discounted at the owner's rate, so that a way that pays later looks better the higher that rate is;
    `WayResult.money_cost` is the rate up to which own money is the better choice.

    Parameters
    ----------
    project : Project
        The purchase, with its loans, grants and credits.
    ways : sequence of Way
    conventions : Conventions
    saving_factor : float
        Savings and revenues that are reached, as a part of those entered.
    shortfall : float
        By which part the savings fall short of that to see who bears the risk, above 0 and at most 1.

    Raises
    ------
    UnusableInput
        If a way is impossible for the project; carries every such finding.
    ValueError
        If the factor is below zero, or the shortfall not above 0 and at most 1.

    References
    ----------
    R. A. Brealey, S. C. Myers, F. Allen, Principles of Corporate Finance, 12th edition, chapter 25, table 25.2: a bus for
    100 (thousand dollars), or a lease of eight payments of 16.9 in advance, at 35 % tax and 6.5 % after tax. The lease is
    worth 0.70 less:

    >>> from openrecp.economics.depreciation import Depreciation, DepreciationMethod
    >>> from openrecp.economics.investment import CapitalItem
    >>> from openrecp.economics.procurement.ways import Lease
    >>> shares = (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576)
    >>> written = Depreciation(DepreciationMethod.TABLE, shares=shares)
    >>> bus = Project("Bus", "USD", (CapitalItem("Bus", 100.0),), (), 8, 0.065, 0.35, written)
    >>> (lease,) = compare_ways(bus, [Lease(16.9, 8, in_advance=True)])
    >>> round(lease.npv_difference.value, 2)
    -0.7
    """
    if saving_factor < 0 or not 0 < shortfall <= 1:
        raise ValueError("savings cannot be below zero, and a shortfall is a part of them")
    issues = [issue for way in ways for issue in way_issues(way, project)]
    if issues:
        raise UnusableInput(issues)
    reached = changed_totals(project, savings=saving_factor - 1.0)
    short = changed_totals(project, savings=saving_factor * (1.0 - shortfall) - 1.0)
    bought = _Bought(
        evaluate_project(reached, conventions),
        after_tax_cash_flow(replace(reached, financing=ALL_EQUITY), conventions),
        after_tax_cash_flow(short, conventions),
        shortfall,
    )
    return tuple(_result(way, bought) for way in ways)


@dataclass(frozen=True, slots=True)
class _Bought:
    """Purchase as the project has it, with own money alone, and with savings that fall short by a part."""

    evaluation: Evaluation
    own: CashFlow
    short: CashFlow
    part: float

    @property
    def missing(self) -> float:
        """Present value of the savings that fall short, before tax [money]."""
        flow = self.evaluation.cash_flow
        return _present_value(flow, flow.net_savings, self.short.net_savings)


def _present_value(flow: CashFlow, line: Sequence[Amount], other: Sequence[Amount]) -> float:
    """Of the differences of two lines of a cash flow [money]."""
    differences = [float(one) - float(its) for one, its in zip(line, other, strict=True)]
    return float(net_present_value(float(flow.project.nominal_discount_rate), differences))


def _result(way: Way, bought: _Bought) -> WayResult:
    purchase, conventions = bought.evaluation.project, bought.evaluation.conventions
    found = bought.evaluation
    if not isinstance(way, Purchase):
        found = evaluate_project(client_project(purchase, way, conventions), conventions)
        found = replace(found, payback=way_payback(found, way, purchase))
    return WayResult(
        way=way,
        name=as_text(way.name),
        evaluation=found,
        own_money=own_money(found.cash_flow),
        first_payment=first_payment(found.cash_flow, way),
        npv_difference=npv_difference(found, bought.evaluation),
        implicit_rate=implicit_rate(way, purchase, conventions),
        money_cost=money_cost(found.cash_flow, bought.own, way),
        shortfall=_shortfall(way, found, bought),
        rules=tuple(way_rules(way, purchase)),
    )


def _shortfall(way: Way, found: Evaluation, bought: _Bought) -> Shortfall:
    conventions, money = found.conventions, found.project.currency
    flow = found.cash_flow
    short = after_tax_cash_flow(client_project(bought.short.project, way, conventions), conventions)
    part = Figure(text("Savings that are missing"), bought.part * 100.0, "%", basis=Basis.ASSUMED)
    npv = Figure(
        text("Net present value when savings fall short"),
        float(short.net_present_value),
        money,
        text("as before, with all savings and revenues lower by this part"),
        (part,),
    )
    loss = Figure(
        text("Loss when savings fall short"),
        float(flow.net_present_value) - float(short.net_present_value),
        money,
        text("net present value − net present value when savings fall short"),
        (found.npv, npv),
    )
    made_up = Figure(
        text("Present value of what the contract then pays more or asks less"),
        _present_value(flow, short.contract_taxed, flow.contract_taxed),
        money,
    )
    missing = Figure(text("Present value of the savings that are missing"), bought.missing, money)
    borne = Figure(
        text("Part of the shortfall that the other side bears"),
        100.0 * float(made_up.value or 0.0) / bought.missing if bought.missing else None,
        "%",
        text(
            "what the contract then pays more or asks less ÷ savings that are missing, as present values before tax"
        ),
        (made_up, missing),
        reason=None if bought.missing else text("there are no savings to fall short"),
    )
    return Shortfall(part, npv, loss, borne)
