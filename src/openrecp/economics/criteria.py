"""Whether a project meets what its owner asks of an investment.

The limits are the owner's. The starting values are the manual's (section 4.2.3): for low-risk
investments a payback of 3 to 4 years and an after-tax internal rate of return of 12 to 15 % are
usually acceptable. What the law requires is done whatever it earns (section 4.2.4).

For measures that lower the firm's risk and liability the limits may be eased, never the figures: "the payback
may be extended from 4 to 5 years, or the internal rate of return lowered from 15 to 12 %" (section 4.2.4). Both
limits are shown, and a project that needs the eased ones has a verdict of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from openrecp.economics.checks import number_out_of_range, placed
from openrecp.economics.evaluation import Evaluation
from openrecp.economics.funding_figures import discount_rate_figure, rate_figure
from openrecp.economics.profitability import net_present_value
from openrecp.errors import UnusableInput, Where, problem
from openrecp.figures import Basis, Figure, unit_words
from openrecp.texts import Choice, Text, text

_LOWEST_RATE = -0.99
# Of all amounts: no more than the rounding of their sum.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class RiskAdjustment:
    """How far the owner eases the limits for a measure that lowers the firm's risk and liability.

    Attributes
    ----------
    reason : Text or str
        Which risk or liability becomes smaller.
    payback_years : float
        Longer payback accepted [yr].
    irr_points : float
        Lower hurdle rate accepted, for the internal rate of return and for the rate of the net present value, as a
        fraction: 0.03 is 3 percentage points.
    source : Where or Text or None

    Raises
    ------
    UnusableInput
        If there is no reason, or a number is negative or not finite.

    References
    ----------
    工業減廢評估, section 4.2.4: 4 to 5 years, 15 to 12 %.
    """

    reason: Text | str
    payback_years: float = 1.0
    irr_points: float = 0.03
    source: Where | Text | None = None

    def __post_init__(self) -> None:
        where = placed(self.source, "criteria.risk")
        issues = [
            *number_out_of_range(where, "payback_years", self.payback_years, 0.0, math.inf),
            *number_out_of_range(where, "irr_points", self.irr_points, 0.0, 1.0),
        ]
        if not str(self.reason).strip():
            issues.append(
                problem(
                    "risk-without-reason",
                    "Longer payback or lower rates are accepted for less risk; say which risk or liability becomes "
                    "smaller.",
                    where=where,
                )
            )
        if issues:
            raise UnusableInput(issues)


@dataclass(frozen=True, slots=True)
class AcceptanceCriteria:
    """What the owner asks of an investment; None leaves a criterion out.

    Attributes
    ----------
    maximum_payback : float or None
        [yr]
    minimum_irr : float or None
        After tax, as a fraction.
    positive_npv : bool
        The net present value at the owner's discount rate must not be below zero.
    small_capital : float
        Capital up to this amount counts as none: such projects are done at once if they save [money].
    required_by_law : str or None
        The law or permit condition that requires the project; it overrides profit.
    risk : RiskAdjustment or None
        Eased limits, for a project that lowers the firm's risk and liability.
    """

    maximum_payback: float | None = 4.0
    minimum_irr: float | None = 0.12
    positive_npv: bool = True
    small_capital: float = 0.0
    required_by_law: str | None = None
    risk: RiskAdjustment | None = None


class Verdict(Choice):
    """What follows from the criteria."""

    AT_ONCE = "at-once", text("Implement at once")
    REQUIRED = "required-by-law", text("Required by law")
    ACCEPTED = "accepted", text("Meets the owner's criteria")
    ACCEPTED_FOR_RISK = "accepted-for-risk", text("Meets the criteria adjusted for risk")
    NOT_MET = "not-met", text("Does not meet the owner's criteria")


@dataclass(frozen=True, slots=True)
class Check:
    """One criterion.

    Attributes
    ----------
    figure : Figure
    limit : float
        The owner's, in the unit of the figure.
    met : bool or None
        By the owner's limit; None if it cannot be judged.
    reason : Text
        Says the figure and every limit that it was held against.
    eased_limit : float or None
        Accepted for less risk, where that is asked for, in the unit of the figure.
    eased_met : bool or None
        By the eased limit, where the owner's is missed.
    eased_figure : Figure or None
        The figure that the eased limit is for, where that is another one: the net present value at the lower rate.
    """

    figure: Figure
    limit: float
    met: bool | None
    reason: Text
    eased_limit: float | None = None
    eased_met: bool | None = None
    eased_figure: Figure | None = None

    @property
    def missed(self) -> bool:
        """Whether the figure lies beyond every limit that counts."""
        return self.met is False and not self.eased_met


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, the reasons in the order they matter, and every check."""

    verdict: Verdict
    reasons: tuple[Text, ...]
    checks: tuple[Check, ...]


