"""The answer first: what is lost, and whether a meter or a process is to blame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.closure import ClosureState
from openrecp.balances.flowsheet import Quantity
from openrecp.balances.gross_errors import CandidateKind, Suspect
from openrecp.balances.losses import Names, UnaccountedLoss
from openrecp.cli.balance.given import Given
from openrecp.cli.balance.words import DASH, VERDICTS, money_unit, with_half
from openrecp.cli.console import Console
from openrecp.figures import unit_words
from openrecp.texts import Text, format_number, format_significant, join_items, text

_SHOWN: Final = 8


_HALF: Final = 0.5
"""Weight below which a reading hardly counts."""


def show_heading(given: Given, console: Console) -> None:
    """What was balanced."""
    flowsheet = given.flowsheet
    what = (
        text("flowsheet")
        if given.assessment is None
        else text("flowsheet drawn from the assessment, with a loss where meters do not explain a gap")
    )
    console.line(
        text(
            "{name}: {what}; processes: {processes}, streams: {streams}, flows in {unit}",
            name=flowsheet.name or given.file,
            what=what,
            processes=len(flowsheet.processes),
            streams=len(flowsheet.streams),
            unit=unit_words(flowsheet.flow_unit),
        )
    )


def show_losses(analysis: BalanceAnalysis, console: Console, *, full: bool) -> None:
    """The dearest loss in a sentence, then all of them ranked."""
    losses = analysis.losses
    console.heading(text("What is lost that nobody accounts for"))
    console.paragraph(_answer(analysis, console))
    listed = losses if full else [loss for loss in losses if loss.state is not ClosureState.OPEN][:_SHOWN]
    if listed:
        _table(listed, analysis, console)
    if len(listed) < len(losses):
        rest = len(losses) - len(listed)
        console.line(
            text("  {count} more that cannot be told; --full lists them.", count=rest)
            if all(loss.state is ClosureState.OPEN for loss in losses[len(listed) :])
            else text("  {count} more; --full lists them.", count=rest)
        )


def _answer(analysis: BalanceAnalysis, console: Console) -> Text:
    losses = analysis.losses
    if losses and losses[0].significant:
        return _dearest(losses[0], analysis, console)
    if any(loss.state is not ClosureState.OPEN for loss in losses):
        return text(
            "No loss can be told from the error of the meters; what they leave open stands in the table."
        )
    if losses and not analysis.amounts.unobservable:
        return text(
            "No loss can be told: what nobody measures was computed from the balances, which then close by themselves. "
            "Measure it, and they show what is lost."
        )
    if losses:
        return text("No loss can be told: too little is measured. See what to measure below.")
    return text("Every balance has all its losses measured; there is nothing to look for.")


def _dearest(loss: UnaccountedLoss, analysis: BalanceAnalysis, console: Console) -> Text:
    values = {
        "name": _where(loss, analysis, console),
        "amount": format_significant(loss.amount),
        "unit": unit_words(loss.unit),
        "limits": _limits(loss.low, loss.high),
    }
    worth = loss.money_interval
    if loss.money is None or worth is None or not loss.currency:
        return text(
            "{name}: {amount} {unit}, with 95 % confidence {limits}. The meters do not explain it.",
            **values,
        )
    return text(
        "{name}: {amount} {unit}, with 95 % confidence {limits}; worth {money} {currency}, with 95 % confidence "
        "{worth}. The meters do not explain it.",
        money=format_number(loss.money, 0),
        currency=unit_words(money_unit(loss.currency, loss.unit)),
        worth=_limits(*worth),
        **values,
    )


def _where(loss: UnaccountedLoss, analysis: BalanceAnalysis, console: Console) -> Text | str:
    """The loss, with its process where its name does not say it."""
    place = _process_name(loss, analysis)
    if console.say(place) in console.say(loss.name):
        return loss.name
    return text("{name} ({place})", name=loss.name, place=place)


def _limits(low: float, high: float) -> Text:
    return text("{low} to {high}", low=format_significant(low), high=format_significant(high))


def _process_name(loss: UnaccountedLoss, analysis: BalanceAnalysis) -> Text | str:
    if loss.process is None:
        return text("Whole plant")
    return next(each.name for each in analysis.flowsheet.processes if each.key == loss.process)


def _table(losses: Sequence[UnaccountedLoss], analysis: BalanceAnalysis, console: Console) -> None:
    """Amounts and, where there is a currency, what they are worth."""
    usual = analysis.flowsheet.flow_unit
    money = money_unit(analysis.flowsheet.currency, usual)
    worth = [text("Worth [{unit}]", unit=unit_words(money))] if money else []
    headers = (
        text("Loss"),
        text("Process"),
        text("Amount [{unit}]", unit=unit_words(usual)),
        *worth,
        text("Verdict"),
    )
    rows = [
        (
            console.say(loss.name),
            console.say(_process_name(loss, analysis)),
            _amount(loss, usual, console),
            *([_worth(loss)] if money else []),
            console.say(VERDICTS[loss.state]),
        )
        for loss in losses
    ]
    console.table(headers, rows, right=range(2, 3 + len(worth)))


def _amount(loss: UnaccountedLoss, usual: str, console: Console) -> str:
    """With its unit where that is not the usual one."""
    amount = with_half(loss.amount, loss.high - loss.amount)
    return (
        amount if loss.unit == usual or amount == DASH else f"{amount} {console.say(unit_words(loss.unit))}"
    )


def _worth(loss: UnaccountedLoss) -> str:
    limits = loss.money_interval
    return DASH if loss.money is None or limits is None else with_half(loss.money, limits[1] - loss.money)


def show_suspects(analysis: BalanceAnalysis, console: Console, *, full: bool) -> None:
    """Whether the meters agree, which of them or which process is suspected, and on what evidence."""
    suspicion = analysis.suspicion
    console.heading(text("Loss or meter error?"))
    for suspect, sentence in zip(suspicion.findings.suspects, suspicion.sentences, strict=True):
        console.paragraph(_with_meter(suspect, sentence, analysis), mark="! ")
    for explained in _explained(analysis):
        console.paragraph(explained)
    console.paragraph(_agreement(analysis))
    if suspicion.alike and full:
        console.paragraph(
            text("Errors of these show alike, so that no test can tell which of them is wrong:")
        )
        for members in suspicion.alike:
            names = [console.say(suspicion.names.of(member)) for member in members]
            console.paragraph(join_items(names, console.language), mark="· ")
    elif suspicion.alike:
        console.paragraph(
            text(
                "Groups of meters and processes that no test can tell apart: {count}; --full names them.",
                count=len(suspicion.alike),
            )
        )
    if full:
        _show_second_opinion(analysis, console)


def _show_second_opinion(analysis: BalanceAnalysis, console: Console) -> None:
    """Which readings a robust estimate hardly counts."""
    robust = analysis.robust
    if robust is None or not robust.converged:
        return
    names = Names.of_flowsheet(analysis.flowsheet)
    low = np.flatnonzero(np.nan_to_num(robust.weights, nan=1.0) < _HALF)
    if not low.size:
        console.paragraph(text("Second opinion (robust estimate): every reading counts for more than half."))
        return
    console.paragraph(
        text(
            "Second opinion (robust estimate): these readings count for less than half: {names}.",
            names=[names.of(analysis.system.refs[place]) for place in low.tolist()],
        )
    )


def _with_meter(suspect: Suspect, sentence: Text, analysis: BalanceAnalysis) -> Text:
    """The sentence behind the tag of the meter, where there is one."""
    member = suspect.members[0]
    if suspect.is_set or member.kind is not CandidateKind.BIAS:
        return sentence
    ref = analysis.system.refs[member.index]
    stream = next((each for each in analysis.flowsheet.streams if each.key == ref.key), None)
    flow = None if stream is None or ref.quantity is not Quantity.FLOW else stream.flow
    if flow is None or not flow.meter:
        return sentence
    return text("Meter {meter}: {sentence}", meter=flow.meter, sentence=sentence)


def _explained(analysis: BalanceAnalysis) -> Iterator[Text]:
    """What looked like a loss before the readings that are wrong were left out."""
    cleaned = analysis.cleaned
    if cleaned is analysis:
        return
    still = {(loss.key, loss.component) for loss in cleaned.losses if loss.significant}
    for loss in analysis.losses:
        if loss.significant and (loss.key, loss.component) not in still:
            yield text(
                "The gap of {amount} {unit} at “{place}” is then no loss: the wrong reading makes it.",
                amount=format_significant(loss.amount),
                unit=unit_words(loss.unit),
                place=loss.name,
            )
    yield text("All values here are those without what is read wrong. Have it checked, then balance again.")


def _agreement(analysis: BalanceAnalysis) -> Text:
    overall, findings = analysis.suspicion.overall, analysis.suspicion.findings
    if not overall.redundancy:
        return text(
            "No measurement is checked by another, so that no meter can be told to be wrong. Measure one stream more than "
            "the balances need."
        )
    if findings.suspects:
        return findings.stop.label
    values = {
        "chi2": format_significant(overall.chi2),
        "limit": format_significant(overall.critical),
        "count": overall.redundancy,
    }
    if overall.passed:
        return text(
            "The meters agree with each other within their errors (chi-square {chi2}, limit {limit}, {count} checks).",
            **values,
        )
    return text(
        "The meters do not agree as a whole (chi-square {chi2}, limit {limit}, {count} checks), but no single meter or "
        "process stands out.",
        **values,
    )
