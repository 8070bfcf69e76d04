"""Worksheet 16: the owner's terms for the cash flow, and where an option differs from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from openrecp.assessment.spec import Code, Money, Number, Record, Spec, Words
from openrecp.economics.loans import Grace, Repayment
from openrecp.economics.prices import PriceBasis
from openrecp.economics.project import LONGEST_CONSTRUCTION
from openrecp.economics.taxes import Losses
from openrecp.texts import Choice, text

_ZERO, _HUNDRED, _LONGEST = Decimal(0), Decimal(100), Decimal(50)


class DepreciationMethod(Choice):
    """Depreciation methods offered."""

    STRAIGHT_LINE = "straight-line", text("Straight line")
    DECLINING_BALANCE = "declining-balance", text("Declining balance, switching to straight line")
    SUM_OF_YEARS = "sum-of-years", text("Sum of the years' digits")
    TWO_YEAR = "two-year", text("Accelerated: written off in two years")
    TABLE = "table", text("Yearly shares as given")


_SHARES_HELP: Final = text("Percentages in their order, such as 40; 40; 20; together 100.")


class FinancialTerms(Record):
    """The owner's terms for judging investments; empty ones fall back to stated defaults."""

    cost_base: Annotated[
        date | None,
        Spec(
            text("Cost base date"),
            help=text("First day of the year at whose prices the annual costs and savings are stated."),
            simplified=True,
        ),
    ] = None
    discount_rate: Annotated[
        Number | None,
        Spec(
            text("Discount rate"),
            help=text("After tax."),
            units=("%",),
            minimum=Decimal(-50),
            simplified=True,
        ),
    ] = None
    maximum_payback: Annotated[
        Number | None,
        Spec(
            text("Longest payback accepted"),
            help=text("3 to 4 years is usual for low risk."),
            units=("yr",),
            minimum=_ZERO,
            simplified=True,
        ),
    ] = None
    minimum_irr: Annotated[
        Number | None,
        Spec(
            text("Lowest IRR accepted"),
            help=text("12 to 15 % after tax is usual for low risk."),
            units=("%",),
        ),
    ] = None
    capital_budget: Annotated[
        Money | None,
        Spec(
            text("Capital budget"),
            help=text("The most that the options together may cost; left empty, there is no limit."),
            minimum=_ZERO,
        ),
    ] = None
    longer_payback: Annotated[
        Number | None,
        Spec(
            text("Longer payback for less risk"),
            help=text("Added for options that lower risk or liability; such as 1, from 4 to 5 years."),
            units=("yr",),
            minimum=_ZERO,
            maximum=_LONGEST,
        ),
    ] = None
    lower_irr: Annotated[
        Number | None,
        Spec(
            text("Lower IRR for less risk"),
            help=text(
                "Percentage points taken off for options that lower risk or liability; such as 3, from 15 to 12 %."
            ),
            units=("%",),
            minimum=_ZERO,
            maximum=_HUNDRED,
        ),
    ] = None
    tax_rate: Annotated[
        Number | None,
        Spec(text("Income tax rate"), section=text("Tax"), units=("%",), minimum=_ZERO, maximum=_HUNDRED),
    ] = None
    losses: Annotated[
        Losses | None,
        Spec(text("A loss in a year is"), help=text("Used at once when left empty.")),
    ] = None
    loss_years: Annotated[
        Number | None,
        Spec(
            text("Losses carried forward for"),
            help=text("Left empty, without end."),
            units=("yr",),
            minimum=Decimal(1),
            maximum=_LONGEST,
        ),
    ] = None
    other_tax: Annotated[
        Money | None,
        Spec(
            text("Tax of other income a year"),
            help=text("Income tax the firm pays anyway; tax credits may lower it too."),
            minimum=_ZERO,
        ),
    ] = None
    escalation: Annotated[
        Number | None, Spec(text("General price rise a year"), section=text("Prices"), units=("%",))
    ] = None
    price_basis: Annotated[
        PriceBasis | None,
        Spec(
            text("Discount rate and price rises are"),
            help=text("Real ones are above inflation, which must then be entered."),
        ),
    ] = None
    inflation: Annotated[
        Number | None,
        Spec(
            text("Inflation a year"),
            help=text("The report then also shows results in prices of the base year."),
            units=("%",),
            minimum=Decimal(-50),
            maximum=_HUNDRED,
        ),
    ] = None
    life: Annotated[
        Number | None,
        Spec(
            text("Project life"),
            section=text("Life and depreciation"),
            units=("yr",),
            minimum=Decimal(1),
            maximum=_LONGEST,
        ),
    ] = None
    depreciation: Annotated[DepreciationMethod | None, Spec(text("Depreciation"))] = None
    depreciation_life: Annotated[
        Number | None, Spec(text("Depreciation life"), units=("yr",), minimum=Decimal(1), maximum=_LONGEST)
    ] = None
    declining_factor: Annotated[
        Number | None,
        Spec(
            text("Declining balance factor"),
            help=text("2 is double declining balance."),
            minimum=Decimal(1),
            maximum=Decimal(5),
        ),
    ] = None
    depreciation_shares: Annotated[Words, Spec(text("Yearly shares of depreciation"), help=_SHARES_HELP)] = (
        None
    )
    loan_share: Annotated[
        Number | None,
        Spec(text("Share paid by loan"), section=text("Loan"), units=("%",), minimum=_ZERO, maximum=_HUNDRED),
    ] = None
    loan_interest: Annotated[Number | None, Spec(text("Loan interest"), units=("%",), minimum=_ZERO)] = None
    loan_years: Annotated[
        Number | None, Spec(text("Loan repaid in"), units=("yr",), minimum=Decimal(1), maximum=_LONGEST)
    ] = None
    loan_repayment: Annotated[
        Repayment | None,
        Spec(text("Loan repayment"), help=text("Equal parts of principal when left empty.")),
    ] = None
    loan_grace_years: Annotated[
        Number | None,
        Spec(
            text("Grace period of the loan"),
            help=text("Years without repayment, within the years above."),
            units=("yr",),
            minimum=_ZERO,
            maximum=_LONGEST,
        ),
    ] = None
    loan_grace: Annotated[
        Grace | None,
        Spec(text("Paid in the grace period"), help=text("Interest alone when left empty.")),
    ] = None
    loan_market_rate: Annotated[
        Number | None,
        Spec(
            text("Interest of an ordinary loan"),
            help=text("Shows what a subsidised rate is worth."),
            units=("%",),
            minimum=_ZERO,
        ),
    ] = None
    construction_years: Annotated[
        Number | None,
        Spec(
            text("Construction time"),
            section=text("Construction"),
            help=text("0 to 10; years of construction add interest on the loan."),
            units=("yr",),
            minimum=_ZERO,
            maximum=Decimal(LONGEST_CONSTRUCTION),
        ),
    ] = None
    construction_shares: Annotated[
        Words,
        Spec(
            text("Capital spent in each year of construction"),
            help=text("Percentages in their order, such as 30; 70; equal parts when left empty."),
        ),
    ] = None
    construction_interest_depreciated: Annotated[
        bool | None,
        Spec(
            text("Interest until start-up is depreciated"),
            help=text("Where the tax office counts it among the cost of the asset."),
        ),
    ] = None
    best_capital: Annotated[
        Number | None,
        Spec(
            text("Best case: capital"),
            help=text("Change against the base case, such as −10."),
            units=("%",),
            section=text("Best and worst case"),
        ),
    ] = None
    best_gains: Annotated[Number | None, Spec(text("Best case: savings and revenue"), units=("%",))] = None
    best_expenses: Annotated[Number | None, Spec(text("Best case: added costs"), units=("%",))] = None
    worst_capital: Annotated[Number | None, Spec(text("Worst case: capital"), units=("%",))] = None
    worst_gains: Annotated[Number | None, Spec(text("Worst case: savings and revenue"), units=("%",))] = None
    worst_expenses: Annotated[Number | None, Spec(text("Worst case: added costs"), units=("%",))] = None
    variation: Annotated[
        Number | None,
        Spec(
            text("Variation in the sensitivity analysis"),
            help=text("Each input is changed by this much, one at a time."),
            units=("%",),
            minimum=_ZERO,
            maximum=_HUNDRED,
        ),
    ] = None


