"""Options as projects of the economics room: what was entered in worksheets 14 and 16, put together."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.cost_data import CostData
from openrecp.assessment.evaluation.cost_figures import operating_class
from openrecp.assessment.evaluation.funding_parts import amount_of, credits_of, grants_of, loans_of
from openrecp.assessment.evaluation.places import place, place_of
from openrecp.assessment.evaluation.terms import Terms
from openrecp.assessment.worksheets.costs import CapitalItem as CapitalEntry
from openrecp.economics.depreciation import Depreciation, DepreciationMethod
from openrecp.economics.financing import Financing
from openrecp.economics.investment import CapitalItem
from openrecp.economics.operating import OperatingItem
from openrecp.economics.project import Project
from openrecp.economics.replacement import Replacement
from openrecp.economics.taxes import Losses
from openrecp.errors import Where
from openrecp.figures import Basis
from openrecp.texts import Text, text


def project_of(assessment: Assessment, name: str, data: CostData, terms: Terms) -> Project:
    """The option as a project of the economics room; money is summed there in floats, a record an item.

    Raises
    ------
    UnusableInput
        If the amounts or terms are impossible.
    """
    own, general = data.terms, assessment.financial_terms
    working = [each for _, each in data.capital if each.item is CapitalEntry.WORKING_CAPITAL]
    return Project(
        name=name,
        currency=assessment.currency.value,
        capital=tuple(_capital_items(data)),
        operating=tuple(_operating_items(data)),
        life=terms.life(own),
        discount_rate=terms.value("discount-rate"),
        tax_rate=terms.value("tax-rate"),
        depreciation=terms.depreciation(own),
        financing=_financing(assessment, data, terms),
        escalation=terms.value("escalation"),
        working_capital=sum(amount_of(each.amount) or 0.0 for each in working),
        salvage=(amount_of(own.salvage) if own is not None else None) or 0.0,
        construction_years=terms.construction_years(own),
        sources=_sources(assessment, data, terms),
        spending=terms.spending(own),
        replacements=tuple(_replacements(data)),
        grants=tuple(grants_of(data)),
        tax_credits=tuple(credits_of(data)),
        losses=general.losses or Losses.AT_ONCE,
        loss_years=None if general.loss_years is None else max(1, int(general.loss_years)),
        other_tax=amount_of(general.other_tax) or 0.0,
        prices=terms.prices,
        avoided=data.avoided,
    )


def _financing(assessment: Assessment, data: CostData, terms: Terms) -> Financing:
    general = terms.loan(data.terms)
    loans = (*((general,) if general is not None else ()), *loans_of(data))
    return Financing(loans, bool(assessment.financial_terms.construction_interest_depreciated))


def _sources(assessment: Assessment, data: CostData, terms: Terms) -> dict[str, Where | Text]:
    own = data.terms
    found: dict[str, Where | Text] = {
        "discount_rate": terms.where("discount-rate"),
        "tax_rate": terms.where("tax-rate"),
        "escalation": terms.where("escalation"),
        "life": terms.where("life")
        if own is None or own.life is None
        else place_of(assessment, "option_terms", own, "life"),
    }
    found["financing.loan_share"] = (
        place("financial_terms", None, "loan_share")
        if own is None or own.loan_share is None
        else place_of(assessment, "option_terms", own, "loan_share")
    )
    for key, field in (
        ("financing.interest_rate", "loan_interest"),
        ("financing.loan_years", "loan_years"),
        ("prices.inflation", "inflation"),
        ("other_tax", "other_tax"),
        ("loss_years", "loss_years"),
        ("construction_years", "construction_years"),
        ("spending", "construction_shares"),
    ):
        found[key] = place("financial_terms", None, field)
    return found


def _capital_items(data: CostData) -> Iterator[CapitalItem]:
    for key, each in data.capital:
        if each.item is not CapitalEntry.WORKING_CAPITAL:
            yield CapitalItem(
                text("Capital") if each.item is None else each.item.label,
                amount_of(each.amount) or 0.0,
                basis=each.basis or Basis.ESTIMATED,
                source=place("capital_costs", key, "amount"),
            )


def _operating_items(data: CostData) -> Iterator[OperatingItem]:
    for key, each in data.operating:
        kind = "other" if each.item is None else each.item.value
        label = text("Operating item") if each.item is None else each.item.label
        rate = None if each.escalation is None else float(each.escalation) / 100.0
        for field, money, sign in (("gain", each.gain, 1.0), ("expense", each.expense, -1.0)):
            if money is not None:
                yield OperatingItem(
                    operating_key(kind, field, key),
                    label if field == "gain" else text("{item}: added cost", item=label),
                    operating_class(kind),
                    sign * float(money.amount),
                    rate,
                    each.basis or Basis.ESTIMATED,
                    place("operating_changes", key, field),
                )


def operating_key(kind: str, field: str, key: str) -> str:
    """The name of an operating item within its project."""
    return f"{kind}-{field}-{key}"


def _replacements(data: CostData) -> Iterator[Replacement]:
    for key, each in data.replacements:
        life = each.depreciation_life
        yield Replacement(
            amount=amount_of(each.cost) or 0.0,
            year=each.year or 1,
            every=each.every,
            depreciation=None
            if life is None
            else Depreciation(DepreciationMethod.STRAIGHT_LINE, max(1, int(life))),
            name=each.part or text("Replacement of parts"),
            source=place("replacements", key),
        )
