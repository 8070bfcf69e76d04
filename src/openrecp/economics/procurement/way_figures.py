"""The figures of a way of procuring, each with its formula and what went into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from openrecp.economics.amounts import total
from openrecp.economics.cash_flow_lines import CashFlow
from openrecp.economics.conventions import Conventions
from openrecp.economics.evaluation import Evaluation
from openrecp.economics.funding_figures import loan_figures, rate_figure, years_figure
from openrecp.economics.labels import as_text
from openrecp.economics.procurement.client import (
    contract_flows,
    covered_savings,
    maintenance_in_usual_year,
    price_of,
    supplier_loan,
)
from openrecp.economics.procurement.ways import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    Way,
)
from openrecp.economics.profitability import internal_rate_of_return, simple_payback
from openrecp.economics.project import Project
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text

_LENDS_NOTHING: Final = text("the client pays for the equipment itself; the contract lends nothing")
_GOES_BACK_EARLY: Final = text(
    "the equipment goes back before the project ends, and what it is worth to the other side then is not known"
)


def own_money(flow: CashFlow) -> Figure:
    """What the client pays from its own money until start-up [money]."""
    money = flow.project.currency
    capital = Figure(
        text("Total capital investment"),
        float(flow.funding.capital),
        money,
        text("sum of the capital items, working capital and construction interest"),
    )
    contract = tuple(_contract_figures(flow, lambda year: year <= 0))
    paid = -sum(float(figure.value or 0.0) for figure in contract)
    return Figure(
        text("Own money until start-up"),
        float(flow.funding.capital) - float(flow.funding.loan) + paid,
        money,
        text("total capital − loans + what the contract asks for until start-up"),
        (capital, *loan_figures(flow), *contract),
    )


def first_payment(flow: CashFlow, way: Way) -> Figure:
    """What the client pays to the other side in the first operating year, less what it gets [money]."""
    money, name = flow.project.currency, text("Paid to the other side in year 1")
    if isinstance(way, Purchase):
        return Figure(name, 0.0, money, text("nothing: there is no contract"))
    parts = list(_contract_figures(flow, lambda year: year == 1))
    paid = -sum(float(figure.value or 0.0) for figure in parts)
    if isinstance(way, Instalments):
        place = flow.years.index(1)
        served = float(flow.interest[place]) + float(flow.principal[place])
        parts.append(Figure(text("Instalment"), -served, money, text("interest + repayment of the year")))
        paid += served
    return Figure(name, paid, money, text("payments of the year under the contract"), tuple(parts))


def _contract_figures(flow: CashFlow, wanted: Callable[[int], bool]) -> Iterator[Figure]:
    for payment in flow.project.payments:
        amount = total(amount for year, amount in payment.amounts if wanted(year))
        if amount:
            yield Figure(
                as_text(payment.name),
                float(amount),
                flow.project.currency,
                basis=Basis.ASSUMED,
                source=payment.source,
            )


def way_payback(found: Evaluation, way: Way, purchase: Project) -> Figure:
    """Simple payback of the client's capital by what the contract leaves of the saving, before tax [yr]."""
    if isinstance(way, Purchase | Instalments):
        return found.payback
    saving = _saving_left(found, way, purchase)
    years = simple_payback(float(found.total_capital.value or 0.0), float(saving.value or 0.0))
    return Figure(
        text("Simple payback"),
        years.years,
        "yr",
        text("total capital ÷ annual net saving after the payments of the contract"),
        (found.total_capital, saving),
        reason=years.reason,
    )


def _saving_left(found: Evaluation, way: Way, purchase: Project) -> Figure:
    """Annual net saving of the first contract year, at the prices entered [money/yr]."""
    money = found.project.currency
    payment = Figure(
        text("Payment of the first year at the prices entered"),
        float(_payment_entered(way, purchase)),
        money,
        text("what the contract asks for less what it pays"),
    )
    inputs = [found.annual_net_saving, payment]
    included = 0.0
    if not isinstance(way, Purchase | Instalments):
        # Where it ends before the project it may be no part of a usual year, but is one of this year.
        included = float(way.maintenance_included) - maintenance_in_usual_year(found.project)
    if included:
        inputs.append(
            Figure(text("Maintenance included in the contract"), included, money, basis=Basis.ASSUMED)
        )
    return Figure(
        text("Annual net saving after the payments of the contract"),
        float(found.annual_net_saving.value or 0.0) + included - float(payment.value or 0.0),
        money,
        text("annual net saving − payment of the first year + maintenance included"),
        tuple(inputs),
    )