def judge_project(evaluation: Evaluation, criteria: AcceptanceCriteria) -> Judgement:
    """Judge an evaluated project by all criteria."""
    return judge_profit(
        total_capital=evaluation.total_capital,
        annual_net_saving=evaluation.annual_net_saving,
        payback=evaluation.payback,
        npv=evaluation.npv,
        irr=evaluation.irr,
        npv_at_minimum_irr=_npv_at_minimum_irr(evaluation, criteria),
        npv_for_risk=npv_for_risk(evaluation, criteria.risk) if criteria.risk else None,
        criteria=criteria,
    )


def _npv_at_minimum_irr(evaluation: Evaluation, criteria: AcceptanceCriteria) -> float | None:
    """Without what is nothing but the rounding of the sum [money]."""
    if criteria.minimum_irr is None:
        return None
    cash = evaluation.cash_flow.cash
    value = float(net_present_value(criteria.minimum_irr, cash))
    return value if abs(value) > _ROUNDING * sum(abs(float(amount)) for amount in cash) else 0.0


def npv_for_risk(evaluation: Evaluation, risk: RiskAdjustment) -> Figure:
    """Net present value of the unchanged cash flow at the owner's rate less the points accepted for less risk."""
    project, flow = evaluation.project, evaluation.cash_flow
    lower = max(project.discount_rate - risk.irr_points, _LOWEST_RATE)
    points = Figure(
        text("Points accepted for less risk"),
        risk.irr_points * 100.0,
        "point",
        basis=Basis.ASSUMED,
        source=risk.source,
    )
    accepted = Figure(
        text("Discount rate accepted for less risk"),
        lower * 100.0,
        "%",
        text("discount rate − points"),
        (
            rate_figure(text("Discount rate"), project.discount_rate, project.sources.get("discount_rate")),
            points,
        ),
    )
    return Figure(
        name=text("Net present value at the rate accepted for less risk"),
        value=float(net_present_value(project.prices.nominal(lower), flow.cash)),
        unit=project.currency,
        formula=text(
            "sum of cash flow ÷ (1 + rate accepted)ⁿ; the cash flow is that of the net present value"
        ),
        inputs=(discount_rate_figure(project, accepted),),
    )


def judge_profit(
    *,
    total_capital: Figure,
    annual_net_saving: Figure,
    payback: Figure,
    npv: Figure | None = None,
    irr: Figure | None = None,
    npv_at_minimum_irr: float | None = None,
    npv_for_risk: Figure | None = None,
    criteria: AcceptanceCriteria,
) -> Judgement:
    """Judge by the figures there are; a project may have been evaluated by payback alone.

    The internal rate says nothing where the net present value at the least rate asked for, ``npv_at_minimum_irr``,
    says the opposite: of who gets money first and pays later, a low rate is the better one.

    Every limit of the owner that is missed must be met as it is eased for less risk, the net present value by
    ``npv_for_risk``; then the project is accepted for that, and the missed limits stay visible.

    Raises
    ------
    ValueError
        If the capital or the saving has no value.
    """
    if total_capital.value is None or annual_net_saving.value is None:
        raise ValueError("a judgement needs a capital and a saving")
    capital, saving = float(total_capital.value), float(annual_net_saving.value)
    checks = tuple(_checks(payback, npv, irr, npv_for_risk, criteria, npv_at_minimum_irr))
    reasons = tuple(check.reason for check in checks)
    at_once = _at_once_reason(capital, saving, criteria.small_capital)
    if criteria.required_by_law:
        first = text(
            "Required by law ({law}): it must be carried out whatever it earns.", law=criteria.required_by_law
        )
        return Judgement(Verdict.REQUIRED, (first, *reasons), checks)
    if at_once is not None:
        return Judgement(Verdict.AT_ONCE, (at_once,), checks)
    if capital <= 0 and saving < 0:
        loss = text("It needs no capital, but costs more every year than it saves.")
        others = tuple(check.reason for check in checks if check.figure is not payback)
        return Judgement(Verdict.NOT_MET, (loss, *others), checks)
    if any(check.missed for check in checks):
        return Judgement(Verdict.NOT_MET, reasons, checks)
    if not any(check.met or check.eased_met for check in checks) and saving <= 0:
        return Judgement(Verdict.NOT_MET, (*reasons, text("It saves nothing.")), checks)
    if criteria.risk is not None and any(check.met is False for check in checks):
        return Judgement(Verdict.ACCEPTED_FOR_RISK, (_eased_reason(criteria.risk), *reasons), checks)
    return Judgement(Verdict.ACCEPTED, reasons, checks)


def _eased_reason(risk: RiskAdjustment) -> Text:
    return text(
        "It is accepted by the limits eased for what lowers the firm's risk and liability ({why}); the figures "
        "themselves are unchanged.",
        why=risk.reason,
    )


def _at_once_reason(capital: float, saving: float, small: float) -> Text | None:
    if capital > max(small, 0.0) or saving < 0:
        return None
    if saving == 0:
        return text("It needs no capital and costs nothing a year, so nothing stands in its way.")
    return text("It needs no capital worth speaking of and saves money every year.")


