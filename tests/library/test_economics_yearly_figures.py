"""Every number of a year's cash flow can be counted again from its formula and what is shown below it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from economics_sample import plain_project
from hypothesis import given
from test_economics_many import PROJECTS

from openrecp.economics import (
    CapitalItem,
    Depreciation,
    DepreciationMethod,
    Financing,
    Grant,
    Loan,
    Losses,
    OperatingClass,
    OperatingItem,
    Project,
    Repayment,
    Replacement,
    TaxCredit,
    after_tax_cash_flow,
)
from openrecp.economics.yearly_figures import year_figure
from openrecp.figures import Figure


@dataclass(frozen=True)
class Shown:
    """A figure with what stands below it; rates as fractions."""

    figure: Figure

    @property
    def amounts(self) -> list[float]:
        return [float(part.value or 0.0) * (0.01 if part.unit == "%" else 1.0) for part in self.figure.inputs]

    @property
    def total(self) -> float:
        return math.fsum(self.amounts)

    @property
    def product(self) -> float:
        return math.prod(self.amounts)

    def get(self, name: str) -> float:
        """What stands below under a name, added where it stands twice; 0 where it does not."""
        return math.fsum(
            amount
            for amount, part in zip(self.amounts, self.figure.inputs, strict=True)
            if part.name.message == name
        )

    def __getitem__(self, name: str) -> float:
        """What must stand below under a name."""
        assert any(part.name.message == name for part in self.figure.inputs), name
        return self.get(name)

    @property
    def risen(self) -> float:
        """What the sentence itself says."""
        assert self.figure.formula is not None
        words = {name: float(str(word)) for name, word in self.figure.formula.values.items()}
        return words["amount"] * math.pow(1 + words["rate"] / 100, words["year"])

    @property
    def interest(self) -> float:
        """Rates and balances in turn."""
        return math.fsum(
            rate * owed for rate, owed in zip(self.amounts[::2], self.amounts[1::2], strict=True)
        )

    @property
    def credit(self) -> float:
        """The amount itself, if there is as much and the tax is not less."""
        value = float(self.figure.value or 0.0)
        assert value <= max(self["Income tax"] + self.get("Tax of other income"), 0.0) + 1e-6
        earned = [
            amount
            for amount, part in zip(self.amounts, self.figure.inputs, strict=True)
            if part.formula is not None and "share" in part.formula.message
        ]
        assert earned
        assert value <= math.fsum(earned) + 1e-6
        return value

    @property
    def sale(self) -> float:
        """Tax with the sale less tax without it."""
        income = self["Taxable income"] + self["Gain on the sale"] - self["Losses of earlier years deducted"]
        return self["Income tax"] - self["Income tax rate"] * max(income, 0.0)

    @property
    def gain(self) -> float:
        """Of salvage over the book value and what is not depreciated."""
        kept = self["Capital that is not depreciated"]
        gain = self.total - 2 * self["Book value"] - kept
        return gain - min(max(gain, 0.0), kept)


def taxed(below: Shown) -> float:
    return (
        below["Net operating savings"]
        - below["Interest on the loan"]
        - below["Depreciation"]
        + below.get("Grants that are taxed")
        - below.get("Replaced parts, deducted at once")
    )


# Formulas of a year, each as it would be worked by hand. What is paid is shown as negative.
BY_HAND: dict[str, Callable[[Shown], float]] = {
    "net operating savings less interest, tax, repayment and capital, plus loans, grants and salvage": (
        lambda below: below.total
    ),
    "sum of the operating items at the prices of the year": lambda below: below.total,
    "{amount} entered × (1 + {rate} %) to the power of {year}": lambda below: below.risen,
    "comes in years {first} to {last} only": lambda below: below.total,
    "cost of the parts at the prices of the year": lambda below: -below.total,
    "interest rate × balance before": lambda below: -below.interest,
    "what each loan repays this year, and in the last year what is still owed": lambda below: -below.total,
    "capital spent this year, and at start-up the interest during construction": lambda below: -below.product,
    "loan share × total capital": lambda below: below["Loan share"] * below["Total capital investment"],
    "loan share × total capital, up to the limit": lambda below: min(
        below["Loan share"] * below["Total capital investment"], below["Most that is lent"]
    ),
    "sum of the loans": lambda below: below.total,
    "loan − its interest during construction": (
        lambda below: below.total - 2 * below["Interest during construction"]
    ),
    "(loans − their interest during construction) × part of the capital spent in the year": lambda below: (
        (math.fsum(below.amounts[:-2]) - below["Interest during construction"]) * below.amounts[-1]
    ),
    "interest during construction, which is added to the loan": (
        lambda below: below["Interest during construction"]
    ),
    "share granted × fixed capital": lambda below: below.product,
    "share granted × fixed capital, up to the limit": lambda below: min(
        below["Share granted"] * below["Fixed capital investment"], below["Most that is granted"]
    ),
    "what the equipment fetches, and working capital where it comes back": lambda below: below.total,
    "what is left of the credits, up to the tax of the year": lambda below: below.credit,
    "share × cost": lambda below: below["Share of the cost"] * below["Cost that the credit counts"],
    "share × cost, from the threshold on": lambda below: (
        below["Share of the cost"] * below["Cost that the credit counts"]
        if below["Cost that the credit counts"] >= below["Threshold"]
        else 0.0
    ),
    "net operating savings − interest − depreciation": taxed,
    "net operating savings − interest − depreciation + grants that are taxed − replaced parts": taxed,
    "tax rate × taxable income; a loss lowers other tax": lambda below: -below.product,
    "tax rate × (taxable income − losses of earlier years), not below zero": lambda below: (
        -below["Income tax rate"]
        * max(below["Taxable income"] - below["Losses of earlier years deducted"], 0.0)
    ),
    "tax rate × gain over the book value; a loss lowers other tax": lambda below: -below.product,
    "tax rate × (taxable income + gain − losses of earlier years), not below zero, less the income tax of the "
    "year": lambda below: below.sale,
    "salvage value − book value": lambda below: below.total - 2 * below["Book value"],
    "salvage value − book value; a gain is lessened by the capital that is not depreciated": (
        lambda below: below.gain
    ),
    "sum of the parts, each by its own method": lambda below: below.total,
    "cost ÷ depreciation life": lambda below: below["Cost that is depreciated"] / below["Depreciation life"],
    "cost × share of the year in the table": lambda below: below.product,
}
# What these follow from stands in other years, or is a rule of several steps that has tests of its own.
ELSEWHERE = {
    "parts of the grants that are paid this year",
    "loan − repayments so far",
    "cost − depreciation so far",
    "tax of the year before credits",
    "what is still owed",
    "loan ÷ years of repayment",
    "equal payment L × i ÷ (1 − (1 + i)⁻ⁿ) − interest, n years of repayment left",
    "interest that is not paid in the grace period is added to the loan",
    "cost × years left ÷ sum of the years' digits",
    "the larger of book value × factor ÷ depreciation life and {line}",
}


def formulas_kept(project: Project) -> set[str]:
    """Count every figure of every year again; returned are the formulas met."""
    flow = after_tax_cash_flow(project)
    # Amounts and rates within sentences are rounded to cents and millionths of a percent.
    tolerance = 1e-2 + 1e-7 * sum(abs(float(amount)) for amount in flow.cash)
    met = set()
    for column in range(len(flow.years)):
        for _, each in year_figure(flow, column).walk():
            formula = each.formula.message if each.formula else ""
            met.add(formula)
            if formula and formula not in ELSEWHERE:
                found = BY_HAND[formula](Shown(each))
                assert found == pytest.approx(float(each.value or 0.0), abs=tolerance), formula
    return met


@given(PROJECTS)
def test_every_figure_follows_from_what_is_below_it(project: Project) -> None:
    formulas_kept(project)


@pytest.mark.parametrize("losses", Losses)
@pytest.mark.parametrize("construction", [0, 1, 2])
def test_the_figures_of_a_project_with_everything(losses: Losses, construction: int) -> None:
    straight = Depreciation(DepreciationMethod.STRAIGHT_LINE, 5)
    table = Depreciation(DepreciationMethod.TABLE, shares=(0.3333, 0.4445, 0.1481, 0.0741))
    met = formulas_kept(
        plain_project(
            capital=(
                CapitalItem("Land", 100.0, depreciable=False),
                CapitalItem("Equipment", 1000.0, residual=50.0),
                CapitalItem("Furnace", 500.0, depreciation=table),
            ),
            operating=(
                OperatingItem("saving", "Saving", OperatingClass.UTILITIES, 420.0, 0.03),
                OperatingItem("trial", "Trial", OperatingClass.LABOUR, -250.0, last_year=2),
            ),
            life=6,
            tax_rate=0.25,
            depreciation=straight,
            financing=Financing(
                (
                    Loan(0.3, 0.08, 4),
                    Loan(amount=200.0, interest_rate=0.03, years=5, repayment=Repayment.ANNUITY),
                )
            ),
            construction_years=construction,
            working_capital=80.0,
            replacements=(Replacement(90.0, 3, depreciation=straight), Replacement(30.0, 2, every=2)),
            grants=(Grant(share=0.1, limit=120.0, taxable=True, lowers_depreciation=True),),
            tax_credits=(TaxCredit(0.1, threshold=600.0, limit_share=0.5),),
            losses=losses,
            salvage=40.0,
        )
    )
    assert "sum of the parts, each by its own method" in met
    assert "share × cost, from the threshold on" in met
    assert "comes in years {first} to {last} only" in met


def test_a_loss_on_the_sale_lowers_the_tax_of_its_year_alone_where_losses_are_carried_forward() -> None:
    """Nothing is written off of 400 in the three years but 100 a year, and losses of the first year are still open."""
    project = plain_project(
        capital=(CapitalItem("Equipment", 1000.0),),
        operating=(
            OperatingItem("saving", "Saving", OperatingClass.UTILITIES, 300.0),
            OperatingItem("start", "Start", OperatingClass.LABOUR, -600.0, last_year=1),
        ),
        life=3,
        tax_rate=0.25,
        depreciation=Depreciation(DepreciationMethod.STRAIGHT_LINE, 10),
        losses=Losses.CARRIED_FORWARD,
    )
    flow = after_tax_cash_flow(project)
    # Incomes of -400, 200 and 200; the sale loses 700.
    assert flow.losses_used == (0.0, 0.0, 200.0, 0.0)
    assert (flow.tax[-1], flow.sale_tax[-1]) == (50.0, -50.0)
    formulas_kept(project)