def _payment_entered(way: Way, purchase: Project) -> float:
    match way:
        case Lease():
            return float(way.yearly_payment)
        case PerformanceContract():
            entered, _ = covered_savings(purchase, way.items)
            over = float(entered[0]) - float(way.guaranteed_saving)
            extra = way.excess_share * over if over > 0 else way.shortfall_share * over
            return float(way.yearly_fee) + float(extra)
        case SharedSavings():
            entered, _ = covered_savings(purchase, way.items)
            return (1.0 - float(way.client_share(1))) * float(entered[0])
        case _:
            return 0.0


def npv_difference(found: Evaluation, bought: Evaluation) -> Figure:
    """What the way brings more than purchase, or costs more where it is negative [money]."""
    return Figure(
        text("Net present value against purchase"),
        float(found.cash_flow.net_present_value) - float(bought.cash_flow.net_present_value),
        found.project.currency,
        text("net present value − net present value of purchase"),
        (found.npv, bought.npv),
    )


def money_cost(flow: CashFlow, own: CashFlow, way: Way) -> Figure:
    """What the money that a way provides costs a year after tax, against buying with own money alone [%]."""
    name = text("Cost of the money that it provides, after tax")
    if isinstance(way, PerformanceContract):
        return Figure(name, None, "%", reason=_LENDS_NOTHING)
    money = flow.project.currency
    parts = tuple(
        Figure(text("Difference in year {year}", year=year), float(one) - float(other), money)
        for year, one, other in zip(flow.years, flow.cash, own.cash, strict=True)
    )
    if not any(part.value for part in parts):
        return Figure(name, None, "%", reason=text("it is bought with own money alone"))
    formula = text(
        "the rate at which the differences to the cash flow of a buyer with own money alone have a present value "
        "of zero"
    )
    return _rate_of(name, formula, parts)


def _rate_of(name: Text, formula: Text, parts: tuple[Figure, ...], *before: Figure) -> Figure:
    """The rate at which amounts of years in a row have a present value of zero.

    Among several rates, the only one that is not below zero is it: no owner discounts at less.
    """
    found = internal_rate_of_return([float(part.value or 0.0) for part in parts])
    rate, reason = found.value, found.reason
    possible = [root for root in found.roots if root >= 0]
    if rate is None and len(possible) == 1:
        (rate,), reason = possible, None
        others = [f"{100.0 * root:.2f} %" for root in found.roots if root < 0]
        formula = text(
            "{formula}; the only one that is not below zero, beside {others}", formula=formula, others=others
        )
    return Figure(
        name, None if rate is None else rate * 100.0, "%", formula, (*before, *parts), reason=reason
    )


def implicit_rate(way: Way, purchase: Project, conventions: Conventions) -> Figure:
    """Yearly interest within the payments of a contract, before tax [%]."""
    name = text("Interest within the payments")
    match way:
        case Purchase():
            return Figure(name, None, "%", reason=text("the equipment is paid for at once"))
        case PerformanceContract():
            return Figure(name, None, "%", reason=_LENDS_NOTHING)
        case Instalments():
            return _instalment_rate(name, way, purchase)
        case _:
            return _contract_rate(name, way, purchase, conventions)


def _instalment_rate(name: Text, way: Instalments, purchase: Project) -> Figure:
    money, loan = purchase.currency, supplier_loan(purchase, way)
    owed = Figure(
        text("Owed to the supplier"),
        float(loan.amount or 0.0),
        money,
        text("price − down payment"),
        (Figure(text("Price"), float(price_of(purchase, way.client_buys)), money),),
    )
    if not owed.value:
        return Figure(name, None, "%", reason=text("the equipment is paid for at once"))
    if way.interest_rate is not None:
        return rate_figure(name, float(way.interest_rate), way.source)
    payment = Figure(
        text("Instalment"), float(way.yearly_payment or 0.0), money, basis=Basis.ASSUMED, source=way.source
    )
    return Figure(
        name,
        float(loan.interest_rate) * 100.0,
        "%",
        text("the rate at which the present value of the payments equals what is owed"),
        (owed, payment, years_figure(text("Years of payment"), way.years, way.source)),
    )


def _contract_rate(
    name: Text, way: Lease | SharedSavings, purchase: Project, conventions: Conventions
) -> Figure:
    money = purchase.currency
    price_at_end = way.purchase_price if isinstance(way, Lease) else way.buyout_price
    if price_at_end is None and way.years < purchase.life:
        return Figure(name, None, "%", reason=_GOES_BACK_EARLY)
    parts = tuple(
        Figure(text("Contract, year {year}", year=year), float(amount), money)
        for year, amount in enumerate(contract_flows(way, purchase, conventions))
    )
    formula = text(
        "the rate at which the present value of the payments, less the costs that they include, and of what is "
        "paid or given back at the end equals the price"
    )
    price = Figure(text("Price"), float(price_of(purchase, way.client_buys)), money)
    return _rate_of(name, formula, parts, price)
