"""After-tax cash flow of a project, line by line as worksheet 16 of the manual has it.

Every amount counts at the end of its year. Year 0 is start-up. With years of construction the capital is spent
at their beginnings, in years -n to -1, under conventions that discount them; otherwise in year 0.

The same code counts one project, whose amounts are floats, and many of the same structure, whose amounts
are arrays (`openrecp.economics.amounts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from openrecp.economics.amounts import (
    Amount,
    added,
    chosen,
    is_nothing,
    larger,
    less,
    smaller,
    total,
)
from openrecp.economics.cash_flow_lines import (
    Asset,
    CashFlow,
    CashFlowLine,
    Line,
    LoanAccount,
    remaining_book,
    year_name,
)
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.depreciation import Depreciation
from openrecp.economics.financing import Funding, funding
from openrecp.economics.operating import yearly_totals
from openrecp.economics.project import Project
from openrecp.economics.taxes import EarnedCredit, income_tax

__all__ = ["CashFlow", "CashFlowLine", "LoanAccount", "after_tax_cash_flow", "taxable_gain", "year_name"]


def after_tax_cash_flow(project: Project, conventions: Conventions = TEXTBOOK) -> CashFlow:
    """Cash flow of the owner of a project: after tax and after the loans are served.

    Parameters
    ----------
    project : Project
        Its amounts may be arrays of shape (n,); then every amount of the result that depends on them is one too.
    conventions : Conventions
        `TEXTBOOK` or `EPA_1988`.

    References
    ----------
    工業減廢評估, worksheet 16 and appendix 8, tables 8.2-8.4.
    """
    count = _Count(project, conventions)
    paid = funding(count.base, project.financing, count.spending, conventions.money)
    loans = tuple(count.loan_accounts(paid))
    lines = _Lines(
        fixed_capital=count.fixed_capital(paid),
        working_capital=count.spread(project.working_capital),
        salvage=count.at_end(project.residual_value + count.recovered),
        net_savings=count.net_savings(),
        interest=added(count.nothing, *(each.interest for each in loans)),
        principal=added(count.nothing, *(each.principal for each in loans)),
        grants=count.grants(),
        payments=count.payments(),
        replacements=count.replacements(),
        loan_drawn=count.loan_drawn(paid),
        loan_balance=added(count.nothing, *(each.balance for each in loans)),
        assets=count.assets(paid),
    )
    return lines.cash_flow(count, paid, loans)


def taxable_gain(project: Project, book: Amount) -> Amount:
    """What the salvage value brings above the book value, negative for a loss [money].

    Capital that may not be written off, such as land, is recovered before there is a gain; no loss is claimed
    on it, since what is not sold keeps its value.

    Parameters
    ----------
    project : Project
    book : float or array, shape (n,)
        What is not yet written off when the project ends [money].
    """
    gain = project.residual_value - book
    kept = project.fixed_capital - project.depreciable_capital
    return gain - smaller(larger(kept, 0.0), larger(gain, 0.0))


@dataclass(frozen=True)
class _Count:
    """What is entered, laid out over the years of the cash flow."""

    project: Project
    conventions: Conventions

    @property
    def base(self) -> Amount:
        return self.project.fixed_capital + self.project.working_capital

    @property
    def spending(self) -> tuple[float, ...]:
        return self.project.construction_spending

    @property
    def lead(self) -> int:
        """Years before year 0 in the cash flow."""
        return self.project.construction_years if self.conventions.construction_year_discounted else 0

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(-self.lead, self.project.life + 1))

    @property
    def nothing(self) -> Line:
        return (0.0,) * (self.lead + 1 + self.project.life)

    @property
    def recovered(self) -> Amount:
        return self.project.working_capital if self.conventions.working_capital_recovered else 0.0

    def column(self, year: int) -> int:
        """Place of a year; construction that is not discounted falls on start-up."""
        return max(year + self.lead, 0)

    def operating(self, amounts: Sequence[Amount]) -> Line:
        """Amounts of operating years 1 to life, with nothing before them."""
        return (*(0.0,) * (self.lead + 1), *amounts)

    def at_end(self, amount: Amount) -> Line:
        return (*self.nothing[1:], amount)

    def at(self, amounts: Sequence[tuple[int, Amount]]) -> Line:
        """Amounts at the years given."""
        line = list(self.nothing)
        for year, amount in amounts:
            line[self.column(year)] = total((line[self.column(year)], amount))
        return tuple(line)

    def spread(self, amount: Amount) -> Line:
        """An amount spent as the capital is."""
        if not self.spending or not self.lead:
            return self.at([(0, amount)])
        return self.at([(year - self.lead, share * amount) for year, share in enumerate(self.spending)])

    def fixed_capital(self, paid: Funding) -> Line:
        interest = self.at([(0, paid.construction_interest)])
        return added(self.spread(paid.base - self.project.working_capital), interest)

    def loan_drawn(self, paid: Funding) -> Line:
        return added(self.spread(paid.drawn), self.at([(0, paid.construction_interest)]))

    def net_savings(self) -> Line:
        project = self.project
        return self.operating(
            yearly_totals(project.operating, project.life, project.nominal_escalation, self.conventions)
        )

    def loan_accounts(self, paid: Funding) -> Iterator[LoanAccount]:
        for loan, amount, growth in zip(self.project.financing.loans, paid.loans, paid.growth, strict=True):
            served = loan.schedule(amount, self.project.life, self.conventions.money)
            owed: list[Amount] = []
            rate = 0.0 if loan.interest_from_startup else loan.interest_rate
            for drawn in self.spread(amount / growth)[: self.lead] if self.lead else ():
                owed.append(drawn if not owed else owed[-1] * (1.0 + rate) + drawn)
            yield LoanAccount(
                loan,
                amount,
                (*owed, amount, *served.closing_balance),
                self.operating(served.interest),
                self.operating(served.principal),
            )

    def grants(self) -> tuple[Line, Line]:
        """Grants that count as income, and those that do not."""
        taxed: list[tuple[int, Amount]] = []
        free: list[tuple[int, Amount]] = []
        for grant in self.project.grants:
            granted = grant.granted(self.project.fixed_capital)
            parts = [(each.year, self.conventions.money(each.share * granted)) for each in grant.milestones]
            (taxed if grant.taxable else free).extend(parts)
        return self.at(taxed), self.at(free)

    def payments(self) -> tuple[Line, Line]:
        """Payments under contract that count in taxable income, and those that do not."""
        taxed: list[tuple[int, Amount]] = []
        free: list[tuple[int, Amount]] = []
        for payment in self.project.payments:
            parts = [(year, self.conventions.money(amount)) for year, amount in payment.amounts]
            (taxed if payment.deductible else free).extend(parts)
        return self.at(taxed), self.at(free)

    def replacements(self) -> tuple[Line, Line]:
        """Replaced parts that are an expense of their year, and those that are depreciated."""
        deducted: list[tuple[int, Amount]] = []
        capitalised: list[tuple[int, Amount]] = []
        for year, amount, depreciation in self._replaced():
            (deducted if depreciation is None else capitalised).append((year, amount))
        return self.at(deducted), self.at(capitalised)

    def _replaced(self) -> Iterator[tuple[int, Amount, Depreciation | None]]:
        project, conventions = self.project, self.conventions
        for part in project.replacements:
            factors = conventions.escalation_factors(
                project.nominal_escalation(part.escalation), project.life
            )
            for year in part.replaced_in(project.life):
                yield year, conventions.money(part.amount * factors[year - 1]), part.depreciation

    def assets(self, paid: Funding) -> tuple[Asset, ...]:
        """All that is depreciated, from start-up and bought later."""
        later = (Asset(*each) for each in self._replaced() if each[2] is not None)
        return (*self._from_start(paid), *later)

    def _from_start(self, paid: Funding) -> Iterator[Asset]:
        """What is depreciated from start-up, each method with its cost less the grants that lower it."""
        project, left = self.project, self.share_depreciated()
        costs: dict[Depreciation | None, Amount] = {}
        for item in project.capital:
            if item.depreciable:
                how = item.depreciation or project.depreciation
                costs[how] = total((costs.get(how, 0.0), item.amount))
        for how, cost in costs.items():
            yield Asset(0, cost * left, how)
        if project.financing.interest_depreciable:
            yield Asset(0, paid.construction_interest, project.depreciation)

    def written_off(self, assets: Sequence[Asset]) -> tuple[Line, Line]:
        """Cost of what is depreciated, bought until the end of each year; depreciation of each year, unrounded."""
        written: list[Amount] = list(self.nothing)
        for asset in assets:
            for year, share in asset.yearly_shares(self.conventions.switch):
                if year <= self.project.life and share:
                    place = self.column(year)
                    written[place] = total((written[place], asset.cost * share))
        # What is there at start-up counts from the first year of the cash flow.
        first = total(asset.cost for asset in assets if asset.year == 0)
        bought = self.at([(asset.year, asset.cost) for asset in assets if asset.year > 0])
        return tuple(total((first, amount)) for amount in accumulate(bought)), tuple(written)

    def share_depreciated(self) -> Amount:
        """What grants leave of the depreciable capital, as a fraction."""
        project = self.project
        lowering = total(
            grant.granted(project.fixed_capital) for grant in project.grants if grant.lowers_depreciation
        )
        if is_nothing(lowering):
            return 1.0
        cost = project.depreciable_capital
        empty = cost <= 0
        return chosen(empty, 1.0, larger(1.0 - lowering / chosen(empty, 1.0, cost), 0.0))

    def credits(self) -> tuple[EarnedCredit, ...]:
        project = self.project
        if not project.tax_credits:
            return ()
        base = project.depreciable_capital * self.share_depreciated()
        return tuple(
            EarnedCredit(
                self.column(each.year), self.conventions.money(each.earned(base)), each, each.counted(base)
            )
            for each in project.tax_credits
        )


@dataclass(frozen=True)
class _Lines:
    """The lines that do not follow from others."""

    fixed_capital: Line
    working_capital: Line
    salvage: Line
    net_savings: Line
    interest: Line
    principal: Line
    grants: tuple[Line, Line]
    payments: tuple[Line, Line]
    replacements: tuple[Line, Line]
    loan_drawn: Line
    loan_balance: Line
    assets: tuple[Asset, ...]

    def cash_flow(self, count: _Count, paid: Funding, loans: tuple[LoanAccount, ...]) -> CashFlow:
        """The lines that follow, by the arithmetic of worksheet 16."""
        project, conventions = count.project, count.conventions
        (taxed, free), (deducted, capitalised) = self.grants, self.replacements
        contract_taxed, contract_free = self.payments
        bought, written = count.written_off(self.assets)
        earned = count.credits()
        before = less(added(self.net_savings, taxed, contract_taxed), self.interest, deducted)
        book = conventions.money(remaining_book(bought[-1], total(written)))
        # Depreciation moves no cash, so it is rounded for showing only; appendix 8 comes out either way.
        due = income_tax(
            less(before, written),
            project.tax_rate,
            sale_gain=taxable_gain(project, book) if conventions.salvage_taxed else 0.0,
            losses=project.losses,
            loss_years=project.loss_years,
            earned=earned,
            other_tax=project.other_tax,
            money=conventions.money,
        )
        sale_tax = count.at_end(due.sale_tax)
        gained = added(before, due.credit_used, self.loan_drawn, free, contract_free, self.salvage)
        spent = (due.tax, self.principal, self.fixed_capital, self.working_capital, sale_tax, capitalised)
        return CashFlow(
            project=project,
            conventions=conventions,
            funding=paid,
            years=count.years,
            fixed_capital=self.fixed_capital,
            working_capital=self.working_capital,
            salvage=self.salvage,
            net_savings=self.net_savings,
            interest=self.interest,
            tax=due.tax,
            principal=self.principal,
            grants_taxed=taxed,
            grants_free=free,
            contract_taxed=contract_taxed,
            contract_free=contract_free,
            replacements_deducted=deducted,
            replacements_capitalised=capitalised,
            losses_used=due.losses_used,
            losses_open=due.losses_open,
            credit_used=due.credit_used,
            credit_open=due.credit_open,
            credit_lapsed=due.credit_lapsed,
            loan_drawn=self.loan_drawn,
            sale_tax=sale_tax,
            cash=less(gained, *spent),
            loan_balance=self.loan_balance,
            bought=bought,
            written=written,
            loans=loans,
            assets=self.assets,
            earned=earned,
        )
