"""Checks of worksheets 11, 14 and 16 that a cash flow needs: loans, years, shares, prices, streams of savings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.avoided import is_countable
from openrecp.assessment.evaluation.check_fields import option_streams
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.shares import shares_in, shares_issue
from openrecp.assessment.spec import record_fields
from openrecp.assessment.worksheets.terms import DepreciationMethod, FinancialTerms
from openrecp.economics.prices import PriceBasis
from openrecp.errors import Issue, Severity, Where, problem
from openrecp.texts import text

# Fields that hold whole years though they may be entered as other numbers.
_YEARS: Final = {
    "financial_terms": (
        "life",
        "depreciation_life",
        "loan_years",
        "loan_grace_years",
        "loss_years",
        "construction_years",
    ),
    "option_terms": ("life", "depreciation_life", "construction_years"),
    "option_funding": ("years", "grace_years", "carry_forward_years"),
    "replacements": ("depreciation_life",),
}


def terms_issues(assessment: Assessment) -> Iterator[Issue]:
    """Every finding about terms that do not fit each other."""
    yield from _loan(assessment)
    yield from _whole_years(assessment)
    yield from _shares(assessment)
    yield from _prices_and_tax(assessment)
    yield from _saving_streams(assessment)
    yield from _option_terms(assessment)
    yield from _avoided(assessment)


def _at(field: str) -> Where:
    return place("financial_terms", None, field)


def _loan(assessment: Assessment) -> Iterator[Issue]:
    terms = assessment.financial_terms
    shares = [
        share for share in (terms.loan_share, *(each.loan_share for each in assessment.option_terms)) if share
    ]
    for field, label in (("loan_interest", text("Loan interest")), ("loan_years", text("Loan repaid in"))):
        if shares and getattr(terms, field) is None:
            yield problem(
                "loan-incomplete",
                "A share is paid by loan, but “{field}” is not given; until it is, all is counted as own capital.",
                where=_at(field),
                severity=Severity.WARNING,
                field=label,
            )
    if terms.loan_grace_years and terms.loan_years and terms.loan_grace_years >= terms.loan_years:
        yield problem(
            "grace-too-long",
            "{grace} years of grace leave no year of the loan's {years} to repay in; the term holds the grace "
            "period.",
            where=_at("loan_grace_years"),
            grace=terms.loan_grace_years,
            years=terms.loan_years,
        )


def _whole_years(assessment: Assessment) -> Iterator[Issue]:
    for collection, fields in _YEARS.items():
        form = collection == "financial_terms"
        for key, record in keyed(assessment.records(collection)):
            for field in fields:
                value: Decimal | None = getattr(record, field)
                if value is not None and value != value.to_integral_value():
                    yield problem(
                        "years-not-whole",
                        "{found} years: the cash flow counts whole years; {whole} is used.",
                        where=place(collection, None if form else key, field),
                        severity=Severity.WARNING,
                        found=value,
                        whole=int(value),
                    )


def _shares(assessment: Assessment) -> Iterator[Issue]:
    terms = assessment.financial_terms
    labels = {field.name: field.spec.label for field in record_fields(FinancialTerms)}
    for field in ("depreciation_shares", "construction_shares"):
        issue = shares_issue(getattr(terms, field), labels[field], _at(field))
        if issue is not None:
            yield issue
    methods = [terms.depreciation, *(each.depreciation for each in assessment.option_terms)]
    if DepreciationMethod.TABLE in methods and not terms.depreciation_shares:
        yield problem(
            "depreciation-shares-missing",
            "Depreciation goes by yearly shares, but they are not given; until they are, the straight line is used.",
            where=_at("depreciation_shares"),
            severity=Severity.WARNING,
        )
    shares, years = shares_in(terms.construction_shares), int(terms.construction_years or 0)
    if shares and len(shares) != years:
        yield problem(
            "spending-years",
            "There are {count} shares of spending for {years} years of construction; give one for each year. Until "
            "then, equal parts are counted.",
            where=_at("construction_shares"),
            severity=Severity.WARNING,
            count=len(shares),
            years=years,
        )


def _prices_and_tax(assessment: Assessment) -> Iterator[Issue]:
    terms = assessment.financial_terms
    if terms.price_basis is PriceBasis.REAL and terms.inflation is None:
        yield problem(
            "inflation-missing",
            "Rates are real, but inflation is not given; until it is, none is counted, and depreciation and loans, "
            "which inflation lowers in value, are worth too much.",
            where=_at("inflation"),
            severity=Severity.WARNING,
        )


def _saving_streams(assessment: Assessment) -> Iterator[Issue]:
    """Savings that are said to follow a stream, where the rest of the document does not carry that."""
    reductions = {each.option: each.reduction for each in assessment.option_descriptions if each.option}
    for key, record in keyed(assessment.operating_changes):
        option, stream = record.option, record.stream
        if not option or not stream or record.gain is None:
            continue
        where = place("operating_changes", key, "stream")
        if stream not in option_streams(assessment, option):
            yield problem(
                "saving-stream-foreign",
                "{option}: a saving follows stream {stream}, which worksheets 10 and 11 do not name among its streams; "
                "correct one of them.",
                where=where,
                severity=Severity.WARNING,
                option=option,
                stream=stream,
            )
        elif not reductions.get(option):
            yield problem(
                "saving-share-missing",
                "{option}: a saving follows stream {stream}, but worksheet 11 does not say by how much the option "
                "reduces it, so overlap with other options cannot be counted.",
                where=where,
                severity=Severity.NOTE,
                option=option,
                stream=stream,
            )


def _option_terms(assessment: Assessment) -> Iterator[Issue]:
    for key, record in keyed(assessment.option_terms):
        if record.lowers_risk and not record.risk_reason:
            yield problem(
                "risk-reason-missing",
                "{option}: limits are eased because it lowers risk or liability; say which.",
                where=place("option_terms", key, "risk_reason"),
                severity=Severity.WARNING,
                option=record.option or key,
            )
    for key, event in keyed(assessment.avoided_events):
        if event.loss is not None and event.chance is None and event.year is None:
            yield problem(
                "event-chance-missing",
                "{option}: “{event}” is not shown, because neither its chance nor its year is given.",
                where=place("avoided_events", key, "chance"),
                severity=Severity.WARNING,
                option=event.option or key,
                event=event.name or event.kind or key,
            )


def _avoided(assessment: Assessment) -> Iterator[Issue]:
    for key, record in keyed(assessment.avoided_quantities):
        if record.kind is None or record.amount is None or is_countable(record.kind, record.amount):
            continue
        yield problem(
            "avoided-unit",
            "{option}: {kind} is not measured in “{unit}”, so it is not counted; enter it in a unit such as {expected}.",
            where=place("avoided_quantities", key, "amount"),
            severity=Severity.WARNING,
            option=record.option or key,
            kind=record.kind,
            unit=record.amount.unit,
            expected=list(record.kind.units),
        )
