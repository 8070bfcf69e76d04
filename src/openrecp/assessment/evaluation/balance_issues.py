"""Findings of the balances: losses beyond the meters, meters that may be wrong, what nobody can know yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from openrecp.assessment.evaluation.balance_results import PlantBalance, readable_unit
from openrecp.assessment.evaluation.places import place
from openrecp.balances.gross_errors import suspect_text
from openrecp.errors import Issue, Severity, Where, problem
from openrecp.figures import unit_words
from openrecp.texts import format_significant, text

_TOLD_ELSEWHERE: Final = frozenset(
    {"streams-without-process", "balance-one-sided", "processes-without-streams"}
)
"""Findings of the drawing that the closures have already; reports and ``--json`` keep them with the balance."""
_MOST_NAMED: Final = 6


def balance_issues(balance: PlantBalance) -> Iterator[Issue]:
    """What people should know of the balances, beside the gaps of the closures."""
    for issue in balance.issues:
        if issue.code not in _TOLD_ELSEWHERE:
            yield issue
    if balance.analysis is None:
        return
    yield from _losses(balance)
    yield from _suspects(balance)
    yield from _unknown(balance)
    yield from _purchases(balance)


def explained_places(balance: PlantBalance) -> frozenset[Where]:
    """Where a gap is told as a loss, or comes from a reading that is taken to be wrong."""
    processes = (*(loss.process for loss in balance.certain_losses), *balance.misread)
    return frozenset(balance.where(each) or place("processes") for each in processes)


def _losses(balance: PlantBalance) -> Iterator[Issue]:
    for loss in balance.certain_losses:
        where = balance.where(loss.process) or place("processes")
        name = balance.process_name(loss.process) if loss.process else text("Whole plant")
        if loss.component is not None:
            name = loss.name
        factor, unit = readable_unit(loss.amount, loss.unit)
        amounts = {
            "place": name,
            "amount": format_significant(loss.amount * factor),
            "low": format_significant(loss.low * factor),
            "high": format_significant(loss.high * factor),
            "unit": unit_words(unit),
        }
        worth, between = loss.money, loss.money_interval
        if worth is None or between is None:
            yield problem(
                "loss-beyond-meters",
                "{place} loses {amount} {unit} that nobody accounted for, between {low} and {high} at 95 % confidence. Look "
                "for evaporation, leaks, spills and flows that were not listed.",
                where=where,
                severity=Severity.WARNING,
                **amounts,
            )
            continue
        yield problem(
            "loss-beyond-meters",
            "{place} loses {amount} {unit} that nobody accounted for, between {low} and {high} at 95 % confidence; worth "
            "{worth} {currency} a year, between {least} and {most}. Look for evaporation, leaks, spills and flows that were "
            "not listed.",
            where=where,
            severity=Severity.WARNING,
            worth=money_words(worth),
            least=money_words(between[0]),
            most=money_words(between[1]),
            currency=unit_words(loss.currency),
            **amounts,
        )


def money_words(amount: float) -> str:
    """Money to three digits, which is all that a loss is known to.

    >>> money_words(865_742.29)
    '866,000'
    """
    return format_significant(float(f"{amount:.3g}"))


def _suspects(balance: PlantBalance) -> Iterator[Issue]:
    suspicion = balance.suspicion
    if suspicion is None:
        return
    for suspect in balance.suspects:
        member = suspect.members[0]
        key = suspicion.names.key(member)
        yield problem(
            "meter-suspected",
            "The balances do not fit together. {sentence}",
            where=balance.where(key) or place("processes"),
            severity=Severity.WARNING,
            sentence=suspect_text(suspect, balance.candidate_name, suspicion.names.unit(member)),
        )


def _unknown(balance: PlantBalance) -> Iterator[Issue]:
    """Amounts that nothing gives, with the cheapest measurements that would."""
    checks = balance.checks
    if checks is None or not checks.amounts.unobservable:
        return
    names = balance.names(checks)
    unknown = checks.amounts.unobservable
    where = balance.where(unknown[0].key) or place("flows")
    everything = next((each for each in balance.missing_meters if each.target is None), None)
    if everything is None:
        yield problem(
            "amounts-unknown",
            "Neither a measurement nor a balance gives: {unknown}.",
            where=where,
            severity=Severity.NOTE,
            unknown=[names.of(ref) for ref in unknown[:_MOST_NAMED]],
        )
        return
    yield problem(
        "amounts-unknown-measure",
        "Neither a measurement nor a balance gives: {unknown}. The least that would have to be measured: {meters}.",
        where=where,
        severity=Severity.NOTE,
        unknown=[names.of(ref) for ref in unknown[:_MOST_NAMED]],
        meters=[names.of(ref) for ref in everything.meters],
    )


def _purchases(balance: PlantBalance) -> Iterator[Issue]:
    """Purchases that are taken for consumption, in one finding."""
    if balance.analysis is None:
        return
    found = [each for each in balance.analysis.drawing_issues if each.code == "purchases-without-stock"]
    if found:
        yield problem(
            "purchases-without-stock",
            "{streams}: taken from records. If these are purchases, part of them may still lie in the store; enter the "
            "purchased amount with opening and closing stock in worksheet 6.",
            where=found[0].where,
            severity=Severity.NOTE,
            streams=[str(each.values.get("stream", "")) for each in found],
        )
