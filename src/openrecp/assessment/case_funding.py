"""What an economics case says about paying for the project: loans, grants, tax credits, depreciation, prices.

Every group of keys builds the part of the project that it stands for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, model_validator

from openrecp.assessment.case_values import (
    Amount,
    Keys,
    Lifetime,
    OptionalLifetime,
    OptionalQuantity,
    OptionalShare,
    OptionalWords,
    OptionalYearlyRate,
    Quantity,
    Share,
    WholeNumber,
    Words,
    YearlyRate,
    YesNo,
    at_least,
    calendar_year,
    choice_of,
    counted_unit,
    declining_factor,
    optional,
    refuse,
)
from openrecp.economics import (
    Avoided,
    Depreciation,
    DepreciationMethod,
    Financing,
    Grace,
    Grant,
    Loan,
    Milestone,
    PriceBasis,
    Prices,
    Repayment,
    Replacement,
    TaxCredit,
)
from openrecp.errors import Where, problem

Part = TypeVar("Part", Loan, Grant, TaxCredit, Replacement)
_AT_STARTUP = (Milestone(0, 1.0),)
_UNUSED = {
    DepreciationMethod.TWO_YEAR: ("life", "shares"),
    DepreciationMethod.TABLE: ("life",),
    DepreciationMethod.STRAIGHT_LINE: ("shares",),
    DepreciationMethod.SUM_OF_YEARS: ("shares",),
    DepreciationMethod.DECLINING_BALANCE: ("shares",),
}


class LoanTerms(Keys):
    """How much is borrowed and on which terms."""

    name: OptionalWords = None
    loan_share: OptionalShare = None
    amount: OptionalQuantity = None
    limit: OptionalQuantity = None
    interest_rate: YearlyRate = 0.0
    loan_years: Lifetime = 0
    repayment: Annotated[Repayment, choice_of(Repayment)] = Repayment.EQUAL_PRINCIPAL
    grace_years: Annotated[int, BeforeValidator(at_least(0))] = 0
    grace: Annotated[Grace, choice_of(Grace)] = Grace.INTEREST
    market_rate: OptionalYearlyRate = None

    @model_validator(mode="after")
    def _one_size(self) -> LoanTerms:
        if self.is_given:
            _check_size(self.loan_share, self.amount, self.limit, "loan_share")
            missing = [key for key in ("interest_rate", "loan_years") if key not in self.model_fields_set]
            if missing and (self.loan_share or self.amount):
                refuse(*(problem("key-missing", "“{key}” is missing; add it.", key=key) for key in missing))
        return self

    @property
    def is_given(self) -> bool:
        """Whether these are the terms of a loan, and not only a list of loans."""
        return True

    def loans_built(self, source: Where | None) -> tuple[Loan, ...]:
        """The loan; none where nothing is borrowed."""
        if not self.loan_share and not self.amount:
            return ()
        loan = Loan(
            self.loan_share or 0.0,
            self.interest_rate,
            self.loan_years,
            self.repayment,
            self.grace_years,
            self.grace,
            self.amount,
            self.limit,
            self.market_rate,
            source=source,
        )
        return (_named(loan, self.name),)


class FinancingTerms(LoanTerms):
    """One loan, or a list of loans."""

    interest_depreciable: YesNo = False
    loans: tuple[LoanTerms, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether the terms of a single loan stand here."""
        return not self.loans

    @model_validator(mode="after")
    def _one_way(self) -> FinancingTerms:
        single = (self.model_fields_set & set(LoanTerms.model_fields)) if self.loans else set()
        if single:
            refuse(
                problem(
                    "loan-beside-loans",
                    "{keys} and “loans” cannot stand side by side; put every loan into the list.",
                    keys=sorted(single),
                )
            )
        return self

    def built(self, places: tuple[Where, ...]) -> Financing:
        """The financing; ``places`` are those of the loans listed."""
        if not self.loans:
            # What is shown keeps the line of each key, so a single loan has no one place.
            return Financing(self.loans_built(None), self.interest_depreciable)
        listed = zip(self.loans, places, strict=True)
        return Financing(
            tuple(loan for terms, where in listed for loan in terms.loans_built(where)),
            self.interest_depreciable,
        )


def _named(part: Part, name: str | None) -> Part:
    """The part under the name given, if one is."""
    return replace(part, name=name) if name else part