class OptionTerms(Record):
    """Where one option's economics differ from the general terms."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    life: Annotated[
        Number | None, Spec(text("Project life"), units=("yr",), minimum=Decimal(1), maximum=_LONGEST)
    ] = None
    construction_years: Annotated[
        Number | None,
        Spec(text("Construction time"), units=("yr",), minimum=_ZERO, maximum=Decimal(LONGEST_CONSTRUCTION)),
    ] = None
    salvage: Annotated[Money | None, Spec(text("Salvage value"), help=text("Less the cost of removal."))] = (
        None
    )
    loan_share: Annotated[
        Number | None, Spec(text("Share paid by loan"), units=("%",), minimum=_ZERO, maximum=_HUNDRED)
    ] = None
    depreciation: Annotated[DepreciationMethod | None, Spec(text("Depreciation"))] = None
    depreciation_life: Annotated[
        Number | None, Spec(text("Depreciation life"), units=("yr",), minimum=Decimal(1), maximum=_LONGEST)
    ] = None
    required_by_law: Annotated[
        bool | None,
        Spec(
            text("Required by law"),
            help=text("Then it is carried out whatever its profit, and the report says so."),
        ),
    ] = None
    law: Annotated[Words, Spec(text("Law and clause"))] = None
    lowers_risk: Annotated[
        bool | None,
        Spec(
            text("Lowers risk or liability"),
            help=text(
                "Then a longer payback or a lower IRR is accepted (section 4.2.4), and the report says so."
            ),
        ),
    ] = None
    risk_reason: Annotated[Words, Spec(text("Which risk or liability"))] = None


class PartReplacement(Record):
    """A part of the equipment that wears out before the project ends."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    part: Annotated[Words, Spec(text("Part"), required=True)] = None
    cost: Annotated[Money | None, Spec(text("Cost of one replacement"), minimum=_ZERO, required=True)] = None
    year: Annotated[
        int | None,
        Spec(
            text("First replaced in year"),
            help=text("Operating year, such as 4."),
            minimum=Decimal(1),
            maximum=_LONGEST,
            required=True,
        ),
    ] = None
    every: Annotated[
        int | None,
        Spec(
            text("Again every (years)"),
            help=text("Left empty, it is replaced once."),
            minimum=Decimal(1),
            maximum=_LONGEST,
        ),
    ] = None
    depreciation_life: Annotated[
        Number | None,
        Spec(
            text("Written off in"),
            help=text("Left empty, it is an expense of its year."),
            units=("yr",),
            minimum=Decimal(1),
            maximum=_LONGEST,
        ),
    ] = None
    note: Annotated[Words, Spec(text("Note"))] = None
