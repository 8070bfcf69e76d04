"""Loans, grants and tax credits of worksheet 16 as the cash flow takes them, and what is missing in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from openrecp.assessment.evaluation.cost_data import CostData
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.spec import Money, record_fields
from openrecp.assessment.worksheets.funding import FundingKind, OptionFunding
from openrecp.economics.grants import Grant, Milestone
from openrecp.economics.loans import Grace, Loan, Repayment
from openrecp.economics.taxes import TaxCredit
from openrecp.errors import Issue, Severity, problem
from openrecp.texts import Text

# For each way what it cannot do without (of a pair, one is enough), and what else it uses.
_NEEDED: Final[dict[FundingKind, tuple[tuple[str, ...], ...]]] = {
    FundingKind.LOAN: (("amount", "share"), ("rate",), ("years",)),
    FundingKind.GRANT: (("amount", "share"),),
    FundingKind.TAX_CREDIT: (("share",),),
    FundingKind.LEASE: (("payment",), ("years",)),
    FundingKind.INSTALMENTS: (("payment", "rate"), ("years",)),
    FundingKind.PERFORMANCE_CONTRACT: (("payment",), ("guaranteed_saving",), ("years",)),
    FundingKind.SHARED_SAVINGS: (("share",), ("years",)),
}
_USED: Final[dict[FundingKind, tuple[str, ...]]] = {
    FundingKind.LOAN: ("limit", "market_rate", "repayment", "grace_years", "grace"),
    FundingKind.GRANT: ("limit", "year", "taxable", "lowers_depreciation"),
    FundingKind.TAX_CREDIT: ("amount", "threshold", "year", "carry_forward_years", "tax_limit"),
    FundingKind.LEASE: ("amount", "in_advance", "rise", "maintenance", "buyout"),
    FundingKind.INSTALMENTS: ("amount", "share"),
    FundingKind.PERFORMANCE_CONTRACT: ("rise", "maintenance"),
    FundingKind.SHARED_SAVINGS: ("maintenance", "buyout"),
}
# Of each pair the first counts where both are given.
_EITHER: Final[dict[FundingKind, tuple[tuple[str, str], ...]]] = {
    **dict.fromkeys(FundingKind, ()),
    FundingKind.LOAN: (("amount", "share"),),
    FundingKind.GRANT: (("amount", "share"),),
    FundingKind.INSTALMENTS: (("amount", "share"), ("payment", "rate")),
}
_ALWAYS: Final = frozenset({"option", "kind", "name"})


def is_complete(record: OptionFunding) -> bool:
    """Whether a way of paying has all that it needs; an incomplete one is not counted, which a check says."""
    return record.kind is not None and not _lacking(record, record.kind)


def _lacking(record: OptionFunding, kind: FundingKind) -> list[tuple[str, ...]]:
    return [needed for needed in _NEEDED[kind] if all(getattr(record, name) is None for name in needed)]


def _both(record: OptionFunding, one: str, other: str) -> bool:
    return getattr(record, one) is not None and getattr(record, other) is not None


def funding_issues(option: str, data: CostData) -> Iterator[Issue]:
    """What a way of paying lacks, and what was entered that it does not use."""
    labels = {field.name: field.spec.label for field in record_fields(OptionFunding)}
    for key, record in data.funding:
        if record.kind is None:
            continue
        for needed in _lacking(record, record.kind):
            yield problem(
                "funding-incomplete",
                "{option}: the {kind} is not counted, because “{field}” is not given.",
                where=place("option_funding", key, needed[-1]),
                severity=Severity.WARNING,
                option=option,
                kind=record.kind,
                field=labels[needed[-1]],
            )
        used = {*_ALWAYS, *_USED[record.kind], *(name for needed in _NEEDED[record.kind] for name in needed)}
        unused = [name for name in labels if name not in used and getattr(record, name) is not None]
        unused += [twice for first, twice in _EITHER[record.kind] if _both(record, first, twice)]
        if unused:
            yield problem(
                "funding-unused",
                "{option}: a {kind} does not use {fields}; nothing is counted from there.",
                where=place("option_funding", key, unused[0]),
                severity=Severity.NOTE,
                option=option,
                kind=record.kind,
                fields=[labels[name] for name in unused],
            )


def complete_funding(data: CostData, kind: FundingKind) -> Iterator[tuple[str, OptionFunding]]:
    """The ways of one kind that have all they need."""
    return ((key, each) for key, each in data.funding if each.kind is kind and is_complete(each))


def share_of(number: Any) -> float:
    """A percentage as a fraction; nothing counts as zero."""
    return 0.0 if number is None else float(number) / 100.0


def amount_of(money: Money | None) -> float | None:
    """An amount in whole units of money, if there is one."""
    return None if money is None else float(money.amount)


def name_of(record: OptionFunding) -> Text | str:
    """Its own name, or that of its kind."""
    kind = record.kind or FundingKind.LOAN
    return record.name or kind.label


def loans_of(data: CostData) -> Iterator[Loan]:
    """Loans of an option, beside that of the general terms."""
    for key, each in complete_funding(data, FundingKind.LOAN):
        yield Loan(
            share=0.0 if each.amount is not None else share_of(each.share),
            interest_rate=share_of(each.rate),
            years=max(1, int(each.years or 1)),
            repayment=each.repayment or Repayment.EQUAL_PRINCIPAL,
            grace_years=int(each.grace_years or 0),
            grace=each.grace or Grace.INTEREST,
            amount=amount_of(each.amount),
            limit=amount_of(each.limit),
            market_rate=None if each.market_rate is None else share_of(each.market_rate),
            name=name_of(each),
            source=place("option_funding", key),
        )


def grants_of(data: CostData) -> Iterator[Grant]:
    """Grants of an option, each paid in one sum."""
    for key, each in complete_funding(data, FundingKind.GRANT):
        yield Grant(
            amount=amount_of(each.amount),
            share=share_of(each.share),
            limit=amount_of(each.limit),
            milestones=(Milestone(each.year or 0, 1.0),),
            taxable=bool(each.taxable),
            lowers_depreciation=bool(each.lowers_depreciation),
            name=name_of(each),
            source=place("option_funding", key),
        )


def credits_of(data: CostData) -> Iterator[TaxCredit]:
    """Investment tax credits of an option."""
    for key, each in complete_funding(data, FundingKind.TAX_CREDIT):
        yield TaxCredit(
            rate=share_of(each.share),
            base=amount_of(each.amount),
            threshold=amount_of(each.threshold) or 0.0,
            year=1 if each.year is None else each.year,
            carry_forward_years=4 if each.carry_forward_years is None else int(each.carry_forward_years),
            limit_share=1.0 if each.tax_limit is None else share_of(each.tax_limit),
            name=name_of(each),
            source=place("option_funding", key),
        )
