"""Whether a project meets what its owner asks of an investment.

The limits are the owner's. The starting values are the manual's (section 4.2.3): for low-risk
investments a payback of 3 to 4 years and an after-tax internal rate of return of 12 to 15 % are
usually acceptable. What the law requires is done whatever it earns (section 4.2.4).
"""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.economics.evaluation import Evaluation
from openrecp.figures import Figure, unit_words
from openrecp.texts import Choice, Text, text


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
    """

    maximum_payback: float | None = 4.0
    minimum_irr: float | None = 0.12
    positive_npv: bool = True
    small_capital: float = 0.0
    required_by_law: str | None = None


class Verdict(Choice):
    """What follows from the criteria."""

    AT_ONCE = "at-once", text("Implement at once")
    REQUIRED = "required-by-law", text("Required by law")
    ACCEPTED = "accepted", text("Meets the owner's criteria")
    NOT_MET = "not-met", text("Does not meet the owner's criteria")


@dataclass(frozen=True, slots=True)
class Check:
    """One criterion: the figure, its limit, whether it is met (None if it cannot be judged), and why."""

    figure: Figure
    limit: float
    met: bool | None
    reason: Text


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
        criteria=criteria,
    )


def judge_profit(
    *,
    total_capital: Figure,
    annual_net_saving: Figure,
    payback: Figure,
    npv: Figure | None = None,
    irr: Figure | None = None,
    criteria: AcceptanceCriteria,
) -> Judgement:
    """Judge by the figures there are; a project may have been evaluated by payback alone.

    Raises
    ------
    ValueError
        If the capital or the saving has no value.
    """
    if total_capital.value is None or annual_net_saving.value is None:
        raise ValueError("a judgement needs a capital and a saving")
    capital, saving = float(total_capital.value), float(annual_net_saving.value)
    checks = _checks(payback, npv, irr, criteria)
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
    if any(check.met is False for check in checks):
        return Judgement(Verdict.NOT_MET, reasons, checks)
    if not any(check.met for check in checks) and saving <= 0:
        return Judgement(Verdict.NOT_MET, (*reasons, text("It saves nothing.")), checks)
    return Judgement(Verdict.ACCEPTED, reasons, checks)


def _at_once_reason(capital: float, saving: float, small: float) -> Text | None:
    if capital > max(small, 0.0) or saving < 0:
        return None
    if saving == 0:
        return text("It needs no capital and costs nothing a year, so nothing stands in its way.")
    return text("It needs no capital worth speaking of and saves money every year.")


def _checks(
    payback: Figure, npv: Figure | None, irr: Figure | None, criteria: AcceptanceCriteria
) -> tuple[Check, ...]:
    checks = []
    if criteria.maximum_payback is not None:
        checks.append(_payback_check(payback, criteria.maximum_payback))
    if criteria.positive_npv and npv is not None and npv.value is not None:
        checks.append(_npv_check(npv, float(npv.value)))
    if criteria.minimum_irr is not None and irr is not None:
        checks.append(_irr_check(irr, criteria.minimum_irr * 100.0))
    return tuple(checks)


def _payback_check(payback: Figure, limit: float) -> Check:
    if payback.value is None:
        return Check(payback, limit, met=False, reason=text("The capital is never paid back."))
    years = float(payback.value)
    met = years <= limit
    if met:
        reason = text(
            "A payback of {years} years is within the owner's {limit}.", years=_short(years), limit=limit
        )
    else:
        reason = text(
            "A payback of {years} years exceeds the owner's {limit}.", years=_short(years), limit=limit
        )
    return Check(payback, limit, met, reason)


def _npv_check(npv: Figure, value: float) -> Check:
    amount, met = round(value), value >= 0
    if met:
        reason = text(
            "The net present value of {amount} {currency} is not negative.",
            amount=amount,
            currency=unit_words(npv.unit),
        )
    else:
        reason = text(
            "The net present value of {amount} {currency} is negative.",
            amount=amount,
            currency=unit_words(npv.unit),
        )
    return Check(npv, 0.0, met, reason)


def _irr_check(irr: Figure, limit: float) -> Check:
    if irr.value is None:
        reason = text("The internal rate of return cannot be judged: {why}.", why=irr.reason)
        return Check(irr, limit, None, reason)
    rate = float(irr.value)
    met, shown = rate >= limit, round(limit, 2)
    if met:
        reason = text(
            "An internal rate of return of {rate} % reaches the owner's {limit} %.",
            rate=_short(rate),
            limit=shown,
        )
    else:
        reason = text(
            "An internal rate of return of {rate} % is below the owner's {limit} %.",
            rate=_short(rate),
            limit=shown,
        )
    return Check(irr, limit, met, reason)


def _short(value: float) -> float:
    return round(value, 2)