def _checks(
    payback: Figure,
    npv: Figure | None,
    irr: Figure | None,
    at_lower_rate: Figure | None,
    criteria: AcceptanceCriteria,
    npv_at_minimum_irr: float | None,
) -> Iterator[Check]:
    risk = criteria.risk
    if criteria.maximum_payback is not None:
        yield _payback_check(payback, criteria.maximum_payback, risk)
    if criteria.positive_npv and npv is not None and npv.value is not None:
        yield _npv_check(npv, float(npv.value), risk, at_lower_rate)
    if criteria.minimum_irr is not None and irr is not None:
        yield _irr_check(irr, criteria.minimum_irr * 100.0, risk, npv_at_minimum_irr)


def _payback_check(payback: Figure, limit: float, risk: RiskAdjustment | None) -> Check:
    if payback.value is None:
        return Check(payback, limit, met=False, reason=text("The capital is never paid back."))
    years = float(payback.value)
    shown = {"years": _short(years), "limit": _short(limit)}
    if years <= limit:
        reason = text("A payback of {years} years is within the owner's {limit}.", **shown)
        return Check(payback, limit, met=True, reason=reason)
    if risk is None or not risk.payback_years:
        reason = text("A payback of {years} years exceeds the owner's {limit}.", **shown)
        return Check(payback, limit, met=False, reason=reason)
    eased = limit + risk.payback_years
    shown |= {"eased": _short(eased)}
    if years <= eased:
        reason = text(
            "A payback of {years} years exceeds the owner's {limit}, but is within the {eased} accepted because it "
            "lowers risk and liability.",
            **shown,
        )
    else:
        reason = text(
            "A payback of {years} years exceeds the owner's {limit} and even the {eased} accepted because it "
            "lowers risk and liability.",
            **shown,
        )
    return Check(payback, limit, met=False, reason=reason, eased_limit=eased, eased_met=years <= eased)


def _npv_check(npv: Figure, value: float, risk: RiskAdjustment | None, at_lower_rate: Figure | None) -> Check:
    shown: dict[str, object] = {"amount": round(value), "currency": unit_words(npv.unit)}
    if value >= 0:
        reason = text("The net present value of {amount} {currency} is not negative.", **shown)
        return Check(npv, 0.0, met=True, reason=reason)
    if risk is None or not risk.irr_points or at_lower_rate is None or at_lower_rate.value is None:
        reason = text("The net present value of {amount} {currency} is negative.", **shown)
        return Check(npv, 0.0, met=False, reason=reason)
    eased = float(at_lower_rate.value)
    shown |= {"eased": round(eased), "points": _short(risk.irr_points * 100.0)}
    if eased >= 0:
        reason = text(
            "The net present value of {amount} {currency} at the owner's rate is negative; at the rate lower by "
            "{points} points that is accepted because it lowers risk and liability, it is {eased} {currency}.",
            **shown,
        )
    else:
        reason = text(
            "The net present value of {amount} {currency} at the owner's rate is negative, and still {eased} "
            "{currency} at the rate lower by {points} points that is accepted because it lowers risk and liability.",
            **shown,
        )
    return Check(
        npv, 0.0, met=False, reason=reason, eased_limit=0.0, eased_met=eased >= 0, eased_figure=at_lower_rate
    )


def _irr_check(irr: Figure, limit: float, risk: RiskAdjustment | None, npv_at_limit: float | None) -> Check:
    if irr.value is None:
        reason = text("The internal rate of return cannot be judged: {why}.", why=irr.reason)
        return Check(irr, limit, None, reason)
    rate = float(irr.value)
    shown = {"rate": _short(rate), "limit": _short(limit)}
    if npv_at_limit and (npv_at_limit > 0) != (rate >= limit):
        reason = text(
            "An internal rate of return of {rate} % says nothing against the owner's {limit} %: at {limit} % the net "
            "present value is {amount}, because the project does not spend first and gain later. Judge by the net present "
            "value.",
            amount=round(npv_at_limit),
            **shown,
        )
        return Check(irr, limit, None, reason)
    if rate >= limit:
        reason = text("An internal rate of return of {rate} % reaches the owner's {limit} %.", **shown)
        return Check(irr, limit, met=True, reason=reason)
    if risk is None or not risk.irr_points:
        reason = text("An internal rate of return of {rate} % is below the owner's {limit} %.", **shown)
        return Check(irr, limit, met=False, reason=reason)
    eased = limit - risk.irr_points * 100.0
    shown |= {"eased": _short(eased)}
    if rate >= eased:
        reason = text(
            "An internal rate of return of {rate} % is below the owner's {limit} %, but reaches the {eased} % accepted "
            "because it lowers risk and liability.",
            **shown,
        )
    else:
        reason = text(
            "An internal rate of return of {rate} % is below the owner's {limit} % and even the {eased} % accepted "
            "because it lowers risk and liability.",
            **shown,
        )
    return Check(irr, limit, met=False, reason=reason, eased_limit=eased, eased_met=rate >= eased)


def _short(value: float) -> float:
    return round(value, 2)