def _check_size(share: float | None, amount: float | None, limit: float | None, key: str) -> None:
    if share is None and amount is None:
        refuse(
            problem(
                "size-missing", "Say how much it is: “{key}”, a share of the capital, or “amount”.", key=key
            )
        )
    if share is not None and amount is not None:
        refuse(
            problem("size-twice", "Give “{key}”, a share of the capital, or “amount”, but not both.", key=key)
        )
    if amount is not None and limit is not None:
        refuse(problem("limit-of-amount", "“limit” goes with “{key}”; delete it beside “amount”.", key=key))


class DepreciationTerms(Keys):
    """How the capital, or a part of it, is written off."""

    method: Annotated[DepreciationMethod, choice_of(DepreciationMethod)]
    life: OptionalLifetime = None
    factor: Annotated[float, BeforeValidator(declining_factor)] = 2.0
    shares: tuple[Share, ...] = ()

    @model_validator(mode="after")
    def _keys_of_the_method(self) -> DepreciationTerms:
        unused = _UNUSED[self.method]
        issues = [
            problem(
                "depreciation-key-unused",
                "“{key}” has no meaning for the method “{method}”; delete it.",
                key=key,
                method=self.method.value,
            )
            for key in unused
            if getattr(self, key)
        ]
        if "life" not in unused and self.life is None:
            issues.append(problem("key-missing", "“{key}” is missing; add it.", key="depreciation.life"))
        if issues:
            refuse(*issues)
        return self

    def built(self) -> Depreciation:
        """The depreciation."""
        return Depreciation(self.method, self.life or 0, self.factor, self.shares)


class GrantPart(Keys):
    """A part of a grant and the year at whose end it is paid."""

    year: WholeNumber
    share: Share


class GrantTerms(Keys):
    """A grant, as an amount or as a share of the fixed capital."""

    name: OptionalWords = None
    amount: OptionalQuantity = None
    share: OptionalShare = None
    limit: OptionalQuantity = None
    milestones: tuple[GrantPart, ...] = ()
    taxable: YesNo = False
    lowers_depreciation: YesNo = False

    @model_validator(mode="after")
    def _one_size(self) -> GrantTerms:
        _check_size(self.share, self.amount, self.limit, "share")
        return self

    def built(self, where: Where) -> Grant:
        """The grant."""
        parts = tuple(Milestone(each.year, each.share) for each in self.milestones)
        grant = Grant(
            self.amount,
            self.share or 0.0,
            self.limit,
            parts or _AT_STARTUP,
            self.taxable,
            self.lowers_depreciation,
            source=where,
        )
        return _named(grant, self.name)


class CreditTerms(Keys):
    """An investment tax credit."""

    name: OptionalWords = None
    rate: Share
    base: OptionalQuantity = None
    threshold: Quantity = 0.0
    year: WholeNumber = 1
    carry_forward_years: Annotated[int, BeforeValidator(at_least(0))] = 4
    limit_share: Share = 1.0

    def built(self, where: Where) -> TaxCredit:
        """The credit."""
        credit = TaxCredit(
            self.rate,
            self.base,
            self.threshold,
            self.year,
            self.carry_forward_years,
            self.limit_share,
            source=where,
        )
        return _named(credit, self.name)


class ReplacementTerms(Keys):
    """A part that wears out sooner than the project ends."""

    name: OptionalWords = None
    amount: Amount
    year: Lifetime
    every: OptionalLifetime = None
    depreciation: DepreciationTerms | None = None
    escalation: OptionalYearlyRate = None

    def built(self, where: Where) -> Replacement:
        """The replacement."""
        written = self.depreciation.built() if self.depreciation else None
        part = Replacement(self.amount, self.year, self.every, written, self.escalation, source=where)
        return _named(part, self.name)


class PriceTerms(Keys):
    """How rates are stated, the inflation, and the year of the prices."""

    basis: Annotated[PriceBasis, choice_of(PriceBasis)] = PriceBasis.NOMINAL
    inflation: YearlyRate = 0.0
    year: Annotated[int | None, optional(calendar_year)] = None

    def built(self) -> Prices:
        """The prices."""
        return Prices(self.basis, self.inflation, self.year)


class AvoidedTerms(Keys):
    """What the project avoids each year beside money."""

    name: Words
    unit: Annotated[str, BeforeValidator(counted_unit)]
    yearly: Amount

    def built(self, where: Where) -> Avoided:
        """The quantity avoided."""
        return Avoided(self.name, self.unit, self.yearly, where)
