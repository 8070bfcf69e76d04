"""Buying an option beside the offers that stand in its place: lease, instalments, contracts."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.assessment.evaluation.cost_data import CostData
from openrecp.assessment.evaluation.economics_results import WayOfPaying, WaysCompared
from openrecp.assessment.evaluation.funding_parts import amount_of, complete_funding, name_of, share_of
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.worksheets.funding import FundingKind, OptionFunding
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.economics.procurement import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    Way,
    WayResult,
    compare_ways,
)
from openrecp.errors import Issue, UnusableInput
from openrecp.figures import unit_words
from openrecp.texts import Text, text

_KINDS = {
    Lease: FundingKind.LEASE,
    Instalments: FundingKind.INSTALMENTS,
    PerformanceContract: FundingKind.PERFORMANCE_CONTRACT,
    SharedSavings: FundingKind.SHARED_SAVINGS,
}


def ways_compared(appraisal: Appraisal, data: CostData) -> tuple[WaysCompared | None, tuple[Issue, ...]]:
    """The ways of paying, best first, and what is wrong with offers that cannot be compared."""
    found: list[WayResult] = []
    issues: list[Issue] = []
    for way in _offers(data):
        try:
            found += compare_ways(appraisal.project, [way], appraisal.conventions)
        except UnusableInput as refused:
            issues += refused.issues
    if not found:
        return None, tuple(issues)
    found += compare_ways(appraisal.project, [Purchase()], appraisal.conventions)
    ranked = sorted(found, key=lambda each: -float(each.evaluation.npv.value or 0))
    return WaysCompared(
        ways=tuple(_way(each) for each in ranked),
        conclusion=_conclusion(ranked),
        notes=(
            text(
                "All ways are discounted at the owner's rate: the higher that rate, the better a way looks that pays "
                "later. Compare what the money of each way costs with what the owner's own money must earn."
            ),
        ),
    ), tuple(issues)


def _offers(data: CostData) -> Iterator[Way]:
    for key, each in complete_funding(data, FundingKind.LEASE):
        yield Lease(
            yearly_payment=amount_of(each.payment) or 0.0,
            years=_years(each),
            in_advance=bool(each.in_advance),
            rise=share_of(each.rise),
            deposit=amount_of(each.amount) or 0.0,
            purchase_price=amount_of(each.buyout),
            maintenance_included=amount_of(each.maintenance) or 0.0,
            name=name_of(each),
            source=place("option_funding", key),
        )
    for key, each in complete_funding(data, FundingKind.INSTALMENTS):
        payment = amount_of(each.payment)
        yield Instalments(
            years=_years(each),
            down_share=share_of(each.share),
            down_payment=amount_of(each.amount),
            yearly_payment=payment,
            interest_rate=None if payment is not None else share_of(each.rate),
            name=name_of(each),
            source=place("option_funding", key),
        )
    for key, each in complete_funding(data, FundingKind.PERFORMANCE_CONTRACT):
        yield PerformanceContract(
            guaranteed_saving=amount_of(each.guaranteed_saving) or 0.0,
            yearly_fee=amount_of(each.payment) or 0.0,
            years=_years(each),
            rise=share_of(each.rise),
            maintenance_included=amount_of(each.maintenance) or 0.0,
            name=name_of(each),
            source=place("option_funding", key),
        )
    for key, each in complete_funding(data, FundingKind.SHARED_SAVINGS):
        yield SharedSavings(
            client_shares=(1.0 - share_of(each.share),),
            years=_years(each),
            buyout_price=amount_of(each.buyout),
            maintenance_included=amount_of(each.maintenance) or 0.0,
            name=name_of(each),
            source=place("option_funding", key),
        )


def _years(each: OptionFunding) -> int:
    return max(1, int(each.years or 1))


def _way(each: WayResult) -> WayOfPaying:
    return WayOfPaying(
        kind=_KINDS.get(type(each.way)),
        name=each.name,
        first_payment=each.own_money,
        yearly_payment=each.first_payment,
        npv=each.evaluation.npv,
        difference=each.npv_difference,
        cost_rate=each.money_cost,
        years=each.cash_flow.years,
        cash=tuple(float(amount) for amount in each.cash_flow.cash),
        notes=each.rules,
        implicit_rate=each.implicit_rate,
        shortfall_npv=each.shortfall.npv,
        borne_by_other=each.shortfall.borne_by_other,
    )


def _conclusion(ranked: list[WayResult]) -> Text:
    best = ranked[0]
    if isinstance(best.way, Purchase):
        return text("Buying is worth most; no offer is better at the owner's discount rate.")
    return text(
        "“{way}” is worth most: {difference} {currency} more than buying, at the owner's discount rate.",
        way=best.name,
        difference=round(float(best.npv_difference.value or 0)),
        currency=unit_words(best.evaluation.project.currency),
    )
