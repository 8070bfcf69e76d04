"""The measures of merit beside payback, net present value and internal rate, as figures with formula and inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openrecp.economics.amounts import Amount
from openrecp.economics.cash_flow import LoanAccount, year_name
from openrecp.economics.cash_flow_lines import Line
from openrecp.economics.funding_figures import (
    discount_rate_figure,
    inflation_figure,
    rate_figure,
    years_figure,
)
from openrecp.economics.investment import Avoided
from openrecp.economics.labels import as_text
from openrecp.economics.merit_results import LevelisedCost, MeritFigures
from openrecp.economics.merits import Merits
from openrecp.economics.prices import PriceBasis
from openrecp.economics.profitability import Merit, Payback
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text


def merit_figures(merits: Merits, npv: Figure, irr: Figure, saving: Figure) -> MeritFigures:
    """The figures of one project.

    Parameters
    ----------
    merits : Merits
        Of one project, not of many.
    npv, irr, saving : Figure
        Net present value, internal rate and annual net saving, as they are shown; here they come without their
        own inputs.
    """
    return _Figures(merits, _alone(npv), _alone(irr), _alone(saving)).all()


def _alone(figure: Figure) -> Figure:
    return Figure(figure.name, figure.value, figure.unit, figure.formula, reason=figure.reason)


@dataclass(frozen=True)
class _Figures:
    merits: Merits
    npv: Figure
    irr: Figure
    saving: Figure

    @property
    def money(self) -> str:
        return self.merits.flow.project.currency

    @property
    def rate(self) -> Figure:
        return discount_rate_figure(self.merits.flow.project)

    @property
    def inflation(self) -> Figure:
        return inflation_figure(self.merits.flow.project)

    def all(self) -> MeritFigures:
        project = self.merits.flow.project
        ratio = self.savings_to_investment()
        return MeritFigures(
            discounted_payback=self.discounted_payback(),
            modified_irr=self.modified_irr(),
            annual_worth=self.annual_worth(),
            benefit_cost_ratio=self.benefit_cost_ratio(),
            savings_to_investment=ratio,
            adjusted_irr=self.adjusted_irr(ratio),
            real_irr=self.real_irr() if project.prices.inflation else None,
            loan_subsidies=tuple(self.loan_subsidies()),
            grants_value=self.grants_value() if project.grants else None,
            credits_value=self.credits_value() if project.tax_credits else None,
            levelised=tuple(self.levelised(avoided) for avoided in project.avoided),
            cost_of_delay=self.cost_of_delay(),
            month_of_waiting=self.month_of_waiting(),
        )

    def discounted_payback(self) -> Figure:
        flow, construction = self.merits.flow, self.merits.flow.project.construction_years
        to_date = (
            self.amount(text("Net present value to date, {year}", year=year_name(year, construction)), value)
            for year, value in zip(flow.years, flow.cumulative_present_value, strict=True)
        )
        return _figure(
            text("Discounted payback"),
            self.merits.discounted_payback,
            "yr",
            text(
                "years from start-up until the cash flow so far, each year ÷ (1 + discount rate)ⁿ, stays at or above "
                "zero; within a year it comes evenly"
            ),
            (self.rate, *to_date),
        )

    def modified_irr(self) -> Figure:
        spent, received = self.merits.spent, self.merits.received
        return _figure(
            text("Modified internal rate of return"),
            self.merits.modified_irr,
            "%",
            text("(received ÷ spent)^(1 ÷ years) − 1"),
            (
                self.amount(
                    text("Received, at the end of the last year"),
                    received,
                    text("sum of the years that gain × (1 + discount rate)ᵐ, m years before the last"),
                    (self.rate, *self.years(tuple(max(float(cash), 0.0) for cash in self.merits.flow.cash))),
                ),
                self.amount(
                    text("Spent, at the first year"),
                    spent,
                    text("sum of the years that cost ÷ (1 + discount rate)ⁿ"),
                    (self.rate, *self.years(tuple(max(-float(cash), 0.0) for cash in self.merits.flow.cash))),
                ),
                years_figure(text("Years of the cash flow"), self.merits.study_years),
            ),
        )

    def annual_worth(self) -> Figure:
        merits = self.merits
        factor = Figure(
            text("Present value of 1 every operating year"),
            float(merits.annuity_factor),
            formula=text("sum of 1 ÷ (1 + discount rate)ⁿ over the operating years"),
            inputs=(self.rate,),
        )
        return _figure(
            text("Annual worth"),
            self.merits.annual_worth,
            f"{self.money}/yr",
            text("net present value ÷ present value of 1 every operating year"),
            (self.npv, factor),
        )

    @property
    def benefits(self) -> Figure:
        return self.amount(
            text("Present value of savings and revenues"),
            self.merits.benefits,
            text("sum of savings and revenues ÷ (1 + discount rate)ⁿ"),
            (self.rate, *self.years(self.merits.gains)),
        )

    @property
    def costs(self) -> Figure:
        return self.amount(
            text("Present value of all costs"),
            self.merits.costs,
            text(
                "present value of savings and revenues − net present value: capital, yearly costs, replaced parts, "
                "contract payments, tax and interest, less salvage, grants and loans"
            ),
            (_alone(self.benefits), self.npv),
        )

    def benefit_cost_ratio(self) -> Figure:
        return _figure(
            text("Benefit-cost ratio"),
            self.merits.benefit_cost_ratio,
            "",
            text("present value of savings and revenues ÷ present value of all costs"),
            (self.benefits, self.costs),
        )

    def savings_to_investment(self) -> Figure:
        merits = self.merits
        parts = (
            (text("Present value of capital and replaced parts"), merits.capital),
            (text("Present value of salvage and working capital recovered"), merits.recovered),
            (text("Present value of grants"), merits.grants),
        )
        investment = self.amount(
            text("Present value of the investment"),
            merits.investment,
            text("capital and replaced parts − salvage and working capital recovered − grants"),
            tuple(self.amount(name, value, _DISCOUNTED, (self.rate,)) for name, value in parts),
        )
        return _figure(
            text("Savings-to-investment ratio"),
            merits.savings_to_investment,
            "",
            text("(net present value + present value of the investment) ÷ present value of the investment"),
            (self.npv, investment),
        )

    def adjusted_irr(self, ratio: Figure) -> Figure:
        merits = self.merits
        return _figure(
            text("Adjusted internal rate of return"),
            merits.adjusted_irr,
            "%",
            text("(1 + discount rate) × (savings-to-investment ratio)^(1 ÷ years) − 1"),
            (self.rate, _alone(ratio), years_figure(text("Years of the cash flow"), merits.study_years)),
        )

    def real_irr(self) -> Figure:
        return _figure(
            text("Real internal rate of return"),
            self.merits.real_irr,
            "%",
            text("(1 + internal rate of return) ÷ (1 + inflation) − 1"),
            (self.irr, self.inflation),
        )

    def loan_subsidies(self) -> Iterator[Figure]:
        for account in self.merits.flow.loans:
            if account.loan.market_rate is not None:
                yield self.loan_subsidy(account)

    def loan_subsidy(self, account: LoanAccount) -> Figure:
        loan = account.loan
        served = tuple(
            interest + principal
            for interest, principal in zip(account.interest, account.principal, strict=True)
        )
        return self.amount(
            text("Value of the lower interest: {loan}", loan=loan.name),
            self.merits.loan_subsidy(account),
            text("sum of (loan paid out − interest − repayment) ÷ (1 + market rate)ⁿ, before tax"),
            (
                rate_figure(text("Market rate"), float(loan.market_rate or 0.0), loan.source),
                rate_figure(text("Interest on the loan"), float(loan.interest_rate), loan.source),
                self.amount(as_text(loan.name), account.amount),
                *self.years(served),
            ),
        )

    def grants_value(self) -> Figure:
        flow = self.merits.flow
        line = tuple(taxed + free for taxed, free in zip(flow.grants_taxed, flow.grants_free, strict=True))
        return self.amount(
            text("Present value of grants"),
            self.merits.grants,
            text("sum of the grants received ÷ (1 + discount rate)ⁿ, before tax"),
            (self.rate, *self.years(line)),
        )

    def credits_value(self) -> Figure:
        flow = self.merits.flow
        unused = (
            (text("Tax credits that lapse unused"), sum(float(amount) for amount in flow.credit_lapsed)),
            (text("Tax credits still open when the project ends"), float(flow.credit_open[-1])),
        )
        parts = tuple(self.amount(name, amount) for name, amount in unused if amount)
        return self.amount(
            text("Present value of tax credits used"),
            self.merits.credits,
            text("sum of the tax credits used ÷ (1 + discount rate)ⁿ"),
            (self.rate, *self.years(flow.credit_used), *parts),
        )

    def levelised(self, avoided: Avoided) -> LevelisedCost:
        merits, unit = self.merits, f"{self.money}/{avoided.unit}"
        real = merits.flow.project.prices.basis is PriceBasis.REAL
        quantities = merits.yearly_quantities(avoided)
        units = Figure(
            text("Discounted quantity: {what}", what=avoided.name),
            float(merits.present((0.0, *quantities))),
            avoided.unit,
            text(
                "sum of quantity × (1 + inflation)ʸ ÷ (1 + discount rate with inflation)ⁿ, y operating years"
            )
            if real
            else text("sum of quantity ÷ (1 + discount rate)ⁿ over the operating years"),
            (
                Figure(
                    as_text(avoided.name),
                    float(avoided.yearly),
                    f"{avoided.unit}/yr",
                    basis=Basis.ESTIMATED,
                    source=avoided.source,
                ),
                self.rate,
            ),
        )
        gross = _figure(
            text("Levelised cost of {what} avoided, before savings", what=avoided.name),
            merits.levelised_gross(avoided),
            unit,
            text("present value of all costs ÷ discounted quantity"),
            (self.costs, units),
        )
        net = _figure(
            text("Levelised cost of {what} avoided, net of savings", what=avoided.name),
            merits.levelised_net(avoided),
            unit,
            text("− net present value ÷ discounted quantity"),
            (self.npv, units),
        )
        return LevelisedCost(avoided, gross, net)

    def cost_of_delay(self) -> Figure:
        project = self.merits.flow.project
        rate = rate_figure(
            text("Discount rate"), float(project.discount_rate), project.sources.get("discount_rate")
        )
        return _figure(
            text("Cost of a year's delay"),
            self.merits.cost_of_delay if self.merits.npv >= 0 else None,
            self.money,
            text(
                "net present value − net present value ÷ (1 + discount rate), the same project a year later"
            ),
            (self.npv, rate),
            text("waiting loses nothing, because the net present value is below zero"),
        )

    def month_of_waiting(self) -> Figure:
        return _figure(
            text("Saving lost with every month of waiting"),
            self.merits.month_of_waiting if self.merits.annual_net_saving > 0 else None,
            f"{self.money}/month",
            text("annual net saving ÷ 12"),
            (self.saving,),
            text("there is no yearly net saving to lose"),
        )

    def amount(
        self, name: Text, value: Amount, formula: Text | None = None, inputs: tuple[Figure, ...] = ()
    ) -> Figure:
        return Figure(name, float(value), self.money, formula, inputs)

    def years(self, line: Line) -> Iterator[Figure]:
        """What there is in each year."""
        flow = self.merits.flow
        for year, value in zip(flow.years, line, strict=True):
            if value:
                yield self.amount(year_name(year, flow.project.construction_years), value)


_DISCOUNTED = text("sum of the yearly amounts ÷ (1 + discount rate)ⁿ")


def _figure(
    name: Text,
    found: Merit | Payback | Amount,
    unit: str,
    formula: Text,
    inputs: tuple[Figure, ...],
    reason: Text | None = None,
) -> Figure:
    """A figure of what was found, a rate in percent; a reason given here says more than that of the measure."""
    value: Amount = found.value if isinstance(found, Merit) else found
    if isinstance(found, Payback):
        value = found.years
    if value is None:
        given = found.reason if isinstance(found, Merit | Payback) else None
        return Figure(name, None, unit, formula, inputs, reason=reason or given)
    return Figure(name, float(value) * (100.0 if unit == "%" else 1.0), unit, formula, inputs)
